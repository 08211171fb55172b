"""Bleed: a word stands once, on the track of whoever says it, and none is lost."""

from __future__ import annotations

import itertools
import string
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from study import Word, merge_intervals
from transcribe.audio_tracks import MODEL_RATE
from transcribe.bleed import SettledWords, add_levels, settle_words
from transcribe.speech_coverage import TranscribedWindow, find_wordless_spans

WORD_S = 0.4
LOUD_DB, NOISE_DB = -22.0, -62.0


@dataclass(frozen=True)
class Said:
    """A word as one track has it, with the level of each track meanwhile."""

    track: int
    text: str
    start_s: float
    levels: tuple[float, ...]

    @property
    def word(self) -> Word:
        return Word(f" {self.text}", self.start_s, self.start_s + WORD_S, 0.9)


def build_windows(said: Sequence[Said]) -> list[TranscribedWindow]:
    """Put the words of each track into one window, and speech where they are."""
    windows: list[TranscribedWindow] = []
    for track in sorted({one.track for one in said}):
        own = sorted((one for one in said if one.track == track), key=lambda one: one.start_s)
        words = tuple(one.word for one in own)
        speech = tuple(merge_intervals(((w.start_s, w.end_s) for w in words), 0.1))
        levels = tuple(one.levels for one in own)
        noise = (NOISE_DB,) * len(levels[0])
        ends = (speech[0][0], speech[-1][1])
        windows.append(
            TranscribedWindow(track, track, *ends, speech, words, levels=levels, noise=noise)
        )
    return windows


def say(track: int, text: str, start_s: float, *, apart_db: float = 8.0, echo: str | None = None,
        gain_db: float = 0.0) -> list[Said]:  # fmt: skip
    """Say words into a track; the other has ``echo`` of them, the same words if it is None."""
    levels = tuple(LOUD_DB - apart_db * (t != track) + gain_db * (t == 1) for t in (0, 1))
    spoken = [Said(track, w, start_s + n * WORD_S, levels) for n, w in enumerate(text.split())]
    heard = text if echo is None else echo
    return spoken + [
        Said(1 - track, w, start_s + n * WORD_S + 0.04, levels) for n, w in enumerate(heard.split())
    ]


QUESTION = say(0, "could you tell me how long you have lived in this part of town", 0.0)
ANSWER = say(1, "since my husband died we moved here from the coast with two small boys", 8.0)


def read_tracks(settled: SettledWords) -> list[str]:
    """Return the text of each track."""
    texts = ["", ""]
    for window in settled.windows:
        texts[window.channel] += "".join(word.text for word in window.words)
    return [text.strip() for text in texts]


def join_words(said: Sequence[Said], track: int) -> str:
    return " ".join(one.text for one in said if one.track == track)


def test_a_sentence_that_both_microphones_heard_stands_once() -> None:
    settled = settle_words(build_windows([*QUESTION, *ANSWER]))

    assert read_tracks(settled) == [
        "could you tell me how long you have lived in this part of town",
        "since my husband died we moved here from the coast with two small boys",
    ]
    assert (settled.echoes, settled.moved) == (28, 0)


def test_an_echo_that_was_misheard_is_left_out_too() -> None:
    more = say(0, "in skipton then", 16.0, echo="and skippden than")

    settled = settle_words(build_windows([*QUESTION, *ANSWER, *more]))

    assert read_tracks(settled)[1].endswith("small boys")
    assert read_tracks(settled)[0].endswith("town in skipton then")


def test_a_microphone_that_is_set_10_db_higher_gets_no_words_of_the_neighbour() -> None:
    question = say(0, join_words(QUESTION[:14], 0), 0.0, apart_db=6.0, gain_db=10.0)
    answer = say(1, join_words(ANSWER[:14], 1), 8.0, apart_db=6.0, gain_db=10.0)

    settled = settle_words(build_windows([*question, *answer]))

    assert read_tracks(settled) == [join_words(QUESTION[:14], 0), join_words(ANSWER[:14], 1)]


def test_a_yes_over_the_neighbours_sentence_is_kept_beside_it() -> None:
    both = (LOUD_DB, LOUD_DB)
    over = [
        Said(0, "yes", 10.0, both),
        Said(0, "we", 10.4, ANSWER[0].levels),  # the neighbour's sentence goes on
    ]
    said = [*QUESTION, *(one for one in ANSWER if one.track == 1), *over]

    settled = settle_words(build_windows(said))

    assert read_tracks(settled)[0].endswith("part of town yes")
    assert read_tracks(settled)[1] == join_words(ANSWER[:14], 1)


def test_one_word_that_two_people_say_at_once_stands_on_both() -> None:
    both = (LOUD_DB, LOUD_DB - 1)
    thanks = [Said(0, "thanks", 15.0, both), Said(1, "thanks", 15.1, both)]

    settled = settle_words(build_windows([*QUESTION, *ANSWER, *thanks]))

    assert [text.split()[-1] for text in read_tracks(settled)] == ["thanks", "thanks"]


def test_an_answer_that_repeats_the_question_is_no_echo() -> None:
    """Within a second: "All of it?", "All of it.", each loud on its own microphone."""
    asked = say(0, "all of it", 16.0, apart_db=30.0, echo="")
    answered = say(1, "all of it", 16.9, apart_db=30.0, echo="")
    far = [
        *say(0, join_words(QUESTION[:14], 0), 0.0, apart_db=30.0, echo=""),
        *say(1, join_words(ANSWER[:14], 1), 8.0, apart_db=30.0, echo=""),
    ]

    settled = settle_words(build_windows([*far, *asked, *answered]))

    assert settled.echoes == 0
    assert all(text.endswith("all of it") for text in read_tracks(settled))


def test_the_quiet_end_of_a_sentence_under_the_neighbours_next_one_is_kept() -> None:
    """The end of "before he came." over "Was the dog hurt?": a little louder than an echo."""
    lower = (LOUD_DB, LOUD_DB - 0.8 * 8)
    said = [
        *QUESTION,
        *ANSWER,
        *(Said(1, w, 13.6 + n * WORD_S, lower) for n, w in enumerate(["he", "came"])),
        *(Said(0, w, 13.6 + n * WORD_S, lower) for n, w in enumerate(["was", "dog", "hurt"])),
    ]

    settled = settle_words(build_windows(said))

    assert read_tracks(settled)[1].endswith("small boys he came")


def test_words_that_only_the_neighbours_microphone_gave_move_to_their_own() -> None:
    alone = [one for one in say(0, "and before that", 6.0) if one.track == 1]
    windows = build_windows([*QUESTION, *say(0, "well", 7.6), *ANSWER, *alone])
    wordless = (*windows[0].speech[:1], (5.8, 7.4), *windows[0].speech[1:])

    settled = settle_words([replace(windows[0], speech=wordless), windows[1]])

    assert read_tracks(settled)[0].endswith("part of town and before that well")
    assert "before" not in read_tracks(settled)[1]
    assert settled.moved == 3


def test_speech_of_which_only_an_echo_had_words_is_no_gap() -> None:
    settled = settle_words(build_windows([*QUESTION, *ANSWER]))

    assert [find_wordless_spans(window) for window in settled.windows] == [[], []]
    assert settled.windows[0].speech[-1][1] < ANSWER[0].start_s + 1
    assert settled.windows[1].speech[0][0] > ANSWER[0].start_s - 1


def test_a_window_that_is_all_echo_goes() -> None:
    echo = build_windows([one for one in say(0, "is that so", 15.0) if one.track == 1])
    own = build_windows(
        [*QUESTION, *ANSWER, *(o for o in say(0, "is that so", 15.0) if not o.track)]
    )

    settled = settle_words([*own, *echo])

    assert len(settled.windows) == 2


def test_windows_that_an_older_version_saved_stay_as_they_are() -> None:
    saved = msgspec.json.encode(build_windows([*QUESTION, *ANSWER]))
    plain = [{k: v for k, v in one.items() if k != "levels"} for one in msgspec.json.decode(saved)]
    old = msgspec.convert(plain, list[TranscribedWindow])

    assert settle_words(old) == SettledWords(tuple(old))


@st.composite
def _talks(draw: st.DrawFn) -> tuple[list[Said], list[Said]]:
    """What two people say one after the other, and what their microphones have of it."""
    apart_db, gain_db = draw(st.floats(6, 20)), draw(st.floats(-12, 12))
    # Unlike one another: words of up to three letters must be equal.
    names = ("".join(letters) for letters in itertools.product(string.ascii_lowercase, repeat=3))
    spoken: list[Said] = []
    heard: list[Said] = []
    at_s = 0.0
    for turn in range(draw(st.integers(2, 5))):
        track = turn % 2
        for _ in range(draw(st.integers(8, 12))):
            level = [LOUD_DB + draw(st.floats(-1, 1)) - apart_db * (t != track) for t in (0, 1)]
            levels = (level[0], level[1] + gain_db)
            spoken.append(Said(track, next(names), at_s, levels))
            if draw(st.booleans()):
                shift_s = draw(st.floats(-0.1, 0.1))
                heard.append(Said(1 - track, spoken[-1].text, max(0, at_s + shift_s), levels))
            at_s += WORD_S
        at_s += draw(st.floats(0.5, 3))
    return spoken, heard


@given(talk=_talks())
def test_every_word_stands_once_and_on_the_track_of_whoever_said_it(
    talk: tuple[list[Said], list[Said]],
) -> None:
    spoken, heard = talk

    settled = settle_words(build_windows([*spoken, *heard]))

    assert read_tracks(settled) == [join_words(spoken, 0), join_words(spoken, 1)]
    assert settled.echoes == len(heard)


_LEVEL = st.floats(-60, 0)


@given(
    said=st.lists(
        st.builds(
            Said,
            st.integers(0, 2),
            st.sampled_from(["yes", "no", "well", "mother", "smother", "lake"]),
            st.floats(0, 30),
            st.tuples(_LEVEL, _LEVEL, _LEVEL),
        ),
        max_size=40,
    )
)
def test_a_word_without_a_counterpart_is_never_left_out(said: list[Said]) -> None:
    settled = settle_words(build_windows(said))

    standing = [(w, window.channel) for window in settled.windows for w in window.words]
    kept = [word for word, _ in standing]
    left = [one for one in said if kept.count(one.word) < [o.word for o in said].count(one.word)]
    for one in left:
        # Of three tracks the second may have left out the first's word, and the third the second's.
        assert any(abs(word.start_s - one.start_s) <= 2.0 for word in kept)
    assert len(kept) + settled.echoes == len(said)


def test_the_level_of_a_word_is_that_of_each_track_while_it_is_said() -> None:
    rate = MODEL_RATE
    tone = np.sin(2 * np.pi * 1000 * np.arange(3 * rate) / rate).astype(np.float32)
    sound = np.stack([tone, tone * 0.1], axis=1)
    sound[:rate] = 0

    words = (Word(" hush", 10.2, 10.6, 0.9), Word(" loud", 11.5, 12.0, 0.9))
    window = TranscribedWindow(0, 0, 10.0, 13.0, ((10.0, 13.0),), words)

    measured = add_levels(window, sound, 10.0)

    assert measured.levels[0] == (-100.0, -100.0)
    assert measured.levels[1] == pytest.approx((-3.0, -23.0), abs=0.2)
    assert measured.noise == (-100.0, -100.0)


def test_a_word_beyond_the_end_of_the_sound_is_silent() -> None:
    words = (Word(" late", 5.0, 5.4, 0.9),)
    window = TranscribedWindow(0, 0, 5.0, 5.4, ((5.0, 5.4),), words)

    measured = add_levels(window, np.ones((100, 2), dtype=np.float32), 0.0)

    assert measured.levels == ((-100.0, -100.0),)


def test_a_voice_now_loud_now_soft_is_not_taken_for_two_people() -> None:
    """Soft, it does not stand out of the noise of the other microphone."""
    loud = [Said(0, f"loud{n}", n * WORD_S, (-20.0, -50.0)) for n in range(20)]
    soft = [Said(0, f"soft{n}", 10 + n * WORD_S, (-40.0, NOISE_DB)) for n in range(20)]
    other = [Said(1, f"o{n}", 10 + n * WORD_S, (-40.0, NOISE_DB)) for n in range(20)]

    settled = settle_words(build_windows([*loud, *soft, *other]))

    assert read_tracks(settled)[0] == join_words([*loud, *soft], 0)
