"""Who made a bundle: what ``earshot verify`` proves with a key, and what it does not without."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from handoff import format_checksums, hash_files
from study.errors import BundleChanged, NoFingerprint, OtherSigner, PersonRefused
from study.store import MANIFEST_NAME, SIGNATURE_NAME, Argon2Cost, Study, sign_as_openssh
from tests.cli.conftest import Run, result


@pytest.fixture
def bundle(run: Run, signed: Path, tmp_path: Path) -> Path:
    assert run("export", signed, "P07_i1", "--to", tmp_path / "out")[0] == 0
    return tmp_path / "out"


def forge(bundle: Path, cheap: Argon2Cost, tmp_path: Path) -> None:
    """Change a text, list it, and sign the list with a key of the forger's own."""
    (bundle / "P07_i1.txt").write_text("P07: I never said that.\n")
    there = {one.name: one.read_bytes() for one in bundle.iterdir()}
    del there[MANIFEST_NAME], there[SIGNATURE_NAME]
    listed = format_checksums(hash_files(there))
    (bundle / MANIFEST_NAME).write_bytes(listed)
    other, _ = Study.create(tmp_path / "other", "the forger's own words", cost=cheap)
    with other:
        person = other.ring.person
        assert person is not None
        (bundle / SIGNATURE_NAME).write_bytes(sign_as_openssh(person, listed))


def test_the_key_of_who_made_it_proves_a_bundle(run: Run, signed: Path, bundle: Path) -> None:
    shown = run("people", signed, "key")[1].splitlines()
    (bundle.parent / "sender.pub").write_text(shown[2])

    for told in (shown[0].split()[-1], shown[1].strip(), bundle.parent / "sender.pub"):
        code, out, _ = run("verify", bundle, "--key", told)
        assert code == 0
        assert out.startswith(
            "The bundle matches its own list, and the key that you named signed it."
        )
        assert "handed over by owner on" in out
    assert result(run("verify", bundle, "--key", shown[1], "--json")[1])["is_proved"] is True


def test_without_a_key_nothing_stronger_is_said(run: Run, bundle: Path) -> None:
    code, out, _ = run("verify", bundle)

    assert code == 0
    assert out.startswith("The bundle matches its own list; who made it is not proved.\n")
    assert "It is signed with the key SHA256:" in out
    assert result(run("verify", bundle, "--json")[1])["is_proved"] is False


def test_a_forged_bundle_is_noticed_with_the_key(
    run: Run, signed: Path, bundle: Path, cheap: Argon2Cost, tmp_path: Path
) -> None:
    key = result(run("people", signed, "key", "--json")[1])["fingerprint"]
    forge(bundle, cheap, tmp_path)

    code, out, err = run("verify", bundle, "--key", key)
    assert (code, out) == (OtherSigner.exit_code, "")
    assert "does not come from the owner of that key. It is signed with another key." in err

    (bundle / SIGNATURE_NAME).unlink()
    code, _, err = run("verify", bundle, "--key", key)
    assert code == OtherSigner.exit_code
    assert "It has no valid signature." in err
    assert run("verify", bundle)[1].startswith(
        "The bundle matches its own list; who made it is not"
    )


def test_a_signature_of_another_list_is_a_finding(run: Run, bundle: Path) -> None:
    (bundle / "P07_i1.txt").write_text("P07: I never said that.\n")
    there = {one.name: one.read_bytes() for one in bundle.iterdir()}
    del there[MANIFEST_NAME], there[SIGNATURE_NAME]
    (bundle / MANIFEST_NAME).write_bytes(format_checksums(hash_files(there)))

    code, out, _ = run("verify", bundle)

    assert code == BundleChanged.exit_code
    assert f"{SIGNATURE_NAME} is no signature of the list" in out


def test_a_zip_file_is_proved_as_a_folder_is(run: Run, signed: Path, tmp_path: Path) -> None:
    key = result(run("people", signed, "key", "--json")[1])["groups"]
    assert run("export", signed, "P07_i1", "--to", tmp_path / "out.zip")[0] == 0

    assert run("verify", tmp_path / "out.zip", "--key", key)[0] == 0


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed")
def test_the_way_in_the_readme_works_without_earshot(run: Run, signed: Path, bundle: Path) -> None:
    key = result(run("people", signed, "key", "--json")[1])["fingerprint"]
    lines = [
        line.strip()
        for line in (bundle / "README.txt").read_text().splitlines()
        if "SHA256" in line
    ]
    commands = [line for line in lines if line.startswith(("sha256sum", "ssh-keygen"))]

    done = subprocess.run(
        ["sh", "-ec", "\n".join(commands)], cwd=bundle, capture_output=True, check=True, text=True
    )

    assert len(commands) == 2
    assert key in done.stdout


def test_the_sheet_has_the_fingerprint_of_who_signed(run: Run, signed: Path) -> None:
    shown = run("people", signed, "key")[1].splitlines()

    sheet = run("sign", signed, "P07_i1", "--show")[1]

    assert shown[0].split()[-1] in sheet
    assert shown[1].strip() in " ".join(sheet.split())  # over two lines, for 80 columns


def test_the_key_of_nobody_is_refused(run: Run, signed: Path) -> None:
    assert run("people", signed, "key", "Nobody")[0] == PersonRefused.exit_code


def test_a_bundle_in_the_study_that_somebody_signed_anew_is_found(
    run: Run, signed: Path, cheap: Argon2Cost, tmp_path: Path
) -> None:
    assert run("export", signed, "P07_i1")[0] == 0
    forge(signed / "handed-over" / "P07_i1", cheap, tmp_path)

    code, out, _ = run("log", "verify", signed)

    assert code
    assert f"handed-over/P07_i1/{SIGNATURE_NAME} was not signed by anybody here" in out


@pytest.mark.parametrize("told", ["xx", "SHA256:x5kM0pTqf", "no-such.pub"])
def test_what_is_no_fingerprint_is_not_told_as_another_signer(
    run: Run, bundle: Path, told: str
) -> None:
    code, out, err = run("verify", bundle, "--key", told)

    assert (code, out) == (NoFingerprint.exit_code, "")
    assert "Do not use it" not in err


def test_a_link_to_the_same_text_elsewhere_is_no_part_of_a_bundle(
    run: Run, bundle: Path, tmp_path: Path
) -> None:
    """What it points to can be changed, or belong to another, once it was checked."""
    shutil.move(bundle / "P07_i1.txt", tmp_path / "elsewhere.txt")
    (bundle / "P07_i1.txt").symlink_to(tmp_path / "elsewhere.txt")

    code, out, _ = run("verify", bundle)

    assert code == BundleChanged.exit_code
    assert "P07_i1.txt is not what was written" in out
