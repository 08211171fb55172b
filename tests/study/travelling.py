"""Two studies that trust each other, and an interview with everything that travels."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anonymise import decide_mention
from study import (
    ArtefactKind,
    Category,
    ConsentRecord,
    InterviewDetails,
    Mention,
    Mentions,
    MentionsFacts,
    PaperVersion,
    Participant,
    Provenance,
    Pseudonym,
    PseudonymFacts,
    SoundFormat,
    StudyCard,
    Transcript,
    TranscriptFacts,
    Turn,
    Verdict,
)
from study.store import (
    Argon2Cost,
    IncomingSound,
    Study,
    TranscriptEditor,
    keep_consent,
    make_study_keys,
    spell_card,
    trust_study,
)

CHEAP = Argon2Cost(iterations=1, lanes=1, memory_kib=8)
PASSPHRASE = "a long passphrase"
LINES = ("Well, Margaret Hollis?", "Yes, my sister.", "In Leeds.")


@dataclass(frozen=True)
class Place:
    """A study on a computer of its own, and its card."""

    study: Study
    card: StudyCard


@contextmanager
def places(folder: Path, *names: str) -> Generator[dict[str, Place]]:
    """Make studies, each of which trusts all the others."""
    made: dict[str, Place] = {}
    for name in names:
        study, _ = Study.create(folder / name, PASSPHRASE, cost=CHEAP)
        made[name] = Place(study, make_study_keys(study))
    for name, place in made.items():
        for other in names:
            if other != name:
                card = made[other].card
                trust_study(place.study, card, other, spell_card(card))
    try:
        yield made
    finally:
        for place in made.values():
            place.study.close()


def agree(study: Study, code: str, taken_on: str = "2026-11-01") -> ConsentRecord:
    """Record somebody's consent."""
    paper = PaperVersion("1", "2026-01-01")
    return keep_consent(study, ConsentRecord(code, paper, paper, "INT01", taken_on))


def bring_in(
    study: Study,
    label: str,
    *,
    seconds: int = 2,
    code: str = "P07",
    names: tuple[tuple[str, str], ...] = (("[Person 1]", "margaret hollis"),),
    is_decided: bool = True,
) -> str:
    """Enter an interview with sound, corrected words, one decided mention and replacements."""
    with IncomingSound(study, SoundFormat(8000, 1)) as incoming:
        for second in range(seconds):
            incoming.write(bytes([second % 256, 1]) * 8000)
        about = InterviewDetails(label, (Participant(code, names=("Margaret Hollis",)),))
        made = incoming.keep(about, {"container": "WAV"})
    interview = study.interview(made)
    by = Provenance("transcribe", "earshot", "tiny.en", "00" * 32)
    turns = tuple(Turn(n + 1, code, n, n + 1, text) for n, text in enumerate(LINES))
    with interview.change("transcribed") as change:
        change.write_artefact(ArtefactKind.RAW, Transcript(turns, by), TranscriptFacts(len(turns)))
    TranscriptEditor(interview).set_text(3, "In Leeds, then.")
    source = interview.read_transcript()
    assert source is not None
    found = (Mention("m1", 1, 6, 21, Category.PERSON, "name", 1.0, names[0][0]),)
    with interview.change("anonymised") as change:
        change.write_artefact(
            ArtefactKind.MENTIONS,
            Mentions(source.ref, found, Provenance("anonymise", "earshot")),
            MentionsFacts(source.ref, 1, 1),
        )
        change.write_artefact(
            ArtefactKind.PSEUDONYMS,
            tuple(Pseudonym(Category.PERSON, label, (form,), label) for label, form in names),
            PseudonymFacts({"person": len(names)}),
        )
    if is_decided:
        decide_mention(interview, "m1", Verdict.ACCEPTED)
    return made
