"""A signature that OpenSSH reads, and one of OpenSSH that Earshot reads."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.store.person_keys import PersonKeys
from study.store.ssh_signatures import (
    find_signer,
    format_fingerprint,
    format_fingerprint_groups,
    format_public_key,
    matches_fingerprint,
    sign_as_openssh,
)

CONTENT = b"0f3c  P07_i1.txt\n"
PERSON = PersonKeys.generate()
SIGNATURE = sign_as_openssh(PERSON, CONTENT)
needs_openssh = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed"
)


def keygen(*words: object, given: bytes = b"") -> str:
    done = subprocess.run(
        ["ssh-keygen", *map(str, words)], input=given, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


@needs_openssh
def test_openssh_checks_a_signature_of_ours_and_names_its_key(tmp_path: Path) -> None:
    (tmp_path / "list.sig").write_bytes(SIGNATURE)

    told = keygen(
        "-Y", "check-novalidate", "-n", "earshot", "-s", tmp_path / "list.sig", given=CONTENT
    )

    assert told.startswith('Good "earshot" signature with ED25519 key ')
    assert format_fingerprint(PERSON.signing_public) in told


@needs_openssh
def test_openssh_checks_it_by_a_list_of_keys(tmp_path: Path) -> None:
    (tmp_path / "list.sig").write_bytes(SIGNATURE)
    key = format_public_key(PERSON.signing_public)
    (tmp_path / "senders").write_text(f'okafor namespaces="earshot" {key}\n')

    told = keygen(
        "-Y", "verify", "-f", tmp_path / "senders", "-I", "okafor", "-n", "earshot",
        "-s", tmp_path / "list.sig", given=CONTENT,
    )  # fmt: skip

    assert told.startswith('Good "earshot" signature for okafor')


@needs_openssh
def test_a_signature_that_openssh_made_names_its_key(tmp_path: Path) -> None:
    keygen("-q", "-t", "ed25519", "-N", "", "-C", "somebody", "-f", tmp_path / "key")
    (tmp_path / "list").write_bytes(CONTENT)
    keygen("-q", "-Y", "sign", "-f", tmp_path / "key", "-n", "earshot", tmp_path / "list")

    signer = find_signer((tmp_path / "list.sig").read_bytes(), CONTENT)

    assert signer is not None
    assert matches_fingerprint(signer, (tmp_path / "key.pub").read_text())
    assert keygen("-l", "-f", tmp_path / "key.pub").split()[1] == format_fingerprint(signer)


def test_it_fits_its_content_and_no_other() -> None:
    assert find_signer(SIGNATURE, CONTENT) == PERSON.signing_public
    assert find_signer(SIGNATURE, CONTENT + b" ") is None


def test_every_changed_bit_is_noticed() -> None:
    for at in range(8 * len(SIGNATURE)):
        changed = bytearray(SIGNATURE)
        changed[at // 8] ^= 1 << at % 8
        assert find_signer(bytes(changed), CONTENT) is None, at


@given(st.binary(max_size=400))
def test_no_bytes_are_taken_for_a_signature(raw: bytes) -> None:
    assert find_signer(raw, CONTENT) is None
    armoured = b"-----BEGIN SSH SIGNATURE-----\n" + raw + b"\n-----END SSH SIGNATURE-----\n"
    assert find_signer(armoured, CONTENT) is None


def test_a_key_is_named_by_its_fingerprint_in_groups_or_as_a_line() -> None:
    public, other = PERSON.signing_public, PersonKeys.generate().signing_public
    groups = format_fingerprint_groups(public)

    assert len(groups.split()) == 16
    for told in (
        groups,
        groups.upper().replace(" ", "-"),
        f" {format_fingerprint(public)}\n",
        format_public_key(public),
        f"# the sender\n{format_public_key(other)}\n{format_public_key(public, 'O. Okafor')}\n",
    ):
        assert matches_fingerprint(public, told), told
    for told in ("", "SHA256:", groups[:-1], groups[5:], format_public_key(other), "ssh-ed25519"):
        assert not matches_fingerprint(public, told), told
