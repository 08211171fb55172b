"""Import many interviews that a table names: looked at first, then one after the other.

Each interview is taken whole or not at all, and the study knows each file again by what is in it.
So the same table can be imported again after a crash: what is in is passed over, the rest is taken.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from app.interview_details import build_row_details
from capture import (
    ImportChoices,
    ImportRow,
    ReadTranscript,
    TakenFiles,
    find_named_file,
    hash_sound_file,
    import_sound_parts,
    import_transcript,
    is_transcript_file,
    measure_sound_file,
    read_transcript,
)
from study import (
    GatedAction,
    InterviewDetails,
    ReportProgress,
    ShouldStop,
    TaskProgress,
    no_report,
    no_stop,
)
from study.errors import (
    BadImportTable,
    DiskFailed,
    DiskFull,
    EarshotError,
    SoundNotFound,
    SoundTakenBefore,
    Stopped,
    StudyInUse,
    StudyUnwritable,
    TableFlaw,
)
from study.store import (
    ConsentsRead,
    Study,
    check_new_interview,
    find_consent_refusal,
    read_consents,
)

_OF_THE_STUDY = (DiskFull, DiskFailed, StudyInUse, StudyUnwritable, Stopped)  # each row has them


class RowState(StrEnum):
    """What becomes of a row; each value is the word that people read."""

    READY = "to import"
    THERE = "there already"
    DONE = "imported"
    FAILED = "not imported"


@dataclass(frozen=True, slots=True)
class RowPlan:
    """A row of the table, and what becomes of it.

    about: None where the row itself makes no sense. length_s: of all its files, None where one
    does not say. interview: its id once it is in. problem: why it cannot be imported. read: the
    transcript that was just brought in, None for sound.
    """

    row: ImportRow
    state: RowState
    about: InterviewDetails | None = None
    paths: tuple[Path, ...] = ()
    length_s: float | None = None
    interview: str = ""
    problem: EarshotError | None = None
    read: ReadTranscript | None = None

    @property
    def is_text(self) -> bool:
        """Whether it is a transcript that was made elsewhere."""
        return len(self.paths) == 1 and is_transcript_file(self.paths[0])


def plan_imports(
    study: Study,
    rows: Sequence[ImportRow],
    folder: Path,
    choices: ImportChoices,
    *,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
) -> list[RowPlan]:
    """Return what ``run_imports`` would do with each row; nothing is changed.

    folder: where the files are that the rows name.

    Raises:
        Stopped: ``stop`` returned True.
    """
    taken = choices.taken if choices.taken is not None else TakenFiles.read(study)
    lines: dict[str, list[int]] = {}
    for row in rows:
        lines.setdefault(row.label.casefold(), []).append(row.line)
    entered = {summary.label for summary in study.summaries()}
    consents = read_consents(study)
    plans: list[RowPlan] = []
    for number, row in enumerate(rows):
        report(TaskProgress(number, len(rows), "looking"))
        bare = RowPlan(row, RowState.FAILED)
        try:
            _check_row(row, lines[row.label.casefold()])
            bare = replace(
                bare, about=build_row_details(row), paths=_find_files(row, folder)
            )  # fmt: skip
            plans.append(_look_at(study, bare, taken, choices, entered, consents, stop))
        except Stopped:
            raise
        except EarshotError as problem:
            plans.append(replace(bare, problem=problem))
    return plans if choices.again else _refuse_twins(plans)


def run_imports(
    study: Study,
    plans: Sequence[RowPlan],
    choices: ImportChoices,
    *,
    stop: ShouldStop = no_stop,
    report: ReportProgress = no_report,
) -> Iterator[RowPlan]:
    """Import what is ready, and yield each row with what became of it, in the table's order.

    Progress is in seconds of sound over all rows; a file that does not say its length counts once
    it is in.

    Raises:
        DiskFull, DiskFailed, StudyInUse, StudyUnwritable, Stopped: the rest was not tried; what
            is in stays.
    """
    known = replace(choices, taken=choices.taken or TakenFiles.read(study))
    total_s = sum(plan.length_s or 0.0 for plan in plans if plan.state is RowState.READY)
    done_s = 0.0
    for number, plan in enumerate(plans, 1):
        if plan.state is not RowState.READY or plan.about is None:
            yield plan
            continue
        place = f"{plan.row.label}, {number} of {len(plans)}"

        def tell(progress: TaskProgress, before_s: float = done_s, what: str = place) -> None:
            report(TaskProgress(before_s + progress.done, total_s, what))

        try:
            read: ReadTranscript | None = None
            if plan.is_text:
                made = import_transcript(study, plan.paths[0], plan.about, partial=choices.partial)
                interview, read = made.interview, made.read
            else:
                interview = import_sound_parts(
                    study, plan.paths, plan.about, known, stop=stop, report=tell
                )
        except _OF_THE_STUDY:
            raise
        except EarshotError as problem:
            yield replace(plan, state=RowState.FAILED, problem=problem)
            continue
        done_s += plan.length_s or 0.0
        yield replace(plan, state=RowState.DONE, interview=interview, read=read)


def _check_row(row: ImportRow, lines: Sequence[int]) -> None:
    """Refuse a line that makes no sense as it is; lines: those with its label."""
    if row.has_formula:
        raise BadImportTable(TableFlaw.FORMULA)
    if len(lines) > 1 and row.label:
        first = ", ".join(map(str, lines[:-1]))
        raise BadImportTable(TableFlaw.TWICE, f"{first} and {lines[-1]}")
    if not row.files:
        raise BadImportTable(TableFlaw.NO_FILE)


def _require_inside(folder: Path, path: Path) -> None:
    """Refuse a path that leads out of the folder, by its name; a link in it may lead anywhere."""
    inside = os.path.normpath(folder.absolute())
    if not Path(os.path.normpath(path.absolute())).is_relative_to(inside):
        raise BadImportTable(TableFlaw.OUTSIDE)


def _find_files(row: ImportRow, folder: Path) -> tuple[Path, ...]:
    """Return the paths of a row's files; a name may itself hold what parts two names."""
    whole = "; ".join(row.files)
    for name in (whole, whole.replace("; ", ";")):
        _require_inside(folder, folder / name)
        path = find_named_file(folder, name)
        if path.exists():
            return (path,)
    for name in row.files:
        _require_inside(folder, folder / name)
    paths = tuple(find_named_file(folder, name) for name in row.files)
    for number, path in enumerate(paths, 1):
        if not path.exists():
            raise SoundNotFound(number, len(paths)) if len(paths) > 1 else SoundNotFound
    return paths


def _look_at(
    study: Study, plan: RowPlan, taken: TakenFiles, choices: ImportChoices, entered: set[str],
    consents: ConsentsRead, stop: ShouldStop,
) -> RowPlan:  # fmt: skip
    about = plan.about
    assert about is not None, "its details were read"
    if about.label in entered and _has_all(taken, plan.paths, about.label):
        return replace(plan, state=RowState.THERE)
    check_new_interview(study, about)
    action = GatedAction.IMPORT_TEXT if plan.is_text else GatedAction.IMPORT_SOUND
    if (refusal := find_consent_refusal(study, action, about, consents)) is not None:
        raise refusal
    if plan.is_text:
        # What is no transcript, or a cut one, is named before the import.
        read_transcript(plan.paths[0], about, partial=choices.partial)
        return replace(plan, state=RowState.READY)
    if not choices.again:
        for path in plan.paths:
            if (label := taken.find_path_label(path)) is not None:
                raise SoundTakenBefore(label, is_taken=True)
    lengths = [measure_sound_file(path, stop).length_s for path in plan.paths]
    length_s = None if None in lengths else sum(one or 0.0 for one in lengths)
    return replace(plan, state=RowState.READY, length_s=length_s)


def _has_all(taken: TakenFiles, paths: Sequence[Path], label: str) -> bool:
    return bool(paths) and all(taken.find_path_label(path) == label for path in paths)


def _refuse_twins(plans: Sequence[RowPlan]) -> list[RowPlan]:
    """Refuse a row with the very content of an earlier row; only files of one size are hashed."""
    ready = [plan for plan in plans if plan.state is RowState.READY]
    sizes = Counter(path.stat().st_size for plan in ready for path in plan.paths)
    first: dict[str, str] = {}
    told: list[RowPlan] = []
    for plan in plans:
        if plan.state is not RowState.READY:
            told.append(plan)
            continue
        twin = ""
        for path in plan.paths:
            if sizes[path.stat().st_size] > 1:
                other = first.setdefault(hash_sound_file(path), plan.row.label)
                twin = twin or (other if other != plan.row.label else "")
        problem = SoundTakenBefore(twin) if twin else None
        told.append(replace(plan, state=RowState.FAILED, problem=problem) if problem else plan)
    return told
