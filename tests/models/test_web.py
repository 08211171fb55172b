"""Which computer is asked, what it is told of us, and where it may send us."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.catalogue import ModelOffer
from models.installation import download_model
from study.errors import ModelNotFetched
from tests.models.conftest import assert_nothing_is_offered
from tests.models.hub import Hub


@pytest.fixture
def another(hub: Hub) -> Iterator[Hub]:
    """A second host that serves the same files."""
    made = Hub(dict(hub.files))
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "account"), (403, "refuses"), (404, "no such file"), (451, "answered 451")],
)
def test_a_refusal_is_told_in_words_at_once(
    hub: Hub, offer: ModelOffer, shelf_folder: Path, status: int, words: str
) -> None:
    hub.faults.status["model.bin"] = [status] * 9

    with pytest.raises(ModelNotFetched, match=words):
        download_model(offer)

    assert len(hub.asked_for("model.bin")) == 1
    assert_nothing_is_offered(offer, shelf_folder)


def test_a_redirect_to_another_host_is_followed_without_any_token(
    hub: Hub, another: Hub, offer: ModelOffer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    hub.faults.redirect["model.bin"] = f"{another.url}/cdn/model.bin"
    another.faults.cut_after["model.bin"] = [9_000]

    assert download_model(offer).sha256()

    for _, headers in hub.asked + another.asked:
        assert set(headers) <= {"Host", "User-Agent", "Accept-Encoding", "Connection", "Range"}
        assert "hf_secret" not in str(headers)
    assert another.asked_for("model.bin")[-1]["Range"] == "bytes=9000-"


@pytest.mark.parametrize(
    "elsewhere",
    ["http://example.org/model.bin", "ftp://127.0.0.1/model.bin", "file:///etc/passwd",
     "https://name:password@example.org/model.bin"],
)  # fmt: skip
def test_a_redirect_that_is_not_safe_is_not_followed(
    hub: Hub, offer: ModelOffer, shelf_folder: Path, elsewhere: str
) -> None:
    hub.faults.redirect["model.bin"] = elsewhere

    with pytest.raises(ModelNotFetched):
        download_model(offer)

    assert_nothing_is_offered(offer, shelf_folder)


def test_a_redirect_in_a_circle_ends(hub: Hub, offer: ModelOffer) -> None:
    hub.faults.redirect["model.bin"] = f"{hub.url}/again/model.bin"

    with pytest.raises(ModelNotFetched):
        download_model(offer)


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        ("http://127.0.0.1:9", "nobody answers"),
        ("http://hub.example", "https"),
        ("https://hub.invalid", "no network|no such place"),
    ],
)
def test_without_a_hub_it_is_said_why(
    hub: Hub, offer: ModelOffer, monkeypatch: pytest.MonkeyPatch, endpoint: str, words: str
) -> None:
    assert not hub.asked
    monkeypatch.setenv("HF_ENDPOINT", endpoint)

    with pytest.raises(ModelNotFetched, match=words):
        download_model(offer)


def test_a_proxy_of_the_environment_is_used(
    hub: Hub, pinned: ModelOffer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", hub.url)
    monkeypatch.setenv("HF_ENDPOINT", "http://localhost:1")
    monkeypatch.setenv("no_proxy", "")

    assert download_model(pinned).sha256()

    assert all(path.startswith("http://localhost:1/") for path, _ in hub.asked)
