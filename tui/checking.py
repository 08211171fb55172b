"""What the check of one interview holds in memory: the log, the clean transcript, what was found.

It reads the study when it is made and when it is asked to; it knows no screen, and decides
nothing about what a sign-off or an objection means.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from anonymise import cleaning, ledger
from anonymise.ledger import Difference, Wanted
from handoff import signing
from study import checks, conventions, decided, progress, signed
from study.artefacts import Kind, Summary
from study.checks import Check, Found
from study.clean import Clean
from study.decided import Decided
from study.errors import EarshotError, MentionsUndecided, StepMissing
from study.events import shown, with_pauses
from study.keys import KeyClass
from study.signed import Signed
from study.store import Study
from study.terms import (
    Decision,
    LogLine,
    Mark,
    Mention,
    Objection,
    Original,
    Transcript,
    Turn,
    Verdict,
)

_VERDICTS = {
    "replaced": Verdict.ACCEPTED, "replaced by hand": Verdict.CHANGED, "kept": Verdict.REJECTED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines are asked for. unseen: of turns that nobody looked at. percent: of a sample.

    since, until: versions of the log between which lines changed; ``until`` 0 is what stands now.
    """

    wanted: Wanted = field(default_factory=Wanted)
    unseen: bool = False
    percent: float = 0.0
    seed: str = ""
    since: int = 0
    until: int = 0

    @property
    def is_all(self) -> bool:
        """Whether every line is."""
        return self == Asked()


class Checking:
    """One interview under an officer's eyes. Methods raise as the study does."""

    def __init__(self, study: Study, interview: str) -> None:
        """Prepare to check an interview, by its id or label; ``refresh`` reads it."""
        self.study, self.interview = study, interview
        self.is_read = False
        self.summary: Summary | None = None
        self.log: Sequence[LogLine] = ()
        self.names: dict[int, str] = {}
        self.unseen: frozenset[int] = frozenset()  # keys of turns that nobody looked at
        self.clean: Transcript | None = None
        self.events: tuple[Mark, ...] = ()
        self.obstacle: EarshotError | None = None  # why no clean transcript could be made
        self.checks: dict[str, Check] = {}
        self.signed: Signed | None = None
        self.changes: dict[str, Difference] = {}  # between the versions that are asked for
        self.originals: dict[str, Original] = {}  # once they were asked for
        self.placed: Sequence[Decided] = ()  # where the lines stand in the clean transcript
        self._numbers: dict[str, int] = {}
        self._texts: dict[int, str] = {}
        self._read = ""

    def refresh(self) -> None:
        """Read the interview; the clean transcript is made in memory where all is decided."""
        study = self.study
        if not self.is_read:
            self.summary = study.find(self.interview)
            self.interview = self.summary.id
        interview = self.interview
        self.signed = signed.read(study, interview)
        self._read_clean()
        self.summary = study.find(interview)
        self.log = ledger.read(study, interview)
        self.names = study.slot_names()
        self.checks = checks.read(study, interview, self.log)
        self.unseen = self._unseen()
        self._place()
        self.is_read = True

    def lines(self, asked: Asked) -> list[LogLine]:
        """Return the lines of the log that are asked for, in the order of the transcript."""
        self.changes = self._compared(asked) if asked.since else {}
        lines = [change.line for change in self.changes.values()] if asked.since else self.log
        found = [
            line
            for line in lines
            if asked.wanted.fits(line) and (not asked.unseen or line.turn in self.unseen)
        ]
        return ledger.sample(found, asked.percent, asked.seed) if asked.percent else found

    def versions(self) -> list[tuple[int, str]]:
        """Return the versions of the log that were written, the newest first, each with its time.

        One is written with each clean transcript; the trail tells when.
        """
        count = self.study.version(self.interview, Kind.LOG)
        lines = [line for line in self.study.trail()[0] if line.interview == self.interview]
        made = {fact: line.at for line in lines for fact in line.facts}
        return [(n, made.get(f"{Kind.LOG}.{n}", "")) for n in range(count, 0, -1)]

    def _compared(self, asked: Asked) -> dict[str, Difference]:
        before = ledger.read(self.study, self.interview, asked.since)
        until = asked.until
        after = ledger.read(self.study, self.interview, until) if until else self.log
        return {change.line.mention: change for change in ledger.compare(before, after)}

    def number(self, line: LogLine) -> int:
        """Return the number of a line among ``placed``, -1 where its place is not known."""
        return self._numbers.get(line.mention, -1)

    def text(self, turn: int) -> str:
        """Return what a turn of the clean transcript says, "" where it has no such turn."""
        return self._texts.get(turn, "")

    def who(self, slot: int) -> str:
        """Name a slot."""
        return self.names.get(slot, str(slot)) if slot else ""

    def read_originals(self) -> None:
        """Read what was said where the lines stand; the audit trail notes it.

        Raises:
            KeyNotHeld: the passphrase in use does not open the key of pseudonyms.
        """
        self.originals = ledger.originals(self.study, self.interview)

    def note(self, line: LogLine, found: Found, reason: str = "") -> None:
        """Keep what was found at a line."""
        checks.note(self.study, self.interview, line, found, reason)
        self.checks = checks.read(self.study, self.interview, self.log)

    def objections(self) -> list[Objection]:
        """Return what was objected to."""
        return checks.objections(self.checks)

    def sign(self, name: str, role: str) -> None:
        """Sign off what was read here.

        Raises:
            NotWhatWasRead and all that ``signing.sign`` raises.
        """
        clean = self._unwritten()
        signing.sign(self.study, self.interview, name=name, role=role, read=self._read, clean=clean)

    def send_back(self, reasons: Iterable[str], name: str, role: str) -> None:
        """Send it back, with what was objected to and reasons about the whole."""
        about = [*(Objection(reason) for reason in reasons), *self.objections()]
        clean = self._unwritten()
        signing.send_back(self.study, self.interview, about, name=name, role=role, clean=clean)

    @property
    def sha256(self) -> str:
        """The hash of the clean transcript that was read here, "" where none was."""
        return self._read

    def signer(self) -> tuple[str, str]:
        """Return the name and role that the slot in use signed with last, in this study."""
        mine: list[tuple[str, str, str]] = []
        for summary in self.study.summaries():
            if Kind.SIGNED in summary.versions:
                found = signed.read(self.study, summary.id)
                if found is not None and found.sign_off.by == self.study.ring.slot:
                    mine.append((found.sign_off.at, found.sign_off.name, found.sign_off.role))
        return max(mine)[1:] if mine else ("", "data officer")

    def _read_clean(self) -> None:
        study, interview = self.study, self.interview
        self.clean, self.obstacle, self._read = None, None, ""
        try:
            made = self._unwritten()
        except (MentionsUndecided, StepMissing) as problem:
            self.obstacle = problem
            return
        self.clean = made.transcript if made else study.get(interview, Kind.CLEAN, Transcript)
        if self.clean is None:
            return
        written = signed.content_sha256(study, interview, Kind.CLEAN)
        self._read = signed.sha256_of(made.transcript) if made else written
        pause_s = conventions.settings(study).pause_s if self._is_open else 0.0
        self.events = shown(with_pauses(self.clean.events, self.clean.turns, pause_s))

    def _unwritten(self) -> Clean | None:
        """Return the newest clean transcript where the study lacks it and it may be made.

        What is signed stays as it is, even where the study would write it otherwise now.
        """
        is_signed = self.signed is not None and self.signed.is_valid
        if is_signed or not self._is_open:
            return None
        return cleaning.unwritten(self.study, self.interview)

    @property
    def _is_open(self) -> bool:
        return self.study.ring.holds(KeyClass.IDENTIFYING)

    def _unseen(self) -> frozenset[int]:
        if self._is_open:
            try:
                return frozenset(ledger.never_looked_at(self.study, self.interview))
            except StepMissing:
                return frozenset()
        seen = progress.read(self.study, self.interview).looked_at
        seen |= {line.turn for line in self.log if line.at and not line.in_bulk}
        turns = self.clean.turns if self.clean else ()
        return frozenset(turn.key for turn in turns if turn.key not in seen)

    def _place(self) -> None:
        """Find where each line stands in the clean transcript."""
        said = decided.words(self.study, self.interview) if self._is_open else {}
        by_turn: dict[int, list[LogLine]] = {}
        for line in self.log:
            by_turn.setdefault(line.turn, []).append(line)
        placed: list[Decided] = []
        turns = self.clean.turns if self.clean else ()
        self._numbers, self._texts = {}, {turn.key: turn.text for turn in turns}
        for turn in turns:
            at = 0
            for line in by_turn.get(turn.key, ()):
                one, at = _standing(turn, line, said.get(line.mention, ""), at)
                if one is not None:
                    self._numbers[line.mention] = len(placed)
                    placed.append(one)
        self.placed = placed


def _standing(turn: Turn, line: LogLine, said: str, at: int) -> tuple[Decided | None, int]:
    """Find a line's words in its turn, from a character on: the lines come in their order."""
    words = line.replacement or said
    start = turn.text.find(words, at) if words else -1
    if start < 0 or line.action not in _VERDICTS:
        return None, at
    end = start + len(words)
    mention = Mention(
        line.mention, turn.key, start, end, line.category, line.source, line.score, words
    )
    decision = Decision(line.mention, _VERDICTS[line.action], line.by, line.at, line.replacement)
    return Decided(mention, decision), end
