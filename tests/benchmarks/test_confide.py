"""CONFIDE-Bench is counted by its makers' rules; the texts here are our own."""

from __future__ import annotations

from pathlib import Path

from benchmarks.confide import Coverage, count_coverage, measure


def test_a_touch_counts_as_found_and_four_fifths_as_covered() -> None:
    assert count_coverage([[(0, 10), (20, 30)]], [[(9, 12), (20, 28)]]) == Coverage(2, 2, 1, 0)


def test_masks_that_overlap_are_one() -> None:
    assert count_coverage([[(0, 10)]], [[(0, 5), (4, 10)]]) == Coverage(1, 1, 1, 0)


def test_masks_that_lie_side_by_side_cover_no_detail_together() -> None:
    assert count_coverage([[(0, 10)]], [[(0, 5), (5, 10)]]) == Coverage(1, 1, 0, 0)


def test_a_mask_that_touches_no_detail_is_a_false_find() -> None:
    assert count_coverage([[(0, 4)], []], [[(0, 4), (10, 12)], [(3, 5)]]) == Coverage(1, 1, 1, 2)


def test_without_the_texts_a_row_says_how_to_name_their_folder(tmp_path: Path) -> None:
    (row,) = measure(tmp_path)
    assert row.value is None
    assert "EARSHOT_CONFIDE" in row.note


def test_answers_of_others_beside_the_texts_are_counted_as_ours_are(tmp_path: Path) -> None:
    text = "I am Margaret, ring me on 01632 960 983."
    span = '{"start": 5, "end": 13, "type": "private_person"}'
    (tmp_path / "pii-eval.jsonl").write_text(f'{{"text": "{text}", "spans": [{span}]}}\n')
    wrong = '{"start": 0, "end": 1, "type": "PERSON"}'
    answer = f'{{"doc_id": "en-000", "spans": [{span}, {wrong}]}}\n'
    (tmp_path / "en.other.jsonl").write_text(answer)

    rows = {row.figure: row.value for row in measure(tmp_path)}

    assert rows["other: details touched"] == 1.0
    assert rows["other: false finds"] == 1
    assert rows["Earshot, sure finds: details touched"] == 1.0
