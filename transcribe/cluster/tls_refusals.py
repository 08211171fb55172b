"""Tell a certificate that is not accepted from a network that does not answer."""

from __future__ import annotations

import ssl
from collections.abc import Iterator


def is_refusal(problem: BaseException) -> bool:
    """Whether a connection failed because one side does not accept the other's certificate."""
    return any(isinstance(one, ssl.SSLError) or _is_about_tls(one) for one in _unwind(problem))


def _is_about_tls(problem: BaseException) -> bool:
    said = str(problem)  # of Dask, which turns some of ssl's errors into texts
    return "certificate" in said.lower() or "[SSL" in said or "TLSV1_ALERT" in said


def _unwind(problem: BaseException) -> Iterator[BaseException]:
    """Yield an exception and all that it came from."""
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [problem]
    while waiting:
        one = waiting.pop()
        if one is not None and one not in seen:
            seen.append(one)
            yield one
            waiting += [one.__cause__, one.__context__]
