"""Laws over generated text: nothing overlaps, nothing drifts, nothing else changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymise.clean_transcript import TextReplacement, apply_replacements
from anonymise.keep_list import load_shipped_keep_list
from anonymise.overlap_resolution import cut_parts_outside, resolve_overlaps
from anonymise.pieces import CutTurn, cut_into_pieces
from anonymise.pipeline import SearchPipeline, settle_finds
from anonymise.proposals import Proposal
from anonymise.register import KnownIdentity
from anonymise.text_diff import TextDiff
from study import Category

WORDS = st.sampled_from([
    "oh", "seven", "double", "treble", "Jean", "may", "May", "Bennett's", "ward", "Rose", "two",
    "hundred", "and", "dot", "com", "at", "19", "51", "March", "of", "n", "for", "november", "Dr",
    ".", ",", "-", "@", "+", "years", "old", "forty", "A", "B12", "lane", "\u00e9", "\u200d", "7",
    "i'm", "my", "name", "is", "number", "nhs", "born", "'42", "\U0001f600", "\n",
])  # fmt: skip


@st.composite
def texts_and_spans(draw: st.DrawFn) -> tuple[str, list[TextReplacement]]:
    text = draw(st.text(max_size=60))
    edges = draw(st.lists(st.integers(0, len(text)), max_size=10, unique=True))
    pairs = list(zip(*[iter(sorted(edges))] * 2, strict=False))
    return text, [TextReplacement(a, b, draw(st.text(max_size=5))) for a, b in pairs]


@given(texts_and_spans())
def test_clean_text_is_the_original_with_exactly_these_spans_replaced(
    made: tuple[str, list[TextReplacement]],
) -> None:
    text, spans = made
    cleaned, at, done = apply_replacements(text, reversed(spans)), 0, 0
    for start, end, replacement in spans:
        kept = text[done:start]
        assert cleaned[at : at + len(kept)] == kept
        at += len(kept)
        assert cleaned[at : at + len(replacement)] == replacement
        at, done = at + len(replacement), end
    assert cleaned[at:] == text[done:]


@st.composite
def proposals(draw: st.DrawFn) -> tuple[str, list[Proposal]]:
    text = draw(st.text(alphabet="aB '-.s1", min_size=1, max_size=40))
    made: list[Proposal] = []
    for _ in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        category = draw(st.sampled_from(list(Category)))
        source = draw(st.sampled_from(["register", "names", "relations", "dates"]))
        made.append(Proposal(start, end, category, source, 0.5))
    return text, made


@given(proposals())
@settings(deadline=None)  # the first example loads the lists
def test_resolved_proposals_do_not_overlap_and_lose_no_known_letter(
    made: tuple[str, list[Proposal]],
) -> None:
    text, given_ = made
    resolved = resolve_overlaps(CutTurn.cut_text(text), given_, load_shipped_keep_list())
    ends = [0, *(p.end for p in resolved)]
    assert all(end <= p.start < p.end for end, p in zip(ends, resolved, strict=False))
    covered = {i for p in resolved for i in range(p.start, p.end)}
    numbers = [p for p in given_ if p.category is Category.PHONE and p.length > 1]
    for proposal in numbers:
        lost = [
            p
            for p in cut_into_pieces(text)
            if proposal.start <= p.start
            and p.end <= proposal.end
            and len(p.text) > 1
            and covered.isdisjoint(range(p.start, p.end))
        ]
        assert [p for p in lost if p.text.isalnum() and not p.text.endswith("'s")] == []


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_an_edit_moves_what_stands_after_it(head: str, old: str, new: str, tail: str) -> None:
    before, after = head + old + tail, head + new + tail
    place = TextDiff(before, after).relocate(len(head + old), len(before))
    if tail:
        assert place is not None
        assert after[slice(*place)] == tail
    place = TextDiff(before, after).relocate(0, len(head))
    if head:
        assert place is not None
        assert after[slice(*place)] == head


@given(st.lists(WORDS, max_size=12), st.lists(WORDS, max_size=12), st.data())
def test_words_that_are_found_again_are_the_same_words(
    old: list[str], new: list[str], data: st.DataObject
) -> None:
    before, after = " ".join(old), " ".join(new)
    start = data.draw(st.integers(0, len(before)))
    end = data.draw(st.integers(start, len(before)))
    place = TextDiff(before, after).relocate(start, end)
    assert place is None or after[slice(*place)] == before[start:end]


@pytest.fixture(scope="module")
def pipeline() -> SearchPipeline:
    return SearchPipeline(
        [
            KnownIdentity(Category.PERSON, ("Jean Bennett", "Oh Seven")),
            KnownIdentity(Category.ORGANISATION, ("Ward 51", "19 51 007")),
        ]
    )


@settings(deadline=None)
@given(st.lists(WORDS, max_size=25))
def test_any_words_are_searched_without_a_fault(pipeline: SearchPipeline, words: list[str]) -> None:
    text = " ".join(words)
    (found,) = pipeline.search_turns([text])
    assert found.failed == ()
    (resolved,) = settle_finds([found])
    assert all(text[p.start : p.end].strip() for p in resolved)


_SMALL = ("at", "of", "in", "for", "the", "a", "an", "by", "to", "and")
_ABOUT_WORK = st.sampled_from([
    *_SMALL, "The", "teacher", "nurse", "Woodhouse", "School", "Leeds", "joiner", "St", "Mary's",
    ",", ".", "-", "(", ")", " ", "\n",
])  # fmt: skip


@given(st.lists(_ABOUT_WORK, min_size=2, max_size=12), st.data())
def test_what_is_left_of_a_find_begins_and_ends_in_a_letter(
    words: list[str], data: st.DataObject
) -> None:
    text = " ".join(words)
    pieces = cut_into_pieces(text)
    one = st.sampled_from(pieces)
    if not pieces:
        return
    first, last = sorted([data.draw(one), data.draw(one)], key=lambda p: p.start)
    rival = data.draw(one)
    category = data.draw(st.sampled_from([Category.OCCUPATION, Category.ORGANISATION]))
    whole = Proposal(first.start, last.end, category, "occupations", 0.4)

    for rest in cut_parts_outside(text, whole, [(rival.start, rival.end)]):
        if rest == whole:
            continue  # nothing was cut
        left = [p.text for p in cut_into_pieces(text[rest.start : rest.end])]
        assert left[0][0].isalnum(), left
        assert left[-1][-1].isalnum(), left
        assert text[rest.start : rest.end] == text[rest.start : rest.end].strip()
        if category is Category.OCCUPATION:
            assert left[-1] not in {"at", "for", "in"}, left
