"""A study of many long interviews, made quickly: real records, written by the real store.

Each interview has a second of sound, a transcript with the times of its words, five names of its
own that were entered with it, twenty mentions of them that are decided, a clean transcript and a
sign-off. No name is shared, so a thousand interviews know five thousand.

The gate is left out while the study is made: it is what is measured, and it looks at the whole
study for each interview.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import msgspec

from anonymise import accept_all_mentions, write_clean_transcript
from benchmarks.gate import make_word
from handoff import sign_transcript
from models import DEMONSTRATION_NAMES, is_ordinary_word, load_demonstration
from study import (
    ArtefactKind,
    Category,
    Coverage,
    InterviewDetails,
    Mention,
    Mentions,
    MentionsFacts,
    Participant,
    Provenance,
    Pseudonym,
    PseudonymFacts,
    Recognition,
    RegisterEntry,
    Role,
    SoundFormat,
    Transcript,
    TranscriptFacts,
    TranscriptRef,
    Turn,
    Word,
)
from study.store import Argon2Cost, IncomingSound, Study

PASSPHRASE = "four unrelated small words"  # noqa: S105 - it guards nothing
NAMES_EACH = 5
RARE_WORD = "collage"  # in every tenth interview
_CHEAP = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
_MENTIONS_EACH = 20
_TURN_WORDS = 25
_TEMPLATES = 400  # turns of which interviews are put together
_WORD_S = 0.4
_RATE = 8000
_SEARCHED = TranscriptRef(ArtefactKind.RAW, 1)
_KINDS = (
    Category.PERSON, Category.PERSON, Category.PERSON, Category.PLACE, Category.ORGANISATION,
)  # fmt: skip


def make_empty_study(folder: Path) -> Study:
    """Make an empty study in ``folder``; return it open."""
    return Study.create(folder, PASSPHRASE, cost=_CHEAP)[0]


class InterviewMaker:
    """Makes interviews of so many words, each of other turns in another order."""

    def __init__(self, words: int) -> None:
        self._words = words
        self._turns = list(_make_templates())

    def enter(self, study: Study, number: int, *, is_signed: bool = True) -> str:
        """Enter interview ``number`` with all that was made of it; return its id."""
        names = list_names(number)
        with IncomingSound(study, SoundFormat(_RATE, 1)) as sound:
            sound.write(bytes(2 * _RATE))
            made = sound.keep(_describe(number, names), {})
        turns = tuple(self._tell(number, names))
        spoken = turns[-1].end_s
        raw = Transcript(
            turns,
            Provenance("transcribe", "earshot", "small.en", "00" * 32),
            Coverage(spoken, 0.8 * spoken, 0.79 * spoken),
            recognition=Recognition(),
        )
        mentions = _find_names(number, turns, names)
        interview = study.interview(made)
        with interview.change("transcribed") as change:
            facts = TranscriptFacts(len(turns), 0.8 * spoken, 0.79 * spoken)
            change.write_artefact(ArtefactKind.RAW, raw, facts)
        with interview.change("anonymised") as change:
            change.write_artefact(
                ArtefactKind.MENTIONS,
                Mentions(_SEARCHED, mentions, Provenance("anonymise", "earshot")),
                MentionsFacts(_SEARCHED, len(mentions), len(mentions)),
            )
            change.write_artefact(
                ArtefactKind.PSEUDONYMS,
                tuple(
                    Pseudonym(kind, label, (name.lower(),), label) for kind, name, label in names
                ),
                PseudonymFacts(_count_given(number)),
            )
        accept_all_mentions(interview)
        write_clean_transcript(interview)
        if is_signed:
            with mock.patch("handoff.sign_off.check_clean_text"):
                sign_transcript(interview, name="A. Officer")
        return made

    def _tell(self, number: int, names: list[tuple[Category, str, str]]) -> Iterator[Turn]:
        dice = random.Random(number)
        count = self._words // _TURN_WORDS
        with_names = dict(
            zip(dice.sample(range(count), _MENTIONS_EACH), range(count), strict=False)
        )
        rare = dice.randrange(count) if number % 10 == 0 else -1
        for place in range(count):
            template = dice.choice(self._turns)
            start_s = place * _TURN_WORDS * _WORD_S
            text = template.text
            if place in with_names:
                text = f"{names[with_names[place] % len(names)][1]} {text}"
            if place == rare:
                text = f"{text} {RARE_WORD}"
            yield dataclasses.replace(
                template,
                key=place + 1,
                start_s=start_s,
                end_s=start_s + _TURN_WORDS * _WORD_S - 1,
                text=text,
            )


def list_names(number: int) -> list[tuple[Category, str, str]]:
    """Return category, name and label of each name of an interview; no other one has them."""
    first = number * NAMES_EACH
    found: list[tuple[Category, str, str]] = []
    for place, kind in enumerate(_KINDS):
        one = first + place
        said = f"{make_word(2 * one)} {make_word(2 * one + 1)}"
        of_kind = number * _KINDS.count(kind) + _KINDS[:place].count(kind) + 1
        found.append((kind, said, f"[{kind.value.capitalize()} {of_kind}]"))
    return found


def _count_given(number: int) -> dict[str, int]:
    return {kind.value: (number + 1) * _KINDS.count(kind) for kind in sorted(set(_KINDS))}


def _describe(number: int, names: list[tuple[Category, str, str]]) -> InterviewDetails:
    code = f"P{number + 1:04}"
    people = (
        Participant("INT01", Role.INTERVIEWER),
        Participant(code, names=(names[0][1],)),
    )
    register = tuple(RegisterEntry(kind, (name,)) for kind, name, _ in names[1:])
    return InterviewDetails(f"{code}_i1", people, register=register)


def _find_names(
    number: int, turns: tuple[Turn, ...], names: list[tuple[Category, str, str]]
) -> tuple[Mention, ...]:
    said = {name: (kind, label) for kind, name, label in names}
    found: list[Mention] = []
    for turn in turns:
        name = " ".join(turn.text.split()[:2])
        if name in said:
            kind, label = said[name]
            key = f"{number:04x}{turn.key:04x}"
            found.append(Mention(key, turn.key, 0, len(name), kind, "names", 0.9, label))
    return tuple(found)


def _make_templates() -> Iterator[Turn]:
    """Yield turns of ordinary words as people say them, with times of each word, still encoded."""
    dice = random.Random(22)
    spoken = [text for name in DEMONSTRATION_NAMES for _, text in load_demonstration(name).turns]
    every = [word for text in spoken for word in text.split()]
    words = [word for word in every if word.islower() and is_ordinary_word(word)]
    for number in range(_TEMPLATES):
        first = dice.randrange(len(words) - _TURN_WORDS)
        said = words[first : first + _TURN_WORDS]
        times = tuple(
            Word(word, round(_WORD_S * n, 2), round(_WORD_S * (n + 1), 2), 0.97)
            for n, word in enumerate(said)
        )
        turn = Turn(number + 1, ("INT01", "P07")[number % 2], 0, 1, " ".join(said), times)
        yield msgspec.json.decode(msgspec.json.encode(turn), type=Turn)
