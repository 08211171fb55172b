"""Consent that is missing or refused, and records of it that cannot be kept: 94 to 99."""

from __future__ import annotations

from enum import StrEnum

from study.errors.base import EarshotError


class ConsentError(EarshotError):
    """Somebody did not agree to something, or what they agreed to cannot be recorded."""


class PersonNotEntered(ConsentError):
    """Somebody speaks in a transcript of whom nobody has said what they are in the interview."""

    exit_code = 240

    def __init__(self, code: str, nothing: str) -> None:
        """code: of who speaks. nothing: what was not done."""
        super().__init__(
            f"{code} speaks in this transcript, and nobody has entered who that is: {nothing}."
        )
        self.code, self.nothing = code, nothing


class ConsentMissing(ConsentError):
    """No consent record covers what somebody asked for."""

    exit_code = 94

    def __init__(self, code: str, nothing: str) -> None:
        """code: of the participant, "" where nobody is entered. nothing: what was not done."""
        who = (
            f"No consent is recorded for {code}"
            if code
            else ("No participant is listed who could agree")
        )
        super().__init__(f"{who}: {nothing}.")
        self.code, self.nothing = code, nothing


class ConsentWithheld(ConsentError):
    """A participant said no to something, or was not asked about it."""

    exit_code = 95

    def __init__(self, code: str, what: str, nothing: str, *, is_asked: bool) -> None:
        """what: the purpose that somebody is asked about."""
        said = "said no to" if is_asked else "was not asked about"
        super().__init__(f"{code} {said} this use, {what}: {nothing}.")
        self.code, self.what, self.nothing, self.is_asked = code, what, nothing, is_asked


class CapacityLost(ConsentError):
    """A participant has lost capacity, and no consultee's advice is recorded since."""

    exit_code = 96

    def __init__(self, code: str, nothing: str) -> None:
        super().__init__(f"{code} has lost capacity, and nobody has advised for them: {nothing}.")
        self.code, self.nothing = code, nothing


class ConsentFlaw(StrEnum):
    """Why a consent cannot be recorded as somebody asked."""

    NO_DATE = "That is not a date such as 29 November 2026 or 2026-11-29."
    LIKE_NAME = "That code is a common first name, and a code goes into files that leave the study."
    FUTURE = "That date is in the future."
    RECORDED_AHEAD = "The recorded consent is dated in the future: a clock was wrong."
    ODD_CLOCK = "The clock of this computer is wrong: it says a year before 2026."
    TOO_OLD = "The consent was taken before the date of one of its papers."
    NO_PAPERS = "A consent must name the versions and dates of the information sheet and the form."
    UNKNOWN_SHEET = "The study's policy does not know that version of the information sheet."
    UNKNOWN_FORM = "The study's policy does not know that version of the consent form."
    NO_TAKER = "A consent must name who took it."
    NO_DEPUTY = "A consultee, guardian or attorney must have a name."
    NOT_OFFERED = "Under that law nobody can decide on that basis."
    NO_NOTE = "Another basis needs a few words that say which."
    NO_ANSWER = "A consent must answer at least one question."
    BAD_TEXT = "That text is too long, or has characters that cannot be printed."
    NOT_RECORDED = "This participant has no consent record that could be changed."
    LOST = "Somebody who has lost capacity cannot consent: a consultee or guardian advises."
    UNSEEN = "Consent on paper needs the name of the person who has seen it."
    SPOKEN = "That recording is a spoken consent: it stays in the study as it is."
    UNPROVEN = (
        "A participant's newest consent record names somebody other than the person who wrote "
        "it, so it does not count."
    )
    WITHDRAWAL_MISSING = (
        "The audit trail shows a withdrawal that is no longer in the study, and "
        "whose it was is unknown."
    )
    OTHER_PEOPLE = (
        "The list of who takes part in this interview was changed and no longer "
        "matches the audit trail."
    )
    NOT_SPOKEN = "That interview is not a spoken consent of this participant."


class ConsentRefused(ConsentError):
    """A consent cannot be recorded, or its recording not used so; nothing was changed."""

    exit_code = 97

    def __init__(self, flaw: ConsentFlaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


class UnknownParticipant(ConsentError):
    """No interview and no consent record has this participant code."""

    exit_code = 98

    def __init__(self) -> None:
        super().__init__("No participant in this study has that code.")


class WillingnessFlaw(StrEnum):
    """Why a recording does not begin although consent is recorded."""

    UNASKED = "Nobody has said yet whether everybody present agrees to be recorded now."
    EACH = "Each of them needs an answer of their own: one for all would not be true of everybody."
    DISSENT = "Somebody does not want to be recorded now."
    DISTRESS = "The participant needs a pause."  # who is distressed may read it


class NotWilling(ConsentError):
    """Somebody is not willing to be recorded now, or nobody has asked them."""

    exit_code = 99

    def __init__(self, flaw: WillingnessFlaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw
