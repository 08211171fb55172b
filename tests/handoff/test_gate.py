"""The gate stops an original wherever it hides, and lets ordinary words pass."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from handoff import forbidden_text
from handoff.bundle import ExportOrder
from handoff.export import export_interviews
from handoff.forbidden_text import sort_originals
from handoff.gate import check_export, check_hand_over, find_originals
from handoff.sign_off import sign_transcript
from handoff.text_index import Index
from study import (
    ArtefactKind,
    CaseAttribute,
    CaseAttributes,
    Category,
    Decision,
    InterviewDetails,
    Mention,
    Mentions,
    MentionsFacts,
    Participant,
    Transcript,
    TranscriptRef,
    Turn,
    Verdict,
)
from study.errors import LeakPlace, MentionsUndecided, OriginalSurvives, StepMissing
from study.store import Study

SEARCHED = TranscriptRef(ArtefactKind.RAW, 1)


def test_nothing_passes_before_it_was_searched(study: Study) -> None:
    with study.change("made for a test") as change:
        fresh = change.add_interview(InterviewDetails("P08_i1"))

    with pytest.raises(StepMissing):
        check_export(study.interview(fresh), {"a.txt": b"Hello."})


def test_nothing_passes_while_a_mention_is_undecided(study: Study, interview: str) -> None:
    with pytest.raises(MentionsUndecided, match="1 mention is undecided"):
        check_export(study.interview(interview), {"a.txt": b"Hello."})


@pytest.mark.parametrize(
    ("leak", "where", "why"),
    [
        ("Then Rose O'Neill came.", "words 4 and 5", "as it was said"),
        ("then rose oneill came", "words 4 and 5", "in another case, without its apostrophe"),
        ("Then ROSE O\u2019NEILL came.", "words 4 and 5", "in capitals, with a typographer's sign"),
        ("Then Rose came.", "word 4", "the first name alone"),
        ("Then Mrs O'Neill came.", "word 5", "the surname alone"),
        ("Ring 07700900418", "word 4", "a number without its blanks"),
        ("Ring 07700-900-418 now", "word 4", "a number with other signs"),
        ("Ring 07700 900 418 or so", "word 4", "a number in three words, by its first"),
        ("margaret   wilson", "words 3 and 4", "a name that was entered and never said"),
        ("I lived in Skipton.", "word 6", "a place that was entered"),
    ],
)
def test_an_original_is_stopped_and_its_words_are_pointed_at(
    study: Study, decided: str, leak: str, where: str, why: str
) -> None:
    content = f"[00:00:00] P07: Well.\n\n[00:00:02] P07: {leak}\n".encode()

    with pytest.raises(OriginalSurvives) as stopped:
        check_export(study.interview(decided), {"P07_i1.txt": content})

    assert str(stopped.value) == (
        f"Nothing may leave: an identifying detail is still in {where} of line 3 of P07_i1.txt."
    ), why


@pytest.mark.parametrize(
    "harmless",
    [
        "a rose in the garden",  # the flower
        "I may come in May.",  # rejected by a person as no name
        "She arose at seven.",
        "[Person 1] did.",
        "It cost 77 pounds in 1900, 418 in all.",
    ],
)
def test_ordinary_words_pass(study: Study, decided: str, harmless: str) -> None:
    check_export(study.interview(decided), {"P07_i1.txt": harmless.encode()})


def test_a_name_of_a_file_is_looked_at_too(study: Study, decided: str) -> None:
    with pytest.raises(OriginalSurvives, match="a file name"):
        check_export(study.interview(decided), {"Margaret-Wilson.txt": b"Hello."})


@pytest.mark.parametrize(
    "name", ["MargaretWilson_2.txt", "wilson2.docx", "out/p07_skipton.csv", "2wilson.txt"]
)
def test_the_words_of_a_file_s_name_are_looked_at_apart(
    study: Study, decided: str, name: str
) -> None:
    with pytest.raises(OriginalSurvives, match="a file name"):
        check_export(study.interview(decided), {name: b"Hello."})


def test_digits_of_a_hash_are_nobodys_number(study: Study, decided: str) -> None:
    hashes = b'"model_sha256": "07700900418a0770090041807700900418077009004180770090041807700900"'

    check_export(study.interview(decided), {"manifest.json": hashes})


@pytest.mark.parametrize(
    ("leak", "why"),
    [
        ("Then Margret Wilson came.", "one letter lost"),
        ("Then Magaret came.", "one letter lost of a first name"),
        ("we lived near Skiptun then", "misheard"),
        ("M A R G A R E T is how you write it", "spelled out"),
        ("S-K-I-P-T-O-N", "spelled with hyphens"),
        ("W I L S O N, or skip ton", "torn apart"),
        ("oh double seven double oh nine oh oh four one eight", "a number that is said"),
        ("Then Rose\nO'Neill came.", "over the end of a line"),
        ("ROSE ONEILL", "shouted"),
        ("caf\u00e9 with M\u00e1rgaret Wilson", "with accents"),
        ("M\u200dargaret Wilson", "with an invisible joiner"),
        ("the Wilsons", "in the plural"),
        ("\u24c2\u24d0\u24e1\u24d6\u24d0\u24e1\u24d4\u24e3", "in letters with circles"),
        ("\u041c\u0430rgaret", "with letters of another alphabet"),
        ("Skip-ton", "with a hyphen in it"),
        ("Skip\u2011ton", "with a hyphen that holds it together"),
        ("\u0660\u0667\u0667\u0660\u0660\u0669\u0660\u0660\u0664\u0661\u0668", "in other digits"),
    ],
)
def test_an_original_is_stopped_however_it_hides(
    study: Study, decided: str, leak: str, why: str
) -> None:
    with pytest.raises(OriginalSurvives) as stopped:
        check_export(study.interview(decided), {"P07_i1.txt": leak.encode()})

    assert "line 1 of P07_i1.txt" in str(stopped.value), why


def with_mention(study: Study, interview: str, category: Category, said: str) -> None:
    """Add one more turn to the interview, which is a mention, and accept it."""
    mentions = study.interview(interview).read_artefact(ArtefactKind.MENTIONS, Mentions)
    raw = study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript)
    assert mentions is not None
    assert raw is not None
    key = len(raw.turns) + 1
    turns = (*raw.turns, Turn(key, "P07", 9.0, 10.0, said))
    found = Mention(f"more{key}", key, 0, len(said), category, "rules", 1.0, "[it]")
    with study.interview(interview).change("made for a test") as change:
        change.write_artefact(ArtefactKind.RAW, replace(raw, turns=turns))
        more = replace(
            mentions,
            mentions=(*mentions.mentions, found),
            transcript=TranscriptRef(ArtefactKind.RAW, 2),
        )
        change.write_artefact(ArtefactKind.MENTIONS, more, MentionsFacts(SEARCHED, undecided=0))
        for one in more.mentions:
            verdict = Verdict.REJECTED if one.key == "may1" else Verdict.ACCEPTED
            change.append_entry(
                ArtefactKind.MENTIONS, Decision(one.key, verdict, 1, change.made_at)
            )


@pytest.mark.parametrize(
    ("category", "said", "leak"),
    [
        (Category.POSTCODE, "BD23 1AB", "the code bd231ab it is"),
        (Category.POSTCODE, "BD23 1AB", "b d two three one a b"),
        (Category.EMAIL, "graham dot walker at example dot org", "graham.walker@example.org"),
        (Category.EMAIL, "g.walker@example.org", "g dot walker at example dot org"),
        (Category.NHS_NUMBER, "943 476 5919", "nine four three, 476 5919"),
        (Category.VEHICLE, "YK07 ABC", "her car yk 07 abc"),
        (Category.DATE, "November 2019", "in november, 2019"),
        (Category.DATE, "1979", "it snowed in 1979"),
        (Category.HIGH_AGE, "ninety two", "she was Ninety-Two"),
        (Category.OCCUPATION, "shepherd", "I was a shepherd"),
        (Category.ORGANISATION, "Green Hill Coaches", "green hill coaches"),
        (Category.PERSON, "Driver", "they said, Driver come here"),
    ],
)
def test_every_kind_of_detail_is_stopped(
    study: Study, decided: str, category: Category, said: str, leak: str
) -> None:
    with_mention(study, decided, category, said)
    with pytest.raises(OriginalSurvives):
        check_export(study.interview(decided), {"P07_i1.txt": f"Well, {leak}.".encode()})


@pytest.mark.parametrize(
    ("category", "said", "harmless"),
    [
        (Category.AGE, "92", "It cost 92 pounds."),
        (Category.PERSON, "Driver", "I was a bus driver. Drivers are many."),
        (Category.PERSON, "Joy", "It was a joy. Joy is all."),
        (Category.PLACE, "Reading", "I was reading."),
        (Category.PERSON, "Jean", "She wore jeans and meant it."),
    ],
)
def test_a_word_that_is_also_a_name_may_be_a_word(
    study: Study, decided: str, category: Category, said: str, harmless: str
) -> None:
    with_mention(study, decided, category, said)
    check_export(study.interview(decided), {"P07_i1.txt": harmless.encode()})


def test_our_own_replacement_is_no_leak_though_it_says_a_word_that_was_said(
    study: Study, decided: str
) -> None:
    with_mention(study, decided, Category.DATE, "2019")
    mentions = study.interview(decided).read_artefact(ArtefactKind.MENTIONS, Mentions)
    assert mentions is not None
    named = replace(
        mentions.mentions[-1], replacement="[2019]", key="other", turn=2, start=0, end=4
    )
    with study.interview(decided).change("made for a test") as change:
        more = replace(mentions, mentions=(*mentions.mentions, named))
        change.write_artefact(ArtefactKind.MENTIONS, more, MentionsFacts(SEARCHED, undecided=0))
        for one in more.mentions:
            verdict = Verdict.REJECTED if one.key == "may1" else Verdict.ACCEPTED
            change.append_entry(
                ArtefactKind.MENTIONS, Decision(one.key, verdict, 1, change.made_at)
            )
    check_export(study.interview(decided), {"P07_i1.txt": b"It was in [2019]."})
    with pytest.raises(OriginalSurvives):
        check_export(study.interview(decided), {"P07_i1.txt": b"It was in 2019."})


def test_what_was_replaced_in_another_interview_does_not_leave_with_this_one(
    study: Study, decided: str
) -> None:
    with study.change("made for a test") as change:
        change.add_interview(
            InterviewDetails("P08_i1", (Participant("P08", names=("Winifred Ackroyd",)),))
        )
    with pytest.raises(OriginalSurvives):
        check_export(study.interview(decided), {"P07_i1.txt": b"Then Winifred came."})
    with pytest.raises(OriginalSurvives):
        check_export(study.interview(decided), {"P07_i1.txt": b"Then Ackroid came."})


def test_what_a_person_said_names_nobody_may_stand(study: Study, decided: str) -> None:
    with study.change("made for a test") as change:
        change.add_interview(InterviewDetails("P08_i1", (Participant("P08", names=("May",)),)))
    check_export(study.interview(decided), {"P07_i1.txt": b"Who told you, in May?"})


def test_metadata_of_a_packed_file_is_looked_at_and_the_whole_is_named(
    study: Study, decided: str
) -> None:
    with pytest.raises(OriginalSurvives, match=r"line 2 of P07\.docx"):
        check_export(
            study.interview(decided),
            {"P07.docx/docProps/core.xml": b"creator\nMargaret Wilson", "a.txt": b""},
        )


def test_the_folder_it_goes_to_may_not_be_called_after_somebody(
    study: Study, approved: str, tmp_path: Path
) -> None:
    with pytest.raises(OriginalSurvives, match="the name of the folder or file"):
        export_interviews(study, ExportOrder((approved,)), tmp_path / "Margaret Wilson")
    assert not (tmp_path / "Margaret Wilson").exists()


def test_who_signs_off_and_who_receives_are_told_in_our_own_files_and_nowhere_else(
    study: Study, decided: str, tmp_path: Path
) -> None:
    sign_transcript(study.interview(decided), name="Dr Wilson", role="supervisor")
    order = ExportOrder((decided,), ("txt",), to_whom="Skipton")

    written = {path.name: path for path in export_interviews(study, order, tmp_path / "out")}

    told = {name for name, path in written.items() if b"Skipton" in path.read_bytes()}
    assert "manifest.json" in told
    assert b"Dr Wilson" in written["manifest.json"].read_bytes()
    assert b"Skipton" not in written["P07_i1.txt"].read_bytes()
    declared, texts = ("Skipton", "Dr Wilson"), [(study.interview(decided), ())]
    check_hand_over(texts, {"README.txt": b"For Skipton, by Dr Wilson."}, declared)
    for name in ("P07_i1.txt", "cases.csv", "report.html", "README-archive.txt"):
        for one in declared:
            with pytest.raises(OriginalSurvives):
                check_hand_over(texts, {name: f"For {one}.".encode()}, declared)


@pytest.mark.parametrize("to_whom", ["", "Dr Hall", "t", "Ski"])
def test_a_receiver_hides_nobody_else_in_our_own_files(
    study: Study, approved: str, tmp_path: Path, to_whom: str
) -> None:
    order = ExportOrder((approved,), ("txt",), to_whom=to_whom, purpose="a talk in Skipton")

    with pytest.raises(OriginalSurvives):
        export_interviews(study, order, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.thorough  # how long it takes is measured by ``python -m benchmarks gate``
def test_two_hundred_thousand_words_are_looked_at_in_seconds(study: Study, decided: str) -> None:
    text = " ".join(["and so it went on for a while with them"] * 20_000)
    check_export(study.interview(decided), {"P07_i1.txt": text.encode()})


@pytest.mark.parametrize("category", [Category.PERSON, Category.PLACE, Category.ORGANISATION])
@pytest.mark.parametrize("letter", ["S", "s", "S.", "A", "I"])
def test_a_single_letter_is_never_looked_for(
    study: Study, decided: str, category: Category, letter: str
) -> None:
    with_mention(study, decided, category, letter)
    harmless = "[00:00:01] S?: I saw a plan B, and the s. Then S, then I, then A."

    check_export(study.interview(decided), {"P07_i1.txt": harmless.encode()})


def test_a_name_of_one_chinese_sign_is_looked_for(study: Study, decided: str) -> None:
    with_mention(study, decided, Category.PERSON, "\u674e")

    with pytest.raises(OriginalSurvives):
        check_export(study.interview(decided), {"P07_i1.txt": "then \u674e came".encode()})


@pytest.mark.parametrize(
    ("category", "said", "leak"),
    [
        (Category.PERSON, "Hazell", "it is h a zed e double l"),
        (Category.PERSON, "Zoltan", "zed o l t a n"),
        (Category.PERSON, "Heather Aitcheson", "aitch e a t haitch e r"),
        (Category.PERSON, "Bettty", "b e triple t y"),
        (Category.POSTCODE, "zed e one oh a a", "at ZE1 0AA"),
        (Category.POSTCODE, "ZE1 0AA", "at zed e one oh a a"),
        (Category.PHONE, "998431 double 206", "ring 998431 2206"),
        (Category.PHONE, "998431 2206", "ring 998431 double 206"),
        (Category.PHONE, "07700 900418", "oh double 7 double 0 9 double 0418"),
    ],
)
def test_zed_and_digits_that_run_on_hide_nothing(
    study: Study, decided: str, category: Category, said: str, leak: str
) -> None:
    with_mention(study, decided, category, said)

    with pytest.raises(OriginalSurvives):
        check_export(study.interview(decided), {"P07_i1.txt": f"Well, {leak}.".encode()})


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("Mary Place", "I live in [Place 1] and saw her in [Place 2]."),
        ("Ann Person", "So [Person 1] came, and [Person 12, sister]."),
        ("Theresa May", "It was on [day in May], or in [May 2019]."),
        ("Joy Event", "Then [Event 3] came."),
        ("Ivy Number", "It is [Number 4], or [NHS number 1]."),
    ],
)
def test_our_own_placeholder_is_nobodys_name(name: str, ours: str) -> None:
    gone = sort_originals([(Category.PERSON, name)], set(), ())

    assert list(find_originals({"a.txt": ours.encode()}, gone)) == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("I saw old Place there.", "word 4"),
        ("I saw [Place 1] and old Place there.", "word 7"),
        ("It was [Person 1, Mary's sister] then.", "word 5"),
        ("It was [around the time of Mary Place] then.", "words 7 and 8"),
        ("It was [Place] then.", "word 3"),
        ("It was Mary [Place 1] then.", "word 3"),
    ],
)
def test_a_name_beside_or_inside_a_placeholder_is_still_stopped(text: str, where: str) -> None:
    gone = sort_originals([(Category.PERSON, "Mary Place")], set(), ())

    assert list(find_originals({"a.txt": text.encode()}, gone)) == [f"{where} of line 1 of a.txt"]


def test_a_pseudonym_hides_no_longer_name_that_begins_like_it() -> None:
    gone = sort_originals([(Category.PERSON, "Annabel Skelton")], set(), ("Ann",))

    assert list(find_originals({"a.txt": b"and annabell came, said Ann"}, gone)) == [
        "word 2 of line 1 of a.txt (a name like one)"
    ]


def test_a_line_is_read_once_however_many_numbers_are_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = [(Category.PHONE, f"07700 90{n:04}") for n in range(300)]
    gone = sort_originals(numbers, set(), ())
    read: list[str] = []
    honest = forbidden_text.read_code

    def counted(text: str) -> str:
        read.append(text)
        return honest(text)

    monkeypatch.setattr(forbidden_text, "read_code", counted)

    found = list(find_originals({"a.txt": b"and so on and on\n" * 100}, gone))

    assert found == []
    assert read.count("and so on and on") == 1  # it stands there a hundred times


def test_an_index_finds_what_a_search_for_each_key_finds() -> None:
    keys = ["abc", "abcd", "bcdx", "cab", "dddd"]
    text = "abcdabcabcdxddddd"

    found = {text[first:last] for first, last in Index(keys).find_in(text)}

    assert found == {key for key in keys if key in text}


def test_a_refusal_names_the_file_unless_its_name_tells() -> None:
    gone = sort_originals([(Category.PERSON, "Ackroyd")], set(), ())
    files = {"P07_i1-table.docx/word/document.xml": b"Ackroyd", "ackroyd.txt": b"Ackroyd"}

    assert list(find_originals(files, gone)) == [
        "word 1 of line 1 of P07_i1-table.docx",
        "a file name",
        "word 1 of line 1 of the txt file",
    ]


@pytest.mark.parametrize(
    ("place", "more"),
    [
        (LeakPlace.TARGET, {}),
        (LeakPlace.PURPOSE, {"purpose": "a talk in Skipton"}),
        (LeakPlace.CALLED, {"called": (("P07", "Margaret Wilson"),)}),
        (LeakPlace.ATTRIBUTE, {"formats": ("cases",)}),
    ],
)
def test_a_refusal_says_what_kind_of_place_it_is_and_repeats_no_word_of_it(
    study: Study, approved: str, tmp_path: Path, place: LeakPlace, more: dict[str, Any]
) -> None:
    if place is LeakPlace.ATTRIBUTE:
        with study.change("made for a test") as change:
            declared = (CaseAttribute("home", ("Skipton",)),)
            values = {"P07": {"home": "Skipton"}}
            change.write_artefact(ArtefactKind.CASES, CaseAttributes(declared, values))
    name = "Margaret Wilson" if place is LeakPlace.TARGET else "out"

    with pytest.raises(OriginalSurvives) as stopped:
        export_interviews(study, ExportOrder((approved,), **more), tmp_path / name)

    assert stopped.value.places == (place,)
    assert "Skipton" not in str(stopped.value)
    assert "Margaret" not in str(stopped.value)
    assert not (tmp_path / name).exists()
