"""``earshot models``: which models are here, getting one, packing one, removing one."""

from __future__ import annotations

import argparse
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from study.errors import ModelBabbles, ModelMissing
from tui.talk import Talk
from tui.verb import Verb

if TYPE_CHECKING:
    from models.catalogue import Offer
    from models.machine import Machine
    from models.shelf import ModelHere


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        nargs="?",
        choices=["get", "try", "pack", "remove"],
        help="get one, try whether one works, pack one into a file, or remove one; else list them",
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="which one, as the list names it")
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="PLACE",
        help="get: take it from a folder, a zip, a tar or a wheel, without a network",
    )
    parser.add_argument("--to", type=Path, metavar="FILE", help="pack: the file to make")
    parser.add_argument(
        "--untried", action="store_true", help="get: keep it whatever it hears in a known sentence"
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    doing: dict[str | None, Callable[[argparse.Namespace, Talk], int]] = {
        None: _list,
        "get": _get,
        "try": _try,
        "pack": _pack,
        "remove": _remove,
    }
    return doing[given.what](given, talk)


def _list(_: argparse.Namespace, talk: Talk) -> int:
    from models import machine
    from models.catalogue import offers

    this = machine.this()
    best, reason = machine.recommended(this, offers())
    talk.table(
        [_data(offer, this) | {"recommended": offer is best} for offer in offers()],
        ["model", "here", "size", "fits", "speed", "good for"],
        [_row(offer, this) for offer in offers()],
    )
    talk.say(f"This computer: {this.told()}.")
    talk.say(
        f"For English interviews take {best.name}: {reason}.\n  earshot models get {best.name}"
    )
    return 0


def _data(offer: Offer, this: Machine) -> dict[str, object]:
    from models.shelf import folder_of, is_whole

    return {
        "name": offer.name,
        "kind": offer.kind,
        "installed": is_whole(offer.kind, folder_of(offer)),
        "bundled": offer.is_bundled,
        "size_mb": offer.size_mb,
        "memory_gb": offer.memory_gb,
        "speed": offer.speed,
        "fits": this.fit(offer),
        "languages": offer.languages,
        "licence": offer.licence,
        "good_for": offer.good_for,
        "demonstration": offer.is_demonstration,
        "source": offer.source,
        "revision": offer.revision,
        "files": [{"name": p.name, "size": p.size, "sha256": p.sha256} for p in offer.parts],
    }


def _row(offer: Offer, this: Machine) -> tuple[str, ...]:
    return (
        offer.name,
        _state(offer),
        f"{offer.size_mb / 1000:.1f} GB" if offer.size_mb >= 1000 else f"{offer.size_mb} MB",  # noqa: PLR2004 - MB in a GB
        this.fit(offer),
        offer.speed,
        offer.good_for,
    )


def _state(offer: Offer) -> str:
    from models.shelf import folder_of, is_whole

    folder = folder_of(offer)
    if is_whole(offer.kind, folder):
        return "\u2713 ours" if offer.is_bundled else "\u2713 here"
    return "! broken" if folder.exists() else "-"


def _get(given: argparse.Namespace, talk: Talk) -> int:
    from models.fetching import fetch, take, untried

    offer = _offer(given)
    trial = untried if given.untried else _tried
    told = threading.Event()
    with talk.interrupts(told):
        if given.source:
            model = take(offer, given.source, stop=told.is_set, report=talk.progress, trial=trial)
        else:
            talk.say(f"Fetching {offer.name}, {offer.size_mb} MB, from {offer.source}.")
            model = fetch(offer, stop=told.is_set, report=talk.progress, trial=trial)
    talk.result(
        {"name": model.name, "folder": str(model.folder), "sha256": model.sha256()},
        [f"{model.name} is here: {model.folder}"],
    )
    return 0


def _try(given: argparse.Namespace, talk: Talk) -> int:
    from models import shelf

    model = shelf.named(_named(given))
    _tried(model)
    talk.result({"name": model.name, "works": True}, [f"{model.name} works."])
    return 0


def _pack(given: argparse.Namespace, talk: Talk) -> int:
    from models import shelf
    from models.packing import pack

    model = shelf.named(_named(given))
    to: Path = given.to or Path(f"{model.name}.tar")
    told = threading.Event()
    with talk.interrupts(told):
        size = pack(model, to, stop=told.is_set, report=talk.progress)
    talk.result(
        {"name": model.name, "file": str(to), "bytes": size},
        [f"{to}: {size / 1e6:.0f} MB", "On the other computer:",
         f"  earshot models get {model.name} --from {to.name}"],
    )  # fmt: skip
    return 0


def _remove(given: argparse.Namespace, talk: Talk) -> int:
    from models.place import remove

    offer = _offer(given)
    freed = remove(offer)
    talk.result(
        {"name": offer.name, "freed_bytes": freed}, [f"{offer.name} is gone: {freed / 1e6:.0f} MB."]
    )
    return 0


def _named(given: argparse.Namespace) -> str:
    from models.catalogue import find

    if find(given.name or "") is None:
        raise ModelMissing("")
    return str(given.name)


def _offer(given: argparse.Namespace) -> Offer:
    """Return the offer that was named; one that ships with Earshot is neither got nor removed."""
    from models.catalogue import find

    offer = find(given.name or "")
    if offer is None or offer.is_bundled:
        raise ModelMissing(offer.kind if offer else "")
    return offer


def _tried(model: ModelHere) -> None:
    """Load a model, and let a speech model hear a known sentence.

    Raises:
        ModelBroken: it does not load.
        ModelBabbles: it hears something else.
    """
    from models.catalogue import ModelKind

    if model.offer.kind is ModelKind.SPEECH:
        _hear(model)
    elif model.offer.kind is ModelKind.NAMES:
        from anonymise.names import load

        load(model.folder)


def _hear(model: ModelHere) -> None:
    import numpy as np

    from capture.decoders import decoder
    from models import trial
    from models.demonstration import SOUND
    from transcribe.engine import Engine, Options
    from transcribe.hearing import RATE

    descriptor = os.open(SOUND, os.O_RDONLY)
    try:
        with decoder(descriptor) as sound:  # our own file, so it needs no confined child
            blocks = zip(range(int(trial.END_S) + 1), sound.blocks(), strict=False)
            pcm = b"".join(bytes(block) for _, block in blocks)
            frames = np.frombuffer(pcm, dtype="<i2").reshape(-1, sound.channels)
    finally:
        os.close(descriptor)
    said = frames[int(trial.START_S * RATE) : int(trial.END_S * RATE)].sum(axis=1, dtype=np.float32)
    words = Engine(model, Options(beam_size=1)).hear(said / np.float32(32768), 0.0, seed=1)
    fault = trial.fault([(word.text, word.probability) for word in words])
    if fault:
        raise ModelBabbles(fault)


VERB = Verb(
    name="models",
    summary="List the speech and language models, get one, or carry one to another computer.",
    example="earshot models get small.en",
    run=_run,
    arguments=_arguments,
    leaves="`earshot models get` asks the model hub for the model, and sends nothing else.",
)
