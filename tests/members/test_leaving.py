"""Leaving: copies of one's own data, the time of grace, and the erasure."""

import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from base import personal
from base.clock import now
from base.errors import Conflict, NotFound, TooMany
from base.personal import ExportFile, Holdings, Texts, as_text
from live.credentials import Credential, create_token, ends, find_token
from live.models import Event, Topic, WriteKey
from members.access import export_for
from members.actions import Profile, leaving, sign_up
from members.actions.leaving import ask_for_export, ask_to_leave, erase_departed, make_export, stay
from members.models import Departure, Export, Member, Organisation, SecurityEvent
from members.tasks import forget
from members.vocabulary import LeavingTexts, Registration
from tests import factories
from tests.members.signing import sign_in, trusted

pytestmark = pytest.mark.django_db
LONG = timedelta(minutes=1)


def signed_up(organisation: str, *, days_ago: int, verified: bool = False) -> Member:
    """Somebody who signed up through the form and never signed in."""
    member = Member(email=f"{organisation}-{days_ago}@example.org".lower())
    said = Profile("New", organisation, "EE", [], "UTC")
    sign_up(member=member, profile=said, registration=Registration.OPEN)
    Member.objects.filter(pk=member.pk).update(joined_at=now() - timedelta(days=days_ago))
    EmailAddress.objects.create(user=member, email=member.email, verified=verified, primary=True)
    return member


@pytest.fixture(autouse=True)
def _exports(tmp_path: Path, settings: Any) -> None:
    settings.EXPORT_ROOT = tmp_path / "exports"


def grace_is_over() -> None:
    Departure.objects.update(due_at=now())


def leave(member: Member, texts: LeavingTexts = LeavingTexts.TAKE) -> None:
    """Erase a member as if they had asked a fortnight ago."""
    ask_to_leave(actor=member, texts=texts)
    grace_is_over()
    assert erase_departed(budget=LONG) == 1


def test_who_never_confirms_the_address_goes_with_what_came_with_them() -> None:
    gone = [signed_up("Alone", days_ago=15), signed_up("Shared", days_ago=15)]
    kept = [
        signed_up("Late", days_ago=13),
        signed_up("Confirmed", days_ago=15, verified=True),
        signed_up("Shared", days_ago=1, verified=True),
        signed_up("Seen", days_ago=15),
    ]
    Member.objects.filter(pk=kept[-1].pk).update(last_login=now())
    forget()
    forget()
    assert erase_departed(budget=LONG) == len(gone)
    assert set(Member.objects.all()) == set(kept)
    names = set(Organisation.objects.values_list("name", flat=True))
    assert names == {"Shared", "Late", "Confirmed", "Seen"}
    assert mail.outbox == []


def test_nothing_goes_before_the_time_of_grace_is_over() -> None:
    member = factories.member()
    row = ask_to_leave(actor=member, texts=LeavingTexts.LEAVE, stay_at="http://here/")
    assert row.due_at - row.asked_at == pytest.approx(timedelta(days=14), abs=timedelta(seconds=2))
    assert erase_departed(budget=LONG) == 0
    member.refresh_from_db()
    assert (member.is_active, member.leaving_at) == (True, row.due_at)
    assert [(m.to, "http://here/" in m.body) for m in mail.outbox] == [([member.email], True)]


def test_who_says_so_stays_and_may_ask_again() -> None:
    member = factories.member()
    ask_to_leave(actor=member, texts=LeavingTexts.LEAVE)
    with pytest.raises(Conflict, match=r"leaving\.asked"):
        ask_to_leave(actor=member, texts=LeavingTexts.LEAVE)
    stay(actor=member)
    grace_is_over()
    assert erase_departed(budget=LONG) == 0
    member.refresh_from_db()
    assert member.leaving_at is None
    with pytest.raises(Conflict, match=r"leaving\.not_asked"):
        stay(actor=member)
    ask_to_leave(actor=member, texts=LeavingTexts.TAKE)
    said = SecurityEvent.objects.order_by("id").values_list("kind", flat=True)
    assert list(said) == ["leaving", "staying", "leaving"]


def test_last_of_the_staff_does_not_leave() -> None:
    last = factories.member(is_staff=True)
    with pytest.raises(Conflict, match=r"leaving\.last_staff"):
        ask_to_leave(actor=last, texts=LeavingTexts.LEAVE)
    assert Departure.objects.count() == SecurityEvent.objects.count() == len(mail.outbox) == 0
    other = factories.member(is_staff=True)
    ask_to_leave(actor=other, texts=LeavingTexts.LEAVE)
    with pytest.raises(Conflict, match=r"leaving\.last_staff"):
        ask_to_leave(actor=last, texts=LeavingTexts.LEAVE)


def test_erased_member_leaves_a_number_and_dates() -> None:
    member = factories.member()
    token = create_token(member=member, name="script")
    client = Client()
    client.force_login(member)
    number = member.pk
    leave(member)
    assert not Member.objects.filter(pk=number).exists()
    assert find_token(token) is None
    assert not Topic.objects.filter(name=f"member:{number}").exists()
    assert not Event.objects.filter(by_id=number).exists()
    assert not WriteKey.objects.filter(member_id=number).exists()
    row = Departure.objects.get()
    assert (row.member_number, row.erased_at is not None) == (number, True)
    told = Event.objects.filter(event="revoked").latest("seq").data
    assert told is not None
    assert ends(told, Credential(number, session_key="any"))
    assert client.get(reverse("members:account")).status_code == 302


@pytest.fixture
def stumbling() -> Iterator[list[str]]:
    """An app whose erasure takes three steps, and a note of each."""
    left, done = ["a", "b", "c"], list[str]()

    def erase(_member_id: int, _texts: Texts) -> Iterator[None]:
        while left:
            done.append(left.pop(0))
            yield

    def export(_member_id: int) -> Iterator[ExportFile]:
        yield as_text("../../etc/passwd", "one")
        yield as_text("etc/passwd", "two")

    holdings = Holdings(name="server.trial", columns={}, export=export, erase=erase)
    personal.register_holdings(holdings)
    yield done
    del personal._holdings["server.trial"]


def test_erasure_goes_on_where_it_stopped(
    stumbling: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run whose time is over, or whose worker dies, leaves the rest to the next."""
    member = factories.member()
    ask_to_leave(actor=member, texts=LeavingTexts.LEAVE)
    grace_is_over()
    moments = iter([0.0, 0.0, 0.5, 0.9, 1.0])
    with monkeypatch.context() as clock:
        clock.setattr(leaving, "monotonic", lambda: next(moments))
        assert erase_departed(budget=timedelta(seconds=1)) == 0
    member.refresh_from_db()
    assert (stumbling, member.is_active) == (["a", "b"], False)
    assert erase_departed(budget=LONG) == 1
    assert (stumbling, erase_departed(budget=LONG)) == (["a", "b", "c"], 0)
    assert Departure.objects.get().erased_at is not None


def test_export_holds_what_is_ones_own(stumbling: list[str]) -> None:
    member = factories.member(name="Łukasz Ćwikła", organisation="Loom")
    factories.member(name="Somebody Else")
    export = ask_for_export(actor=member)
    make_export(export=export)
    make_export(export=export)
    export.refresh_from_db()
    path = leaving.export_path(export)
    assert export.size_bytes == path.stat().st_size
    with zipfile.ZipFile(path) as found:
        assert found.testzip() is None
        [account] = json.loads(found.read("account/account.json"))
        assert (account["name"], account["organisation"]) == ("Łukasz Ćwikła", "Loom")
        assert "Łukasz Ćwikła" in found.read("README.txt").decode()
        names = found.namelist()
        text = b"".join(found.read(name) for name in names).decode()
    assert len(names) == len(set(names))
    assert [name for name in names if "passwd" in name] == ["etc/passwd", "etc/passwd-2"]
    assert "Somebody Else" not in text


def test_three_exports_a_day_and_only_ones_own() -> None:
    member, other = factories.member(), factories.member()
    rows = [ask_for_export(actor=member) for _ in range(3)]
    with pytest.raises(TooMany, match=r"leaving\.exports_too_many"):
        ask_for_export(actor=member)
    assert Export.objects.count() == 3
    assert export_for(member, rows[0].pk) == rows[0]
    with pytest.raises(NotFound):
        export_for(other, rows[0].pk)


def test_export_is_forgotten_with_its_file() -> None:
    member = factories.member()
    old, fresh = ask_for_export(actor=member), ask_for_export(actor=member)
    for row in (old, fresh):
        make_export(export=row)
    Export.objects.filter(pk=old.pk).update(expires_at=now())
    with pytest.raises(NotFound):
        export_for(member, old.pk)
    forget()
    paths = [leaving.export_path(row) for row in (old, fresh)]
    assert [path.exists() for path in paths] == [False, True]
    leave(member)
    assert [path.exists() for path in paths] == [False, False]


@pytest.mark.usefixtures("site")
class TestPages:
    """The page of one's own data."""

    def test_leaving_and_staying(self) -> None:
        client = trusted(sign_in(factories.member()))
        page = reverse("members:leaving")
        assert client.post(page, {"texts": "take"}).status_code == 422
        assert not Departure.objects.exists()
        client.post(page, {"texts": "take", "is_sure": "on"})
        assert Departure.objects.get().texts == "take"
        home = client.get(reverse("members:account")).content.decode()
        assert page in home
        assert "is erased on" in home
        client.post(reverse("members:stay"))
        assert Departure.objects.get().cancelled_at is not None
        assert "is erased on" not in client.get(page).content.decode()

    @pytest.mark.parametrize("name", ["leaving", "export"])
    def test_asks_for_the_password_first(self, name: str) -> None:
        client = Client()
        client.force_login(factories.member())
        data = {"texts": "take", "is_sure": "on"}
        answer = client.post(reverse(f"members:{name}"), data)
        assert answer["Location"].startswith(reverse("account_reauthenticate"))
        assert (Departure.objects.count(), Export.objects.count()) == (0, 0)

    def test_copy_is_made_by_a_job_and_fetched_by_its_owner(self) -> None:
        client = trusted(sign_in(factories.member()))
        client.post(reverse("members:export"))
        export = Export.objects.get()
        assert DBTaskResult.objects.get().args_kwargs["args"] == [export.pk]
        address = reverse("members:download_export", args=[export.pk])
        assert client.get(address).status_code == 404
        make_export(export=export)
        answer = client.get(address)
        content = answer.getvalue()
        assert zipfile.ZipFile(BytesIO(content)).testzip() is None
        assert trusted(sign_in(factories.member())).get(address).status_code == 404


def test_operator_begins_it_for_who_cannot_sign_in(capsys: pytest.CaptureFixture[str]) -> None:
    member = factories.member()
    call_command("leave", member.email.upper(), texts="take")
    assert capsys.readouterr().out.startswith(f"member {member.pk} is erased on ")
    with pytest.raises(CommandError, match="already"):
        call_command("leave", member.email)
    with pytest.raises(CommandError, match="no member"):
        call_command("leave", "nobody@example.org")
    call_command("departures")
    head, line = capsys.readouterr().out.splitlines()
    assert head.startswith("member_number,texts,asked_at")
    assert line.startswith(f"{member.pk},take,")
