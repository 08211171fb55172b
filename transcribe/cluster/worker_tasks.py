"""The two functions that Dask calls on a worker; their arguments and results are sealed.

The courier names them and runs neither, so this module loads no engine. Nothing is raised here:
Dask would carry the exception, with its traceback and what it says, to the scheduler and its log.
"""

from __future__ import annotations

from typing import Protocol


class AnswersQuestions(Protocol):
    """What answers on this worker."""

    def introduce(self) -> bytes:
        """Return the encoded ``Introduction``."""
        ...

    def answer(self, question: bytes) -> bytes:
        """Answer a sealed question; b"" where it cannot be read."""
        ...


_answering: list[AnswersQuestions] = []  # one, as soon as the worker has it


def answer_with(answering: AnswersQuestions) -> None:
    """Have this answer on this worker from now on."""
    _answering[:] = [answering]


def introduce_worker() -> bytes:
    """Return this worker's introduction."""
    return _answering[0].introduce() if _answering else b""


def answer_question(question: bytes) -> bytes:
    """Answer a sealed question; b"" where it cannot be read."""
    return _answering[0].answer(question) if _answering else b""
