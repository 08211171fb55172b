"""What was read last of an interview, so that nobody reads a long one twice.

A version of an artefact never changes and entries are only appended, so what was read once still
holds; only a change that did not come about has to be forgotten. It keeps one interview.
"""

from __future__ import annotations

from study.artefacts import Kind

_LONG = frozenset({Kind.RAW, Kind.CORRECTED, Kind.MENTIONS})


class Recent:
    """The long artefacts of the interview that was read last, and their entries."""

    def __init__(self) -> None:
        self._interview = ""
        self._artefacts: dict[tuple[Kind, int], object] = {}
        self._entries: dict[tuple[Kind, int], list[object]] = {}

    def artefact(self, interview: str, kind: Kind, version: int) -> object | None:
        """Return a version that was read before, None where it was not."""
        return self._artefacts.get((kind, version)) if interview == self._interview else None

    def entries(self, interview: str, kind: Kind, version: int) -> list[object]:
        """Return the entries that were read before, from the first on."""
        return self._entries.get((kind, version), []) if interview == self._interview else []

    def keep(self, interview: str, kind: Kind, version: int, content: object) -> None:
        """Keep what was read; of each kind the newest version alone."""
        if kind in _LONG:
            self._turn_to(interview)
            for known in [k for k in self._artefacts if k[0] is kind]:
                del self._artefacts[known]
            self._artefacts[kind, version] = content

    def keep_entries(self, interview: str, kind: Kind, version: int, entries: list[object]) -> None:
        """Keep all entries of a version."""
        if kind in _LONG:
            self._turn_to(interview)
            for known in [k for k in self._entries if k[0] is kind and k[1] != version]:
                del self._entries[known]
            self._entries[kind, version] = entries

    def forget(self) -> None:
        """Keep nothing: what was read may not have come about."""
        self._interview = ""
        self._artefacts.clear()
        self._entries.clear()

    def _turn_to(self, interview: str) -> None:
        if interview != self._interview:
            self.forget()
            self._interview = interview
