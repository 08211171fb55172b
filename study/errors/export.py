"""Signing off, handing over, and checking a bundle: exit codes 110 to 125."""

from __future__ import annotations

from enum import StrEnum

from study.errors.base import EarshotError


class ExportError(EarshotError):
    """Something may not or cannot be handed over, or a bundle was changed."""


class MentionsUndecided(ExportError):
    """The gate: a person has not decided everything yet."""

    exit_code = 110

    def __init__(self, count: int) -> None:
        some = "1 mention is" if count == 1 else f"{count} mentions are"
        super().__init__(f"Nothing may be signed off or handed over: {some} undecided.")
        self.count = count


class LeakPlace(StrEnum):
    """What kind of place the gate found something in, which says what can be done about it."""

    TURN = "turn"  # what was said
    SPEAKER = "speaker"  # the code of who says it
    HEADING = "heading"  # of a topic
    EVENT = "event"  # what happened between turns
    LABEL = "label"  # of an interview
    TARGET = "target"  # the name of the folder or file
    TITLE = "title"  # of the study
    ATTRIBUTE = "attribute"  # of a case: its name, or a value
    CALLED = "called"  # what somebody wishes to be called
    PURPOSE = "purpose"  # what it is for
    RECEIVER = "receiver"  # the name of a participant, who receives it
    SIGN_OFF = "sign-off"  # the name or the role of who signed
    SOUND = "sound"  # heard in a covered passage
    FILE = "file"  # somewhere in a file


class OriginalSurvives(ExportError):
    """The gate: words that should be replaced are still in the output.

    turns: the keys of the turns in which they are, where it is known. words: what was found there,
    for the screen of whoever holds the key; no text of the error has them. places: of what kinds
    the places are.
    """

    exit_code = 111

    def __init__(
        self,
        where: list[str],
        turns: tuple[int, ...] = (),
        words: tuple[str, ...] = (),
        places: tuple[LeakPlace, ...] = (LeakPlace.TURN,),
    ) -> None:
        shown = ", ".join(where[:5]) + (" and more" if len(where) > 5 else "")  # noqa: PLR2004 - a sentence holds five
        super().__init__(f"Nothing may leave: an identifying detail is still in {shown}.")
        self.where, self.turns, self.words = where, turns, words
        self.places = tuple(dict.fromkeys(places))


class NotSignedOff(ExportError):
    """Nobody has signed the clean transcript off."""

    exit_code = 112

    def __init__(self, why: str = "nobody has signed this interview off") -> None:
        super().__init__(f"Nothing was handed over: {why}.")
        self.why = why


class SignOffVoid(ExportError):
    """The sign-off is void: something was changed since."""

    exit_code = 113

    def __init__(self, why: str) -> None:
        super().__init__(f"Nothing was handed over: the sign-off is void, because {why}.")
        self.why = why


class OwnWork(ExportError):
    """The study asks for a second person, and the officer decided mentions."""

    exit_code = 114

    def __init__(self) -> None:
        super().__init__(
            "It was not signed off: some mentions were decided with your own passphrase."
        )


class NotWhatWasRead(ExportError):
    """The clean transcript is not the one that the officer was shown."""

    exit_code = 115

    def __init__(self) -> None:
        super().__init__("It was not signed off: it was changed while you were reading it.")


class ObjectionsStand(ExportError):
    """Somebody wants to sign off while objections stand, to lines of the log, turns or the whole.

    lines, turns: how many are objected to; none where the whole was sent back and not handed on
    since.
    """

    exit_code = 116

    def __init__(self, lines: int = 0, turns: int = 0) -> None:
        some = [f"{lines} {'line' if lines == 1 else 'lines'} of the log"] if lines else []
        some += [f"{turns} {'turn' if turns == 1 else 'turns'}"] if turns else []
        are = "is" if lines + turns == 1 else "are"
        why = f"{' and '.join(some)} {are} objected to"
        if not some:
            why = "it was sent back, and not handed on again since"
        super().__init__(f"It was not signed off: {why}.")
        self.lines, self.turns = lines, turns


class TargetExists(ExportError):
    """A file or a folder would overwrite something."""

    exit_code = 117

    def __init__(self) -> None:
        super().__init__("Nothing was written: something is already there.")


class TargetUnwritable(ExportError):
    """The export cannot be written to the target folder."""

    exit_code = 118

    def __init__(self) -> None:
        super().__init__("Nothing was handed over: the target folder cannot be written.")


class TargetInStudy(ExportError):
    """The target folder of a hand-over lies inside the study."""

    exit_code = 119

    def __init__(self) -> None:
        super().__init__("Nothing was handed over: that folder lies inside the study.")


class SoundRefused(ExportError):
    """The sound of an interview may not or cannot be handed over."""

    exit_code = 120

    def __init__(self, why: str, *, needs_folder: bool = False) -> None:
        """needs_folder: whether it would leave if the target were no zip file."""
        super().__init__(f"No sound was handed over: {why}.")
        self.why, self.needs_folder = why, needs_folder


class PdfProgramMissing(ExportError):
    """The program that lays out PDF files is not installed."""

    exit_code = 230

    def __init__(self) -> None:
        super().__init__(
            "Nothing was handed over: PDF is made by LibreOffice, which is not installed."
        )


class PdfFailed(ExportError):
    """LibreOffice made no PDF file."""

    exit_code = 231

    def __init__(self) -> None:
        super().__init__("Nothing was handed over: LibreOffice could not make a PDF file.")


class NothingToWrite(ExportError):
    """None of the formats that were ordered can be written of an interview."""

    exit_code = 232

    def __init__(self, label: str) -> None:
        super().__init__(
            f"Nothing was handed over: none of these formats can be written of {label}."
        )
        self.label = label


class BundleChanged(ExportError):
    """A bundle does not fit its own list of checksums."""

    exit_code = 121

    def __init__(self, count: int = 1) -> None:
        some = "1 thing differs" if count == 1 else f"{count} things differ"
        super().__init__(f"This bundle does not match its own list: {some}.")
        self.count = count


class NotABundle(ExportError):
    """There is no bundle to check."""

    exit_code = 122

    def __init__(self) -> None:
        super().__init__("That is not a bundle that Earshot handed over, or it cannot be read.")


class NoKeptHeads(ExportError):
    """A file that should hold heads of the trail holds none of this study."""

    exit_code = 124

    def __init__(self) -> None:
        super().__init__(
            "That file cannot be read, or has no head of this study's audit trail in it."
        )


class NotInTheseInterviews(ExportError):
    """A copy is for somebody, or names somebody, who takes part in none of the interviews."""

    exit_code = 234

    def __init__(self, code: str) -> None:
        super().__init__(f"Nothing was handed over: {code} takes part in none of these interviews.")
        self.code = code


class NoFingerprint(ExportError):
    """What should name a key is no fingerprint and no file with a key."""

    exit_code = 233

    def __init__(self) -> None:
        super().__init__("That is neither a fingerprint of a key nor a file that has a key.")


class OtherSigner(ExportError):
    """A bundle is not signed with the key that somebody named."""

    exit_code = 123

    def __init__(self, *, is_signed: bool) -> None:
        """is_signed: whether another key signed it; else it has no signature that fits."""
        which = "It is signed with another key." if is_signed else "It has no valid signature."
        super().__init__(f"The bundle does not come from the owner of that key. {which}")
        self.is_signed = is_signed


class AccessTooOpen(ExportError):
    """An archive would give a deposit to more people than a participant agreed to."""

    exit_code = 125

    def __init__(self, code: str, wanted: str, allowed: str) -> None:
        """code: of the participant, "" where nobody is entered. wanted, allowed: levels."""
        what = f"what {code} agreed to" if code else "an interview with no participants listed"
        super().__init__(
            f"Nothing was handed over: {what} allows {allowed} access at most, not {wanted}."
        )
        self.code, self.wanted, self.allowed = code, wanted, allowed
