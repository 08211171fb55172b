"""The command table and everything that is fed from it say the same."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from textual.binding import Binding
from textual.widgets import Input

from app import COMMANDS, KEY_SIGNS, CommandPlace, list_commands, name_keys
from study.store import Study
from tui.app import Earshot
from tui.screens.check.check_screen import CheckScreen
from tui.screens.command_screen import CommandScreen
from tui.screens.consent_form import ConsentFormScreen, ConsentReadingScreen
from tui.screens.consent_screen import ConsentScreen
from tui.screens.dialogs import MessageDialog
from tui.screens.hearing_screen import HearingScreen
from tui.screens.help_screen import HelpScreen, _stack_cells
from tui.screens.home_screen import HomeScreen
from tui.screens.host import Host
from tui.screens.people_screen import PeopleScreen
from tui.screens.preparation_screen import PreparationScreen
from tui.screens.privacy_screens import CoverScreen
from tui.screens.recording_screen import RecordingScreen
from tui.screens.replacement_screen import ReplacementScreen
from tui.screens.returned_screen import ReturnedScreen
from tui.screens.review_screen import ReviewScreen
from tui.screens.travel.travel_screen import TravelScreen
from tui.screens.voices_screen import VoicesScreen
from tui.screens.willingness_screen import DissentScreen, WillingnessScreen
from tui.screens.withdrawal_screen import WithdrawalScreen
from tui.widgets.safe_text import SafeText
from tui.widgets.turn_editor import TurnEditor

_EVERYWHERE_SENT = re.compile(
    r"[a-zA-Z]|[0-9]|f[2-9]|f1[345]|space|tab|enter|escape|delete|backspace|up|down|left|right"
    r"|pageup|pagedown|home|end|ctrl\+[a-z]"
)
_OWNERS = {
    CommandPlace.EVERYWHERE: Earshot,
    CommandPlace.HOME: HomeScreen,
    CommandPlace.INTERVIEW: ReviewScreen,
    CommandPlace.CHECK: CheckScreen,
    CommandPlace.TYPING: ReviewScreen,
    CommandPlace.REPLACING: ReplacementScreen,
    CommandPlace.HEARING: HearingScreen,
    CommandPlace.RETURNED: ReturnedScreen,
    CommandPlace.VOICES: VoicesScreen,
    CommandPlace.PEOPLE: PeopleScreen,
    CommandPlace.TRAVEL: TravelScreen,
    CommandPlace.WITHDRAW: WithdrawalScreen,
    CommandPlace.PREPARE: PreparationScreen,
    CommandPlace.RECORD: RecordingScreen,
    CommandPlace.WILLING: WillingnessScreen,
    CommandPlace.DISSENT: DissentScreen,
    CommandPlace.CONSENT: ConsentScreen,
    CommandPlace.CONSENT_FORM: ConsentFormScreen,
    CommandPlace.CONSENT_READ: ConsentReadingScreen,
    CommandPlace.DIALOG: MessageDialog,
    CommandPlace.COVER: CoverScreen,
}


def test_no_key_is_one_that_only_some_terminals_send() -> None:
    every = [key for command in COMMANDS for key in command.key.split(",")]

    sent = [k for k in every if not (_EVERYWHERE_SENT.fullmatch(k) or k in KEY_SIGNS)]
    assert sent == []
    assert "ctrl+i" not in every  # a terminal sends the same for it as for tab
    assert "ctrl+m" not in every  # and for enter


def test_no_key_does_two_things_on_one_screen() -> None:
    for place in set(CommandPlace) - {CommandPlace.EVERYWHERE, CommandPlace.DIALOG}:
        every = [
            k
            for c in (*list_commands(place), *list_commands(CommandPlace.EVERYWHERE))
            for k in c.key.split(",")
        ]

        assert len(every) == len(set(every))


def test_the_bindings_are_the_table() -> None:
    for place, owner in (_OWNERS | {CommandPlace.TYPING: TurnEditor}).items():
        every = [b for b in owner.BINDINGS if isinstance(b, Binding)]
        is_page = any(b.action.startswith("app.") for b in every)  # in front of a screen
        bound = [b for b in every if not b.action.startswith("app.")]
        added = {b.id for b in every} - {b.id for b in bound}

        assert added <= (
            {c.id for c in list_commands(CommandPlace.EVERYWHERE)} if is_page else set()
        )
        assert [(b.id, b.key, b.action, b.show) for b in bound] == [
            (c.id, c.key, c.action, c.in_footer) for c in list_commands(place)
        ]


async def test_every_action_exists(course: Study) -> None:
    app = Earshot(course)
    host: Host = app  # the app is all that its screens ask of one
    async with app.run_test() as pilot:
        owners: dict[CommandPlace, object] = dict(_OWNERS)
        for place, open_screen in (
            (CommandPlace.INTERVIEW, lambda: host.open_review(course.find_interview("P07_i1").id)),
            (CommandPlace.CHECK, lambda: host.open_check(course.find_interview("P07_i1").id)),
            (CommandPlace.TRAVEL, lambda: host.push_screen(TravelScreen())),
            (
                CommandPlace.PREPARE,
                lambda: host.push_screen(PreparationScreen(host.audio_devices, None, [])),
            ),
        ):
            open_screen()
            await pilot.pause()
            screen = next(s for s in reversed(app.screen_stack) if isinstance(s, CommandScreen))
            assert screen.place is place
            owners[place] = screen  # parts of a screen do what is done in it
        owners[CommandPlace.TYPING] = owners[CommandPlace.INTERVIEW]

        for command in COMMANDS:
            name = command.action.partition("(")[0].removeprefix("screen.")

            assert callable(getattr(owners[command.screen], f"action_{name}", None)), command.id


async def test_the_palette_has_every_command_of_the_screen_and_no_screenshot(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        for place in (CommandPlace.HOME, CommandPlace.INTERVIEW):
            offered = {c.title: c.help for c in app.get_system_commands(app.screen)}
            wanted = {
                name: c.help
                for c in (*list_commands(place), *list_commands(CommandPlace.EVERYWHERE))
                if c.in_palette and c.action != "stop"
                for name in (c.label, *c.aliases)
            }

            assert offered == wanted
            await pilot.press("enter")


async def test_the_palette_lists_a_command_once_and_finds_it_by_each_of_its_names(
    course: Study,
) -> None:
    """It listed "Cover" and "Hide the screen" one below the other, with the same sentence."""
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.pause()
        offered = {c.title: c.discover for c in app.get_system_commands(app.screen)}

    assert offered["Cover"]
    assert not offered["Hide the screen"]
    assert not offered["Hand over"]


async def test_the_palette_opens_and_runs_a_command(course: Study) -> None:
    app = Earshot(course)
    async with app.run_test() as pilot:
        await pilot.press("ctrl+p")
        await pilot.press(*"dark")
        await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
        await pilot.pause()
        await pilot.press("down", "enter")
        await pilot.pause()

        assert app.theme == "earshot-light"


async def test_the_help_screen_has_every_command(
    course: Study, shown: Callable[[Earshot], str]
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 320)) as pilot:
        for place in (CommandPlace.HOME, CommandPlace.INTERVIEW):
            await pilot.press("question_mark")
            await pilot.pause()
            text = shown(app)
            missing = [
                c.id
                for c in (*list_commands(place), *list_commands(CommandPlace.EVERYWHERE))
                if f"{name_keys(c):<11}  {c.label}:" not in text
                and not c.id.startswith("interview.speaker_")
            ]

            assert missing == []
            await pilot.press("escape", "enter")


async def test_the_help_is_grouped_and_a_row_of_digits_is_one_line(
    course: Study, shown: Callable[[Earshot], str]
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 240)) as pilot:
        await pilot.press("enter", "question_mark")
        await pilot.pause()
        seen = shown(app)

    assert seen.count("1-9          Who speaks:") == 1
    assert "Speaker 2 spoke it" not in seen
    for group in ("Moving around", "Hearing", "Deciding", "Correcting", "Who speaks"):
        assert f"{group} (one interview)" in seen


@pytest.mark.parametrize("columns", [1, 2, 3, 4])
@pytest.mark.parametrize("items", range(1, 30))
def test_no_heading_of_the_help_is_the_last_of_its_column(items: int, columns: int) -> None:
    cells = [("Heading", number % 3 == 0) for number in range(items)] + [("last", False)]

    stacks = _stack_cells(cells, columns)

    assert [cell for stack in stacks for cell in stack] == cells
    assert len(stacks) <= columns
    assert not any(stack[-1][1] for stack in stacks if len(stack) > 1)


@pytest.mark.parametrize(
    ("sought", "found"),
    [("split", "Break turn"), ("merge", "Join"), ("delete", "Remove turn"), ("missed", "Mention")],
)
async def test_the_help_finds_a_command_by_the_word_that_other_programs_have_for_it(
    sought: str, found: str, course: Study, shown: Callable[[Earshot], str]
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "question_mark", *sought)
        await pilot.pause()
        seen = shown(app)

    assert f"  {found}: " in seen


async def test_in_the_filter_no_letter_is_offered_as_a_command(
    course: Study, shown: Callable[[Earshot], str]
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"P07")
        await pilot.pause()
        seen = shown(app)
        await pilot.press("escape")
        await pilot.pause()
        after = shown(app)

    assert "Enter goes to the list; Esc shows all again." in seen
    assert "@ People" not in seen
    assert "Next: Press Enter" in after
    assert "@ People" in after


async def test_one_key_shows_the_keys_of_the_review_by_what_they_are_about(
    course: Study, shown: Callable[[Earshot], str]
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "question_mark")
        await pilot.pause()
        seen = shown(app)
        await pilot.press(*["down"] * 8)
        await pilot.pause()
        seen += shown(app)

    for keys in ("V   Voices", "U   Unsure speaker", "u   Undo", "m   Mention", "Deciding",
                 "y   Right as it is", "1-9 Who speaks", "Correcting"):  # fmt: skip
        assert keys in seen


async def test_what_is_typed_in_the_help_leaves_only_what_has_it(
    course: Study, shown: Callable[[Earshot], str]
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "question_mark", *"pause")
        await pilot.pause()
        some = shown(app)
        await pilot.press(*"zzz")
        await pilot.pause()
        none = shown(app)
        await pilot.press("escape")
        await pilot.pause()
        back = shown(app)

    assert ")            Next pause: Go to the next long pause." in some
    assert "Accept:" not in some
    assert "Nothing here is called that." in none
    assert "1 of 4" in back


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("/pause", "Next pause: Go to the next long pause."),
        ("F14", "Play: Play the sound, or pause it."),
        ("ctrl-p", "Find a command by typing its name."),
        ("A", "All alike: Replace this mention and all undecided ones"),
        ("/", "Find: Look for words in this interview."),
        ("\\", "Came back: Go through what a participant sent back"),
    ],
)
async def test_the_help_finds_a_key_by_each_of_its_spellings_and_words_after_a_slash(
    course: Study, shown: Callable[[Earshot], str], typed: str, found: str
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("enter", "question_mark")
        await pilot.pause()
        app.screen.query_one(Input).value = typed
        await pilot.pause()
        seen = shown(app)

    assert found in seen


def test_every_command_is_in_the_help_of_some_screen() -> None:
    screens = (
        CommandPlace.HOME,
        CommandPlace.INTERVIEW,
        CommandPlace.CHECK,
        CommandPlace.PREPARE,
        CommandPlace.RECORD,
        CommandPlace.PEOPLE,
        CommandPlace.TRAVEL,
        CommandPlace.CONSENT,
        CommandPlace.WITHDRAW,
    )

    assert {place for screen in screens for place in HelpScreen(screen).list_places()} == set(
        CommandPlace
    )


def test_only_moves_and_what_belongs_to_a_field_or_a_message_is_not_in_the_palette() -> None:
    in_front = {
        CommandPlace.TYPING,
        CommandPlace.REPLACING,
        CommandPlace.HEARING,
        CommandPlace.RETURNED,
        CommandPlace.VOICES,
        CommandPlace.WILLING,
        CommandPlace.DISSENT,
        CommandPlace.CONSENT_READ,
        CommandPlace.WITHDRAW,
        CommandPlace.DIALOG,
        CommandPlace.COVER,
    }
    left_out = [c for c in COMMANDS if not c.in_palette and c.screen not in in_front]

    assert [
        c.id
        for c in left_out
        if not c.action.startswith(("move(", "word(", "phrase(", "step_place("))
    ] == ["palette"]


async def test_the_help_screen_scrolls_and_closes(
    course: Study, shown: Callable[[Earshot], str]
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark", "end")
        await pilot.pause()
        end = shown(app)
        await pilot.press("escape")
        await pilot.pause()

        assert "earshot --help" in end
        assert isinstance(app.screen, HomeScreen)


async def test_the_footer_of_the_list_fits_80_columns_and_names_its_commands(
    course: Study, shown: Callable[[Earshot], str]
) -> None:
    app = Earshot(course)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        bottom = "\n".join(shown(app).splitlines()[-2:])
    every = (*list_commands(CommandPlace.HOME), *list_commands(CommandPlace.EVERYWHERE))
    labels = [c.short or c.label for c in every if c.in_footer and c.action != "stop"]

    assert [label for label in labels if label not in bottom] == []
    assert "Ctrl-P Commands" in bottom
    assert "…" not in bottom


async def test_the_footer_follows_the_cursor_and_always_fits(
    course: Study, shown: Callable[[Earshot], str]
) -> None:
    """A mention that waits, one that is decided, a turn without one, a chosen word, typing."""
    wanted = (
        (["enter"], "a Accept  x Reject  A All alike"),
        (["a", "left_square_bracket"], "u Undo  g Undecided"),
        (["home"], "Enter Edit  Space Play  1-9 Who speaks"),
        (["right"], "Enter Edit  m Mention  b Break turn  B Break and give  1-9 Who speaks"),
        (["escape", "T"], "Ctrl-P Commands  Esc Back"),
        (["escape", "enter"], "Play or pause"),
        (["escape"], "Enter Edit  Space Play  1-9 Who speaks"),
    )
    app = Earshot(course)
    seen: list[str] = []
    async with app.run_test(size=(80, 24)) as pilot:
        for keys, _ in wanted:
            await pilot.press(*keys)
            await pilot.pause()
            seen.append("\n".join(line.rstrip() for line in shown(app).splitlines()[-2:]))

    for (_, told), bottom in zip(wanted, seen, strict=True):
        assert told in " ".join(bottom.split("\n")).replace("   ", "  "), bottom
        assert "? Help" in bottom or "Play or pause" in bottom  # while typing ? is a letter
        assert "Ctrl-P Commands" in bottom
        assert "…" not in bottom
        assert max(map(len, bottom.split("\n"))) <= 80


@pytest.mark.parametrize("columns", [120, 80, 60])
async def test_the_help_breaks_its_lines_once_at_the_width_of_its_box(
    study: Study, columns: int
) -> None:
    app = Earshot(study)
    async with app.run_test(size=(columns, 24)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        words = app.screen.query_one("#keys-of-help", SafeText)
        room, height = words.content_size
        lines = str(words.content).splitlines()

    assert max(len(line.rstrip()) for line in lines) <= room
    assert height == len(lines)


@pytest.mark.parametrize("columns", [50, 60, 80, 200])
async def test_the_help_says_how_it_is_closed_in_every_window(
    columns: int, study: Study, shown: Callable[[Earshot], str]
) -> None:
    app = Earshot(study)
    async with app.run_test(size=(columns, 20)) as pilot:
        await pilot.press("?")
        await pilot.pause()
        seen = shown(app)

    assert re.search(r"Esc closes( this)?\.", seen)


async def test_the_help_breaks_its_lines_anew_in_another_window(study: Study) -> None:
    app = Earshot(study)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        await pilot.resize_terminal(60, 24)
        await pilot.pause()
        words = app.screen.query_one("#keys-of-help", SafeText)
        room = words.content_size.width
        longest = max(len(line.rstrip()) for line in str(words.content).splitlines())

    assert longest <= room < 60
