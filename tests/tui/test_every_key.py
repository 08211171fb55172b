"""Every key of the table is pressed in a real study, and does what it is for.

Each scene is played twice: with the keys as they come, and with all of them chosen anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.command import CommandPalette

from anonymise import decide_mention, read_anonymisation_log, write_clean_transcript
from app import COMMANDS, CommandPlace, Preferences, plan_withdrawal
from study import InterviewDetails, Participant, PersonRole, Verdict, WithdrawalScope
from study.store import (
    Argon2Cost,
    Study,
    add_person,
    ask_destruction,
    list_destructions,
    list_withdrawals,
    read_sign_off,
    read_spot_checks,
)
from tests.recordings import FakeSound
from tests.tui.every_key_recording import CONSENT, PREPARE, RECORD, visited
from tests.tui.every_key_review import REVIEW, TYPING, VOICES, people_study, spoken_study
from tests.tui.pressing import (
    KNOWN,
    Effect,
    Look,
    Scene,
    Step,
    along,
    moves,
    opens,
    own_keys,
    play,
    shows,
    stores,
)
from tests.tui.test_screens_review_heard import Deck, Doors
from tui.app import Earshot
from tui.screens.check.check_screen import CheckScreen
from tui.screens.consent_screen import ConsentScreen
from tui.screens.help_screen import HelpScreen
from tui.screens.home_screen import FilterField, HomeScreen
from tui.screens.people_screen import PeopleScreen
from tui.screens.preparation_screen import PreparationScreen
from tui.screens.privacy_screens import CoverScreen
from tui.screens.prompts import TextPrompt
from tui.screens.review_screen import ReviewScreen
from tui.screens.travel.travel_screen import TravelScreen
from tui.screens.withdrawal_screen import WithdrawalScreen
from tui.widgets.interview_table import InterviewTable
from tui.widgets.row_list import RowList

Shown = Callable[[Earshot], str]
Verb = Callable[[str], tuple[str, ...]]
PROGRAM = """
    import signal
    tell(event="progress", done=1.0, total=4.0, what="window 1")
    if argv[0] == "export":
        signal.pause()
    tell(event="error", message=f"{argv[0]} was asked for")
    sys.exit(1)
"""


def _row(app: Earshot) -> object:
    table = app.screen.query(InterviewTable)
    return table.first().cursor_row if table else None


def _add(app: Earshot) -> None:
    with app.study.change("made") as change:
        change.add_interview(InterviewDetails("P10_i1"))


def _idle(look: Look) -> bool:
    return look.app.work is None


HOME = Scene(
    where=_row,
    steps=[
        *along(CommandPlace.HOME),
        Step("help", opens(HelpScreen)),
        Step("dialog.close", opens(HomeScreen), "escape"),
        Step("dialog.close", opens(HomeScreen), "enter", first=["@help"]),
        Step("theme", lambda look: look.app.theme == "earshot-light"),
        Step("cover", opens(CoverScreen)),
        Step("cover.uncover", opens(HomeScreen)),
        Step("palette", opens(CommandPalette), then=["escape"]),
        Step("home.new", opens(TextPrompt), then=["escape", "@prepare.back"]),
        Step("home.go_on", opens(PreparationScreen), then=["@prepare.back"]),
        Step("home.open", opens(ReviewScreen), then=["@interview.back"]),
        Step("home.check", opens(CheckScreen), then=["@check.back"]),
        Step("home.language", shows("Whose language?"), then=["escape"]),
        Step("home.names", shows("Whose names?"), then=["escape"]),
        Step("home.transcribe", shows("transcribe was asked for"), then=["@dialog.close"]),
        Step("home.anonymise", shows("anonymise was asked for"), then=["@dialog.close"]),
        Step("home.consent", opens(ConsentScreen), then=["@consent.back"]),
        Step("home.withdraw", opens(WithdrawalScreen), then=["@withdraw.leave"]),
        Step("home.withdraw", opens(WithdrawalScreen), "backspace", then=["@withdraw.leave"]),
        Step("home.export", shows("is not signed off"), then=["@dialog.close"]),
        Step("home.stop", _idle),
        Step("home.refresh", shows("P10_i1"), first=[_add]),
        Step("home.filter", lambda look: isinstance(look.app.focused, FilterField)),
        Step("home.unfilter", shows("P07_i1"), first=[*"P08", "enter"]),
        Step("home.people", opens(PeopleScreen), then=["@people.back"]),
        Step("home.travel", opens(TravelScreen), then=["@travel.back"]),
        Step("home.quit", lambda look: look.app.return_code == 0),
    ],
)


def _log(app: Earshot) -> object:
    screen = app.screen
    if not isinstance(screen, CheckScreen):
        return None
    page, view = screen.page, screen.widgets.view
    return screen.lists.kind, page.row, page.spot, view.scroll_offset.y


def _found(study: Study) -> object:
    interview = study.interview("P07_i1")
    checks = read_spot_checks(interview, read_anonymisation_log(interview))
    word = read_sign_off(interview)
    return {key: check.found for key, check in checks.items()}, word.sign_off if word else None


def _decide_elsewhere(app: Earshot) -> None:
    with Study.open_with_keys(app.study.folder, app.study.ring) as other:
        decide_mention(other.interview("P07_i1"), "m4", Verdict.ACCEPTED)


def _lists(name: str) -> Effect:
    """Another list of the check is shown, which stands there with its key."""
    return lambda look: (
        [bool(re.search(rf"▸\S+ {name}", text)) for text in (look.before, look.after)]
        == [False, True]
    )


CHECK = Scene(
    where=_log,
    stored=_found,
    opening=["@home.check"],
    steps=[
        *along(CommandPlace.CHECK)[:6],
        Step("check.pagedown", moves),
        Step("check.pageup", moves),
        Step("check.risk", _lists("Risk")),
        Step("check.next_place", shows("Place 2 of 2")),
        Step("check.previous_place", shows("Place 1 of 2")),
        Step("check.next_place", shows("Place 2 of 2"), "l"),
        Step("check.previous_place", shows("Place 1 of 2"), "h"),
        Step("check.outsider", _lists("Outsider")),
        Step("check.trail", _lists("Trail")),
        Step("check.whole", shows("of the whole study")),
        Step("check.verify", shows("Nothing was changed outside Earshot"), then=["@dialog.close"]),
        Step("check.log", _lists("Log")),
        Step("check.right", stores),
        Step("check.take_back", stores, first=["@check.up"]),
        Step("check.object", shows("What is wrong with this decision?"), then=["escape"]),
        Step("check.original", shows("Said: Margaret")),
        Step("check.filter", shows("Show only what?"), then=["escape"]),
        Step("check.changes", shows("What changed since"), then=["escape"]),
        Step("check.sample", shows("Sample size in %"), then=["escape"]),
        Step("check.read", shows("Reading: x objects to a turn")),
        Step("check.back", lambda look: "Reading:" not in look.after),
        Step("check.review", opens(ReviewScreen), then=["@interview.back"]),
        Step("check.send_back", shows("Why are you sending it back?"), then=["escape"]),
        Step("check.sign", shows("Who signs off?"), then=["escape"]),
        Step("check.export", shows("is not signed off"), then=["@dialog.close"]),
        Step("check.stop", _idle),
        Step("check.refresh", shows("[Place 1]"), first=[_decide_elsewhere]),
        Step("leave", lambda look: look.app.return_code == 0),
    ],
)


def _people_row(app: Earshot) -> object:
    rows = app.screen.query(RowList)
    return rows.first().cursor if rows else None


PEOPLE = Scene(
    where=_people_row,
    opening=["@home.people"],
    steps=[
        *along(CommandPlace.PEOPLE),
        Step("people.add", shows("What is the new person's name?"), then=["escape"]),
        Step("people.passphrase", shows("A new passphrase for you, owner:"), then=["escape"]),
        Step("people.check_code", shows("The recovery code, as it stands"), then=["escape"]),
        Step("people.renew_code", shows("Make a new recovery code?"), then=["n"]),
        Step("people.key", shows("owner signs with the key"), first=["@people.home"],
             then=["@dialog.close"]),
        Step("people.remove", shows("Remove Officer?"), first=["@people.end"], then=["n"]),
        Step("people.remove", shows("Remove Officer?"), "backspace", then=["n"]),
        Step("people.switch", shows("The passphrase of Officer:"), then=["escape"]),
        Step("people.stop", _idle, first=[
            lambda app: app.begin_work("export", app.study.summaries()[0])
        ]),
        Step("people.back", opens(HomeScreen)),
    ],
)  # fmt: skip


TRAVEL = Scene(
    where=_people_row,
    opening=["@home.travel"],
    steps=[
        *along(CommandPlace.TRAVEL),
        Step("travel.mark", shows("1 marked"), then=["@travel.home", "@travel.mark"]),
        Step("travel.send", shows("What is to be done with"), then=["escape"]),
        Step("travel.take_in", shows("Which file did you get"), then=["escape"]),
        Step("travel.keys", shows("The keys of this study"), then=["escape"]),
        Step("travel.refresh", shows("P10_i1"), first=[_add]),
        Step("travel.stop", _idle, first=[
            lambda app: app.begin_work("export", app.study.summaries()[0])
        ]),
        Step("travel.back", opens(HomeScreen)),
    ],
)  # fmt: skip


def withdrawing_study(study: Study) -> None:
    """Enter more participants than the list shows at once, the last in many interviews."""
    codes = [f"P{number:02}" for number in (*range(1, 21), *[20] * 12)]
    with study.change("interview made") as change:
        for number, code in enumerate(codes):
            change.add_interview(InterviewDetails(f"{code}_i{number}", (Participant(code),)))


def _chosen(app: Earshot) -> object:
    screen = app.screen
    if not isinstance(screen, WithdrawalScreen):
        return None
    plan = screen.query_one("#plan")
    return screen.query_one(RowList).cursor, plan.scroll_offset.y


def _ask(app: Earshot) -> None:
    plan = plan_withdrawal(app.study, "P01", WithdrawalScope.EVERYTHING)
    ask_destruction(app.study, plan.order, plan.scope)


WITHDRAW = Scene(
    where=_chosen,
    stored=lambda study: (list_withdrawals(study.whole), list_destructions(study)),
    opening=["@home.withdraw"],
    steps=[
        *along(CommandPlace.WITHDRAW),
        *(
            Step(f"withdraw.scope_{n}", shows(f"withdraws: {told}"), first=["@withdraw.end"])
            for n, told in enumerate(
                ("no further", "the sound of", "what they said", "everything ("), 1
            )
        ),
        Step("withdraw.scroll_down", moves),
        Step("withdraw.scroll_up", moves),
        Step("withdraw.ask", shows("Type P20 to go on"), then=["escape"]),
        Step(  # out of what is shown, and out of the list
            "withdraw.refuse",
            stores,
            first=["@withdraw.leave", "@withdraw.leave", _ask, "@home.withdraw"],
        ),
        Step(
            "withdraw.confirm",
            shows("Destroy it for good"),
            first=["@withdraw.leave", _ask, "@home.withdraw"],
            then=[*"P01", "enter"],
        ),
        Step("withdraw.settle", shows("What was dealt with?"), then=["escape"]),
        Step("withdraw.papers", shows("Which folder?"), then=["escape"]),
        Step("withdraw.leave", opens(HomeScreen)),
    ],
)
SCENES = {
    "home": HOME, "check": CHECK, "review": REVIEW, "typing": TYPING, "prepare": PREPARE,
    "record": RECORD, "voices": VOICES, "people": PEOPLE, "consent": CONSENT,
    "withdraw": WITHDRAW, "travel": TRAVEL,
}  # fmt: skip


def test_every_key_of_every_command_is_pressed_here() -> None:
    every = {(c.id, key) for c in COMMANDS for key in c.key.split(",")}
    pressed = {step.pressed for scene in SCENES.values() for step in scene.steps}

    assert every - pressed == set()
    assert pressed <= every


def test_the_choice_of_keys_leaves_none_where_it_was() -> None:
    chosen = own_keys().keys

    assert set(chosen) == set(KNOWN)
    assert [name for name, key in chosen.items() if key in KNOWN[name].key.split(",")] == []


@pytest.fixture(
    params=[
        "keys as they come",
        pytest.param("keys of one's own", marks=pytest.mark.thorough),
    ]
)
def chosen(request: pytest.FixtureRequest) -> Preferences:
    return Preferences() if request.param == "keys as they come" else own_keys()


async def test_each_key_of_the_list(
    course: Study, chosen: Preferences, verb: Verb, shown: Shown
) -> None:
    await play(Earshot(course, chosen=chosen, program=verb(PROGRAM)), HOME, shown)


async def test_each_key_of_the_people(
    course: Study, cheap: Argon2Cost, chosen: Preferences, verb: Verb, shown: Shown
) -> None:
    add_person(course, "Officer", PersonRole.OFFICER, "the officer's own", cost=cheap)
    await play(Earshot(course, chosen=chosen, program=verb(PROGRAM)), PEOPLE, shown)


async def test_each_key_of_sending_and_receiving(
    course: Study, chosen: Preferences, verb: Verb, shown: Shown
) -> None:
    await play(Earshot(course, chosen=chosen, program=verb(PROGRAM)), TRAVEL, shown)


async def test_each_key_of_the_check(
    course: Study, chosen: Preferences, verb: Verb, shown: Shown
) -> None:
    interview = course.find_interview("P07_i1").id
    for mention in ("m1", "m2", "m3"):
        decide_mention(course.interview(interview), mention, Verdict.ACCEPTED)
    decide_mention(course.interview(interview), "m4", Verdict.REJECTED)
    write_clean_transcript(course.interview(interview))  # a version of the log to compare with
    await play(Earshot(course, chosen=chosen, program=verb(PROGRAM)), CHECK, shown)


@pytest.mark.parametrize("name", ["review", "typing"])
async def test_each_key_of_the_review(
    name: str, study: Study, tmp_path: Path, chosen: Preferences, verb: Verb, shown: Shown
) -> None:
    spoken_study(study, tmp_path)
    app = Earshot(study, chosen=chosen, program=verb(PROGRAM), sound=Doors(Deck()))
    await play(app, SCENES[name], shown)


async def test_each_key_of_the_voices(
    study: Study, tmp_path: Path, chosen: Preferences, verb: Verb, shown: Shown
) -> None:
    people_study(study, tmp_path)
    app = Earshot(study, chosen=chosen, program=verb(PROGRAM), sound=Doors(Deck()))
    await play(app, VOICES, shown)


async def test_each_key_of_a_withdrawal(
    study: Study, chosen: Preferences, verb: Verb, shown: Shown
) -> None:
    withdrawing_study(study)
    await play(Earshot(study, chosen=chosen, program=verb(PROGRAM)), WITHDRAW, shown)


@pytest.mark.parametrize("name", ["prepare", "record", "consent"])
async def test_each_key_of_a_recording(
    name: str, study: Study, chosen: Preferences, verb: Verb, shown: Shown
) -> None:
    visited(study)
    app = Earshot(study, chosen=chosen, program=verb(PROGRAM), sound=FakeSound())
    await play(app, SCENES[name], shown)
