"""Never English out of nothing: what is spoken is compared with what an interview should be in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from models import InstalledModel, ModelKind, find_speech_model, list_offers
from study import AUTO_LANGUAGE, ArtefactKind, Word
from study.errors import LanguageUnclear, ModelMissing, OtherLanguage
from study.store import Study
from tests.transcribe.conftest import Enter
from tests.transcribe.saying import SayingEngine
from transcribe import DecodingOptions, transcribe_interview
from transcribe.audio_tracks import Samples
from transcribe.doubt import find_doubtful_passages
from transcribe.language_check import LanguageCheck, choose_detector
from transcribe.language_guess import LanguageGuess, pool_guesses
from transcribe.speech_coverage import ForeignPassage, TranscribedWindow
from transcribe.turn_assembly import build_turns
from transcribe.windows import Window

ENGLISH = LanguageGuess({"en": 0.95, "de": 0.03, "nn": 0.02})
GERMAN = LanguageGuess({"en": 0.02, "de": 0.95, "nn": 0.03})
NOISE = LanguageGuess({"en": 0.17, "nn": 0.55, "ja": 0.1, "de": 0.18})
LOUD_NOISE = LanguageGuess({"en": 0.07, "nn": 0.69, "ja": 0.06, "jw": 0.04, "de": 0.14})
MUMBLED = LanguageGuess({"en": 0.3, "de": 0.35, "nl": 0.35})


def offered(name: str) -> InstalledModel:
    """A model of the catalogue, as if it were here."""
    return InstalledModel(next(o for o in list_offers() if o.name == name), Path("nowhere"))


def set_installed(patch: pytest.MonkeyPatch, *models: InstalledModel) -> None:
    """Let these be the speech models that are installed."""

    def listed(kind: ModelKind) -> list[InstalledModel]:
        assert kind is ModelKind.SPEECH
        return list(models)

    patch.setattr("transcribe.language_check.list_models", listed)


def spoken(number: int, length_s: float = 12.0) -> Window:
    start_s = 100.0 * number
    spans = ((start_s, start_s + length_s),)
    return Window(number, 0, spans, spans)


def window(probability: float, *, words: int = 20, start_s: float = 0.0) -> TranscribedWindow:
    said = tuple(
        Word(f" word{n}", start_s + n / 2, start_s + n / 2 + 0.4, probability) for n in range(words)
    )
    end_s = start_s + words / 2
    return TranscribedWindow(0, 0, start_s, end_s, ((start_s, end_s),), said)


@dataclass
class Detector:
    """Guesses in the order of its list, the last one from then on; counts what it is asked."""

    guesses: list[LanguageGuess]
    asked_s: list[float] = field(default_factory=list)
    loads: int = 0

    def load(self) -> Callable[[Samples], LanguageGuess]:
        self.loads += 1
        return self.guess

    def guess(self, samples: Samples) -> LanguageGuess:
        self.asked_s.append(len(samples) / 16_000)
        return self.guesses[min(len(self.asked_s), len(self.guesses)) - 1]


def checked(
    *guesses: LanguageGuess, wanted: str = "en", model: str = "small", is_unchecked: bool = False
) -> tuple[LanguageCheck, Detector]:
    detector = Detector(list(guesses))
    check = LanguageCheck(
        offered(model),
        wanted,
        detector.load if guesses else None,
        lambda _, span: np.zeros(round((span[1] - span[0]) * 16_000), dtype=np.float32),
        is_unchecked=is_unchecked,
    )
    return check, detector


def test_a_window_in_the_right_language_is_enough_and_no_other_is_waited_for() -> None:
    check, detector = checked(ENGLISH)

    def windows() -> Iterator[Window]:
        yield spoken(0)
        pytest.fail("a live recording would have to be waited for")

    assert check.settle_language(windows()) == "en"
    assert len(detector.asked_s) == 1


def test_another_language_is_refused_with_its_name_and_its_code() -> None:
    check, detector = checked(GERMAN)

    with pytest.raises(OtherLanguage, match="like German, not like English") as refused:
        check.settle_language(spoken(n) for n in range(9))

    assert (refused.value.wanted, refused.value.heard, refused.value.code) == (
        "English",
        "German",
        "de",
    )
    assert len(detector.asked_s) == 5  # of 12 s each: a minute


def test_a_greeting_in_another_language_does_not_refuse_an_interview() -> None:
    check, _ = checked(GERMAN, ENGLISH)

    assert check.settle_language([spoken(0, 4.0), spoken(1)]) == "en"


@pytest.mark.parametrize(
    "guess", [NOISE, LOUD_NOISE, MUMBLED], ids=["noise", "loud noise", "mumbling"]
)
def test_what_no_language_stands_out_in_is_transcribed_as_was_wished(guess: LanguageGuess) -> None:
    check, _ = checked(guess)

    assert check.settle_language([spoken(0)]) == "en"


def test_less_than_two_seconds_of_speech_refuse_nothing() -> None:
    check, _ = checked(GERMAN)

    assert check.settle_language([spoken(0, 1.0)]) == "en"


def test_who_insists_is_not_asked_and_no_model_is_loaded_for_it() -> None:
    check, detector = checked(GERMAN, is_unchecked=True)

    assert check.settle_language([spoken(0)]) == "en"
    assert detector.loads == 0


def test_auto_takes_what_is_heard() -> None:
    check, _ = checked(MUMBLED, GERMAN, wanted=AUTO_LANGUAGE)

    assert check.settle_language(spoken(n) for n in range(3)) == "de"
    assert check.language == "de"


def test_auto_asks_where_no_language_stands_out() -> None:
    check, _ = checked(MUMBLED, wanted=AUTO_LANGUAGE)

    with pytest.raises(LanguageUnclear):
        check.settle_language(spoken(n) for n in range(3))


def test_auto_never_hands_german_to_a_model_that_knows_english_alone() -> None:
    check, _ = checked(GERMAN, wanted=AUTO_LANGUAGE, model="small.en")

    with pytest.raises(OtherLanguage, match="like German, not like English"):
        check.settle_language([spoken(0)])


def test_auto_where_nobody_speaks_leaves_it_to_others_to_say_so() -> None:
    check, _ = checked(GERMAN, wanted=AUTO_LANGUAGE, model="small.en")

    assert check.settle_language([]) == "en"


def test_a_model_is_given_no_more_than_the_quarter_minute_that_it_guesses_from() -> None:
    check, detector = checked(ENGLISH)

    check.settle_language([spoken(0, 45.0)])

    assert detector.asked_s == [15.0]


def test_clear_words_cost_no_guess() -> None:
    check, detector = checked(GERMAN)

    assert check.mark_passages(window(0.9)) == window(0.9)
    assert detector.loads == 0


def test_unsure_words_are_listened_to_again_and_marked_where_they_are_foreign() -> None:
    german, _ = checked(GERMAN)
    english, _ = checked(ENGLISH)
    talk = window(0.5)

    assert german.mark_passages(talk).foreign == (ForeignPassage(0.0, 10.0, "de"),)
    assert english.mark_passages(talk).foreign == ()


def test_a_language_that_changes_inside_a_window_is_found_where_it_changes() -> None:
    first, second = window(0.95, words=18), window(0.5, words=18, start_s=10.0)
    both = replace(
        first,
        end_s=second.end_s,
        speech=(*first.speech, *second.speech),
        words=first.words + second.words,
    )
    check, _ = checked(GERMAN)

    assert check.mark_passages(both).foreign == (ForeignPassage(10.0, 19.0, "de"),)


def test_words_in_another_language_are_doubted_by_its_name_and_no_others() -> None:
    talk = replace(window(0.95), foreign=(ForeignPassage(4.0, 10.0, "de"),))

    (passage,) = [
        p for p in find_doubtful_passages(talk, "en") if p.flag.kind == "another language"
    ]

    assert passage.flag.note == "this sounds like German"
    assert passage.words == talk.words[8:]


def test_speech_without_a_word_is_listened_to_again_and_its_gap_says_in_which_language_it_is() -> (
    None
):
    """Of seven seconds of French tiny.en made no word, and nobody was told why."""
    check, _ = checked(GERMAN)

    silent = check.mark_passages(replace(window(0.9), words=()))
    (turn,) = build_turns([silent], ["S1"], by_channel=False)

    assert [flag.note for flag in turn.flags] == [
        "speech was heard here, and no words",
        "this sounds like German",
    ]


def test_a_model_that_knows_english_alone_asks_no_other_where_its_first_words_are_clear() -> None:
    """Loading one cost more than half a minute of speech does."""
    check, detector = checked(GERMAN, model="small.en")

    assert check.settle_language([spoken(0)]) == "en"
    check.judge_words(window(0.9))
    check.judge_words(window(0.3))
    check.judge_last_words()

    assert detector.loads == 0


def test_unclear_first_words_of_a_model_that_knows_english_alone_have_another_asked() -> None:
    german, _ = checked(GERMAN, model="small.en")
    english, asked = checked(ENGLISH, model="small.en")

    for _ in range(5):  # ten seconds each
        german.judge_words(window(0.5))
        english.judge_words(window(0.5))
    with pytest.raises(OtherLanguage, match="like German, not like English"):
        german.judge_words(window(0.5))

    assert len(asked.asked_s) == 1


def test_an_interview_of_a_few_unclear_words_is_judged_at_its_end() -> None:
    check, _ = checked(GERMAN, model="small.en")

    check.judge_words(window(0.5, words=8))

    with pytest.raises(OtherLanguage, match="like German"):
        check.judge_last_words()


def test_where_no_model_can_tell_first_words_that_are_guesses_are_refused() -> None:
    check, _ = checked(model="small.en")

    check.judge_words(window(0.5, words=8))  # one answer says nothing
    with pytest.raises(OtherLanguage, match="may not be English") as refused:
        check.judge_words(window(0.5, words=8))

    assert refused.value.code == ""


def test_where_no_model_can_tell_words_that_are_understood_pass_and_later_ones_are_not_judged() -> (
    None
):
    check, _ = checked(model="small.en")

    check.judge_words(window(0.75, words=45))

    check.judge_words(window(0.2, words=90))


def test_a_model_that_knows_several_tells_languages_apart_itself() -> None:
    def load() -> Callable[[Samples], LanguageGuess]:
        return lambda _: ENGLISH

    def other(_: InstalledModel) -> Callable[[Samples], LanguageGuess]:
        pytest.fail("no other model is needed")

    assert choose_detector(offered("small"), load, other) is load


def test_a_model_that_knows_one_has_the_smallest_other_one_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = [offered("small.en"), offered("large-v3"), offered("small")]
    set_installed(monkeypatch, *here)
    asked: list[str] = []

    def other(model: InstalledModel) -> Callable[[Samples], LanguageGuess]:
        asked.append(model.name)
        return lambda _: ENGLISH

    detector = choose_detector(offered("small.en"), lambda: lambda _: GERMAN, other)
    assert detector is not None
    detector()

    assert asked == ["small"]
    set_installed(monkeypatch, here[0])
    assert choose_detector(offered("small.en"), lambda: lambda _: GERMAN, other) is None


def test_guesses_weigh_by_the_speech_in_them_and_none_is_certain_of_nothing() -> None:
    pooled = pool_guesses([(30.0, ENGLISH), (10.0, GERMAN)])

    assert pooled.probability_of("en") == pytest.approx(0.7175)
    assert not LanguageGuess({}).is_certain
    assert not LanguageGuess({}).contradicts("en")


def test_a_refusal_by_the_words_keeps_the_windows_that_are_done(
    study: Study,
    enter: Enter,
    engine: SayingEngine,
    talk: np.ndarray[tuple[int, int], np.dtype[np.int16]],
    tiny_en: InstalledModel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    interview = study.interview(enter(talk))
    set_installed(monkeypatch, tiny_en)
    engine.says = lambda _: "what the model makes of a language that it does not know at all here"
    engine.probability = 0.4

    with pytest.raises(OtherLanguage):
        transcribe_interview(interview, tiny_en)
    decoded = len(engine.heard_s)
    transcript = transcribe_interview(interview, tiny_en, is_unchecked=True)

    assert decoded > 0
    assert transcript.turns
    after_refusal = engine.heard_s[decoded:]
    engine.heard_s.clear()
    transcribe_interview(study.interview(enter(talk, label="B")), tiny_en, is_unchecked=True)
    assert after_refusal == engine.heard_s[decoded:]


# With real weights


def shared_folder() -> Path:
    """The folder with cases for trying Earshot out, where it lies above the project."""
    for parent in Path(__file__).parents:
        if (parent / "shared" / "cases" / "inputs").is_dir():
            return parent / "shared"
    pytest.skip("the cases for trying out are not above the project")


def installed(name: str) -> InstalledModel:
    try:
        return find_speech_model(name)
    except ModelMissing:
        pytest.skip(f"the speech model {name} is not installed: `earshot models get {name}`")


@pytest.fixture
def enter_case(enter: Enter) -> Callable[..., str]:
    """Seal a file of sound, or its first seconds, as an interview; returns its id."""

    def make(file: str, seconds: float | None = None) -> str:
        path = shared_folder() / file
        rate = soundfile.info(path).samplerate
        stop = None if seconds is None else round(seconds * rate)
        samples, _ = soundfile.read(path, dtype="int16", always_2d=True, stop=stop)
        return enter(samples, rate=rate, label=path.stem.replace(".", "_"))

    return make


GERMAN_CASES = ["cases/inputs/de.wav", "cases/inputs/de-after-45s-silence.wav"]


@pytest.mark.parametrize("name", ["tiny.en", pytest.param("base", marks=pytest.mark.thorough)])
@pytest.mark.parametrize("file", GERMAN_CASES)
def test_german_was_written_down_as_fluent_english_and_is_refused(
    study: Study, enter_case: Callable[..., str], file: str, name: str
) -> None:
    model = installed(name)
    interview = study.interview(enter_case(file))

    with pytest.raises(OtherLanguage):
        transcribe_interview(interview, model)

    assert ArtefactKind.RAW not in interview.summary.versions


@pytest.mark.parametrize("file", GERMAN_CASES)
def test_german_is_refused_though_only_a_model_that_knows_english_alone_is_here(
    study: Study, enter_case: Callable[..., str], monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    alone = installed("tiny.en")
    set_installed(monkeypatch, alone)
    interview = study.interview(enter_case(file))

    with pytest.raises(OtherLanguage, match="may not be English"):
        transcribe_interview(interview, alone)


def test_auto_hears_german_after_45_s_of_silence_and_says_so_in_the_transcript(
    study: Study, enter_case: Callable[..., str]
) -> None:
    interview = study.interview(enter_case(GERMAN_CASES[1]))

    transcript = transcribe_interview(
        interview, installed("base"), options=DecodingOptions(language=AUTO_LANGUAGE)
    )

    assert transcript.recognition is not None
    assert transcript.recognition.language == "de"
    assert "Hamburg" in " ".join(turn.text for turn in transcript.turns)


@pytest.mark.parametrize("name", ["tiny.en", pytest.param("base", marks=pytest.mark.thorough)])
def test_passages_in_german_and_french_were_not_flagged_in_an_english_interview(
    study: Study, enter_case: Callable[..., str], name: str
) -> None:
    installed("base")  # tells tiny.en which languages it hears
    interview = study.interview(enter_case("cases/inputs/switch-en-de-fr.wav"))

    transcript = transcribe_interview(interview, installed(name))

    notes = [
        {flag.note for flag in turn.flags if flag.kind == "another language"}
        for turn in transcript.turns
    ]
    assert notes[0] == set()
    assert {"this sounds like German"} in notes
    assert {"this sounds like French"} in notes


@pytest.mark.parametrize(
    ("file", "gain", "noise"),
    [
        ("jfk.flac", 10**-1.5, 0.0),
        ("mfa_cold_corpus.wav", 1.0, 10**-0.5),
        ("mfa_common_voice_en_22058264.mp3", 1.0, 10**-0.5),
    ],
    ids=["30 dB quieter", "a cold, noise 10 dB below", "one word, noise 10 dB below"],
)
def test_human_english_is_neither_refused_nor_flagged(
    study: Study, enter: Enter, file: str, gain: float, noise: float
) -> None:
    sound, rate = soundfile.read(shared_folder() / "data" / "speech" / file, dtype="float32")
    sound = gain * sound[: 12 * rate]
    power = float(np.sqrt((sound**2).mean()))
    made = sound + np.random.default_rng(1).normal(0, noise * power, sound.shape)
    samples = (np.clip(made, -1, 1) * 32767).astype(np.int16).reshape(-1, 1)
    interview = study.interview(enter(samples, rate=rate))

    transcript = transcribe_interview(interview, installed("base"))

    kinds = {flag.kind for turn in transcript.turns for flag in turn.flags}
    assert "another language" not in kinds
