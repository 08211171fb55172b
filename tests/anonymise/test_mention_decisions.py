"""A person accepts, rejects, changes, adds and takes back; the clean transcript follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from anonymise.clean_transcript import build_log_line, collect_originals, write_clean_transcript
from anonymise.mention_decisions import (
    accept_all_mentions,
    add_mention,
    decide_mention,
    list_replacement_choices,
    undo_decisions,
)
from anonymise.review_order import group_mentions
from anonymise.search import search_transcript
from study import (
    PROGRAM_VERSION,
    ArtefactKind,
    Category,
    DecidedMention,
    Decision,
    DoubtFlag,
    Finder,
    InterviewDetails,
    LogLine,
    Mark,
    MarkKind,
    Mention,
    Mentions,
    OriginalWords,
    Participant,
    Provenance,
    Transcript,
    TranscriptRef,
    Turn,
    Verdict,
)
from study.errors import (
    BadReplacement,
    MentionsUndecided,
    StepMissing,
    UnknownMention,
    WordsChanged,
)
from study.store import Interview, KeyClass, Study, read_decisions, read_trail_lines

Hear = Callable[..., Interview]
TALK = ("My name is Arthur Bennett.", "It was twice, Arthur.", "I\u0301 live in Skipton.\r\nYes.")


@pytest.fixture
def one(hear: Hear) -> Interview:
    interview = hear(*TALK)
    search_transcript(interview, name_model=None)
    return interview


def keys(interview: Interview) -> list[str]:
    return [d.mention.key for d in read_decisions(interview)]


def verdicts(interview: Interview) -> list[Verdict | None]:
    return [d.decision and d.decision.verdict for d in read_decisions(interview)]


def test_cleaning_refuses_while_something_is_undecided(one: Interview) -> None:
    with pytest.raises(MentionsUndecided) as refused:
        write_clean_transcript(one)
    assert refused.value.count == 3
    assert one.find_newest_version(ArtefactKind.CLEAN) == 0


def test_the_clean_transcript_says_what_was_decided(one: Interview) -> None:
    full, first, town = keys(one)
    decide_mention(one, full, Verdict.ACCEPTED)
    decide_mention(one, first, Verdict.CHANGED, replacement=" our\nfriend ")
    decide_mention(one, town, Verdict.REJECTED, reason="everybody does")
    cleaned = write_clean_transcript(one)
    assert [t.text for t in cleaned.turns] == [
        "My name is [Person 1].",
        "It was twice, our friend.",
        "\u00cd live in Skipton.\nYes.",
    ]
    assert all(t.words == () for t in cleaned.turns)


def test_the_log_holds_who_and_what_but_no_original(one: Interview) -> None:
    for key in keys(one):
        decide_mention(one, key, Verdict.ACCEPTED)
    write_clean_transcript(one)
    log = one.read_artefact(ArtefactKind.LOG, tuple[LogLine, ...])
    assert log is not None
    assert [(line.turn, line.action, line.replacement, line.direct) for line in log] == [
        (1, "replaced", "[Person 1]", True),
        (2, "replaced", "[Person 1]", True),
        (3, "replaced", "[Place 1, town in northern England]", False),
    ]
    assert "Arthur" not in str(log)


def test_cleaning_again_writes_nothing_until_something_changed(one: Interview) -> None:
    for key in keys(one):
        decide_mention(one, key, Verdict.ACCEPTED)
    assert write_clean_transcript(one) == write_clean_transcript(one)
    assert one.find_newest_version(ArtefactKind.CLEAN) == 1
    decide_mention(one, keys(one)[2], Verdict.REJECTED)
    assert "Skipton" in write_clean_transcript(one).turns[2].text
    assert one.find_newest_version(ArtefactKind.CLEAN) == 2


def test_of_what_happened_the_clean_transcript_keeps_headings_and_lengths(hear: Hear) -> None:
    interview = hear("Well.")
    raw = interview.read_artefact(ArtefactKind.RAW, Transcript)
    assert raw is not None
    events = (
        Mark(0.0, MarkKind.TOPIC, "First contact"),
        Mark(1.0, MarkKind.MARKER, "points at Arthur"),
        Mark(1.5, MarkKind.DISTRESS, "wept for Arthur", 40.0),
        Mark(1.5, MarkKind.SOURCE, "Arthur's headset"),
    )
    with interview.change("recorded") as change:
        change.write_artefact(ArtefactKind.RAW, replace(raw, events=events))
    search_transcript(interview, name_model=None)

    cleaned = write_clean_transcript(interview)

    assert cleaned.events == (
        Mark(0.0, MarkKind.TOPIC, "First contact"),
        Mark(1.0, MarkKind.MARKER),
        Mark(1.5, MarkKind.DISTRESS, "", 40.0),
        Mark(1.5, MarkKind.SOURCE),
    )
    assert write_clean_transcript(interview) == cleaned
    assert interview.find_newest_version(ArtefactKind.CLEAN) == 1


def test_cleaning_refuses_what_was_not_searched_or_corrected_since(
    hear: Hear, correct: Callable[..., None]
) -> None:
    one = hear("Nothing here.")
    with pytest.raises(StepMissing):
        write_clean_transcript(one)
    search_transcript(one, name_model=None)
    write_clean_transcript(one)
    correct(one, "My friend Jean.")
    assert one.summary.is_stale
    with pytest.raises(StepMissing):
        write_clean_transcript(one)


def test_alike_decides_all_of_one_identity_at_once(one: Interview) -> None:
    made = decide_mention(one, keys(one)[0], Verdict.ACCEPTED, alike=True)
    assert len(made) == 2
    assert one.summary.undecided == 1
    assert verdicts(one) == [Verdict.ACCEPTED, Verdict.ACCEPTED, None]


def test_alike_leaves_what_was_decided(one: Interview) -> None:
    full, first, _ = keys(one)
    decide_mention(one, first, Verdict.REJECTED)
    decide_mention(one, full, Verdict.ACCEPTED, alike=True)
    assert verdicts(one)[:2] == [Verdict.ACCEPTED, Verdict.REJECTED]


def test_a_decision_can_be_taken_back(one: Interview) -> None:
    full, first, _ = keys(one)
    decide_mention(one, full, Verdict.ACCEPTED, alike=True)
    undo_decisions(one)
    assert verdicts(one) == [Verdict.ACCEPTED, None, None]
    undo_decisions(one, full, first)
    assert verdicts(one) == [None, None, None]
    assert one.summary.undecided == 3
    assert undo_decisions(one) == []


def test_an_unknown_mention_is_said_so_and_nothing_is_recorded(
    study: Study, one: Interview
) -> None:
    lines = study.db.execute("SELECT count(*) FROM trail").fetchone()
    with pytest.raises(UnknownMention):
        decide_mention(one, "ffffffffff", Verdict.ACCEPTED)
    with pytest.raises(UnknownMention):
        undo_decisions(one, "ffffffffff")
    assert study.db.execute("SELECT count(*) FROM trail").fetchone() == lines


def test_two_people_deciding_at_once_lose_nothing(study: Study, one: Interview) -> None:
    full, first, town = keys(one)
    with Study.open(study.folder, "four unrelated words") as other:
        decide_mention(one, full, Verdict.ACCEPTED)
        decide_mention(other.interview(one.id), first, Verdict.REJECTED)
        decide_mention(one, town, Verdict.ACCEPTED)
    assert None not in verdicts(one)
    assert one.summary.undecided == 0


def test_a_person_adds_what_was_missed(one: Interview) -> None:
    decide_mention(one, keys(one)[0], Verdict.ACCEPTED)
    added = add_mention(one, 2, 7, 12, Category.OTHER, replacement="often", reason="a saying")
    assert (added.source, added.score, added.replacement) == ("person", 1.0, "[Other detail 1]")
    assert verdicts(one) == [Verdict.ACCEPTED, Verdict.CHANGED, None, None]
    assert one.summary.undecided == 2


def test_an_added_mention_takes_in_what_it_overlaps(one: Interview) -> None:
    full = keys(one)[0]
    decide_mention(one, full, Verdict.ACCEPTED)
    added = add_mention(one, 1, 3, 17, Category.PERSON)
    assert TALK[0][added.start : added.end] == "name is Arthur Bennett"
    assert added.key != full
    assert len(keys(one)) == 3


@pytest.mark.parametrize("place", [(9, 0, 1), (1, -1, 2), (1, 5, 5), (1, 0, 99), (1, 2, 3)])
def test_words_that_are_not_there_cannot_be_added(
    one: Interview, place: tuple[int, int, int]
) -> None:
    with pytest.raises(UnknownMention):
        add_mention(one, *place, Category.PERSON)


def test_nothing_is_added_before_a_search(hear: Hear) -> None:
    with pytest.raises(StepMissing):
        add_mention(hear("Jean."), 1, 0, 4, Category.PERSON)


def test_what_could_name_somebody_and_occurs_most_comes_first(one: Interview) -> None:
    found = group_mentions(read_decisions(one))
    assert [(g.category, len(g.mentions)) for g in found] == [
        (Category.PERSON, 2), (Category.PLACE, 1),
    ]  # fmt: skip
    decide_mention(one, found[0].first.mention.key, Verdict.ACCEPTED, alike=True)
    assert [g.category for g in group_mentions(read_decisions(one))] == [
        Category.PLACE, Category.PERSON,
    ]  # fmt: skip


def test_what_was_decided_along_with_another_is_noted_so(one: Interview) -> None:
    first, second = decide_mention(one, keys(one)[0], Verdict.ACCEPTED, alike=True)
    assert (first.in_bulk, second.in_bulk) == (False, True)
    assert [made.in_bulk for made in accept_all_mentions(one, reason="a trial")] == [True]
    assert one.summary.undecided == 0
    assert accept_all_mentions(one) == []


def test_a_decision_about_words_that_were_edited_since_is_refused(
    one: Interview, correct: Callable[..., None]
) -> None:
    full, first, town = keys(one)
    correct(one, "My name is Arnold Bennett.", "No. It was twice, Arthur.", TALK[2])
    with pytest.raises(WordsChanged):
        decide_mention(one, full, Verdict.ACCEPTED)
    decide_mention(one, first, Verdict.ACCEPTED)  # its words only moved
    decide_mention(one, town, Verdict.REJECTED)
    assert verdicts(one) == [None, Verdict.ACCEPTED, Verdict.REJECTED]
    search_transcript(one, name_model=None)
    assert Verdict.ACCEPTED in verdicts(one)
    assert Verdict.REJECTED in verdicts(one)


def test_words_that_name_nobody_are_told_to_stay(one: Interview) -> None:
    added = add_mention(one, 2, 7, 12, Category.OTHER, names_nobody=True, reason="no name")
    assert [d.decision and d.decision.verdict for d in read_decisions(one) if
            d.mention.key == added.key] == [Verdict.REJECTED]  # fmt: skip
    with pytest.raises(UnknownMention):
        add_mention(one, 1, 11, 17, Category.PERSON, names_nobody=True)


@pytest.mark.parametrize("typed", ["", "\x1b", "x" * 90])
def test_a_replacement_that_says_nothing_or_too_much_is_refused(one: Interview, typed: str) -> None:
    with pytest.raises(BadReplacement):
        decide_mention(one, keys(one)[0], Verdict.CHANGED, replacement=typed)
    assert verdicts(one) == [None, None, None]


def test_a_verdict_upon_a_verdict_stands_and_both_are_kept(study: Study, one: Interview) -> None:
    (full, *_) = keys(one)
    with Study.open(study.folder, "four unrelated words") as other:
        decide_mention(one, full, Verdict.ACCEPTED)
        decide_mention(other.interview(one.id), full, Verdict.REJECTED, reason="the actor")
    assert verdicts(one)[0] is Verdict.REJECTED
    kept = one.read_entries(ArtefactKind.MENTIONS, Decision)
    assert [d.verdict for d in kept if d.mention == full] == [Verdict.ACCEPTED, Verdict.REJECTED]


def test_what_else_could_stand_there_is_offered(hear: Hear) -> None:
    one = hear("It was on 3 May 2019 in Skipton, with a man called Derek.")
    search_transcript(one, name_model=None)
    day, town, derek = keys(one)
    assert list_replacement_choices(one, day) == [
        "[2019]",
        "[May 2019]",
        "[the 2010s]",
    ]
    assert list_replacement_choices(one, town) == [
        "[Place 1, town in northern England]", "[a town in northern England]", "[Place 1]",
    ]  # fmt: skip
    assert list_replacement_choices(one, derek) == ["[Person 1]"]
    with pytest.raises(UnknownMention):
        list_replacement_choices(one, "zzzz")


def test_a_decision_about_words_that_are_gone_can_still_be_taken_back(
    one: Interview, correct: Callable[..., None]
) -> None:
    full = keys(one)[0]
    decide_mention(one, full, Verdict.ACCEPTED)
    correct(one, "My name is Arnold Bennett.", *TALK[1:])

    decide_mention(one, full, Verdict.UNDONE)

    assert verdicts(one)[0] is None


def test_taking_back_one_leaves_what_was_decided_after_it(one: Interview) -> None:
    full, first, town = keys(one)
    for key in (full, first, town):
        decide_mention(one, key, Verdict.ACCEPTED)

    made = undo_decisions(one, full)

    assert [decision.mention for decision in made] == [full]
    assert verdicts(one) == [None, Verdict.ACCEPTED, Verdict.ACCEPTED]
    assert [decision.mention for decision in undo_decisions(one)] == [town]
    assert undo_decisions(one, full, town) == []  # nothing stands about either
    with pytest.raises(UnknownMention):
        undo_decisions(one, first, "ffffffffff")
    assert verdicts(one) == [None, Verdict.ACCEPTED, None]


def test_taking_back_alike_takes_back_all_that_were_decided(one: Interview) -> None:
    full, _, town = keys(one)
    decide_mention(one, full, Verdict.ACCEPTED, alike=True)
    decide_mention(one, town, Verdict.ACCEPTED)

    made = decide_mention(one, full, Verdict.UNDONE, alike=True)

    assert [decision.in_bulk for decision in made] == [False, True]
    assert verdicts(one) == [None, None, Verdict.ACCEPTED]


def test_nothing_is_decided_or_taken_back_before_a_search(hear: Hear) -> None:
    interview = hear("Jean.")

    with pytest.raises(UnknownMention):
        decide_mention(interview, "ffffffffff", Verdict.ACCEPTED)
    assert undo_decisions(interview) == []
    assert accept_all_mentions(interview) == []


def test_a_mention_that_nobody_decided_is_taken_in_and_a_rejected_one_is_not(
    one: Interview,
) -> None:
    full, first, _ = keys(one)
    decide_mention(one, first, Verdict.REJECTED)

    over = add_mention(one, 1, 3, 14, Category.PERSON)  # "name is Art" of a mention not decided
    beside = add_mention(one, 2, 7, 16, Category.PERSON)  # "twice, Ar" of a rejected one

    assert TALK[0][over.start : over.end] == "name is Arthur Bennett"
    assert TALK[1][beside.start : beside.end] == "twice, Ar"
    assert {full, first}.isdisjoint(keys(one))


def test_a_mention_that_only_touches_another_leaves_it_as_it_is(one: Interview) -> None:
    add_mention(one, 1, 8, 11, Category.OTHER)  # "is " right before "Arthur Bennett"
    add_mention(one, 1, 25, 26, Category.OTHER)  # "." right after it

    places = [(d.mention.start, d.mention.end) for d in read_decisions(one)]
    assert places[:3] == [(8, 11), (11, 25), (25, 26)]


def test_a_person_who_was_entered_after_the_search_gets_their_own_label(hear: Hear) -> None:
    interview = hear("So I saw marge.")
    search_transcript(interview, name_model=None)
    with interview.change("entered") as change:
        about = InterviewDetails("I1", (Participant("P07", names=("Marge",)),))
        change.write_artefact(ArtefactKind.ABOUT, about)

    added = add_mention(interview, 1, 9, 14, Category.PERSON)

    assert added.replacement == "[Person 1, P07]"


def test_what_a_person_says_of_a_decision_is_kept_in_one_line(study: Study, one: Interview) -> None:
    (made,) = decide_mention(one, keys(one)[0], Verdict.REJECTED, reason=" an\n  actor ")

    assert (made.reason, made.by, made.replacement, made.in_bulk) == ("an actor", 1, "", False)
    (line,) = [line for line in read_trail_lines(study.db) if line.verb == "mention rejected"]
    assert (line.facts["decisions"], line.facts["undecided"]) == (1, 2)


def read_log(interview: Interview) -> tuple[LogLine, ...]:
    return interview.read_artefact(ArtefactKind.LOG, tuple[LogLine, ...]) or ()


def test_each_line_of_the_log_says_what_was_done_by_whom_and_how(one: Interview) -> None:
    full, first, town = keys(one)
    decide_mention(one, full, Verdict.CHANGED, replacement="a man", alike=True)
    decide_mention(one, town, Verdict.REJECTED)
    added = add_mention(one, 2, 7, 12, Category.OTHER)
    write_clean_transcript(one)

    log = read_log(one)

    assert [(x.mention, x.action, x.replacement, x.in_bulk, x.by) for x in log] == [
        (full, "replaced by hand", "a man", False, 1),
        (added.key, "replaced", "[Other detail 1]", False, 1),
        (first, "replaced by hand", "a man", True, 1),
        (town, "kept", "", False, 1),
    ]
    assert [x.start_s for x in log] == [1.0, 2.0, 2.0, 3.0]
    assert all(x.at for x in log)
    assert [x.component == "" for x in log] == [False, True, False, False]
    assert log[0].component == PROGRAM_VERSION  # the rules' version is Earshot's


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
    searched = TranscriptRef(ArtefactKind.RAW, 1)
    made = Provenance("anonymise", "earshot 1", model, "0123456789abcdef")
    mention = Mention("k", 1, 0, 4, Category.PERSON, source, 0.5, "[Person 1]")

    line = build_log_line(
        Turn(1, "P01", 2.0, 3.0, "Jean"),
        DecidedMention(mention, None),
        Mentions(searched, (), made, finders=finders),
    )

    assert line.component == component
    assert (line.action, line.replacement, line.by, line.at) == ("undecided", "", 0, "")
    assert (line.in_bulk, line.direct, line.score, line.source) == (False, True, 0.5, source)


def test_the_clean_transcript_says_what_it_was_made_from(study: Study, one: Interview) -> None:
    accept_all_mentions(one)
    made = write_clean_transcript(one)

    options = made.provenance.options
    assert (made.provenance.step, made.provenance.program) == ("clean", PROGRAM_VERSION)
    assert (options["transcript"], options["transcript_version"]) == ("raw", 1)
    assert (options["transcript_edits"], options["mentions_version"]) == (0, 1)
    assert (options["speech_model"], options["speech_model_sha256"]) == ("whisper-x", "")
    (line,) = [line for line in read_trail_lines(study.db) if line.verb == "cleaned"]
    assert (line.facts["turns"], line.facts["log"]) == (3, 3)


def test_what_the_log_stands_for_is_kept_apart_with_the_reasons(one: Interview) -> None:
    full, first, town = keys(one)
    decide_mention(one, full, Verdict.ACCEPTED, reason="his name")
    decide_mention(one, town, Verdict.REJECTED)

    assert collect_originals(one) == (
        OriginalWords(full, "Arthur Bennett", "his name"),
        OriginalWords(first, "Arthur", ""),
        OriginalWords(town, "Skipton", ""),
    )
    decide_mention(one, first, Verdict.ACCEPTED)
    write_clean_transcript(one)
    assert one.read_artefact(
        ArtefactKind.ORIGINALS, tuple[OriginalWords, ...]
    ) == collect_originals(one)


def test_who_may_not_know_who_is_who_cleans_without_keeping_it(
    study: Study, one: Interview
) -> None:
    accept_all_mentions(one)
    study.ring = study.ring.copy_with_classes((KeyClass.IDENTIFYING, KeyClass.CLEAN))

    made = write_clean_transcript(one)

    assert made.turns[0].text == "My name is [Person 1]."
    assert one.find_newest_version(ArtefactKind.ORIGINALS) == 0
    assert len(read_log(one)) == 3


def test_of_a_flag_the_clean_transcript_keeps_the_kind_alone(hear: Hear) -> None:
    interview = hear("Well.\rYes.")
    raw = interview.read_artefact(ArtefactKind.RAW, Transcript)
    assert raw is not None
    turn = replace(raw.turns[0], flags=(DoubtFlag("loop", "Arthur four times"),))
    with interview.change("heard") as change:
        change.write_artefact(ArtefactKind.RAW, replace(raw, turns=(turn,)))
    search_transcript(interview, name_model=None)

    (made,) = write_clean_transcript(interview).turns

    assert (made.flags, made.text) == ((DoubtFlag("loop"),), "Well.\nYes.")
    assert (made.key, made.speaker, made.start_s, made.end_s) == (1, "P01", 1.0, 2.0)
