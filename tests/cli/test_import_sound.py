"""What `earshot import` says about sound: what it found, what it left, and what to do."""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from cli.import_summary import describe_origin
from study.errors import BadName, SoundFlaw
from study.store import Study
from tests.cli.conftest import result

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(study: Study) -> Path:
    """A closed study."""
    study.close()
    return study.folder


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Two small recordings, and one whose header says a second of its three."""
    made = tmp_path / "files"
    made.mkdir()
    noise = np.random.default_rng(1).integers(-3000, 3000, 24_000).astype("<i2")
    soundfile.write(made / "one.wav", noise, 8_000)
    soundfile.write(made / "two.wav", noise[::-1], 8_000)
    raw = bytearray((made / "one.wav").read_bytes())
    place = raw.find(b"data") + 4
    raw[place : place + 4] = struct.pack("<I", 16_000)
    (made / "short.wav").write_bytes(raw)
    return made


def test_a_file_as_usual_gets_one_line(run: Run, folder: Path, files: Path) -> None:
    code, out, err = run("import", folder, files / "one.wav", "--label", "P07_i1")

    assert (code, err) == (0, "")
    assert out.splitlines()[0].startswith("P07_i1  ")
    assert out.splitlines()[0].endswith("00:00:03 imported and sealed")
    assert len(out.splitlines()) == 1


def test_the_file_may_stand_behind_the_options(run: Run, folder: Path, files: Path) -> None:
    assert run("import", folder, "--label", "P07_i1", files / "one.wav")[0] == 0


@pytest.mark.parametrize(
    "about",
    [
        ("--label", "Maureen_i1"), ("--label", "P07_i1", "--participant", "Maureen"),
        ("--label", "P07_Ellis", "--participant", "P07=Maureen Ellis"),
    ],
)  # fmt: skip
def test_a_name_as_a_label_or_code_is_refused_until_it_is_confirmed(
    run: Run, folder: Path, files: Path, about: tuple[str, ...]
) -> None:
    """It passed, and only the gate stopped it, in the end."""
    refused = run("import", folder, files / "one.wav", *about)

    assert refused[0] == BadName.exit_code
    assert "may be somebody's name" in refused[2]
    assert "Maureen" not in refused[2]
    assert run("import", folder, files / "one.wav", *about, "--confirm")[0] == 0


def test_a_header_that_is_wrong_gets_a_sentence(run: Run, folder: Path, files: Path) -> None:
    _, out, _ = run("import", folder, files / "short.wav", "--label", "P07_i1")

    assert out.splitlines()[1] == (
        "Its header says 00:00:01, the file holds 00:00:03: all of it was taken."
    )


def test_several_files_are_one_interview_only_where_that_is_said(
    run: Run, folder: Path, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = (files / "one.wav", files / "two.wav")
    with pytest.raises(SystemExit, match="2"):
        run("import", folder, *both, "--label", "P07_i1")
    refused = capsys.readouterr().err
    code, out, _ = run("import", folder, *both, "--as-one", "--label", "P07_i1", "--json")

    assert "--as-one" in refused
    assert "--table" in refused
    assert code == 0
    assert result(out)["sound_s"] == 6.0
    assert result(out)["file"]["files"] == 2


@pytest.mark.parametrize("words", [(), ("a.wav",)])
def test_what_is_missing_is_asked_for(
    run: Run, folder: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        run("import", folder, *words)

    assert ("--label" if words else "FILE") in capsys.readouterr().err


def test_a_file_that_was_taken_before_is_asked_about(run: Run, folder: Path, files: Path) -> None:
    run("import", folder, files / "one.wav", "--label", "P07_i1")

    code, _, err = run("import", folder, files / "one.wav", "--label", "P08_i1")
    again = run("import", folder, files / "one.wav", "--label", "P08_i1", "--again")[0]

    assert (code, again) == (39, 0)
    assert "as P07_i1" in err
    assert "--again" in err


def test_a_folder_needs_a_table(run: Run, folder: Path, files: Path) -> None:
    code, _, err = run("import", folder, files)

    assert code == 88
    assert "that is a folder" in err
    assert "--table" in err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_and_a_socket_are_refused_as_what_they_are(
    run: Run, folder: Path, files: Path
) -> None:
    os.mkfifo(files / "pipe.mp3")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(files / "talk.mp3"))
        refused = [
            run("import", folder, files / name, "--label", "P07_i1")
            for name in ("pipe.mp3", "talk.mp3")
        ]
        listed = run("import", folder, "--from", files)[1]

    assert [(code, SoundFlaw.DEVICE in err) for code, _, err in refused] == [(35, True)] * 2
    assert ".mp3" not in listed
    assert "one.wav" in listed


def test_the_status_of_a_transcript_says_how_far_its_times_reach(
    run: Run, folder: Path, files: Path
) -> None:
    assert run("status", folder, "--plain")[1] == ""
    (files / "said.vtt").write_text("WEBVTT\n\n1:02:30.000 --> 1:02:33.000\n<v P07>Yes.\n")
    (files / "plain.txt").write_text("P07: Yes.\n\nP07: And how.\n")
    run("import", folder, files / "said.vtt", "--label", "P07_i1")
    run("import", folder, files / "plain.txt", "--label", "P07_i2")

    shown = run("status", folder)[1]

    assert "01:02:33 of text" in shown
    assert "no times" in shown
    assert "00:00:00" not in shown


def write_table(files: Path, *rows: str) -> Path:
    path = files / "table.csv"
    path.write_text("\n".join(["label,file,participants,site", *rows]))
    return path


@pytest.mark.slow
def test_a_table_is_looked_at_before_it_is_imported(run: Run, folder: Path, files: Path) -> None:
    table = write_table(files, "P07_i1,one.wav,P07,north", "P08_i1,two.wav,P08,south")

    code, out, err = run("import", folder, files, "--table", table)
    assert code == 0
    assert out.count("to import") == 2
    assert "Columns that Earshot does not know: site." in err
    assert "2 interviews to import, 00:00:06 of sound. Nothing was changed" in err
    assert json.loads(run("status", folder, "--json")[1].splitlines()[-1])["result"] == []

    code, out, err = run("import", folder, files, "--table", table, "--write")
    assert code == 0
    assert "2 imported." in err
    code, out, err = run("import", folder, files, "--table", table, "--write")
    assert code == 0
    assert "0 imported, 2 there already." in err


def test_what_fails_is_listed_and_the_rest_is_done(run: Run, folder: Path, files: Path) -> None:
    (files / "talk.ds2").write_bytes(b"\x03ds2" + bytes(500))
    table = write_table(files, "P07_i1,one.wav,P07,", "P08_i1,talk.ds2,P08,", "P09_i1,gone.wav,,")

    code, out, err = run("import", folder, files, "--table", table, "--write")
    data = run("import", folder, files, "--table", table, "--json")[1]

    assert code == 89
    assert "1 imported, 2 not imported." in err
    assert "2 of 3 interviews cannot be imported." in err
    assert SoundFlaw.DICTATION in " ".join(out.split())
    listed = json.loads(data.splitlines()[-2])["result"]
    assert [(row["label"], row["state"], row["exit_code"]) for row in listed] == [
        ("P07_i1", "there already", 0),
        ("P08_i1", "not imported", 35),
        ("P09_i1", "not imported", 30),
    ]


def test_a_stick_says_what_is_new_on_it(run: Run, folder: Path, files: Path) -> None:
    run("import", folder, files / "one.wav", "--label", "P07_i1")

    code, out, err = run("import", folder, "--from", files)

    assert code == 0
    assert "two.wav" in out
    assert "one.wav" not in out
    assert "2 new sound files. 1 more was taken before." in " ".join(err.split())
    assert len(list(files.iterdir())) == 3


def test_names_of_other_encodings_and_hostile_ones_are_shown_as_text(
    run: Run, folder: Path, files: Path
) -> None:
    name = os.fsdecode("Gespräch\x1b[31m.wav".encode("latin-1"))
    (files / "one.wav").rename(files / name)

    out = run("import", folder, "--from", files)[1]
    data = run("import", folder, "--from", files, "--json")[1]

    assert "Gespr\ufffdch\u241b[31m.wav" in out
    assert "Gespr\ufffdch" in json.loads(data.splitlines()[-1])["result"][0]["name"]


def test_a_stick_with_nothing_new_or_nothing_at_all(
    run: Run, folder: Path, files: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    for number, path in enumerate(sorted(files.iterdir())):
        run("import", folder, path, "--label", f"P{number:02}")

    assert "already has all 3 sound files" in run("import", folder, "--from", files)[2]
    assert "No sound file" in run("import", folder, "--from", tmp_path / "empty")[2]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, []),
        ({"files": 2}, ["2 files became one interview"]),
        ({"links": 3}, ["3 recordings are joined"]),
        ({"tracks": 2}, ["2 sound tracks; each became a channel", "--channels", "--track 1"]),
        ({"tracks_left_out": 1}, ["1 sound track is left out"]),
        ({"tracks_left_out": 1, "tracks_spatial": 1}, ["spatial sound (APAC)"]),
        ({"tracks_left_out": 2}, ["2 sound tracks are left out"]),
        ({"late_s": 4.04}, ["4.0 s after the picture"]),
        ({"gaps": 1, "gap_s": 5.0}, ["5.0 s are missing in the file, in 1 place"]),
        ({"damaged": 6, "damaged_s": 0.68}, ["6 damaged places: 0.68 s"]),
        ({"header_s": 30.0, "duration_s": 14_943.0}, ["says 00:00:30, the file holds 04:09:03"]),
        ({"header_s": 30.0, "duration_s": 20.0}, ["no more can be decoded"]),
        ({"unread_bytes": 50_100}, ["51 kB after the sound"]),
        ({"container_s": 30.0, "duration_s": 20.0}, ["lasts 00:00:30, its sound 00:00:20"]),
        ({"is_cut": True, "header_s": 30.0, "duration_s": 20.0}, ["It was cut short"]),
    ],
)
def test_what_was_found_is_told_in_sentences(
    facts: dict[str, str | int | float | bool], words: list[str]
) -> None:
    told = describe_origin(facts)

    assert len(told) == bool(facts)
    assert all(word in told[0] for word in words)


def test_a_transcript_in_a_table_says_its_turns_and_what_was_left_out(
    run: Run, folder: Path, files: Path
) -> None:
    (files / "said.vtt").write_text(
        "WEBVTT\n\nNOTE made by hand\n\n00:01.000 --> 00:02.000\n<v P07>Yes, and how.\n"
    )
    table = write_table(files, "P07_i1,said.vtt,P07,")

    code, out, _ = run("import", folder, files, "--table", table, "--write")
    shown = " ".join(out.split())

    assert code == 0
    assert "1 turn" in shown
    assert "a comment in the file (line 3)" in shown
    (row,) = json.loads(run("status", folder, "--json")[1].splitlines()[-1])["result"]
    assert row["label"] == "P07_i1"


def test_a_transcript_in_a_table_that_is_none_is_named_before_it_is_imported(
    run: Run, folder: Path, files: Path
) -> None:
    (files / "said.vtt").write_bytes(b"%PDF-1.7 and more")
    table = write_table(files, "P07_i1,said.vtt,P07,")

    code, out, err = run("import", folder, files, "--table", table)

    assert code == 89
    assert "a PDF" in " ".join(out.split())
    assert "Nothing would be imported." in err
