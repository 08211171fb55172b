"""``earshot completion``: what a shell needs to complete Earshot's verbs, options and files.

And the manual page, for installers that do not make it known: pipx before 1.3 and uv.
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import cast

from cli.console import Console
from cli.verb import Verb

_SHELLS, _MANUAL = ("bash", "zsh", "fish"), "man"
_PAGE = "earshot.1"
_FOLDERS = frozenset({"STUDY", "FOLDER"})  # metavars whose place takes a folder


def render_completion(shell: str) -> str:
    """Return the script that completes ``earshot`` in a shell (bash, zsh or fish)."""
    import shtab

    from cli.command_line import build_parser

    parser = build_parser()
    for action in _list_path_actions(parser):
        is_folder = action.metavar in _FOLDERS
        # The library takes what completes an argument from this attribute of it.
        action.complete = shtab.DIRECTORY if is_folder else shtab.FILE  # type: ignore[attr-defined]
    return shtab.complete(parser, shell=shell)


def read_manual_page() -> str:
    """Return the manual page as it was installed, in troff; that of the clone where this is one."""
    there = [Path(__file__).parents[2] / "docs" / _PAGE]
    with contextlib.suppress(PackageNotFoundError):
        there += [Path(str(one.locate())) for one in files("earshot") or () if one.name == _PAGE]
    for page in there:
        if page.is_file():
            return page.read_text(encoding="utf-8")
    return ""


def _list_path_actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:  # noqa: SLF001 - argparse shows its arguments in no other way
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            verbs = cast("dict[str, argparse.ArgumentParser]", action.choices)
            for below in verbs.values():
                yield from _list_path_actions(below)
        elif action.type is Path:
            yield action


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "shell",
        choices=(*_SHELLS, _MANUAL),
        help="the shell that is to complete; man: the manual page",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    is_page = arguments.shell == _MANUAL
    script = read_manual_page() if is_page else render_completion(arguments.shell)
    console.print_result({"shell": arguments.shell, "script": script}, [script.rstrip("\n")])
    return 0


VERB = Verb(
    name="completion",
    summary="Print what bash, zsh or fish needs to complete verbs and files, or the manual page.",
    example="earshot completion bash > ~/.local/share/bash-completion/completions/earshot",
    run=_run,
    arguments=_arguments,
)
