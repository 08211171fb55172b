"""What the benchmark of words counts, and what the sounds are that it measures on."""

from __future__ import annotations

import json
import re
import wave
from collections.abc import Sequence
from itertools import islice, pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile

from benchmarks import __main__ as command
from benchmarks import _word_sounds, words
from benchmarks._word_errors import (
    HeardWord,
    Score,
    Utterance,
    list_errors,
    measure_untold_s,
    score_words,
    split_words,
)
from benchmarks._word_runs import OURS, PEERS, Transcribed, Transcriptions
from benchmarks._word_sounds import (
    APART,
    NOTHING,
    RATE,
    SPARSE,
    TALK,
    Case,
    Samples,
    Sound,
    Workshop,
    cross_room,
    cut_piece,
    find_speech,
    make_hum,
    make_music,
    make_room,
    sparse_blocks,
)
from study import Interval

TEXTS = ("so where did you grow up", "no", "in the north of the county", "six", "it was by a river")


def tone(spans: Sequence[Interval], seconds: float, level: float = 0.2) -> Samples:
    """A hum of a voice's pitch in these spans, and a quiet room round them."""
    at_s = np.arange(round(seconds * RATE)) / RATE
    sound = np.random.default_rng(1).normal(0, 1e-4, len(at_s))
    for start_s, end_s in spans:
        here = (at_s >= start_s) & (at_s < end_s)
        sound[here] += level * np.sin(2 * np.pi * 150 * at_s[here])
    return sound


@pytest.fixture
def recordings(tmp_path: Path) -> list[tuple[Path, str]]:
    made: list[tuple[Path, str]] = []
    for number, text in enumerate(TEXTS):
        path = tmp_path / f"{number}.wav"
        length_s = 0.3 * len(text.split())
        soundfile.write(path, tone([(0.5, 0.5 + length_s)], length_s + 1, 0.1 + 0.1 * number), RATE)
        made.append((path, text))
    return made


@pytest.fixture
def workshop(tmp_path: Path, recordings: list[tuple[Path, str]]) -> Workshop:
    return Workshop(tmp_path, recordings)


def spoken(text: str, start_s: float, *, speaker: str = "A") -> Utterance:
    """Words of half a second each, without a pause."""
    return Utterance(speaker, text, ((start_s, start_s + len(text.split()) / 2),))


def heard(text: str, start_s: float, *, speaker: str = "") -> list[HeardWord]:
    return [
        HeardWord(f" {word}", start_s + n / 2, start_s + (n + 1) / 2, speaker)
        for n, word in enumerate(text.split())
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Firefox.", "fire FOX"),
        ("In 1813,", "in eighteen thirteen"),
        ("1905", "nineteen oh five"),
        ("2,024 people", "two thousand twenty four people"),
        ("six", "6"),
        ("Mr. Dashwood", "mister dashwood"),
        ("I\u2019m cold-hearted", "im cold hearted"),
        ("Alright; y'know", "all right you know"),
        ("121", "one hundred twenty one"),
    ],
)
def test_what_sounds_alike_is_spelled_alike(one: str, other: str) -> None:
    assert split_words(one) == split_words(other)


def test_a_hesitation_is_a_word() -> None:
    assert split_words("Uh, no.") == ["uh", "no"]


def test_errors_are_of_three_kinds() -> None:
    assert list_errors(["a", "b", "c"], ["a", "x", "c"]) == [("b", "x")]
    assert list_errors(["a", "b", "c"], ["a", "c"]) == [("b", "")]
    assert list_errors(["a", "c"], ["a", "b", "c"]) == [("", "b")]


def test_counts_add_up_to_the_error_rate() -> None:
    said = [spoken("we met in a small town by the sea", 0)]

    score = score_words(said, heard("we meet in small town by the sea now", 0), [])

    assert (score.spoken, score.substituted, score.missing, score.added) == (9, 1, 1, 1)
    assert score.rate == pytest.approx(100 / 3)
    assert (score + score).rate == pytest.approx(100 / 3)


def test_a_word_in_the_neighbour_s_turn_is_missing_in_one_and_added_in_the_other() -> None:
    said = [spoken("where was that", 0), spoken("at home", 3, speaker="B")]
    right = heard("where was that", 0, speaker="A")

    score = score_words(said, [*right, *heard("at home", 3, speaker="A")], [])

    assert (score.substituted, score.missing, score.added) == (0, 2, 2)
    assert score.untold_s == pytest.approx(1)


def test_a_sentence_that_stands_in_both_turns_is_added() -> None:
    said = [spoken("where was that", 0), spoken("at home", 3, speaker="B")]
    right = [*heard("where was that", 0, speaker="A"), *heard("at home", 3, speaker="B")]

    score = score_words(said, [*right, *heard("where was that", 0, speaker="B")], [])

    assert (score.errors, score.added) == (3, 3)


def test_words_without_a_speaker_are_compared_with_all_that_was_said() -> None:
    said = [spoken("where was that", 0), spoken("at home", 3, speaker="B")]

    assert score_words(said, heard("where was that", 0) + heard("at home", 3), []).errors == 0


def test_speech_without_a_word_is_untold_unless_a_gap_tells_of_it() -> None:
    said = [spoken("one two three four", 0), spoken("one two three four five six", 10)]
    words_there = heard("one two three four", 0)

    assert measure_untold_s(said, words_there, []) == pytest.approx(3)
    assert measure_untold_s(said, words_there, [(9.8, 13.0)]) == 0
    assert measure_untold_s(said, words_there, [(9.8, 11.0)]) == pytest.approx(1.5)


def test_a_lost_answer_counts_however_short_it_is() -> None:
    said = [spoken("is it far from here", 0), Utterance("A", "no", ((2.9, 3.36),))]
    asked = heard("is it far from here", 0)  # its last word covers .1 s of the answer

    assert measure_untold_s(said, asked, []) == pytest.approx(0.36)
    assert measure_untold_s(said, [*asked, *heard("no", 3)], []) == 0


def test_an_answer_whose_word_comes_late_is_neither_untold_nor_invented() -> None:
    said = [Utterance("A", "no", ((3.0, 3.46),))]
    late = [HeardWord(" no", 3.98, 3.98)]

    score = score_words(said, late, [])

    assert (score.untold_s, score.in_silence) == (0, 0)
    assert score_words(said, [HeardWord(" no", 4.6, 4.9)], []).in_silence == 1


def test_a_word_over_a_long_pause_does_not_stand_for_it() -> None:
    said = [Utterance("A", "so", ((0.0, 30.0),))]

    assert measure_untold_s(said, [HeardWord(" so", 0, 30)], []) == pytest.approx(27.5)


@pytest.mark.parametrize(("until_s", "untold_s"), [(1.9, 0), (2.1, 1.1)])
def test_a_hesitation_beside_words_is_not_untold(until_s: float, untold_s: float) -> None:
    said = [Utterance("A", "so uh", ((0.0, until_s),))]

    assert measure_untold_s(said, [HeardWord(" so", 0, 0.5)], []) == pytest.approx(untold_s)


def test_words_far_from_all_speech_are_counted() -> None:
    score = score_words([spoken("at home", 10)], heard("at home", 10) + heard("thank you", 20), [])

    assert (score.added, score.in_silence) == (2, 2)
    assert score_words([], heard("thank you", 3), []).in_silence == 2


def test_speech_is_found_by_its_energy() -> None:
    spans = find_speech(tone([(0.5, 1.5), (1.7, 2.0), (3.0, 4.0)], 5))

    assert [tuple(round(edge_s, 1) for edge_s in span) for span in spans] == [(0.5, 2), (3, 4)]


def test_the_rumble_before_a_word_is_not_speech_that_should_have_words() -> None:
    """Of 1.3 s of it the table said that they were speech without a word, which nobody told."""
    at_s = np.arange(6 * RATE) / RATE
    rumble = 0.5 * np.sin(2 * np.pi * 50 * at_s) * ((at_s > 1) & (at_s < 2.5))

    piece = cut_piece(tone([(2.5, 4)], 6) + rumble, "no")

    assert piece.spans[0] == pytest.approx((0.25, 3.25), abs=0.05)
    assert piece.spoken[0] == pytest.approx((1.75, 3.25), abs=0.1)


def test_a_piece_is_trimmed_and_brought_to_one_level() -> None:
    loud, soft = (cut_piece(tone([(2, 3)], 6, level), "no") for level in (0.5, 0.01))

    assert loud.seconds == pytest.approx(1.5, abs=0.05)
    assert loud.spans[0] == pytest.approx((0.25, 1.25), abs=0.03)
    assert np.std(loud.samples) == pytest.approx(np.std(soft.samples), rel=0.05)


@pytest.mark.parametrize(
    "name", ["one by one", "telephone", "music 10 dB below", "two microphones, 8 dB", "room noise"]
)
def test_a_case_is_made_the_same_each_time(name: str, workshop: Workshop) -> None:
    case = workshop.cases[name]()
    before = [sound.path.read_bytes() for sound in case.sounds]

    assert case.name == name
    assert workshop.cases[name]() == case
    assert [sound.path.read_bytes() for sound in case.sounds] == before


def test_what_is_said_lies_where_the_sound_is(workshop: Workshop) -> None:
    made = workshop.cases["ten minutes with pauses"]()
    (sound,) = made.sounds
    samples, rate = soundfile.read(sound.path)

    assert len(samples) / rate == pytest.approx(600, abs=0.1)
    found = find_speech(np.asarray(samples, np.float64))
    spans = [span for utterance in sound.said for span in utterance.spans]
    assert np.asarray(found) == pytest.approx(np.asarray(spans), abs=0.05)


def test_every_other_piece_is_20_db_quieter(workshop: Workshop) -> None:
    levels = levels_of(workshop.cases["every other 20 dB quieter"]().sounds[0])

    assert np.diff(levels) == pytest.approx([-20, 20, -20, 20], abs=0.5)


def test_faint_talk_is_at_50_dbfs(workshop: Workshop) -> None:
    assert levels_of(workshop.cases["-50 dBFS"]().sounds[0]) == pytest.approx([-50] * 5, abs=0.5)


@pytest.mark.parametrize("name", ["white noise 10 dB below", "music 10 dB below"])
def test_noise_and_music_lie_10_db_below_speech(name: str, workshop: Workshop) -> None:
    (sound,) = workshop.cases[name]().sounds
    samples, rate = soundfile.read(sound.path)
    for utterance in sound.said:
        for start_s, end_s in utterance.spans:
            samples[round((start_s - 0.1) * rate) : round((end_s + 0.1) * rate)] = np.nan

    below_db = 10 * np.log10(np.nanmean(samples**2))

    assert below_db == pytest.approx(-36, abs=1.5)


def test_a_telephone_has_no_lows_and_no_highs(workshop: Workshop) -> None:
    (sound,) = workshop.cases["telephone"]().sounds

    with wave.open(str(sound.path)) as file:
        assert file.getframerate() == 8_000


@pytest.mark.parametrize("bleed_db", [8, 12, 20])
def test_each_microphone_has_the_other_so_much_quieter(bleed_db: int, workshop: Workshop) -> None:
    (sound,) = workshop.cases[f"two microphones, {bleed_db} dB"]().sounds
    samples, rate = soundfile.read(sound.path)

    assert {utterance.speaker for utterance in sound.said} == {"A", "B"}
    for utterance in sound.said:
        (start_s, end_s) = utterance.spans[0]
        own, other = np.mean(samples[round(start_s * rate) : round(end_s * rate)] ** 2, axis=0)[
            :: 1 if utterance.speaker == "A" else -1
        ]
        # The walls' echoes of a pure tone add to it or take from it.
        assert 10 * np.log10(own / other) == pytest.approx(bleed_db, abs=4)


def test_a_voice_that_crosses_a_room_loses_what_it_should() -> None:
    voice = np.random.default_rng(2).normal(0, 0.1, RATE)

    lost_db = 20 * np.log10(np.std(voice) / np.std(cross_room(voice, 12)))

    assert lost_db == pytest.approx(12, abs=0.5)


def test_questions_alternate_with_answers(workshop: Workshop) -> None:
    (sound,) = workshop.cases["question and answer"]().sounds

    lengths = [len(split_words(utterance.text)) for utterance in sound.said]
    assert len(lengths) == 32
    assert min(lengths[::2]) > 3 >= max(lengths[1::2])


def test_lone_answers_have_long_silence_round_them(workshop: Workshop) -> None:
    (sound,) = workshop.cases["lone answers"]().sounds

    edges_s = [(utterance.spans[0][0], utterance.spans[-1][1]) for utterance in sound.said]
    assert len(edges_s) == 16
    assert all(after[0] - before[1] > 10 for before, after in pairwise(edges_s))


def test_nobody_speaks_in_silence_hum_room_noise_and_music(workshop: Workshop) -> None:
    quiet = [workshop.cases[name]() for name in ("silence", "hum", "room noise", "music")]

    assert {case.kind for case in quiet} == {NOTHING}
    assert not any(sound.said for case in quiet for sound in case.sounds)
    assert {soundfile.info(sound.path).duration for case in quiet for sound in case.sounds} == {60}


@pytest.mark.parametrize(("make", "dbfs"), [(make_hum, -40), (make_room, -50), (make_music, -30)])
def test_what_is_no_speech_has_its_level(make: _word_sounds.MakeSound, dbfs: float) -> None:
    sound = make(20, np.random.default_rng(3))

    assert 10 * np.log10(np.mean(sound**2)) == pytest.approx(dbfs, abs=1.5)


def test_hours_of_sparse_speech_come_minute_by_minute(workshop: Workshop) -> None:
    blocks = list(islice(sparse_blocks(workshop.pieces, 1), 6))

    assert {len(block) for block in blocks} == {60 * RATE}
    assert min(np.abs(block[: 5 * RATE]).max() for block in blocks) > 1_000
    assert max(np.abs(block[10 * RATE :]).max() for block in blocks) < 100


def levels_of(sound: Sound) -> list[float]:
    samples, rate = soundfile.read(sound.path)
    return [
        10 * np.log10(np.mean(samples[round(start_s * rate) : round(end_s * rate)] ** 2))
        for utterance in sound.said
        for start_s, end_s in utterance.spans
    ]


def figures(errors: int, cpu_s: float, *, untold_s: float = 0, silent: int = 0) -> words.Figures:
    return words.Figures(Score(100, errors, 0, 0, untold_s, silent), cpu_s, 300.0)


def holds(kind: str, ours: words.Figures, *peers: words.Figures) -> dict[str, bool | None]:
    made = {OURS: ours, **dict(zip(PEERS, peers, strict=False))}
    return {row.figure.split(":")[0].strip(): row.holds for row in words.make_rows("x", kind, made)}


def test_the_best_peer_sets_the_error_rate() -> None:
    peers = (figures(12, 1), figures(9, 1), figures(10, 1))

    assert holds(TALK, figures(9, 1), *peers)["x"] is True
    assert holds(TALK, figures(10, 1), *peers)["x"] is False


@pytest.mark.parametrize(("kind", "most"), [(TALK, 11.0), (SPARSE, 20.0), (APART, 22.0)])
def test_the_better_plain_way_sets_the_processor_s_seconds(kind: str, most: float) -> None:
    peers = (figures(30, 5), figures(9, 10), figures(8, 1))

    assert holds(kind, figures(9, most), *peers)["processor"] is True
    assert holds(kind, figures(9, most + 0.1), *peers)["processor"] is False


def test_untold_speech_and_words_in_silence_are_held_to_none() -> None:
    assert holds(TALK, figures(0, 1, untold_s=0.3))["speech without a word, untold"] is False
    assert holds(NOTHING, figures(0, 1, silent=1))["words where nobody speaks"] is False
    assert holds(NOTHING, figures(0, 1))["words where nobody speaks"] is True


def test_a_case_is_the_sum_of_its_sounds() -> None:
    said = (spoken("one two", 0),)
    made = Transcriptions([Transcribed(heard("one two", 0), [], 1.5), Transcribed([], [], 0.5)], 9)

    found = words.count_figures([Sound(Path("a"), said), Sound(Path("b"), said)], made)

    assert (found.score.spoken, found.score.missing, found.cpu_s) == (4, 2, 2.0)
    assert found.score.untold_s == pytest.approx(1)


def test_peers_are_reused_where_they_heard_the_same_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.wav"
    path.write_bytes(b"one")
    case = Case("x", TALK, (Sound(path, (spoken("no", 0),)),))
    asked: list[str] = []

    def transcribe(way: str, *_: object) -> bytes:
        asked.append(way)
        return msgspec.json.encode(Transcriptions([Transcribed(heard("no", 0), [], 1)], 1))

    monkeypatch.setattr(words, "_run_way", transcribe)
    cache = tmp_path / "cache"

    for ours_only in (False, True):
        rows = words.measure_case(words.Choice(cache=cache, ours_only=ours_only), "base", case)
        assert rows[0].holds is True
    path.write_bytes(b"other")
    alone = words.measure_case(words.Choice(cache=cache, ours_only=True), "base", case)

    assert asked == [OURS, *PEERS, OURS, OURS]
    assert alone[0].holds is None


def test_without_the_recordings_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "find_recordings", lambda: None)

    (row,) = words.run(quick=True)

    assert row.value is None
    assert "not on this computer" in row.note


def test_without_the_models_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recordings: list[tuple[Path, str]]
) -> None:
    monkeypatch.setenv("EARSHOT_MODELS", str(tmp_path / "none"))
    monkeypatch.setattr(words, "find_recordings", lambda: tmp_path)

    def read(_: Path) -> list[tuple[Path, str]]:
        return recordings

    monkeypatch.setattr(words, "read_recordings", read)

    rows = words.run(quick=False)

    assert [row.figure.split(":")[0] for row in rows] == ["tiny.en", "base", "base"]
    assert all(row.value is None and row.note for row in rows)


def test_a_run_with_options_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Path:
        raise AssertionError

    chosen: list[words.Choice] = []

    def measure(choice: words.Choice) -> list[words.Row]:
        chosen.append(choice)
        return []

    monkeypatch.setattr(words, "measure", measure)
    monkeypatch.setattr(command.frame, "keep", refuse)

    given = ["words", "--model", "base", "--only", "hum", "ten", "--ours-only"]
    assert command.main(given) == 0
    assert (chosen[0].models, chosen[0].only) == (("base",), ["hum", "ten"])
    assert chosen[0].ours_only
    assert chosen[0].wants("ten minutes with pauses")
    assert not chosen[0].wants("telephone")


def test_options_of_a_benchmark_that_has_none_are_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        command.main(["store", "--model", "base"])

    assert "no options of its own" in capsys.readouterr().err


def test_the_page_about_models_has_the_figures_that_were_measured() -> None:
    """It had those of an engine of long ago, which turned the choice of a model round."""
    root = Path(__file__).parents[2]
    kept = json.loads((root / "benchmarks" / "results" / "words.json").read_bytes())["rows"]
    measured = {
        row["figure"].partition(":")[0]: row["figure"].partition(": ")[2].partition(" ")[0]
        for row in kept
    }
    page = (root / "docs" / "models.md").read_text(encoding="utf-8")

    told = re.findall(
        r"^\| ([\w -]+?)(?:, as they are)? \| ([\d.]+) \| ([\d.]+) \|$", page, re.MULTILINE
    )

    assert len(told) >= 5
    for case, *figures in told:
        assert [measured[f"{model}, {case}"] for model in words.MODELS] == figures
