from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from study.store.seal import (
    SealBroken,
    build_associated_data,
    generate_key,
    seal_bytes,
    unseal_bytes,
)

parts = st.lists(st.one_of(st.text(), st.binary()))


def test_any_flipped_bit_breaks_the_seal() -> None:
    key = generate_key()
    sealed = bytearray(seal_bytes(key, b"a word", b"where it belongs"))

    for bit in range(8 * len(sealed)):
        sealed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealBroken):
            unseal_bytes(key, bytes(sealed), b"where it belongs")
        sealed[bit // 8] ^= 1 << bit % 8
    assert unseal_bytes(key, bytes(sealed), b"where it belongs") == b"a word"


def test_what_was_cut_short_does_not_open() -> None:
    key = generate_key()
    sealed = seal_bytes(key, b"a word", b"")

    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            unseal_bytes(key, sealed[:length], b"")


def test_what_is_sealed_for_one_place_does_not_open_in_another() -> None:
    key = generate_key()

    with pytest.raises(SealBroken):
        unseal_bytes(
            key,
            seal_bytes(key, b"a word", build_associated_data("raw", 1)),
            build_associated_data("raw", 2),
        )


@given(parts, parts)
def test_different_parts_never_bind_alike(
    some: list[str | bytes], other: list[str | bytes]
) -> None:
    as_bytes = [[p if isinstance(p, bytes) else p.encode() for p in one] for one in (some, other)]

    assert (build_associated_data(*some) == build_associated_data(*other)) == (
        as_bytes[0] == as_bytes[1]
    )


def test_a_seal_is_what_the_format_says_twelve_bytes_of_nonce_and_then_aes_gcm() -> None:
    key = generate_key()
    sealed = seal_bytes(key, b"a word", b"bound")

    assert len(key) == 32
    assert len(sealed) == 12 + len(b"a word") + 16
    assert AESGCM(key).decrypt(sealed[:12], sealed[12:], b"bound") == b"a word"


def test_nothing_can_be_sealed_and_opened() -> None:
    key = generate_key()

    assert unseal_bytes(key, seal_bytes(key, b"", b""), b"") == b""


def test_what_is_bound_is_as_the_format_says_four_bytes_of_length_before_each_part() -> None:
    assert build_associated_data("raw", 12, b"\xff\0") == b"\0\0\0\3raw\0\0\0\x0212\0\0\0\2\xff\0"
    assert build_associated_data() == b""


def test_the_same_words_are_never_sealed_alike() -> None:
    key = generate_key()

    assert len({seal_bytes(key, b"a word", b"") for _ in range(50)}) == 50
    assert len({generate_key() for _ in range(50)}) == 50


def test_a_key_of_another_study_does_not_open() -> None:
    with pytest.raises(SealBroken):
        unseal_bytes(generate_key(), seal_bytes(generate_key(), b"a word", b""), b"")
