"""Handing over from the shell: cases, bundles, recall; and whatever is wrong with a target."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import docx
import msgspec
import pytest

from cli import Console
from handoff import FORMAT_NAMES, format_checksums, hash_bytes, hash_files
from study import (
    ArtefactKind,
    InterviewDetails,
    Mentions,
    MentionsFacts,
    Participant,
    Provenance,
    SoundFormat,
    Transcript,
    TranscriptFacts,
    Turn,
)
from study.errors import (
    BadAttribute,
    BadCorrections,
    BadName,
    BundleChanged,
    DiskFull,
    NotABundle,
    NotInTheseInterviews,
    NotSignedOff,
    NotText,
    OriginalSurvives,
    ReasonMissing,
    SearchMissing,
    SoundIncomplete,
    StudyChanged,
    StudyDamaged,
    TargetExists,
    TargetInStudy,
    TargetUnwritable,
)
from study.store import MANIFEST_NAME, SIGNATURE_NAME, Study, record_stretch
from tests.cli.conftest import SEARCHED, Run, result
from tests.disk import mounted
from tests.platform_free import is_asked


def test_two_interviews_go_into_one_project_and_one_table_of_cases(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    run("cases", signed, "--declare", "course=spring|autumn", "--set", "P07:course=autumn")

    code, _, _ = run("export", signed, "P07_i1", "P07_i2", "--to", tmp_path / "out")

    assert code == 0
    assert run("log", "verify", signed)[0] == 0
    assert [one["interview"] for one in result(run("handed", signed, "--json")[1])] in (
        ["P07_i1", "P07_i2"],
        ["P07_i2", "P07_i1"],
    )
    table = (tmp_path / "out" / "cases.csv").read_text(encoding="utf-8-sig")
    assert table.splitlines()[1] == '"P07","participant","autumn","P07_i1 P07_i2"'
    assert (tmp_path / "out" / "P07_i2.docx").exists()


def test_every_format_is_written_with_the_codes_and_line_numbers_that_are_asked_for(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    makes_pdf = shutil.which("soffice") is not None  # LibreOffice lays it out where it is
    named = [name for name in FORMAT_NAMES if name != "pdf" or makes_pdf]
    formats = [word for name in named for word in ("--format", name)]
    asked = ("--codes", "topics,speakers", "--line-numbers")

    code, _, _ = run("export", signed, "P07_i1", "--to", tmp_path / "out", *formats, *asked)

    assert code == 0
    endings = ("txt", "docx", "-compact.docx", "rtf", "odt", "srt", "eaf", "TextGrid", "exb", "cha")
    for ending in (*endings, "-words.json"):
        name = f"P07_i1{ending}" if ending.startswith("-") else f"P07_i1.{ending}"
        assert (tmp_path / "out" / name).stat().st_size
    for name in ("turns-utf8.csv", "turns-excel.csv", "turns.xlsx", "words.schema.json"):
        assert (tmp_path / "out" / name).stat().st_size
    told = msgspec.json.decode((tmp_path / "out" / "manifest.json").read_bytes())["options"]
    assert (told["codes"], told["line_numbers"]) == ("speakers, topics", True)
    assert run("verify", tmp_path / "out")[0] == 0
    with pytest.raises(SystemExit, match="2"):
        run("export", signed, "P07_i1", "--codes", "names")


@pytest.mark.usefixtures("tiny_en_alone")
@pytest.mark.parametrize("lost", [21, 1000])  # the end record alone; some of the last second
def test_a_recording_that_lost_its_end_is_not_transcribed_signed_or_handed_over(
    run: Run, signed: Path, passphrase: str, tmp_path: Path, lost: int
) -> None:
    with Study.open(signed, passphrase) as study:
        interview = study.find_interview("P07_i1").id
        with record_stretch(study.interview(interview), SoundFormat(8000, 1)) as writer:
            writer.write(bytes(16_000))
    assert run("export", signed, "P07_i1", "--to", tmp_path / "whole")[0] == 0
    path = signed / "audio" / interview / "001.sealed"
    os.truncate(path, path.stat().st_size - lost)

    refused = [
        run("transcribe", signed, "P07_i1", "--model", "tiny.en"),
        run("sign", signed, "P07_i1"),
        run("export", signed, "P07_i2", "P07_i1", "--to", tmp_path / "out"),
    ]

    assert [code for code, _, _ in refused] == [SoundIncomplete.exit_code] * 3
    for _, _, err in refused:
        assert "earshot: Part of this interview's recording is missing on the disk.\n" in err
    assert not (tmp_path / "out").exists()
    other = ("export", signed, "P07_i2", "--to", tmp_path / "other")
    assert run(*other)[0] == StudyChanged.exit_code  # until somebody has looked
    assert run("log", "accept", signed, "--because", "the disk lost its end")[0] == 0
    assert run(*other)[0] == 0
    assert run("sign", signed, "P07_i1")[0] == SoundIncomplete.exit_code


def test_accepting_a_study_whose_sound_is_gone_says_that_it_is_missed_again(
    signed: Path, passphrase: str, run: Run, tmp_path: Path
) -> None:
    with Study.open(signed, passphrase) as study:
        interview = study.find_interview("P07_i1").id
        with record_stretch(study.interview(interview), SoundFormat(8000, 1)) as writer:
            writer.write(bytes(16_000))
    (signed / "audio" / interview / "001.sealed").unlink()

    accepted = run("log", "accept", signed, "--because", "the disk lost it")

    assert "Accepted, but files of sound are missing: 1." in accepted[1]
    again = run("export", signed, "P07_i2", "--to", tmp_path / "out")
    assert again[0] == StudyChanged.exit_code


@pytest.mark.usefixtures("tiny_en_alone")
def test_a_changed_study_is_not_transcribed_signed_or_handed_over_until_somebody_says_why(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    assert "was changed outside Earshot" not in run("status", signed)[2]
    with contextlib.closing(sqlite3.connect(signed / "study.db")) as db, db:
        db.execute("UPDATE meta SET value = '2020' WHERE name = 'created_at'")
    shown = run("status", signed)
    run("cases", signed, "--declare", "course=spring|autumn")  # a change does not hide it
    refused = [
        run("sign", signed, "P07_i1"),
        run("export", signed, "P07_i1", "--to", tmp_path / "out"),
        run("transcribe", signed, "P07_i1", "--anew"),
    ]
    verified = run("log", "verify", signed)

    assert shown[0] == 0
    assert shown[2].startswith("earshot: This study was changed outside Earshot")
    assert [code for code, _, _ in refused] == [StudyChanged.exit_code] * 3
    assert not (tmp_path / "out").exists()
    assert verified[0] == StudyDamaged.exit_code
    assert verified[1] == "study.db or study.sum is not what was last closed\n"
    assert verified[2].endswith(f"`earshot log accept {signed} --because REASON`.\n")
    assert run("sign", signed, "P07_i1")[0] == StudyChanged.exit_code
    assert run("log", "accept", signed)[0] == ReasonMissing.exit_code
    accepted = run("log", "accept", signed, "--because", "a backup program wrote to it")
    assert accepted[0] == 0
    assert accepted[1].endswith("can be transcribed, signed off and handed over again.\n")
    assert run("log", "accept", signed, "--because", "x")[1].startswith(
        "This study was not changed outside Earshot"
    )
    assert run("log", "verify", signed)[0] == 0
    assert "was changed outside Earshot" not in run("status", signed)[2]
    assert run("sign", signed, "P07_i1")[0] == 0
    assert run("export", signed, "P07_i1", "--to", tmp_path / "out")[0] == 0


def test_a_sign_off_or_an_export_that_is_refused_adds_no_line_to_the_trail(
    run: Run, study: Study, passphrase: str
) -> None:
    with study.change("made for a test") as change:
        change.add_interview(
            InterviewDetails("P07_i1", (Participant("P07", names=("Well Done",)),))
        )
        turns = (Turn(1, "P07", 0.0, 2.0, "Well Done, they call me."),)
        by = Provenance("transcribe", "earshot", "tiny.en", "00" * 32)
        change.write_artefact(ArtefactKind.RAW, Transcript(turns, by), TranscriptFacts(turns=1))
        searched = Provenance("anonymise", "earshot")
        change.write_artefact(
            ArtefactKind.MENTIONS, Mentions(SEARCHED, (), searched), MentionsFacts(SEARCHED)
        )
    study.close()
    with Study.open(study.folder, passphrase) as opened:
        before = opened.read_trail()[1]

    assert run("export", study.folder, "P07_i1")[0] == NotSignedOff.exit_code
    assert run("sign", study.folder, "P07_i1")[0] == OriginalSurvives.exit_code

    with Study.open(study.folder, passphrase) as opened:
        assert opened.read_trail()[1] == before


def test_what_is_kept_inside_is_not_handed_over(run: Run, signed: Path, tmp_path: Path) -> None:
    run("cases", signed, "--declare", "ward=a|b", "--set", "P07:ward=b", "--keep-inside", "ward")

    run("export", signed, "P07_i1", "--to", tmp_path / "out", "--format", "cases")

    assert "ward" not in (tmp_path / "out" / "cases.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--declare", "course"], BadAttribute),
        (["--declare", "=a|b"], BadAttribute),
        (["--declare", "role=a|b"], BadAttribute),
        (["--declare", "a\x1b=b"], BadAttribute),
        (["--declare", f"course={'x' * 300}"], BadAttribute),
        (["--keep-inside", "ward"], BadAttribute),
        (["--declare", "course=a|b", "--set", "P07:course=something free"], BadAttribute),
        (["--declare", "course=a|b", "--set", "no/code:course=a"], BadName),
    ],
)
def test_free_text_about_a_person_is_refused(
    run: Run, signed: Path, words: list[str], wanted: type[BadName]
) -> None:
    code, _, err = run("cases", signed, *words)

    assert code == wanted.exit_code
    assert len(err.strip().splitlines()) == 2


def test_a_bundle_is_verified_without_a_study_and_a_changed_byte_named(
    run: Run, signed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("export", signed, "P07_i1", "--to", tmp_path / "out.zip", "--for", "the archive")
    run("export", signed, "P07_i1", "--to", tmp_path / "out", "--format", "txt")
    listed = result(run("handed", signed, "--json")[1])
    monkeypatch.delenv("EARSHOT_PASSPHRASE")

    code, out, _ = run("verify", tmp_path / "out.zip")
    assert code == 0
    assert listed[0]["hand_over"]["fingerprint"] in out
    assert listed[0]["hand_over"]["to"] == "the archive"

    text = tmp_path / "out" / "P07_i1.txt"
    text.write_bytes(text.read_bytes().replace(b"Yes", b"No."))
    code, out, _ = run("verify", tmp_path / "out")
    assert "matches its own list" not in out
    assert code == BundleChanged.exit_code
    assert "P07_i1.txt is not what was written" in out
    assert run("verify", signed)[0] == NotABundle.exit_code


def test_a_bundle_that_somebody_else_made_is_not_said_to_be_what_was_handed_over(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    run("export", signed, "P07_i1", "--to", tmp_path / "out")
    (tmp_path / "out" / "P07_i1.txt").write_text("P07: I never said that.\n")
    there = {one.name: one.read_bytes() for one in (tmp_path / "out").iterdir()}
    del there[MANIFEST_NAME]
    del there[SIGNATURE_NAME]  # nobody else can sign as its sender
    (tmp_path / "out" / SIGNATURE_NAME).unlink()
    (tmp_path / "out" / MANIFEST_NAME).write_bytes(format_checksums(hash_files(there)))

    code, out, _ = run("verify", tmp_path / "out")

    assert code == 0
    assert out.startswith("The bundle matches its own list; who made it is not proved.\n")
    assert "It has no signature." in out
    assert "It says: handed over by owner on" in out
    assert "as it was handed over" not in out
    listed = result(run("handed", signed, "--json")[1])
    assert listed[0]["hand_over"]["fingerprint"] not in out
    assert result(run("verify", tmp_path / "out", "--json")[1])["fits_its_list"] is True
    readme = (tmp_path / "out" / "README.txt").read_text()
    assert "fit their own list; who made it is not proved." in readme


def test_what_a_participant_sent_back_is_gone_through_and_entered_in_the_end(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    back = tmp_path / "back.txt"
    alone = tmp_path / "one.txt"
    alone.write_text("1: Yes, I did.\n")
    back.write_text("1: Yes, I did.\nPlease take Sue out everywhere\n7000: take out\n")
    returned = ("returned", signed, "P07_i1")

    assert run(*returned)[0] == BadCorrections.exit_code
    assert run(*returned, "--from", back, "--enter")[0] == BadCorrections.exit_code
    code, out, err = run(*returned, "--from", back, "--received", "2026-03-01")

    assert code == 0
    assert "2. not understood, line 2 of the file: a line without the number of a turn\n" in err
    assert "3. not understood" in err
    assert "3 parts, 3 without a ruling." in out
    assert "Sue" not in out + err  # no terminal: it may be a file that others read
    assert run(*returned, "--discard", "--read")[0] == BadCorrections.exit_code
    assert run(*returned, "--discard")[:2] == (0, "The list was discarded; nothing changed.\n")
    assert "1 part, 1 without a ruling." in run(*returned, "--from", alone)[1]
    assert run(*returned, "--discard")[0] == 0
    assert run(*returned, "--from", back)[0] == 0
    assert run(*returned, "--enter")[0] == BadCorrections.exit_code
    as_json = run(*returned, "--rule", "2=nothing", "--json")[1]
    assert '"where":"line 2 of the file"' in as_json
    assert "Sue" not in as_json
    assert run(*returned, "--rule", "3=7000: take out")[0] == BadCorrections.exit_code
    for wrong in ("3=7000: take out", "99=nothing"):  # the first was kept, though nothing was told
        several = ("--rule", "1=nothing", "--rule", wrong)
        assert run(*returned, *several)[0] == BadCorrections.exit_code
        assert "2 without a ruling" in run(*returned)[1]
    code, out, _ = run(*returned, "--rule", "1=as read", "--rule", "3=nothing", "--enter")
    assert code == 0
    assert "1 turn was changed." in out
    assert "All of it was entered." in run(*returned)[1]


def test_their_agreement_is_entered_with_the_day_that_it_came_back(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    run("export", signed, "P07_i1", "--format", "participant", "--for", "P07", "--to",
        tmp_path / "copy", "--call", "P07=Me")  # fmt: skip
    sent = tmp_path / "copy" / "P07_i1-for-P07.docx"
    beside = {path.name for path in sent.parent.iterdir()}
    assert beside == {
        sent.name, "P07_i1-for-P07.html", "manifest.json", MANIFEST_NAME, SIGNATURE_NAME
    }  # fmt: skip
    document = docx.Document(str(sent))
    assert any(p.text.startswith("2  Me:") for p in document.paragraphs)
    next(p for p in document.paragraphs if p.text.endswith("It is right.")).runs[0].text = "\u2612"
    document.save(str(tmp_path / "back.docx"))

    today = result(run("handed", signed, "--json")[1])[0]["hand_over"]["at"][:10]
    back = ("returned", signed, "P07_i1", "--from", tmp_path / "back.docx", "--received")
    code, _, err = run(*back, "2026-03-01")
    assert code == BadCorrections.exit_code
    assert f"is dated before the first copy was made, on {today}" in " ".join(err.split())
    run(*back, today)
    _, out, _ = run("returned", signed, "P07_i1", "--read", "--enter")

    assert out == f"0 turns were changed. Their agreement is recorded, {today}.\n"
    assert "participant's corrections entered" in run("log", "show", signed)[1]


def test_of_a_wrong_file_with_thousands_of_lines_the_first_hundred_are_named(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    back = tmp_path / "back.txt"
    back.write_text("Once upon a time\n" * 1_500)

    _, out, err = run("returned", signed, "P07_i1", "--from", back)

    assert err.count("a line without the number of a turn\n") == 100
    assert "And 1400 more\n" in err
    assert "1500 parts, 1500 without a ruling." in out


def test_the_words_that_were_not_understood_stand_on_a_terminal_alone() -> None:
    said: dict[bool, str] = {}
    for is_terminal in (False, True):
        err = Terminal() if is_terminal else io.StringIO()
        talk = Console(as_json=False, out=io.StringIO(), err=err)
        talk.say_privately("Line 2", "Sue")
        said[is_terminal] = err.getvalue()

    assert said == {False: "Line 2\n", True: "Line 2: Sue\n"}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_an_export_of_several_says_which_of_them_lacks_a_step(
    run: Run, signed: Path, tmp_path: Path, passphrase: str
) -> None:
    with Study.open(signed, passphrase) as study, study.change("entered") as change:
        change.add_interview(InterviewDetails("P09_i1", (Participant("P09"),)))
        turns = (Turn(1, "P09", 0.0, 1.0, "Yes."),)
        change.write_artefact(ArtefactKind.RAW, Transcript(turns, Provenance("typed", "tests")))

    code, _, err = run("export", signed, "P07_i1", "P09_i1", "--to", tmp_path / "out")

    assert code == SearchMissing.exit_code
    assert "P09_i1: It has not been searched for names yet." in err
    assert "P09_i1:" not in run("export", signed, "P09_i1", "--to", tmp_path / "out")[2]


def test_a_text_that_was_never_searched_is_told_from_one_that_changed_since(
    run: Run, signed: Path, passphrase: str
) -> None:
    """Of one that nobody had ever searched it was said that the text changed."""
    with Study.open(signed, passphrase) as study, study.change("entered") as change:
        change.add_interview(InterviewDetails("P09_i1", (Participant("P09"),)))
        turns = (Turn(1, "P09", 0.0, 1.0, "Yes."),)
        change.write_artefact(ArtefactKind.RAW, Transcript(turns, Provenance("typed", "tests")))
    assert run("correct", signed, "P07_i1", "--say", "1=Other words.")[0] == 0

    never, changed = (run("sign", signed, label)[2] for label in ("P09_i1", "P07_i1"))

    assert "It has not been searched for names yet." in never
    assert "The text changed; names must be searched again." in changed


def test_a_recall_notice_names_who_has_it_and_every_file(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    run("export", signed, "P07_i1", "--to", tmp_path / "out", "--for", "the archive")

    notice = run("handed", signed, "P07_i1", "--recall")[1]

    assert notice.startswith("To: the archive\n")
    digest = hash_bytes((tmp_path / "out" / "P07_i1.docx").read_bytes())
    assert f"{digest}  P07_i1.docx" in notice


def test_a_recall_says_why_and_withdrawn_only_where_somebody_has_withdrawn(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    run("export", signed, "P07_i1", "--to", tmp_path / "out", "--for", "the archive")

    blank = run("handed", signed, "P07_i1", "--recall")[1]
    told = run("handed", signed, "--recall", "--because", "the wrong version was sent")[1]
    run("withdraw", signed, "P07", "--scope", "everything", "--yes")
    after = run("handed", signed, "--recall")[1]

    assert "withdrawn" not in blank + told
    assert "It is called back, because ____" in blank
    assert "It is called back, because the wrong version was sent. Please delete" in told
    assert "It has been withdrawn. Please delete" in after


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        ("{tmp}/there", TargetExists),
        ("{tmp}/there.zip", TargetExists),
        ("{study}", TargetInStudy),
        ("{study}/audio/out", TargetInStudy),
        ("{study}/../study/x.zip", TargetInStudy),
        ("{tmp}/there.zip/out", TargetUnwritable),
        ("{tmp}/" + "x" * 300, TargetUnwritable),
        ("{tmp}/loop/out", TargetUnwritable),
        ("/proc/out", TargetUnwritable),
    ],
)
def test_a_target_that_cannot_be_is_one_sentence_and_nothing_is_written(
    run: Run, signed: Path, tmp_path: Path, target: str, wanted: type[BadName]
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "mine").write_text("mine")
    (tmp_path / "there.zip").write_text("mine")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    before = {path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".sum"}

    code, _, err = run(
        "export", signed, "P07_i1", "--to", target.format(tmp=tmp_path, study=signed)
    )

    assert code == wanted.exit_code
    assert len(err.strip().splitlines()) == 2
    after = {path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".sum"}
    assert after == before
    assert (tmp_path / "there.zip").read_text() == "mine"
    assert run("handed", signed, "--json")[1].count("fingerprint") == 0


@pytest.mark.parametrize("label", ["CON", "nul", "LPT1", "a/b", "a\nb", "x" * 300, "..", "-x"])
def test_a_label_that_some_system_cannot_hold_as_a_name_is_refused(
    study: Study, label: str
) -> None:
    with pytest.raises(BadName), study.change("made for a test") as change:
        change.add_interview(InterviewDetails(label))


def test_who_receives_it_may_be_written_in_any_letters(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    run("export", signed, "P07_i1", "--to", tmp_path / "out", "--for", "=HYPER\x1b]0;x\x07\nLINK")

    (one,) = result(run("handed", signed, "--json")[1])
    assert "\x1b" not in one["hand_over"]["to"]
    assert "\n" not in one["hand_over"]["to"]
    assert "\x1b" not in run("handed", signed)[1]


def test_a_full_disk_and_a_read_only_one_take_nothing_and_another_one_takes_all(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    with mounted(tmp_path, mib=16) as disk:
        target = disk.place / "out"
        assert run("export", signed, "P07_i1", "--to", target)[0] == 0
        shutil.rmtree(target)
        room = shutil.disk_usage(disk.place).free
        (disk.place / "filler").write_bytes(bytes(room - 64 * 1024))

        for place in (target, disk.place / "out.zip"):
            code, _, err = run("export", signed, "P07_i1", "--to", place)
            assert (code, len(err.strip().splitlines())) == (DiskFull.exit_code, 2)
        subprocess.run(["/bin/mount", "-o", "remount,ro", disk.place], check=True)
        assert run("export", signed, "P07_i1", "--to", target)[0] == TargetUnwritable.exit_code

        assert sorted(p.name for p in disk.place.iterdir()) == ["filler", "lost+found"]
    assert result(run("handed", signed, "--json")[1])[1:] == []


def test_where_nothing_may_be_quoted_signing_and_handing_over_say_so_and_why(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    said = " ".join(run("export", signed, "P07_i1", "--to", tmp_path / "may")[2].split())
    assert "may be quoted" not in said
    papers = ("--sheet", "2.1", "--sheet-date", "2026-03-01", "--form", "1.0")
    given = ("--form-date", "2026-03-01", "--sound", "yes", "--quotes", "no")
    assert run("consent", signed, "P07", *papers, *given)[0] == 0

    for verb in (("sign", signed, "P07_i1"), ("export", signed, "P07_i1", "--to", tmp_path / "x")):
        code, _, err = run(*verb)
        assert code == 0
        assert "Nothing of P07_i1 may be quoted" in " ".join(err.split())
        assert "no consent to quotes is recorded for P07" in " ".join(err.split())


@pytest.mark.parametrize(
    "words",
    [
        ("export", "--to", "bad\udcff\udcfe"),
        ("export", "--purpose", "for \udcff"),
        ("sign", "--as", "\udcff"),
        ("sign", "--send-back", "why \udcff"),
        ("sign", "--object", "\udcff=why"),
    ],
)
def test_typed_bytes_that_are_no_text_are_one_sentence(
    run: Run,
    signed: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
) -> None:
    """They were a fault inside Earshot, where they met what is written in UTF-8."""
    monkeypatch.chdir(tmp_path)
    verb, *told = words

    code, _, says = run(verb, signed, "P07_i1", *told)

    assert code == NotText.exit_code
    assert "bytes that are not text; nothing was done" in says
    assert not list(tmp_path.glob("bad*"))


@pytest.mark.parametrize("words", [("--for", "P99"), ("--for", "P07", "--call", "P99=Me")])
def test_a_copy_for_somebody_who_takes_no_part_is_refused(
    run: Run, signed: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """It was P07's copy that went, to P99; and what P99 is called was left out."""
    order = ("--to", tmp_path / "out", "--format", "participant", *words)

    code, _, says = run("export", signed, "P07_i1", *order)

    assert code == NotInTheseInterviews.exit_code
    assert "P99 takes part in none of these interviews" in says
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(is_asked(), reason="Windows allows no line end in a name")
def test_a_line_end_in_the_name_of_a_folder_is_shown_as_a_sign(
    run: Run, signed: Path, tmp_path: Path
) -> None:
    """A script that reads the list line by line took the second line for another file."""
    _, out, _ = run("export", signed, "P07_i1", "--to", tmp_path / "out\nP07", "--format", "txt")

    assert len(out.splitlines()) == len(list((tmp_path / "out\nP07").iterdir()))
