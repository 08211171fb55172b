"""``earshot decisions`` answers by itself, and what it writes holds no original."""

from __future__ import annotations

import csv
import html
import io
import json
import unicodedata
from pathlib import Path
from typing import cast

import pytest

from cli import main
from study.errors import (
    BadName,
    EarshotError,
    LogVersionMissing,
    PassRefused,
    TargetExists,
    UnknownMention,
    UnknownParticipant,
    UnknownTurn,
)
from study.store import Argon2Cost, Study

TEXT = """INT: Who came?
P07: My sister Jean Ackroyd, and a man called Derek.
INT: And Derek?
P07: Yes.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study with one interview that was imported, searched and decided."""
    monkeypatch.setenv("EARSHOT_PASSPHRASE", "four unrelated words")
    cheap = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
    Study.create(tmp_path / "study", "four unrelated words", cost=cheap)[0].close()
    (tmp_path / "t.txt").write_text(TEXT)
    study = str(tmp_path / "study")
    assert main(["import", study, str(tmp_path / "t.txt"), "--label", "P07_i1"]) == 0
    assert main(["anonymise", study, "P07_i1"]) == 0
    assert main(["review", study, "P07_i1", "--accept-all"]) == 0
    return tmp_path / "study"


def told(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert main([*words, "--json"]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out.splitlines()[-1])["result"]
    return found


def test_the_log_is_filtered_counted_and_sampled(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    every = told(capsys, "decisions", str(folder))
    assert {line["decided by"] for line in every} == {"owner"}
    assert {line["in bulk"] for line in every} == {"in bulk"}
    assert told(capsys, "decisions", str(folder), "--kind", "place") == []
    assert told(capsys, "decisions", str(folder), "--by", "owner", "--count") == [
        {"kind": "person", "action": "replaced", "count": len(every)}
    ]
    drawn = told(capsys, "decisions", str(folder), "P07_i1", "--sample", "10")
    assert len(drawn) == 1
    assert drawn == told(capsys, "decisions", str(folder), "P07_i1", "--sample", "10")


def test_a_sample_says_that_its_size_is_a_share(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["decisions", str(folder), "--sample", "10"]) == 0

    assert "A sample of 10%: 1 of 3 lines." in capsys.readouterr().err


def test_what_is_named_in_one_call_was_decided_together(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = [str(line["key"]) for line in told(capsys, "decisions", str(folder))]

    for named, bulk in ((keys, {"in bulk"}), (keys[:1], {"in bulk", ""})):
        every = [word for key in named for word in ("--accept", key)]
        assert main(["review", str(folder), "P07_i1", *every]) == 0
        assert {line["in bulk"] for line in told(capsys, "decisions", str(folder))} == bulk


def test_a_second_search_does_not_call_what_is_decided_proposed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["anonymise", str(folder), "P07_i1"]) == 0

    first = capsys.readouterr().out.splitlines()[0]
    assert first == "3 mentions: 3 decided before, nothing to decide"


def test_the_trail_names_people_and_interviews_where_the_passphrase_opens_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(capsys, "log", "show", str(folder))
    assert {line["who"] for line in lines} == {"owner"}
    assert lines[-1]["label"] == "P07_i1"
    assert main(["log", "show", str(folder)]) == 0
    shown = capsys.readouterr().out
    assert "owner" in shown
    assert "P07_i1" in shown


def test_what_was_never_looked_at_and_who_decided_are_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = str(told(capsys, "decisions", str(folder))[0]["key"])
    turns = told(capsys, "decisions", str(folder), "--not-looked-at")
    assert [turn["turn"] for turn in turns] == [1, 2, 3, 4]
    assert main(["review", str(folder), "P07_i1", "--reject", key, "--reason", "no name"]) == 0
    made = told(capsys, "decisions", str(folder), "--history", key)
    assert {d["verdict"]: d["reason"] for d in made} == {"accepted": "", "rejected": "no name"}


def test_originals_are_shown_only_when_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Ackroyd" not in str(told(capsys, "decisions", str(folder)))
    assert "Ackroyd" in str(told(capsys, "decisions", str(folder), "--originals"))


def test_the_files_hold_no_original_and_no_formula(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = str(told(capsys, "decisions", str(folder))[0]["key"])
    assert main(["review", str(folder), "P07_i1", "--change", f"{key}==cmd|<b>x"]) == 0
    table, page = tmp_path / "log.csv", tmp_path / "log.html"
    files = ["--csv", str(table), "--page", str(page)]
    assert main(["decisions", str(folder), *files]) == 0
    rows = list(csv.reader(io.StringIO(table.read_bytes().decode("utf-8-sig"))))
    assert "'=cmd|<b>x" in rows[1]
    assert "=cmd|&lt;b&gt;x" in page.read_text()
    for written in (table, page):
        assert b"Ackroyd" not in written.read_bytes()
        assert b"Derek" not in written.read_bytes()
    assert main(["decisions", str(folder), *files]) == TargetExists.exit_code


def test_a_name_that_opens_nothing_is_one_sentence(folder: Path) -> None:
    assert main(["decisions", str(folder), "--by", "nobody"]) == BadName.exit_code


def test_the_risk_sheet_prints_no_word_that_was_replaced(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = str(told(capsys, "decisions", str(folder))[-1]["key"])
    assert main(["review", str(folder), "P07_i1", "--reject", key]) == 0
    lines = told(capsys, "risk", str(folder), "P07_i1")
    assert "kept here, replaced elsewhere" in {line["concern"] for line in lines}
    assert main(["risk", str(folder), "--page", str(tmp_path / "risk.html")]) == 0
    page = (tmp_path / "risk.html").read_text()
    assert "Kept here, replaced elsewhere" in page
    assert "Derek" not in page


def test_an_outsiders_list_leads_to_places_and_prints_no_replaced_word(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = str(told(capsys, "decisions", str(folder))[-1]["key"])
    assert main(["review", str(folder), "P07_i1", "--undo", key]) == 0
    lines = told(capsys, "risk", str(folder), "P07", "--intruder")
    weights = [cast("int", line["weight"]) for line in lines]
    assert weights == sorted(weights, reverse=True)
    assert all(line["places"] for line in lines)
    page = tmp_path / "intruder.html"
    assert main(["risk", str(folder), "P07", "--intruder", "--page", str(page)]) == 0
    assert "Ackroyd" not in page.read_text()
    assert main(["risk", str(folder), "P99", "--intruder"]) == UnknownParticipant.exit_code


def test_an_outsiders_list_about_nobody_asks_for_a_code(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["risk", str(folder), "--intruder"])

    assert refused.value.code == 2
    assert "name their code" in capsys.readouterr().err


def test_alike_mentions_are_decided_everywhere_and_questions_of_a_kind_at_once(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "u.txt").write_text("P08: Jean Ackroyd came, and he was a farmer all his life.\n")
    study = str(folder)
    assert main(["import", study, str(tmp_path / "u.txt"), "--label", "P08_i1"]) == 0
    assert main(["anonymise", study, "P08_i1"]) == 0
    mine = told(capsys, "review", study, "P07_i1")
    key = next(str(line["key"]) for line in mine if line["original"] == "Jean Ackroyd")
    assert main(["review", study, "P07_i1", "--undo", key]) == 0
    assert main(["review", study, "P07_i1", "--reject", key, "--everywhere"]) == 0
    assert main(["review", study, "P08_i1", "--sure-of", "phone number", "--everywhere"]) == 0
    assert main(["review", study, "P08_i1", "--none-of", "occupation"]) == 0
    decided = {
        str(line["original"]): line["decision"] for line in told(capsys, "review", study, "P08_i1")
    }
    assert decided["Jean Ackroyd"] == "rejected"
    assert "" not in {d for words, d in decided.items() if "farmer" in words}


def test_words_are_added_and_told_to_stay_by_their_turn(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    review = ["review", str(folder), "P07_i1"]
    assert main([*review, "--add", "4=Yes=other detail", "--keep", "1=Who came"]) == 0
    lines = told(capsys, *review, "--first")
    assert {str(x["original"]): x["decision"] for x in lines} == {
        "Jean Ackroyd": "accepted", "Derek": "accepted", "Yes": "accepted", "Who came": "rejected",
    }  # fmt: skip
    assert main([*review, "--add", "4=nothing of the kind"]) == UnknownMention.exit_code
    assert main([*review, "--add", "4=Yes=no kind"]) == BadName.exit_code


def test_one_number_means_one_turn_in_every_verb_and_in_every_file(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = str(folder)
    assert main(["correct", study, "P07_i1", "--split", "2=and a man", "--remove", "1"]) == 0
    assert main(["anonymise", study, "P07_i1"]) == 0
    assert main(["review", study, "P07_i1", "--keep", "2=and a", "--accept-all"]) == 0
    assert main(["sign", study, "P07_i1", "--as", "A. Officer"]) == 0
    out = tmp_path / "out"
    assert main(["export", study, "P07_i1", "--to", str(out), "--format", "turns",
                 "--format", "json", "--format", "log"]) == 0  # fmt: skip

    # My sister … / and a man called Derek. / And Derek? / Yes: the keys are 2, 5, 3 and 4.
    places = {"Jean Ackroyd": {1}, "Derek": {2, 3}, "and a": {2}}
    for verb in ("review", "mentions"):
        seen: dict[str, set[object]] = {}
        for one in told(
            capsys, verb, study, "P07_i1", *(["--words"] if verb == "mentions" else [])
        ):
            seen.setdefault(str(one.get("original", one.get("words"))), set()).add(one["turn"])
        assert seen == places
    assert [one["turn"] for one in told(capsys, "find", study, "Derek")] == [2, 3]
    log = told(capsys, "decisions", study, "--originals")
    assert {(one["said"], one["turn"]) for one in log} == {
        ("Jean Ackroyd", "1"), ("and a", "2"), ("Derek", "2"), ("Derek", "3"),
    }  # fmt: skip
    bundle = next(out.rglob("turns-utf8.csv")).parent
    with (bundle / "turns-utf8.csv").open(encoding="utf-8-sig", newline="") as table:
        assert [row["turn"] for row in csv.DictReader(table)] == ["1", "2", "3", "4"]
    with (bundle / "P07_i1-log.csv").open(encoding="utf-8-sig", newline="") as table:
        assert [row["turn"] for row in csv.DictReader(table)] == ["1", "2", "2", "3"]
    turns = json.loads((bundle / "P07_i1.json").read_text(encoding="utf-8"))["turns"]
    assert [turn["turn"] for turn in turns] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("place", "refused", "why"),
    [
        ("9=a man", UnknownTurn, "This interview has no turn 9: its turns are 1 to 4."),
        ("k9=a man", UnknownTurn, "This interview has no turn k9: its turns are 1 to 4."),
        ("1=a man", PassRefused, "turn 1 does not say these words"),
    ],
)
def test_words_of_a_turn_that_is_not_there_or_does_not_say_them_are_not_let_through(
    place: str,
    refused: type[EarshotError],
    why: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["sign", str(folder), "P07_i1", "--let", place, "--because", "A brand."])

    assert code == refused.exit_code
    assert why in " ".join(capsys.readouterr().err.split())
    assert main(["sign", str(folder), "P07_i1", "--show"]) == 0
    assert "Let through" not in capsys.readouterr().out


def test_words_that_were_decided_already_are_not_kept_and_it_says_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    review = ["review", str(folder), "P07_i1"]
    assert main([*review, "--keep", "1=Who came"]) == 0
    capsys.readouterr()

    assert main([*review, "--keep", "1=Who came"]) == UnknownMention.exit_code

    said = " ".join(capsys.readouterr().err.split())
    assert "These words are in a mention already" in said
    assert "--reject KEY" in said


def test_all_of_one_person_are_decided_together_and_choices_are_offered(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    review = ["review", str(folder), "P07_i1"]
    keys = [str(x["key"]) for x in told(capsys, *review) if x["original"] == "Derek"]
    assert len(keys) == 2
    assert main([*review, *(word for key in keys for word in ("--undo", key))]) == 0
    assert main([*review, "--change", f"{keys[0]}=the tutor", "--alike"]) == 0
    decided = [x for x in told(capsys, *review) if x["original"] == "Derek"]
    assert [(x["decision"], x["replacement"]) for x in decided] == [("changed", "the tutor")] * 2
    capsys.readouterr()
    assert main([*review, "--choices", keys[0]]) == 0
    assert capsys.readouterr().out.split() == ["[Person", "2]"]


def test_what_changed_between_two_versions_is_told_and_one_that_is_not_there_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = str(folder)
    assert main(["sign", study, "P07_i1", "--as", "A. Officer"]) == 0
    key = str(told(capsys, "decisions", study)[0]["key"])
    assert main(["review", study, "P07_i1", "--change", f"{key}=somebody"]) == 0
    assert main(["sign", study, "P07_i1", "--as", "A. Officer"]) == 0

    changed = told(capsys, "decisions", study, "--compare", "1", "2")

    assert [(c["interview"], c["after"]["mention"]) for c in changed] == [("P07_i1", key)]  # pyright: ignore[reportIndexIssue, reportUnknownVariableType]
    assert told(capsys, "decisions", study, "--compare", "2") == []
    assert main(["decisions", study, "--compare", "9"]) == LogVersionMissing.exit_code
    assert "no version 9 of its log yet. The newest is version 2." in " ".join(
        capsys.readouterr().err.split()
    )


def test_what_was_let_through_the_gate_is_told_below_the_log(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    why = "It is a brand of coffee."
    study, page = str(folder), tmp_path / "log.html"
    assert main(["sign", study, "P07_i1", "--let", "2=a man", "--because", why]) == 0
    assert main(["sign", study, "P07_i1", "--let", "Yes", "--because", why]) == 0
    assert main(["sign", study, "P07_i1", "--stop", "Yes", "--because", "It may be Mr Yes."]) == 0
    capsys.readouterr()

    assert main(["decisions", study, "--page", str(page)]) == 0

    told_below = capsys.readouterr().err
    assert "P07_i1: Let through the gate, in turn 2: 2 words" in told_below
    assert f"P07_i1: because {why}" in told_below
    assert told_below.count("Let through") == 1  # the other was taken back
    assert "Let through the gate, in turn 2: 2 words" in page.read_text(encoding="utf-8")
    assert why not in page.read_text(encoding="utf-8")
    for shows in (["sign", study, "P07_i1", "--show"], ["log", "show", study]):
        assert main(shows) == 0
        assert "let through the gate" in capsys.readouterr().out.lower()


def test_the_risk_sheet_says_of_which_interviews_it_knows_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It said "None. 0 lines." of an interview full of names that nobody had searched."""
    study = str(folder)
    (tmp_path / "u.txt").write_text("P08: I am Margaret Wilson of Skipton, born 4 May 1941.\n")
    assert main(["import", study, str(tmp_path / "u.txt"), "--label", "P08_i1"]) == 0
    assert main(["correct", study, "P07_i1", "--say", "1=I am somebody else."]) == 0
    capsys.readouterr()
    page = tmp_path / "risk.html"
    said: list[str] = []
    for words in (("P08_i1", "--page", str(page)), (), ("P07_i1",), ("P08", "--intruder")):
        assert main(["risk", study, *words]) == 0
        said.append(capsys.readouterr().err)

    never = "! P08_i1 was never searched: nothing of it is in this list."
    earlier = "! P07_i1 was edited since it was searched: the list is of the earlier text."
    assert [never in one for one in said] == [True, True, False, True]
    assert [earlier in one for one in said] == [False, True, True, False]
    assert never in html.unescape(page.read_text())


def test_numbers_that_are_missing_are_told_where_some_are(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It said "so some are missing" of Person 1 and Person 2."""
    assert main(["replacements", str(folder)]) == 0
    whole = capsys.readouterr().err
    first, second = (
        str(one["label"]).strip("[]") for one in told(capsys, "replacements", str(folder))[:2]
    )
    assert main(["replacements", str(folder), "--same", f"{first}={second}"]) == 0
    joined = capsys.readouterr().err

    assert "some are missing" not in whole
    assert "some are missing" in joined


def test_names_whose_accents_are_characters_of_their_own_are_found(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As macOS writes them: "Bjorn" with a diaeresis behind its o stood in what was handed over."""
    said = "P08: My name is Björn Löwe. Our neighbour Séan Ó Súilleabháin lives in Malmö.\n"
    hidden: list[set[str]] = []
    for number, form in enumerate(("NFC", "NFD"), 1):
        path = tmp_path / f"{form}.txt"
        path.write_text(unicodedata.normalize(form, said), encoding="utf-8")
        assert main(["import", str(folder), str(path), "--label", f"P08_i{number}"]) == 0
        assert main(["anonymise", str(folder), f"P08_i{number}"]) == 0
        found = told(capsys, "review", str(folder), f"P08_i{number}")
        hidden.append({str(one.get("original", one.get("words"))) for one in found})

    assert hidden[0] == hidden[1]
    assert any("Björn" in one for one in hidden[1])
    letter = unicodedata.normalize("NFD", "I am Zoë.")
    assert main(["correct", str(folder), "P08_i2", "--say", f"1={letter}"]) == 0
    assert len(told(capsys, "find", str(folder), "Zoë")) == 1
