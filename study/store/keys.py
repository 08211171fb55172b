"""Passphrases, slots and the keys behind them.

A passphrase goes through Argon2id and opens a *slot*; the slot holds those *class keys* that
its owner may use. Every slot also holds the common key, which guards the trail and the sum of
``study.db`` but opens nothing about a person.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import msgspec
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from study.errors import KeyNotHeld, WeakPassphrase
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

# A study from somebody else must not make us compute for a day or fill the memory.
_DEAREST_PASSES, _DEAREST_LANES, _DEAREST_KIB = 64, 64, 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """The cost of one guess of a passphrase. RFC 9106's second choice: 0.25 s on 2 cores."""

    iterations: int = 3
    lanes: int = 4
    memory_kib: int = 64 * 1024


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot as it is stored: a passphrase's parameters, and the keys that it opens."""

    number: int
    name: str
    cost: Argon2Cost
    salt: bytes
    sealed: bytes


class Keyring:
    """The keys of the slot that was unlocked, for as long as the study is open."""

    def __init__(self, slot: int, keys: dict[KeyClass, bytes]) -> None:
        self.slot = slot
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

    def copy_with_classes(self, classes: tuple[KeyClass, ...]) -> Keyring:
        """Return a ring of these classes and the common key, for a slot that opens less."""
        wanted = {*classes, KeyClass.COMMON}
        return Keyring(self.slot, {k: v for k, v in self._keys.items() if k in wanted})

    def copy_for_slot(self, number: int) -> Keyring:
        """Return the same keys under another slot's number."""
        return Keyring(number, self._keys)

    def to_bytes(self) -> bytes:
        """Serialise the ring, to give an open study to another process of ours through a pipe."""
        return msgspec.json.encode((self.slot, self._keys))

    @classmethod
    def from_bytes(cls, raw: bytes) -> Keyring:
        """Undo ``to_bytes``."""
        slot, keys = msgspec.json.decode(raw, type=tuple[int, dict[KeyClass, bytes]])
        return cls(slot, keys)

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
    if (
        cost.iterations > _DEAREST_PASSES
        or cost.lanes > _DEAREST_LANES
        or cost.memory_kib > _DEAREST_KIB
    ):
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
    ring: Keyring, number: int, name: str, passphrase: str, cost: Argon2Cost | None = None
) -> Slot:
    """Wrap the keys of ``ring`` for a new passphrase.

    Raises:
        WeakPassphrase: it has fewer than ``SHORTEST_PASSPHRASE`` characters, without the blanks
            around it.
    """
    if len(passphrase.strip()) < SHORTEST_PASSPHRASE:
        raise WeakPassphrase
    cost = cost or Argon2Cost()
    salt = secrets.token_bytes(16)
    plain = ring.copy_for_slot(number).to_bytes()
    wrapped = seal_bytes(
        _derive_slot_key(passphrase, salt, cost), plain, _bound(number, name, cost)
    )
    return Slot(number, name, cost, salt, wrapped)


def open_slot(slot: Slot, passphrase: str) -> Keyring | None:
    """Return the keys behind a slot, or None where the passphrase does not open it.

    Raises:
        ValueError: the slot holds a cost that no Earshot chooses.
    """
    key = _derive_slot_key(passphrase, slot.salt, slot.cost)
    try:
        plain = unseal_bytes(key, slot.sealed, _bound(slot.number, slot.name, slot.cost))
    except SealBroken:
        return None
    return Keyring.from_bytes(plain)


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


def _bound(number: int, name: str, cost: Argon2Cost) -> bytes:
    return build_associated_data("slot", number, name, msgspec.json.encode(cost))
