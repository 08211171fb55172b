"""The words of a small study with interviews in every state."""

from __future__ import annotations

from study import (
    ArtefactKind,
    Category,
    Coverage,
    DoubtFlag,
    InterviewDetails,
    Mark,
    Mention,
    Mentions,
    MentionsFacts,
    Participant,
    Provenance,
    Transcript,
    TranscriptFacts,
    TranscriptRef,
    Turn,
)
from study.store import Study

SEARCHED = TranscriptRef(ArtefactKind.RAW, 1)
MADE_BY = Provenance("test", "earshot tests")

TURNS = (
    Turn(1, "INT", 0.0, 4.0, "Could you tell me who comes to the course with you?"),
    Turn(2, "P07", 4.5, 12.0, "My sister Margaret does. She works at Ashfield ward, you know."),
    Turn(3, "INT", 13.0, 15.0, "How long has Margaret been doing that?"),
    Turn(
        4, "P07", 15.5, 31.0,
        "Oh, since the spring. [pause] Before that it was Tom, but Tom moved to Leeds, and then "
        "nobody came for a while, and I sat there by myself with my tea.",
        flags=(DoubtFlag("repetition", "said three times"),),
    ),
)  # fmt: skip


def mention(key: str, turn: Turn, words: str, category: Category, replacement: str) -> Mention:
    start = turn.text.index(words)
    return Mention(
        key, turn.key, start, start + len(words), category, "register", 0.98, replacement
    )


MENTIONS = (
    mention("m1", TURNS[1], "Margaret", Category.PERSON, "[Person 2]"),
    mention("m2", TURNS[1], "Ashfield ward", Category.ORGANISATION, "[Organisation 1]"),
    mention("m3", TURNS[2], "Margaret", Category.PERSON, "[Person 2]"),
    mention("m4", TURNS[3], "Leeds", Category.PLACE, "[Place 1]"),
)


def add_interview(
    study: Study,
    label: str,
    turns: tuple[Turn, ...] = (),
    mentions: tuple[Mention, ...] | None = None,
    *,
    not_looked_for: tuple[str, ...] = (),
    coverage: Coverage | None = None,
    events: tuple[Mark, ...] = (),
    codes: tuple[str, ...] = (),
) -> str:
    with study.change("imported") as change:
        people = tuple(Participant(code) for code in codes)
        interview = change.add_interview(InterviewDetails(label, people))
        if turns:
            covered = coverage or Coverage(31.0, 25.0, 24.6, ((12.2, 12.6),))
            told = TranscriptFacts(speech_s=covered.speech_s, covered_s=covered.covered_s)
            heard = Transcript(turns, MADE_BY, covered, events)
            change.write_artefact(ArtefactKind.RAW, heard, told)
        if mentions is not None:
            found = Mentions(SEARCHED, mentions, MADE_BY, ("person",), not_looked_for)
            change.write_artefact(
                ArtefactKind.MENTIONS,
                found,
                MentionsFacts(SEARCHED, undecided=len(mentions)),
            )
    return interview
