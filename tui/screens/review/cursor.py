"""The cursor of the review: a turn, a mention in it, words of it; and the turns looked at.

The transcript holds the cursor of turns and mentions; which words are chosen is held here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from app import InterviewReview
from study import DecidedMention, TextMatch, Turn, find_character_time, find_word_spans
from study.store import record_viewed_turns
from tui.widgets.transcript_view import TranscriptView

_PHRASE_PAUSE_S = 0.5  # in which somebody else may begin; our choice
_ENDS = (".", "?", "!", "…")
_CLOSING = "\"'”\u2019)]"


class Cursor:
    """The turn, the mention and the words that keys act on, and the turns looked at so far."""

    def __init__(self, review: InterviewReview, view: TranscriptView) -> None:
        self._review, self._view = review, view
        self.looked_at: set[int] = set()  # keys of turns, since they were last noted in the study
        self.typed_in: int | None = None  # the key of the turn that is open for typing
        self.is_selecting = False
        # Of which turn, and the characters at which the first and the last chosen word begin.
        self._words: tuple[int, int, int] | None = None
        self._found: TextMatch | None = None  # found last, until the cursor goes elsewhere

    @property
    def turn(self) -> Turn | None:
        """The turn that keys act on."""
        return self._review.find_turn(self._view.turn)

    @property
    def number(self) -> int:
        """The place of that turn among all, -1 where there is none."""
        return self._review.number_of_turn(self._view.turn)

    @property
    def mention(self) -> DecidedMention | None:
        """The mention that keys act on."""
        at = self._view.cursor
        return self._review.decided[at] if 0 <= at < len(self._review.decided) else None

    def go_to_turn(self, key: int | None, *, in_sight: bool = True) -> None:
        """Go to a turn, and to the first of its mentions that is undecided."""
        self._note_looked_at(key)
        here = self._view.list_places_in(key)
        waiting = [n for n in here if self._review.decided[n].decision is None]
        self._view.go_to(key, (waiting or here or [-1])[0], in_sight=in_sight)

    def go_by(self, by: int) -> None:
        """Go to the turn that many further on, or to the first or last one."""
        turns, number = self._review.turns, self.number
        if turns:
            following = min(max(0, number + by), len(turns) - 1) if number >= 0 else 0
            self.go_to_turn(turns[following].key)

    def go_to_mention(self, place: int) -> None:
        """Go to a mention, by its place in the order of reading."""
        if 0 <= place < len(self._review.decided):
            self._note_looked_at(self._review.decided[place].mention.turn)
        self._view.point_at(place)

    def _note_looked_at(self, following: int | None) -> None:
        if self._view.turn is not None and self._view.turn != following:
            self.looked_at.add(self._view.turn)

    def keep_looked_at(self) -> None:
        """Store which turns were looked at.

        Raises:
            StudyInUse, StudyUnwritable, DiskFull: it was not written; they are still remembered.
        """
        review = self._review
        if self.looked_at:
            review.progress = record_viewed_turns(review.interview, self.looked_at)
            self.looked_at = set()

    def choose_word(self, by: int) -> None:
        """Choose the word before or after, or one more while several are selected."""
        turn = self.turn
        words = self._list_steps(turn)
        if turn is None or not words:
            return
        if self._words is None or self._words[0] != turn.key:
            at = words[0 if by > 0 else -1][0]
            self._words = (turn.key, at, at)
        else:
            _, first, last = self._words
            last = words[min(max(0, _find_step(words, last) + by), len(words) - 1)][0]
            self._words = (turn.key, first if self.is_selecting else last, last)
        chosen = self.chosen_words()
        if chosen is not None:
            self._view.highlight_choice(turn.key, *chosen)

    def choose_phrase(self, by: int) -> bool:
        """Choose the next word at which a phrase begins, or the one before; False for none left.

        The first word of a turn is none: a turn begins there anyway.
        """
        turn = self.turn
        words = self._list_steps(turn)
        if turn is None or not words:
            return False
        is_here = self._words is not None and self._words[0] == turn.key
        at = 0 if by > 0 else len(words)
        if self._words and is_here:
            at = _find_step(words, self._words[2])
        begins = [n for n in list_phrases(turn, words) if (n > at if by > 0 else n < at)]
        if not begins:
            return False
        place = words[begins[0] if by > 0 else begins[-1]][0]
        first = self._words[1] if self._words and is_here and self.is_selecting else place
        self._words = (turn.key, first, place)
        chosen = self.chosen_words()
        if chosen is not None:
            self._view.highlight_choice(turn.key, *chosen)
        return True

    def _list_steps(self, turn: Turn | None) -> Sequence[tuple[int, int]]:
        """Return where the words of a turn stand; those that a label hides are one step."""
        words = _words(turn)
        if turn is None or not words:
            return words
        here = (self._review.decided[n] for n in self._view.list_places_in(turn.key))
        hidden = [(one.mention.start, one.mention.end) for one in here if one.is_replaced]
        steps: list[tuple[int, int]] = []
        last = None
        for start, end in words:
            label = next((span for span in hidden if start < span[1] and span[0] < end), None)
            if label is not None and label == last:
                steps[-1] = steps[-1][0], end
            else:
                steps.append((start, end))
            last = label
        return steps

    def choose_found(self, find: TextMatch) -> None:
        """Go to a found place, and to the mention there, if it is one."""
        self.go_to_turn(find.turn)
        for place, one in enumerate(self._review.decided):
            mention = one.mention
            if mention.turn == find.turn and mention.start < find.end and find.start < mention.end:
                self._view.go_to(find.turn, place)
                break
        self.forget_words()
        self._found = find
        self._view.highlight_choice(find.turn, find.start, find.end, "found")

    def chosen_words(self) -> tuple[int, int] | None:
        """Return the characters of the turn that are chosen, None where none are."""
        turn = self.turn
        words = self._list_steps(turn)
        if turn is None or self._words is None or self._words[0] != turn.key:
            return None
        first, last = sorted(self._words[1:])
        if not words or last >= len(turn.text):
            return None
        return words[_find_step(words, first)][0], words[_find_step(words, last)][1]

    def pointed_words(self) -> tuple[int, int] | None:
        """Return the characters that are chosen, or else were found; None where none are."""
        found, chosen = self._found, self.chosen_words()
        if chosen is None and found is not None and found.turn == self._view.turn:
            return found.start, found.end
        return chosen

    def forget_words(self) -> None:
        """Clear the choice of words."""
        if self._words is not None or self._found is not None:
            self._words, self.is_selecting, self._found = None, False, None
            self._view.highlight_choice(0, 0, 0)

    def time_s(self) -> float:
        """Return when the chosen word is said, or else when the turn begins."""
        turn, words = self.turn, self.pointed_words()
        if turn is None:
            return 0.0
        return find_character_time(turn, words[0]) if words else turn.start_s


def _find_step(words: Sequence[tuple[int, int]], at: int) -> int:
    """Return the number of the word in which a character is, or else of the one before it."""
    return max(0, bisect_right(words, at, key=lambda span: span[0]) - 1)


def list_phrases(turn: Turn, words: Sequence[tuple[int, int]]) -> list[int]:
    """Return the numbers of the words at which a phrase begins, the first word left out.

    words: where they stand in the turn's text. A phrase begins after the end of a sentence, and
    after a pause of half a second.
    """
    text = turn.text
    spans = find_word_spans(turn)
    times = {span: word for span, word in zip(spans, turn.words, strict=True) if span[1] > span[0]}
    begins: list[int] = []
    for number in range(1, len(words)):
        before, here = words[number - 1], words[number]
        ends = text[before[0] : here[0]].rstrip().rstrip(_CLOSING).endswith(_ENDS)
        earlier, later = times.get(before), times.get(here)
        is_pause = earlier is not None and later is not None and (
            later.start_s - earlier.end_s >= _PHRASE_PAUSE_S
        )  # fmt: skip
        if ends or is_pause:
            begins.append(number)
    return begins


def _words(turn: Turn | None) -> Sequence[tuple[int, int]]:
    """Return where the words of a turn stand, with times or without."""
    if turn is None:
        return []
    found = [span for span in find_word_spans(turn) if span[1] > span[0]]
    if found:
        return found
    at, stretches = 0, list[tuple[int, int]]()
    for word in turn.text.split():
        at = turn.text.index(word, at)
        stretches.append((at, at + len(word)))
        at += len(word)
    return stretches
