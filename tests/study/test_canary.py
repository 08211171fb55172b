from __future__ import annotations

from pathlib import Path

import pytest

from study.artefact_facts import TranscriptFacts
from study.artefact_kinds import ArtefactKind
from study.records import (
    Category,
    Decision,
    InterviewDetails,
    Mark,
    Participant,
    Provenance,
    Pseudonym,
    RegisterEntry,
    SoundFormat,
    Transcript,
    Turn,
    Verdict,
)
from study.store.keys import Argon2Cost
from study.store.recordings import IncomingSound, record_stretch
from study.store.study import WHOLE_STUDY, Study

CANARIES = ("Quetzalcoatlus", "Wolvercotebury", "zeppelin bürgermeister")
SOUND = b"canary in the sound "


def write_canaries(study: Study, form: SoundFormat) -> None:
    """Write the canaries wherever a word or a name can be written."""
    person, place, phrase = CANARIES
    with IncomingSound(study, form) as incoming:
        incoming.write(SOUND * 400)
        register = (RegisterEntry(Category.PLACE, (place,), "ward"),)
        about = InterviewDetails("P01", (Participant("P01", names=(person,)),), register=register)
        interview = incoming.keep(about, {"container": "WAV", "title": person})
    with record_stretch(study.interview(interview), form) as writer:
        writer.write(SOUND * 400)
        writer.write_mark(Mark(0.1, "note", phrase))
    turn = Turn(0, "P01", 0.0, 1.0, f"{person} of {place}: {phrase}")
    with study.interview(interview).change("written") as change:
        for kind in (
            ArtefactKind.RAW,
            ArtefactKind.CORRECTED,
            ArtefactKind.CLEAN,
            ArtefactKind.LOG,
            ArtefactKind.MENTIONS,
        ):
            change.write_artefact(
                kind, Transcript((turn,), Provenance("t", "e")), TranscriptFacts(1)
            )
        change.append_entry(
            ArtefactKind.MENTIONS, Decision("1", Verdict.CHANGED, 1, study.now(), place, phrase)
        )
        change.write_artefact(
            ArtefactKind.PSEUDONYMS,
            [Pseudonym(Category.PERSON, place, (person,))],
            owner=WHOLE_STUDY,
        )


def holding(folder: Path) -> set[str]:
    """Names of files in which any canary can be found, in any of its encodings."""
    words = [word.encode(how) for word in CANARIES for how in ("utf-8", "utf-16-le", "utf-16-be")]
    words += [word.encode("unicode_escape") for word in CANARIES] + [SOUND]
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {path.name for path, raw in files.items() if any(word in raw for word in words)}


def test_no_word_and_no_name_can_be_found_in_any_file_of_a_study(
    tmp_path: Path, passphrase: str, cheap: Argon2Cost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    form = SoundFormat(8000, 1)
    study, code = Study.create(tmp_path / "study", passphrase, cost=cheap)

    with study:
        write_canaries(study, form)
        while_open = holding(tmp_path)
    when_closed = holding(tmp_path)

    assert while_open == when_closed == set()
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert code.encode() not in everything
    assert passphrase.encode() not in everything


def test_the_search_for_canaries_finds_one(tmp_path: Path) -> None:
    (tmp_path / "leak").write_bytes("a Quetzalcoatlus".encode("utf-16"))

    assert holding(tmp_path) == {"leak"}
