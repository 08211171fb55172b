"""What is said to whoever signs off or hands over where somebody said no to what may follow."""

from __future__ import annotations

from app.labels import join_with_and
from study import ConsentAnswer, ConsentPurpose, Role
from study.store import Interview, list_consents, read_quote_permission


def tell_unquotable(interview: Interview) -> str:
    """Return why nothing of an interview may be quoted, in a sentence; "" where something may be.

    Interviewers do not count: their questions alone are no quotation.

    Raises:
        KeyNotHeld, StudyDamaged: as ``study.store.read_quote_permission``.
    """
    refused = read_quote_permission(interview).refused
    asked = {one.code for one in interview.participants if one.role is not Role.INTERVIEWER}
    if not asked or not asked <= refused:
        return ""
    codes = sorted(asked)
    return (
        f"Nothing of {interview.label} may be quoted, and its turns say [do not quote]: no consent"
        f" to quotes is recorded for {join_with_and(codes)}. Where they agreed, record it with"
        f" `earshot consent STUDY {codes[-1]} --quotes yes`, and sign off again."
    )


def tell_kept_from_archives(interview: Interview) -> str:
    """Say who of an interview said no to an archive, in a sentence; "" where nobody did.

    A hand-over for an archive is refused then; one to a person asks nobody what they do with it.

    Raises:
        KeyNotHeld, StudyDamaged: as ``study.store.list_consents``.
    """
    here = {one.code for one in interview.participants}
    refused = sorted(
        one.code
        for one in list_consents(interview.study)
        if one.code in here and one.read_answer(ConsentPurpose.ARCHIVE) is ConsentAnswer.NO
    )
    if not refused:
        return ""
    who = join_with_and(refused)
    return f"! {who} said no to an archive: whoever receives this may not give it to one."
