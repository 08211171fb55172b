"""The hearing of a worker: open a question in memory, ask the model, seal the words.

The key is made when the worker starts, and ends with it. No exception leaves ``answer``: whatever
goes wrong becomes a code.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np

from models import InstalledModel, find_speech_model
from study.errors import ModelBroken, ModelMissing, OutOfMemory, WorkerFlaw
from study.store import (
    ChannelKeys,
    ClusterCertificate,
    SealBroken,
    open_question,
    seal_answer,
)
from transcribe.audio_tracks import Samples
from transcribe.cluster.messages import (
    Answer,
    HeardLanguage,
    HeardWords,
    Hearing,
    Introduction,
    Question,
    Refusal,
    build_proof,
    describe_version,
)
from transcribe.engine import SpeechEngine


class WindowHearer:
    """Answers the questions of studies with the models of this computer."""

    def __init__(self, certificate: ClusterCertificate, threads: int) -> None:
        """Make a new key; a model is loaded when it is first asked for."""
        self._certificate, self._threads = certificate, threads
        self._keys = ChannelKeys()
        self._loaded: tuple[tuple[str, str, str, str], SpeechEngine] | None = None

    def introduce(self) -> bytes:
        """Return the encoded ``Introduction``, which proves the key."""
        public = self._keys.public
        signature = self._certificate.sign(build_proof(public))
        certificate = self._certificate.read_public()
        return msgspec.msgpack.encode(
            Introduction(public, certificate, signature, describe_version())
        )

    def answer(self, question: bytes) -> bytes:
        """Answer a sealed question; b"" where it is for another worker, or is none."""
        try:
            key, plain = open_question(self._keys, question)
        except (SealBroken, ValueError):
            return b""
        return seal_answer(key, question, msgspec.msgpack.encode(self._answer_plain(plain)))

    def _answer_plain(self, plain: bytes) -> Answer:
        try:
            return self._ask_model(msgspec.msgpack.decode(plain, type=Question))
        except _Refused as refused:
            return Refusal(refused.flaw)
        except OutOfMemory:
            self._loaded = None
            return Refusal(WorkerFlaw.NO_MEMORY)
        except BaseException:  # noqa: BLE001 - what a library says may hold words; only a code leaves
            return Refusal(WorkerFlaw.FAILED)

    def _ask_model(self, asked: Question) -> Answer:
        engine = self._load_engine(asked)
        engine.apply_options(replace(asked.options, threads=self._threads))
        samples: Samples = np.frombuffer(asked.samples, dtype="<f4")
        if not isinstance(asked, Hearing):
            guess = engine.detect_language(samples)
            return HeardLanguage(asked.model_sha256, dict(guess.probabilities))
        words = engine.transcribe_window(
            samples,
            speech_s=asked.speech_s,
            until_s=asked.until_s,
            seed=asked.seed,
            again=asked.again,
        )
        return HeardWords(asked.model_sha256, tuple(words))

    def _load_engine(self, asked: Question) -> SpeechEngine:
        """Return the engine with the model that is asked for, and with no other."""
        options = replace(asked.options, threads=self._threads)
        name = (asked.model, asked.model_sha256, options.device, options.compute_type)
        if self._loaded is None or self._loaded[0] != name:
            self._loaded = None  # the memory of one is free before the other is loaded
            self._loaded = name, SpeechEngine(_require_model(asked), options)
        return self._loaded[1]


class _Refused(Exception):
    def __init__(self, flaw: WorkerFlaw) -> None:
        super().__init__()
        self.flaw = flaw


def _require_model(asked: Question) -> InstalledModel:
    """Return the model that is asked for: these very bytes, and those of the catalogue."""
    try:
        model = find_speech_model(asked.model)
        model.require_unchanged()
        is_same = model.name == asked.model and model.sha256() == asked.model_sha256
    except ModelMissing as missing:
        raise _Refused(WorkerFlaw.NO_MODEL) from missing
    except ModelBroken as broken:
        raise _Refused(WorkerFlaw.OTHER_MODEL) from broken
    if not is_same:
        raise _Refused(WorkerFlaw.OTHER_MODEL)
    return model
