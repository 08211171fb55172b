"""``earshot models``: which models are here, and getting one."""

from __future__ import annotations

import argparse
from pathlib import Path

from study.errors import ModelMissing
from tui.talk import Talk
from tui.verb import Verb


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", nargs="?", choices=["get"], help="get one; else list them")
    parser.add_argument("name", nargs="?", metavar="NAME", help="which one, as the list names it")
    parser.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="FOLDER",
        help="copy it from a folder, without a network",
    )


def _run(given: argparse.Namespace, talk: Talk) -> int:
    return _get(given, talk) if given.what == "get" else _list(talk)


def _list(talk: Talk) -> int:
    from models.catalogue import offers
    from models.shelf import folder_of, is_whole

    rows: list[tuple[str, ...]] = []
    data: list[dict[str, object]] = []
    for offer in offers():
        is_here = is_whole(offer.kind, folder_of(offer))
        where = "bundled" if offer.is_bundled else "installed"
        rows.append(
            (
                offer.name,
                offer.kind,
                f"{where} \u2713" if is_here else "-",
                f"{offer.size_mb} MB",
                offer.licence,
                offer.good_for,
            )
        )
        data.append(
            {
                "name": offer.name,
                "kind": offer.kind,
                "installed": is_here,
                "size_mb": offer.size_mb,
                "licence": offer.licence,
                "demonstration": offer.is_demonstration,
            }
        )
    talk.table(data, ["model", "kind", "here", "size", "licence", "good for"], rows)
    return 0


def _get(given: argparse.Namespace, talk: Talk) -> int:
    from models.catalogue import offers
    from models.fetching import fetch, take

    offer = next((o for o in offers() if o.name == given.name and not o.is_bundled), None)
    if offer is None:
        raise ModelMissing("speech")
    if given.source:
        model = take(offer, given.source)
    else:
        talk.say(f"Fetching {offer.name}, {offer.size_mb} MB, from {offer.repository} on the hub.")
        model = fetch(offer)
    talk.result(
        {"name": model.name, "folder": str(model.folder), "sha256": model.sha256()},
        [f"{model.name} is here: {model.folder}"],
    )
    return 0


VERB = Verb(
    name="models",
    summary="List the speech and language models, or get one.",
    example="earshot models get small.en",
    run=_run,
    arguments=_arguments,
    leaves="`earshot models get` asks the model hub for the model, and sends nothing else.",
)
