"""Transcripts as PDF: LibreOffice lays out the Word files for paper, where it is installed.

It works in a folder of the hand-over, with a profile and temporary files of its own there, so that
no words are left elsewhere; and it sees neither passphrases nor the person's own settings.

The words of a PDF are not read back: it is made of a Word file that the gate has read, and nothing
else is there to be put in. Reading them needs another program, and a gate that looks on some
computers alone promises nothing. So a test reads every turn back, and a PDF is refused here that
holds what its pages do not show: an author, an attachment, a script.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from study.errors import DiskFull, PdfFailed, PdfProgramMissing
from study.store import OWN_GROUP, PRIVATE_FOLDER, build_worker_environment, map_os_errors

_NAMES = ("soffice", "libreoffice")
# Where its installers put it without telling the shell.
_ELSEWHERE = (
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
    Path("C:/Program Files/LibreOffice/program/soffice.com"),
)
# Tagged, so that a screen reader finds paragraphs and headings.
_FILTER = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
_WORD_FILE, _PDF_FILE = "transcript.docx", "transcript.pdf"
# Of what LibreOffice could add to pages; it writes such names in the clear.
_NOT_PAGES = (b"/Author", b"/EmbeddedFile", b"/JavaScript", b"/Launch")
_LARGEST = 500_000_000  # bytes; a day of talk has 5 million
_ROOM = 30_000_000  # bytes that its profile and its files take
_LONGEST_S = 600.0  # three hours of talk take 15 s


def find_pdf_program() -> str:
    """Return the path of LibreOffice.

    Raises:
        PdfProgramMissing: it is not installed.
    """
    found = [shutil.which(name) for name in _NAMES]
    found += [str(path) for path in _ELSEWHERE if path.is_file()]
    for path in found:
        if path:
            return path
    raise PdfProgramMissing


def lay_out_pdf(program: str, document: bytes, folder: Path) -> bytes:
    """Return a Word file as PDF.

    program: LibreOffice. folder: where it may work; what it writes there is gone at the end.

    Raises:
        PdfFailed: it made none, or took too long.
        DiskFull, StudyUnwritable, DiskFailed: the folder cannot be written.
    """
    work = folder.absolute() / "pdf"  # it is entered, and then a relative path leads elsewhere
    try:
        with map_os_errors():
            work.mkdir(mode=PRIVATE_FOLDER)
            (work / _WORD_FILE).write_bytes(document)
        try:
            _run(program, work)
            content = _read(work / _PDF_FILE)
        except PdfFailed:
            if shutil.disk_usage(work).free < _ROOM:
                raise DiskFull from None
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return content


def _read(made: Path) -> bytes:
    """Return what was made, where that is a file of its own and no link to another one."""
    with map_os_errors():
        is_file = made.is_file() and not made.is_symlink() and made.stat().st_size < _LARGEST
        content = made.read_bytes() if is_file else b""
    if not content.startswith(b"%PDF-") or any(mark in content for mark in _NOT_PAGES):
        raise PdfFailed
    return content


def _run(program: str, work: Path) -> None:
    around = {**build_worker_environment(), "HOME": str(work)}
    around |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(work))  # of POSIX, of Windows
    try:
        process = subprocess.Popen(
            [
                *(sys.executable, "-P", "-B", "-m", "handoff.pdf_process"),
                *(program, f"-env:UserInstallation={(work / 'profile').as_uri()}"),
                *("--headless", "--norestore", "--convert-to", _FILTER, _WORD_FILE),
            ],
            cwd=work,
            env=around,
            stdin=subprocess.PIPE,  # closed when Earshot ends, however it ends
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=OWN_GROUP,
            start_new_session=True,  # Ctrl+C is ours to handle
        )
    except OSError as refused:
        raise PdfFailed from refused
    try:
        process.wait(_LONGEST_S)
    except subprocess.TimeoutExpired as hung:
        raise PdfFailed from hung
    finally:
        assert process.stdin is not None
        process.stdin.close()  # it ends what it has started
        process.wait()
