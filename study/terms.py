"""The words of the study: what an interview is made of, as plain frozen records.

Times are seconds as float with the suffix ``_s``, text offsets are characters with exclusive
ends. Records go to disk as JSON (through msgspec, which checks every field on the way back in).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

from study.references import CleanBasis, TranscriptRef
from study.words import Word as Word  # noqa: PLC0414 - found here, as all other words
from study.words import Words, as_read


class Role(StrEnum):
    """In which part somebody takes part."""

    INTERVIEWER = "interviewer"
    PARTICIPANT = "participant"
    SUPPORTER = "supporter"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in the interview: a code, never a name, on every screen and in every file.

    ``names`` are what they are called in real life: they feed the register of identities to be
    looked for, and are sealed with the identifying key.
    """

    code: str
    role: Role = Role.PARTICIPANT
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """One entry of the register: a person, place or organisation known beforehand."""

    category: Category
    names: tuple[str, ...]
    role: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What is known of an interview before a word of it was heard.

    ``channels`` gives the speaker code of each sound channel, in order, where every speaker had
    a microphone; it is empty for one microphone in the room.
    """

    label: str
    participants: tuple[Participant, ...] = ()
    channels: tuple[str, ...] = ()
    register: tuple[Identity, ...] = ()


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """How the sound is laid out: 16-bit little-endian PCM, channels interleaved."""

    rate: int
    channels: int

    @property
    def frame_bytes(self) -> int:
        """Bytes of one frame: one sample of every channel."""
        return 2 * self.channels


class MarkKind(StrEnum):
    """What can happen during a recording. The value is the word people read.

    The last three no recorder notes: they come with the hearing.
    """

    PAUSED = "paused"
    OFF_RECORD = "off the record"  # what was said was never kept, only that it happened
    DISTRESS = "distress or dissent"  # paused at once
    MARKER = "marker"
    TOPIC = "topic"  # a topic of the guide begins; the note is its heading
    SPEAKER = "speaker"  # the note is the code of who speaks from here on
    LOST = "sound lost"  # it came, and the disk was too slow for it
    GAP = "gap"  # the microphone gave nothing; the note says why
    MUTED = "digital silence"
    SOURCE = "another microphone"  # the note names what is listened to now
    CLIPPED = "clipped"
    SLOW_DISK = "disk is slow"
    CLOCK = "clock changed"
    SILENCE = "silence"  # nobody spoke
    OVERLAP = "at once"  # the note has the codes of two who spoke at the same time
    DRAFT = "draft"  # at the beginning of a transcript that was heard quickly


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened during the recording, kept in the stream of sound itself.

    at_s: where, in seconds of the sound that was kept; time that was not recorded takes none.
    kind: a ``MarkKind``, as text, so that a newer one can be read. length_s: how long it lasted
    by the clock: true for what stands where sound is missing, 0.0 for a mere moment.
    """

    at_s: float
    kind: str
    note: str = ""
    length_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ChannelCheck:
    """What a few seconds of trial told of one channel, in dBFS; ``clipped`` is a share, 0 to 1."""

    speech_dbfs: float
    noise_dbfs: float
    peak_dbfs: float
    clipped: float

    @property
    def speech_to_noise_db(self) -> float:
        """How far speech stands out of the room."""
        return self.speech_dbfs - self.noise_dbfs


@dataclass(frozen=True, slots=True)
class SoundCheck:
    """A sound check before an interview: what was measured, and the verdict as it was shown."""

    seconds: float
    channels: tuple[ChannelCheck, ...]
    is_good: bool
    verdict: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What was settled before the first word of a recording.

    present: codes of who is in the room. device: the microphone's name as it was shown.
    guide_version: of the study's topic guide, 0 for none. consent: what the interviewer answered
    when asked whether everybody present agrees to being recorded now; the consent record itself
    is kept elsewhere.
    """

    present: tuple[str, ...]
    device: str
    guide_version: int = 0
    consent: bool | None = None
    check: SoundCheck | None = None


class Style(StrEnum):
    """What stands for a person throughout a study."""

    LABELS = "labels"  # [Person 2, sister]
    PSEUDONYMS = "pseudonyms"  # another name, of the same kind


class Dates(StrEnum):
    """How much of a date a study lets stand, finest first."""

    MONTH = "month"
    YEAR = "year"
    DECADE = "decade"
    DISTANCE = "distance"  # from an event that was entered with the interview


@dataclass(frozen=True, slots=True)
class Settings:
    """What a study remembers for all its interviews.

    device: a microphone's name. names_as_hints: whether a speech model is told the participants'
    names, so that it writes them as they are written. pause_s: from how long on a silence is
    told, 0.0 for never; by default as in Dresing and Pehl's simple rules, where a pause of 3 s
    or more has its seconds written. is_intelligent: whether what is handed over leaves fillers
    and stumbles out (see ``study.verbatim``). while_recording: the speech model that follows a
    recording in the interface: its name, or ``best`` or ``no``.
    """

    device: str = ""
    while_recording: str = "best"
    names_as_hints: bool = False
    style: Style = Style.LABELS
    dates: Dates = Dates.YEAR
    pause_s: float = 3.0
    is_intelligent: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """A reason to doubt a turn, shown beside it and never acted on by itself."""

    kind: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said without a break.

    ``key`` stays the same through all versions of a transcript, so that decisions about a turn
    find it again. ``text`` is authoritative; ``words`` carry the times where there are any.
    """

    key: int
    speaker: str
    start_s: float
    end_s: float
    text: str
    words: Words = ()
    flags: tuple[Flag, ...] = ()

    def __post_init__(self) -> None:
        """Keep words that were read as they lie in the study, until somebody asks for them."""
        if type(self.words) is not tuple:
            object.__setattr__(self, "words", as_read(self.words))


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which model, with which hash and options, made an artefact.

    ``options`` describe it to people; nothing is decided from them.
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
    """Which channels of the sound were heard as one: for each that was heard, theirs, from 0.

    ``((0,), (1,))`` are two microphones, heard apart; ``((0, 1),)`` two that hear one room.
    """

    tracks: tuple[tuple[int, ...], ...] = ((0,),)

    @property
    def is_apart(self) -> bool:
        """Whether several were heard, so that each has a speaker of its own."""
        return len(self.tracks) > 1


@dataclass(frozen=True, slots=True)
class Recognition:
    """How sound became a transcript, as far as later steps go by it.

    language: as ISO 639 writes it. is_draft: it was heard quickly. hints_version: of the words
    and names that the model was told to expect, 0 for none; hints, hints_cut: how many it took,
    and how many did not fit. speakers_model: what told the speakers apart afterwards, "" for none.
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

    ``speech_s`` is what voice activity heard, ``covered_s`` how much of that has words,
    ``gaps`` the spans (start, end) of speech without words. ``again_s`` is how much had none at
    first and was heard a second time. ``doubts`` are the spans whose words a person should
    doubt, ``flagged_s`` their length.
    """

    sound_s: float
    speech_s: float
    covered_s: float
    gaps: tuple[tuple[float, float], ...] = ()
    again_s: float = 0.0
    doubts: tuple[tuple[float, float], ...] = ()
    flagged_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Transcript:
    """The turns of an interview in the order they began, and where they come from.

    ``events`` is what happened during the recording (see ``Mark``), ordered by time.
    ``recognition`` is None where nobody listened: it was typed elsewhere. ``made_from`` is told
    by a clean transcript alone.
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
    HIGH_AGE = "age of 90 or over"  # so few reach it that it alone points to somebody
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
LIKELY = 0.5  # from this score on a find counts as one; below it is a question to the person


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a turn that may identify somebody, as proposed.

    ``key`` is unique within the interview and stays with the same words of the same turn when
    the search is run again. ``turn`` is the turn's key; ``start`` and ``end`` are characters of
    its text. ``source`` names the component that found it (or "person"), ``score`` is that
    component's confidence, 0 to 1. ``replacement`` is what is proposed to stand there.
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
        """Whether it counts as found before anybody looked; others wait to be looked at."""
        return self.score >= LIKELY


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
    with others of its kind, without being looked at by itself.
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
    """A trained model that looked for names, under the source that signs its mentions."""

    source: str
    model: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """All that was proposed for one state of a transcript.

    ``finders`` are the trained models that looked, the first one first. ``looked_for`` are the
    kinds of detail the pipeline could look for, ``not_looked_for`` those it could not (no trained
    model, say): told, so that nobody trusts in vain.
    """

    transcript: TranscriptRef
    mentions: tuple[Mention, ...]
    provenance: Provenance
    looked_for: tuple[str, ...] = ()
    not_looked_for: tuple[str, ...] = ()
    finders: tuple[Finder, ...] = ()


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """What one identity is called throughout the study.

    ``forms`` are the written forms seen for it, folded (see ``fold``). ``label`` is "[Person 2]",
    which stays its name to us whatever stands in the text. ``role`` is what the label tells
    besides: "sister", "town in Wales", a participant's code. ``by_hand`` says that a person typed
    the replacement: no change of style touches it.
    """

    category: Category
    replacement: str
    forms: tuple[str, ...]
    label: str = ""
    role: str = ""
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the anonymisation log. It holds no original, only where it stood.

    ``component`` names the version of what found it: a model with the beginning of its hash, or
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
class Original:
    """What was said where a mention stands, and why it was decided so: for the key's holders."""

    mention: str
    words: str
    reason: str = ""


class Ruling(StrEnum):
    """What a data officer said of a clean transcript. The value is the word people read."""

    SIGNED = "signed off"
    SENT_BACK = "sent back"


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a transcript was sent back: about one mention (its key), or the whole where it is ""."""

    reason: str
    mention: str = ""


@dataclass(frozen=True, slots=True)
class SignOff:
    """An officer's word on one clean transcript, bound to its exact bytes.

    by, slot_name: the slot whose passphrase was in use. name, role: what the officer gave, "" for
    nothing. transcript_sha256, log_sha256: of the clean transcript and the anonymisation log as
    they lie inside the seal; text_sha256: of the plain text that is handed over, so that whoever
    receives it can compare. trail_count, trail_hash: the head of the audit trail that was signed.
    decided_by: the slots that decided its mentions. checked: how many lines of the log somebody
    looked at again before it, and found right.
    """

    ruling: Ruling
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


@dataclass(frozen=True, slots=True)
class HandOver:
    """What went out, to whom and for what, so that it can be called back.

    files: SHA-256 by name. fingerprint: SHA-256 of the list of them, as
    ``earshot verify`` tells it.
    """

    at: str
    by: int
    to: str
    purpose: str
    formats: tuple[str, ...]
    files: dict[str, str]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What a study's protocol asks and allows; nothing is allowed that nobody set.

    second_person: whoever signs off must have decided none of the mentions. sound_may_leave:
    redacted sound may be handed over.
    """

    second_person: bool = False
    sound_may_leave: bool = False


@dataclass(frozen=True, slots=True)
class Attribute:
    """What may be said of a case: one of ``values``, never free text.

    is_disclosive: it could help to find out who somebody is, so it never leaves the study.
    """

    name: str
    values: tuple[str, ...]
    is_disclosive: bool = False


@dataclass(frozen=True, slots=True)
class Cases:
    """The attributes that a study declared, and their values by participant code."""

    attributes: tuple[Attribute, ...] = ()
    values: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])


_APOSTROPHES = "'`\u00b4\u02b9\u02bb\u02bc\u2018\u2019\u201b\u2032"


def fold(text: str) -> str:
    """Bring a name into the form in which two spellings of it are compared.

    Case, accents, apostrophes, invisible characters and runs of white space do not matter:
    ``fold("  O'Brien ") == fold("OBRIEN") == "obrien"``, and folding twice is folding once.
    """
    if text.isascii() and text.isalnum():
        return text.lower()
    bare = _bare("".join(c for c in text if c not in _APOSTROPHES))
    return " ".join(_bare(bare.casefold()).split())


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(
        c
        for c in decomposed
        if not (unicodedata.combining(c) or c in _APOSTROPHES or unicodedata.category(c) == "Cf")
    )
