"""A report for whoever leads a study: who took part, who spoke, what was asked, what was done.

It is made of what is handed over and of counts in the study, passes the gate like every other
file, and holds nobody's words: codes, attributes that may leave, headings of the guide, figures.
Every plot has its numbers beside it and uses patterns, so that a black-and-white print loses
nothing. What the study does not show is left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handoff.case_table import list_cases
from handoff.export_input import ExportInput
from handoff.methods_paragraph import InterviewHistory
from handoff.study_report import (
    BAR_FILLS,
    BarParts,
    render_bar_plot,
    render_figure_table,
    render_figures_page,
)
from study import FIRST_FOREIGN, PersonRole, format_duration

_ELSEWHERE, _REMOVED = "somebody of another study", "somebody who was removed"
_LONGEST_GAP = timedelta(minutes=10)  # between two lines of the trail, to count as one sitting
_ABOUT_TIME = (
    "Time at work is counted from the trail of the study: lines by one person at most 10 minutes"
    " apart, each time for the interview of the later line. Waiting for the computer is in it;"
    " reading that leaves no line is not."
)
_NAMED = 4  # speakers with a pattern of their own


@dataclass(frozen=True, slots=True)
class InterviewOverview:
    """The figures of one interview. words, spoken_s: by the code of the speaker.

    topics: the headings that were reached. spent_s: by role, how long people worked on it, as the
    times of the trail show. corrected, listened: turns. decided: details, by the role of who
    decided. sound_s is 0.0 and spoken_s empty where there is no sound.
    """

    label: str
    sound_s: float
    turns: int
    words: Counter[str]
    spoken_s: dict[str, float]
    topics: tuple[str, ...]
    corrected: int
    corrected_by: tuple[str, ...]
    listened: int
    decided: Counter[str]
    signed: str
    spent_s: dict[str, float] = field(default_factory=dict[str, float])


def build_overview(
    material: ExportInput,
    history: InterviewHistory,
    roles: Mapping[int, PersonRole],
    spent_s: Mapping[str, float],
) -> InterviewOverview:
    """Return the figures of an interview.

    spent_s: seconds that people worked on it, by role, as ``measure_sittings`` returns them.
    """
    words, spoken_s = Counter[str](), defaultdict[str, float](float)
    for line in material.lines:
        if line.speaker:
            words[line.speaker] += line.word_count
            if line.is_timed and history.sound_s:
                spoken_s[line.speaker] += max(0.0, line.end_s - line.start_s)
    return InterviewOverview(
        label=material.label,
        sound_s=history.sound_s,
        turns=sum(bool(line.speaker) for line in material.lines),
        words=words,
        spoken_s=dict(spoken_s),
        topics=tuple(line.text for line in material.lines if line.is_topic),
        corrected=history.corrected,
        corrected_by=_name_roles(history.corrected_by, roles),
        listened=history.listened,
        decided=Counter(_name_role(line.by, roles) for line in history.log),
        signed=history.sign_off.at[:10] if history.sign_off else "",
        spent_s=dict(spent_s),
    )


def measure_sittings(
    trail: Iterable[tuple[str, int, str]], roles: Mapping[int, PersonRole]
) -> dict[str, dict[str, float]]:
    """Return how long people of each role worked on each interview, in seconds.

    Lines of one person at most 10 minutes apart, whatever they are about, are one sitting: each
    time between two counts once, for the interview of the later.

    trail: when each line of the study was written, as ISO 8601, by which slot, and about which
    interview, oldest first.
    """
    last: dict[int, datetime] = {}
    spent: dict[str, dict[str, float]] = {}
    for at, slot, interview in trail:
        now = datetime.fromisoformat(at)
        gap = now - last.get(slot, now)
        if timedelta() < gap <= _LONGEST_GAP:
            name, here = _name_role(slot, roles), spent.setdefault(interview, {})
            here[name] = here.get(name, 0.0) + gap.total_seconds()
        last[slot] = now
    return spent


def _name_role(slot: int, roles: Mapping[int, PersonRole]) -> str:
    role = roles.get(slot)
    if role is not None:
        return role.value
    return _ELSEWHERE if slot >= FIRST_FOREIGN else _REMOVED


def _name_roles(slots: Iterable[int], roles: Mapping[int, PersonRole]) -> tuple[str, ...]:
    return tuple(sorted({_name_role(slot, roles) for slot in slots}))


def render_overview(
    materials: Sequence[ExportInput], overviews: Sequence[InterviewOverview], day: str
) -> bytes:
    """Return the report as a page of HTML. day: the day that it shows."""
    attributes = materials[0].attributes
    cases = (
        (case.code, *(case.attributes.get(name, "") for name in attributes))
        for case in list_cases(materials)
    )
    parts = [
        f"<h1>Report on {len(materials)} interview{'s' * (len(materials) != 1)}, {day}</h1>",
        render_figure_table("Who took part", ("person", *attributes), cases),
        render_figure_table("Words and talk by speaker", _TALK_HEAD, _list_talk(overviews)),
        render_bar_plot(
            "Words by speaker", [one.label for one in overviews], _draw_words(overviews)
        ),
        *_render_topics(overviews),
        render_figure_table("What was done", _WORK_HEAD, map(_list_work, overviews)),
        f"<p>{_ABOUT_TIME}</p>",
    ]
    return render_figures_page(f"Report, {day}", "\n".join(parts))


_TALK_HEAD = ("interview", "speaker", "words", "share of words", "talk", "share of talk")
_WORK_HEAD = (
    "interview", "sound", "turns", "turns corrected", "by", "doubts listened to", "details decided",
    "signed off", "time at work",
)  # fmt: skip


def _list_talk(overviews: Iterable[InterviewOverview]) -> Iterator[tuple[str, ...]]:
    for one in overviews:
        every, talk_s = one.words.total(), sum(one.spoken_s.values())
        for code, words in one.words.most_common():
            spoken_s = one.spoken_s.get(code, 0.0)
            yield (
                one.label, code, str(words), _share(words, every),
                format_duration(spoken_s) if spoken_s else "", _share(spoken_s, talk_s),
            )  # fmt: skip


def _share(part: float, whole: float) -> str:
    return f"{round(100 * part / whole)}%" if whole else ""


def _draw_words(overviews: Iterable[InterviewOverview]) -> Iterator[tuple[BarParts, str]]:
    for one in overviews:
        counted = one.words.most_common(_NAMED)
        parts = [(float(words), fill) for (_, words), fill in zip(counted, BAR_FILLS, strict=False)]
        yield parts, ", ".join(f"{words} {code}" for code, words in counted) or "none"


def _render_topics(overviews: Sequence[InterviewOverview]) -> Iterator[str]:
    """Yield the table of topics, where any interview reached one."""
    topics = list(dict.fromkeys(topic for one in overviews for topic in one.topics))
    if topics:
        body = (
            (
                topic.removeprefix("Topic: "),
                *("yes" if topic in one.topics else "" for one in overviews),
            )
            for topic in topics
        )
        yield render_figure_table(
            "Topics that were reached", ("topic", *(one.label for one in overviews)), body
        )


def _list_work(one: InterviewOverview) -> tuple[str, ...]:
    decided = ", ".join(f"{count} by {who}" for who, count in sorted(one.decided.items()))
    spent = ", ".join(f"{format_duration(s)} {who}" for who, s in sorted(one.spent_s.items()))
    return (
        one.label, format_duration(one.sound_s) if one.sound_s else "", str(one.turns),
        str(one.corrected), ", ".join(one.corrected_by) if one.corrected else "",
        str(one.listened), decided or "none", one.signed, spent,
    )  # fmt: skip
