from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import frame
from benchmarks.frame import Row, at_least, at_most

ROWS = [
    at_least("sealed import", 151.2, 20, "MB/s", compared_with="the same file"),
    at_most("listing", 0.7, 0.5, "s"),
    Row("first paint", None, "CPU s", note="does not run (yet)"),
]


def test_an_aim_is_held_or_missed() -> None:
    assert [row.holds for row in ROWS] == [True, False, None]


def test_a_table_is_plain_text_in_columns() -> None:
    first, rule, *lines = frame.table(ROWS).splitlines()

    assert first.split("  ")[0].strip() == "figure"
    assert set(rule) == {"-", " "}
    assert "151" in lines[0]
    assert lines[1].endswith("NO")
    assert lines[-1] == "first paint: does not run (yet)"
    assert first.index("unit") == lines[0].index("MB/s") == lines[1].index("s  ", 20)


def test_a_result_is_kept_with_its_machine_and_date_and_no_name_of_a_host(tmp_path: Path) -> None:
    when = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)

    path = frame.keep("store", ROWS, when, tmp_path)

    kept = json.loads(path.read_text())
    assert path.name == "store.json"
    assert kept["date"] == "2026-03-01T10:30:00+00:00"
    assert set(kept["machine"]) == {"cpu", "cores", "memory_gib", "system", "python"}
    assert kept["rows"][1] == {
        "figure": "listing",
        "value": 0.7,
        "unit": "s",
        "compared_with": "",
        "aim": "<= 0.5",
        "holds": False,
        "note": "",
    }


def test_rows_that_were_measured_once_more_take_the_place_of_the_old_ones(tmp_path: Path) -> None:
    first, later = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    frame.keep(
        "words",
        [Row("a: 1 of 9", 1, "%"), Row("  work", 5, "s"), Row("b", 2, "s")],
        first,
        tmp_path,
    )

    path = frame.renew("words", [Row("a: 3 of 9", 3, "%"), Row("  work", 4, "s")], later, tmp_path)

    kept = json.loads(path.read_text())
    assert [(row["figure"], row["value"], row["note"]) for row in kept["rows"]] == [
        ("a: 3 of 9", 3, "measured 2026-03-02T00:00:00+00:00"),
        ("  work", 4, ""),
        ("b", 2, ""),
    ]
    assert kept["date"] == "2026-03-01T00:00:00+00:00"


def test_rows_of_one_name_are_renewed_together_and_none_is_lost(tmp_path: Path) -> None:
    first, later = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    old = [Row("base: names", 1, "%"), Row("base: places", 2, "%"), Row("tiny.en: names", 3, "%")]
    frame.keep("spoken", old, first, tmp_path)

    fresh = [Row("base: names", 4, "%"), Row("base: places", 5, "%")]
    path = frame.renew("spoken", fresh, later, tmp_path)

    kept = json.loads(path.read_text())
    assert [(row["figure"], row["value"]) for row in kept["rows"]] == [
        ("base: names", 4),
        ("base: places", 5),
        ("tiny.en: names", 3),
    ]


def test_every_benchmark_is_found_by_its_name() -> None:
    assert {"start", "store", "transcribe"} <= set(frame.names())
    assert not {"frame", "__main__", "_live"} & set(frame.names())


def test_a_quick_run_prints_and_keeps_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measured(_: str) -> frame.Run:
        return lambda quick: ROWS if quick else []

    def refuse(*_: object) -> Path:
        raise AssertionError

    monkeypatch.setattr(frame, "find", measured)
    monkeypatch.setattr(frame, "keep", refuse)

    assert command.main(["store", "--quick"]) == 1
    assert "sealed import" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "-"), (0.00123, "0.00123"), (1.5, "1.50"), (12345.6, "12,346")]
)
def test_a_number_has_three_digits_that_matter(value: float | None, shown: str) -> None:
    assert f"  {shown}  s" in frame.table([Row("figure", value, "s")]).splitlines()[2]


def test_the_page_about_scale_has_the_figures_that_were_measured() -> None:
    root = Path(__file__).parents[2]
    kept = json.loads((root / "benchmarks/results/scale.json").read_bytes())["rows"]
    page = (root / "docs/scale.md").read_text(encoding="utf-8")
    told = {
        "opening it": "open", "the first list": "the first list",
        "each later list": "each later list",
        "the interface's list": "the interface's list, drawn anew",
        "a word in all transcripts": "find", "a word that all have": "find a word that all have",
        "the gate's first look": "the first gate", "each later look": "each later gate",
        "hand over one interview": "hand over one", "hand over five": "hand over five",
        "list the replacements": "list the replacements",
        "change one replacement": "change one everywhere",
        "who may be one person": "who may be one person",
    }  # fmt: skip

    for row, figure in told.items():
        (line,) = [one for one in page.splitlines() if one.startswith(f"| {row}")]
        (measured,) = [one for one in kept if one["figure"] == f"{figure}: growth"]
        seconds = [float(one.split(": ")[1].removesuffix(" s")) for one in measured[
            "compared_with"].split(", ")]  # fmt: skip
        shown = [float(cell) for cell in line.split("|")[2:5]]
        assert shown == pytest.approx(seconds, rel=0.06), row
