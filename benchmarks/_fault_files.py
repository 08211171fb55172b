"""Hostile files, given to everything in Earshot that reads a file.

Each is made of a small real one (see ``_fault_mutations``). Earshot takes it whole, or refuses it
in one sentence, with an exit code of its own, within two seconds of processor time and bounded
memory; it never shows a traceback or what stands in the file, and what is refused changes nothing.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import shutil
import tarfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, cast

from benchmarks._fault_mutations import HUGE, SPECIAL, mutate
from benchmarks._fault_process import Ending, call_verb, run_forked
from benchmarks._fault_study import (
    LEAVING,
    PASSPHRASE,
    SPEECH_MODEL,
    Call,
    Life,
    begin_life,
    run_verb,
)
from study.store import Study, read_trail_head

CPU_S = 2.0
MEMORY_BYTES = 600 << 20
_HANGS_S = 20.0
_COMMAND = re.compile(r"`[^`]*`")
_NAME = "Holloway"  # stands in the name of each file, and in each file
_SPECIAL_SHARE = 0.05
_MOST_LINES = 4
_NOT_UNDERSTOOD = "Not understood, "  # a line for each place of a copy that came back
_NEVER = {1, 2, 4, 70}  # no code of ours, a call that is not understood, a fault, a dead child
_TELLS_MORE = {15, 121}  # findings, each in a line of the result
_RATE = 16_000


_STUDY_FILES = tuple(
    f"first/study/{name}" for name in ("study.db", "study.sum", "audio/*/001.sealed")
)
Words = Callable[[Life, Path], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Reader:
    """Something that reads files.

    seeds: good files for it, by their names. words: the call that reads one; it gets the study and
    the file. place: where the file lies, below the folder of the attempt. is_apart: it knows no
    study. in_folder: the file lies in a folder with the other seeds, and the folder is read.
    in_study: it is a file of a study, which is read. streams: however long the file is, it is read
    to its end.
    """

    name: str
    seeds: tuple[str, ...]
    words: Words
    place: str = ""
    is_apart: bool = False
    in_folder: bool = False
    in_study: bool = False
    streams: bool = False


def _import(life: Life, path: Path) -> Sequence[str]:
    return ("import", str(life.study), str(path), "--label", f"F{life.calls}_i1")


def _of_study(*words: str) -> Words:
    """Make a call whose first words are about the study, and the last one is the file."""
    verb, *rest = words
    return lambda life, path: (verb, str(life.study), *rest, str(path))


def _alone(*words: str) -> Words:
    """Make a call that knows no study; its last word is the file."""
    return lambda _, path: (*words, str(path))


def _check_key(life: Life, path: Path) -> Sequence[str]:
    return ("verify", str(life.sources / "b.zip"), "--key", str(path))


def _check_heads(life: Life, path: Path) -> Sequence[str]:
    return ("log", "verify", str(life.study), "--against", str(path))


def _show_keys(life: Life, path: Path) -> Sequence[str]:
    del life, path
    return ("keys",)


READERS = (
    Reader("sound", ("s.wav", "s.flac", "s.ogg", "s.opus", "s.mp3", "s.m4a"), _import),
    Reader("transcript", ("t.vtt", "t.srt", "t.txt", "t.html", "t.docx"), _import),
    Reader("returned", ("r.docx", "r.txt"), _of_study("returned", LEAVING, "--from")),
    Reader("bundle", ("b.zip",), _alone("verify"), is_apart=True),
    Reader(
        "bundle folder",
        ("folder/*",),
        _alone("verify"),
        is_apart=True,
        in_folder=True,
        streams=True,
    ),
    Reader("key", ("k.pub",), _check_key, is_apart=True),
    Reader("heads", ("h.txt",), _check_heads),
    Reader("guide", ("g.md",), _of_study("guide", "--from")),
    Reader("words", ("w.txt",), _of_study("words", "--from")),
    Reader("keep", ("w.txt",), _of_study("keep", "--from")),
    Reader(
        "preferences",
        ("interface.toml",),
        _show_keys,
        is_apart=True,
        place="earshot/interface.toml",
    ),
    Reader(
        "model archive",
        ("m.tar", "m.zip"),
        _alone("models", "get", SPEECH_MODEL, "--from"),
        is_apart=True,
    ),
    # No model of this name is here, so that what is read is not measured afterwards.
    Reader(
        "marked text",
        ("x.jsonl",),
        _alone("models", "compare", "en_core_web_sm", "--data"),
        is_apart=True,
        in_folder=True,
    ),
    Reader(
        "study", _STUDY_FILES, _alone("log", "verify"), is_apart=True, in_study=True, streams=True
    ),
    Reader(
        "last person",
        ("p",),
        lambda life, _: ("status", str(life.study)),
        place="earshot/people/HASH",
    ),
)
"""All that reads files; what reads another kind is one more entry."""


@dataclass
class FileTally:
    """What became of the hostile files that one reader got."""

    count: int = 0
    taken: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    codes: Counter[int] = field(default_factory=Counter[int])
    faults: Counter[str] = field(default_factory=Counter[str])

    def __add__(self, other: FileTally) -> FileTally:
        return FileTally(
            self.count + other.count,
            self.taken + other.taken,
            self.refused + other.refused,
            max(self.slowest_s, other.slowest_s),
            self.codes + other.codes,
            self.faults + other.faults,
        )


def make_seeds(sources: Path) -> None:
    """Make the good files."""
    first, life = (
        Life(sources / "first", sources, Random(0)),
        begin_life(sources, sources / "other", Random(0)),
    )
    for form, to in (("txt", "b.zip"), ("participant", "copies")):
        ended = run_verb(
            life, Call(("export", LEAVING, "--format", form, "--to", str(sources / to)))
        )
        if ended.code:
            raise RuntimeError(ended.err)
    shutil.copy(next((sources / "copies").glob("*.docx")), sources / "r.docx")
    with zipfile.ZipFile(sources / "b.zip") as packed:
        (sources / "folder").mkdir()
        for one in packed.infolist():
            (sources / "folder" / Path(one.filename).name).write_bytes(packed.read(one))
    ended = run_verb(life, Call(("people", "key")))
    _write_texts(sources, ended.out)
    ended = run_forked(lambda _: _write_sounds(sources) + _write_heads(first, sources / "h.txt"))
    if ended.code:
        raise RuntimeError(ended.err)
    _write_archives(sources)


def _write_texts(sources: Path, key: str) -> None:
    said = f"Well, Mrs {_NAME} came by at noon."
    cues = (("00:01", "00:03", "INT01", "And who came by?"), ("00:04", "00:09", "P07", said))
    texts = {
        "t.vtt": "WEBVTT\n\n"
        + "".join(f"{a}.000 --> {b}.000\n<v {who}>{said}\n\n" for a, b, who, said in cues),
        "t.srt": "".join(
            f"{n}\n00:{a},000 --> 00:{b},000\n{who}: {said}\n\n"
            for n, (a, b, who, said) in enumerate(cues, 1)
        ),
        "t.txt": "".join(f"[00:{a}] {who}: {said}\n\n" for a, _, who, said in cues),
        "t.html": "<html><body>"
        + "".join(
            f'<p><a name="ts_{n}000_{n + 2}000_{who}">{who}: {said}</a></p>'
            for n, (_, _, who, said) in enumerate(cues)
        )
        + "</body></html>",
        "r.txt": f"2: In the north, with {_NAME}.\n4: take out\n",
        "g.md": f"# Guide\n\n## Beginning\n\n- Who told you?\n- Was {_NAME} there?\n\n"
        "## End\n\n1. What now?\n",
        "w.txt": f"{_NAME}\nRecovery College\n- Green Hill\nmirtazapine\n",
        "interface.toml": 'colours = "light"\nlock_after_min = 30\n\n[keys]\n'
        f'"interview.play" = "f9"\n{_NAME} = "x"\n',
        "p": "owner",
        "k.pub": next(
            (word for word in key.split('"') if word.startswith("ssh-")), "ssh-ed25519 AAAA"
        ),
        "x.jsonl": f'{{"id": 1, "text": "Mrs {_NAME} came.", "spans": [{{"start": 4, "end": 12,'
        ' "type": "PERSON"}]}\n',
    }
    for name, text in texts.items():
        (sources / name).write_text(text, encoding="utf-8")
    import docx

    document = docx.Document()
    for _, _, who, said in cues:
        document.add_paragraph(f"{who}: {said}")
    document.save(str(sources / "t.docx"))


def _write_heads(life: Life, path: Path) -> int:
    with Study.open(life.study, PASSPHRASE) as study:
        head = read_trail_head(study.db)
        path.write_text(f"{study.id} {head} {study.now()}\n" * 2, encoding="ascii")
    return 0


def _write_sounds(sources: Path) -> int:
    import av
    import numpy as np
    import soundfile

    dice = np.random.default_rng(1)
    samples = np.rint(dice.normal(0, 2000, _RATE)).astype(np.int16)
    forms: tuple[tuple[str, dict[str, Any]], ...] = (
        ("s.wav", {}), ("s.flac", {}), ("s.mp3", {}), ("s.ogg", {"subtype": "VORBIS"}),
        ("s.opus", {"format": "OGG", "subtype": "OPUS"}),
    )  # fmt: skip
    for name, how in forms:
        soundfile.write(sources / name, samples, _RATE, **how)
    library = cast("Any", av)
    with library.open(sources / "s.m4a", "w") as container:
        stream = container.add_stream("aac", rate=_RATE, layout="mono")
        for first in range(0, len(samples), 1000):
            block = samples[first : first + 1000].reshape(1, -1)
            frame = library.AudioFrame.from_ndarray(block, format="s16", layout="mono")
            frame.sample_rate, frame.pts = _RATE, first
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return 0


def _write_archives(sources: Path) -> None:
    parts = {
        "config.json": b"{}",
        "model.bin": bytes(5000),
        "tokenizer.json": b"{}",
        "vocabulary.txt": b"a\n",
    }
    folder = sources / "model"
    folder.mkdir()
    for name, content in parts.items():
        (folder / name).write_bytes(content)
    with tarfile.open(sources / "m.tar", "w") as archive:
        archive.add(folder, "model")
    with zipfile.ZipFile(sources / "m.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(f"model/{name}", content)


def give_files(
    sources: Path,
    place: Path,
    *,
    seed: int,
    count: int,
    only: str = "",
    first: int = 0,
    until_s: float = math.inf,
    say: Callable[[str], None] = print,
) -> dict[str, FileTally]:
    """Give hostile files to each reader in turn, and return what became of them.

    first: the number of the reader to begin with. until_s: it ends then, by the monotonic clock.
    """
    dice = Random(seed)
    chosen = [reader for reader in READERS if only in {"", reader.name}]
    seeds = {
        reader.name: [path for name in reader.seeds for path in sorted(sources.glob(name))]
        for reader in READERS
    }
    everything = [path.read_bytes() for paths in seeds.values() for path in paths]
    tallies = {reader.name: FileTally() for reader in chosen}
    life = begin_life(sources, place / "life", dice)
    for number in range(count if chosen else 0):
        reader = chosen[(first + number) % len(chosen)]
        if time.monotonic() > until_s:
            break
        attempt = place / f"{number}"
        attempt.mkdir()
        life.calls = number + 1
        path, what = _make_hostile(reader, seeds[reader.name], everything, attempt, life, dice)
        before = _digest(life.study)
        ended = _read(reader, life, path, attempt)
        tally = tallies[reader.name]
        faults = list(_judge(reader, ended, is_same=_digest(life.study) == before, attempt=attempt))
        tally.count += 1
        tally.taken += ended.code == 0
        tally.refused += ended.code != 0
        tally.codes[ended.code] += 1
        tally.slowest_s = max(tally.slowest_s, ended.cpu_s)
        for fault in faults:
            tally.faults[fault] += 1
            say(f"{reader.name}, {number}, {what}: {fault}: {ended.err[-600:].strip()}")
        if not faults:
            shutil.rmtree(attempt)
        if (ended.code == 0 and not reader.is_apart) or faults:
            shutil.rmtree(life.place)
            life = begin_life(sources, place / "life", dice)
    return tallies


def _make_hostile(
    reader: Reader,
    seeds: list[Path],
    everything: list[bytes],
    attempt: Path,
    life: Life,
    dice: Random,
) -> tuple[Path, str]:
    """Make a hostile file, or something in its place; return what is read, and what it is."""
    seed = dice.choice(seeds)
    folder, name = attempt, f"{_NAME}{seed.suffix}"
    if reader.place:
        digest = hashlib.sha256(str(life.study.resolve()).encode()).hexdigest()[:16]
        place = attempt / reader.place.replace("HASH", digest)
        folder, name = place.parent, place.name
        folder.mkdir(parents=True)
    if reader.in_folder:
        folder, name = attempt / _NAME, seed.name
        folder.mkdir()
        for one in seeds:
            if one != seed:
                shutil.copy(one, folder)
    path = folder / name
    if reader.in_study:
        folder = attempt / _NAME
        shutil.copytree(life.sources / "first" / "study", folder)
        path = folder / seed.relative_to(life.sources / "first" / "study")
        path.unlink()
    if dice.random() < _SPECIAL_SHARE:
        what = dice.choice([one for one in SPECIAL if one != HUGE or not reader.streams])
        SPECIAL[what](path)
    else:
        what = f"of {seed.name}"
        path.write_bytes(mutate(seed.read_bytes(), everything, dice))
    return (folder if reader.in_folder or reader.in_study else path), what


def _read(reader: Reader, life: Life, path: Path, attempt: Path) -> Ending:
    around = life.around() | {"EARSHOT_MODELS": str(attempt / "models")}
    if reader.place:
        around |= {"XDG_CONFIG_HOME": str(attempt), "XDG_STATE_HOME": str(attempt)}
    words = reader.words(life, path)
    return run_forked(
        lambda _: call_verb(words, around), limit_s=_HANGS_S, memory_bytes=MEMORY_BYTES
    )


def _judge(reader: Reader, ended: Ending, *, is_same: bool, attempt: Path) -> Iterator[str]:
    """Yield what is wrong with how a hostile file was met."""
    yield from _judge_end(ended)
    yield from _judge_words(reader, ended, attempt)
    if ended.code > 0 and ended.code not in _TELLS_MORE and not is_same:
        yield "it changed the study"
    models = attempt / "models"
    if models.is_dir() and any(path.is_file() for path in models.rglob("*") if path.name != "lock"):
        yield "it left something in the folder of models"


def _judge_end(ended: Ending) -> Iterator[str]:
    if ended.was_struck or ended.left:
        yield "it hangs"
    elif ended.code < 0:
        yield f"signal {-ended.code}"
    if ended.code in _NEVER:
        yield f"exit {ended.code}"
    if ended.cpu_s > CPU_S:
        yield "too slow"


def _judge_words(reader: Reader, ended: Ending, attempt: Path) -> Iterator[str]:
    said = ended.err.strip()
    if "Traceback" in said or "Exception" in said:
        yield "a traceback"
    # A person's own settings are named, and in a command the study that they typed.
    said = _COMMAND.sub("", said)
    if not reader.place and (_NAME in said or str(attempt) in said):
        yield "it tells what stands in the file, or its name"
    lines = [line for line in said.splitlines() if not line.startswith(_NOT_UNDERSTOOD)]
    is_sentence = bool(lines) and lines[0].startswith("earshot: ") and len(lines) <= _MOST_LINES
    if ended.code > 0 and ended.code not in _TELLS_MORE and not is_sentence:
        yield "no sentence"


def _digest(folder: Path) -> str:
    """Hash all that a study is, but for its lock."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "study.lock":
            whole.update(os.fsencode(path.relative_to(folder)) + b"\0" + path.read_bytes())
    return whole.hexdigest()
