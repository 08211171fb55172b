"""``earshot consent`` and the verbs that are held to it, each with its exit code."""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import signal
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import capture
from app import AskedPerson
from capture import RecordingStatus
from cli import VERB_NAMES, RecordingSignals
from cli.console import Console
from cli.willingness import RecordingKeys, ask_willingness
from models import InstalledModel
from study import (
    CONSENT_KINDS,
    ArtefactKind,
    ConsentBasis,
    ConsentPurpose,
    ConsentRule,
    GatedAction,
    InterviewDetails,
    MarkKind,
    Participant,
    PersonRole,
    SoundFormat,
    StudyCard,
)
from study.errors import (
    AccessTooOpen,
    BadName,
    CapacityLost,
    ConsentMissing,
    ConsentRefused,
    ConsentWithheld,
    NotCorrectable,
    NotHeardAgain,
    NotWilling,
    UnknownParticipant,
)
from study.store import (
    Argon2Cost,
    IncomingSound,
    Study,
    add_person,
    encode_card,
    find_consent_owner,
    keep_consent,
    read_consent,
    require_interview_consent,
)
from tests.cli.conftest import Run, result
from tests.cli.test_record import _FOUND, make_opener, replace_offer, send, watch
from tests.consents import agreed, ask_for, keep_agreed
from tests.recordings import Humming

PAPERS = (
    "--sheet", "2.1", "--sheet-date", "2026-03-01", "--form", "1.0", "--form-date", "2026-03-01",
    "--taken-by", "INT01", "--taken-on", "2026-11-20",
)  # fmt: skip


@pytest.fixture
def folder(study: Study) -> Path:
    """A closed study that asks for a consent record of everybody."""
    ask_for(study, ConsentRule.RECORDED)
    study.close()
    return study.folder


@pytest.fixture(autouse=True)
def only_our_microphone(monkeypatch: pytest.MonkeyPatch) -> None:
    replace_offer(monkeypatch, "list_devices", lambda: _FOUND)
    replace_offer(monkeypatch, "make_opener", make_opener)
    replace_offer(
        monkeypatch, "record_interview", partial(capture.record_interview, opener=Humming)
    )


def test_a_consent_is_recorded_shown_and_changed(run: Run, folder: Path) -> None:
    assert run("consent", folder, "P07", *PAPERS, "--sound", "yes", "--quotes", "no")[0] == 0
    assert run("consent", folder, "P07", "--archive", "yes")[0] == 0

    _, out, _ = run("consent", folder, "P07", "--history", "--json")
    _, listed, _ = run("consent", folder)
    _, shown, _ = run("consent", folder, "P07")

    told = result(out)
    assert [v["answers"] for v in told["versions"]] == [
        {"sound": "yes", "quotes": "no"}, {"sound": "yes", "quotes": "no", "archive": "yes"},
    ]  # fmt: skip
    assert told["record"]["sheet"] == {"version": "2.1", "date": "2026-03-01"}
    assert "P07" in listed
    assert "not asked  hand-over of sound" in shown
    _, out, _ = run("consent", folder, "P07", "--archive", "yes", "--history", "--json")
    assert len(result(out)["versions"]) == 2  # saying the same again keeps nothing


def test_a_first_name_as_a_code_is_kept_only_where_it_is_confirmed(run: Run, folder: Path) -> None:
    words = ("consent", folder, "Maureen", *PAPERS, "--sound", "yes")

    refused = run(*words)
    kept = run(*words, "--confirm")
    changed = run("consent", folder, "Maureen", "--quotes", "no")

    assert (refused[0], kept[0], changed[0]) == (ConsentRefused.exit_code, 0, 0)
    assert "common first name" in refused[2]
    assert "--confirm" in refused[2]
    assert "Maureen" not in refused[2]


def test_days_are_taken_as_british_people_write_them_and_kept_in_one_form(
    run: Run, folder: Path
) -> None:
    papers = ("--sheet", "2.1", "--sheet-date", "1 March 2026", "--form", "1.0", "--form-date",
              "1/3/2026", "--taken-by", "INT01", "--taken-on", "today")  # fmt: skip

    assert run("consent", folder, "P07", *papers, "--sound", "yes")[0] == 0

    record = result(run("consent", folder, "P07", "--json")[1])["record"]
    assert record["sheet"]["date"] == record["form"]["date"] == "2026-03-01"
    assert record["taken_on"] == datetime.now().astimezone().date().isoformat()


def test_the_advice_about_missing_consent_works_as_it_is_typed(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    said = tmp_path / "said.txt"
    said.write_text("P07: Yes, and how.\n\nP07: I did.\n")
    asked = ("import", folder, said, "--label", "P07_i1", "--participant", "P07")

    code, _, err = run(*asked)
    (command,) = re.findall(r"`earshot (consent [^`]*)`", " ".join(err.split()))
    advised = run(*(folder if word == "STUDY" else word for word in command.split()))[0]

    assert (code, advised) == (ConsentMissing.exit_code, 0)
    assert run(*asked)[0] == 0


def test_the_empty_lists_advice_works_as_it_is_typed(run: Run, folder: Path) -> None:
    said = " ".join(run("consent", folder)[2].split())
    (command,) = re.findall(r"`earshot (consent [^`]*)`", said)

    assert run(*(folder if word == "STUDY" else word for word in command.split()))[0] == 0


def test_others_are_given_the_papers_of_the_last_one(run: Run, folder: Path) -> None:
    run("consent", folder, "P07", *PAPERS, "--sound", "yes")

    _, out, _ = run("consent", folder, "P08", "--sound", "no", "--json")

    assert result(out)["record"]["form"]["version"] == "1.0"


def test_names_are_shown_only_to_who_asks_for_them(run: Run, folder: Path) -> None:
    said = ("--basis", "personal-consultee", "--consultee", "Jean Hollis", "--sound", "yes")
    run("consent", folder, "P07", *PAPERS, *said, "--name", "Margaret Hollis")

    _, shown, _ = run("consent", folder, "P07", "--history")
    _, asked, _ = run("consent", folder, "P07", "--contacts")

    assert "Hollis" not in shown
    assert "Jean Hollis" in asked
    assert "Margaret Hollis" in asked


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--sound", "yes"], "must name the versions and dates"),
        ([*PAPERS], "must name the versions"),
        ([*PAPERS, "--quotes", "not-asked", "--sound", "not-asked"], "at least one question"),
        ([*PAPERS, "--sound", "yes", "--taken-on", "2031-01-01"], "is in the future"),
        ([*PAPERS, "--sound", "yes", "--sheet-date", "2031-01-01"], "is in the future"),
        ([*PAPERS, "--sound", "yes", "--taken-on", "2026-02-30"], "not a date such as"),
        ([*PAPERS, "--sound", "yes", "--taken-on", "2026-01-05"], "date of one of its papers"),
        ([*PAPERS, "--sound", "yes", "--form", "9"], "does not know that version"),
        ([*PAPERS, "--sound", "yes", "--sheet", "9"], "does not know that version"),
        ([*PAPERS, "--sound", "yes", "--taken-by", ""], "must name who took it"),
        ([*PAPERS, "--sound", "yes", "--basis", "personal-consultee"], "must have a name"),
        ([*PAPERS, "--sound", "yes", "--basis", "guardian-or-attorney"], "nobody can decide"),
        ([*PAPERS, "--sound", "yes", "--basis", "other"], "few words that say which"),
        ([*PAPERS, "--sound", "yes", "--consultee", "x" * 201], "too long"),
        ([*PAPERS, "--sound", "yes", "--contact", "a\x1b[2Jb"], "cannot be printed"),
        ([*PAPERS, "--sound", "yes", "--consultee", "\u200b"], "cannot be printed"),
        ([*PAPERS, "--sound", "yes", "--consultee", "\u3164\u2800"], "cannot be printed"),
        (["--lost-capacity", "--confirm"], "no consent record that could be changed"),
    ],
)  # fmt: skip
def test_what_is_no_consent_is_refused_in_a_sentence(
    run: Run, folder: Path, words: list[str], told: str
) -> None:
    if words == [*PAPERS]:
        words = ["--sheet", "2.1", "--sound", "yes"]
    assert run("policy", folder, "--sheet", "2.1", "--form", "1.0")[0] == 0

    code, _, err = run("consent", folder, "P07", *words)

    assert code == ConsentRefused.exit_code
    assert told in err
    assert err.count("\n") == 2
    assert "no consent" in run("consent", folder)[1] or "P07" not in run("consent", folder)[1]


def test_a_code_is_a_code_and_somebody_unknown_is_said_to_be(run: Run, folder: Path) -> None:
    assert run("consent", folder, "Margaret Hollis")[0] == BadName.exit_code
    assert run("consent", folder, "P99")[0] == UnknownParticipant.exit_code
    assert run("consent", folder, "P99", "--lost-capacity")[0] == UnknownParticipant.exit_code


def test_a_wrong_clock_is_said(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Study.__init__

    def of_1970(self: Study, *args: Any, **more: Any) -> None:  # noqa: ANN401 - handed on
        real(self, *args, **more)
        self.clock = lambda: datetime(1970, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(Study, "__init__", of_1970)

    code, _, err = run("consent", folder, "P07", *PAPERS, "--sound", "yes")

    assert (code, "says a year before 2026" in err) == (ConsentRefused.exit_code, True)


def test_a_consent_of_a_clock_that_was_ahead_is_amended_with_another_day(
    run: Run, folder: Path, passphrase: str
) -> None:
    with Study.open(folder, passphrase) as study:
        keep_consent(study, replace(agreed("P07"), taken_on="2031-01-01"))

    code, _, err = run("consent", folder, "P07", "--quotes", "no")
    assert code == ConsentRefused.exit_code
    assert "dated in the future: a clock was wrong" in err
    assert "--taken-on" in err

    assert run("consent", folder, "P07", "--quotes", "no", "--taken-on", "2026-11-20")[0] == 0


def test_a_policy_asks_for_consent_and_says_so(run: Run, folder: Path) -> None:
    assert run("policy", folder, "--consent", "paper")[0] == ConsentRefused.exit_code
    run("policy", folder, "--consent", "paper", "--consent-seen-by", "Dr Okafor")
    run("policy", folder, "--after-capacity-lost", "ask", "--sheet", "1", "--sheet", "2")

    shown = run("policy", folder)[1]

    assert "consent is on paper, seen by Dr Okafor" in shown
    assert "known sheets: 1, 2" in shown
    assert "once capacity is lost: ask the consultee" in shown
    assert "nothing is refused" not in run("status", folder)[2]
    run("policy", folder, "--consent", "unset", "--sheet", "none")
    assert "nothing is refused for want of it" in run("policy", folder)[1]
    assert "nothing is refused for want of it" in run("status", folder)[2]


def test_a_new_study_asks_for_consent(
    run: Run, tmp_path: Path, cheap: Argon2Cost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("study.store.keys.Argon2Cost", lambda: cheap)
    assert run("new", tmp_path / "s")[0] == 0
    assert "each participant needs a consent record" in run("policy", tmp_path / "s")[1]
    assert run("new", tmp_path / "t", "--consent", "paper")[0] == ConsentRefused.exit_code
    assert not (tmp_path / "t").exists()


def test_the_page_to_read_aloud_has_every_question_and_no_name(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    assert run("consent", folder, "P07", "--page", tmp_path / "page.html")[0] == 0

    page = (tmp_path / "page.html").read_text(encoding="utf-8")

    assert page.count('class="asked"') == len(ConsentPurpose)
    assert "P07" in page
    assert run("consent", folder, "--page", tmp_path / "page.html")[0] != 0  # it is there already


# Every verb that is held to consent: what it does, the answer it needs, and how it is called.
A = GatedAction
VERBS: list[tuple[GatedAction, ConsentPurpose | None, list[str]]] = [
    (A.RECORD, ConsentPurpose.SOUND, [
        "record", "--label", "P07_i3", "--participant", "P07", "--for", "1s", "--willing", "agreed",
    ]),
    (A.RECORD, ConsentPurpose.SOUND, [
        "record", "--interview", "P07_i1", "--for", "1s", "--willing", "agreed",
    ]),
    (A.TRANSCRIBE, ConsentPurpose.TRANSCRIPTION, [
        "record", "--label", "P07_i3", "--participant", "P07", "--willing", "agreed",
        "--transcribe", "tiny.en",
    ]),
    (A.IMPORT_SOUND, ConsentPurpose.SOUND, [
        "import", "SOUND", "--label", "P07_i3", "--participant", "P07",
    ]),
    (A.IMPORT_TEXT, None, ["import", "TEXT", "--label", "P07_i3", "--participant", "P07"]),
    (A.TRANSCRIBE, ConsentPurpose.TRANSCRIPTION, ["transcribe", "P07_i1", "--model", "tiny.en"]),
    (A.TRANSCRIBE, ConsentPurpose.TRANSCRIPTION, [
        "transcribe", "P07_i1", "--model", "tiny.en", "--from", "0:00", "--to", "0:04",
    ]),
    (A.TRANSCRIBE, ConsentPurpose.TRANSCRIPTION, ["speakers", "P07_i1", "--count", "2"]),
    (A.TYPE, None, ["transcribe", "P07_i1", "--by-hand"]),
    (A.HAND_OVER, None, ["export", "P07_i1"]),
    (A.ARCHIVE, ConsentPurpose.ARCHIVE, ["export", "P07_i1", "--for-archive"]),
    (A.ARCHIVE, ConsentPurpose.ARCHIVE, ["export", "P07_i1", "--access", "controlled"]),
    (A.HAND_OVER_SOUND, ConsentPurpose.SOUND_HAND_OVER, ["export", "P07_i1", "--sound", "flac"]),
    (A.SEND, None, ["send", "P07_i1", "--to", "CARD", "--out", "PARCEL"]),
    (A.SEND, None, ["lend", "P07_i1", "--to", "CARD", "--out", "PARCEL"]),
]  # fmt: skip
HELD_IN_TRAVELLING = {"receive"}  # with a parcel, in tests/study/test_travelling.py
# The verbs of which none records, brings in, has a machine listen, or hands over to somebody else.
HELD_TO_NO_CONSENT = {
    "demo", "new", "open", "people", "consent", "guide", "words", "names", "settings", "play",
    "correct", "find", "anonymise", "mentions", "keep", "review", "decisions", "risk", "sign",
    "replacements", "verify", "handed", "returned", "report", "cases", "withdraw", "due",
    "papers", "safeguarding", "status", "policy", "log", "models", "keys", "doctor", "key",
    "take-back", "completion", "cluster", "scheduler", "worker",
}  # fmt: skip


def test_every_verb_is_either_held_to_consent_here_or_said_to_be_held_to_none() -> None:
    held = {words[0] for _, _, words in VERBS}

    assert held | HELD_TO_NO_CONSENT | HELD_IN_TRAVELLING == set(VERB_NAMES)
    assert held & HELD_TO_NO_CONSENT == set()
    assert {action for action, _, _ in VERBS} == set(GatedAction) - {A.TAKE_IN}


@pytest.mark.parametrize(("action", "purpose", "words"), VERBS, ids=lambda one: str(one)[:60])
def test_every_verb_is_held_to_its_answer(
    run: Run, signed: Path, passphrase: str, tmp_path: Path, tiny_en_alone: InstalledModel,
    monkeypatch: pytest.MonkeyPatch, action: GatedAction, purpose: ConsentPurpose | None,
    words: list[str],
) -> None:  # fmt: skip
    def find(_: str) -> InstalledModel:
        return tiny_en_alone  # none is loaded: it is refused before

    for place in ("cli.verbs.speakers", "app.speaker_step"):  # the door keeps what it gave first
        monkeypatch.setattr(f"{place}.find_speaker_model", find)
    (tmp_path / "talk.wav").write_bytes(b"RIFF")
    (tmp_path / "talk.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nP07: Well.\n")
    card = StudyCard("0" * 32, bytes(32), bytes(32))
    (tmp_path / "office.key").write_bytes(encode_card(card))
    files = {
        "SOUND": str(tmp_path / "talk.wav"), "TEXT": str(tmp_path / "talk.vtt"),
        "CARD": str(tmp_path / "office.key"), "PARCEL": str(tmp_path / "parcel"),
    }  # fmt: skip
    call = [words[0], str(signed), *(files.get(word, word) for word in words[1:])]
    with Study.open(signed, passphrase) as study:
        ask_for(study, ConsentRule.RECORDED)
        before = len(study.summaries())

    missing = run(*call)
    with Study.open(signed, passphrase) as study:
        keep_agreed(study, "P07", but=purpose)
    withheld = run(*call) if purpose else None
    run("consent", signed, "P07", "--lost-capacity", "--confirm")
    lost = run(*call)

    assert missing[0] == ConsentMissing.exit_code, missing
    assert "No consent is recorded for P07" in missing[2]
    assert withheld is None or withheld[0] == ConsentWithheld.exit_code, withheld
    assert lost[0] == CapacityLost.exit_code, lost
    with Study.open(signed, passphrase) as study:
        assert len(study.summaries()) == before
        refused = [x for x in study.read_trail()[0] if x.verb == "refused for want of consent"]
    assert len(refused) == (3 if purpose else 2)
    assert action.value in {line.facts["gate"] for line in refused}


def test_typing_by_hand_is_offered_where_no_machine_may_transcribe(
    run: Run, signed: Path, passphrase: str, tiny_en_alone: InstalledModel
) -> None:
    del tiny_en_alone
    with Study.open(signed, passphrase) as study:
        keep_agreed(study, "P07", but=ConsentPurpose.TRANSCRIPTION)

    _, _, err = run("transcribe", signed, "P07_i1", "--model", "tiny.en")

    assert f"Type it by hand: `earshot transcribe {signed} P07_i1 --by-hand`" in " ".join(
        err.split()
    )
    with (
        Study.open(signed, passphrase) as study,
        IncomingSound(study, SoundFormat(8000, 1)) as incoming,
    ):
        incoming.write(bytes(16_000))
        incoming.keep(InterviewDetails("P07_i9", (Participant("P07"),)), {"container": "WAV"})

    code, out, _ = run("transcribe", signed, "P07_i9", "--by-hand", "--json")

    assert (code, result(out)) == (0, {"turns": 1, "key": "k1", "speaker": "P07", "length_s": 1.0})
    assert run("correct", signed, "P07_i9", "--say", "1=Well enough.")[0] == 0
    assert "Well enough." in run("correct", signed, "P07_i9")[1]
    again = run("transcribe", signed, "P07_i9", "--by-hand")
    assert (again[0], f"`earshot correct {signed}" in again[2]) == (NotCorrectable.exit_code, True)
    assert run("transcribe", signed, "--by-hand")[0] == NotHeardAgain.exit_code


def test_nobody_is_recorded_unasked_and_a_dissent_records_nothing(
    run: Run, folder: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("record", folder, "--label", "P07_i1", "--participant", "P07", "--for", "0.2s")
    with Study.open(folder, passphrase) as study:
        keep_agreed(study, "P07")

    unasked = run(*words)
    monkeypatch.setattr("cli.verbs.record.has_keys", lambda: True)
    monkeypatch.setattr("cli.verbs.record.ask_willingness", partial(_answer, "!"))
    unwilling = run(*words)

    assert unasked[0] == unwilling[0] == NotWilling.exit_code
    assert "--willing agreed" in unasked[2]
    with Study.open(folder, passphrase) as study:
        assert study.find_interview("P07_i1").sound_s == 0
        gates = [x.facts["gate"] for x in study.read_trail()[0] if "refused" in x.verb]
    assert gates == ["unasked", "dissent"]


def _answer(
    key: str, present: Sequence[AskedPerson], console: Console
) -> list[tuple[MarkKind, str]]:
    return ask_willingness(present, console, read_key=iter(("\n", key)).__next__)


@pytest.mark.parametrize(("key", "kind"), [("y", MarkKind.AFFIRMED), ("Y", MarkKind.ASSENT)])
def test_the_question_is_asked_in_plain_words_and_enter_answers_nothing(
    key: str, kind: MarkKind, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _answer(key, [AskedPerson("P07")], Console(as_json=False)) == [(kind, "")]
    assert "DO THEY WANT TO BE RECORDED?" in capsys.readouterr().err


_COUPLE = [
    AskedPerson("P01", "a personal consultee has advised", decides=False),
    AskedPerson("FAM01", "own consent"),
]


def test_of_two_who_decide_in_different_ways_each_is_asked_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    keys = iter(("Y", "\n", "y"))

    shown = ask_willingness(_COUPLE, Console(as_json=False), read_key=keys.__next__)

    asked = capsys.readouterr().err
    assert shown == [(MarkKind.ASSENT, "P01"), (MarkKind.AFFIRMED, "FAM01")]
    assert "CAN P01 DECIDE NOW" in asked
    assert "On record: a personal consultee has advised." in asked
    assert "CAN FAM01 DECIDE NOW" in asked


def test_two_who_decide_alike_are_asked_together(capsys: pytest.CaptureFixture[str]) -> None:
    alike = [replace(one, decides=True) for one in _COUPLE]

    shown = ask_willingness(alike, Console(as_json=False), read_key=iter("y").__next__)

    assert shown == [(MarkKind.AFFIRMED, "")]
    assert "(P01, FAM01)" in capsys.readouterr().err


def test_whether_to_go_on_is_asked_of_each_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = RecordingKeys(RecordingSignals(), Console(as_json=False), has_keys=True, asked=_COUPLE)
    pressed = iter([" ", " ", "Y", "y", "y", "!"])

    def press(_: RecordingKeys) -> str:
        return next(pressed)

    monkeypatch.setattr(RecordingKeys, "_read_keys", press)
    paused: list[bool] = []
    for _ in range(6):
        keys.has_ended()
        paused.append(keys.is_paused())
    taken = [keys.take_answer() for _ in range(4)]

    assert paused[:4] == [True, True, True, False]
    assert taken == [
        (MarkKind.ASSENT, "P01"), (MarkKind.AFFIRMED, "FAM01"), (MarkKind.DISSENT, "P01"), None,
    ]  # fmt: skip
    assert keys.is_dissent
    assert capsys.readouterr().err.count("CAN P01 DECIDE NOW") == 2


def test_one_answer_for_two_who_decide_in_different_ways_is_refused_in_a_script(
    run: Run, folder: Path, passphrase: str
) -> None:
    with Study.open(folder, passphrase) as study:
        keep_agreed(study, "FAM01")
        keep_consent(study, replace(agreed("P01"), basis=ConsentBasis.PERSONAL_CONSULTEE))
    words = ("record", folder, "--label", "P01_i1", "--participant", "P01", "--participant",
             "FAM01:supporter", "--for", "0.2s")  # fmt: skip

    one = run(*words, "--willing", "agreed")
    half = run(*words, "--willing", "P01=assent")
    each = run(*words, "--willing", "P01=assent", "--willing", "FAM01=agreed")

    assert (one[0], half[0], each[0]) == (NotWilling.exit_code, NotWilling.exit_code, 0)
    assert "--willing P01=agreed" in one[2]
    with Study.open(folder, passphrase) as study:
        sound = study.interview("P01_i1").open_sound()
        assert sound is not None
        with sound:
            marks = [(m.kind, m.note) for m in sound.marks() if m.kind in CONSENT_KINDS]
    assert marks == [(MarkKind.ASSENT, "P01"), (MarkKind.AFFIRMED, "FAM01")]


@pytest.mark.parametrize("answer", ["agreed", "assent"])
def test_what_they_showed_is_in_the_sound_from_its_first_moment(
    run: Run, folder: Path, passphrase: str, answer: str
) -> None:
    with Study.open(folder, passphrase) as study:
        keep_agreed(study, "P07")

    code, _, _ = run("record", folder, "--label", "P07_i1", "--participant", "P07",
                     "--for", "0.2s", "--willing", answer)  # fmt: skip

    assert code == 0
    wanted = MarkKind.AFFIRMED if answer == "agreed" else MarkKind.ASSENT
    assert _marks(folder, passphrase)[0] == (0.0, wanted)


def _marks(folder: Path, passphrase: str, label: str = "P07_i1") -> list[tuple[float, str]]:
    with Study.open(folder, passphrase) as study:
        sound = study.interview(label).open_sound()
        assert sound is not None
        with sound:
            return [(round(mark.at_s, 1), mark.kind) for mark in sound.marks()]


def test_the_keys_of_a_terminal_pause_ask_again_and_stop_at_a_dissent(
    run: Run, folder: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = iter([" ", "\n", " ", "y", "P", " ", "Y", "!"])  # Enter answers nothing

    seen: list[RecordingStatus] = []

    def press(_: RecordingKeys) -> str:
        return next(steps, "") if seen and seen[-1].sound_s > 0 else ""

    monkeypatch.setattr("cli.verbs.record.has_keys", lambda: True)
    monkeypatch.setattr("cli.verbs.record._single_keys", _no_terminal)
    monkeypatch.setattr(RecordingKeys, "_read_keys", press)
    watch(monkeypatch, seen.append)
    with Study.open(folder, passphrase) as study:
        keep_agreed(study, "P07")

    code, out, _ = run("record", folder, "--label", "P07_i1", "--participant", "P07",
                       "--for", "60s", "--willing", "agreed", "--json")  # fmt: skip

    assert code == 0
    done = [json.loads(line) for line in out.splitlines()][-1]["result"]
    assert done["ended_by_dissent"] is True
    kinds = [kind for _, kind in _marks(folder, passphrase)]
    assert [kind for kind in kinds if kind in CONSENT_KINDS] == [
        MarkKind.AFFIRMED, MarkKind.AFFIRMED, MarkKind.ASSENT, MarkKind.DISSENT,
    ]  # fmt: skip
    assert MarkKind.DISTRESS in kinds


def _no_terminal(*, is_on: bool) -> AbstractContextManager[None]:
    assert is_on
    return contextlib.nullcontext()


def test_a_dissent_is_said_whatever_was_marked_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of a silent stretch is marked as the recording ends, and hid it once."""
    keys = RecordingKeys(RecordingSignals(), Console(as_json=False), has_keys=True)
    pressed = iter(["!", ""])

    def press(_: RecordingKeys) -> str:
        return next(pressed)

    monkeypatch.setattr(RecordingKeys, "_read_keys", press)

    keys.has_ended()
    first, second = keys.take_answer(), keys.take_answer()

    assert (first, second, keys.is_dissent) == ((MarkKind.DISSENT, ""), None, True)


def test_without_a_terminal_a_pause_does_not_end(capsys: pytest.CaptureFixture[str]) -> None:
    signals = RecordingSignals()
    keys = RecordingKeys(signals, Console(as_json=False), has_keys=False)
    signals.toggle_pause()
    paused = keys.is_paused()
    signals.toggle_pause()

    assert paused
    assert keys.is_paused()
    assert "nobody can be asked" in capsys.readouterr().err


def test_a_spoken_consent_is_a_recording_of_its_own_under_its_own_keys(
    run: Run, folder: Path, passphrase: str
) -> None:
    run("consent", folder, "P07", *PAPERS, "--sound", "yes")

    code, out, _ = run("record", folder, "--spoken-consent", "P07", "--for", "0.2s",
                       "--willing", "agreed", "--json")  # fmt: skip

    interview = result(out)["interview"]
    assert code == 0
    assert "P07_consent" in run("status", folder)[1]
    assert result(run("consent", folder, "P07", "--json")[1])["record"]["spoken"] == interview
    assert run("consent", folder, "P07", "--spoken", interview)[0] == 0
    with Study.open(folder, passphrase) as study:
        keys = study.db.execute("SELECT class FROM data_key WHERE interview = ?", [interview])
        assert ("identifying",) in keys.fetchall()


def test_signals_reach_a_recording_that_is_asked_about(
    run: Run, folder: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    def see(status: RecordingStatus) -> None:
        if status.sound_s > 0 and not sent:
            sent.append("SIGUSR1")
            send("SIGUSR1")
        elif sent == ["SIGUSR1"] and status.paused_s > 0:
            sent.append("SIGTERM")
            send("SIGTERM")

    watch(monkeypatch, see)
    with Study.open(folder, passphrase) as study:
        keep_agreed(study, "P07")
    assert signal.getsignal(signal.SIGTERM) is not None

    code, out, _ = run("record", folder, "--label", "P07_i1", "--participant", "P07",
                       "--for", "60s", "--willing", "agreed", "--json")  # fmt: skip

    assert code == 0
    assert result(out)["paused_s"] > 0


def test_somebody_agrees_loses_capacity_gets_a_consultee_and_is_withdrawn_in_part(
    run: Run, folder: Path, passphrase: str
) -> None:
    def record(label: str, willing: str) -> int:
        return run("record", folder, "--label", label, "--participant", "INT01:interviewer",
                   "--participant", "P07", "--for", "0.2s", "--willing", willing)[0]  # fmt: skip

    run("policy", folder, "--after-capacity-lost", "keep")
    assert record("P07_i1", "agreed") == ConsentMissing.exit_code
    run("consent", folder, "P07", *PAPERS, "--sound", "yes", "--transcription", "yes")
    assert [record(label, "agreed") for label in ("P07_i1", "P07_i2")] == [0, 0]

    told = run("consent", folder, "P07", "--lost-capacity")[1]
    assert "keeps earlier interviews, and they stay in use" in told
    assert record("P07_i0", "agreed") == 0  # nothing was noted yet
    run("consent", folder, "P07", "--lost-capacity", "--confirm")
    assert record("P07_i3", "assent") == CapacityLost.exit_code
    with Study.open(folder, passphrase) as study:
        require_interview_consent(study.interview("P07_i1"), GatedAction.TRANSCRIBE)

    own = run("consent", folder, "P07", "--archive", "yes")
    advised = run("consent", folder, "P07", "--basis", "nominated-consultee",
                  "--consultee", "Dr A. Rahman", "--consultee-contact", "01632 960200",
                  "--sound", "yes")  # fmt: skip
    assert (own[0], advised[0]) == (ConsentRefused.exit_code, 0)  # she consents no more
    assert record("P07_i3", "assent") == 0
    assert _marks(folder, passphrase, "P07_i3")[0] == (0.0, MarkKind.ASSENT)
    # She is withdrawn in part: the sound goes, what was agreed to stays.
    run("policy", folder, "--joint-withdrawal", "all")
    assert run("withdraw", folder, "P07", "--scope", "sound", "--yes")[0] == 0
    with Study.open(folder, passphrase) as study:
        assert [one.sound_s for one in study.summaries()] == [0.0] * 4
        assert read_consent(study, "P07") is not None
    assert record("P07_i4", "assent") != 0
    assert "Rahman" not in run("log", "show", folder)[1]
    assert run("log", "verify", folder)[0] == 0


def test_an_archive_gets_no_more_open_access_than_was_agreed(
    run: Run, signed: Path, passphrase: str, tmp_path: Path
) -> None:
    with Study.open(signed, passphrase) as study:
        keep_agreed(study, "P07", but=ConsentPurpose.QUOTES)
    call = ["export", signed, "P07_i1", "P07_i2", "--to", tmp_path / "out", "--access"]

    for label in ("P07_i1", "P07_i2"):  # how words may be quoted is part of what is signed
        run("sign", signed, label)

    open_to_all = run(*call, "open")
    safeguarded = run(*call, "safeguarded")

    assert open_to_all[0] == AccessTooOpen.exit_code
    assert "what P07 agreed to allows safeguarded access at most, not open" in open_to_all[2]
    assert "Leave --access out" in open_to_all[2]
    assert safeguarded[0] == 0, safeguarded
    assert "level: safeguarded" in (tmp_path / "out" / "README-archive.txt").read_text("utf-8")


@pytest.mark.parametrize("version", ["", " ", "1\a"])
def test_a_version_of_a_paper_is_plain_text(run: Run, folder: Path, version: str) -> None:
    before = run("policy", folder)[1]

    assert run("policy", folder, "--sheet", version)[0] == ConsentRefused.exit_code
    assert run("policy", folder)[1] == before


def test_a_consent_that_does_not_count_is_recorded_again_with_the_same_answers(
    run: Run, signed: Path, passphrase: str, cheap: Argon2Cost
) -> None:
    assert run("consent", signed, "P07", *PAPERS, "--sound", "yes", "--archive", "yes")[0] == 0
    with Study.open(signed, passphrase) as study:
        add_person(study, "Ada", PersonRole.ASSISTANT, "only Ada knows this", cost=cheap)
        record = read_consent(study, "P07")
        owner = find_consent_owner(study, "P07")
    assert record is not None
    with (
        Study.open(signed, "only Ada knows this") as study,
        study.change("consent recorded") as change,
    ):
        forged = replace(record, by=1, at=change.made_at)
        change.write_artefact(ArtefactKind.CONSENT, forged, owner=owner)
    assert run("export", signed, "P07_i1")[0] == ConsentRefused.exit_code

    assert run("consent", signed, "P07", *PAPERS, "--sound", "yes", "--archive", "yes")[0] == 0

    assert run("export", signed, "P07_i1")[0] == 0
    assert "consent.2" in run("log", "verify", signed)[1]  # what somebody did stays known


def test_the_consent_that_a_new_study_suggests_answers_about_quotes_and_can_be_recorded(
    run: Run, tmp_path: Path
) -> None:
    """It asked for sound and transcription alone, so that nobody knew who may be quoted."""
    place = tmp_path / "study"
    _, _, told = run("new", place)
    command = re.search(r"`earshot (consent .+?)`", told)
    assert command is not None

    code, _, err = run(*shlex.split(command[1]))

    assert code == 0, err
    assert "--quotes no" in command[1]
