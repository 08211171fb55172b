"""Interviews on their way between studies: exit codes 200 to 219, and from 250 on."""

from __future__ import annotations

from enum import StrEnum

from study.errors.base import EarshotError


class TravelError(EarshotError):
    """A parcel of interviews cannot be made or taken in; nothing of it was taken in."""


class NotAParcel(TravelError):
    """A file is no parcel of interviews, or is not there."""

    exit_code = 200

    def __init__(self, *, is_missing: bool = False) -> None:
        super().__init__(
            "There is no file at that place, or it may not be read."
            if is_missing
            else "That file is no parcel of interviews."
        )
        self.is_missing = is_missing


class ParcelCut(TravelError):
    """A parcel ends before its end."""

    exit_code = 201

    def __init__(self) -> None:
        super().__init__("The parcel was cut off on its way: its end is missing.")


class ParcelChanged(TravelError):
    """Bytes of a parcel are not what its sender sealed."""

    exit_code = 202

    def __init__(self) -> None:
        super().__init__("The parcel was changed on its way: it is not what was sealed.")


class ParcelForOther(TravelError):
    """A parcel is sealed for another study than this one."""

    exit_code = 203

    def __init__(self) -> None:
        super().__init__("The parcel is sealed for another study, so this one cannot open it.")


class ParcelFromStranger(TravelError):
    """The sender of a parcel is no study that this one trusts."""

    exit_code = 204

    def __init__(self) -> None:
        super().__init__("The parcel comes from a study that this one does not trust.")


class ParcelTooNew(TravelError):
    """A newer Earshot made a parcel, or the study that it comes from."""

    exit_code = 205

    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            f"A newer Earshot made the parcel: it is of format {found}, and this one reads {known}."
        )
        self.found, self.known = found, known


class TakenInBefore(TravelError):
    """An interview of a parcel is or was in this study already."""

    exit_code = 206

    def __init__(self, name: str, *, is_gone: bool = False) -> None:
        """is_gone: it was destroyed here, or moved on. name: its label, or its id."""
        what = "was in this study before, and went" if is_gone else "is in this study already"
        super().__init__(f"{name} {what}.")
        self.name, self.is_gone = name, is_gone


class ParcelFlaw(StrEnum):
    """Why what is in a parcel does not count, although its sender sealed it."""

    TRAIL = (
        "the lines of its trail do not follow one another, or were not signed by the people"
        " they name"
    )
    ROWS = "what it holds is not what the lines of its trail say"
    AUTHORS = "something in it names somebody who did not do it, or may not"
    SOUND = "its sound is not as long as the lines of its trail say, or cannot be opened"
    PEOPLE = "somebody in it signs with another key than before"
    DETAILS = "what it says of an interview cannot be read"
    IDS = "something in it has an id or a number that no study gives"
    TIMES = "a time in it is no time, or not the one in the lines of its trail"
    CONSENTS = "it holds the consent of somebody who takes part in none of its interviews"


class ParcelRefused(TravelError):
    """What is in a parcel does not fit together, so nothing of it counts."""

    exit_code = 207

    def __init__(self, flaw: ParcelFlaw) -> None:
        super().__init__(f"Nothing of the parcel was taken in: {flaw.value}.")
        self.flaw = flaw


class KeyUntrusted(TravelError):
    """A key is of no study that this one trusts."""

    exit_code = 208

    def __init__(self) -> None:
        super().__init__("That key belongs to a study that is not trusted here.")


class WordsDiffer(TravelError):
    """The words that somebody heard are not those of the key."""

    exit_code = 209

    def __init__(self) -> None:
        super().__init__("These are not the words of that key, so it was not trusted.")


class NotAStudyKey(TravelError):
    """A file holds no public key of a study, or the key of this very study."""

    exit_code = 210

    def __init__(self, *, is_own: bool = False, is_missing: bool = False) -> None:
        what = "holds the key of this very study" if is_own else "holds no public key of a study"
        super().__init__(
            "There is no file at that place, or it may not be read."
            if is_missing
            else f"That file {what}."
        )
        self.is_own, self.is_missing = is_own, is_missing


class ReceiptFlaw(StrEnum):
    """Why a receipt settles nothing."""

    UNSENT = "It belongs to no parcel that was sent from this study."
    OTHER = "It comes from another study than the parcel was sent to."
    CHANGED = "An interview was changed here after it was sent, so it stays."


class ReceiptRefused(TravelError):
    """A receipt settles nothing; everything is as it was."""

    exit_code = 211

    def __init__(self, flaw: ReceiptFlaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


class InterviewLent(TravelError):
    """An interview is lent to another study, and can only be read here until it is back."""

    exit_code = 212

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is on loan to another study: it can only be read here until it comes back."
        )
        self.name = name


class NotLent(TravelError):
    """An interview that should come back is not lent to the study that it comes from."""

    exit_code = 213

    def __init__(self, name: str, *, is_mixed: bool = False) -> None:
        """is_mixed: others that are sent with it are on loan from the study that receives them."""
        mixed = "Only some of these are on loan from that study"
        super().__init__(f"{mixed}." if is_mixed else f"{name} is not on loan to that study.")
        self.name, self.is_mixed = name, is_mixed


class BothChanged(TravelError):
    """Turns were changed here and there, and nobody has decided which stand."""

    exit_code = 214

    def __init__(self, turns: int) -> None:
        many = "1 turn was" if turns == 1 else f"{turns} turns were"
        super().__init__(
            f"{many} changed both here and there: which version to keep has yet to be decided."
        )
        self.turns = turns


class StudyOnShare(TravelError):
    """The folder of a study lies on a network share, where its locks do not hold."""

    exit_code = 215

    def __init__(self, system: str) -> None:
        super().__init__(
            f"The study lies on a network share ({system}), where two computers that have it open"
            " would damage it."
        )
        self.system = system


class StudyOpenElsewhere(TravelError):
    """A study is open under another path, which shows the same folder with other locks."""

    exit_code = 250

    def __init__(self) -> None:
        super().__init__(
            "The study is open under another path of this computer, which shows the same folder"
            " once more; open under both, it would be damaged."
        )


class SendIncomplete(TravelError):
    """Somebody sends interviews, and does not say which, to whom or into which file."""

    exit_code = 216

    def __init__(self) -> None:
        super().__init__(
            "A parcel needs interviews, the public key of who receives them, and a new file."
        )


class ParcelExists(TravelError):
    """A parcel, a receipt or a public key is written to a new file, and there is one already."""

    exit_code = 217

    def __init__(self) -> None:
        super().__init__("There is already a file of that name, so nothing was written.")


class ParcelUse(StrEnum):
    """What a parcel is for, where it was given to something else."""

    RECEIVE = "That parcel brings no loan back: it holds interviews to be received."
    BACK = "That parcel brings back interviews that were lent."
    RECEIPT = "That is a receipt: it brings no interviews."


class OtherParcel(TravelError):
    """A parcel is of another kind than what it was given to."""

    exit_code = 218

    def __init__(self, use: ParcelUse) -> None:
        super().__init__(use.value)
        self.use = use


class HeldThere(TravelError):
    """An interview is lent to a study that it came from or came back from, and that has it."""

    exit_code = 219

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} cannot be lent to that study: it has had it before.")
        self.name = name
