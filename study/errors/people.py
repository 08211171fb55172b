"""The people of a study and what their roles allow: exit codes 100 to 109."""

from __future__ import annotations

from enum import StrEnum

from study.errors.base import EarshotError


class PeopleError(EarshotError):
    """Somebody may not do something, or cannot be brought in or removed."""


class RoleForbids(PeopleError):
    """The role of the person who is there does not allow what they asked for."""

    exit_code = 100

    def __init__(self, role: str, what: str) -> None:
        article = "The recovery code" if role == "recovery" else f"Your role, {role},"
        super().__init__(f"{article} does not let you {what}.")
        self.role, self.what = role, what


class PersonFlaw(StrEnum):
    """Why somebody cannot be brought in or removed, or sign with a name."""

    UNKNOWN = "There is nobody of that name in this study."
    UNNAMED = "That is not a usable name for a person."
    TAKEN = "Somebody in this study has that name already."
    LOOKS_ALIKE = "That name looks like the name of somebody in this study."
    ANOTHERS = "Only their own passphrase signs with the name of somebody in this study."
    NO_ROLE = "That role cannot be given to anybody."
    TOO_MANY = "This study has as many people as it can have."
    SELF = "You cannot remove yourself."
    CODE = "The recovery code cannot be removed, only renewed."
    LAST_OWNER = "Nobody else is an owner of this study."
    NO_KEYS_YET = (
        "Somebody else has not opened this study since it was updated, so they could not be"
        " given new keys."
    )


class PersonRefused(PeopleError):
    """Somebody cannot be brought in or removed, or sign with a name; nothing was changed."""

    exit_code = 101

    def __init__(self, flaw: PersonFlaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


class TextTooLong(PeopleError):
    """Somebody typed a reason or a note that is longer than a few sentences."""

    exit_code = 102

    def __init__(self, letters: int, most: int) -> None:
        super().__init__(f"That text has {letters:,} letters: at most {most:,} are kept.")
        self.letters, self.most = letters, most


class UnknownNote(PeopleError):
    """There is no note about somebody's safety of that id."""

    exit_code = 104

    def __init__(self) -> None:
        super().__init__("There is no safeguarding note with that id.")


class HasWithdrawn(PeopleError):
    """Somebody who takes part has withdrawn, so this may not be done any more."""

    exit_code = 106

    def __init__(self, code: str, on: str = "") -> None:
        """on: the day on which it was recorded, "" where that does not matter."""
        super().__init__(f"{code} has withdrawn from this study{on and f' on {on}'}.")
        self.code, self.on = code, on


class HoldStands(PeopleError):
    """A legal hold keeps something from being destroyed."""

    exit_code = 107

    def __init__(self, name: str, day: str) -> None:
        super().__init__(f"A legal hold that {name} set on {day} forbids it.")
        self.name, self.day = name, day


class RetentionFlaw(StrEnum):
    """Why a plan of how long data is kept cannot be set."""

    NO_TRIGGER = "That kind of data belongs to no interview, so to no sign-off."
    NO_DATE = "That is not a date such as 2031-12-31."
    FAR_DATE = "A date lies between the years 1900 and 2200."
    NO_YEARS = "Data is kept for 0 to 100 years."
    CLEAN_BEFORE_RAW = "The clean text would go before the raw words that it was made from."
    KEY_OUTLIVES = "What each replacement stands for would outlive every text that it belongs to."
    CONSENT_FIRST = "The consent would go before the data that it allows to keep."
    CONSENT_ALONE = (
        "The consent would go while words or clean text have no rule, so that they stay."
    )
    TRAIL_ALONE = "The trail would go while words or clean text have no rule, so that they stay."
    TRAIL_FIRST = "The trail would go before the data that it proves something about."


class RetentionRefused(PeopleError):
    """A plan of how long data is kept cannot be set; the one before still counts."""

    exit_code = 108

    def __init__(self, flaw: RetentionFlaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


class DataDue(PeopleError):
    """Some data is due to be destroyed, by the study's plan of keeping data."""

    exit_code = 105

    def __init__(self, kinds: int) -> None:
        many = "1 kind of data is" if kinds == 1 else f"{kinds} kinds of data are"
        super().__init__(f"{many} due to be destroyed.")
        self.kinds = kinds


class DestructionFlaw(StrEnum):
    """Why something cannot be destroyed now."""

    UNKNOWN = "Nobody of that code takes part in this study."
    TWICE = "That has already been withdrawn."
    NOTHING = "There is nothing of it left to destroy."
    NO_REQUEST = "There is no such request to destroy anything, or it is already settled."
    ASKED_ALREADY = "That was already requested and is waiting to be confirmed."
    OWN_REQUEST = "Somebody else must confirm what you requested."
    IN_USE = "This study is also open in another window, or a task is running."
    RECORDING = "The interview is being recorded now."
    JOINT = "They were interviewed with somebody else, and the policy does not say what goes."
    GAPS = "A transcript has passages without words that nobody has looked at."
    BEGUN = "Part of this interview is destroyed: it can be changed again once that is finished."
    NOT_DUE = "Nothing of that kind is due."
    UNPROVEN = "The trail does not say that somebody asked for this as it stands here."
    NO_HAND_OVERS = "Nothing of it was handed over, so there is nobody to write to."
    TRAIL = "The trail goes with the study as a whole: everything else has to be destroyed first."


class DestructionRefused(PeopleError):
    """Something cannot be destroyed now; nothing was destroyed."""

    exit_code = 109

    def __init__(self, flaw: DestructionFlaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


class PassRefused(PeopleError):
    """Words cannot be let through the gate so, or stopped there again; nothing was changed."""

    exit_code = 103

    def __init__(self, why: str) -> None:
        super().__init__(f"Nothing was let through the gate or stopped again: {why}.")
        self.why = why
