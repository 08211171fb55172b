"""A returned copy: every part of it is listed, ruled on by a person, and only then entered."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.document import Document

from handoff.export_input import read_export_input
from handoff.participant_copy import list_readers
from handoff.participant_corrections import (
    discard_returned,
    enter_corrections,
    find_returned,
    keep_returned,
    read_meaning,
    read_returned,
    rule_on_part,
    take_part,
)
from handoff.participant_word import render_participant_word
from study import (
    ArtefactKind,
    Category,
    CleanBasis,
    Coverage,
    InterviewDetails,
    Mark,
    MarkKind,
    Mention,
    Mentions,
    MentionsFacts,
    Participant,
    Provenance,
    ReturnedCopy,
    Role,
    Transcript,
    TranscriptRef,
    Verdict,
)
from study.errors import BadCorrections
from study.store import (
    Study,
    read_newest_transcript,
    read_trail_head,
    read_trail_lines,
    verify_study,
)
from tests.handoff.deciding import decide
from tests.handoff.returned_files import (
    ASKED,
    READ,
    RIGHT,
    SAID,
    TEXT,
    TEXT_PARTS,
    WAYS,
    Fill,
    Part,
    find_line,
    rows,
    ticked,
)

_MADE = Provenance("transcribe", "earshot", "tiny.en", "00" * 32)
_MENTIONS = (
    Mention("rose", 2, 0, 4, Category.PERSON, "names", 0.9, "[Person 1]"),
    Mention("ward", 2, 20, 28, Category.PLACE, "names", 0.9, "[Place 1]"),
)
_EVENTS = (Mark(14.0, MarkKind.SILENCE, "", 4.0),)


@pytest.fixture
def talked(study: Study) -> str:
    """The id of an interview whose turns have other keys than their lines on the copy."""
    with study.change("made for a test") as change:
        people = (
            Participant("INT01", Role.INTERVIEWER),
            Participant("P07", names=("Margaret Wilson",)),
            Participant("FAM02", Role.SUPPORTER),
        )
        made = change.add_interview(InterviewDetails("P07_i1", people))
        coverage = Coverage(30.0, 25.0, 25.0)
        change.write_artefact(ArtefactKind.RAW, Transcript(SAID, _MADE, coverage, _EVENTS))
        basis = CleanBasis(TranscriptRef(ArtefactKind.RAW, 1), mentions=0)
        clean = Transcript(SAID, _MADE, coverage, _EVENTS, made_from=basis)
        words = SAID[1].text.replace("Rose", "[Person 1]").replace("Ashfield", "[Place 1]")
        turns = (SAID[0], replace(SAID[1], text=words), *SAID[2:])
        change.write_artefact(ArtefactKind.CLEAN, replace(clean, turns=turns))
        searched = Mentions(TranscriptRef(ArtefactKind.RAW, 1), _MENTIONS, _MADE)
        facts = MentionsFacts(searched.transcript, undecided=2)
        change.write_artefact(ArtefactKind.MENTIONS, searched, facts)
        change.write_artefact(ArtefactKind.LOG, ())
    decide(study, made, rose=Verdict.ACCEPTED, ward=Verdict.ACCEPTED)
    return made


@pytest.fixture
def sent(study: Study, talked: str) -> bytes:
    """The Word copy of that interview for P07."""
    material = read_export_input(study.interview(talked), date(2026, 11, 25))
    return render_participant_word(material, list_readers(material)[0])


def send_back(study: Study, talked: str, sent: bytes, path: Path, *fills: Fill) -> ReturnedCopy:
    document = docx.Document(io.BytesIO(sent))
    for fill in fills:
        fill(document)
    document.save(str(path))
    return read_returned(study.interview(talked), path)


def tell(copy: ReturnedCopy) -> list[Part]:
    return [
        Part(
            one.standing,
            tuple((change.turn, change.text) for change in one.changes),
            one.approves,
            one.line,
        )
        for one in copy.parts
    ]


def test_each_way_of_answering_is_read_asked_or_not_understood_and_no_word_is_lost(
    study: Study, talked: str, sent: bytes, tmp_path: Path
) -> None:
    other: dict[str, list[Part]] = {}
    for name, way in WAYS.items():
        found = send_back(study, talked, sent, tmp_path / "back.docx", *way.fills)
        words = "\n".join(part.words for part in found.parts)

        if sorted(map(repr, tell(found))) != sorted(map(repr, way.parts)):
            other[name] = tell(found)
        assert all(one in words for one in way.words), name
    assert other == {}


def test_a_text_with_lines_is_read_by_the_same_rules(
    study: Study, talked: str, tmp_path: Path
) -> None:
    (tmp_path / "back.txt").write_text(TEXT, encoding="utf-8-sig")

    assert tuple(tell(read_returned(study.interview(talked), tmp_path / "back.txt"))) == TEXT_PARTS


def test_what_the_sender_wrote_on_the_cover_is_listed_and_new_runs_are_no_wishes(
    study: Study, talked: str, sent: bytes, tmp_path: Path
) -> None:
    def send(document: Document) -> None:
        asked = next(p for p in document.paragraphs if p.text.startswith("Phone:"))
        asked.runs[-1].text = " 01632 960123"
        talk = find_line(document, 2)
        whole = talk.runs[-1].text
        talk.runs[-1].text = whole[:5]  # Word parts runs as it likes
        talk.add_run(whole[5:])
        document.add_paragraph("")

    found = send_back(study, talked, sent, tmp_path / "back.docx", send)

    assert [(one.where, one.words) for one in found.parts] == [
        ("on the cover", "Phone: 01632 960123")
    ]
    assert not found.parts[0].changes


def test_a_copy_of_an_earlier_clean_text_keeps_its_numbers_and_a_changed_line_is_asked(
    study: Study, talked: str, sent: bytes, tmp_path: Path
) -> None:
    interview = study.interview(talked)
    with interview.change("made for a test") as change:
        clean = interview.read_artefact(ArtefactKind.CLEAN, Transcript)
        assert clean is not None
        left = [turn for turn in clean.turns if turn.key != 3]  # line 4 on the copy
        turns = tuple(
            replace(turn, text="The plot is mine.") if turn.key == 7 else turn for turn in left
        )
        change.write_artefact(ArtefactKind.CLEAN, replace(clean, turns=turns))

    found = send_back(
        study, talked, sent, tmp_path / "back.docx", rows(("9", "take out"), ("8", "take out"))
    )

    assert tell(found) == [
        Part(READ, ((8, ""),), line=9),
        Part(ASKED, ((7, ""),), line=8),
    ]


def test_a_document_that_is_hardly_the_copy_is_refused_and_an_answer_of_its_own_read(
    study: Study, talked: str, tmp_path: Path
) -> None:
    interview, path = study.interview(talked), tmp_path / "back.docx"

    def write(*lines: str) -> Path:
        document = docx.Document()
        for line in lines:
            document.add_paragraph(line)
        document.save(str(path))
        return path

    spoken = [turn.text for turn in SAID]
    other = [f"{number}  P03: Nothing like it was said on our boat." for number in range(1, 10)]
    for wrong in (
        other,  # another interview's copy: its numbers fit, its words do not
        [*other, "Line 3 should be taken out"],
        [f"2  P07: {spoken[1]}", *other],
        ["Dear Sir,", "thank you for the parcel."],
    ):
        with pytest.raises(BadCorrections, match="another document: fewer than a third"):
            read_returned(interview, write(*wrong))
    with pytest.raises(BadCorrections, match="more than 2,000 parts"):
        read_returned(interview, write(*spoken, *["A parcel came."] * 2_001))
    (tmp_path / "back.txt").write_text("A parcel came.\n" * 2_001)
    with pytest.raises(BadCorrections, match="more than 2,000 parts"):
        read_returned(interview, tmp_path / "back.txt")

    assert len(read_returned(interview, write(*spoken)).parts) > 0
    (part, *_) = read_returned(interview, write("Please take line 3 out")).parts
    assert part.line == 3


def test_a_list_is_discarded_with_nothing_entered_and_another_file_read(
    study: Study, talked: str, sent: bytes, tmp_path: Path
) -> None:
    interview = study.interview(talked)
    copy = send_back(study, talked, sent, tmp_path / "back.docx", rows(("3", "take out")))
    keep_returned(interview, copy)

    discard_returned(interview)

    assert find_returned(interview) is None
    with pytest.raises(BadCorrections, match="or it was discarded"):
        discard_returned(interview)
    with pytest.raises(BadCorrections, match="or it was discarded"):
        enter_corrections(interview)
    line = list(read_trail_lines(study.db))[-1]
    assert (line.verb, line.facts["parts"]) == ("participant's copy discarded", 1)
    assert keep_returned(interview, copy).open_parts == (1,)
    assert verify_study(study) == []


def test_nothing_is_entered_and_nothing_dropped_before_a_person_ruled_on_every_part(
    study: Study, talked: str, sent: bytes, tmp_path: Path
) -> None:
    interview = study.interview(talked)
    copy = send_back(
        study, talked, sent, tmp_path / "back.docx",
        rows(
            ("2", "[Person 1] took me to the [Place 1] clinic on Tuesday."),
            ("", "Leave out my neighbour"),
            ("3", "take out"),
            ("5", "He is my cousin"),
        ),
    )  # fmt: skip
    before = read_trail_head(study.db)
    with pytest.raises(BadCorrections, match="no copy of this interview came back"):
        enter_corrections(interview)
    assert read_trail_head(study.db) == before
    keep_returned(interview, copy)

    take_part(interview, 1)
    with pytest.raises(BadCorrections, match="leaves open what part 2 means"):
        take_part(interview, 2)
    there = find_returned(interview)
    assert there is not None
    assert there.open_parts == (2, 3, 4)
    with pytest.raises(BadCorrections, match="3 parts that nobody has ruled on"):
        enter_corrections(interview)
    with pytest.raises(BadCorrections, match="has to wait"):
        keep_returned(interview, copy)
    assert interview.find_newest_version(ArtefactKind.CORRECTED) == 0

    rule_on_part(interview, 2, read_meaning(there, "5: take out"))
    take_part(interview, 3)
    rule_on_part(interview, 4, ())
    assert enter_corrections(interview) == 3

    source = read_newest_transcript(interview)
    assert source is not None
    assert {12, 4}.isdisjoint(source.turn_texts())
    assert source.turn_texts()[2] == "Rose took me to the Ashfield clinic on Tuesday."
    done = find_returned(interview)
    assert done is not None
    assert done.is_entered
    with pytest.raises(BadCorrections, match="all of it entered"):
        rule_on_part(interview, 1, ())
    keep_returned(interview, copy)  # another copy may come back now
    assert "cousin" not in f"{copy!r}{there!r}"


def test_their_approval_is_recorded_with_the_day_that_it_came_back(
    study: Study, talked: str, sent: bytes, tmp_path: Path
) -> None:
    interview = study.interview(talked)
    send_back(study, talked, sent, tmp_path / "back.docx", ticked(RIGHT))
    copy = read_returned(interview, tmp_path / "back.docx", "2026-11-20")
    keep_returned(interview, copy)

    take_part(interview, 1)

    assert enter_corrections(interview) == 0
    there = find_returned(interview)
    assert there is not None
    assert (there.is_approved, there.copy.received_on) == (True, "2026-11-20")
    *_, last = read_trail_lines(study.db)
    assert last.verb == "participant's corrections entered"
    assert last.facts["approved"] == "2026-11-20"
    for day in ("2999-01-01", "yesterday"):
        with pytest.raises(BadCorrections):
            read_returned(interview, tmp_path / "back.docx", day)


def test_what_a_person_says_that_a_part_means_has_to_name_lines_of_the_copy(
    study: Study, talked: str, sent: bytes, tmp_path: Path
) -> None:
    interview = study.interview(talked)
    copy = send_back(study, talked, sent, tmp_path / "back.docx", rows(("", "see above")))
    there = keep_returned(interview, copy)

    meant = read_meaning(there, "3: I change my mind ;; 4-5: take out")
    assert [(c.turn, c.text) for c in meant] == [(12, "I change my mind"), (3, ""), (4, "")]
    for text in ("", "take out", "99: take out", "3", "my neighbour", "4-5: one text"):
        with pytest.raises(BadCorrections):
            read_meaning(there, text)


def test_the_number_of_a_line_that_is_written_twice_does_not_become_its_words(
    study: Study, talked: str, sent: bytes, tmp_path: Path
) -> None:
    interview = study.interview(talked)
    copy = send_back(
        study, talked, sent, tmp_path / "back.docx",
        rows(("3", "3: I liked the tea."), ("4", "line 4: take out")),
    )  # fmt: skip
    assert [[(c.line, c.text) for c in part.changes] for part in copy.parts] == [
        [(3, "I liked the tea.")],
        [(4, "")],
    ]
    there = keep_returned(interview, copy)

    for typed in ("3: 3: A bus.", "3: line 3: A bus.", "3: 3:A bus."):
        assert [c.text for c in read_meaning(there, typed)] == ["A bus."], typed
    assert [c.text for c in read_meaning(there, "3: 3: It should go")] == ["It should go"]
    assert [c.text for c in read_meaning(there, "4: 4: take out")] == [""]
    assert [c.text for c in read_meaning(there, "3: 4: it is a score")] == ["4: it is a score"]


def test_two_rulings_that_differ_about_a_line_enter_nothing(
    study: Study, talked: str, sent: bytes, tmp_path: Path
) -> None:
    interview = study.interview(talked)
    copy = send_back(
        study, talked, sent, tmp_path / "back.docx", rows(("3", "take out"), ("3", "I liked tea."))
    )
    there = keep_returned(interview, copy)
    take_part(interview, 1)
    rule_on_part(interview, 2, read_meaning(there, "3: I liked it."))

    with pytest.raises(BadCorrections, match="two rulings about line 3 that differ"):
        enter_corrections(interview)

    rule_on_part(interview, 2, ())  # the newest ruling counts
    assert enter_corrections(interview) == 1


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", "<a>" + " " * (101 << 20) + "</a>")
    return out.getvalue()


def zip_document(document: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/document.xml", document)
    return out.getvalue()


def open_document() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    return out.getvalue()


UNREADABLE: dict[str, tuple[Callable[[], bytes], str]] = {
    "broken zip": (lambda: b"PK\x03\x04 no zip", "Nothing was entered"),
    "no document": (
        lambda: re.sub(rb"document\.xml", b"somebody.xml", zip_document(b"<a/>")),
        "Nothing was entered",
    ),
    "broken document": (lambda: zip_document(b"<a>"), "Nothing was entered"),
    "entities": (
        lambda: zip_document(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        "Nothing was entered",
    ),
    "swollen": (zip_bomb, "Nothing was entered"),
    "no text": (lambda: b"\xff\xfe\x00 no text", "Nothing was entered"),
    "empty": (lambda: b" \n", "is empty: perhaps it was not saved"),
    "far too large": (lambda: b"1: x\n" + bytes(17 << 20), "Nothing was entered"),
    "OpenDocument": (open_document, "is an OpenDocument file, .* save it as Word"),
    "RTF": (lambda: b"{\\rtf1 12: text}", "is an RTF file"),
    "a photograph": (lambda: b"\xff\xd8\xff\xe0 JFIF", "is a picture, .* type what it says"),
    "a scan": (lambda: b"%PDF-1.7", "is a PDF file"),
}


def test_what_cannot_be_read_is_one_sentence(study: Study, talked: str, tmp_path: Path) -> None:
    for raw, why in UNREADABLE.values():
        (tmp_path / "back").write_bytes(raw())

        with pytest.raises(BadCorrections, match=why):
            read_returned(study.interview(talked), tmp_path / "back")


def test_a_folder_or_nothing_at_all_is_one_sentence(
    study: Study, talked: str, sent: bytes, tmp_path: Path
) -> None:
    for path in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(BadCorrections):
            read_returned(study.interview(talked), path)
    with pytest.raises(BadCorrections, match="is not there"):
        read_returned(study.interview(talked), tmp_path / "nothing")
    with pytest.raises(BadCorrections, match="is as it was sent"):
        send_back(study, talked, sent, tmp_path / "back.docx")
