"""What a study holds of one participant, as files that need no Earshot to be read.

It is handed to that participant alone, so it holds their real words and their voice, and what the
interviewers asked them. Of others who were interviewed with them it holds neither: their turns are
left out, and of a joint interview the sound is, too, because it cannot be parted. Where nobody has
said whose voice is whose, a joint interview's turns are left out as well; of an interview with that
participant alone everything is theirs.
"""

from __future__ import annotations

import shutil
import wave
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from app.labels import format_count
from app.withdrawal import require_taking_part
from handoff import PrintedTable, list_hand_overs, render_printed_sheet
from study import (
    ArtefactKind,
    CaseAttributes,
    InterviewSummary,
    PersonAction,
    Role,
    format_clock,
    list_others,
)
from study.errors import (
    HasWithdrawn,
    TargetExists,
    TargetInStudy,
)
from study.store import (
    Interview,
    InterviewSound,
    Study,
    list_destructions,
    list_sent_away,
    list_standing_withdrawals,
    make_folder,
    map_os_errors,
    read_consent_versions,
    read_contact_details,
    require_whole,
    stage_file,
    write_file_atomically,
)

OWN_DATA_GIVEN = "own data given"
_SOMEBODY_ELSE = "[somebody else]"
_NOBODY_SAID = "[nobody has said who speaks]"
_UNNAMED = (
    "In {label} nobody has said who speaks in {turns}: they are left out, and some may be yours."
    " Ask the study to name the voices, and to write these files again."
)
_ABOUT = (
    "These files hold what the study has recorded about you. They are for you alone, and they are"
    " not anonymous: keep them where nobody else reads or hears them."
)


def write_own_data(study: Study, code: str, folder: Path) -> list[Path]:
    """Write what the study holds of a participant into a new folder; return its files.

    Adds a line to the audit trail, which says whose data it was, by their code. Whoever asks for
    their own data gets it whatever they agreed to, and after they have withdrawn what is left of
    it; it is refused while somebody is destroying it.

    Raises:
        DestructionRefused: nobody has that code.
        StudyChanged: nobody has verified the study since it was changed outside Earshot.
        HasWithdrawn: what they took back is being destroyed, or they took back everything.
        SoundIncomplete: part of a recording is missing on the disk.
        TargetExists: the folder has something in it. TargetInStudy: it lies in the study.
        RoleForbids, KeyNotHeld: who is there may not.
        DiskFull, StudyUnwritable: nothing is left in the folder.
    """
    study.require_permitted(PersonAction.HAND_OVER)
    study.require_unchanged()
    require_taking_part(study, code)
    if folder.resolve().is_relative_to(study.folder.resolve()):
        raise TargetInStudy
    is_there = folder.exists() or folder.is_symlink()  # a link that leads nowhere as well
    if is_there and (not folder.is_dir() or any(folder.iterdir())):
        raise TargetExists
    mine = _list_mine(study, code)
    pending = {one for w in list_standing_withdrawals(study) for one in w.pending}
    if any(summary.id in pending for summary in mine):
        raise HasWithdrawn(code)
    for summary in mine:
        require_whole(study.interview(summary.id))
    with study.change(OWN_DATA_GIVEN) as change:
        make_folder(folder)
        try:
            files = [path for s in mine for path in _write_interview(study, s, code, folder)]
            page = folder / f"{code}.html"
            write_file_atomically(page, _render_page(study, code, mine, files))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        change.facts |= {"code": code, "interviews": len(mine), "files": len(files) + 1}
    return [page, *files]


def list_unnamed_turns(study: Study, code: str) -> list[tuple[str, int]]:
    """Return label and number of turns of which nobody has said whether this participant speaks.

    Of interviews with several alone: of one with them alone every turn is given.

    Raises:
        KeyNotHeld, StudyDamaged: as ``Interview.read_transcript``.
    """
    found = [
        (s.label, _list_texts(study.interview(s.id), code).count(_NOBODY_SAID))
        for s in _list_mine(study, code)
    ]
    return [(label, count) for label, count in found if count]


def _list_mine(study: Study, code: str) -> list[InterviewSummary]:
    """Return the interviews in which somebody takes part, in whatever role."""
    return [s for s in study.summaries() if s.about and code in s.about.codes]


def _write_interview(
    study: Study, summary: InterviewSummary, code: str, folder: Path
) -> Iterator[Path]:
    interview = study.interview(summary.id)
    text = "\n\n".join(_list_turns(interview, code))
    if text:
        yield _write(folder / f"{summary.label}.txt", text.encode() + b"\n")
    others = [one for one in list_others(interview.participants) if one != code]
    sound = None if others else interview.open_sound()
    if sound is not None:
        path = folder / f"{summary.label}.wav"
        with sound, stage_file(path, replaces=False) as staged, map_os_errors():
            _write_wave(staged, sound)
        yield path


def _write_wave(path: Path, sound: InterviewSound) -> None:
    with closing(wave.open(str(path), "wb")) as file:
        file.setnchannels(sound.form.channels)
        file.setsampwidth(2)
        file.setframerate(sound.form.rate)
        for first in range(0, sound.frames, sound.form.rate):
            file.writeframes(sound.read(first, sound.form.rate))


def _write(path: Path, content: bytes) -> Path:
    write_file_atomically(path, content, replaces=False)
    return path


def _list_turns(interview: Interview, code: str) -> Iterator[str]:
    source = interview.read_transcript()
    turns = source.transcript.turns if source else ()
    for turn, text in zip(turns, _list_texts(interview, code), strict=True):
        when = f"[{format_clock(turn.start_s)}] " if turn.end_s else ""
        yield f"{when}{turn.speaker}: {text}"


def _list_texts(interview: Interview, code: str) -> list[str]:
    """Return of each turn its text, or what stands for what is not theirs."""
    source = interview.read_transcript()
    others = {one for one in list_others(interview.participants) if one != code}
    asked_by = {p.code for p in interview.participants if p.role is Role.INTERVIEWER}
    known = {code, *asked_by, *others}
    return [
        turn.text
        if not others or turn.speaker in {code, *asked_by}
        else _SOMEBODY_ELSE
        if turn.speaker in known
        else _NOBODY_SAID
        for turn in (source.transcript.turns if source else ())
    ]


def _render_page(study: Study, code: str, mine: list[InterviewSummary], files: list[Path]) -> bytes:
    contacts = read_contact_details(study, code)
    known = [
        ("you", contacts.person.name, contacts.person.reach),
        ("who decides for you", contacts.deputy.name, contacts.deputy.reach),
    ] if contacts else []  # fmt: skip
    agreed = [
        (record.taken_on, record.basis.value, purpose.value, answer.value)
        for record in read_consent_versions(study, code)
        for purpose, answer in record.answers.items()
    ]
    names = [
        (s.label, s.created_at[:10], format_clock(s.sound_s), ", ".join(_list_names(s, code)))
        for s in mine
    ]
    cases = study.whole.read_artefact(ArtefactKind.CASES, CaseAttributes) or CaseAttributes()
    tables = [
        PrintedTable("Your interviews", ("interview", "entered", "sound", "your names"), names),
        PrintedTable("The files", ("name",), [(path.name,) for path in files]),
        PrintedTable("What you agreed to", ("on", "by", "to what", "answer"), agreed),
        PrintedTable(
            "Who was given something from your interviews",
            ("of", "to", "for", "on", "as"),
            list(_list_receivers(study, code, mine)),
        ),
        PrintedTable("How to reach you", ("who", "name", "where"), known),
        PrintedTable(
            "Also noted about you", ("what", ""), sorted(cases.values.get(code, {}).items())
        ),
    ]
    notes = [
        _ABOUT,
        *(
            _UNNAMED.format(label=label, turns=format_count(count, "turn"))
            for label, count in list_unnamed_turns(study, code)
        ),
        "The interviewers' questions are in them, so that your answers can be understood.",
        "What others said about you in their own interviews is theirs as well: ask about it.",
        f"Made on {study.now()[:10]}. In the study you are {code}.",
    ]
    return render_printed_sheet(f"What the study holds about you ({code})", notes, tables)


def _list_receivers(
    study: Study, code: str, mine: list[InterviewSummary]
) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield who received what, as the GDPR's Article 15 (1) (c) asks; also of what is destroyed."""
    found = [(s.label, one) for s in mine for one in list_hand_overs(study.interview(s.id))]
    destroyed = (one for one in list_destructions(study) if code in {one.code, *one.codes})
    found += [(given.label, given.hand_over) for one in destroyed for given in one.given_away]
    for label, one in found:
        yield label, one.to or "not named", one.purpose, one.at[:10], ", ".join(one.formats)
    labels = {summary.id: summary.label for summary in mine}
    for sent in list_sent_away(study, labels):
        yield labels[sent.interview], f"the study {sent.study}", "", sent.at[:10], "sealed copy"


def _list_names(summary: InterviewSummary, code: str) -> tuple[str, ...]:
    people = summary.about.participants if summary.about else ()
    return tuple(name for one in people if one.code == code for name in one.names)
