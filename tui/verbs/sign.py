"""``earshot sign``: sign a clean transcript off, send it back with reasons, or only look."""

from __future__ import annotations

import argparse
import contextlib

from study import signed
from study.errors import KeyNotHeld, MentionsUndecided, StepMissing
from study.signed import Signed
from study.store import Study
from study.terms import Objection
from tui.sign_off_sheet import count_decisions, sheet
from tui.talk import Talk
from tui.verb import Verb, interview_argument, opened_at, study_argument


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    interview_argument(parser)
    parser.add_argument("--as", dest="name", default="", metavar="NAME", help="who signs")
    parser.add_argument("--role", default="", help="in which role, such as 'data officer'")
    parser.add_argument("--show", action="store_true", help="only show how it stands")
    parser.add_argument(
        "--send-back",
        action="append",
        default=[],
        metavar="REASON",
        help="do not sign: send the whole back, and say why",
    )
    parser.add_argument(
        "--object",
        action="append",
        default=[],
        metavar="KEY=REASON",
        help="do not sign: send one decision back; the log names its key",
    )


def _objections(given: argparse.Namespace) -> list[Objection]:
    made = [Objection(reason) for reason in given.send_back]
    for one in given.object:
        key, _, reason = one.partition("=")
        made.append(Objection(reason, key))
    return made


def _run(given: argparse.Namespace, talk: Talk) -> int:
    from anonymise.cleaning import unwritten
    from handoff.signing import send_back, sign

    objections = _objections(given)
    with opened_at(given, talk) as (study, summary):
        if objections:
            clean = None
            with contextlib.suppress(KeyNotHeld, MentionsUndecided, StepMissing):
                clean = unwritten(study, summary.id)
            send_back(study, summary.id, objections, name=given.name, role=given.role, clean=clean)
        elif not given.show:
            clean = unwritten(study, summary.id)
            sign(study, summary.id, name=given.name, role=given.role, clean=clean)
        found = signed.read(study, summary.id)
        talk.result(_data(study, summary.id, found), sheet(study, summary.id, found))
    return 0


def _data(study: Study, interview: str, found: Signed | None) -> dict[str, object] | None:
    if found is None:
        return None
    one = found.sign_off
    return {
        "ruling": one.ruling,
        "valid": found.is_valid,
        "why_void": found.why_void,
        "at": one.at,
        "slot": one.by,
        "slot_name": one.slot_name,
        "name": one.name,
        "role": one.role,
        "transcript_sha256": one.transcript_sha256,
        "log_sha256": one.log_sha256,
        "text_sha256": one.text_sha256,
        "audit_trail_head": f"{one.trail_count}:{one.trail_hash}",
        "decisions": count_decisions(study, interview),
        "checked": one.checked,
        "objections": one.objections,
    }


VERB = Verb(
    name="sign",
    summary="Sign an interview's clean transcript off for hand-over, or send it back with reasons.",
    example='earshot sign dementia-course P07_i1 --as "A. Officer" --role "data officer"',
    run=_run,
    arguments=_arguments,
)
