"""Which worker is asked, and what is believed: no worker's word counts for more than its proof."""

from __future__ import annotations

import asyncio
import io
import math
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from models import InstalledModel
from study import ArtefactKind, Transcript, Word
from study.errors import SchedulerFlaw, SchedulerUnreachable, WorkerFlaw, WorkersLost
from study.store import (
    ClusterCertificate,
    ClusterRole,
    Study,
    make_certificates,
    open_question,
    read_certificate,
    seal_answer,
)
from tests.transcribe.conftest import demonstration
from tests.transcribe.loopback import Hears, Honest, Loopback, starting
from tests.transcribe.saying import SayingEngine
from transcribe.cluster import remote_workers, window_hearer
from transcribe.cluster.cluster_place import ClusterPlace
from transcribe.cluster.courier import _Courier
from transcribe.cluster.messages import (
    Answered,
    CourierEnd,
    HeardWords,
    Introduction,
    News,
    Question,
    is_plausible_guess,
    read_message,
)
from transcribe.cluster.remote_workers import PLACES, RemoteWorkers
from transcribe.speech_coverage import TranscribedWindow
from transcribe.transcription import transcribe_interview

Samples = npt.NDArray[np.int16]
Enter = Callable[..., str]
LEFT = "sound sealed for other computers"


@pytest.fixture
def made(tmp_path: Path) -> dict[ClusterRole, Path]:
    return make_certificates(tmp_path / "ours", days=1)


@pytest.fixture
def certificate(made: dict[ClusterRole, Path]) -> ClusterCertificate:
    return read_certificate(made[ClusterRole.WORKER], ClusterRole.WORKER)


@pytest.fixture
def said() -> Samples:
    return demonstration(0, 8)


@pytest.fixture
def transcribed(
    study: Study, enter: Enter, said: Samples, demo_model: InstalledModel,
    made: dict[ClusterRole, Path], short_windows: None,
) -> Callable[[Loopback], Transcript]:  # fmt: skip
    """Transcribe eight seconds with the workers behind a courier; gives up after half a second."""
    del short_windows
    interview = study.interview(enter(said, label="B"))
    place = ClusterPlace("tls://nowhere:1", made[ClusterRole.STUDY])

    def transcribe(courier: Loopback) -> Transcript:
        with RemoteWorkers(place, patience_s=0.5, start=starting(courier)) as workers:
            return transcribe_interview(interview, demo_model, workers=workers)

    return transcribe


@pytest.fixture
def alone(study: Study, enter: Enter, said: Samples, demo_model: InstalledModel) -> Transcript:
    """The same, without any worker."""
    return transcribe_interview(study.interview(enter(said, label="A")), demo_model)


def list_trail(study: Study, label: str) -> set[str]:
    interview = study.find_interview(label).id
    asked = "SELECT verb FROM trail WHERE interview = ?"
    return {verb for (verb,) in study.db.execute(asked, [interview])}


def count_saved(study: Study) -> int:
    interview = study.interview(study.find_interview("B").id)
    return len(list(interview.read_entries(ArtefactKind.WINDOWS, TranscribedWindow)))


class Lying(Honest):
    """A worker with a true certificate that answers with what a test wants."""

    def __init__(
        self, certificate: ClusterCertificate, lie: Callable[[Question], HeardWords]
    ) -> None:
        super().__init__(certificate)
        self._lie = lie

    def answer(self, question: bytes) -> bytes:
        self.asked.append(question)
        key, plain = open_question(self._keys, question)
        lie = self._lie(msgspec.msgpack.decode(plain, type=Question))
        return seal_answer(key, question, msgspec.msgpack.encode(lie))


@pytest.fixture
def saying(engine: SayingEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers hear one word a second, and so does this computer; no model is loaded."""
    monkeypatch.setattr(window_hearer, "SpeechEngine", engine)


@pytest.mark.usefixtures("short_windows")
def test_several_workers_hear_the_same_words_byte_for_byte(
    study: Study, transcribed: Callable[[Loopback], Transcript], alone: Transcript,
    certificate: ClusterCertificate,
) -> None:  # fmt: skip
    workers = [Honest(certificate), Honest(certificate)]
    courier = Loopback({"one": workers[0], "two": workers[1]})

    together = transcribed(courier)

    assert msgspec.json.encode(together) == msgspec.json.encode(alone)
    assert all(worker.asked for worker in workers)
    assert list_trail(study, "A").isdisjoint({LEFT})
    assert LEFT in list_trail(study, "B")
    for word in (word for turn in together.turns for word in turn.text.split()):
        assert len(word) < 5 or word.encode() not in courier.passed  # shorter ones come by chance


def of_other_model(asked: Question) -> HeardWords:
    del asked
    return HeardWords("0" * 64, (Word(" Nothing", 0.0, 1.0, 0.9),))


def of_no_probability(asked: Question) -> HeardWords:
    return HeardWords(asked.model_sha256, (Word(" Nothing", 0.0, 1.0, math.nan),))


def behind_the_end(asked: Question) -> HeardWords:
    return HeardWords(asked.model_sha256, (Word(" Nothing", 500.0, 501.0, 0.9),))


@pytest.mark.usefixtures("saying", "short_windows")
@pytest.mark.parametrize("lie", [of_other_model, behind_the_end, of_no_probability])
def test_a_worker_that_lies_is_believed_nothing_and_done_without(
    transcribed: Callable[[Loopback], Transcript], alone: Transcript,
    certificate: ClusterCertificate, lie: Callable[[Question], HeardWords],
) -> None:  # fmt: skip
    liar = Lying(certificate, lie)

    together = transcribed(Loopback({"liar": liar, "honest": Honest(certificate)}))

    assert together == alone
    assert 1 <= len(liar.asked) <= 2  # what it was given before its first lie was seen


class Confused(Honest):
    """A worker that answers every question with its answer to the first one."""

    def answer(self, question: bytes) -> bytes:
        self.asked.append(question)
        return super(Honest, self).answer(self.asked[0])


@pytest.mark.usefixtures("saying", "short_windows")
def test_an_answer_to_another_window_is_refused(
    transcribed: Callable[[Loopback], Transcript], alone: Transcript,
    certificate: ClusterCertificate,
) -> None:  # fmt: skip
    confused = Confused(certificate)
    confused.asked.append(b"\0" * 80)

    assert transcribed(Loopback({"a": confused, "b": Honest(certificate)})) == alone


@pytest.mark.usefixtures("saying")
def test_where_every_worker_lies_it_is_said_and_what_was_heard_is_kept(
    study: Study, transcribed: Callable[[Loopback], Transcript], certificate: ClusterCertificate,
) -> None:  # fmt: skip
    turning = Lying(certificate, of_other_model)
    truly = Honest(certificate)

    def answer(question: bytes) -> bytes:
        is_early = len(turning.asked) < PLACES  # asked before it has answered
        turning.asked.append(question)
        return truly.answer(question) if is_early else Lying.answer(turning, question)

    turning._keys = truly._keys
    turning.answer = answer  # type: ignore[method-assign]

    with pytest.raises(WorkersLost) as lost:
        transcribed(Loopback({"one": turning}))

    assert lost.value.flaw is WorkerFlaw.LIED
    assert count_saved(study) >= 1


class Impostor(Honest):
    """Shows a key of its own, with the proof of somebody else's."""

    def introduce(self) -> bytes:
        shown = msgspec.msgpack.decode(super().introduce(), type=Introduction)
        return msgspec.msgpack.encode(msgspec.structs.replace(shown, public=b"\1" * 32))


class Newer(Honest):
    """Has another version of Earshot."""

    def introduce(self) -> bytes:
        shown = msgspec.msgpack.decode(super().introduce(), type=Introduction)
        return msgspec.msgpack.encode(msgspec.structs.replace(shown, version="99.0"))


class Babbling(Honest):
    """Says something that is no introduction."""

    def introduce(self) -> bytes:
        return b"cos\nsystem\n(S'true'\ntR."


@pytest.mark.parametrize(
    ("kind", "flaw"),
    [
        (Impostor, WorkerFlaw.UNPROVEN),
        (Babbling, WorkerFlaw.UNPROVEN),
        (Newer, WorkerFlaw.OTHER_VERSION),
    ],
)
def test_who_does_not_prove_to_be_a_worker_of_ours_is_asked_nothing(
    transcribed: Callable[[Loopback], Transcript], certificate: ClusterCertificate,
    kind: type[Honest], flaw: WorkerFlaw,
) -> None:  # fmt: skip
    worker = kind(certificate)

    with pytest.raises(WorkersLost) as lost:
        transcribed(Loopback({"one": worker}))

    assert lost.value.flaw is flaw
    assert worker.asked == []


def test_a_model_with_another_hash_than_the_catalogue_s_is_refused_by_the_worker(
    transcribed: Callable[[Loopback], Transcript], certificate: ClusterCertificate,
    demo_model: InstalledModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    changed = tmp_path / "changed" / demo_model.name
    changed.mkdir(parents=True)
    for path in demo_model.folder.iterdir():
        (changed / path.name).symlink_to(path.resolve())
    spoilt = bytearray((changed / "model.bin").read_bytes())
    spoilt[-1] ^= 1
    (changed / "model.bin").unlink()
    (changed / "model.bin").write_bytes(spoilt)  # the same size, and the noted sums beside it
    other = InstalledModel(demo_model.offer, changed)

    def find(name: str) -> InstalledModel:
        del name
        return other

    monkeypatch.setattr(window_hearer, "find_speech_model", find)
    worker = Honest(certificate)

    with pytest.raises(WorkersLost) as lost:
        transcribed(Loopback({"one": worker}))

    assert lost.value.flaw is WorkerFlaw.OTHER_MODEL
    assert worker._loaded is None


@pytest.mark.usefixtures("saying", "short_windows")
def test_what_a_lost_worker_had_goes_to_another(
    transcribed: Callable[[Loopback], Transcript], alone: Transcript,
    certificate: ClusterCertificate,
) -> None:  # fmt: skip
    class Leaving(Honest):
        def answer(self, question: bytes) -> bytes:
            courier.leave("leaving")
            threading.Event().wait(0.2)
            return super().answer(question)

    workers: dict[str, Hears] = {"leaving": Leaving(certificate), "stays": Honest(certificate)}
    courier = Loopback(workers)

    assert transcribed(courier) == alone


@pytest.mark.usefixtures("saying", "short_windows")
def test_a_window_that_takes_far_too_long_is_given_to_another_as_well(
    transcribed: Callable[[Loopback], Transcript], alone: Transcript,
    certificate: ClusterCertificate, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for limit in ("_FIRST_LIMIT_S", "_LEAST_LIMIT_S"):
        monkeypatch.setattr(remote_workers, limit, 0.3)
    never = threading.Event()

    class Stuck(Honest):
        def answer(self, question: bytes) -> bytes:
            never.wait()
            return super().answer(question)

    try:
        assert transcribed(Loopback({"a": Stuck(certificate), "b": Honest(certificate)})) == alone
    finally:
        never.set()


@pytest.mark.parametrize("end", list(CourierEnd))
def test_a_scheduler_that_cannot_be_used_is_one_sentence(
    transcribed: Callable[[Loopback], Transcript], end: CourierEnd,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(remote_workers, "_AGAIN_S", 0.1)

    with pytest.raises(SchedulerUnreachable) as gone:
        transcribed(Loopback({}, end))

    is_refused = end is CourierEnd.REFUSED
    assert (gone.value.flaw is SchedulerFlaw.REFUSED) == is_refused


def test_an_answer_that_is_far_too_long_is_none_and_the_courier_goes_on() -> None:
    out = io.BytesIO()
    courier = _Courier(cast("Any", None), out)

    async def bring(sealed: bytes) -> None:
        future = asyncio.get_running_loop().create_future()
        future.set_result(sealed)
        courier._carried[1] = "a worker", future
        await courier._bring_back(1, future)

    asyncio.run(bring(bytes(65 << 20)))
    asyncio.run(bring(b"sealed"))

    out.seek(0)
    told = [msgspec.msgpack.decode(read_message(out) or b"", type=News) for _ in range(2)]
    assert told == [Answered(1, b""), Answered(1, b"sealed")]


@pytest.mark.parametrize(
    "said", [{"[red]": 1.0}, {"\x1b]0;": 1.0}, {"en": math.nan}, {"en": 2.0}, {"e" * 999: 0.5}]
)
def test_what_is_no_language_is_believed_of_no_worker(said: dict[str, float]) -> None:
    assert not is_plausible_guess(said)
    assert is_plausible_guess({"en": 0.9, "yue": 0.1})
