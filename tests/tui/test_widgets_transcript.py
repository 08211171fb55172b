"""The transcript: what is shown is what is stored, for any text and any size."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult

from study import (
    Category,
    DecidedMention,
    Decision,
    DoubtFlag,
    Mark,
    MarkKind,
    Mention,
    Turn,
    Verdict,
    sanitise_text,
)
from tui.hardening import read_screen_lines
from tui.themes import THEMES
from tui.widgets.transcript_view import TranscriptView
from tui.widgets.turn_layout import KIND_SIGNS, describe_doubts, find_kind_sign

_PARTS = st.one_of(
    st.text(max_size=10),
    st.text("[]/@ \x1b\x07\x9b\u202e\n\\", max_size=10),
    st.sampled_from(["[/red]", "[@click=app.quit]", "[P07]", "\x1b[2J", "\x1b]52;c;x\x07"]),
)
_WORDS = st.lists(_PARTS, max_size=8).map("".join)


class _Page(App[None]):
    """A transcript alone."""

    def __init__(
        self,
        turns: list[Turn],
        decided: list[DecidedMention] | None = None,
        events: list[Mark] | None = None,
    ) -> None:
        super().__init__()
        self._given = turns, decided or [], events or []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def compose(self) -> ComposeResult:
        yield TranscriptView()

    def on_mount(self) -> None:
        self.query_one(TranscriptView).show(*self._given)


def _drawn(view: TranscriptView, key: int) -> str:
    """Return what is drawn of a turn, the rows joined as they were before they were broken."""
    rows = view._rows_of(view._numbers[key])
    return "".join(piece.text for row in rows for piece in row)


def _texts(app: App[None], margin: int) -> str:
    """Return the text column of all lines, joined as it was before it was broken."""
    lines = [strip.text[margin:-2] for strip in read_screen_lines(app)]
    return "".join(lines)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_WORDS, min_size=1, max_size=8))
async def test_what_is_displayed_is_what_is_stored(texts: list[str]) -> None:
    turns = [Turn(n, "P07", 0.0, 1.0, text) for n, text in enumerate(texts)]
    app = _Page(turns)
    async with app.run_test(size=(60, 80)):
        view = app.query_one(TranscriptView)
        drawn = _texts(app, 14)

        assert [_drawn(view, n) for n in range(len(texts))] == [
            sanitise_text(text) for text in texts
        ]
        # On the screen blanks at the ends of lines cannot be told from the paper.
        wanted = "".join(sanitise_text(text) for text in texts)
        assert re.sub(r"\s", "", drawn) == re.sub(r"\s", "", wanted)


@settings(max_examples=50, deadline=None)
@given(_WORDS, st.data())
def test_a_mention_adds_signs_and_hides_no_character(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    turn = Turn(1, "P07", 0.0, 1.0, text)
    mention = Mention("m", 1, start, end, Category.PERSON, "ner", 0.5, "[Person 1]")
    view = TranscriptView()
    view.show([turn], [DecidedMention(mention, None)])

    before, inside, after = (
        sanitise_text(text[:start]),
        sanitise_text(text[start:end]),
        sanitise_text(text[end:]),
    )

    assert _drawn(view, 1) == f"{before}?{inside}ᵖ{after}"


async def test_ten_thousand_turns_open_scroll_and_resize() -> None:
    turns = [Turn(n, "P07", n, n + 1, f"Sentence number {n} of many.") for n in range(10_000)]
    mention = Mention("m", 9_000, 0, 8, Category.OTHER, "ner", 0.5, "[x]")
    events = [Mark(n, MarkKind.TOPIC, f"Heading {n}") for n in range(0, 10_000, 4)]
    app = _Page(turns, [DecidedMention(mention, None)], events)
    async with app.run_test() as pilot:
        view = app.query_one(TranscriptView)
        view.move("end")
        await pilot.pause()
        end = _texts(app, 14)
        view.point_at(0)
        await pilot.pause()
        pointed = _texts(app, 14)
        await pilot.resize_terminal(40, 20)
        await pilot.pause()
        narrow = _texts(app, 5)

    assert "Sentence number 9999 of many." in end
    assert "Topic: Heading 9996" in end
    assert "Topic: Heading 9000" in pointed
    assert "▸Sentence◂" in pointed
    assert "number 9000" in re.sub(r" +", " ", pointed)
    assert re.search(r"number 8\d\d\d|number 9000", re.sub(r" +", " ", narrow))


async def test_events_stand_before_the_turns_that_follow_them_and_look_like_none() -> None:
    turns = [Turn(1, "P07", 0.0, 4.0, "Before."), Turn(2, "P07", 5.0, 6.0, "After.")]
    events = [Mark(5.0, MarkKind.TOPIC, "[/red] \x1b[2J"), Mark(5.0, MarkKind.PAUSED, "", 62.0),
              Mark(9.0, MarkKind.MARKER)]  # fmt: skip
    app = _Page(turns, events=events)
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.pause()
        lines = [strip.text[:-2].rstrip() for strip in read_screen_lines(app)]

    assert lines[:5] == [
        "00:00:00 P07   Before.",
        "00:00:05 ──    Topic: [/red] ␛[2J ───────────────────────",
        "00:00:05 ··    (recording paused, 1 min 2 s)",
        "00:00:05 P07   After.",
        "00:00:09 ··    (marker)",
    ]


async def test_deciding_redraws_a_turn_behind_an_event() -> None:
    turn = Turn(1, "P07", 5.0, 6.0, "Jean came.")
    mention = Mention("m", 1, 0, 4, Category.PERSON, "ner", 0.5, "[Person 1]")
    app = _Page([turn], [DecidedMention(mention, None)], [Mark(0.0, MarkKind.TOPIC, "Family")])
    async with app.run_test() as pilot:
        decision = Decision("m", Verdict.ACCEPTED, 1, "t")
        app.query_one(TranscriptView).show_decisions([DecidedMention(mention, decision)], [0])
        await pilot.pause()
        lines = [strip.text for strip in read_screen_lines(app)]

    assert "Topic: Family" in lines[0]
    assert "✓[Person\N{NO-BREAK SPACE}1]" in lines[1]


async def test_nothing_is_drawn_before_there_is_a_size_or_a_turn() -> None:
    view = TranscriptView()
    app = _Page([])
    async with app.run_test() as pilot:
        await pilot.pause()

        assert _texts(app, 0).strip() == ""
    assert view.cursor == -1


async def test_a_change_of_colours_draws_the_lines_anew() -> None:
    app = _Page([Turn(1, "P07", 0.0, 1.0, "Hello.")])
    async with app.run_test() as pilot:
        before = read_screen_lines(app)[0]
        app.theme = THEMES[1].name
        await pilot.pause()
        after = read_screen_lines(app)[0]

    assert before.text == after.text
    assert [s.style for s in before] != [s.style for s in after]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
async def test_a_turn_that_is_drawn_alone_looks_as_if_all_were_drawn(data: st.DataObject) -> None:
    turns = [Turn(n, "P07", n, n + 1, "Margaret came along, and so did I. " * 2) for n in range(30)]
    mentions = [
        Mention(f"m{n}", n, 0, 8, Category.PERSON, "ner", 0.9, "[Person 1, sister]")
        for n in range(30)
    ]
    decided = [DecidedMention(mention, None) for mention in mentions]
    app = _Page(turns, decided)
    async with app.run_test(size=(45, 20)) as pilot:
        view = app.query_one(TranscriptView)
        for _ in range(5):
            place = data.draw(st.integers(0, 29))
            verdict = data.draw(st.sampled_from(list(Verdict)))
            decision = Decision(f"m{place}", verdict, 1, "2026-11-25", "M.")
            decided[place] = DecidedMention(mentions[place], decision)
            view.show_decisions(list(decided), [place])
            if data.draw(st.booleans()):
                view.point_at(data.draw(st.integers(0, 29)))
            if data.draw(st.booleans()):
                key = data.draw(st.integers(0, 29))
                said = "Margaret came. " * data.draw(st.integers(1, 6))
                turns[key] = replace(turns[key], text=said)
                view.show_edit(list(turns), list(decided), (), {key})
            if data.draw(st.booleans()):
                view.reserve_rows(data.draw(st.integers(0, 29)), data.draw(st.integers(1, 4)))
            else:
                view.release_rows()
            await pilot.pause()
        drawn = [strip.text for strip in read_screen_lines(app)]
        view.show(turns, list(decided), ())
        await pilot.pause()

        assert drawn == [strip.text for strip in read_screen_lines(app)]


def test_every_kind_of_detail_has_a_sign_of_one_cell_that_the_help_explains() -> None:
    signs = {find_kind_sign(category) for category in Category}

    assert signs == set(KIND_SIGNS)
    assert {cell_len(sign) for sign in signs} == {1}


async def test_a_blank_line_follows_each_turn_and_event_where_a_person_wants_it() -> None:
    turns = [Turn(n, "P07", n, n + 1, "One. " * 12) for n in range(3)]
    app = _Page(turns, events=[Mark(1.0, MarkKind.MARKER)])
    async with app.run_test(size=(60, 14)) as pilot:
        view = app.query_one(TranscriptView)
        view.has_blank_lines = True
        view.show(turns, [], [Mark(1.0, MarkKind.MARKER)])
        view.go_to(1)
        await pilot.pause()
        lines = [strip.text[:-2].rstrip() for strip in read_screen_lines(app)]
        region, high = view.find_turn_region(1), view.virtual_size.height
        view.reserve_rows(1, 4)
        await pilot.pause()

    assert ["#" if line else " " for line in lines[:11]] == list("## # ## ## ")
    assert (region.y, region.height) == (5, 2)
    assert view.virtual_size.height == high + 2


def test_a_reason_to_doubt_a_turn_is_told_once() -> None:
    flags = (DoubtFlag("speaker unsure"), DoubtFlag("repetition"), DoubtFlag("speaker unsure"))

    assert describe_doubts(Turn(1, "P07", 0.0, 1.0, "Yes.", (), flags)) == (
        "≈ check: speaker unsure; repetition"
    )
