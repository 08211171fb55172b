"""The stylesheet names widgets by their classes, and Textual ignores a name that is none."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from textual.app import App
from textual.css.model import SelectorType
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

import tui
from tui.themes import THEMES

_STYLESHEET = Path(tui.__file__).parent / "app.tcss"


def _subclasses(kind: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)


def _every_node() -> list[type[DOMNode]]:
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        importlib.import_module(module.name)
    return list(_subclasses(DOMNode))


def _names(css: str) -> set[str]:
    """Return the class names in the selectors of a stylesheet."""
    variables = App[None]().get_css_variables()
    for theme in THEMES:
        variables |= theme.variables
    sheet = Stylesheet(variables=variables)
    sheet.add_source(css)
    return {
        selector.name
        for rule in sheet.rules
        for selectors in rule.selector_set
        for selector in selectors.selectors
        if selector.type is SelectorType.TYPE
    }


def test_every_class_in_the_stylesheet_is_a_widget() -> None:
    known = {node.__name__ for node in _every_node()}

    assert _names(_STYLESHEET.read_text(encoding="utf-8")) - known == set()


def test_every_class_in_a_widgets_own_style_is_a_widget() -> None:
    every = _every_node()
    known = {node.__name__ for node in every}
    ours = [node for node in every if node.__module__.startswith("tui.")]

    wrong = {node.__name__: _names(vars(node).get("DEFAULT_CSS", "")) - known for node in ours}

    assert {name: names for name, names in wrong.items() if names} == {}


def test_text_on_a_coloured_ground_has_a_colour_of_its_own_in_every_theme() -> None:
    """The terminal's own text colour on its yellow cannot be read."""
    sources = [p.read_text("utf-8") for p in Path(tui.__file__).parent.rglob("*.py")]
    rules = re.findall(r"{([^{}]*)}", "\n".join([_STYLESHEET.read_text("utf-8"), *sources]))
    grounds = {
        (ground, text)
        for rule in rules
        for ground in re.findall(r"background: \$(open|wrong|live|done|indirect)\b", rule)
        for text in re.findall(r"(?<!-)color: \$([a-z-]+)", rule)
    }

    assert grounds
    assert {text for ground, text in grounds if text != f"on-{ground}"} == set()
    for theme in THEMES:
        for ground, text in grounds:
            assert theme.variables[text] not in {theme.variables[ground], "ansi_default"}
