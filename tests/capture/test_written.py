"""Transcripts made elsewhere are read as they are really written, names and all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.transcript_import.speaker_codes import code_speakers
from capture.transcript_import.study_entry import import_transcript, is_transcript_file
from capture.transcript_import.transcript_file import read_transcript_file
from study import ArtefactKind, InterviewDetails, InterviewState, Participant, Role, Transcript
from study.errors import BadName, NotTranscript, SoundNotFound
from study.store import Study
from tests.capture.import_kinds_text import docx, zipped

TEAMS = """WEBVTT

6f1c/12-0
00:00:03.120 --> 00:00:05.440
<v Wilson, Margaret (Guest)>Hello there.
I am Margaret.</v>

6f1c/13-0
00:00:05.640 --> 00:00:07.000
<v Wilson, Margaret (Guest)>From Skipton &amp; proud.</v>

6f1c/14-0
00:00:09.000 --> 00:00:10.000
<v Dr Ravi Patel>Yes.</v>
"""
ZOOM = """WEBVTT

1
00:00:01.000 --> 00:00:04.000
Margaret Wilson: It was two things: the car and the dog.

2
00:00:05.000 --> 00:00:06.000
Interviewer: And then?

3
00:00:07.000 --> 00:00:08.000
Margaret Wilson: Nothing.
"""
SRT = """1
00:00:01,000 --> 00:00:02,500
P07: Well.

2
00:01:02,000 --> 00:01:03,000
INT: <i>And?</i>
"""
NOSCRIBE_VTT = """WEBVTT Visit_Margaret_Wilson

NOTE
Transcribed with noScribe vers. 0.7
Audio file: /home/x/Visit_Margaret_Wilson.wav


NOTE media: /home/x/Visit_Margaret_Wilson.wav

1
00:00:01.930 --> 00:00:03.310
<v S00>Good morning.

2
00:00:06.410 --> 00:00:10.01
<v S01>(12 seconds pause) Yes.
"""
NOSCRIBE_HTML = """<html><head><meta name="audio_source" content="/home/x/Margaret.wav">
<style>p {margin: 1px}</style></head><body><p>Visit_Margaret</p>
<p>Transcribed with noScribe<br>Audio source: /home/x/Margaret.wav</p>
<p><a name="ts_540_3120_S00" >S00: <span>[00:00:00]</span> Good morning.</a>
<a name="ts_3120_4000_S00" > How are you?</a></p>
<p><a name="ts_5000_6000_S01" >S01: Fine &amp; well.</a></p></body></html>"""
PLAIN = """Interview with the family

INT: How long?
P07: Since May. For example: the kettle.
It went on and on.

INT: And then?
P07: Nothing.
"""


def turns(content: str | bytes) -> list[tuple[str, str]]:
    raw = content.encode() if isinstance(content, str) else content
    return [(said.speaker, said.text) for said in read_transcript_file(raw).said]


def packed(xml: str) -> bytes:
    return zipped({"word/document.xml": xml})


def test_teams_writes_its_speakers_in_voice_tags() -> None:
    assert turns(TEAMS) == [
        ("Wilson, Margaret (Guest)", "Hello there. I am Margaret. From Skipton & proud."),
        ("Dr Ravi Patel", "Yes."),
    ]


def test_zoom_writes_its_speakers_before_a_colon() -> None:
    assert turns(ZOOM) == [
        ("Margaret Wilson", "It was two things: the car and the dog."),
        ("Interviewer", "And then?"),
        ("Margaret Wilson", "Nothing."),
    ]


def test_subtitles_have_commas_in_their_times() -> None:
    (first, second) = read_transcript_file(SRT.encode()).said
    assert (first.speaker, first.text, first.start_s, first.end_s) == ("P07", "Well.", 1.0, 2.5)
    assert (second.speaker, second.text, second.start_s) == ("INT", "And?", 62.0)


@pytest.mark.parametrize("written", [NOSCRIBE_VTT, NOSCRIBE_HTML])
def test_noscribe_is_read_without_its_header_that_names_the_file(written: str) -> None:
    found = turns(written)
    assert [speaker for speaker, _ in found] == ["S00", "S01"]
    assert "Margaret" not in str(found)
    assert found[0][1].startswith("Good morning.")


def test_plain_text_tells_speakers_from_other_words_before_a_colon() -> None:
    assert turns(PLAIN) == [
        ("", "Interview with the family"),
        ("INT", "How long?"),
        ("P07", "Since May. For example: the kettle. It went on and on."),
        ("INT", "And then?"),
        ("P07", "Nothing."),
    ]


@pytest.mark.parametrize(
    ("line", "speaker", "text", "at_s"),
    [
        ("[00:01:02] P07: Well.", "P07", "Well.", 62.0),
        ("00:01:02 P07: Well.", "P07", "Well.", 62.0),
        ("P07 [01:02]: Well.", "P07", "Well.", 62.0),
        ("#00:01:02-3# P07: Well.", "P07", "Well.", 62.3),
        ("P07: 10:30 was when.", "P07", "10:30 was when.", None),
        ("@P07: Well.", "P07", "Well.", None),
        ("Siobhan O'Neill: Well.", "Siobhan O'Neill", "Well.", None),
    ],
)
def test_a_turn_is_found_however_it_is_laid_out(
    line: str, speaker: str, text: str, at_s: float | None
) -> None:
    (said,) = read_transcript_file(line.encode()).said
    assert (said.speaker, said.text, said.start_s) == (speaker, text, at_s)


def test_a_speaker_may_stand_on_a_line_of_its_own() -> None:
    written = "SPEAKER_00\n[00:00:03] - Well.\n[00:00:05] - Yes.\nSPEAKER_01\n[00:00:07] - No."
    assert turns(written) == [
        ("SPEAKER_00", "Well."), ("SPEAKER_00", "Yes."), ("SPEAKER_01", "No."),
    ]  # fmt: skip


def test_word_from_teams_has_the_name_and_the_time_above_the_words() -> None:
    written = docx("Margaret Wilson   0:03\nHello & goodbye.", "Ravi Patel   1:02:03\nYes.")
    assert turns(written) == [("Margaret Wilson", "Hello & goodbye."), ("Ravi Patel", "Yes.")]
    assert [said.start_s for said in read_transcript_file(written).said] == [3.0, 3723.0]


def test_word_may_hold_a_table_of_speakers_and_words() -> None:
    rows = (("P07", "Well."), ("INT", "And?"))
    assert turns(docx(table=rows)) == list(rows)
    assert turns(docx(table=(("00:01:02", "P07", "Well."),))) == [("P07", "Well.")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_every_editors_encoding_is_read(encoding: str) -> None:
    assert turns("P07: Caf\u00e9\r\nINT: Yes\r\n".encode(encoding)) == [
        ("P07", "Caf\u00e9"), ("INT", "Yes"),
    ]  # fmt: skip


BAD = {
    "nothing": b"",
    "blanks": b" \n\n ",
    "no text": b"P07: a\x00b",
    "a pdf": b"%PDF-1.7",
    "old word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "a cut zip": docx("P07: a")[:60],
    "another zip": b"PK\x03\x04" + bytes(40),
    "no xml": packed("<w:document"),
    "entities": packed('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
    "a head alone": b"WEBVTT\n\nNOTE nothing\n",
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_what_is_no_transcript_is_one_sentence(
    study: Study, content: bytes, tmp_path: Path
) -> None:
    (tmp_path / "Margaret.txt").write_bytes(content)
    with pytest.raises(NotTranscript) as refused:
        import_transcript(study, tmp_path / "Margaret.txt", InterviewDetails("P07_i1"))
    assert "Margaret" not in str(refused.value) + repr(vars(refused.value))
    assert study.summaries() == []


def test_a_small_file_that_swells_is_refused() -> None:
    with pytest.raises(NotTranscript):
        read_transcript_file(packed("<w:document>" + " " * (101 << 20)))


def test_what_is_not_there_is_one_sentence(study: Study, tmp_path: Path) -> None:
    with pytest.raises(SoundNotFound):
        import_transcript(study, tmp_path / "none.vtt", InterviewDetails("P07_i1"))
    with pytest.raises(NotTranscript):
        import_transcript(study, tmp_path, InterviewDetails("P07_i1"))


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        said = read_transcript_file(text.encode(errors="replace")).said
    except NotTranscript:
        return
    assert all(one.text and "\n" not in one.text for one in said)


def imported(study: Study, tmp_path: Path, content: str, *people: Participant) -> str:
    (tmp_path / "t.vtt").write_text(content)
    about = InterviewDetails("P07_i1", people)
    return import_transcript(study, tmp_path / "t.vtt", about).interview


def test_names_become_codes_and_go_to_the_register(study: Study, tmp_path: Path) -> None:
    interview = imported(study, tmp_path, TEAMS)
    summary = study.find_interview(interview)
    assert summary.about is not None
    assert [(p.code, p.names) for p in summary.about.participants] == [
        ("S01", ("Margaret Wilson",)), ("S02", ("Dr Ravi Patel",)),
    ]  # fmt: skip
    kept = study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript)
    assert kept is not None
    assert [(t.key, t.speaker, t.start_s) for t in kept.turns] == [
        (1, "S01", 3.12),
        (2, "S02", 9.0),
    ]
    assert summary.state is InterviewState.TRANSCRIBED


def test_a_name_that_was_entered_speaks_under_its_code(study: Study, tmp_path: Path) -> None:
    people = Participant("P07", names=("margaret wilson",)), Participant("GP1", Role.STAFF)
    interview = imported(study, tmp_path, ZOOM, *people)
    about = study.find_interview(interview).about
    assert about is not None
    kept = study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript)
    assert kept is not None
    assert [t.speaker for t in kept.turns] == ["P07", "INT01", "P07"]
    assert {p.code: p.role for p in about.participants}["INT01"] is Role.INTERVIEWER


INT = Participant("INT01", Role.INTERVIEWER)
P01 = Participant("P01")
WILSON = Participant("P01", names=("Margaret Wilson",))
TALKS = {
    "interviewer": ((INT,), ["Interviewer", "Margaret"], ["INT01", "S01"]),
    "f4": ((INT, P01), ["I", "B"], ["INT01", "P01"]),
    "short": ((INT, P01), ["INT", "P"], ["INT01", "P01"]),
    "participant": ((P01,), ["Interviewer", "Participant"], ["INT01", "P01"]),
    "respondent": ((P01,), ["Respondent", "INT"], ["P01", "INT"]),
    "left over": ((INT, P01), ["Interviewer", "Margaret"], ["INT01", "P01"]),
    "alone with another role": ((P01,), ["Interviewer", "Margaret"], ["INT01", "P01"]),
    "first name": ((WILSON, INT), ["Margaret", "Sarah"], ["P01", "INT01"]),
    "surname": ((WILSON,), ["Mrs Wilson", "Sarah"], ["P01", "S01"]),
    "initials": ((WILSON, INT), ["MW", "I"], ["P01", "INT01"]),
    "number": ((P01, Participant("P02")), ["Participant 2", "Participant 1"], ["P02", "P01"]),
    "two of one role": (
        (INT, Participant("INT02", Role.INTERVIEWER)), ["Interviewer"], ["INT03"],
    ),
    "two who share a name": (
        (WILSON, Participant("FAM01", Role.SUPPORTER, ("Tom Wilson",))), ["Wilson"], ["S01"],
    ),
    "another name": ((WILSON,), ["Peggy"], ["S01"]),
    "two voices without names": (
        (INT, P01), ["SPEAKER_00", "SPEAKER_01"], ["SPEAKER_00", "SPEAKER_01"],
    ),
    "nobody named": ((P01,), [""], ["UNK"]),
}  # fmt: skip


@pytest.mark.parametrize(("entered", "speakers", "codes"), TALKS.values(), ids=TALKS)
def test_who_was_entered_is_nobody_else(
    entered: tuple[Participant, ...], speakers: list[str], codes: list[str]
) -> None:
    found = code_speakers(InterviewDetails("P01_i1", entered), speakers)

    assert [found.codes[speaker] for speaker in speakers] == codes
    assert {p.code for p in found.about.participants} == {*codes, *(p.code for p in entered)}
    roles = {p.code: p.role for p in found.about.participants}
    assert all(roles[p.code] is p.role for p in entered)


def test_a_name_in_the_file_is_looked_for_as_one_of_the_persons_names() -> None:
    found = code_speakers(InterviewDetails("P01_i1", (INT, P01)), ["Interviewer", "Margaret"])

    assert {p.code: p.names for p in found.about.participants} == {
        "INT01": (), "P01": ("Margaret",),
    }  # fmt: skip


@given(
    st.lists(st.sampled_from((INT, P01, WILSON, Participant("FAM01", Role.SUPPORTER))),
             unique_by=lambda p: p.code),
    st.lists(st.sampled_from(("", "I", "Interviewer", "P01", "Margaret", "Carer", "SPEAKER_00")),
             min_size=1),
)  # fmt: skip
def test_every_speaker_has_a_code_and_no_two_have_one(
    entered: list[Participant], speakers: list[str]
) -> None:
    found = code_speakers(InterviewDetails("P01_i1", tuple(entered)), speakers)

    assert found.codes.keys() == set(speakers)
    assert len(set(found.codes.values())) == len(found.codes)
    assert {p.code for p in entered} <= {p.code for p in found.about.participants}


def test_a_short_name_in_capitals_is_a_name(study: Study, tmp_path: Path) -> None:
    interview = imported(study, tmp_path, "SUE: Well.\nMW: Yes.\nSUE: No.\nMW: Oh.\n")
    about = study.find_interview(interview).about
    assert about is not None
    assert [(p.code, p.names) for p in about.participants] == [("S01", ("SUE",)), ("MW", ())]


def test_neither_names_nor_the_file_stand_in_the_clear(study: Study, tmp_path: Path) -> None:
    imported(study, tmp_path, TEAMS)
    study.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    everything = b"".join(p.read_bytes() for p in study.folder.rglob("*") if p.is_file())
    assert b"Margaret" not in everything
    assert b"t.vtt" not in everything


def test_a_label_that_is_taken_is_refused(study: Study, tmp_path: Path) -> None:
    imported(study, tmp_path, ZOOM)
    with pytest.raises(BadName):
        imported(study, tmp_path, ZOOM)


def test_two_hundred_thousand_words_are_read(study: Study, tmp_path: Path) -> None:
    text = "".join(f"P07: {'and so on ' * 50}\nINT: Mm.\n" for _ in range(1330))
    interview = imported(study, tmp_path, text)
    kept = study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript)
    assert kept is not None
    assert sum(len(t.text.split()) for t in kept.turns) > 200_000


def test_what_holds_words_is_told_by_its_ending() -> None:
    assert is_transcript_file(Path("a.VTT"))
    assert not is_transcript_file(Path("a.m4a"))
