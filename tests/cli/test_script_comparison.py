"""What was heard beside what was said: turns, wrong words, and identifying details."""

import pytest

from cli import HeardDetail, ScriptComparison, compute_word_error_rate
from study import Provenance, Transcript, Turn

SAID = [
    ("INT01", "Where do you live?"),
    ("P01", "In, um, in Skelbeck. Graham Hebblethwaite lives in Skelbeck, too."),
    ("INT01", "Thank you, Arthur."),
]
HEARD = (
    "Where do you live?",
    "In scared back. Graham Hebelthwaite lives in Skelbeck too.",
    "Thank you, Arthur.",
)


def transcript(*texts: str) -> Transcript:
    turns = tuple(Turn(n, "S?", float(n), n + 1.0, text) for n, text in enumerate(texts))
    return Transcript(turns, Provenance("transcribe", "earshot", "tiny.en", ""))


@pytest.fixture
def comparison() -> ScriptComparison:
    return ScriptComparison(SAID, transcript(*HEARD))


def test_each_turn_finds_what_was_said_in_its_place(comparison: ScriptComparison) -> None:
    assert [comparison.find_said(turn) for turn in range(3)] == [text for _, text in SAID]


def test_the_wrong_words_of_a_turn_are_named(comparison: ScriptComparison) -> None:
    assert comparison.list_wrong_words(0) == set()
    assert comparison.list_wrong_words(1) == {1, 2, 4}  # scared back, Hebelthwaite


def test_all_wrong_missing_and_added_words_count(comparison: ScriptComparison) -> None:
    # um, in: missing; Skelbeck: scared; back: added; Hebblethwaite
    assert comparison.word_error_rate == pytest.approx(4 / 17)


def test_a_misheard_detail_is_found_at_each_place_where_it_was_said(
    comparison: ScriptComparison,
) -> None:
    found = comparison.compare_details(["Skelbeck", "Graham Hebblethwaite", "Arthur", "Jean"])

    assert [(one.said, one.heard) for one in found] == [
        ("Skelbeck", "scared back"),
        ("Skelbeck", "Skelbeck"),
        ("Graham Hebblethwaite", "Graham Hebelthwaite"),
        ("Arthur", "Arthur"),
    ]


SNOW = "the snow in 1979, when the bus was stuck all night"


@pytest.mark.parametrize(
    ("detail", "clean", "is_left"),
    [
        (HeardDetail("Skelbeck", "scared back", ("scared back",)), "In scared back.", True),
        (HeardDetail("Skelbeck", "scared back", ("scared back",)), "In [Place 1].", False),
        (HeardDetail("Skelbeck", "scared back", ("scared back",)), "I was scared.", False),
        (HeardDetail("Arthur", "Arthur", ()), "Thank you, Arthur.", True),
        (HeardDetail("Arthur", "Arthur", ()), "Thank you, [Person 1].", False),
        (HeardDetail("Arthur Bell", "Arthur Belt", ("Belt",)), "[Person 1] Belt", True),
        (HeardDetail("Arthur", "", ()), "Thank you.", False),
        (HeardDetail(SNOW, SNOW, ()), "[Event 1], when the bus was stuck all night.", True),
        (HeardDetail(SNOW, SNOW, ()), "[Event 1], and the bus was there.", False),
    ],
)
def test_a_detail_is_left_where_its_words_as_heard_are(
    detail: HeardDetail, clean: str, *, is_left: bool
) -> None:
    assert detail.is_left_in(transcript(clean)) is is_left


def test_nothing_heard_is_all_wrong() -> None:
    comparison = ScriptComparison(SAID, transcript())

    assert comparison.word_error_rate == 1.0
    assert comparison.compare_details(["Arthur"]) == [HeardDetail("Arthur", "", ())]


@pytest.mark.parametrize(
    ("heard", "rate"),
    [
        ("Yes, that's fine.", 0.0),
        ("yes thats fine", 1 / 3),
        ("yes", 2 / 3),
        ("", 1.0),
        ("oh yes that's quite fine", 2 / 3),
    ],
)
def test_the_word_error_rate_counts_wrong_missing_and_added_words(heard: str, rate: float) -> None:
    assert compute_word_error_rate("Yes, that's fine.", heard) == pytest.approx(rate)


def test_voices_are_matched_to_the_speakers_of_the_script_by_their_words() -> None:
    said = [("INT01", "How are you today?"), ("P07", "Well, thank you. And you?")]
    turns = (
        Turn(1, "S1", 0.0, 2.0, "How are you today? Well,"),
        Turn(2, "S2", 2.0, 4.0, "thank you and ewe."),
        Turn(3, "S3", 4.0, 5.0, "um"),
    )

    match = ScriptComparison(
        said, Transcript(turns, Provenance("transcribe", "earshot"))
    ).match_speakers()

    assert match.names == {"S1": "INT01", "S2": "P07"}
    assert match.share == 7 / 8  # "Well" is the wrong speaker's, "ewe" was not heard right
