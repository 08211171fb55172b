"""The study on which faults are tried: how it is made, and what must hold after each fault."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from benchmarks._fault_process import Ending, Teller, call_verb, run_forked
from models import DEMONSTRATION_SOUND, find_models_folder
from study.errors import WrongPassphrase
from study.store import (
    AUDIO_FOLDER,
    DATABASE,
    HANDED_OVER_FOLDER,
    MANIFEST_NAME,
    SUM,
    Argon2Cost,
    SoundWriter,
    Study,
    TrailHead,
    contains_trail_head,
    encode_card,
    finish_destructions,
    list_people,
    make_study_keys,
    read_trail_head,
    rescue_recordings,
    settle_hand_overs,
    spell_card,
    trust_study,
    verify_database_file,
    verify_study,
)

PASSPHRASE = "four unrelated small words"  # noqa: S105 - it guards what is made up here
SPEECH_MODEL = "tiny.en"
HEARD, FOUND, DECIDED, SIGNED, LEAVING = "T01_i1", "A01_i1", "D01_i1", "S01_i1", "E01_i1"
INTERVIEWS = (HEARD, FOUND, DECIDED, SIGNED, LEAVING)
OWN_CARD, OTHER_CARD = "ours.key", "theirs.key"  # of this study, and of one that it trusts
PARCELS = "parcels"
MENTION_KEYS = "mentions.txt"  # the keys of what was found in ``DECIDED``
_CHEAP = Argon2Cost(iterations=1, lanes=1, memory_kib=64)
_SPEECH_S = 8
_SECRETS = ("Thackray", "Skelbeck", "Wetherdale", "Sackville", "ponytail", "01632 960")
_SAID = (
    "WEBVTT\n\n"
    "00:01.000 --> 00:03.000\n<v Interviewer>Where do you live, Arthur?\n\n"
    "00:03.500 --> 00:08.000\n<v Arthur Thackray>In Skelbeck, near Wetherdale, with my"
    " ponytail.\n\n"
    "00:08.500 --> 00:12.000\n<v Interviewer>And since when?\n\n"
    "00:12.500 --> 00:19.000\n<v Arthur Thackray>Since 1974. Call me on 01632 960123, or ask"
    " Mrs Sackville of Green Hill Coaches.\n"
)
_KNOWN = ("--participant", "P01=Arthur Thackray")
_OURS = {DATABASE, SUM, "study.lock", AUDIO_FOLDER, HANDED_OVER_FOLDER}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a verb: its words, further variables, and facts for the check after it."""

    words: tuple[str, ...]
    around: dict[str, str] = field(default_factory=dict[str, str])
    facts: dict[str, str] = field(default_factory=dict[str, str])


@dataclass
class Life:
    """A copy of the study, which goes through many faults, and what is known of it.

    place: the folder that has the study and all that is written beside it. sources: files that
    nothing is written to. people: who can open it, with the passphrase.
    """

    place: Path
    sources: Path
    dice: Random
    calls: int = 0
    people: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def study(self) -> Path:
        """The folder of the study."""
        return self.place / "study"

    @property
    def out(self) -> Path:
        """Where hand-overs go."""
        return self.place / "out"

    @property
    def parcels(self) -> Path:
        """Where parcels for and from the other study lie."""
        return self.place / PARCELS

    @property
    def other(self) -> Life:
        """The life of the other study, which nothing happens to."""
        place = self.place / "trusted"
        if not place.exists():
            shutil.copytree(self.sources / "trusted", place)
        return Life(place, self.sources, self.dice)

    def around(self) -> dict[str, str]:
        """Return the variables that every call gets."""
        beside = str(self.place / "beside")
        return {
            "EARSHOT_PASSPHRASE": PASSPHRASE,
            "EARSHOT_MODELS": str(self.sources / "models"),
            "TMPDIR": beside,
            "XDG_STATE_HOME": beside,
            "XDG_CACHE_HOME": beside,
            "XDG_CONFIG_HOME": beside,
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """What a check found: sentences about faults, and who can open the study now."""

    faults: tuple[str, ...]
    people: dict[str, str]


Check = Callable[[Study, Life, Call, Any], Iterable[str]]
"""Yields the faults of an open study; the last argument is the result that a verb printed."""


def make_sources(folder: Path, labels: Sequence[str] = INTERVIEWS) -> None:
    """Make the files that calls read, and the study that each life begins with.

    labels: of the interviews that are in it; ``LEAVING`` is one of them.
    """
    import soundfile  # after ``warm_up`` has kept its libraries from starting threads

    folder.mkdir()
    (folder / "models").mkdir()
    installed = find_models_folder() / SPEECH_MODEL
    if installed.is_dir():
        (folder / "models" / SPEECH_MODEL).symlink_to(installed)
    (folder / "said.vtt").write_text(_SAID, encoding="utf-8")
    samples, rate = soundfile.read(DEMONSTRATION_SOUND, dtype="int16", frames=_SPEECH_S * 16_000)
    soundfile.write(folder / "said.wav", samples[:, :1], rate)
    soundfile.write(folder / "said.flac", samples[:16_000], rate)
    life, other = (Life(folder / name, folder, Random(0)) for name in ("first", "trusted"))
    for part in (life.place, other.place):
        for inside in ("beside", "out", PARCELS):
            (part / inside).mkdir(parents=True)
    ended = run_forked(lambda _: _create(life, labels) or _introduce(life, other))
    if ended.code:
        raise RuntimeError(ended.err)
    if DECIDED in labels:
        listed = find_result(run_verb(life, Call(("review", DECIDED))).out)
        (folder / MENTION_KEYS).write_text(" ".join(one["key"] for one in listed), encoding="ascii")


def _create(life: Life, labels: Sequence[str]) -> int:
    """Make the study in this process, with an interview for each verb to be struck on."""
    from cli import main

    os.environ.update(life.around())
    Study.create(life.study, PASSPHRASE, cost=_CHEAP)[0].close()
    folder = life.sources
    said = str(folder / "said.vtt")
    steps: list[tuple[str, ...]] = []
    for label in labels:
        if label == HEARD:
            steps.append(("import", str(folder / "said.wav"), "--label", label))
        else:
            steps += [("import", said, "--label", label, *_KNOWN), ("anonymise", label)]
        if label in {SIGNED, LEAVING}:
            steps.append(("review", label, "--accept-all"))
    steps.append(("sign", LEAVING, "--as", "A. Officer", "--role", "data officer"))
    return max(main([verb, str(life.study), *rest]) for verb, *rest in steps)


def _introduce(life: Life, other: Life) -> int:
    """Make the other study, and let both trust each other."""
    Study.create(other.study, PASSPHRASE, cost=_CHEAP)[0].close()
    with (
        Study.open(life.study, PASSPHRASE) as ours,
        Study.open(other.study, PASSPHRASE) as theirs,
    ):
        own, others = make_study_keys(ours), make_study_keys(theirs)
        trust_study(ours, others, "theirs", spell_card(others))
        trust_study(theirs, own, "ours", spell_card(own))
    (life.sources / OWN_CARD).write_bytes(encode_card(own))
    (life.sources / OTHER_CARD).write_bytes(encode_card(others))
    return 0


def begin_life(sources: Path, place: Path, dice: Random) -> Life:
    """Copy the study that every life begins with."""
    shutil.copytree(sources / "first", place)
    return Life(place, sources, dice)


def run_verb(
    life: Life,
    call: Call,
    *,
    kill_after_s: float | None = None,
    strike: Callable[[], None] | None = None,
) -> Ending:
    """Run a verb on the study, the first word of the call, in a child that may be killed."""
    verb, *rest = call.words

    def work(teller: Teller) -> int:
        _tell_what_is_durable(teller)
        _stand_in_for_microphone()
        _make_passphrases_cheap()
        os.environ.update(life.around() | call.around)
        words = [verb, str(life.study), *rest, "--json"]
        if call.facts.get("is_worker"):
            with Study.open(life.study, PASSPHRASE) as study:
                keys = study.ring.to_bytes()
            reading, writing = os.pipe()
            os.write(writing, keys)
            os.close(writing)
            words += ["--keys-fd", str(reading)]
        return call_verb(words, {})

    return run_forked(work, kill_after_s=kill_after_s, strike=strike)


def _tell_what_is_durable(teller: Teller) -> None:
    """Have this process tell each change and each block of sound that Earshot says is kept."""
    change, write = Study.change, SoundWriter.write

    @contextlib.contextmanager
    def told_change(self: Study, action: str, interview: str = "") -> Generator[Any]:
        with change(self, action, interview) as made:
            yield made
        with self.lock:
            teller.tell(f"head {read_trail_head(self.db)}")

    def told_write(self: SoundWriter, pcm: bytes) -> None:
        write(self, pcm)
        if not self.path.name.startswith("."):  # an import counts once it is entered
            teller.tell(f"frames {self.path.parent.name} {self.path.name} {self.frames}")

    Study.change, SoundWriter.write = told_change, told_write  # pyright: ignore[reportAttributeAccessIssue]


def _stand_in_for_microphone() -> None:
    import capture
    from tests.recordings import Humming

    def find(name: str | None = None) -> capture.Device:
        return capture.Device(0, name or "hum", 1, Humming.form.rate, is_default=True)

    def open_hum(device: str | None, channels: int) -> Callable[[], Humming]:
        del device, channels
        return Humming

    capture.find_device = find
    recording = sys.modules[capture.record_interview.__module__]
    vars(recording)["_open_microphone"] = open_hum  # pyright: ignore[reportAttributeAccessIssue]


def _make_passphrases_cheap() -> None:
    cheap = (_CHEAP.iterations, _CHEAP.lanes, _CHEAP.memory_kib)
    Argon2Cost.__init__.__defaults__ = cheap


@dataclass(frozen=True, slots=True)
class Struck:
    """A call that was struck, and how to look whether what it said is there."""

    call: Call
    ended: Ending
    check: Check


def inspect(life: Life, struck: Sequence[Struck]) -> Standing:
    """Start Earshot anew, as a person would after crashes, and look at everything."""
    seen = run_forked(lambda _: _inspect(life, struck))
    if seen.code or not seen.out:
        return Standing((f"the next start failed ({seen.code}): {seen.err[-2000:]}",), life.people)
    faults, people = json.loads(seen.out.splitlines()[-1])
    if any(one.ended.left for one in struck):
        faults.append("a process outlived the one that was killed")
    return Standing(tuple(faults), people)


def _inspect(life: Life, struck: Sequence[Struck]) -> int:
    os.environ.update(life.around())
    faults = [f"{one.where} {one.what}" for one in verify_database_file(life.study)]
    with Study.open(life.study, PASSPHRASE, person="owner") as study:
        if study.change_flaw is not None:
            faults.append(f"it counts as changed: {study.change_flaw}")
        finish_destructions(study)
        rescue_recordings(study)
        settle_hand_overs(study)
        faults += [f"{one.where} {one.what}" for one in verify_study(study)]
        faults += _find_forgotten(life, study)
        for one in struck:
            faults += _find_lost(study, one.ended.told)
            faults += one.check(study, life, one.call, find_result(one.ended.out))
        faults += _find_locked_out(study, life)
        people = {
            one.name: life.people[one.name] for one in list_people(study) if one.name in life.people
        }
    faults += _find_strays(life)
    faults += _find_plain_text(life)
    print(json.dumps((faults, people)))
    return 0


def find_result(out: str) -> Any:  # noqa: ANN401 - JSON is whatever a verb says
    """Return the result that a verb printed, None where it did not come to that."""
    for line in reversed(out.splitlines()):
        with contextlib.suppress(ValueError):
            said = json.loads(line)
            if said.get("event") == "done":
                return said["result"]
    return None


def _find_lost(study: Study, told: Iterable[str]) -> Iterator[str]:
    """Name what a process was told is durable, and is not there."""
    frames: dict[tuple[str, str], int] = {}
    for kind, *facts in map(str.split, told):
        if kind == "frames":
            frames[facts[0], facts[1]] = int(facts[2])
            continue
        count, _, digest = facts[0].partition(":")
        if not contains_trail_head(study.db, TrailHead(int(count), digest)):
            yield f"line {count} of the trail was acknowledged and is not there"
    for (name, _), count in frames.items():
        sound = study.interview(name).open_sound()
        kept = 0
        if sound is not None:
            with sound:
                kept = sound.frames
        if kept < count:
            yield f"{count} frames were acknowledged, {kept} are there"


def list_bundles(life: Life) -> list[Path]:
    """List what lies where hand-overs go, under a name of its own."""
    places = [life.out, life.study / HANDED_OVER_FOLDER]
    found = (one for place in places if place.is_dir() for one in place.iterdir())
    return [one for one in found if not one.name.startswith(".")]


def hash_bundle(bundle: Path) -> str:
    """Return the SHA-256 by which the study remembers a hand-over."""
    listed = bundle / MANIFEST_NAME if bundle.is_dir() else bundle
    return hashlib.sha256(listed.read_bytes()).hexdigest()


def _find_forgotten(life: Life, study: Study) -> Iterator[str]:
    from handoff import check_bundle, list_hand_overs

    made = list_hand_overs(study.interview(LEAVING))
    bundles = list_bundles(life)
    if len(made) != len(bundles):
        yield f"{len(bundles)} hand-overs lie there, {len(made)} are remembered"
    known = {one.fingerprint for one in made}
    for bundle in bundles[-3:]:
        checked = check_bundle(bundle)
        if checked.findings or checked.fingerprint not in known:
            yield "a hand-over is not what is remembered of it"


def _find_locked_out(study: Study, life: Life) -> Iterator[str]:
    there = {one.name for one in list_people(study)}
    for name, passphrase in life.people.items():
        if name in there and not can_open(life, name, passphrase):
            yield "somebody's passphrase does not open the study any more"


def can_open(life: Life, name: str, passphrase: str) -> bool:
    """Whether a passphrase opens the slot of that name."""
    try:
        with Study.open(life.study, passphrase, person=name) as opened:
            return opened.slot_name == name
    except WrongPassphrase:
        return False


def _find_strays(life: Life) -> Iterator[str]:
    """Name files that are no part of a study, and were left by something that was not finished."""
    for path in life.study.iterdir():
        if path.name not in _OURS:
            yield f"left in the study: {_describe(path)}"
    for path in (life.study / AUDIO_FOLDER).iterdir():
        if not path.is_dir() or path.name.startswith("."):
            yield f"left among the sound: {_describe(path)}"
    # Killed before its note is in the study, an export leaves a hidden folder with nothing in it.
    for path in (*life.out.rglob(".*"), *(life.study / HANDED_OVER_FOLDER).rglob(".*")):
        if path.is_file() or any(path.iterdir()):
            yield f"left beside a hand-over: {_describe(path)}"
    for path in (life.place / "beside").rglob("*"):
        # Of a cluster that was killed: the next one removes it.
        is_cluster = any(part.startswith("earshot-cluster-") for part in path.parts)
        if path.name.startswith(".") or not ("earshot" in path.parts or is_cluster):
            yield f"left in a temporary folder: {_describe(path)}"


def _describe(path: Path) -> str:
    name = path.name if len(path.name) < 20 else f"{path.name[:12]}…"  # noqa: PLR2004 - random part
    if not path.is_dir():
        return name
    inside = sum(1 for one in path.rglob("*") if one.is_file())
    return f"{name}/ with {inside} files"


def _find_plain_text(life: Life) -> Iterator[str]:
    bundles = set(list_bundles(life))
    for path in life.place.rglob("*"):
        if not path.is_file() or bundles & {path, *path.parents}:
            continue
        content = path.read_bytes()
        for word in _SECRETS:
            if word.encode() in content or word.encode("utf-16-le") in content:
                yield f"a participant's words in the clear: {_describe(path)}"
                break
