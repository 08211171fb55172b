"""The roles of the people who work in a study.

What a role may open is decided by the keys in its slot (``study.store.keys``).
"""

from __future__ import annotations

from enum import StrEnum


class PersonRole(StrEnum):
    """What somebody is in a study; each value is the word people read."""

    OWNER = "owner"  # made the study: everything, and who else may open it
    INTERVIEWER = "interviewer"  # records
    ASSISTANT = "assistant"  # transcribes, corrects, decides
    OFFICER = "officer"  # checks and signs off
    APPROVER = "approver"  # reads what is anonymised, and confirms
    RECOVERY = "recovery"  # nobody: the code on paper, which opens and repairs


JOINING_ROLES = (
    PersonRole.OWNER,
    PersonRole.INTERVIEWER,
    PersonRole.ASSISTANT,
    PersonRole.OFFICER,
    PersonRole.APPROVER,
)
"""The roles that somebody can be given."""
