"""Passphrases, slots and the keys behind them.

A passphrase goes through Argon2id and opens a *slot*; the slot holds those *class keys* that
its owner may use. Whoever has a slot also holds the common key, which guards the trail and the
study's own sums but opens nothing that is said of a person.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import msgspec
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from study.errors import KeyNotHeld, WeakPassphrase
from study.seal import KEY_BYTES, SealBroken, bind, new_key, seal, unseal

SHORTEST_PASSPHRASE = 10
_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0/O, 1/I/L: it is read from paper
_CODE_GROUPS, _GROUP_LETTERS = 6, 4  # 24 letters of 31: 118 bits


class KeyClass(StrEnum):
    """What a class key opens."""

    IDENTIFYING = "identifying"  # sound, raw and corrected transcripts, consent, register
    KEY = "key"  # what was replaced by what
    CLEAN = "clean"  # anonymised transcripts and the log without originals
    COMMON = "common"  # the trail's evolving key and the study's own sums; in every slot


ALL_CLASSES = tuple(KeyClass)

# A study that somebody sends us must not make us compute for a day or fill the memory.
_DEAREST_PASSES, _DEAREST_LANES, _DEAREST_KIB = 64, 64, 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """What one guess of a passphrase costs. RFC 9106's second choice: 0.25 s on 2 cores."""

    iterations: int = 3
    lanes: int = 4
    memory_kib: int = 64 * 1024


@dataclass(frozen=True, slots=True)
class Slot:
    """One way into the study, as it lies on disk."""

    number: int
    name: str
    cost: Argon2Cost
    salt: bytes
    sealed: bytes


class Keyring:
    """The keys that one unlocked slot gives, for as long as the study is open."""

    def __init__(self, slot: int, keys: dict[KeyClass, bytes]) -> None:
        self.slot = slot
        self._keys = keys

    def key(self, wanted: KeyClass) -> bytes:
        """Return a class key.

        Raises:
            KeyNotHeld: this slot does not hold it.
        """
        if wanted not in self._keys:
            raise KeyNotHeld(wanted.value)
        return self._keys[wanted]

    def holds(self, wanted: KeyClass) -> bool:
        """Whether this slot opens that class."""
        return wanted in self._keys

    def only(self, classes: tuple[KeyClass, ...]) -> Keyring:
        """Return a ring with these classes and the common key alone, to make a lesser slot."""
        wanted = {*classes, KeyClass.COMMON}
        return Keyring(self.slot, {k: v for k, v in self._keys.items() if k in wanted})

    def for_slot(self, number: int) -> Keyring:
        """Return the same keys as seen through another slot."""
        return Keyring(number, self._keys)

    def to_bytes(self) -> bytes:
        """Serialise, to hand an open study to a process of our own through a pipe."""
        return msgspec.json.encode((self.slot, self._keys))

    @classmethod
    def from_bytes(cls, raw: bytes) -> Keyring:
        """Undo ``to_bytes``."""
        slot, keys = msgspec.json.decode(raw, type=tuple[int, dict[KeyClass, bytes]])
        return cls(slot, keys)

    @classmethod
    def fresh(cls) -> Keyring:
        """Return new keys of every class, for a new study."""
        return cls(0, {kind: new_key() for kind in ALL_CLASSES})


def _stretch(passphrase: str, salt: bytes, cost: Argon2Cost) -> bytes:
    """Derive a slot's own key.

    The same letters give the same key however a keyboard composes them (NFC), and bytes of the
    environment that are no UTF-8 count as they are.

    Raises:
        ValueError: a cost that Argon2id or we refuse.
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
        WeakPassphrase: it has fewer than ``SHORTEST_PASSPHRASE`` characters (blanks around
            it do not count).
    """
    if len(passphrase.strip()) < SHORTEST_PASSPHRASE:
        raise WeakPassphrase
    cost = cost or Argon2Cost()
    salt = secrets.token_bytes(16)
    plain = ring.for_slot(number).to_bytes()
    wrapped = seal(_stretch(passphrase, salt, cost), plain, _bound(number, name, cost))
    return Slot(number, name, cost, salt, wrapped)


def open_slot(slot: Slot, passphrase: str) -> Keyring | None:
    """Return the keys behind a slot, or None where the passphrase is not its own."""
    key = _stretch(passphrase, slot.salt, slot.cost)
    try:
        plain = unseal(key, slot.sealed, _bound(slot.number, slot.name, slot.cost))
    except SealBroken:
        return None
    return Keyring.from_bytes(plain)


def new_recovery_code() -> str:
    """Return a code to be written on paper, as good as any passphrase: 118 random bits."""
    letters = [secrets.choice(_CODE_LETTERS) for _ in range(_CODE_GROUPS * _GROUP_LETTERS)]
    groups = zip(*[iter(letters)] * _GROUP_LETTERS, strict=True)
    return "-".join("".join(group) for group in groups)


def typed(passphrase: str) -> str:
    """Forgive how a recovery code was typed: lower case, any dashes, blanks or none.

    A passphrase of somebody's own can look like a code; whoever opens tries both.
    """
    bare = "".join(c for c in passphrase.upper() if c.isalnum())
    if len(bare) != _CODE_GROUPS * _GROUP_LETTERS or set(bare) - set(_CODE_LETTERS):
        return passphrase
    return "-".join(bare[i : i + _GROUP_LETTERS] for i in range(0, len(bare), _GROUP_LETTERS))


def _bound(number: int, name: str, cost: Argon2Cost) -> bytes:
    return bind("slot", number, name, msgspec.json.encode(cost))
