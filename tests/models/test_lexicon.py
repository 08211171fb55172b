"""The word lists behind the finder of names are read without spaCy."""

from __future__ import annotations

import subprocess
import sys

from models.lexicon import is_ordinary_word, look_up_word


def test_names_places_and_words_are_told_apart() -> None:
    assert look_up_word("Helen").is_person
    assert look_up_word("SIOBHAN").given > 0.5
    assert look_up_word("Ramsbottom").town > 0.5
    assert look_up_word("leeds").town == 1.0
    assert look_up_word("frightened").common > 0.5
    assert look_up_word("frightened").is_word
    assert not look_up_word("qzxv").is_word


def test_ordinary_words_are_nobodys_name() -> None:
    assert is_ordinary_word("bottom")
    assert is_ordinary_word("frightened")
    assert not is_ordinary_word("helen")
    assert not is_ordinary_word("thornlea")


def test_words_of_any_length_and_script_are_looked_up_as_spacy_does() -> None:
    from spacy.strings import get_string_id

    from models.lexicon import _hash

    for word in ("a", "jeanette", "ramsbottom", "éàüß", "wiggleworthington-upon-sea", "محمد"):
        assert _hash(word) == get_string_id(word)


def test_no_spacy_is_needed() -> None:
    code = (
        "import sys; from models.lexicon import look_up_word; look_up_word('Jean'); "
        "print('spacy' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
