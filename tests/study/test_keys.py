from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.errors import KeyNotHeld, WeakPassphrase
from study.store.keys import (
    ALL_CLASSES,
    Argon2Cost,
    KeyClass,
    Keyring,
    Slot,
    generate_recovery_code,
    make_slot,
    normalise_recovery_code,
    open_slot,
)


def test_a_slot_opens_with_its_own_passphrase_alone(cheap: Argon2Cost) -> None:
    ring = Keyring.generate()
    slot = make_slot(ring, 1, "owner", "a long passphrase", cheap)

    opened = open_slot(slot, "a long passphrase")

    assert opened is not None
    assert opened.get_key(KeyClass.KEY) == ring.get_key(KeyClass.KEY)
    assert open_slot(slot, "another passphrase") is None


def test_the_same_letters_open_however_a_keyboard_composes_them(cheap: Argon2Cost) -> None:
    slot = make_slot(Keyring.generate(), 1, "owner", "caf\u00e9 and more words", cheap)

    assert open_slot(slot, "cafe\u0301 and more words") is not None


def test_bytes_of_the_environment_that_are_no_text_are_a_passphrase(cheap: Argon2Cost) -> None:
    strange = b"caf\xe9 and more words".decode(errors="surrogateescape")

    slot = make_slot(Keyring.generate(), 1, "owner", strange, cheap)

    assert open_slot(slot, strange) is not None


def test_a_lesser_slot_gives_the_common_key_and_what_was_named(cheap: Argon2Cost) -> None:
    lesser = Keyring.generate().copy_with_classes((KeyClass.CLEAN,))
    slot = make_slot(lesser, 3, "analyst", "a long passphrase", cheap)

    opened = open_slot(slot, "a long passphrase")

    assert opened is not None
    assert opened.slot == 3
    assert opened.holds(KeyClass.CLEAN)
    assert opened.holds(KeyClass.COMMON)
    with pytest.raises(KeyNotHeld):
        opened.get_key(KeyClass.IDENTIFYING)


@pytest.mark.parametrize("short", ["", "ninechars", " " * 30, "   short   "])
def test_a_passphrase_that_protects_nobody_is_refused(short: str, cheap: Argon2Cost) -> None:
    with pytest.raises(WeakPassphrase):
        make_slot(Keyring.generate(), 1, "owner", short, cheap)


def test_the_slot_of_a_stranger_cannot_make_us_compute_for_a_day(cheap: Argon2Cost) -> None:
    slot = make_slot(Keyring.generate(), 1, "owner", "a long passphrase", cheap)
    dear = type(slot)(1, "owner", Argon2Cost(memory_kib=2**31), slot.salt, slot.sealed)

    with pytest.raises(ValueError, match="no Earshot chooses"):
        open_slot(dear, "a long passphrase")


def test_keys_travel_to_a_process_of_our_own() -> None:
    ring = Keyring.generate().copy_for_slot(2)

    arrived = Keyring.from_bytes(ring.to_bytes())

    assert arrived.slot == 2
    assert arrived.get_key(KeyClass.CLEAN) == ring.get_key(KeyClass.CLEAN)


@pytest.mark.parametrize("dash", ["-", "", " ", "\u2013", " - "])
def test_a_recovery_code_may_be_typed_sloppily(dash: str) -> None:
    code = generate_recovery_code()

    assert normalise_recovery_code(f"  {code.lower().replace('-', dash)}\n") == code


@given(st.text(max_size=23))
def test_what_is_too_short_for_a_code_stays_as_it_was_typed(passphrase: str) -> None:
    assert normalise_recovery_code(passphrase) == passphrase


def test_no_two_recovery_codes_are_alike() -> None:
    assert len({generate_recovery_code() for _ in range(200)}) == 200


def test_ten_characters_are_a_passphrase_and_blanks_around_them_do_not_count(
    cheap: Argon2Cost,
) -> None:
    slot = make_slot(Keyring.generate(), 1, "owner", "tenletters", cheap)

    assert open_slot(slot, "tenletters") is not None
    with pytest.raises(WeakPassphrase):
        make_slot(Keyring.generate(), 1, "owner", " ninechars ", cheap)


def test_a_guess_costs_what_rfc_9106_says_unless_it_is_told_otherwise() -> None:
    slot = make_slot(Keyring.generate(), 1, "owner", "a long passphrase")

    assert slot.cost == Argon2Cost(iterations=3, lanes=4, memory_kib=65_536)
    assert len(slot.salt) == 16
    assert open_slot(slot, "a long passphrase") is not None


@pytest.mark.parametrize(
    "dear",
    [
        Argon2Cost(iterations=65, lanes=1, memory_kib=64),
        Argon2Cost(iterations=1, lanes=65, memory_kib=1024),
        Argon2Cost(iterations=1, lanes=1, memory_kib=4 * 1024 * 1024 + 1),
    ],
)
def test_each_cost_has_a_limit_above_which_nothing_is_computed(
    cheap: Argon2Cost, dear: Argon2Cost
) -> None:
    slot = make_slot(Keyring.generate(), 1, "owner", "a long passphrase", cheap)

    with pytest.raises(ValueError, match="no Earshot chooses"):
        open_slot(Slot(1, "owner", dear, slot.salt, slot.sealed), "a long passphrase")


def test_the_dearest_cost_that_may_be_chosen_is_paid() -> None:
    dearest = Argon2Cost(iterations=64, lanes=64, memory_kib=512)
    slot = make_slot(Keyring.generate(), 1, "owner", "a long passphrase", dearest)

    assert open_slot(slot, "a long passphrase") is not None


def test_what_stands_beside_a_slot_cannot_be_changed(cheap: Argon2Cost) -> None:
    slot = make_slot(Keyring.generate(), 1, "owner", "a long passphrase", cheap)

    for other in (
        Slot(2, "owner", cheap, slot.salt, slot.sealed),
        Slot(1, "analyst", cheap, slot.salt, slot.sealed),
        Slot(1, "owner", Argon2Cost(2, 1, 64), slot.salt, slot.sealed),
        Slot(1, "owner", cheap, bytes(16), slot.sealed),
    ):
        assert open_slot(other, "a long passphrase") is None


def test_every_class_has_a_key_of_its_own() -> None:
    ring = Keyring.generate()

    keys = {ring.get_key(one) for one in ALL_CLASSES}

    assert (len(keys), {len(key) for key in keys}, ring.slot) == (4, {32}, 0)


def test_a_lesser_ring_holds_nothing_else_and_the_greater_one_stays_whole() -> None:
    ring = Keyring.generate().copy_for_slot(2)
    lesser = ring.copy_with_classes((KeyClass.CLEAN,))

    assert [one for one in ALL_CLASSES if lesser.holds(one)] == [KeyClass.CLEAN, KeyClass.COMMON]
    assert lesser.slot == 2
    assert lesser.get_key(KeyClass.CLEAN) == ring.get_key(KeyClass.CLEAN)
    assert all(ring.holds(one) for one in ALL_CLASSES)


def test_a_recovery_code_is_six_groups_of_four_letters_that_cannot_be_misread() -> None:
    codes = [generate_recovery_code() for _ in range(50)]

    assert all([len(group) for group in code.split("-")] == [4] * 6 for code in codes)
    assert set("".join(codes)) - {"-"} <= set("23456789ABCDEFGHJKMNPQRSTUVWXYZ")


def test_what_only_looks_like_a_code_stays_as_it_was_typed() -> None:
    assert (
        normalise_recovery_code("abcd-" * 5 + "abc0") == "abcd-" * 5 + "abc0"
    )  # no code has a nought
    assert normalise_recovery_code("abcd" * 6 + "a") == "abcd" * 6 + "a"
    assert normalise_recovery_code("abcd" * 6) == "ABCD-ABCD-ABCD-ABCD-ABCD-ABCD"
