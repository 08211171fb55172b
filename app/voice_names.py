"""Whose the voices of an interview may be, from interviews in which somebody named them.

Voices are compared only where the study keeps voice prints; a person decides what is proposed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from study import ArtefactKind, Turn, Voices, measure_overlap_s
from study.store import Interview, Study, read_settings

# As cosines between prints. Of one made voice on a table and on the telephone: .84, and .84 of two
# women on both, so likeness alone tells nobody: the voice must also be nearer than the others of
# its interview. There that lead was .24 where it was right, and under .01 where nothing is guessed.
LEAST_LIKENESS, LEAST_LEAD = 0.75, 0.1
_LEAST_SHARE = 0.6  # of what a voice says, that the person it was named for must have

Print = Sequence[float]


@dataclass(frozen=True, slots=True)
class _Voice:
    """A voice, the code that its turns have now, and its print."""

    code: str
    print: Print


def guess_voice_names(interview: Interview) -> dict[str, str]:
    """Return whose the voices of an interview may be, by the codes that its turns have.

    A participant is guessed whose voice was named in another interview; nobody where the study
    keeps no voice prints.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    if not read_settings(interview.study).allows_voice_prints:
        return {}
    people = {one.code for one in interview.details.participants}
    voices = _list_voices(interview)
    left = people - {voice.code for voice in voices}
    unnamed = [voice for voice in voices if voice.code not in people]
    known = [voice for other in _list_others(interview) for voice in _list_voices(other)]
    guesses = [
        (lead, voice.code, person.code)
        for person in known
        if person.code in left
        for voice, lead in [_find_nearest(person, voices)]
        if voice in unnamed and lead >= LEAST_LEAD
    ]
    guessed: dict[str, str] = {}
    for _, code, who in sorted(guesses, reverse=True):
        if code not in guessed and who not in guessed.values():
            guessed[code] = who
    return guessed


def forget_voice_prints(study: Study) -> int:
    """Remove every voice print of a study; return of how many interviews there were some.

    Who speaks when stays, without what a voice is known again by.

    Raises:
        KeyNotHeld, StudyInUse, StudyUnwritable, DiskFull: some may be left.
    """
    forgotten = 0
    for summary in study.summaries():
        interview = study.interview(summary.id)
        versions = range(1, interview.find_newest_version(ArtefactKind.VOICES) + 1)
        kept = [interview.read_artefact(ArtefactKind.VOICES, Voices, n) for n in versions]
        if not any(voices is not None and voices.prints for voices in kept):
            continue
        with interview.change("voice prints removed") as change:
            change.drop_artefact(ArtefactKind.VOICES)
            if kept[-1] is not None:
                change.write_artefact(ArtefactKind.VOICES, replace(kept[-1], prints=()))
        forgotten += 1
    return forgotten


def _find_nearest(person: _Voice, voices: Sequence[_Voice]) -> tuple[_Voice | None, float]:
    """Return the voice most like a person's, and by how much it is more so than the next one."""
    ordered = sorted(
        ((_measure_likeness(person, voice), n) for n, voice in enumerate(voices)), reverse=True
    )
    if len(ordered) < 2 or ordered[0][0] < LEAST_LIKENESS:  # noqa: PLR2004 - one has no next
        return None, 0.0
    return voices[ordered[0][1]], ordered[0][0] - ordered[1][0]


def _measure_likeness(one: _Voice, other: _Voice) -> float:
    return sum(a * b for a, b in zip(one.print, other.print, strict=False))


def _list_others(interview: Interview) -> list[Interview]:
    study = interview.study
    return [study.interview(one.id) for one in study.summaries() if one.id != interview.id]


def _list_voices(interview: Interview) -> list[_Voice]:
    """Return the voices that have prints, with the codes that their turns have now."""
    voices = interview.read_artefact(ArtefactKind.VOICES, Voices)
    source = interview.read_transcript() if voices is not None and voices.prints else None
    if voices is None or source is None:
        return []
    codes = [_find_code(voices, n, source.transcript.turns) for n in range(len(voices.prints))]
    return [_Voice(code, made) for code, made in zip(codes, voices.prints, strict=True) if code]


def _find_code(voices: Voices, number: int, turns: Sequence[Turn]) -> str:
    """Return the code of who has most of what a voice says, "" where nobody has enough of it."""
    spans = [(one.start_s, one.end_s) for one in voices.stretches if one.voice == number]
    shared: Counter[str] = Counter()
    at = 0
    for turn in turns:
        while at < len(spans) and spans[at][1] <= turn.start_s:
            at += 1
        for span in spans[at:]:
            if span[0] >= turn.end_s:
                break
            shared[turn.speaker] += round(
                1000 * measure_overlap_s(span, (turn.start_s, turn.end_s))
            )
    if not shared:
        return ""
    code, most = shared.most_common(1)[0]
    return code if most >= _LEAST_SHARE * shared.total() else ""
