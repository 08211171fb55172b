"""Two versions of a long turn are told apart in a short line."""

from __future__ import annotations

from app import tell_apart


def test_texts_that_differ_far_behind_are_cut_down_to_where_they_do() -> None:
    words = [f"word{n}" for n in range(400)]
    one, other = " ".join([*words, "on Mondays."]), " ".join([*words, "on Tuesdays."])

    assert tell_apart(one, other) == (
        "… word398 word399 on Mondays.",
        "… word398 word399 on Tuesdays.",
    )


def test_what_follows_the_difference_is_left_out_too_and_short_texts_stay_whole() -> None:
    assert tell_apart("so we went home by bus", "so they went home by bus") == (
        "so we went home by …",
        "so they went home by …",
    )
    assert tell_apart("Yes.", "No.") == ("Yes.", "No.")
    assert tell_apart("a a", "a a a") == ("a a", "a a a")
    assert tell_apart("", "Yes.") == ("", "Yes.")
