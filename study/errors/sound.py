"""Sound files, recordings, microphones and loudspeakers: exit codes 30 to 49."""

from __future__ import annotations

from enum import StrEnum

from study.errors.base import EarshotError


class SoundError(EarshotError):
    """Sound cannot be read, recorded or played."""


class SoundNotFound(SoundError):
    """The file to import is not there."""

    exit_code = 30

    def __init__(self, number: int = 0, of: int = 0) -> None:
        """Take which file it is of several, counted from 1."""
        super().__init__(
            f"File {number} of {of} is not at its place, or it may not be read."
            if number
            else "There is no file at that place, or it may not be read."
        )
        self.number, self.of = number, of


class SoundEmpty(SoundError):
    """The file holds no sound at all."""

    exit_code = 31

    def __init__(self) -> None:
        super().__init__("That file holds no sound.")


class NotSound(SoundError):
    """The file is not sound that can be read."""

    exit_code = 32

    def __init__(self) -> None:
        super().__init__("That file cannot be read as sound.")


class SoundFlaw(StrEnum):
    """What a file is that cannot be read as sound; each value ends "That file ..."."""

    DICTATION = "is a dictation file (DS2 or DSS), which only its maker's program opens"
    PROTECTED = "is protected against copying, so no other program can read its sound"
    NO_TRACK = "is a video without sound"
    CODEC = "has sound in a form that Earshot cannot decode"
    TEXT = "is text, not sound"
    DOCUMENT = "is a document, not sound"
    PICTURE = "is a picture, not sound"
    ARCHIVE = "is an archive of other files"
    PLAYLIST = "is a list of other files, and holds no sound itself"
    NOTES = "holds melodies as notes (MIDI), and no recorded sound"
    DAMAGED = "begins as sound does, but is damaged: nothing of it can be decoded"
    FOLDER = "is a folder"
    DEVICE = "is a pipe or a device, not a file on a disk"
    SIDECAR = "holds only a Mac's notes about another file"


class SoundKindRefused(NotSound):
    """The file is of a kind that is known, and no sound that can be read."""

    exit_code = 35

    def __init__(self, flaw: SoundFlaw) -> None:
        SoundError.__init__(self, f"That file {flaw}.")
        self.flaw = flaw


class SoundTruncated(SoundError):
    """The file ends before its own header says it should."""

    exit_code = 33

    def __init__(self, present_s: float | None = None) -> None:
        found = "" if present_s is None else f" after {present_s:.1f} s"
        super().__init__(f"That file was cut short: it ends{found} before it should.")
        self.present_s = present_s


class SoundUnreasonable(SoundError):
    """The file claims a rate, channels or a length that no interview has."""

    exit_code = 34

    def __init__(self, what: str) -> None:
        super().__init__(f"That file claims {what}, which no interview recording has.")
        self.what = what


class SoundChanging(SoundError):
    """The file was still written to, or replaced, while it was read."""

    exit_code = 37

    def __init__(self) -> None:
        super().__init__("That file changed while it was read: something is still writing it.")


class SoundUnreachable(SoundError):
    """The file's disk or stick could not be read to the end."""

    exit_code = 38

    def __init__(self) -> None:
        super().__init__("That file could not be read to the end: its disk or stick was removed.")


class SoundTakenBefore(SoundError):
    """The study has the sound of this very file already, or it is given twice."""

    exit_code = 39

    def __init__(self, label: str, *, is_taken: bool = False) -> None:
        """Take the label of the interview that has it.

        "" where two given files are the same; with ``is_taken``, where the study took it for an
        interview that is not there any more, or that is another interviewer's.
        """
        gone = (
            "This file was imported before, for an interview that was destroyed "
            "or belongs to somebody else."
        )
        twins = gone if is_taken else "Two of these files contain the same sound."
        there = f"This sound is already in the study, as {label}."
        super().__init__(there if label else twins)
        self.label, self.is_taken = label, is_taken


class SoundIncomplete(SoundError):
    """The sealed sound of an interview is shorter than what was recorded, or lacks its end."""

    exit_code = 36

    def __init__(self) -> None:
        super().__init__("Part of this interview's recording is missing on the disk.")


class NoSoundLibrary(SoundError):
    """PortAudio is not installed."""

    exit_code = 40

    def __init__(self) -> None:
        super().__init__(
            "The sound library PortAudio is not installed, so nothing can be recorded or played."
        )


class NoMicrophone(SoundError):
    """There is no input device, or none of that name."""

    exit_code = 41

    def __init__(self) -> None:
        super().__init__("That microphone was not found.")


class MicrophoneFailed(SoundError):
    """The device is there, but does not open or stopped working."""

    exit_code = 42

    def __init__(self) -> None:
        super().__init__("The microphone could not be used: it is busy or was disconnected.")


class SoundDiffers(SoundError):
    """A new stretch has another format than the sound of the interview."""

    exit_code = 43

    def __init__(self) -> None:
        super().__init__("This interview has sound with another rate or number of channels.")


class NoLoudspeaker(SoundError):
    """No loudspeaker is there, or it was disconnected."""

    exit_code = 44

    def __init__(self) -> None:
        super().__init__("No sound can be played: there is no loudspeaker, or it does not answer.")


class NoChannel(SoundError):
    """The sound has fewer channels than somebody asked for."""

    exit_code = 45

    def __init__(self, count: int) -> None:
        some = "only one channel" if count == 1 else f"{count} channels"
        super().__init__(f"This interview's sound has {some}.")
        self.count = count


class PoorSound(SoundError):
    """A sound check found that speech would be hard to understand."""

    exit_code = 46

    def __init__(self, verdict: str) -> None:
        super().__init__(f"The sound is not good yet: {verdict.rstrip('.')}.")
        self.verdict = verdict


class StillRecording(SoundError):
    """The interview is being recorded at this moment."""

    exit_code = 47

    def __init__(self) -> None:
        super().__init__("This interview is being recorded right now.")


class NoTrack(SoundError):
    """The file has fewer sound tracks than somebody asked for."""

    exit_code = 49

    def __init__(self, count: int) -> None:
        some = "only one sound track" if count == 1 else f"{count} sound tracks"
        super().__init__(f"That file has {some}.")
        self.count = count


class ChannelsDiffer(SoundError):
    """More speakers were named for channels than the sound has channels."""

    exit_code = 48

    def __init__(self, named: int, count: int) -> None:
        some = "only one channel" if count == 1 else f"{count} channels"
        speakers = "1 speaker was" if named == 1 else f"{named} speakers were"
        super().__init__(f"{speakers} named for channels; this sound has {some}.")
        self.named, self.count = named, count
