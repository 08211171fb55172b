"""One interview under an officer's check, in memory: the log, the clean transcript, spot checks.

It reads the study in ``refresh`` alone, and knows no screen. ``anonymise`` and ``handoff`` decide
what a sign-off or an objection means.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from anonymise import (
    LogDifference,
    LogFilter,
    compare_logs,
    draft_clean_transcript,
    read_anonymisation_log,
    sample_log_lines,
)
from anonymise import read_originals as read_log_originals
from app.changed_turns import TurnChanges, find_turn_changes
from app.unread_turns import find_unread_turns
from app.withdrawn import StandingWithdrawal, find_withdrawals, list_withdrawn
from handoff import require_may_sign, send_transcript_back, sign_transcript
from study import (
    ArtefactKind,
    DecidedMention,
    Decision,
    GatePass,
    InterviewSummary,
    LogLine,
    Mark,
    Mention,
    Objection,
    OriginalWords,
    SpotCheck,
    SpotCheckResult,
    StandingSignOff,
    Transcript,
    Turn,
    TurnNumbers,
    Verdict,
    select_pauses,
    select_shown_events,
)
from study import list_objections as collect_objections
from study.errors import (
    EarshotError,
    HasWithdrawn,
    MentionsUndecided,
    PersonRefused,
    StepMissing,
)
from study.store import (
    CleanVersion,
    Interview,
    KeyClass,
    hash_artefact,
    hash_transcript,
    keep_head,
    let_through_gate,
    read_gate_passes,
    read_mention_words,
    read_settings,
    read_sign_off,
    read_spot_checks,
    read_study_policy,
    read_turn_numbers,
    read_turn_objections,
    record_spot_check,
    record_turn_check,
    require_own_name,
    stop_at_gate_again,
)

_VERDICTS = {
    "replaced": Verdict.ACCEPTED, "replaced by hand": Verdict.CHANGED, "kept": Verdict.REJECTED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LogSelection:
    """Which lines of the log to show.

    unseen: only those of turns that nobody looked at. percent: the size of a sample, 0 for none.
    since, until: only lines that changed between these versions of the log; 0 as ``until`` is the
    current log.
    """

    log_filter: LogFilter = field(default_factory=LogFilter)
    unseen: bool = False
    percent: float = 0.0
    seed: str = ""
    since: int = 0
    until: int = 0

    @property
    def is_all(self) -> bool:
        """Whether it selects every line."""
        return self == LogSelection()


class OfficerCheck:
    """One interview under an officer's check. Methods raise as the study does."""

    def __init__(self, interview: Interview) -> None:
        """Prepare to check an interview, which ``refresh`` reads."""
        self.interview = interview
        self.is_read = False
        self.summary: InterviewSummary | None = None
        self.withdrawals: tuple[StandingWithdrawal, ...] = ()  # of who takes part
        self.log: Sequence[LogLine] = ()
        self.names: dict[int, str] = {}
        self.unseen: frozenset[int] = frozenset()  # keys of turns that nobody looked at
        self.clean: Transcript | None = None
        self.events: tuple[Mark, ...] = ()
        self.obstacle: EarshotError | None = None  # why no clean transcript could be made
        self.checks: dict[str, SpotCheck] = {}
        self.turn_objections: dict[int, SpotCheck] = {}  # by the turn's key
        self.signed: StandingSignOff | None = None
        self.turn_changes = TurnChanges()  # since the ruling
        self.changes: dict[str, LogDifference] = {}  # between the versions that are asked for
        self.originals: dict[str, OriginalWords] = {}  # once they were asked for
        self.placed: Sequence[DecidedMention] = ()  # where the lines stand in the clean transcript
        self._numbers: dict[str, int] = {}
        self._texts: dict[int, str] = {}
        self._turns: TurnNumbers | None = None  # once a number was asked for
        self._read = ""

    def let_pass(self, turn: int, words: Iterable[str], reason: str) -> None:
        """Let words of a turn pass the gate, by the turn's key; the study says who did, and why.

        Raises:
            PassRefused, RoleForbids, TextTooLong: as ``study.store.let_through_gate``.
        """
        for one in words:
            let_through_gate(self.interview, one, reason, turn=turn)

    def find_newest_pass(self) -> GatePass | None:
        """Return what was let through the gate last and still is, None where nothing is.

        Raises:
            KeyNotHeld, StudyDamaged: as ``study.store.read_gate_passes``.
        """
        return max(read_gate_passes(self.interview), key=lambda one: one.at, default=None)

    def stop_again(self, one: GatePass, reason: str) -> None:
        """Look for words at the gate again that were let through; the study says who did, and why.

        Raises:
            PassRefused, RoleForbids, TextTooLong: as ``study.store.stop_at_gate_again``.
        """
        stop_at_gate_again(self.interview, one.words, reason, turn=one.turn)

    def refresh(self) -> None:
        """Read the interview; draft the clean transcript in memory where all is decided."""
        interview = self.interview
        self.signed = read_sign_off(interview)
        self._read_clean()
        is_standing = self.signed is None or self.signed.is_valid
        self.turn_changes = (
            TurnChanges() if is_standing else find_turn_changes(interview, self.clean)
        )
        self.summary = interview.summary
        self.withdrawals = find_withdrawals(self.summary, list_withdrawn(interview.study))
        self.log = read_anonymisation_log(interview)
        self.names = interview.study.slot_names()
        self._read_findings()
        self.unseen = find_unread_turns(interview)
        self._place()
        self.is_read = True

    def select_lines(self, selection: LogSelection) -> list[LogLine]:
        """Return the selected lines of the log, in the order of the transcript."""
        self.changes = self._compared(selection) if selection.since else {}
        lines = [change.line for change in self.changes.values()] if selection.since else self.log
        found = [
            line
            for line in lines
            if selection.log_filter.matches(line)
            and (not selection.unseen or line.turn in self.unseen)
        ]
        return (
            sample_log_lines(found, selection.percent, selection.seed)
            if selection.percent
            else found
        )

    def list_log_versions(self) -> list[tuple[int, str]]:
        """Return the numbers of the written versions of the log with their times, newest first.

        Each clean transcript comes with a version of the log; the trail has the time.
        """
        count = self.interview.find_newest_version(ArtefactKind.LOG)
        lines = [
            line
            for line in self.interview.study.read_trail()[0]
            if line.interview == self.interview.id
        ]
        made = {fact: line.at for line in lines for fact in line.facts}
        return [(n, made.get(f"{ArtefactKind.LOG}.{n}", "")) for n in range(count, 0, -1)]

    def _compared(self, asked: LogSelection) -> dict[str, LogDifference]:
        before = read_anonymisation_log(self.interview, asked.since)
        until = asked.until
        after = read_anonymisation_log(self.interview, until) if until else self.log
        return {change.line.mention: change for change in compare_logs(before, after)}

    def number_of_line(self, line: LogLine) -> int:
        """Return the index of a line in ``placed``; -1 where its place is not known."""
        return self._numbers.get(line.mention, -1)

    def text_of_turn(self, turn: int) -> str:
        """Return the text of a turn of the clean transcript; "" where there is no such turn."""
        return self._texts.get(turn, "")

    def show_turn(self, turn: int) -> str:
        """Return the number of a turn of the clean transcript, as every file tells it.

        Where none could be made, as after it was sent back, its number in the newest transcript.
        """
        if self._turns is None:
            texts = self._texts
            self._turns = TurnNumbers(texts) if texts else read_turn_numbers(self.interview)
        return self._turns.show_turn(turn)

    def name_slot(self, slot: int) -> str:
        """Return the name of a slot; "" for slot 0."""
        return self.names.get(slot, str(slot)) if slot else ""

    def read_originals(self) -> None:
        """Read the original words of the lines; the audit trail notes it.

        Raises:
            KeyNotHeld: the passphrase in use does not open the key of pseudonyms.
        """
        self.originals = read_log_originals(self.interview)

    def note_check(self, line: LogLine, found: SpotCheckResult, reason: str = "") -> None:
        """Record the result of a spot check of a line."""
        record_spot_check(self.interview, line, found, reason)
        self._read_findings()

    def object_to_turn(self, turn: int, reason: str) -> None:
        """Record that something was missed in a turn of the clean transcript, by its key."""
        record_turn_check(self.interview, turn, SpotCheckResult.WRONG, reason)
        self._read_findings()

    def accept_turn(self, turn: int) -> None:
        """Take the objection to a turn back, by its key."""
        record_turn_check(self.interview, turn, SpotCheckResult.OPEN)
        self._read_findings()

    def _read_findings(self) -> None:
        """Read what was found in lines and turns, and the summary, which counts that."""
        self.checks = read_spot_checks(self.interview, self.log)
        self.turn_objections = self._read_turn_objections()
        self.summary = self.interview.summary

    def list_line_objections(self) -> list[Objection]:
        """Return the objections to lines of the log."""
        return collect_objections(self.checks.values())

    def list_objections(self) -> list[Objection]:
        """Return the objections to single lines and to turns."""
        return [*self.list_line_objections(), *collect_objections(self.turn_objections.values())]

    def _read_turn_objections(self) -> dict[int, SpotCheck]:
        turns = self.clean.turns if self.clean else ()
        return read_turn_objections(self.interview, (turn.key for turn in turns))

    @property
    def asks_who_recognises(self) -> bool:
        """Whether the study asks for a written answer to who could recognise the person."""
        return read_study_policy(self.interview.study).asks_who_recognises

    def require_may_sign(self) -> None:
        """Refuse a sign-off before anything is typed.

        Raises:
            As ``handoff.require_may_sign``.
        """
        require_may_sign(self.interview, clean=self._unwritten())

    def sign(self, name: str, role: str, who_recognises: str = "") -> None:
        """Sign off the clean transcript that was read here, with that written answer.

        Raises:
            As ``handoff.sign_transcript``; NotWhatWasRead where it has changed since.
        """
        clean = self._unwritten()
        sign_transcript(
            self.interview,
            name=name,
            role=role,
            who_recognises=who_recognises,
            read_sha256=self._read,
            clean=clean,
        )
        keep_head(self.interview.study)

    def send_back(self, reasons: Iterable[str], name: str, role: str) -> None:
        """Send the transcript back, with the objections to lines and reasons about the whole."""
        about = [*(Objection(reason) for reason in reasons), *self.list_objections()]
        clean = self._unwritten()
        send_transcript_back(self.interview, about, name=name, role=role, clean=clean)
        keep_head(self.interview.study)

    def list_undecided(self) -> frozenset[str]:
        """Return the keys of the mentions about which nobody has decided yet."""
        return frozenset(line.mention for line in self.log if line.action not in _VERDICTS)

    @property
    def sha256(self) -> str:
        """The hash of the clean transcript that was read here; "" for none."""
        return self._read

    def find_last_signer(self) -> tuple[str, str]:
        """Return the name and role of the last sign-off in this study by the slot in use."""
        mine: list[tuple[str, str, str]] = []
        for summary in self.interview.study.summaries():
            if ArtefactKind.SIGNED in summary.versions:
                found = read_sign_off(self.interview.study.interview(summary.id))
                if found is not None and found.sign_off.by == self.interview.study.ring.slot:
                    mine.append((found.sign_off.at, found.sign_off.name, found.sign_off.role))
        _, name, role = max(mine) if mine else ("", "", "data officer")
        try:
            require_own_name(self.interview.study, name)
        except PersonRefused:  # somebody of that name has a passphrase of their own since
            return "", role
        return name, role

    def _read_clean(self) -> None:
        interview = self.interview
        self.clean, self.obstacle, self._read = None, None, ""
        try:
            made = self._unwritten()
        except (HasWithdrawn, MentionsUndecided, StepMissing) as problem:
            self.obstacle = problem
            return
        self.clean = (
            made.transcript if made else interview.read_artefact(ArtefactKind.CLEAN, Transcript)
        )
        if self.clean is None:
            return
        written = hash_artefact(interview, ArtefactKind.CLEAN)
        self._read = hash_transcript(made.transcript) if made else written
        pause_s = read_settings(interview.study).pause_s if self._is_open else 0.0
        self.events = select_shown_events(
            select_pauses(self.clean.events, self.clean.turns, pause_s)
        )

    def _unwritten(self) -> CleanVersion | None:
        """Draft the clean transcript where the study lacks the newest one and may write it.

        A signed transcript stays as it is, even where the study would write it otherwise now.
        """
        is_signed = self.signed is not None and self.signed.is_valid
        if is_signed or not self._is_open:
            return None
        return draft_clean_transcript(self.interview)

    @property
    def _is_open(self) -> bool:
        return self.interview.study.ring.holds(KeyClass.IDENTIFYING)

    def _place(self) -> None:
        """Find where each line stands in the clean transcript."""
        said = read_mention_words(self.interview) if self._is_open else {}
        by_turn: dict[int, list[LogLine]] = {}
        for line in self.log:
            by_turn.setdefault(line.turn, []).append(line)
        placed: list[DecidedMention] = []
        turns = self.clean.turns if self.clean else ()
        self._numbers, self._texts = {}, {turn.key: turn.text for turn in turns}
        self._turns = None
        for turn in turns:
            end = 0
            for line in by_turn.get(turn.key, ()):
                mention, end = _find_line(turn, line, said.get(line.mention, ""), end)
                if mention is not None:
                    self._numbers[line.mention] = len(placed)
                    placed.append(mention)
        self.placed = placed


def _find_line(
    turn: Turn, line: LogLine, said: str, start: int
) -> tuple[DecidedMention | None, int]:
    """Find a line's words in its turn from character ``start`` on, as the lines are in order."""
    words = line.replacement or said
    begin = turn.text.find(words, start) if words else -1
    if begin < 0 or line.action not in _VERDICTS:
        return None, start
    end = begin + len(words)
    mention = Mention(
        line.mention, turn.key, begin, end, line.category, line.source, line.score, words
    )
    decision = Decision(line.mention, _VERDICTS[line.action], line.by, line.at, line.replacement)
    return DecidedMention(mention, decision), end
