"""Turns: who spoke, in what order, and what was not understood."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study import TURN_BREAKS, DoubtFlag, Mark, MarkKind, Turn, Word
from transcribe.speech_coverage import TranscribedWindow, clamp_words
from transcribe.turn_assembly import NOT_TRANSCRIBED, UNKNOWN_SPEAKER, build_turns, join_own_turns


def heard(number: int, start: float, text: str = "", channel: int = 0) -> TranscribedWindow:
    """A window of one second a word, all of it speech."""
    words = tuple(
        Word(f" {w}", start + i, start + i + 0.9, 0.9) for i, w in enumerate(text.split())
    )
    end = start + max(1, len(words))
    return TranscribedWindow(number, channel, start, end, ((start, end),), words)


def test_with_one_microphone_for_all_nobody_is_named() -> None:
    made = build_turns(
        [heard(0, 0.0, "hello there"), heard(1, 5.0, "yes")], ["S1"], by_channel=False
    )

    assert [(t.speaker, t.text) for t in made] == [
        (UNKNOWN_SPEAKER, "hello there"),
        (UNKNOWN_SPEAKER, "yes"),
    ]


def test_a_channel_is_a_speaker_and_turns_follow_the_clock() -> None:
    windows = [heard(0, 0.0, "how are you"), heard(2, 6.0, "good"), heard(1, 3.5, "well", 1)]

    made = build_turns(windows, ["INT01", "P07"], by_channel=True)

    assert [(t.speaker, t.text) for t in made] == [
        ("INT01", "how are you"),
        ("P07", "well"),
        ("INT01", "good"),
    ]
    assert [t.key for t in made] == [1, 2, 3]


def test_one_speaker_goes_on_after_a_short_breath_in_the_same_turn() -> None:
    made = build_turns(
        [heard(0, 0.0, "we live"), heard(1, 3.0, "in Leeds")], ["P07"], by_channel=True
    )

    assert [t.text for t in made] == ["we live in Leeds"]


def test_speech_without_words_is_a_turn_that_says_so() -> None:
    made = build_turns([heard(0, 4.0)], ["P07"], by_channel=True)

    assert made[0].text == NOT_TRANSCRIBED
    assert made[0].flags[0].kind == "gap"


def test_speech_that_got_no_words_between_others_is_a_turn_that_says_so() -> None:
    words = (Word(" well", 0.0, 0.5, 0.9), Word(" yes", 9.0, 9.5, 0.9))
    window = TranscribedWindow(0, 0, 0.0, 10.0, ((0.0, 4.0), (4.5, 10.0)), words)

    made = build_turns([window], ["P07"], by_channel=True)

    assert [(t.text, t.start_s, t.end_s) for t in made] == [
        ("well", 0.0, 0.5),
        (NOT_TRANSCRIBED, 1.0, 8.5),
        ("yes", 9.0, 9.5),
    ]


def test_a_key_says_who_speaks_until_the_next_one() -> None:
    windows = [heard(0, 0.0, "hello there how are you fine thanks"), heard(1, 8.0, "good")]
    events = [
        Mark(1.95, MarkKind.SPEAKER, "INT01"),
        Mark(3.0, MarkKind.SPEAKER, "INT01"),
        Mark(4.5, MarkKind.SPEAKER, "P07"),  # past the middle of "you", and in the same sentence
        Mark(7.5, MarkKind.SPEAKER, "INT01"),
    ]

    made = build_turns(windows, ["S1"], by_channel=False, events=events)

    assert [(t.speaker, t.text, t.start_s, t.end_s) for t in made] == [
        ("INT01", "hello there how are you", 0.0, 4.5),
        ("P07", "fine thanks", 5.0, 6.9),
        ("INT01", "good", 8.0, 8.9),
    ]


_TALK = ((0.0, "Shall we begin?"), (1.3, "Yes, let us begin."), (2.8, "I am ready too."),
         (5.0, "Good. Then we begin."), (7.5, "One thing before that."))  # fmt: skip


@pytest.mark.parametrize(
    ("pressed", "wanted"),
    [
        ((), ["S? Shall we begin?", "S? Yes, let us begin. I am ready too.",
              "S? Good. Then we begin.", "S? One thing before that."]),
        (((0.4, "INT01"),), ["INT01 Shall we begin?", "INT01 Yes, let us begin. I am ready too.",
                             "INT01 Good. Then we begin.", "INT01 One thing before that."]),
        (((0.4, "INT01"), (1.9, "P07"), (6.0, "S3")),
         ["INT01 Shall we begin?", "P07 Yes, let us begin. I am ready too.",
          "S3 Good. Then we begin.", "S3 One thing before that."]),
        (((0.4, "INT01"), (1.9, "P07"), (3.6, "S3")),
         ["INT01 Shall we begin?", "P07 Yes, let us begin.", "S3 I am ready too.",
          "S3 Good. Then we begin.", "S3 One thing before that."]),
        (((1.25, "P07"),), ["S? Shall we begin?", "P07 Yes, let us begin. I am ready too.",
                            "P07 Good. Then we begin.", "P07 One thing before that."]),
        (((5.6, "P07"), (6.0, "S3")), ["S? Shall we begin?",
                                       "S? Yes, let us begin. I am ready too.",
                                       "P07 Good.", "S3 Then we begin.",
                                       "S3 One thing before that."]),
        (((8.0, "P07"), (8.4, "S3")), ["S? Shall we begin?",
                                       "S? Yes, let us begin. I am ready too.",
                                       "S? Good. Then we begin.", "S3 One thing before that."]),
        (((30.0, "P07"),), ["S? Shall we begin?", "S? Yes, let us begin. I am ready too.",
                            "S? Good. Then we begin.", "S? One thing before that."]),
    ],
    ids=["none", "one", "three", "no pause", "early", "run on", "slip", "silence at the end"],
)  # fmt: skip
def test_keys_pressed_late_name_who_began_to_speak_and_merge_nobodys_lines(
    pressed: tuple[tuple[float, str], ...], wanted: list[str]
) -> None:
    events = [Mark(at_s, MarkKind.SPEAKER, code) for at_s, code in pressed]

    made = build_turns([spoken(*_TALK)], ["S1"], by_channel=False, events=events)

    assert [f"{turn.speaker} {turn.text}" for turn in made if turn.words] == wanted


def test_a_key_reaches_back_over_no_topic() -> None:
    events = [Mark(0.75, MarkKind.TOPIC, "Home"), Mark(1.4, MarkKind.SPEAKER, "P07")]

    made = build_turns(
        [spoken((0.0, "Well, now. Then, we live here."))], ["S1"], by_channel=False, events=events
    )

    assert [(t.speaker, t.text) for t in made] == [
        ("S?", "Well, now."), ("P07", "Then, we live here."),
    ]  # fmt: skip


def test_channels_know_better_than_keys() -> None:
    events = [Mark(0.5, MarkKind.SPEAKER, "INT01")]

    made = build_turns([heard(0, 0.0, "well I never")], ["P07"], by_channel=True, events=events)

    assert [(t.speaker, t.text) for t in made] == [("P07", "well I never")]


def test_a_topic_parts_what_would_be_one_turn() -> None:
    windows = [heard(0, 0.0, "we know."), heard(1, 3.0, "in Leeds")]
    events = [Mark(2.5, MarkKind.TOPIC, "Home"), Mark(3.5, MarkKind.MARKER)]

    made = build_turns(windows, ["P07"], by_channel=True, events=events)

    assert [t.text for t in made] == ["we know.", "in Leeds"]


def test_a_word_spoken_over_a_topics_beginning_goes_where_its_middle_lies() -> None:
    window = [heard(0, 0.0, "we live. in. Leeds")]  # "in" is heard from 2.0 to 2.9

    early = build_turns(
        window, ["P07"], by_channel=True, events=[Mark(2.2, MarkKind.TOPIC, "Home")]
    )
    late = build_turns(window, ["P07"], by_channel=True, events=[Mark(2.7, MarkKind.TOPIC, "Home")])

    assert [(t.text, t.start_s, t.end_s) for t in early] == [
        ("we live.", 0.0, 1.9), ("in. Leeds", 2.2, 3.9),
    ]  # fmt: skip
    assert [(t.text, t.start_s, t.end_s) for t in late] == [
        ("we live. in.", 0.0, 2.7), ("Leeds", 3.0, 3.9),
    ]  # fmt: skip


def spoken(*timed: tuple[float, str]) -> TranscribedWindow:
    """A window of sentences at their times, .3 s a word, all of it speech."""
    words = [
        Word(f" {w}", start_s + 0.3 * n, start_s + 0.3 * (n + 1), 0.9)
        for start_s, text in timed
        for n, w in enumerate(text.split())
    ]
    ends = (words[0].start_s, words[-1].end_s)
    return TranscribedWindow(0, 0, *ends, (ends,), tuple(words))


def test_a_breath_in_mid_sentence_ends_no_turn_on_one_microphone() -> None:
    made = build_turns(
        [spoken((0.0, "We moved,"), (2.0, "when he died,"), (5.5, "to Leeds."))],
        ["S1"],
        by_channel=False,
    )

    texts = [turn.text for turn in made if turn.words]
    assert texts == ["We moved, when he died,", "to Leeds."]  # after 1.4 s; after 2.6 s


def test_on_one_microphone_a_pause_after_a_sentence_may_be_a_change_of_speaker() -> None:
    made = build_turns(
        [spoken((0.0, "We moved."), (1.0, "To Leeds."), (2.5, "I see."))], ["S1"], by_channel=False
    )

    assert [turn.text for turn in made] == ["We moved. To Leeds.", "I see."]


def test_a_question_and_its_answer_on_one_microphone_are_two_turns() -> None:
    window = spoken((0.0, "Who was that?"), (1.2, "My sister."))

    assert [t.text for t in build_turns([window], ["S1"], by_channel=False)] == [
        "Who was that?", "My sister.",
    ]  # fmt: skip
    assert [t.text for t in build_turns([window], ["P07"], by_channel=True)] == [
        "Who was that? My sister."
    ]


def test_turns_of_one_voice_that_a_breath_parted_are_joined() -> None:
    """So "Mr." and "Thackray" were parted, before a short form ended no sentence."""
    words = [spoken((0.0, "I saw Mr")).words, spoken((2.4, "Thackray there.")).words]
    said = [
        Turn(n, "S1", w[0].start_s, w[-1].end_s, "".join(x.text for x in w).strip(), w)
        for n, w in enumerate((*words, spoken((5.0, "He waved")).words), start=1)
    ]
    unsure = replace(said[1], flags=(DoubtFlag("speaker unsure"),))

    joined = join_own_turns(said, [])

    assert [(one.key, one.text) for one in joined] == [
        (1, "I saw Mr Thackray there."),
        (3, "He waved"),
    ]
    between = said[1].start_s - 0.1
    for kept in (
        join_own_turns([said[0], replace(said[1], speaker="S2")], []),
        join_own_turns([said[0], unsure], []),
        join_own_turns(said[:2], [Mark(between, MarkKind.SILENCE, length_s=1.2)]),
    ):
        assert len(kept) == 2


@pytest.mark.parametrize("kind", [MarkKind.MARKER, MarkKind.TOPIC])
def test_a_key_that_is_pressed_between_two_parts_of_a_sentence_keeps_none_apart(
    kind: MarkKind,
) -> None:
    words = [spoken((0.0, "Come in,")).words, spoken((1.8, "sit down.")).words]
    said = [
        Turn(n, "S1", w[0].start_s, w[-1].end_s, "".join(x.text for x in w).strip(), w)
        for n, w in enumerate(words, start=1)
    ]

    (whole,) = join_own_turns(said, [Mark(1.2, kind, "Home")])

    assert whole.text == "Come in, sit down."


@pytest.mark.parametrize("by_channel", [True, False])
@pytest.mark.parametrize(
    ("at_s", "texts"),
    [
        (0.3, ["It was cold. My name is Ivy, from the university."]),
        (1.6, ["It was cold.", "My name is Ivy, from the university."]),
        (3.4, ["It was cold. My name is Ivy, from the university."]),
    ],
)
def test_a_topic_that_is_pressed_in_mid_sentence_parts_at_the_nearest_end_of_one(
    at_s: float, texts: list[str], *, by_channel: bool
) -> None:
    """So a heading stood between "My name is" and "from the university."."""
    window = spoken((0.0, "It was cold. My name is Ivy, from the university."))
    topic = Mark(at_s, MarkKind.TOPIC, "Home")

    made = build_turns([window], ["INT01"], by_channel=by_channel, events=[topic])

    assert [turn.text for turn in made] == texts


def test_a_long_turn_is_parted_at_the_longest_pause_between_two_sentences() -> None:
    ten = "one two three four five six seven eight nine"  # and a tenth: 3 s
    starts = [3.1 * n + (0.5 if n >= 7 else 0.0) for n in range(16)]
    window = spoken(*((start_s, f"{ten} ten.") for start_s in starts))

    made = build_turns([window], ["P07"], by_channel=True)

    assert [len(turn.words) for turn in made] == [70, 90]
    assert all(turn.text.endswith("ten.") for turn in made)


def test_a_long_turn_without_the_end_of_a_sentence_stays_whole() -> None:
    window = spoken((0.0, "and then " * 100))

    assert len(build_turns([window], ["P07"], by_channel=True)) == 1


@given(
    spoken_words=st.lists(
        st.tuples(st.floats(0, 3), st.sampled_from(["well", "we,", "go.", "who?", 'him."'])),
        min_size=1,
        max_size=150,
    ),
    by_channel=st.booleans(),
)
def test_no_turn_ends_in_mid_sentence_before_a_short_pause(
    spoken_words: list[tuple[float, str]], *, by_channel: bool
) -> None:
    at_s, timed = 0.0, list[tuple[float, str]]()
    for pause_s, text in spoken_words:
        at_s += pause_s
        timed.append((at_s, text))
        at_s += 0.3

    made = build_turns([spoken(*timed)], ["P07"], by_channel=by_channel)

    for before, after in itertools.pairwise(turn for turn in made if turn.words):
        is_short = after.start_s - before.end_s < 1.99
        assert not is_short or before.text.endswith((".", "?", '."'))
    assert [w for turn in made for w in turn.words] == list(spoken(*timed).words)


@st.composite
def _windows(draw: st.DrawFn) -> list[TranscribedWindow]:
    """Windows of up to two channels, those of one channel one after the other."""
    made: list[TranscribedWindow] = []
    ends = [0.0, 0.0]
    for number in range(draw(st.integers(0, 6))):
        channel = draw(st.integers(0, 1))
        start_s = ends[channel] + draw(st.floats(0, 3))
        spans = draw(st.lists(st.tuples(st.floats(0, 20), st.floats(0, 20)), max_size=8))
        end_s = ends[channel] = start_s + 20.0
        words = [Word(f" {number}.{n}", start_s + a, start_s + b, 0.5)
                 for n, (a, b) in enumerate(spans)]  # fmt: skip
        clean = clamp_words(words, [(start_s, end_s)])
        made.append(TranscribedWindow(number, channel, start_s, end_s, ((start_s, end_s),), clean))
    return made


_EVENTS = st.lists(
    st.builds(
        Mark, st.floats(0, 150), st.sampled_from(list(MarkKind)), st.sampled_from(["A", "B", ""])
    ),
    max_size=12,
).map(lambda marks: sorted(marks, key=lambda mark: mark.at_s))


@given(windows=_windows(), events=_EVENTS, by_channel=st.booleans())
def test_events_part_turns_and_neither_lose_nor_double_nor_reorder_a_word(
    windows: list[TranscribedWindow], events: list[Mark], *, by_channel: bool
) -> None:
    made = build_turns(windows, ["P01", "P02"], by_channel=by_channel, events=events)

    for channel in (0, 1):
        mine = {word for w in windows if w.channel == channel for word in w.words}
        said = [word for t in made for word in t.words if word in mine]
        assert said == [word for w in windows if w.channel == channel for word in w.words]
    assert sum(len(t.words) for t in made) == sum(len(w.words) for w in windows)
    assert [t.start_s for t in made] == sorted(t.start_s for t in made)
    assert all(t.start_s <= t.end_s for t in made)
    assert [t.key for t in made] == list(range(1, len(made) + 1))
    breaks = [e.at_s for e in events if e.kind in TURN_BREAKS - {MarkKind.TOPIC}]
    assert not [t for t in made if t.words for at_s in breaks if t.start_s < at_s < t.end_s]
