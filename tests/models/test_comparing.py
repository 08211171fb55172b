"""Finders of names are measured side by side, on lines of ours and on text that a person has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.pipeline import EntityRuler
from spacy.tokens import Doc

from cli import main
from models.finder_scores import TEXT_FORMS, score_finder
from models.labelled_text import (
    ENTITY_LABELS,
    LabelledSpan,
    LabelledText,
    is_held_out,
    load_hard_lines,
    load_test_sets,
    lowercase_text,
    parse_marked_line,
    read_jsonl_texts,
)
from study.errors import NoMarkedText


def finder(**labels: str) -> Language:
    """A pipeline that finds exactly these words, each with its label."""
    made = spacy.blank("en")
    ruler = made.add_pipe("entity_ruler", name="ner")
    assert isinstance(ruler, EntityRuler)
    ruler.add_patterns([{"label": label, "pattern": word} for word, label in labels.items()])
    return made


def installed(shelf_folder: Path, name: str, pipeline: Language) -> Path:
    """Put a pipeline where fetched ones lie."""
    folder = shelf_folder / name
    folder.parent.mkdir(exist_ok=True)
    pipeline.to_disk(folder)
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with one set of two lines."""
    folder = tmp_path / "data"
    folder.mkdir()
    spans = (0, 4, "PERSON"), (14, 19, "GPE")
    friday = row("b", "We saw her on Friday.", (14, 20, "DATE"))
    write(folder / "own.jsonl", [row("a", "Jean lives in Leeds.", *spans), friday])
    return folder


def row(name: str, text: str, *spans: tuple[int, int, str]) -> dict[str, object]:
    marks = [{"start": start, "end": end, "type": kind} for start, end, kind in spans]
    return {"id": name, "text": text, "spans": marks, "annotator": "somebody"}


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")


def rows_of(out: str) -> list[dict[str, object]]:
    (done,) = [e for e in map(json.loads, out.splitlines()) if e["event"] == "done"]
    return list(done["result"])


def test_a_name_counts_when_every_letter_of_it_is_masked() -> None:
    said = [
        parse_marked_line("[Margaret Wilson|PERSON] lives in [Leeds|PLACE] with [Amit|PERSON].")
    ]

    count = score_finder(finder(Margaret="PERSON", Leeds="ORG", lives="PERSON"), said)

    assert count.found == {"PERSON": 0, "PLACE": 1, "ORG": 0}  # the wrong label masks as well
    assert count.there == {"PERSON": 2, "PLACE": 1, "ORG": 0}
    assert count.recall == pytest.approx(1 / 3)
    assert count.precision == pytest.approx(2 / 3)  # Margaret and Leeds, not lives
    assert count.words == 7


def test_an_article_before_a_name_and_a_possessive_after_it_need_not_be_masked() -> None:
    said = [parse_marked_line("We went to [the Hallamshire|ORG] in [Jean's|PERSON] car.")]

    assert score_finder(finder(Hallamshire="ORG", Jean="PERSON"), said).recall == 1


def test_what_is_no_person_place_or_organisation_does_not_count() -> None:
    said = [parse_marked_line("[Jean|PERSON] came on Friday.")]

    count = score_finder(finder(Jean="PERSON", Friday="DATE"), said)

    assert (count.recall, count.precision) == (1, 1)


def test_nothing_found_in_nothing_is_no_error() -> None:
    count = score_finder(finder(), [])

    assert (count.recall, count.precision, count.speed) == (0, 0, 0)


def test_the_lower_form_has_no_capitals_and_the_same_names() -> None:
    small = [TEXT_FORMS["lower"](passage) for passage in load_hard_lines()]

    assert all(passage.text == passage.text.lower() for passage in small)
    assert [p.spans for p in small] == [p.spans for p in load_hard_lines()]


@given(st.lists(st.tuples(st.sampled_from(["jean", "Leeds", "on", "ward"]),
                          st.sampled_from([None, *ENTITY_LABELS])), max_size=12))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_who_finds_what_is_marked_and_no_more_is_right_throughout(
    words: list[tuple[str, str | None]],
) -> None:
    line = " ".join(f"[{word}|{label}]" if label else word for word, label in words)
    passage = parse_marked_line(line)

    assert passage.text == " ".join(word for word, _ in words)
    assert passage.labelled_words() == [(word, label) for word, label in words if label]
    count = score_finder(_Knowing(passage), [passage])
    assert count.recall == count.precision == (1 if passage.spans else 0)


class _Knowing:
    """A finder that knows what is marked in one passage."""

    def __init__(self, passage: LabelledText) -> None:
        self._passage = passage

    def pipe(self, texts: Iterable[str], *, batch_size: int) -> Iterator[Doc]:
        assert batch_size
        for text in texts:
            doc = spacy.blank("en")(text)
            marks = [doc.char_span(s.start, s.end, s.label) for s in self._passage.spans]
            doc.ents = [mark for mark in marks if mark is not None]
            yield doc


def test_a_set_is_read_in_our_labels_and_without_what_is_no_name(data: Path) -> None:
    assert read_jsonl_texts(data / "own.jsonl") == [
        (
            "a",
            LabelledText(
                "Jean lives in Leeds.",
                (LabelledSpan(0, 4, "PERSON"), LabelledSpan(14, 19, "PLACE")),
            ),
        ),
        ("b", LabelledText("We saw her on Friday.")),
    ]


def test_documents_that_our_finder_learnt_from_do_not_measure_it(data: Path) -> None:
    trained, aside = "GUM_interview_ants", "GUM_interview_hill"
    write(data / "gum-interview.jsonl", [row(trained, "Jean."), row(aside, "Joan.")])

    assert load_test_sets(data)["gum-interview"] == [LabelledText("Joan.")]
    assert is_held_out("own", trained)
    numbers = [is_held_out("presidio-synthetic", str(n)) for n in range(1000)]
    assert 100 < sum(numbers) < 200


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        '{"id": 1, "text": "Jean"}',
        '{"id": 1, "text": 5, "spans": []}',
        '{"id": 1, "text": "Jean", "spans": [{"start": 0, "end": 5, "type": "PERSON"}]}',
        '{"id": 1, "text": "Jean", "spans": [{"start": -1, "end": 2, "type": "PERSON"}]}',
        '{"id": 1, "text": "Jean", "spans": [{"start": 2, "end": 2, "type": "PERSON"}]}',
        "\udcff\udcfe",
    ],
)
def test_a_line_that_cannot_be_read_is_refused_and_not_repeated(
    data: Path, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "own.jsonl").write_bytes(line.encode(errors="surrogateescape") + b"\n")

    assert main(["models", "compare", "--data", str(data)]) == NoMarkedText.exit_code

    told = capsys.readouterr().err
    assert "Jean" not in told
    assert "docs/models.md" in told


@pytest.mark.parametrize("folder", ["", "nothing/there"])
def test_a_folder_without_sets_is_refused(tmp_path: Path, folder: str) -> None:
    assert main(["models", "compare", "--data", str(tmp_path / folder)]) == NoMarkedText.exit_code


def test_every_pipeline_that_is_here_stands_beside_ours(
    shelf_folder: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    installed(shelf_folder, "en_core_web_sm", finder(Jean="PERSON", Friday="DATE"))

    assert main(["models", "compare", "--data", str(data), "--json"]) == 0

    rows = rows_of(capsys.readouterr().out)
    assert [(r["text"], r["as"], r["model"]) for r in rows] == [
        (text, form, model)
        for text in ("hard lines", "own")
        for form in ("written", "lower")
        for model in ("names-en", "en_core_web_sm")
    ]
    theirs = {r["as"]: r for r in rows if r["text"] == "own" and r["model"] == "en_core_web_sm"}
    assert (theirs["written"]["recall"], theirs["written"]["token_precision"]) == (0.5, 1.0)
    assert (theirs["lower"]["recall"], theirs["written"]["names"]) == (0.0, 2)


def test_one_pipeline_can_be_asked_for(
    shelf_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    installed(shelf_folder, "en_core_web_sm", finder(Jean="PERSON"))

    assert main(["models", "compare", "en_core_web_sm", "--json"]) == 0

    assert {r["model"] for r in rows_of(capsys.readouterr().out)} == {"en_core_web_sm"}


def test_a_pipeline_that_does_not_load_is_left_out_and_said(
    shelf_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = installed(shelf_folder, "en_core_web_sm", finder(Jean="PERSON"))
    (folder / "config.cfg").write_text("[nlp]\nlang = 'en'\n")

    assert main(["models", "compare"]) == 0

    told = capsys.readouterr()
    assert "en_core_web_sm does not load" in told.err
    assert "names-en" in told.out


def test_the_table_of_finders_is_readable_in_80_columns(
    shelf_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    installed(shelf_folder, "en_core_web_trf", finder(Jean="PERSON"))

    assert main(["models", "compare"]) == 0

    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert out.count("en_core_web_trf") == 2


def test_our_finder_finds_most_names_in_the_hard_lines_in_either_form() -> None:
    ours = spacy.load(Path(__file__).parents[2] / "models" / "bundled" / "ner-en")

    written, small = (
        score_finder(ours, load_hard_lines()),
        score_finder(ours, map(lowercase_text, load_hard_lines())),
    )

    assert min(written.recall, small.recall) >= 0.80
    assert min(written.precision, small.precision) >= 0.80
