"""CHAT, read back by pylangacq."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pylangacq

from handoff.chat_file import render_chat
from handoff.export_input import ExportInput
from handoff.readable_text import extract_readable_text
from handoff.spoken_words import TimedWord, estimate_words
from handoff.transcript_lines import list_transcript_lines
from study import Provenance, QuotePermission, Transcript, Turn


def read(raw: bytes, folder: Path) -> pylangacq.CHAT:
    (folder / "P07_i1.cha").write_bytes(raw)
    return pylangacq.read_chat(str(folder / "P07_i1.cha"))


def of(material: ExportInput, *turns: Turn) -> ExportInput:
    clean = Transcript(turns, Provenance("test", "earshot"))
    return replace(material, clean=clean, lines=list_transcript_lines(clean))


def test_pylangacq_reads_speakers_words_and_times(material: ExportInput, tmp_path: Path) -> None:
    chat = read(render_chat(replace(material, language="en"), "flac"), tmp_path)

    (headers,) = chat.headers()
    assert headers.languages == ["eng"]
    assert [(one.code, one.role) for one in headers.participants] == [
        ("INT01", "Investigator"), ("P07", "Participant"), ("FAM02", "Adult"),
    ]  # fmt: skip
    told = [
        (one.participant, [token.word for token in one.tokens], one.time_marks)
        for one in chat.utterances()
        if one.tokens
    ]
    assert told[0] == ("INT01", ["How", "did", "you", "hear", "of", "it", "?"], (1000, 2000))
    assert told[2][:2] == ("FAM02", ["1", "1", "is", "what", "I", "say", "."])
    assert told[-1] == ("P07", ["It", "was", "good", "."], (3600000, 3725500))


def test_a_turn_is_an_utterance_for_each_sentence_with_the_times_of_its_words(
    material: ExportInput,
) -> None:
    talk = of(material, Turn(1, "P07", 1.0, 4.0, "Well, yes. Was [Person 1, aunt]'s son there?"))
    words = (
        TimedWord("Well,", 1.0, 1.5), TimedWord("yes.", 1.5, 2.0), TimedWord("Was", 2.5, 2.8),
        TimedWord("[Person 1, aunt]'s", 2.8, 3.3), TimedWord("son", 3.3, 3.6),
        TimedWord("there?", 3.6, 4.0),
    )  # fmt: skip
    talk = replace(talk, lines=[replace(talk.lines[0], words=words)])

    main = [line for line in render_chat(talk).decode().split("\n") if line.startswith(("*", "%"))]

    assert main == [
        "*P07:\tWell , yes . \x151000_2000\x15",
        "%wor:\tWell \x151000_1500\x15 yes \x151500_2000\x15 .",
        "*P07:\tWas Person_1__aunt's@z:rep son there ? \x152500_4000\x15",
        (
            "%wor:\tWas \x152500_2800\x15 Person_1__aunt's@z:rep \x152800_3300\x15"
            " son \x153300_3600\x15 there \x153600_4000\x15 ?"
        ),
    ]


def test_the_gate_reads_the_replacement_as_it_was_written(material: ExportInput) -> None:
    talk = of(
        material,
        Turn(1, "P07", 1.0, 4.0, "Was [Person 1, town in the North-East]'s son in [2019]?"),
    )

    seen = extract_readable_text({"a.cha": render_chat(talk)}, date(2026, 11, 25))["a.cha"].decode()

    assert "*P07:\tWas [Person 1, town in the North-East]'s son in [2019]? \n" in seen


def test_no_sign_that_chat_takes_for_a_code_is_left(material: ExportInput) -> None:
    signs = (
        "th- &um <no> [/] (be)cause +... a@b x:y \u2014 \u201cso\u201d \x15 \u2021 it\u2019s\u2026"
    )
    talk = of(material, Turn(1, "P07", 1.0, 4.0, signs), Turn(2, "P07", 5.0, 6.0, "\U0001f642"))

    body = render_chat(talk).decode().split("\n")

    said = [line for line in body if line.startswith("*")]
    assert all(re.fullmatch(r"\*P07:\t[\w', -]+ \. \x15\d+_\d+\x15", line) for line in said)
    assert "a b x y so it's ." in said[1]


def test_speakers_get_codes_that_chat_takes(material: ExportInput) -> None:
    names = ("P07", "p07", "A very long name", "Speaker 1")
    talk = of(material, *(Turn(n, name, n, n + 0.5, "Yes.") for n, name in enumerate(names)))

    (listed,) = re.findall(r"@Participants:\t(.*)", render_chat(talk).decode())

    codes = [one.split()[0] for one in listed.split(", ")]
    assert len(set(codes)) == 4
    assert all(re.fullmatch(r"[A-Z0-9]{1,7}", code) for code in codes)


def test_without_times_there_is_no_bullet_and_no_sound(material: ExportInput) -> None:
    typed = of(material, Turn(1, "P07", 0.0, 0.0, "Well."))

    text = render_chat(typed).decode()

    assert "\x15" not in text
    assert "@Media" not in text


def test_who_must_not_be_quoted_is_marked_below(material: ExportInput) -> None:
    clean = Transcript((Turn(1, "P07", 0.0, 1.0, "Well."),), Provenance("test", "earshot"))
    lines = list_transcript_lines(clean, QuotePermission(refused=frozenset({"P07"})))
    words = estimate_words("Well.", 0.0, 1.0)

    text = render_chat(replace(material, lines=[replace(lines[0], words=words)])).decode()

    assert "\tWell . " in text
    assert "\n%com:\t[do not quote]\n" in text


def test_times_from_the_first_moment_on_have_no_leading_nought_and_last(
    material: ExportInput, tmp_path: Path
) -> None:
    talk = of(material, Turn(1, "P07", 0.0, 0.9, "Yes, oh yes."), Turn(2, "P07", 0.95, 0.95, "Mm."))
    words = (
        TimedWord("Yes,", 0.0, 0.04), TimedWord("oh", 0.04, 0.0402), TimedWord("yes.", 0.05, 0.9),
    )  # fmt: skip
    talk = replace(talk, lines=[replace(talk.lines[0], words=words), talk.lines[1]])

    raw = render_chat(talk)

    bullets = re.findall("\x15(.*?)\x15", raw.decode())
    assert bullets[0] == "0_900"
    assert all(re.fullmatch(r"(0|[1-9]\d*)_[1-9]\d*", one) for one in bullets)
    assert all(int(one.split("_")[0]) < int(one.split("_")[1]) for one in bullets)
    marks = [one.time_marks for one in read(raw, tmp_path).utterances() if one.tokens]
    assert marks == [(0, 900), (950, 951)]


def test_a_word_that_somebody_typed_in_has_no_time_at_which_nobody_said_it(
    material: ExportInput,
) -> None:
    words = (
        TimedWord("We", 1.0, 1.4), TimedWord("really", 1.4, 1.4, is_estimated=True),
        TimedWord("went.", 1.4, 2.0),
    )  # fmt: skip
    (line,) = of(material, Turn(1, "P07", 1.0, 2.0, "We really went.")).lines
    timed = replace(material, lines=[replace(line, words=words)])

    raw = render_chat(timed).decode()

    assert "%wor:\tWe \x151000_1400\x15 really went \x151400_2000\x15 ." in raw
    assert "1400_1401" not in raw
