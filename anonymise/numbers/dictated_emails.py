"""E-mail addresses that are dictated: "the e-mail's jean Fitz at B T dot com".

The word "e-mail" before it tells where an address begins, whatever its parts were heard as. Its end
is a known ending ("dot com") or a known provider ("at gmail").
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise.pieces import Pieces, lowered_at, split_listed_words, touches_previous
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from study import Category

ENDINGS = split_listed_words("com org net uk co ac gov nhs info eu ie me io")
FINAL_ENDINGS = split_listed_words("com org net uk info eu ie io")
DOTS = frozenset({"dot", "."})
_PROVIDERS = frozenset(tuple(p.split()) for p in load_word_list("numbers", "mail providers"))
_LONGEST_PROVIDER = max(len(p) for p in _PROVIDERS)
_LINKS = load_word_list("numbers", "before an e-mail address") | split_listed_words(", : - ? .")
_STOPS = load_word_list("numbers", "ends an e-mail address")
_CUES = frozenset({"email", "emails", "mail"})
_SURE_PROVIDERS = frozenset({
    ("gmail",), ("hotmail",), ("googlemail",), ("btinternet",), ("hot", "mail"), ("g", "mail"),
    ("outlook",), ("icloud",), ("btopenworld",), ("bt", "internet"), ("protonmail",),
})  # fmt: skip
_MOST_LINKS, _LONGEST = 6, 28


def find_dictated_emails(pieces: Pieces) -> Iterator[RuleFind]:
    """Find the addresses that the word "e-mail" announces."""
    done = 0
    for at in range(len(pieces)):
        after = _cue_end(pieces, at) if at >= done else None
        found = _read_address(pieces, after) if after is not None else None
        if found is not None:
            yield found
            done = found.last


def _cue_end(pieces: Pieces, at: int) -> int | None:
    """Return the index after "email", "e-mail", "e mail"; None where none stands here."""
    word = pieces[at].lowered_bare
    if word not in _CUES:
        return None
    if word != "mail":
        return at + 1
    parted = lowered_at(pieces, at - 1) == "e" or (
        lowered_at(pieces, at - 1) == "-" and lowered_at(pieces, at - 2) == "e"
    )
    return at + 1 if parted else None


def _read_address(pieces: Pieces, at: int) -> RuleFind | None:
    first = at
    while first - at < _MOST_LINKS and lowered_at(pieces, first) in _LINKS:
        first += 1
    last = _find_end(pieces, first)
    return None if last is None else RuleFind(first, last, Category.EMAIL, 0.95)


def _find_end(pieces: Pieces, first: int) -> int | None:
    """Return the index after the address that begins here, None where none does."""
    best: int | None = None
    for at in range(first, min(first + _LONGEST, len(pieces))):
        word = pieces[at].lowered
        if at > first and word in DOTS:
            ended = read_endings(pieces, at)
            if ended is not None:
                return ended
        if word in _STOPS and not touches_previous(pieces, at):
            break
        if word in {"?", "!", ";"} or (word == "." and _ends_sentence(pieces, at)):
            break
        if at > first and word in {"at", "@"}:
            best = read_provider(pieces, at + 1) or best
    return best


def _ends_sentence(pieces: Pieces, at: int) -> bool:
    following = pieces[at + 1] if at + 1 < len(pieces) else None
    return following is None or not touches_previous(pieces, at + 1)


def read_endings(pieces: Pieces, at: int) -> int | None:
    """Return the index after "dot co dot uk" or ".com" that begins here, with commas between."""
    last, ending, following = at, "", at
    while lowered_at(pieces, following) in DOTS:
        if pieces[following].text == "." and not touches_previous(pieces, following + 1):
            break
        word_at = _skip_comma(pieces, following + 1)
        spelled = (lowered_at(pieces, word_at), lowered_at(pieces, word_at + 1))
        word, after = ("uk", word_at + 2) if spelled == ("u", "k") else (spelled[0], word_at + 1)
        if word not in ENDINGS:
            break
        ending, last = word, after
        following = _skip_comma(pieces, after)
    return last if ending in FINAL_ENDINGS else None


def _skip_comma(pieces: Pieces, at: int) -> int:
    return at + 1 if lowered_at(pieces, at) == "," else at


def read_provider(pieces: Pieces, at: int, *, sure: bool = False) -> int | None:
    """Return the index after the provider that is named here, None where none is.

    sure: whether only those count whose names are said of nothing but e-mail.
    """
    words = tuple(lowered_at(pieces, at + i) for i in range(_LONGEST_PROVIDER))
    for length in range(_LONGEST_PROVIDER, 0, -1):
        if words[:length] in _PROVIDERS:
            return None if sure and words[:length] not in _SURE_PROVIDERS else at + length
    return None
