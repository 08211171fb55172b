from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.seal import SealBroken, bind, new_key, seal, unseal

parts = st.lists(st.one_of(st.text(), st.binary()))


def test_any_flipped_bit_breaks_the_seal() -> None:
    key = new_key()
    sealed = bytearray(seal(key, b"a word", b"where it belongs"))

    for bit in range(8 * len(sealed)):
        sealed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealBroken):
            unseal(key, bytes(sealed), b"where it belongs")
        sealed[bit // 8] ^= 1 << bit % 8
    assert unseal(key, bytes(sealed), b"where it belongs") == b"a word"


def test_what_was_cut_short_does_not_open() -> None:
    key = new_key()
    sealed = seal(key, b"a word", b"")

    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            unseal(key, sealed[:length], b"")


def test_what_is_sealed_for_one_place_does_not_open_in_another() -> None:
    key = new_key()

    with pytest.raises(SealBroken):
        unseal(key, seal(key, b"a word", bind("raw", 1)), bind("raw", 2))


@given(parts, parts)
def test_different_parts_never_bind_alike(
    some: list[str | bytes], other: list[str | bytes]
) -> None:
    as_bytes = [[p if isinstance(p, bytes) else p.encode() for p in one] for one in (some, other)]

    assert (bind(*some) == bind(*other)) == (as_bytes[0] == as_bytes[1])
