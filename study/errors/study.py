"""The folder of a study, its keys, and files of the whole study: exit codes 10 to 29."""

from __future__ import annotations

from enum import StrEnum

from study.errors.base import EarshotError


class StudyError(EarshotError):
    """Something is wrong with the study as a whole."""


class StudyNotFound(StudyError):
    """The folder holds no study."""

    exit_code = 10

    def __init__(self) -> None:
        super().__init__("That folder is not an Earshot study: it has no study.db.")


class StudyExists(StudyError):
    """The folder for a new study is not empty."""

    exit_code = 11

    def __init__(self) -> None:
        super().__init__("That folder already exists and is not empty.")


class WrongPassphrase(StudyError):
    """No slot opens with this passphrase.

    given_by: where it comes from, "" where it was typed.
    """

    exit_code = 12

    def __init__(self, given_by: str = "") -> None:
        self.given_by = given_by
        whose = f"The passphrase in {given_by}" if given_by else "That passphrase"
        super().__init__(f"{whose} does not open this study.")


class StudyInUse(StudyError):
    """Another process holds a lock that this one needs."""

    exit_code = 13

    def __init__(self, what: str = "The study") -> None:
        super().__init__(f"{what} is in use by another program.")
        self.what = what


class StudyTooNew(StudyError):
    """A newer Earshot wrote this study."""

    exit_code = 14

    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            f"This study has format {found}, and this version of Earshot knows formats up to "
            f"{known}."
        )
        self.found, self.known = found, known


class StudyDamaged(StudyError):
    """Bytes of the study are not what Earshot wrote."""

    exit_code = 15

    def __init__(self, where: str) -> None:
        super().__init__(f"{where} was damaged or changed outside Earshot.")
        self.where = where


class KeyNotHeld(StudyError):
    """The passphrase opens the study but not this part of it."""

    exit_code = 16

    def __init__(self, wanted: str) -> None:
        super().__init__(f"Your passphrase does not open the {wanted} part of this study.")
        self.wanted = wanted


class DiskFull(StudyError):
    """There is no room left on the disk."""

    exit_code = 17

    def __init__(self) -> None:
        super().__init__("The disk is full.")


class UnknownInterview(StudyError):
    """No interview has this id or label."""

    exit_code = 18

    def __init__(self) -> None:
        super().__init__("There is no such interview in this study, or more than one that fits.")


class NoPassphrase(StudyError):
    """A passphrase is needed, and there is no terminal to ask on."""

    exit_code = 19

    def __init__(self) -> None:
        super().__init__("This study needs a passphrase, and there is no terminal to ask on.")


class WeakPassphrase(StudyError):
    """A new passphrase is too short to protect anybody."""

    exit_code = 20

    def __init__(self) -> None:
        super().__init__("That passphrase is too short.")


class StudyUnwritable(StudyError):
    """The study cannot be written in its folder."""

    exit_code = 22

    def __init__(self) -> None:
        super().__init__("The study cannot be written.")


class BadName(StudyError):
    """A code or label holds characters that are not allowed, is taken, or may be a name."""

    exit_code = 23

    def __init__(self, what: str, *, is_like_name: bool = False) -> None:
        super().__init__(
            f"That {what} may be somebody's name, and it goes into files that leave the study."
            if is_like_name
            else f"That is not a usable {what}."
        )
        self.what = what
        self.is_like_name = is_like_name


class DiskFailed(StudyError):
    """The disk was pulled out, or it is failing."""

    exit_code = 24

    def __init__(self) -> None:
        super().__init__("The disk could not be read or written.")


class GuideFlaw(StrEnum):
    """What is wrong with a file that should be a topic guide."""

    NOT_THERE = "is not there, or may not be read"
    NOT_TEXT = "is not plain text"
    EMPTY = "is empty"
    NO_TOPIC = "has no heading, so no topic"
    TOO_LONG = "is far too long"


class BadGuide(StudyError):
    """A file cannot be used as a topic guide."""

    exit_code = 25

    def __init__(self, flaw: GuideFlaw, *, most_lines: int = 0, most_kb: int = 0) -> None:
        """Take the flaw; where it is too long, how many lines and KiB a guide may have."""
        super().__init__(f"That topic guide {flaw}.")
        self.flaw, self.most_lines, self.most_kb = flaw, most_lines, most_kb


class NoGuide(StudyError):
    """The study has no topic guide."""

    exit_code = 26

    def __init__(self) -> None:
        super().__init__("This study has no topic guide yet.")


class WordsFlaw(StrEnum):
    """What is wrong with a file that should be a list of words and names."""

    NOT_THERE = "is not there, or may not be read"
    NOT_TEXT = "is not plain text"
    BAD_LINE = "has a line that is no word or name"
    TOO_LONG = "is far too long"


class BadWords(StudyError):
    """A file cannot be used as a vocabulary."""

    exit_code = 27

    def __init__(self, flaw: WordsFlaw, *, most: int = 0) -> None:
        """Take the flaw; ``most`` is how many lines a list, or characters a line, may have."""
        super().__init__(f"That list of words {flaw}.")
        self.flaw, self.most = flaw, most


class ChangeFlaw(StrEnum):
    """What is not as it was when Earshot last closed a study."""

    SUM = "study.db or study.sum was changed since"
    ROWS = "something that the audit trail knows is missing"
    SOUND = "a recording is not as long as it was"
    TRAIL = "its audit trail is not the one that your passphrase was chosen for"
    ROLE = "somebody did what their role does not allow"


class StudyChanged(StudyError):
    """A study is not what it was when it was last closed, and nobody has looked at it since."""

    exit_code = 28

    def __init__(self, flaw: ChangeFlaw = ChangeFlaw.SUM) -> None:
        super().__init__(f"This study was changed outside Earshot: {flaw}.")
        self.flaw = flaw


class ReasonMissing(StudyError):
    """Somebody accepts a changed study and does not say why."""

    exit_code = 21

    def __init__(self) -> None:
        super().__init__("Give a reason for accepting a study that was changed outside Earshot.")


class BadAttribute(StudyError):
    """An attribute was not declared, or its values are no list."""

    exit_code = 29

    def __init__(self, why: str) -> None:
        super().__init__(f"That attribute {why}.")
        self.why = why
