"""Names that a recogniser wrote as ordinary words: "there's patience, she's the night nurse".

What the word is says nothing then; the words around it do: a person stands in their place, or a
site. Each is a question. What ``names that are words`` and ``named sites`` know is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from anonymise.context.turn_context import TurnContext
from anonymise.keep_list import load_shipped_keep_list
from anonymise.pieces import split_listed_words
from anonymise.proposals import RuleFind
from anonymise.shipped_lists import load_word_list
from anonymise.word_kinds import may_be_given_name
from anonymise.worded_shapes import WordedShape, find_shapes, is_anything
from study import Category

_ASKED = 0.35
_WORD = r"[a-z][a-z'-]{1,40}"  # no word is longer; a line of hyphens would be read over and over
_NEVER = load_word_list("people", "no bent name")
_THINGS_THAT_COME = load_word_list("people", "comes from somewhere")
_KEPT_OUT = load_word_list("people", "kept out of it")
_AFTER_NAME = load_word_list("people", "after a name")
_KINDS_OF_SITE = load_word_list("sites", "kinds of site")
_KINDS_OF_FARM = load_word_list("sites", "kinds of farm")
_KINDS_OF_FIRM = load_word_list("sites", "kinds of firm")
_NO_CALL = load_word_list("people", "no name to call")
_HOUSES = load_word_list("sites", "house names")
_KINDS_OF_PARK = load_word_list("sites", "kinds of park")


def _may_be_person(words: str) -> bool:
    """Whether a word could be heard for a name: none of grammar, and no form of a verb."""
    word = words.lower().removesuffix("'s")
    return not (
        word in _NEVER
        or word in _AFTER_NAME
        or word in load_shipped_keep_list().everyday
        or word.endswith(("ed", "ing", "ly", "n't", "'ll", "'d"))
    )


def _is_name_and_word(words: str) -> bool:
    word = words.lower()
    return word not in _NEVER and may_be_given_name(word)


def _is_named_council(words: str) -> bool:
    word, *_ = words.lower().split()
    return word not in _KINDS_OF_SITE and word not in _NEVER


def _is_telling_council(words: str) -> bool:
    everyday = load_shipped_keep_list().everyday
    return _is_named_council(words) and words.lower().split()[0] not in everyday


def _is_named_farm(words: str) -> bool:
    named = re.split(r"[ -]", words.lower())[:-1]
    everyday = load_shipped_keep_list().everyday
    return not any(word in _KINDS_OF_FARM or word in everyday - {"end", "top"} for word in named)


def _is_named_firm(words: str) -> bool:
    *named, _end = words.lower().split()
    everyday = load_shipped_keep_list().everyday
    return not any(w in _KINDS_OF_FIRM or w in everyday or w in _NEVER for w in named)


def _may_be_called(word: str) -> bool:
    return _may_be_person(word) and word.lower() not in _NO_CALL


def _is_numbered_house(words: str) -> bool:
    return words.lower().split()[-1] in _HOUSES


def _may_be_named(words: str) -> bool:
    return all(map(_may_be_person, words.split()))


def _may_come_from(word: str) -> bool:
    return _may_be_person(word) and word.lower() not in _THINGS_THAT_COME


def _may_be_kept_out(word: str) -> bool:
    return _may_be_person(word) and word.lower() not in _KEPT_OUT


def _is_named_park(words: str) -> bool:
    *named, _kind = words.lower().split()
    everyday = load_shipped_keep_list().everyday
    return not any(w in _KINDS_OF_PARK or w in everyday or w in _NEVER for w in named)


def _is_named_site(words: str) -> bool:
    *named, _kind = words.lower().partition(" on ")[0].split()
    everyday = load_shipped_keep_list().everyday
    return bool(named) and not any(word in _KINDS_OF_SITE or word in everyday for word in named)


def _make_place(
    category: Category,
    pattern: str,
    is_one: Callable[[str], bool],
    cues: str,
    *,
    only_small: bool = False,
) -> WordedShape:
    """Return a shape; one of the cues, words with spaces between them, is wherever it fits."""
    compiled = re.compile(pattern, re.IGNORECASE)
    return WordedShape(category, compiled, is_one, _ASKED, only_small, split_listed_words(cues))


_FIRMS = "|".join(sorted(load_word_list("sites", "ends of firms")))
_BEARERS = (
    "lad|man|woman|girl|boy|chap|fella|fellow|bloke|nurse|carer|solicitor|doctor|dog|cat|friend"
    "|neighbour|person|lady|gentleman|volunteer|lodger"
)
_SHOP = (
    "(?:bakery|chemist|chemist's|council|library|church|chapel|office|pub|surgery|farm|bank"
    "|post office|shop|chippy|garage|school|college|ward|home|hospital|centre|station|club)"
)
_KIN = (
    "husband|wife|brother|sister|son|daughter|mother|father|uncle|aunt|auntie|neighbour|friend"
    "|grandson|granddaughter|cousin|nephew|niece|partner"
)
_DOES = (
    "|".join(
        sorted(load_word_list("verbs", "finite") | load_word_list("people", "after heard names"))
    )
    + "|[a-z]{2,20}ed|rings|drove|drives|makes|made|does|came|fell"
)
_NO_TEAM = r"(?:that|this|in|and|when|at|last|on|we|he|which|with|for|but|the|they|so)\b"
_NEAR = r"(?:upstairs|downstairs|next door|over the road|across the road|the end house)"
_HOSPITALS = "queen elizabeth|queen mary|princess royal|queen alexandra|king george|prince charles"
_PLACES = (
    _make_place(
        Category.PERSON,
        rf"\bthere(?:'s| was| is) ({_WORD})(?=[,.]? (?:she|he)(?:'s| was| is)?\b"
        rf"| and there(?:'s| was)\b| who\b)",
        _is_name_and_word,
        "there's there",
        only_small=True,
    ),
    _make_place(
        Category.PERSON,
        rf"\b(?:and|it was|then|or) ({_WORD}) from {_NEAR}\b",
        _is_name_and_word,
        "upstairs downstairs next over across end",
        only_small=True,
    ),
    _make_place(
        Category.PERSON,
        rf"\b({_WORD}) from the {_SHOP}(?= (?:rang|phoned|called|came|brought|said|told)\b)",
        _may_come_from,
        "from",
        only_small=True,
    ),
    _make_place(
        Category.PERSON,
        rf"\b(?:keep|kept) ({_WORD}) out of (?:it|this)\b",
        _may_be_kept_out,
        "keep kept",
        only_small=True,
    ),
    _make_place(
        Category.PERSON,
        rf"\b(?:sat|sit|stayed|stay|went|was) (?:here |there )?with (?:him|her), ({_WORD})(?=\.)",
        _may_be_person,
        "with",
        only_small=True,
    ),
    _make_place(
        Category.ORGANISATION,
        rf"\b((?-i:{_WORD}) (?:church|chapel) on (?-i:[A-Z])[a-z'-]+)",
        _is_named_site,
        "church chapel",
    ),
    _make_place(
        Category.PERSON,
        rf"\bour (?:{_WORD} )?({_WORD})"
        r"(?= (?:comes|goes|is in|lives|works|rings|rang|said|says)\b)",
        _is_name_and_word,
        "our",
        only_small=True,
    ),
    _make_place(
        Category.PERSON,
        rf"\b(?:uncle|auntie|aunty|anti|constable|sergeant|canon|nurse) ({_WORD})"
        r"(?=,| (?:in|came|was|is|played|said|sat|told|used|and|who|had|he|she)\b)",
        _may_be_person,
        "uncle auntie aunty anti constable sergeant canon nurse",
        only_small=True,
    ),
    *(
        _make_place(
            Category.PERSON,
            r"(?<!my )(?<!the )(?<!his )(?<!your )\b(?:missus|mister|mrs|mr|miss) " + named,
            _may_be_named,
            "missus mister mrs mr miss",
            only_small=True,
        )
        for named in (rf"({_WORD} {_WORD})", rf"({_WORD})")
    ),
    _make_place(
        Category.PERSON,
        rf"\b(?:my|his|her|our|their|your) (?:{_KIN}),? ({_WORD}(?: {_WORD})??)(?= (?:{_DOES})\b)",
        _may_be_named,
        _KIN.replace("|", " "),
        only_small=True,
    ),
    _make_place(
        Category.PERSON,
        r"\bpastor ((?:[a-z']+ ){0,2}[a-z']+)(?= (?:came|comes|said|says|prayed|visits)\b)",
        is_anything,
        "pastor",
        only_small=True,
    ),
    _make_place(
        Category.PERSON,
        rf"\bold ({_WORD})(?= (?:walked|came|rang|said|sat|piped|died)\b)",
        _may_be_person,
        "old",
        only_small=True,
    ),
    _make_place(
        Category.PERSON,
        rf"\b(?:{_BEARERS}) called ({_WORD})\b",
        _may_be_person,
        "called",
        only_small=True,
    ),
    _make_place(
        Category.PERSON,
        rf"\b(?:my|her|his|our|their|the) (?:dog|cat|budgie|terrier)(?: in)?, ({_WORD})(?=[.,])",
        _may_be_person,
        "dog cat budgie terrier",
        only_small=True,
    ),
    _make_place(
        Category.ORGANISATION,
        rf"\b(?:the|at(?! the\b| a\b)|at a|to the|a) ((?:{_WORD} ){{1,2}}(?:church|chapel"
        rf"|infirmary)(?: on (?!the\b|a\b|my\b|our\b){_WORD}(?:[ -](?:gate|lane|street|road))?)?)",
        _is_named_site,
        "church chapel infirmary",
        only_small=True,
    ),
    _make_place(
        Category.ORGANISATION,
        rf"\bthe ((?:{_WORD} ){{1,2}}royal infirmary)\b",
        is_anything,
        "infirmary",
        only_small=True,
    ),
    _make_place(
        Category.PLACE,
        rf"\b(?:round|to|in|into|at|near|through|from) ((?:{_WORD} ){{1,2}}park)\b",
        _is_named_park,
        "park",
        only_small=True,
    ),
    _make_place(
        Category.ADDRESS,
        rf"\b(?:at|live a|lived a|from) ((?:{_WORD}[ -]){{1,3}}farm)\b",
        _is_named_farm,
        "farm",
        only_small=True,
    ),
    _make_place(
        Category.ORGANISATION,
        rf"\b(?:for|with|at|from) ((?:{_WORD} ){{1,2}}(?:{_FIRMS}))\b",
        _is_named_firm,
        _FIRMS.replace("|", " "),
        only_small=True,
    ),
    _make_place(
        Category.PERSON,
        rf"\b(?:everybody|everyone|people|folk|they all|we all) call(?:ed|s)? (?:him|her|me|them)"
        rf" ({_WORD})(?=[.,;!?]| (?:in|on|at|because|and|for|since|when)\b|$)",
        _may_be_called,
        "everybody everyone people folk all",
        only_small=True,
    ),
    _make_place(
        Category.PERSON,
        rf"\bthe (?:missus|mister) ({_WORD})(?= whose\b| who\b| from\b| next door\b)",
        _may_be_person,
        "missus mister",
        only_small=True,
    ),
    _make_place(
        Category.EVENT,
        r"\b(the winter of (?:19|20)\d\d)\b",
        is_anything,
        "winter",
    ),
    _make_place(
        Category.ADDRESS,
        rf"\bnumber (\d{{1,3}},? (?:the )?{_WORD})\b",
        _is_numbered_house,
        "number",
    ),
    _make_place(
        Category.ORGANISATION,
        rf"\b({_WORD} street,? chambers)\b",
        is_anything,
        "chambers",
    ),
    _make_place(
        Category.ORGANISATION,
        rf"\bthe ((?:{_WORD} ){{1,3}}home) (?:in|at) ",
        _is_named_site,
        "home",
    ),
    _make_place(
        Category.ORGANISATION,
        rf"\b(?:at|to|from|in|into) (the (?:{_HOSPITALS}))(?= (?:in|at|for|with|last|again)\b)",
        is_anything,
        "queen princess king prince",
    ),
    _make_place(
        Category.ORGANISATION,
        rf"\b(?:the|their) ((?:{_WORD} ){{0,2}}(?<!the )royal)(?= for (?:a|his|her|my)\b)",
        is_anything,
        "royal",
    ),
    _make_place(
        Category.ORGANISATION,
        rf"(?<!the )\b({_WORD} (?:city|county|town|borough|district) council)\b",
        _is_named_council,
        "council",
    ),
    _make_place(
        Category.ORGANISATION,
        rf"\bthe ({_WORD} (?:city|county|town|borough|district) council)\b",
        _is_telling_council,
        "council",
    ),
    _make_place(
        Category.ORGANISATION,
        rf"\b({_WORD}s of (?!the\b|our\b|a\b){_WORD}[ -]street)\b",
        is_anything,
        "street",
    ),
    _make_place(
        Category.EVENT,
        rf"\b(the (?:big|great) {_WORD} of (?:(?:19|20)\d\d|nineteen|two thousand)\b(?: and)?"
        rf"(?: {_WORD}(?=[,.]| [a-z]+\b))?)",
        is_anything,
        "big great",
    ),
    _make_place(
        Category.EVENT,
        r"\b(the (?:strike|fire|flood|floods|crash|riots|explosion|replay|lock-?out) in \d\d)\b",
        is_anything,
        "strike fire flood floods crash riots explosion replay lockout lock",
    ),
    _make_place(
        Category.EVENT,
        rf"\b(the (?:cup|league|county) (?:replay|final|semi|semi-final|tie|match) against {_WORD}"
        rf"(?: (?!{_NO_TEAM}){_WORD})?)",
        is_anything,
        "against",
    ),
    _make_place(
        Category.OTHER,
        r"\b(the (?:first|only|last) (?:one|woman|man|person|girl|lad) in (?:wales|scotland"
        r"|england|ireland|yorkshire|lancashire|britain|the county|the country)"
        r"(?: who [a-z' ]{3,40}(?=[.,;!?]|$))?)",
        is_anything,
        "first only last",
    ),
)


def find_bent_names(turn: TurnContext) -> Iterator[RuleFind]:
    """Find people, sites and events by the words around them, whatever was written for them."""
    for place, _, inside in find_shapes(turn, _PLACES):
        yield RuleFind(inside[0], inside[-1] + 1, place.category, place.score)
