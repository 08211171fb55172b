"""Between a study and a worker: nobody else reads a question, or answers one."""

from __future__ import annotations

import pytest

from study.store.cluster_channel import ChannelKeys, StudyChannel, open_question, seal_answer
from study.store.seal import SealBroken


@pytest.fixture
def worker() -> ChannelKeys:
    return ChannelKeys()


@pytest.fixture
def channel(worker: ChannelKeys) -> StudyChannel:
    return StudyChannel(ChannelKeys(), worker.public)


def test_a_question_and_its_answer_arrive(channel: StudyChannel, worker: ChannelKeys) -> None:
    question = channel.seal_question(b"what is said?")

    key, plain = open_question(worker, question)
    answer = seal_answer(key, question, b"nobody")

    assert plain == b"what is said?"
    assert channel.open_answer(question, answer) == b"nobody"
    assert b"said" not in question
    assert b"nobody" not in answer


def test_another_worker_opens_nothing(channel: StudyChannel) -> None:
    with pytest.raises(SealBroken):
        open_question(ChannelKeys(), channel.seal_question(b"what is said?"))


def test_an_answer_to_another_question_is_none(channel: StudyChannel, worker: ChannelKeys) -> None:
    asked, other = channel.seal_question(b"one"), channel.seal_question(b"one")
    key, _ = open_question(worker, other)

    with pytest.raises(SealBroken):
        channel.open_answer(asked, seal_answer(key, other, b"words"))


def test_who_holds_public_halves_alone_can_answer_nothing(
    channel: StudyChannel, worker: ChannelKeys
) -> None:
    asked = channel.seal_question(b"one")
    stranger = ChannelKeys()
    guessed = stranger.derive(asked[:32], study=asked[:32], worker=worker.public)

    with pytest.raises(SealBroken):
        channel.open_answer(asked, seal_answer(guessed, asked, b"words"))


@pytest.mark.parametrize("broken", [b"", b"\0" * 32, b"\0" * 80])
def test_what_is_no_question_is_refused(worker: ChannelKeys, broken: bytes) -> None:
    with pytest.raises(SealBroken):
        open_question(worker, broken)


def test_what_was_changed_on_its_way_is_refused(channel: StudyChannel, worker: ChannelKeys) -> None:
    question = bytearray(channel.seal_question(b"what is said?"))
    question[-1] ^= 1

    with pytest.raises(SealBroken):
        open_question(worker, bytes(question))
