"""A token classifier of somebody's own gives its opinion, and a broken one is told.

The classifier is a real network of one layer, which gives each word of its vocabulary the label
that this file chose; genuine weights of this kind are not to be had as a package.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from onnx import NodeProto, TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

from anonymise.name_finder import TrainedNameFinder
from anonymise.name_marks import Candidate, Sureness
from anonymise.search import search_transcript
from anonymise.token_classifier import TokenClassifier
from models import find_own_pipeline
from study.errors import ModelBroken, ModelFlaw
from study.store import Interview, read_decisions, read_mention_words

Hear = Callable[..., Interview]
LABELS = ("O", "B-PER", "I-PER", "B-CITY")
WORDS = {"Jean": "B-PER", "Ravendrun": "I-PER", "Netherthung": "B-CITY", "Doris": "B-PER"}
FIRM = 6.0  # of logits beside 0: a probability of .99


def make_classifier(
    folder: Path,
    words: Mapping[str, str] = WORDS,
    labels: tuple[str, ...] = LABELS,
    *,
    network: str = "model.onnx",
    weight: float = FIRM,
) -> Path:
    """Write a classifier as the hubs lay one out."""
    (folder / network).parent.mkdir(parents=True, exist_ok=True)
    vocabulary = {"[UNK]": 0} | {word: at for at, word in enumerate(words, 1)}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"id2label": {str(at): label for at, label in enumerate(labels)}}
    (folder / "config.json").write_text(json.dumps(settings), encoding="utf-8")
    table = np.zeros((len(vocabulary), len(labels)), dtype=np.float32)
    table[0, 0] = weight
    for word, at in list(vocabulary.items())[1:]:
        table[at, labels.index(words[word])] = weight
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["logits"])],
        "classifier",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (folder / network).write_bytes(model.SerializeToString())
    return folder


def write_network(folder: Path, *after: NodeProto, table: npt.NDArray[np.float32]) -> None:
    """Write a network that looks each token up, and does something more with what it finds."""
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["found"]), *after],
        "classifier",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "length"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (folder / "model.onnx").write_bytes(model.SerializeToString())


def find(folder: Path, text: str) -> list[Candidate]:
    (found,) = TokenClassifier(folder).find_candidates([text])
    return found


def test_words_of_one_name_are_one_candidate_and_a_new_one_begins_with_b(tmp_path: Path) -> None:
    found = find(make_classifier(tmp_path), "So Jean Ravendrun and Jean Doris met.")

    text = "So Jean Ravendrun and Jean Doris met."
    assert [text[one.start : one.end] for one in found] == ["Jean Ravendrun", "Jean", "Doris"]
    assert {one.sureness for one in found} == {Sureness.FIRM}


def test_a_classifier_that_leans_only_a_little_is_not_firm(tmp_path: Path) -> None:
    found = find(make_classifier(tmp_path, weight=1.5), "So Jean went.")

    assert [one.sureness for one in found] == [Sureness.PLAIN]


def test_a_long_turn_is_seen_whole_and_nothing_in_it_twice(tmp_path: Path) -> None:
    said = ["Jean" if at % 97 == 0 else "well" for at in range(3_000)]
    text = " ".join(said)

    found = find(make_classifier(tmp_path), text)

    assert [text[: one.start].count(" ") for one in found] == list(range(0, 3_000, 97))


def test_a_name_at_the_seam_of_two_parts_is_one(tmp_path: Path) -> None:
    folder = make_classifier(tmp_path)

    for before in range(500, 515):
        text = "well " * before + "Jean Ravendrun went " + "well " * 300
        assert [text[one.start : one.end] for one in find(folder, text)] == ["Jean Ravendrun"]


@pytest.mark.parametrize("network", ["model.onnx", "onnx/model.onnx", "onnx/model_quantized.onnx"])
def test_what_it_finds_is_asked_under_its_name(hear: Hear, tmp_path: Path, network: str) -> None:
    own = find_own_pipeline(str(make_classifier(tmp_path / "ward-names", network=network)))
    one = hear("We went over to Netherthung then.")

    without = ("places", "towns", "unexplained capitals")
    mentions = search_transcript(one, name_model=None, opinions=[own], skipped_rules=without)

    said = read_mention_words(one)
    asked = {said[d.mention.key]: d.mention for d in read_decisions(one)}
    assert asked["Netherthung"].source == "ward-names"
    assert not asked["Netherthung"].is_likely
    assert mentions.finders[0].sha256 == own.sha256()


def test_labels_that_name_nothing_here_are_said_to_find_no_names(tmp_path: Path) -> None:
    own = make_classifier(tmp_path, {"good": "B-POSITIVE"}, ("O", "B-POSITIVE"))

    with pytest.raises(ModelBroken) as refused:
        TrainedNameFinder(own)
    assert refused.value.flaw is ModelFlaw.NO_NAMES


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.onnx"])
@pytest.mark.parametrize("held", ["", "{}", "nonsense" * 50])
def test_a_broken_file_is_said_to_be_one(tmp_path: Path, name: str, held: str) -> None:
    folder = make_classifier(tmp_path)
    (folder / name).write_text(held, encoding="utf-8")

    with pytest.raises(ModelBroken) as refused:
        find(folder, "So Jean went.")
    assert refused.value.flaw is ModelFlaw.NO_FINDER


def test_a_network_with_fewer_labels_than_it_answers_is_broken(tmp_path: Path) -> None:
    folder = make_classifier(tmp_path)
    (folder / "config.json").write_text('{"id2label": {"0": "O"}}', encoding="utf-8")

    with pytest.raises(ModelBroken):
        find(folder, "So Jean went.")


@pytest.mark.parametrize(
    "after",
    [
        helper.make_node("ReduceMax", ["found"], ["logits"], axes=[1], keepdims=1),
        helper.make_node("Concat", ["found", "found"], ["logits"], axis=1),
    ],
    ids=["one for all", "two for each"],
)
def test_a_network_that_labels_other_than_each_token_is_broken(
    tmp_path: Path, after: NodeProto
) -> None:
    folder = make_classifier(tmp_path)
    write_network(folder, after, table=np.zeros((9, 4), dtype=np.float32))

    with pytest.raises(ModelBroken):
        find(folder, "So Jean went.")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_network_that_gives_no_numbers_is_broken_and_not_one_that_finds_nothing(
    tmp_path: Path, value: float
) -> None:
    folder = make_classifier(tmp_path)
    same = helper.make_node("Identity", ["found"], ["logits"])
    write_network(folder, same, table=np.full((9, 4), value, dtype=np.float32))

    with pytest.raises(ModelBroken):
        find(folder, "So Jean went.")


@pytest.mark.parametrize("positions", [-5, 0, 2, 3, 100])
def test_a_network_too_short_to_see_a_name_at_a_seam_is_broken(
    tmp_path: Path, positions: int
) -> None:
    folder = make_classifier(tmp_path)
    settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    settings["max_position_embeddings"] = positions
    (folder / "config.json").write_text(json.dumps(settings), encoding="utf-8")

    with pytest.raises(ModelBroken):
        find(folder, "So Jean went.")


def test_a_tokenizer_that_leaves_no_place_for_a_text_is_broken(tmp_path: Path) -> None:
    folder = make_classifier(tmp_path)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.post_processor = TemplateProcessing(
        single=f"{'[UNK] ' * 508}$A", special_tokens=[("[UNK]", 0)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))

    with pytest.raises(ModelBroken):
        find(folder, "So Jean went.")


@pytest.mark.skipif(os.name != "posix", reason="no pipes with names")
@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.onnx"])
def test_a_pipe_in_place_of_a_file_is_not_waited_at(tmp_path: Path, name: str) -> None:
    folder = make_classifier(tmp_path)
    (folder / name).unlink()
    os.mkfifo(folder / name)

    with pytest.raises(ModelBroken):
        find_own_pipeline(str(folder))
