"""What was begun with Earshot 0.1.0 is finished with this one: searched, signed, exported."""

from __future__ import annotations

from pathlib import Path

from anonymise.cleaning import clean, unwritten
from anonymise.deciding import accept_all
from anonymise.steps import propose
from handoff import checking
from handoff.bundle import Order
from handoff.export import export
from handoff.signing import sign
from models import shelf
from study import signed
from study.artefacts import Kind, State
from study.store import HANDED_OVER, Study
from study.terms import Mentions
from study.verify import check_study
from tests.study.fixtures.sample_study import BROKEN_OFF, HEARD, SIGNED, STALE, VOID
from transcribe.steps import transcribe


def test_it_exports_the_same_words_on_the_same_sign_off(
    format_1: Path, passphrase: str, tmp_path: Path
) -> None:
    then = format_1 / HANDED_OVER / HEARD
    with Study.open(format_1, passphrase) as study:
        heard, typed = study.find(HEARD).id, study.find(SIGNED).id
        export(study, Order((heard,)), tmp_path / "again")
        export(study, Order((typed,)), tmp_path / "first")
        assert study.find(SIGNED).state is State.HANDED
        assert check_study(study) == []

    for name in (f"{HEARD}.txt", f"{HEARD}-log.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (then / name).read_bytes()
    assert checking.check_bundle(tmp_path / "first").findings == ()


def test_what_was_signed_is_not_made_anew(format_1: Path, passphrase: str) -> None:
    with Study.open(format_1, passphrase) as study:
        for label in (HEARD, SIGNED):
            interview = study.find(label).id
            clean(study, interview)
            assert unwritten(study, interview) is None
            assert study.version(interview, Kind.CLEAN) == 1
            assert signed.required(study, interview).is_valid


def test_what_was_begun_is_finished(format_1: Path, passphrase: str) -> None:
    with Study.open(format_1, passphrase) as study:
        for label in (STALE, VOID):
            interview = study.find(label).id
            propose(study, interview, ner=shelf.names())
            mentions = study.get(interview, Kind.MENTIONS, Mentions)
            assert mentions is not None
            assert mentions.transcript == study.find(label).transcript
            accept_all(study, interview)
            clean(study, interview)
            sign(study, interview)
            assert study.find(label).state is State.SIGNED
        assert check_study(study) == []


def test_a_transcription_that_was_broken_off_is_begun_anew(format_1: Path, passphrase: str) -> None:
    with Study.open(format_1, passphrase) as study:
        interview = study.find(BROKEN_OFF).id
        heard = transcribe(study, interview, shelf.speech("demo"))
        assert heard.recognition is not None
        assert heard.recognition.language == "en"
        assert study.find(BROKEN_OFF).state is State.TRANSCRIBED
        assert check_study(study) == []
