"""What each role may do: one table, by which every change of a study is allowed or refused.

``study.store`` asks it before it writes (``Study.change``), so verbs and screens are held to it
alike; they also ask it what to offer. Keys are another matter: what a role's keys do not open, no
program opens. Who writes a change with a program of their own is held to the same table by
``log verify``, and what they signed or allowed so does not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from study.artefact_kinds import ArtefactKind
from study.person_roles import PersonRole
from study.records import Verdict
from study.review_progress import ReviewStep
from study.spot_checks import SpotCheckResult


class PersonAction(StrEnum):
    """Something that a role allows; each value ends the sentence "... does not let you"."""

    RECORD = "record or bring in interviews"
    KEEP_CONSENT = "record what participants agreed to"
    SET_UP = "change what the study is set to"
    TRANSCRIBE = "transcribe"
    CORRECT = "correct transcripts"
    DECIDE = "propose or decide what is replaced"
    HAND_ON = "hand an interview on to the officer"
    LISTEN = "listen to recordings"
    READ_WORDS = "read what was said"
    READ_ORIGINALS = "read what was replaced"
    CHECK = "note what you found in the log"
    SIGN = "sign off or send back"
    HAND_OVER = "hand interviews over"
    SET_POLICY = "change what the study's protocol asks"
    ACCEPT = "accept a study that was changed outside Earshot"
    KEEP_PEOPLE = "say who may open the study"
    RAISE_CONCERN = "note that somebody's safety is in doubt"
    KEEP_SAFE = "read notes about somebody's safety"
    ASK_DESTRUCTION = "ask that something is destroyed"
    CONFIRM_DESTRUCTION = "confirm that something is destroyed"
    DESTROY = "destroy what was confirmed"
    SEND = "send interviews to another study"
    TAKE_IN = "lend interviews, or take in what another study sends"


_A = PersonAction
_RECORDING: Final = frozenset({
    _A.RECORD, _A.KEEP_CONSENT, _A.SET_UP, _A.TRANSCRIBE, _A.CORRECT, _A.LISTEN, _A.READ_WORDS,
    _A.RAISE_CONCERN, _A.SEND,
})  # fmt: skip
_ASSISTING: Final = _RECORDING | {
    _A.DECIDE, _A.HAND_ON, _A.READ_ORIGINALS, _A.HAND_OVER, _A.TAKE_IN,
}  # fmt: skip
_CHECKING: Final = frozenset({
    _A.KEEP_CONSENT, _A.DECIDE, _A.LISTEN, _A.READ_WORDS, _A.READ_ORIGINALS, _A.CHECK, _A.SIGN,
    _A.HAND_OVER, _A.SET_POLICY, _A.ACCEPT, _A.ASK_DESTRUCTION, _A.DESTROY,
    _A.HAND_OVER, _A.SET_POLICY, _A.ACCEPT, _A.ASK_DESTRUCTION, _A.RAISE_CONCERN, _A.KEEP_SAFE,
})  # fmt: skip
_REPAIRING: Final = frozenset({
    _A.LISTEN, _A.READ_WORDS, _A.READ_ORIGINALS, _A.ACCEPT, _A.KEEP_PEOPLE,
})  # fmt: skip

PERMITTED: Final[Mapping[PersonRole, frozenset[PersonAction]]] = {
    PersonRole.OWNER: frozenset(PersonAction),
    PersonRole.INTERVIEWER: _RECORDING,
    PersonRole.ASSISTANT: _ASSISTING,
    PersonRole.OFFICER: _CHECKING,
    PersonRole.APPROVER: frozenset({_A.SET_POLICY, _A.CONFIRM_DESTRUCTION, _A.DESTROY}),
    PersonRole.RECOVERY: _REPAIRING,
}
"""What each role may do. Officers never sign off what they decided themselves."""

OWN_INTERVIEWS_ONLY: Final = frozenset({PersonRole.INTERVIEWER})
"""The roles that work on, hear and read those interviews alone that they entered themselves."""

WORDS_ARE_NOTED: Final = frozenset({PersonRole.OFFICER})
"""The roles whose reading of what was said leaves a line in the trail, as everybody's hearing."""

ANYBODY: Final = None  # whoever holds the keys for it

DESTRUCTION_BEGUN, KEYS_RENEWED = "destruction begun", "keys renewed"
POLICY_SET, POLICY_ASKED_FOR = "policy set", "policy asked for"
CONSENT_RECORDED, RETENTION_SET = "consent recorded", "retention set"
HAND_OVER_FOUND, HAND_OVER_ENDED = "hand-over found", "hand-over ended"
INTERVIEW_SENT, INTERVIEW_RECEIVED = "interview sent", "interview received"
SOUND_SEALED_FOR_CLUSTER = "sound sealed for other computers"
SOUND_HEARD_FURTHER = "transcribed further"
INTERVIEW_LENT, INTERVIEW_BACK, LOAN_ENDED = "interview lent", "interview taken back", "loan ended"
TURN_CHECKED: Final[Mapping[SpotCheckResult, str]] = {
    SpotCheckResult.WRONG: "turn objected to",
    SpotCheckResult.OPEN: "objection to a turn taken back",
}
STUDY_KEY_MADE, STUDY_TRUSTED = "study key made", "study trusted"
PARCEL_SENT, PARCEL_TAKEN_IN = "parcel sent", "parcel taken in"
CAME_FROM_ELSEWHERE: Final = frozenset({INTERVIEW_RECEIVED, INTERVIEW_BACK})
"""The verbs under which rows name people of another study."""

CHANGES: Final[Mapping[str, PersonAction | None]] = {
    "recording prepared": _A.RECORD, "recording begun": _A.RECORD, "recording ended": _A.RECORD,
    "interview made": _A.RECORD, "imported": _A.RECORD, "transcript imported": _A.RECORD,
    "recording rescued": ANYBODY,
    CONSENT_RECORDED: _A.KEEP_CONSENT, "contact details kept": _A.KEEP_CONSENT,
    "refused for want of consent": ANYBODY,
    "settings kept": _A.SET_UP, "language chosen": _A.SET_UP, "guide kept": _A.SET_UP,
    "voice prints removed": _A.SET_UP,
    "words kept": _A.SET_UP, "cases described": _A.SET_UP, "names entered": _A.SET_UP,
    "lined up": _A.TRANSCRIBE, "taken out of the line": _A.TRANSCRIBE,
    "hints settled": _A.TRANSCRIBE, "transcription begun": _A.TRANSCRIBE,
    "window heard": _A.TRANSCRIBE, "no speech found": _A.TRANSCRIBE, "transcribed": _A.TRANSCRIBE,
    SOUND_HEARD_FURTHER: _A.TRANSCRIBE,
    "heard again": _A.TRANSCRIBE, "speakers told apart": _A.TRANSCRIBE,
    SOUND_SEALED_FOR_CLUSTER: _A.TRANSCRIBE,
    "person entered": _A.CORRECT,
    "typing begun": _A.CORRECT,
    "corrected": _A.CORRECT, "corrections begun anew": _A.CORRECT,
    "participant's copy came back": _A.CORRECT, "participant's wish ruled on": _A.CORRECT,
    "participant's corrections entered": _A.CORRECT, "participant's copy discarded": _A.CORRECT,
    "anonymised": _A.DECIDE, "keep-list kept": _A.DECIDE, "replacement renamed": _A.DECIDE,
    "role told": _A.DECIDE, "replacements joined": _A.DECIDE,
    "replacements parted": _A.DECIDE, "replacing settled": _A.DECIDE,
    "cleaned": _A.DECIDE, "mentions accepted": _A.DECIDE, "mention added": _A.DECIDE,
    **{f"mention {verdict}": _A.DECIDE for verdict in Verdict},
    ReviewStep.LOOKED.value: _A.DECIDE, ReviewStep.READY.value: _A.HAND_ON,
    "sound opened to hear": _A.LISTEN, "words opened to read": _A.READ_WORDS,
    "originals read": _A.READ_ORIGINALS,
    **{f"line of the log {result}": _A.CHECK for result in SpotCheckResult},
    **dict.fromkeys(TURN_CHECKED.values(), _A.CHECK),
    "signed off": _A.SIGN, "sent back": _A.SIGN,
    "let through the gate": _A.SIGN, "stopped at the gate again": _A.SIGN,
    "own data given": _A.HAND_OVER,
    "hand-over begun": _A.HAND_OVER, "hand-over ready": _A.HAND_OVER, "handed over": _A.HAND_OVER,
    # Whoever opens a study next clears up after a hand-over that was killed.
    HAND_OVER_ENDED: ANYBODY, HAND_OVER_FOUND: ANYBODY,
    POLICY_SET: _A.SET_POLICY, POLICY_ASKED_FOR: _A.SET_POLICY,
    "changed study verified": _A.ACCEPT,
    "person added": _A.KEEP_PEOPLE, "person removed": _A.KEEP_PEOPLE,
    "recovery code renewed": _A.KEEP_PEOPLE,
    "safeguarding raised": _A.RAISE_CONCERN, "safeguarding read": _A.KEEP_SAFE,
    "safeguarding told": _A.KEEP_SAFE,
    "withdrawal recorded": _A.KEEP_CONSENT,
    "destruction asked for": _A.ASK_DESTRUCTION, "destruction taken back": _A.ASK_DESTRUCTION,
    "destruction confirmed": _A.CONFIRM_DESTRUCTION, "destruction refused": _A.CONFIRM_DESTRUCTION,
    "outside copy settled": _A.ASK_DESTRUCTION, "hold set": _A.ASK_DESTRUCTION,
    "hold lifted": _A.CONFIRM_DESTRUCTION, RETENTION_SET: _A.SET_POLICY,
    # Whoever of these opens a study next, with the keys for it, finishes what was confirmed.
    DESTRUCTION_BEGUN: _A.DESTROY, KEYS_RENEWED: _A.DESTROY, "destruction ended": _A.DESTROY,
    STUDY_KEY_MADE: _A.KEEP_PEOPLE, STUDY_TRUSTED: _A.KEEP_PEOPLE,
    INTERVIEW_SENT: _A.SEND, PARCEL_SENT: _A.SEND, PARCEL_TAKEN_IN: _A.TAKE_IN,
    INTERVIEW_RECEIVED: _A.TAKE_IN, INTERVIEW_LENT: _A.TAKE_IN, INTERVIEW_BACK: _A.TAKE_IN,
    LOAN_ENDED: _A.TAKE_IN,
    "signing key made": ANYBODY, "passphrase changed": ANYBODY,
    "study made": _A.KEEP_PEOPLE, "format brought up": ANYBODY,
}  # fmt: skip
"""What each line of the trail tells of, by its verb."""

WHILE_DESTROYED: Final[frozenset[PersonAction | None]] = frozenset({
    ANYBODY, _A.LISTEN, _A.READ_WORDS, _A.READ_ORIGINALS, _A.RAISE_CONCERN, _A.KEEP_SAFE, _A.ACCEPT,
    _A.KEEP_PEOPLE, _A.ASK_DESTRUCTION, _A.CONFIRM_DESTRUCTION, _A.DESTROY,
})  # fmt: skip
"""What is done with an interview also between the beginning of a destruction and its end."""

WRITERS: Final[Mapping[ArtefactKind, frozenset[PersonAction]]] = {
    ArtefactKind.SETTINGS: frozenset({_A.SET_UP, _A.RECORD, _A.DECIDE}),
    ArtefactKind.QUEUE: frozenset({_A.TRANSCRIBE, _A.DESTROY}),
    **dict.fromkeys((ArtefactKind.GUIDE, ArtefactKind.VOCABULARY), frozenset({_A.SET_UP})),
    ArtefactKind.KEPT: frozenset({_A.DECIDE}),
    ArtefactKind.CASES: frozenset({_A.SET_UP, _A.DESTROY}),
    # Who takes part, as entered; a language that is chosen, and names that are destroyed.
    ArtefactKind.ABOUT: frozenset({_A.RECORD, _A.SET_UP, _A.DESTROY}),
    **dict.fromkeys(
        (ArtefactKind.SETTING, ArtefactKind.ORIGIN, ArtefactKind.TAKEN), frozenset({_A.RECORD})
    ),
    **dict.fromkeys(
        (
            ArtefactKind.HINTS,
            ArtefactKind.WINDOWS,
            ArtefactKind.HEARING,
            ArtefactKind.HEARING_WINDOWS,
        ),
        frozenset({_A.TRANSCRIBE}),
    ),
    ArtefactKind.RAW: frozenset({_A.TRANSCRIBE, _A.CORRECT, _A.RECORD, _A.DESTROY}),
    ArtefactKind.VOICES: frozenset({_A.TRANSCRIBE, _A.SET_UP}),
    ArtefactKind.CORRECTED: frozenset({_A.CORRECT, _A.TRANSCRIBE}),
    ArtefactKind.RETURNED: frozenset({_A.CORRECT}),
    **dict.fromkeys(
        (ArtefactKind.MENTIONS, ArtefactKind.CLEAN, ArtefactKind.LOG, ArtefactKind.ORIGINALS),
        frozenset({_A.DECIDE, _A.SIGN}),
    ),
    **dict.fromkeys((ArtefactKind.FOUND, ArtefactKind.PSEUDONYMS), frozenset({_A.DECIDE})),
    ArtefactKind.PROGRESS: frozenset({_A.DECIDE, _A.HAND_ON}),
    ArtefactKind.CHECKS: frozenset({_A.CHECK}),
    **dict.fromkeys((ArtefactKind.PASSED, ArtefactKind.SIGNED), frozenset({_A.SIGN})),
    **dict.fromkeys((ArtefactKind.HANDED, ArtefactKind.HANDING), frozenset({_A.HAND_OVER})),
    **dict.fromkeys((ArtefactKind.POLICY, ArtefactKind.RETENTION), frozenset({_A.SET_POLICY})),
    ArtefactKind.ACCEPTED: frozenset({_A.ACCEPT}),
    **dict.fromkeys((ArtefactKind.CONSENT, ArtefactKind.CONTACTS), frozenset({_A.KEEP_CONSENT})),
    ArtefactKind.WITHDRAWN: frozenset({
        _A.KEEP_CONSENT, _A.ASK_DESTRUCTION, _A.CONFIRM_DESTRUCTION, _A.DESTROY,
    }),
    ArtefactKind.DESTRUCTIONS: frozenset({_A.ASK_DESTRUCTION, _A.CONFIRM_DESTRUCTION, _A.DESTROY}),
    ArtefactKind.HOLDS: frozenset({_A.ASK_DESTRUCTION, _A.CONFIRM_DESTRUCTION}),
    ArtefactKind.SAFEGUARDING: frozenset({_A.RAISE_CONCERN, _A.KEEP_SAFE}),
    **dict.fromkeys(
        (ArtefactKind.STUDY_KEY, ArtefactKind.OPENING_KEY, ArtefactKind.TRUSTED),
        frozenset({_A.KEEP_PEOPLE}),
    ),
    ArtefactKind.FOREIGNERS: frozenset({_A.TAKE_IN}),
    ArtefactKind.TRAVELS: frozenset({_A.SEND, _A.TAKE_IN}),
    ArtefactKind.ORIGINAL_TRAIL: frozenset({_A.TAKE_IN}),
}  # fmt: skip
"""Who writes artefacts of a kind, under whatever verb: those whose role allows one of these."""


class DetailsPart(StrEnum):
    """A part of what is known of an interview beforehand (``study.records.InterviewDetails``)."""

    LABEL = "its label"
    PEOPLE = "who takes part"  # codes and roles, in their order
    NAMES = "names"
    CHANNELS = "whose microphone is which"
    REGISTER = "what was known beforehand"
    LANGUAGE = "its language"
    KIND = "what kind of recording it is"


_D = DetailsPart
DETAILS_CHANGED_BY: Final[Mapping[str, frozenset[DetailsPart]]] = {
    "language chosen": frozenset({_D.LANGUAGE}),
    "names entered": frozenset({_D.NAMES, _D.REGISTER}),
    "person entered": frozenset({_D.PEOPLE}),
    "recording prepared": frozenset({_D.PEOPLE, _D.NAMES, _D.REGISTER, _D.LANGUAGE}),
    "transcript imported": frozenset({_D.PEOPLE, _D.NAMES, _D.REGISTER}),
    "imported": frozenset({_D.PEOPLE, _D.NAMES, _D.REGISTER, _D.CHANNELS}),  # sound, later
    **dict.fromkeys((DESTRUCTION_BEGUN, KEYS_RENEWED), frozenset({_D.NAMES, _D.REGISTER})),
}
"""What a later version of an interview's details may change, by the verb of its line."""

ANYBODY_WRITES: Final[Mapping[str, frozenset[ArtefactKind]]] = {
    HAND_OVER_ENDED: frozenset({ArtefactKind.HANDING}),
    HAND_OVER_FOUND: frozenset({ArtefactKind.HANDING, ArtefactKind.HANDED}),
}
"""What anybody writes under a verb that is anybody's; under each other one of those, nothing."""


def is_permitted(role: PersonRole, action: PersonAction) -> bool:
    """Whether a role allows something."""
    return action in PERMITTED[role]
