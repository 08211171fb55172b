"""A step that needs the result of an earlier one: exit codes 60 to 69."""

from __future__ import annotations

from study.errors.base import EarshotError


class StepMissing(EarshotError):
    """An earlier step has not been done, or not on the newest state."""


class SoundMissing(StepMissing):
    """The interview has no sound."""

    exit_code = 60

    def __init__(self) -> None:
        super().__init__("This interview has no sound yet.")


class TranscriptMissing(StepMissing):
    """The interview has no transcript, made here or imported."""

    exit_code = 61

    def __init__(self) -> None:
        super().__init__("This interview has no transcript yet.")


class SearchMissing(StepMissing):
    """The interview was not searched for identifying details, or was corrected since.

    is_outdated: whether another text of it was searched.
    """

    exit_code = 62

    def __init__(self, *, is_outdated: bool = False) -> None:
        if is_outdated:
            super().__init__("The text changed; names must be searched again.")
        else:
            super().__init__("It has not been searched for names yet.")
        self.is_outdated = is_outdated


class CleanTranscriptMissing(StepMissing):
    """The interview has no clean transcript."""

    exit_code = 63

    def __init__(self) -> None:
        super().__init__("This interview has no clean transcript yet.")


class CleanTranscriptOutdated(StepMissing):
    """The clean transcript is older than the newest text or decision."""

    exit_code = 64

    def __init__(self) -> None:
        super().__init__("This interview has no clean transcript of its newest state yet.")


class AnswerMissing(StepMissing):
    """The study asks who could recognise the person, and whoever signs off gave no answer."""

    exit_code = 66

    def __init__(self) -> None:
        super().__init__("Nobody has answered in writing who could recognise this person.")


class LogVersionMissing(StepMissing):
    """The log of an interview has no version of that number."""

    exit_code = 65

    def __init__(self, wanted: int, newest: int) -> None:
        """Take the version asked for, and the newest there is, 0 for none."""
        super().__init__(f"This interview has no version {wanted} of its log yet.")
        self.wanted, self.newest = wanted, newest


class WordsMissing(StepMissing):
    """The transcript of an interview has no words yet: nobody has typed any."""

    exit_code = 68

    def __init__(self) -> None:
        super().__init__("This interview's transcript has no words yet.")


class DataDestroyed(StepMissing):
    """Something was destroyed, as the study's retention says, and cannot be read any more."""

    exit_code = 69

    def __init__(self) -> None:
        super().__init__("This was destroyed, as the study's retention plan requires.")
