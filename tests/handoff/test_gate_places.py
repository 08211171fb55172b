"""The places that the gate reports, and the likeness at which it stops a name."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from handoff.forbidden_text import sort_originals
from handoff.gate import find_originals
from study import Category


def places(
    text: str,
    *names: str,
    file: str = "a.txt",
    kept: Iterable[str] = (),
    labels: Iterable[str] = (),
    category: Category = Category.PERSON,
) -> list[str]:
    gone = sort_originals([(category, name) for name in names], set(kept), tuple(labels))
    return [line_of(place) for place in find_originals({file: text.encode()}, gone)]


def line_of(place: str) -> str:
    """Return a place without the numbers of its words, which test_gate.py checks."""
    return re.sub(r"^words? [\d, and]+ of (?=line )", "", place)


ALIKE, TORN = " (a name like one)", " (spelled or torn apart)"


def txt(line: int, how: str = "") -> str:
    return f"line {line} of a.txt{how}"


def test_each_line_is_named_once_in_order_and_the_original_before_what_is_like_it() -> None:
    text = "Yes.\nMargaret Wilson, Margret\nYes.\nMargret and Margret\nMargaret Wilson"

    assert places(text, "Margaret Wilson") == [txt(2), txt(4, ALIKE), txt(5)]


def test_a_phrase_is_found_each_time_and_where_it_begins() -> None:
    text = "the old mill house\nYes.\nthe old mill\nhouse and the old mill house"

    found = places(text, "the old mill house", category=Category.ORGANISATION)

    assert found == [txt(1), txt(3), txt(4)]


def test_a_phrase_is_placed_by_the_text_where_words_fold_to_more_or_fewer() -> None:
    text = "O'Neill\u2019s caf\u00e9 O'Brien\nvon-der-Heide O'Casey\nthe old mill house\nYes."

    assert places(text, "old mill house", category=Category.PLACE) == [txt(3)]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Imogen", "Imogan"),  # 0.83, enough in six letters
        ("Ffion", "Fion"),  # 0.94 in four letters
        ("Nerys", "Neris"),  # 0.94 in five
        ("Bronwen", "Bronwyns"),
    ],
)
def test_a_name_that_is_like_enough_is_stopped(name: str, said: str) -> None:
    assert places(f"Then {said} came.", name) == [txt(1, ALIKE)]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Nesta", "Nesto"),  # 0.86, too little in five letters
        ("Ryan", "Ryen"),  # 0.86 in four
        ("Dafydd", "Dafid"),  # 0.76
        ("Emma", "Ema"),  # 0.94, but three letters are like everything
        ("Imogen", "Imogan7"),  # no word
        ("Margaret", "market"),  # a word of the dictionary
        ("Bronwen", "seven"),
        ("Marget", "Markets"),  # the plural of one
    ],
)
def test_what_is_not_like_enough_or_is_a_word_passes(name: str, said: str) -> None:
    assert places(f"Then {said} came.", name) == []


def test_what_a_person_kept_passes_though_it_is_like_a_name() -> None:
    assert places("Then Margret came.", "Margaret") == [txt(1, ALIKE)]
    assert places("Then Margret came.", "Margaret", kept={"margret"}) == []


def test_what_is_like_a_name_is_found_in_every_line_but_inside_our_own_labels() -> None:
    text = "[Margret 1] came.\nMargret\nYes.\nMargret"

    assert places(text, "Margaret", labels=["[Margret 1]"]) == [txt(2, ALIKE), txt(4, ALIKE)]


def test_a_person_is_looked_for_inside_our_labels_and_a_date_is_not() -> None:
    labels = ["[autumn term, friend of Margaret Wilson]", "[autumn term]"]

    assert places(f"Well.\n{labels[0]}", "Margaret Wilson", labels=labels) == [txt(2)]
    shouted_less = ["[autumn term, friend of margaret wilson]"]
    found = places(f"Well.\n{shouted_less[0]}", "Margaret Wilson", labels=shouted_less)
    assert found == [txt(2)]
    date = Category.DATE
    assert places(f"{labels[1]} and {labels[1]}", "autumn term", labels=labels, category=date) == []
    assert places("autumn term", "autumn term", labels=labels, category=date) == [txt(1)]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Nerys", "N E R Y S is how"),
        ("Ryan", "R-Y-A-N"),
        ("Bennett", "b e double n e double t"),
        ("Bennett", "so b e n n e t t, and double that"),
        ("Xaaant", "x treble a n t"),
        ("Ffion", "her name, a double f i o n b"),
    ],
)
def test_a_name_that_is_spelled_is_stopped_where_it_begins(name: str, said: str) -> None:
    assert places(f"Yes.\nNo, {said}\nYes.", name) == [txt(2, TORN)]


def test_a_name_that_is_spelled_over_two_lines_stands_in_both() -> None:
    assert places("Yes.\nN E R\nY S", "Nerys") == [txt(2, TORN), txt(3, TORN)]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Ryan", "R Y word A N"),  # a word between ends it
        ("Ryan", "R Y A"),
        ("Ryan", "R Y 5 A N"),
        ("Bennett", "double b e n n e t and a t"),
        ("Bennett", "b e double n e t"),
        ("Ffion", "f i o n"),
    ],
)
def test_letters_that_are_no_name_pass(name: str, said: str) -> None:
    assert places(said, name) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Nerys", "ne rys"),
        ("Bennett", "Ben ne tt"),
        ("Elwyn", "then El Wyn"),
        ("Quibhill", "quib hill"),  # of which one is a word
        ("Skipton", "skip ton"),  # of which one is in few talks
    ],
)
def test_a_name_that_is_torn_apart_is_stopped(name: str, said: str) -> None:
    assert places(f"Yes.\nWell, {said}", name) == [txt(2, TORN)]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Bennett", "be nn et tt"),  # no name
        ("Bennett", "b en ne tt"),  # in more pieces than a recogniser makes of a name
        ("Ryan", "ry an"),  # four letters are chance
        ("Maywill", "may will"),  # words that anybody says
        ("Maywill", "may will nerys"),
        ("Bolton", "bolt on"),
    ],
)
def test_pieces_that_are_chance_are_not_called_torn(name: str, said: str) -> None:
    assert [place for place in places(said, name) if TORN in place] == []


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [("Nerys", "Well, ne rys came", "words 2 and 3"), ("Bennett", "Ben ne tt", "words 1, 2 and 3")],
)
def test_every_piece_of_a_torn_name_is_pointed_at(name: str, said: str, words: str) -> None:
    gone = sort_originals([(Category.PERSON, name)], set(), ())

    assert list(find_originals({"a.txt": said.encode()}, gone)) == [
        f"{words} of line 1 of a.txt{TORN}"
    ]


def test_labels_before_an_original_do_not_move_its_place() -> None:
    text = f"{'[Place 1] ' * 12}and {'[it] ' * 12}Wilson\nYes."

    assert places(text, "Margaret Wilson", labels=["[it]"]) == [txt(1)]


def test_a_bracket_that_is_no_label_of_ours_hides_nothing() -> None:
    text, place = "[the old mill house] and [it]", Category.PLACE

    assert places(text, "the old mill house", labels=["[it]"], category=place) == [txt(1)]


def test_a_pseudonym_is_no_misheard_name_and_hides_only_itself() -> None:
    assert places("Then Margret came.", "Margaret", labels=["Margret"]) == []
    text = "Ann Margret\nAnn and Margret\nMargret Ann\nAnn Margret"
    assert places(text, "Margaret", labels=["Ann Margret"]) == [txt(2, ALIKE), txt(3, ALIKE)]


def test_a_replacement_without_a_word_hides_nothing() -> None:
    text, place = "in the old mill house, -- said", Category.PLACE

    assert places(text, "the old mill house", labels=["--"], category=place) == [txt(1)]


def test_our_own_files_are_searched_for_what_was_said_and_not_for_what_is_like_it() -> None:
    for file in ("README.txt", "methods.txt", "manifest.json", "SHA256SUMS", "sub/README.txt"):
        assert places("Margret\nM A R G A R E T", "Margaret", file=file) == []
        assert len(places("Yes.\nmargaret wilson", "Margaret Wilson", file=file)) == 1
    assert places("Margret", "Margaret", file="README.txt.txt") == [
        f"line 1 of README.txt.txt{ALIKE}"
    ]


def test_names_of_files_and_folders_are_searched_for_what_was_said() -> None:
    name = "Margaret Wilson"
    assert places("", name, file="sub/Margaret-Wilson.txt") == ["a file name"]
    assert places("", name, file="Margaret/Wilson.txt") == ["a file name"]
    assert places("", name, file="Margret.txt") == []
    assert places(f"{name}", name, file=f"{name}.txt") == [
        "a file name",
        "line 1 of the txt file",  # not by a name that tells who it is
    ]


@pytest.mark.parametrize(
    ("file", "whole"),
    [
        ("P07.docx/word/document.xml", "P07.docx"),
        ("cases.xlsx/xl/sharedStrings.xml", "cases.xlsx"),
        ("project.qdpx/sources/one.docx/word/document.xml", "project.qdpx"),
        ("sub/P07.html", "sub/P07.html"),
    ],
)
def test_what_is_named_is_the_file_that_a_person_sees(file: str, whole: str) -> None:
    found = places("Margaret Wilson", "Margaret Wilson", file=file)

    assert found == [f"line 1 of {whole}"]


@pytest.mark.parametrize(
    "text",
    ["Joy is all.", "Well. Joy is all.", "Well.\nJoy is all.", "P07: Joy is all.", '"Joy", he said',
     "[00:00:01]  Joy is all.", "so (Joy is all)", "a joy", "Well?   Joy"],
)  # fmt: skip
def test_a_name_that_is_a_word_passes_where_a_sentence_begins(text: str) -> None:
    assert places(text, "Joy") == []


@pytest.mark.parametrize(
    "text", ["I met Joy.", "Then, Joy", "is 2Joy one", "JOY or Joy", "a-Joy", "met  Joy"]
)
def test_a_name_that_is_a_word_is_stopped_with_a_capital_elsewhere(text: str) -> None:
    assert places(f"Yes.\n{text}\nYes.", "Joy") == [txt(2)]


def test_a_name_that_is_a_word_is_stopped_in_the_second_word_of_a_file() -> None:
    assert places("a Joy", "Joy") == [txt(1)]


def test_a_name_that_is_no_word_is_stopped_where_a_sentence_begins_too() -> None:
    assert places("Yes. Nerys did.\nnerys", "Nerys Hollis") == [txt(1), txt(2, ALIKE)]


@pytest.mark.parametrize(
    ("category", "said", "leak"),
    [
        (Category.PHONE, "07700 900418", "oh double seven double oh nine oh oh four one eight"),
        (Category.POSTCODE, "BD23 1AB", "bd231ab"),
        (Category.EMAIL, "g.walker@example.org", "g dot walker at example dot org"),
    ],
)
def test_a_number_a_code_or_an_address_is_named_by_its_line(
    category: Category, said: str, leak: str
) -> None:
    found = places(f"Yes.\nIt is {leak}.\nYes.\n{leak}", said, category=category)

    assert found == [txt(2), txt(4)]
    assert places("Yes.\nIt is 12.", said, category=category) == []


def test_a_hash_parts_what_stands_on_its_two_sides() -> None:
    digest = "0a" * 32

    assert places(f"077009 {digest} 00418", "07700900418", category=Category.PHONE) == [txt(1)]
    assert places(f"Margaret {digest}", "Margaret Wilson", file="SHA256SUMS") != []
    assert places(f"x {'07700900418' * 3}", "07700900418", category=Category.PHONE) == []
    assert places("x 0770090041807700900418", "07700900418", category=Category.PHONE) == [txt(1)]


@pytest.mark.parametrize(
    "line", ["x{} y", "P07:{}", "[00:01:02]{}", "{}x", "x #12{}# y{}", "1P07:{}y"]
)
def test_a_long_run_of_blanks_in_a_line_is_read_once(line: str) -> None:
    """A search that tried each way to part them did not end with 64."""
    text = line.replace("{}", " " * 20_000)

    assert places(text, "Margaret Wilson") == []
    assert places(f"Margaret Wilson {text}", "Margaret Wilson") == [txt(1)]


def test_without_anything_to_look_for_everything_passes() -> None:
    assert places("Margaret Wilson, 07700 900418, M A R G A R E T") == []
