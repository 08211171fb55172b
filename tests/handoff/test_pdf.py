"""PDF is laid out by LibreOffice, in a folder of the hand-over, from what the gate has read."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from handoff import export as room
from handoff import pdf_pages
from handoff.bundle import ExportOrder
from handoff.bundle_check import check_bundle
from handoff.export import export_interviews
from handoff.hand_overs import list_hand_overs
from handoff.pdf_pages import find_pdf_program, lay_out_pdf
from handoff.sign_off import sign_transcript
from study import ArtefactKind, TaskProgress, Transcript, Turn
from study.errors import DiskFull, OriginalSurvives, PdfFailed, PdfProgramMissing
from study.store import Study

# Stands in for LibreOffice: takes the same words on its command line and does what each test says.
_PROGRAM = """#!{python}
import os, sys
from pathlib import Path
word = Path(sys.argv[-1])
assert word.read_bytes().startswith(b"PK")
{what}
"""
_MAKES_ONE = """
seen = [os.environ["HOME"], os.environ["TMPDIR"], os.getcwd()]
assert len(set(seen)) == 1 and "EARSHOT_PASSPHRASE" not in os.environ
assert Path(seen[0]).as_uri() in sys.argv[1]
word.with_suffix(".pdf").write_bytes(b"%PDF-1.6 made of " + str(word.stat().st_size).encode())
"""
_HANGS = """
import subprocess, time
own = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
Path({told!r} + ".new").write_text(f"{{os.getpid()}} {{own.pid}}")
Path({told!r} + ".new").rename({told!r})
time.sleep(600)
"""

_LAYS_OUT = """
import sys
from pathlib import Path
from handoff.pdf_pages import lay_out_pdf
lay_out_pdf(sys.argv[1], b"PK", Path(sys.argv[2]))
"""

MakeProgram = Callable[[str], Path]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeProgram:
    """Return what puts a program in the place of LibreOffice."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(pdf_pages, "_ELSEWHERE", ())

    def make(what: str) -> Path:
        path = folder / "soffice"
        path.write_text(_PROGRAM.format(python=sys.executable, what=what))
        path.chmod(0o700)
        return path

    return make


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_a_pdf_file_is_part_of_the_bundle_and_of_its_list(
    study: Study,
    approved: str,
    tmp_path: Path,
    program: MakeProgram,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    program(_MAKES_ONE)
    monkeypatch.setenv("EARSHOT_PASSPHRASE", "not for others")
    told: list[TaskProgress] = []
    monkeypatch.chdir(tmp_path)
    place = Path(name)  # as somebody types it

    export_interviews(study, ExportOrder((approved,), ("pdf",)), place, report=told.append)

    assert check_bundle(place).findings == ()
    if place.is_dir():
        files = {one.name: one.read_bytes() for one in place.iterdir()}
    else:
        with zipfile.ZipFile(place) as archive:
            files = {Path(one).name: archive.read(one) for one in archive.namelist()}
    assert files["P07_i1.pdf"].startswith(b"%PDF-1.6 made of ")
    assert b"P07_i1.pdf" in files["README.txt"]
    assert not [one for one in files if one.endswith(".docx")]
    assert [one.formats for one in list_hand_overs(study.interview(approved))] == [("pdf",)]
    assert [(one.done, one.total) for one in told] == [(0, 1)]
    assert list(tmp_path.glob(".earshot-*")) == []


def test_where_libreoffice_is_missing_one_sentence_says_so_before_anything_is_written(
    study: Study, approved: str, tmp_path: Path, program: MakeProgram
) -> None:
    del program  # puts nothing there
    before = list(tmp_path.iterdir())

    with pytest.raises(PdfProgramMissing, match="LibreOffice, which is not installed"):
        export_interviews(study, ExportOrder((approved,), ("pdf",)), tmp_path / "out")

    assert list(tmp_path.iterdir()) == before
    assert list_hand_overs(study.interview(approved)) == []


@pytest.mark.parametrize(
    "what", ["sys.exit(1)", "pass", 'word.with_suffix(".pdf").write_bytes(b"<html>")']
)
def test_a_program_that_makes_no_pdf_leaves_nothing_behind(
    study: Study, approved: str, tmp_path: Path, program: MakeProgram, what: str
) -> None:
    program(what)
    before = list(tmp_path.iterdir())

    with pytest.raises(PdfFailed):
        export_interviews(study, ExportOrder((approved,), ("pdf",)), tmp_path / "out")

    assert list(tmp_path.iterdir()) == before
    assert list_hand_overs(study.interview(approved)) == []


def test_the_gate_reads_the_pages_before_they_are_laid_out(
    study: Study,
    approved: str,
    tmp_path: Path,
    program: MakeProgram,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program("raise SystemExit('never')")
    render = room.render_pages

    def with_an_original(*order: object) -> dict[str, bytes]:
        pages = render(*order)  # pyright: ignore[reportArgumentType] - as it is called
        (content,) = pages.values()
        changed = tmp_path / "changed.docx"
        changed.write_bytes(content)
        with zipfile.ZipFile(changed) as old:
            parts = {one: old.read(one) for one in old.namelist()}
        body = parts["word/document.xml"]
        parts["word/document.xml"] = body.replace(b"[Person 1]", b"Rose O'Neill")
        with zipfile.ZipFile(changed, "w") as new:
            for part, inside in parts.items():
                new.writestr(part, inside)
        return dict.fromkeys(pages, changed.read_bytes())

    monkeypatch.setattr(room, "render_pages", with_an_original)

    with pytest.raises(OriginalSurvives) as refused:
        export_interviews(study, ExportOrder((approved,), ("pdf",)), tmp_path / "out")

    assert "P07_i1.pdf" in " ".join(refused.value.where)


def test_a_program_that_hangs_is_ended_with_all_that_it_started(
    tmp_path: Path, program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    made = program(_HANGS.format(told=str(told)))
    monkeypatch.setattr(pdf_pages, "_LONGEST_S", 3.0)
    work = tmp_path / "work"
    work.mkdir()

    with pytest.raises(PdfFailed):
        lay_out_pdf(str(made), b"PK", work)

    started = [int(one) for one in told.read_text().split()]
    gone = [one for one in started if not psutil.pid_exists(one) or _is_ending(one)]
    assert gone == started
    assert list(work.iterdir()) == []


def test_what_it_started_ends_when_earshot_is_killed(tmp_path: Path, program: MakeProgram) -> None:
    """LibreOffice went on, and wrote into the hidden folder again after that was tidied up."""
    told, work = tmp_path / "told", tmp_path / "work"
    made = program(_HANGS.format(told=str(told)))
    work.mkdir()
    earshot = subprocess.Popen(
        [sys.executable, "-c", _LAYS_OUT, str(made), str(work)], env=os.environ
    )
    _wait_until(told.is_file)

    earshot.kill()
    earshot.wait()

    started = [int(one) for one in told.read_text().split()]
    assert [one for one in started if not _is_ending(one)] == []


@pytest.mark.parametrize(
    "makes",
    [
        """
Path("other").write_bytes(b"%PDF-1.6 other")
word.with_suffix(".pdf").symlink_to("other")
""",
        'word.with_suffix(".pdf").mkdir()',
    ],
)
def test_what_is_no_file_of_its_own_is_no_pdf(
    tmp_path: Path, program: MakeProgram, makes: str
) -> None:
    made = program(makes)
    work = tmp_path / "work"
    work.mkdir()

    with pytest.raises(PdfFailed):
        lay_out_pdf(str(made), b"PK", work)


def test_a_full_disk_is_told_as_one(
    tmp_path: Path, program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = program("sys.exit(1)")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setattr(pdf_pages, "_ROOM", 1 << 60)

    with pytest.raises(DiskFull):
        lay_out_pdf(str(made), b"PK", work)


def _wait_until(is_so: Callable[[], bool]) -> None:
    end_s = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end_s
        time.sleep(0.05)


def _is_ending(process: int) -> bool:
    try:
        psutil.Process(process).wait(60)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return False
    return True


@pytest.mark.parametrize("more", ["/Author(Rose)", "/EmbeddedFile", "/S/JavaScript", "/Launch"])
def test_a_pdf_that_holds_more_than_pages_is_refused(
    tmp_path: Path, program: MakeProgram, more: str
) -> None:
    made = program(f"word.with_suffix('.pdf').write_bytes(b'%PDF-1.6 <<{more}>>')")
    work = tmp_path / "work"
    work.mkdir()

    with pytest.raises(PdfFailed):
        lay_out_pdf(str(made), b"PK", work)


def test_an_export_with_pdf_renders_its_files_once_and_checks_the_words_before_they_are_laid_out(
    study: Study,
    approved: str,
    tmp_path: Path,
    program: MakeProgram,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It rendered every file twice, and the gate read every file twice."""
    program(_MAKES_ONE)
    done: list[str] = []
    render, look, lay = room.render_bundle, room.check_hand_over, room.lay_out_pdf

    def count(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - whatever it takes
            seen = sorted(arguments[1]) if name == "look" else []
            done.append(f"{name} {seen[0]}" if seen else name)
            return real(*arguments, **more)

        return call

    monkeypatch.setattr(room, "render_bundle", count("render", render))
    monkeypatch.setattr(room, "check_hand_over", count("look", look))
    monkeypatch.setattr(room, "lay_out_pdf", count("lay out", lay))
    export_interviews(study, ExportOrder((approved,), ("pdf", "txt")), tmp_path / "out")

    assert done == ["look P07_i1.pdf.docx", "lay out", "render", "look P07_i1.pdf"]


_BESIDE = re.compile(r"P07_i1, anonymised\. Exported [\d-]+|Page \d+ of \d+|\d*")  # of each page
_UNLIKE = "Fi\ufb01rst, the caf\u00e9 \u2014 office, fluff, \u00bd a mile, and \u201cwords\u201d. "


@pytest.mark.slow
@pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext"))
    or not os.environ.get("EARSHOT_THOROUGH"),
    reason="LibreOffice or pdftotext is not installed, or EARSHOT_THOROUGH is not set",
)
@pytest.mark.parametrize("numbered", [False, True])
def test_every_turn_is_read_back_from_a_pdf_in_order_and_nothing_that_was_replaced(
    study: Study, approved: str, tmp_path: Path, *, numbered: bool
) -> None:
    interview = study.interview(approved)
    clean = interview.read_artefact(ArtefactKind.CLEAN, Transcript)
    assert clean is not None
    more = tuple(
        Turn(key, "P07", key * 5.0, key * 5.0 + 4.0, f"{_UNLIKE}{'so it went on ' * (key % 40)}")
        for key in range(3, 300)
    )
    with interview.change("made for a test") as change:
        change.write_artefact(ArtefactKind.CLEAN, replace(clean, turns=(*clean.turns, *more)))
    sign_transcript(interview)
    order = ExportOrder((approved,), ("pdf", "txt"), line_numbers=numbered)
    export_interviews(study, order, tmp_path / "out")

    read = subprocess.run(
        ["pdftotext", "-raw", str(tmp_path / "out" / "P07_i1.pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout
    shown = [line for line in read.splitlines() if not _BESIDE.fullmatch(line.strip())]
    made = "".join(_letters(" ".join(shown)))
    at = 0
    said = (tmp_path / "out" / "P07_i1.txt").read_text(encoding="utf-8")
    for paragraph in said.split("\n\n"):
        words = "".join(_letters(paragraph))
        at = made.index(words, at) + len(words)
    for gone in ("O'Neill", "900418", "07700", "Margaret", "Wilson", "Skipton"):
        assert gone not in read
    rest = "".join(_letters("".join(shown[:3]) + said))
    assert len(made) <= len(rest)


def _letters(text: str) -> list[str]:
    """Return the letters of a text, without the numbers of lines and pages."""
    return re.findall(r"[^\W\d_]", unicodedata.normalize("NFKC", text))


@pytest.mark.slow
@pytest.mark.skipif(
    not (shutil.which("soffice") and os.environ.get("EARSHOT_THOROUGH")),
    reason="LibreOffice is not installed, or EARSHOT_THOROUGH is not set",
)
def test_libreoffice_itself_lays_every_word_out(
    study: Study, approved: str, tmp_path: Path
) -> None:
    """In a folder whose path is longer than a socket's name may be."""
    place = tmp_path / ("a long way to go " * 5) / ("and some more letters " * 4) / "out"
    place.parent.mkdir(parents=True)

    export_interviews(study, ExportOrder((approved,), ("pdf", "txt")), place)

    assert find_pdf_program()
    pdf = place / "P07_i1.pdf"
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "[Person 1] did. My number is [Phone number 1]." in text
    about = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True)
    assert "Tagged:          yes" in about.stdout
    assert [line for line in about.stdout.splitlines() if line.startswith("Author")] == []
