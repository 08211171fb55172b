"""``earshot models``: which models are here, getting one, packing one, removing one."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from study.errors import ModelGap, ModelMissing
from tui.signals import interrupting
from tui.talk import Talk
from tui.verb import Verb
from tui.verbs import models_compare, models_try

if TYPE_CHECKING:
    from models.catalogue import Offer
    from models.machine import Machine


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        nargs="?",
        choices=["get", "try", "compare", "pack", "remove"],
        help="get one, try whether one works, compare those that find names, pack one into a file, "
        "or remove one; else list them",
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="which one, as the list names it")
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="PLACE",
        help="get: take it from a folder, a zip, a tar or a wheel, without a network",
    )
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="compare: on the text with marked names in it"
    )
    parser.add_argument("--to", type=Path, metavar="FILE", help="pack: the file to make")
    parser.add_argument(
        "--untried", action="store_true", help="get: keep it whatever it makes of a known sentence"
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    doing: dict[str | None, Callable[[argparse.Namespace, Talk], int]] = {
        None: _list,
        "get": _get,
        "try": _try,
        "compare": models_compare.run,
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
    talk.say(
        "speed: how long an hour of speech takes on four cores: quick, ten minutes or less;\n"
        "  steady, half an hour; slow, an hour; overnight, more."
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
    trial = untried if given.untried else models_try.tried
    told = threading.Event()
    with interrupting(told.set):
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

    model = shelf.named(_name(given))
    models_try.tried(model)
    talk.result({"name": model.name, "works": True}, [f"{model.name} works."])
    return 0


def _pack(given: argparse.Namespace, talk: Talk) -> int:
    from models import shelf
    from models.packing import pack

    model = shelf.named(_name(given))
    to: Path = given.to or Path(f"{model.name}.tar")
    told = threading.Event()
    with interrupting(told.set):
        size = pack(model, to, stop=told.is_set, report=talk.progress)
    talk.result(
        {"name": model.name, "file": str(to), "bytes": size},
        [f"{to}: {size / 1e6:.0f} MB", *_there(model.offer, to)],
    )
    return 0


def _there(offer: Offer, packed: Path) -> list[str]:
    if offer.is_bundled:
        return ["It ships with Earshot: the other computer has it already."]
    return ["On the other computer:", f"  earshot models get {offer.name} --from {packed.name}"]


def _remove(given: argparse.Namespace, talk: Talk) -> int:
    from models.place import remove

    offer = _offer(given)
    freed = remove(offer)
    talk.result(
        {"name": offer.name, "freed_bytes": freed}, [f"{offer.name} is gone: {freed / 1e6:.0f} MB."]
    )
    return 0


def _offer(given: argparse.Namespace) -> Offer:
    """Return the offer that was named; one that ships with Earshot is neither got nor removed."""
    from models import shelf

    offer = shelf.offered(_name(given))
    if offer.is_bundled:
        raise ModelMissing(offer.kind, ModelGap.BUNDLED)
    return offer


def _name(given: argparse.Namespace) -> str:
    if not given.name:
        raise ModelMissing(gap=ModelGap.UNNAMED)
    return str(given.name)


VERB = Verb(
    name="models",
    summary="List the speech and language models, get one, or carry one to another computer.",
    example="earshot models get small.en",
    run=_run,
    arguments=_arguments,
    leaves="`earshot models get` asks the model hub for the model, and sends nothing else.",
)
