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
    """Why somebody cannot be brought in or removed."""

    UNKNOWN = "There is nobody of that name in this study."
    UNNAMED = "That is not a usable name for a person."
    TAKEN = "Somebody in this study has that name already."
    NO_ROLE = "Nobody can be given that role."
    TOO_MANY = "This study has as many people as it can have."
    SELF = "Nobody removes themselves."
    CODE = "The recovery code is not removed but renewed."
    LAST_OWNER = "Nobody else is an owner of this study."
    NO_KEYS_YET = (
        "Somebody else has not opened this study since it was brought up, so they could not be"
        " given new keys."
    )


class PersonRefused(PeopleError):
    """Somebody cannot be brought in or removed; nothing was changed."""

    exit_code = 101

    def __init__(self, flaw: PersonFlaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw
