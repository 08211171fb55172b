"""The review of a long interview: how soon it opens, how soon a key is seen, what it takes.

10,000 turns and 5,000 mentions, in a real pseudo-terminal of 80 by 24. A key's time is that from
its byte to the last byte of what was painted for it, which a pause of 30 ms ends. The peer is a
bare Textual app with one line-API widget that shows as many turns, under the same harness.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks._tasks import measure_tasks
from benchmarks.frame import Row, Run, at_most
from study import (
    ArtefactKind,
    Category,
    Coverage,
    InterviewDetails,
    Mention,
    Mentions,
    MentionsFacts,
    Provenance,
    Transcript,
    TranscriptFacts,
    TranscriptRef,
    Turn,
    Word,
)
from study.store import Argon2Cost, Study

SEARCHED = TranscriptRef(ArtefactKind.RAW, 1)

_PASSPHRASE = "four unrelated small words"  # noqa: S105 - it guards nothing
_LABEL, _FIRST = "Long07", "Sentence"
_TURNS, _MENTIONS = 10_000, 5_000
_EARSHOT = Path(sys.executable).with_name("earshot")
_PATIENCE_S, _SEEN_S, _QUIET_S = 60.0, 1.0, 0.03
_UNCOMPILED = "PYTHONDONTWRITEBYTECODE"  # an installed program is compiled once, at its first start
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_MEDIAN_MS, _P99_MS = 16.0, 50.0  # the aims for the quiet machine
_NO_WORSE = 1.5  # times the bare widget
_SAYS = "Sentence {} is about Margaret and how we all went to the course on Mondays in spring."

_BARE = f"""
from rich.segment import Segment
from textual.app import App
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

SAYS = {_SAYS!r}

class Lines(ScrollView, can_focus=True):
    cursor = 0
    BINDINGS = [("j", "go(1)", "Down"), ("k", "go(-1)", "Up")]

    def on_mount(self):
        said = [SAYS.format(n) for n in range({_TURNS})]
        self.lines = [part for text in said for part in (text[:60], text[60:])]
        self.virtual_size = Size(78, len(self.lines))

    def action_go(self, by):
        self.cursor = max(0, self.cursor + 2 * by)
        self.scroll_to(y=max(0, self.cursor - 10), animate=False, immediate=True)
        self.refresh()

    def render_line(self, y):
        at = y + self.scroll_offset.y
        text = self.lines[at] if at < len(self.lines) else ""
        return Strip([Segment((">" if at == self.cursor else " ") + text)]).adjust_cell_length(79)

class Bare(App):
    def compose(self):
        yield Lines()

Bare().run()
"""


def run(quick: bool) -> list[Row]:  # noqa: FBT001 - the frame's one signature
    """Measure; quick presses fewer keys."""
    keys, turns = (30, 1) if quick else (200, 3)
    with tempfile.TemporaryDirectory(prefix="earshot-bench-") as place:
        folder = _study(Path(place) / "study")
        _opened([str(_EARSHOT), "open", str(folder)], b"\r", 0)  # not counted: it is compiled now
        bare = [_opened([sys.executable, "-c", _BARE], b"", keys) for _ in range(turns)]
        ours = [_opened([str(_EARSHOT), "open", str(folder)], b"\r", 0) for _ in range(turns)]
        peer = bare[-1].key_ms
        return [*_opening(bare, ours), *_keys(folder, peer, keys), *measure_tasks(_do)]


def choose(options: Sequence[str]) -> Run:
    """Return what measures the assistant's tasks alone, for ``interface --tasks``.

    Raises:
        SystemExit: these are other options.
    """
    if list(options) != ["--tasks"]:
        raise SystemExit("interface takes one option: --tasks")
    return lambda _quick: measure_tasks(_do)


@dataclass(frozen=True, slots=True)
class _Open:
    """One opening: processor seconds and memory then, and what pressing j took."""

    cpu_s: float
    wall_s: float
    rss_mb: float
    key_ms: list[float]


def _study(folder: Path) -> Path:
    cheap = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
    study, _ = Study.create(folder, _PASSPHRASE, cost=cheap)
    made_by = Provenance("transcribe", "benchmark", "none", "00" * 32)
    turns = tuple(_turn(n) for n in range(_TURNS))
    mentions = tuple(_mention(turns[n * 2], n) for n in range(_MENTIONS))
    with study, study.change("entered") as change:
        change.add_interview(InterviewDetails(_LABEL))
        covered = Coverage(4.0 * _TURNS, 3.0 * _TURNS, 3.0 * _TURNS)
        change.write_artefact(
            ArtefactKind.RAW, Transcript(turns, made_by, covered), TranscriptFacts(_TURNS)
        )
        found = Mentions(SEARCHED, mentions, made_by)
        change.write_artefact(
            ArtefactKind.MENTIONS,
            found,
            MentionsFacts(SEARCHED, undecided=_MENTIONS),
        )
    return folder


def _turn(number: int) -> Turn:
    text, start_s = _SAYS.format(number), 4.0 * number
    said = text.split()
    words = tuple(
        Word(f" {w}", start_s + n * 0.2, start_s + (n + 1) * 0.2, 0.9) for n, w in enumerate(said)
    )
    return Turn(number + 1, f"P{number % 2 + 1}", start_s, start_s + 3.5, text, words)


def _mention(turn: Turn, number: int) -> Mention:
    start = turn.text.index("Margaret")
    end = start + len("Margaret")
    label = f"[Person {number}]"
    return Mention(f"m{number}", turn.key, start, end, Category.PERSON, "names", 0.9, label)


def _opening(bare: list[_Open], ours: list[_Open]) -> list[Row]:
    peer_s = median(one.cpu_s for one in bare)
    peer_mb = median(one.rss_mb for one in bare)
    limit_s = 1.5 * peer_s + 0.7
    return [
        Row("a bare line-API widget, first paint", peer_s, "CPU s"),
        at_most(
            "the interview, from the shell to its words", median(o.cpu_s for o in ours), limit_s,
            "CPU s", compared_with="1.5 times the bare one, and 0.7 s",
        ),
        Row("the same, on the clock", median(o.wall_s for o in ours), "s"),
        at_most(
            "memory above the bare one", median(o.rss_mb for o in ours) - peer_mb, 60.0, "MB",
            compared_with="a bare Textual app",
        ),
    ]  # fmt: skip


def _keys(folder: Path, peer: list[float], keys: int) -> list[Row]:
    rows = [
        Row("bare widget, a move: median", median(peer), "ms"),
        Row("bare widget, a move: 99th percentile", _p99(peer), "ms"),
    ]
    for figure, prepare, pressed in (
        ("a move", b"", b"j"),
        ("to the next mention", b"", b"]"),
        ("a decision", b"", b"a"),
        ("a letter typed in a turn", b"\r", b"x"),
        ("the next find", b"/Mondays\r", b";"),
    ):
        rows += _figures(figure, _pressed(folder, prepare, pressed, keys), peer)
    with _busy():
        rows += _figures(
            "a letter typed beside work in the background",
            _pressed(folder, b"\r", b"x", keys),
            peer,
        )
    return rows


def _figures(figure: str, took: list[float], peer: list[float]) -> list[Row]:
    middle, worst = median(took), _p99(took)
    against = f"{_MEDIAN_MS:.0f} ms, or {_NO_WORSE} times the bare one"
    late = f"{_P99_MS:.0f} ms, or {_NO_WORSE} times the bare one"
    return [
        at_most(
            f"{figure}: median", middle, max(_MEDIAN_MS, _NO_WORSE * median(peer)), "ms",
            compared_with=against,
        ),
        at_most(
            f"{figure}: 99th percentile", worst, max(_P99_MS, _NO_WORSE * _p99(peer)), "ms",
            compared_with=late,
        ),
    ]  # fmt: skip


def _p99(took: list[float]) -> float:
    return quantiles(took, n=100)[98]


def _opened(command: Sequence[str], then: bytes, keys: int) -> _Open:
    start = time.perf_counter()
    with _terminal(command) as (process, terminal):
        if then:
            _read_until(terminal, _LABEL.encode())
            _settle(terminal)
            os.write(terminal, then)
        _read_until(terminal, _FIRST.encode())
        cpu_s, wall_s = _spent(process), time.perf_counter() - start
        _settle(terminal)
        rss_mb = _rss_mb(process)
        took = [_key(terminal, b"j") for _ in range(keys)]
    return _Open(cpu_s, wall_s, rss_mb, took)


def _pressed(folder: Path, prepare: bytes, pressed: bytes, keys: int) -> list[float]:
    with _terminal([str(_EARSHOT), "open", str(folder)]) as (_, terminal):
        _read_until(terminal, _LABEL.encode())
        _settle(terminal)
        os.write(terminal, b"\r")
        _read_until(terminal, _FIRST.encode())
        _settle(terminal)
        for byte in prepare:
            os.write(terminal, bytes([byte]))
            _settle(terminal)
        return [_key(terminal, pressed) for _ in range(keys)]


def _do(folder: Path, first: bytes, keys: Sequence[bytes]) -> float:
    """Press keys in the review of an interview; return the seconds until all were painted."""
    with _terminal([str(_EARSHOT), "open", str(folder)]) as (_, terminal):
        _read_until(terminal, _LABEL.encode())
        _settle(terminal)
        os.write(terminal, b"\r")
        _read_until(terminal, first)
        _settle(terminal)
        os.write(terminal, b"\x1b[H")
        _settle(terminal)
        took_s = sum(_key(terminal, key) for key in keys) / 1000
        _settle(terminal)
        os.write(terminal, b"\x1b")
        _settle(terminal)
    return took_s


def _key(terminal: int, key: bytes) -> float:
    """Press a key; return how many milliseconds passed until all was painted for it."""
    begun = time.perf_counter()
    os.write(terminal, key)
    last = begun
    first = _SEEN_S
    while select.select([terminal], [], [], first)[0]:
        os.read(terminal, 1 << 16)
        last, first = time.perf_counter(), _QUIET_S
    time.sleep(0.05)  # a person's fastest: what is shown later must not meet the next key
    while select.select([terminal], [], [], 0.0)[0]:
        os.read(terminal, 1 << 16)
    return (last - begun) * 1000


def _settle(terminal: int) -> None:
    """Read until nothing has been painted for a second."""
    while select.select([terminal], [], [], 1.0)[0]:
        os.read(terminal, 1 << 16)


def _read_until(terminal: int, wanted: bytes) -> None:
    painted = b""
    until = time.monotonic() + _PATIENCE_S
    while wanted not in painted:
        if not select.select([terminal], [], [], max(0.0, until - time.monotonic()))[0]:
            raise TimeoutError("nothing was painted")
        painted += os.read(terminal, 1 << 16)


@contextlib.contextmanager
def _terminal(command: Sequence[str]) -> Generator[tuple[int, int]]:
    process, terminal = pty.fork()
    if process == 0:
        try:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            told = {"EARSHOT_PASSPHRASE": _PASSPHRASE, "TERM": "xterm-256color"}
            around = {k: v for k, v in os.environ.items() if k != _UNCOMPILED}
            os.execve(command[0], list(command), around | told)  # noqa: S606 - no shell is wanted
        finally:
            os._exit(127)
    try:
        yield process, terminal
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(terminal)


@contextlib.contextmanager
def _busy() -> Generator[None]:
    """Keep every core busy at the priority of work in the background."""
    command = ["nice", "-n", "10", sys.executable, "-c", "while True: pass"]
    workers = [subprocess.Popen(command) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def _spent(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_S


def _rss_mb(process: int) -> float:
    told = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    (line,) = [x for x in told.splitlines() if x.startswith("VmRSS")]
    return int(line.split()[1]) / 1024
