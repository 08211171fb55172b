"""A transcript made elsewhere is joined to its own sound, and to no other."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from app.transcript_joining import join_transcript, read_transcript_for
from app.transcript_times import TimesVerdict, match_times
from capture import import_sound, import_transcript
from study import ArtefactKind, InterviewDetails, Participant, Role, Transcript, Turn
from study.errors import NotJoined, OtherRecording
from study.store import Interview, Study

SPOKEN = Path(__file__).parents[2] / "models" / "demonstration"
Spans = list[tuple[float, float]]


def read_truth(name: str) -> list[tuple[str, str, float, float]]:
    """Who says what, from when to when, in a demonstration interview."""
    turns = json.loads((SPOKEN / f"{name}.truth.json").read_text(encoding="utf-8"))["turns"]
    return [(t["speaker"], t["text"], t["start_s"], t["end_s"]) for t in turns]


def write_subtitles(path: Path, name: str, shift_s: float = 0.0) -> Path:
    """The transcript of a demonstration interview, with all times earlier by ``shift_s``."""

    def clock(at_s: float) -> str:
        ms = round(max(0.0, at_s - shift_s) * 1000)
        return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"

    path.write_text(
        "".join(
            f"{n}\n{clock(start)} --> {clock(end)}\n{who}: {words}\n\n"
            for n, (who, words, start, end) in enumerate(read_truth(name), 1)
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
