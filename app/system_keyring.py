"""The passphrase of a study in the system's keyring, where that keeps secrets from other users.

A backend that writes secrets to a plain file is never used; nothing here asks a person.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

_SERVICE = "earshot"
_SECURE = ("keyring.backends.SecretService", "keyring.backends.macOS", "keyring.backends.Windows",
           "keyring.backends.kwallet", "keyring.backends.libsecret")  # fmt: skip


def is_keyring_secure() -> bool:
    """Whether the system's keyring keeps secrets from other users.

    Raises:
        ImportError, RuntimeError: there is no keyring, or it does not start.
    """
    import keyring

    return type(keyring.get_keyring()).__module__.startswith(_SECURE)


def save_to_keyring(folder: Path, passphrase: str) -> bool:
    """Keep a study's passphrase in the system's keyring; False where there is no secure one."""
    if not is_keyring_secure():
        return False
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_SERVICE, str(folder.resolve()), passphrase)
    except KeyringError:
        return False
    return True


def read_from_keyring(folder: Path) -> str:
    """Return the passphrase that ``save_to_keyring`` kept; "" for none, or a locked keyring."""
    with contextlib.suppress(ImportError, RuntimeError):
        import keyring
        from keyring.errors import KeyringError

        with contextlib.suppress(KeyringError):
            if is_keyring_secure():
                return keyring.get_password(_SERVICE, str(folder.resolve())) or ""
    return ""
