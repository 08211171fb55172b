"""The small boxes that ask something, which have no commands, keep to what the keys mean."""

from __future__ import annotations

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

from app import KEY_MEANINGS
from tui.screens.dialogs import QuestionDialog
from tui.screens.guide_editor import GuideEditor
from tui.screens.home_screen import FilterField
from tui.screens.passphrase_prompt import PassphrasePrompt
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.widgets.mention_detail import ReplacementField

MEANS = {key: m.name for m in KEY_MEANINGS for key in m.keys.split(",")}
WANTED = {
    "up": {"up"}, "down": {"down"}, "page_up": {"page_up"}, "page_down": {"page_down"},
    "home": {"beginning"}, "end": {"end"}, "take": {"open"}, "submit": {"open"},
    "leave": {"back"}, "give_up": {"back"}, "screen.unfilter": {"back"}, "keep": {"keep"},
    "True": {"yes"}, "False": {"no", "back"},
}  # fmt: skip


@pytest.mark.parametrize(
    "box",
    [QuestionDialog, ChoicePrompt, TextPrompt, PassphrasePrompt, GuideEditor, FilterField,
     ReplacementField],
)  # fmt: skip
def test_a_key_of_a_box_means_what_it_means_everywhere(box: type[DOMNode]) -> None:
    bound = [one for one in box.__dict__["BINDINGS"] if isinstance(one, Binding)]
    assert bound
    for one in bound:
        keys = one.key.split(",")
        if one.action.startswith("digit("):  # a digit is the one of this number
            assert keys[0].isdigit()
            continue
        name = one.action.partition("(")[2].rstrip(")").strip("'") or one.action
        assert {MEANS[key] for key in keys} == WANTED[name], one
