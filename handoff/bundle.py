"""What one hand-over holds: files in the formats that were asked for, and proof of what they are.

The README is for the receiver, ``methods.txt`` for their paper, ``manifest.json`` for whoever asks
later. ``SHA256SUMS`` lists every file, the manifest too, so that its own hash stands for the whole.
Whoever has the files can make such a list: only the fingerprint in the study says whose they are.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from handoff.formats import BY_NAME, FORMATS, Options
from handoff.material import Material, read
from handoff.methods import Done, methods
from study import corrected, decided, signed, trail
from study.artefacts import Kind
from study.edits import Act, Edit
from study.steps import PROGRAM
from study.store import Study
from study.terms import Coverage, Mentions, Provenance, SignOff
from study.verify import MANIFEST

README, METHODS, PROOF = "README.txt", "methods.txt", "manifest.json"
_OF_WORDS = (Act.TEXT, Act.REMOVE, Act.REPLACE)  # edits that change what is written as said
_WRITTEN = ("text", "pauses_from_s")  # how much of what was heard is written
ALL = tuple(one.name for one in FORMATS if not one.is_asked_for)


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asked to be handed over, and to whom. Texts are as they were typed.

    sound: "flac" or "opus", "" for none; silent: covered by silence, not by a tone.
    """

    interviews: tuple[str, ...]
    formats: tuple[str, ...] = ALL
    to_whom: str = ""
    purpose: str = ""
    topics: bool = False
    sound: str = ""
    silent: bool = False


class _Interview(msgspec.Struct, frozen=True):
    label: str
    sign_off: SignOff | None
    transcribed_by: Provenance | None
    names_found_by: Provenance | None
    written: dict[str, str | int | float | bool | None]
    coverage: Coverage | None
    replaced: dict[str, int]
    kept: int


class Manifest(msgspec.Struct, frozen=True):
    """What a bundle says of itself. ``files`` are SHA-256 by name, but for the last two files."""

    program: str
    made_on: str
    to: str
    purpose: str
    formats: tuple[str, ...]
    options: dict[str, bool | str]
    audit_trail_head: str
    interviews: tuple[_Interview, ...]
    files: dict[str, str]


def render(
    study: Study, order: Order, on: date, sound: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """Return the files of a hand-over, by name. Identical input gives identical bytes.

    on: the day of the hand-over; no other day stands in any file but that of the sign-off.
    sound: SHA-256 by name of files with sound that lie beside these.

    Raises:
        StepMissing: an interview has no clean transcript.
    """
    materials = [read(study, interview, on) for interview in order.interviews]
    done = [_done(study, material) for material in materials]
    options = Options(topics=order.topics, sound=order.sound if sound else "")
    files: dict[str, bytes] = {}
    for name in order.formats:
        files |= BY_NAME[name].made(materials, options)
    files[METHODS] = f"{methods(done)}\n".encode()
    files[README] = _readme(order, materials, done)
    beside = dict(sound or {})
    files[PROOF] = _manifest(study, order, on, _told(materials, done), digests(files) | beside)
    return files | {MANIFEST: sums(digests(files) | beside)}


def sums(by_name: Mapping[str, str]) -> bytes:
    """Return the list of checksums as ``sha256sum`` takes it, in the order of the names."""
    return "".join(f"{by_name[name]}  {name}\n" for name in sorted(by_name)).encode()


def digests(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return SHA-256 by name."""
    return {name: sha256(content) for name, content in files.items()}


def sha256(content: bytes) -> str:
    """Return a hash in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _done(study: Study, material: Material) -> Done:
    interview = material.interview
    source = decided.newest(study, interview)
    mentions = study.get(interview, Kind.MENTIONS, Mentions)
    found = signed.read(study, interview)
    edits = corrected.standing(study, interview)
    nobody = Provenance("", "")
    heard = source.transcript.recognition if source else None
    return Done(
        sound_s=study.find(interview).sound_s,
        recorded=_recorded(study, interview),
        transcript=source.transcript.provenance if source else nobody,
        search=mentions.provenance if mentions else nobody,
        coverage=material.clean.coverage,
        corrected=_turns(edits, _OF_WORDS),
        listened=_turns(edits, (Act.CHECKED,)),
        is_draft=heard is not None and heard.is_draft,
        log=material.log,
        sign_off=found.sign_off if found and found.is_valid else None,
    )


def _turns(edits: Sequence[Edit], acts: Collection[str]) -> int:
    """Count the turns that these kinds of edit touched."""
    return len({key for edit in edits if edit.act in acts for key in edit.touched})


def _recorded(study: Study, interview: str) -> str:
    """Say where its sound comes from: what was imported has an origin, and a recording none."""
    if not study.version(interview, Kind.ORIGIN):
        return "with Earshot"
    return "" if study.version(interview, Kind.SETTING) else "elsewhere"


def _told(materials: Sequence[Material], done: Sequence[Done]) -> tuple[_Interview, ...]:
    return tuple(
        _Interview(
            label=material.label,
            sign_off=one.sign_off,
            transcribed_by=one.transcript,
            names_found_by=one.search,
            written={name: material.clean.provenance.options.get(name) for name in _WRITTEN},
            coverage=one.coverage,
            replaced=dict(
                sorted(Counter(x.category.value for x in one.log if x.replacement).items())
            ),
            kept=sum(not x.replacement for x in one.log),
        )
        for material, one in zip(materials, done, strict=True)
    )


def _manifest(
    study: Study,
    order: Order,
    on: date,
    interviews: tuple[_Interview, ...],
    by_name: Mapping[str, str],
) -> bytes:
    manifest = Manifest(
        program=PROGRAM,
        made_on=on.isoformat(),
        to=order.to_whom,
        purpose=order.purpose,
        formats=order.formats,
        options={"topics": order.topics, "sound": order.sound, "silent": order.silent},
        audit_trail_head=str(trail.head(study.db)),
        interviews=interviews,
        files={name: by_name[name] for name in sorted(by_name)},
    )
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


_ABOUT_FILES = {
    "txt": ("LABEL.txt", "the transcript; every reading and analysis program takes it"),
    "docx": ("LABEL.docx", "Word: topics are headings 1, speakers headings 2"),
    "docx-table": ("LABEL-table.docx", "Word: the table that NVivo imports as a transcript"),
    "vtt": ("LABEL.vtt", "subtitles; Taguette and players take them"),
    "srt": ("LABEL.srt", "subtitles; MAXQDA, QualCoder and players take them"),
    "html": ("LABEL.html", "a bare page; Taguette and browsers take it"),
    "maxqda": ("LABEL-maxqda.txt", "for MAXQDA: import it as a transcript with time stamps"),
    "f4": ("LABEL-f4.txt", "times as the program f4 writes them"),
    "json": ("LABEL.json", "for scripts; transcript.schema.json describes it"),
    "qdpx": ("project.qdpx", "REFI-QDA: texts, cases and attributes as one project"),
    "cases": ("cases.csv, .xlsx", "the cases and what may be said of them"),
    "participant": ("LABEL-for-CODE", "a copy for each participant: Word, and a page to print"),
    "log": ("LABEL-log.csv", "what was replaced, by which decision; it holds no original"),
}
_PROOFS = (
    (METHODS, "what the study shows for a methods section, with the figures"),
    (PROOF, "what made each transcript and its list of details, and which sign-offs stand"),
    (
        MANIFEST,
        "the list of checksums: sha256sum -c SHA256SUMS, or earshot verify FOLDER",
    ),
)

_README = """\
These files hold {what}, anonymised with Earshot{signed}.

{about}

How to read it
A text in [brackets] stands for something that could identify somebody; Earshot proposes the same
for one person, place or number throughout. While a key is kept in the study, the data is
pseudonymised, not anonymous: treat it as personal data.{marks}

How to check it
"earshot verify FOLDER" says whether the files fit their own list; who made it is not proved.
Ask the sender for the fingerprint, and compare it with the one that it prints.

How to import it
Taguette, qualitative-coding: Earshot's tests import such files into them.
QualCoder, NVivo, MAXQDA, ATLAS.ti: made by what is known of their imports, and not tried by us.
QualCoder unpacks a project beside it, in clear: import from an encrypted disk, and delete the
folder that ends in _temporary if it is left behind.
In pandas: pandas.DataFrame(json.load(open("LABEL.json", encoding="utf-8"))["turns"])

Do not try to find out who somebody is. Tell the sender if you recognise anybody.
"""


def _readme(order: Order, materials: Sequence[Material], done: Sequence[Done]) -> bytes:
    labels = [material.label for material in materials]
    is_one = len(labels) == 1
    every = [*(_ABOUT_FILES[name] for name in order.formats), *_PROOFS]
    if order.sound:
        how = "silence" if order.silent else "a tone"
        every.append((f"LABEL.{order.sound}", f"the sound; {how} covers what was replaced"))
    named = [(name.replace("LABEL", labels[0]) if is_one else name, what) for name, what in every]
    wide = max(len(name) for name, _ in named)
    text = _README.format(
        what="one interview" if is_one else f"{len(labels)} interviews",
        signed=" and signed off" if all(one.sign_off for one in done) else "",
        about="\n".join(f"{name:{wide}}  {what}" for name, what in named),
        marks="".join(f"\n{line}" for line in _marks(materials, done)),
    )
    text = text.replace("LABEL", labels[0] if is_one else "LABEL")
    return (text if is_one else f"{text}\nLABEL stands for: {', '.join(labels)}\n").encode()


def _marks(materials: Sequence[Material], done: Sequence[Done]) -> Iterator[str]:
    """Explain the signs that stand in these transcripts; times only where there is sound."""
    between = [line for one in materials for line in one.lines if not line.speaker]
    if any(line.is_topic for line in between):
        yield '"Topic:" is a heading of the interviewer\'s guide.'
    if any(not line.is_topic for line in between):
        yield "A line (in round brackets) says what happened; (4 s) is a silence."
    if any(one.sound_s for one in done):
        yield "Times count the sound that was kept: what was not recorded takes none."
