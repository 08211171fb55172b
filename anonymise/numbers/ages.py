"""Ages: "74 years old", "I'm seventy four", "this chap, ninety-six, bless him", "her ninetieth".

A number is an age by the words before it, by the question that it answers, or as an aside on a
person. No word after it may be something that is counted: "41 years at the forge" is no age.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from anonymise.numbers.number_readings import NumberReading, read_count
from anonymise.numbers.number_words import COUNTED, ORDINAL_ENDINGS
from anonymise.pieces import (
    Pieces,
    begins_sentence,
    list_words_before,
    lowered_at,
    split_listed_words,
)
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from anonymise.word_kinds import may_be_given_name
from study import ORDINALS, TENS, UNITS, Category

_OLDEST, _GROWN = 115, 16  # a child's age after "I was" tells little and is said often
_HIGH = 90
_CENTURY = 100  # above it hardly anything is told of a person but an age
_LEADERS = frozenset({"aged", "age", "turned", "turning", "turn"})
_SHORT_LEADERS = load_word_list("numbers", "ages belong to")
_PERSONS = load_word_list("numbers", "persons with an age")
_SPOKEN_OF = _PERSONS | load_word_list("numbers", "persons spoken of")
_BE = frozenset({"am", "is", "was", "were", "be", "will", "been", "are"})
_RANKED = frozenset({"youngest", "oldest", "eldest"})
_DECADES = split_listed_words("thirties forties fifties sixties seventies eighties nineties")
_OWN = frozenset({"my", "his", "her", "their", "your", "our", "early", "mid", "late"})
_SELVES = split_listed_words("you i he she we they my your don't")
_MATURE = 50  # "at seventy six you don't expect …"; "at eight he was off to school" is a time
_SOFTENERS = split_listed_words(
    "only nearly almost about now just be over going on both rising pushing nudging touching well"
    " gone turned knocking getting"
)
_MAY_FOLLOW = (
    load_word_list("numbers", "after an age") | split_listed_words(". , ; ! ? - \u2013") | {""}
)
_ENDS = split_listed_words(". , ; ! ? - \u2013 and but or bless god my his her our if") | {""}
_ASIDE_ENDS = _ENDS | split_listed_words("he she who still she's he's was is same no")
_ASIDE_WORDS = split_listed_words("still bless he she he's she's")
_TITLES = frozenset({"mr", "mrs", "miss", "ms"})
_ASIDE_REACH = 7
_PRONOUNS = split_listed_words("one i he she who you we they them")
_SAT = split_listed_words("sat live lived both were they")  # after a pair of ages
_DETERMINERS = split_listed_words("the a an my your his her our their this that no")
_THINGS = frozenset({"it", "it's", "house", "building", "car", "that's", "church"})
# What ends right before an age, from its last word backwards.
_PHRASES: tuple[tuple[str, ...], ...] = (
    ("wrong", "side", "of"), ("right", "side", "of"), ("far", "side", "of"), ("not", "far", "off"),
    ("my", "age", ","), ("lived", "to", "be"), ("lived", "to"), ("live", "to", "be"),
    ("made", "it", "to"), ("died", "at"), ("widowed", "at"), ("passed", "away", "at"),
    ("retired", "at"), ("diagnosed", "at"), ("rising",), ("pushing",), ("nudging",),
    ("my", "age"), ("his", "age"), ("her", "age"), ("knocking", "on"), ("knocking", "on", "for"),
    ("wrong", "end", "of"), ("right", "end", "of"), ("coming", "up"), ("coming", "up", "to"),
    ("getting", "on", "for"), ("coming", "on", "for"), ("heading", "for"), ("never", "see"),
    ("bad", "for"), ("marvellous", "for"), ("wonderful", "for"), ("amazing", "for"),
    ("short", "of"), ("shy", "of"), ("don't", "look"), ("doesn't", "look"), ("didn't", "look"),
    ("do", "not", "look"),
)  # fmt: skip
_REACHED = (
    ("got", "to"), ("reached",), ("gets", "to"), ("get", "to"), ("reach",), ("went", "at"),
    ("gone", "at"), ("taken", "at"), ("look",), ("looks",), ("looked",),
)  # fmt: skip
_HUMANS = split_listed_words(
    "man woman lady chap fella feller bloke lad girl lass person gentleman patient widow widower"
)
_MOST_PHRASE = 3
_ODD = frozenset({"odd", "ish", "plus", "something"})
_DECADE_ORDINALS = {
    "fortieth": 40, "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "eightieth": 80,
    "ninetieth": 90, "hundredth": 100,
}  # fmt: skip
_BIRTHDAYS = frozenset({"birthday", "b'day", "birthdays"})
_AFTER_ORDINAL = split_listed_words(". , ; ! ? last next this coming party do and we when") | {""}
_ANSWER_REACH = 16  # pieces from "how old" to the age
_RACING = split_listed_words("on in mile miles mph down along across page laps")


def find_ages(pieces: Pieces) -> Iterator[RuleFind]:
    """Find ages of people, in whole years."""
    answers = _find_answers(pieces)
    at = 0
    while at < len(pieces):
        if pieces[at].lowered in _DECADES and lowered_at(pieces, at - 1) in _OWN:
            high = pieces[at].lowered == "nineties"
            category = Category.HIGH_AGE if high else Category.AGE
            yield RuleFind(at, at + 1, category, 0.6, pieces[at].lowered)
        ordinal = _read_ordinal_age(pieces, at)
        if ordinal is not None:
            yield _make_find(at, ordinal.after, ordinal.value, 0.7)
            at = ordinal.after
            continue
        read = _read_in_two(pieces, at) or read_count(pieces, at)
        if read is None:
            at += 1
            continue
        last, score = _end_of_age(pieces, at, read), 0.85
        if last is None and (at in answers or _is_aside(pieces, at, read)):
            last, score = _skip_odd(pieces, read.after), 0.7
        if last is not None and 0 < read.value <= _OLDEST:
            yield _make_find(at, last, read.value, score)
            second = _read_second(pieces, last)
            if second is not None:
                yield _make_find(last + 1, second.after, second.value, score)
                last = second.after
        at = max(read.after, last or 0)


def _make_find(first: int, last: int, value: int, score: float) -> RuleFind:
    category = Category.HIGH_AGE if value >= _HIGH else Category.AGE
    return RuleFind(first, last, category, score, str(value))


def _read_in_two(pieces: Pieces, at: int) -> NumberReading | None:
    """Read "seventy and eight" and "eight and seventy", where nothing that is counted follows."""
    one, two = lowered_at(pieces, at), lowered_at(pieces, at + 2)
    if lowered_at(pieces, at + 1) != "and" or lowered_at(pieces, at + 3) not in _MAY_FOLLOW:
        return None
    tens, unit = (one, two) if one in TENS else (two, one)
    if tens not in TENS or unit not in UNITS:
        return None
    return NumberReading(TENS[tens] + UNITS[unit], at + 3)


def _skip_odd(pieces: Pieces, at: int) -> int:
    """Return the index after "odd" of "ninety odd"."""
    return at + 1 if lowered_at(pieces, at) in _ODD else at


def _read_second(pieces: Pieces, at: int) -> NumberReading | None:
    """Read the second age of "eighty and eighty three"."""
    if lowered_at(pieces, at) not in {"and", "or"}:
        return None
    read = read_count(pieces, at + 1)
    if read is None or not _GROWN <= read.value <= _OLDEST:
        return None
    return read if lowered_at(pieces, read.after) in _ASIDE_ENDS | _SAT else None


def _end_of_age(pieces: Pieces, at: int, read: NumberReading) -> int | None:
    """Return the index after the age, None where the number is no age."""
    last = _read_years_old(pieces, read.after)
    if last is not None:
        return None if lowered_at(pieces, at - 1) in _THINGS or _is_of_thing(pieces, at) else last
    after = _skip_odd(pieces, read.after)
    following = lowered_at(pieces, after)
    if following in COUNTED - {"or", "to"}:
        return None
    if _is_child_now(pieces, at, read, following):
        return after
    if _is_named_age(pieces, at, after) or _is_said_of_life(pieces, at, read):
        return after
    if _is_led_by_phrase(pieces, at, after, read):
        return after
    follows = after > read.after or following in _MAY_FOLLOW
    is_led = read.value >= _GROWN and follows and _is_led_by_person(pieces, at)
    return after if is_led else None


def _is_named_age(pieces: Pieces, at: int, after: int) -> bool:
    """Whether it is "aged ninety", "turned ninety", "the age of ninety", "ninety last birthday"."""
    one, following = lowered_at(pieces, at - 1), lowered_at(pieces, after)
    if one in _LEADERS and (one.startswith("age") or following in _MAY_FOLLOW):
        return True
    if one == "of" and "age" in list_words_before(pieces, at, 3):
        return True
    return following in {"last", "next"} and lowered_at(pieces, after + 1) in _BIRTHDAYS


def _is_child_now(pieces: Pieces, at: int, read: NumberReading, following: str) -> bool:
    """Whether it is "he's fifteen." or "who is twelve,": said in the present, of nobody grown."""
    one, two = lowered_at(pieces, at - 1), lowered_at(pieces, at - 2)
    now = one in {"he's", "she's", "who's"} or (one == "is" and two in {"he", "she", "who"})
    ends = not following.isalnum() or following in _CHILD_GOES_ON
    return now and _TODDLER <= read.value < _GROWN and ends


_TODDLER = 2
_CHILD_GOES_ON = split_listed_words("he she and now but drew drawing goes likes loves wants")


def _is_led_by_phrase(pieces: Pieces, at: int, after: int, read: NumberReading) -> bool:
    """Whether it is "pushing ninety", "the wrong side of eighty", "a woman of sixty"."""
    before = tuple(list_words_before(pieces, at, _MOST_PHRASE))
    following = lowered_at(pieces, after)
    if read.value < _GROWN or following in _RACING:
        return False
    if any(before[-len(phrase) :] == phrase for phrase in _PHRASES):
        return True
    if before[-1:] == ("of",) and before[-2:-1] and before[-2] in _HUMANS:
        return True
    if before[-1:] == ("at",) and before[-2:-1] and before[-2] in {"me", "him", "her"}:
        return read.value >= _MATURE and following in _MAY_FOLLOW | {"up", "still"}
    reached = any(before[-len(phrase) :] == phrase for phrase in _REACHED)
    someone = not _SPOKEN_OF.isdisjoint(list_words_before(pieces, at, 5))
    return reached and someone and read.value >= _MATURE and following in _ENDS


def _is_aside(pieces: Pieces, at: int, read: NumberReading) -> bool:
    """Whether it is "this one chap, ninety-six, bless him" or "Mum, ninety-one, was there"."""
    comma = lowered_at(pieces, at - 1) == ","
    person = at - 2 if comma else at - 1
    after = _skip_odd(pieces, read.after)
    following = lowered_at(pieces, after)
    if person < 0 or not _GROWN <= read.value <= _OLDEST:
        return False
    if _is_said_first(pieces, after) or _is_apart(pieces, at, read, following):
        return True
    near = list_words_before(pieces, at, _ASIDE_REACH)
    human = not (_SPOKEN_OF - _PRONOUNS).isdisjoint(near)
    if human and read.value > _CENTURY and following not in COUNTED:
        return True
    if not comma and following not in COUNTED and _is_named_aside(pieces, person, read):
        return True
    ends = _ASIDE_ENDS if comma else _ASIDE_ENDS - {",", ".", "and", "or", "", "-"}
    if following not in ends and _read_second(pieces, read.after) is None:
        return False
    return _is_beside_person(pieces, at, read, following)


def _is_apart(pieces: Pieces, at: int, read: NumberReading, following: str) -> bool:
    """Whether it is "Walter, deaf as a post, eighty two." or "seventy six and never late"."""
    ends = following in {".", ""} or (
        following == "and" and lowered_at(pieces, read.after + 1) in {"never", "still", "not"}
    )
    if not ends or read.value < _MATURE or read_count(pieces, at - 2) is not None:
        return False
    cased = lowered_at(pieces, at - 1) == ","
    near = pieces[max(0, at - _APART_REACH) : at]
    starts = max((n for n, p in enumerate(near) if p.text in {".", "?", "!"}), default=-1)
    someone = any(
        p.lowered in _HUMANS or (p.is_capital and n > 0 and may_be_given_name(p.lowered_bare))
        for n, p in enumerate(near[starts + 1 :])
    )
    article = any(p.lowered in {"a", "an"} for p in near[starts + 1 :])
    return (cased and someone) or (following == "and" and (cased or someone or article))


_APART_REACH = 14


def _is_said_first(pieces: Pieces, after: int) -> bool:
    """Whether it is "96, bless him" or "eighty-nine he is": the number, then whose it is."""
    blessed = after + (lowered_at(pieces, after) == ",")
    if lowered_at(pieces, blessed) == "bless" and lowered_at(pieces, blessed + 1) in _BLESSED:
        return True
    doer, verb = lowered_at(pieces, after), lowered_at(pieces, after + 1)
    said = doer in {"he", "she"} and verb in {"is", "was", "would"}
    end = lowered_at(pieces, after + 2)
    return said and (not end.isalpha() or end in {"and", "now", "but", "this", "next"})


_BLESSED = frozenset({"him", "her", "them"})


def _is_beside_person(pieces: Pieces, at: int, read: NumberReading, following: str) -> bool:
    """Whether a number, or the aside that holds it, stands right behind a person."""
    comma = lowered_at(pieces, at - 1) == ","
    person = at - 2 if comma else at - 1
    near = list_words_before(pieces, at, _ASIDE_REACH)
    human = not (_SPOKEN_OF - _PRONOUNS | _TITLES).isdisjoint(near)
    if human and (comma or read.value >= _MATURE) and following in _ASIDE_WORDS | {","}:
        return True
    word = lowered_at(pieces, person)
    if word in _SPOKEN_OF - _PRONOUNS | {"them"}:
        return True
    return comma and pieces[person].is_capital and _is_called(word, [])


def _is_named_aside(pieces: Pieces, person: int, read: NumberReading) -> bool:
    """Whether it is "my sister edie ninety-four rings every night", without signs."""
    near = list_words_before(pieces, person, 2)
    related = not (_SPOKEN_OF - _PRONOUNS).isdisjoint(near)
    return related and read.value >= _MATURE and may_be_given_name(lowered_at(pieces, person))


def _find_answers(pieces: Pieces) -> set[int]:
    """Return where numbers stand that answer "how old are you?" within these pieces."""
    found: set[int] = set()
    for at, piece in enumerate(pieces):
        if piece.lowered_bare not in {"old", "age"} or not _asks_age(pieces, at):
            continue
        following, first = at + 1, True
        while following < min(at + _ANSWER_REACH, len(pieces)):
            read = read_count(pieces, following)
            if read is None:
                following += 1
                continue
            after = lowered_at(pieces, _skip_odd(pieces, read.after))
            grown = _GROWN <= read.value <= _OLDEST or (first and 0 < read.value <= _OLDEST)
            goes_on = first and read_count(pieces, read.after) is not None
            ends = after in _MAY_FOLLOW or goes_on
            if grown and after not in COUNTED - {"or"} and ends:
                found.add(following)
            following, first = read.after, False
    return found


def _asks_age(pieces: Pieces, at: int) -> bool:
    """Whether "how old are you", "what age were they" or "your age" stands here, of a person."""
    before = lowered_at(pieces, at - 1)
    if pieces[at].lowered_bare == "old":
        if before != "how":
            return False
        asked = [p.lowered for p in pieces[at + 1 : at + 5]]
        if pieces[at].lowered != "old":
            asked.insert(0, "is")  # "how old's your husband"
        if {"it", "this", "that", "the"} & set(asked[1:2]) and _SPOKEN_OF.isdisjoint(asked[2:]):
            return False
        return not set(asked).isdisjoint(_SPOKEN_OF | _DETERMINERS | {"they", "we"})
    asks = before in {"what", "your", "his", "her", "their", "what's"}
    after = [p.lowered for p in pieces[at + 1 : at + 4]]
    return asks and (before == "what" or "?" in after or begins_sentence(pieces, at + 1) or (
        not {"what", "what's", "whats", "tell"}.isdisjoint(list_words_before(pieces, at, 5))
    ))  # fmt: skip


def _read_ordinal_age(pieces: Pieces, at: int) -> NumberReading | None:
    """Read "eighty-third" of "in her eighty-third year", "ninetieth" of "my ninetieth birthday"."""
    owner = lowered_at(pieces, at - 1)
    if owner not in _OWN:
        return None
    read = _read_ordinal(pieces, at)
    if read is None or not _GROWN <= read.value <= _OLDEST:
        return None
    following = lowered_at(pieces, read.after)
    if following in _BIRTHDAYS:
        return read
    if following == "year":
        behind = lowered_at(pieces, read.after + 1)
        inside = lowered_at(pieces, at - 2) in {"in", "into", "entering", "begun"}
        return read if inside and behind not in {"at", "as", "with", "of", "on"} else None
    short = owner in {"my", "his", "her"} and read.value >= _MATURE and read.value % 10 == 0
    return read if short and following in _AFTER_ORDINAL else None


def _read_ordinal(pieces: Pieces, at: int) -> NumberReading | None:
    word = lowered_at(pieces, at)
    if word in _DECADE_ORDINALS:
        return NumberReading(_DECADE_ORDINALS[word], at + 1)
    if at < len(pieces) and pieces[at].is_digits and len(pieces[at].text) < 4:  # noqa: PLR2004 - an age
        ending = lowered_at(pieces, at + 1) in ORDINAL_ENDINGS
        return NumberReading(int(pieces[at].text), at + 2) if ending else None
    if word not in TENS:
        return None
    unit_at = at + 2 if lowered_at(pieces, at + 1) == "-" else at + 1
    unit = ORDINALS.get(lowered_at(pieces, unit_at), 10)
    return NumberReading(TENS[word] + unit, unit_at + 1) if unit < 10 else None  # noqa: PLR2004 - "first" to "ninth"


def _read_years_old(pieces: Pieces, at: int) -> int | None:
    """Return the index after "years old", "-year-old", "years of age", "year old"."""
    following = at + 1 if lowered_at(pieces, at) == "-" else at
    if [lowered_at(pieces, following + i) for i in range(3)] == ["y", "/", "o"]:
        return following + 3
    if lowered_at(pieces, following) not in {"year", "years", "yrs"}:
        return None
    following += 2 if lowered_at(pieces, following + 1) == "-" else 1
    if lowered_at(pieces, following) == "old":
        return following + 1
    if (lowered_at(pieces, following), lowered_at(pieces, following + 1)) == ("of", "age"):
        return following + 2
    return None


def _is_said_of_life(pieces: Pieces, at: int, read: NumberReading) -> bool:
    """Whether it is "at seventy six you …" or "the youngest of us is forty nine"."""
    following = lowered_at(pieces, read.after)
    if lowered_at(pieces, at - 1) == "at":
        return read.value >= _MATURE and following in _SELVES
    ranked = not _RANKED.isdisjoint(list_words_before(pieces, at, 7))
    return ranked and lowered_at(pieces, at - 1) in _BE and following in _MAY_FOLLOW


def _is_of_thing(pieces: Pieces, at: int) -> bool:
    before = list_words_before(pieces, at, 3)
    return before[-1:] in (["is"], ["was"]) and not _THINGS.isdisjoint(before)


_MODALS = split_listed_words("be been have would must might could will may can should")
_WOULD = split_listed_words("he'd she'd he'll she'll i'd i'll they'd you'd who'd they'll")


def _is_led_by_person(pieces: Pieces, at: int) -> bool:
    before = list_words_before(pieces, at, 7)
    softened = False
    while before and before[-1] in _SOFTENERS | _MODALS:
        softened = before.pop() in _MODALS or softened
    if not before:
        return False
    if before[-1] in _SHORT_LEADERS or (softened and before[-1] in _WOULD | _SPOKEN_OF):
        return True
    if before[-1] == "we're" and lowered_at(pieces, at - 1) == "both":
        return True
    if before[-1].endswith("'s"):
        owner = before[-1].removesuffix("'s")
        return owner in _SPOKEN_OF or _is_called(owner, before[:-1])
    if len(before) < 2 or before[-1] not in _BE:  # noqa: PLR2004 - "mum is"
        return False
    return before[-2] in _SPOKEN_OF or _is_called(before[-2], before[:-2])


def _is_called(word: str, before: Sequence[str]) -> bool:
    """Whether "Ivy is 94" is about somebody, where "the mark was 70" is not."""
    return may_be_given_name(word) and not (before and before[-1] in _DETERMINERS)
