"""Talking to the person, or the script, at the shell: results on stdout, talk on stderr.

Everything that is printed goes through the sanitiser. With ``--json`` stdout holds JSON alone,
one object a line: progress, then the result or the error.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

import msgspec

from cli.next_steps import next_step, next_step_of
from study.errors import EarshotError
from study.screen_text import safe
from study.steps import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_EVERY_S = 0.1


class Talk:
    """One verb's voice."""

    def __init__(
        self, *, as_json: bool, out: TextIO | None = None, err: TextIO | None = None
    ) -> None:
        self.as_json = as_json
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        self._told_s = 0.0
        self._bar: Bar | None = None
        self._shown = False

    def say(self, text: str) -> None:
        """Tell the person something that is no result."""
        self.end_progress()
        if not self.as_json:
            print(safe(text, keep_newlines=True), file=self._err)

    def say_privately(self, text: str, words: str) -> None:
        """Say ``text``, and behind it a participant's words where only a terminal gets them."""
        is_read_at_once = words and self._err.isatty()
        self.say(f"{text}: {words}" if is_read_at_once else text)

    def result(self, data: object, lines: Iterable[str] = ()) -> None:
        """Give the result: ``data`` to scripts, ``lines`` to people."""
        self.end_progress()
        if self.as_json:
            self._event({"event": "done", "result": msgspec.to_builtins(data)})
            return
        for line in lines:
            print(safe(line, keep_newlines=True), file=self._out)

    def table(self, data: object, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Give a result that reads as a table."""
        if self.as_json:
            self.result(data)
            return
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
        for title in head:
            table.add_column(title, overflow="fold", min_width=len(title))
        for row in rows:
            table.add_row(*(Text(safe(cell)) for cell in row))
        Console(file=self._out, highlight=False, markup=False).print(table)

    def error(self, problem: EarshotError) -> None:
        """Say what went wrong and what to do."""
        self.failed(str(problem), next_step(problem), problem.exit_code)

    def failed(self, message: str, advice: str, exit_code: int) -> int:
        """Say what went wrong in a process of ours, and what to do; returns the exit code.

        advice: "" for what is always advised about errors of this exit code.
        """
        advice = advice or next_step_of(exit_code)
        self.end_progress()
        if self.as_json:
            self._event(
                {
                    "event": "error",
                    "message": message,
                    "advice": advice,
                    "exit_code": exit_code,
                }
            )
        else:
            print(safe(f"earshot: {message}\n{advice}", keep_newlines=True), file=self._err)
        return exit_code

    def progress(self, at: Progress) -> None:
        """Show how far a step is and how long it will still take."""
        now = time.monotonic()
        if now - self._told_s < _EVERY_S and at.done < at.total:
            return
        self._told_s = now
        if self.as_json:
            self._event({"event": "progress", **msgspec.to_builtins(at)})
        elif self._err.isatty():
            self._draw(at)

    def end_progress(self) -> None:
        """Take the progress bar off the terminal, so that something else can be drawn there."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
        if self._shown:
            self._err.write("\r\x1b[K")
            self._shown = False

    def event(self, name: str, facts: object) -> None:
        """Tell a script what has just happened; people are told in other ways."""
        if self.as_json:
            self._event({"event": name, **msgspec.to_builtins(facts)})

    def show(self, line: str) -> None:
        """Show one line in place of the last one shown; on a terminal only."""
        if not self.as_json and self._err.isatty():
            self._err.write(f"\r\x1b[K{safe(line)}")
            self._err.flush()
            self._shown = True

    def _draw(self, at: Progress) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                TaskProgressColumn(),
                TimeRemainingColumn(),
                TextColumn("left", markup=False),
                console=Console(file=self._err, highlight=False, markup=False),
                transient=True,
                redirect_stdout=False,  # else both streams are stand-ins that know no encoding,
                redirect_stderr=False,  # and the interface would refuse the terminal
            )
            self._task = self._bar.add_task("")
            self._bar.start()
        self._bar.update(self._task, description=safe(at.what), completed=at.done, total=at.total)

    def _event(self, event: dict[str, object]) -> None:
        print(msgspec.json.encode(event).decode(), file=self._out, flush=True)
