"""A transcript made elsewhere is joined to its own sound, and to no other."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from app.transcript_joining import (
    import_sound_with_transcript,
    join_sound,
    join_transcript,
    read_transcript_for,
)
from app.transcript_times import TimesVerdict, match_times
from app.withdrawal import carry_out_withdrawal, plan_withdrawal
from capture import import_sound, import_transcript, read_transcript
from study import (
    ArtefactKind,
    ConsentPurpose,
    InterviewDetails,
    Participant,
    Role,
    Transcript,
    Turn,
    WithdrawalScope,
)
from study.errors import ConsentWithheld, HasWithdrawn, NotJoined, OtherRecording
from study.store import (
    Interview,
    Study,
    TranscriptEditor,
    verify_interview_sound,
    verify_study,
)
from tests.consents import keep_agreed

SPOKEN = Path(__file__).parents[2] / "models" / "demonstration"
SHORT_S = 80.0
Spans = list[tuple[float, float]]


def read_truth(name: str) -> list[tuple[str, str, float, float]]:
    """Who says what, from when to when, in a demonstration interview."""
    turns = json.loads((SPOKEN / f"{name}.truth.json").read_text(encoding="utf-8"))["turns"]
    return [(t["speaker"], t["text"], t["start_s"], t["end_s"]) for t in turns]


def write_subtitles(path: Path, name: str, shift_s: float = 0.0, *, until_s: float = 1e9) -> Path:
    """The transcript of a demonstration interview, with all times earlier by ``shift_s``.

    until_s: where the last turn has ended.
    """

    def clock(at_s: float) -> str:
        ms = round(max(0.0, at_s - shift_s) * 1000)
        return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"

    path.write_text(
        "".join(
            f"{n}\n{clock(start)} --> {clock(end)}\n{who}: {words}\n\n"
            for n, (who, words, start, end) in enumerate(read_truth(name), 1)
            if end <= until_s
        ),
        encoding="utf-8",
    )
    return path


@pytest.fixture
def spouse(study: Study) -> Interview:
    """The sound of the shorter demonstration interview, without words."""
    people = (Participant("INT01", Role.INTERVIEWER), Participant("FAM01", Role.SUPPORTER))
    about = InterviewDetails("FAM01_i1", people)
    return study.interview(import_sound(study, SPOKEN / "spouse.flac", about))


def test_a_transcript_that_begins_later_is_moved_and_it_is_told(
    spouse: Interview, tmp_path: Path
) -> None:
    written = write_subtitles(tmp_path / "a.srt", "spouse", shift_s=4.0)

    read = read_transcript_for(spouse, written, InterviewDetails(""))
    joined = join_transcript(spouse, read)

    assert joined.match.verdict is TimesVerdict.DIFFER
    assert joined.match.shift_s == pytest.approx(4.0, abs=0.5)
    kept = spouse.read_artefact(ArtefactKind.RAW, Transcript)
    assert kept is not None
    first, begun_s = kept.turns[-1], read_truth("spouse")[-1][2]
    assert first.start_s == pytest.approx(begun_s, abs=0.7)
    assert kept.provenance.options["moved_s"] == joined.match.shift_s
    with pytest.raises(NotJoined):
        read_transcript_for(spouse, written, InterviewDetails(""))


def test_the_transcript_of_another_recording_is_refused(spouse: Interview, tmp_path: Path) -> None:
    other = write_subtitles(tmp_path / "b.srt", "interview")
    own = write_subtitles(tmp_path / "a.srt", "spouse")

    with pytest.raises(OtherRecording):
        join_transcript(spouse, read_transcript_for(spouse, other, InterviewDetails("")))
    assert spouse.read_artefact(ArtefactKind.RAW, Transcript) is None
    joined = join_transcript(spouse, read_transcript_for(spouse, own, InterviewDetails("")))

    assert joined.match.verdict is TimesVerdict.AGREE
    assert joined.read is not None
    kept = spouse.read_artefact(ArtefactKind.RAW, Transcript)
    assert kept is not None
    assert kept.turns == joined.read.turns


def test_an_interview_without_sound_takes_no_second_transcript(
    study: Study, tmp_path: Path
) -> None:
    written = write_subtitles(tmp_path / "a.srt", "spouse")
    made = import_transcript(study, written, InterviewDetails("P01_i1")).interview

    with pytest.raises(NotJoined):
        read_transcript_for(study.interview(made), written, InterviewDetails(""))


@pytest.fixture
def written(study: Study, tmp_path: Path) -> Interview:
    """The transcript of the shorter demonstration interview, 4 s early, without its sound."""
    path = write_subtitles(tmp_path / "a.srt", "spouse", shift_s=4.0, until_s=SHORT_S)
    people = (Participant("INT01", Role.INTERVIEWER), Participant("FAM01", Role.SUPPORTER))
    about = InterviewDetails("FAM01_i1", people)
    return study.interview(import_transcript(study, path, about).interview)


def read_raw(interview: Interview) -> Transcript:
    kept = interview.read_artefact(ArtefactKind.RAW, Transcript)
    assert kept is not None
    return kept


NOBODY = InterviewDetails("")
SPOKEN_TURNS = [turn for turn in read_truth("spouse") if turn[3] <= SHORT_S]


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """The beginning of the shorter demonstration interview."""
    with soundfile.SoundFile(SPOKEN / "spouse.flac") as whole:
        soundfile.write(
            tmp_path / "visit.wav", whole.read(int(SHORT_S * whole.samplerate)), whole.samplerate
        )
    return tmp_path / "visit.wav"


def test_sound_joins_a_transcript_that_was_there_and_its_times_are_moved(
    written: Interview, sound: Path
) -> None:
    joined = join_sound(written, [sound], replace(NOBODY, channels=("FAM01",)))

    assert joined.match.shift_s == pytest.approx(4.0, abs=0.5)
    assert joined.is_moved
    assert joined.turns == len(SPOKEN_TURNS)
    assert read_raw(written).turns[-1].start_s == pytest.approx(SPOKEN_TURNS[-1][2], abs=0.7)
    assert read_raw(written).provenance.options["moved_s"] == joined.match.shift_s
    assert "sha256" not in read_raw(written).provenance.options
    assert written.details.channels == ("FAM01",)
    kept = written.open_sound()
    assert kept is not None
    with kept:
        assert kept.duration_s == pytest.approx(written.summary.sound_s)
    assert verify_interview_sound(written) == []
    assert verify_study(written.study) == []
    with pytest.raises(NotJoined, match="has sound already"):
        join_sound(written, [sound], NOBODY)


def test_sound_that_does_not_fit_or_was_worked_on_leaves_the_transcript_as_it_was(
    written: Interview, sound: Path, tmp_path: Path
) -> None:
    before = written.study.read_trail()[1]
    other = tmp_path / "other.wav"
    with soundfile.SoundFile(SPOKEN / "interview.flac") as whole:
        soundfile.write(other, whole.read(40 * whole.samplerate), whole.samplerate)

    with pytest.raises(OtherRecording):
        join_sound(written, [other], NOBODY)

    assert written.study.read_trail()[1] == before
    assert written.open_sound() is None
    TranscriptEditor(written).set_text(1, "Other words.")
    raw = read_raw(written)
    with pytest.raises(NotJoined, match="worked on"):
        join_sound(written, [sound], NOBODY)
    assert written.open_sound() is None
    joined = join_sound(written, [sound], NOBODY, keep_times=True)
    assert not joined.is_moved
    assert read_raw(written) == raw
    assert written.summary.sound_s > 0


def test_sound_is_refused_where_there_is_no_transcript_or_somebody_withdrew(
    study: Study, written: Interview, sound: Path
) -> None:
    with study.change("interview made") as change:
        bare = study.interview(change.add_interview(InterviewDetails("P02_i1")))
    with pytest.raises(NotJoined, match="no transcript"):
        join_sound(bare, [sound], NOBODY)

    carry_out_withdrawal(study, plan_withdrawal(study, "FAM01", WithdrawalScope.FURTHER))
    with pytest.raises(HasWithdrawn):
        join_sound(written, [sound], NOBODY)
    assert written.open_sound() is None


def test_sound_is_held_to_consent_as_sound(study: Study, written: Interview, sound: Path) -> None:
    keep_agreed(study, "FAM01", but=ConsentPurpose.SOUND)

    with pytest.raises(ConsentWithheld):
        join_sound(written, [sound], NOBODY)

    assert written.open_sound() is None


def test_sound_and_a_transcript_that_does_not_fit_are_both_refused(
    study: Study, tmp_path: Path, sound: Path
) -> None:
    other = read_transcript(write_subtitles(tmp_path / "b.srt", "interview"), InterviewDetails("A"))
    own = read_transcript(
        write_subtitles(tmp_path / "a.srt", "spouse", until_s=SHORT_S), InterviewDetails("A")
    )

    with pytest.raises(OtherRecording):
        import_sound_with_transcript(study, [sound], other)
    assert study.summaries() == []
    assert list((study.folder / "audio").iterdir()) == []
    joined = import_sound_with_transcript(study, [sound], own)

    assert joined.match.verdict is TimesVerdict.AGREE
    (only,) = study.summaries()
    assert (only.id, only.sound_s > 0, only.versions[ArtefactKind.RAW]) == (
        joined.interview, True, 1,
    )  # fmt: skip
    assert [line.verb for line in study.read_trail()[0]][-1] == "imported"
    assert verify_study(study) == []


def talk(seed: int, turns: int) -> Spans:
    """When somebody speaks in a talk that nobody held."""
    chance, at, spans = random.Random(seed), 1.0, list[tuple[float, float]]()  # noqa: S311
    for _ in range(turns):
        length = chance.choice([chance.uniform(0.4, 1.5), chance.uniform(2, 9)])
        spans.append((at, at + length))
        at += length + chance.choice([chance.uniform(0.1, 0.5), chance.uniform(0.5, 3)])
    return spans


def as_turns(spans: Spans, shift_s: float = 0.0, stretch: float = 1.0) -> list[Turn]:
    """Turns as a person's clock would have them, two tenths off."""
    chance = random.Random(5)  # noqa: S311
    moved = [((a - shift_s) / stretch, (b - shift_s) / stretch) for a, b in spans]
    return [
        Turn(n, "P01", max(0.0, a + chance.gauss(0, 0.2)), max(a, b) + 0.1, "Yes.")
        for n, (a, b) in enumerate(moved, 1)
        if a >= 0
    ]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("turns", [20, 60, 200])
def test_another_talk_fits_no_sound(seed: int, turns: int) -> None:
    heard = talk(seed, turns)

    found = match_times(as_turns(talk(1000 + seed, turns)), heard, heard[-1][1] + 3)

    assert found.verdict is TimesVerdict.OTHER


@pytest.mark.parametrize(
    ("shift_s", "stretch"), [(4.0, 1.0), (-4.0, 1.0), (60.0, 1.0), (0.0, 1.002), (2.0, 0.998)]
)
def test_an_offset_and_a_drift_are_found(shift_s: float, stretch: float) -> None:
    heard = talk(1, 200)

    found = match_times(as_turns(heard, shift_s, stretch), heard, heard[-1][1] + 10)

    assert found.verdict is TimesVerdict.DIFFER
    end_s = heard[-1][1]
    placed_s = found.shift_s + found.stretch * (end_s - shift_s) / stretch
    assert placed_s == pytest.approx(end_s, abs=0.6)


def test_times_without_silence_say_nothing_but_how_long_it_is() -> None:
    heard = talk(2, 60)
    ends = [start for start, _ in heard[1:]] + [heard[-1][1]]
    whole = [
        Turn(n, "P01", start, end, "Yes.")
        for n, ((start, _), end) in enumerate(zip(heard, ends, strict=True))
    ]

    assert match_times(whole, heard, heard[-1][1]).verdict is TimesVerdict.UNTOLD
    assert match_times(whole, heard, heard[-1][1] - 60).verdict is TimesVerdict.OTHER
