"""A search writes mentions and pseudonyms, and keeps every decision of a person."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anonymise.clean_transcript import write_clean_transcript
from anonymise.mention_decisions import add_mention, decide_mention
from anonymise.pseudonyms import read_interview_pseudonyms
from anonymise.search import search_transcript
from study import (
    ArtefactKind,
    Category,
    Decision,
    DecisionFacts,
    InterviewDetails,
    Mention,
    Mentions,
    MentionsFacts,
    Participant,
    PseudonymFacts,
    TaskProgress,
    Transcript,
    TranscriptRef,
    Verdict,
)
from study.errors import StepMissing, Stopped
from study.store import Change, Interview, Study, read_decisions, read_mention_words

SEARCHED = TranscriptRef(ArtefactKind.RAW, 1)

Hear = Callable[..., Interview]
Correct = Callable[..., None]
TALK = ("My name is Arthur Bennett.", "It was twice, Arthur.", "My number is 07700 900418.")


def words(interview: Interview) -> list[tuple[str, str]]:
    said = read_mention_words(interview)
    return [(said[one.mention.key], one.mention.replacement) for one in read_decisions(interview)]


def by_words(interview: Interview, wanted: str) -> Mention:
    said = read_mention_words(interview)
    (found,) = [d.mention for d in read_decisions(interview) if said[d.mention.key] == wanted]
    return found


def test_a_search_proposes_and_names(hear: Hear) -> None:
    one = hear(*TALK)
    mentions = search_transcript(one, name_model=None)
    assert words(one) == [
        ("Arthur Bennett", "[Person 1]"),
        ("Arthur", "[Person 1]"),
        ("07700 900418", "[Phone number 1]"),
    ]
    assert mentions == one.read_artefact(ArtefactKind.MENTIONS, Mentions)
    assert mentions.transcript == SEARCHED
    assert "other names of people" in mentions.not_looked_for
    assert [p.replacement for p in read_interview_pseudonyms(one)] == [
        "[Person 1]",
        "[Phone number 1]",
    ]


def test_what_stands_in_the_clear_is_counts(hear: Hear) -> None:
    one = hear(*TALK)
    search_transcript(one, name_model=None)
    summary = one.summary
    assert summary.facts.mentions == MentionsFacts(SEARCHED, mentions=3, undecided=3)
    assert summary.facts.pseudonyms == PseudonymFacts({"person": 1, "phone number": 1})


def test_a_person_has_the_same_number_in_every_interview(hear: Hear) -> None:
    arthur = Participant("P01", names=("Arthur Bennett",))
    one = hear("I am Helen.", "Then Arthur came.", participants=(arthur,))
    two = hear("Mr Bennett spoke.", "I live in Skipton.", "Derek? A man called Derek.",
               participants=(arthur,))  # fmt: skip
    search_transcript(one, name_model=None)
    search_transcript(two, name_model=None)
    assert words(one) == [("Helen", "[Person 1]"), ("Arthur", "[Person 2, P01]")]
    assert words(two) == [
        ("Mr Bennett", "[Person 2, P01]"),
        ("Skipton", "[Place 1, town in northern England]"),
        ("Derek", "[Person 3]"), ("Derek", "[Person 3]"),
    ]  # fmt: skip


def test_what_was_accepted_in_one_interview_is_looked_for_in_the_next(hear: Hear) -> None:
    one = hear("My tutor, Winifred, said so. I live in Skipton.")
    two = hear("winifred was there, of course")
    search_transcript(one, name_model=None)
    search_transcript(two, name_model=None)
    assert words(two) == []
    decide_mention(one, by_words(one, "Winifred").key, Verdict.ACCEPTED)
    search_transcript(two, name_model=None)
    assert words(two) == [("winifred", "[Person 2]")]  # a first name: perhaps somebody else


def test_searching_again_changes_nothing(hear: Hear) -> None:
    one = hear(*TALK)
    first = search_transcript(one, name_model=None)
    decide_mention(one, first.mentions[0].key, Verdict.ACCEPTED)
    decide_mention(one, first.mentions[1].key, Verdict.CHANGED, replacement="my friend")
    before = read_decisions(one)
    assert search_transcript(one, name_model=None) == first
    assert read_decisions(one) == before
    assert one.summary.undecided == 1
    assert one.find_newest_version(ArtefactKind.PSEUDONYMS) == 1


def test_decisions_follow_their_words_through_an_edit(hear: Hear, correct: Correct) -> None:
    one = hear("Well, then Doctor Patel and Doctor Shaw came.", "My friend Jean.")
    search_transcript(one, name_model=None)
    patel, shaw = (by_words(one, w) for w in ("Doctor Patel", "Doctor Shaw"))
    decide_mention(one, patel.key, Verdict.ACCEPTED)
    decide_mention(one, shaw.key, Verdict.REJECTED)
    correct(one, "Well, so Doctor Patel and Doctor Shawe came.", "My friend Jean.")
    search_transcript(one, name_model=None)
    assert by_words(one, "Doctor Patel").key == patel.key
    standing = {d.mention.key: d.decision for d in read_decisions(one)}
    assert standing[patel.key] is not None
    assert standing[by_words(one, "Doctor Shawe").key] is None
    assert one.summary.undecided == 2


def test_a_mention_that_a_person_added_survives_a_new_search(hear: Hear) -> None:
    one = hear("We sang at the old mill by the river.")
    search_transcript(one, name_model=None)
    added = add_mention(one, 1, 11, 23, Category.PLACE)
    search_transcript(one, name_model=None)
    assert [d.mention for d in read_decisions(one)] == [added]
    assert "[Place 1]" in write_clean_transcript(one).turns[0].text


def test_what_a_find_says_beyond_an_accepted_mention_is_asked(hear: Hear) -> None:
    one = hear("then arthur bennett came")
    search_transcript(one, name_model=None)
    add_mention(one, 1, 5, 11, Category.PERSON)
    with one.change("names entered") as change:
        about = InterviewDetails("I1", (Participant("P01", names=("Arthur Bennett",)),))
        change.write_artefact(ArtefactKind.ABOUT, about)
    search_transcript(one, name_model=None)
    assert [w for w, _ in words(one)] == ["arthur", "bennett"]
    assert one.summary.undecided == 1


def test_a_find_that_reaches_beyond_a_rejected_one_is_asked(hear: Hear) -> None:
    one = hear("Ask for Grace Okafor.")
    with one.change("as an older version found it") as change:
        mention = Mention("aaaaaaaa", 1, 8, 13, Category.PERSON, "names", 0.7, "[Person 1]")
        raw = one.read_artefact(ArtefactKind.RAW, Transcript)
        assert raw is not None
        change.write_artefact(ArtefactKind.MENTIONS, Mentions(SEARCHED, (mention,), raw.provenance))
        no = Decision("aaaaaaaa", Verdict.REJECTED, 1, change.made_at)
        change.append_entry(ArtefactKind.MENTIONS, no, DecisionFacts(0))
    search_transcript(one, name_model=None)
    assert [w for w, _ in words(one)] == ["Grace Okafor"]
    assert one.summary.undecided == 1


def test_no_transcript_is_said_so(study: Study) -> None:
    with study.change("made") as change:
        one = study.interview(change.add_interview(InterviewDetails("I9")))
    with pytest.raises(StepMissing):
        search_transcript(one, name_model=None)


def test_it_reports_each_turn_and_stops_when_asked(hear: Hear) -> None:
    one = hear(*TALK)
    told: list[TaskProgress] = []
    with pytest.raises(Stopped):
        search_transcript(one, name_model=None, report=told.append, stop=lambda: len(told) > 1)
    assert [p.done for p in told] == [0, 1]
    assert one.find_newest_version(ArtefactKind.MENTIONS) == 0
    told.clear()
    search_transcript(one, name_model=None, report=told.append)
    assert told[-1] == TaskProgress(3, 3, "turns")


def test_a_search_that_dies_while_writing_has_done_nothing(
    hear: Hear, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = hear(*TALK)
    first = search_transcript(one, name_model=None)
    decide_mention(one, first.mentions[0].key, Verdict.ACCEPTED)
    before = read_decisions(one)

    def dying(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Change, "append_entries", dying)
        with pytest.raises(KeyboardInterrupt):
            search_transcript(one, name_model=None)
    assert one.find_newest_version(ArtefactKind.MENTIONS) == 1
    assert read_decisions(one) == before
    search_transcript(one, name_model=None)
    assert read_decisions(one) == before


def test_hostile_names_and_words_go_through(hear: Hear) -> None:
    nasty = ("[/red]", "\x1b]0;Eve\x07", "${nlp.lang}", "Ro\nsa", "\u202eArthur")
    one = hear("My name is [/red] Rosa \x1b[31m.", "\u202eArthur\u202c came, \x1b]0;Eve\x07",
               participants=(Participant("P01", names=nasty),))  # fmt: skip
    for mention in search_transcript(one, name_model=None).mentions:
        decide_mention(one, mention.key, Verdict.ACCEPTED)
    assert "Arthur" not in write_clean_transcript(one).turns[1].text


def test_no_turns_and_empty_turns_are_searched(hear: Hear) -> None:
    assert search_transcript(hear(), name_model=None).mentions == ()
    assert search_transcript(hear("", " "), name_model=None).mentions == ()


def test_the_trail_holds_no_word_of_it(study: Study, hear: Hear) -> None:
    one = hear(*TALK)
    mentions = search_transcript(one, name_model=None).mentions
    decide_mention(
        one,
        mentions[0].key,
        Verdict.CHANGED,
        replacement="Albert",
        reason="he asked",
    )
    rows = str(study.db.execute("SELECT * FROM trail").fetchall())
    assert not any(word in rows for word in ("Arthur", "Albert", "asked", "07700"))


def test_only_turns_that_were_edited_are_searched_again(hear: Hear, correct: Correct) -> None:
    one = hear(*TALK)
    told: list[TaskProgress] = []
    search_transcript(one, name_model=None, report=told.append)
    assert told[-1].total == 3
    told.clear()
    search_transcript(one, name_model=None, report=told.append)
    assert told == []
    correct(one, *TALK[:2], "My number is 07700 900419.")
    search_transcript(one, name_model=None, report=told.append)
    assert told[-1].total == 1


def test_a_search_that_remembers_finds_what_one_without_memory_finds(
    hear: Hear, correct: Correct
) -> None:
    edited = (
        "My name is Arthur Bennett.",
        "It was twice, Arthur. So said Derek.",
        "A man called Derek.",
    )
    one, two = hear(*TALK), hear(*edited)
    search_transcript(one, name_model=None)
    correct(one, *edited)
    search_transcript(one, name_model=None)
    search_transcript(two, name_model=None)
    # A first name has a number of its own in each interview.
    assert [said for said, _ in words(one)] == [said for said, _ in words(two)]


def test_names_that_became_known_are_looked_for_in_all_turns(hear: Hear) -> None:
    one, two = hear("we met winifred there"), hear("A woman called Winifred.")
    search_transcript(one, name_model=None)
    search_transcript(two, name_model=None)
    assert words(one) == []
    decide_mention(two, by_words(two, "Winifred").key, Verdict.ACCEPTED)
    search_transcript(one, name_model=None)
    assert [said for said, _ in words(one)] == ["winifred"]


def test_a_name_that_only_its_capital_shows_is_asked_where_it_begins_a_sentence_too(
    hear: Hear,
) -> None:
    interview = hear("And then Ravendrun came.", "Ravendrun made the tea, as ever.")

    search_transcript(interview, name_model=None)

    found = [one.mention for one in read_decisions(interview)]
    assert [(m.turn, m.start, m.end, m.is_likely) for m in found] == [
        (1, 9, 18, False), (2, 0, 9, False),
    ]  # fmt: skip
    assert len({m.replacement for m in found}) == 1
