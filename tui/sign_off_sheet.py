"""The sheet that an officer files for an interview that was signed off or sent back."""

from __future__ import annotations

from collections import Counter

from study.artefacts import Kind
from study.signed import Signed
from study.store import Study
from study.terms import LogLine, Ruling, SignOff, Transcript


def count_decisions(study: Study, interview: str) -> dict[str, int]:
    """Count the lines of the newest log, by ``category, action``."""
    log = study.get(interview, Kind.LOG, tuple[LogLine, ...]) or ()
    return dict(sorted(Counter(f"{line.category}, {line.action}" for line in log).items()))


def sheet(study: Study, interview: str, found: Signed | None) -> list[str]:
    """Write what an officer files: hashes, head, counts, coverage. It holds no words."""
    if found is None:
        return ["Nobody has signed it off yet."]
    one, clean = found.sign_off, study.get(interview, Kind.CLEAN, Transcript)
    lines = [f"{_standing(found)}, {one.at}, by {_who(one)}"]
    lines += [f"  about {o.mention or 'the whole'}: {o.reason}" for o in one.objections]
    lines += [
        f"Clean transcript  {one.transcript_sha256}",
        f"Log               {one.log_sha256}",
        f"Text handed over  {one.text_sha256}",
        f"Audit trail       {one.trail_count}:{one.trail_hash}",
    ]
    lines += [f"{number:4}  {what}" for what, number in count_decisions(study, interview).items()]
    if one.checked:
        lines.append(f"{one.checked:4}  of these lines were looked at again, and found right")
    if clean is not None and clean.coverage is not None:
        covered = clean.coverage
        lines.append(
            f"{covered.covered_s:.0f} of {covered.speech_s:.0f} s of speech have words;"
            f" passages without: {len(covered.gaps)}, doubtful: {len(covered.doubts)}."
        )
    return lines


def _standing(found: Signed) -> str:
    if found.sign_off.ruling is Ruling.SENT_BACK:
        return "Sent back"
    return f"VOID, because {found.why_void}; signed" if found.why_void else "Signed off"


def _who(one: SignOff) -> str:
    given = ", ".join(part for part in (one.name, one.role) if part)
    return f"{given} (passphrase of {one.slot_name})" if given else one.slot_name
