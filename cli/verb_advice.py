"""The next step after each error, for somebody at the shell: verbs and options, never keys.

The error's own sentence says what happened; ``tui.key_advice`` has the advice for the screens.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from study import ConsentPurpose, errors
from study.errors import (
    BadGuide,
    BadImportTable,
    BadName,
    BadWords,
    CertificateFlaw,
    CertificateRefused,
    ConsentFlaw,
    ConsentMissing,
    ConsentRefused,
    ConsentWithheld,
    DestructionFlaw,
    DestructionRefused,
    EarshotError,
    EditFlaw,
    FetchFlaw,
    GuideFlaw,
    HearingFlaw,
    LeakPlace,
    LogVersionMissing,
    ModelBroken,
    ModelFlaw,
    ModelGap,
    ModelMissing,
    ModelNotFetched,
    NotCorrectable,
    NotHeardAgain,
    NotLent,
    NotTranscript,
    NotWilling,
    OriginalSurvives,
    OtherLanguage,
    OtherParcel,
    ParcelUse,
    PersonFlaw,
    PersonNotEntered,
    PersonRefused,
    ReceiptFlaw,
    ReceiptRefused,
    SchedulerFlaw,
    SchedulerUnreachable,
    SoundFlaw,
    SoundKindRefused,
    TableFlaw,
    TranscriptFlaw,
    WillingnessFlaw,
    WordsFlaw,
    WorkerFlaw,
    WorkersLost,
)

Sentence = str | Callable[..., str]
"""A sentence, or a function that makes the sentence from the facts of the error."""

_TOPICS = "Write each topic on a line that begins with ##, and each probe below it on one with -."
_CATALOGUE = "Give a name as `earshot models` lists it, such as small.en."
_COPY = "Copy it again."
_SEND_AGAIN = "Copy it again from where it was made; if that is of no use, have it sent again."
_CARRY = (
    "fetch it on another computer, and carry it here with `earshot models pack NAME --to FILE` and"
    " `earshot models get NAME --from FILE`."
)
_READ_AGAIN = "Look at the interview again with `earshot correct STUDY INTERVIEW`."
_TRANSCRIPTS = (
    "Earshot reads WebVTT, SRT, Word (.docx), RTF, text with speakers, and the files of Whisper,"
    " WhisperX, noScribe, aTrain, oTranscribe, f4, MAXQDA, NVivo, Otter, Teams and Zoom."
)
_SAVE_AS_TEXT = "Export the transcript there as Word (.docx), WebVTT or text, and import that."


def _bad_name(error: BadName) -> str:
    if error.is_like_name:
        return "Use one such as P07 or P07_i1, or add --confirm to keep it."
    return {
        "kind of name": "Write the kind first: person=Tom Baker, place=Ashfield.",
        "name": "Write it in letters after the = sign, as in person=Tom Baker, or leave = out.",
        "role": "Use participant, interviewer, supporter or staff.",
    }.get(error.what, "Use 1 to 40 letters, digits, '-' and '_', such as P07 or P07_i1.")


def _certificate_refused(error: CertificateRefused) -> str:
    return {
        CertificateFlaw.MISSING: (
            "Give the folder with --cert: `earshot cluster certificates FOLDER` makes one for the"
            " study, one for the scheduler and one for the workers."
        ),
        CertificateFlaw.UNREADABLE: (
            "Copy its folder again from the computer that made it, all three files together."
        ),
        CertificateFlaw.EXPIRED: (
            "Make new ones with `earshot cluster certificates FOLDER`, and copy them to where they"
            " belong."
        ),
        CertificateFlaw.NOT_YET: "Set the clock of this computer, or of the one that made it.",
        CertificateFlaw.OTHER_ROLE: (
            "Give --cert the folder of its part: study, scheduler or worker."
        ),
        CertificateFlaw.READABLE: "Take the others' right to read it: `chmod 600 FOLDER/*key.pem`.",
        CertificateFlaw.NO_AUTHORITY: "Name a new folder.",
    }[error.flaw]


def _scheduler_unreachable(error: SchedulerUnreachable) -> str:
    return {
        SchedulerFlaw.SILENT: (
            "See whether `earshot scheduler` runs there and its port is open, and do the same"
            " again: it goes on with what is not transcribed yet."
        ),
        SchedulerFlaw.REFUSED: (
            "Use certificates that `earshot cluster certificates` made at the same time, and see"
            " whether those of the scheduler have expired."
        ),
        SchedulerFlaw.TAKEN: "Choose another address or port with --listen.",
    }[error.flaw]


def _workers_lost(error: WorkersLost) -> str:
    again = "do the same again: it goes on with what is not transcribed yet."
    if error.flaw in {WorkerFlaw.NO_MODEL, WorkerFlaw.OTHER_MODEL}:
        return f"Install it there with `earshot models get NAME`, and {again}"
    if error.flaw is WorkerFlaw.OTHER_VERSION:
        return f"Install the same Earshot there as here, and {again}"
    return f"Start workers with `earshot worker`, and {again}"


def _receipt_refused(error: ReceiptRefused) -> str:
    return {
        ReceiptFlaw.UNSENT: "Give it to the study that sent the parcel.",
        ReceiptFlaw.OTHER: "Ask the study that the parcel was sent to for its own receipt.",
        ReceiptFlaw.CHANGED: (
            "The other study has it as it was sent. Make the changes there as well, or keep both."
        ),
    }[error.flaw]


def _not_lent(error: NotLent) -> str:
    if error.is_mixed:
        return "Send those back in a parcel of their own."
    return "It may be back already. `earshot lend STUDY` shows what is on loan, and to whom."


def _other_parcel(error: OtherParcel) -> str:
    return {
        ParcelUse.RECEIVE: "Take them in with `earshot receive STUDY PARCEL`.",
        ParcelUse.BACK: "Take them back with `earshot take-back STUDY PARCEL`.",
        ParcelUse.RECEIPT: "Settle it with `earshot send STUDY --receipt FILE`.",
    }[error.use]


def _bad_guide(error: BadGuide) -> str:
    size = f"Keep it under {error.most_lines:,} lines and {error.most_kb} KB of text."
    return {
        GuideFlaw.NOT_THERE: "Check its name and folder.",
        GuideFlaw.NOT_TEXT: "Save it as plain text (UTF-8) and try again.",
        GuideFlaw.EMPTY: _TOPICS,
        GuideFlaw.NO_TOPIC: _TOPICS,
        GuideFlaw.TOO_LONG: size,
    }[error.flaw]


def _refused_kind(error: SoundKindRefused) -> str:
    return {
        SoundFlaw.DICTATION: (
            "Open it in its maker's program (Olympus or OM System DSS Player or ODMS, Philips"
            " SpeechExec), save it there as WAV, and import that."
        ),
        SoundFlaw.PROTECTED: "Ask whoever has it for a copy without protection, as WAV or MP3.",
        SoundFlaw.NO_TRACK: "If another device recorded the sound, import that device's file.",
        SoundFlaw.CODEC: (
            "Open it in the program that made it, save the sound there as WAV or M4A, and import"
            " that."
        ),
        SoundFlaw.TEXT: (
            "A transcript is read if its name ends as transcripts do, such as .txt or .docx."
        ),
        SoundFlaw.DOCUMENT: (
            "A transcript is read if its name ends as transcripts do, such as .docx or .txt."
        ),
        SoundFlaw.PICTURE: "Choose the sound file instead.",
        SoundFlaw.ARCHIVE: "Unpack it, and import the sound files in it.",
        SoundFlaw.PLAYLIST: "Import the files that it names.",
        SoundFlaw.NOTES: "Choose the recording itself instead.",
        SoundFlaw.DAMAGED: "Copy it again from the device that recorded it.",
        SoundFlaw.FOLDER: "Name the sound file in it.",
        SoundFlaw.DEVICE: "Choose the sound file instead.",
        SoundFlaw.SIDECAR: 'Import the file of the same name without "._" in front.',
    }[error.flaw]


def _bad_import_table(error: BadImportTable) -> str:
    columns = "Give each interview a line; columns: label, file, participants, roles, language."
    return {
        TableFlaw.NOT_GIVEN: (
            "Add --table FILE.csv: a line for each interview, with its label and its file."
        ),
        TableFlaw.NOT_THERE: "Check its name and folder.",
        TableFlaw.NOT_TABLE: "Save it as CSV (UTF-8) or XLSX, and try again.",
        TableFlaw.NO_COLUMN: columns,
        TableFlaw.NO_ROWS: columns,
        TableFlaw.TOO_LARGE: "Split it into several tables.",
        TableFlaw.TWICE: "Give each interview a label of its own; capitals do not count.",
        TableFlaw.NO_FILE: "Enter its file in the column file.",
        TableFlaw.FORMULA: "Save the table as CSV, which keeps the result of a formula.",
        TableFlaw.OUTSIDE: "Put it into the folder, or name a folder that holds all files.",
    }[error.flaw]


def _not_joined(problem: errors.NotJoined) -> str:
    if problem.flaw is errors.JoinFlaw.IN_WORK:
        return "To join the sound and leave the times as they are, add --keep-times."
    return "Import the file as an interview of its own, with --label."


def _bad_words(error: BadWords) -> str:
    return {
        WordsFlaw.NOT_THERE: "Check its name and folder.",
        WordsFlaw.NOT_TEXT: (
            "Save it as plain text (UTF-8), one word or name a line, and try again."
        ),
        WordsFlaw.BAD_LINE: (
            f"Write one word or name a line, each of at most {error.most} characters."
        ),
        WordsFlaw.TOO_LONG: (
            f"Keep it under {error.most} lines: a model takes some 60 words and names."
        ),
    }[error.flaw]


def _model_missing(error: ModelMissing) -> str:
    size = f", {error.size_mb} MB" if error.size_mb else ""
    fetch = "`earshot models` lists what is here; `earshot models get NAME` fetches one."
    if error.name:
        fetch = f"`earshot models get {error.name}` fetches it{size}."
    return {
        ModelGap.NOT_INSTALLED: fetch,
        ModelGap.OTHER_KIND: fetch,
        ModelGap.UNNAMED: _CATALOGUE,
        ModelGap.UNKNOWN: _CATALOGUE,
        ModelGap.BUNDLED: "It is here already: there is nothing to get or to remove.",
        ModelGap.OTHER_ROUTE: "Leave --via out: `earshot models --json` tells where it can be had.",
    }[error.gap]


_FETCH_AGAIN = "Fetch it again with `earshot models get NAME`, or remove it."


def _model_broken(error: ModelBroken) -> str:
    return {
        ModelFlaw.DAMAGED: _FETCH_AGAIN,
        ModelFlaw.CHANGED: _FETCH_AGAIN,
        ModelFlaw.NOT_AT_PLACE: "Check the place after --from.",
        ModelFlaw.NOT_IN_FOLDER: "Check the folder after --from.",
        ModelFlaw.UNREADABLE: _COPY,
        ModelFlaw.OTHER_BYTES: "Fetch it again later, or from another network.",
        ModelFlaw.NOT_CATALOGUED: (
            "Take it from its place in the catalogue: `earshot models --json` shows it."
        ),
        ModelFlaw.UNLIKE_ITS_LIST: _COPY,
        ModelFlaw.OTHER_NAME: "Check its name.",
        ModelFlaw.NO_PLAIN_FILES: _COPY,
        ModelFlaw.NO_FINDER: "Check the folder after --opinion: docs/models.md says what it holds.",
        ModelFlaw.NO_NAMES: "Choose a model that labels people, places or organisations.",
        ModelFlaw.TOO_NEW: (
            "Install a newer Earshot, or fetch a model for this one with `earshot models get NAME`."
        ),
    }[error.flaw]


def _model_not_fetched(error: ModelNotFetched) -> str:
    return {
        FetchFlaw.CONNECTION: "Check the connection and try again: it continues where it stopped.",
        FetchFlaw.CERTIFICATE_FILE: "Correct that setting or remove it, and try again.",
        FetchFlaw.UNTRUSTED: (
            "Where an institution inspects connections, set REQUESTS_CA_BUNDLE to the file of its"
            " certificates: its IT desk has it."
        ),
        FetchFlaw.PROXY_LOGIN: (
            "Write both into the proxy's address: https_proxy=http://NAME:PASSWORD@HOST:PORT."
        ),
        FetchFlaw.PROXY_REFUSED: f"Ask the IT desk to allow it, or {_CARRY}",
        FetchFlaw.REFUSED: f"Ask whoever keeps that place to allow it, or {_CARRY}",
        FetchFlaw.NOT_OFFERED: (
            f"Check which package index pip is set to use (`pip config list`), or {_CARRY}"
        ),
        FetchFlaw.BAD_ADDRESS: "Give an address that begins with https://, and try again.",
        FetchFlaw.NO_PIP: f"Install it with `python -m ensurepip`, or {_CARRY}",
        FetchFlaw.OLD_PIP: f"Update it with `python -m pip install -U pip`, or {_CARRY}",
    }[error.flaw]


def _log_version_missing(error: LogVersionMissing) -> str:
    if error.newest:
        return f"The newest is version {error.newest}."
    return "One is made with a clean transcript."


def _not_transcript(error: NotTranscript) -> str:
    return {
        TranscriptFlaw.CUT_SHORT: "Export it or copy it again; --partial takes what is there.",
        TranscriptFlaw.OLD_WORD: "Save it as .docx in Word.",
        TranscriptFlaw.PDF: "Save it as .docx or as text where it was made.",
        TranscriptFlaw.OPEN_DOCUMENT: "Save it as .docx or as RTF in LibreOffice.",
        TranscriptFlaw.WORKBOOK: "Save the sheet as text with tabs, with a heading Text.",
        TranscriptFlaw.OTHER_TABLE: "Save it as text with tabs, with a heading Text.",
        TranscriptFlaw.ARCHIVE: "Unpack it, and import the transcript in it.",
        TranscriptFlaw.OTHER_SUBTITLES: "Save them as SubRip (.srt) or WebVTT (.vtt).",
        **dict.fromkeys(
            (
                TranscriptFlaw.PROJECT,
                TranscriptFlaw.ELAN,
                TranscriptFlaw.TEXT_GRID,
                TranscriptFlaw.EXMARALDA,
            ),
            _SAVE_AS_TEXT,
        ),
    }.get(error.flaw, _TRANSCRIPTS)


def _other_language(error: OtherLanguage) -> str:
    insist = "If that is wrong, add --unchecked. What was transcribed is kept."
    if error.code:
        return f"Transcribe it again with --language {error.code}, or --language auto. {insist}"
    return (
        "Name the language that is spoken with --language, and get a model that knows it:"
        f" `earshot models get base`. {insist}"
    )


def _not_heard_again(error: NotHeardAgain) -> str:
    return {
        HearingFlaw.BACKWARDS: "Give a later time with --to.",
        HearingFlaw.BEYOND: "Give an earlier time with --from.",
        HearingFlaw.UNTIMED: "Listen to it with `earshot play` and correct it by hand.",
        HearingFlaw.NOTHING: "Say what to hear with --from and --to, and with which --model.",
        HearingFlaw.NUMBER: (
            "Run it again without --take to see the numbers; --take all takes what differs."
        ),
        HearingFlaw.ONE_ONLY: "Name one interview.",
    }[error.flaw]


def _not_correctable(error: NotCorrectable) -> str:
    return {
        EditFlaw.EMPTY: "Remove the turn instead, with --remove.",
        EditFlaw.GONE: _READ_AGAIN,
        EditFlaw.NO_HEADING: _READ_AGAIN,
        EditFlaw.NO_TIMES: "Import the transcript with its sound, or a file that has times.",
        EditFlaw.LAST: "Join the turn before with it.",
        EditFlaw.NOT_BETWEEN_WORDS: "Choose a word after the first.",
        EditFlaw.NOTHING_SOUGHT: "Type a word.",
        EditFlaw.OTHER_WORDS: "Copy them from the list.",
        EditFlaw.THERE: "`earshot correct STUDY INTERVIEW` shows it, and changes it.",
        EditFlaw.NO_VOICE: _READ_AGAIN,
    }[error.flaw]


def _person_refused(error: PersonRefused) -> str:
    return {
        PersonFlaw.UNKNOWN: "`earshot people STUDY` lists everybody.",
        PersonFlaw.UNNAMED: "Give a name of at most 40 characters, such as Okafor.",
        PersonFlaw.TAKEN: "Give another name: the trail tells people apart by it.",
        PersonFlaw.LOOKS_ALIKE: "Give a name that cannot be mistaken for theirs, in one alphabet.",
        PersonFlaw.ANOTHERS: "Give your own name with --as.",
        PersonFlaw.NO_ROLE: (
            "Say --role interviewer, assistant, officer, approver or owner with `earshot people"
            " STUDY add NAME`."
        ),
        PersonFlaw.TOO_MANY: "Remove somebody first, with `earshot people STUDY remove NAME`.",
        PersonFlaw.SELF: "Another owner must do it, with their own passphrase.",
        PersonFlaw.CODE: "`earshot people STUDY recovery --renew` makes a new one.",
        PersonFlaw.LAST_OWNER: (
            "Add another one first: `earshot people STUDY add NAME --role owner`."
        ),
        PersonFlaw.NO_KEYS_YET: (
            "`earshot people STUDY` shows who: they open it once, or are removed first. A recovery"
            " code is made with `earshot people STUDY recovery --renew`."
        ),
    }[error.flaw]


def name_consent_command(code: str, study: str = "STUDY") -> str:
    """Return a command that records a consent as it is typed, and that people put their own into.

    Whoever is the first in a study is asked for both papers.

    study: its folder, as a shell takes it.
    """
    return (
        f"earshot consent {study} {code} --sheet 1.0 --sheet-date 2026-03-01 --form 1.0"
        " --form-date 2026-03-01 --sound yes --transcription yes --quotes no"
    )


def _person_not_entered(error: PersonNotEntered) -> str:
    return (
        f"Say what they are: `earshot speakers STUDY INTERVIEW --name"
        f" {error.code}={error.code}:participant`, or supporter, staff or interviewer."
    )


def _consent_missing(error: ConsentMissing) -> str:
    if not error.code:
        return "Say who takes part with --participant, such as --participant P07."
    return (
        "Record what they agreed to, with the versions and dates of your own papers:"
        f" `{name_consent_command(error.code)}`."
    )


def _consent_withheld(error: ConsentWithheld) -> str:
    if error.what == ConsentPurpose.TRANSCRIPTION:
        return (
            "Type it by hand: `earshot transcribe STUDY INTERVIEW --by-hand` makes an empty"
            " transcript. Play it with `earshot play`, and type with `earshot correct`."
        )
    return "`earshot consent STUDY CODE` shows what was agreed to, and records another answer."


def _consent_refused(error: ConsentRefused) -> str:
    return {
        ConsentFlaw.NO_DATE: "Write the day, the month and the whole year: 29/11/2026 will do.",
        ConsentFlaw.LIKE_NAME: "Give a code such as P07, or add --confirm to keep this one.",
        ConsentFlaw.FUTURE: "Correct the day, or the clock of this computer.",
        ConsentFlaw.ODD_CLOCK: "Set the clock: a record says when it was made.",
        ConsentFlaw.TOO_OLD: "Correct --taken-on, --sheet-date or --form-date.",
        ConsentFlaw.NO_PAPERS: "Give --sheet, --sheet-date, --form and --form-date.",
        ConsentFlaw.UNKNOWN_SHEET: "`earshot policy STUDY --sheet VERSION` adds a version.",
        ConsentFlaw.UNKNOWN_FORM: "`earshot policy STUDY --form VERSION` adds a version.",
        ConsentFlaw.NO_TAKER: "Give a name or a code with --taken-by.",
        ConsentFlaw.NO_DEPUTY: "Give it with --consultee NAME.",
        ConsentFlaw.NOT_OFFERED: "`earshot consent --help` lists what each law offers.",
        ConsentFlaw.RECORDED_AHEAD: "Give the day on which it was taken with --taken-on.",
        ConsentFlaw.NO_NOTE: "Give them with --basis-note.",
        ConsentFlaw.NO_ANSWER: "Give the answers, such as --sound yes --quotes no.",
        ConsentFlaw.BAD_TEXT: "Write it in plain letters, 200 at most.",
        ConsentFlaw.NOT_RECORDED: "Give the whole consent: the papers, who took it, the answers.",
        ConsentFlaw.LOST: "Record the advice with --basis, --consultee and the answers.",
        ConsentFlaw.UNSEEN: "Add --consent-seen-by NAME.",
        ConsentFlaw.SPOKEN: "`earshot play` plays it.",
        ConsentFlaw.UNPROVEN: "`earshot log verify STUDY` names the row. Ask them again, and record"
        " what they say with `earshot consent STUDY CODE`.",
        ConsentFlaw.WITHDRAWAL_MISSING: "`earshot log verify STUDY` names what is missing. Restore"
        " a backup, or record the withdrawal again with `earshot withdraw STUDY CODE`.",
        ConsentFlaw.OTHER_PEOPLE: "`earshot log verify STUDY` names who changed it. Restore"
        " a backup.",
        ConsentFlaw.NOT_SPOKEN: "Record one with `earshot record STUDY --spoken-consent CODE`.",
    }[error.flaw]


_LEAK_ADVICE: Final = {
    LeakPlace.TURN: (
        "Accept or add the mention where it stands; keep what identifies nobody with"
        " `earshot review STUDY INTERVIEW --keep TURN=WORDS`. Who may sign off lets words pass with"
        " `earshot sign STUDY INTERVIEW --let TURN=WORDS --because REASON`."
    ),
    LeakPlace.SPEAKER: (
        "Give the speaker another code: `earshot correct STUDY INTERVIEW --speaker TURN=CODE"
        " --scope all`."
    ),
    LeakPlace.HEADING: (
        "Write the heading in other words: `earshot correct STUDY INTERVIEW --heading NUMBER=TEXT`;"
        " without an option it lists the numbers."
    ),
    LeakPlace.EVENT: (
        "It holds the code of a speaker: give the speaker another one with"
        " `earshot correct STUDY INTERVIEW --speaker TURN=CODE --scope all`."
    ),
    LeakPlace.LABEL: (
        "A label is in every file and cannot be changed: bring the interview in again under a label"
        " of codes, such as --label P07_i1."
    ),
    LeakPlace.TARGET: "Choose another name for the folder or the zip file, with --to.",
    LeakPlace.TITLE: 'Word the title otherwise: `earshot settings STUDY --title "..."`.',
    LeakPlace.ATTRIBUTE: (
        "Keep the attribute in the study: `earshot cases STUDY --keep-inside NAME`; or declare it"
        " again with other values."
    ),
    LeakPlace.CALLED: "Give another name with --call CODE=NAME, such as P07=Me.",
    LeakPlace.PURPOSE: "Say what it is for in other words, with --purpose.",
    LeakPlace.RECEIVER: "Give a participant's code instead, such as --for P07.",
    LeakPlace.SIGN_OFF: "Sign off in other words after --as or --role of `earshot sign`.",
    LeakPlace.SOUND: "Leave --sound out to hand over the text alone.",
    LeakPlace.FILE: (
        "Look for it in every interview that is handed over: accept or add the mention, or keep"
        " what identifies nobody with `earshot review STUDY INTERVIEW --keep TURN=WORDS`."
    ),
}


def _original_survives(error: OriginalSurvives) -> str:
    words = [bare for one in error.words[:5] if (bare := one.strip(" .,;:!?"))]
    said = [f"It says: {', '.join(words)}."] if words else []
    return " ".join([*said, *(_LEAK_ADVICE[place] for place in error.places)])


def _objections_stand(error: errors.ObjectionsStand) -> str:
    if error.lines or error.turns:
        return "Send it back with the reasons, or take the objections back first."
    return (
        "`earshot sign STUDY INTERVIEW --show` has the reasons; once it was looked at again,"
        " `earshot review STUDY INTERVIEW --hand-on` hands it on."
    )


def _unknown_mention(error: errors.UnknownMention) -> str:
    if error.is_there:
        return (
            "Decide it by its key: `earshot review STUDY INTERVIEW` lists the keys, and"
            " `--reject KEY` lets the words stay."
        )
    return "`earshot review STUDY INTERVIEW` lists the mentions."


def _sound_refused(error: errors.SoundRefused) -> str:
    if error.needs_folder:
        return "Give a folder with --to, or leave --sound out to hand over the text alone."
    return (
        "Leave --sound out to hand over the text alone; `earshot policy STUDY` shows what is"
        " allowed."
    )


def _mentions_undecided(error: errors.MentionsUndecided) -> str:
    what = "it" if error.count == 1 else "them"
    return f"Decide {what} with `earshot review STUDY INTERVIEW` or in `earshot open STUDY`."


def _not_willing(error: NotWilling) -> str:
    if error.flaw is WillingnessFlaw.UNASKED:
        return "Ask everybody, and say what they showed: --willing agreed or --willing assent."
    if error.flaw is WillingnessFlaw.EACH:
        return "Say what each showed: --willing P01=agreed --willing FAM01=assent."
    return "Nothing was recorded. Talk to them, and ask again another time if they wish."


def _destruction_refused(error: DestructionRefused) -> str:
    shown = "`earshot withdraw STUDY` shows what was asked for and what was done."
    later = "Try again when the recording and all other work have ended."
    return {
        DestructionFlaw.UNKNOWN: "`earshot status STUDY` shows the codes of who takes part.",
        DestructionFlaw.TWICE: shown,
        DestructionFlaw.NOTHING: shown,
        DestructionFlaw.NO_REQUEST: shown,
        DestructionFlaw.ASKED_ALREADY: "`earshot withdraw STUDY CODE --confirm` confirms it: by"
        " somebody else where there is an approver or another owner.",
        DestructionFlaw.OWN_REQUEST: "An approver or another owner does, with a passphrase of"
        " their own: `earshot withdraw STUDY CODE --confirm`.",
        DestructionFlaw.IN_USE: "Leave Earshot in every other window, let recordings end, and give"
        " the same command again. A withdrawal that was asked for already is carried out by"
        " `earshot withdraw STUDY CODE --confirm`.",
        DestructionFlaw.RECORDING: later,
        DestructionFlaw.JOINT: "Set it first: `earshot policy STUDY --joint-withdrawal redact`, or"
        " all.",
        DestructionFlaw.BEGUN: "`earshot withdraw STUDY CODE --confirm` goes on where it stopped.",
        DestructionFlaw.GAPS: "Look at them first, or say why it goes all the same with --because.",
        DestructionFlaw.NOT_DUE: "`earshot due STUDY` shows what is due, and when.",
        DestructionFlaw.UNPROVEN: "Somebody changed it with another program: `earshot log verify"
        " STUDY` says more. Take it back (`earshot withdraw STUDY CODE --take-back`), and ask"
        " anew.",
        DestructionFlaw.NO_HAND_OVERS: shown,
        DestructionFlaw.TRAIL: "Then overwrite the study's folder with your disk's own tools.",
    }[error.flaw]


SENTENCES: Final[dict[type[EarshotError], Sentence]] = {
    errors.Stopped: "Start it again to continue from there.",
    errors.Fault: "What was acknowledged before is safe. Please report the line above.",
    errors.WorkBrokeOff: "What was finished is kept; start it again.",
    errors.WorkNotStarted: "Close other programs, and start it again.",
    errors.OutOfMemory: (
        "What was finished is kept. Close other programs and start it again, or take a smaller"
        " model: see `earshot models`."
    ),
    errors.ComputerUnfit: "`earshot doctor` says what to do about each.",
    errors.StudyNotFound: "Check the folder, or make a study there with `earshot new FOLDER`.",
    errors.StudyExists: "Choose a folder that does not exist yet, or an empty one.",
    errors.WrongPassphrase: (
        "Try again, or use the recovery code that was printed when the study was made."
    ),
    errors.StudyInUse: "Wait until the other program has finished, or close it.",
    errors.StudyTooNew: "Install the newer Earshot to open it. Nothing was changed.",
    errors.StudyDamaged: (
        "Restore the study from a backup. `earshot log verify STUDY` lists what is damaged."
    ),
    errors.KeyNotHeld: "Ask someone whose passphrase opens it.",
    errors.DiskFull: "Free some space and try again. The study is as it was before.",
    errors.UnknownInterview: "`earshot status STUDY` lists the interviews.",
    errors.NoPassphrase: (
        "Set EARSHOT_PASSPHRASE, or pass --passphrase-fd with an open file descriptor."
    ),
    errors.WeakPassphrase: "Use at least 10 characters; four or five unrelated words are good.",
    errors.StudyUnwritable: "Check that the folder is not read-only and that you may write there.",
    errors.BadName: _bad_name,
    errors.DiskFailed: (
        "Check that the disk is still connected, then look at the study with"
        " `earshot log verify STUDY`."
    ),
    errors.BadGuide: _bad_guide,
    errors.NoGuide: "Set one with `earshot guide STUDY --from FILE.md`.",
    errors.BadWords: _bad_words,
    errors.BadAttribute: "Declare it with `earshot cases STUDY --declare 'course=spring|autumn'`.",
    errors.StudyChanged: (
        "Run `earshot log verify STUDY`, which checks every byte. Nothing is transcribed, signed"
        " off or handed over until somebody says why: `earshot log accept STUDY --because REASON`."
    ),
    errors.ReasonMissing: "Add it: `earshot log accept STUDY --because REASON`; it is sealed.",
    errors.SoundNotFound: "Check its name and folder.",
    errors.SoundEmpty: "Check that it was copied whole.",
    errors.NotSound: (
        "Earshot reads WAV, FLAC, MP3, M4A, OGG, Opus, WMA, CAF, AIFF and AMR, and the sound of"
        " MP4, MOV, MKV, WebM, AVI, MTS and MPEG videos."
    ),
    errors.SoundKindRefused: _refused_kind,
    errors.SoundChanging: "Wait until it is copied or recorded to its end, and try again.",
    errors.SoundUnreachable: "Plug it in again, copy the file to this computer, and try again.",
    errors.SoundTakenBefore: "To take it a second time, add --again.",
    errors.NoTrack: "Leave --track out to take all of them, each as a channel.",
    errors.SoundTruncated: (
        "Copy it again from the recorder, or keep what is there with --partial."
    ),
    errors.SoundUnreasonable: "Earshot takes 8 to 192 kHz, 1 to 8 channels, at most 12 hours.",
    errors.SoundIncomplete: (
        "Restore its audio folder from a backup: `earshot log verify STUDY` names the file."
        " What is left can still be played."
    ),
    errors.NoSoundLibrary: (
        "`earshot doctor` names the command that installs it. Everything else works without."
    ),
    errors.NoMicrophone: "Plug one in, and look at `earshot record --devices`.",
    errors.MicrophoneFailed: (
        "Close other recording programs, or choose another device with --device."
    ),
    errors.SoundDiffers: (
        "Record with the same microphone and rate as before, or make it a new interview."
    ),
    errors.NoLoudspeaker: "Plug in headphones or switch the loudspeaker on, and play it again.",
    errors.NoChannel: "The first channel is 1; leave --channel out to hear all of them.",
    errors.ChannelsDiffer: (
        "Name one code for each channel with --channels, or leave it out: voices are told apart"
        " once the words are there."
    ),
    errors.PoorSound: "Change what it says, and check again. Nothing was kept.",
    errors.StillRecording: (
        "Wait until the recording has ended, or record with --transcribe to follow it."
    ),
    errors.ModelMissing: _model_missing,
    errors.ModelBroken: _model_broken,
    errors.ModelNotFetched: _model_not_fetched,
    errors.ArchiveRefused: (
        "Make it again with `earshot models pack NAME --to FILE`; keep no copy of this one."
    ),
    errors.ModelBabbles: (
        "Choose another one, or keep it anyway: add --untried to `earshot models get NAME`."
    ),
    errors.ModelsUnwritable: "Set EARSHOT_MODELS to a folder that you may write to.",
    errors.PackUnwritable: "Choose another name or folder with --to.",
    errors.PackageRefused: (
        "Nothing of it was kept. Fetch the model with --via hub, and tell whoever keeps the package"
        " index that pip is set to use."
    ),
    errors.NoMarkedText: (
        "Give a folder of .jsonl files, each line with id, text and spans: see docs/models.md."
    ),
    errors.LanguageUnknown: (
        "Give a code or a name such as de or German with --language, and a model that knows it"
        " with --model."
    ),
    errors.SoundMissing: (
        "Bring in a file with `earshot import`, or record the interview with `earshot record`."
    ),
    errors.WordsMissing: "`earshot correct STUDY INTERVIEW --say 1='…'` takes what you type.",
    errors.TranscriptMissing: "`earshot transcribe STUDY INTERVIEW` makes one.",
    errors.SearchMissing: "`earshot anonymise STUDY INTERVIEW` searches it.",
    errors.AnswerMissing: (
        "Look at `earshot risk STUDY P07 --intruder`, and answer with `earshot sign STUDY INTERVIEW"
        " --who-recognises TEXT`."
    ),
    errors.CleanTranscriptMissing: (
        "Run `earshot anonymise STUDY INTERVIEW`, and decide every mention with"
        " `earshot review STUDY INTERVIEW`."
    ),
    errors.CleanTranscriptOutdated: "Sign it again: `earshot sign STUDY INTERVIEW` makes it first.",
    errors.DataDestroyed: "Whatever was made from it and not destroyed can still be read.",
    errors.LogVersionMissing: _log_version_missing,
    errors.NoSpeech: "Listen to the recording. Is it silent, or the wrong file?",
    errors.SomeFailed: (
        "Correct what is listed beside each, and run it again: the others are not done twice."
    ),
    errors.ChooseInterviews: "Name the interviews, or say --all, not both.",
    errors.BadImportTable: _bad_import_table,
    errors.SomeNotImported: (
        "Correct what the list shows, and run the same command again: what is in the study is"
        " not taken"
        " twice."
    ),
    errors.NotTranscript: _not_transcript,
    errors.PartLeftOut: (
        "Convert it with the program that made it, or bring in the rest of it with --partial."
    ),
    errors.OtherRecording: (
        "Listen to it, and check that it is the right file. If it is, add "
        "--unchecked to the same command."
    ),
    errors.NotJoined: _not_joined,
    errors.OtherLanguage: _other_language,
    errors.LanguageUnclear: "Name it with --language, such as --language de.",
    errors.NotCorrectable: _not_correctable,
    errors.UnknownSpeaker: (
        "Give one of these. Enter somebody new with their role, such as INT01:interviewer; give a"
        " voice that nobody knows the next free number, such as S3."
    ),
    errors.UnknownTurn: _READ_AGAIN,
    errors.NotHeardAgain: _not_heard_again,
    errors.BadCorrections: (
        "`earshot returned STUDY INTERVIEW` shows the list. --from FILE reads the Word copy, or a"
        " text with lines like 12: text; --rule says what a part of it means, and --discard ends"
        " the list of a wrong file."
    ),
    errors.NoDiariser: (
        "Install it with `pip install earshot[speakers]`; the transcript stays as it is."
    ),
    errors.DiariserFailed: (
        "The transcript stays as it is. Fetch the model again, or try another one."
    ),
    errors.SpeakersKnown: (
        "If a turn's speaker is wrong, change it with `earshot correct STUDY INTERVIEW --speaker`."
    ),
    errors.UnknownMention: _unknown_mention,
    errors.WordsChanged: (
        "`earshot anonymise STUDY INTERVIEW` looks again; every other decision is kept."
    ),
    errors.UnknownReplacement: '`earshot replacements STUDY` lists them, such as "Person 2".',
    errors.BadReplacement: "Type other words, or merge the two with --same.",
    errors.ConsentMissing: _consent_missing,
    errors.PersonNotEntered: _person_not_entered,
    errors.ConsentWithheld: _consent_withheld,
    errors.CapacityLost: (
        "Record the advice of a consultee with `earshot consent STUDY CODE --basis`, or what the"
        " guardian decides; `earshot policy STUDY` shows what becomes of earlier interviews."
    ),
    errors.ConsentRefused: _consent_refused,
    errors.UnknownParticipant: "`earshot consent STUDY` lists everybody.",
    errors.NotWilling: _not_willing,
    errors.RoleForbids: (
        "`earshot people STUDY` shows who is there and in which role: ask somebody who may."
    ),
    errors.PersonRefused: _person_refused,
    errors.NotText: "Type it in a terminal that writes UTF-8, as `locale` should say.",
    errors.TextTooLong: "Say it in a few sentences.",
    errors.UnknownNote: "`earshot safeguarding STUDY` lists them, for owners and officers.",
    errors.DataDue: "`earshot due STUDY --destroy KIND` asks for it; somebody else confirms it.",
    errors.HasWithdrawn: "`earshot withdraw STUDY` shows who has withdrawn, and how far.",
    errors.HoldStands: "`earshot due STUDY` shows the holds; an approver or owner lifts one.",
    errors.RetentionRefused: "`earshot due STUDY` shows the plan; set the kinds of data together.",
    errors.DestructionRefused: _destruction_refused,
    errors.MentionsUndecided: _mentions_undecided,
    errors.OriginalSurvives: _original_survives,
    errors.PassRefused: (
        "`earshot sign STUDY INTERVIEW --show` lists what was let through; give words exactly as"
        " they are in the clean transcript, and --because REASON."
    ),
    errors.NotSignedOff: "A data officer signs it off with `earshot sign STUDY INTERVIEW`.",
    errors.SignOffVoid: "Look at it again, and sign it off with `earshot sign STUDY INTERVIEW`.",
    errors.OwnWork: (
        "Ask somebody with a passphrase of their own, who decided nothing in this interview."
    ),
    errors.NotWhatWasRead: "Look at what changed, and sign then.",
    errors.ObjectionsStand: _objections_stand,
    errors.TargetExists: "Choose another place for it; nothing is overwritten.",
    errors.TargetUnwritable: "Choose a folder that you may write to with --to.",
    errors.TargetInStudy: (
        "Leave --to out to keep it in handed-over/, or choose a folder outside the study."
    ),
    errors.SoundRefused: _sound_refused,
    errors.PdfProgramMissing: (
        "Install it (on Debian: apt install libreoffice-writer), or take another --format:"
        " docx-compact is the same pages for Word."
    ),
    errors.NothingToWrite: (
        "Add one that needs no times, such as --format txt; a participant's copy needs a"
        " participant."
    ),
    errors.PdfFailed: "Take --format docx-compact, the same pages for Word.",
    errors.AccessTooOpen: (
        "Leave --access out for the level that everybody agreed to; `earshot consent STUDY CODE`"
        " shows what that is."
    ),
    errors.NoKeptHeads: "Give the file that `earshot policy STUDY` names.",
    errors.NotInTheseInterviews: "Give the code of somebody who takes part, such as P07.",
    errors.NoFingerprint: (
        "Give the whole fingerprint, from SHA256: on or all 64 digits, or the file's right name."
    ),
    errors.OtherSigner: (
        "Do not use it. Ask the sender for their fingerprint, which `earshot people STUDY key`"
        " shows there."
    ),
    errors.BundleChanged: "Ask the sender for it again, and compare the fingerprint.",
    errors.NotABundle: (
        "Give the folder or the zip file that `earshot export` made, with SHA256SUMS in it."
    ),
    errors.NotAParcel: "Give the file that `earshot send` or `earshot lend` made.",
    errors.ParcelCut: _SEND_AGAIN,
    errors.ParcelChanged: _SEND_AGAIN,
    errors.ParcelForOther: (
        "Receive it in the study that it was sealed for, or give the sender this study's key:"
        " `earshot key STUDY --out FILE`."
    ),
    errors.ParcelFromStranger: (
        "Get the sender's public key, and trust it once by its 12 words:"
        " `earshot key STUDY --trust FILE`."
    ),
    errors.ParcelTooNew: "Update Earshot on this computer, and receive it then.",
    errors.TakenInBefore: (
        "Nothing was changed. For its receipt, receive the very same parcel again with --receipt."
    ),
    errors.ParcelRefused: (
        "Ask the sender to look at their study with `earshot log verify STUDY`, and to send it"
        " again."
    ),
    errors.KeyUntrusted: "Trust it once by its 12 words: `earshot key STUDY --trust FILE`.",
    errors.WordsDiffer: (
        "Ask for the words again, over a telephone; if they still differ, the file is not theirs."
    ),
    errors.NotAStudyKey: "The other study writes it with `earshot key STUDY --out FILE`.",
    errors.ReceiptRefused: _receipt_refused,
    errors.InterviewLent: (
        "Take it back with `earshot take-back STUDY PARCEL`, or end the loan with"
        " `earshot lend STUDY INTERVIEW --end`."
    ),
    errors.NotLent: _not_lent,
    errors.BothChanged: (
        "Decide each with --here TURN or --there TURN; --here all or --there all decides the rest."
    ),
    errors.StudyOnShare: (
        "Keep the study on a disk of this computer, and send interviews to others with"
        " `earshot send`."
    ),
    errors.StudyOpenElsewhere: "Close it there, or open it under that path.",
    errors.SendIncomplete: "Name interviews, and add --to KEYFILE and --out FILE.",
    errors.ParcelExists: "Choose another name for the new file.",
    errors.OtherParcel: _other_parcel,
    errors.HeldThere: (
        "A study takes an interview in once, so it would refuse it. Lend it to another study."
    ),
    errors.ClusterNotInstalled: "Install it with `pip install 'earshot[cluster]'`.",
    errors.CertificateRefused: _certificate_refused,
    errors.SchedulerUnreachable: _scheduler_unreachable,
    errors.WorkersLost: _workers_lost,
}

_BY_CODE: Final = {kind.exit_code: sentence for kind, sentence in SENTENCES.items()}


def advise_verb(error: EarshotError) -> str:
    """Return the sentence that says what to do about an error."""
    sentence = SENTENCES.get(type(error), "")
    return sentence if isinstance(sentence, str) else sentence(error)


def advise_verb_for_code(exit_code: int) -> str:
    """Return the advice about errors of an exit code; "" where it depends on an error's facts."""
    sentence = _BY_CODE.get(exit_code, "")
    return sentence if isinstance(sentence, str) else ""
