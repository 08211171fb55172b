"""What is said to whoever signs off or hands over where nothing of an interview may be quoted."""

from __future__ import annotations

from study import Role
from study.store import Interview, read_quote_permission


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
    *others, last = sorted(asked)
    who = f"{', '.join(others)} and {last}" if others else last
    return (
        f"Nothing of {interview.label} may be quoted, and its turns say [do not quote]: no consent"
        f" to quotes is recorded for {who}. Where they agreed, record it with"
        f" `earshot consent STUDY {last} --quotes yes`, and sign off again."
    )
