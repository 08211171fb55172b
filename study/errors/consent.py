"""Consent that is missing or refused, and records of it that cannot be kept: 94 to 99."""

from __future__ import annotations

from enum import StrEnum

from study.errors.base import EarshotError


class ConsentError(EarshotError):
    """Somebody did not agree to something, or what they agreed to cannot be recorded."""


class ConsentMissing(ConsentError):
    """No consent record covers what somebody asked for."""

    exit_code = 94

    def __init__(self, code: str, nothing: str) -> None:
        """code: of the participant, "" where nobody is entered. nothing: what was not done."""
        who = f"No consent is recorded for {code}" if code else "Nobody is entered who could agree"
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

    NO_DATE = "That is not a day of the calendar, written as 2026-11-29."
    FUTURE = "That day has not come yet."
    RECORDED_AHEAD = (
        "The consent that is recorded was taken on a day that has not come yet: a clock was wrong."
    )
    ODD_CLOCK = "The clock of this computer is wrong: it says a year before 2026."
    TOO_OLD = "The day on which the consent was taken is before the date of a paper."
    NO_PAPERS = "A consent names the versions and dates of the information sheet and the form."
    UNKNOWN_SHEET = "The study's policy does not know that version of the information sheet."
    UNKNOWN_FORM = "The study's policy does not know that version of the consent form."
    NO_TAKER = "A consent names who took it."
    NO_DEPUTY = "A consultee, guardian or attorney has a name."
    NOT_OFFERED = "That law does not let anybody decide on that basis."
    NO_NOTE = "Another basis needs a few words that say which."
    NO_ANSWER = "A consent answers at least one question."
    BAD_TEXT = "That text is too long, or holds characters that no paper has."
    NOT_RECORDED = "This participant has no consent record that could be changed."
    LOST = "Somebody who has lost capacity does not consent: a consultee or guardian advises."
    UNSEEN = "Consent on paper needs the name of who has seen it."
    SPOKEN = "That recording is a spoken consent: it stays in the study as it is."
    UNPROVEN = (
        "The newest consent record of somebody names another person than who wrote it: it does not"
        " count."
    )
    WITHDRAWAL_MISSING = (
        "The audit trail tells of a withdrawal that is not in the study any more, and nobody knows"
        " whose it was."
    )
    OTHER_PEOPLE = (
        "Who takes part in this interview was changed, and the audit trail tells of something else."
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
        super().__init__("Nobody in this study has that participant code.")


class WillingnessFlaw(StrEnum):
    """Why a recording does not begin although consent is recorded."""

    UNASKED = "Nobody has said whether everybody present can and wants to be recorded now."
    DISSENT = "Somebody does not want to be recorded now."
    DISTRESS = "Somebody is distressed."


class NotWilling(ConsentError):
    """Somebody is not willing to be recorded now, or nobody has asked them."""

    exit_code = 99

    def __init__(self, flaw: WillingnessFlaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw
