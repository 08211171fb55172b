"""Work that was stopped, failed or could not start, whatever it was about: exit codes 3 to 9."""

from __future__ import annotations

from study.errors.base import EarshotError


class WorkError(EarshotError):
    """Work was stopped, broke off, or could not be started."""


class Stopped(WorkError):
    """A person stopped the work; finished parts stay."""

    exit_code = 3

    def __init__(self, what: str = "The work") -> None:
        super().__init__(f"{what} was stopped.")
        self.what = what


class Fault(WorkError):
    """A fault in Earshot itself: the one error that no person could have avoided."""

    exit_code = 4

    def __init__(self, where: str) -> None:
        super().__init__(f"Something went wrong inside Earshot ({where}).")
        self.where = where


class WorkBrokeOff(WorkError):
    """A process of ours ended without saying why."""

    exit_code = 5

    def __init__(self) -> None:
        super().__init__("The task failed without saying why.")


class WorkNotStarted(WorkError):
    """The system refused to start a process of ours."""

    exit_code = 6

    def __init__(self) -> None:
        super().__init__("The task could not be started.")


class OutOfMemory(WorkError):
    """The computer did not have enough memory for the model.

    is_certain: False where a process of ours was killed, most likely for lack of memory.
    """

    exit_code = 7

    def __init__(self, *, is_certain: bool = True) -> None:
        super().__init__(
            "The computer ran out of memory for this task."
            if is_certain
            else "The task failed at once, probably because the computer ran out of memory."
        )
        self.is_certain = is_certain


class ComputerUnfit(WorkError):
    """This computer lacks something that Earshot needs."""

    exit_code = 8

    def __init__(self, count: int) -> None:
        some = "one check" if count == 1 else f"{count} checks"
        super().__init__(f"This computer failed {some}.")
        self.count = count


class NotText(WorkError):
    """Something that was typed holds bytes that are no text."""

    exit_code = 9

    def __init__(self) -> None:
        super().__init__("What was typed holds bytes that are not text; nothing was done.")
