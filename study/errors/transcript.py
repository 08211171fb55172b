"""Transcripts, made here or imported, their correction and diarisation: exit codes 70 to 89."""

from __future__ import annotations

from enum import StrEnum

from study.errors.base import EarshotError


class TranscriptError(EarshotError):
    """A transcript cannot be made, read or changed."""


class NoSpeech(TranscriptError):
    """The recording has no speech to transcribe."""

    exit_code = 70

    def __init__(self) -> None:
        super().__init__("No speech was found in this recording.")


class SomeFailed(TranscriptError):
    """Some of many interviews could not be transcribed."""

    exit_code = 71

    def __init__(self, failed: int, of: int) -> None:
        super().__init__(f"{failed} of {of} interviews could not be transcribed.")
        self.failed, self.of = failed, of


class ChooseInterviews(TranscriptError):
    """Somebody named interviews and asked for all of them as well, or did neither."""

    exit_code = 72

    def __init__(self, *, is_none: bool = False) -> None:
        both = "Some interviews were named, and all of them were asked for."
        super().__init__("No interview was named." if is_none else both)
        self.is_none = is_none


class TranscriptFlaw(StrEnum):
    """Why a file cannot be read as a transcript."""

    NO_PLAIN_FILE = "is a folder or a device"
    TOO_LARGE = "is larger than 50 MB"
    CUT_SHORT = "was cut short"
    OLD_WORD = "is an old or protected Word file"
    PDF = "is a PDF"
    NOT_WORD = "is no Word document"
    OPEN_DOCUMENT = "is an OpenDocument text"
    WORKBOOK = "is a workbook"
    ARCHIVE = "is an archive of other files"
    PROJECT = "is the project of a program for analysis"
    ELAN = "is an ELAN file"
    TEXT_GRID = "is a Praat TextGrid"
    EXMARALDA = "is an EXMARaLDA transcription"
    OTHER_SUBTITLES = "holds subtitles of another kind (ASS or TTML)"
    OTHER_XML = "holds XML of another kind"
    OTHER_JSON = "holds JSON of another kind"
    OTHER_TABLE = "is a table without a column of words"
    OTHER_TEXT = "is text without speakers or times"
    SWOLLEN_WORD = "is far too large for a transcript when unpacked"
    NOT_TEXT = "is no text"
    NO_WORDS = "holds no words"
    TOO_LONG = "has far too much text for a transcript"
    LONG_LINE = "has a line that is far too long"
    TOO_MANY_LINES = "has too many lines or tags"
    TOO_MANY_TURNS = "has too many turns"
    TOO_MANY_SPEAKERS = "has too many speakers"


_OTHER_KINDS = frozenset({
    TranscriptFlaw.OPEN_DOCUMENT, TranscriptFlaw.WORKBOOK, TranscriptFlaw.ARCHIVE,
    TranscriptFlaw.PROJECT, TranscriptFlaw.ELAN, TranscriptFlaw.TEXT_GRID,
    TranscriptFlaw.EXMARALDA, TranscriptFlaw.OTHER_SUBTITLES, TranscriptFlaw.OTHER_XML,
    TranscriptFlaw.OTHER_JSON, TranscriptFlaw.OTHER_TABLE, TranscriptFlaw.OTHER_TEXT,
})  # fmt: skip


class NotTranscript(TranscriptError):
    """A file cannot be read as a transcript."""

    exit_code = 73

    def __init__(self, flaw: TranscriptFlaw, *, most_turns: int = 0) -> None:
        """Take the flaw; ``most_turns`` is how many turns a transcript may have."""
        why = f"has more than {most_turns:,} turns" if most_turns else flaw
        if flaw is TranscriptFlaw.CUT_SHORT:
            said = "was cut short: its end is missing."
        elif flaw in _OTHER_KINDS:
            said = f"{why}, not a kind of transcript that Earshot reads."
        else:
            said = f"{why}, so it cannot be read as a transcript."
        super().__init__(f"That file {said}")
        self.flaw, self.most_turns = flaw, most_turns


class OtherRecording(TranscriptError):
    """A transcript's times do not fit the speech in the sound; neither was joined to the other."""

    exit_code = 84

    def __init__(self, label: str) -> None:
        super().__init__(
            f"The times of the transcript do not fit the speech in the sound of {label}: they may"
            " be of two recordings. Nothing was brought in."
        )
        self.label = label


class JoinFlaw(StrEnum):
    """Why a file cannot be joined to an interview."""

    HAS_TRANSCRIPT = "has a transcript already"
    HAS_SOUND = "has sound already"
    NO_SOUND_YET = "is still being recorded"
    NO_TRANSCRIPT = "has no transcript"
    IN_WORK = "has been worked on, and its times would have to be moved"


class NotJoined(TranscriptError):
    """A file cannot be joined to an interview; nothing was changed."""

    exit_code = 85

    def __init__(self, label: str, flaw: JoinFlaw) -> None:
        super().__init__(f"{label} {flaw}, so nothing was joined to it.")
        self.label, self.flaw = label, flaw


class OtherLanguage(TranscriptError):
    """The first minutes are in another language than the one that the interview should be in.

    wanted, heard: names of languages; heard is "" where no model here can tell which one it is, or
    none stands out. code: that of the language that was heard, or "".
    """

    exit_code = 78

    def __init__(self, wanted: str, heard: str = "", code: str = "") -> None:
        super().__init__(
            f"This sounds like {heard}, not like {wanted}."
            if heard
            else f"This may not be {wanted}: most of the first words were not understood."
        )
        self.wanted, self.heard, self.code = wanted, heard, code


class LanguageUnclear(TranscriptError):
    """No language stands out in the first minutes, and nobody has said which it is."""

    exit_code = 79

    def __init__(self) -> None:
        super().__init__("The language could not be recognised from the first minutes.")


class EditFlaw(StrEnum):
    """Why an edit cannot be made to a transcript."""

    EMPTY = "A turn cannot be empty"
    GONE = "That turn is no longer there"
    LAST = "No turn follows this one"
    NOT_BETWEEN_WORDS = "A turn is split between two words"
    NO_HEADING = "There is no such heading"
    NO_TIMES = "A transcript without times has no place for a topic"
    NOTHING_SOUGHT = "There is nothing to look for"
    OTHER_WORDS = "That turn does not say these words"
    THERE = "There is a transcript already"
    NO_VOICE = "No turn has that speaker"


def _list_runs(numbers: tuple[int, ...]) -> str:
    """Return numbers as people write them, those that follow each other together: 1 to 4, 7."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    ends = (f"{run[0]} to {run[-1]}" if run[1:] else str(run[0]) for run in runs)
    return ", ".join(ends)


class NotCorrectable(TranscriptError):
    """An edit cannot be made to this transcript; nothing was changed."""

    exit_code = 74

    def __init__(self, flaw: EditFlaw, numbers: tuple[int, ...] | None = None) -> None:
        """numbers: of the turns or headings that there are, None where they are not told."""
        if numbers is None:
            super().__init__(f"{flaw}.")
        elif numbers:
            super().__init__(f"{flaw}; there are these: {_list_runs(numbers)}.")
        else:
            super().__init__(f"{flaw}: there is none.")
        self.flaw, self.numbers = flaw, numbers


class UnknownTurn(TranscriptError):
    """Somebody named a turn that the interview does not have, or no longer."""

    exit_code = 77

    def __init__(self, named: str, turns: int) -> None:
        there = f"its turns are 1 to {turns}" if turns else "it has none"
        super().__init__(f"This interview has no turn {named}: {there}.")
        self.named, self.turns = named, turns


class UnknownSpeaker(TranscriptError):
    """A code is not of anybody who was entered with an interview, or speaks in it."""

    exit_code = 83

    def __init__(self, codes: list[str]) -> None:
        *most, last = codes or ("none",)
        every = f"{', '.join(most)} and {last}" if most else last
        super().__init__(f"Nobody in this interview has that code; it has {every}.")
        self.codes = tuple(codes)


class BadCorrections(TranscriptError):
    """What a participant sent back cannot be read, or not be entered yet."""

    exit_code = 75

    def __init__(self, why: str = "holds no correction that can be read") -> None:
        super().__init__(f"Nothing was entered: what came back {why}.")
        self.why = why


class HearingFlaw(StrEnum):
    """Why a passage cannot be heard again, or a turn of it not be taken over."""

    BACKWARDS = "That passage ends before it begins"
    BEYOND = "The recording ends before that passage begins"
    UNTIMED = "The turns of this transcript have no times, so nothing can be set beside them"
    NOTHING = "Nothing of this interview has been heard again yet"
    NUMBER = "No turn that was heard again has that number"
    ONE_ONLY = "A passage is heard again, or its new words used, in one interview at a time"


class NotHeardAgain(TranscriptError):
    """A passage cannot be heard again, or set beside what stands; nothing was changed."""

    exit_code = 76

    def __init__(self, flaw: HearingFlaw) -> None:
        super().__init__(f"{flaw}.")
        self.flaw = flaw


class NoDiariser(TranscriptError):
    """The diarisation library is not installed."""

    exit_code = 80

    def __init__(self) -> None:
        super().__init__("Voices cannot be told apart: that part of Earshot is not installed.")


class DiariserFailed(TranscriptError):
    """The diarisation library failed."""

    exit_code = 81

    def __init__(self) -> None:
        super().__init__("Telling the voices apart failed.")


class SpeakersKnown(TranscriptError):
    """Every speaker has a microphone, so diarisation could only make it worse."""

    exit_code = 82

    def __init__(self) -> None:
        super().__init__("Each speaker of this interview has a microphone: nothing was changed.")


class TableFlaw(StrEnum):
    """What is wrong with a table of interviews to import."""

    NOT_GIVEN = "is missing: that is a folder, which does not say who is in its files"
    NOT_THERE = "is not there, or may not be read"
    NOT_TABLE = "is not a CSV or XLSX table"
    NO_COLUMN = "lacks a column"
    NO_ROWS = "has no rows"
    TOO_LARGE = "is far too long"
    TWICE = "has this label more than once, in lines"
    NO_FILE = "names no file in this line"
    FORMULA = "has a formula in this line instead of its result"
    OUTSIDE = "names a file in this line that is outside the folder"


class BadImportTable(TranscriptError):
    """A table of interviews to import, or a line of it, cannot be used."""

    exit_code = 88

    def __init__(self, flaw: TableFlaw, column: str = "") -> None:
        """Take the flaw; ``column`` is the one that is lacking, or the lines with one label."""
        super().__init__(f"The table of interviews {flaw}{f' {column}' if column else ''}.")
        self.flaw, self.column = flaw, column


class SomeNotImported(TranscriptError):
    """Some of many interviews could not be imported."""

    exit_code = 89

    def __init__(self, failed: int, of: int) -> None:
        super().__init__(f"{failed} of {of} interviews cannot be imported.")
        self.failed, self.of = failed, of


class PartLeftOut(TranscriptError):
    """A part of a sound file cannot be decoded, and nobody said that it may be left."""

    exit_code = 86

    def __init__(self, tracks: int, unread_bytes: int) -> None:
        """tracks: how many sound tracks it is. unread_bytes: behind the sound."""
        some = "1 sound track" if tracks == 1 else f"{tracks} sound tracks"
        what = some if tracks else f"{-(-unread_bytes // 1000):,} kB after the sound"
        super().__init__(f"{what} of that file cannot be decoded: nothing was brought in.")
        self.tracks, self.unread_bytes = tracks, unread_bytes
