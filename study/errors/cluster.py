"""Transcribing on other computers: exit codes 220 to 229."""

from __future__ import annotations

from enum import StrEnum

from study.errors.base import EarshotError


class ClusterError(EarshotError):
    """Other computers cannot be used; what they had transcribed before is kept."""


class ClusterNotInstalled(ClusterError):
    """The library that reaches other computers is not installed."""

    exit_code = 220

    def __init__(self) -> None:
        super().__init__(
            "This Earshot was installed without the part that reaches other computers."
        )


class CertificateFlaw(StrEnum):
    """Why a certificate of a cluster cannot be used or made."""

    MISSING = "is not in that folder"
    UNREADABLE = "cannot be read, or is of another cluster"
    EXPIRED = "has expired"
    NOT_YET = "is not valid yet, by the clock of this computer"
    OTHER_ROLE = "is for another role in the cluster"
    READABLE = "has a private key that others on this computer can read"
    NO_AUTHORITY = "cannot be made there: the folder holds something else, or its key is gone"


class CertificateRefused(ClusterError):
    """A certificate of a cluster cannot be used or made."""

    exit_code = 221

    def __init__(self, flaw: CertificateFlaw) -> None:
        super().__init__(f"The certificate {flaw}.")
        self.flaw = flaw


class SchedulerFlaw(StrEnum):
    """Why the scheduler of a cluster cannot be used."""

    SILENT = "does not answer"
    REFUSED = "and this computer do not accept each other's certificates"
    TAKEN = "cannot listen at that address"


class SchedulerUnreachable(ClusterError):
    """The scheduler of a cluster cannot be used."""

    exit_code = 222

    def __init__(self, flaw: SchedulerFlaw = SchedulerFlaw.SILENT) -> None:
        super().__init__(f"The scheduler {flaw}.")
        self.flaw = flaw


class WorkerFlaw(StrEnum):
    """Why a worker was not used any more."""

    GONE = "are gone, or never came"
    UNPROVEN = "did not prove that they are workers of this cluster"
    OTHER_VERSION = "have another version of Earshot or of its speech engine"
    NO_MODEL = "do not have the model"
    OTHER_MODEL = "have another model under this name"
    NO_MEMORY = "do not have enough memory for the model"
    FAILED = "failed"
    LIED = "gave an answer to another question"


class WorkersLost(ClusterError):
    """No worker is left that could transcribe; the parts that were transcribed are kept.

    flaw: why the last one was not used any more.
    """

    exit_code = 223

    def __init__(self, flaw: WorkerFlaw = WorkerFlaw.GONE) -> None:
        super().__init__(f"No worker is left to transcribe: they {flaw}.")
        self.flaw = flaw
