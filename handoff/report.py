"""The study at a glance, as one page to read or print: no words of anybody, no script, no fetching.

Labels, states, counts and lengths are all that is in it. Every plot says its numbers in words
beside it, and is told apart by pattern as well as by shade, so that a black-and-white print loses
nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from study import decided, signed
from study.artefacts import Kind, Summary
from study.events import lasting
from study.store import Study
from study.terms import Category, Transcript, Verdict

_BAR, _ROW, _LEFT, _TOLD, _WIDE = 14, 24, 110, 340, 760  # of a plot, in pixels
_VERDICTS = ("replaced", "changed by hand", "kept", "undecided")
_FILLS = ("#222", "url(#dots)", "#fff", "url(#lines)")


@dataclass(frozen=True, slots=True)
class Row:
    """What is told of one interview. Lengths are seconds; decisions are by category and verdict."""

    label: str
    state: str
    sound_s: float
    speech_s: float
    covered_s: float
    gaps: int
    doubts: int
    decisions: Counter[tuple[Category, str]]
    signed: str
    handed: int

    @property
    def undecided(self) -> int:
        """How many mentions wait."""
        return sum(n for (_, verdict), n in self.decisions.items() if verdict == "undecided")

    @property
    def mentions(self) -> int:
        """How many there are."""
        return self.decisions.total()


def rows(study: Study) -> list[Row]:
    """Collect what is told of each interview, in the order of their labels."""
    found = [_row(study, summary) for summary in study.summaries()]
    return sorted(found, key=lambda row: row.label)


def _row(study: Study, summary: Summary) -> Row:
    source = decided.newest(study, summary.id)
    coverage = source.transcript.coverage if source else None
    found = signed.read(study, summary.id)
    return Row(
        label=summary.label,
        state=summary.state.value,
        sound_s=summary.sound_s,
        speech_s=coverage.speech_s if coverage else 0.0,
        covered_s=coverage.covered_s if coverage else 0.0,
        gaps=len(coverage.gaps) if coverage else 0,
        doubts=_doubts(source.transcript) if source else 0,
        decisions=Counter(
            (one.mention.category, _verdict(one)) for one in decided.read(study, summary.id)
        ),
        signed=found.sign_off.at[:10] if found and found.is_valid else "",
        handed=summary.versions.get(Kind.HANDED, 0),
    )


def _doubts(transcript: Transcript) -> int:
    return sum(bool(turn.flags) for turn in transcript.turns)


def _verdict(one: decided.Decided) -> str:
    if one.decision is None:
        return "undecided"
    if one.decision.verdict is Verdict.CHANGED:
        return "changed by hand"
    return "replaced" if one.is_replaced else "kept"


def report(every: Sequence[Row], *, on: str) -> bytes:
    """Return the page. on: the day, as it shall stand there."""
    body = "\n".join(
        [
            f"<h1>Interviews of the study, {escape(on)}</h1>",
            f"<p>{_sum(every)}</p>",
            _table("Interviews", _HEAD, map(_cells, every)),
            *_sound(every),
            _plot("Mentions of identifying details, by what was decided", every, _progress(every)),
            _key(),
            _table("Decisions by category", ("category", *_VERDICTS), _by_category(every)),
        ]
    )
    return _PAGE.format(body=body, on=escape(on)).encode()


def _sound(every: Sequence[Row]) -> Iterator[str]:
    """Draw the lengths of those interviews that have sound, where there are any."""
    if heard := [row for row in every if row.sound_s]:
        yield _plot("Length of the sound, and of speech that has words", heard, _lengths(heard))


def _sum(every: Sequence[Row]) -> str:
    sound_s, speech_s = sum(r.sound_s for r in every), sum(r.speech_s for r in every)
    share = f"{int(1000 * sum(r.covered_s for r in every) / speech_s) / 10:g} %" if speech_s else ""
    return (
        f"{len(every)} interviews"
        + (
            f", {sum(bool(r.sound_s) for r in every)} with sound ({lasting(sound_s)})."
            if sound_s
            else ", none with sound."
        )
        + (f" {share} of {lasting(speech_s)} of speech has words." if share else "")
        + f" {sum(r.undecided for r in every)} of {sum(r.mentions for r in every)} mentions wait"
        f" for a person; {sum(bool(r.signed) for r in every)} interviews are signed off."
    )


_HEAD = (
    "interview", "state", "sound", "speech with words", "passages without", "turns to doubt",
    "mentions", "undecided", "signed off", "handed over",
)  # fmt: skip


def _cells(row: Row) -> tuple[str, ...]:
    share = f"{int(100 * row.covered_s / row.speech_s)} %" if row.speech_s else ""
    return (
        row.label, row.state, lasting(row.sound_s) if row.sound_s else "", share, str(row.gaps),
        str(row.doubts), str(row.mentions), str(row.undecided), row.signed,
        f"{row.handed} times" if row.handed > 1 else "once" if row.handed else "",
    )  # fmt: skip


def _by_category(every: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    total: Counter[tuple[Category, str]] = Counter()
    for row in every:
        total.update(row.decisions)
    for category in Category:
        counts = [total[category, verdict] for verdict in _VERDICTS]
        if any(counts):
            yield category.value, *(str(count) for count in counts)


def _table(title: str, head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = "\n".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in body
    )
    return f"<table><caption>{title}</caption><tr>{top}</tr>\n{lines}</table>"


_Parts = list[tuple[float, str]]  # how much, and how it is filled


def _lengths(every: Sequence[Row]) -> Iterator[tuple[_Parts, str]]:
    for row in every:
        rest = max(0.0, row.sound_s - row.covered_s)
        parts = [(row.covered_s / 60, _FILLS[0]), (rest / 60, _FILLS[2])]
        covered = lasting(row.covered_s) if row.covered_s else "0 s"
        yield parts, f"{covered} of {lasting(row.sound_s)}"


def _progress(every: Sequence[Row]) -> Iterator[tuple[_Parts, str]]:
    for row in every:
        counts = Counter[str]()
        for (_, verdict), number in row.decisions.items():
            counts[verdict] += number
        parts = [(float(counts[v]), fill) for v, fill in zip(_VERDICTS, _FILLS, strict=True)]
        told = ", ".join(f"{counts[v]} {v}" for v in _VERDICTS if counts[v])
        yield parts, told or "none"


def _plot(title: str, every: Sequence[Row], bars: Iterator[tuple[_Parts, str]]) -> str:
    made = list(bars)
    most = max((sum(size for size, _ in parts) for parts, _ in made), default=0.0) or 1.0
    scale = (_WIDE - _LEFT - _TOLD) / most
    drawn = "\n".join(
        _bar(number, row.label, parts, told, scale)
        for number, (row, (parts, told)) in enumerate(zip(every, made, strict=True))
    )
    return (
        f"<figure><figcaption>{title}</figcaption>"
        f'<svg viewBox="0 0 {_WIDE} {_ROW * len(every) + 4}" role="img" aria-label="{title}">'
        f"{_PATTERNS}{drawn}</svg></figure>"
    )


def _bar(number: int, label: str, parts: _Parts, told: str, scale: float) -> str:
    top = number * _ROW + 4
    text = top + _BAR - 3
    drawn = [f'<text x="{_LEFT - 8}" y="{text}" text-anchor="end">{escape(label)}</text>']
    x = float(_LEFT)
    for size, fill in parts:
        if size:
            drawn.append(
                f'<rect x="{x:.1f}" y="{top}" width="{size * scale:.1f}" height="{_BAR}"'
                f' fill="{fill}" stroke="#222"/>'
            )
        x += size * scale
    drawn.append(f'<text x="{x + 8:.1f}" y="{text}">{escape(told)}</text>')
    return "".join(drawn)


def _key() -> str:
    boxes = "".join(
        f'<svg viewBox="0 0 20 14" class="box">{_PATTERNS}'
        f'<rect x="1" y="1" width="18" height="12" fill="{fill}" stroke="#222"/></svg> {verdict} '
        for verdict, fill in zip(_VERDICTS, _FILLS, strict=True)
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
<head><meta charset="utf-8"><title>Interviews of the study, {on}</title>
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
{body}
</body>
</html>
"""
