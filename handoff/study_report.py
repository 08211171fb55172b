"""The study at a glance: one page to read or print, without anybody's words and without scripts.

It holds labels, states, counts and lengths only. Every plot has its numbers beside it and uses
patterns as well as shades, so that a black-and-white print loses nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from handoff.printed_sheet import PAGE_BEGINNING
from study import (
    ArtefactKind,
    Category,
    DecidedMention,
    InterviewSummary,
    Transcript,
    Verdict,
    format_duration,
)
from study.store import Interview, Study, read_decisions, read_newest_transcript, read_sign_off

_BAR, _ROW, _LEFT, _RIGHT, _WIDE = 14, 24, 110, 340, 760  # of a plot, in pixels
_VERDICTS = ("replaced", "changed by hand", "kept", "undecided")
BAR_FILLS = ("#222", "url(#dots)", "#fff", "url(#lines)")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """The row of one interview. Lengths are in seconds; decisions by category and verdict."""

    label: str
    state: str
    sound_s: float
    speech_s: float
    covered_s: float
    gaps: int
    doubts: int
    decisions: Counter[tuple[Category, str]]
    signed: str
    hand_overs: int

    @property
    def undecided(self) -> int:
        """Number of undecided mentions."""
        return sum(n for (_, verdict), n in self.decisions.items() if verdict == "undecided")

    @property
    def mentions(self) -> int:
        """Number of mentions."""
        return self.decisions.total()


def collect_report_rows(study: Study) -> list[ReportRow]:
    """Return the row of each interview, sorted by label."""
    rows = [_row(study.interview(summary.id), summary) for summary in study.summaries()]
    return sorted(rows, key=lambda row: row.label)


def _row(interview: Interview, summary: InterviewSummary) -> ReportRow:
    source = read_newest_transcript(interview)
    coverage = source.transcript.coverage if source else None
    standing = read_sign_off(interview)
    return ReportRow(
        label=summary.label,
        state=summary.state.value,
        sound_s=summary.sound_s,
        speech_s=coverage.speech_s if coverage else 0.0,
        covered_s=coverage.covered_s if coverage else 0.0,
        gaps=len(coverage.gaps) if coverage else 0,
        doubts=_doubts(source.transcript) if source else 0,
        decisions=Counter(
            (one.mention.category, _verdict(one)) for one in read_decisions(interview)
        ),
        signed=standing.sign_off.at[:10] if standing and standing.is_valid else "",
        hand_overs=summary.versions.get(ArtefactKind.HANDED, 0),
    )


def _doubts(transcript: Transcript) -> int:
    return sum(turn.is_doubtful for turn in transcript.turns)


def _verdict(one: DecidedMention) -> str:
    if one.decision is None:
        return "undecided"
    if one.decision.verdict is Verdict.CHANGED:
        return "changed by hand"
    return "replaced" if one.is_replaced else "kept"


def render_report(rows: Sequence[ReportRow], *, day: str) -> bytes:
    """Return the page in HTML. day: the day that it shows, as text."""
    body = "\n".join(
        [
            f"<h1>Interviews of the study, {escape(day)}</h1>",
            f"<p>{_summarise(rows)}</p>",
            render_figure_table("Interviews", _HEAD, map(_cells, rows)),
            *_sound(rows),
            _plot("Mentions of identifying details, by what was decided", rows, _progress(rows)),
            _key(),
            render_figure_table(
                "Decisions by category", ("category", *_VERDICTS), _by_category(rows)
            ),
        ]
    )
    return render_figures_page(f"Interviews of the study, {day}", body)


def render_figures_page(title: str, body: str) -> bytes:
    """Return a page to read or print. body: HTML of tables and plots."""
    return _PAGE.format(beginning=PAGE_BEGINNING, title=escape(title), body=body).encode()


def _sound(rows: Sequence[ReportRow]) -> Iterator[str]:
    """Draw the lengths of the interviews that have sound."""
    if recorded := [row for row in rows if row.sound_s]:
        yield _plot(
            "Length of the sound, and of speech that has words", recorded, _lengths(recorded)
        )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _summarise(rows: Sequence[ReportRow]) -> str:
    undecided = sum(r.undecided for r in rows)
    signed = sum(bool(r.signed) for r in rows)
    sound_s, speech_s = sum(r.sound_s for r in rows), sum(r.speech_s for r in rows)
    share = f"{int(1000 * sum(r.covered_s for r in rows) / speech_s) / 10:g}%" if speech_s else ""
    return (
        _count(len(rows), "interview")
        + (
            f", {sum(bool(r.sound_s) for r in rows)} with sound ({format_duration(sound_s)})."
            if sound_s
            else ", none with sound."
        )
        + (f" {share} of {format_duration(speech_s)} of speech has words." if share else "")
        + f" {undecided} of {_count(sum(r.mentions for r in rows), 'mention')}"
        f" {'waits' if undecided == 1 else 'wait'}"
        f" for a person; {_count(signed, 'interview')} {'is' if signed == 1 else 'are'} signed"
        " off."
    )


_HEAD = (
    "interview", "state", "sound", "speech with words", "passages without", "turns to check",
    "mentions", "undecided", "signed off", "handed over",
)  # fmt: skip


def _cells(row: ReportRow) -> tuple[str, ...]:
    share = f"{int(100 * row.covered_s / row.speech_s)}%" if row.speech_s else ""
    return (
        row.label, row.state, format_duration(row.sound_s) if row.sound_s else "", share,
        str(row.gaps),
        str(row.doubts), str(row.mentions), str(row.undecided), row.signed,
        f"{row.hand_overs} times" if row.hand_overs > 1 else "once" if row.hand_overs else "",
    )  # fmt: skip


def _by_category(rows: Iterable[ReportRow]) -> Iterator[tuple[str, ...]]:
    total: Counter[tuple[Category, str]] = Counter()
    for row in rows:
        total.update(row.decisions)
    for category in Category:
        counts = [total[category, verdict] for verdict in _VERDICTS]
        if any(counts):
            yield category.value, *(str(count) for count in counts)


def render_figure_table(title: str, head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """Return a table of figures as HTML; the first cell of each row is its heading."""
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = "\n".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in body
    )
    return f"<table><caption>{title}</caption><tr>{top}</tr>\n{lines}</table>"


BarParts = list[tuple[float, str]]  # size and fill of each part of a bar


def _lengths(rows: Sequence[ReportRow]) -> Iterator[tuple[BarParts, str]]:
    for row in rows:
        rest = max(0.0, row.sound_s - row.covered_s)
        parts = [(row.covered_s / 60, BAR_FILLS[0]), (rest / 60, BAR_FILLS[2])]
        covered = format_duration(row.covered_s) if row.covered_s else "0 s"
        yield parts, f"{covered} of {format_duration(row.sound_s)}"


def _progress(rows: Sequence[ReportRow]) -> Iterator[tuple[BarParts, str]]:
    for row in rows:
        counts = Counter[str]()
        for (_, verdict), number in row.decisions.items():
            counts[verdict] += number
        parts = [(float(counts[v]), fill) for v, fill in zip(_VERDICTS, BAR_FILLS, strict=True)]
        counted = ", ".join(f"{counts[v]} {v}" for v in _VERDICTS if counts[v])
        yield parts, counted or "none"


def _plot(title: str, rows: Sequence[ReportRow], bars: Iterator[tuple[BarParts, str]]) -> str:
    return render_bar_plot(title, [row.label for row in rows], bars)


def render_bar_plot(title: str, labels: Sequence[str], bars: Iterable[tuple[BarParts, str]]) -> str:
    """Return a plot of bars as SVG. bars: for each label, the parts of its bar and its figures."""
    made = list(bars)
    most = max((sum(size for size, _ in parts) for parts, _ in made), default=0.0) or 1.0
    scale = (_WIDE - _LEFT - _RIGHT) / most
    drawn = "\n".join(
        _bar(number, label, parts, text, scale)
        for number, (label, (parts, text)) in enumerate(zip(labels, made, strict=True))
    )
    return (
        f"<figure><figcaption>{title}</figcaption>"
        f'<svg viewBox="0 0 {_WIDE} {_ROW * len(labels) + 4}" role="img" aria-label="{title}">'
        f"{_PATTERNS}{drawn}</svg></figure>"
    )


def _bar(number: int, label: str, parts: BarParts, text: str, scale: float) -> str:
    top = number * _ROW + 4
    baseline = top + _BAR - 3
    drawn = [f'<text x="{_LEFT - 8}" y="{baseline}" text-anchor="end">{escape(label)}</text>']
    x = float(_LEFT)
    for size, fill in parts:
        if size:
            drawn.append(
                f'<rect x="{x:.1f}" y="{top}" width="{size * scale:.1f}" height="{_BAR}"'
                f' fill="{fill}" stroke="#222"/>'
            )
        x += size * scale
    drawn.append(f'<text x="{x + 8:.1f}" y="{baseline}">{escape(text)}</text>')
    return "".join(drawn)


def _key() -> str:
    boxes = "".join(
        f'<svg viewBox="0 0 20 14" class="box">{_PATTERNS}'
        f'<rect x="1" y="1" width="18" height="12" fill="{fill}" stroke="#222"/></svg> {verdict} '
        for verdict, fill in zip(_VERDICTS, BAR_FILLS, strict=True)
    )
    return f'<p class="key">{boxes}</p>'


_PATTERNS = (
    '<defs><pattern id="dots" width="5" height="5" patternUnits="userSpaceOnUse">'
    '<rect width="5" height="5" fill="#fff"/><circle cx="2.5" cy="2.5" r="1.3" fill="#222"/>'
    '</pattern><pattern id="lines" width="5" height="5" patternUnits="userSpaceOnUse">'
    '<rect width="5" height="5" fill="#fff"/><path d="M0 5L5 0" stroke="#222"/></pattern></defs>'
)
_PAGE = """\
<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>{title}</title>
<style>
@page {{ size: A4 landscape; margin: 15mm; }}
body {{ font: 14px/1.5 Arial, Helvetica, sans-serif; color: #000; background: #fff;
  max-width: 70em; margin: 1em auto; padding: 0 1em; }}
table {{ border-collapse: collapse; margin: 1.5em 0; width: 100%; }}
caption, figcaption {{ text-align: left; font-weight: bold; margin-bottom: .4em; }}
th, td {{ border-bottom: 1px solid #999; padding: .25em .5em; text-align: left; }}
td {{ white-space: nowrap; }}
tr, figure {{ break-inside: avoid; }}
figure {{ margin: 1.5em 0; }}
figure svg {{ width: 100%; font: 11px Arial, Helvetica, sans-serif; }}
.box {{ width: 20px; height: 14px; vertical-align: middle; margin-left: 1em; }}
</style></head>
<body>
{beginning}
{body}
</body>
</html>
"""
