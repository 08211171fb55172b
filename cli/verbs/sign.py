"""``earshot sign``: sign off a clean transcript, send it back, or show how it stands."""

from __future__ import annotations

import argparse
import contextlib
import re

from app import (
    count_log_decisions,
    describe_possible_joins,
    describe_turn_changes,
    find_turn_changes,
    find_unread_turns,
    format_sign_off_sheet,
    list_send_backs,
    tell_unquotable,
)
from cli.console import Console
from cli.verb import Verb, add_interview_argument, add_study_argument, open_named_interview
from study import (
    ArtefactKind,
    GatePass,
    Objection,
    PersonAction,
    StandingSignOff,
    Transcript,
    TurnNumbers,
    find_passed_spans,
    list_passed_words,
)
from study.errors import KeyNotHeld, MentionsUndecided, PassRefused, StepMissing
from study.store import (
    Interview,
    keep_head,
    let_through_gate,
    read_sign_off,
    read_turn_numbers,
    stop_at_gate_again,
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    add_interview_argument(parser)
    parser.add_argument("--as", dest="name", default="", metavar="NAME", help="who signs")
    parser.add_argument("--role", default="", help="in which role, such as 'data officer'")
    parser.add_argument(
        "--who-recognises", default="", metavar="TEXT",
        help="your answer to: who could recognise this person? (the study may ask for it)",
    )  # fmt: skip
    parser.add_argument("--show", action="store_true", help="only show its state")
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
    parser.add_argument(
        "--object-turn",
        action="append",
        default=[],
        metavar="TURN=REASON",
        help="do not sign: send back a turn in which something was missed, by its number",
    )
    parser.add_argument(
        "--let",
        metavar="[TURN=]WORDS",
        help="do not sign: let these words pass the gate, in this turn or wherever they are",
    )
    parser.add_argument(
        "--stop",
        metavar="[TURN=]WORDS",
        help="do not sign: stop words at the gate again that were let through",
    )
    parser.add_argument(
        "--because", default="", metavar="REASON", help="with --let or --stop: why; sealed"
    )


def _asks_to_send_back(arguments: argparse.Namespace) -> bool:
    return bool(arguments.send_back or arguments.object or arguments.object_turn)


def _objections(arguments: argparse.Namespace, interview: Interview) -> list[Objection]:
    objections = [Objection(reason) for reason in arguments.send_back]
    for text in arguments.object:
        key, _, reason = text.partition("=")
        objections.append(Objection(reason, key))
    numbers = read_turn_numbers(interview) if arguments.object_turn else TurnNumbers(())
    for text in arguments.object_turn:
        turn, _, reason = text.partition("=")
        objections.append(Objection(reason, turn=numbers.read_turn(turn)))
    return objections


def _settle_pass(arguments: argparse.Namespace, interview: Interview) -> bool:
    """Let words pass the gate or stop them again; returns whether that was asked for."""
    for asked, settle in ((arguments.let, let_through_gate), (arguments.stop, stop_at_gate_again)):
        if asked is not None:
            place = re.fullmatch(r"(k?[0-9]+)=(.*)", asked, re.DOTALL)
            turn = read_turn_numbers(interview).read_turn(place[1]) if place else 0
            words = place[2] if place else asked
            if place and asked is arguments.let and not _is_said(interview, turn, words):
                raise PassRefused(f"turn {place[1]} does not say these words")
            settle(interview, words, arguments.because, turn=turn)
            return True
    return False


def _is_said(interview: Interview, turn: int, words: str) -> bool:
    """Whether a turn of the clean transcript says these words; True where none can be made yet."""
    clean = _read_clean(interview)
    if clean is None:
        return True
    said = next((one.text for one in clean.turns if one.key == turn), "")
    wanted = GatePass(words, turn, "", 0, "")
    return bool(find_passed_spans(said, list_passed_words([wanted], turn)))


def _read_clean(interview: Interview) -> Transcript | None:
    """Return the clean transcript as it would be now; None where none can be made yet."""
    from anonymise import draft_clean_transcript

    try:
        draft = draft_clean_transcript(interview)
    except (KeyNotHeld, MentionsUndecided, StepMissing):
        return None
    return draft.transcript if draft else interview.read_artefact(ArtefactKind.CLEAN, Transcript)


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from anonymise import draft_clean_transcript
    from handoff import send_transcript_back, sign_transcript

    goes_back = _asks_to_send_back(arguments)
    with open_named_interview(arguments, console) as interview:
        if not arguments.show:
            interview.study.require_permitted(PersonAction.SIGN)
        if _settle_pass(arguments, interview):
            pass
        elif goes_back:
            objections = _objections(arguments, interview)
            clean = None
            with contextlib.suppress(KeyNotHeld, MentionsUndecided, StepMissing):
                clean = draft_clean_transcript(interview)
            send_transcript_back(
                interview,
                objections,
                name=arguments.name,
                role=arguments.role,
                clean=clean,
            )
        elif not arguments.show:
            clean = draft_clean_transcript(interview)
            sign_transcript(
                interview,
                name=arguments.name,
                role=arguments.role,
                who_recognises=arguments.who_recognises,
                clean=clean,
            )
        if not arguments.show and not keep_head(interview.study):
            console.say("The head of the audit trail could not be written to the file elsewhere.")
        is_signed = not (arguments.show or goes_back or arguments.let or arguments.stop)
        if is_signed and (unquotable := tell_unquotable(interview)):
            console.say(unquotable)
        found = read_sign_off(interview)
        changed = _tell_changes(interview) if found and not found.is_valid else ""
        console.print_result(
            _data(interview, found),
            [*([changed] if changed else []), *format_sign_off_sheet(interview, found)],
        )
    return 0


def _tell_changes(interview: Interview) -> str:
    """Name the turns that changed since it was signed off or sent back; "" where none did."""
    clean = _read_clean(interview)
    numbers = TurnNumbers(turn.key for turn in clean.turns) if clean else TurnNumbers(())
    return describe_turn_changes(find_turn_changes(interview, clean), numbers.show_turn)


def _data(interview: Interview, found: StandingSignOff | None) -> dict[str, object] | None:
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
        "who_recognises": one.who_recognises,
        "transcript_sha256": one.transcript_sha256,
        "log_sha256": one.log_sha256,
        "text_sha256": one.text_sha256,
        "audit_trail_head": f"{one.trail_count}:{one.trail_hash}",
        "decisions": count_log_decisions(interview),
        "checked": one.checked,
        "may_be_one_person": describe_possible_joins(interview),
        "turns_nobody_read": len(find_unread_turns(interview)),
        "objections": one.objections,
        "sent_back_before": [
            {"at": b.at, "name": b.name, "slot_name": b.slot_name, "objections": b.objections}
            for b in list_send_backs(interview, before=one)
        ],
    }


VERB = Verb(
    name="sign",
    summary="Sign an interview's clean transcript off for hand-over, or send it back with reasons.",
    example='earshot sign dementia-course P07_i1 --as "A. Officer" --role "data officer"',
    run=_run,
    arguments=_arguments,
)
