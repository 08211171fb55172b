"""Write sentences of the demonstration's small world: interviews about a dementia course.

Everything follows from the `random.Random` that is handed in, so a seed gives the same texts
again. The raw material lies in `texts/`: lists of words, templates with slots, whole
sentences. The turns of the demonstration interview are among the training texts.
"""

import random
import re
import tomllib
from functools import cache
from pathlib import Path

from tools.speech.dice import happens

_TEXTS = Path(__file__).parent / "texts"
_DEMONSTRATION = Path(__file__).parents[2] / "models" / "demonstration"

# How often each way of writing a training text is chosen. Words in random order make the
# decoder listen instead of reciting, but more than a fifth of them slows learning down.
_KINDS = {
    "template": 0.34,
    "known": 0.16,
    "crop": 0.14,
    "splice": 0.08,
    "short": 0.10,
    "shuffle": 0.09,
    "random": 0.09,
}

_HELD_OUT_SEED = 4242
_HELD_OUT_DRAWS = 600


def sentence(draw: random.Random) -> str:
    """One question or answer from a template with slots, sometimes with an opening word."""
    template = draw.choice(_templates())
    text = _fill(template, draw)
    if not template.endswith("?") and happens(draw, 0.2):
        text = f"{draw.choice(_lists()['opener'])}, {_lowered(text)}"
    return text


@cache
def held_out() -> tuple[str, ...]:
    """Sentences that no training text repeats: those the word error rate is measured on."""
    draw = random.Random(_HELD_OUT_SEED)
    drawn = dict.fromkeys(sentence(draw) for _ in range(_HELD_OUT_DRAWS))
    # Sentences without slots cannot be held out: there is only one of each.
    return tuple(text for text in drawn if text not in _templates())


def training_text(draw: random.Random) -> str:
    """One text to train with: a sentence, a part of one, or words without sense."""
    while True:
        kind = draw.choices(list(_KINDS), weights=list(_KINDS.values()))[0]
        text = _WRITERS[kind](draw)
        if text not in held_out():
            return text


@cache
def known_words() -> tuple[str, ...]:
    """Every word the grammar can write, without digits, sorted, as it is usually written."""
    texts = [
        *_plain_entries(),
        *(re.sub(r"\{\w+\}", " ", template) for template in _all_templates()),
        *_sentences(),
        *_words(),
    ]
    words = {word for text in texts for word in re.sub(r"[,.?]", " ", text).split()}
    words = {word for word in words if not any(letter.isdigit() for letter in word)}
    # A word that also occurs in lower case is no name: keep that form.
    return tuple(sorted({w.lower() if w.lower() in words else w for w in words} | {"I"}))


def _known(draw: random.Random) -> str:
    return draw.choice(_sentences())


def _crop(draw: random.Random) -> str:
    text = draw.choice(_sentences()) if happens(draw, 0.5) else sentence(draw)
    words = text.split()
    first = draw.randrange(max(1, len(words) - 1))
    return _as_sentence(words[first : first + draw.randint(1, 9)])


def _splice(draw: random.Random) -> str:
    one = draw.choice(_sentences()).split()
    other = draw.choice(_sentences()).split()
    keep = draw.randint(1, min(6, len(one)))
    join = draw.randrange(max(1, len(other) - 2))
    return _as_sentence([*one[:keep], *other[join : join + 7]])


def _short(draw: random.Random) -> str:
    return _fill(draw.choice(_lines("short.txt")), draw)


def _shuffle(draw: random.Random) -> str:
    words = re.sub(r"[,.?]", "", sentence(draw)).split()
    draw.shuffle(words)
    return _as_sentence(words[:12])


def _random(draw: random.Random) -> str:
    words = [draw.choice(known_words()) for _ in range(draw.randint(2, 10))]
    return _as_sentence(words)


_WRITERS = {
    "template": sentence,
    "known": _known,
    "crop": _crop,
    "splice": _splice,
    "short": _short,
    "shuffle": _shuffle,
    "random": _random,
}


def _as_sentence(words: list[str]) -> str:
    return _capitalised(" ".join(words).rstrip(",.?") + ".")


def _capitalised(text: str) -> str:
    return text[0].upper() + text[1:]


def _lowered(text: str) -> str:
    """Begin in lower case, unless the first word is a name or "I"."""
    first = re.sub(r"[,.?]", "", text.split(maxsplit=1)[0])
    return text if first in known_words() else text[0].lower() + text[1:]


def _fill(template: str, draw: random.Random) -> str:
    return _capitalised(re.sub(r"\{(\w+)\}", lambda slot: _entry(slot[1], draw), template))


def _entry(slot: str, draw: random.Random) -> str:
    match slot:
        case "age":
            return str(draw.randint(48, 97))
        case "year":
            return str(draw.choice([*range(1935, 1999), *range(2005, 2026)]))
        case "birth_year":
            return str(draw.randint(1928, 1979))
        case "phone":
            return _phone(draw)
        case _:
            return draw.choice(_lists()[slot])


def _phone(draw: random.Random) -> str:
    """Mostly a number from the range kept free for drama; else digits that nobody dials."""
    if happens(draw, 0.6):
        return f"07700 900{draw.randrange(1000):03d}"
    return f"0{draw.randrange(10_000):04d} {draw.randrange(1_000_000):06d}"


def _lines(name: str) -> list[str]:
    return [line for line in (_TEXTS / name).read_text(encoding="utf-8").splitlines() if line]


@cache
def _templates() -> tuple[str, ...]:
    return (*_lines("questions.txt"), *_lines("answers.txt"))


def _all_templates() -> tuple[str, ...]:
    return (*_templates(), *_lines("short.txt"))


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    data = tomllib.loads((_TEXTS / "lists.toml").read_text(encoding="utf-8"))
    return {
        slot: tuple(" ".join(entry.split()) for entry in text.split(","))
        for slot, text in data.items()
    }


def _plain_entries() -> list[str]:
    return [entry for entries in _lists().values() for entry in entries]


@cache
def _words() -> tuple[str, ...]:
    return tuple((_TEXTS / "words.txt").read_text(encoding="utf-8").split())


@cache
def _sentences() -> tuple[str, ...]:
    """Whole sentences, and the demonstration interviews' turns whole and sentence by sentence."""
    found = _lines("sentences.txt")
    for script in sorted(_DEMONSTRATION.glob("*.toml")):
        for turn in tomllib.loads(script.read_text(encoding="utf-8"))["turn"]:
            parts = re.split(r"(?<=[.?]) ", turn["text"])
            found += [*parts, turn["text"]] if len(parts) > 1 else parts
    return tuple(dict.fromkeys(found))
