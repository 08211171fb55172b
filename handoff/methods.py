"""The methods paragraph: how the interviews were recorded, transcribed, checked and anonymised.

Every figure in it is counted from the study; what was not done is said too. It covers those items
of the COREQ checklist that a program can know: sound recording (19), duration (21), software
(27). The rest is the researchers' to write.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from study.events import lasting
from study.steps import PROGRAM
from study.terms import Coverage, LogLine, Provenance, SignOff


@dataclass(frozen=True, slots=True)
class Done:
    """What was done to one interview. recorded: "with Earshot", or how it came; "" unknown."""

    recorded: str
    heard: Provenance
    found: Provenance
    coverage: Coverage | None
    is_corrected: bool
    log: tuple[LogLine, ...]
    sign_off: SignOff | None


def methods(every: Sequence[Done]) -> str:
    """Return the paragraph, one sentence after another."""
    parts = (_sound(every), _heard(every), _corrected(every), _anonymised(every), _signed(every))
    return " ".join(part for part in parts if part)


def _sound(every: Sequence[Done]) -> str:
    count = _of(len(every), "interview was", "interviews were")
    ways = _listed(sorted({f"sound {one.recorded}" for one in every if one.recorded}))
    lengths = sorted(one.coverage.sound_s for one in every if one.coverage)
    span = _lasting(lengths)
    return f"{count} analysed{f' ({ways})' if ways else ''}{span}."


def _lasting(lengths: Sequence[float]) -> str:
    if not lengths:
        return ""
    if len(lengths) == 1:
        return f", lasting {lasting(lengths[0])}"
    shortest, longest = lasting(lengths[0]), lasting(lengths[-1])
    return f", lasting {shortest} to {longest}, {lasting(sum(lengths))} in all"


def _heard(every: Sequence[Done]) -> str:
    models = _listed(sorted({_model(one.heard) for one in every}))
    covered = [one.coverage for one in every if one.coverage]
    speech_s = sum(c.speech_s for c in covered)
    share = (
        f"{int(1000 * sum(c.covered_s for c in covered) / speech_s) / 10:g} %" if speech_s else ""
    )
    said = (
        f"Speech was transcribed on the researchers' own computer with {PROGRAM}"
        f" (faster-whisper, {models}); no sound and no text was sent to any service."
    )
    drafts = sum(bool(one.heard.options.get("is_draft")) for one in every)
    if drafts:
        said += f" {_of(drafts, 'transcript is', 'transcripts are')} a quick draft."
    if not share:
        return said
    gaps = sum(len(c.gaps) for c in covered)
    doubts = sum(len(c.doubts) for c in covered)
    return (
        f"{said} {share} of the detected speech has words;"
        f" {_of(gaps, 'passage', 'passages')} of speech without words and"
        f" {_of(doubts, 'passage', 'passages')} whose words should be doubted were marked."
    )


def _corrected(every: Sequence[Done]) -> str:
    by_hand = sum(one.is_corrected for one in every)
    if by_hand == len(every):
        return "All transcripts were corrected by a person against the recording."
    if by_hand:
        return f"{by_hand} of {len(every)} transcripts were corrected by a person."
    return "The words of the transcripts were not corrected by hand."


def _anonymised(every: Sequence[Done]) -> str:
    lines = [line for one in every for line in one.log]
    replaced = Counter(line.category.value for line in lines if line.action != "kept")
    kept = sum(line.action == "kept" for line in lines)
    finders = _listed(sorted({_model(one.found) for one in every if one.found.model}))
    how = f"rules, names known beforehand and a trained model ({finders})" if finders else (
        "rules and names known beforehand"
    )  # fmt: skip
    kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(replaced.items()))
    return (
        f"Identifying details were proposed by {how}, and every proposal was decided by a person:"
        f" {_of(sum(replaced.values()), 'detail was', 'details were')} replaced"
        f"{f' ({kinds})' if kinds else ''} and {kept} kept as harmless. One person, place or number"
        " has the same replacement throughout; while a key is kept, the data is pseudonymised."
    )


def _signed(every: Sequence[Done]) -> str:
    signed = [one.sign_off for one in every if one.sign_off]
    roles = _listed(sorted({s.role for s in signed if s.role}))
    second = sum(s.by not in s.decided_by for s in signed)
    who = f" by the {roles}" if roles else ""
    apart = (
        f"; {second} of {len(signed)} by somebody else than who decided the details"
        if second
        else ""
    )
    return f"Each transcript was signed off{who} before it was handed over{apart}."


def _model(made_by: Provenance) -> str:
    sha = f", SHA-256 {made_by.model_sha256[:16]}" if made_by.model_sha256 else ""
    return f"model {made_by.model or 'unknown'}{sha}"


def _of(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _listed(words: Iterable[str]) -> str:
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last
