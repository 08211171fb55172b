"""What was corrected once, looked for everywhere: words that were heard as wrongly elsewhere.

A speech model that does not know "Skipton" writes "Skippden" here, "skip ton" there. What a person
typed tells the right form; its twins are the places with the same wrong words, and those that sound
like the wrong or the right ones. Ordinary words are never twins by their sound alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from models import is_ordinary_word
from study import (
    CorrectedTranscript,
    PersonAction,
    TextMatch,
    Turn,
    fold_name,
    is_permitted,
    tidy_term,
)
from study.store import Study, read_vocabulary, save_vocabulary

_MOST_WORDS: Final = 3  # of either form: what is longer was said anew, not heard wrongly
_SHORTEST: Final = 4  # letters: "in" for "on" says nothing about other places
# As alike as two spellings of one name are: the same bones of consonants, see study.likeness.
_ALIKE: Final = 0.86
# "Skipton's" is the word Skipton: what stands in its place keeps the rest.
_WORD: Final = re.compile(r"(?!(?<=['\u2019])s\b)[^\W_]+(?:(?:-|['\u2019](?!s\b))[^\W_]+)*")
_EDGES: Final = ".,;:!?…\"'“”\u2018\u2019()[]-\u2013\u2014"


@dataclass(frozen=True, slots=True)
class WordCorrection:
    """Words as they were heard, and as a person corrected them."""

    wrong: str
    right: str


def find_correction(before: str, after: str) -> WordCorrection | None:
    """Return what a person corrected in a turn: one stretch of one to three words, else None."""
    old, new = ([word.strip(_EDGES) for word in text.split()] for text in (before, after))
    changed = [
        one for one in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
        if one[0] != "equal"
    ]  # fmt: skip
    if len(changed) != 1:
        return None
    _, a, b, c, d = changed[0]
    wrong, right = (" ".join(words) for words in (old[a:b], new[c:d]))
    if not (0 < b - a <= _MOST_WORDS and 0 < d - c <= _MOST_WORDS):
        return None
    is_same = fold_name(wrong) == fold_name(right)
    return None if is_same or min(len(wrong), len(right)) < _SHORTEST else WordCorrection(
        wrong, right
    )  # fmt: skip


def find_twins(state: CorrectedTranscript, correction: WordCorrection) -> list[TextMatch]:
    """Return the places of a transcript where the same was heard wrongly, in reading order.

    Raises:
        ModelBroken: the bundled table of words is missing or damaged.
    """
    asked: dict[str, bool] = {}
    return [
        match
        for turn in state.turns
        for match in _find_in_turn(turn, correction, asked)
    ]  # fmt: skip


def learn_word(study: Study, right: str) -> str:
    """Add the right form to the words that a speech model expects; say so, "" where it is no news.

    An ordinary word is none that a model has to be told.

    Raises:
        KeyNotHeld, StudyInUse, StudyUnwritable, DiskFull, BadWords: nothing was added.
    """
    term = tidy_term(right)
    if all(is_ordinary_word(word) for word in term.split()):
        return ""
    known, _ = read_vocabulary(study)
    if term in known.terms:
        return ""
    if not is_permitted(study.role, PersonAction.SET_UP):
        return f"An owner can add “{term}” to the study's words: earshot words."
    save_vocabulary(study, f"{known.text.rstrip()}\n{term}\n".lstrip())
    return f"“{term}” is one of the study's words now, for later recordings."


def _find_in_turn(
    turn: Turn, correction: WordCorrection, asked: dict[str, bool]
) -> Iterator[TextMatch]:
    spans = [found.span() for found in _WORD.finditer(turn.text)]
    most = max(len(correction.wrong.split()), len(correction.right.split()), 2)
    first = 0
    while first < len(spans):
        step = 1
        for size in range(min(most, len(spans) - first), 0, -1):
            start, end = spans[first][0], spans[first + size - 1][1]
            words = turn.text[start:end]
            if words not in asked:
                asked[words] = _is_twin(words, correction)
            if asked[words]:
                yield TextMatch(turn.key, -1, start, end, words)
                step = size
                break
        first += step


def _is_twin(words: str, correction: WordCorrection) -> bool:
    folded = fold_name(words)
    if folded == fold_name(correction.right):
        return False
    if folded == fold_name(correction.wrong):
        return True
    return _sounds_like(words, correction.right) or (
        # A word that no model knows is heard in several ways: "Skippden" here, "Skipden" there.
        not all(is_ordinary_word(word) for word in correction.wrong.split())
        and _sounds_like(words, correction.wrong)
    )


def _sounds_like(words: str, form: str) -> bool:
    if not _is_worth_comparing(words.split(), form):
        return False
    from study import compare_names  # it leans on rapidfuzz, which no review needs to open

    return compare_names(words, form) >= _ALIKE


def _is_worth_comparing(words: Sequence[str], form: str) -> bool:
    """Whether words may be a form by their sound, and are not ordinary ones."""
    if len("".join(words)) < _SHORTEST:
        return False
    if len(words) == len(form.split()):
        return not all(is_ordinary_word(word) for word in words)
    from study import spell_by_sound

    # In pieces, "skip ton", each is an ordinary word: together they have to sound the same.
    return spell_by_sound("".join(words)) == spell_by_sound(form.replace(" ", ""))
