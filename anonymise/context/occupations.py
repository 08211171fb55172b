"""Find occupations by the form of what is said: "was lighthouse keeper", "the last lamplighter".

Hardly any identifies a person alone; several details together do. So every find is a question to a
person (its score is below ``study.LIKELY_SCORE``).
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymise.context.turn_context import TurnContext
from anonymise.pieces import split_listed_words
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from anonymise.word_kinds import classify_word, is_given_name
from study import Category

_ASKED, _ASKED_LAST = 0.4, 0.3  # work that so many do that it tells little comes last
_BE = split_listed_words(
    "was were is am i'm he's she's been being become became be i'd we're they're you're who's"
)
_WORKED = load_word_list("traits", "taken up")
_ARTICLES = frozenset({"a", "an", "the"})
_NO_WORK = load_word_list("traits", "no occupations")
_WORK_ENDINGS = ("er", "or", "ist", "ian", "man", "woman", "smith", "wright", "eer", "monger")
_WORK_WORDS = load_word_list("traits", "occupations")
_WORK_HEADS = load_word_list("traits", "occupations of two words")
_LAST_WORDS = load_word_list("traits", "last words of an occupation")
_RANKS = load_word_list("traits", "ranks of an occupation")
_POSTS = load_word_list("traits", "posts")
_SINGLE = load_word_list("traits", "single")
_DRIVEN = load_word_list("traits", "driven for a living")
_OFTEN_DRIVEN = frozenset({"bus", "buses", "taxi", "cab", "lorry", "coach", "train"})
_NO_SUBJECTS = load_word_list("traits", "no subject of work")
_PEOPLE = frozenset({"man", "woman", "lady", "girl", "lad", "boy"})
_TRADES = load_word_list("traits", "trades")
_QUALITIES = load_word_list("traits", "qualities")
_ORDINARY_WORK = load_word_list("traits", "common occupations")
_STOPS = load_word_list("traits", "end of an occupation")
_TOLD = load_word_list("traits", "work told with as")
_NOT_TOLD = load_word_list("traits", "no work after as")
_PERSONS = load_word_list("numbers", "persons with an age") | load_word_list(
    "numbers", "ages belong to"
)
_NOT_ALONE = frozenset({"head", "cook", "general", "model", "minister", "conductor", "captain"})
_MADE = frozenset({"made", "promoted", "elected", "appointed"})
_LEADS = _BE | _SINGLE | {"me", "him", "her"}
_MOST_BEFORE, _REACH = 3, 5
_SHORT = 5  # letters of "tamer", which is work only after another word


def find_occupations(turn: TurnContext) -> Iterator[RuleFind]:
    """Find "I was a lighthouse keeper", "he'd been mayor", "trained as a midwife"."""
    done = 0
    for at in range(len(turn.pieces)):
        if at < done:
            continue
        found = None
        if turn.pieces[at].lowered in _ARTICLES:
            found = (
                _read_with_article(turn, at) or _read_driven(turn, at) or _read_one_who(turn, at)
            )
        elif turn.lowered_at(at - 1) in _LEADS:
            found = _read_without_article(turn, at) or _read_single(turn, at)
        if found is not None:
            yield found
            done = found.last


def _make_find(turn: TurnContext, first: int, last: int) -> RuleFind:
    words = [p.lowered_bare for p in turn.pieces[first:last]]
    common = len(words) == 1 and words[0] in _ORDINARY_WORK
    after = _widen_to_place(turn, last, is_single=words[0] in _SINGLE)
    score = _ASKED_LAST if common and after == last else _ASKED
    return RuleFind(first, after, Category.OCCUPATION, score)


def _widen_to_place(turn: TurnContext, last: int, *, is_single: bool) -> int:
    """Return the index after "of Todmorden", "in a band", "on the stroke unit", else ``last``.

    Where somebody does the work is part of it: it says whose work it is.
    """
    joint = turn.lowered_at(last)
    if joint not in _AT_WORK:
        return last
    first = last + 2 if turn.lowered_at(last + 1) in _BEFORE_PLACE else last + 1
    for head in range(first, min(first + _MOST_BEFORE, len(turn.pieces))):
        if not turn.pieces[head].is_word or turn.lowered_at(head) in _STOPS:
            break
        if turn.lowered_at(head) in _WORK_PLACES:
            return head + 1
    if joint == "of" or is_single:
        return max(last, turn.name_end(first)) if turn.name_end(first) > first else last
    return last


_AT_WORK = frozenset({"of", "in", "on", "at", "for", "with", "from"})
_BEFORE_PLACE = _ARTICLES | {"our", "this", "his", "her", "my", "their"}
_WORK_PLACES = load_word_list("traits", "where somebody works")


def _read_with_article(turn: TurnContext, at: int) -> RuleFind | None:
    """Read "was a piano tuner", "worked as a burler and mender", ", a saddler, "."""
    if turn.lowered_at(at + 1) in _SINGLE:
        return None
    if turn.lowered_at(at) != "the" and turn.lowered_at(at + 1) in _PAST_WORK:
        end = _find_work_end(turn, at + 2, sure=False)
        return None if end is None else _make_find(turn, at + 1, end)
    before = "is" if _is_somebodys(turn, at - 1) else turn.lowered_at(at - 1)
    as_work = before == "as" and _is_taken_up(turn, at - 1)
    if turn.lowered_at(at) != "the" and before not in _BE | {"as"}:
        return _read_aside(turn, at + 1)
    if not as_work and (before not in _BE or _is_of_thing(turn, at - 1)):
        return None
    last = _find_work_end(turn, at + 1, sure=as_work)
    if last is None and as_work:
        last = _find_told_end(turn, at)
    if last is None and before in _BE:
        last = _find_rare_end(turn, at)
    return None if last is None else _make_find(turn, at + 1, last)


def _is_somebodys(turn: TurnContext, at: int) -> bool:
    """Whether it is "my grandson's", "Kelly's" or "who's" before "a vet"."""
    if not 0 <= at < len(turn.pieces):
        return False
    piece = turn.pieces[at]
    owner = piece.lowered_bare
    kin = owner in _KIN and turn.lowered_at(at - 1) in _OWNING
    return piece.bare_end != piece.end and (kin or (piece.is_capital and is_given_name(owner)))


_KIN = load_word_list("people", "relations")
_OWNING = frozenset({"my", "your", "his", "her", "our", "their"})


def _read_one_who(turn: TurnContext, at: int) -> RuleFind | None:
    """Read "the porter who carried my trunk", not "the nurse who came"."""
    word = turn.lowered_at(at + 1)
    if turn.lowered_at(at) != "the" or turn.lowered_at(at + 2) != "who":
        return None
    if word in _ORDINARY_WORK | _NO_WORK | _NOT_ALONE or not _is_work(word, sure=False):
        return None
    return RuleFind(at + 1, at + 2, Category.OCCUPATION, _ASKED_LAST)


def _find_told_end(turn: TurnContext, at: int) -> int | None:
    """Return the index after the words behind "forty years as a", None where they are no work."""
    if not any(turn.lowered_at(at - back) in _TOLD for back in (2, 3, 4)):
        return None
    last = at + 1
    while last < len(turn.pieces) and turn.pieces[last].is_word and last - at <= _MOST_BEFORE:
        word = turn.lowered_at(last)
        if word in _STOPS:
            break
        if word in _NO_WORK | _NOT_TOLD:
            return None
        last += 1
    return last if last > at + 1 else None


def _find_rare_end(turn: TurnContext, at: int) -> int | None:
    """Return the index after a rare word of work: "my dad was a shotfirer", "a Tiller girl"."""
    if at + 1 >= len(turn.pieces):
        return None
    piece, word = turn.pieces[at + 1], turn.lowered_at(at + 1)
    girl = turn.lowered_at(at + 2) in _PEOPLE and piece.is_capital
    if girl and not turn.keep_list.is_kept_phrase(word):
        return at + 3
    formed = word.endswith(("er", "man", "woman", "smith", "wright")) and len(word) > 5  # noqa: PLR2004 - "user"
    rare = formed and classify_word(word) == "unknown" and not piece.is_capital
    someone = any(turn.lowered_at(at - back) in _PERSONS for back in (1, 2, 3))
    return at + 2 if rare and someone and word not in _NO_WORK else None


def _is_taken_up(turn: TurnContext, at: int) -> bool:
    """Whether "as" stands after a word of work: "did my time as", "ended up as"."""
    return any(turn.lowered_at(at - back) in _WORKED for back in range(1, _REACH))


def _is_of_thing(turn: TurnContext, at: int) -> bool:
    """Whether what is spoken of is no person: "it was a challenging quarter"."""
    if turn.lowered_at(at - 1) in {"be", "been"} | _MODALS:
        at -= 1
    return any(turn.lowered_at(at - back) in _NO_SUBJECTS for back in (1, 2))


_PAST_WORK = frozenset({"retired", "former"})
_MODALS = frozenset({"will", "would", "can", "could", "must", "may", "might", "has", "had"})


def _read_aside(turn: TurnContext, at: int) -> RuleFind | None:
    """Read "a saddler" between two commas, "a saddler by trade", "a saddler like my father"."""
    following = (turn.lowered_at(at + 1), turn.lowered_at(at + 2))
    between = turn.lowered_at(at - 2) == "," and following[0] in {",", "."}
    alike = following in {("like", "my"), ("like", "his"), ("like", "her"), ("by", "trade")}
    if not (between or alike):
        return None
    word = turn.lowered_at(at)
    formed = word.endswith(("er", "man", "woman", "smith", "wright")) and len(word) > 5  # noqa: PLR2004 - "user"
    is_work = word not in _NO_WORK and (word in _WORK_WORDS | _ORDINARY_WORK or formed)
    return _make_find(turn, at, at + 1) if is_work else None


def _find_work_end(turn: TurnContext, at: int, *, sure: bool) -> int | None:
    """Return the index after "retired lion tamer", None where no occupation is named."""
    end = None
    for head in range(at, min(at + _MOST_BEFORE + 1, len(turn.pieces))):
        piece = turn.pieces[head]
        if end is not None and piece.lowered == "and" and sure:
            more = _find_work_end(turn, head + 1, sure=True)
            return more if more == head + 2 else end
        if not piece.is_word or piece.lowered in _STOPS:
            break
        if _is_work(piece.lowered_bare, sure=sure) or (head > at and _is_work_together(turn, head)):
            end = head + 1
    if end is not None and _is_followed_by_thing(turn, end, at):
        return None
    return end


def _is_followed_by_thing(turn: TurnContext, end: int, at: int) -> bool:
    """Whether a formed word only stands before what is meant: "a much easier, safer way"."""
    word = turn.lowered_at(end - 1)
    listed = word in _WORK_WORDS | _ORDINARY_WORK | _LAST_WORDS
    return not listed and end - at == 1 and turn.lowered_at(end) == "," and word.endswith("ier")


def _is_work(word: str, *, sure: bool) -> bool:
    if word in _NO_WORK:
        return False
    if word in _WORK_WORDS or word in _ORDINARY_WORK:
        return True
    formed = word.endswith(_WORK_ENDINGS) and len(word) > 5  # noqa: PLR2004 - "user", "over"
    return formed and not _is_comparative(word) and (sure or classify_word(word) == "word")


def _is_comparative(word: str) -> bool:
    """Whether it is "easier" or "greater": an adjective with an ending."""
    for stem in (word.removesuffix("ier") + "y", word.removesuffix("er"), word.removesuffix("r")):
        if stem != word and stem in _ADJECTIVES:
            return True
    return False


_ADJECTIVES = load_word_list("traits", "adjectives that grow")


def _is_work_together(turn: TurnContext, head: int) -> bool:
    """Whether a word names an occupation with the word before it, though not alone."""
    word, before = turn.pieces[head].lowered_bare, turn.lowered_at(head - 1)
    if word in _PEOPLE:
        return before in _TRADES
    short = len(word) == _SHORT and word.endswith("er") and word not in _NO_WORK
    together = word in _WORK_HEADS or word in _LAST_WORDS or (short and not _is_comparative(word))
    return together and before not in _QUALITIES and classify_word(before) == "word"


def _read_without_article(turn: TurnContext, at: int) -> RuleFind | None:
    """Read "was lighthouse keeper", "been postmistress", "made me foreman"."""
    before = turn.lowered_at(at - 1)
    made = before in {"me", "him", "her"} and turn.lowered_at(at - 2) in _MADE
    if not made and (before not in _BE - {"is", "be", "being"} or _is_of_thing(turn, at - 1)):
        return None
    one, two, three = (turn.lowered_at(at + i) for i in range(3))
    if one in _RANKS and two in _RANKS and _is_last_word(three):
        return _make_find(turn, at, at + 3)
    if one in _RANKS | _TRADES and _is_last_word(two) and (two not in _RANKS or two == "head"):
        return None if (two, three) == ("cook", "and") else _make_find(turn, at, at + 2)
    alone = one in _WORK_WORDS - _NOT_ALONE or (made and one in _LAST_WORDS | _POSTS)
    titled = turn.pieces[at].is_capital and turn.keeps_capitals  # "he was Judge Barker's clerk"
    return _make_find(turn, at, at + 1) if alone and not titled else None


def _is_last_word(word: str) -> bool:
    return word in _LAST_WORDS or word in _WORK_WORDS


def _read_single(turn: TurnContext, at: int) -> RuleFind | None:
    """Read "the last lamplighter", "the only lady signwriter", "one of the last coopers"."""
    if turn.lowered_at(at - 1) not in _SINGLE:
        return None
    owner = turn.lowered_at(at - 2)
    if owner not in {"the", "my", "our", "his", "her"} and not owner.endswith("'s"):
        return None
    for head in range(at, min(at + _MOST_BEFORE, len(turn.pieces))):
        word = turn.lowered_at(head)
        if head == at and word in _PEOPLE | {"female", "male"}:
            continue
        if not turn.pieces[head].is_word or word in _STOPS or word in _NO_WORK:
            return None
        singular = _make_singular(word)
        following = turn.lowered_at(head + 1)
        if following and _is_work(_make_singular(following), sure=False):
            continue
        listed = singular in _WORK_WORDS | _ORDINARY_WORK | _LAST_WORDS - {"hand", "head"}
        formed = singular.endswith(_SINGLE_ENDINGS)
        people = head > at and _is_work(singular, sure=True)
        if (listed or formed or people) and singular not in _NO_WORK:
            return _make_find(turn, at - 1, head + 1)  # with "last": it makes the work one person's
    return None


def _make_singular(word: str) -> str:
    """Return "cooper" for "coopers"; "bus" and "headmistress" are no plurals."""
    is_plural = len(word) > 4 and word[-1] == "s" and not word.endswith("ss")  # noqa: PLR2004 - "bus"
    return word[:-1] if is_plural else word


_SINGLE_ENDINGS = ("smith", "wright", "woman", "monger", "lighter", "writer", "master", "mistress")


def _read_driven(turn: TurnContext, at: int) -> RuleFind | None:
    """Read "drove a milk tanker", "driving the buses"."""
    if turn.lowered_at(at - 1) not in {"drove", "driving", "drive", "drives", "driven"}:
        return None
    for head in range(at + 1, min(at + 4, len(turn.pieces))):
        word = turn.lowered_at(head)
        if word in _DRIVEN and (head > at + 1 or word not in _OFTEN_DRIVEN):
            return RuleFind(at + 1, head + 1, Category.OCCUPATION, _ASKED_LAST)
        if not turn.pieces[head].is_word or word in _STOPS:
            return None
    return None
