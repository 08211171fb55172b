"""The output of a verb at the shell: results on stdout, everything else on stderr.

All text is sanitised before it is printed. With ``--json`` stdout holds JSON alone, one object a
line: progress, then the result or the error.

Plain output is for ears and for braille: one fact a line, each behind its heading, no columns and
no frames. It is what ``--plain`` asks for, and what a terminal of fewer than 60 columns gets. A
stream that is no terminal gets tables so; other lines it gets as they are, for they may be a text.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

import msgspec

from cli.verb_advice import advise_verb, advise_verb_for_code
from study import TaskProgress, sanitise_text
from study.errors import EarshotError, OtherLanguage

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_EVERY_S = 0.1
_GAP = 2  # columns between two of a table
_NARROW = 60  # columns, below which a table is no table
_COLUMN_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
_SIGNS = "?✓✗·≈○● "  # in front of words that say the same
_ANSWERS = frozenset({"yes", "no", "not asked"})
_INDENT = "    "
_HARD = "\N{NO-BREAK SPACE}"


class Console:
    """Prints the results, messages and errors of one verb, for a person or as JSON."""

    def __init__(
        self,
        *,
        as_json: bool,
        is_plain: bool = False,
        out: TextIO | None = None,
        err: TextIO | None = None,
    ) -> None:
        """Take the streams; ``is_plain`` asks for plain output whatever they are."""
        self.as_json = as_json
        self._is_plain = is_plain
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        self._shown_at_s = 0.0
        self._bar: Bar | None = None
        self._shown = False
        self._said_share = "", 0
        self._names: dict[str, str] = {}

    def name_places(self, names: Mapping[str, str]) -> None:
        """Put names in the place of words such as STUDY in the commands of later messages.

        So that a command can be pasted. names: by the word, as a shell takes them.
        """
        self._names = dict(names)

    def say(self, text: str) -> None:
        """Print a message that is not part of the result; a script does not get it."""
        self.end_progress()
        if not self.as_json:
            print(self._lay_out(self._fill_in(text), self._err), file=self._err)

    def say_privately(self, text: str, words: str) -> None:
        """Print a message; on a terminal alone, with a participant's words behind it."""
        has_reader = words and self._err.isatty()  # a file would keep the words
        self.say(f"{text}: {words}" if has_reader else text)

    def print_result(self, data: object, lines: Iterable[str] = ()) -> None:
        """Print the result: ``data`` for scripts, ``lines`` for people."""
        self.end_progress()
        if self.as_json:
            self._event({"event": "done", "result": msgspec.to_builtins(data)})
            return
        for line in lines:
            print(self._lay_out(self._fill_in(line), self._out), file=self._out)

    def print_table(self, data: object, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print the result as a table for people, as ``data`` for scripts."""
        if self.as_json:
            self.print_result(data)
            return
        clean = [[sanitise_text(cell) for cell in row] for row in rows]
        if not self._out.isatty() or self._speaks(self._out):
            for line in _list_facts(head, clean):
                print(_fit(line, self._out), file=self._out)
            return
        least, width = _measure_least(head, clean), _measure_width(self._out)
        if least > width:
            for row in clean:
                print(_list_cells(head, row, width), file=self._out)
            return
        from rich.box import SIMPLE_HEAD
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
        for title, columns in zip(head, _share_width(head, clean, width), strict=True):
            table.add_column(title, width=columns)
        for row in clean:
            table.add_row(*map(Text, row))
        Console(file=self._out, highlight=False, markup=False, width=width).print(table)

    def print_error(self, problem: EarshotError) -> None:
        """Print an error and what to do about it."""
        language = problem.code if isinstance(problem, OtherLanguage) else ""
        self.print_failure(str(problem), advise_verb(problem), problem.exit_code, language=language)

    def print_failure(
        self, message: str, advice: str, exit_code: int, *, language: str = ""
    ) -> int:
        """Print the error of a child process and what to do about it; returns the exit code.

        advice: "" takes the advice about errors of this exit code. language: the code of the one
        that was heard in place of the interview's, for scripts and screens.
        """
        advice = advice or advise_verb_for_code(exit_code)
        self.end_progress()
        if self.as_json:
            self._event(
                {
                    "event": "error",
                    "message": message,
                    "advice": advice,
                    "exit_code": exit_code,
                    **({"language": language} if language else {}),
                }
            )
        else:
            said = self._fill_in(f"earshot: {message}\n{advice}")
            print(self._lay_out(said, self._err), file=self._err)
        return exit_code

    def show_progress(self, progress: TaskProgress) -> None:
        """Show how far a job is and how long it still takes."""
        now = time.monotonic()
        if now - self._shown_at_s < _EVERY_S and progress.done < progress.total:
            return
        self._shown_at_s = now
        if self.as_json:
            self._event({"event": "progress", **msgspec.to_builtins(progress)})
        elif self._err.isatty() and self._speaks(self._err):
            self._say_share(progress)
        elif self._err.isatty():
            self._draw(progress)

    def end_progress(self) -> None:
        """Remove the progress bar or the shown line from the terminal."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
        if self._shown:
            self._err.write("\r\x1b[K")
            self._shown = False

    def print_event(self, name: str, facts: object) -> None:
        """Print an event for scripts; a person sees nothing of it."""
        if self.as_json:
            self._event({"event": name, **msgspec.to_builtins(facts)})

    def show_line(self, line: str) -> None:
        """Show a line in place of the last one, on a terminal only."""
        if not self.as_json and self._err.isatty() and not self._is_plain:
            shown = sanitise_text(line)
            if room := _measure_width(self._err):  # a line that wraps cannot be taken back
                shown = _cut(shown, room - 1)
            self._err.write(f"\r\x1b[K{shown}")
            self._err.flush()
            self._shown = True

    def _fill_in(self, text: str) -> str:
        """Return a text in whose commands, between backticks, the words of a place are names."""
        if not self._names or "`" not in text:
            return text
        pattern = re.compile(rf"\b({'|'.join(map(re.escape, self._names))})\b")
        parts = text.split("`")
        return "`".join(
            pattern.sub(lambda found: self._names[found[1]], part)
            if number % 2 and part.startswith("earshot ")
            else part
            for number, part in enumerate(parts)
        )

    def _say_share(self, progress: TaskProgress) -> None:
        """Say at each tenth of a job how much is done."""
        tenth = int(10 * progress.done / progress.total) if progress.total else 0
        if (progress.what, tenth) != self._said_share and tenth:
            self._said_share = progress.what, tenth
            self.say(f"{progress.what}: {tenth * 10} percent done")

    def _speaks(self, stream: TextIO) -> bool:
        """Whether all that is printed to a stream is plain."""
        return self._is_plain or 0 < _measure_width(stream) < _NARROW

    def _lay_out(self, text: str, stream: TextIO) -> str:
        if not self._speaks(stream):
            return _fit(text, stream)
        return "\n".join(_fit(_say_columns(line), stream) for line in text.split("\n"))

    def _draw(self, progress: TaskProgress) -> None:
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
        self._bar.update(
            self._task,
            description=sanitise_text(progress.what),
            completed=progress.done,
            total=progress.total,
        )

    def _event(self, event: dict[str, object]) -> None:
        print(msgspec.json.encode(event).decode(), file=self._out, flush=True)


def _count_cells(text: str) -> int:
    from rich.cells import cell_len  # no help and no script waits for rich

    return cell_len(text)


def _measure_width(stream: TextIO) -> int:
    """Return how many columns a terminal has; 0 for a file or a pipe.

    The environment may ask for fewer in COLUMNS, and for lines of so many in a file.
    """
    asked = os.environ.get("COLUMNS", "")
    if stream.isatty():
        return shutil.get_terminal_size().columns
    return int(asked) if asked.isdecimal() and int(asked) < _NARROW else 0


def _cut(text: str, width: int) -> str:
    """Return a text of at most ``width`` cells."""
    if _count_cells(text) <= width:
        return text
    from rich.cells import set_cell_size

    return f"{set_cell_size(text, width - 1)}…"


def _fit(text: str, stream: TextIO) -> str:
    """Sanitise a text, and break its lines between words where a terminal would break within."""
    shown, width = sanitise_text(text, keep_newlines=True), _measure_width(stream)
    if not width:
        return shown
    return "\n".join(
        line if _count_cells(line) <= width else _wrap(line, width) for line in shown.split("\n")
    )


def _say_columns(line: str) -> str:
    """Return a line as somebody would read its columns out; a path stays as it is.

    "no   sound may leave" is "sound may leave: no", "pauses   from 3 s" is "pauses: from 3 s".
    """
    bare = line.strip()
    parts = [bare] if os.sep in bare else _COLUMN_GAP.split(bare)
    first, *rest = parts
    if len(rest) != 1:
        return ", ".join(parts)
    if first in _ANSWERS:
        return f"{rest[0]}: {first}."  # or a voice runs it into the next line
    return f"{first} {rest[0]}" if first.isdecimal() else f"{first}: {rest[0]}"


def _list_facts(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Yield the rows of a table, each cell behind its heading, a blank line between two rows."""
    if not rows:
        yield "None."
    for number, row in enumerate(rows):
        if number:
            yield ""
        for title, cell in zip(head, row, strict=True):
            said = "none" if cell.strip() == "-" else cell.strip().lstrip(_SIGNS)
            if said:
                yield f"{title}: {said}" if title else said


def _wrap(line: str, width: int, indent: str = "") -> str:
    indent = indent or line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False,
        replace_whitespace=False,
    )  # fmt: skip


def _measure_words(cells: Iterable[str]) -> int:
    """Return how many columns the longest word of some cells takes."""
    return max((_count_cells(word) for cell in cells for word in cell.split()), default=1)


def _measure_least(head: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Return the narrowest width in which a table breaks no word."""
    columns = [[title, *(row[n] for row in rows)] for n, title in enumerate(head)]
    return sum(_measure_words(column) + _GAP for column in columns)


def _share_width(head: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the width of each column of a table: none breaks a word, all of them fit.

    Rich takes room from a column of which a word then is cut. What is left goes first to the
    columns that want least more.
    """
    columns = [[title, *(row[n] for row in rows)] for n, title in enumerate(head)]
    widths = [_measure_words(column) for column in columns]
    wanted = [max(map(_count_cells, column)) - widths[n] for n, column in enumerate(columns)]
    left = max(0, width - sum(widths) - _GAP * len(columns))
    for n in sorted(range(len(columns)), key=wanted.__getitem__):
        more = min(wanted[n], left)
        widths[n] += more
        left -= more
    return widths


def _list_cells(head: Sequence[str], row: Sequence[str], width: int) -> str:
    """Write a row that no table has room for: each cell behind its heading."""
    named = [f"{title} {cell}".strip() for title, cell in zip(head, row, strict=True) if cell]
    # What belongs together stays together: a blank within a cell breaks no line.
    parts = [one.replace(" ", _HARD) for one in named if _count_cells(one) < width - len(_INDENT)]
    long = [one for one in named if _count_cells(one) >= width - len(_INDENT)]
    lines = [_wrap("  ".join(parts), width, _INDENT).replace(_HARD, " ")] if parts else []
    return "\n".join([*lines, *(_wrap(f"{_INDENT}{one}", width, _INDENT) for one in long)])
