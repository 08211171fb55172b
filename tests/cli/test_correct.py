"""Correcting and finding from the shell, which is the way for screen readers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from study import (
    ArtefactKind,
    DoubtFlag,
    InterviewDetails,
    Mark,
    MarkKind,
    Provenance,
    Transcript,
    Turn,
)
from study.errors import NotCorrectable, TranscriptMissing, UnknownTurn
from study.store import Study, read_newest_transcript
from tests.cli.conftest import Run

_TURNS = (
    Turn(1, "INT", 0.0, 4.0, "who comes to the collage with you"),
    Turn(2, "P07", 4.5, 12.0, "my sister does she likes it", flags=(DoubtFlag("repetition"),)),
)


@pytest.fixture
def heard(study: Study) -> Path:
    for label in ("P07_i1", "P08_i1"):
        with study.change("heard") as change:
            change.add_interview(InterviewDetails(label))
            events = (Mark(0.0, MarkKind.TOPIC, "The collage"),)
            transcript = Transcript(_TURNS, Provenance("transcribe", "earshot"), events=events)
            change.write_artefact(ArtefactKind.RAW, transcript)
    with study.change("entered") as change:
        change.add_interview(InterviewDetails("P09_i1"))
    folder = study.folder
    study.close()
    return folder


def test_events_stand_among_the_turns_at_their_times_and_only_topics_are_headings(
    run: Run, study: Study
) -> None:
    events = (Mark(0.0, MarkKind.SILENCE, length_s=3.0), Mark(3.0, MarkKind.TOPIC, "Home"),
              Mark(8.0, MarkKind.SILENCE, length_s=4.0))  # fmt: skip
    turns = (Turn(1, "INT", 3.0, 8.0, "who comes"), Turn(2, "P07", 12.0, 14.0, "my sister"))
    with study.change("heard") as change:
        change.add_interview(InterviewDetails("P07_i1"))
        transcript = Transcript(turns, Provenance("transcribe", "earshot"), events=events)
        change.write_artefact(ArtefactKind.RAW, transcript)
    folder = study.folder
    study.close()

    _, out, _ = run("correct", folder, "P07_i1")

    told = [block.split("\n") for block in out.strip().split("\n\n")]
    assert [block[0] for block in told] == [
        "turn: heading 1", "turn: 1", "time: 00:00:08", "turn: 2",
    ]  # fmt: skip
    assert [block[-1].startswith("said: ") for block in told] == [True] * 4


def _turns(out: str) -> list[tuple[str, str, str]]:
    told = json.loads(out.splitlines()[-1])["result"]["turns"]
    return [(t["key"], t["speaker"], t["text"]) for t in told]


def test_every_edit_can_be_made_and_taken_back_in_the_shell(run: Run, heard: Path) -> None:
    code, out, _ = run(
        "correct", heard, "P07_i1", "--json", "--say", "1=Who comes to the college with you?",
        "--split", "2=she likes", "--speaker", "2=S1", "--heading", "1=The college",
        "--checked", "2",
    )  # fmt: skip

    assert code == 0
    assert _turns(out) == [
        ("k1", "INT", "Who comes to the college with you?"),
        ("k2", "S1", "my sister does"),
        ("k3", "P07", "she likes it"),
    ]
    told = json.loads(out.splitlines()[-1])["result"]
    assert told["events"][0]["note"] == "The college"
    assert [t["doubts"] for t in told["turns"]] == [[], [], ["repetition"]]
    _, out, _ = run("correct", heard, "P07_i1", "--json", *["--undo"] * 5)
    assert [text for _, _, text in _turns(out)] == [t.text for t in _TURNS]
    _, out, _ = run("correct", heard, "P07_i1", "--json", "--redo", "--redo")
    assert len(_turns(out)) == 3


def test_turns_are_numbered_without_gaps_whatever_was_split_and_removed(
    run: Run, heard: Path
) -> None:
    _, _, err = run(
        "correct", heard, "P07_i1", "--split", "1=to the", "--split", "2=she likes",
        "--checked", "2",
    )  # fmt: skip

    _, out, _ = run("correct", heard, "P07_i1", "--json")
    told = json.loads(out.splitlines()[-1])["result"]["turns"]
    assert [(t["turn"], t["key"]) for t in told] == [(1, "k1"), (2, "k3"), (3, "k2"), (4, "k4")]
    # Every edit of one call is about the turns as they were listed before it, and names them.
    assert err.count("Edited: turn 2 at 00:00:04, P07\n") == 2
    _, out, _ = run("correct", heard, "P07_i1", "--json", "--remove", "2", "--say", "4=she does")
    told = json.loads(out.splitlines()[-1])["result"]["turns"]
    assert [(t["turn"], t["key"], t["text"]) for t in told] == [
        (1, "k1", "who comes"), (2, "k2", "my sister does"), (3, "k4", "she does"),
    ]  # fmt: skip
    _, out, _ = run("find", heard, "does", "--in", "P07_i1", "--json")
    found = json.loads(out.splitlines()[-1])["result"]
    assert [(one["turn"], one["key"]) for one in found] == [(2, "k2"), (3, "k4")]


def test_a_key_never_means_another_turn_and_a_number_beyond_the_last_is_refused(
    run: Run, heard: Path
) -> None:
    run("correct", heard, "P07_i1", "--split", "1=to the")

    _, out, _ = run("correct", heard, "P07_i1", "--json", "--say", "k2=my brother does")

    assert [text for _, _, text in _turns(out)] == [
        "who comes", "to the collage with you", "my brother does",
    ]  # fmt: skip
    code, out, err = run(
        "correct", heard, "P07_i1", "--say", "1=not written", "--say", "4=nor this"
    )
    assert code == UnknownTurn.exit_code
    assert "This interview has no turn 4: its turns are 1 to 3." in err
    assert "not written" not in run("correct", heard, "P07_i1")[1]
    assert run("correct", heard, "P07_i1", "--remove", "k9")[0] == UnknownTurn.exit_code
    assert run("correct", heard, "P07_i1", "--remove", "0")[0] == UnknownTurn.exit_code


def test_a_topic_is_added_where_a_turn_begins_and_taken_back(run: Run, heard: Path) -> None:
    code, out, _ = run("correct", heard, "P07_i1", "--json", "--topic", "2=Who helps")

    assert code == 0
    events = json.loads(out.splitlines()[-1])["result"]["events"]
    assert [(e["at_s"], e["kind"], e["note"]) for e in events] == [
        (0.0, "topic", "The collage"), (_TURNS[1].start_s, "topic", "Who helps"),
    ]  # fmt: skip
    _, out, _ = run("correct", heard, "P07_i1", "--json", "--heading", "2=Help", "--undo")
    assert [e["note"] for e in json.loads(out.splitlines()[-1])["result"]["events"]] == [
        "The collage", "Who helps",
    ]  # fmt: skip
    _, out, _ = run("correct", heard, "P07_i1", "--json", "--undo")
    assert len(json.loads(out.splitlines()[-1])["result"]["events"]) == 1
    assert run("correct", heard, "P07_i1", "--topic", "9=x")[0] == UnknownTurn.exit_code


def test_a_scope_sets_a_speaker_of_many_turns(run: Run, heard: Path) -> None:
    run("correct", heard, "P07_i1", "--speaker", "2=INT")
    _, out, _ = run("correct", heard, "P07_i1", "--json", "--speaker", "1=I1", "--scope", "all")

    assert [speaker for _, speaker, _ in _turns(out)] == ["I1", "I1"]


def test_words_are_found_and_replaced_through_the_whole_study(run: Run, heard: Path) -> None:
    code, out, _ = run("find", heard, "collage", "--replace", "college")
    preview = " ".join(out.split())
    code_w, _, err = run("find", heard, "collage", "--replace", "college", "--write")

    assert (code, code_w) == (0, 0)
    assert preview.count("who comes") == 4
    assert preview.count("collage") == 4
    assert preview.count("college") == 4
    assert "4 replaced." in err
    assert "collage" not in run("find", heard, "collage")[1]


def test_looking_alone_changes_nothing(run: Run, heard: Path, passphrase: str) -> None:
    run("find", heard, "collage", "--in", "P08_i1", "--replace", "college")

    with Study.open(heard, passphrase) as study:
        assert (
            study.interview(study.find_interview("P08_i1").id).find_newest_version(
                ArtefactKind.CORRECTED
            )
            == 0
        )


def test_what_cannot_be_done_is_said_in_words(
    run: Run, heard: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("correct", heard, "P07_i1", "--split", "2=nobody")[0] == NotCorrectable.exit_code
    assert run("correct", heard, "P07_i1", "--join", "2")[0] == NotCorrectable.exit_code
    assert run("correct", heard, "P09_i1")[0] == TranscriptMissing.exit_code
    assert run("find", heard, " ")[0] == NotCorrectable.exit_code
    with pytest.raises(SystemExit):
        run("correct", heard, "P07_i1", "--say", "one=two")
    assert "give a turn's number" in capsys.readouterr().err


def test_starting_over_takes_the_words_as_the_model_gave_them(
    run: Run, heard: Path, passphrase: str
) -> None:
    run("correct", heard, "P07_i1", "--say", "1=Something else.")
    run("correct", heard, "P07_i1", "--start-over")

    with Study.open(heard, passphrase) as study:
        source = read_newest_transcript(study.interview(study.find_interview("P07_i1").id))
        assert source is not None
        assert [t.text for t in source.transcript.turns] == [t.text for t in _TURNS]
        assert source.ref.version == 2


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--heading", "9=Paint"), "There is no such heading; there are these: 1."),
        (("--say", "9=no"), "This interview has no turn 9: its turns are 1 to 2."),
        (("--split", "9=no"), "This interview has no turn 9: its turns are 1 to 2."),
        (("--join", "9"), "This interview has no turn 9: its turns are 1 to 2."),
        (("--remove", "9"), "This interview has no turn 9: its turns are 1 to 2."),
        (("--checked", "9"), "This interview has no turn 9: its turns are 1 to 2."),
        (("--topic", "9=Paint"), "This interview has no turn 9: its turns are 1 to 2."),
    ],
)
def test_a_number_that_is_not_there_is_refused_with_those_that_are(
    run: Run, heard: Path, option: tuple[str, str], said: str
) -> None:
    code, _, err = run("correct", heard, "P07_i1", *option)

    assert code in {NotCorrectable.exit_code, UnknownTurn.exit_code}
    assert said in " ".join(err.split())


def test_an_event_that_is_no_topic_has_no_heading(run: Run, study: Study) -> None:
    events = (Mark(0.0, MarkKind.TOPIC, "Home"), Mark(3.0, MarkKind.SILENCE, length_s=3.0))
    with study.change("heard") as change:
        change.add_interview(InterviewDetails("P07_i1"))
        transcript = Transcript(_TURNS, Provenance("transcribe", "earshot"), events=events)
        change.write_artefact(ArtefactKind.RAW, transcript)
    folder = study.folder
    study.close()

    code, _, err = run("correct", folder, "P07_i1", "--heading", "2=Paint")

    assert code == NotCorrectable.exit_code
    assert "there are these: 1." in " ".join(err.split())
