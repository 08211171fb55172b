"""Passphrases, slots and the keys behind them.

A passphrase goes through Argon2id and opens a *slot*, which holds the private halves of a person's
own keys. With them the person signs, and opens those *class keys* that were sealed for them. Every
person also gets the common key, which guards the trail and the sum of ``study.db`` but opens
nothing about a participant.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

import msgspec
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from study.errors import KeyNotHeld, WeakPassphrase
from study.person_roles import PersonRole
from study.store.person_keys import PersonKeys, seal_for
from study.store.seal import (
    KEY_BYTES,
    SealBroken,
    build_associated_data,
    generate_key,
    seal_bytes,
    unseal_bytes,
)

SHORTEST_PASSPHRASE = 10
_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0/O, 1/I/L: it is read from paper
_CODE_GROUPS, _GROUP_LETTERS = 6, 4  # 24 letters of 31: 118 bits


class KeyClass(StrEnum):
    """The classes of keys; the comments say what each opens."""

    IDENTIFYING = "identifying"  # sound, raw and corrected transcripts, consent, register
    KEY = "key"  # the words behind each replacement
    CLEAN = "clean"  # anonymised transcripts and the log without originals
    COMMON = "common"  # the trail's evolving key and the sum of study.db; in every slot


ALL_CLASSES = tuple(KeyClass)
READING_CLASSES = (KeyClass.IDENTIFYING, KeyClass.KEY, KeyClass.CLEAN)
"""The classes that open something about a participant."""

ROLE_CLASSES: dict[PersonRole, tuple[KeyClass, ...]] = {
    PersonRole.OWNER: READING_CLASSES,
    PersonRole.INTERVIEWER: (KeyClass.IDENTIFYING,),
    PersonRole.ASSISTANT: READING_CLASSES,
    PersonRole.OFFICER: READING_CLASSES,
    PersonRole.APPROVER: (KeyClass.CLEAN,),
    PersonRole.RECOVERY: READING_CLASSES,
}
"""The classes of keys that each role needs, and no other."""

# A study from somebody else must not make us compute for a day or fill the memory. 1 GiB and 3 GiB
# in all passes are four times what Earshot offers at most (256 MiB, 3 passes).
_DEAREST_PASSES, _DEAREST_LANES, _DEAREST_KIB = 64, 64, 1024 * 1024
_DEAREST_WORK_KIB = 3 * _DEAREST_KIB


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """The cost of one guess of a passphrase. RFC 9106's second choice: 0.25 s on 2 cores."""

    iterations: int = 3
    lanes: int = 4
    memory_kib: int = 64 * 1024

    @property
    def work_kib(self) -> int:
        """The memory that one guess goes through in all its passes, in KiB."""
        return self.iterations * self.memory_kib

    @property
    def is_payable(self) -> bool:
        """Whether Earshot pays it: a higher one was chosen by no Earshot."""
        return (
            1 <= self.iterations <= _DEAREST_PASSES
            and 1 <= self.lanes <= _DEAREST_LANES
            and 1 <= self.memory_kib <= _DEAREST_KIB
            and self.work_kib <= _DEAREST_WORK_KIB
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot as it is stored: a person, their passphrase's parameters, and what it opens.

    sealed: the private halves of the person's keys, under the passphrase; empty where the person
    was removed. signing, receiving: the public halves. keys: the class keys, sealed for the person;
    classes: which. line: the line of the trail that tells of this row. The slots of format 2 have
    the class keys in ``sealed``, and nothing in the fields from ``signing`` on.
    """

    number: int
    name: str
    cost: Argon2Cost
    salt: bytes
    sealed: bytes
    role: PersonRole = PersonRole.OWNER
    signing: bytes = b""
    receiving: bytes = b""
    classes: tuple[KeyClass, ...] = ()
    keys: bytes = b""
    line: int = 0

    @property
    def is_removed(self) -> bool:
        """Whether the person was removed, so that no passphrase opens it."""
        return not self.sealed

    @property
    def has_own_keys(self) -> bool:
        """Whether the person has a signing key; a slot of format 2 gets one when it is opened."""
        return bool(self.signing)


class _OwnKeys(msgspec.Struct, frozen=True):
    """What a passphrase opens: a person's private halves, and the head of the trail they saw."""

    signing: bytes
    receiving: bytes
    seen: str


_PipedRing = tuple[int, dict[KeyClass, bytes], tuple[bytes, bytes] | None, PersonRole, str]


class Keyring:
    """The keys of the slot that was unlocked, for as long as the study is open.

    person: the private halves of their own keys, None for a slot of format 2. seen: the head of the
    trail, ``COUNT:HASH``, when the passphrase was chosen; "" where the slot names none.
    """

    def __init__(
        self,
        slot: int,
        keys: dict[KeyClass, bytes],
        *,
        person: PersonKeys | None = None,
        role: PersonRole = PersonRole.OWNER,
        seen: str = "",
    ) -> None:
        self.slot = slot
        self.person = person
        self.role = role
        self.seen = seen
        self._keys = keys

    def get_key(self, wanted: KeyClass) -> bytes:
        """Return a class key.

        Raises:
            KeyNotHeld: this slot does not hold it.
        """
        if wanted not in self._keys:
            raise KeyNotHeld(wanted.value)
        return self._keys[wanted]

    def holds(self, wanted: KeyClass) -> bool:
        """Whether the slot opens a class."""
        return wanted in self._keys

    @property
    def classes(self) -> tuple[KeyClass, ...]:
        """The classes whose keys it holds, in the order of ``KeyClass``."""
        return tuple(one for one in KeyClass if one in self._keys)

    def copy_with_classes(self, classes: Iterable[KeyClass]) -> Keyring:
        """Return a ring of these classes and the common key, for a slot that opens less."""
        wanted = {*classes, KeyClass.COMMON}
        held = {k: v for k, v in self._keys.items() if k in wanted}
        return Keyring(self.slot, held, person=self.person, role=self.role, seen=self.seen)

    def copy_for_slot(self, number: int, role: PersonRole = PersonRole.OWNER) -> Keyring:
        """Return the same class keys under another slot's number, without a person's own keys."""
        return Keyring(number, self._keys, role=role)

    def replace_keys(self, fresh: Keyring) -> Keyring:
        """Return the ring of the same person with the class keys of another one."""
        held = {one: fresh.get_key(one) for one in self._keys}
        return Keyring(self.slot, held, person=self.person, role=self.role, seen=self.seen)

    def replace_person(self, person: PersonKeys) -> Keyring:
        """Return the same ring with a person's own keys."""
        return Keyring(self.slot, self._keys, person=person, role=self.role, seen=self.seen)

    def encode_classes(self) -> bytes:
        """Serialise the class keys alone."""
        return msgspec.json.encode(self._keys)

    def to_bytes(self) -> bytes:
        """Serialise the ring, to give an open study to another process of ours through a pipe."""
        person = self.person and (self.person.signing, self.person.receiving)
        return msgspec.json.encode((self.slot, self._keys, person, self.role, self.seen))

    @classmethod
    def from_bytes(cls, raw: bytes) -> Keyring:
        """Undo ``to_bytes``."""
        slot, keys, person, role, seen = msgspec.json.decode(raw, type=_PipedRing)
        own = PersonKeys(*person) if person else None
        return cls(slot, keys, person=own, role=role, seen=seen)

    @classmethod
    def generate(cls) -> Keyring:
        """Make new keys of every class, for a new study."""
        return cls(0, {kind: generate_key() for kind in ALL_CLASSES})


def _derive_slot_key(passphrase: str, salt: bytes, cost: Argon2Cost) -> bytes:
    """Derive a slot's own key.

    The same letters give the same key however a keyboard composes them (NFC), and bytes of the
    environment that are no UTF-8 are used as they are.

    Raises:
        ValueError: Argon2id refuses the cost, or it is higher than Earshot allows.
    """
    if not cost.is_payable:
        raise ValueError("a cost that no Earshot chooses")
    kdf = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    composed = unicodedata.normalize("NFC", passphrase)
    return kdf.derive(composed.encode("utf-8", "surrogateescape"))


def make_slot(
    ring: Keyring,
    number: int,
    name: str,
    passphrase: str,
    cost: Argon2Cost | None = None,
    *,
    role: PersonRole = PersonRole.OWNER,
    person: PersonKeys | None = None,
    seen: str = "",
) -> Slot:
    """Seal a person's own keys under a new passphrase, and the keys of ``ring`` for that person.

    person: the keys of somebody who has some already; None makes new ones. seen: the head of the
    trail, which the person's passphrase will hold Earshot to.

    Raises:
        WeakPassphrase: it has fewer than ``SHORTEST_PASSPHRASE`` characters, without the blanks
            around it.
    """
    if len(passphrase.strip()) < SHORTEST_PASSPHRASE:
        raise WeakPassphrase
    cost = cost or Argon2Cost()
    salt = secrets.token_bytes(16)
    empty = Slot(number, name, cost, salt, b"", role)
    slot_key = _derive_slot_key(passphrase, salt, cost)
    return _fill_slot(ring, empty, slot_key, person or PersonKeys.generate(), seen)


def give_own_keys(slot: Slot, ring: Keyring, slot_key: bytes, seen: str) -> tuple[Slot, Keyring]:
    """Turn a slot of format 2, whose key was derived already, into one with a person's own keys.

    Returns the slot, and the ring with those keys.
    """
    person = PersonKeys.generate()
    return _fill_slot(ring, slot, slot_key, person, seen), ring.replace_person(person)


def _fill_slot(ring: Keyring, slot: Slot, slot_key: bytes, person: PersonKeys, seen: str) -> Slot:
    classes = tuple(one for one in ring.classes if one is not KeyClass.COMMON)
    told = replace(
        slot, signing=person.signing_public, receiving=person.receiving_public, classes=classes
    )
    plain = msgspec.json.encode(_OwnKeys(person.signing, person.receiving, seen))
    sealed = seal_bytes(slot_key, plain, _bind_own_keys(told))
    return replace(told, sealed=sealed, keys=seal_class_keys(told, ring))


def seal_class_keys(slot: Slot, ring: Keyring) -> bytes:
    """Seal those keys of ``ring`` that a slot is given, so that its person alone opens them."""
    given = ring.copy_with_classes(slot.classes)
    return seal_for(slot.receiving, given.encode_classes(), _bind_class_keys(slot))


def open_slot(slot: Slot, passphrase: str) -> Keyring | None:
    """Return the keys behind a slot, or None where the passphrase does not open it.

    Raises:
        ValueError: the slot holds a cost that no Earshot chooses.
        SealBroken: the class keys are not what was sealed for its person.
    """
    return open_slot_with_key(slot, _derive_slot_key(passphrase, slot.salt, slot.cost))


def derive_slot_key(slot: Slot, passphrase: str) -> bytes:
    """Return the key that a passphrase makes for a slot; this is what a guess costs.

    Raises:
        ValueError: the slot holds a cost that no Earshot chooses.
    """
    return _derive_slot_key(passphrase, slot.salt, slot.cost)


def open_slot_with_key(slot: Slot, slot_key: bytes) -> Keyring | None:
    """Return the keys behind a slot, or None where this is not its key.

    Raises:
        SealBroken: the class keys are not what was sealed for its person.
    """
    bound = _bind_own_keys(slot) if slot.has_own_keys else _bind_format_2(slot)
    try:
        plain = unseal_bytes(slot_key, slot.sealed, bound)
    except SealBroken:
        return None
    if not slot.has_own_keys:
        number, keys = msgspec.json.decode(plain, type=tuple[int, dict[KeyClass, bytes]])
        return Keyring(number, keys, role=slot.role)
    own = msgspec.json.decode(plain, type=_OwnKeys)
    person = PersonKeys(own.signing, own.receiving)
    opened = person.unseal(slot.keys, _bind_class_keys(slot))
    held = msgspec.json.decode(opened, type=dict[KeyClass, bytes])
    return Keyring(slot.number, held, person=person, role=slot.role, seen=own.seen)


def generate_recovery_code() -> str:
    """Return a random code to be written on paper, of 118 bits; it works like a passphrase."""
    letters = [secrets.choice(_CODE_LETTERS) for _ in range(_CODE_GROUPS * _GROUP_LETTERS)]
    groups = zip(*[iter(letters)] * _GROUP_LETTERS, strict=True)
    return "-".join("".join(group) for group in groups)


def normalise_recovery_code(passphrase: str) -> str:
    """Return a typed recovery code in its own form, whatever its case, dashes and blanks.

    Anything else is returned as it is. A passphrase may look like a code, so callers try both.
    """
    bare = "".join(c for c in passphrase.upper() if c.isalnum())
    if len(bare) != _CODE_GROUPS * _GROUP_LETTERS or set(bare) - set(_CODE_LETTERS):
        return passphrase
    return "-".join(bare[i : i + _GROUP_LETTERS] for i in range(0, len(bare), _GROUP_LETTERS))


def _bind_format_2(slot: Slot) -> bytes:
    return build_associated_data("slot", slot.number, slot.name, msgspec.json.encode(slot.cost))


def _bind_own_keys(slot: Slot) -> bytes:
    return build_associated_data(
        "slot", slot.number, slot.name, msgspec.json.encode(slot.cost), slot.role, slot.signing,
        slot.receiving,
    )  # fmt: skip


def _bind_class_keys(slot: Slot) -> bytes:
    return build_associated_data(
        "keys", slot.number, format_classes(slot.classes), slot.signing, slot.receiving
    )


def format_classes(classes: Iterable[KeyClass]) -> str:
    """Write classes of keys as they stand in a slot: their names with blanks between."""
    return " ".join(classes)
