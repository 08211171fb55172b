"""The certificates that connections are checked with, as the environment names them.

Institutions that inspect connections have a certificate of their own; its file is named in an
environment variable. A name that leads nowhere makes every connection fail with a message about
trust, so it is checked first. Nothing here opens a connection.
"""

from __future__ import annotations

import os
import ssl
from pathlib import Path

from study.errors import FetchFlaw, ModelNotFetched

HUB_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
PIP_VARIABLES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def make_tls_context() -> ssl.SSLContext:
    """Return a context that trusts the system's certificates and those of ``HUB_VARIABLES``.

    Raises:
        ModelNotFetched: a variable names a file that is missing or holds no certificates.
    """
    check_certificate_files(HUB_VARIABLES)
    context = ssl.create_default_context()  # OpenSSL reads SSL_CERT_FILE itself
    if chosen := os.environ.get("REQUESTS_CA_BUNDLE"):
        _load(context, Path(chosen))
    return context


def check_certificate_files(variables: tuple[str, ...]) -> None:
    """Check that each of these environment variables, where set, names usable certificates.

    Raises:
        ModelNotFetched: it names a file that is missing, unreadable, or holds no certificates.
    """
    for variable in variables:
        chosen = os.environ.get(variable)
        if not chosen:
            continue
        try:
            _load(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), Path(chosen))
        except FileNotFoundError as missing:
            cause = f"{variable} names a file of certificates that is not there"
            raise ModelNotFetched(cause, FetchFlaw.CERTIFICATE_FILE) from missing
        except (ssl.SSLError, OSError) as wrong:
            cause = f"{variable} names a file that holds no certificates, or cannot be read"
            raise ModelNotFetched(cause, FetchFlaw.CERTIFICATE_FILE) from wrong


def _load(context: ssl.SSLContext, chosen: Path) -> None:
    """Load a file of certificates, or a folder of them."""
    if chosen.is_dir():
        context.load_verify_locations(capath=chosen)
    else:
        context.load_verify_locations(cafile=chosen)
