from __future__ import annotations

import os
import random
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from study.artefacts import InterviewState
from study.errors import (
    BadName,
    ChangeFlaw,
    DiskFull,
    NotJoined,
    SoundDiffers,
    SoundIncomplete,
    StudyDamaged,
    StudyInUse,
    StudyUnwritable,
    UnknownInterview,
)
from study.records import InterviewDetails, Mark, SoundFormat
from study.store import recordings
from study.store.interview_sound import require_whole
from study.store.keys import Argon2Cost, KeyClass
from study.store.recordings import (
    IncomingSound,
    RescuedRecording,
    record_stretch,
    rescue_recordings,
)
from study.store.study import Study
from study.store.trail import read_trail_head
from study.store.verification import verify_study

Child = Callable[..., "subprocess.Popen[str]"]
Importer = Callable[[Study, str, int], str]


def inside(study: Study) -> list[str]:
    """Names of everything under audio/."""
    audio = study.folder / "audio"
    return sorted(str(path.relative_to(audio)) for path in audio.rglob("*"))


def new_interview(study: Study, label: str = "P09") -> str:
    with study.change("entered") as change:
        return change.add_interview(InterviewDetails(label))


def heard_s(study: Study, interview: str) -> float:
    sound = study.interview(interview).open_sound()
    if sound is None:
        return 0.0
    with sound:
        return sound.duration_s


def cut_off(study: Study, interview: str, form: SoundFormat, second: bytes, seconds: int) -> Path:
    """Record, and leave everything as if the process had died; returns the file."""
    _, writer = recordings._begin(study.interview(interview), form)  # pyright: ignore[reportPrivateUsage]
    for _ in range(seconds):
        writer.write(second)
    writer.abandon()
    return writer.path


def test_an_import_is_heard_as_it_was(study: Study, interview: str, second: bytes) -> None:
    sound = study.interview(interview).open_sound()

    assert sound is not None
    with sound:
        assert sound.read(0, 4 * 8000) == second * 3
    assert study.find_interview(interview).state is InterviewState.RECORDED
    assert inside(study) == [interview, f"{interview}/001.sealed"]
    assert verify_study(study) == []


@pytest.mark.parametrize("reason", [RuntimeError, KeyboardInterrupt, DiskFull])
def test_an_import_that_is_given_up_leaves_nothing(
    study: Study, form: SoundFormat, second: bytes, reason: type[BaseException]
) -> None:
    before = read_trail_head(study.db)

    def give_up() -> None:
        with IncomingSound(study, form) as incoming:
            incoming.write(second)
            raise reason

    with pytest.raises(reason):
        give_up()

    assert inside(study) == []
    assert read_trail_head(study.db) == before


def test_an_import_under_a_taken_label_leaves_nothing(
    study: Study, interview: str, bring_in: Importer
) -> None:
    with pytest.raises(BadName):
        bring_in(study, "P07_i1", 1)

    assert inside(study) == [interview, f"{interview}/001.sealed"]


def test_nobody_clears_an_import_away_while_it_is_being_entered(
    study: Study, form: SoundFormat, second: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = study.change

    def while_another_process_looks(verb: str, interview: str = "") -> object:
        rescue_recordings(study)
        return really(verb, interview)

    monkeypatch.setattr(study, "change", while_another_process_looks)
    with IncomingSound(study, form) as incoming:
        incoming.write(second)
        interview = incoming.keep(InterviewDetails("P01"), {})

    assert heard_s(study, interview) == 1.0


def test_an_import_that_was_committed_and_not_named_is_finished(
    study: Study, interview: str
) -> None:
    audio = study.folder / "audio"
    (audio / interview / "001.sealed").rename(audio / f".incoming-{interview}.sealed")
    (audio / interview).rmdir()

    assert rescue_recordings(study) == []

    assert heard_s(study, interview) == 3.0
    assert verify_study(study) == []


def test_an_import_killed_before_its_file_got_its_name_does_not_make_the_study_count_as_changed(
    study: Study, interview: str, passphrase: str
) -> None:
    study.close()
    audio = study.folder / "audio"
    (audio / interview / "001.sealed").rename(audio / f".incoming-{interview}.sealed")

    with Study.open(study.folder, passphrase) as opened:
        assert opened.change_flaw is None
        assert rescue_recordings(opened) == []
        assert verify_study(opened) == []

    (audio / interview / "001.sealed").rename(audio / ".incoming-another.sealed")
    with Study.open(study.folder, passphrase) as opened:
        assert opened.change_flaw is ChangeFlaw.SOUND


def test_sound_is_added_to_an_interview_that_has_none_and_to_no_other(
    study: Study, form: SoundFormat, second: bytes, interview: str
) -> None:
    with study.change("interview made") as change:
        bare = study.interview(change.add_interview(InterviewDetails("P08_i1")))

    with IncomingSound(study, form, bare) as incoming:
        incoming.write(second)
        with pytest.raises(StudyInUse):
            IncomingSound(study, form, bare)
        with incoming.open_sealed() as sound:
            assert sound.frames == incoming.frames
        assert incoming.keep(bare.details, {}) == bare.id

    assert heard_s(study, bare.id) == 1.0
    assert verify_study(study) == []
    for taken in (bare.id, interview):
        with pytest.raises(NotJoined):
            IncomingSound(study, form, study.interview(taken))


def test_what_a_killed_import_left_never_takes_the_place_of_sound(
    study: Study, form: SoundFormat, second: bytes, interview: str
) -> None:
    audio = study.folder / "audio"
    kept = (audio / interview / "001.sealed").read_bytes()
    (audio / f".incoming-{interview}.sealed").write_bytes(kept[:100])

    rescue_recordings(study)

    assert (audio / interview / "001.sealed").read_bytes() == kept
    assert not (audio / f".incoming-{interview}.sealed").exists()
    with study.change("interview made") as change:
        bare = study.interview(change.add_interview(InterviewDetails("P08_i1")))
    (audio / f".incoming-{bare.id}.sealed").write_bytes(kept[:100])
    with IncomingSound(study, form, bare) as incoming:
        incoming.write(second)
        incoming.keep(bare.details, {})
    assert heard_s(study, bare.id) == 1.0


def test_an_import_that_was_abandoned_is_cleared(study: Study, form: SoundFormat) -> None:
    IncomingSound(study, form)._writer.abandon()  # pyright: ignore[reportPrivateUsage]
    assert inside(study) != []

    rescue_recordings(study)

    assert inside(study) == []


def test_an_import_under_way_is_left_alone(study: Study, form: SoundFormat, second: bytes) -> None:
    with IncomingSound(study, form) as incoming:
        incoming.write(second)
        rescue_recordings(study)
        interview = incoming.keep(InterviewDetails("P01"), {})

    assert heard_s(study, interview) == 1.0


def test_a_recording_with_a_pause_is_one_line_of_time(
    study: Study, form: SoundFormat, second: bytes
) -> None:
    interview = new_interview(study)
    for _ in range(2):
        with record_stretch(study.interview(interview), form) as writer:
            writer.write(second)
            writer.write_mark(Mark(0.5, "bell"))

    sound = study.interview(interview).open_sound()
    assert sound is not None
    with sound:
        assert sound.read(7999, 2) == second[-2:] + second[:2]
        assert sound.read(0, 10**6) == second * 2
        assert [mark.at_s for mark in sound.marks()] == [0.5, 1.5]
    assert study.find_interview(interview).sound_s == 2.0
    assert verify_study(study) == []


def test_a_recording_is_told_of_while_it_runs(
    study: Study, form: SoundFormat, second: bytes
) -> None:
    interview = new_interview(study)

    with record_stretch(study.interview(interview), form) as writer:
        writer.write(second)
        assert study.find_interview(interview).state is InterviewState.RECORDING
        assert rescue_recordings(study) == []

    assert study.find_interview(interview).state is InterviewState.RECORDED


def test_a_recording_that_fails_keeps_what_it_has(
    study: Study, form: SoundFormat, second: bytes
) -> None:
    interview = new_interview(study)

    def record_and_fail() -> None:
        with record_stretch(study.interview(interview), form) as writer:
            writer.write(second)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        record_and_fail()

    assert heard_s(study, interview) == 1.0
    assert verify_study(study) == []


def test_a_recording_that_cannot_begin_enters_nothing(
    study: Study, form: SoundFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = new_interview(study)

    def refuse(*_: object, **__: object) -> None:
        raise StudyUnwritable

    with monkeypatch.context() as broken:
        broken.setattr(recordings, "SoundWriter", refuse)
        with pytest.raises(StudyUnwritable), record_stretch(study.interview(interview), form):
            pass

    assert study.find_interview(interview).state is InterviewState.EMPTY
    with record_stretch(study.interview(interview), form):
        pass


def test_a_recording_of_nobody_is_refused(study: Study, form: SoundFormat) -> None:
    with pytest.raises(UnknownInterview), record_stretch(study.interview("nobody"), form):
        pass


def test_a_stretch_of_another_format_is_refused(study: Study, interview: str) -> None:
    with (
        pytest.raises(SoundDiffers),
        record_stretch(study.interview(interview), SoundFormat(16000, 1)),
    ):
        pass


def test_a_recording_that_was_cut_off_is_rescued(
    study: Study, form: SoundFormat, second: bytes
) -> None:
    interview = new_interview(study)
    cut_off(study, interview, form, second, 2)

    assert rescue_recordings(study) == [RescuedRecording(interview, 2.0)]
    assert rescue_recordings(study) == []

    assert heard_s(study, interview) == 2.0
    assert study.find_interview(interview).state is InterviewState.RECORDED
    assert verify_study(study) == []


@pytest.mark.parametrize("tail", [b"\0", b"\0\0\x3e\x90\x01" + bytes(16016), bytes(900)])
def test_a_torn_tail_is_cut_off(
    study: Study, form: SoundFormat, second: bytes, tail: bytes
) -> None:
    interview = new_interview(study)
    path = cut_off(study, interview, form, second, 2)
    with path.open("ab") as file:
        file.write(tail)

    assert rescue_recordings(study) == [RescuedRecording(interview, 2.0)]

    assert heard_s(study, interview) == 2.0
    assert verify_study(study) == []


@pytest.mark.parametrize("length", [0, 3, 60, 150])
def test_a_recording_whose_first_record_never_reached_the_disk_has_no_sound(
    study: Study, form: SoundFormat, length: int
) -> None:
    interview = new_interview(study)
    path = cut_off(study, interview, form, b"", 0)
    path.write_bytes(path.read_bytes()[:length])

    assert rescue_recordings(study) == [RescuedRecording(interview, 0.0)]

    assert heard_s(study, interview) == 0.0
    assert verify_study(study) == []


def test_a_recording_whose_file_is_gone_does_not_stop_the_next(
    study: Study, form: SoundFormat, second: bytes
) -> None:
    interview = new_interview(study)
    cut_off(study, interview, form, second, 1).unlink()
    rescue_recordings(study)

    with record_stretch(study.interview(interview), form) as writer:
        writer.write(second)

    assert heard_s(study, interview) == 1.0


def test_a_rescue_never_gives_up_sound_behind_a_damaged_record(
    study: Study, form: SoundFormat, second: bytes
) -> None:
    interview = new_interview(study)
    path = cut_off(study, interview, form, second, 5)
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)

    rescue_recordings(study)

    assert path.stat().st_size == len(raw)
    sound = study.interview(interview).open_sound()
    assert sound is not None
    with sound:
        assert sound.read(4 * 8000, 8000) == second
    assert [f.where for f in verify_study(study)] == [f"audio/{interview}/001.sealed"]


def test_a_rescue_never_gives_up_sound_behind_a_length_that_was_damaged(
    study: Study, form: SoundFormat, second: bytes
) -> None:
    interview = new_interview(study)
    path = cut_off(study, interview, form, second, 8)
    raw = bytearray(path.read_bytes())
    raw[len(raw) - 4 * (len(second) + 21)] ^= 0x80
    path.write_bytes(raw)

    rescue_recordings(study)

    assert path.stat().st_size == len(raw)


LAST_RECORD = 21 + 8_000 + 16  # bytes of any record at 8 kHz: its head, half a second, a tag
SECOND = 2 * LAST_RECORD


@pytest.mark.parametrize(
    "lost", [1, LAST_RECORD, LAST_RECORD + 1, LAST_RECORD + SECOND, LAST_RECORD + SECOND + 900]
)
@pytest.mark.parametrize("is_import", [True, False])
def test_a_finished_recording_that_lost_its_end_is_not_whole(
    study: Study, interview: str, form: SoundFormat, second: bytes, lost: int, *, is_import: bool
) -> None:
    with record_stretch(study.interview(interview), form) as writer:
        writer.write(second)
        writer.write(second)
    require_whole(study.interview(interview))
    path = study.folder / "audio" / interview / ("001.sealed" if is_import else "002.sealed")

    os.truncate(path, path.stat().st_size - lost)

    with pytest.raises(SoundIncomplete):
        require_whole(study.interview(interview))
    assert heard_s(study, interview) >= 3.0  # what is left can be heard


def test_a_finished_recording_that_is_broken_in_its_middle_is_not_whole(
    study: Study, interview: str
) -> None:
    path = study.folder / "audio" / interview / "001.sealed"
    raw = bytearray(path.read_bytes())
    raw[len(raw) - LAST_RECORD - SECOND] ^= 0x80  # the head of the last second
    path.write_bytes(raw)

    with pytest.raises(SoundIncomplete):
        require_whole(study.interview(interview))


def test_a_rescued_recording_is_whole_until_it_loses_what_was_rescued(
    study: Study, form: SoundFormat, second: bytes
) -> None:
    interview = new_interview(study)
    path = cut_off(study, interview, form, second, 2)
    with path.open("ab") as file:
        file.write(bytes(900))  # torn
    require_whole(study.interview(interview))
    rescue_recordings(study)
    require_whole(study.interview(interview))

    os.truncate(path, path.stat().st_size - SECOND)

    with pytest.raises(SoundIncomplete):
        require_whole(study.interview(interview))


def test_a_recording_that_failed_or_has_no_sound_is_whole_as_it_is(
    study: Study, form: SoundFormat, second: bytes
) -> None:
    interview, silent = new_interview(study), new_interview(study, "P10")
    with suppress(DiskFull), record_stretch(study.interview(interview), form) as writer:
        writer.write(second)
        raise DiskFull
    cut_off(study, silent, form, b"", 0).unlink()
    rescue_recordings(study)

    require_whole(study.interview(interview))
    require_whole(study.interview(silent))
    require_whole(study.interview(new_interview(study, "P11")))


def test_a_rescue_leaves_alone_what_it_has_no_key_for(
    study: Study, passphrase: str, form: SoundFormat, second: bytes
) -> None:
    interview = new_interview(study)
    path = cut_off(study, interview, form, second, 2)
    before = path.read_bytes()
    study.db.execute("UPDATE stretch SET sealed_key = zeroblob(60)")

    with Study.open(study.folder, passphrase) as again:
        assert rescue_recordings(again) == []

    assert path.read_bytes() == before
    assert "sound key" in verify_study(study)[0].where


def test_a_passphrase_that_opens_no_sound_leaves_a_rescue_to_others(
    study: Study, cheap: Argon2Cost, form: SoundFormat, second: bytes, passphrase: str
) -> None:
    interview = new_interview(study)
    cut_off(study, interview, form, second, 1)
    study.add_slot("analyst", "the analyst's own words", (KeyClass.CLEAN,), cost=cheap)

    with Study.open(study.folder, "the analyst's own words") as analyst:
        assert rescue_recordings(analyst) == []
    with Study.open(study.folder, passphrase) as owner:
        assert rescue_recordings(owner) == [RescuedRecording(interview, 1.0)]


def test_sound_that_the_study_knows_nothing_of_is_named_and_left_alone(
    study: Study, interview: str, form: SoundFormat, second: bytes
) -> None:
    folder = study.folder / "audio" / interview
    stranger = folder / "002.sealed"
    stranger.write_bytes((folder / "001.sealed").read_bytes())
    rescue_recordings(study)

    assert [f.where for f in verify_study(study)] == [f"audio/{interview}/002.sealed"]
    with record_stretch(study.interview(interview), form) as writer:
        writer.write(second)
    assert stranger.exists()
    assert heard_s(study, interview) == 4.0


def test_a_missing_file_is_damage_and_named(study: Study, interview: str) -> None:
    (study.folder / "audio" / interview / "001.sealed").unlink()

    with pytest.raises(StudyDamaged, match=interview):
        study.interview(interview).open_sound()
    assert [f.where for f in verify_study(study)] == [f"audio/{interview}/001.sealed"]


def test_the_sound_of_two_interviews_cannot_be_exchanged(study: Study, bring_in: Importer) -> None:
    audio = study.folder / "audio"
    one, other = bring_in(study, "P01", 1), bring_in(study, "P02", 1)
    (audio / one / "001.sealed").rename(audio / "aside")
    (audio / other / "001.sealed").rename(audio / one / "001.sealed")
    (audio / "aside").rename(audio / other / "001.sealed")

    with pytest.raises(StudyDamaged):
        study.interview(one).open_sound()
    assert len(verify_study(study)) == 2


def test_a_stretch_taken_out_of_the_study_is_missed(study: Study, interview: str) -> None:
    study.db.execute("DELETE FROM stretch WHERE interview = ?", [interview])
    (study.folder / "audio" / interview / "001.sealed").unlink()

    assert [f.where for f in verify_study(study)] == [
        f"study.db (sound 1 of interview {interview})"
    ]


def test_a_study_that_others_write_to_for_too_long_is_in_use(
    study: Study, passphrase: str, bring_in: Importer
) -> None:
    study.db.execute("PRAGMA busy_timeout = 50")
    with Study.open(study.folder, passphrase) as other:
        other.db.execute("BEGIN IMMEDIATE")
        with pytest.raises(StudyInUse):
            bring_in(study, "P01", 1)
        other.db.execute("ROLLBACK")

    assert inside(study) == []


RECORD = """
import sys
from pathlib import Path
from study.store.recordings import record_stretch
from study.store.study import Study
from study.records import SoundFormat

study = Study.open(Path(sys.argv[1]), sys.argv[2])
with record_stretch(study.interview(sys.argv[3]), SoundFormat(8000, 1)) as writer:
    while True:
        writer.write(bytes(1600))
        print(writer.frames, flush=True)
"""


@pytest.mark.slow
def test_a_killed_recorder_loses_nothing_that_was_acknowledged(
    study: Study, passphrase: str, child: Child
) -> None:
    for _ in range(6):
        interview = new_interview(study, f"P{random.getrandbits(60):x}")
        process = child(RECORD, study.folder, passphrase, interview)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(random.uniform(0, 0.2))  # noqa: S311 - when it dies is no secret
        process.kill()
        acknowledged = int(process.stdout.read().split("\n")[-2:][0] or 800)
        process.wait()

        (rescued,) = rescue_recordings(study)

        assert acknowledged <= round(rescued.kept_s * 8000) <= acknowledged + 800
    assert verify_study(study) == []
