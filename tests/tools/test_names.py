"""The scripts that make the bundled name finder, and the finder itself."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from models import TEXT_FORMS, LabelledSpan, LabelledText
from tools.names import grammar
from tools.names.lists import Names
from tools.names.meetings import Known, documents
from tools.names.passage import PassageEdit, edited, joined
from tools.names.speech import broken, hesitant, misheard, spoken, without_punctuation

SHELF = Path(__file__).parents[2] / "models" / "bundled" / "ner-en"
SEEDS = st.integers(0, 2**32)
SPOKEN = "My name is Margaret Wilson, and I live in Leeds. I was on Heron Ward in March."
NAMED = LabelledText(
    SPOKEN,
    (LabelledSpan(11, 26, "PERSON"), LabelledSpan(42, 47, "PLACE"), LabelledSpan(58, 68, "ORG")),
)
FEW = Names(
    given=("Margaret", "Amit"),
    last=("Wilson", "Okonkwo"),
    gb_places=("Leeds", "Stoke-on-Trent"),
    gb_villages=("Zeals",),
    world_places=("Lagos",),
    countries=("Ireland", "the UK"),
)


@pytest.fixture
def few_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The grammar with a handful of names, for the full lists take seconds to derive."""
    monkeypatch.setattr(grammar, "names", lambda: FEW)
    grammar.sections.cache_clear()
    yield
    grammar.sections.cache_clear()


@pytest.fixture(scope="module")
def finder() -> Language:
    if not (SHELF / "config.cfg").exists():
        pytest.skip("the bundled pipeline has not been made")
    return spacy.load(SHELF)


def found(finder: Language, text: str) -> dict[str, str]:
    return {ent.text: ent.label_ for ent in finder(text).ents}


@pytest.mark.usefixtures("few_names")
def test_the_same_seed_gives_the_same_turns() -> None:
    assert grammar.turns(7, 30) == grammar.turns(7, 30)
    assert grammar.turns(7, 30) != grammar.turns(8, 30)


@pytest.mark.usefixtures("few_names")
def test_made_turns_have_tidy_spans_that_do_not_overlap() -> None:
    for passage in grammar.turns(3, 300):
        ends = 0
        for span in passage.spans:
            words = passage.text[span.start : span.end]
            assert ends <= span.start < span.end <= len(passage.text)
            assert words == words.strip()
            assert not words.startswith("the ")
            ends = span.end


@pytest.mark.usefixtures("few_names")
def test_no_slot_of_a_template_is_left_unfilled() -> None:
    assert not any("{" in passage.text for passage in grammar.turns(4, 300))


@pytest.mark.usefixtures("few_names")
def test_names_are_always_inside_a_span() -> None:
    for passage in grammar.turns(5, 300):
        inside = {i for span in passage.spans for i in range(span.start, span.end)}
        for name in ("Margaret", "Okonkwo", "Leeds", "Zeals", "Lagos"):
            at = passage.text.find(name)
            assert at < 0 or at in inside


@pytest.mark.usefixtures("few_names")
@given(SEEDS)
@settings(max_examples=30, deadline=None)
def test_speech_of_any_kind_keeps_spans_in_order_and_apart(seed: int) -> None:
    heard = spoken(NAMED, random.Random(seed), real=True)  # noqa: S311

    assert [label for _, label in heard.labelled_words()] == ["PERSON", "PLACE", "ORG"]
    assert all(words.strip() == words for words, _ in heard.labelled_words())


@given(SEEDS)
@settings(max_examples=30, deadline=None)
def test_hesitations_and_fresh_starts_leave_the_names_alone(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311

    heard = broken(hesitant(NAMED, dice, share=0.5), dice, share=0.5)

    assert heard.labelled_words() == NAMED.labelled_words()


@given(SEEDS)
@settings(max_examples=30, deadline=None)
def test_misheard_names_stay_in_their_places(seed: int) -> None:
    heard = misheard(NAMED, random.Random(seed), share=1.0)  # noqa: S311

    (person, _), (place, _), (ward, _) = heard.labelled_words()
    assert ward == "Heron Ward"
    assert heard.text == SPOKEN.replace("Margaret Wilson", person).replace("Leeds", place)


def test_losing_punctuation_and_capitals_keeps_the_spans_on_their_words() -> None:
    heard = TEXT_FORMS["lower"](without_punctuation(NAMED))

    assert (
        heard.text == "my name is margaret wilson and i live in leeds i was on heron ward in march"
    )
    assert [words for words, _ in heard.labelled_words()] == [
        "margaret wilson",
        "leeds",
        "heron ward",
    ]


def test_capitals_that_grow_when_small_do_not_move_the_spans() -> None:
    turkish = LabelledText("İİ Leeds", (LabelledSpan(3, 8, "PLACE"),))

    assert TEXT_FORMS["lower"](turkish).labelled_words() == [("leeds", "PLACE")]


@st.composite
def passages_and_edits(draw: st.DrawFn) -> tuple[LabelledText, list[PassageEdit]]:
    """A text with some words marked, and edits anywhere in it."""
    words = draw(st.lists(st.sampled_from(["ab", "c", "<def>", "<g h>"]), min_size=1, max_size=6))
    spans: list[LabelledSpan] = []
    text = ""
    for word in words:
        text += " " if text else ""
        if word[0] == "<":
            spans.append(LabelledSpan(len(text), len(text) + len(word), "PERSON"))
        text += word
    points = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(points, points, st.sampled_from(["", "x", "yy"])), max_size=5))
    return LabelledText(text, tuple(spans)), [
        PassageEdit(min(a, b), max(a, b), new) for a, b, new in pairs
    ]


@given(passages_and_edits())
@settings(max_examples=60, deadline=None)
def test_edits_outside_a_span_never_change_its_words(
    case: tuple[LabelledText, list[PassageEdit]],
) -> None:
    passage, edits = case
    outside = [
        edit
        for edit in edits
        if all(edit.end <= span.start or edit.start >= span.end for span in passage.spans)
    ]

    assert edited(passage, outside).labelled_words() == passage.labelled_words()


@given(passages_and_edits())
@settings(max_examples=60, deadline=None)
def test_spans_stay_in_the_text_and_apart_after_any_edits(
    case: tuple[LabelledText, list[PassageEdit]],
) -> None:
    after = edited(*case)

    ends = 0
    for span in after.spans:
        assert ends <= span.start < span.end <= len(after.text)
        ends = span.end


KNOWN = Known(
    ordinary=frozenset(
        {"so", "i", "will", "ask", "about", "new", "next", "thing", "yeah", "it's", "drew"}
    ),
    written={"german": "German", "icsi": "ICSI"},
    names={"robert": "PERSON", "dan": "PERSON", "ellis": "PERSON", "york": "PLACE", "icsi": "ORG"},
)


def heard_in_a_meeting(folder: Path, *lines: str) -> dict[str, list[LabelledText]]:
    """What is read from a meeting of these lines: everything, and what stands about a name."""
    path = folder / "MRDA-Corpus" / "mrda_archive" / "transcripts" / "Bed001.trans"
    path.parent.mkdir(parents=True)
    path.write_text("".join(f"Bed001-c1_{n},{said},{said}\n" for n, said in enumerate(lines)))
    found = documents(folder, KNOWN)
    return {s: [d.passage for d in found if d.source == s] for s in ("meetings", "meetings-named")}


def test_a_meeting_is_read_with_its_capitals_and_its_names(tmp_path: Path) -> None:
    read = heard_in_a_meeting(tmp_path, "so - so i'll ask dan ellis about robert's german thing .")

    (all_of_it,) = read["meetings"]
    assert all_of_it.text == "So so I'll ask Dan Ellis about Robert's German thing."
    assert all_of_it.labelled_words() == [("Dan Ellis", "PERSON"), ("Robert", "PERSON")]
    assert read["meetings-named"] == [all_of_it]


def test_an_utterance_with_a_word_that_may_be_anything_is_left_out(tmp_path: Path) -> None:
    read = heard_in_a_meeting(tmp_path, "yeah .", "ask mirghafori about it's thing .", "th- next ?")

    assert [passage.text for passage in read["meetings"]] == ["Yeah. Next?"]
    assert read["meetings-named"] == []


def test_places_and_organisations_of_a_meeting_are_written_as_they_are(tmp_path: Path) -> None:
    (read,) = heard_in_a_meeting(tmp_path, "icsi will ask new york ==")["meetings"]

    assert read.text == "ICSI will ask New York..."
    assert read.labelled_words() == [("ICSI", "ORG"), ("New York", "PLACE")]


def test_only_what_stands_near_a_name_is_read_in_full_each_time(tmp_path: Path) -> None:
    lines = ["yeah ."] * 20
    lines[10] = "robert drew it's next thing ."

    (near,) = heard_in_a_meeting(tmp_path, *lines)["meetings-named"]

    assert near.text.count("Yeah.") == 6


def test_without_the_checkout_there_are_no_meetings(tmp_path: Path) -> None:
    assert documents(tmp_path, KNOWN) == []


def test_joined_passages_keep_their_names() -> None:
    assert joined([NAMED, NAMED]).labelled_words() == NAMED.labelled_words() * 2


def test_the_finder_knows_a_name_and_a_town(finder: Language) -> None:
    names = found(finder, "My name is Margaret Wilson and I live in Leeds.")

    assert names == {"Margaret Wilson": "PERSON", "Leeds": "PLACE"}


def test_the_finder_knows_them_without_capitals(finder: Language) -> None:
    names = found(finder, "my name is margaret wilson and i live in leeds")

    assert names == {"margaret wilson": "PERSON", "leeds": "PLACE"}


@pytest.mark.parametrize(
    "text",
    [
        "May I ask how old you are?",
        "It was on Tuesday in March.",
        "They told me it was Alzheimer's, not Parkinson's.",
        "I hope the bill will be paid in summer.",
        "They put me on donepezil at the memory clinic.",
    ],
)
def test_the_finder_leaves_false_friends_alone(finder: Language, text: str) -> None:
    assert found(finder, text) == {}


@pytest.mark.usefixtures("finder")
def test_the_finder_is_small() -> None:
    size = sum(path.stat().st_size for path in SHELF.rglob("*") if path.is_file())

    assert size <= 12 * 2**20


@pytest.mark.usefixtures("finder")
def test_the_finder_carries_no_words_of_the_texts_it_learnt_from() -> None:
    carried = set(json.loads((SHELF / "vocab" / "strings.json").read_text(encoding="utf-8")))

    ordinary = set(spacy.blank("en").vocab.strings)
    assert {word for word in carried - ordinary if len(word) > len("earshot")} <= {
        "I-PERSON",
        "B-PERSON",
        "L-PERSON",
        "U-PERSON",
    }
