"""Asking at the shell whether everybody can and wants to be recorded now, and while it goes on.

One key each, read from a terminal without Enter: whoever sits beside somebody must not have to
type. Without a terminal nobody can be asked; ``--willing`` then says what they showed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from cli.console import Console
from cli.recording_signals import RecordingSignals
from cli.terminal_keys import read_pressed_keys, read_single_keys, wait_for_key
from study import MarkKind
from study.errors import NotWilling, WillingnessFlaw

# The keys of the interface for the same, as they come without a choice of one's own.
ANSWERS = {
    "y": MarkKind.AFFIRMED, "Y": MarkKind.ASSENT, "!": MarkKind.DISSENT, "P": MarkKind.DISTRESS,
}  # fmt: skip
_FLAWS = {
    MarkKind.DISSENT: WillingnessFlaw.DISSENT, MarkKind.DISTRESS: WillingnessFlaw.DISTRESS,
}  # fmt: skip
KEYS = (
    "  y   they can decide, and agree\n"
    "  Y   they cannot decide for themselves, and show that they are willing\n"
    "  !   somebody does not want to\n"
    "  P   the participant needs a pause"
)
_PAUSE, _MARK, _STOP = " ", "m", "s"


class RecordingKeys:
    """The keys of a terminal while a recording goes on, and the signals beside them.

    A pause ends only once everybody was asked again. ``is_paused``, ``has_ended``, ``take_mark``
    and ``take_answer`` are for ``capture.record_interview``.
    """

    def __init__(self, signals: RecordingSignals, console: Console, *, has_keys: bool) -> None:
        """has_keys: whether a terminal is there whose keys are read."""
        self._signals, self._console, self._has_keys = signals, console, has_keys
        self._wanted = signals.is_paused()
        self._is_paused = self._is_asking = False
        self._answers: list[MarkKind] = []
        self.is_dissent = False  # whether somebody did not want to go on

    def has_ended(self) -> bool:
        """Whether to stop; reads the keys that were pressed first."""
        for key in self._read_keys():
            self._take(key)
        return self._signals.has_ended()

    def is_paused(self) -> bool:
        """Whether to be paused now."""
        now = self._signals.is_paused()
        if now != self._wanted:
            self._wanted = now
            self._toggle()
        return self._is_paused

    def take_answer(self) -> MarkKind | None:
        """Return what somebody showed since the last call, None for nothing."""
        return self._answers.pop(0) if self._answers else None

    def _take(self, key: str) -> None:
        if key == _PAUSE:
            self._toggle()
        elif key == _MARK:
            self._signals.request_mark()
        elif key == _STOP:
            self._signals.request_stop()
        elif key in ANSWERS:
            answer = ANSWERS[key]
            self._answers.append(answer)
            self.is_dissent = self.is_dissent or answer is MarkKind.DISSENT
            self._is_paused = answer is MarkKind.DISTRESS
            self._is_asking = False
            if answer is MarkKind.DISTRESS:
                self._console.say("Paused. s ends the recording; Space asks whether to go on.")

    def _toggle(self) -> None:
        if not self._is_paused:
            self._is_paused = True
        elif not self._has_keys:
            self._console.say(_NO_TERMINAL)
        else:
            self._console.say(f"CAN EVERYBODY DECIDE NOW, AND DO THEY WANT TO GO ON?\n{KEYS}")
            self._is_asking = True

    def _read_keys(self) -> str:
        return read_pressed_keys() if self._has_keys else ""


_NO_TERMINAL = (
    "It stays paused: without a terminal nobody can be asked whether to go on. End the recording,"
    " and continue it with --interview and --willing."
)


def has_keys() -> bool:
    """Whether a terminal is there whose keys can be read."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def ask_willingness(
    present: Sequence[str], console: Console, *, read_key: Callable[[], str] | None = None
) -> MarkKind:
    """Ask in plain capital letters whether everybody present agrees now; return what they showed.

    present: codes of who is there. read_key: returns one key, by default of the terminal.

    Raises:
        NotWilling: somebody does not want to, or is distressed.
    """
    who = f" ({', '.join(present)})" if present else ""
    console.say(f"\nCAN EVERYBODY HERE{who} DECIDE NOW, AND DO THEY WANT TO BE RECORDED?\n{KEYS}")
    answer: MarkKind | None = None
    if read_key is not None:
        while answer is None:
            answer = ANSWERS.get(read_key())
    else:
        with read_single_keys():
            while answer is None:
                answer = ANSWERS.get(wait_for_key())
    if answer in _FLAWS:
        raise NotWilling(_FLAWS[answer])
    return answer
