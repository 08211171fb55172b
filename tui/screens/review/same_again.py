"""What was done last, offered for all others like it: one key does it."""

from __future__ import annotations

from collections.abc import Callable

from tui.key_names import with_keys
from tui.screens.review.review_page import ReviewPage

_NOTHING = "Decide, add or correct one first."
_NO_OTHER = "Nothing else like it here."


class SameAgain:
    """Keeps the last offer to do the same for others, and does it when it is asked for."""

    def __init__(self, page: ReviewPage) -> None:
        self._page = page
        self._do: Callable[[], None] | None = None
        self._stays = False  # the offer is to look, which can be left without doing anything
        self._is_done = False  # something that others like it could have had
        self.offer_here: Callable[[], None] | None = None  # what was decided where the cursor is

    def offer(self, count: int, do: Callable[[], None]) -> str:
        """Offer to do the same for so many others; return the sentence that says so."""
        self._do, self._is_done, self._stays = do if count else None, True, False
        if not count:
            return ""
        others = f"the other {count}" if count > 1 else "the other one"
        return " " + with_keys(f"{{interview.same}} does the same for {others}.")

    def offer_to_look(self, sentence: str, look: Callable[[], None]) -> str:
        """Offer to look for others, whose number is not known yet; return the sentence."""
        self._do, self._is_done, self._stays = look, True, True
        return with_keys(sentence)

    def forget(self) -> None:
        """Offer nothing any more: something else was done."""
        self._do, self._is_done = None, False

    def action_same(self) -> None:
        """Do the same for all others like it, or like what was decided earlier at the cursor."""
        if self._do is None and self.offer_here is not None:
            self.offer_here()
        do = self._do
        if not self._stays:
            self._do = None
        if do is None:
            self._page.describe(_NO_OTHER if self._is_done else _NOTHING)
        else:
            do()
