"""What is displayed is what is stored, and what was typed is what is stored, for any text.

With EARSHOT_THOROUGH=1 each law is tried on a thousand cases.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.events import Paste
from textual.pilot import Pilot

from study import Turn, sanitise_text
from study.store import Argon2Cost, Study, read_newest_transcript
from tui.app import Earshot
from tui.hardening import read_screen_lines
from tui.screens.dialogs import QuestionDialog
from tui.widgets.row_list import RowList
from tui.widgets.safe_text import SafeText
from tui.widgets.turn_editor import TurnEditor

_CASES = 1_000 if os.environ.get("EARSHOT_THOROUGH") else 5
_PARTS = st.sampled_from([
    "[/red]", "[@click=app.quit]go[/]", "$open", "[pause]", "\\[", "{x!r}", "\x1b[2J",
    "\x1b]0;t\x07",
    "\x9b2J", "漢字", "한국어", "e\u0301\u0323", "नमस्ते", "עברית", "مرحبا", "\u202eabc\u2066",
    "\u200b",
    "a\u200db", "👩‍👩‍👧", "🇬🇧", "\u2028", "\ufeff", "\u00ad", "a\tb", "\x00", "\x7f", "\U000e0041",
])  # fmt: skip
_TEXTS = st.lists(st.one_of(_PARTS, st.text(max_size=12), st.just(" ")), max_size=12).map("".join)
_laws = settings(
    max_examples=_CASES,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    database=None,
)


class _Page(App[None]):
    """A list, words and a field that show texts."""

    CSS = "Plain, Rows { width: 400; height: auto; text-wrap: nowrap; }"

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__()
        self._texts = texts

    def compose(self) -> ComposeResult:
        for text in self._texts:
            yield SafeText(" ".join(text.splitlines()))
        yield RowList(id="rows")

    def on_mount(self) -> None:
        rows = self.query_one(RowList)
        rows.styles.height = len(self._texts)
        rows.show(self._texts)


def _lines(app: App[Any]) -> list[str]:
    return [strip.text.rstrip() for strip in read_screen_lines(app)]


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@_laws
@given(st.lists(_TEXTS, min_size=1, max_size=12))
@example(["x" * 300, "[pause]", "漢" * 100])
async def test_lists_and_words_show_what_is_stored(texts: list[str]) -> None:
    app = _Page(texts)
    async with app.run_test(size=(400, 40)):
        lines = _lines(app)

    count = len(texts)
    assert lines[:count] == [sanitise_text(" ".join(text.splitlines())).rstrip() for text in texts]
    listed = [line[2:] for line in lines[count : 2 * count]]
    assert listed == [sanitise_text(text).rstrip() for text in texts]


class _Field(App[None]):
    """A turn that is being typed."""

    CSS = "TurnEditor { width: 60; height: 60; }"

    def compose(self) -> ComposeResult:
        yield TurnEditor()


@_laws
@given(st.lists(_TEXTS, min_size=1, max_size=6))
@example(["x" * 2_000])
@example(["漢" * 1_000])
async def test_a_field_shows_what_is_stored(texts: list[str]) -> None:
    app = _Field()
    async with app.run_test(size=(60, 60)) as pilot:
        field = app.query_one(TurnEditor)
        for text in texts:
            field.open(text, 0, 0)
            await pilot.pause()

            assert field.text == sanitise_text(text)
            assert _bare("".join(_lines(app))) == _bare(sanitise_text(text))


@dataclass(slots=True)
class _Model:
    """A line of text with a cursor in it: all that a field is."""

    text: str
    at: int = 0

    def press(self, key: str) -> None:
        before, after = self.text[: self.at], self.text[self.at :]
        if key == "left":
            self.at = max(0, self.at - 1)
        elif key == "right":
            self.at = min(len(self.text), self.at + 1)
        elif key == "end":
            self.at = len(self.text)
        elif key == "backspace":
            self.text, self.at = before[:-1] + after, max(0, self.at - 1)
        elif key == "delete":
            self.text = before + after[1:]
        else:
            self.text, self.at = before + key + after, self.at + len(key)


_MOVES = st.sampled_from(["left", "right", "end", "backspace", "delete"])
_LETTERS = st.sampled_from("ab é[]/漢ñzZ?1")
_PASTED = st.sampled_from(
    [
        "[/red]",
        "a b",
        "עברית",
        "\x1b[2J",
        "one\ntwo",
        "✓ so",
        "e\u0301",
        "👩‍👩‍👧",
        "\u202ex",
        "c\td",
    ]
)
_SITTINGS = st.lists(
    st.lists(st.one_of(_MOVES, _LETTERS, _PASTED), min_size=1, max_size=8), min_size=1, max_size=4
)
_FIRST = "Could you tell me?"


@_laws
@given(sittings=_SITTINGS)
async def test_what_is_stored_is_what_was_typed_and_undo_brings_back_every_step(
    tmp_path_factory: pytest.TempPathFactory,
    cheap: Argon2Cost,
    add: Callable[..., str],
    sittings: list[list[str]],
) -> None:
    study, _ = Study.create(tmp_path_factory.mktemp("law") / "study", "four words", cost=cheap)
    add(study, "P07_i1", (Turn(1, "INT", 0.0, 2.0, _FIRST),))
    app = Earshot(study)
    with study:
        async with app.run_test() as pilot:
            await pilot.press("enter")
            steps = [_FIRST]
            for keys in sittings:
                typed = await _sit(app, pilot, keys, steps[-1])
                assert _stored(study) == typed
                steps += [typed] if typed != steps[-1] else []
            for was in reversed(steps[:-1]):
                await pilot.press("z")
                assert _stored(study) == was
            for is_again in steps[1:]:
                await pilot.press("Z")
                assert _stored(study) == is_again


async def _sit(app: Earshot, pilot: Pilot[None], keys: list[str], before: str) -> str:
    """Type in the turn, leave it, and return what it should say."""
    model = _Model(before)
    await pilot.press("enter")
    for key in keys:
        await _type(app, pilot, key, model)
    await pilot.press("escape")
    await pilot.pause()
    if model.text.strip():
        return model.text.strip()
    assert isinstance(app.screen, QuestionDialog)  # nothing is left: remove the turn?
    await pilot.press("n")
    await pilot.pause()
    return before


async def _type(app: Earshot, pilot: Pilot[None], key: str, model: _Model) -> None:
    if len(key) == 1 or key in {"left", "right", "end", "backspace", "delete"}:
        await pilot.press(key)
        model.press(key)
        return
    app.post_message(Paste(key))
    await pilot.pause()
    kept = key.replace("\x1b[2J", "")  # what steers a terminal is no part of what was said
    for letter in sanitise_text(kept.replace("\n", " ").replace("\t", " ")):
        model.press(letter)


def _stored(study: Study) -> str:
    source = read_newest_transcript(study.interview("P07_i1"))
    assert source is not None
    return source.transcript.turns[0].text
