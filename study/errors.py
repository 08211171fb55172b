"""Everything that can go wrong, in words a person can act on.

One tree: each class is one situation, says what happened, what to do next, and has an exit
code of its own, so that a script can tell them apart. No message ever holds a participant's
words or name, or the name of a file that may hold one: codes, counts and random ids only.

    EarshotError
    |- Stopped (3)
    |- study     10..29   the folder, its keys, its contents
    |- sound     30..39   files that should be sound or a transcript
    |- recording 40..49   microphones
    |- models    50..59   speech and language models
    |- steps     60..69   transcribing, anonymising
    |- Fault (70)
    |- handing over 71..89
    '- speakers  100..109 telling voices apart
"""

from __future__ import annotations

from typing import ClassVar


class EarshotError(Exception):
    """Something a person can understand and mend.

    The text of the exception is one sentence of what happened; ``advice`` is one of what to do.
    """

    exit_code: ClassVar[int] = 1
    advice: str = ""


class Stopped(EarshotError):
    """A person stopped the work; what was finished is kept."""

    exit_code = 3
    advice = "Start it again to continue from there."

    def __init__(self, what: str = "The work") -> None:
        super().__init__(f"{what} was stopped.")


class Fault(EarshotError):
    """Earshot itself is wrong: the one error that no person could have avoided."""

    exit_code = 70  # sysexits(3): an internal error
    advice = "What was acknowledged before is safe. Please report the line above."

    def __init__(self, where: str) -> None:
        super().__init__(f"A fault in Earshot itself ({where}).")


class StudyNotFound(EarshotError):
    """The folder holds no study."""

    exit_code = 10
    advice = "Check the folder, or make a study there with `earshot new FOLDER`."

    def __init__(self) -> None:
        super().__init__("That folder is not an Earshot study: it has no study.db.")


class StudyExists(EarshotError):
    """A new study was asked for where something already is."""

    exit_code = 11
    advice = "Choose a folder that does not exist yet, or an empty one."

    def __init__(self) -> None:
        super().__init__("That folder already exists and is not empty.")


class WrongPassphrase(EarshotError):
    """No slot opens with this passphrase."""

    exit_code = 12
    advice = "Try again, or use the recovery code that was printed when the study was made."

    def __init__(self) -> None:
        super().__init__("That passphrase does not open this study.")


class StudyInUse(EarshotError):
    """Another process holds what this one needs."""

    exit_code = 13
    advice = "Wait until the other program has finished, or close it."

    def __init__(self, what: str = "The study") -> None:
        super().__init__(f"{what} is in use by another program.")


class StudyTooNew(EarshotError):
    """A newer Earshot wrote this study."""

    exit_code = 14
    advice = "Install the newer Earshot to open it. Nothing was changed."

    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            f"This study has format {found}, and this version of Earshot knows formats up to "
            f"{known}."
        )


class StudyDamaged(EarshotError):
    """Bytes of the study are not what Earshot wrote."""

    exit_code = 15
    advice = "Restore the study from a backup. `earshot log verify STUDY` lists what is damaged."

    def __init__(self, where: str) -> None:
        super().__init__(f"{where} was damaged or changed outside Earshot.")
        self.where = where


class KeyNotHeld(EarshotError):
    """The passphrase opens the study but not this part of it."""

    exit_code = 16
    advice = "Ask someone whose passphrase opens it."

    def __init__(self, wanted: str) -> None:
        super().__init__(f"Your passphrase does not open the {wanted} part of this study.")


class DiskFull(EarshotError):
    """There is no room left on the disk."""

    exit_code = 17
    advice = "Free some space and try again. The study is as it was before."

    def __init__(self) -> None:
        super().__init__("The disk is full.")


class UnknownInterview(EarshotError):
    """No interview has this id or label."""

    exit_code = 18
    advice = "`earshot status STUDY` lists the interviews."

    def __init__(self) -> None:
        super().__init__("There is no such interview in this study, or more than one that fits.")


class NoPassphrase(EarshotError):
    """A passphrase is needed and there is nobody to ask."""

    exit_code = 19
    advice = "Set EARSHOT_PASSPHRASE, or pass --passphrase-fd with an open file descriptor."

    def __init__(self) -> None:
        super().__init__("This study needs a passphrase, and there is no terminal to ask on.")


class WeakPassphrase(EarshotError):
    """A new passphrase is too short to protect anybody."""

    exit_code = 20
    advice = "Use at least 10 characters; four or five unrelated words are good."

    def __init__(self) -> None:
        super().__init__("That passphrase is too short.")


class StepMissing(EarshotError):
    """A step needs the result of one that has not been done."""

    exit_code = 21

    def __init__(self, missing: str, advice: str) -> None:
        super().__init__(f"This interview has no {missing} yet.")
        self.advice = advice


class StudyUnwritable(EarshotError):
    """The study cannot be written where it lies."""

    exit_code = 22
    advice = "Check that the folder is not read-only and that you may write there."

    def __init__(self) -> None:
        super().__init__("The study cannot be written.")


class BadName(EarshotError):
    """A code or label holds characters that have no place in one."""

    exit_code = 23
    advice = "Use 1 to 40 letters, digits, '-' and '_', such as P07 or P07_i1."

    def __init__(self, what: str) -> None:
        super().__init__(f"That is not a usable {what}.")


class DiskFailed(EarshotError):
    """The disk itself refuses: it was pulled out, or it is failing."""

    exit_code = 24
    advice = "Check that the disk is still connected, then look at the study with `earshot log`."

    def __init__(self) -> None:
        super().__init__("The disk could not be read or written.")


class BadGuide(EarshotError):
    """A file that should be a topic guide is none."""

    exit_code = 25

    def __init__(self, why: str, advice: str) -> None:
        super().__init__(f"That topic guide {why}.")
        self.advice = advice


class NoGuide(EarshotError):
    """The study has no topic guide."""

    exit_code = 26
    advice = "Set one with `earshot guide STUDY --from FILE.md`."

    def __init__(self) -> None:
        super().__init__("This study has no topic guide yet.")


class BadWords(EarshotError):
    """A file that should be a list of words and names is none."""

    exit_code = 27

    def __init__(self, why: str, advice: str) -> None:
        super().__init__(f"That list of words {why}.")
        self.advice = advice


class StudyChanged(EarshotError):
    """``study.db`` does not fit the sum that was noted when it was last closed."""

    exit_code = 28
    advice = (
        "Run `earshot log verify STUDY`, which checks every byte: until then nothing can be signed"
        " off or handed over."
    )

    def __init__(self) -> None:
        super().__init__(
            "This study is not as Earshot last closed it: study.db or study.sum was changed since."
        )


class SoundNotFound(EarshotError):
    """The file to import is not there."""

    exit_code = 30
    advice = "Check its name and folder."

    def __init__(self) -> None:
        super().__init__("There is no file at that place, or it may not be read.")


class SoundEmpty(EarshotError):
    """The file holds no sound at all."""

    exit_code = 31
    advice = "Check that it was copied whole."

    def __init__(self) -> None:
        super().__init__("That file holds no sound.")


class NotSound(EarshotError):
    """The file is not sound that can be read."""

    exit_code = 32
    advice = "Earshot reads WAV, FLAC, MP3, M4A, OGG and Opus."

    def __init__(self) -> None:
        super().__init__("That file cannot be read as sound.")


class SoundTruncated(EarshotError):
    """The file ends before its own header says it should."""

    exit_code = 33
    advice = "Copy it again from the recorder, or keep what is there with --partial."

    def __init__(self, present_s: float | None = None) -> None:
        found = "" if present_s is None else f" after {present_s:.1f} s"
        super().__init__(f"That file was cut short: it ends{found} before it should.")


class SoundUnreasonable(EarshotError):
    """The file claims a rate, channels or a length that no interview has."""

    exit_code = 34
    advice = "Earshot takes 8 to 192 kHz, 1 to 8 channels, at most 12 hours."

    def __init__(self, what: str) -> None:
        super().__init__(f"That file claims {what}, which no interview recording has.")
        self.what = what


class NotTranscript(EarshotError):
    """A file that should be a transcript is none."""

    exit_code = 35

    def __init__(self, why: str, advice: str = "") -> None:
        super().__init__(f"That file {why}, so it cannot be read as a transcript.")
        self.advice = advice or (
            "Earshot reads WebVTT, SRT, Word (.docx), noScribe's HTML, and text with speakers."
        )


class SoundIncomplete(EarshotError):
    """The sealed sound of an interview is shorter than what was recorded, or lacks its end."""

    exit_code = 36
    advice = (
        "Restore its audio folder from a backup: `earshot log verify STUDY` names the file."
        " What is left can still be played."
    )

    def __init__(self) -> None:
        super().__init__("Part of this interview's recording is missing on the disk.")


class NoSoundLibrary(EarshotError):
    """PortAudio is not installed."""

    exit_code = 40
    advice = "On Debian and Ubuntu: apt install libportaudio2. Everything else works without."

    def __init__(self) -> None:
        super().__init__(
            "The sound library PortAudio is not installed, so nothing can be recorded or played."
        )


class NoMicrophone(EarshotError):
    """There is no input device, or none of that name."""

    exit_code = 41
    advice = "Plug one in, and look at `earshot record --devices`."

    def __init__(self) -> None:
        super().__init__("No such microphone was found.")


class MicrophoneFailed(EarshotError):
    """The device is there and does not open or stopped working."""

    exit_code = 42
    advice = "Close other recording programs, or choose another device with --device."

    def __init__(self) -> None:
        super().__init__("The microphone could not be used: it is busy or was disconnected.")


class SoundDiffers(EarshotError):
    """A new stretch would not fit the sound that the interview has."""

    exit_code = 43
    advice = "Record with the same microphone and rate as before, or make it a new interview."

    def __init__(self) -> None:
        super().__init__("This interview has sound with another rate or number of channels.")


class NoLoudspeaker(EarshotError):
    """There is nothing to play sound on, or it went away."""

    exit_code = 44
    advice = "Plug in headphones or switch the loudspeaker on, and play it again."

    def __init__(self) -> None:
        super().__init__("No sound can be played: there is no loudspeaker, or it does not answer.")


class NoChannel(EarshotError):
    """The sound has fewer channels."""

    exit_code = 45
    advice = "The first channel is 1; leave --channel out to hear all of them."

    def __init__(self, count: int) -> None:
        some = "only one channel" if count == 1 else f"{count} channels"
        super().__init__(f"This interview's sound has {some}.")


class PoorSound(EarshotError):
    """A sound check says that what is said here would be hard to hear."""

    exit_code = 46
    advice = "Change what it says, and check again. Nothing was kept."

    def __init__(self, verdict: str) -> None:
        super().__init__(f"The sound is not good yet: {verdict.rstrip('.')}.")


class ModelMissing(EarshotError):
    """A model that was asked for is not on this machine."""

    exit_code = 50
    advice = "`earshot models` lists what is here; `earshot models get NAME` fetches one."

    def __init__(self, kind: str = "", why: str = "is not installed", advice: str = "") -> None:
        super().__init__(f"That {kind} model {why}." if kind else f"That model {why}.")
        self.advice = advice or self.advice


class ModelBroken(EarshotError):
    """A model is here and cannot be used."""

    exit_code = 51
    advice = "Fetch it again with `earshot models get NAME`, or remove it."

    def __init__(self, kind: str, why: str = "is incomplete or damaged", advice: str = "") -> None:
        super().__init__(f"That {kind} model {why}.")
        self.advice = advice or self.advice


class ModelNotFetched(EarshotError):
    """A download did not arrive whole.

    ``may_pass``: whether trying again a little later can help.
    """

    exit_code = 52
    advice = "Check the connection and try again: it continues where it stopped."

    def __init__(self, cause: str = "", *, may_pass: bool = False) -> None:
        super().__init__(f"The model could not be fetched{': ' if cause else ''}{cause}.")
        self.may_pass = may_pass


class ArchiveRefused(EarshotError):
    """An archive holds what no model has, or not what a model needs."""

    exit_code = 53
    advice = "Make it anew with `earshot models pack NAME --to FILE`; keep no copy of this one."

    def __init__(self, why: str) -> None:
        super().__init__(f"That archive was refused: it {why}.")


class ModelBabbles(EarshotError):
    """A model loads, and makes nonsense of a known sentence."""

    exit_code = 54
    advice = "Choose another one, or keep it anyway: add --untried to `earshot models get NAME`."

    def __init__(self, kind: str, did: str) -> None:
        super().__init__(f"That {kind} model loads, but {did} in a known sentence.")


class ModelsUnwritable(EarshotError):
    """The folder for models is read-only, or not ours."""

    exit_code = 55
    advice = "Set EARSHOT_MODELS to a folder that you may write to."

    def __init__(self) -> None:
        super().__init__("The folder for models cannot be written.")


class PackUnwritable(EarshotError):
    """A model cannot be packed where it was asked for."""

    exit_code = 56
    advice = "Choose another name or folder with --to."

    def __init__(self) -> None:
        super().__init__("Nothing was packed: that file already exists, or cannot be written.")


class ComputerUnfit(EarshotError):
    """Something that Earshot needs is broken on this computer."""

    exit_code = 57
    advice = "`earshot doctor` says what to do about each."

    def __init__(self, count: int) -> None:
        some = "one check" if count == 1 else f"{count} checks"
        super().__init__(f"This computer failed {some}.")


class NoMarkedText(EarshotError):
    """A folder holds no text with marked names, or a line of it cannot be read."""

    exit_code = 58
    advice = "Give a folder of .jsonl files, each line with id, text and spans: see docs/models.md."

    def __init__(self) -> None:
        super().__init__("That folder has no text with marked names, or not all of it is readable.")


class OutOfMemory(EarshotError):
    """The computer had not enough memory for the model."""

    exit_code = 66
    advice = (
        "What was finished is kept. Close other programs and start it again, or take a smaller"
        " model: see `earshot models`."
    )

    def __init__(self) -> None:
        super().__init__("The computer had no memory left for this work.")


class StillRecording(EarshotError):
    """The interview is being recorded at this moment."""

    exit_code = 67
    advice = "Wait until the recording has ended, or record with --transcribe to follow it."

    def __init__(self) -> None:
        super().__init__("This interview is being recorded right now.")


class ChooseInterviews(EarshotError):
    """Interviews were named, and all were asked for."""

    exit_code = 69
    advice = "Name the interviews, or say --all, not both."

    def __init__(self) -> None:
        super().__init__("Some interviews were named, and all of them asked for.")


class SomeFailed(EarshotError):
    """Of many interviews, some could not be done."""

    exit_code = 68
    advice = "Mend what is said beside each, and run it again: the others are not done twice."

    def __init__(self, failed: int, of: int) -> None:
        super().__init__(f"{failed} of {of} interviews could not be transcribed.")


class LanguageUnknown(EarshotError):
    """A speech model has not learnt the language it is to hear, or there is none of that code."""

    exit_code = 59
    advice = "Give a code such as en or de with --language, or a model that has it with --model."

    def __init__(self) -> None:
        super().__init__("That speech model does not know that language.")


class NoSpeech(EarshotError):
    """There is nothing to transcribe."""

    exit_code = 60
    advice = "Listen to the recording: is it silent, or the wrong file?"

    def __init__(self) -> None:
        super().__init__("No speech was found in this recording.")


class NoDiariser(EarshotError):
    """The library that tells voices apart is not installed."""

    exit_code = 100
    advice = "Install it with `pip install earshot[speakers]`; the transcript stays as it is."

    def __init__(self) -> None:
        super().__init__("Voices cannot be told apart: that part of Earshot is not installed.")


class DiariserFailed(EarshotError):
    """The library that tells voices apart broke off."""

    exit_code = 101
    advice = "The transcript stays as it is. Fetch the model again, or try another one."

    def __init__(self) -> None:
        super().__init__("Telling the voices apart broke off.")


class SpeakersKnown(EarshotError):
    """Every speaker has a microphone, which knows better than any diariser."""

    exit_code = 102
    advice = "Change a turn's speaker in the review, if one is wrong."

    def __init__(self) -> None:
        super().__init__("Each speaker of this interview has a microphone: nothing was changed.")


class UnknownMention(EarshotError):
    """A decision names a mention that is not there (any more)."""

    exit_code = 61
    advice = "`earshot review STUDY INTERVIEW` lists the mentions."

    def __init__(self) -> None:
        super().__init__("There is no such mention in this interview.")


class NotCorrectable(EarshotError):
    """An edit that cannot be made to this transcript; it is as it was."""

    exit_code = 62

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"{what}.")
        self.advice = advice


class UnknownReplacement(EarshotError):
    """A replacement is to be changed that stands for nobody in the study."""

    exit_code = 63
    advice = '`earshot replacements STUDY` lists them, such as "Person 2".'

    def __init__(self) -> None:
        super().__init__("Nothing in this study has that label.")


class BadReplacement(EarshotError):
    """A typed replacement is empty, or stands for another already."""

    exit_code = 64
    advice = "Type other words, or make the two one with --same."

    def __init__(self, why: str) -> None:
        super().__init__(f"That replacement {why}.")


class WordsChanged(EarshotError):
    """A decision is about words that were edited since they were found."""

    exit_code = 65
    advice = "`earshot anonymise STUDY INTERVIEW` looks again; every other decision is kept."

    def __init__(self) -> None:
        super().__init__("The words of that mention were edited since it was found.")


class MentionsUndecided(EarshotError):
    """The gate: a person has not decided everything yet."""

    exit_code = 74
    advice = "Decide them with `earshot review STUDY INTERVIEW` or in `earshot open STUDY`."

    def __init__(self, count: int) -> None:
        some = "1 mention is" if count == 1 else f"{count} mentions are"
        super().__init__(f"Nothing was handed over: {some} undecided.")
        self.count = count


class OriginalSurvives(EarshotError):
    """The gate: something that was to be replaced is still in the output."""

    exit_code = 71
    advice = (
        "Accept or add the mention where it stands; what names nobody is told to stay with"
        " `earshot review STUDY INTERVIEW --keep TURN=WORDS`."
    )

    def __init__(self, where: list[str]) -> None:
        shown = ", ".join(where[:5]) + (" and more" if len(where) > 5 else "")  # noqa: PLR2004 - a sentence holds five
        super().__init__(f"Nothing was handed over: an identifying detail is still in {shown}.")
        self.where = where


class TargetExists(EarshotError):
    """The export would overwrite something."""

    exit_code = 72
    advice = "Choose another folder with --to."

    def __init__(self) -> None:
        super().__init__("Nothing was handed over: the target already exists.")


class TargetUnwritable(EarshotError):
    """The export cannot be written where it was asked for."""

    exit_code = 73
    advice = "Choose a folder that you may write to with --to."

    def __init__(self) -> None:
        super().__init__("Nothing was handed over: the target folder cannot be written.")


class NotSignedOff(EarshotError):
    """Nobody has signed the clean transcript off."""

    exit_code = 75
    advice = "A data officer signs it off with `earshot sign STUDY INTERVIEW`."

    def __init__(self, why: str = "nobody has signed this interview off") -> None:
        super().__init__(f"Nothing was handed over: {why}.")


class SignOffVoid(EarshotError):
    """What was signed off is no longer what is there."""

    exit_code = 76
    advice = "Look at it again, and sign it off with `earshot sign STUDY INTERVIEW`."

    def __init__(self, why: str) -> None:
        super().__init__(f"Nothing was handed over: the sign-off is void, because {why}.")
        self.why = why


class OwnWork(EarshotError):
    """The study asks for a second person, and this is the first."""

    exit_code = 77
    advice = "Ask somebody with a passphrase of their own, who decided nothing in this interview."

    def __init__(self) -> None:
        super().__init__("It was not signed off: mentions were decided with your own passphrase.")


class NotWhatWasRead(EarshotError):
    """The clean transcript is another one than the officer was shown."""

    exit_code = 84
    advice = "Look at what changed, and sign then."

    def __init__(self) -> None:
        super().__init__("It was not signed off: it was changed while you were reading it.")


class ObjectionsStand(EarshotError):
    """An officer objected to lines of the log, and somebody signs."""

    exit_code = 85
    advice = "Send it back with the reasons, or take the objections back first."

    def __init__(self, count: int) -> None:
        some = "1 line of the log is" if count == 1 else f"{count} lines of the log are"
        super().__init__(f"It was not signed off: {some} objected to.")


class TargetInStudy(EarshotError):
    """A hand-over would lie among what is sealed."""

    exit_code = 78
    advice = "Leave --to out to keep it in handed-over/, or choose a folder outside the study."

    def __init__(self) -> None:
        super().__init__("Nothing was handed over: that folder lies inside the study.")


class BundleChanged(EarshotError):
    """A bundle does not fit its own list of checksums."""

    exit_code = 79
    advice = "Ask the sender for it again, and compare the fingerprint."

    def __init__(self, count: int = 1) -> None:
        some = "1 thing" if count == 1 else f"{count} things"
        super().__init__(f"This bundle does not fit its own list: {some} differ.")


class NotABundle(EarshotError):
    """There is no bundle to check."""

    exit_code = 80
    advice = "Give the folder or the zip file that `earshot export` made, with SHA256SUMS in it."

    def __init__(self) -> None:
        super().__init__("That is not a bundle that Earshot handed over, or it cannot be read.")


class BadAttribute(EarshotError):
    """What would be said of a participant was not declared, or is no list of values."""

    exit_code = 81
    advice = "Declare it with `earshot cases STUDY --declare 'course=spring|autumn'`."

    def __init__(self, why: str) -> None:
        super().__init__(f"That attribute {why}.")


class BadCorrections(EarshotError):
    """What a participant sent back cannot be entered."""

    exit_code = 82
    advice = "Give the Word copy with its last table filled in, or a text with lines like 12: text."

    def __init__(self, why: str = "holds no correction that can be read") -> None:
        super().__init__(f"Nothing was entered: that file {why}.")


class SoundRefused(EarshotError):
    """Sound was to be handed over that may not leave, or cannot."""

    exit_code = 83
    advice = "Leave --sound out to hand over the text alone."

    def __init__(self, why: str) -> None:
        super().__init__(f"No sound was handed over: {why}.")
