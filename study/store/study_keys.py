"""The keys of a study as a whole, its card for other studies, and which studies it trusts.

A card is public. Whoever swaps one on its way would be sent what is meant for somebody else, so a
card is trusted only with the words that its owner reads out: 12 of the list of BIP 39, which hold
128 bits of the card's SHA-256 and 4 bits that show a word misheard.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from pathlib import Path

import msgspec

from study.artefact_kinds import ArtefactKind
from study.errors import (
    ChangeFlaw,
    KeyUntrusted,
    NotAStudyKey,
    PersonFlaw,
    PersonRefused,
    StudyChanged,
    WordsDiffer,
)
from study.permissions import STUDY_KEY_MADE, STUDY_TRUSTED, PersonAction
from study.plain_files import read_plain_file
from study.screen_text import sanitise_text
from study.store.database import map_storage_errors
from study.store.person_keys import PUBLIC_BYTES, PersonKeys
from study.store.seal import build_associated_data
from study.store.study import WHOLE_STUDY, Study
from study.store.trail import read_proven_lines
from study.travel import StudyCard, TrustedStudy

_FIRST_LINE = "earshot study key 1"
_MOST_BYTES = 4096  # of a card; ours have 200
_WORD_BYTES = 16  # 128 bits: 12 words
_SHORTEST = 4  # letters, in which no two words of the list are alike
_STUDY_ID = re.compile(r"[0-9a-f]{32}")
_LONGEST_NAME = 40


class _StudyKey(msgspec.Struct, frozen=True):
    signing: bytes
    opens: bytes


class _OpeningKey(msgspec.Struct, frozen=True):
    receiving: bytes


def make_study_keys(study: Study) -> StudyCard:
    """Make a study new keys; what is sealed for older ones opens no more, once it is read.

    Raises:
        RoleForbids: who is there may not say who opens the study.
        KeyNotHeld: the passphrase in use does not open the keys behind the replacements.
    """
    study.require_permitted(PersonAction.KEEP_PEOPLE)
    study.require_unchanged()
    made = PersonKeys.generate()
    with study.change(STUDY_KEY_MADE) as change:
        change.write_artefact(ArtefactKind.OPENING_KEY, _OpeningKey(made.receiving))
        change.write_artefact(
            ArtefactKind.STUDY_KEY, _StudyKey(made.signing, made.receiving_public)
        )
    return StudyCard(study.id, made.receiving_public, made.signing_public)


def read_study_card(study: Study) -> StudyCard | None:
    """Return the study's card, None where it has no keys yet.

    Raises:
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    _require_told(study, ArtefactKind.STUDY_KEY, STUDY_KEY_MADE)
    found = study.whole.read_artefact(ArtefactKind.STUDY_KEY, _StudyKey)
    if found is None:
        return None
    return StudyCard(study.id, found.opens, PersonKeys(found.signing, b"").signing_public)


def read_signer(study: Study) -> PersonKeys:
    """Return the key that signs the study's parcels, without the one that opens any.

    Raises:
        KeyUntrusted: the study has no keys yet, so nobody can trust them.
        StudyChanged: somebody wrote them who may not.
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    _require_told(study, ArtefactKind.STUDY_KEY, STUDY_KEY_MADE)
    found = study.whole.read_artefact(ArtefactKind.STUDY_KEY, _StudyKey)
    if found is None:
        raise KeyUntrusted
    return PersonKeys(found.signing, b"")


def read_opener(study: Study) -> PersonKeys:
    """Return the key that opens parcels for the study, without the one that signs any.

    Raises:
        KeyUntrusted, KeyNotHeld, StudyDamaged: as ``read_signer``.
    """
    _require_told(study, ArtefactKind.OPENING_KEY, STUDY_KEY_MADE)
    found = study.whole.read_artefact(ArtefactKind.OPENING_KEY, _OpeningKey)
    if found is None:
        raise KeyUntrusted
    return PersonKeys(b"", found.receiving)


def encode_card(card: StudyCard) -> bytes:
    """Return the file in which a card travels."""
    opens, signs = (base64.b64encode(key).decode() for key in (card.opens, card.signs))
    return f"{_FIRST_LINE}\nstudy {card.study}\nopens {opens}\nsigns {signs}\n".encode()


def read_card_file(path: Path) -> StudyCard:
    """Return the card that a file holds.

    Raises:
        NotAStudyKey: it holds none.
    """
    try:
        raw = read_plain_file(path, _MOST_BYTES)
        lines = [line.split() for line in raw.decode("ascii").splitlines() if line.strip()]
    except (OSError, ValueError) as broken:
        is_missing = isinstance(broken, FileNotFoundError | PermissionError)
        raise NotAStudyKey(is_missing=is_missing) from broken
    if not lines or " ".join(lines[0]) != _FIRST_LINE:
        raise NotAStudyKey
    told = {line[0]: line[1] for line in lines[1:] if len(line) == 2}  # noqa: PLR2004 - a name and what it is
    try:
        opens, signs = (base64.b64decode(told[k], validate=True) for k in ("opens", "signs"))
    except (KeyError, binascii.Error) as broken:
        raise NotAStudyKey from broken
    study = told.get("study", "")
    if not _STUDY_ID.fullmatch(study) or (len(opens), len(signs)) != (PUBLIC_BYTES, PUBLIC_BYTES):
        raise NotAStudyKey
    return StudyCard(study, opens, signs)


def spell_card(card: StudyCard) -> str:
    """Return the 12 words of a card, to be read out and compared."""
    from mnemonic import Mnemonic

    bound = build_associated_data("earshot study key", card.study, card.opens, card.signs)
    return Mnemonic("english").to_mnemonic(hashlib.sha256(bound).digest()[:_WORD_BYTES])


def matches_card(card: StudyCard, heard: str) -> bool:
    """Whether words that somebody heard are those of a card; four letters of each are enough."""
    words, told = spell_card(card).split(), re.findall(r"[a-z]+", heard.lower())
    return len(words) == len(told) and all(
        said == word or (len(said) >= _SHORTEST and word.startswith(said))
        for word, said in zip(words, told, strict=True)
    )


def list_trusted(study: Study) -> tuple[TrustedStudy, ...]:
    """Return the studies that this one trusts.

    Raises:
        StudyChanged: somebody wrote the list who may not say whom to trust.
        KeyNotHeld, StudyDamaged: as ``ArtefactHandle.read_artefact``.
    """
    _require_told(study, ArtefactKind.TRUSTED, STUDY_TRUSTED)
    return study.whole.read_artefact(ArtefactKind.TRUSTED, tuple[TrustedStudy, ...]) or ()


def _require_told(study: Study, kind: ArtefactKind, verb: str) -> None:
    """Refuse an artefact of the whole study that is not the one of the last line with this verb.

    Raises:
        StudyChanged: somebody who may not wrote it, or took a newer one away.
    """
    newest = study.whole.find_newest_version(kind)
    name = f"{kind}.{newest}"
    with study.lock, map_storage_errors():
        authors = study.authors.refresh()
        lines = [
            one
            for one in read_proven_lines(study.db, frozenset({verb}))
            if not authors.find_flaw(one)
        ]
        row = study.db.execute(
            "SELECT sealed FROM artefact WHERE interview = ? AND kind = ? AND version = ?",
            [WHOLE_STUDY, kind, newest],
        ).fetchone()
    if not newest and not lines:
        return
    told = authors.find_sealed_hash(lines[-1].line, WHOLE_STUDY, name) if lines else ""
    if row is None or told != hashlib.sha256(row[0]).hexdigest():
        raise StudyChanged(ChangeFlaw.ROLE)


def trust_study(study: Study, card: StudyCard, name: str, heard: str) -> TrustedStudy:
    """Trust another study from now on; a newer card of a study takes the place of its older one.

    name: as it is called here. heard: the words that its owner read out.

    Raises:
        WordsDiffer: the words are not those of the card.
        NotAStudyKey: it is the card of this very study.
        PersonRefused: the name is none, or that of another study.
        RoleForbids, KeyNotHeld: who is there may not say whom to trust.
    """
    study.require_permitted(PersonAction.KEEP_PEOPLE)
    study.require_unchanged()
    if card.study == study.id:
        raise NotAStudyKey(is_own=True)
    if not matches_card(card, heard):
        raise WordsDiffer
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME or sanitise_text(name) != name:
        raise PersonRefused(PersonFlaw.UNNAMED)
    with study.change(STUDY_TRUSTED) as change:
        others = tuple(one for one in list_trusted(study) if one.card.study != card.study)
        if any(one.name.casefold() == name.casefold() for one in others):
            raise PersonRefused(PersonFlaw.TAKEN)
        made = TrustedStudy(card, name, study.ring.slot, change.made_at)
        change.write_artefact(ArtefactKind.TRUSTED, (*others, made))
    return made


def distrust_study(study: Study, name: str) -> None:
    """Trust a study no longer; what came from it stays.

    Raises:
        KeyUntrusted: no study of that name is trusted.
        RoleForbids, KeyNotHeld: as ``trust_study``.
    """
    study.require_permitted(PersonAction.KEEP_PEOPLE)
    with study.change(STUDY_TRUSTED) as change:
        before = list_trusted(study)
        left = tuple(one for one in before if one.name.casefold() != name.casefold())
        if len(left) == len(before):
            raise KeyUntrusted
        change.write_artefact(ArtefactKind.TRUSTED, left)


def find_trusted(study: Study, card: StudyCard) -> TrustedStudy:
    """Return the trusted study with exactly this card.

    Raises:
        KeyUntrusted: there is none, or it was trusted with another key.
    """
    found = next((one for one in list_trusted(study) if one.card == card), None)
    if found is None:
        raise KeyUntrusted
    return found


def find_trusted_study(study: Study, study_id: str) -> TrustedStudy | None:
    """Return the trusted study of this id, None where there is none."""
    return next((o for o in list_trusted(study) if o.card.study == study_id), None)
