from __future__ import annotations

import stat
import string
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from study.artefact_facts import DecisionFacts, MentionsFacts, TranscriptFacts
from study.artefact_kinds import ArtefactKind
from study.artefacts import InterviewState
from study.errors import (
    BadName,
    KeyNotHeld,
    StudyDamaged,
    StudyExists,
    StudyNotFound,
    StudyUnwritable,
    UnknownInterview,
    WeakPassphrase,
    WrongPassphrase,
)
from study.participant_codes import is_code
from study.records import InterviewDetails, Participant, Transcript
from study.references import TranscriptRef
from study.store import trail
from study.store.keys import Argon2Cost, KeyClass
from study.store.study import Study
from study.store.verification import verify_study

SEARCHED = TranscriptRef(ArtefactKind.RAW, 1)


def new_interview(study: Study, label: str = "P07_i1") -> str:
    with study.change("entered") as change:
        return change.add_interview(InterviewDetails(label, (Participant("P07"),)))


def test_a_new_study_opens_with_its_passphrase(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    made, _ = Study.create(tmp_path / "new", passphrase, cost=cheap)
    made.close()

    with Study.open(tmp_path / "new", passphrase) as opened:
        assert opened.summaries() == []
        assert opened.ring.slot == 1


def test_a_new_study_opens_with_its_recovery_code_typed_sloppily(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    made, code = Study.create(tmp_path / "new", passphrase, cost=cheap)
    made.close()

    with Study.open(tmp_path / "new", f" {code.lower().replace('-', ' ')} ") as opened:
        assert opened.ring.slot == 2


def test_a_passphrase_that_looks_like_a_recovery_code_opens(
    tmp_path: Path, cheap: Argon2Cost
) -> None:
    looks_like_one = "between seven green trees m"
    made, _ = Study.create(tmp_path / "new", looks_like_one, cost=cheap)
    made.close()

    Study.open(tmp_path / "new", looks_like_one).close()


def test_a_wrong_passphrase_opens_nothing(study: Study) -> None:
    with pytest.raises(WrongPassphrase):
        Study.open(study.folder, "not the passphrase")


def test_a_folder_without_a_study_is_none(tmp_path: Path, passphrase: str) -> None:
    with pytest.raises(StudyNotFound):
        Study.open(tmp_path, passphrase)


def test_a_study_is_not_made_where_something_is(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(StudyExists):
        Study.create(tmp_path, passphrase, cost=cheap)
    with pytest.raises(StudyExists):
        Study.create(tmp_path / "thesis.txt", passphrase, cost=cheap)
    with pytest.raises(StudyUnwritable):
        Study.create(tmp_path / "thesis.txt" / "study", passphrase, cost=cheap)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_weak_passphrase_leaves_nothing_behind(tmp_path: Path, cheap: Argon2Cost) -> None:
    with pytest.raises(WeakPassphrase):
        Study.create(tmp_path / "new", "short", cost=cheap)

    assert not (tmp_path / "new").exists()


def test_a_study_that_could_not_be_made_leaves_room_for_the_next_attempt(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise StudyUnwritable

    with monkeypatch.context() as broken:
        broken.setattr("study.store.study_setup.begin_trail", refuse)
        with pytest.raises(StudyUnwritable):
            Study.create(tmp_path / "new", passphrase, cost=cheap)

    assert not (tmp_path / "new").exists()
    Study.create(tmp_path / "new", passphrase, cost=cheap)[0].close()


def test_nobody_but_its_owner_may_read_a_study(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    open_to_all = tmp_path / "shared"
    open_to_all.mkdir(mode=0o755)
    with Study.create(open_to_all, passphrase, cost=cheap)[0] as made:
        new_interview(made)
        inside = [path for path in open_to_all.rglob("*") if path.is_file()]

        assert inside
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in inside)


def test_closing_twice_is_closing_once(study: Study) -> None:
    study.close()
    study.close()


def test_artefacts_have_versions_and_none_is_overwritten(
    study: Study, transcript: Transcript
) -> None:
    interview = new_interview(study)
    with study.interview(interview).change("transcribed") as change:
        assert change.write_artefact(ArtefactKind.RAW, transcript) == 1
    with study.interview(interview).change("transcribed") as change:
        assert change.write_artefact(ArtefactKind.RAW, Transcript((), transcript.provenance)) == 2

    newest = study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript)
    assert newest is not None
    assert newest.turns == ()
    assert (
        study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript, version=1)
        == transcript
    )
    assert study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript, version=3) is None
    assert study.interview(interview).read_artefact(ArtefactKind.CLEAN, Transcript) is None


def test_entries_are_kept_in_order_and_their_counts_stand_over_the_artefacts(
    study: Study,
) -> None:
    interview = new_interview(study)
    with study.interview(interview).change("looked") as change:
        change.write_artefact(ArtefactKind.MENTIONS, "all", MentionsFacts(SEARCHED, 2, 2))
    for left, word in enumerate(["first", "second"]):
        with study.interview(interview).change("decided") as change:
            change.append_entry(ArtefactKind.MENTIONS, word, DecisionFacts(1 - left))

    (summary,) = study.summaries()
    assert study.interview(interview).read_entries(ArtefactKind.MENTIONS, str) == [
        "first",
        "second",
    ]
    assert summary.facts.mentions == MentionsFacts(SEARCHED, 2, 2)
    assert (summary.undecided, summary.facts.decisions) == (0, 2)
    assert summary.state is InterviewState.REVIEWED


def test_a_new_version_begins_without_the_entries_of_the_last(study: Study) -> None:
    interview = new_interview(study)
    with study.interview(interview).change("looked") as change:
        change.write_artefact(ArtefactKind.MENTIONS, "one", MentionsFacts(SEARCHED, undecided=1))
        change.append_entry(ArtefactKind.MENTIONS, "decided", DecisionFacts(0))
    with study.interview(interview).change("looked again") as change:
        change.write_artefact(ArtefactKind.MENTIONS, "two", MentionsFacts(SEARCHED, undecided=4))

    assert study.interview(interview).read_entries(ArtefactKind.MENTIONS, str) == []
    assert study.interview(interview).read_entries(ArtefactKind.MENTIONS, str, version=1) == [
        "decided"
    ]
    assert study.find_interview(interview).undecided == 4


def test_an_artefact_moved_to_another_version_does_not_open(
    study: Study, transcript: Transcript
) -> None:
    interview = new_interview(study)
    with study.interview(interview).change("transcribed") as change:
        change.write_artefact(ArtefactKind.RAW, transcript)
        change.write_artefact(ArtefactKind.RAW, transcript)
    study.db.execute(
        "UPDATE artefact SET sealed = (SELECT sealed FROM artefact"
        " WHERE kind = 'raw' AND version = 1) WHERE kind = 'raw' AND version = 2"
    )

    with pytest.raises(StudyDamaged):
        study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript)


def test_an_artefact_moved_to_another_interview_does_not_open(
    study: Study, transcript: Transcript
) -> None:
    mine, theirs = new_interview(study, "P01"), new_interview(study, "P02")
    with study.interview(mine).change("transcribed") as change:
        change.write_artefact(ArtefactKind.RAW, transcript)
    study.db.execute("UPDATE artefact SET interview = ? WHERE kind = 'raw'", [theirs])

    with pytest.raises(StudyDamaged):
        study.interview(theirs).read_artefact(ArtefactKind.RAW, Transcript)


def test_the_keys_of_an_interview_do_not_fit_another(study: Study, passphrase: str) -> None:
    mine, theirs = new_interview(study, "P01"), new_interview(study, "P02")
    for key_class in ("identifying", "key", "clean"):
        study.db.execute(
            "UPDATE data_key SET sealed = (SELECT sealed FROM data_key"
            " WHERE interview = ? AND class = ?) WHERE interview = ? AND class = ?",
            [mine, key_class, theirs, key_class],
        )

    with Study.open(study.folder, passphrase) as other, pytest.raises(StudyDamaged):
        other.rows.get_data_key(theirs, KeyClass.CLEAN)


@pytest.mark.parametrize(
    ("column", "value"), [("counts", '{"turns":9}'), ("created_at", "2020-01-01T00:00:00+00:00")]
)
def test_what_stands_beside_a_seal_cannot_be_changed(
    study: Study, transcript: Transcript, column: str, value: str
) -> None:
    interview = new_interview(study)
    with study.interview(interview).change("transcribed") as change:
        change.write_artefact(ArtefactKind.RAW, transcript, TranscriptFacts(1))
    study.db.execute(f"UPDATE artefact SET {column} = ? WHERE kind = 'raw'", [value])  # noqa: S608 - two constants

    with pytest.raises(StudyDamaged):
        study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript)
    assert any("raw.1" in finding.where for finding in verify_study(study))


def test_a_change_that_fails_leaves_nothing_at_all(study: Study, transcript: Transcript) -> None:
    before = trail.read_trail_head(study.db)

    def enter_and_fail() -> None:
        with study.change("entered") as change:
            change.add_interview(InterviewDetails("P01"))
            change.write_artefact(ArtefactKind.RAW, transcript)
            change.write_artefact(ArtefactKind.PSEUDONYMS, [])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        enter_and_fail()

    assert study.summaries() == []
    assert trail.read_trail_head(study.db) == before
    assert study.whole.read_artefact(ArtefactKind.PSEUDONYMS, list[str]) is None
    assert verify_study(study) == []


def test_what_fails_in_a_change_for_its_own_reasons_keeps_its_own_name(study: Study) -> None:
    with pytest.raises(UnicodeDecodeError), study.change("read"):
        b"\xff".decode()
    with pytest.raises(PermissionError), study.change("handed over"):
        raise PermissionError(13, "the folder of the export")


def test_a_change_and_its_trail_line_come_together(study: Study) -> None:
    interview = new_interview(study)

    *_, line = trail.read_trail_lines(study.db)
    assert line.verb == "entered"
    assert list(line.facts) == ["about.1"]
    assert study.find_interview(interview).label == "P07_i1"


def test_a_slot_with_fewer_classes_opens_those_alone(
    study: Study, cheap: Argon2Cost, transcript: Transcript
) -> None:
    interview = new_interview(study)
    with study.interview(interview).change("cleaned") as change:
        change.write_artefact(ArtefactKind.RAW, transcript)
        change.write_artefact(ArtefactKind.CLEAN, transcript)
    study.add_slot("analyst", "the analyst's own words", (KeyClass.CLEAN,), cost=cheap)

    with Study.open(study.folder, "the analyst's own words") as analyst:
        assert (
            analyst.interview(interview).read_artefact(ArtefactKind.CLEAN, Transcript) == transcript
        )
        assert analyst.find_interview(interview).label == interview
        with pytest.raises(KeyNotHeld):
            analyst.interview(interview).read_artefact(ArtefactKind.RAW, Transcript)
        with pytest.raises(KeyNotHeld):
            analyst.add_slot("friend", "a friend of theirs", (KeyClass.KEY,), cost=cheap)
        assert verify_study(analyst) == []


def test_an_interview_is_found_by_label_id_or_the_beginning_of_its_id(study: Study) -> None:
    interview = new_interview(study, "P01")
    new_interview(study, "P02")

    assert (
        study.find_interview("P01").id
        == study.find_interview(interview).id
        == study.find_interview(interview[:7]).id
    )
    for unknown in ("P03", "", "../P01"):
        with pytest.raises(UnknownInterview):
            study.find_interview(unknown)


def test_a_label_is_used_once(study: Study) -> None:
    interview = new_interview(study, "P01")

    for taken in ("P01", interview):
        with pytest.raises(BadName):
            new_interview(study, taken)


@pytest.mark.parametrize(
    "label", ["", "P 07", "P\n07", "a" * 41, "../x", "[/red]", "P\u202e07", "é", "-rf", "_x", "--"]
)
def test_a_label_holds_only_what_every_file_system_takes(study: Study, label: str) -> None:
    with pytest.raises(BadName):
        new_interview(study, label)


@given(st.text(string.printable))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_code_is_never_more_than_letters_digits_and_dashes(name: str) -> None:
    allowed = set(string.ascii_letters + string.digits + "-_")

    assert not is_code(name) or set(name) <= allowed


def test_a_code_is_refused_among_the_participants_too(study: Study) -> None:
    with study.change("entered") as change:
        for about in (
            InterviewDetails("P01", (Participant("Margaret Hollis"),)),
            InterviewDetails("P01", (), ("a b",)),
        ):
            with pytest.raises(BadName):
                change.add_interview(about)


def test_a_transcription_that_starts_again_leaves_nothing_of_the_first(study: Study) -> None:
    interview = new_interview(study)
    for windows in (3, 1):
        with study.interview(interview).change("began") as change:
            change.drop_artefact(ArtefactKind.WINDOWS)
        with study.interview(interview).change("began") as change:
            change.write_artefact(ArtefactKind.WINDOWS, "options")
        for number in range(windows):
            with study.interview(interview).change("window") as change:
                change.append_entry(ArtefactKind.WINDOWS, number)

    assert study.interview(interview).read_entries(ArtefactKind.WINDOWS, int) == [0]
    assert verify_study(study) == []
    study.db.execute("DELETE FROM entry WHERE kind = 'windows'")
    assert [f.what for f in verify_study(study)] == ["is missing"]


def test_what_is_destroyed_is_overwritten_on_disk(study: Study) -> None:
    assert study.db.execute("PRAGMA secure_delete").fetchone() == (1,)
    assert study.db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert study.db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert study.db.execute("PRAGMA temp_store").fetchone() == (2,)


def test_the_clock_is_the_one_handed_in(tmp_path: Path, passphrase: str, cheap: Argon2Cost) -> None:
    fixed = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
    with Study.create(tmp_path / "new", passphrase, cost=cheap, clock=lambda: fixed)[0] as made:
        (line,) = trail.read_trail_lines(made.db)

        assert made.now() == line.at == "2026-03-01T10:30:00+00:00"


def test_another_process_that_only_read_changed_nothing(study: Study) -> None:
    before = study.count_foreign_changes()
    with Study.open_with_keys(study.folder, study.ring) as other:
        other.summaries()
    read = study.count_foreign_changes()
    with study.change("imported"):
        pass
    ours = study.count_foreign_changes()
    with Study.open_with_keys(study.folder, study.ring) as other, other.change("imported"):
        pass

    assert (read, ours) == (before, before)
    assert study.count_foreign_changes() != before


def test_interviews_made_within_a_second_are_listed_in_the_order_of_making(study: Study) -> None:
    labels = [f"P{number:02}_i1" for number in range(1, 13)]
    with study.change("entered") as change:
        for label in labels:
            change.add_interview(InterviewDetails(label))

    assert [summary.label for summary in study.summaries()] == labels
