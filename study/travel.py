"""Interviews on their way between studies: the keys of studies, who is trusted, what was sent.

A study has a key pair that parcels are sealed for (X25519) and one that signs them (Ed25519). Their
public halves are its card. People of another study whose work was taken in keep numbers of their
own here, so that no decision is taken for that of somebody who opens this study.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from study.person_roles import PersonRole

FIRST_FOREIGN = 100_000
"""The least number of somebody of another study; the slots of a study count from 1."""


class ParcelKind(StrEnum):
    """What a parcel is for. The value is the word people read."""

    SENT = "sent"  # a copy: the sender keeps theirs
    MOVED = "moved"  # the sender destroys theirs once a receipt has come
    LENT = "lent"  # the sender's is read-only until it is back
    BACK = "back"  # what was lent comes back
    RECEIPT = "receipt"  # says what was taken in; holds no interview


@dataclass(frozen=True, slots=True)
class StudyCard:
    """The public halves of a study's keys.

    study: its id. opens: seals parcels for it (X25519). signs: checks its signatures (Ed25519);
    both raw, 32 bytes.
    """

    study: str
    opens: bytes
    signs: bytes


@dataclass(frozen=True, slots=True)
class TrustedStudy:
    """A study from which parcels are taken in. name: as it is called here. by, at: who trusted it.

    by: a slot. at: an ISO 8601 time.
    """

    card: StudyCard
    name: str
    by: int
    at: str


@dataclass(frozen=True, slots=True)
class ForeignPerson:
    """Somebody of another study, whose work came here.

    number: theirs in this study, from ``FIRST_FOREIGN`` on. via: the id of the study that sent it
    here. study, slot: where they work, and their slot there. signing: their public key.
    """

    number: int
    via: str
    study: str
    slot: int
    name: str
    role: PersonRole
    signing: bytes


@dataclass(frozen=True, slots=True)
class TravelNote:
    """A parcel that was sent or taken in.

    parcel: its random id. is_out: it was sent from here. study: the id of the other one.
    interviews: their ids, each with a hash of all its rows as they were. sha256: of the parcel's
    signed content. answers: of a receipt, the id of the parcel that it is about. versions: of what
    was lent, how many versions and entries of each kind there were, by interview.
    """

    parcel: str
    kind: ParcelKind
    study: str
    by: int
    at: str
    sha256: str
    interviews: dict[str, str] = field(default_factory=dict[str, str])
    answers: str = ""
    versions: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    is_out: bool = False
