"""Where notices go and when: quiet hours over changes of clocks, digests, the master switch."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notices.rules import (
    Digest,
    Quiet,
    Wishes,
    after_quiet,
    language_for,
    moments_of,
    next_digest,
    route,
    zone_named,
)
from notices.vocabulary import MAIL_DELAY, PUSH_DELAY, Rhythm, Way

TALLINN = ZoneInfo("Europe/Tallinn")
ZONES = st.sampled_from(
    ["Europe/Tallinn", "Europe/Berlin", "Europe/Kaliningrad", "Atlantic/Azores",
     "America/Scoresbysund", "Australia/Lord_Howe", "Africa/Cairo", "UTC"]
).map(ZoneInfo)  # fmt: skip
MOMENTS = st.integers(0, 4 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
# Around the changes of clocks, where the mistakes are.
CHANGES = st.builds(
    lambda at, minutes: at + timedelta(minutes=minutes),
    st.sampled_from(
        [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC),
         datetime(2026, 4, 23, 22, tzinfo=UTC), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)]
    ),
    st.integers(-900, 900),
)  # fmt: skip
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
QUIETS = st.builds(Quiet, TIMES, TIMES)
ALL = frozenset(Way)


def at(text: str) -> datetime:
    """A moment, written with its offset."""
    return datetime.fromisoformat(text).astimezone(UTC)


@given(MOMENTS | CHANGES, QUIETS, ZONES)
@example(at("2026-10-25T03:15+02:00"), Quiet(time(22), time(3, 30)), TALLINN)
@example(at("2026-03-29T01:00+02:00"), Quiet(time(22), time(3, 30)), TALLINN)
def test_what_waits_goes_at_the_first_moment_that_is_not_quiet(
    moment: datetime, quiet: Quiet, zone: ZoneInfo
) -> None:
    """Compared with a look at the wall clock every minute."""
    wanted = moment
    while quiet.covers(wanted.astimezone(zone).time()):
        wanted += timedelta(minutes=1)
    assert after_quiet(moment, quiet, zone) == wanted


@given(MOMENTS | CHANGES, st.integers(0, 23), st.integers(0, 6), ZONES)
def test_digest_comes_once_a_day_or_week(
    moment: datetime, hour: int, day: int, zone: ZoneInfo
) -> None:
    for rhythm, most in ((Rhythm.DAILY, timedelta(hours=26)), (Rhythm.WEEKLY, timedelta(days=8))):
        digest = Digest(rhythm, hour, day)
        first = next_digest(moment, digest, zone)
        assert first is not None
        assert moment < first <= moment + most
        local = first.astimezone(zone)
        assert first == moments_of(local.date(), time(hour), zone)[0]
        assert rhythm == Rhythm.DAILY or local.weekday() == day
        second = next_digest(first, digest, zone)
        assert second is not None
        assert second.astimezone(zone).date() != local.date()


@pytest.mark.parametrize(
    ("wall", "moments"),
    [
        (time(2, 30), ["2026-03-29T02:30+02:00"]),
        (time(3, 30), ["2026-03-29T04:00+03:00"]),  # skipped: the moment of the change
        (time(4, 30), ["2026-03-29T04:30+03:00"]),
    ],
)
def test_a_skipped_time_is_the_moment_of_the_change(wall: time, moments: list[str]) -> None:
    day = at("2026-03-29T12:00+03:00").date()
    assert moments_of(day, wall, TALLINN) == [at(text) for text in moments]


def test_an_hour_that_comes_twice_has_two_moments() -> None:
    day = at("2026-10-25T12:00+02:00").date()
    wanted = [at("2026-10-25T03:30+03:00"), at("2026-10-25T03:30+02:00")]
    assert moments_of(day, time(3, 30), TALLINN) == wanted


def test_quiet_night_over_the_change_to_summer_time_ends_at_the_local_hour() -> None:
    quiet = Quiet(time(22), time(7))
    assert after_quiet(at("2026-03-28T23:00+02:00"), quiet, TALLINN) == at("2026-03-29T07:00+03:00")
    assert after_quiet(at("2026-10-24T23:00+03:00"), quiet, TALLINN) == at("2026-10-25T07:00+02:00")


NIGHT = at("2026-06-01T23:00+03:00")
MORNING = at("2026-06-02T07:00+03:00")
WISHES = Wishes(
    zone=TALLINN,
    quiet=Quiet(time(22), time(7)),
    digest=Digest(Rhythm.DAILY, 6),
    can_digest=True,
)


def test_page_never_waits_and_everything_else_does() -> None:
    found = route(WISHES, kind="k", defaults=ALL, at=NIGHT)
    assert found.on_page is True
    assert found.due == {Way.MAIL: MORNING, Way.DIGEST: MORNING, Way.PUSH: MORNING}


def test_by_day_mail_waits_a_minute_and_push_a_moment() -> None:
    noon = at("2026-06-01T12:00+03:00")
    found = route(WISHES, kind="k", defaults=frozenset({Way.MAIL, Way.PUSH}), at=noon)
    assert (found.on_page, found.due) == (
        False,
        {Way.MAIL: noon + MAIL_DELAY, Way.PUSH: noon + PUSH_DELAY},
    )


def test_what_the_member_chose_goes_before_the_defaults() -> None:
    chosen = Wishes(zone=TALLINN, ways={"k": frozenset({Way.PAGE})})
    assert route(chosen, kind="k", defaults=ALL, at=NIGHT).due == {}
    none = Wishes(zone=TALLINN, ways={"k": frozenset()})
    assert route(none, kind="k", defaults=ALL, at=NIGHT).leads_somewhere is False
    assert route(none, kind="other", defaults=ALL, at=NIGHT).on_page is True


def test_off_is_off_but_for_security() -> None:
    off = Wishes(zone=TALLINN, is_off=True, quiet=Quiet(time(22), time(7)))
    assert route(off, kind="k", defaults=ALL, at=NIGHT).leads_somewhere is False
    found = route(off, kind="k", defaults=frozenset(), at=NIGHT, is_security=True)
    assert (found.on_page, found.due) == (True, {Way.MAIL: NIGHT})


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"can_mail": False}, {Way.MAIL, Way.DIGEST}),
        ({"can_digest": False}, {Way.DIGEST}),
        ({"can_push": False}, {Way.PUSH}),
        ({"digest": Digest(Rhythm.NEVER)}, {Way.DIGEST}),
    ],
)
def test_what_cannot_go_does_not(change: dict[str, object], lost: set[Way]) -> None:
    found = route(replace(WISHES, **change), kind="k", defaults=ALL, at=NIGHT)  # type: ignore[arg-type]
    assert set(found.due) == {Way.MAIL, Way.DIGEST, Way.PUSH} - lost


def test_language_is_one_that_the_site_offers() -> None:
    offered = ["en", "de", "et"]
    assert language_for("de", ["et"], offered) == "de"
    assert language_for("", ["fr", "et-EE", "de"], offered) == "et"
    assert language_for("pl", [], offered) == "en"
    assert language_for("", ["pl"], ["de"]) == "de"


def test_a_zone_that_is_gone_is_utc() -> None:
    assert zone_named("Europe/Atlantis") == ZoneInfo("UTC")
    assert zone_named("../etc") == ZoneInfo("UTC")
