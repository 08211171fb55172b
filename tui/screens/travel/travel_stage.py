"""What the controllers of sending and receiving ask of their screen."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from study import InterviewSummary, ReportProgress, ShouldStop, TrustedStudy
from study.errors import EarshotError
from study.store import Study, list_trusted
from tui.key_names import with_keys
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.screens.stage import Stage

_Result = TypeVar("_Result")
_NOBODY = "No other study is trusted yet. {travel.keys} trusts one by its 12 words."
_THERE = "There is already a file of that name."
_NO_FOLDER = "There is no such folder."
_NO_FILE = "There is no such file."


class TravelStage(Stage, Protocol):
    """The screen, seen by its controllers. folder: where files were read or written last."""

    folder: Path

    @property
    def study(self) -> Study:
        """The study that is open."""
        ...

    @property
    def picked(self) -> list[InterviewSummary]:
        """The interviews that are marked; if none is, the one under the cursor."""
        ...

    def work_on(
        self,
        doing: str,
        what: str,
        act: Callable[[ReportProgress, ShouldStop], _Result],
        tell: Callable[[_Result], None],
    ) -> None:
        """Do something on a thread, with its progress, and ``tell`` of it; an error is shown.

        doing: "send" or "receive". what: the name of what is worked on.
        """
        ...

    def refresh_study(self) -> None:
        """Read the study again."""
        ...


def ask_new_file(
    stage: TravelStage, question: str, name: str, take: Callable[[Path], None]
) -> None:
    """Ask where a new file goes; ``take`` gets a path at which there is nothing."""

    def check(text: str) -> str:
        path = Path(text).expanduser()
        if not path.parent.is_dir():
            return _NO_FOLDER
        return _THERE if os.path.lexists(path) or not path.name else ""

    def typed(text: str | None) -> None:
        if text is not None:
            path = Path(text).expanduser()
            stage.folder = path.parent
            take(path)

    field = TextPrompt(question, value=str(stage.folder / name), check=check, replaces=False)
    stage.ask(field, typed)


def ask_file(stage: TravelStage, question: str, take: Callable[[Path], None]) -> None:
    """Ask for a file that is there."""

    def check(text: str) -> str:
        return "" if Path(text).expanduser().is_file() else _NO_FILE

    def typed(text: str | None) -> None:
        if text is not None:
            path = Path(text).expanduser()
            stage.folder = path.parent
            take(path)

    field = TextPrompt(question, value=f"{stage.folder}{os.sep}", check=check, replaces=False)
    stage.ask(field, typed)


def ask_trusted(stage: TravelStage, question: str, take: Callable[[TrustedStudy], None]) -> None:
    """Ask for one of the studies that are trusted."""
    try:
        known = list_trusted(stage.study)
    except EarshotError as error:
        stage.show_message(stage.problem(error))
        return
    if not known:
        stage.show_message(with_keys(_NOBODY))
        return

    def chosen(number: int | None) -> None:
        if number is not None:
            take(known[number])

    stage.ask(ChoicePrompt(question, [one.name for one in known]), chosen)
