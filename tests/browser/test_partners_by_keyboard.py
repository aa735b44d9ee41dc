"""What becomes of two who may fit, by keyboard alone, one side in German and one in Estonian.

Requests, consortia, project groups, introductions that an intermediary proposes, meeting rounds.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from base.clock import now
from tests.browser.houses import House, accompany, settle
from tests.browser.keys import Keys
from tests.browser.world import Office, desk, message, wait_live
from tests.services import Account, Site
from tests.services.servers import PASSWORD

pytestmark = pytest.mark.browser
ROOM = re.compile(r"/chat/\d+/")
LOCALES = {"Sadam": "et-EE", "Werft": "de-DE"}
PLAN: tuple[dict[str, Any], ...] = (
    {"name": "Sadam", "country": "EE", "kind": "institute", "languages": ["et", "en"],
     "matching": {"needs": ["festival"], "offers": ["residency"], "languages": ["en"]}},
    {"name": "Werft", "country": "DE", "kind": "institute", "languages": ["de", "en"],
     "matching": {"needs": ["residency"], "offers": ["festival"], "languages": ["en"]}},
    {"name": "Majakka", "country": "FI", "kind": "institute", "languages": ["fi", "en"],
     "matching": {"needs": ["residency"], "offers": ["touring"], "languages": ["en"]}},
    {"name": "Hub", "country": "EE", "kind": "incubator"},
)  # fmt: skip


@dataclass(frozen=True)
class Town:
    """A site of a few organisations.

    Attributes:
        houses: By name.
        sit: A keyboard at a page, as the person of the organisation with this name.
        late: Somebody without an organisation, who comes late.
    """

    houses: dict[str, House]
    late: Account
    organiser: Account
    office: Office
    sit: Callable[[str, str], Keys]


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site for these few alone."""
    return Site.on_sqlite(
        tmp_path_factory.mktemp("partners"), WRITES_PER_S="50", WRITES_BURST="100"
    )


@pytest.fixture(scope="module")
def town(browser: Browser, site: Site) -> Iterator[Town]:
    """Everybody, and a server; each signs in once."""
    with ExitStack() as stack:
        server = stack.enter_context(site.server())
        people = site.people(len(PLAN) + 1)
        made = {each.name: each for each in settle(people, server.url, PLAN)}
        accompany(server.url, made["Hub"], made["Sadam"], made["Werft"], made["Majakka"])
        (organiser,) = site.people(1, is_organiser="1")
        accounts = {name: each.account for name, each in made.items()}
        accounts["organiser"] = organiser
        office = Office.of_programs(
            server.url, {name: each.token for name, each in accounts.items()}
        )
        stack.callback(office.close)
        desks: dict[str, Any] = {}

        def sit(name: str, path: str) -> Keys:
            if name not in desks:
                locale = LOCALES.get(name, "en-GB")
                desks[name] = stack.enter_context(desk(browser, server.port, locale=locale))
                desks[name].sign_in(accounts[name].email, PASSWORD)
            page = desks[name].open(path)
            page.emulate_media(reduced_motion="reduce")
            return Keys(page)

        yield Town(made, people[-1], organiser, office, sit)


def named(keys: Keys, name: str, value: str = "") -> Locator:
    """A control of the page's content by what it sends."""
    which = f'[value="{value}"]' if value else ""
    return keys.page.locator(f'main [name="{name}"]{which}')


def fill(keys: Keys, name: str, text: str) -> None:
    """Write into a field by what it sends, instead of what stands there."""
    keys.reach(named(keys, name))
    keys.press("Control+a")
    keys.type(text)


def leads_to(keys: Keys, path: str) -> Locator:
    """A link that shows, by where it leads."""
    return keys.page.locator(f'a:visible[href="{path}"]')


def speaks(page: Page, language: str) -> None:
    """The interface is in this language."""
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_request_is_posted_found_and_answered(town: Town) -> None:
    sadam = town.houses["Sadam"]
    asks = town.sit("Sadam", "/partners/requests/")
    speaks(asks.page, "et")
    asks.use(leads_to(asks, f"/partners/{sadam.id}/requests/new/"))
    fill(asks, "title", "Tantsulavastus otsib festivali")
    fill(asks, "text", "Kaks tantsijat, kolmkümmend minutit.")
    asks.use(named(asks, "needs", "festival"), "Space")
    asks.use(named(asks, "offers", "residency"), "Space")
    asks.use(asks.page.locator("main .form button[type=submit]"))
    asks.page.wait_for_url(re.compile(r"/partners/requests/\d+/$"))
    address = asks.page.url
    fits = asks.page.locator("section[aria-labelledby=fits]")
    expect(fits.get_by_text("Werft")).to_be_visible()

    # Found by whom it fits, and why: without and with filters.
    reads = town.sit("Werft", "/partners/requests/")
    speaks(reads.page, "de")
    fitting = reads.page.locator("section[aria-labelledby=fitting] li")
    expect(fitting).to_have_count(1)
    expect(fitting.locator(".small").nth(1)).not_to_be_empty()
    reads.use(reads.page.locator("main details.facet summary").first)
    reads.use(named(reads, "need", "festival"), "Space")
    fill(reads, "q", "tantsulavastus")
    reads.press("Enter")
    reads.page.wait_for_url(re.compile("need=festival"))
    reads.use(reads.page.locator("main a.row", has_text="Tantsulavastus"))
    reads.page.wait_for_url(address)
    reads.reach(named(reads, "text"))
    reads.type("Wir laden Sie gern ein.")
    reads.use(reads.page.locator("main .form button[type=submit]"))
    reads.page.wait_for_url(ROOM)
    wait_live(reads.page)
    # The brief of both stands over the conversation.
    expect(reads.page.locator(".content").get_by_text("Sadam · Werft").first).to_be_visible()
    expect(message(reads.page, "Wir laden Sie gern ein.")).to_be_visible()

    asks.page.reload()
    answers = asks.page.locator("section[aria-labelledby=answers]")
    expect(answers.get_by_role("link", name="Werft", exact=True)).to_be_visible()
    asks.use(answers.locator('a[href^="/chat/"]'))
    asks.page.wait_for_url(ROOM)
    wait_live(asks.page)
    asks.say("Aitäh, räägime!")
    expect(message(reads.page, "Aitäh, räägime!")).to_be_visible()
    asks.page.goto(address)
    asks.use(named(asks, "state", "met"))
    expect(asks.page.locator(".page-head .badge")).to_be_visible()
    reads.page.goto("/partners/requests/")
    expect(reads.page.locator("main").get_by_text("Tantsulavastus")).to_have_count(0)


def test_team_is_sought_asked_and_becomes_a_group(town: Town) -> None:
    sadam, werft, majakka = (town.houses[name] for name in ("Sadam", "Werft", "Majakka"))
    seeks = town.sit("Werft", f"/partners/{werft.id}/consortia/")
    seeks.use(leads_to(seeks, f"/partners/{werft.id}/consortia/new/"))
    seeks.page.wait_for_url("**/consortia/new/")
    # Nobody offers it: it says so, and what comes nearest.
    seeks.reach(named(seeks, "preset"))
    seeks.press("End")
    for code in ("residency", "research"):
        seeks.use(named(seeks, "needs", code), "Space")
    seeks.use(named(seeks, "seek"))
    seeks.page.wait_for_url("**seek=1**")
    missing = seeks.page.locator("#found .notice-warning li")
    expect(missing).to_have_count(1)
    expect(missing).to_contain_text("Forschung")
    seeks.use(named(seeks, "needs", "research"), "Space")
    seeks.use(named(seeks, "needs", "touring"), "Space")
    seeks.use(named(seeks, "seek"))
    expect(missing).to_have_count(0)
    seats = seeks.page.locator("#found ol > li")
    expect(seats).to_have_count(3)
    expect(seats.locator(".reasons").nth(1)).not_to_be_empty()
    fill(seeks, "title", "Häfen im Licht")
    seeks.use(seeks.page.locator("#found form button[type=submit]"))
    seeks.page.wait_for_url(re.compile(r"/consortia/\d+/$"))
    consortium = seeks.page.url.split("/")[-2]

    asked = town.sit("Sadam", f"/partners/{sadam.id}/consortia/")
    expect(asked.page.locator("main .badge-action")).to_have_count(1)
    asked.use(leads_to(asked, f"/partners/{sadam.id}/consortia/{consortium}/"))
    asked.use(named(asked, "say", "yes"))
    expect(named(asked, "say", "yes")).to_have_count(0)
    town.office.do(
        "Majakka",
        "consortium.answer",
        f"member:{majakka.account.id}",
        consortium=int(consortium),
        organisation=majakka.id,
        yes=True,
    )
    seeks.page.reload()
    seeks.use(seeks.page.locator('main form[action="/partners/groups/new/"] button'))
    seeks.page.wait_for_url(re.compile(r"/partners/groups/\d+/$"))
    group = seeks.page.url
    keep_the_board(seeks)
    members = seeks.page.locator("section[aria-labelledby=people] li")
    expect(members).to_have_count(3)

    # The others see the same, and talk.
    asked.page.goto("/partners/groups/")
    asked.use(asked.page.locator("main a.row", has_text="Häfen im Licht"))
    asked.page.wait_for_url(group)
    expect(asked.page.locator("section[aria-labelledby=state-doing] li")).to_have_count(1)
    asked.use(asked.page.locator(".page-head a.button"))
    asked.page.wait_for_url(ROOM)
    wait_live(asked.page)
    asked.say("Tere, rühm!")
    expect(message(asked.page, "Tere, rühm!")).to_be_visible()
    end_and_take_up(seeks)


def keep_the_board(keys: Keys) -> None:
    """Tasks are made, given to somebody, moved on and put in order; the group gets an end."""
    board = keys.page.locator("section[aria-labelledby=board]")
    for title in ("Antrag schreiben", "Räume buchen"):
        keys.reach(keys.page.locator("#title-new"))
        keys.type(title)
        keys.use(board.locator("form:has(#title-new) button[type=submit]"))
        expect(board.locator("li", has_text=title)).to_be_visible()
    todo = keys.page.locator("section[aria-labelledby=state-todo] > ol > li")
    keys.use(todo.nth(1).locator("button[value=move]"))
    expect(todo.first).to_contain_text("Räume buchen")
    keys.use(todo.first.locator("summary"))
    keys.reach(todo.first.locator("select[name=state]"))
    keys.press("ArrowDown")
    keys.reach(todo.first.locator("select[name=who]"), back=True)
    keys.press("ArrowDown")
    keys.use(todo.first.locator("button[value=save]"))
    doing = keys.page.locator("section[aria-labelledby=state-doing] > ol > li")
    expect(doing).to_have_count(1)
    expect(doing.locator(".row-text .small")).not_to_be_empty()
    keys.reach(keys.page.locator("#ends_on"))
    day = now() + timedelta(days=200)
    # Chromium's own field has the month first, whatever the page's language.
    keys.type(day.strftime("%m%d%Y"))
    keys.use(keys.page.locator("section[aria-labelledby=group] button[value=save]"))
    expect(keys.page.locator("#ends_on")).to_have_value(day.date().isoformat())
    expect(keys.page.locator(".page-head")).to_contain_text(str(day.year))


def end_and_take_up(keys: Keys) -> None:
    """The group is ended and can be read; taken up again, it can be written on."""
    new = keys.page.locator("#title-new")
    keys.use(keys.page.locator("button[value=close]"))
    expect(new).to_have_count(0)
    keys.use(keys.page.locator("button[value=open]"))
    expect(new).to_be_visible()
    keys.use(keys.page.locator("button[value=leave]"))
    keys.page.wait_for_url("**/partners/groups/")


def propose(keys: Keys, one: House, other: House) -> None:
    """Choose two by the beginning of their names."""
    before = keys.page.locator("section[aria-labelledby=proposed] li").count()
    for name, house in (("first", one), ("second", other)):
        keys.reach(named(keys, name))
        keys.type(house.name)
    keys.use(keys.page.locator("main .form button[type=submit]"))
    rows = keys.page.locator("section[aria-labelledby=proposed] li")
    expect(rows).to_have_count(before + 1)


def test_intermediary_proposes_and_both_decide(town: Town) -> None:
    sadam, werft, majakka, hub = (town.houses[n] for n in ("Sadam", "Werft", "Majakka", "Hub"))
    helper = town.sit("Hub", f"/partners/{hub.id}/")
    helper.use(leads_to(helper, f"/partners/{hub.id}/propose/"))
    propose(helper, sadam, werft)
    propose(helper, werft, majakka)

    first = town.sit("Werft", f"/partners/{werft.id}/")
    first.use(leads_to(first, f"/partners/{werft.id}/introductions/"))
    cards = first.page.locator("main article.card")
    expect(cards).to_have_count(2)
    expect(cards.filter(has_text="Sadam")).to_contain_text("Hub")
    first.use(cards.filter(has_text="Sadam").locator("button[value=yes]"))
    expect(cards.filter(has_text="Sadam").locator("button[value=yes]")).to_have_count(0)
    # A no: for whoever looks on, nothing has happened.
    first.use(cards.filter(has_text="Majakka").locator("button[value=no]"))
    expect(cards).to_have_count(1)
    other = town.sit("Majakka", f"/partners/{majakka.id}/introductions/")
    card = other.page.locator("main article.card")
    expect(card).to_have_count(1)
    waiting = card.inner_text()
    other.use(card.locator("button[value=yes]"))
    expect(card.locator("button[value=yes]")).to_have_count(0)
    expect(card).to_have_count(1)
    assert "Would you like to meet Werft?" in waiting

    second = town.sit("Sadam", f"/partners/{sadam.id}/introductions/")
    second.use(second.page.locator("main article.card button[value=yes]"))
    second.page.wait_for_load_state()
    expect(second.page.locator('main article.card a[href^="/chat/"]')).to_be_visible()
    second.use(second.page.locator('main article.card a[href^="/chat/"]'))
    second.page.wait_for_url(ROOM)
    wait_live(second.page)
    brief = second.page.locator(".content").get_by_text("Sadam (Estonia). Looks for: Festival")
    expect(brief.first).to_be_visible()
    second.say("Tere, Saksamaa!")
    first.page.goto(second.page.url)
    wait_live(first.page)
    expect(message(first.page, "Tere, Saksamaa!")).to_be_visible()

    helper.page.reload()
    rows = helper.page.locator("section[aria-labelledby=proposed] li")
    expect(rows.filter(has_text="Sadam").locator(".badge")).to_have_text("In conversation")
    expect(rows.filter(has_text="Majakka").locator(".badge")).to_have_text("Accepted by one side")


def begin_meeting(keys: Keys, people: Iterable[Account]) -> None:
    """Plan a meeting of these people, from the list of meetings, and begin its first round."""
    keys.use(leads_to(keys, "/partners/meetings/new/"))
    fill(keys, "title", "Fair of the harbours")
    keys.reach(named(keys, "members"))
    for each in people:
        keys.type(each.email)
        keys.press("Enter")
    keys.button("Plan the meeting")
    keys.page.wait_for_url(re.compile(r"/partners/meetings/\d+/$"))
    keys.button("Begin the first round")


def test_rounds_run_with_whoever_is_there(town: Town, tmp_path: Path) -> None:
    people = [each.account for each in town.houses.values()][:3]
    keys = town.sit("organiser", "/partners/meetings/")
    begin_meeting(keys, [*people, town.organiser])
    now_ = keys.page.locator("section[aria-labelledby=now]")
    expect(now_).to_be_visible()

    # Somebody stays away, somebody comes late; nobody is at two tables.
    gone, late = people[2], town.late
    keys.use(keys.page.locator(f"#here-{gone.id}"), "Space")
    keys.reach(named(keys, "here"))
    keys.type(late.email)
    keys.button("Save who is there")
    expect(keys.page.locator(f"#here-{late.id}")).to_be_checked()
    expect(keys.page.locator(f"#here-{gone.id}")).not_to_be_checked()
    expect(now_.locator("td li", has_text=gone.name)).to_have_count(0)

    # Whoever takes part sees with whom they sit, in their own language, and sees it change.
    number = keys.page.url.rstrip("/").rpartition("/")[2]
    reads = town.sit("Werft", "/partners/meetings/mine/")
    reads.use(leads_to(reads, f"/partners/meetings/{number}/mine/"))
    reads.page.wait_for_url(f"**/meetings/{number}/mine/")
    speaks(reads.page, "de")
    wait_live(reads.page)
    own = reads.page.locator("own-tables")
    expect(own.locator("ol > li")).to_have_count(1)
    keys.button("Begin the next round")
    expect(now_.get_by_role("heading", name="Round 2")).to_be_visible()
    expect(own.locator("ol > li")).to_have_count(2)
    expect(own.locator('[data-slot="now-round"]')).to_contain_text("2")
    keys.reach(named(keys, "rounds"))
    keys.press("Control+a")
    keys.type("1")
    keys.button("Plan ahead")
    expect(keys.page.locator("section[aria-labelledby=others] details")).to_have_count(2)
    expect(own.locator("ol > li")).to_have_count(3)
    live = own.locator("section").all_inner_texts()
    expect(own.locator('[data-slot="again"]').first).to_be_hidden()
    reads.page.reload()
    wait_live(reads.page)
    assert own.locator("section").all_inner_texts() == live
    expect(reads.page.get_by_role("main")).to_contain_text("Fair of the harbours")
    expect(reads.page.get_by_role("main")).not_to_contain_text(gone.name)

    keys.reach(keys.page.get_by_role("link", name="All rounds as a table (CSV)"))
    with keys.page.expect_download() as download:
        keys.press("Enter")
    path = tmp_path / "rounds.csv"
    download.value.save_as(path)
    head, *rows = csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
    assert head == ["Round", "Table", "Name", "Organisation", "Country"]
    assert {row[0] for row in rows} == {"1", "2", "3"}
    for number in "123":
        seated = [row[2] for row in rows if row[0] == number and row[1]]
        assert len(seated) == len(set(seated))
        assert (gone.name in seated) is False
