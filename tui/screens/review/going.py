"""Getting about in an interview: turns, doubts, pauses, finds, the list and the timeline."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise

from textual import on

from study.aligning import spans, time_at
from study.corrected import Corrected
from study.finding import Find, matches
from study.terms import MarkKind, Turn
from tui.screens.asking import Typed
from tui.screens.review.page import ReviewPage
from tui.widgets.mentions import MentionList
from tui.widgets.timeline import Timeline
from tui.widgets.transcript import TranscriptView

_ROUNDING_S = 1e-6  # a player counts frames, a transcript decimals
_AT_ONCE = 4  # turns that may have begun and not ended: channels seldom number more
_MODES = {
    "list": "The list: ↑ ↓ choose, Enter goes there, L or Esc leaves it.",
    "timeline": "The timeline: ← → go along it, Enter stays there, T or Esc leaves it.",
}
_LONG_PAUSE_S = 3.0  # as long as transcription conventions write a pause out in seconds


class Going(ReviewPage):
    """Moves of the cursor."""

    def __init__(self, interview: str) -> None:
        super().__init__(interview)
        self._sought = ""
        self._finds: list[Find] = []
        self._find_places: list[tuple[int, int]] = []
        self._found_for = ("", -1)  # what was looked for, after how many edits
        self._words: tuple[int, int, int] | None = None  # of which turn, from which word to which
        self._is_selecting = False
        self._at: tuple[int, int] | None = None  # of the last find: turn's number, character
        self._found: Find | None = None  # the place of it, until the cursor goes elsewhere

    def action_move(self, direction: str) -> None:
        """Go along the turns, the list or the timeline, whatever the arrows are for now."""
        if self.mode == "list":
            self.query_one(MentionList).move(direction)
        elif self.mode == "timeline":
            self._along({"up": -1, "down": 1, "page_up": -10, "page_down": 10}.get(direction, 0))
        else:
            self._move(direction)

    def action_word(self, by: int) -> None:
        """Choose the word before or after, or go along the timeline."""
        if self.mode == "timeline":
            self._along(by)
            return
        turn = self.turn
        words = _words(turn)
        if turn is None or not words:
            return
        if self._words is None or self._words[0] != turn.key:
            at = 0 if by > 0 else len(words) - 1
            self._words = (turn.key, at, at)
        else:
            _, first, last = self._words
            last = min(max(0, last + by), len(words) - 1)
            self._words = (turn.key, first if self._is_selecting else last, last)
        self._show_words()

    def action_select(self) -> None:
        """Begin to choose several words, or end it."""
        if self.chosen_words() is None:
            self.action_word(1)
        self._is_selecting = not self._is_selecting
        self.describe(
            "Selecting: the arrows take more words; m adds them as a mention, v ends."
            if self._is_selecting
            else ""
        )

    def chosen_words(self) -> tuple[int, int] | None:
        """Return the characters of the turn that are chosen, None where none are."""
        turn = self.turn
        words = _words(turn)
        if turn is None or self._words is None or self._words[0] != turn.key:
            return None
        first, last = sorted(self._words[1:])
        if last >= len(words):
            return None
        return words[first][0], words[last][1]

    def pointed_words(self) -> tuple[int, int] | None:
        """Return the characters that are chosen, or else were found; None where none are."""
        found, chosen = self._found, self.chosen_words()
        if chosen is None and found is not None and found.turn == self.view.turn:
            return found.start, found.end
        return chosen

    def forget_words(self) -> None:
        """Choose no words any more."""
        if self._words is not None or self._found is not None:
            self._words, self._is_selecting, self._found = None, False, None
            self.view.choose(0, 0, 0)

    def action_step_doubt(self, by: int) -> None:
        """Go to the next doubtful turn, round the end if need be."""
        self._seek_turn(by, lambda turn: bool(turn.flags), "No turn is doubtful.")

    def action_step_pause(self, by: int) -> None:
        """Go to the turn after the next long pause."""
        after = self._pauses()
        self._seek_turn(by, lambda turn: turn.key in after, "There is no long pause.")
        if self.turn is not None and self.turn.key in after:
            self.describe(f"A pause of {after[self.turn.key]:.1f} s before this turn.")

    def action_find(self) -> None:
        """Ask what to look for, and go to the next place of it."""

        def found(wanted: str | None) -> None:
            if wanted:
                self._sought = wanted
                self.action_step_find(1)

        hint = "Enter looks for it, also within words; g goes to the next place, G back."
        self.earshot.push_screen(Typed("Find", value=self._sought, hint=hint), found)

    def action_step_find(self, by: int) -> None:
        """Go to the next place of what is looked for."""
        review = self.review
        if review is None or review.pen is None:
            return
        if not self._sought:
            self.action_find()
            return
        sought = (self._sought, review.pen.state.edits)
        if sought != self._found_for:
            self._found_for = sought
            self._finds = list(matches(review.pen.state, self._sought))
            self._find_places = self._places(review.pen.state)
        places = self._find_places
        if not self._finds:
            self.describe("It stands nowhere in this interview.")
            return
        at = self._next(places, by)
        find = self._finds[at]
        self.go_to_turn(find.turn)
        self._point_at_mention(find)
        self.forget_words()
        self._found = find
        self.view.choose(find.turn, find.start, find.end, "found")
        self._at = (places[at][0], find.start)
        self.describe(f"Place {at + 1} of {len(self._finds)}. g next, G before, Enter corrects it.")

    def _point_at_mention(self, find: Find) -> None:
        """Let keys act on the mention that was found, where it is one."""
        for place, one in enumerate(self.decided):
            mention = one.mention
            if mention.turn == find.turn and mention.start < find.end and find.start < mention.end:
                self.view.go_to(find.turn, place)
                return

    def _places(self, state: Corrected) -> list[tuple[int, int]]:
        self._finds = [find for find in self._finds if find.event < 0]
        number = {turn.key: n for n, turn in enumerate(state.turns)}
        return [(number[find.turn], find.start) for find in self._finds]

    def _next(self, places: Sequence[tuple[int, int]], by: int) -> int:
        number = max(0, self._number())
        here = self._at if self._at and self._at[0] == number else (number, -1 if by > 0 else 1)
        if by > 0:
            return bisect_right(places, here) % len(places)
        return (bisect_left(places, here) - 1) % len(places)

    def action_list(self) -> None:
        """Let the arrows go along the list of mentions, or along the turns again."""
        if self.decided:
            self.set_mode("" if self.mode == "list" else "list")

    def action_timeline(self) -> None:
        """Let the arrows go along the timeline, or along the turns again."""
        if self.turns:
            self.set_mode("" if self.mode == "timeline" else "timeline")

    def set_mode(self, mode: str) -> None:
        """Let the arrows go along something else."""
        self.mode = mode
        self.set_class(mode == "list", "-listing")
        if mode == "list" and self.review is not None:
            self.query_one(MentionList).fill(self.review.decided, self.review.original)
        self.set_class(mode == "timeline", "-along")
        self.describe(_MODES.get(mode, ""))

    def take_mode(self) -> None:
        """Stay where the list or the timeline points to."""
        if self.mode == "list":
            place = self.query_one(MentionList).place
            if place >= 0:
                self.note_looked_at(self.decided[place].mention.turn)
                self.view.point_at(place)
        self.set_mode("")

    @on(Timeline.Went)
    def _went(self, message: Timeline.Went) -> None:
        self.go_to_time(message.at_s)
        self.describe()

    @on(TranscriptView.Pointed)
    def _pointed(self, message: TranscriptView.Pointed) -> None:
        self.forget_words()
        self.go_to_turn(message.turn)
        self.describe()

    def go_to_time(self, at_s: float) -> None:
        """Put the cursor on the turn that is spoken at a time."""
        turn = turn_at(self.turns, at_s)
        if turn is not None:
            self.go_to_turn(turn.key)

    def chosen_time(self) -> float:
        """Return when the chosen word is said, or else when the turn begins."""
        turn, words = self.turn, self.pointed_words()
        if turn is None:
            return 0.0
        return time_at(turn, words[0]) if words else turn.start_s

    def _pauses(self) -> dict[int, float]:
        """Return by each turn that follows a long pause how long that is, in seconds."""
        after = {
            b.key: b.start_s - a.end_s
            for a, b in pairwise(self.turns)
            if b.start_s - a.end_s >= _LONG_PAUSE_S
        }
        starts = [turn.start_s for turn in self.turns]
        for event in self.review.events if self.review else ():
            number = bisect_left(starts, event.at_s)
            if event.kind == MarkKind.SILENCE and number < len(starts):
                after[self.turns[number].key] = event.length_s
        return after

    def _along(self, by: int) -> None:
        at_s = self.query_one(Timeline).step(by)
        self.go_to_time(at_s)
        self.describe(_MODES["timeline"])
        self.query_one(Timeline).point_at(at_s)

    def _move(self, direction: str) -> None:
        view = self.view
        if direction in {"up", "down"}:
            if view.hidden_rows(direction) and self.turn is not None:
                view.move(direction)
                return
            self._go_by(1 if direction == "down" else -1)
        elif direction in {"home", "end"} and self.turns:
            self.go_to_turn(self.turns[0 if direction == "home" else -1].key)
        else:
            view.move(direction)
            key = view.first_in_sight()
            if key is not None:
                self.go_to_turn(key, in_sight=False)
        self.forget_words()
        self.describe()

    def _go_by(self, by: int) -> None:
        number = self._number()
        if self.turns:
            following = min(max(0, number + by), len(self.turns) - 1) if number >= 0 else 0
            self.go_to_turn(self.turns[following].key)

    def _number(self) -> int:
        return self.review.number(self.view.turn) if self.review else -1

    def _seek_turn(self, by: int, wanted: Callable[[Turn], bool], nothing: str) -> None:
        count, number = len(self.turns), self._number()
        ring = ((number + by * step) % count for step in range(1, count + 1))
        found = next((n for n in ring if wanted(self.turns[n])), None)
        if found is None:
            self.describe(nothing)
            return
        self.forget_words()
        self.go_to_turn(self.turns[found].key)
        self.describe()

    def _show_words(self) -> None:
        words = self.chosen_words()
        if words is not None and self.view.turn is not None:
            self.view.choose(self.view.turn, *words)


def _words(turn: Turn | None) -> list[tuple[int, int]]:
    """Return where the words of a turn stand, with times or without."""
    if turn is None:
        return []
    found = [span for span in spans(turn) if span[1] > span[0]]
    if found:
        return found
    at, stretches = 0, list[tuple[int, int]]()
    for word in turn.text.split():
        at = turn.text.index(word, at)
        stretches.append((at, at + len(word)))
        at += len(word)
    return stretches


def turn_at(turns: Sequence[Turn], at_s: float) -> Turn | None:
    """Return the turn that is spoken at a time, else the one that was begun last."""
    begun = bisect_right(turns, at_s + _ROUNDING_S, key=lambda turn: turn.start_s)
    for turn in reversed(turns[max(0, begun - _AT_ONCE) : begun]):
        if turn.end_s > at_s:
            return turn
    return turns[max(0, begun - 1)] if turns else None
