"""The README of a hand-over: for whoever receives it, and of no file that is not in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from handoff.formats import PROJECT_FILE, REPORT_FORMAT
from study.store import MANIFEST_NAME, SIGNATURE_NAME

README_FILE, METHODS_FILE, MANIFEST_FILE = "README.txt", "methods.txt", "manifest.json"
CONSENT_FILE, DATA_LIST_FILE = "consent.csv", "data-list.csv"
ARCHIVE_README_FILE = "README-archive.txt"
_TEXT_PROJECT = "project-text.qdpx"

ABOUT_FILES = {
    "txt": ("LABEL.txt", "the transcript; every reading and analysis program takes it"),
    "docx": ("LABEL.docx", "Word: topics are headings 1, speakers headings 2"),
    "docx-compact": ("LABEL-compact.docx", "Word for paper: a paragraph for each turn"),
    "pdf": ("LABEL.pdf", "PDF for print: a paragraph for each turn"),
    "rtf": ("LABEL.rtf", "RTF: a paragraph for each turn"),
    "odt": ("LABEL.odt", "OpenDocument text: a paragraph for each turn"),
    "docx-table": ("LABEL-table.docx", "Word: the table that NVivo imports as a transcript"),
    "vtt": ("LABEL.vtt", "subtitles; Taguette and players take them"),
    "srt": ("LABEL.srt", "subtitles; MAXQDA, QualCoder and players take them"),
    "html": ("LABEL.html", "a bare page; Taguette and browsers take it"),
    "maxqda": ("LABEL-maxqda.txt", "for MAXQDA: import it as a transcript with time stamps"),
    "f4": ("LABEL-f4.txt", "times as the program f4 writes them"),
    "json": ("LABEL.json", "for scripts; transcript.schema.json describes it"),
    "qdpx": ("project.qdpx", "REFI-QDA: texts, cases and attributes as one project"),
    "turns": (
        "turns-utf8.csv, turns-excel.csv, turns.xlsx",
        "every turn as a row: the first for R and pandas, the others for spreadsheets",
    ),
    "words": ("LABEL-words.json", "every word with its time; words.schema.json describes it"),
    "eaf": ("LABEL.eaf", "for ELAN: turns, words and events as tiers"),
    "textgrid": ("LABEL.TextGrid", "for Praat: the same tiers"),
    "exb": ("LABEL.exb", "for EXMARaLDA: the same tiers"),
    "chat": ("LABEL.cha", "for CLAN: CHAT, an utterance for each sentence"),
    "cases": ("cases.csv, .xlsx", "the cases and what may be said of them"),
    "participant": ("LABEL-for-CODE", "a copy for each participant: Word, and a page to print"),
    "report": ("report.html", "figures on people, talk, topics and the work, to read or print"),
    "archive": ("LABEL-archive.txt", "the transcript under a header, for the archive"),
    "log": (
        "LABEL-log.csv",
        "what was replaced, by whom (manifest.json names them); it holds no original",
    ),
}
_PROOFS = (
    (METHODS_FILE, "what the study shows for a methods section, with the figures"),
    (MANIFEST_FILE, "what made each transcript and its list of details, and which sign-offs stand"),
    (
        MANIFEST_NAME,
        "the list of checksums: sha256sum -c SHA256SUMS, or earshot verify FOLDER",
    ),
    (SIGNATURE_NAME, "the signature of that list by who handed it over, in OpenSSH's format"),
)

_FOR_ARCHIVE = (
    (CONSENT_FILE, "what each participant agreed to, by code"),
    (ARCHIVE_README_FILE, "for the archive: the study, the access level, what was withheld"),
    (DATA_LIST_FILE, "for the archive: every other file, with its interview and its SHA-256"),
)

_WORDLESS = frozenset({REPORT_FORMAT, "cases", "log"})  # they hold no turn of anybody
# Which programs take which formats, with what we know of it.
_TRIED = "Earshot's tests import such files into"
_KNOWN = "made by what is known of their imports, and not tried by us"
_IMPORTED = (("Taguette", ("html", "vtt")), ("qualitative-coding", ("qdpx",)))
_BELIEVED = (
    ("NVivo", ("docx", "docx-table", "cases", "qdpx")),
    ("MAXQDA", ("maxqda", "f4", "srt", "cases", "qdpx")),
    ("ATLAS.ti", ("docx", "txt", "f4", "qdpx")),
)
_QUALCODER = """\
QualCoder: its importer and its window read such projects, with sound and without.
QualCoder unpacks a project beside it, in clear: import from an encrypted disk, and delete the
folder that ends in _temporary if it is left behind."""
_PANDAS = 'In pandas: pandas.DataFrame(json.load(open("LABEL.json", encoding="utf-8"))["turns"])'
_BRACKETS = """\
A text in [brackets] stands for something that could identify somebody. Earshot proposes the same
for one name or number throughout; somebody who is named in several ways may have several. \
"""
_BARE = """\
{count} here without brackets: other words that a person chose stand there. \
"""
_SIGNED = """\
"earshot verify FOLDER" says whether the files fit their own list; who made it is not proved.
For that, ask the sender for the fingerprint of their signing key, by another way than these files
came, and add it: earshot verify FOLDER --key "FINGERPRINT". Without Earshot:
  sha256sum -c SHA256SUMS
  ssh-keygen -Y check-novalidate -n earshot -s SHA256SUMS.sig < SHA256SUMS
The second tells the fingerprint of the key that signed the list: compare it with the sender's."""
_UNSIGNED = """\
"earshot verify FOLDER" says whether the files fit their own list; who made it is not proved.
Without Earshot: sha256sum -c SHA256SUMS"""
_README = """\
These files hold {what}, anonymised with Earshot{signed}.

{about}

How to read it
{brackets}While a key is kept in the study, the data is
pseudonymised, not anonymous: treat it as personal data.{marks}

How to check it
{check}
{importing}
Do not try to find out who somebody is. Tell the sender if you recognise anybody.
"""


def render_readme(
    names: Collection[str],
    labels: Sequence[str],
    *,
    sound: str,
    covered: str,
    is_sound_inside: bool,
    is_signed_off: bool,
    signs: Sequence[str],
    typed: int = 0,
) -> bytes:
    """Return the README of a hand-over.

    names: of its other files. labels: of its interviews. sound: "flac" or "opus", "" for none.
    covered: what covers it. is_sound_inside: it is in the project. signs: sentences on the signs in
    the transcripts. typed: how many details were replaced with words without brackets.
    """
    is_one = len(labels) == 1
    there = frozenset(
        form for form, (name, _) in ABOUT_FILES.items() if _list_named(name, names, labels)
    )
    every = list(_describe_files(names, labels, sound, covered, is_sound_inside=is_sound_inside))
    wide = max(len(name) for name, _ in every)
    has_words = not _WORDLESS.issuperset(there)
    importing = "\n".join(_list_programs(there))
    bare = "One detail is" if typed == 1 else f"{typed} details are"
    brackets = _BRACKETS + (_BARE.format(count=bare) if typed else "")
    text = _README.format(
        what="one interview" if is_one else f"{len(labels)} interviews",
        signed=" and signed off" if is_signed_off else "",
        about="\n".join(f"{name:{wide}}  {what}" for name, what in every),
        brackets=brackets if has_words else "",
        marks="".join(f"\n{line}" for line in signs) if has_words else "",
        check=_SIGNED if SIGNATURE_NAME in names else _UNSIGNED,
        importing=f"\nHow to import it\n{importing}\n" if importing else "",
    )
    if is_one:
        return text.replace("LABEL", labels[0]).encode()
    named = f"\nLABEL stands for: {', '.join(labels)}\n" if "LABEL" in text else ""
    return f"{text}{named}".encode()


def _describe_files(
    names: Collection[str],
    labels: Sequence[str],
    sound: str,
    covered: str,
    *,
    is_sound_inside: bool,
) -> Iterator[tuple[str, str]]:
    """Yield what each file is, of those that are there; LABEL stands for several interviews."""
    told = [*ABOUT_FILES.values(), *_PROOFS, *_FOR_ARCHIVE]
    if sound and not is_sound_inside:
        told.append((f"LABEL.{sound}", f"the sound; {covered} covers what was replaced"))
    told.append((_TEXT_PROJECT, "the project for programs that read text alone"))
    for pattern, what in told:
        having = _list_named(pattern, names, labels)
        if not having:
            continue
        told_what = what
        if pattern == PROJECT_FILE and is_sound_inside:
            told_what += f", with the sound inside; {covered} covers what was replaced"
        if "LABEL" in pattern and len(having) < len(labels):
            told_what += "; a transcript without times has none"
        yield pattern.replace("LABEL", labels[0]) if len(labels) == 1 else pattern, told_what


def _list_named(pattern: str, names: Collection[str], labels: Sequence[str]) -> list[str]:
    """Return the labels whose files of this name are there; the first name tells of several."""
    first = pattern.partition(",")[0].removesuffix("CODE")
    is_begun = pattern.endswith("CODE")  # of copies, which are Word files and pages
    found: list[str] = []
    for label in labels:
        name = first.replace("LABEL", label)
        if name in names or (is_begun and any(one.startswith(name) for one in names)):
            found.append(label)
    return found


def _list_programs(there: frozenset[str]) -> Iterator[str]:
    """Yield what is known of the programs that import these formats."""
    tried = [name for name, forms in _IMPORTED if not there.isdisjoint(forms)]
    if tried:
        yield f"{', '.join(tried)}: {_TRIED} {'it' if len(tried) == 1 else 'them'}."
    if "qdpx" in there:
        yield _QUALCODER
    if believed := [name for name, forms in _BELIEVED if not there.isdisjoint(forms)]:
        yield f"{', '.join(believed)}: {_KNOWN}."
    if "json" in there:
        yield _PANDAS
