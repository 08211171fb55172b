"""The catalogue: what is offered can be fetched, is pinned, and fits somebody's computer."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from models.catalogue import ModelKind, ModelOffer, find_offer, list_offers
from models.installed_models import find_model_folder
from models.machine import Machine, ModelFit, format_hour, inspect_machine, recommend_model

FETCHED = [offer for offer in list_offers() if not offer.is_bundled]
# The hub itself says what these small files are; nobody has published their sha256.
NOT_PINNED = {"distil-small.en", "distil-medium.en"}


def test_names_are_unique_and_can_be_folders() -> None:
    names = [offer.name for offer in list_offers()]

    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9._-]*", name) for name in names)


def test_the_bundled_one_is_our_recogniser_of_names() -> None:
    assert [o.name for o in list_offers() if o.is_bundled] == ["names-en"]
    assert all(find_model_folder(offer).is_dir() for offer in list_offers() if offer.is_bundled)


def test_every_size_of_whisper_is_offered() -> None:
    speech = {offer.name for offer in list_offers() if offer.kind is ModelKind.SPEECH}

    sizes = {
        f"{size}{tongue}" for size in ("tiny", "base", "small", "medium") for tongue in ("", ".en")
    }
    assert speech >= sizes | {"large-v2", "large-v3", "large-v3-turbo", "distil-large-v3"}


@pytest.mark.parametrize("offer", FETCHED, ids=lambda offer: offer.name)
def test_every_offer_says_where_it_comes_from_and_what_it_costs(offer: ModelOffer) -> None:
    assert offer.licence
    assert offer.languages
    assert offer.memory_gb > 0
    for part in offer.parts:
        assert "/" not in part.name
        assert part.url.startswith("https://") or offer.repository or offer.packages
        assert not part.url or urlsplit(part.url).hostname == "github.com"
    fetched = offer.packages if offer.checkpoint else offer.parts
    known = sum(one.size for one in fetched) / 1e6
    assert known == 0 or abs(known - offer.size_mb) <= 1
    assert known < offer.most_bytes


@pytest.mark.parametrize("offer", FETCHED, ids=lambda offer: offer.name)
def test_weights_are_pinned_by_their_sha256(offer: ModelOffer) -> None:
    pinned = [part for part in offer.parts if part.sha256]

    assert all(re.fullmatch(r"[0-9a-f]{64}", part.sha256) for part in pinned)
    assert {part.name for part in offer.parts if part.size > 5_000_000} <= {p.name for p in pinned}
    assert len(pinned) == len(offer.parts) or offer.name in NOT_PINNED


@pytest.mark.parametrize(
    "offer", [o for o in FETCHED if o.kind is ModelKind.SPEECH], ids=lambda offer: offer.name
)
def test_speech_is_pinned_to_a_commit_and_brings_what_its_loader_needs(offer: ModelOffer) -> None:
    assert re.fullmatch(r"[0-9a-f]{40}", offer.revision)
    names = {part.name for part in offer.parts}
    assert names >= {"config.json", "model.bin", "tokenizer.json"}
    assert names & {"vocabulary.txt", "vocabulary.json"}


@pytest.mark.parametrize(
    ("cores", "memory_gb", "name"),
    [(2, 2, "base.en"), (1, 1.5, "tiny.en"), (2, 8, "small.en"), (4, 16, "small.en"),
     (16, 32, "large-v3-turbo")],
)  # fmt: skip
def test_what_is_recommended_fits(cores: int, memory_gb: float, name: str) -> None:
    machine = Machine(cores, memory_gb)

    offer, reason = recommend_model(machine, list_offers())

    assert offer.name == name
    assert reason
    assert machine.judge_model(offer) is not ModelFit.NO


@pytest.mark.parametrize(
    ("cores", "minutes", "name", "words"),
    [
        (4, {"large-v3-turbo": 50}, "large-v3-turbo", "an hour in 50 min, as measured"),
        (16, {"large-v3-turbo": 70}, "small.en", "ordinary computer"),
        (8, {"small.en": 20, "large-v3-turbo": 90}, "small.en", "an hour in 20 min"),
        (4, {"small.en": 80, "base.en": 30}, "base.en", "an hour in 30 min"),
        (4, {"base": 61, "tiny.en": 20}, "tiny.en", "an hour in 20 min"),
        (4, {"small.en": 300, "base.en": 120, "tiny.en": 70}, "tiny.en", "too slow"),
    ],
)
def test_what_was_measured_here_counts_more_than_the_number_of_cores(
    cores: int, minutes: dict[str, int], name: str, words: str
) -> None:
    hour_s = {model: 60.0 * taken for model, taken in minutes.items()}

    offer, reason = recommend_model(Machine(cores, 32), list_offers(), hour_s)

    assert offer.name == name
    assert words in reason


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(20, "1 min"), (437, "7 min"), (3600, "60 min"), (7199, "120 min"), (9000, "2.5 h")],
)
def test_an_hour_is_told_in_minutes_or_hours(seconds: float, said: str) -> None:
    assert format_hour(seconds) == said


def test_a_wheel_of_the_catalogue_is_pinned_and_every_piece_has_its_place() -> None:
    packed = [offer for offer in list_offers() if offer.packages]

    assert {o.name for o in packed} >= {"tiny.en", "base", "en_core_web_sm", "en_core_web_md"}
    for offer in packed:
        for package in offer.packages:
            assert re.fullmatch(r"[a-z0-9-]+==[0-9.]+", package.requirement)
            assert re.fullmatch(r"[0-9a-f]{64}", package.sha256)
            assert package.size > 0
            assert package.folder.strip("/") == package.folder
        taken = {name for package in offer.packages for _, name in package.files}
        made = (offer.checkpoint,) if offer.checkpoint else offer.parts
        assert not taken or taken == {part.name for part in made}


def test_a_model_fits_or_not_by_the_memory_it_needs() -> None:
    large = find_offer("large-v3")
    assert large is not None

    assert Machine(4, 16).judge_model(large) is ModelFit.YES
    assert Machine(4, 6).judge_model(large) is ModelFit.TIGHT
    assert Machine(4, 4).judge_model(large) is ModelFit.NO


def test_a_model_that_needs_a_package_we_do_not_bring_says_so() -> None:
    transformer = find_offer("en_core_web_trf")
    assert transformer is not None

    assert inspect_machine().judge_model(transformer) is ModelFit.LACKS


def test_this_computer_has_a_core_and_memory() -> None:
    assert inspect_machine().cores >= 1
    assert 0.5 < inspect_machine().memory_gb < 100_000
    assert "GB of memory" in inspect_machine().describe()
