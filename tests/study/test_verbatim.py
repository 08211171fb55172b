from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.verbatim import make_intelligent_verbatim


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Um, I think so.", "I think so."),
        ("Um, we went home.", "We went home."),
        ("We went, uh, home, erm.", "We went, home."),
        ("Yes. Er, the the ward was full.", "Yes. The ward was full."),
        ("The the man came.", "The man came."),
        ("It was it was it was fine.", "It was fine."),
        ("I I I don't know.", "I don't know."),
        ("I, I\u2019m, I'm tired.", "I, I'm tired."),
        ("And th- the ward.", "And the ward."),
        ("Th-- the ward.", "The ward."),
        ("[Person 2], um, [Person 2] said.", "[Person 2], [Person 2] said."),
    ],
)
def test_fillers_and_stumbles_are_left_out(said: str, written: str) -> None:
    assert make_intelligent_verbatim(said) == written


@pytest.mark.parametrize(
    "said",
    [
        "Mm.",
        "Um, er.",
        "Mhm. It was good.",
        "No, no, no.",
        "Very, very good.",
        "He said that that was it.",
        "We had had enough.",
        "What it is is a course.",
        "That is what I saw. I was there.",
        "Is it? It was.",
        "A well-known man.",
        "Uhura came.",
        "(not transcribed)",
        "",
    ],
)
def test_what_means_something_stays(said: str) -> None:
    assert make_intelligent_verbatim(said) == said


def test_what_is_a_filler_here_is_a_word_elsewhere() -> None:
    assert make_intelligent_verbatim("Um acht kam er.", "de") == "Um acht kam er."
    assert make_intelligent_verbatim("\u00c4hm, ich ich kam um acht.", "de") == "Ich kam um acht."
    assert make_intelligent_verbatim("Um er um er.", "pt") == "Um er um er."


WORDS = st.lists(
    st.sampled_from(["I", "the", "The", "um", "Um,", "uh.", "Mm.", "ward", "ward.", "no,", "th-",
                     "it", "was", "er", "[Person", "2]", "I,", "-"]),
    max_size=14,
).map(" ".join)  # fmt: skip


@given(WORDS)
def test_doing_it_twice_is_doing_it_once_and_nothing_is_made_up(said: str) -> None:
    once = make_intelligent_verbatim(said)

    assert make_intelligent_verbatim(once) == once
    assert bool(once) == bool(said)
    left = iter(said.casefold().replace(".", "").replace(",", "").split())
    kept = once.casefold().replace(".", "").replace(",", "").split()
    assert all(word in left for word in kept)  # in their order


@given(st.text(max_size=60))
def test_any_text_may_come(said: str) -> None:
    assert make_intelligent_verbatim(make_intelligent_verbatim(said)) == make_intelligent_verbatim(
        said
    )
