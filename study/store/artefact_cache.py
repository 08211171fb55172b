"""A cache of the long artefacts of one interview, so that none is decoded twice.

A version of an artefact never changes and entries are only appended, so the cache cannot go out of
date; only after a change was rolled back must it be cleared.
"""

from __future__ import annotations

from study.artefact_kinds import ArtefactKind

_LONG = frozenset({ArtefactKind.RAW, ArtefactKind.CORRECTED, ArtefactKind.MENTIONS})


class ArtefactCache:
    """The long artefacts of the interview that was read last, and their entries."""

    def __init__(self) -> None:
        self._interview = ""
        self._artefacts: dict[tuple[ArtefactKind, int], object] = {}
        self._entries: dict[tuple[ArtefactKind, int], list[object]] = {}

    def get_artefact(self, interview: str, kind: ArtefactKind, version: int) -> object | None:
        """Return a cached version, None where there is none."""
        return self._artefacts.get((kind, version)) if interview == self._interview else None

    def get_entries(self, interview: str, kind: ArtefactKind, version: int) -> list[object]:
        """Return the cached entries of a version, from the first on."""
        return self._entries.get((kind, version), []) if interview == self._interview else []

    def put_artefact(
        self, interview: str, kind: ArtefactKind, version: int, content: object
    ) -> None:
        """Cache an artefact; of each kind one version stays, the last that was put."""
        if kind in _LONG:
            self._switch_to(interview)
            for known in [k for k in self._artefacts if k[0] is kind]:
                del self._artefacts[known]
            self._artefacts[kind, version] = content

    def put_entries(
        self, interview: str, kind: ArtefactKind, version: int, entries: list[object]
    ) -> None:
        """Cache all entries of a version."""
        if kind in _LONG:
            self._switch_to(interview)
            for known in [k for k in self._entries if k[0] is kind and k[1] != version]:
                del self._entries[known]
            self._entries[kind, version] = entries

    def clear(self) -> None:
        """Empty the cache: it may hold content of a change that was rolled back."""
        self._interview = ""
        self._artefacts.clear()
        self._entries.clear()

    def _switch_to(self, interview: str) -> None:
        if interview != self._interview:
            self.clear()
            self._interview = interview
