"""Mentions, decisions about them, and replacements: exit codes 90 to 93."""

from __future__ import annotations

from study.errors.base import EarshotError


class AnonymisationError(EarshotError):
    """A mention or a replacement cannot be changed as asked."""


class UnknownMention(AnonymisationError):
    """A decision names a mention that the interview does not have, or no longer."""

    exit_code = 90

    def __init__(self, *, is_there: bool = False) -> None:
        """is_there: whether the words were to be added, and are in a mention already."""
        why = (
            "These words are in a mention already, so they cannot be added"
            if is_there
            else "There is no such mention in this interview"
        )
        super().__init__(f"{why}.")
        self.is_there = is_there


class WordsChanged(AnonymisationError):
    """A decision is about words that were edited since the search."""

    exit_code = 91

    def __init__(self) -> None:
        super().__init__("The words of that mention were edited since it was found.")


class UnknownReplacement(AnonymisationError):
    """No identity of the study has the label whose replacement should change."""

    exit_code = 92

    def __init__(self) -> None:
        super().__init__("Nothing in this study has that label.")


class BadReplacement(AnonymisationError):
    """A typed replacement is empty, or already belongs to another identity."""

    exit_code = 93

    def __init__(self, why: str) -> None:
        super().__init__(f"That replacement {why}.")
        self.why = why
