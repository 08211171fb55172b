"""An empty transcript of an interview's sound, for a person to type into while they listen.

It is for interviews that no machine may transcribe. It has one turn as long as the sound, and the
events of the recording; how it was made says that a person typed it.
"""

from __future__ import annotations

from study.artefact_facts import TranscriptFacts
from study.artefact_kinds import ArtefactKind
from study.consent_gates import GatedAction
from study.errors import EditFlaw, NotCorrectable
from study.events import order_events
from study.records import Provenance, Role, Transcript, Turn
from study.store.consent_checks import require_interview_consent
from study.store.missing_sound import explain_missing_sound
from study.store.study import Interview
from study.store.transcript_editor import TranscriptEditor
from study.tasks import PROGRAM_VERSION

TYPED_BY_HAND = "typed by hand"  # the step of a transcript's provenance
_UNKNOWN_SPEAKER = "S1"


def begin_typing(interview: Interview) -> TranscriptEditor:
    """Make an empty transcript of an interview's sound; return it, to be corrected.

    Its only turn is of the first who was interviewed, as entered: a person splits it, and says who
    speaks.

    Raises:
        RoleForbids: the role of who is there does not let them correct transcripts.
        ConsentError: nobody agreed to anything, or capacity was lost; no machine need be allowed.
        HasWithdrawn: somebody took back what was said.
        SoundMissing, DataDestroyed: there is nothing to listen to, yet or any more.
        NotCorrectable: there is a transcript already.
        KeyNotHeld, StudyDamaged, StudyInUse, DiskFull: nothing was made.
    """
    require_interview_consent(interview, GatedAction.TYPE)
    sound = interview.open_sound()
    if sound is None:
        raise explain_missing_sound(interview)
    with sound:
        length_s, events = sound.duration_s, order_events(sound.marks())
    asked = [one.code for one in interview.participants if one.role is not Role.INTERVIEWER]
    turn = Turn(1, asked[0] if asked else _UNKNOWN_SPEAKER, 0.0, length_s, "")
    made = Transcript((turn,), Provenance(TYPED_BY_HAND, PROGRAM_VERSION), events=events)
    with interview.change("typing begun") as change:
        if interview.read_transcript() is not None:
            raise NotCorrectable(EditFlaw.THERE)
        change.write_artefact(ArtefactKind.RAW, made, TranscriptFacts(len(made.turns)))
    return TranscriptEditor(interview)
