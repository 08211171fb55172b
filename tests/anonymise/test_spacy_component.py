"""Earshot's finder works in a pipeline that somebody else made, and finds what Earshot finds."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest
import spacy
from spacy.language import Language
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc, SpanGroup

from anonymise.pipeline import SearchPipeline, settle_finds
from anonymise.register import KnownIdentity
from anonymise.spacy_component import DetailFinder
from models import find_names_model
from study import Category
from study.errors import ModelMissing

PAGE = Path(__file__).parents[2] / "docs" / "spacy.md"
SAID = (
    "My sister Jean lives in Skipton, at 42 Mill Lane.\n"
    "\n"
    "Ring me on 07700 900418. I was a lighthouse keeper.\n"
    "And then Jean came, and Siobhan McDonald with her."
)
FOUND = [
    ("Jean", "person", "relations"),
    ("Skipton", "place", "places"),
    ("42 Mill Lane", "address", "addresses"),
    ("07700 900418", "phone number", "long numbers"),
    ("lighthouse keeper", "occupation", "occupations"),
]
KNOWN = {"person": ["Siobhan McDonald"]}


def foreign(**settings: object) -> Language:
    """A pipeline with components of its own, before Earshot's and after it."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("earshot", config=settings)
    ruler = cast("EntityRuler", nlp.add_pipe("entity_ruler"))
    ruler.add_patterns([{"label": "GPE", "pattern": "Skipton"}])
    return nlp


def group(doc: Doc) -> SpanGroup:
    return cast("SpanGroup", doc.spans["earshot"])


def found(doc: Doc) -> list[tuple[str, str, str]]:
    return [(span.text, span.label_, span.id_) for span in group(doc)]


def scores(doc: Doc) -> list[float]:
    return cast("list[float]", group(doc).attrs["scores"].tolist())


def test_the_page_shows_what_its_example_prints() -> None:
    page = PAGE.read_text(encoding="utf-8")
    ((code, printed),) = re.findall(r"```python\n([^`]+)```\n\n((?:    .*\n)+)", page)

    # A Python of its own: spaCy has to find the component by its entry point.
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8"
    )

    assert ran.stdout.splitlines() == [line.strip() for line in printed.splitlines()]


def test_the_component_stands_among_those_of_others() -> None:
    doc = foreign(known=KNOWN, names=False)(SAID)

    assert found(doc) == [
        *FOUND,
        ("Jean", "person", "names that are words"),
        ("Siobhan McDonald", "person", "register"),
    ]
    assert [(e.text, e.label_) for e in doc.ents] == [("Skipton", "GPE")]
    assert len(list(doc.sents)) == 4
    assert list(doc.spans) == ["earshot"]


def test_it_finds_what_earshot_finds() -> None:
    pipeline = SearchPipeline(
        [KnownIdentity(Category.PERSON, ("Siobhan McDonald",))],
        trained={"names": find_names_model().folder},
    )
    lines = SAID.split("\n")
    settled = settle_finds(pipeline.search_turns(lines))
    doc = foreign(known=KNOWN)(SAID)

    wanted = [
        (line[p.start : p.end], p.category.value, p.source)
        for line, here in zip(lines, settled, strict=True)
        for p in here
    ]
    assert found(doc) == wanted
    assert scores(doc) == [p.score for here in settled for p in here]


def test_many_documents_give_what_one_after_another_does() -> None:
    nlp = foreign(known=KNOWN)
    texts = [SAID, "", "\n\n", "Nothing here.", SAID.lower()] * 3

    together = list(nlp.pipe(texts, batch_size=4))

    assert [doc.text for doc in together] == texts
    assert [found(doc) for doc in together] == [found(nlp(text)) for text in texts]


def test_a_find_within_a_token_is_widened_to_it() -> None:
    nlp = foreign()
    doc = Doc(nlp.vocab, words=["My", "sister", "Jean;", "07700", "900418!"])

    nlp.get_pipe("earshot")(doc)

    assert [text for text, _, _ in found(doc)] == ["Jean;", "07700 900418!"]


def test_finds_outlive_being_written_and_read() -> None:
    nlp = foreign()
    doc = nlp(SAID)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())

    assert found(again) == found(doc)
    assert scores(again) == scores(doc)


def test_a_saved_pipeline_finds_the_same_when_it_is_loaded(tmp_path: Path) -> None:
    nlp = foreign(known=KNOWN, without=["names"])
    nlp.to_disk(tmp_path / "foreign")

    assert found(spacy.load(tmp_path / "foreign")(SAID)) == found(nlp(SAID))


def test_what_is_left_out_does_not_look() -> None:
    sources = {source for _, _, source in found(foreign(without=["relations", "names"])(SAID))}

    assert "places" in sources
    assert not sources & {"relations", "names"}


def test_a_trained_pipeline_beside_it_looks_too(tmp_path: Path) -> None:
    folder = tmp_path / "other"
    folder.symlink_to(find_names_model().folder)
    doc = foreign(names=False, beside=[str(folder)])("Then Margaret Wilson came.")

    assert found(doc) == [("Margaret Wilson", "person", "other")]
    assert found(foreign(names=False)("Then Margaret Wilson came.")) == []


def test_in_another_language_known_names_are_found() -> None:
    nlp = spacy.blank("de")
    nlp.add_pipe("earshot", config={"known": {"person": ["Annegret Müller"]}})

    doc = nlp("Dann kam Annegret Muller vorbei, 07700 900418.")

    assert found(doc) == [("Annegret Muller", "person", "register")]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"known": {"persons": ["Jean"]}}, "no category 'persons'"),
        ({"without": ["titels"]}, "nothing by 'titels'"),
    ],
)
def test_a_setting_that_is_not_there_is_refused(settings: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        foreign(**settings)
    assert "Jean" not in str(refused.value)


def test_a_trained_pipeline_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        foreign(beside=[str(tmp_path / "nowhere")])


def test_what_fails_on_a_line_is_said_and_the_rest_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    nlp = foreign()
    finder = cast("DetailFinder", nlp.get_pipe("earshot"))
    (trained,) = finder._pipeline._trained

    def broken(_: object) -> object:
        raise OSError

    monkeypatch.setattr(trained, "find_names", broken)
    doc = nlp(SAID)

    assert group(doc).attrs["failed"] == ["names"]
    assert found(doc)[: len(FOUND)] == FOUND


@pytest.mark.skipif(not spacy.util.is_package("en_core_web_sm"), reason="no trained pipeline here")
def test_a_trained_pipeline_of_spacys_takes_it() -> None:
    nlp = spacy.load("en_core_web_sm")
    nlp.add_pipe("earshot")

    doc = nlp(SAID)

    assert found(doc)[: len(FOUND)] == FOUND
    assert doc.ents
