"""Three studies on three laptops, an office and two assistants: everything that is said is kept.

``golden/three_laptops.txt`` holds every message, to be read. After a change that was meant, write
it anew with ``EARSHOT_GOLDEN=write pytest tests/walk/test_three_laptops.py``. With
EARSHOT_THOROUGH the recordings are whole, else the first 25 seconds.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import soundfile

from anonymise import list_pseudonyms
from models import InstalledModel, load_demonstration
from study.errors import (
    BothChanged,
    InterviewLent,
    KeyUntrusted,
    OriginalSurvives,
    OtherParcel,
    ParcelExists,
    ParcelForOther,
    WordsDiffer,
)
from study.store import Argon2Cost, Study, verify_study
from tests.walk.laptops import Laptop

GOLDEN = Path(__file__).parent / "golden" / "three_laptops.txt"
SECONDS = 10_000 if os.environ.get("EARSHOT_THOROUGH") else 25
PAPERS = (
    "--sheet", "1", "--sheet-date", "2026-03-01", "--form", "1", "--form-date", "2026-03-01",
    "--taken-by", "INT01", "--taken-on", "2026-03-02", "--sound", "yes", "--transcription", "yes",
)  # fmt: skip
IN_HALIFAX = """INT01: Who came with you?

P03: My sister Jean Bennett, from Halifax.

INT01: And who drives?

P03: Derek Hollis does, on a Tuesday.
"""
IN_LEEDS = """INT01: Who helps you at home?

P04: Derek Hollis comes, and then Jean Bennett of an evening.

INT01: Every day?

P04: Not on Sundays.
"""


def _cut_sound(name: str, to: Path) -> None:
    sound = load_demonstration(name).sound
    frames, rate = soundfile.read(sound, dtype="int16", frames=SECONDS * 16_000)
    soundfile.write(to, frames, rate, subtype="PCM_16")


def _decide_all(laptop: Laptop, label: str, reason: str) -> None:
    laptop.call("anonymise", label)
    laptop.call("review", label, "--accept-all", "--reason", reason)


LABELS = ("P01_i1", "P02_i1", "P03_i1", "P04_i1")
TO = ("--to", "stick/office.key")


@dataclass(frozen=True)
class Everybody:
    """The six laptops."""

    office: Laptop
    field_1: Laptop
    field_2: Laptop
    field_3: Laptop
    anna: Laptop
    ben: Laptop

    def list_all(self) -> list[Laptop]:
        """Return all of them, the office first."""
        return [self.office, self.field_1, self.field_2, self.field_3, self.anna, self.ben]


def _make_friends(at: Everybody) -> None:
    """Let the office and each laptop trust each other, by the words that are read out."""
    at.office.do("key", "--out", "stick/office.key")
    words = str(at.office.ask("key")["words"])
    for laptop in at.list_all()[1:]:
        file = f"stick/{laptop.name}.key"
        laptop.do("key", "--out", file)
        laptop.do("key", "--trust", "stick/office.key", "--words", words)
        own = str(laptop.ask("key")["words"])
        if laptop is at.field_2:  # somebody misheard one
            wrong = ("--words", f"zoo {own.partition(' ')[2]}")
            at.office.do("key", "--trust", file, *wrong, code=WordsDiffer.exit_code)
        typed = " ".join(word[:4] for word in own.split()) + "\n"
        at.office.do("key", "--trust", file, typed=typed)
    at.office.do("key", "--list")


def _interview(at: Everybody) -> None:
    """Each laptop in the field has an interview: one is transcribed there, one is only sound."""
    for name, laptop, code in (("interview", at.field_1, "P01"), ("spouse", at.field_2, "P02")):
        _cut_sound(name, laptop.home / "visit.wav")
        laptop.call("consent", code, *PAPERS)
        people = ("--participant", "INT01:interviewer", "--participant", code)
        laptop.call("import", "visit.wav", "--label", f"{code}_i1", *people)
    at.field_1.call("transcribe", "P01_i1")
    for laptop, code, text in ((at.field_3, "P03", IN_HALIFAX), (at.field_1, "P04", IN_LEEDS)):
        (laptop.home / "typed.txt").write_text(text)
        people = ("--participant", "INT01:interviewer", "--participant", code)
        laptop.call("consent", code, *PAPERS)
        laptop.call("import", "typed.txt", "--label", f"{code}_i1", *people)
        _decide_all(laptop, f"{code}_i1", "it names them")


def _bring_to_the_office(at: Everybody) -> None:
    """All go to the office; one of them is moved, and its receipt comes back."""
    at.field_1.do("send", "P01_i1", "P04_i1", *TO, "--out", "stick/P01.parcel")
    again = ("send", "P01_i1", *TO, "--out", "stick/P01.parcel")
    at.field_1.do(*again, code=ParcelExists.exit_code)
    to_ben = ("send", "P01_i1", "--to", "stick/ben.key", "--out", "stick/to-ben.parcel")
    at.field_1.do(*to_ben, code=KeyUntrusted.exit_code)
    at.field_2.do("send", "P02_i1", *TO, "--out", "stick/P02.parcel", "--move")
    at.field_3.do("send", "P03_i1", *TO, "--out", "stick/P03.parcel")
    at.office.do("receive", "stick/P01.parcel", "--check")
    at.office.do("receive", "stick/P01.parcel")
    at.office.do("receive", "stick/P02.parcel")
    receipt = ("--receipt", "stick/P02.receipt")
    at.office.do("receive", "stick/P02.parcel", *receipt)  # asked for later
    at.office.do("receive", "stick/P02.parcel", *receipt, code=ParcelExists.exit_code)
    at.office.do("receive", "stick/P03.parcel")
    at.anna.do("receive", "stick/P03.parcel", code=ParcelForOther.exit_code)
    at.office.do("receive", "stick/P01.parcel")  # once more
    at.field_1.do("send", *receipt, code=ParcelForOther.exit_code)
    at.field_2.do("send", *receipt)
    assert at.field_2.ask("status") == []
    at.field_2.do("send", *receipt)
    at.office.call("transcribe", "P02_i1")


def _work_on_loans(at: Everybody) -> None:
    """Two are lent to assistants, who correct and decide; meanwhile one is changed here, too."""
    at.office.do("lend", "P01_i1", "--to", "stick/anna.key", "--out", "stick/P01.lent")
    at.office.do("lend", "P03_i1", "--to", "stick/ben.key", "--out", "stick/P03.lent")
    lent = {one["label"]: one["to"] for one in at.office.ask("lend")}
    assert lent == {"P01_i1": "anna", "P03_i1": "ben"}
    at.office.do("correct", "P03_i1", "--say", "2=No.", code=InterviewLent.exit_code)
    at.anna.do("receive", "stick/P01.lent")
    at.ben.do("receive", "stick/P03.lent")
    at.anna.call("correct", "P01_i1", "--say", "2=I come with my sister, Jean Bennett.")
    _decide_all(at.anna, "P01_i1", "it names her")
    say = ("2=My sister, Jean Bennett, from Halifax.", "3=And who drives you?",
           "4=Derek Hollis, of a Tuesday.")  # fmt: skip
    at.ben.call("correct", "P03_i1", *(word for one in say for word in ("--say", one)))
    _decide_all(at.ben, "P03_i1", "it names them")
    at.anna.do("send", "P01_i1", *TO, "--out", "stick/P01.back")
    at.ben.do("send", "P03_i1", *TO, "--out", "stick/P03.back")
    at.office.do("lend", "P03_i1", "--end")  # they believe that the laptop is lost
    at.office.call("correct", "P03_i1", "--say", "2=My sister Jean Bennet of Halifax.",
                   "--say", "4=Derek Hollis does. On a Tuesday.")  # fmt: skip


def _take_back(at: Everybody) -> None:
    """What was lent comes back, and the turns that both changed are decided one by one."""
    at.office.do("receive", "stick/P01.back", code=OtherParcel.exit_code)
    at.office.do("take-back", "stick/P01.parcel", code=OtherParcel.exit_code)
    at.office.do("take-back", "stick/P01.back")
    at.office.do("take-back", "stick/P01.back")
    at.office.do("send", "--receipt", "stick/P01.back", code=OtherParcel.exit_code)
    at.office.do("take-back", "stick/P03.back", code=BothChanged.exit_code)
    at.office.do("take-back", "stick/P03.back", typed="here\n\n", code=BothChanged.exit_code)
    at.office.do("take-back", "stick/P03.back", "--here", "4", typed="there\n")
    at.office.do("lend")
    with Study.open(at.office.study, at.office.passphrase) as study:
        source = study.interview("P03_i1").read_transcript()
        assert source is not None
        assert [turn.text for turn in source.transcript.turns] == [
            "Who came with you?", "My sister, Jean Bennett, from Halifax.",
            "And who drives you?", "Derek Hollis does. On a Tuesday.",
        ]  # fmt: skip


def _sign(office: Laptop, label: str) -> None:
    """Sign off; words that the model heard on this processor alone are let through.

    "Round-scale back" may be Scalebeck, which is a place of another interview.
    """
    words = ("sign", label, "--as", "O. Okafor", "--role", "data officer")
    for _ in range(4):
        refused = office.call_refused(OriginalSurvives.exit_code, *words)
        found = re.search(r" of turn (\d+) .* It says: (.*?)\. Accept or add", refused)
        if found is None:
            return
        office.call("sign", label, "--let", f"{found[1]}={found[2]}", "--because", "no place")
    pytest.fail(f"never signed off: {label}")


def _hand_over(office: Laptop) -> None:
    """The office ends it: one replacement for each in the whole study."""
    for label in LABELS:
        _decide_all(office, label, "it names them")
        _sign(office, label)
    office.call("export", *LABELS, "--to", "stick/handed-over", "--for", "the analysis team")
    with Study.open(office.study, office.passphrase) as study:
        known = list_pseudonyms(study)
        assert len({one.label for one in known}) == len(known)
        whole = [form for one in known for form in one.forms if " " in form]
        assert len(set(whole)) == len(whole)
        (jean,) = [one.label for one in known if "jean bennett" in one.forms]
    read = [office.home / "stick" / "handed-over" / f"{label}.txt" for label in LABELS]
    said = [path.read_text(encoding="utf-8") for path in read]
    assert jean in said[2]
    assert jean in said[3]
    assert "Bennett" not in "".join(said)


@pytest.mark.slow
def test_three_laptops_an_office_and_two_assistants(
    tmp_path: Path,
    tiny_en_alone: InstalledModel,
    cheap: Argon2Cost,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert tiny_en_alone.offer.name == "tiny.en"
    monkeypatch.setattr("study.store.keys.Argon2Cost", lambda: cheap)
    told: list[str] = []
    (tmp_path / "stick").mkdir()
    names = ("office", "field-1", "field-2", "field-3", "anna", "ben")
    at = Everybody(*(Laptop(name, tmp_path / name, told, monkeypatch) for name in names))
    for laptop in at.list_all():
        laptop.call("new")

    _make_friends(at)
    _interview(at)
    _bring_to_the_office(at)
    _work_on_loans(at)
    _take_back(at)
    _hand_over(at.office)

    for laptop in at.list_all():
        laptop.do("log verify")
        with Study.open(laptop.study, laptop.passphrase) as study:
            assert verify_study(study) == []
    said = "\n".join(told)
    if os.environ.get("EARSHOT_GOLDEN") == "write":
        GOLDEN.write_text(said, encoding="utf-8")
    assert said == GOLDEN.read_text(encoding="utf-8")
