"""What was on a device that is lost, for the decision within 72 hours.

Made from the study itself or a copy of it, because the device is gone. It holds codes, labels,
lengths and names of staff, and no participant's words or name.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.clear_files import ClearFiles, list_clear_files
from app.data_flow_sheet import list_access
from app.disk_encryption import detect_disk_encryption
from app.labels import format_count
from handoff import PrintedTable, list_hand_overs, render_printed_sheet
from study import format_clock, list_others
from study.store import Study

_SEALED = (
    "The study is sealed (AES-256-GCM). Without a passphrase or the recovery code nobody reads its"
    " sound, words, names or codes. Random ids, states, counts, lengths, times and the names of"
    " staff can be read."
)
_PASSPHRASES = (
    "A passphrase is stretched with Argon2id. Whoever knows one, or finds it beside the device,"
    " opens what its role opens: let everybody change theirs in the copies that are left, and make"
    " a new recovery code."
)


def render_device_loss_report(study: Study) -> bytes:
    """Return the report, in HTML; it says how old the copy is that it is made from.

    Raises:
        KeyNotHeld: the passphrase in use does not open labels and hand-overs.
        StudyDamaged: something is not what was written.
    """
    clear = list_clear_files(study)
    rows = [
        (
            s.label,
            ", ".join(list_others(s.about.participants) if s.about else []),
            format_clock(s.sound_s),
            s.state.value,
            str(len(list_hand_overs(study.interview(s.id)))),
        )
        for s in study.summaries()
    ]
    head = ("interview", "who", "sound", "state", "hand-overs")
    tables = [
        PrintedTable("Interviews on it", head, rows),
        PrintedTable("Who can open it", ("name", "role", "opens"), list_access(study)),
        PrintedTable(
            "Not sealed in the study's folder",
            ("where", "what", "files"),
            [(one.place, one.kind, str(one.count)) for one in clear],
        ),
    ]
    notes = list(_list_notes(study, clear))
    return render_printed_sheet("A device with this study is lost", notes, tables)


def _list_notes(study: Study, clear: list[ClearFiles]) -> Iterator[str]:
    lines, head = study.read_trail()
    who = study.slot_names().get(lines[-1].slot, "?")
    yield f"As of {study.now()}, from the copy of the study whose audit trail ends at {head}."
    yield "What was done on the lost device after that is not in it."
    yield f"Last change in this copy: {lines[-1].at}, {lines[-1].verb}, by {who}."
    yield _SEALED
    yield _PASSPHRASES
    told = "yes" if detect_disk_encryption(study.folder) else "this cannot be seen from here"
    yield f"Whether the whole disk under this copy is encrypted: {told}."
    yield "Whether the lost one was, and whether it was locked (fill in): ____________"
    if clear:
        count = format_count(sum(one.count for one in clear), "file is", "files are")
        yield f"{count} not sealed in the study's folder, and open to anybody: see the last table."
        if sound := sum(one.count for one in clear if one.has_sound):
            yield f"Voices can be heard in {format_count(sound, 'file')} of these."
    else:
        yield "Every file that lies in the folder of this copy is sealed."
    yield "What else was on the lost device (fill in): ____________"
