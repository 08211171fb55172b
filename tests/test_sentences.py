"""Every sentence that people read on a screen, in a help or in a message, in one file to review.

``sentences.txt`` lists them by module. After a change that was meant, write it anew with
``EARSHOT_GOLDEN=write pytest -n0 tests/test_sentences.py``, and read what changed as somebody who
sees it for the first time.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).with_name("sentences.txt")
_READ = ("tui", "cli", "app", "study/errors")
_LABEL = re.compile(r"[A-Z][a-z]+|.*[A-Za-z]{2}.* .*|.* .*[A-Za-z]{2}.*", re.DOTALL)
_STYLES = re.compile(r"\{[^{}]*:[^{}]*;")
_LOOKS = r"(bold|reverse|italic|underline|\$\w+)"
_LOOK = re.compile(rf"{_LOOKS}( {_LOOKS})+")


def collect_sentences(source: str) -> list[str]:
    """Return the sentences and labels of a module in their order; ``{…}`` is what code puts in."""
    tree = ast.parse(source)
    skipped = set(_documentation(tree))
    found: list[str] = []
    _collect(tree, skipped, found)
    return found


_COUNTED = (
    "lines|turns|places|interviews|words|files|parts|times|mentions|people|names|passages|days"
    "|speakers|marks|copies|rows|folders|recordings|parcels|doubts|questions|participants"
)
_MANY = re.compile(
    rf"(?<!of )\{{…\}}\s+(?:(?!whose|of)\w+ )?(?:{_COUNTED})\b|(?<![\w.])1 (?:{_COUNTED})\b"
)
_PACKAGES = (*_READ, "study", "handoff", "anonymise", "transcribe", "capture")
# What is counted here is never one, or it is a limit, or the words are no count.
_NEVER_ONE = {
    "Keep it under {…} lines and {…} KB of text.",
    "Keep it under {…} lines: a model takes some 60 words and names.",
    "{…} recordings are joined in it; all of them were taken.",
    "how long they are valid (else {…} days)",
    "Certificates for {…} days. Copy each folder to where it belongs:",
    "All this took {…} s, and no network. {…} files are in",
    "give {…} to {…} people, or auto",
    "! {…} names that were entered stay as they were said, at {…}.",
    "holds more than {…} parts that are not of the copy",
    "{…} words",
    "the census of 2021 counts {…} people at work as “{…}”",
    "{…} questions rejected {…} times or more in other interviews",
    "{…} {…} times in a row",
    "{…} words in {…} s",
    "has {…} lines where {…} were once witnessed",
}


def list_plural_counts(source: str) -> list[str]:
    """Return the sentences that count things as many, though nothing chose between one and many."""
    found: list[str] = []

    def look(node: ast.AST) -> None:
        if isinstance(node, ast.IfExp):
            return
        if isinstance(node, ast.JoinedStr):
            parts = node.values
            text = "".join(str(p.value) if isinstance(p, ast.Constant) else "{…}" for p in parts)
            if _MANY.search(text):
                found.append(text)
        for child in ast.iter_child_nodes(node):
            look(child)

    look(ast.parse(source))
    return found


def _documentation(tree: ast.Module) -> Iterator[int]:
    """Yield the ids of the strings that no person reads: docstrings and bare strings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)


def _collect(node: ast.AST, skipped: set[int], found: list[str]) -> None:
    if isinstance(node, ast.JoinedStr):
        text = "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{…}" for part in node.values
        )
        _keep(text, found)
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                _collect(part.value, skipped, found)
        return
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and id(node) not in skipped:
            _keep(node.value, found)
        return
    for child in ast.iter_child_nodes(node):
        _collect(child, skipped, found)


def _keep(text: str, found: list[str]) -> None:
    if _LABEL.fullmatch(text) and not (_STYLES.search(text) or _LOOK.fullmatch(text)):
        found.append(text.replace("\n", "⏎"))


def _modules() -> list[Path]:
    found: list[Path] = []
    for place in _READ:
        path = ROOT / place
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return found


def write_sentences() -> str:
    """Return the sentences of all modules, each module under its name."""
    parts: list[str] = []
    for path in _modules():
        found = collect_sentences(path.read_text(encoding="utf-8"))
        if found:
            parts.append("\n".join([f"# {path.relative_to(ROOT).as_posix()}", *found, ""]))
    return "\n".join(parts)


def test_no_sentence_changes_without_being_seen_in_review() -> None:
    found = write_sentences()
    if os.environ.get("EARSHOT_GOLDEN") == "write":
        GOLDEN.write_text(found, encoding="utf-8")

    assert found.splitlines() == GOLDEN.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ('"""Not read by users."""\nsay("Nothing to do.")', ["Nothing to do."]),
        ('say(f"{n} turns " + ("left" if a else "of them left"))', ["{…} turns ", "of them left"]),
        ('Command("home.open", "enter", "Open", "Open it." " Now.")', ["Open", "Open it. Now."]),
        ('DEFAULT_CSS = "A { height: 1; }"\nx.say(("a", "bold $open"), "$done")', []),
        ('def f():\n    "No."\n    say("Line one\\nline two")', ["Line one⏎line two"]),
        ("say(f\"Kept: {'all of it' if a else b}\")", ["Kept: {…}", "all of it"]),
    ],
)
def test_sentences_are_found_and_code_is_not(source: str, told: list[str]) -> None:
    assert collect_sentences(source) == told


@pytest.mark.parametrize("package", _PACKAGES)
def test_no_sentence_says_one_of_what_it_calls_many(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))

    found = {text for file in files for text in list_plural_counts(file.read_text("utf-8"))}

    said = {text for text in found if not text.startswith("{…} files became one interview.")}
    assert said - _NEVER_ONE == set()
