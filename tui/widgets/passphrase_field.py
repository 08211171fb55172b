"""A field for a passphrase: what is typed shows as dots, and leaves by no clipboard."""

from __future__ import annotations

from textual.widgets import Input


class PassphraseField(Input):
    """One line that nobody can read or copy; ``take`` empties it."""

    def __init__(self, placeholder: str, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id, password=True, placeholder=placeholder, compact=True)

    def take(self) -> str:
        """Return what was typed, and keep nothing of it."""
        typed = self.value
        self.value = ""
        return typed

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Cut nothing: what is cut lies on a clipboard."""
