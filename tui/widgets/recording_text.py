"""The line under the banner of a recording: what its state means for the people in the room."""

from __future__ import annotations

from app import describe_kept_sound, format_elapsed
from capture import RecordingPhase, RecordingStatus
from tui.key_names import with_keys


def describe_status(moment: RecordingStatus) -> str:
    """Say whether what is said in the room now is recorded, and what to press if it is not."""
    away = format_elapsed(moment.away_s)
    gone = f"Nothing recorded for {away}."
    going = (
        "Recording, but check the microphone." if moment.faults else ("All sound is being saved.")
    )
    if moment.doing is RecordingPhase.ENDED:
        why = moment.failure or "The recording has ended by itself."
        return f"{why} {describe_kept_sound(moment)}"
    return {
        RecordingPhase.STARTING: "Opening the microphone.",
        RecordingPhase.RECORDING: f"{going} Begun {format_elapsed(moment.elapsed_s)} ago.",
        RecordingPhase.PAUSED: f"{gone} {with_keys('{record.pause} asks to go on.')}",
        RecordingPhase.OFF_RECORD: (
            f"{gone} {with_keys('{record.pause} asks to go back on the record.')}"
        ),
        RecordingPhase.RECONNECTING: (
            f"Reconnecting: no microphone for {away}. Recording resumes by itself."
        ),
    }[moment.doing]
