"""The demonstration: its invented people, and the passphrase that everybody may know.

A study is the demonstration by what is in it: it has interviews, invented people alone speak in
them, and the known passphrase opens it. A study in which anybody else was interviewed is none.
"""

from __future__ import annotations

from study import Participant, Role
from study.store import Study

DEMONSTRATION_PASSPHRASE = "earshot demonstration"  # noqa: S105 - its content is public
INTERVIEWER = Participant("INT01", Role.INTERVIEWER)
ARTHUR = Participant("P01", Role.PARTICIPANT, ("Arthur Thackray",))
JEAN = Participant("FAM01", Role.SUPPORTER, ("Jean Thackray",))
GRAHAM = Participant("STAFF01", Role.STAFF, ("Graham Hebblethwaite",))


def find_told_passphrase(study: Study) -> str:
    """Return the passphrase of a demonstration, "" of any other study.

    It takes as long as trying a passphrase, and only where all people are invented.
    """
    known = [summary.about for summary in study.summaries()]
    if not known or not all(
        about and all(map(_is_invented, about.participants)) for about in known
    ):
        return ""
    is_known = study.is_own_passphrase(DEMONSTRATION_PASSPHRASE)
    return DEMONSTRATION_PASSPHRASE if is_known else ""


def _is_invented(participant: Participant) -> bool:
    invented = {one.code: one for one in (INTERVIEWER, ARTHUR, JEAN, GRAHAM)}
    one = invented.get(participant.code)
    return one is not None and set(one.names) <= set(participant.names)
