"""Who has withdrawn, and what may not be done with them and their interviews any more.

It lies under the identifying key, so that whoever records or transcribes can be told.
"""

from __future__ import annotations

from collections.abc import Iterable

from study.artefact_kinds import ArtefactKind
from study.destruction import Withdrawal, WithdrawalScope
from study.errors import HasWithdrawn
from study.store.sealed_rows import ArtefactHandle


def list_withdrawals(whole: ArtefactHandle) -> tuple[Withdrawal, ...]:
    """Return who has withdrawn and how far, oldest first. whole: ``Study.whole``.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    kind = tuple[Withdrawal, ...]
    return whole.read_artefact(ArtefactKind.WITHDRAWN, kind) or ()


def require_none_withdrawn(whole: ArtefactHandle, codes: Iterable[str]) -> None:
    """Refuse to record, enter or describe somebody who has withdrawn, however far.

    codes: of everybody, in whatever role; see ``InterviewDetails.codes``.

    Raises:
        HasWithdrawn: one of them has.
    """
    gone = {one.code for one in list_withdrawals(whole)}
    for code in codes:
        if code in gone:
            raise HasWithdrawn(code)


def require_record_left(whole: ArtefactHandle, code: str) -> None:
    """Refuse to keep something new about somebody of whom everything was taken back.

    Raises:
        HasWithdrawn: they have taken back everything.
    """
    every = WithdrawalScope.EVERYTHING
    if any((one.code, one.scope) == (code, every) for one in list_withdrawals(whole)):
        raise HasWithdrawn(code)


def require_workable(whole: ArtefactHandle, interview: str, codes: Iterable[str]) -> None:
    """Refuse to make words of sound that somebody has taken back.

    codes: of who takes part.

    Raises:
        HasWithdrawn: they have taken back what was said, or it is being destroyed.
    """
    there = set(codes)
    for one in list_withdrawals(whole):
        is_words = one.scope is WithdrawalScope.TRANSCRIPT and one.code in there
        if is_words or interview in one.pending:
            raise HasWithdrawn(one.code)


def require_words_left(whole: ArtefactHandle, interview: str, codes: Iterable[str]) -> None:
    """Refuse to hand over words that somebody has taken back and that are still there.

    Of an interview with several, what the others said may be handed over once the words that were
    taken back are destroyed. codes: of who takes part.

    Raises:
        HasWithdrawn: they have taken back what was said, or it is being destroyed.
    """
    there = set(codes)
    for one in list_withdrawals(whole):
        is_words = one.scope is WithdrawalScope.TRANSCRIPT and one.code in there
        if interview in one.pending or (is_words and not one.destruction):
            raise HasWithdrawn(one.code)
