"""Models on the shelf: whole ones are offered, others never; what made a transcript is named."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest

from cli import advise_verb, main
from models.catalogue import ModelKind, ModelOffer, find_offer
from models.checksums import (
    CHECKSUMS_NAME,
    ModelChecksums,
    hash_model,
    read_checksums,
    write_checksums,
)
from models.installation import install_local_model
from models.installed_models import (
    InstalledModel,
    find_model,
    find_names_model,
    find_speech_model,
    is_model_whole,
    list_models,
)
from study.errors import ModelBabbles, ModelBroken, ModelMissing
from tests.models.conftest import FILES


def believe(offer: ModelOffer, found: ModelChecksums) -> None:
    """Stand in for holding a model against the catalogue, whose files are too large for a test."""
    assert found.name == offer.name


@pytest.fixture
def here(shelf_folder: Path) -> InstalledModel:
    """A model in its place, with a stamp."""
    offer = find_offer("tiny.en")
    assert offer is not None
    folder = shelf_folder / "tiny.en"
    folder.mkdir(parents=True)
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    write_checksums(
        folder, hash_model(folder, offer.name, offer.kind, offer.source, offer.revision)
    )
    return InstalledModel(offer, folder)


def test_a_whole_model_is_found_by_name_and_where_none_is_named(here: InstalledModel) -> None:
    assert find_speech_model("tiny.en") == here
    assert find_speech_model() == here


def test_where_base_is_here_too_it_hears_english_as_the_list_says(here: InstalledModel) -> None:
    """The list said that tiny.en hears English better, and base heard it all the same."""
    base = find_offer("base")
    assert base is not None
    shutil.copytree(here.folder, here.folder.parent / "base")
    (here.folder.parent / "base" / CHECKSUMS_NAME).unlink()

    assert find_speech_model(language="en").name == "base"
    assert find_speech_model("tiny.en", "en") == here
    assert "English at least as well as tiny.en" in base.good_for


def test_where_no_speech_model_is_installed_that_is_said(shelf_folder: Path) -> None:
    assert not shelf_folder.exists()

    with pytest.raises(ModelMissing):
        find_speech_model()


def test_the_hash_comes_from_the_stamp_and_is_that_of_the_files(here: InstalledModel) -> None:
    by_stamp = here.sha256()
    (here.folder / CHECKSUMS_NAME).unlink()

    assert here.sha256() == by_stamp


def test_a_card_may_change_without_making_it_another_model(here: InstalledModel) -> None:
    (here.folder / CHECKSUMS_NAME).unlink()
    before = here.sha256()
    (here.folder / "README.md").write_text("a card")

    assert here.sha256() == before


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_missing_file_is_noticed(here: InstalledModel, name: str) -> None:
    (here.folder / name).unlink()

    assert not is_model_whole(ModelKind.SPEECH, here.folder)
    with pytest.raises(ModelBroken):
        find_speech_model("tiny.en")
    with pytest.raises(ModelMissing):
        find_speech_model()


def test_a_half_copied_model_is_noticed(here: InstalledModel) -> None:
    (here.folder / "model.bin").write_bytes(FILES["model.bin"][:-1])

    with pytest.raises(ModelBroken):
        find_speech_model("tiny.en")
    with pytest.raises(ModelBroken):
        here.sha256()


def test_a_model_that_was_deleted_while_in_use_is_told_in_a_sentence(here: InstalledModel) -> None:
    shutil.rmtree(here.folder)

    with pytest.raises(ModelMissing):
        find_speech_model("tiny.en")
    with pytest.raises(ModelBroken):
        here.sha256()
    assert not is_model_whole(ModelKind.SPEECH, here.folder)


def test_a_model_for_a_newer_ctranslate2_says_so(here: InstalledModel) -> None:
    with (here.folder / "model.bin").open("r+b") as file:
        file.write(struct.pack("<I", 7))

    with pytest.raises(ModelBroken, match="newer CTranslate2") as told:
        find_speech_model("tiny.en")
    assert "newer Earshot" in advise_verb(told.value)


def test_a_stamp_that_cannot_be_read_is_no_stamp(here: InstalledModel) -> None:
    (here.folder / CHECKSUMS_NAME).write_bytes(b"\xff\x00{")

    assert read_checksums(here.folder) is None
    assert is_model_whole(ModelKind.SPEECH, here.folder)


def test_a_folder_that_is_a_file_is_no_model(shelf_folder: Path) -> None:
    shelf_folder.mkdir()
    (shelf_folder / "tiny.en").write_bytes(b"")

    with pytest.raises(ModelMissing):
        find_speech_model("tiny.en")
    assert not is_model_whole(ModelKind.SPEECH, shelf_folder / "tiny.en")


def test_the_bundled_model_is_whole() -> None:
    assert find_model("names-en").sha256()


def test_a_model_that_babbles_is_not_installed_unless_a_person_insists(
    shelf_folder: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def babble(_: InstalledModel) -> None:
        raise ModelBabbles("speech", "heard other words")

    monkeypatch.setattr("models.installation._check_against_catalogue", believe)
    monkeypatch.setattr("cli.verbs.models.check_model", babble)

    assert main(["models", "get", "tiny.en", "--from", str(folder)]) == ModelBabbles.exit_code
    assert not (shelf_folder / "tiny.en").exists()
    assert main(["models", "get", "tiny.en", "--from", str(folder), "--untried"]) == 0
    assert "tiny.en is here" in capsys.readouterr().out


def test_a_model_is_got_tried_packed_carried_and_removed_by_the_verb(
    tiny_en: InstalledModel,
    shelf_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["models", "get", "tiny.en", "--from", str(tiny_en.folder)]) == 0
    assert main(["models", "try", "tiny.en"]) == 0
    assert main(["models", "pack", "tiny.en", "--to", str(tmp_path / "t.tar")]) == 0
    assert main(["models", "remove", "tiny.en"]) == 0
    assert list(shelf_folder.iterdir()) == []
    assert main(["models", "get", "tiny.en", "--from", str(tmp_path / "t.tar")]) == 0

    assert find_speech_model().name == "tiny.en"
    assert "On the other computer" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["get"], "was not named"),
        (["get", "nothing"], "not one that Earshot knows"),
        (["try", "no/such"], "not one that Earshot knows"),
        (["pack", "small"], "speech model is not installed"),
        (["remove", "small"], "speech model is not installed"),
        (["remove", "names-en"], "ships with Earshot"),
        (["get", "names-en"], "ships with Earshot"),
    ],
)
def test_what_cannot_be_got_packed_or_removed_is_told_why(
    shelf_folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    assert main(["models", *words]) == ModelMissing.exit_code
    assert not shelf_folder.exists()
    assert told in capsys.readouterr().err


def test_the_table_reads_as_facts_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], shelf_folder: Path
) -> None:
    (shelf_folder / "tiny.en").mkdir(parents=True)

    assert main(["models"]) == 0

    told = capsys.readouterr()
    assert max(map(len, told.out.splitlines())) <= 80
    assert "model: tiny.en\nhere: ! broken\n" in told.out
    assert "model: names-en\nhere: ours\n" in told.out
    assert "earshot models get" in told.err


def test_take_is_what_the_shelf_then_finds(shelf_folder: Path, here: InstalledModel) -> None:
    other = shelf_folder.parent / "copied"
    shutil.copytree(here.folder, other)
    shutil.rmtree(here.folder)
    offer = here.offer

    with pytest.raises(ModelBroken, match="catalogue"):
        install_local_model(offer, other)

    assert list_models(ModelKind.SPEECH) == []


def test_names_are_found_by_our_own_model_unless_another_is_asked_for(shelf_folder: Path) -> None:
    fetched = shelf_folder / "en_core_web_lg"
    shutil.copytree(find_names_model().folder, fetched)

    assert find_names_model().name == "names-en"
    assert find_names_model("en_core_web_lg").folder == fetched
    for other in ("en_core_web_sm", "tiny.en", "no/such"):
        with pytest.raises(ModelMissing):
            find_names_model(other)
