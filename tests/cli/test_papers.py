"""The papers of the office, made from what is true in a study."""

from __future__ import annotations

import wave
from dataclasses import replace
from pathlib import Path

import pytest

from study import (
    ArtefactKind,
    CaseAttribute,
    CaseAttributes,
    Contact,
    ContactDetails,
    HandOver,
    HandOverFacts,
    InterviewDetails,
    Participant,
    PersonRole,
    Provenance,
    Role,
    SoundFormat,
    Transcript,
    TranscriptFacts,
    Turn,
    Voices,
)
from study.errors import (
    DestructionRefused,
    HasWithdrawn,
    RoleForbids,
    StudyChanged,
    TargetExists,
    TargetInStudy,
)
from study.store import (
    Argon2Cost,
    IncomingSound,
    Study,
    add_person,
    keep_contact_details,
    raise_concern,
    verify_study,
)
from tests.cli.conftest import Run

MADE_BY = Provenance("transcribe", "earshot", "tiny.en", "ab" * 32)


@pytest.fixture
def held(study: Study) -> Path:
    """A closed study with an interview of P07 alone and one of P07 with her brother."""
    alone = (Participant("INT01", Role.INTERVIEWER), Participant("P07", names=("Margaret",)))
    both = (*alone, Participant("FAM02", Role.SUPPORTER, ("Tom",)))
    for label, people in (("P07_i1", alone), ("both", both)):
        with IncomingSound(study, SoundFormat(8000, 1)) as incoming:
            incoming.write(bytes(8000))
            made = incoming.keep(InterviewDetails(label, people), {"container": "WAV"})
        turns = (
            Turn(1, "INT01", 0.0, 1.0, "How are you?"), Turn(2, "P07", 1.0, 2.0, "Well enough."),
            Turn(3, people[-1].code, 2.0, 3.0, "The garden helps."),
        )  # fmt: skip
        with study.interview(made).change("transcribed") as change:
            change.write_artefact(ArtefactKind.RAW, Transcript(turns, MADE_BY), TranscriptFacts(3))
    with study.change("cases described") as change:
        age = CaseAttributes((CaseAttribute("age", ("60s",)),), {"P07": {"age": "60s"}})
        change.write_artefact(ArtefactKind.CASES, age)
    keep_contact_details(study, ContactDetails("P07", Contact("Margaret", "3 Mill Lane")))
    folder = study.folder
    study.close()
    return folder


def test_the_data_flow_sheet_says_who_has_what_for_how_long_made_by_which_model(
    run: Run, held: Path, tmp_path: Path
) -> None:
    assert run("due", held, "--set", "sound=sign-off+1", "--hold", "P07", "--because", "x")[0] == 0
    page = tmp_path / "flow.html"

    code, out, _ = run("papers", held, "data-flow", "--to", page)

    assert (code, out) == (0, f"{page}\n")
    told = page.read_text()
    for fact in ("tiny.en", "ab" * 32, "sign-off+1", "somebody decides", "owner", "recovery",
                 "what each replacement stands for", "run on this computer",
                 "pseudonymised, not anonymous",
                 "<td>2 texts</td>", str(held)):  # fmt: skip
        assert fact in told, fact
    for secret in ("Margaret", "Tom", "garden", "Mill Lane"):
        assert secret not in told
    assert run("papers", held, "data-flow", "--to", page)[0] == TargetExists.exit_code


def test_a_lost_device_is_told_in_one_command(run: Run, held: Path, tmp_path: Path) -> None:
    page = tmp_path / "lost.html"

    assert run("papers", held, "device-loss", "--to", page)[0] == 0

    told = page.read_text()
    for fact in (
        "P07_i1", "FAM02", "transcribed", "sealed (AES-256-GCM)", "Last change in this",
        "contact details kept, by owner", "in the folder of this copy is sealed",
    ):  # fmt: skip
        assert fact in told, fact
    assert "Margaret" not in told


def test_a_lost_device_is_looked_through_for_every_file_that_is_not_sealed(
    run: Run, held: Path, tmp_path: Path
) -> None:
    bundle = held / "handed-over" / "P07_i1"
    bundle.mkdir(parents=True)
    for name in ("SHA256SUMS", "P07_i1.txt", "P07_i1.flac"):
        (bundle / name).touch()
    (held / "audio" / "Margaret.WAV").touch()
    (held / "notes about Margaret.txt").touch()
    (held / "study.format-3.db").touch()

    assert run("papers", held, "device-loss", "--to", tmp_path / "lost.html")[0] == 0
    assert run("papers", held, "data-flow", "--to", tmp_path / "flow.html")[0] == 0

    lost, flow = ((tmp_path / name).read_text() for name in ("lost.html", "flow.html"))
    for fact in (
        "5 files are not sealed", "Voices can be heard in 2 files of these",
        "<td>handed-over/P07_i1</td><td>anonymised text</td><td>2</td>",
        "<td>handed-over/P07_i1</td><td>sound: voices can be heard</td><td>1</td>",
        "sound that is not of a hand-over", "nobody knows what is in it",
    ):  # fmt: skip
        assert fact in lost, fact
    assert "1 file: sound: voices can be heard" in flow
    assert "study.format-3.db" in flow
    assert "Margaret" not in lost + flow


def test_the_data_flow_sheet_names_every_kind_of_data_and_the_whole_path(
    run: Run, held: Path, tmp_path: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Study.open(held, passphrase) as study:
        prints = ((0.1,), (0.2,))
        voices = Voices(
            (), ("P07", "S1"), 2, is_guessed=True, sureness=0.9, model="voices",
            model_sha256="cd" * 32, prints=prints,
        )  # fmt: skip
        with study.interview("P07_i1").change("speakers told apart") as change:
            change.write_artefact(ArtefactKind.VOICES, voices)
        options = {"speakers_model": "voices", "speakers_sha256": "cd" * 32}
        told = Transcript((), replace(MADE_BY, options=options))
        with study.interview("both").change("speakers told apart") as change:
            change.write_artefact(ArtefactKind.RAW, told, TranscriptFacts(0))
        raise_concern(study.interview("P07_i1"), "something was said")
    monkeypatch.chdir(held.parent)

    assert run("papers", held.name, "data-flow", "--to", tmp_path / "flow.html")[0] == 0

    flow = (tmp_path / "flow.html").read_text()
    for fact in (
        f"<td>{held}</td>", f"<td>voices</td><td>{'cd' * 32}</td><td>no</td><td>2 texts</td>",
        "special category data)</td><td>2</td>", "who decides for them</td><td>1</td>",
        "safety is in doubt</td><td>1</td>",
    ):  # fmt: skip
        assert fact in flow, fact


def test_somebody_gets_what_is_theirs_and_nothing_of_others(
    run: Run, held: Path, tmp_path: Path, passphrase: str
) -> None:
    folder = tmp_path / "for P07"

    code, _, _ = run("papers", held, "own-data", "P07", "--to", folder)

    assert code == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "P07.html", "P07_i1.txt", "P07_i1.wav", "both.txt",
    ]  # fmt: skip
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    own, joint = (folder / "P07_i1.txt").read_text(), (folder / "both.txt").read_text()
    assert "[00:00:02] P07: The garden helps." in own
    assert "FAM02: [somebody else]" in joint
    assert "garden" not in joint
    with wave.open(str(folder / "P07_i1.wav")) as sound:
        assert (sound.getframerate(), sound.getnframes()) == (8000, 4000)
    page = (folder / "P07.html").read_text()
    assert all(fact in page for fact in ("Margaret", "3 Mill Lane", "60s", "P07_i1"))
    assert "Tom" not in page
    with Study.open(held, passphrase) as study:
        lines, _ = study.read_trail()
        assert lines[-1].verb == "own data given"
        assert lines[-1].facts["code"] == "P07"
        assert "Margaret" not in str(lines[-1].facts)
        assert verify_study(study) == []


@pytest.fixture
def unnamed(held: Path, passphrase: str) -> Path:
    """The same study, where nobody has said whose voice is whose."""
    with Study.open(held, passphrase) as study:
        for label in ("P07_i1", "both"):
            turns = (Turn(1, "S1", 0.0, 1.0, "How are you?"), Turn(2, "S2", 1.0, 2.0, "Well."))
            with study.interview(label).change("transcribed") as change:
                change.write_artefact(
                    ArtefactKind.RAW, Transcript(turns, MADE_BY), TranscriptFacts(2)
                )
    return held


def test_own_words_are_given_or_it_is_said_that_nobody_knows_whose_they_are(
    run: Run, unnamed: Path, tmp_path: Path
) -> None:
    code, _, err = run("papers", unnamed, "own-data", "P07", "--to", tmp_path / "out")
    assert code != 0
    assert "In both nobody has said who speaks in 2 turns: left out." in err
    assert "P07_i1" not in err
    assert not (tmp_path / "out").exists()

    assert run("papers", unnamed, "own-data", "P07", "--to", tmp_path / "out", "--yes")[0] == 0

    assert "S2: Well." in (tmp_path / "out" / "P07_i1.txt").read_text()
    joint = (tmp_path / "out" / "both.txt").read_text()
    assert "S2: [nobody has said who speaks]" in joint
    assert "Well" not in joint
    page = (tmp_path / "out" / "P07.html").read_text()
    assert "In both nobody has said who speaks in 2 turns" in page


def test_own_data_says_who_was_given_something_of_it(
    run: Run, held: Path, tmp_path: Path, passphrase: str
) -> None:
    with Study.open(held, passphrase) as study, study.change("handed over") as change:
        made = HandOver(change.made_at, 1, "Leeds", "an archive", ("txt",), {"a.txt": "0"}, "0")
        owner = study.interview("P07_i1").id
        change.write_artefact(ArtefactKind.HANDED, made, HandOverFacts(1), owner=owner)

    assert run("papers", held, "own-data", "P07", "--to", tmp_path / "out")[0] == 0

    page = (tmp_path / "out" / "P07.html").read_text()
    assert "<td>P07_i1</td><td>Leeds</td><td>an archive</td>" in page


def test_own_data_of_nobody_or_into_the_wrong_place_is_refused(
    run: Run, held: Path, tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "something").touch()
    for code, folder, wrong in (
        ("P99", "new", DestructionRefused), ("", "new", DestructionRefused),
        ("P07", "full", TargetExists), ("P07", held / "mine", TargetInStudy),
    ):  # fmt: skip
        words = ("own-data", code) if code else ("own-data",)
        assert run("papers", held, *words, "--to", tmp_path / folder)[0] == wrong.exit_code
    assert not (tmp_path / "new").exists()


def test_own_data_does_not_follow_a_link_that_leads_nowhere(
    run: Run, held: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")

    code, _, err = run("papers", held, "own-data", "P07", "--to", tmp_path / "link")

    assert code == TargetExists.exit_code
    assert err.startswith("earshot: ")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("role", [PersonRole.INTERVIEWER, PersonRole.APPROVER])
def test_own_data_is_given_by_who_may_hand_over_alone(
    run: Run,
    held: Path,
    tmp_path: Path,
    passphrase: str,
    cheap: Argon2Cost,
    monkeypatch: pytest.MonkeyPatch,
    role: PersonRole,
) -> None:
    with Study.open(held, passphrase) as study:
        add_person(study, "Ines", role, "only Ines knows this", cost=cheap)
    monkeypatch.setenv("EARSHOT_PASSPHRASE", "only Ines knows this")

    assert run("papers", held, "own-data", "P07", "--to", tmp_path / "out")[0] == (
        RoleForbids.exit_code
    )
    assert not (tmp_path / "out").exists()


def test_no_own_data_is_given_of_a_study_that_was_changed_outside(
    run: Run, held: Path, tmp_path: Path
) -> None:
    with (held / "study.db").open("r+b") as file:
        file.seek(-1, 2)
        last = file.read(1)[0]
        file.seek(-1, 2)
        file.write(bytes([last ^ 1]))

    code, _, _ = run("papers", held, "own-data", "P07", "--to", tmp_path / "out")

    assert code == StudyChanged.exit_code
    assert not (tmp_path / "out").exists()


def test_no_own_data_is_given_while_it_waits_to_be_destroyed(
    run: Run, held: Path, tmp_path: Path
) -> None:
    assert run("policy", held, "--two-to-destroy", "yes", "--joint-withdrawal", "all")[0] == 0
    assert run("withdraw", held, "P07", "--scope", "sound", "--yes")[0] == 0

    code, _, _ = run("papers", held, "own-data", "P07", "--to", tmp_path / "out")

    assert code == HasWithdrawn.exit_code
    assert not (tmp_path / "out").exists()
    assert run("withdraw", held, "P07", "--take-back")[0] == 0
    assert run("papers", held, "own-data", "P07", "--to", tmp_path / "out")[0] == 0
