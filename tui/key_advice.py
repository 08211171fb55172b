"""Advice about each error for a person at a screen, in keys.

What happened is the error's own sentence; ``cli.verb_advice`` says the same at the shell. A key
stands here as the command that it is bound to, in braces: ``{home.transcribe}`` is shown as the
key that this person has for it. What no key does is said with the name of the verb that does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from study import ConsentPurpose, errors, sanitise_text
from study.errors import (
    BadGuide,
    BadName,
    ConsentFlaw,
    ConsentRefused,
    ConsentWithheld,
    EarshotError,
    EditFlaw,
    GuideFlaw,
    HearingFlaw,
    LeakPlace,
    NotCorrectable,
    NotHeardAgain,
    NotWilling,
    OriginalSurvives,
    PersonFlaw,
    PersonRefused,
    WillingnessFlaw,
)
from tui.key_names import with_keys

Sentence = str | Callable[..., str]
"""A sentence, or a function that makes it of the facts of the error."""

_TOPICS = "Write each topic on a line that begins with ##, and each probe below it on one with -."
_PLAIN = "Use only characters that a keyboard has."
_SEND_AGAIN = "Copy it again from where it was made; if that is of no use, have it sent again."
_BY_WORDS = "Trust it by its 12 words: press {home.travel} in the list, then {travel.keys}."
_READ_AGAIN = "Press {interview.refresh} to read the interview again."
_TO_CHECK = "Press {home.check} in the list, or {interview.check} in the review, to check it"
_CHOOSE_LANGUAGE = (
    "Choose the language with {home.language} in the list, then press {home.transcribe} again."
)
_TO_SEARCH = (
    "Press {home.anonymise} in the list, or {interview.anonymise} in the review, to look for"
    " identifying details"
)


def _bad_name(error: BadName) -> str:
    if error.is_like_name:
        return "Use one such as P07 or P07_i1."
    return {
        "kind of name": "Write the kind first: person=Tom Baker, place=Ashfield.",
        "name": "Write it in letters after the = sign, as in person=Tom Baker.",
        "role": "Use participant, interviewer, supporter or staff.",
    }.get(error.what, "Use 1 to 40 letters, digits, '-' and '_', such as P07 or P07_i1.")


def _bad_guide(error: BadGuide) -> str:
    if error.flaw is GuideFlaw.TOO_LONG:
        return f"Keep it under {error.most_lines:,} lines and {error.most_kb} KB of text."
    return _PLAIN if error.flaw is GuideFlaw.NOT_TEXT else _TOPICS


def _not_correctable(error: NotCorrectable) -> str:
    return {
        EditFlaw.EMPTY: "Press {interview.remove} to remove the turn instead.",
        EditFlaw.GONE: _READ_AGAIN,
        EditFlaw.NO_HEADING: _READ_AGAIN,
        EditFlaw.NO_TIMES: "Import the transcript with its sound, or a file that has times.",
        EditFlaw.LAST: "Go to the turn before, and press {interview.join} there.",
        EditFlaw.NOT_BETWEEN_WORDS: (
            "Choose a word after the first with {interview.right}, then press {interview.split}."
        ),
        EditFlaw.NOTHING_SOUGHT: "Type a word.",
        EditFlaw.OTHER_WORDS: _READ_AGAIN,
        EditFlaw.THERE: _READ_AGAIN,
        EditFlaw.NO_VOICE: _READ_AGAIN,
    }[error.flaw]


_LEAK_ADVICE: Final = {
    LeakPlace.TURN: (
        "Where it stands, accept the mention with {interview.accept}, or add it with"
        " {interview.mention}; who may sign off lets words that identify nobody pass, with a"
        " reason,"
        " where the check refuses to sign."
    ),
    LeakPlace.SPEAKER: "Give the speaker another code, with {interview.speaker} in the review.",
    LeakPlace.HEADING: "Write the heading in other words, with {interview.headings} in the review.",
    LeakPlace.EVENT: (
        "It holds the code of a speaker: give the speaker another one, with {interview.speaker} in"
        " the review."
    ),
    LeakPlace.LABEL: (
        "A label is in every file and cannot be changed: bring the interview in again under a label"
        " of codes, such as P07_i1."
    ),
    LeakPlace.TARGET: "Choose another name for it, in a terminal with `earshot export`.",
    LeakPlace.TITLE: "Word the study's title otherwise, in a terminal with `earshot settings`.",
    LeakPlace.ATTRIBUTE: (
        "Keep the attribute in the study, in a terminal with `earshot cases STUDY --keep-inside"
        " NAME`."
    ),
    LeakPlace.CALLED: "Give another name, in a terminal with `earshot export`.",
    LeakPlace.PURPOSE: "Say what it is for in other words, in a terminal with `earshot export`.",
    LeakPlace.RECEIVER: "Give the participant's code instead of a name.",
    LeakPlace.SIGN_OFF: "Sign off with another name or role.",
    LeakPlace.SOUND: "Hand over the text alone.",
    LeakPlace.FILE: (
        "Look for it in every interview that is handed over: accept the mention, or add it with"
        " {interview.mention}."
    ),
}


def _original_survives(error: OriginalSurvives) -> str:
    return " ".join(_LEAK_ADVICE[place] for place in error.places)


_OBJECTED: Final = (
    "Send it back with {check.send_back}, or take the objections back first, with"
    " {check.take_back}."
)


def _objections_stand(error: errors.ObjectionsStand) -> str:
    if error.lines or error.turns:
        return _OBJECTED
    return "Press {check.review} to look again; {interview.ready} hands it on."


def _not_heard_again(error: NotHeardAgain) -> str:
    return {
        HearingFlaw.BACKWARDS: "Choose another turn.",
        HearingFlaw.BEYOND: "Choose an earlier turn.",
        HearingFlaw.UNTIMED: "Press {interview.play} to listen, {interview.edit} to correct it.",
        HearingFlaw.NOTHING: "Press {interview.hear_again} to hear something again.",
        HearingFlaw.NUMBER: _READ_AGAIN,
        HearingFlaw.ONE_ONLY: "Press {interview.hear_again} in the interview.",
    }[error.flaw]


_CONSENT = "Press {home.consent}, in the list or before a recording,"


def _consent_withheld(error: ConsentWithheld) -> str:
    if error.what == ConsentPurpose.TRANSCRIPTION:
        return (
            "Type it by hand: in a terminal, `earshot transcribe --by-hand` "
            "makes an empty transcript. Enter then opens it here."
        )
    return f"{_CONSENT} to see what was agreed to."


def _consent_refused(error: ConsentRefused) -> str:
    return {
        ConsentFlaw.NO_DATE: "Write the day, the month and the whole year: 29/11/2026 will do.",
        ConsentFlaw.LIKE_NAME: "Give a code such as P07.",
        ConsentFlaw.FUTURE: "Correct the day, or the clock of this computer.",
        ConsentFlaw.ODD_CLOCK: "Set the clock: a record says when it was made.",
        ConsentFlaw.TOO_OLD: "Correct the day on which it was taken, or the date of the paper.",
        ConsentFlaw.NO_PAPERS: "Fill in the rows of both papers.",
        ConsentFlaw.UNKNOWN_SHEET: "In a terminal, `earshot policy` adds a version.",
        ConsentFlaw.UNKNOWN_FORM: "In a terminal, `earshot policy` adds a version.",
        ConsentFlaw.NO_TAKER: "Fill in who took it.",
        ConsentFlaw.NO_DEPUTY: "Fill in their name.",
        ConsentFlaw.NOT_OFFERED: "Choose another basis.",
        ConsentFlaw.RECORDED_AHEAD: "Write the day on which it was taken.",
        ConsentFlaw.NO_NOTE: "Fill in what the basis is.",
        ConsentFlaw.NO_ANSWER: "Answer the questions.",
        ConsentFlaw.BAD_TEXT: _PLAIN,
        ConsentFlaw.NOT_RECORDED: "Record the whole consent first.",
        ConsentFlaw.LOST: "Choose who advises or decides as the basis.",
        ConsentFlaw.UNSEEN: "In a terminal, `earshot policy` takes the name.",
        ConsentFlaw.SPOKEN: "In a terminal, `earshot play` plays it.",
        ConsentFlaw.UNPROVEN: "Ask them again, and record what they say as a new consent.",
        ConsentFlaw.WITHDRAWAL_MISSING: "Restore the study from a backup, or record the withdrawal"
        " again.",
        ConsentFlaw.OTHER_PEOPLE: "Restore the study from a backup.",
        ConsentFlaw.NOT_SPOKEN: "Press {consent.spoken} to record one.",
    }[error.flaw]


def _not_willing(error: NotWilling) -> str:
    if error.flaw in {WillingnessFlaw.UNASKED, WillingnessFlaw.EACH}:
        return "Press {prepare.start}, and ask everybody."
    return "Nothing was recorded. Talk to them, and ask again another time if they wish."


def _person_refused(error: PersonRefused) -> str:
    return {
        PersonFlaw.UNKNOWN: "Choose somebody from the list.",
        PersonFlaw.UNNAMED: "Give a name of at most 40 characters, such as Okafor.",
        PersonFlaw.TAKEN: "Give another name: the trail tells people apart by it.",
        PersonFlaw.LOOKS_ALIKE: "Give a name that cannot be mistaken for theirs, in one alphabet.",
        PersonFlaw.ANOTHERS: "Type your own name.",
        PersonFlaw.NO_ROLE: "Choose one of the roles that are listed.",
        PersonFlaw.TOO_MANY: "Remove somebody first, with {people.remove} in the list of people.",
        PersonFlaw.SELF: "Another owner must do it, with their own passphrase.",
        PersonFlaw.CODE: "Press {people.renew_code} in the list of people to make a new one.",
        PersonFlaw.LAST_OWNER: "Add another owner first, with {people.add} in the list of people.",
        PersonFlaw.NO_KEYS_YET: "Ask them to open it once, or remove them first.",
    }[error.flaw]


SENTENCES: Final[dict[type[EarshotError], Sentence]] = {
    errors.Stopped: "Start it again to continue from there.",
    errors.Fault: "What was saved before is safe. Please report this sentence.",
    errors.WorkBrokeOff: (
        "Finished parts are kept. Start it again, or run it in a terminal to see more."
    ),
    errors.WorkNotStarted: "Close other programs, and start it again.",
    errors.OutOfMemory: (
        "Finished parts are kept. Close other programs and start it again, or "
        "get a smaller model with `earshot models` in a terminal."
    ),
    errors.ComputerUnfit: "In a terminal, `earshot doctor` says what to do about each.",
    errors.StudyNotFound: "Leave with {home.quit}, and open another folder.",
    errors.StudyExists: "Choose a folder that does not exist yet, or an empty one.",
    errors.WrongPassphrase: (
        "Try again, or use the recovery code that was printed when the study was made."
    ),
    errors.StudyInUse: "Wait until the other program has finished, or close it.",
    errors.StudyTooNew: "Install the newer Earshot to open it. Nothing was changed.",
    errors.StudyDamaged: (
        "Restore the study from a backup. Press {check.verify} in the check of an interview to"
        " see what is damaged."
    ),
    errors.KeyNotHeld: "Ask someone whose passphrase opens it.",
    errors.DiskFull: "Free some space and try again. The study is as it was before.",
    errors.UnknownInterview: "Press {home.refresh} in the list to read the study again.",
    errors.NoPassphrase: "Leave with {leave}, and open the study again from a terminal.",
    errors.WeakPassphrase: "Use at least 10 characters; four or five unrelated words are good.",
    errors.StudyUnwritable: "Check that the folder is not read-only and that you may write there.",
    errors.BadName: _bad_name,
    errors.DiskFailed: (
        "Check that the disk is still connected, then press {check.verify} in the check of an"
        " interview, to look at the whole study."
    ),
    errors.BadGuide: _bad_guide,
    errors.NoGuide: "Press {prepare.guide} before a recording to write one.",
    errors.BadWords: (
        "Put one word or name on each line, as plain text, and set it again in a terminal."
    ),
    errors.BadAttribute: "Declare it in a terminal with `earshot cases`.",
    errors.ReasonMissing: "Accept it in a terminal with `earshot log accept`.",
    errors.NoKeptHeads: "Check it in a terminal with `earshot log`.",
    errors.NotInTheseInterviews: "Give the code of somebody who takes part, such as P07.",
    errors.NoFingerprint: "Check it in a terminal with `earshot verify`.",
    errors.OtherSigner: "Check it in a terminal with `earshot verify`.",
    errors.ConsentMissing: f"{_CONSENT} to record it.",
    errors.PersonNotEntered: (
        "In the interview, press {interview.speaker} on a turn of theirs: it asks what they are."
    ),
    errors.ConsentWithheld: _consent_withheld,
    errors.CapacityLost: f"{_CONSENT} to record what a consultee or guardian says.",
    errors.ConsentRefused: _consent_refused,
    errors.UnknownParticipant: "Press {home.consent} in the list to see everybody.",
    errors.NotWilling: _not_willing,
    errors.RoleForbids: "Ask somebody whose role allows it.",
    errors.PersonRefused: _person_refused,
    errors.NotText: "Type it again, in a terminal that writes UTF-8.",
    errors.TextTooLong: "Say it in a few sentences.",
    errors.UnknownNote: (
        "In a terminal, `earshot safeguarding` lists them, for owners and officers."
    ),
    errors.DataDue: "Ask for it in a terminal with `earshot due`.",
    errors.HasWithdrawn: "Press {home.withdraw} in the list of interviews to see how far.",
    errors.HoldStands: "An approver or owner can lift it in a terminal with `earshot due`.",
    errors.RetentionRefused: "Set the kinds of data together in a terminal with `earshot due`.",
    errors.DestructionRefused: (
        "In a terminal, `earshot withdraw` shows what was requested and done."
    ),
    errors.DataDestroyed: "Whatever was made from it and not destroyed can still be read.",
    errors.StudyChanged: (
        "Check it in a terminal (`earshot log verify`, then `earshot log "
        "accept`): until then nothing can be transcribed, signed off or handed "
        "over."
    ),
    errors.SoundNotFound: "Check its name and folder.",
    errors.SoundEmpty: "Check that it was copied whole.",
    errors.NotSound: (
        "Earshot reads WAV, FLAC, MP3, M4A, OGG, Opus, WMA, CAF, AIFF and AMR, and the sound of"
        " MP4, MOV, MKV, WebM, AVI, MTS and MPEG videos."
    ),
    errors.SoundKindRefused: (
        "Open it in the program that made it, save the sound there as WAV, and import that."
    ),
    errors.SoundChanging: "Wait until it is copied or recorded to its end, and try again.",
    errors.SoundUnreachable: "Plug it in again, copy the file to this computer, and try again.",
    errors.SoundTakenBefore: "It is in the list of interviews.",
    errors.NoTrack: "Import all of them, each as a channel.",
    errors.SoundTruncated: (
        "Copy it again from the recorder, or import what is there with `earshot "
        "import` in a terminal."
    ),
    errors.SoundUnreasonable: "Earshot takes 8 to 192 kHz, 1 to 8 channels, at most 12 hours.",
    errors.SoundIncomplete: (
        "Restore its audio folder from a backup: {check.verify} in the check of an interview names"
        " the file. What is left can still be played."
    ),
    errors.NoSoundLibrary: (
        "`earshot doctor`, in a terminal, names what installs it. All else works without."
    ),
    errors.NoMicrophone: "Plug one in, then press {prepare.microphone} to choose it.",
    errors.MicrophoneFailed: (
        "Close other recording programs, or choose another microphone with {prepare.microphone}"
        " before a recording."
    ),
    errors.SoundDiffers: (
        "Record with the same microphone and rate as before, or press {home.new} in the list to"
        " make it a new interview."
    ),
    errors.NoLoudspeaker: (
        "Plug in headphones or switch the loudspeaker on, and press {interview.play} to play it"
        " again."
    ),
    errors.NoChannel: "Play all of them: press {interview.play}.",
    errors.ChannelsDiffer: "Import it again in a terminal, with one code for each channel.",
    errors.PoorSound: (
        "Change what it says, and press {prepare.check} to check again. Nothing was kept."
    ),
    errors.StillRecording: "Wait until the recording has ended.",
    errors.ModelMissing: "Get one in a terminal with `earshot models`, then try again.",
    errors.ModelBroken: "Get it again, or remove it, in a terminal with `earshot models`.",
    errors.ModelNotFetched: "Get it in a terminal with `earshot models`, which says what to do.",
    errors.ArchiveRefused: (
        "Pack it again in a terminal with `earshot models`; keep no copy of this one."
    ),
    errors.ModelBabbles: "Get another one in a terminal with `earshot models`.",
    errors.ModelsUnwritable: "Set EARSHOT_MODELS to a folder that you may write to.",
    errors.PackUnwritable: "Choose another name or folder.",
    errors.PackageRefused: (
        "Get the model from the hub in a terminal with `earshot models`. Nothing "
        "of this one was kept."
    ),
    errors.NoMarkedText: "Give a folder of .jsonl files, each line with id, text and spans.",
    errors.LanguageUnknown: (
        "Choose another language with {home.language} in the list, or get a "
        "model that knows it in a terminal with `earshot models`."
    ),
    errors.SoundMissing: (
        "Press {home.go_on} in the list to record it, or import a file in a "
        "terminal with `earshot import`."
    ),
    errors.TranscriptMissing: (
        "Press {home.transcribe} in the list, or {interview.transcribe} in the review, to"
        " transcribe it."
    ),
    errors.WordsMissing: "Press {home.open} in the list, and type what was said.",
    errors.SearchMissing: f"{_TO_SEARCH}.",
    errors.AnswerMissing: "Press {check.sign} again, and type an answer.",
    errors.CleanTranscriptMissing: f"{_TO_SEARCH}, then decide every mention.",
    errors.CleanTranscriptOutdated: (
        "Go back with {check.back}. If its text changed, {home.anonymise} searches it again; else"
        " open the check again: that makes a new one. Then sign."
    ),
    errors.LogVersionMissing: "Choose another version with {check.changes}.",
    errors.NoSpeech: "Listen to the recording. Is it silent, or the wrong file?",
    errors.SomeFailed: (
        "Put right what is said about each, and start again: the others are not repeated."
    ),
    errors.ChooseInterviews: "Name the interviews, or ask for all, not both.",
    errors.BadImportTable: "Correct the table, and import it in a terminal with `earshot import`.",
    errors.SomeNotImported: "Import the rest again in a terminal with `earshot import`.",
    errors.NotTranscript: (
        "Earshot reads WebVTT, SRT, Word (.docx), RTF, text with speakers, and the files of"
        " Whisper, WhisperX, noScribe, aTrain, oTranscribe, f4, MAXQDA, NVivo, Otter, Teams and"
        " Zoom."
    ),
    errors.PartLeftOut: "Convert it with the program that made it.",
    errors.OtherRecording: "Listen to it, and check that it is the right file.",
    errors.NotJoined: "Import the file as an interview of its own.",
    errors.OtherLanguage: _CHOOSE_LANGUAGE,
    errors.LanguageUnclear: _CHOOSE_LANGUAGE,
    errors.NotCorrectable: _not_correctable,
    errors.UnknownSpeaker: "Press {interview.speaker} to choose one of them, or to add a code.",
    errors.UnknownTurn: _READ_AGAIN,
    errors.NotHeardAgain: _not_heard_again,
    errors.BadCorrections: (
        "Press {interview.returned} to read the Word copy, or a text with lines like 12: text. For"
        " each part of the list press {returned.take}, {returned.say} or {returned.nothing}."
    ),
    errors.NoDiariser: "Install earshot[speakers] with pip; the transcript stays as it is.",
    errors.DiariserFailed: (
        "The transcript is unchanged. Get the model again in a terminal with "
        "`earshot models`, or try another one."
    ),
    errors.SpeakersKnown: "If a turn's speaker is wrong, change it with {interview.speaker}.",
    errors.UnknownMention: "Press {interview.list} in the review to see the mentions.",
    errors.WordsChanged: (
        "Press {interview.anonymise} in the review to search again; all other decisions are kept."
    ),
    errors.UnknownReplacement: "Press {interview.list} in the review to see the replacements.",
    errors.BadReplacement: (
        "Type other words, or merge the two in a terminal with `earshot replacements`."
    ),
    errors.MentionsUndecided: (
        "Decide in the review: {interview.next_undecided} goes to the next mention."
    ),
    errors.OriginalSurvives: _original_survives,
    errors.PassRefused: "Type the words exactly as they are in the turn, and a reason.",
    errors.NotSignedOff: f"{_TO_CHECK}; a data officer signs it off there with {{check.sign}}.",
    errors.SignOffVoid: f"{_TO_CHECK} again, and sign it off there with {{check.sign}}.",
    errors.OwnWork: (
        "Ask somebody with a passphrase of their own, who decided nothing in this interview."
    ),
    errors.NotWhatWasRead: "Press {check.refresh} to see what changed, then sign.",
    errors.ObjectionsStand: _objections_stand,
    errors.TargetExists: "Choose another folder in a terminal with `earshot export`.",
    errors.TargetUnwritable: (
        "Choose a folder that you may write to, in a terminal with `earshot export`."
    ),
    errors.TargetInStudy: "Choose a folder outside the study.",
    errors.SoundRefused: "Hand over the text alone: press {home.export} in the list.",
    errors.PdfProgramMissing: "Install LibreOffice, or hand over without PDF.",
    errors.NothingToWrite: "Choose one that needs no times, such as plain text.",
    errors.PdfFailed: "Hand over without PDF.",
    errors.AccessTooOpen: f"{_CONSENT} to see what was agreed to, and hand over at that level.",
    errors.BundleChanged: "Ask the sender for it again, and compare the fingerprint.",
    errors.NotABundle: (
        "Give the folder or the zip file that was handed over, with SHA256SUMS in it."
    ),
    errors.NotAParcel: "Choose the file that the other study made.",
    errors.ParcelCut: _SEND_AGAIN,
    errors.ParcelChanged: _SEND_AGAIN,
    errors.ParcelForOther: "Take it in with the study that it was sealed for.",
    errors.ParcelFromStranger: _BY_WORDS,
    errors.ParcelTooNew: "Bring Earshot up to date on this computer, and take it in then.",
    errors.TakenInBefore: "Nothing was changed: look at it in the list.",
    errors.ParcelRefused: (
        "Ask the sender to check their study in a terminal with `earshot log verify`, and to"
        " send it"
        " again."
    ),
    errors.KeyUntrusted: _BY_WORDS,
    errors.WordsDiffer: (
        "Ask for the words again, over a telephone; if they still differ, the file is not theirs."
    ),
    errors.NotAStudyKey: "The other study writes it: press {home.travel}, then {travel.keys}.",
    errors.ReceiptRefused: "Nothing was destroyed here. Ask who sent the receipt.",
    errors.InterviewLent: ("Take it back, or end the loan: press {home.travel} in the list."),
    errors.NotLent: "Press {home.travel} in the list to see what is on loan, and to whom.",
    errors.BothChanged: "Take it back again, and decide each turn.",
    errors.StudyOnShare: (
        "Keep the study on a disk of this computer, and send interviews to others with"
        " {home.travel} in the list."
    ),
    errors.StudyOpenElsewhere: "Close it there, or open it under that path.",
    errors.SendIncomplete: "Choose an interview, and who receives it.",
    errors.ParcelExists: "Choose another name for the new file.",
    errors.HeldThere: "A study takes an interview in once. Lend it to another study.",
    errors.OtherParcel: "Choose it with {travel.take_in}, which finds out what it is for.",
    errors.ClusterNotInstalled: "Transcribe on this computer alone, or install it with pip.",
    errors.CertificateRefused: "In a terminal, `earshot cluster` makes new ones.",
    errors.SchedulerUnreachable: "Check in a terminal that `earshot scheduler` is running there.",
    errors.WorkersLost: "Start workers in a terminal with `earshot worker`.",
}

_BY_CODE: Final = {kind.exit_code: sentence for kind, sentence in SENTENCES.items()} | {
    # An exit code does not tell the place: most often it is in what was said.
    errors.OriginalSurvives.exit_code: _LEAK_ADVICE[LeakPlace.TURN],
    errors.ObjectionsStand.exit_code: _OBJECTED,
}


def describe_error(error: EarshotError, chosen: Mapping[str, str]) -> str:
    """Return an error as two sentences: what happened, and what to do.

    chosen: the keys that a person chose, by the command's id (``Preferences.keys``).
    """
    return sanitise_text(f"{error} {advise_key(error, chosen)}".strip())


def advise_key(error: EarshotError, chosen: Mapping[str, str]) -> str:
    """Return a sentence that says at a screen what to do about an error."""
    sentence = SENTENCES.get(type(error), "")
    return with_keys(sentence if isinstance(sentence, str) else sentence(error), chosen)


def advise_key_for_code(exit_code: int, chosen: Mapping[str, str]) -> str:
    """Return the same for the error of this exit code; "" where it depends on the error's facts."""
    sentence = _BY_CODE.get(exit_code, "")
    return with_keys(sentence, chosen) if isinstance(sentence, str) else ""


def advise_hearing_key(chosen: Mapping[str, str]) -> str:
    """Say which key shows an interview that was heard again beside a corrected one."""
    return with_keys("Press {interview.hear_again} in the review to compare the two.", chosen)
