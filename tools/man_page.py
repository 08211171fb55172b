"""Write the manual page of ``earshot`` from its verbs.

    python -m tools.man_page > docs/earshot.1

It is installed with the package, so that ``man earshot`` opens it; a test holds it to the verbs.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from unittest import mock

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.io import StringOutput
from docutils.utils import new_document
from docutils.writers.manpage import Writer

from cli.command_line import VERB_NAMES, build_parser, load_verb
from cli.verb import Verb
from study import VERSION

_ABOUT = "record, transcribe and anonymise research interviews on this computer"


def render_man_page() -> str:
    """Return the page in troff; the same on every day and in every terminal."""
    with mock.patch.dict(os.environ, {"COLUMNS": "76"}):  # what argparse wraps its usage to
        page = _lay_out()
    # What stands above names the version of the writer.
    return page[page.index(".nr ") :].rstrip() + "\n"


def _lay_out() -> str:
    document = new_document("earshot", get_default_settings(Writer))
    document["title"] = "earshot"
    document += nodes.title(text="earshot")
    document += nodes.subtitle(text=_ABOUT)
    document += nodes.docinfo(
        "", nodes.version(text=f"earshot {VERSION}"), _field("manual_section", "1"),
        _field("manual_group", "Earshot"),
    )  # fmt: skip
    document += _section("Description", _prose(build_parser("demo").description))
    verbs = [load_verb(name) for name in VERB_NAMES]
    document += _section("Verbs", [_list_meanings((verb.name, verb.summary) for verb in verbs)])
    for verb in verbs:
        document += _section(f"earshot {verb.name}", _describe(verb))
    return str(Writer().write(document, StringOutput(encoding="unicode")))


def _describe(verb: Verb) -> Iterable[nodes.Node]:
    """Yield what ``--help`` shows of one verb."""
    parser = argparse.ArgumentParser(prog=f"earshot {verb.name}")
    verb.add_to_parser(lambda *_name, **_help: parser)
    yield _laid_out(parser.format_usage())
    yield from _prose(verb.summary)
    actions = parser._actions  # noqa: SLF001 - argparse shows its arguments in no other way
    listed = [
        (_name(action), parser._get_formatter()._expand_help(action))  # noqa: SLF001
        for action in actions
        if action.help not in {None, argparse.SUPPRESS} and action.dest != "help"
    ]
    if listed:
        yield _list_meanings(listed)
    yield _laid_out(f"example:\n  {verb.example}")
    yield from _prose(verb.leaves)


def _name(action: argparse.Action) -> str:
    value = action.metavar or (action.dest.upper() if action.nargs != 0 else "")
    if isinstance(value, tuple):
        value = " ".join(value)
    if not action.option_strings:
        return value or action.dest
    if action.nargs == 0:
        return ", ".join(action.option_strings)
    if action.choices and not action.metavar:
        value = "{" + ",".join(map(str, action.choices)) + "}"
    return f"{', '.join(action.option_strings)} {value}".rstrip()


def _prose(text: str | None) -> Iterable[nodes.Node]:
    """Yield paragraphs; those with lines of their own, such as examples, as they are written."""
    for paragraph in (text or "").strip().split("\n\n"):
        if "\n" in paragraph:
            yield _laid_out(paragraph)
        elif paragraph:
            yield nodes.paragraph(text=paragraph)


def _laid_out(text: str) -> nodes.Node:
    return nodes.literal_block(text=text.rstrip())


def _list_meanings(listed: Iterable[tuple[str, str]]) -> nodes.Node:
    return nodes.definition_list(
        "",
        *(
            nodes.definition_list_item(
                "",
                nodes.term("", "", nodes.strong(text=name)),
                nodes.definition("", nodes.paragraph(text=meaning)),
            )
            for name, meaning in listed
        ),
    )


def _section(title: str, parts: Iterable[nodes.Node]) -> nodes.Node:
    return nodes.section("", nodes.title(text=title), *parts)


def _field(name: str, value: str) -> nodes.Node:
    return nodes.field(
        "", nodes.field_name(text=name), nodes.field_body("", nodes.paragraph(text=value))
    )


if __name__ == "__main__":
    print(render_man_page(), end="")
