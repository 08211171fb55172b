"""The records of a study: everything that an interview consists of, plain and frozen.

Times are seconds as float with the suffix ``_s``, text offsets are characters with exclusive
ends. Records go to disk as JSON (through msgspec, which checks every field on the way back in).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from enum import StrEnum

from study.consent import ConsentRule, EarlierData
from study.intervals import Interval
from study.participant_codes import is_stranger
from study.references import CleanBasis, TranscriptRef
from study.turn_words import Word as Word  # noqa: PLC0414 - found here, as all other words
from study.turn_words import Words, wrap_stored_words


class Role(StrEnum):
    """A participant's role."""

    INTERVIEWER = "interviewer"
    PARTICIPANT = "participant"
    SUPPORTER = "supporter"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in the interview, shown by a code and never a name on screens and in files.

    ``names`` are their real names: they feed the register of identities to be looked for, and are
    sealed with the identifying key. ``is_entered`` is false where a transcript made elsewhere
    brought them along, and no person entered them.
    """

    code: str
    role: Role = Role.PARTICIPANT
    names: tuple[str, ...] = ()
    is_entered: bool = True

    @property
    def is_third_party(self) -> bool:
        """Whether they speak under a number that an import gave them: S01, UNK or SPEAKER_00.

        Nobody could have recorded their consent. A code of another form that a file brought along
        may be that of somebody in the study.
        """
        return not self.is_entered and is_stranger(self.code)


def list_third_parties(participants: tuple[Participant, ...]) -> list[str]:
    """Return the codes of those whom nobody entered; see ``Participant.is_third_party``."""
    return [one.code for one in participants if one.is_third_party]


def list_others(participants: tuple[Participant, ...]) -> list[str]:
    """Return the codes of who is interviewed: of everybody but the interviewers."""
    return [one.code for one in participants if one.role is not Role.INTERVIEWER]


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One entry of the register: a person, place or organisation known beforehand."""

    category: Category
    names: tuple[str, ...]
    role: str = ""


@dataclass(frozen=True, slots=True)
class InterviewDetails:
    """What is known of an interview before it is transcribed.

    ``channels`` gives the speaker code of each sound channel, in order, where every speaker has
    a microphone; it is empty for one microphone in the room. ``language`` is the code of the
    language spoken, "" for the study's. ``is_spoken_consent``: it is no interview, but somebody
    saying what they agree to.
    """

    label: str
    participants: tuple[Participant, ...] = ()
    channels: tuple[str, ...] = ()
    register: tuple[RegisterEntry, ...] = ()
    language: str = ""
    is_spoken_consent: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of everybody who is entered, interviewers too, and of who has a channel."""
        return (*(one.code for one in self.participants), *self.channels)


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """How sound is laid out: 16-bit little-endian PCM, channels interleaved."""

    rate: int
    channels: int

    @property
    def frame_bytes(self) -> int:
        """Bytes of one frame: one sample of every channel."""
        return 2 * self.channels


class MarkKind(StrEnum):
    """What can happen during a recording. The value is the word people read.

    The last four are added by the transcription, never by a recorder.
    """

    PAUSED = "paused"
    OFF_RECORD = "off the record"  # the sound of it was never stored, only that it happened
    DISTRESS = "distress"  # paused at once
    DISTRESS_OR_DISSENT = "distress or dissent"  # both in one, up to 0.4.0
    AFFIRMED = "agreed again"  # asked whether they can and want to go on, and they do
    ASSENT = "assent"  # somebody without capacity shows that they are willing
    DISSENT = "dissent"  # somebody does not want to go on: the recording ends here
    MARKER = "marker"
    TOPIC = "topic"  # a topic of the guide begins; the note is its heading
    SPEAKER = "speaker"  # the note is the code of who speaks from here on
    LOST = "sound lost"  # the disk was too slow to store it
    GAP = "gap"  # the microphone gave no sound; the note says why
    ABSENT = "no sound in the file"  # of an import; silence of its length stands for it
    JOINT = "next file"  # of an import from several files; the note is "2 of 3"
    MUTED = "digital silence"
    SOURCE = "another microphone"  # the note names the microphone used from here on
    CLIPPED = "clipped"
    SLOW_DISK = "disk is slow"
    CLOCK = "clock changed"
    SILENCE = "silence"  # nobody spoke
    OVERLAP = "at once"  # the note has the codes of two who spoke at the same time
    DRAFT = "draft"  # at the beginning of a transcript that a fast model made
    MODEL = "speech model"  # at the beginning of a transcript that a speech model made


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened during the recording, stored in the sound file itself.

    at_s: in seconds of the recorded sound; time that was not recorded does not count. kind: a
    ``MarkKind``, as text, so that one of a newer Earshot can be read. length_s: how long it lasted
    by the clock, also where sound is missing; 0.0 for a moment. Of an ``ABSENT`` one, silence of
    ``length_s`` stands in the sound.
    """

    at_s: float
    kind: str
    note: str = ""
    length_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ChannelCheck:
    """The levels of one channel in a sound check, in dBFS; ``clipped`` is a share, 0 to 1."""

    speech_dbfs: float
    noise_dbfs: float
    peak_dbfs: float
    clipped: float

    @property
    def speech_to_noise_db(self) -> float:
        """How far speech stands out from the noise of the room, in dB."""
        return self.speech_dbfs - self.noise_dbfs


@dataclass(frozen=True, slots=True)
class SoundCheck:
    """A sound check before an interview: the levels, and the verdict as it was shown."""

    seconds: float
    channels: tuple[ChannelCheck, ...]
    is_good: bool
    verdict: str


@dataclass(frozen=True, slots=True)
class RecordingSetup:
    """What the interviewer settled before a recording began.

    present: codes of who is in the room. device: the microphone's name as it was shown.
    guide_version: of the study's topic guide, 0 for none. consent: the interviewer's answer to
    whether everybody present agrees to being recorded now; the consent form itself is not here.
    """

    present: tuple[str, ...]
    device: str
    guide_version: int = 0
    consent: bool | None = None
    check: SoundCheck | None = None


class PseudonymStyle(StrEnum):
    """What replaces a person's name throughout a study."""

    LABELS = "labels"  # [Person 2, sister]
    PSEUDONYMS = "pseudonyms"  # another name, of the same kind


class DateDetail(StrEnum):
    """How much of a date stays in clean transcripts, finest first."""

    MONTH = "month"
    YEAR = "year"
    DECADE = "decade"
    DISTANCE = "distance"  # from an event that was entered with the interview


@dataclass(frozen=True, slots=True)
class StudySettings:
    """The settings of a study, for all its interviews.

    device: a microphone's name. names_as_hints: whether a speech model is given the participants'
    names, so that it spells them right. pause_s: the shortest silence that readers are shown, 0.0
    for none; by default as in Dresing and Pehl's simple rules, where a pause of 3 s or more has
    its seconds written. is_intelligent: whether hand-overs leave fillers and stumbles out (see
    ``study.verbatim``). while_recording: the speech model that transcribes during a recording:
    its name, or ``best`` or ``no``. language: the code of the language spoken where an interview
    names none, or ``auto`` (see ``study.languages``). tells_voices_apart: whether the speakers of
    one microphone are told apart by their voices once an interview is transcribed.
    allows_voice_prints: whether what tells a voice from others may be kept with an interview, to
    know the voice again in another one; it is biometric data, so nothing is kept by default.
    title: of the study as an archive lists it, "" for none.
    """

    device: str = ""
    while_recording: str = "best"
    names_as_hints: bool = False
    style: PseudonymStyle = PseudonymStyle.LABELS
    dates: DateDetail = DateDetail.YEAR
    pause_s: float = 3.0
    is_intelligent: bool = False
    language: str = "en"
    tells_voices_apart: bool = True
    allows_voice_prints: bool = False
    title: str = ""


OTHER_LANGUAGE = "another language"  # the kind of a flag
SECOND_HEARING = "second hearing"  # the kind of a flag that is told and is no doubt by itself
SPEAKER_UNSURE = "speaker unsure"  # the kind of a flag about who speaks, and not about the words


@dataclass(frozen=True, slots=True)
class DoubtFlag:
    """A reason to doubt a turn, shown beside it; nothing is changed because of it.

    where: when the words are said that it is about, () for all of the turn, or where nobody noted
    it. Two flags of one kind and note are equal wherever they hold.
    """

    kind: str
    note: str = ""
    where: tuple[Interval, ...] = field(default=(), compare=False)

    @property
    def is_doubt(self) -> bool:
        """Whether it is a reason to doubt, and not only something to know about the turn."""
        return self.kind != SECOND_HEARING


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said without a break.

    ``key`` stays the same through all versions of a transcript, so that decisions about a turn
    find it again. ``text`` is authoritative; ``words`` hold the times, () where there are none.
    """

    key: int
    speaker: str
    start_s: float
    end_s: float
    text: str
    words: Words = ()
    flags: tuple[DoubtFlag, ...] = ()

    def __post_init__(self) -> None:
        """Leave words that were read from the study undecoded until somebody asks for them."""
        if type(self.words) is not tuple:
            object.__setattr__(self, "words", wrap_stored_words(self.words))

    @property
    def is_doubtful(self) -> bool:
        """Whether any of its flags is a reason to doubt it."""
        return any(flag.is_doubt for flag in self.flags)

    @property
    def is_speaker_unsure(self) -> bool:
        """Whether it is doubted who speaks it."""
        return any(flag.kind == SPEAKER_UNSURE for flag in self.flags)

    def give_to(self, speaker: str) -> Turn:
        """Return the turn as a person gives it to a speaker: who speaks is doubted no longer."""
        flags = tuple(flag for flag in self.flags if flag.kind != SPEAKER_UNSURE)
        return replace(self, speaker=speaker, flags=flags)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which program and model, with which hash and options, made an artefact.

    ``options`` are for people to read; no code decides anything by them.
    """

    step: str
    program: str
    model: str = ""
    model_sha256: str = ""
    options: dict[str, str | int | float | bool | None] = field(
        default_factory=dict[str, "str | int | float | bool | None"]
    )


@dataclass(frozen=True, slots=True)
class Layout:
    """Which channels of the sound were transcribed together: the channels of each track, from 0.

    ``((0,), (1,))`` are two microphones, one for each speaker; ``((0, 1),)`` two in one room.
    """

    tracks: tuple[tuple[int, ...], ...] = ((0,),)

    @property
    def is_apart(self) -> bool:
        """Whether there are several tracks, so that each has a speaker of its own."""
        return len(self.tracks) > 1


@dataclass(frozen=True, slots=True)
class Recognition:
    """How a transcript was made from sound, as far as later steps depend on it.

    language: an ISO 639 code. is_draft: a fast model made it. hints_version: the version of the
    terms that the model was given, 0 for none; hints, hints_cut: how many it was given, and how
    many did not fit. speakers_model: the model that diarised it afterwards, "" for none.
    """

    language: str = "en"
    layout: Layout = field(default_factory=Layout)
    is_draft: bool = False
    hints_version: int = 0
    hints: int = 0
    hints_cut: int = 0
    speakers_model: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The proof that nothing was skipped, in seconds (summed over channels).

    ``speech_s`` is the speech that voice activity detection found, ``covered_s`` how much of it
    has words, ``gaps`` the spans (start, end) of speech without words. ``again_s`` is how much had
    none at first and was transcribed a second time. ``doubts`` are the spans whose words a person
    should doubt, ``flagged_s`` their length. ``echo_words`` is how many words were left out because
    another microphone has them louder, ``moved_words`` how many were put on the track of another.
    """

    sound_s: float
    speech_s: float
    covered_s: float
    gaps: tuple[tuple[float, float], ...] = ()
    again_s: float = 0.0
    doubts: tuple[tuple[float, float], ...] = ()
    flagged_s: float = 0.0
    echo_words: int = 0
    moved_words: int = 0


def add_coverage(one: Coverage, later: Coverage) -> Coverage:
    """Return the coverage of a transcript and of what was recorded after it was made.

    later: with the times, and the length of the sound, of the whole interview.
    """
    return Coverage(
        later.sound_s,
        one.speech_s + later.speech_s,
        one.covered_s + later.covered_s,
        (*one.gaps, *later.gaps),
        one.again_s + later.again_s,
        (*one.doubts, *later.doubts),
        one.flagged_s + later.flagged_s,
        one.echo_words + later.echo_words,
        one.moved_words + later.moved_words,
    )


@dataclass(frozen=True, slots=True)
class Transcript:
    """The turns of an interview in the order they began, and how they were made.

    ``events`` is what happened during the recording (see ``Mark``), ordered by time.
    ``recognition`` is None for a text that was typed elsewhere. Only a clean transcript has
    ``made_from``.
    """

    turns: tuple[Turn, ...]
    provenance: Provenance
    coverage: Coverage | None = None
    events: tuple[Mark, ...] = ()
    recognition: Recognition | None = None
    made_from: CleanBasis | None = None

    @property
    def is_timed(self) -> bool:
        """Whether its turns have times: a text that was typed elsewhere may have none."""
        return any(turn.end_s > 0 for turn in self.turns)


class Category(StrEnum):
    """What kind of identifying detail a mention is. The value is the word people read."""

    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    PHONE = "phone number"
    EMAIL = "e-mail address"
    WEB = "web address"
    ADDRESS = "address"
    POSTCODE = "postcode"
    NHS_NUMBER = "NHS number"
    NI_NUMBER = "NI number"
    VEHICLE = "vehicle registration"
    BANK = "bank detail"
    DATE_OF_BIRTH = "date of birth"
    DATE = "date"
    AGE = "age"
    HIGH_AGE = "age of 90 or over"  # so few people reach it that it alone may identify one
    OCCUPATION = "occupation"
    EVENT = "event"
    BACKGROUND = "nationality or ethnicity"
    RELIGION = "religion"
    NUMBER = "number"
    OTHER = "other detail"

    @property
    def is_direct(self) -> bool:
        """Whether one such detail alone can name a person."""
        return self not in _INDIRECT


_INDIRECT = frozenset({
    Category.PLACE, Category.ORGANISATION, Category.DATE, Category.AGE, Category.OCCUPATION,
    Category.EVENT, Category.BACKGROUND, Category.RELIGION, Category.NUMBER, Category.OTHER,
})  # fmt: skip
LIKELY_SCORE = 0.5  # a find of at least this score counts as found; others are questions


@dataclass(frozen=True, slots=True)
class Mention:
    """A proposed mention: characters of a turn that may identify somebody.

    ``key`` is unique within the interview and stays with the same words of the same turn when
    the search is run again. ``turn`` is the turn's key; ``start`` and ``end`` are characters of
    its text. ``source`` names the component that found it (or "person"), ``score`` is that
    component's confidence, 0 to 1. ``replacement`` is the proposed text in its place.
    """

    key: str
    turn: int
    start: int
    end: int
    category: Category
    source: str
    score: float
    replacement: str

    @property
    def is_direct(self) -> bool:
        """Whether one such detail alone can name a person."""
        return self.category.is_direct

    @property
    def is_likely(self) -> bool:
        """Whether it counts as found before anybody decides; less likely ones are questions."""
        return self.score >= LIKELY_SCORE


class Verdict(StrEnum):
    """What a person decided about a mention."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CHANGED = "changed"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision; the newest about a mention counts, and UNDONE takes it back.

    ``replacement`` is the text a person typed instead (CHANGED only); ``by`` the slot whose
    passphrase was in use; ``at`` an ISO 8601 time. ``in_bulk`` says that it was decided together
    with others, by one key or one call, so that nothing shows a look at this one.
    """

    mention: str
    verdict: Verdict
    by: int
    at: str
    replacement: str = ""
    reason: str = ""
    in_bulk: bool = False


@dataclass(frozen=True, slots=True)
class Finder:
    """A trained model that looked for names; ``source`` is that of the mentions it found."""

    source: str
    model: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """All that was proposed for one state of a transcript.

    ``finders`` are the trained models that looked, in their order. ``looked_for`` are the kinds of
    detail that the pipeline could look for, ``not_looked_for`` those that it could not (without a
    trained model, say), so that nobody relies on a search that was never made.
    """

    transcript: TranscriptRef
    mentions: tuple[Mention, ...]
    provenance: Provenance
    looked_for: tuple[str, ...] = ()
    not_looked_for: tuple[str, ...] = ()
    finders: tuple[Finder, ...] = ()


@dataclass(frozen=True, slots=True)
class JoinedPseudonym:
    """A pseudonym that a person joined to another, as it was: both can be told apart again.

    into: the label of the other one. added: those of its forms that the other one lacked.
    alone_in: the ids of the interviews that had it and not the other one. mentions: the keys of the
    mentions that it stood for in other interviews, each behind the id of its interview and a colon.
    """

    label: str
    into: str
    replacement: str
    forms: tuple[str, ...]
    added: tuple[str, ...] = ()
    role: str = ""
    by_hand: bool = False
    alone_in: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """The replacement of one identity throughout the study.

    ``forms`` are the spellings seen of it, folded (see ``fold_name``). ``label`` is "[Person 2]",
    which identifies it whatever the replacement is. ``role`` is added to the label: "sister",
    "town in Wales", a participant's code. ``by_hand`` says that a person typed the replacement:
    a change of style leaves it alone. ``joined`` are those that a person joined to it, ``apart``
    the labels of those of whom a person said that they are others.
    """

    category: Category
    replacement: str
    forms: tuple[str, ...]
    label: str = ""
    role: str = ""
    by_hand: bool = False
    joined: tuple[JoinedPseudonym, ...] = ()
    apart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the anonymisation log: where something was replaced, never the original words.

    ``component`` names what found it, with a version: a model with the beginning of its hash, or
    the program. ``in_bulk`` as in ``Decision``.
    """

    mention: str
    turn: int
    start_s: float
    category: Category
    direct: bool
    action: str
    replacement: str
    source: str
    score: float
    by: int
    at: str
    component: str = ""
    in_bulk: bool = False


@dataclass(frozen=True, slots=True)
class OriginalWords:
    """The original words of a mention and the reason of its decision; sealed with the key class."""

    mention: str
    words: str
    reason: str = ""


class OfficerRuling(StrEnum):
    """A data officer's ruling on a clean transcript. The value is the word people read."""

    SIGNED = "signed off"
    SENT_BACK = "sent back"


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a transcript was sent back.

    mention: the key of one whose decision is wrong. turn: the key of a turn in which something was
    missed. Neither for the transcript as a whole.
    """

    reason: str
    mention: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True)
class SignOff:
    """An officer's ruling on one clean transcript, bound to its exact bytes.

    by, slot_name: the slot whose passphrase was in use. name, role: as the officer typed them, ""
    for nothing. transcript_sha256, log_sha256: of the clean transcript and the anonymisation log
    as they lie inside the seal; text_sha256: of the plain text that is handed over, so that its
    recipient can compare. trail_count, trail_hash: the head of the audit trail that was signed.
    decided_by: the slots that decided its mentions. checked: how many lines of the log
    somebody checked before it, and found right. salt: random hex digits, so that the hash of the
    whole in the trail lets nobody try texts; "" up to 0.4.0. who_recognises: the officer's written
    answer to who could recognise the person, "" where none was given. people_sha256: of who takes
    part in which role, with the salt; "" up to 0.5.0, and where the keys did not open it.
    """

    ruling: OfficerRuling
    by: int
    slot_name: str
    at: str
    transcript_sha256: str
    log_sha256: str
    text_sha256: str
    trail_count: int
    trail_hash: str
    name: str = ""
    role: str = ""
    decided_by: tuple[int, ...] = ()
    objections: tuple[Objection, ...] = ()
    checked: int = 0
    salt: str = ""
    who_recognises: str = ""
    people_sha256: str = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    """What was handed over, to whom and for what purpose, so that it can be called back.

    files: SHA-256 by name. fingerprint: SHA-256 of the list of them, as ``earshot verify`` shows
    it.
    """

    at: str
    by: int
    to: str
    purpose: str
    formats: tuple[str, ...]
    files: dict[str, str]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class UnfinishedHandOver:
    """A hand-over that was begun: its files lie in a hidden folder until they get their names.

    staging, place: the paths of that folder, and of the folder or zip file to be. sha256: of the
    list of checksums in that folder, or of that zip file; "" until it is known. hand_over: what
    is recorded once the files have their names. interviews: the version of the sign-off that
    allowed it, by the interview's id.
    """

    staging: str
    place: str
    sha256: str = ""
    hand_over: HandOver | None = None
    interviews: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class AcceptedChanges:
    """Somebody's word that they looked at a study that was changed outside Earshot.

    because: their reason, as typed. findings: what they were shown, a sentence each.
    """

    because: str
    findings: tuple[str, ...] = ()


class JointWithdrawal(StrEnum):
    """What goes of an interview with several people when one of them withdraws."""

    UNSET = ""  # the study has not said: nothing is destroyed until it has
    REDACT = "redact"  # the turns and the sound of who withdraws
    ALL = "all"


@dataclass(frozen=True, slots=True)
class StudyPolicy:
    """What a study's protocol asks and allows; by default it allows nothing.

    second_person: the officer who signs off must have decided none of the mentions.
    sound_may_leave: redacted sound may be handed over. heads_file: a file outside the study that
    gets the trail's head whenever somebody signs, "" for none. consent: what is asked for before
    anything is recorded; consent_seen_by: who has seen the consent that is on paper. sheets, forms:
    the versions of the information sheet and the consent form that there are, () where any counts.
    after_capacity_lost: what becomes of earlier interviews of somebody who has lost capacity.
    joint_withdrawal: what goes when one of several who were interviewed together withdraws.
    two_to_destroy: whoever asks that something is destroyed never confirms it, even where nobody
    else is there. salt: hex digits that are set when it is kept, so that the hash of its texts in
    the trail lets nobody try names; "" up to 0.5.0. asks_who_recognises: whoever signs off answers
    in writing who could recognise the person.
    """

    second_person: bool = False
    sound_may_leave: bool = False
    heads_file: str = ""
    consent: ConsentRule = ConsentRule.UNSET
    consent_seen_by: str = ""
    sheets: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    after_capacity_lost: EarlierData = EarlierData.UNSET
    joint_withdrawal: JointWithdrawal = JointWithdrawal.UNSET
    two_to_destroy: bool = False
    asks_who_recognises: bool = False
    salt: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class CaseAttribute:
    """An attribute of participants: one of ``values``, never free text.

    is_disclosive: it could help to find out who somebody is, so it never leaves the study.
    """

    name: str
    values: tuple[str, ...]
    is_disclosive: bool = False


@dataclass(frozen=True, slots=True)
class CaseAttributes:
    """The attributes that a study declared, and their values by participant code and name."""

    attributes: tuple[CaseAttribute, ...] = ()
    values: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])


_APOSTROPHES = "'`\u00b4\u02b9\u02bb\u02bc\u2018\u2019\u201b\u2032"
_NO_APOSTROPHES = str.maketrans("", "", _APOSTROPHES)


def fold_name(text: str) -> str:
    """Return a name in the form in which two spellings of it are compared.

    Case, accents, apostrophes, invisible characters and runs of white space do not matter:
    "  O'Brien " and "OBRIEN" both give "obrien". Folding twice is folding once.
    """
    if text.isascii():  # most words: nothing to decompose, and nothing that is invisible
        return text.lower() if text.isalnum() else " ".join(_plain(text).lower().split())
    bare = _bare(_plain(text))
    return " ".join(_bare(bare.casefold()).split())


def _plain(text: str) -> str:
    return text.translate(_NO_APOSTROPHES)


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(
        c
        for c in decomposed
        if not (unicodedata.combining(c) or c in _APOSTROPHES or unicodedata.category(c) == "Cf")
    )
