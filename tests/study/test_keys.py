from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.errors import KeyNotHeld, WeakPassphrase
from study.keys import (
    Argon2Cost,
    KeyClass,
    Keyring,
    make_slot,
    new_recovery_code,
    open_slot,
    typed,
)


def test_a_slot_opens_with_its_own_passphrase_alone(cheap: Argon2Cost) -> None:
    ring = Keyring.fresh()
    slot = make_slot(ring, 1, "owner", "a long passphrase", cheap)

    opened = open_slot(slot, "a long passphrase")

    assert opened is not None
    assert opened.key(KeyClass.KEY) == ring.key(KeyClass.KEY)
    assert open_slot(slot, "another passphrase") is None


def test_the_same_letters_open_however_a_keyboard_composes_them(cheap: Argon2Cost) -> None:
    slot = make_slot(Keyring.fresh(), 1, "owner", "caf\u00e9 and more words", cheap)

    assert open_slot(slot, "cafe\u0301 and more words") is not None


def test_bytes_of_the_environment_that_are_no_text_are_a_passphrase(cheap: Argon2Cost) -> None:
    strange = b"caf\xe9 and more words".decode(errors="surrogateescape")

    slot = make_slot(Keyring.fresh(), 1, "owner", strange, cheap)

    assert open_slot(slot, strange) is not None


def test_a_lesser_slot_gives_the_common_key_and_what_was_named(cheap: Argon2Cost) -> None:
    lesser = Keyring.fresh().only((KeyClass.CLEAN,))
    slot = make_slot(lesser, 3, "analyst", "a long passphrase", cheap)

    opened = open_slot(slot, "a long passphrase")

    assert opened is not None
    assert opened.slot == 3
    assert opened.holds(KeyClass.CLEAN)
    assert opened.holds(KeyClass.COMMON)
    with pytest.raises(KeyNotHeld):
        opened.key(KeyClass.IDENTIFYING)


@pytest.mark.parametrize("short", ["", "ninechars", " " * 30, "   short   "])
def test_a_passphrase_that_protects_nobody_is_refused(short: str, cheap: Argon2Cost) -> None:
    with pytest.raises(WeakPassphrase):
        make_slot(Keyring.fresh(), 1, "owner", short, cheap)


def test_the_slot_of_a_stranger_cannot_make_us_compute_for_a_day(cheap: Argon2Cost) -> None:
    slot = make_slot(Keyring.fresh(), 1, "owner", "a long passphrase", cheap)
    dear = type(slot)(1, "owner", Argon2Cost(memory_kib=2**31), slot.salt, slot.sealed)

    with pytest.raises(ValueError, match="no Earshot chooses"):
        open_slot(dear, "a long passphrase")


def test_keys_travel_to_a_process_of_our_own() -> None:
    ring = Keyring.fresh().for_slot(2)

    arrived = Keyring.from_bytes(ring.to_bytes())

    assert arrived.slot == 2
    assert arrived.key(KeyClass.CLEAN) == ring.key(KeyClass.CLEAN)


@pytest.mark.parametrize("dash", ["-", "", " ", "\u2013", " - "])
def test_a_recovery_code_may_be_typed_sloppily(dash: str) -> None:
    code = new_recovery_code()

    assert typed(f"  {code.lower().replace('-', dash)}\n") == code


@given(st.text(max_size=23))
def test_what_is_too_short_for_a_code_stays_as_it_was_typed(passphrase: str) -> None:
    assert typed(passphrase) == passphrase


def test_no_two_recovery_codes_are_alike() -> None:
    assert len({new_recovery_code() for _ in range(200)}) == 200
