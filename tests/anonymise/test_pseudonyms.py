"""One identity has one replacement, whichever form was said, and no number is given twice."""

from __future__ import annotations

from anonymise.pseudonyms import PseudonymBook, ReplacementRequest, normalise_form
from anonymise.register import KnownIdentity
from study import Category, Pseudonym

P = Category.PERSON


def names(book: PseudonymBook, *texts: str, category: Category = P) -> list[str]:
    return book.assign_replacements([ReplacementRequest(category, text) for text in texts])


def test_every_form_of_a_name_is_one_person() -> None:
    said = ("Arthur", "Mr Bennett's", "Arthur Bennett", "ARTHUR", "Dr. Bennett")
    assert set(names(PseudonymBook(), *said)) == {"[Person 1]"}


def test_identities_are_numbered_as_they_appear_by_kind() -> None:
    book = PseudonymBook()
    assert names(book, "Jean", "Arthur Bennett") == ["[Person 1]", "[Person 2]"]
    assert names(book, "Thorn", "the Thorn", category=Category.PLACE) == ["[Place 1]"] * 2
    assert names(book, "07700", category=Category.PHONE) == ["[Phone number 1]"]
    assert names(book, "1", category=Category.NHS_NUMBER) == ["[NHS number 1]"]


def test_a_surname_that_two_people_share_gets_its_own_number() -> None:
    book = PseudonymBook()
    book.add_known_identities(
        [KnownIdentity(P, ("Arthur Bennett",)), KnownIdentity(P, ("Derek Bennett",))]
    )
    arthur, bare, derek, short = names(book, "Arthur", "Bennett", "Derek Bennett", "Derek")
    assert len({arthur, bare, derek}) == 3
    assert short == derek


def test_a_title_tells_two_people_of_one_surname_apart() -> None:
    book = PseudonymBook()
    book.add_known_identities(
        [KnownIdentity(P, ("Arthur Bennett",)), KnownIdentity(P, ("Jean Bennett",), "wife")]
    )
    arthur, his, jean, hers = names(book, "Arthur", "Mr Bennett", "Jean Bennett", "Mrs Bennett")
    assert (arthur, jean) == (his, hers)
    assert arthur != jean


def test_a_label_tells_the_role_that_was_heard_first_and_keeps_it() -> None:
    book = PseudonymBook()
    asked = [
        ReplacementRequest(P, "Ruth"),
        ReplacementRequest(P, "Ruth", role="sister"),
        ReplacementRequest(P, "Ruth", role="aunt"),
    ]
    assert book.assign_replacements(asked) == ["[Person 1, sister]"] * 3
    assert book.assign_replacements([ReplacementRequest(P, "Ruth", role="aunt")]) == [
        "[Person 1, sister]"
    ]


def test_a_place_and_an_employer_say_what_kind_they_are() -> None:
    book = PseudonymBook()
    assert names(book, "Skipton", "London", category=Category.PLACE) == [
        "[Place 1, town in northern England]", "[Place 2, city]",
    ]  # fmt: skip
    assert names(book, "Green Hill Coaches", category=Category.ORGANISATION) == [
        "[Organisation 1, bus company]"
    ]


def test_a_study_written_before_labels_had_roles_is_read_as_it_was() -> None:
    book = PseudonymBook()
    book.add_pseudonyms([Pseudonym(P, "[Person 4]", ("arthur",))], is_here=True)
    assert names(book, "Arthur", "Jean") == ["[Person 4]", "[Person 5]"]
    (kept,) = book.list_used_identities(["[Person 4]"])
    assert (kept.label, kept.replacement) == ("[Person 4]", "[Person 4]")


def test_two_whole_names_are_two_people_though_a_short_form_fits_both() -> None:
    book = PseudonymBook()
    book.add_pseudonyms([Pseudonym(P, "[Person 4]", ("bennett",))])
    book.add_known_identities(
        [KnownIdentity(P, ("Arthur Bennett",)), KnownIdentity(P, ("Jean Bennett",))]
    )
    arthur, jean = names(book, "Arthur Bennett", "Jean Bennett")
    assert arthur != jean


def test_all_names_of_a_register_entry_are_one_identity() -> None:
    book = PseudonymBook()
    book.add_known_identities([KnownIdentity(P, ("Siobhan O'Brien", "Shiv", "Siobhan Jones"))])
    assert len(set(names(book, "Shiv", "Mrs Jones", "Siobhan", "O'Brien"))) == 1


def test_what_was_given_stays_and_is_not_given_again() -> None:
    book = PseudonymBook()
    book.add_pseudonyms([Pseudonym(P, "[Person 7]", ("jean", "jean bennett"))])
    book.note_given_numbers({"person": 9})
    assert names(book, "Mrs Bennett", "Derek") == ["[Person 7]", "[Person 10]"]
    assert book.count_given_numbers()["person"] == 10


def test_the_same_number_or_date_said_otherwise_is_the_same() -> None:
    said = [
        ReplacementRequest(Category.PHONE, "oh seven seven", "077"),
        ReplacementRequest(Category.PHONE, "077", "077"),
        ReplacementRequest(Category.PHONE, "078", "078"),
    ]
    assert PseudonymBook().assign_replacements(said) == [
        "[Phone number 1]",
        "[Phone number 1]",
        "[Phone number 2]",
    ]


def test_a_place_may_also_have_been_taken_for_an_organisation() -> None:
    book = PseudonymBook()
    first = names(book, "Thornlea", category=Category.PLACE)
    assert names(book, "Thornlea", category=Category.ORGANISATION) == first


def test_only_what_is_used_is_written() -> None:
    book = PseudonymBook()
    book.add_known_identities([KnownIdentity(P, ("Never Mentioned",))])
    (label,) = names(book, "Jean")
    assert book.list_used_identities([label]) == (
        Pseudonym(P, "[Person 1]", ("jean",), "[Person 1]"),
    )


def test_a_title_alone_is_a_form_of_its_own() -> None:
    assert normalise_form(P, "Doctor") == "doctor"
    assert normalise_form(P, "Mrs O\u2019Brien's") == "obrien"
