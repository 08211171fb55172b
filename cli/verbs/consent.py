"""``earshot consent``: what each participant agreed to."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import msgspec

from app import (
    PURPOSE_HEADS,
    PURPOSE_LEGEND,
    ConsentDraft,
    ParticipantConsent,
    begin_consent_draft,
    describe_capacity,
    describe_capacity_loss,
    describe_withdrawn,
    doubt_codes,
    list_participant_consents,
    list_withdrawn,
    note_capacity_lost,
    note_spoken_consent,
    parse_day,
    record_consent,
    save_consent_page,
)
from cli.console import Console
from cli.verb import Verb, add_study_argument, open_named_study
from cli.verb_advice import name_consent_command
from study import (
    OFFERED_BASES,
    ConsentAnswer,
    ConsentBasis,
    ConsentPurpose,
    ConsentRecord,
    Contact,
    Jurisdiction,
    is_code,
)
from study.errors import BadName, ConsentFlaw, ConsentRefused, UnknownParticipant
from study.store import Study, read_consent, read_consent_versions, read_contact_details

Word = TypeVar("Word", bound=StrEnum)

_HELP = {
    ConsentPurpose.SOUND: "to be recorded",
    ConsentPurpose.TRANSCRIPTION: "to transcription by machine",
    ConsentPurpose.QUOTES: "to be quoted",
    ConsentPurpose.ARCHIVE: "to an archive keeping the transcript for other researchers",
    ConsentPurpose.RECONTACT: "to be asked again",
    ConsentPurpose.SOUND_HAND_OVER: "to the sound being handed over",
    ConsentPurpose.KEEP_AFTER_WITHDRAWAL: "to keeping what there is after a withdrawal",
}
_SIGNS = {ConsentAnswer.YES: "yes", ConsentAnswer.NO: "NO", ConsentAnswer.NOT_ASKED: "-"}
_TEXTS = (
    "sheet", "sheet_date", "form", "form_date", "taken_by", "taken_on", "basis_note",
)  # fmt: skip


_DAYS = frozenset({"sheet_date", "form_date", "taken_on"})


def _name_option(word: StrEnum) -> str:
    """Return a word as it is typed on the command line: ``hand-over-of-sound``."""
    return word.value.replace("'", "").replace(" ", "-").lower()


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "code",
        nargs="?",
        default="",
        metavar="CODE",
        help="the participant's code; without it, everybody is listed",
    )
    papers = parser.add_argument_group("the papers, and who took the consent")
    papers.add_argument("--sheet", metavar="VERSION", help="version of the information sheet")
    papers.add_argument(
        "--sheet-date",
        metavar="DAY",
        help="its date: 2026-03-01, 1/3/2026, '1 March 2026' or today",
    )
    papers.add_argument("--form", metavar="VERSION", help="version of the consent form")
    papers.add_argument("--form-date", metavar="DAY", help="its date")
    papers.add_argument("--taken-by", metavar="WHO", help="who took the consent (default: you)")
    papers.add_argument("--taken-on", metavar="DAY", help="on which day (default: today)")
    offered = "; ".join(
        f"{_name_option(law)}: {', '.join(map(_name_option, bases))}"
        for law, bases in OFFERED_BASES.items()
    )
    who = parser.add_argument_group("who agreed")
    who.add_argument(
        "--law", choices=[_name_option(law) for law in Jurisdiction], help="whose law applies"
    )
    who.add_argument(
        "--basis",
        choices=[_name_option(basis) for basis in ConsentBasis],
        help=f"who decided; each law allows: {offered}",
    )
    who.add_argument(
        "--basis-note", metavar="WORDS", help="which basis, in a few words, where it is another one"
    )
    who.add_argument(
        "--consultee",
        metavar="NAME",
        help="name of the consultee, guardian or attorney; kept apart",
    )
    who.add_argument("--consultee-contact", metavar="WORDS", help="how to reach them; kept apart")
    who.add_argument("--name", help="name of the participant; kept apart from every interview")
    who.add_argument("--contact", metavar="WORDS", help="how to reach them; kept apart")
    answers = parser.add_argument_group("what they agreed to")
    for purpose in ConsentPurpose:
        answers.add_argument(
            f"--{_name_option(purpose)}",
            dest=purpose.name.lower(),
            choices=[_name_option(answer) for answer in ConsentAnswer],
            help=_HELP[purpose],
        )
    parser.add_argument(
        "--lost-capacity",
        action="store_true",
        help="the participant has lost capacity: say what follows; with --confirm, note it",
    )
    parser.add_argument(
        "--confirm",
        action="store_true",
        help="note the loss of capacity; or keep a code that is a common first name",
    )
    parser.add_argument("--spoken", metavar="INTERVIEW", help="the recording in which they consent")
    parser.add_argument("--history", action="store_true", help="show every version of the record")
    parser.add_argument("--contacts", action="store_true", help="show names and addresses as well")
    parser.add_argument(
        "--page",
        type=Path,
        metavar="FILE",
        help="write the questions in large print to a page, to read aloud and tick",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    with open_named_study(arguments, console) as study:
        code: str = arguments.code
        if code and not is_code(code):
            raise BadName("participant code")
        if arguments.page is not None:
            return _write_page(study, code, arguments.page, console)
        if not code:
            return _list(study, console)
        draft = _fill_in(begin_consent_draft(study, code), arguments)
        if draft != begin_consent_draft(study, code):
            is_known = read_consent(study, code) is not None
            if not is_known and not arguments.confirm and doubt_codes([code]):
                raise ConsentRefused(ConsentFlaw.LIKE_NAME)
            record_consent(study, draft)
        if arguments.spoken is not None:
            note_spoken_consent(study, code, arguments.spoken)
        if arguments.lost_capacity:
            if not arguments.confirm:
                return _show_what_follows(study, code, console)
            note_capacity_lost(study, code)
        return _show(study, code, arguments, console)


def _show_what_follows(study: Study, code: str, console: Console) -> int:
    _require_known(study, code)
    follows = describe_capacity_loss(study)
    console.print_result(
        {"code": code, "confirmed": False, "follows": follows},
        [follows, "Add --confirm to note it. Nothing was changed."],
    )
    return 0


def _fill_in(draft: ConsentDraft, arguments: argparse.Namespace) -> ConsentDraft:
    """Return the draft with everything that the command line gives."""
    texts = {
        name: " ".join(value.split())
        for name in _TEXTS
        if (value := getattr(arguments, name)) is not None
    }
    texts |= {name: parse_day(text) for name, text in texts.items() if name in _DAYS}
    draft = replace(draft, **texts)
    if arguments.law is not None:
        draft = replace(draft, jurisdiction=_parse(Jurisdiction, arguments.law))
    if arguments.basis is not None:
        draft = replace(draft, basis=_parse(ConsentBasis, arguments.basis))
    draft = replace(
        draft,
        person=_contact(draft.person, arguments.name, arguments.contact),
        deputy=_contact(draft.deputy, arguments.consultee, arguments.consultee_contact),
    )
    for purpose in ConsentPurpose:
        answer = getattr(arguments, purpose.name.lower())
        if answer is not None:
            draft = draft.set_answer(purpose, _parse(ConsentAnswer, answer))
    return draft


def _parse(words: type[Word], typed: str) -> Word:
    return next(word for word in words if _name_option(word) == typed)


def _contact(known: Contact, name: str | None, reach: str | None) -> Contact:
    return Contact(
        known.name if name is None else " ".join(name.split()),
        known.reach if reach is None else " ".join(reach.split()),
    )


def _require_known(study: Study, code: str) -> None:
    if not any(one.code == code for one in list_participant_consents(study)):
        raise UnknownParticipant


def _list(study: Study, console: Console) -> int:
    found = list_participant_consents(study)
    console.print_table(
        [_data(one) for one in found],
        ["who", "role", *PURPOSE_HEADS.values(), "capacity"],
        [_row(one) for one in found],
    )
    if found:
        console.say(f"{PURPOSE_LEGEND}.")
    else:
        console.say(f"Nobody yet: `{name_consent_command('P01')}` records who agrees.")
    return 0


def _data(one: ParticipantConsent) -> dict[str, object]:
    record: dict[str, object] = msgspec.to_builtins(one.record) if one.record else {}
    gone = {"withdrawn": one.withdrawn.scope, "on": one.withdrawn.day} if one.withdrawn else {}
    return {"code": one.code} | record | gone


def _row(one: ParticipantConsent) -> tuple[str, ...]:
    role = one.role.value if one.role else ""
    if one.withdrawn is not None:
        return (one.code, role, *("" for _ in PURPOSE_HEADS), f"withdrawn: {one.withdrawn}")
    if one.record is None:
        return (one.code, role, *("" for _ in PURPOSE_HEADS), "! no consent is recorded")
    answers = (_SIGNS[one.record.read_answer(purpose)] for purpose in PURPOSE_HEADS)
    return one.code, role, *answers, describe_capacity(one.record)


def _show(study: Study, code: str, arguments: argparse.Namespace, console: Console) -> int:
    record = read_consent(study, code)
    gone = list_withdrawn(study).get(code)
    withdrawn = describe_withdrawn(gone) if gone else []
    if record is None:
        _require_known(study, code)
        said = withdrawn or ["no consent is recorded"]
        console.print_result({"code": code}, [f"{code}  {said[0]}", *said[1:]])
        return 0
    versions = read_consent_versions(study, code) if arguments.history else [record]
    contacts = read_contact_details(study, code) if arguments.contacts else None
    lines = [line for version in versions for line in _describe(study, version)]
    if contacts is not None:
        for who, contact in (("participant", contacts.person), ("decides", contacts.deputy)):
            if contact.is_known:
                lines.append(f"  {who}: {contact.name} {contact.reach}".rstrip())
    if gone is not None:
        lines[1:1] = [f"  {line}" for line in withdrawn]
    data = {"withdrawn": gone, "record": record, "versions": versions, "contacts": contacts}
    console.print_result({"code": code} | {k: v for k, v in data.items() if v}, lines)
    return 0


def _describe(study: Study, record: ConsentRecord) -> Iterator[str]:
    by = study.slot_names().get(record.by, "")
    yield f"{record.code}  {record.taken_on}, taken by {record.taken_by}; kept {record.at} by {by}"
    yield f"  information sheet {record.sheet.version} of {record.sheet.date}"
    yield f"  consent form {record.form.version} of {record.form.date}"
    yield f"  {record.basis_note or record.basis}, {record.jurisdiction}"
    yield f"  {describe_capacity(record)}"
    for purpose in ConsentPurpose:
        yield f"  {record.read_answer(purpose):9}  {purpose}"
    if record.spoken:
        yield f"  spoken consent: interview {record.spoken}"


def _write_page(study: Study, code: str, path: Path, console: Console) -> int:
    save_consent_page(study, code, path)
    console.print_result([str(path)], [str(path)])
    return 0


VERB = Verb(
    name="consent",
    summary="Show or record what participants agreed to.",
    example="earshot consent dementia-course P07 --sheet 2.1 --sheet-date 2026-03-01"
    " --form 1.0 --form-date 2026-03-01 --sound yes --transcription yes --quotes no",
    run=_run,
    arguments=_arguments,
)
