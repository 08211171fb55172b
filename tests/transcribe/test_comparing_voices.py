"""Who speaks on one microphone, with the genuine voice model where it is installed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models import InstalledModel, ModelKind, find_models_folder, find_offer, is_model_whole
from study import (
    ArtefactKind,
    Layout,
    Mark,
    MarkKind,
    Provenance,
    Transcript,
    Turn,
    Voices,
)
from study.errors import DiariserFailed, ModelBroken, SpeakersKnown, Stopped
from study.store import Study
from tests.transcribe.conftest import demonstration
from tests.transcribe.test_speakers import LENGTH_S, hear, right
from tests.transcribe.test_turns import spoken
from transcribe.diarisation import diarise_interview, list_key_anchors, name_voices
from transcribe.voice_separation import Anchor

Enter = Callable[..., str]
FOLDER = find_models_folder() / "voices"
needs_voices = pytest.mark.skipif(
    not is_model_whole(ModelKind.VOICES, FOLDER),
    reason="voices is not installed: earshot models get voices",
)


@pytest.fixture
def model() -> InstalledModel:
    offer = find_offer("voices")
    assert offer is not None
    return InstalledModel(offer, FOLDER)


@needs_voices
def test_the_demonstration_on_one_microphone_has_its_two_speakers_though_nobody_said_two(
    study: Study, enter: Enter, model: InstalledModel
) -> None:
    interview = enter(demonstration(0, LENGTH_S))
    hear(study, interview, LENGTH_S)

    made = diarise_interview(study.interview(interview), model, count=None)

    assert right(made, LENGTH_S) >= 0.98
    voices = study.interview(interview).read_artefact(ArtefactKind.VOICES, Voices)
    assert voices is not None
    assert (voices.count, voices.is_guessed, voices.codes) == (2, True, ("S1", "S2"))
    assert (voices.model, voices.model_sha256) == (model.name, model.sha256())
    assert {turn.speaker for turn in made.turns} == set(voices.codes)


@needs_voices
def test_a_print_of_a_voice_is_kept_only_where_somebody_asks_for_it(
    study: Study, enter: Enter, model: InstalledModel
) -> None:
    interview = enter(demonstration(0, 20))
    hear(study, interview, 20)

    def read_prints(*, keeps_prints: bool) -> list[int]:
        handle = study.interview(interview)
        diarise_interview(handle, model, count=2, keeps_prints=keeps_prints)
        voices = handle.read_artefact(ArtefactKind.VOICES, Voices)
        assert voices is not None
        return [len(values) for values in voices.prints]

    assert read_prints(keeps_prints=False) == []
    assert read_prints(keeps_prints=True) == [256, 256]


@needs_voices
def test_what_a_person_said_names_the_voice_and_words_stay_as_they_are(
    study: Study, enter: Enter, model: InstalledModel
) -> None:
    interview = enter(demonstration(0, 20))
    heard = hear(study, interview, 20)
    first = heard.turns[0]

    made = diarise_interview(
        study.interview(interview), model, count=2,
        anchors=[Anchor(first.start_s, first.end_s, "INT01")],
    )  # fmt: skip

    assert made.turns[0].speaker == "INT01"
    assert {turn.speaker for turn in made.turns} == {"INT01", "S2"}
    assert [w for t in made.turns for w in t.words] == [w for t in heard.turns for w in t.words]


@needs_voices
def test_a_key_names_a_voice_and_not_whoever_speaks_after_it_without_a_key(
    study: Study, enter: Enter, model: InstalledModel
) -> None:
    """INT01 was pressed once, at the beginning, and no key where the other began to speak.

    Then the voices tell: all was INT01's, and a key that named one talk merged everybody's.
    """
    interview = enter(demonstration(0, 20))
    heard = hear(study, interview, 20)
    marked = replace(heard, events=(Mark(0.0, MarkKind.SPEAKER, "INT01"),))
    with study.interview(interview).change("transcribed") as change:
        change.write_artefact(ArtefactKind.RAW, marked)

    keyed = diarise_interview(study.interview(interview), model, count=2)
    alone = diarise_interview(study.interview(interview), model, count=2, uses_keys=False)

    assert {turn.speaker for turn in keyed.turns} == {"INT01", "S2"}
    assert keyed.turns[0].speaker == "INT01"
    assert right(keyed, 20) >= right(alone, 20) > 0.9
    assert len({turn.speaker for turn in alone.turns}) == 2


@needs_voices
def test_a_second_run_gives_the_same(study: Study, enter: Enter, model: InstalledModel) -> None:
    interview = enter(demonstration(0, 20))
    hear(study, interview, 20)

    first = diarise_interview(study.interview(interview), model, count=2)

    assert diarise_interview(study.interview(interview), model, count=2) == first


@needs_voices
def test_where_nobody_speaks_or_each_has_a_microphone_nothing_changes(
    study: Study, enter: Enter, model: InstalledModel
) -> None:
    silent = enter(np.zeros((16_000 * 3, 1), dtype=np.int16))
    heard = hear(study, silent, 3)
    with pytest.raises(DiariserFailed):
        diarise_interview(study.interview(silent), model, count=2)
    assert study.interview(silent).read_artefact(ArtefactKind.RAW, Transcript) == heard
    assert study.interview(silent).read_artefact(ArtefactKind.VOICES, Voices) is None

    hear(study, silent, 3, layout=Layout(((0,), (1,))))
    with pytest.raises(SpeakersKnown):
        diarise_interview(study.interview(silent), model, count=2)


@needs_voices
def test_words_on_music_cost_no_transcript(
    study: Study, enter: Enter, model: InstalledModel
) -> None:
    """A chord that swells: whatever is made of it, every word stays."""
    at = np.arange(16_000 * 10) / 16_000
    chord = sum(np.sin(2 * np.pi * hertz * at) for hertz in (220, 277, 330)) * np.sin(at) ** 2
    interview = enter((chord * 6000).astype(np.int16)[:, None])
    heard = hear(study, interview, 10)

    made = diarise_interview(study.interview(interview), model, count=None)

    assert [w for t in made.turns for w in t.words] == [w for t in heard.turns for w in t.words]


@needs_voices
def test_it_can_be_stopped(study: Study, enter: Enter, model: InstalledModel) -> None:
    interview = enter(demonstration(0, 12))
    heard = hear(study, interview, 12)

    with pytest.raises(Stopped):
        diarise_interview(study.interview(interview), model, count=2, stop=lambda: True)

    assert study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript) == heard


@pytest.mark.parametrize("content", [None, b"", b"no model"])
def test_a_missing_or_changed_model_costs_nothing(
    study: Study, enter: Enter, model: InstalledModel, tmp_path: Path, content: bytes | None
) -> None:
    interview = enter(demonstration(0, 5))
    heard = hear(study, interview, 5)
    if content is not None:
        (tmp_path / "voices.onnx").write_bytes(content)

    with pytest.raises(ModelBroken):
        diarise_interview(study.interview(interview), replace(model, folder=tmp_path), count=2)

    assert study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript) == heard


@needs_voices
@pytest.mark.parametrize("noted", ["earshot.json", None])
def test_a_model_in_which_one_number_was_changed_is_not_used(
    study: Study, enter: Enter, model: InstalledModel, tmp_path: Path, noted: str | None
) -> None:
    """It loads and answers as ever. Where its list is gone the catalogue counts."""
    interview = enter(demonstration(0, 5))
    heard = hear(study, interview, 5)
    for name in filter(None, ("voices.onnx", noted)):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    with (tmp_path / "voices.onnx").open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"\0\0\0\0")

    with pytest.raises(ModelBroken, match="changed since it was installed"):
        diarise_interview(study.interview(interview), replace(model, folder=tmp_path), count=2)

    assert study.interview(interview).read_artefact(ArtefactKind.RAW, Transcript) == heard


@pytest.mark.parametrize(
    ("pressed", "wanted"),
    [
        ((), []),
        (((0.4, "INT01"),), ["INT01 Shall we begin?"]),
        (((1.9, "P07"),), ["P07 Yes, let us begin."]),
        (((1.25, "P07"),), ["P07 Yes, let us begin."]),  # a little early
        (((0.4, "INT01"), (1.9, "P07"), (6.0, "S3")),
         ["INT01 Shall we begin?", "P07 Yes, let us begin.", "S3 Good. Then we begin."]),
        (((8.0, "P07"), (8.4, "S3")), ["S3 One thing before that."]),  # a slip
        (((30.0, "P07"),), []),  # nobody speaks
    ],
)  # fmt: skip
def test_a_key_says_who_speaks_to_the_end_of_the_sentence_or_the_next_pause(
    pressed: tuple[tuple[float, str], ...], wanted: list[str]
) -> None:
    """Whoever speaks then without a key for them is told by the voices."""
    events = tuple(Mark(at_s, MarkKind.SPEAKER, code) for at_s, code in pressed)
    words = spoken(
        (0.0, "Shall we begin?"), (1.3, "Yes, let us begin."), (2.8, "I am ready too."),
        (5.0, "Good. Then we begin."), (7.5, "One thing before that."),
    ).words  # fmt: skip
    turn = Turn(1, "S?", words[0].start_s, words[-1].end_s, "", words)
    heard = Transcript((turn,), Provenance("transcribe", "earshot", "tiny.en"), events=events)

    assert [
        f"{one.speaker} "
        + "".join(
            w.text for w in words if one.start_s <= w.start_s and w.end_s <= one.end_s
        ).strip()
        for one in list_key_anchors(heard)
    ] == wanted


def test_a_voice_without_a_name_gets_a_number_that_nobody_has() -> None:
    assert name_voices(["", "INT01", ""]) == ("S1", "INT01", "S3")
    assert name_voices(["S2", ""]) == ("S2", "S3")
    assert name_voices(["", "S1"]) == ("S2", "S1")
