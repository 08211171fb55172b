"""How faster-whisper is called. Each test here stands for hours that somebody lost to a default.

The model is a stand-in that writes down what it is asked: the real one answers just as readily
when it is asked wrongly.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import faster_whisper
import numpy as np
import pytest

from models import InstalledModel
from transcribe.audio_tracks import MODEL_RATE, Samples
from transcribe.engine import DecodingOptions, SpeechEngine


@dataclass
class StandIn:
    """A speech model; ``says`` gives the words of a call."""

    says: Callable[[dict[str, object]], list[str]] = lambda _: ["yes"]
    made_with: list[tuple[tuple[object, ...], dict[str, object]]] = field(default_factory=list)
    asked: list[dict[str, object]] = field(default_factory=list)
    encoded: list[Samples] = field(default_factory=list)

    def __call__(self, *given: object, **options: object) -> StandIn:
        self.made_with.append((given, options))
        return self

    def encode(self, features: Samples) -> int:
        """Return how many frames it was given."""
        self.encoded.append(features)
        return features.shape[-1]

    def transcribe(
        self, audio: Samples, **options: object
    ) -> tuple[Iterator[SimpleNamespace], None]:
        self.asked.append({"audio": audio, **options})
        self.encode(np.full((80, 3000), audio.mean(), dtype=np.float32))
        said = self.says(options)
        words = [
            SimpleNamespace(word=f" {w}", start=np.float64(0.1), end=np.float64(0.3), probability=1)
            for w in said
        ]
        text = " ".join(said)
        segment = SimpleNamespace(
            text=text,
            start=0.0,
            end=1.0,
            avg_logprob=-0.1,
            compression_ratio=1.0,
            words=words if options["word_timestamps"] else None,
        )
        return iter([segment] if said else []), None


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    stand_in = StandIn()
    monkeypatch.setattr(faster_whisper, "WhisperModel", stand_in)
    return stand_in


@pytest.fixture
def engine(model: StandIn, demo_model: InstalledModel) -> SpeechEngine:
    del model  # is in place
    return SpeechEngine(demo_model, DecodingOptions(language="de"))


SECOND = np.zeros(MODEL_RATE, dtype=np.float32)


def test_a_failing_window_is_tried_again_with_more_chance(
    engine: SpeechEngine, model: StandIn
) -> None:
    """A single temperature takes the ladder away, and loops come back."""
    engine.transcribe_window(SECOND, speech_s=1.0, until_s=1.0, seed=1)

    assert model.asked[0]["temperature"] == [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]


def test_short_slow_answers_are_not_taken_for_invented_ones(
    engine: SpeechEngine, model: StandIn
) -> None:
    engine.transcribe_window(SECOND, speech_s=1.0, until_s=1.0, seed=1)

    assert model.asked[0]["hallucination_silence_threshold"] is None


def test_words_go_where_the_model_itself_finds_nobody_and_is_unsure_of_them(
    engine: SpeechEngine, model: StandIn
) -> None:
    """Two invented endings had a no-speech probability of .64 and .70."""
    engine.transcribe_window(SECOND, speech_s=1.0, until_s=1.0, seed=1)

    assert model.asked[0]["no_speech_threshold"] == 0.6


def test_a_window_is_heard_without_the_one_before(engine: SpeechEngine, model: StandIn) -> None:
    engine.transcribe_window(SECOND, speech_s=1.0, until_s=1.0, seed=1)

    assert model.asked[0]["condition_on_previous_text"] is False
    assert not {"initial_prompt", "prefix"} & model.asked[0].keys()
    assert model.asked[0]["hotwords"] is None


def test_nothing_is_cut_out_before_it_is_heard(engine: SpeechEngine, model: StandIn) -> None:
    """faster-whisper's own voice activity is quadratic and shifts the words' times."""
    engine.transcribe_window(SECOND, speech_s=1.0, until_s=1.0, seed=1)

    assert model.asked[0]["vad_filter"] is False
    assert "clip_timestamps" not in model.asked[0]
    assert model.asked[0]["audio"] is SECOND


def test_the_language_is_settled_beforehand(engine: SpeechEngine, model: StandIn) -> None:
    engine.transcribe_window(SECOND, speech_s=1.0, until_s=1.0, seed=1)

    assert model.asked[0]["language"] == "de"
    assert not model.asked[0].get("multilingual")


def test_a_model_is_a_folder_on_this_computer(
    engine: SpeechEngine, model: StandIn, demo_model: InstalledModel
) -> None:
    """Given a mere name, faster-whisper would go online for it."""
    del engine
    ((given, options),) = model.made_with

    assert given == (str(demo_model.folder),)
    assert Path(str(given[0])).is_absolute()
    assert options["local_files_only"] is True


def test_a_model_hears_one_thing_at_a_time_in_whole_numbers(
    engine: SpeechEngine, model: StandIn
) -> None:
    """Workers of its own let its memory grow; float16 gives blank text on some cards."""
    del engine
    ((_, options),) = model.made_with

    assert options.get("num_workers", 1) == 1
    assert (options["device"], options["compute_type"]) == ("cpu", "int8")


def test_words_have_times_in_the_sound_of_their_window(engine: SpeechEngine) -> None:
    (word,) = engine.transcribe_window(SECOND, speech_s=1.0, until_s=1.0, seed=1)

    assert (word.start_s, word.end_s, word.text) == (0.1, 0.3, " yes")
    assert type(word.start_s) is float


def test_a_second_try_is_more_patient(engine: SpeechEngine, model: StandIn) -> None:
    engine.transcribe_window(SECOND, speech_s=1.0, until_s=1.0, seed=1)
    engine.transcribe_window(SECOND, speech_s=1.0, until_s=1.0, seed=1, again=True)

    assert [asked["patience"] for asked in model.asked] == [1.0, 1.2]


def test_words_that_cannot_be_aligned_are_asked_for_without_times(
    engine: SpeechEngine, model: StandIn
) -> None:
    model.says = lambda options: [] if options["word_timestamps"] else ["oh", "no"]

    words = engine.transcribe_window(SECOND, speech_s=1.0, until_s=1.0, seed=1)

    assert [(w.text, w.start_s, w.end_s) for w in words] == [
        (" oh", 0.0, 0.5),
        (" no", 0.5, 1.0),
    ]


def test_a_window_that_is_decoded_once_more_is_not_encoded_once_more(
    engine: SpeechEngine, model: StandIn
) -> None:
    """Half of the work of every second hearing that found nothing was done twice."""
    model.says = lambda _: []

    engine.transcribe_window(SECOND, speech_s=1.0, until_s=1.0, seed=1)
    engine.transcribe_window(SECOND + 0.1, speech_s=1.0, until_s=1.0, seed=2)

    assert len(model.asked) == 4
    assert len(model.encoded) == 2


def test_a_model_leaves_the_memory_with_its_engine(
    demo_model: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirteen short interviews in one process took 2.1 GB, for no model of them went."""
    loaded: list[weakref.ref[StandIn]] = []

    def load(*given: object, **options: object) -> StandIn:
        del given, options
        made = StandIn()
        loaded.append(weakref.ref(made))
        return made

    monkeypatch.setattr(faster_whisper, "WhisperModel", load)
    engine = SpeechEngine(demo_model, DecodingOptions())
    assert engine.transcribe_window(SECOND, speech_s=1.0, until_s=1.0, seed=1)
    gc.disable()

    del engine
    left = loaded[0]()
    gc.enable()

    assert left is None


def test_what_is_heard_again_is_padded_to_a_quarter_of_a_minute_where_it_fits(
    engine: SpeechEngine, model: StandIn
) -> None:
    for sound, again in ((SECOND, False), (SECOND, True), (np.tile(SECOND, 14), True)):
        engine.transcribe_window(sound, speech_s=1.0, until_s=1.0, seed=1, again=again)

    assert [features.shape for features in model.encoded] == [(80, 3000), (80, 1500), (80, 3000)]


@pytest.mark.parametrize("in_half_a_minute", ["yes", "thank you very much thank you"])
def test_a_second_hearing_that_says_more_than_anybody_could_is_given_half_a_minute(
    engine: SpeechEngine, model: StandIn, in_half_a_minute: str
) -> None:
    """Padded to 15 s, a second and a half of room noise was "Thank you" four times over."""
    said = iter(["thank you very much thank you", in_half_a_minute])
    model.says = lambda _: next(said).split()

    words = engine.transcribe_window(SECOND, speech_s=1.0, until_s=1.0, seed=1, again=True)

    assert [features.shape for features in model.encoded] == [(80, 1500), (80, 3000)]
    assert [w.text for w in words] == ([" yes"] if in_half_a_minute == "yes" else [])


@pytest.mark.parametrize("again", [False, True])
def test_dots_alone_are_no_words_that_could_hide_a_gap(
    engine: SpeechEngine, model: StandIn, *, again: bool
) -> None:
    model.says = lambda _: ["...", "."]

    assert not engine.transcribe_window(SECOND, speech_s=1.0, until_s=1.0, seed=1, again=again)


def test_no_memory_for_a_model_is_told_as_that(tiny_en: InstalledModel) -> None:
    """CTranslate2 says it with a bare RuntimeError, as it says that a model is broken."""
    program = """
import resource, sys
from pathlib import Path
import faster_whisper
from models import InstalledModel, find_offer
from study.errors import OutOfMemory
from transcribe.engine import DecodingOptions, SpeechEngine
model = InstalledModel(find_offer("tiny.en"), Path(sys.argv[1]))
lines = Path("/proc/self/status").read_text().splitlines()
(size,) = [int(line.split()[1]) for line in lines if line.startswith("VmSize")]
limit = size * 1024 + 500_000
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    SpeechEngine(model, DecodingOptions())
except OutOfMemory:
    sys.exit(66)
"""

    command = [sys.executable, "-c", program, str(tiny_en.folder)]
    done = subprocess.run(command, capture_output=True, check=False)

    assert done.returncode == 66, done.stderr.decode()


def test_a_draft_has_one_path_and_one_temperature_and_says_so(
    model: StandIn, demo_model: InstalledModel
) -> None:
    options = DecodingOptions(is_draft=True)
    SpeechEngine(demo_model, options).transcribe_window(SECOND, speech_s=1.0, until_s=1.0, seed=1)

    assert model.asked[0]["temperature"] == [0.0]
    assert model.asked[0]["beam_size"] == 1
    told = options.describe_options()
    assert (told["is_draft"], told["beam_size"], told["temperatures"]) == (True, 1, "0.0")


def test_a_draft_too_is_heard_one_window_at_a_time(
    model: StandIn, demo_model: InstalledModel
) -> None:
    """faster-whisper's batched way has no loop guard, loses what is beyond 30 s, keeps state."""
    engine = SpeechEngine(demo_model, DecodingOptions(is_draft=True))
    engine.transcribe_window(SECOND, speech_s=1.0, until_s=1.0, seed=1)

    assert type(engine._model) is StandIn
    assert not {"batch_size", "clip_timestamps", "vad_parameters"} & model.asked[0].keys()
    assert model.asked[0]["condition_on_previous_text"] is False
