"""Which passages are doubted, and which are left in peace."""

from __future__ import annotations

import pytest

from study import UNSURE, DoubtFlag, Turn, Word
from transcribe.doubt import DoubtfulPassage, find_doubtful_passages, flag_turns, merge_passages
from transcribe.speech_coverage import TranscribedWindow
from transcribe.writing_systems import is_foreign_word

PLAIN = (
    "We used to walk along the river every morning before the shop opened and then she would "
    "make tea for all of us while I read the paper"
)


def heard(text: str, word_s: float = 0.4, probability: float = 0.8) -> TranscribedWindow:
    """A window from 10 s on, all of it speech."""
    words = tuple(
        Word(f" {w}", 10 + n * word_s, 10 + (n + 1) * word_s, probability)
        for n, w in enumerate(text.split())
    )
    end_s = words[-1].end_s
    return TranscribedWindow(0, 0, 10.0, end_s, ((10.0, end_s),), words)


def said(passage: DoubtfulPassage) -> str:
    return "".join(word.text for word in passage.words).strip()


def test_plain_talk_is_not_doubted() -> None:
    assert find_doubtful_passages(heard(PLAIN), "en") == []


def test_a_long_text_with_neither_capitals_nor_full_stops_is_doubted() -> None:
    """Of names in such a text a trained finder misses four times as many."""
    (found,) = find_doubtful_passages(heard(PLAIN.lower().replace(" i ", " we ")), "en")

    assert found.flag.kind == "no punctuation"
    assert (
        find_doubtful_passages(heard("well yes we did so then"), "en") == []
    )  # an answer may have neither
    assert find_doubtful_passages(heard("の " * 14), "ja")[-1:] != [
        found
    ]  # a script without capitals


def test_a_text_that_packs_too_well_is_a_loop() -> None:
    """Nine words again and again: too long for the count of repeated words."""
    text = " ".join(["And so we went back to the old house"] * 6)

    (found,) = find_doubtful_passages(heard(text), "en")

    assert (said(found), found.flag.kind) == (text, "loop")


def test_more_than_six_words_a_second_are_too_fast() -> None:
    hurried = heard(PLAIN, word_s=0.15)

    (found,) = find_doubtful_passages(hurried, "en")

    assert found.flag == DoubtFlag("too fast", "28 words in 4.2 s")
    assert find_doubtful_passages(heard(PLAIN, word_s=0.17), "en") == []


def test_a_hurried_passage_is_found_within_slow_talk() -> None:
    slow, fast = heard(PLAIN).words[:8], heard(PLAIN, word_s=0.05).words[:12]
    later = tuple(Word(w.text, w.start_s + 5, w.end_s + 5, 0.8) for w in fast)
    window = TranscribedWindow(0, 0, 10.0, 20.0, ((10.0, 20.0),), (*slow, *later))

    (found,) = find_doubtful_passages(window, "en")

    assert found.words == later


def test_a_sentence_for_a_short_sound_is_too_fast_whatever_its_times() -> None:
    words = tuple(Word(f" {w}", 10.0, 10.5, 0.9) for w in ("thanks", "for", "watching", "all"))
    window = TranscribedWindow(0, 0, 10.0, 10.5, ((10.0, 10.5),), words)

    assert [p.flag for p in find_doubtful_passages(window, "en")] == [
        DoubtFlag("too fast", "4 words in 0.5 s")
    ]


def test_letters_of_another_language_are_doubted() -> None:
    (found,) = find_doubtful_passages(heard("and then she said Продолжение следует to me"), "en")

    assert (said(found), found.flag.kind) == ("Продолжение следует", "another language")


@pytest.mark.parametrize(
    ("word", "language", "is_so"),
    [
        ("naïve", "en", False), ("Łódź", "en", False), ("90%", "en", False), ("—", "en", False),
        ("1ª", "es", False), ("привет", "en", True), ("привет", "ru", False), ("NHS", "ru", False),
        ("ありがとう", "en", True), ("ラーメン", "ja", False), ("谢谢", "ja", False),
        ("γεια", "el", False), ("γεια", "de", True),
    ],
)  # fmt: skip
def test_a_word_is_foreign_where_its_letters_are(word: str, language: str, is_so: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_foreign_word(word, language) is is_so


def kinds(window: TranscribedWindow, *hints: str) -> list[str]:
    return [passage.flag.kind for passage in find_doubtful_passages(window, "en", hints)]


def words_at(*times: tuple[float, float], probability: float = 0.9) -> tuple[Word, ...]:
    """Words of their own, so that nothing repeats itself."""
    return tuple(
        Word(f" {text}", start_s, end_s, probability)
        for text, (start_s, end_s) in zip(PLAIN.split(), times, strict=False)
    )


def test_twelve_words_without_capitals_are_doubted_and_eleven_are_an_answer() -> None:
    eleven = "we walked along a river every morning before any shop opened"

    assert kinds(heard(eleven)) == []
    assert kinds(heard(f"{eleven} again")) == ["no punctuation"]
    assert kinds(heard(f"{eleven} again.")) == []
    assert kinds(heard(f"{eleven} Again")) == []
    assert kinds(heard("1 2 3 4 5 6 7 8 9 10 11 12")) == []  # figures have no capitals


@pytest.mark.parametrize(
    ("text", "hints", "is_so"),
    [
        ("Skipton Hebden Bridge", ["Hebden Bridge", "Skipton"], True),  # nothing but the list
        ("Well, Skipton, Hebden Bridge.", ["hebden bridge", "SKIPTON"], True),
        ("Hebden Bridge.", ["Hebden Bridge", "Skipton"], False),  # two words: an answer
        ("Skipton Hebden Bridge and so on", ["Hebden Bridge", "Skipton"], False),  # just the half
        ("Skipton Hebden Bridge and so", ["Hebden Bridge", "Skipton"], True),
        ("Hebden was the Bridge", ["Hebden Bridge"], False),  # not as the list has them
        ("Skipton Hebden Bridge", ["Hebden Bridge over the Calder", "Skipton"], False),
        ("Anyway, to Hebden Bridge Mill", ["Hebden Bridge Mill"], True),  # the last words
        ("Oh, what I meant", ["--", " "], False),  # hints that say nothing
        ("Skipton Hebden Bridge", [], False),
    ],
)
def test_a_list_of_words_said_over_is_doubted(text: str, hints: list[str], is_so: bool) -> None:  # noqa: FBT001 - a column of the table
    found = [
        p
        for p in find_doubtful_passages(heard(text), "en", hints)
        if p.flag.kind == "list of words"
    ]

    assert [said(passage) for passage in found] == ([text] if is_so else [])


def test_ten_words_within_a_breath_are_too_fast_and_nine_are_judged_by_the_window() -> None:
    def fast(count: int, word_s: float, window_s: float) -> list[str]:
        times = [(n * word_s, (n + 1) * word_s) for n in range(count)]
        window = TranscribedWindow(0, 0, 0.0, window_s, ((0.0, window_s),), words_at(*times))
        return [
            p.flag.note for p in find_doubtful_passages(window, "en") if p.flag.kind == "too fast"
        ]

    assert fast(9, 0.05, 10.0) == []
    assert fast(10, 0.125, 10.0) == ["10 words in 1.2 s"]
    assert fast(11, 0.125, 10.0) == ["11 words in 1.4 s"]
    assert fast(10, 0.25, 10.0) == []
    assert fast(6, 0.25, 1.0) == []  # six in a second can just be said
    assert fast(7, 0.1, 1.0) == ["7 words in 1.0 s"]
    assert fast(0, 0.1, 0.0) == []


def test_a_text_is_too_even_where_it_packs_better_than_two_and_four_tenths() -> None:
    assert kinds(heard("Ab. " + "ha ho hi hu he hy ho he hi " * 2)) == []
    assert "loop" in kinds(heard("Ab. " + "ha ho hi hu he hy ho he hi " * 8))


def test_passages_that_touch_are_one_stretch_and_the_longer_end_counts() -> None:
    flag = DoubtFlag("unsure")

    def passage(*times: tuple[float, float]) -> DoubtfulPassage:
        return DoubtfulPassage(words_at(*times), flag)

    found = [
        passage((8.0, 9.0)),
        passage((0.0, 1.0), (1.0, 4.0)),
        passage((1.0, 2.0)),
        passage((4.0, 5.0)),
        passage((5.5, 6.0)),
    ]

    assert merge_passages(found) == [(0.0, 5.0), (5.5, 6.0), (8.0, 9.0)]
    assert merge_passages([]) == []


def test_a_window_without_words_has_nothing_to_doubt() -> None:
    assert (
        find_doubtful_passages(
            TranscribedWindow(0, 0, 0.0, 5.0, ((0.0, 5.0),), ()), "en", ["Skipton"]
        )
        == []
    )


def test_a_hint_that_stands_twice_in_the_list_counts_once() -> None:
    assert kinds(heard("Skipton, so well then"), *["Skipton"] * 3) == []


@pytest.mark.parametrize(
    "answer",
    [
        "No, no, no.",
        "Yes yes, I know, I know, I know.",
        "Mm.",
        "And here's some more words. Words, words, words, words.",  # on a recording
        "Words words words words words",  # the same recording, in noise
        "No, no, no, no, no, no.",
        "It was very very very very very cold",
        "I know, I know, I know, I know, I know",
        "Yeah, yeah, yeah, yeah, yeah, yeah",
        "Thank you, thank you, thank you, thank you",
        "She went on and on and on and on and on",
        "I don't know, I don't know, I don't know, I don't know",
        "knock knock knock knock knock",
        "bye bye bye bye bye bye bye",
    ],
)
def test_what_people_say_over_and_over_is_no_loop(answer: str) -> None:
    """Both flags "loop" on recordings of people were wrong: somebody said "words" four times."""
    assert kinds(heard(answer)) == []


@pytest.mark.parametrize(
    ("text", "looped", "note"),
    [
        ("I said " + "no, " * 20 + "then", "no, " * 20, "the same word 20 times in a row"),
        (
            "so Thank you. thank you, thank you Thank you. Thank you. Thank you. for that",
            "Thank you. thank you, thank you Thank you. Thank you. Thank you.",
            "the same 2 words 6 times in a row",
        ),
        (
            " ".join(["we will be right back soon"] * 5),
            " ".join(["we will be right back soon"] * 5),
            "the same 6 words 5 times in a row",
        ),
        (
            " ".join(["I'm going to go to"] * 4),
            " ".join(["I'm going to go to"] * 4),
            "the same 5 words 4 times in a row",
        ),
    ],
)
def test_one_to_six_words_again_and_again_are_a_loop(text: str, looped: str, note: str) -> None:
    found = [p for p in find_doubtful_passages(heard(text), "en") if p.flag.note == note]

    assert [said(p) for p in found] == [looped.strip()]
    assert found[0].flag.kind == "loop"


def test_two_loops_in_one_window_are_two_passages() -> None:
    text = "no " * 15 + "and then " + "I know " * 8 + "Yes"

    found = [p for p in find_doubtful_passages(heard(text), "en") if "in a row" in p.flag.note]

    assert [said(p) for p in found] == [("no " * 15).strip(), ("I know " * 8).strip()]
    assert [p.flag.note for p in found] == [
        "the same word 15 times in a row",
        "the same 2 words 8 times in a row",
    ]


def test_a_loop_right_after_a_loop_is_found_from_its_first_word() -> None:
    found = find_doubtful_passages(heard("no " * 15 + "yes " * 15), "en")

    assert [said(p) for p in found if "in a row" in p.flag.note] == [
        ("no " * 15).strip(),
        ("yes " * 15).strip(),
    ]


def test_seven_words_over_and_over_are_told_by_how_they_pack() -> None:
    """They are longer than what is counted, and three times in a row are no loop of their own."""
    notes = {p.flag.note for p in find_doubtful_passages(heard(f"{'we ' * 3}{PLAIN}"), "en")}
    longer = find_doubtful_passages(heard(" ".join(["we will all be right back soon"] * 4)), "en")

    assert notes == set()
    assert [p.flag.note for p in longer if p.flag.kind == "loop"] == ["the words repeat themselves"]


QUIET_WORDS = [("well", 0.5), ("bye", 2.3), ("now", 2.7), ("yes", 5.2)]


def test_words_where_nothing_sounds_are_doubted() -> None:
    words = tuple(Word(f" {w}", at_s, at_s + 0.3, 0.9) for w, at_s in QUIET_WORDS)
    speech = ((0.0, 1.5), (4.5, 6.0))
    window = TranscribedWindow(0, 0, 0.0, 6.0, speech, words, quiet=((1.5, 4.4),))

    (found,) = find_doubtful_passages(window, "en")

    assert (said(found), found.flag.kind) == ("bye now", "in silence")
    assert merge_passages([found]) == [(2.3, 3.0)]


def test_a_quiet_voice_that_voice_activity_missed_is_not_called_silence() -> None:
    """All flags "in silence" on recordings of people were wrong: they spoke 20 dB quieter there."""
    words = tuple(Word(f" {w}", at_s, at_s + 0.3, 0.9) for w, at_s in QUIET_WORDS)
    speech = ((0.0, 1.5), (4.5, 6.0))

    for quiet in ((), ((1.6, 2.2), (3.2, 4.4))):
        assert kinds(TranscribedWindow(0, 0, 0.0, 6.0, speech, words, quiet=quiet)) == []


def test_words_half_a_second_from_speech_are_near_it() -> None:
    speech = ((2.0, 3.0), (6.0, 7.0))

    def apart(start_s: float, end_s: float) -> bool:
        word = words_at((start_s, end_s))
        window = TranscribedWindow(0, 0, 0.0, 9.0, speech, word, quiet=((0.0, 9.0),))
        return "in silence" in kinds(window)

    assert not apart(1.0, 1.5)
    assert apart(1.0, 1.25)
    assert not apart(3.5, 4.0)
    assert apart(3.75, 4.0)
    assert not apart(5.25, 5.5)
    assert apart(7.75, 8.0)


def said_once_more(*probabilities: float) -> TranscribedWindow:
    """A sure word, and from 2 s on words that came with a second hearing."""
    words = words_at((0.0, 0.5))
    for n, probability in enumerate(probabilities):
        words += (Word(f" {PLAIN.split()[n]}", 2 + n / 2, 2.5 + n / 2, probability),)
    end_s = words[-1].end_s + 1
    return TranscribedWindow(0, 0, 0.0, end_s, ((0.0, end_s),), words, again=((1.5, end_s),))


@pytest.mark.parametrize(
    ("probabilities", "kind"),
    [
        ((0.49, 0.49, 0.49), "heard twice"),
        ((0.2, 0.3, 0.9, 0.4), "heard twice"),
        ((0.5, 0.5, 0.5), "second hearing"),
        ((0.01, 0.95, 0.34, 0.98), "heard twice"),  # "Thank you very much", out of hiss
        ((0.08, 0.95), "heard twice"),
        ((0.35, 0.35), "second hearing"),  # an answer of a word or two may be unlikely
        ((0.29,), "heard twice"),
        ((), None),
    ],
)
def test_words_of_a_second_hearing_are_marked_and_doubted_where_they_are_unlikely(
    probabilities: tuple[float, ...], kind: str | None
) -> None:
    found = find_doubtful_passages(said_once_more(*probabilities), "en")

    assert [(p.flag.kind, len(p.words)) for p in found] == (
        [(kind, len(probabilities))] if kind else []
    )


def test_a_second_hearing_that_brought_likely_words_is_told_and_no_doubt() -> None:
    window = said_once_more(0.9, 0.9, 0.9)
    found = find_doubtful_passages(window, "en")

    (turn,) = flag_turns([Turn(1, "P07", 0.0, 4.0, "x", window.words)], found)

    assert [flag.kind for flag in turn.flags] == ["second hearing"]
    assert not turn.is_doubtful
    assert merge_passages(found, [turn]) == []


@pytest.mark.parametrize(
    ("text", "hints", "probability", "doubted"),
    [
        ("We went to Hebden Bridge.", ["Hebden Bridge"], 0.9, ["Hebden Bridge."]),  # at the end
        ("Hebden Bridge is where we went", ["Hebden Bridge"], 0.9, []),
        ("Hebden Bridge is where we went", ["Hebden Bridge"], 0.3, []),
        ("Hebden Bridge is where we went", ["Hebden Bridge"], 0.29, ["Hebden Bridge"]),
        ("So we walked to the ward", ["ward"], 0.9, []),  # a word of the list, and no name
        ("We went to Hebden", ["Hebden Bridge"], 0.9, []),
        ("We went there", [" ", "--"], 0.1, []),
    ],
)
def test_a_hinted_name_is_doubted_where_models_add_names(
    text: str, hints: list[str], probability: float, doubted: list[str]
) -> None:
    window = heard(text, probability=probability)

    found = [p for p in find_doubtful_passages(window, "en", hints) if p.flag.kind == "hint"]

    assert [said(p) for p in found] == doubted


def turn_of(*probabilities: float) -> Turn:
    words = tuple(
        Word(f" {text}", n * 0.5, n * 0.5 + 0.5, probability)
        for n, (text, probability) in enumerate(zip(PLAIN.split(), probabilities, strict=False))
    )
    return Turn(1, "P07", 0.0, 5.0, "".join(w.text for w in words).strip(), words)


@pytest.mark.parametrize(
    ("probabilities", "is_doubted"),
    [
        ((0.9, 0.25, 0.99), True),  # one word
        ((0.99, 0.29, 0.99), False),
        ((0.48, 0.48), True),  # two
        ((0.5, 0.5), False),
        ((0.75,) * 9, True),  # nine
        ((0.75,) * 8, False),
        ((0.99,) * 24, False),
        ((), False),
    ],
)
def test_a_turn_is_doubted_by_what_its_words_lack_together(
    probabilities: tuple[float, ...],
    is_doubted: bool,  # noqa: FBT001 - a column of the table
) -> None:
    (turn,) = flag_turns([turn_of(*probabilities)], [])

    assert (UNSURE in turn.flags, turn.is_doubtful) == (is_doubted, is_doubted)
    assert bool(merge_passages([], [turn])) is is_doubted


def test_a_turn_is_flagged_once_for_each_reason_and_keeps_its_words() -> None:
    window = heard(" ".join(["no"] * 20), probability=0.1)
    mine = Turn(1, "P07", 10.0, 11.0, "no no", window.words[:2], (DoubtFlag("gap"),))
    other = Turn(2, "P07", 30.0, 31.0, "yes", (Word(" yes", 30.0, 31.0, 0.9),))

    made = flag_turns([mine, other], find_doubtful_passages(window, "en"))

    assert [f.kind for f in made[0].flags] == ["gap", "unsure", "loop", "loop", "no punctuation"]
    assert (made[0].text, made[0].words) == (mine.text, mine.words)
    assert made[1] == other


def test_seconds_that_two_reasons_speak_against_count_once() -> None:
    window = heard(" ".join(["no"] * 20), probability=0.1)
    passages = find_doubtful_passages(window, "en")
    turns = flag_turns([Turn(1, "P07", 10.0, 18.0, "", window.words)], passages)

    assert merge_passages(passages, turns) == [(10.0, 18.0)]
