"""Who speaks when, as voices tell it: the record beside a transcript."""

from __future__ import annotations

from dataclasses import dataclass

from study.intervals import Interval


@dataclass(frozen=True, slots=True)
class VoiceStretch:
    """One voice speaks from ``start_s`` to ``end_s``; ``voice`` counts from 0.

    margin: how much nearer its embedding is to its own voice than to the next, in cosine: at most
    2, 0 if as near to both, negative if nearer to another.
    """

    start_s: float
    end_s: float
    voice: int
    margin: float


@dataclass(frozen=True, slots=True)
class Voices:
    """The voices of an interview, as a model told them apart.

    stretches: in order of time. codes: of each voice the speaker's code, a participant's or
    interviewer's where somebody named it, else S1, S2, ... count: how many people speak.
    is_guessed: whether nobody said how many. sureness: of that number, 0 to 1; 1 where it was
    given. model, model_sha256: what compared the voices. prints: of each voice the numbers that it
    is known again by, () where the study does not keep them: they are biometric data. mixed: where
    the sound lies between two voices for about a second; perhaps two people talk at once.
    uses_keys: whether the keys counted that an interviewer pressed while recording.
    """

    stretches: tuple[VoiceStretch, ...]
    codes: tuple[str, ...]
    count: int
    is_guessed: bool
    sureness: float
    model: str
    model_sha256: str
    prints: tuple[tuple[float, ...], ...] = ()
    mixed: tuple[Interval, ...] = ()
    uses_keys: bool = True
