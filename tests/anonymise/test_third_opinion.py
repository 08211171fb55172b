"""A pipeline of somebody's own asks, and makes nothing surer."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import spacy

from anonymise.search import search_transcript
from models import (
    InstalledModel,
    ModelKind,
    find_names_model,
    find_own_pipeline,
    hash_model,
    write_checksums,
)
from study.errors import ModelBroken, ModelFlaw, ModelMissing
from study.store import Interview, read_decisions, read_mention_words

Hear = Callable[..., Interview]
TALK = ("My sister Jean came over from Skipton with Mr Featherstone.", "We went to Horbury then.")


@pytest.fixture
def own(tmp_path: Path) -> InstalledModel:
    """A genuine pipeline that the catalogue does not know: a copy of the bundled one."""
    shutil.copytree(find_names_model().folder, tmp_path / "our_ward_names")
    return find_own_pipeline(str(tmp_path / "our_ward_names"))


def finds(interview: Interview) -> dict[str, tuple[str, bool]]:
    """The source of each mention, and whether it is sure, by its words."""
    said = read_mention_words(interview)
    return {
        said[d.mention.key]: (d.mention.source, d.mention.is_likely)
        for d in read_decisions(interview)
    }


def test_what_it_finds_is_asked_under_its_name(hear: Hear, own: InstalledModel) -> None:
    one = hear(*TALK)

    without = ("places", "towns", "titles")  # rules that find the same
    mentions = search_transcript(one, name_model=None, opinions=[own], skipped_rules=without)

    mine = {words for words, (source, _) in finds(one).items() if source == "our_ward_names"}
    assert {"Skipton", "Horbury"} <= mine
    assert not any(sure for source, sure in finds(one).values() if source == "our_ward_names")
    assert [(f.source, f.model) for f in mentions.finders] == [("our_ward_names",) * 2]


def test_it_makes_no_other_find_surer(hear: Hear, own: InstalledModel) -> None:
    alone, beside = hear(*TALK), hear(*TALK)
    search_transcript(alone, name_model=find_names_model())

    search_transcript(beside, name_model=find_names_model(), opinions=[own])

    scores = [[d.mention.score for d in read_decisions(one)] for one in (alone, beside)]
    assert scores[0] == scores[1]
    assert any(sure for _, sure in finds(beside).values())


def test_a_folder_without_a_pipeline_is_told_from_none_at_all(tmp_path: Path) -> None:
    with pytest.raises(ModelBroken):
        find_own_pipeline(str(tmp_path))
    with pytest.raises(ModelMissing):
        find_own_pipeline(str(tmp_path / "none"))
    with pytest.raises(ModelMissing):
        find_own_pipeline("no_such_pipeline_package")


def test_a_damaged_pipeline_of_ones_own_is_not_to_be_fetched_again(
    hear: Hear, own: InstalledModel
) -> None:
    (own.folder / "vocab" / "strings.json").write_bytes(b"{")
    (own.folder / "ner" / "model").write_bytes(b"")

    with pytest.raises(ModelBroken, match="neither a whole spaCy pipeline") as refused:
        search_transcript(hear(*TALK), name_model=None, opinions=[own])

    assert refused.value.flaw is ModelFlaw.NO_FINDER  # whose advice is about --opinion


def test_an_installed_pipeline_that_was_copied_in_part_is_not_to_be_fetched_again(
    hear: Hear, own: InstalledModel
) -> None:
    sums = hash_model(own.folder, own.name, ModelKind.NAMES, "a hub", "1")
    write_checksums(own.folder, sums)
    (own.folder / "ner" / "model").write_bytes(b"")

    with pytest.raises(ModelBroken) as refused:
        search_transcript(hear(*TALK), name_model=None, opinions=[own])

    assert refused.value.flaw is ModelFlaw.NO_FINDER


def test_a_pipeline_that_finds_no_names_is_said_to_be_one(hear: Hear, tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "no_names")
    one = hear(*TALK)

    with pytest.raises(ModelBroken, match="finds no names") as refused:
        search_transcript(
            one, name_model=None, opinions=[find_own_pipeline(str(tmp_path / "no_names"))]
        )

    assert refused.value.flaw is ModelFlaw.NO_NAMES
