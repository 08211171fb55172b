"""The work beside the screen: one piece at a time, what waits behind it, and a recording followed.

What is to be transcribed waits in the study, so it outlives the screen: who leaves while work runs
finds it going on at the next start. A recording comes before all of it. This file knows no screen;
what it tells comes on threads of its own.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence

from models import machine, shelf
from study.artefacts import Summary
from study.conventions import BEST, NOT, settings
from study.errors import EarshotError
from study.steps import Progress
from study.store import Study
from study.waiting import Waiting, line_up, take_out, waiting
from tui.background import PROGRAM, Child, Ending, transcription
from tui.live import Live

TRANSCRIBE = "transcribe"
Tell = Callable[[Progress | Ending], None]


class Labour:
    """What is being done now, and what comes after it."""

    def __init__(self, study: Study, tell: Tell, *, program: Sequence[str] = PROGRAM) -> None:
        """Prepare; ``tell`` is called on another thread, with an ending last for each work."""
        self._study = study
        self._tell = tell
        self._program = program
        self._child: Child | None = None
        self._live: Live | None = None
        self._followed: Waiting | None = None
        self._transcribes = ""  # the interview that is being transcribed from the line
        self._is_kept = False  # whether it waits on though it was stopped

    @property
    def is_busy(self) -> bool:
        """Whether anything is being done."""
        return self._child is not None or self._live is not None

    def begin(self, verb: str, summary: Summary) -> bool:
        """Begin a verb, or let a transcription wait for its turn; False where neither can be.

        Raises:
            StudyInUse, StudyUnwritable, DiskFull, KeyNotHeld: it cannot be lined up.
        """
        if verb == TRANSCRIBE:
            line_up(self._study, [Waiting(summary.id)])
        if self.is_busy:
            return verb == TRANSCRIBE
        if verb == TRANSCRIBE:
            self.go_on()
            return True
        keys = self._study.ring.to_bytes()
        self._run(Child(verb, self._study.folder, summary.id, keys, program=self._program))
        return True

    def go_on(self) -> str:
        """Begin with what waits, where nothing else is done; return its interview, or nothing."""
        line = self.line()
        if self.is_busy or not line:
            return ""
        self._transcribes, self._is_kept = line[0].interview, False
        self._run(transcription(self._study, line[0], program=self._program))
        return line[0].interview

    def line(self) -> tuple[Waiting, ...]:
        """Return what waits and is not being done."""
        with contextlib.suppress(EarshotError):  # a key that is not held opens no line
            return tuple(w for w in waiting(self._study) if w.interview != self._transcribes)
        return ()

    def follow(self, interview: str) -> bool:
        """Transcribe a recording as it goes, if the study wants it; other work gives way."""
        model = self._model()
        self._is_kept = True
        if self._child is not None and self._transcribes:
            self._child.stop()
        if model is None:
            return False
        self._followed = Waiting(interview, model)
        self._live = Live(self._study, self._followed, tell=self._tell, program=self._program)
        self._live.start()
        return True

    def recording_ended(self) -> None:
        """Let what follows the recording finish; from now on it waits in the study, too."""
        if self._live is not None and self._followed is not None:
            self._live.recording_ended()
            self._transcribes, self._is_kept = self._followed.interview, False
            with contextlib.suppress(EarshotError):  # it is being done all the same
                line_up(self._study, [self._followed], first=True)

    def stop(self) -> None:
        """Stop what is being done; what is finished is kept."""
        self._is_kept = False
        if self._live is not None:
            self._live.stop()
        elif self._child is not None:
            self._child.stop()

    def ended(self, ending: Ending) -> None:
        """Take note of an ending that was told, on the screen's thread."""
        if self._live is not None and self._live.ending is ending:
            self._live.leave()
            self._live = None
        else:
            self._child = None
        done, self._transcribes = self._transcribes, ""
        if done and not self._is_kept:
            with contextlib.suppress(EarshotError):  # it waits on, and is found done then
                take_out(self._study, done)

    def leave(self) -> None:
        """Stop everything and wait for it, so that no child outlives the screen."""
        if self._child is not None:
            self._child.leave()
        if self._live is not None:
            self._live.leave()

    def _model(self) -> str | None:
        """Return the model to follow a recording with, or None for not following it."""
        try:
            wanted = settings(self._study).while_recording
            if wanted == NOT:
                return None
            found = shelf.speech("" if wanted == BEST else wanted)
        except EarshotError:
            return None
        if wanted == BEST and (
            found.offer.is_demonstration or machine.this().fit(found.offer) is not machine.Fit.YES
        ):
            return None
        return found.name

    def _run(self, work: Child) -> None:
        self._child = work
        threading.Thread(target=self._watch, args=(work,), name="work", daemon=True).start()

    def _watch(self, work: Child) -> None:
        for event in work.events():
            self._tell(event)
