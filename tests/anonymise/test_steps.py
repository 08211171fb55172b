"""The search writes mentions and pseudonyms, and keeps everything that a person decided."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anonymise import pseudonyms
from anonymise.cleaning import clean
from anonymise.deciding import add, decide
from anonymise.steps import propose
from study import decided
from study.artefacts import Kind
from study.change import Change
from study.errors import StepMissing, Stopped
from study.facts import DecisionFacts, MentionsFacts, PseudonymFacts
from study.references import TranscriptRef
from study.steps import Progress
from study.store import Study
from study.terms import (
    About,
    Category,
    Decision,
    Mention,
    Mentions,
    Participant,
    Transcript,
    Verdict,
)

SEARCHED = TranscriptRef(Kind.RAW, 1)

Hear = Callable[..., str]
Correct = Callable[..., None]
TALK = ("My name is Arthur Bennett.", "It was twice, Arthur.", "My number is 07700 900418.")


def words(study: Study, interview: str) -> list[tuple[str, str]]:
    said = decided.words(study, interview)
    return [
        (said[one.mention.key], one.mention.replacement) for one in decided.read(study, interview)
    ]


def by_words(study: Study, interview: str, wanted: str) -> Mention:
    said = decided.words(study, interview)
    (found,) = [d.mention for d in decided.read(study, interview) if said[d.mention.key] == wanted]
    return found


def test_a_search_proposes_and_names(study: Study, hear: Hear) -> None:
    one = hear(*TALK)
    mentions = propose(study, one, ner=None)
    assert words(study, one) == [
        ("Arthur Bennett", "[Person 1]"),
        ("Arthur", "[Person 1]"),
        ("07700 900418", "[Phone number 1]"),
    ]
    assert mentions == study.get(one, Kind.MENTIONS, Mentions)
    assert mentions.transcript == SEARCHED
    assert "other names of people" in mentions.not_looked_for
    assert [p.replacement for p in pseudonyms.of_interview(study, one)] == [
        "[Person 1]",
        "[Phone number 1]",
    ]


def test_what_stands_in_the_clear_is_counts(study: Study, hear: Hear) -> None:
    one = hear(*TALK)
    propose(study, one, ner=None)
    summary = study.find(one)
    assert summary.facts.mentions == MentionsFacts(SEARCHED, mentions=3, undecided=3)
    assert summary.facts.pseudonyms == PseudonymFacts({"person": 1, "phone number": 1})


def test_a_person_has_the_same_number_in_every_interview(study: Study, hear: Hear) -> None:
    arthur = Participant("P01", names=("Arthur Bennett",))
    one = hear("I am Helen.", "Then Arthur came.", participants=(arthur,))
    two = hear("Mr Bennett spoke.", "I live in Skipton.", "Derek? A man called Derek.",
               participants=(arthur,))  # fmt: skip
    propose(study, one, ner=None)
    propose(study, two, ner=None)
    assert words(study, one) == [("Helen", "[Person 1]"), ("Arthur", "[Person 2, P01]")]
    assert words(study, two) == [
        ("Mr Bennett", "[Person 2, P01]"),
        ("Skipton", "[Place 1, town in northern England]"),
        ("Derek", "[Person 3]"), ("Derek", "[Person 3]"),
    ]  # fmt: skip


def test_what_was_accepted_in_one_interview_is_looked_for_in_the_next(
    study: Study, hear: Hear
) -> None:
    one = hear("My tutor, Winifred, said so. I live in Skipton.")
    two = hear("winifred was there, of course")
    propose(study, one, ner=None)
    propose(study, two, ner=None)
    assert words(study, two) == []
    decide(study, one, by_words(study, one, "Winifred").key, Verdict.ACCEPTED)
    propose(study, two, ner=None)
    assert words(study, two) == [("winifred", "[Person 1, tutor]")]


def test_searching_again_changes_nothing(study: Study, hear: Hear) -> None:
    one = hear(*TALK)
    first = propose(study, one, ner=None)
    decide(study, one, first.mentions[0].key, Verdict.ACCEPTED)
    decide(study, one, first.mentions[1].key, Verdict.CHANGED, replacement="my friend")
    before = decided.read(study, one)
    assert propose(study, one, ner=None) == first
    assert decided.read(study, one) == before
    assert study.find(one).undecided == 1
    assert study.version(one, Kind.PSEUDONYMS) == 1


def test_decisions_follow_their_words_through_an_edit(
    study: Study, hear: Hear, correct: Correct
) -> None:
    one = hear("Well, then Doctor Patel and Doctor Shaw came.", "My friend Jean.")
    propose(study, one, ner=None)
    patel, shaw = (by_words(study, one, w) for w in ("Doctor Patel", "Doctor Shaw"))
    decide(study, one, patel.key, Verdict.ACCEPTED)
    decide(study, one, shaw.key, Verdict.REJECTED)
    correct(one, "Well, so Doctor Patel and Doctor Shawe came.", "My friend Jean.")
    propose(study, one, ner=None)
    assert by_words(study, one, "Doctor Patel").key == patel.key
    standing = {d.mention.key: d.decision for d in decided.read(study, one)}
    assert standing[patel.key] is not None
    assert standing[by_words(study, one, "Doctor Shawe").key] is None
    assert study.find(one).undecided == 2


def test_a_mention_that_a_person_added_survives_a_new_search(study: Study, hear: Hear) -> None:
    one = hear("We sang at the old mill by the river.")
    propose(study, one, ner=None)
    added = add(study, one, 1, 11, 23, Category.PLACE)
    propose(study, one, ner=None)
    assert [d.mention for d in decided.read(study, one)] == [added]
    assert "[Place 1]" in clean(study, one).turns[0].text


def test_what_a_find_says_beyond_an_accepted_mention_is_asked(study: Study, hear: Hear) -> None:
    one = hear("then Arthur Bennett came")
    propose(study, one, ner=None)
    add(study, one, 1, 5, 11, Category.PERSON)
    with study.change("names entered", one) as change:
        about = About("I1", (Participant("P01", names=("Arthur Bennett",)),))
        change.put(one, Kind.ABOUT, about)
    propose(study, one, ner=None)
    assert [w for w, _ in words(study, one)] == ["Arthur", "Bennett"]
    assert study.find(one).undecided == 1


def test_a_find_that_reaches_beyond_a_rejected_one_is_asked(study: Study, hear: Hear) -> None:
    one = hear("Ask for Grace Okafor.")
    with study.change("as an older version found it", one) as change:
        mention = Mention("aaaaaaaa", 1, 8, 13, Category.PERSON, "names", 0.7, "[Person 1]")
        raw = study.get(one, Kind.RAW, Transcript)
        assert raw is not None
        change.put(one, Kind.MENTIONS, Mentions(SEARCHED, (mention,), raw.provenance))
        no = Decision("aaaaaaaa", Verdict.REJECTED, 1, change.at)
        change.append(one, Kind.MENTIONS, no, DecisionFacts(0))
    propose(study, one, ner=None)
    assert [w for w, _ in words(study, one)] == ["Grace Okafor"]
    assert study.find(one).undecided == 1


def test_no_transcript_is_said_so(study: Study) -> None:
    with study.change("made") as change:
        one = change.add_interview(About("I9"))
    with pytest.raises(StepMissing):
        propose(study, one, ner=None)


def test_it_reports_each_turn_and_stops_when_asked(study: Study, hear: Hear) -> None:
    one = hear(*TALK)
    told: list[Progress] = []
    with pytest.raises(Stopped):
        propose(study, one, ner=None, report=told.append, stop=lambda: len(told) > 1)
    assert [p.done for p in told] == [0, 1]
    assert study.version(one, Kind.MENTIONS) == 0
    told.clear()
    propose(study, one, ner=None, report=told.append)
    assert told[-1] == Progress(3, 3, "turns")


def test_a_search_that_dies_while_writing_has_done_nothing(
    study: Study, hear: Hear, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = hear(*TALK)
    first = propose(study, one, ner=None)
    decide(study, one, first.mentions[0].key, Verdict.ACCEPTED)
    before = decided.read(study, one)

    def dying(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Change, "append_all", dying)
        with pytest.raises(KeyboardInterrupt):
            propose(study, one, ner=None)
    assert study.version(one, Kind.MENTIONS) == 1
    assert decided.read(study, one) == before
    propose(study, one, ner=None)
    assert decided.read(study, one) == before


def test_hostile_names_and_words_go_through(study: Study, hear: Hear) -> None:
    nasty = ("[/red]", "\x1b]0;Eve\x07", "${nlp.lang}", "Ro\nsa", "\u202eArthur")
    one = hear("My name is [/red] Rosa \x1b[31m.", "\u202eArthur\u202c came, \x1b]0;Eve\x07",
               participants=(Participant("P01", names=nasty),))  # fmt: skip
    for mention in propose(study, one, ner=None).mentions:
        decide(study, one, mention.key, Verdict.ACCEPTED)
    assert "Arthur" not in clean(study, one).turns[1].text


def test_no_turns_and_empty_turns_are_searched(study: Study, hear: Hear) -> None:
    assert propose(study, hear(), ner=None).mentions == ()
    assert propose(study, hear("", " "), ner=None).mentions == ()


def test_the_trail_holds_no_word_of_it(study: Study, hear: Hear) -> None:
    one = hear(*TALK)
    mentions = propose(study, one, ner=None).mentions
    decide(study, one, mentions[0].key, Verdict.CHANGED, replacement="Albert", reason="he asked")
    rows = str(study.db.execute("SELECT * FROM trail").fetchall())
    assert not any(word in rows for word in ("Arthur", "Albert", "asked", "07700"))


def test_only_turns_that_were_edited_are_searched_again(
    study: Study, hear: Hear, correct: Correct
) -> None:
    one = hear(*TALK)
    told: list[Progress] = []
    propose(study, one, ner=None, report=told.append)
    assert told[-1].total == 3
    told.clear()
    propose(study, one, ner=None, report=told.append)
    assert told == []
    correct(one, *TALK[:2], "My number is 07700 900419.")
    propose(study, one, ner=None, report=told.append)
    assert told[-1].total == 1


def test_a_search_that_remembers_finds_what_one_without_memory_finds(
    study: Study, hear: Hear, correct: Correct
) -> None:
    edited = (
        "My name is Arthur Bennett.",
        "It was twice, Arthur. So said Derek.",
        "A man called Derek.",
    )
    one, two = hear(*TALK), hear(*edited)
    propose(study, one, ner=None)
    correct(one, *edited)
    propose(study, one, ner=None)
    propose(study, two, ner=None)
    assert words(study, one) == words(study, two)


def test_names_that_became_known_are_looked_for_in_all_turns(study: Study, hear: Hear) -> None:
    one, two = hear("we met winifred there"), hear("A woman called Winifred.")
    propose(study, one, ner=None)
    propose(study, two, ner=None)
    assert words(study, one) == []
    decide(study, two, by_words(study, two, "Winifred").key, Verdict.ACCEPTED)
    propose(study, one, ner=None)
    assert [said for said, _ in words(study, one)] == ["winifred"]
