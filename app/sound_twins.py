"""What was corrected once, looked for everywhere: words that were heard as wrongly elsewhere.

A speech model that does not know "Skipton" writes "Skippden" here, "skip ton" there. What a person
typed tells the right form; its twins are the places with the same wrong words, and those that sound
like the wrong or the right ones. Ordinary words are never twins by their sound alone: they need a
capital letter inside a sentence, a title in front ("Mrs That Grey"), or the place of a place ("born
in scared back").
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
# Ordinary words may be less alike where something else shows that they name somebody or a place.
_ALIKE_CAPITALS: Final = 0.8
_ALIKE_TITLED: Final = 0.6
_ALIKE_PLACED: Final = 0.65
_TITLES: Final = frozenset({"mr", "mrs", "ms", "miss", "dr", "doctor", "sister", "nurse"})
_PLACING: Final = frozenset({
    "above", "around", "at", "below", "beyond", "from", "in", "near", "outside", "past", "round",
    "through", "to", "towards",
})  # fmt: skip
_VOWELS: Final = str.maketrans("", "", "aiu")  # as study.likeness spells sounds
_PARTED: Final = re.compile(r"[.,;:?!\u2026]")
_EDGE: Final = 2  # consonants with which what is said in the place of a place begins, and ends
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
    asked: dict[tuple[str, _Showing], bool] = {}
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
    turn: Turn, correction: WordCorrection, asked: dict[tuple[str, _Showing], bool]
) -> Iterator[TextMatch]:
    spans = [found.span() for found in _WORD.finditer(turn.text)]
    most = max(len(correction.wrong.split()), len(correction.right.split()), 2)
    first = 0
    while first < len(spans):
        step = 1
        for size in range(min(most, len(spans) - first), 0, -1):
            start, end = spans[first][0], spans[first + size - 1][1]
            words = turn.text[start:end]
            shown = words, _find_showing(turn.text, start, words)
            if shown not in asked:
                asked[shown] = _is_twin(*shown, correction)
            if asked[shown]:
                yield TextMatch(turn.key, -1, start, end, words)
                step = size
                break
        first += step


@dataclass(frozen=True, slots=True)
class _Showing:
    """What beside their sound shows that words name somebody or a place.

    has_capitals: each begins with a capital letter, and not because the sentence begins there.
    is_titled: they are several, behind a title. is_placed: they stand where a place may.
    """

    has_capitals: bool
    is_titled: bool
    is_placed: bool


def _find_showing(text: str, start: int, words: str) -> _Showing:
    before = text[:start].split()
    last = before[-1] if before else ""
    is_first = not last or last[-1] in ".?!\u2026"
    bare = last.strip(_EDGES).casefold()
    is_titled = bare in _TITLES
    parts = words.replace("-", " ").split()
    has_capitals = all(part[0].isupper() for part in parts)
    is_certain = not is_first or is_titled or len(parts) > 1
    return _Showing(has_capitals and is_certain, is_titled and len(parts) > 1, bare in _PLACING)


def _is_twin(words: str, showing: _Showing, correction: WordCorrection) -> bool:
    folded = fold_name(words)
    right = fold_name(correction.right)
    if f" {right} " in f" {folded} ":
        return False
    if folded == fold_name(correction.wrong):
        return True
    parts = words.split()
    if len(parts) > 1 and not _is_worth_comparing(parts, correction.right):
        # What stands beside a twin is none of it: "Skippden Lane", "Skippden. It".
        alone = _Showing(showing.has_capitals, is_titled=False, is_placed=False)
        if _PARTED.search(words) or any(_is_twin(one, alone, correction) for one in parts):
            return False
    return _sounds_like(words, showing, correction.right) or (
        # A word that no model knows is heard in several ways: "Skippden" here, "Skipden" there.
        not all(is_ordinary_word(word) for word in correction.wrong.split())
        and _sounds_like(words, showing, correction.wrong)
    )


def _sounds_like(words: str, showing: _Showing, form: str) -> bool:
    if not _may_be_name(words, showing) and not _is_worth_comparing(words.split(), form):
        return False
    from study import compare_names, spell_by_sound  # they lean on rapidfuzz: no review needs it

    sound, wanted = (spell_by_sound(one.replace(" ", "")) for one in (words, form))
    if not sound or not wanted:
        return False
    if _is_worth_comparing(words.split(), form):
        # The "ch" of a name may be that of "Chevonne", which is Siobhan.
        is_same = " " not in words and sound.replace("C", "S") == wanted.replace("C", "S")
        return is_same or compare_names(words, form) >= _ALIKE
    likeness = compare_names(words, form)
    if sound[0] != wanted[0]:
        return False
    if showing.has_capitals:
        return likeness >= (_ALIKE_TITLED if showing.is_titled else _ALIKE_CAPITALS)
    said, known = (one.translate(_VOWELS) for one in (sound, wanted))
    has_edges = said[:_EDGE] == known[:_EDGE] and said[-_EDGE:] == known[-_EDGE:]
    return has_edges and len(said) > _EDGE and likeness >= _ALIKE_PLACED


def _may_be_name(words: str, showing: _Showing) -> bool:
    """Whether ordinary words may name somebody or a place, by what shows beside their sound."""
    if len(words.replace(" ", "")) < _SHORTEST:
        return False
    if showing.has_capitals:
        return True
    return showing.is_placed and " " in words and all(map(is_ordinary_word, words.split()))


def _is_worth_comparing(words: Sequence[str], form: str) -> bool:
    """Whether words may be a form by their sound, and are not ordinary ones."""
    if len("".join(words)) < _SHORTEST:
        return False
    if len(words) == len(form.split()):
        return not all(is_ordinary_word(word) for word in words)
    from study import spell_by_sound

    # In pieces, "skip ton", each is an ordinary word: together they have to sound the same.
    return spell_by_sound("".join(words)) == spell_by_sound(form.replace(" ", ""))
