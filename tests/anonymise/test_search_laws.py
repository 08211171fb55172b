"""For any text, finds lie within it, do not overlap, and are the same in a second search."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymise.pieces import cut_into_pieces
from anonymise.pipeline import SearchPipeline, settle_finds
from anonymise.proposals import Proposal
from anonymise.register import KnownIdentity
from anonymise.rule_registry import RULES_BY_LANGUAGE
from models import find_names_model
from study import Category, compact_name

EXAMPLES = 10_000 if os.environ.get("EARSHOT_THOROUGH") else 60
NAMES = ("Siobhan McDonald", "Zoë O'Brien", "May Lister", "Al", "a", "", "Ἀρίσταρχος", "محمد علي")
WORDS = st.sampled_from([
    "my", "sister", "Jean", "called", "I'm", "from", "Skipton", "ward", "six", "oh", "seven",
    "double", "nine", "hundred", "07700", "900418", "born", "on", "the", "third", "of", "March",
    "nineteen", "fifty", "one", "n", "for", "november", "at", "dot", "com", "@", "LS6", "2AB", "a",
    "may", "May", "Siobhan", "Sio\u200dbhan", "Zoe\u0308", "O\u2019Brien's", "McDonald", "محمد",
    "\U0001f600",
    "\U0001f469\u200d\U0001f9bd", "\u202e", "\u00ad", "...", ",", "'s", "\n", "\u00a0",
    "Mrs", "our", "was", "lighthouse", "keeper", "Polish", "and", "flat", "3,", "Mill", "Lane", "ﬁ",
])  # fmt: skip
TURNS = st.lists(
    st.one_of(
        st.lists(WORDS, max_size=25).map(" ".join),
        st.lists(WORDS, max_size=8).map("".join),
        st.text(max_size=40),
    ),
    max_size=4,
)


@pytest.fixture(scope="module")
def pipeline() -> SearchPipeline:
    return SearchPipeline(
        [KnownIdentity(Category.PERSON, (name,)) for name in NAMES],
        trained={"names": find_names_model().folder},
    )


@given(texts=TURNS)
@settings(max_examples=EXAMPLES, deadline=None)
def test_what_is_found_lies_in_its_turn_and_shares_no_character(
    pipeline: SearchPipeline, texts: list[str]
) -> None:
    found = list(pipeline.search_turns(texts))
    settled = settle_finds(found)

    assert [one.failed for one in found] == [()] * len(texts)
    for text, here in zip(texts, settled, strict=True):
        ends = [0, *(p.end for p in here)]
        assert all(end <= p.start < p.end <= len(text) for end, p in zip(ends, here, strict=False))
        assert all(0.0 < p.score <= 1.0 and text[p.start : p.end].strip() for p in here)
    assert settle_finds(pipeline.search_turns(texts)) == settled


_DEPENDENT = ("register", "torn surnames")  # the latter begin at what the others found


@given(texts=TURNS, left_out=st.sampled_from([rule.name for rule in RULES_BY_LANGUAGE["en"]]))
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_component_that_is_left_out_finds_nothing_and_changes_no_other(
    pipeline: SearchPipeline, texts: list[str], left_out: str
) -> None:
    without = _without(left_out)

    for whole, less in zip(pipeline.search_turns(texts), without.search_turns(texts), strict=True):
        rules = [p for p in whole.proposals if not p.trained and p.source not in _DEPENDENT]
        found = [p for p in less.proposals if p.source not in _DEPENDENT]
        assert found == [p for p in rules if p.source != left_out]


MADE: dict[str, SearchPipeline] = {}


def _without(name: str) -> SearchPipeline:
    if name not in MADE:
        MADE[name] = SearchPipeline(skipped_rules=(name, "register"))
    return MADE[name]


@given(st.text(max_size=60))
@settings(max_examples=EXAMPLES * 2, deadline=None)
def test_pieces_hold_every_character_but_white_space(text: str) -> None:
    pieces = cut_into_pieces(text)

    assert all(text[p.start : p.end] == p.text for p in pieces)
    between = "".join(text[a:b] for a, b in _gaps(text, [(p.start, p.end) for p in pieces]))
    assert not between.strip()


def _gaps(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), len(text)]
    return list(zip(starts, ends, strict=True))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("then Sio\u200dbhan came", "Sio\u200dbhan"),
        ("then \ufeffSiob\u00adhan\u2019s coat", "Siob\u00adhan"),
        ("and Zoe\u0308 was there", "Zoe\u0308"),
        ("and \u202eSiobhan\u202c was there", "Siobhan"),
        ("\U0001f600Siobhan\U0001f600", "Siobhan"),
        ("قال محمد علي", "محمد علي"),
    ],
)  # fmt: skip
def test_signs_that_nobody_sees_hide_no_known_name(
    pipeline: SearchPipeline, said: str, words: str
) -> None:
    (here,) = settle_finds(pipeline.search_turns([said]))
    assert words in [said[p.start : p.end] for p in here]


def test_a_turn_of_any_length_is_searched_to_its_end(pipeline: SearchPipeline) -> None:
    spoken = "and then we went home and had our tea. " * 1_500 + "My sister Jean rang."
    (here,) = settle_finds(pipeline.search_turns([spoken]))
    assert [spoken[p.start : p.end] for p in here] == ["Jean"]


def test_overlapping_and_nested_proposals_leave_one_of_each(pipeline: SearchPipeline) -> None:
    said = "Doctor Siobhan McDonald of McDonald Ward, 12 McDonald Road, LS6 2AB."
    (here,) = settle_finds(pipeline.search_turns([said]))
    assert [said[p.start : p.end] for p in here] == [
        "Doctor Siobhan McDonald", "McDonald Ward", "12 McDonald Road", "LS6 2AB",
    ]  # fmt: skip


def test_a_transcript_without_turns_gives_nothing(pipeline: SearchPipeline) -> None:
    assert settle_finds(pipeline.search_turns([])) == []


def test_a_second_model_that_agrees_makes_a_find_surer() -> None:
    from anonymise.name_finder import merge_agreeing_finds

    def named(start: int, end: int, source: str, score: float) -> Proposal:
        return Proposal(start, end, Category.PERSON, source, score, trained=True)

    both = merge_agreeing_finds([named(0, 4, "names", 0.4), named(0, 4, "en_core_web_sm", 0.4)])
    alone = merge_agreeing_finds([named(0, 4, "names", 0.4), named(9, 12, "en_core_web_sm", 0.4)])
    assert [p.is_likely for p in both] == [True, True]
    assert [p.score for p in alone] == [0.4, 0.4]


def test_another_language_has_the_register_and_says_what_it_lacks() -> None:
    pipeline = SearchPipeline([KnownIdentity(Category.PERSON, ("Annegret Müller",))], language="de")
    said = "Dann kam Anne\u00adgret Muller vorbei, 07700 900418."
    (here,) = settle_finds(pipeline.search_turns([said]))
    assert [compact_name(said[p.start : p.end]) for p in here] == ["annegretmuller"]
    assert "phone number" in pipeline.not_looked_for
