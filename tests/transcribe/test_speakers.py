"""Who speaks, by a real diariser on small models of our own; it never costs a transcript."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from models import DEMONSTRATION_SOUND, InstalledModel, ModelKind, find_offer
from study import (
    ArtefactKind,
    Layout,
    Provenance,
    Recognition,
    Transcript,
    TranscriptFacts,
    Turn,
    Word,
)
from study.errors import DiariserFailed, NoDiariser, SpeakersKnown, StepMissing, Stopped
from study.store import Study
from tests.transcribe.conftest import demonstration
from tools.apart import build, note_sums
from transcribe import diariser_process
from transcribe.diarisation import diarise_interview

Enter = Callable[..., str]
Sounds = npt.NDArray[np.int16]
TRUTH = json.loads(DEMONSTRATION_SOUND.with_suffix(".truth.json").read_text(encoding="utf-8"))
LENGTH_S = 182.0


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> InstalledModel:
    folder = tmp_path_factory.mktemp("speakers")
    build(folder)
    offer = find_offer("speakers")
    assert offer is not None
    assert offer.kind is ModelKind.SPEAKERS
    return InstalledModel(offer, folder)


def true_words(until_s: float) -> list[tuple[Word, str]]:
    return [
        (Word(f" {w['text']}", w["start_s"], w["end_s"], 1.0), turn["speaker"])
        for turn in TRUTH["turns"]
        for w in turn["words"]
        if w["end_s"] < until_s
    ]


ONE = Layout()


def hear(
    study: Study, interview: str, until_s: float, *, layout: Layout = ONE, pause_s: float = 0.4
) -> Transcript:
    """Keep the true words as a transcript that knows no speakers: a turn for each pause."""
    turns: list[Turn] = []
    for word, _ in true_words(until_s):
        last = turns[-1] if turns else None
        if last and word.start_s - last.end_s < pause_s:
            words = (*last.words, word)
            text = "".join(w.text for w in words).strip()
            turns[-1] = replace(last, end_s=word.end_s, words=words, text=text)
        else:
            said = (word.text.strip(), (word,))
            turns.append(Turn(len(turns) + 1, "S?", word.start_s, word.end_s, *said))
    made_by = Provenance("transcribe", "earshot", "tiny.en", "")
    transcript = Transcript(tuple(turns), made_by, recognition=Recognition(layout=layout))
    with study.interview(interview).change("transcribed") as change:
        change.write_artefact(
            ArtefactKind.RAW, transcript, TranscriptFacts(len(turns), speech_s=9.0)
        )
    return transcript


def right(transcript: Transcript, until_s: float) -> float:
    """The share of words with the right speaker, whatever the speakers are called."""
    truth = {word.start_s: code for word, code in true_words(until_s)}
    pairs = [(t.speaker, truth[w.start_s]) for t in transcript.turns for w in t.words]
    best = {
        code: max({c for _, c in pairs}, key=lambda c: pairs.count((code, c))) for code, _ in pairs
    }
    return sum(best[code] == true for code, true in pairs) / len(pairs)


@pytest.mark.slow
def test_the_demonstration_on_one_microphone_has_its_two_speakers(
    study: Study, enter: Enter, model: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In blocks of 50 s, so that voices of several blocks are joined."""
    monkeypatch.setattr(diariser_process, "BLOCK_S", 50.0)
    interview = enter(demonstration(0, LENGTH_S))
    hear(study, interview, LENGTH_S)

    made = diarise_interview(study.interview(interview), model, count=2)

    assert right(made, LENGTH_S) >= 0.95
    assert made.turns[0].speaker == "S1"
    assert study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript) == made
    assert made.provenance.options["speakers_sha256"] == model.sha256()
    told = study.find_interview("P01_i1").facts.raw
    assert told is not None
    assert (told.turns, told.speech_s) == (len(made.turns), 9.0)


def test_a_second_run_begins_anew_and_gives_the_same(
    study: Study, enter: Enter, model: InstalledModel
) -> None:
    interview = enter(demonstration(0, 20))
    heard = hear(study, interview, 20, pause_s=60)  # all one turn, so that it is parted

    first = diarise_interview(study.interview(interview), model, count=2)
    in_bits = tuple(
        Turn(key, "S9", word.start_s, word.end_s, word.text.strip(), (word,))
        for key, word in enumerate((w for turn in first.turns for w in turn.words), start=1)
    )
    with study.change("spoilt by an earlier run") as change:
        change.write_artefact(ArtefactKind.RAW, replace(first, turns=in_bits), owner=interview)

    again = diarise_interview(study.interview(interview), model, count=2)

    assert again == first
    assert len(first.turns) > 2
    words = [w for turn in heard.turns for w in turn.words]
    assert [w for turn in again.turns for w in turn.words] == words


def test_a_corrected_transcript_keeps_its_words_and_stays_the_newest(
    study: Study, enter: Enter, model: InstalledModel
) -> None:
    interview = enter(demonstration(0, 20))
    heard = hear(study, interview, 20)
    mended = replace(heard.turns[0], text="Something else.")
    with study.interview(interview).change("corrected") as change:
        change.write_artefact(
            ArtefactKind.CORRECTED, replace(heard, turns=(mended, *heard.turns[1:]))
        )

    made = diarise_interview(study.interview(interview), model, count=2)

    assert made.turns[0].text == "Something else."
    assert study.interview(interview).read_artefact(ArtefactKind.CORRECTED, Transcript) == made
    assert study.interview(interview).find_newest_version(ArtefactKind.RAW) == 1


def test_where_each_has_a_microphone_nothing_is_guessed(
    study: Study, enter: Enter, model: InstalledModel
) -> None:
    interview = enter(demonstration(0, 5))
    hear(study, interview, 5, layout=Layout(((0,), (1,))))

    with pytest.raises(SpeakersKnown):
        diarise_interview(study.interview(interview), model, count=2)


def test_without_a_transcript_it_says_what_to_do(
    study: Study, enter: Enter, model: InstalledModel
) -> None:
    with pytest.raises(StepMissing, match="no transcript"):
        diarise_interview(study.interview(enter(demonstration(0, 2))), model, count=2)


def test_without_the_library_the_transcript_stays(
    study: Study, enter: Enter, model: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = enter(demonstration(0, 5))
    heard = hear(study, interview, 5)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType] - any name

    with pytest.raises(NoDiariser):
        diarise_interview(study.interview(interview), model, count=2)

    assert study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript) == heard


@pytest.mark.parametrize("spoiled", ["segmentation.onnx", "embedding.onnx"])
@pytest.mark.parametrize("content", [b"", b"no model", None])
def test_a_library_that_ends_its_process_costs_nothing(
    study: Study,
    enter: Enter,
    model: InstalledModel,
    tmp_path: Path,
    spoiled: str,
    content: bytes | None,
) -> None:
    """sherpa-onnx calls exit where a model is not one; None stands for the other model."""
    interview = enter(demonstration(0, 5))
    heard = hear(study, interview, 5)
    folder = tmp_path / "model"
    folder.mkdir()
    for name in ("segmentation.onnx", "embedding.onnx"):
        (folder / name).write_bytes((model.folder / name).read_bytes())
    other = "embedding.onnx" if spoiled == "segmentation.onnx" else "segmentation.onnx"
    wrong = (model.folder / other).read_bytes() if content is None else content
    (folder / spoiled).write_bytes(wrong)
    note_sums(folder)  # so it was installed

    with pytest.raises(DiariserFailed):
        diarise_interview(study.interview(interview), replace(model, folder=folder), count=2)

    assert study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript) == heard


def test_silence_has_no_speakers_and_costs_nothing(
    study: Study, enter: Enter, model: InstalledModel
) -> None:
    interview = enter(np.zeros((16_000 * 3, 1), dtype=np.int16))
    heard = hear(study, interview, 3)

    with pytest.raises(DiariserFailed):
        diarise_interview(study.interview(interview), model, count=2)

    assert study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript) == heard


def test_it_can_be_stopped_between_blocks(
    study: Study, enter: Enter, model: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diariser_process, "BLOCK_S", 5.0)
    interview = enter(demonstration(0, 12))
    heard = hear(study, interview, 12)
    asked = iter([False, True])

    with pytest.raises(Stopped):
        diarise_interview(study.interview(interview), model, count=2, stop=lambda: next(asked))

    assert study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript) == heard
