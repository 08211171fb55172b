"""Names are found by the register, by the words around them, and by a trained model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
import spacy
from spacy.pipeline import EntityRuler

from anonymise import name_finder as names
from anonymise.keep_list import load_shipped_keep_list
from anonymise.pieces import cut_into_pieces
from anonymise.pipeline import SearchPipeline, settle_finds
from anonymise.proposals import Proposal
from anonymise.register import KnownIdentity, KnownNameRegister
from study import Category
from study.errors import ModelBroken, ModelMissing

Search = Callable[..., list[tuple[str, str]]]
BACKGROUND = "nationality or ethnicity"
PERSON, PLACE, ORG = "person", "place", "organisation"

GIVEN_AWAY = [
    ("My name is Arthur Bennett, and that's it.", PERSON, "Arthur Bennett"),
    ("my name is arthur bennett", PERSON, "arthur bennett"),
    ("And I am Jean, his wife.", PERSON, "Jean"),
    ("The tutor was a man called Derek.", PERSON, "Derek"),
    ("It was Doctor Patel's idea.", PERSON, "Doctor Patel"),
    ("We saw Mrs. O'Brien.", PERSON, "Mrs. O'Brien"),
    ("mrs wilson told me", PERSON, "mrs wilson"),
    ("Sister Rose was lovely.", PERSON, "Sister Rose"),
    ("Not even our daughter Helen.", PERSON, "Helen"),
    ("My oldest son, Peter, came.", PERSON, "Peter"),
    ("My daughter-in-law Siobhan helps.", PERSON, "Siobhan"),
    ("Pauline, my neighbour, drives.", PERSON, "Pauline"),
    ("I was on Rose Ward then.", ORG, "Rose Ward"),
    ("They put me on ward six.", ORG, "ward six"),
    ("We did the Coping with Change course.", ORG, "Coping with Change course"),
    ("It was at Park View Hospital.", ORG, "Park View Hospital"),
    ("It was at St Mary's Hospital.", ORG, "St Mary's Hospital"),
    ("We walked down Mill Road.", PLACE, "Mill Road"),
    ("I live in Skipton.", PLACE, "Skipton"),
    ("We moved to Hebden Bridge.", PLACE, "Hebden Bridge"),
    ("I was born in Halifax, me.", PLACE, "Halifax"),
    ("He worked at Armitage's for years.", ORG, "Armitage"),
]

FALSE_FRIENDS = [
    "May I say something?",
    "Will you be all right?",
    "Mark my words.",
    "Rose garden or not, I rose early.",
    "Grace is what we say before meals, and I paid the bill.",
    "My name is on the list.",
    "My mother had Parkinson's and my father Alzheimer's.",
    "It's Lewy body dementia.",
    "The Alzheimer's Society rang, and Age UK.",
    "I live in England, I was born in May.",
    "I go to the Memory Clinic and the Recovery College.",
    "I was born in March and moved to Easter.",
    "The NHS is what it is.",
    "Is this Donepezil?",
    "The doctor said no, my daughter said yes.",
    "I'm Church of England.",
    "Thank you. Thank God for that.",
    "The ward was cold, the hospital was kind.",
]


@pytest.mark.parametrize(("said", "category", "words"), GIVEN_AWAY, ids=[g[0] for g in GIVEN_AWAY])
def test_words_around_a_name_give_it_away(
    search: Search, said: str, category: str, words: str
) -> None:
    assert search(said) == [(words, category)]


@pytest.mark.parametrize("said", FALSE_FRIENDS)
def test_leaves_false_friends_alone(search: Search, said: str) -> None:
    assert search(said) == []


QUESTIONS: list[tuple[str, list[tuple[str, str]]]] = [
    ("I am Catholic, he's English.", [("Catholic", "religion"), ("English", BACKGROUND)]),
    ("we're sikh so the food matters", [("sikh", "religion")]),
    ("I was a lighthouse keeper for years.", [("lighthouse keeper", "occupation")]),
    ("He trained as a midwife, him.", [("midwife", "occupation")]),
    ("He used to be a lollipop man, him.", [("lollipop man", "occupation")]),
    ("I was a window cleaner till I fell.", [("window cleaner", "occupation")]),
    ("We were the only black family there.", [("black", BACKGROUND)]),
    ("He was a German national, by the way.", [("German", BACKGROUND)]),
    ("They were all Polish nationals.", [("Polish", BACKGROUND)]),
    ("We watched the German national team.", []),
    ("She was in the Aberfan disaster.", [("Aberfan disaster", "event")]),
]


@pytest.mark.parametrize(("said", "asked"), QUESTIONS, ids=[q[0] for q in QUESTIONS])
def test_what_points_to_somebody_only_with_more_is_a_question(
    rules: SearchPipeline, search: Search, said: str, asked: list[tuple[str, str]]
) -> None:
    assert search(said) == asked
    assert not any(p.is_likely for turn in settle_finds(rules.search_turns([said])) for p in turn)


@pytest.mark.parametrize(
    "said",
    ["I was a member once.", "It was a matter of time.", "She's a carer, I'm a worrier.",
     "He was a lovely man and a good listener.", "She was a private lady, a big reader.",
     "He drinks black coffee.", "We had polish on the table.", "It was the last strike."],
)  # fmt: skip
def test_a_trait_is_not_seen_in_everyday_words(search: Search, said: str) -> None:
    assert search(said) == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("I was a teacher at Woodhouse School for 30 years.", ["teacher", "Woodhouse School"]),
        ("My mother was a cook in the Woodhouse School kitchen.", ["cook", "Woodhouse School"]),
        ("He was mayor of Batley for a year.", ["mayor", "Batley"]),
        ("Dad was a miner at Grimethorpe pit.", ["miner", "Grimethorpe"]),
        ("He was a joiner for Smith and Sons.", ["joiner", "Smith and Sons"]),
        ("He was the vicar of St Mary's.", ["vicar", "St Mary"]),
        ("She was a nurse at Leeds Infirmary.", ["Leeds Infirmary"]),
        ("He worked as a joiner for Smith and Sons.", ["joiner", "Smith and Sons"]),
    ],
)
def test_an_occupation_beside_its_place_of_work_leaves_the_words_between(
    search: Search, said: str, found: list[str]
) -> None:
    assert [text for text, _ in search(said)] == found


def test_a_name_found_once_is_found_in_every_turn(search: Search) -> None:
    found = search("My name is Arthur Bennett.", "It was twice, Arthur.", "Mr Bennett's coat.")
    assert found == [("Arthur Bennett", PERSON), ("Arthur", PERSON), ("Mr Bennett", PERSON)]


def test_a_name_that_is_a_word_is_not_looked_for_as_a_word(search: Search) -> None:
    found = search("My name is Will Young.", "I will, if young.", "Will you come?", "Ask Will.")
    assert found == [("Will Young", PERSON), ("Will", PERSON)]


@pytest.fixture(scope="module")
def register() -> SearchPipeline:
    return SearchPipeline(
        [
            KnownIdentity(Category.PERSON, ("Siobhan McDonald", "Shiv")),
            KnownIdentity(Category.PERSON, ("Kathleen Ramsbottom",)),
            KnownIdentity(Category.PERSON, ("May Patel",)),
            KnownIdentity(Category.PLACE, ("Hebden Bridge",)),
            KnownIdentity(Category.ORGANISATION, ("Thornlea Day Centre", "Thornlea")),
        ]
    )


@pytest.mark.parametrize(
    ("said", "category", "words"),
    [
        ("then siobhan came", PERSON, "siobhan"),
        ("SIOBHAN's here", PERSON, "SIOBHAN"),
        ("Then Siobhan Mc Donald came", PERSON, "Siobhan Mc Donald"),
        ("Then old Mrs Ramsbotham came", PERSON, "Mrs Ramsbotham"),
        ("And Cathleen came", PERSON, "Cathleen"),
        ("And Kathleen Rams Bottom came", PERSON, "Kathleen Rams Bottom"),
        ("we went to hebden bridge", PLACE, "hebden bridge"),
        ("we went to Hebdon Bridge", PLACE, "Hebdon Bridge"),
        ("at thornlea on fridays", ORG, "thornlea"),
        ("Thorn Lea it was", ORG, "Thorn Lea"),
        ("And Shiv's dog", PERSON, "Shiv"),
        ("Then May came in", PERSON, "May"),
    ],
)
def test_known_names_are_found_however_they_were_heard(
    search: Search, register: SearchPipeline, said: str, category: str, words: str
) -> None:
    assert search(said, pipeline=register) == [(words, category)]


@pytest.mark.parametrize(
    "said",
    ["It may rain.", "May I?", "a pastel colour", "We drove over the bridge.", "shave and a hat",
     "the day centre was shut"],
)  # fmt: skip
def test_known_names_are_not_seen_in_everyday_words(
    search: Search, register: SearchPipeline, said: str
) -> None:
    assert search(said, pipeline=register) == []


def test_a_large_or_empty_or_silly_register_is_taken(search: Search) -> None:
    many = [KnownIdentity(Category.PERSON, (f"Person{n} Sur{n}name",)) for n in range(2000)]
    silly = [
        KnownIdentity(Category.PERSON, names)
        for names in ((), ("a",), ("",), ("...",), ("\u200d",))
    ]
    hostile = [
        KnownIdentity(Category.PERSON, ("[/red]", "${x.y}", "\x1b[31mEve", "Robert'); DROP"))
    ]
    pipeline = SearchPipeline([*many, *silly, *hostile])
    assert search("a person came, Sur7name I think", pipeline=pipeline) != []
    assert search("a day, a dream", pipeline=pipeline) == []


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline with an "ner" that knows four names, by a list in place of a network."""
    model = spacy.blank("en")
    patterns: list[dict[str, str | list[dict[str, object]]]] = [
        {"label": "PERSON", "pattern": "Bronwen"},
        {"label": "GPE", "pattern": "Aberdare"},
        {"label": "ORG", "pattern": "Cwm Mills"},
        {"label": "PERSON", "pattern": "May"},
        {"label": "ORG", "pattern": "Clinic"},
        {"label": "CARDINAL", "pattern": "three"},
    ]
    ruler = cast("EntityRuler", model.add_pipe("entity_ruler", name="ner"))
    ruler.add_patterns(patterns)
    folder = tmp_path_factory.mktemp("ner") / "model"
    model.to_disk(folder)
    return folder


def test_a_trained_model_is_asked_as_well(search: Search, trained: Path) -> None:
    found = search(
        "Then Bronwen left Aberdare for Cwm Mills.",
        pipeline=SearchPipeline(trained={"names": trained}),
    )
    assert found == [("Bronwen", PERSON), ("Aberdare", PLACE), ("Cwm Mills", ORG)]


def test_a_trained_models_false_friends_stay(search: Search, trained: Path) -> None:
    pipeline = SearchPipeline(trained={"names": trained})
    assert search("May I have three?", pipeline=pipeline) == []
    assert search("He goes to the Memory Clinic.", pipeline=pipeline) == []


def test_it_says_what_it_does_not_look_for(rules: SearchPipeline, trained: Path) -> None:
    assert rules.not_looked_for == (
        "other names of people",
        "other places",
        "other organisations",
    )
    assert SearchPipeline(trained={"names": trained}).not_looked_for == ()


def test_a_missing_or_broken_model_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        SearchPipeline(trained={"names": tmp_path / "none"})
    with pytest.raises(ModelBroken):
        SearchPipeline(trained={"names": tmp_path})
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ModelBroken):
        SearchPipeline(trained={"names": tmp_path / "blank"})


def test_a_model_that_fails_on_a_turn_costs_nothing_else(
    trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = SearchPipeline(trained={"names": trained})
    honest = names.TrainedNameFinder.find_names

    def failing(finder: names.TrainedNameFinder, texts: list[str]) -> list[list[Proposal]]:
        if any("trap" in text for text in texts):
            raise RuntimeError
        return honest(finder, texts)

    monkeypatch.setattr(names.TrainedNameFinder, "find_names", failing)
    found = list(pipeline.search_turns(["Bronwen is 74 years old.", "Bronwen: trap, 07700 900418"]))
    assert [len(one.proposals) for one in found] == [2, 1]
    assert [one.failed for one in found] == [(), ("names",)]


@pytest.mark.parametrize(
    "said",
    [
        "", " ", "...", "\U0001f600\U0001f600", "\u202eArthur\u202c", "[/red] ask for [/red]",
        "my name is \x1b[31mEve\x1b[0m", "Jean\u200d-Luc\u0301, my friend", "\x00\x07", "'s 's '",
        "double double", "\u0661\u0662 \u0661\u0662", "plus", "+", "@", "at dot com", "dot com",
        "a.@.b", "triple", "19 19 19 19 19 19", "n for", "flat 3,", "'", "\u2019", "'4", "nineteen",
        "12 345 678", "7", "1 2 3 4 5 6",
    ],
)  # fmt: skip
def test_odd_text_breaks_nothing(register: SearchPipeline, said: str) -> None:
    (found,) = register.search_turns([said])
    assert found.failed == ()
    assert all(0 <= p.start < p.end <= len(said) for p in found.proposals)


def look(
    said: str,
    *names: str,
    category: Category = Category.PERSON,
    source: str = "register",
    cased: bool | None = None,
) -> list[tuple[str, float]]:
    """Look for a known name in one turn; returns the words found and their scores."""
    register = KnownNameRegister(
        [KnownIdentity(category, names)], load_shipped_keep_list(), source=source
    )
    found = register.propose_known_names(cut_into_pieces(said), cased=cased)
    assert {p.category for p in found} <= {category}
    assert {p.source for p in found} <= {source}
    return [(said[p.start : p.end], p.score) for p in found]


@pytest.mark.parametrize(
    ("name", "said", "found"),
    [
        # A part of a person's name is looked for where it has three letters and is no "van".
        ("Al Green", "and al came with Al Green", [("Al Green", 0.99)]),
        ("Ann Lee", "and ann, and lee", [("ann", 0.9), ("lee", 0.9)]),
        ("Joe van der Berg", "by van, der Berg and joe", [("Berg", 0.9), ("joe", 0.9)]),
        ("Mary Smith-Jones", "Well, Smith came and Jones", [("Smith", 0.9), ("Jones", 0.9)]),
        # However it is joined.
        ("Smith-Jones", "and smith jones", [("smith jones", 0.99)]),
        ("Smith-Jones", "and Smith-Jones", [("Smith-Jones", 0.99)]),
        ("Smith-Jones", "and smithjones", [("smithjones", 0.99)]),
        ("J. R. Hartley", "by J.R. Hartley", [("J.R. Hartley", 0.99)]),
        ("J. R. Hartley", "by J R Hartley", [("J R Hartley", 0.99)]),
        ("St James's", "at St James's", [("St James", 0.99)]),
        # A title belongs to it, a word of kinship does not.
        ("Dr Patel", "we saw patel", [("patel", 0.99)]),
        ("Siobhan", "then Mrs Siobhan", [("Mrs Siobhan", 0.99)]),
        ("Siobhan", "then Mrs. Siobhan", [("Mrs. Siobhan", 0.99)]),
        ("Siobhan", "then sister Siobhan", [("sister Siobhan", 0.99)]),
        ("Siobhan", "then my sister Siobhan", [("Siobhan", 0.99)]),
        ("Siobhan", "my, Siobhan", [("Siobhan", 0.99)]),
        # Two letters are a name, one is none; six words are one, seven are a sentence.
        ("Bo", "and bo came", [("bo", 0.99)]),
        ("a", "a b", []),
        ("...", "well ... then", []),
        ("one two three four five six", "a one two three four five six",
         [("one two three four five six", 0.99)]),
        ("one two three four five six seven", "a one two three four five six seven", []),
        # Four letters that sound the same count with a capital within a sentence, five without.
        ("Noor", "and Nour came", [("Nour", 0.88)]),
        ("Noor", "and nour came", []),
        ("Noor", "Nour came", []),
        ("Khalid", "and kalid came", [("kalid", 0.88)]),
        ("Zoe", "and Zoey and Zo\u00eb", [("Zo\u00eb", 0.99)]),
        # Ordinary words that sound like a name from end to end: eight letters, or capitals.
        ("Arkwright", "and ark right came", [("ark right", 0.89)]),
        ("Maitland", "and mate land came", [("mate land", 0.88)]),
        ("Attwood", "and at wood", []),
        ("Attwood", "I saw At Wood", [("At Wood", 0.88)]),
        ("Knightley", "it was nightly", []),
        ("Knightley", "and Nightly came", [("Nightly", 0.88)]),
        ("Reid", "I read it", []),
        ("Reid", "and Read came", [("Read", 0.88)]),
        ("Carpentier", "the carpenter came", []),
        ("Carpentier", "and Carpenter came", [("Carpenter", 0.89)]),
        ("Wattmore", "and What More came", []),  # words of every day are never a name together
        ("Theresa", "and teresa came", [("teresa", 0.88)]),
        # More words than it has.
        ("Hope Well", "and hopewell", [("hopewell", 0.99)]),
        ("Ramsbottom", "old rams bottom", [("rams bottom", 0.99)]),
        ("Ramsbottom", "old Ramsbotham", [("Ramsbotham", 0.75)]),
    ],
)  # fmt: skip
def test_how_a_known_name_may_have_been_heard(
    name: str, said: str, found: list[tuple[str, float]]
) -> None:
    assert look(said, name) == found


def test_a_place_has_no_title_and_none_of_its_words_is_looked_for_alone() -> None:
    found = look("to Mr Hebden Bridge and hebden", "Hebden Bridge", category=Category.PLACE)

    assert found == [("Hebden Bridge", 0.99)]


def test_a_name_that_stands_there_to_the_letter_is_found_and_not_what_sounds_like_it() -> None:
    assert look("and ann Marie came", "Anne Marie", "Marie") == [("Marie", 0.99)]


def test_the_longest_name_is_found_and_what_follows_is_looked_at_from_there() -> None:
    said = "Joan Kerr, Kerr and Joan. Kerr"

    assert look(said, "Kerr", "Joan Kerr") == [
        ("Joan Kerr", 0.99), ("Kerr", 0.99), ("Joan. Kerr", 0.99),
    ]  # fmt: skip


def test_a_name_that_was_found_elsewhere_needs_its_capital_where_capitals_tell() -> None:
    def again(said: str, *, cased: bool | None = None) -> list[str]:
        found = look(said, "May Patel", source="again", cased=cased)
        return [words for words, _ in found]

    assert again("We saw Patel, then patel came") == ["Patel"]
    assert again("then patel came") == ["patel"]  # nothing here has a capital
    assert again("then patel came", cased=True) == []
    assert again("Then patel came", cased=False) == ["patel"]
    assert again("Then Patell came") == []  # only to the letter
    assert look("by J R Hartley", "J. R. Hartley", source="again") == [("J R Hartley", 0.99)]


def test_a_name_that_is_also_a_word_needs_more_than_its_letters() -> None:
    assert look("it may rain. May I? Then May came", "May Patel") == [("May", 0.9)]


def test_a_register_without_a_name_finds_nothing() -> None:
    assert look("Then May came", "") == []
    assert (
        KnownNameRegister([], load_shipped_keep_list()).propose_known_names(
            cut_into_pieces("Then May came")
        )
        == []
    )
    assert (
        KnownNameRegister(
            [KnownIdentity(Category.PLACE, ())], load_shipped_keep_list()
        ).propose_known_names(cut_into_pieces("May"))
        == []
    )


def test_a_pronoun_within_an_accepted_name_is_nobodys_name() -> None:
    # "Simon his" was accepted somewhere: "his" was then asked in every turn of the study.
    known = KnownIdentity(Category.PERSON, ("Simon his",)), KnownIdentity(Category.PERSON, ("He",))
    register = KnownNameRegister(known, load_shipped_keep_list())

    found = register.propose_known_names(cut_into_pieces("He lost his cap, Simon did."))

    assert [proposal.form for proposal in found] == ["simon"]
