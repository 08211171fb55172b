"""Asking at the shell whether everybody can and wants to be recorded now, and while it goes on.

One key each, read from a terminal without Enter: whoever sits beside somebody must not have to
type. Without a terminal nobody can be asked; ``--willing`` then says what they showed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from app import AskedPerson, Willing, group_asked
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
    "  y   they agree (they decide for themselves today)\n"
    "  Y   they show that they are willing (assent)\n"
    "  !   somebody does not want to\n"
    "  P   the participant needs a pause"
)
_PAUSE, _MARK, _STOP = " ", "m", "s"


class RecordingKeys:
    """The keys of a terminal while a recording goes on, and the signals beside them.

    A pause ends only once everybody was asked again. ``is_paused``, ``has_ended``, ``take_mark``
    and ``take_answer`` are for ``capture.record_interview``.
    """

    def __init__(
        self,
        signals: RecordingSignals,
        console: Console,
        *,
        has_keys: bool,
        asked: Sequence[AskedPerson] = (),
    ) -> None:
        """Prepare.

        has_keys: whether a terminal is there whose keys are read. asked: who is asked to go on.
        """
        self._signals, self._console, self._has_keys = signals, console, has_keys
        self._wanted = signals.is_paused()
        self._is_paused = self._is_asking = False
        self._answers: list[Willing] = []
        self._groups, self._shown = group_asked(asked), list[Willing]()
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

    def take_answer(self) -> Willing | None:
        """Return what somebody showed since the last call, and who, None for nothing."""
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
            if len(self._groups) > 1 and answer not in _FLAWS and not self._takes_turn(answer):
                return
            who = self._find_asked() if answer in _FLAWS else ""
            self._answers += self._shown or [(answer, who)]
            self._shown = []
            self.is_dissent = self.is_dissent or answer is MarkKind.DISSENT
            self._is_paused = answer is MarkKind.DISTRESS
            self._is_asking = False
            if answer is MarkKind.DISTRESS:
                self._console.say("Paused. s ends the recording; Space asks whether to go on.")

    def _find_asked(self) -> str:
        """Return the code of who is being asked alone, "" where nobody is."""
        is_alone = self._is_asking and len(self._groups) > 1
        return self._groups[len(self._shown)][0].code if is_alone else ""

    def _takes_turn(self, answer: MarkKind) -> bool:
        """Keep the answer of who is asked, and ask the next; True once everybody has answered.

        Where nobody is being asked, the key asks the first: it does not say who of them agrees.
        """
        if self._is_asking:
            self._shown.append((answer, self._find_asked()))
        self._is_asking = True
        if len(self._shown) == len(self._groups):
            return True
        self._console.say(_ask_alone(self._groups[len(self._shown)][0], "GO ON"))
        return False

    def _toggle(self) -> None:
        if not self._is_paused:
            self._is_paused = True
        elif not self._has_keys:
            self._console.say(_NO_TERMINAL)
        else:
            self._shown = []
            question = f"CAN EVERYBODY DECIDE NOW, AND DO THEY WANT TO GO ON?\n{KEYS}"
            is_each = len(self._groups) > 1
            self._console.say(_ask_alone(self._groups[0][0], "GO ON") if is_each else question)
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
    present: Sequence[AskedPerson], console: Console, *, read_key: Callable[[], str] | None = None
) -> list[Willing]:
    """Ask in plain capital letters whether everybody present agrees now; return what they showed.

    All are asked together, or each in turn where they decide in different ways. present: who is
    there. read_key: returns one key, by default of the terminal.

    Raises:
        NotWilling: somebody does not want to, or is distressed.
    """
    groups = group_asked(present)
    if len(groups) == 1:
        who = f" ({', '.join(person.code for person in present)})" if present else ""
        console.say(
            f"\nCAN EVERYBODY HERE{who} DECIDE NOW, AND DO THEY WANT TO BE RECORDED?\n{KEYS}"
        )
        return [(_read_answer(read_key), "")]
    shown: list[Willing] = []
    for (person,) in groups:
        console.say(f"\n{_ask_alone(person, 'BE RECORDED')}")
        shown.append((_read_answer(read_key), person.code))
    return shown


def _ask_alone(person: AskedPerson, what: str) -> str:
    return (
        f"CAN {person.code} DECIDE NOW, AND DO THEY WANT TO {what}?\n"
        f"  On record: {person.way}.\n{KEYS}"
    )


def _read_answer(read_key: Callable[[], str] | None) -> MarkKind:
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
