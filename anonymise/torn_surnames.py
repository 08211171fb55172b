"""Surnames that were heard in pieces, beside a given name: "jean skip ton", "margaret will son".

A speech model that does not know a surname writes the words that it sounds like. Where a given name
is found, the next one to three words are a question when together they are or sound like a known
surname, when they are one in the word table, or when the phrase ends after them and nothing else
that they are could follow there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from anonymise.context import TITLES
from anonymise.keep_list import load_shipped_keep_list
from anonymise.pieces import CutTurn, Pieces, lowered_at, split_listed_words
from anonymise.proposals import Proposal
from anonymise.rule_registry import BENT_SOURCE, TORN_SOURCE
from anonymise.shipped_lists import load_shipped_list, load_word_list
from models import look_up_word
from study import Category, NameMatcher, fold_name

_MOST = 3  # words into which a surname is torn
_SHORTEST = 5  # letters of them together
# Likeness to a name of this study, of words that say nothing there and of others; to any surname.
_LIKE_KNOWN, _LIKE_KNOWN_IF_COMMON, _LIKE_ANY = 0.75, 0.85, 0.9
_BORNE = 0.5
_ASKED = 0.4
_AFTER = load_word_list("people", "after a name")
_ENDINGS = load_word_list("people", "ends of surnames")
_ENDS = frozenset({"", ".", ",", "?", "!", ";", ":", "-", "\u2013", "\u2014", "\u2026"})
_SURNAME_SAID = {"surname": "my", "name": "maiden"}
_TITLED = load_word_list("people", "before a surname")
_PREFIXES = frozenset({"oh", "mac", "mc", "fitz"})
# No piece of a surname, whatever it sounds like with its neighbour: "Oldroid who" is Oldroyd, and
# "Pug he" Pugh.
_POINTING = split_listed_words(
    "who which what when that these those then he she they he's she's it's they're i'm"
)
_MODALS = frozenset({"will", "may", "would"})
_AFTER_MODAL = split_listed_words("be have not never get go come see do say")
_PARTS_OF_SPEECH = frozenset({"and", "the", "a", "of", "to", "in", "is", "was", "it", "i", "you"})


def find_torn_surnames(
    spoken: CutTurn, proposals: Iterable[Proposal], surnames: NameMatcher | None
) -> Iterator[Proposal]:
    """Yield a question for each surname in pieces after a person that was found.

    proposals: of the turn; what they cover is no piece. surnames: known ones.
    """
    found = list(proposals)
    likely = (p for p in found if p.is_likely)
    taken = {at for p in likely for at in spoken.list_indices_within(p.start, p.end)}
    # "oh grady": the name that was found goes on to the left.
    taken -= {at for at in taken if lowered_at(spoken.pieces, at - 1) in _PREFIXES}
    for at, is_given in sorted(_list_starts(spoken, found)):
        torn = _read_torn(spoken.pieces, at, taken - {at}, surnames, is_given=is_given)
        if torn is not None:
            last, form = torn
            start, end = spoken.pieces[at].start, spoken.pieces[last - 1].bare_end
            yield Proposal(start, end, Category.PERSON, TORN_SOURCE, _ASKED, form)


def _list_starts(spoken: CutTurn, found: Iterable[Proposal]) -> set[tuple[int, bool]]:
    """Return where a surname may begin, each with whether a given name stands before it.

    It begins after a person, with the last word of one who has two ("mr will son"), after a title
    ("constable hard castle"), or after "my maiden name was".
    """
    starts: set[tuple[int, bool]] = set()
    pieces = spoken.pieces
    for proposal in found:
        inside = spoken.list_indices_within(proposal.start, proposal.end)
        is_somebody = proposal.category is Category.PERSON and len(inside) > 0
        if not is_somebody or not (proposal.is_likely or _is_given(pieces[inside[0]].lowered)):
            continue
        last = pieces[inside[-1]]
        names = [at for at in inside if pieces[at].is_word and pieces[at].lowered not in TITLES]
        if last.bare_end == last.end and len(names) <= 1:
            starts.add((inside.stop, _is_given(last.lowered)))
        if len(inside) > 1 and look_up_word(last.lowered).is_word:
            starts.add((inside[-1], False))
    for at in range(2, len(pieces)):
        if pieces[at - 1].lowered in {"is", "was"} and pieces[at - 2].lowered in _SURNAME_SAID:
            starts.add((at, _SURNAME_SAID[pieces[at - 2].lowered] == lowered_at(pieces, at - 3)))
    others = (p for p in found if p.source != BENT_SOURCE)  # it sees one word of a torn one
    covered = {at for p in others for at in spoken.list_indices_within(p.start, p.end)}
    titled = (at for at in range(1, len(pieces)) if pieces[at - 1].lowered in _TITLED)
    starts |= {(at, False) for at in titled if at not in covered}
    return {(at, given) for at, given in starts if at < len(pieces)}


def _is_given(word: str) -> bool:
    return look_up_word(word).given >= _BORNE


def _read_torn(
    pieces: Pieces, at: int, taken: set[int], surnames: NameMatcher | None, *, is_given: bool
) -> tuple[int, str] | None:
    """Return the index after the pieces of a surname that begins here, and its known form."""
    words: list[str] = []
    for last in range(at, min(at + _MOST, len(pieces))):
        if last in taken or not pieces[last].is_word:
            break
        words.append(pieces[last].lowered.replace("'", ""))
    for count in range(len(words), 0, -1):
        known = _find_known(words[:count], surnames)
        if known and not _is_clause(words, lowered_at(pieces, at + count)):
            return at + count, known
    for count in range(len(words), 1, -1):
        if _is_surname(words[:count]):
            return at + count, ""
    if is_given and len(words) > 1 and words[1] in _ENDINGS and words[0] not in _AFTER:
        return at + 2, ""  # "Long bottom"
    count = _count_to_end(pieces, at, words) if is_given else 0
    return (at + count, "") if count else None


def _is_clause(words: list[str], following: str) -> bool:
    """Whether it is "will soon be home" behind a name."""
    return words[0] in _MODALS and following in _AFTER_MODAL


def _count_to_end(pieces: Pieces, at: int, words: list[str]) -> int:
    """Return how many of these words may be a name and end their phrase, 0 for none."""
    for count in range(1, len(words) + 1):
        if words[count - 1] in _PARTS_OF_SPEECH:
            continue  # "the George Medal for it."
        if _ends_phrase(pieces, at + count) and _could_be_name(words[:count]):
            return count
    return 0


def _find_known(words: list[str], surnames: NameMatcher | None) -> str:
    """Return the known surname that pieces are or sound like, "" for none."""
    joined = "".join(words)
    if surnames is None or len(joined) < _SHORTEST or not _POINTING.isdisjoint(words):
        return ""
    nearest = surnames.find_nearest(joined)
    wanted = _LIKE_KNOWN_IF_COMMON if words[0] in _AFTER else _LIKE_KNOWN
    if nearest is None or nearest.likeness < wanted or look_up_word(joined).is_word:
        return ""
    return fold_name(nearest.name)


def _is_surname(words: list[str]) -> bool:
    """Whether pieces together are a surname or a town that is in the lists, or sound like one."""
    if words[0] == "oh":
        words = ["o", *words[1:]]  # O'Grady
    joined = "".join(words)
    if len(joined) < _SHORTEST or words[0] in _AFTER or words[-1] in _PARTS_OF_SPEECH:
        return False
    known = look_up_word(joined)
    if not known.is_word and max(known.surname, known.town) > 0.0:
        return True
    nearest = _match_any_surname().find_same_sounding(joined)
    return nearest is not None and nearest.likeness >= _LIKE_ANY and not known.is_word


@cache
def _match_any_surname() -> NameMatcher:
    sections = load_shipped_list("pseudonyms")
    groups = [names for section, names in sections.items() if section.endswith("surnames")]
    return NameMatcher(name for names in groups for name in names)


def _ends_phrase(pieces: Pieces, at: int) -> bool:
    return lowered_at(pieces, at) in _ENDS


def _could_be_name(words: list[str]) -> bool:
    """Whether no word here is one that goes on after a name: "came", "very much"."""
    everyday = load_shipped_keep_list().everyday
    return not any(
        word in everyday or word in _AFTER or word.endswith(("ed", "ing", "ly", "n't"))
        for word in words[:1]
    ) and any(word not in everyday and word not in _AFTER for word in words)
