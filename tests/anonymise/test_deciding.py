"""A person accepts, rejects, changes, adds and takes back; the clean transcript obeys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from anonymise import ordering
from anonymise.cleaning import clean, log_line, originals
from anonymise.deciding import accept_all, add, choices, decide, undo
from anonymise.steps import propose
from study import decided, trail
from study.artefacts import Kind
from study.decided import Decided
from study.errors import (
    BadReplacement,
    MentionsUndecided,
    StepMissing,
    UnknownMention,
    WordsChanged,
)
from study.keys import KeyClass
from study.references import TranscriptRef
from study.steps import PROGRAM
from study.store import Study
from study.terms import (
    About,
    Category,
    Decision,
    Finder,
    Flag,
    LogLine,
    Mark,
    MarkKind,
    Mention,
    Mentions,
    Original,
    Participant,
    Provenance,
    Transcript,
    Turn,
    Verdict,
)

Hear = Callable[..., str]
TALK = ("My name is Arthur Bennett.", "It was twice, Arthur.", "I\u0301 live in Skipton.\r\nYes.")


@pytest.fixture
def one(study: Study, hear: Hear) -> str:
    interview = hear(*TALK)
    propose(study, interview, ner=None)
    return interview


def keys(study: Study, interview: str) -> list[str]:
    return [d.mention.key for d in decided.read(study, interview)]


def verdicts(study: Study, interview: str) -> list[Verdict | None]:
    return [d.decision and d.decision.verdict for d in decided.read(study, interview)]


def test_cleaning_refuses_while_something_is_undecided(study: Study, one: str) -> None:
    with pytest.raises(MentionsUndecided) as refused:
        clean(study, one)
    assert refused.value.count == 3
    assert study.version(one, Kind.CLEAN) == 0


def test_the_clean_transcript_says_what_was_decided(study: Study, one: str) -> None:
    full, first, town = keys(study, one)
    decide(study, one, full, Verdict.ACCEPTED)
    decide(study, one, first, Verdict.CHANGED, replacement=" our\nfriend ")
    decide(study, one, town, Verdict.REJECTED, reason="everybody does")
    cleaned = clean(study, one)
    assert [t.text for t in cleaned.turns] == [
        "My name is [Person 1].",
        "It was twice, our friend.",
        "\u00cd live in Skipton.\nYes.",
    ]
    assert all(t.words == () for t in cleaned.turns)


def test_the_log_holds_who_and_what_but_no_original(study: Study, one: str) -> None:
    for key in keys(study, one):
        decide(study, one, key, Verdict.ACCEPTED)
    clean(study, one)
    log = study.get(one, Kind.LOG, tuple[LogLine, ...])
    assert log is not None
    assert [(line.turn, line.action, line.replacement, line.direct) for line in log] == [
        (1, "replaced", "[Person 1]", True),
        (2, "replaced", "[Person 1]", True),
        (3, "replaced", "[Place 1, town in northern England]", False),
    ]
    assert "Arthur" not in str(log)


def test_cleaning_again_writes_nothing_until_something_changed(study: Study, one: str) -> None:
    for key in keys(study, one):
        decide(study, one, key, Verdict.ACCEPTED)
    assert clean(study, one) == clean(study, one)
    assert study.version(one, Kind.CLEAN) == 1
    decide(study, one, keys(study, one)[2], Verdict.REJECTED)
    assert "Skipton" in clean(study, one).turns[2].text
    assert study.version(one, Kind.CLEAN) == 2


def test_of_what_happened_the_clean_transcript_keeps_headings_and_lengths(
    study: Study, hear: Hear
) -> None:
    interview = hear("Well.")
    raw = study.get(interview, Kind.RAW, Transcript)
    assert raw is not None
    events = (
        Mark(0.0, MarkKind.TOPIC, "First contact"),
        Mark(1.0, MarkKind.MARKER, "points at Arthur"),
        Mark(1.5, MarkKind.DISTRESS, "wept for Arthur", 40.0),
        Mark(1.5, MarkKind.SOURCE, "Arthur's headset"),
    )
    with study.change("recorded", interview) as change:
        change.put(interview, Kind.RAW, replace(raw, events=events))
    propose(study, interview, ner=None)

    cleaned = clean(study, interview)

    assert cleaned.events == (
        Mark(0.0, MarkKind.TOPIC, "First contact"),
        Mark(1.0, MarkKind.MARKER),
        Mark(1.5, MarkKind.DISTRESS, "", 40.0),
        Mark(1.5, MarkKind.SOURCE),
    )
    assert clean(study, interview) == cleaned
    assert study.version(interview, Kind.CLEAN) == 1


def test_cleaning_refuses_what_was_not_searched_or_corrected_since(
    study: Study, hear: Hear, correct: Callable[..., None]
) -> None:
    one = hear("Nothing here.")
    with pytest.raises(StepMissing):
        clean(study, one)
    propose(study, one, ner=None)
    clean(study, one)
    correct(one, "My friend Jean.")
    assert study.find(one).is_stale
    with pytest.raises(StepMissing):
        clean(study, one)


def test_alike_decides_all_of_one_identity_at_once(study: Study, one: str) -> None:
    made = decide(study, one, keys(study, one)[0], Verdict.ACCEPTED, alike=True)
    assert len(made) == 2
    assert study.find(one).undecided == 1
    assert verdicts(study, one) == [Verdict.ACCEPTED, Verdict.ACCEPTED, None]


def test_alike_leaves_what_was_decided(study: Study, one: str) -> None:
    full, first, _ = keys(study, one)
    decide(study, one, first, Verdict.REJECTED)
    decide(study, one, full, Verdict.ACCEPTED, alike=True)
    assert verdicts(study, one)[:2] == [Verdict.ACCEPTED, Verdict.REJECTED]


def test_a_decision_can_be_taken_back(study: Study, one: str) -> None:
    full, first, _ = keys(study, one)
    decide(study, one, full, Verdict.ACCEPTED, alike=True)
    undo(study, one)
    assert verdicts(study, one) == [Verdict.ACCEPTED, None, None]
    undo(study, one, full, first)
    assert verdicts(study, one) == [None, None, None]
    assert study.find(one).undecided == 3
    assert undo(study, one) == []


def test_an_unknown_mention_is_said_so_and_nothing_is_recorded(study: Study, one: str) -> None:
    lines = study.db.execute("SELECT count(*) FROM trail").fetchone()
    with pytest.raises(UnknownMention):
        decide(study, one, "ffffffffff", Verdict.ACCEPTED)
    with pytest.raises(UnknownMention):
        undo(study, one, "ffffffffff")
    assert study.db.execute("SELECT count(*) FROM trail").fetchone() == lines


def test_two_people_deciding_at_once_lose_nothing(study: Study, one: str) -> None:
    full, first, town = keys(study, one)
    with Study.open(study.folder, "four unrelated words") as other:
        decide(study, one, full, Verdict.ACCEPTED)
        decide(other, one, first, Verdict.REJECTED)
        decide(study, one, town, Verdict.ACCEPTED)
    assert None not in verdicts(study, one)
    assert study.find(one).undecided == 0


def test_a_person_adds_what_was_missed(study: Study, one: str) -> None:
    decide(study, one, keys(study, one)[0], Verdict.ACCEPTED)
    added = add(study, one, 2, 7, 12, Category.OTHER, replacement="often", reason="a saying")
    assert (added.source, added.score, added.replacement) == ("person", 1.0, "[Other detail 1]")
    assert verdicts(study, one) == [Verdict.ACCEPTED, Verdict.CHANGED, None, None]
    assert study.find(one).undecided == 2


def test_an_added_mention_takes_in_what_it_overlaps(study: Study, one: str) -> None:
    full = keys(study, one)[0]
    decide(study, one, full, Verdict.ACCEPTED)
    added = add(study, one, 1, 3, 17, Category.PERSON)
    assert TALK[0][added.start : added.end] == "name is Arthur Bennett"
    assert added.key != full
    assert len(keys(study, one)) == 3


@pytest.mark.parametrize("place", [(9, 0, 1), (1, -1, 2), (1, 5, 5), (1, 0, 99), (1, 2, 3)])
def test_words_that_are_not_there_cannot_be_added(
    study: Study, one: str, place: tuple[int, int, int]
) -> None:
    with pytest.raises(UnknownMention):
        add(study, one, *place, Category.PERSON)


def test_nothing_is_added_before_a_search(study: Study, hear: Hear) -> None:
    with pytest.raises(StepMissing):
        add(study, hear("Jean."), 1, 0, 4, Category.PERSON)


def test_what_could_name_somebody_and_occurs_most_comes_first(study: Study, one: str) -> None:
    found = ordering.groups(decided.read(study, one))
    assert [(g.category, len(g.mentions)) for g in found] == [
        (Category.PERSON, 2), (Category.PLACE, 1),
    ]  # fmt: skip
    decide(study, one, found[0].first.mention.key, Verdict.ACCEPTED, alike=True)
    assert [g.category for g in ordering.groups(decided.read(study, one))] == [
        Category.PLACE, Category.PERSON,
    ]  # fmt: skip


def test_what_was_decided_along_with_another_is_noted_so(study: Study, one: str) -> None:
    first, second = decide(study, one, keys(study, one)[0], Verdict.ACCEPTED, alike=True)
    assert (first.in_bulk, second.in_bulk) == (False, True)
    assert [made.in_bulk for made in accept_all(study, one, reason="a trial")] == [True]
    assert study.find(one).undecided == 0
    assert accept_all(study, one) == []


def test_a_decision_about_words_that_were_edited_since_is_refused(
    study: Study, one: str, correct: Callable[..., None]
) -> None:
    full, first, town = keys(study, one)
    correct(one, "My name is Arnold Bennett.", "No. It was twice, Arthur.", TALK[2])
    with pytest.raises(WordsChanged):
        decide(study, one, full, Verdict.ACCEPTED)
    decide(study, one, first, Verdict.ACCEPTED)  # its words only moved
    decide(study, one, town, Verdict.REJECTED)
    assert verdicts(study, one) == [None, Verdict.ACCEPTED, Verdict.REJECTED]
    propose(study, one, ner=None)
    assert Verdict.ACCEPTED in verdicts(study, one)
    assert Verdict.REJECTED in verdicts(study, one)


def test_words_that_name_nobody_are_told_to_stay(study: Study, one: str) -> None:
    added = add(study, one, 2, 7, 12, Category.OTHER, stays=True, reason="no name")
    assert [d.decision and d.decision.verdict for d in decided.read(study, one) if
            d.mention.key == added.key] == [Verdict.REJECTED]  # fmt: skip
    with pytest.raises(UnknownMention):
        add(study, one, 1, 11, 17, Category.PERSON, stays=True)


@pytest.mark.parametrize("typed", ["", "\x1b", "x" * 90])
def test_a_replacement_that_says_nothing_or_too_much_is_refused(
    study: Study, one: str, typed: str
) -> None:
    with pytest.raises(BadReplacement):
        decide(study, one, keys(study, one)[0], Verdict.CHANGED, replacement=typed)
    assert verdicts(study, one) == [None, None, None]


def test_a_verdict_upon_a_verdict_stands_and_both_are_kept(study: Study, one: str) -> None:
    (full, *_) = keys(study, one)
    with Study.open(study.folder, "four unrelated words") as other:
        decide(study, one, full, Verdict.ACCEPTED)
        decide(other, one, full, Verdict.REJECTED, reason="the actor")
    assert verdicts(study, one)[0] is Verdict.REJECTED
    kept = study.entries(one, Kind.MENTIONS, Decision)
    assert [d.verdict for d in kept if d.mention == full] == [Verdict.ACCEPTED, Verdict.REJECTED]


def test_what_else_could_stand_there_is_offered(study: Study, hear: Hear) -> None:
    one = hear("It was on 3 May 2019 in Skipton, with a man called Derek.")
    propose(study, one, ner=None)
    day, town, derek = keys(study, one)
    assert choices(study, one, day) == ["[2019]", "[May 2019]", "[the 2010s]"]
    assert choices(study, one, town) == [
        "[Place 1, town in northern England]", "[a town in northern England]", "[Place 1]",
    ]  # fmt: skip
    assert choices(study, one, derek) == ["[Person 1]"]
    with pytest.raises(UnknownMention):
        choices(study, one, "zzzz")


def test_a_decision_about_words_that_are_gone_can_still_be_taken_back(
    study: Study, one: str, correct: Callable[..., None]
) -> None:
    full = keys(study, one)[0]
    decide(study, one, full, Verdict.ACCEPTED)
    correct(one, "My name is Arnold Bennett.", *TALK[1:])

    decide(study, one, full, Verdict.UNDONE)

    assert verdicts(study, one)[0] is None


def test_taking_back_one_leaves_what_was_decided_after_it(study: Study, one: str) -> None:
    full, first, town = keys(study, one)
    for key in (full, first, town):
        decide(study, one, key, Verdict.ACCEPTED)

    made = undo(study, one, full)

    assert [decision.mention for decision in made] == [full]
    assert verdicts(study, one) == [None, Verdict.ACCEPTED, Verdict.ACCEPTED]
    assert [decision.mention for decision in undo(study, one)] == [town]
    assert undo(study, one, full, town) == []  # nothing stands about either
    with pytest.raises(UnknownMention):
        undo(study, one, first, "ffffffffff")
    assert verdicts(study, one) == [None, Verdict.ACCEPTED, None]


def test_taking_back_alike_takes_back_all_that_were_decided(study: Study, one: str) -> None:
    full, _, town = keys(study, one)
    decide(study, one, full, Verdict.ACCEPTED, alike=True)
    decide(study, one, town, Verdict.ACCEPTED)

    made = decide(study, one, full, Verdict.UNDONE, alike=True)

    assert [decision.in_bulk for decision in made] == [False, True]
    assert verdicts(study, one) == [None, None, Verdict.ACCEPTED]


def test_nothing_is_decided_or_taken_back_before_a_search(study: Study, hear: Hear) -> None:
    interview = hear("Jean.")

    with pytest.raises(UnknownMention):
        decide(study, interview, "ffffffffff", Verdict.ACCEPTED)
    assert undo(study, interview) == []
    assert accept_all(study, interview) == []


def test_a_mention_that_nobody_decided_is_taken_in_and_a_rejected_one_is_not(
    study: Study, one: str
) -> None:
    full, first, _ = keys(study, one)
    decide(study, one, first, Verdict.REJECTED)

    over = add(study, one, 1, 3, 14, Category.PERSON)  # "name is Art" of a mention not decided
    beside = add(study, one, 2, 7, 16, Category.PERSON)  # "twice, Ar" of a rejected one

    assert TALK[0][over.start : over.end] == "name is Arthur Bennett"
    assert TALK[1][beside.start : beside.end] == "twice, Ar"
    assert {full, first}.isdisjoint(keys(study, one))


def test_a_mention_that_only_touches_another_leaves_it_as_it_is(study: Study, one: str) -> None:
    add(study, one, 1, 8, 11, Category.OTHER)  # "is " right before "Arthur Bennett"
    add(study, one, 1, 25, 26, Category.OTHER)  # "." right after it

    places = [(d.mention.start, d.mention.end) for d in decided.read(study, one)]
    assert places[:3] == [(8, 11), (11, 25), (25, 26)]


def test_a_person_who_was_entered_after_the_search_gets_their_own_label(
    study: Study, hear: Hear
) -> None:
    interview = hear("So I saw marge.")
    propose(study, interview, ner=None)
    with study.change("entered", interview) as change:
        about = About("I1", (Participant("P07", names=("Marge",)),))
        change.put(interview, Kind.ABOUT, about)

    added = add(study, interview, 1, 9, 14, Category.PERSON)

    assert added.replacement == "[Person 1, P07]"


def test_what_a_person_says_of_a_decision_is_kept_in_one_line(study: Study, one: str) -> None:
    (made,) = decide(study, one, keys(study, one)[0], Verdict.REJECTED, reason=" an\n  actor ")

    assert (made.reason, made.by, made.replacement, made.in_bulk) == ("an actor", 1, "", False)
    (line,) = [line for line in trail.lines(study.db) if line.verb == "mention rejected"]
    assert (line.facts["decisions"], line.facts["undecided"]) == (1, 2)


def read_log(study: Study, interview: str) -> tuple[LogLine, ...]:
    return study.get(interview, Kind.LOG, tuple[LogLine, ...]) or ()


def test_each_line_of_the_log_says_what_was_done_by_whom_and_how(study: Study, one: str) -> None:
    full, first, town = keys(study, one)
    decide(study, one, full, Verdict.CHANGED, replacement="a man", alike=True)
    decide(study, one, town, Verdict.REJECTED)
    added = add(study, one, 2, 7, 12, Category.OTHER)
    clean(study, one)

    log = read_log(study, one)

    assert [(x.mention, x.action, x.replacement, x.in_bulk, x.by) for x in log] == [
        (full, "replaced by hand", "a man", False, 1),
        (added.key, "replaced", "[Other detail 1]", False, 1),
        (first, "replaced by hand", "a man", True, 1),
        (town, "kept", "", False, 1),
    ]
    assert [x.start_s for x in log] == [1.0, 2.0, 2.0, 3.0]
    assert all(x.at for x in log)
    assert [x.component == "" for x in log] == [False, True, False, False]
    assert log[0].component == PROGRAM  # the rules' version is Earshot's


@pytest.mark.parametrize(
    ("source", "model", "component"),
    [
        ("person", "en_core", ""),
        ("register", "en_core", "earshot 1"),
        ("ner", "", "earshot 1"),
        ("ner", "en_core", "en_core 0123456789ab"),
        ("second", "en_core", "second fedcba987654"),
        ("second", "", "earshot 1"),
    ],
)
def test_a_line_names_the_version_of_what_found_it(source: str, model: str, component: str) -> None:
    first = Finder("ner", model, "0123456789abcdef")
    finders = (first, Finder("second", "second", "fedcba9876543210")) if model else ()
    searched = TranscriptRef(Kind.RAW, 1)
    made = Provenance("anonymise", "earshot 1", model, "0123456789abcdef")
    mention = Mention("k", 1, 0, 4, Category.PERSON, source, 0.5, "[Person 1]")

    line = log_line(
        Turn(1, "P01", 2.0, 3.0, "Jean"),
        Decided(mention, None),
        Mentions(searched, (), made, finders=finders),
    )

    assert line.component == component
    assert (line.action, line.replacement, line.by, line.at) == ("undecided", "", 0, "")
    assert (line.in_bulk, line.direct, line.score, line.source) == (False, True, 0.5, source)


def test_the_clean_transcript_says_what_it_was_made_from(study: Study, one: str) -> None:
    accept_all(study, one)
    made = clean(study, one)

    options = made.provenance.options
    assert (made.provenance.step, made.provenance.program) == ("clean", PROGRAM)
    assert (options["transcript"], options["transcript_version"]) == ("raw", 1)
    assert (options["transcript_edits"], options["mentions_version"]) == (0, 1)
    assert (options["speech_model"], options["speech_model_sha256"]) == ("whisper-x", "")
    (line,) = [line for line in trail.lines(study.db) if line.verb == "cleaned"]
    assert (line.facts["turns"], line.facts["log"]) == (3, 3)


def test_what_the_log_stands_for_is_kept_apart_with_the_reasons(study: Study, one: str) -> None:
    full, first, town = keys(study, one)
    decide(study, one, full, Verdict.ACCEPTED, reason="his name")
    decide(study, one, town, Verdict.REJECTED)

    assert originals(study, one) == (
        Original(full, "Arthur Bennett", "his name"),
        Original(first, "Arthur", ""),
        Original(town, "Skipton", ""),
    )
    decide(study, one, first, Verdict.ACCEPTED)
    clean(study, one)
    assert study.get(one, Kind.ORIGINALS, tuple[Original, ...]) == originals(study, one)


def test_who_may_not_know_who_is_who_cleans_without_keeping_it(study: Study, one: str) -> None:
    accept_all(study, one)
    study.ring = study.ring.only((KeyClass.IDENTIFYING, KeyClass.CLEAN))

    made = clean(study, one)

    assert made.turns[0].text == "My name is [Person 1]."
    assert study.version(one, Kind.ORIGINALS) == 0
    assert len(read_log(study, one)) == 3


def test_of_a_flag_the_clean_transcript_keeps_the_kind_alone(study: Study, hear: Hear) -> None:
    interview = hear("Well.\rYes.")
    raw = study.get(interview, Kind.RAW, Transcript)
    assert raw is not None
    turn = replace(raw.turns[0], flags=(Flag("loop", "Arthur four times"),))
    with study.change("heard", interview) as change:
        change.put(interview, Kind.RAW, replace(raw, turns=(turn,)))
    propose(study, interview, ner=None)

    (made,) = clean(study, interview).turns

    assert (made.flags, made.text) == ((Flag("loop"),), "Well.\nYes.")
    assert (made.key, made.speaker, made.start_s, made.end_s) == (1, "P01", 1.0, 2.0)
