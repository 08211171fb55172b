"""The scripts that made the demonstration Whisper: their text, their tokens, their sums."""

import random
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tokenizers import Tokenizer

from tools.speech.corpus import Spoken
from tools.speech.grammar import _sentences, held_out, training_text
from tools.speech.measure import errors, load, normal, score_recordings
from tools.speech.reading import spoken_form
from tools.speech.tokenizer import build
from tools.speech.voices import DEMONSTRATION, EspeakMissing, Speaker
from tools.speech.windows import FRAMES, IGNORED, POSITIONS, Layout

BUNDLED = Path(__file__).parents[2] / "models" / "bundled" / "whisper-demo"


def texts(*, seed: int, count: int = 50) -> list[str]:
    draw = random.Random(seed)  # noqa: S311  reproducible dice are wanted here
    return [training_text(draw) for _ in range(count)]


def test_a_seed_gives_the_same_texts_again() -> None:
    assert texts(seed=3) == texts(seed=3)


def test_another_seed_gives_other_texts() -> None:
    assert texts(seed=3) != texts(seed=4)


def test_no_training_text_is_a_held_out_sentence() -> None:
    assert not set(texts(seed=5, count=3000)) & set(held_out())


def test_the_turns_of_all_three_interviews_are_among_the_known_sentences() -> None:
    assert {
        "I put the kettle in the fridge once.",
        "Nobody had thought of the wives.",
        "Everybody called him Driver, because of the bus.",
    } <= set(_sentences())


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("07700", "0 7 7 0 0"),
        ("900418.", "9 0 0 4 1 8."),
        ("012", "0 1 2"),
    ],
)
def test_the_digits_of_a_telephone_number_are_read_singly(written: str, spoken: str) -> None:
    assert spoken_form(written) == spoken


@pytest.mark.parametrize("written", ["74", "2019.", "Helen,", "don't"])
def test_what_the_voice_reads_well_by_itself_stays(written: str) -> None:
    assert spoken_form(written) == written


def test_a_year_of_the_last_century_is_read_in_two_pairs() -> None:
    assert spoken_form("1951.") == "19 51."


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return build()


@pytest.mark.parametrize(
    "text",
    [
        " My number is 07700 900418, ask for Jean.",
        " Zoë's café in Łódź (£3 & up)",
        " 日本",
        "no space before, and\na new line",
        *(f" {text}" for text in texts(seed=6, count=5)),
    ],
)
def test_any_text_comes_back_from_its_tokens(tokenizer: Tokenizer, text: str) -> None:
    numbers = tokenizer.encode(text, add_special_tokens=False).ids

    assert tokenizer.decode(numbers) == text


def test_a_known_word_is_one_token(tokenizer: Tokenizer) -> None:
    for word in ("Arthur", "dementia", "Dementia", "Skipton"):
        assert len(tokenizer.encode(f" {word}", add_special_tokens=False).ids) == 1


def test_the_timestamps_are_the_last_tokens(tokenizer: Tokenizer) -> None:
    size = tokenizer.get_vocab_size()

    assert tokenizer.token_to_id("<|30.00|>") == size - 1
    assert tokenizer.token_to_id("<|notimestamps|>") == size - 1502


@pytest.fixture(scope="module")
def speaker() -> Speaker:
    try:
        return Speaker()
    except EspeakMissing as missing:
        pytest.skip(str(missing))


def test_each_spoken_word_lies_where_it_was_written(speaker: Speaker) -> None:
    utterance = speaker.say("My number is 07700 900418, ask for Jean.", DEMONSTRATION[0])

    assert [word.text for word in utterance.words][3:5] == ["07700", "900418,"]
    starts = [word.start_s for word in utterance.words]
    assert starts == sorted(starts)
    assert utterance.words[-1].end_s <= utterance.duration_s


def test_a_voice_that_says_nothing_is_refused(speaker: Speaker) -> None:
    with pytest.raises(ValueError, match="nothing to say"):
        speaker.say("  ", DEMONSTRATION[0])


def test_windows_pair_each_token_with_the_one_that_follows(tokenizer: Tokenizer) -> None:
    layout = Layout([spoken_of_silence()], tokenizer, {"a": 2})

    for seed in range(20):
        window = layout.window(random.Random(seed))  # noqa: S311  the same
        assert window.mel.shape == (80, FRAMES)
        assert len(window.tokens) == len(window.labels) == len(window.spans)
        following = zip(window.tokens[1:], window.labels, strict=False)
        assert all(label in (IGNORED, token) for token, label in list(following)[1:])


def spoken_of_silence() -> Spoken:
    frames = np.full((120, 80), -6, np.float16)
    return Spoken("Yes.", frames, (("Yes.", 0.1, 1.0),), (("_", 0.0), ("a", 0.1)))


def test_guidance_rewards_looking_at_the_word() -> None:
    torch = pytest.importorskip("torch", reason="torch is needed for training only")
    from tools.speech.train import (
        guidance,  # pyright: ignore[reportUnknownVariableType] - torch is not installed here
    )

    spans = torch.tensor([[[0.2, 0.3]]])
    at_word = torch.full((1, 2, 1, 50), -20.0)
    at_word[..., 11:14] = -1.0
    elsewhere = at_word.roll(20, dims=-1)

    assert guidance(at_word, spans) < guidance(elsewhere, spans)


def test_each_empty_step_is_stood_for_by_one_near_it() -> None:
    pytest.importorskip("torch", reason="torch is needed for training only")
    from tools.speech.train import Plan

    plan = Plan(steps=100)
    kept = plan.empty(0, random.Random(1))  # noqa: S311  reproducible dice are wanted here

    assert len(kept) == (1500 - POSITIONS) / plan.empty_stride
    for number, position in enumerate(kept):
        assert (position - POSITIONS) // plan.empty_stride == number


def test_towards_the_end_some_batches_keep_all_that_is_empty() -> None:
    pytest.importorskip("torch", reason="torch is needed for training only")
    from tools.speech.train import Plan

    plan = Plan(steps=100)
    whole = [step for step in range(plan.steps) if plan.is_whole(step)]

    assert whole[0] >= plan.whole_from * plan.steps
    assert plan.empty(whole[0], random.Random(1)) == [*range(POSITIONS, 1500)]  # noqa: S311


def test_a_short_window_with_all_empty_steps_is_heard_like_one_of_30_s() -> None:
    torch = pytest.importorskip("torch", reason="torch is needed for training only")
    made = pytest.importorskip("tools.speech.network")
    torch.manual_seed(0)
    network = made.Network(made.Size(vocabulary=1601, phonemes=3, width=16)).eval()
    mel, tokens = torch.randn(2, 80, FRAMES), torch.arange(8).expand(2, -1)
    mel[..., -4:] = 0.0  # the sound has ended
    filled = torch.nn.functional.pad(mel, (0, 3000 - FRAMES))
    with torch.no_grad():
        short = network(mel, tokens, torch.arange(POSITIONS, 1500))
        long = network(filled, tokens, torch.empty(0, dtype=torch.long))

    assert torch.allclose(short.logits, long.logits, atol=1e-3)
    # The very last step of the long window lies at an edge that the short one does not have.
    assert torch.allclose(short.looks_last[..., :-1], long.looks_last[..., :-1], atol=1e-3)


def test_a_recording_in_which_nothing_is_heard_has_all_its_words_wrong(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "quiet.wav", np.zeros(16_000, np.float32), 16_000)
    (tmp_path / "manifest.tsv").write_text("file\treference\nquiet.wav\tNOT A WORD\n")

    score, lines = score_recordings(load(BUNDLED), tmp_path)

    assert (score.errors, score.words, lines) == (3, 3, [])


def test_words_left_out_added_and_changed_count_as_errors() -> None:
    truth = normal("I was born in Halifax.")

    assert errors(truth, normal("i was born in halifax")) == 0
    assert errors(truth, normal("I was born at home in Bath")) == 3
    assert errors(truth, []) == 5
