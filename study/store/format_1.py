"""Reading rows of format 1 as the records of today.

Format 1 stored references as texts among a provenance's options and as bare numbers beside a row.
Its rows stay as they are, because the trail and the sign-offs hold their hashes; only this module
reads them. Nothing is written in this format any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar, cast

import msgspec

from study.artefact_facts import (
    DecisionFacts,
    Facts,
    HandOverFacts,
    MentionsFacts,
    PseudonymFacts,
    ReviewFacts,
    SignOffFacts,
    TranscriptFacts,
)
from study.artefact_kinds import ArtefactKind
from study.records import Finder, Layout, Mention, Mentions, Provenance, Recognition, Transcript
from study.references import (
    CleanBasis,
    DecisionsRef,
    ReviewBasis,
    SignOffBasis,
    TranscriptRef,
)

T = TypeVar("T")
_Counts = dict[str, int | float]
_Options = dict[str, str | int | float | bool | None]

_FIRST_FINDER = "names"  # the source of the first trained model's mentions
_BESIDE = "beside "  # options that begin so name another model, with its hash


class _Mentions(msgspec.Struct):
    transcript_version: int
    mentions: tuple[Mention, ...]
    provenance: Provenance
    looked_for: tuple[str, ...] = ()
    not_looked_for: tuple[str, ...] = ()


def read_format_1_content(plain: bytes, content_type: type[T]) -> T:
    """Decode the content of a row as a record of type ``content_type``.

    Raises:
        ValueError: it is none.
    """
    if content_type is Mentions:
        return cast("T", _mentions(msgspec.json.decode(plain, type=_Mentions)))
    if content_type is Transcript:
        return cast("T", _transcript(msgspec.json.decode(plain, type=Transcript)))
    return msgspec.json.decode(plain, type=content_type)


def _mentions(found: _Mentions) -> Mentions:
    options = found.provenance.options
    ref = TranscriptRef(
        ArtefactKind(str(options.get("transcript", ArtefactKind.RAW))),
        found.transcript_version,
        int(options.get("edits") or 0),
    )
    return Mentions(
        ref,
        found.mentions,
        found.provenance,
        found.looked_for,
        found.not_looked_for,
        tuple(_finders(found.provenance)),
    )


def _finders(made_by: Provenance) -> list[Finder]:
    if not made_by.model:
        return []
    beside = [
        Finder(name.removeprefix(_BESIDE), name.removeprefix(_BESIDE), str(sha256))
        for name, sha256 in made_by.options.items()
        if name.startswith(_BESIDE)
    ]
    return [Finder(_FIRST_FINDER, made_by.model, made_by.model_sha256), *beside]


def _transcript(found: Transcript) -> Transcript:
    options = found.provenance.options
    made_from = _made_from(options) if "transcript_version" in options else None
    is_heard = "language" in options or "channels" in options
    return replace(
        found, recognition=_recognition(options) if is_heard else None, made_from=made_from
    )


def _made_from(options: _Options) -> CleanBasis:
    return CleanBasis(
        TranscriptRef(
            ArtefactKind(str(options.get("transcript"))),
            int(options.get("transcript_version") or 0),
            int(options.get("transcript_edits") or 0),
        ),
        int(options.get("mentions_version") or 0),
        is_intelligent=options.get("text") == "intelligent verbatim",
        pauses_from_s=float(options.get("pauses_from_s") or 0.0),
    )


def _recognition(options: _Options) -> Recognition:
    tracks = str(options.get("channels") or "1").split()  # "1+2 3": 1 and 2 are one track
    return Recognition(
        language=str(options.get("language") or "en"),
        layout=Layout(tuple(tuple(int(c) - 1 for c in track.split("+")) for track in tracks)),
        is_draft=bool(options.get("is_draft")),
        hints_version=int(options.get("hints_version") or 0),
        hints=int(options.get("hints") or 0),
        hints_cut=int(options.get("hints_cut") or 0),
        speakers_model=str(options.get("speakers_model") or ""),
    )


def read_format_1_facts(plain: str, facts_type: type[Facts]) -> Facts:
    """Decode the numbers beside a row as facts of today.

    Raises:
        ValueError: they are none.
    """
    return _FACTS[facts_type](msgspec.json.decode(plain, type=_Counts))


def read_facts_of_any_format(plain: str, facts_type: type[Facts]) -> Facts:
    """Decode the numbers beside a long row, whichever format wrote it.

    facts_type: ``TranscriptFacts``, whose names never changed, or ``MentionsFacts``, which then
    lacked the transcript that is in every one of today.

    Raises:
        ValueError: they are none.
    """
    assert facts_type in {TranscriptFacts, MentionsFacts}
    try:
        return msgspec.json.decode(plain, type=facts_type)
    except msgspec.ValidationError:
        return read_format_1_facts(plain, facts_type)


def _transcript_facts(counts: _Counts) -> TranscriptFacts:
    return msgspec.convert(counts, TranscriptFacts, strict=False)  # its draft was 0 or 1


def _mentions_facts(counts: _Counts) -> MentionsFacts:
    return MentionsFacts(
        _transcript_ref(counts),  # format 1 does not say which version of the raw transcript
        int(counts.get("mentions", 0)),
        int(counts.get("undecided", 0)),
    )


def _review_facts(counts: _Counts) -> ReviewFacts:
    ready = _review_basis(counts) if counts.get("ready") else None
    return ReviewFacts(int(counts.get("looked_at", 0)), ready)


def _transcript_ref(counts: _Counts) -> TranscriptRef:
    corrected = int(counts.get("corrected", 0))
    if corrected:
        return TranscriptRef(ArtefactKind.CORRECTED, corrected, int(counts.get("edits", 0)))
    return TranscriptRef(ArtefactKind.RAW, int(counts.get("raw", 0)))


def _decisions_ref(counts: _Counts) -> DecisionsRef:
    return DecisionsRef(int(counts.get("mentions", 0)), int(counts.get("decisions", 0)))


def _review_basis(counts: _Counts) -> ReviewBasis:
    return ReviewBasis(
        raw=int(counts.get("raw", 0)),
        transcript=_transcript_ref(counts),
        decisions=_decisions_ref(counts),
        sign_offs=int(counts.get("sign_offs", 0)),
    )


def _sign_off_basis(counts: _Counts) -> SignOffBasis:
    return SignOffBasis(
        raw=int(counts.get("raw", 0)),
        transcript=_transcript_ref(counts),
        decisions=_decisions_ref(counts),
        clean=int(counts.get("clean", 0)),
        log=int(counts.get("log", 0)),
    )


_FACTS: dict[type[Facts], Callable[[_Counts], Facts]] = {
    TranscriptFacts: _transcript_facts,
    MentionsFacts: _mentions_facts,
    DecisionFacts: lambda counts: DecisionFacts(int(counts.get("undecided", 0))),
    ReviewFacts: _review_facts,
    SignOffFacts: lambda counts: SignOffFacts(bool(counts.get("signed")), _sign_off_basis(counts)),
    HandOverFacts: lambda counts: HandOverFacts(int(counts.get("signed", 0))),
    PseudonymFacts: lambda counts: PseudonymFacts({k: int(n) for k, n in counts.items()}),
}
