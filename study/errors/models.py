"""Models for speech, names and voices: exit codes 50 to 59."""

from __future__ import annotations

from enum import StrEnum

from study.errors.base import EarshotError


class ModelError(EarshotError):
    """A model cannot be found, fetched or used."""


class ModelGap(StrEnum):
    """Why a model that somebody asked for is not available."""

    NOT_INSTALLED = "is not installed"
    UNNAMED = "was not named"
    UNKNOWN = "is not one that Earshot knows"
    OTHER_KIND = "is of another kind"
    BUNDLED = "ships with Earshot"
    OTHER_ROUTE = "cannot be fetched that way"


class ModelMissing(ModelError):
    """A model that somebody asked for is not on this machine, or no such model exists."""

    exit_code = 50

    def __init__(
        self,
        kind: str = "",
        gap: ModelGap = ModelGap.NOT_INSTALLED,
        *,
        name: str = "",
        size_mb: int = 0,
    ) -> None:
        """Take the model's kind and the gap; ``name`` and ``size_mb`` are of a model to fetch."""
        if gap is ModelGap.OTHER_KIND:
            super().__init__(f"That model is not a {kind} model.")
        else:
            super().__init__(f"That {kind} model {gap}." if kind else f"That model {gap}.")
        self.kind, self.gap, self.name, self.size_mb = kind, gap, name, size_mb


class ModelFlaw(StrEnum):
    """Why a model that is there cannot be used or installed."""

    DAMAGED = "is incomplete or damaged"
    CHANGED = "was changed since it was installed"
    NOT_AT_PLACE = "is not at that place, or may not be read"
    NOT_IN_FOLDER = "is not in that folder, or lacks files"
    UNREADABLE = "cannot be read there"
    OTHER_BYTES = "did not arrive intact"
    NOT_CATALOGUED = "is not the one that the catalogue knows under this name"
    UNLIKE_ITS_LIST = "does not hold what its own list says"
    OTHER_NAME = "is not the one that was asked for"
    NO_PLAIN_FILES = "contains something that is not a file"
    NO_FINDER = "is neither a whole spaCy pipeline nor a whole token classifier in ONNX form"
    NO_NAMES = "finds no names: it has no part that does"
    TOO_NEW = "was made for a newer library than the one Earshot has"


class ModelBroken(ModelError):
    """A model is here but cannot be used, or its files are not the right ones."""

    exit_code = 51

    def __init__(
        self, kind: str, flaw: ModelFlaw = ModelFlaw.DAMAGED, *, library: str = ""
    ) -> None:
        """Take the model's kind and its flaw; ``library`` is the one that is too old for it."""
        why = f"was made for a newer {library} than the one Earshot has" if library else flaw
        super().__init__(f"That {kind} model {why}.")
        self.kind, self.flaw, self.library = kind, flaw, library


class FetchFlaw(StrEnum):
    """Why a download failed, as far as it decides what to do next."""

    CONNECTION = "the connection failed"
    CERTIFICATE_FILE = "the file of certificates cannot be used"
    UNTRUSTED = "the other computer could not prove who it is"
    PROXY_LOGIN = "the proxy wants a name and a password (407)"
    PROXY_REFUSED = "the proxy refuses it (403)"
    REFUSED = "it is refused there"
    NOT_OFFERED = "it is not there"
    BAD_ADDRESS = "its address is not safe"
    NO_PIP = "pip, which fetches packages, is not installed in Earshot's Python"
    OLD_PIP = "the pip in Earshot's Python is too old"


class ModelNotFetched(ModelError):
    """A download did not arrive whole.

    ``flaw``: what decides about the next step. ``may_pass``: whether trying again may help.
    """

    exit_code = 52

    def __init__(
        self, cause: str = "", flaw: FetchFlaw = FetchFlaw.CONNECTION, *, may_pass: bool = False
    ) -> None:
        """Take what happened, or "" to say it as ``flaw`` does."""
        super().__init__(f"The model could not be fetched: {cause or flaw}.")
        self.cause, self.flaw, self.may_pass = cause or str(flaw), flaw, may_pass


class ArchiveRefused(ModelError):
    """An archive holds files that no model has, or lacks files that a model needs."""

    exit_code = 53

    def __init__(self, why: str) -> None:
        super().__init__(f"That archive was refused: it {why}.")
        self.why = why


class ModelBabbles(ModelError):
    """A model loads, but fails on a known sentence."""

    exit_code = 54

    def __init__(self, kind: str, did: str) -> None:
        super().__init__(f"That {kind} model loads, but {did} in a known sentence.")
        self.kind, self.did = kind, did


class ModelsUnwritable(ModelError):
    """The folder for models is read-only, or belongs to somebody else."""

    exit_code = 55

    def __init__(self) -> None:
        super().__init__("The folder for models cannot be written.")


class PackUnwritable(ModelError):
    """A model cannot be packed into the target file."""

    exit_code = 56

    def __init__(self) -> None:
        super().__init__("Nothing was packed: that file already exists, or cannot be written.")


class PackageRefused(ModelError):
    """A package of the package index holds something else than the model that it should hold."""

    exit_code = 57

    def __init__(self, why: str) -> None:
        super().__init__(f"That package was refused: it {why}.")
        self.why = why


class NoMarkedText(ModelError):
    """A folder holds no text with marked names, or a line of it cannot be read."""

    exit_code = 58

    def __init__(self) -> None:
        super().__init__("That folder has no text with marked names, or not all of it is readable.")


class LanguageUnknown(ModelError):
    """A speech model does not know the language, or no language has that code."""

    exit_code = 59

    def __init__(self, *, is_name: bool = False) -> None:
        """Take whether it is the name that nobody knows, rather than the language."""
        super().__init__(
            "No language has that name or code."
            if is_name
            else "That speech model does not know that language."
        )
        self.is_name = is_name
