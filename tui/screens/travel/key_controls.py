"""The key of this study with its 12 words, and the studies that are trusted."""

from __future__ import annotations

from pathlib import Path

from app import write_card
from study import StudyCard
from study.errors import EarshotError
from study.store import (
    distrust_study,
    list_trusted,
    make_study_keys,
    matches_card,
    read_card_file,
    read_study_card,
    spell_card,
    trust_study,
)
from tui.screens.dialogs import QuestionDialog
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.screens.travel.travel_stage import TravelStage, ask_file, ask_new_file

_FIXED = (
    "This study's key: its 12 words",
    "Write this study's key to a file, which is no secret",
    "Trust another study's key",
)
_GROUP = 4  # words on a line, as one reads them out
_READ_OUT = "The 12 words of this study's key, to read out to the other owner:"
_WORDS = "Its 12 words, as its owner reads them to you over the telephone:"
_WORDS_HINT = "The first four letters of each will do. Enter trusts it, Esc cancels."
_DIFFER = "These are not the words of that key. Ask for them again."


class KeyControls:
    """What the key for checking does on the screen of sending and receiving."""

    def __init__(self, stage: TravelStage) -> None:
        self._stage = stage

    def action_keys(self) -> None:
        """Ask what is to be done with the keys of studies."""
        stage = self._stage
        try:
            known = [one.name for one in list_trusted(stage.study)]
        except EarshotError as error:
            stage.show_message(stage.problem(error))
            return

        def chosen(number: int | None) -> None:
            if number == 0:
                stage.try_change(self._show_words)
            elif number == 1:
                ask_new_file(
                    stage, "Where should the file of the key go?", "study.key", self._write
                )
            elif number is not None and number < len(_FIXED):
                ask_file(stage, "Which file holds the key of the other study?", self._read)
            elif number is not None:
                self._ask_to_distrust(known[number - len(_FIXED)])

        options = [*_FIXED, *(f"Trust {name} no longer" for name in known)]
        stage.ask(ChoicePrompt("The keys of this study and of others:", options), chosen)

    def _card(self) -> StudyCard:
        study = self._stage.study
        return read_study_card(study) or make_study_keys(study)

    def _show_words(self) -> None:
        words = spell_card(self._card()).split()
        lines = (
            f"{at + 1:2}  {' '.join(words[at : at + _GROUP])}"
            for at in range(0, len(words), _GROUP)
        )
        self._stage.show_message("\n\n".join([_READ_OUT, "\n".join(lines)]))

    def _write(self, path: Path) -> None:
        def write() -> None:
            write_card(path, self._card())

        if self._stage.try_change(write):
            self._stage.show_message(f"Give it to the other owner; it is no secret.\n\n{path}")

    def _read(self, path: Path) -> None:
        found: list[StudyCard] = []
        if self._stage.try_change(lambda: found.append(read_card_file(path))):
            self._ask_name(found[0], path.stem)

    def _ask_name(self, card: StudyCard, name: str) -> None:
        def typed(text: str | None) -> None:
            if text is not None:
                self._ask_words(card, text)

        self._stage.ask(TextPrompt("What is that study called here?", value=name), typed)

    def _ask_words(self, card: StudyCard, name: str) -> None:
        def check(text: str) -> str:
            return "" if matches_card(card, text) else _DIFFER

        def typed(heard: str | None) -> None:
            if heard is None:
                return
            if self._stage.try_change(lambda: _trust(self._stage, card, name, heard)):
                self._stage.show_message(
                    f"{name} is trusted: interviews can be sent to it, and received from it."
                )
                self._stage.refresh_study()

        self._stage.ask(TextPrompt(_WORDS, hint=_WORDS_HINT, check=check), typed)

    def _ask_to_distrust(self, name: str) -> None:
        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if wanted:
                self._stage.try_change(lambda: distrust_study(self._stage.study, name))
                self._stage.refresh_study()

        question = f"Trust {name} no longer? Nothing more is sent to it or taken in from it."
        self._stage.ask(QuestionDialog(question), answered)


def _trust(stage: TravelStage, card: StudyCard, name: str, heard: str) -> None:
    trust_study(stage.study, card, name, heard)
