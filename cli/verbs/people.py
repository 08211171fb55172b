"""``earshot people``: who may open a study, and with which keys."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from app import (
    change_passphrase,
    describe_opened_keys,
    describe_presence,
    describe_removal,
)
from cli.console import Console
from cli.passphrase import ask_new_passphrase, ask_recovery_code
from cli.verb import Verb, add_study_argument, open_named_study
from study import JOINING_ROLES, PersonRole
from study.errors import PersonFlaw, PersonRefused, WrongPassphrase
from study.store import (
    Person,
    Study,
    add_person,
    check_recovery_code,
    format_fingerprint,
    format_fingerprint_groups,
    format_public_key,
    list_people,
    remove_person,
    renew_recovery_code,
)

_ON_PAPER = "Write this recovery code on paper and keep it apart from the laptop:"


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_study_argument(parser)
    parser.add_argument(
        "what",
        nargs="?",
        default="list",
        choices=["list", "add", "passwd", "remove", "recovery", "key"],
        help=(
            "list (the default), add or remove somebody, change your own "
            "passphrase, check or renew the recovery code, or show somebody's "
            "public signing key"
        ),
    )
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help="who it is about")
    parser.add_argument(
        "--role",
        choices=[role.value for role in JOINING_ROLES],
        help="the role of the person added",
    )
    parser.add_argument(
        "--new-passphrase-fd",
        type=int,
        metavar="N",
        help="read the new passphrase, or the recovery code, from this open file descriptor"
        " (else EARSHOT_NEW_PASSPHRASE, or the terminal)",
    )
    parser.add_argument(
        "--renew",
        action="store_true",
        help="with recovery: make a new code; the old one stops working",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    acts: dict[str, Callable[[argparse.Namespace, Console, Study], int]] = {
        "list": _list, "add": _add, "passwd": _change, "remove": _remove, "recovery": _recover,
        "key": _show_key,
    }  # fmt: skip
    with open_named_study(arguments, console) as study:
        return acts[arguments.what](arguments, console, study)


def _list(arguments: argparse.Namespace, console: Console, study: Study) -> int:
    del arguments
    people = list_people(study)
    console.print_table(
        [_data(one) for one in people],
        ["name", "role", "since", "opens", ""],
        [
            (one.name, one.role.value, one.since[:10], describe_opened_keys(one),
             describe_presence(one))
            for one in people
        ],
    )  # fmt: skip
    return 0


def _data(person: Person) -> dict[str, object]:
    return {
        "number": person.number,
        "name": person.name,
        "role": person.role.value,
        "opens": [key_class.value for key_class in person.opens],
        "is_here": person.is_here,
        "since": person.since,
        "has_own_keys": person.has_own_keys,
        "fingerprint": format_fingerprint(person.signing) if person.signing else "",
    }


def _add(arguments: argparse.Namespace, console: Console, study: Study) -> int:
    if not arguments.name or not arguments.role:
        raise PersonRefused(PersonFlaw.NO_ROLE if arguments.name else PersonFlaw.UNNAMED)
    passphrase = ask_new_passphrase(arguments.new_passphrase_fd, for_whom=arguments.name)
    made = add_person(study, arguments.name, PersonRole(arguments.role), passphrase)
    console.print_result(
        _data(made),
        [
            f"{made.name} can open the study as {made.role}: {describe_opened_keys(made)}.",
            "With `earshot people STUDY passwd` they choose one that only they know.",
        ],
    )
    return 0


def _change(arguments: argparse.Namespace, console: Console, study: Study) -> int:
    passphrase = ask_new_passphrase(arguments.new_passphrase_fd, for_whom=study.slot_name)
    change_passphrase(study, passphrase)
    console.print_result(
        {"changed": True}, ["Your passphrase is changed. The old one no longer works."]
    )
    return 0


def _remove(arguments: argparse.Namespace, console: Console, study: Study) -> int:
    removed = remove_person(study, arguments.name)
    console.print_result(
        {**_data(removed.person), "old_copies": removed.old_copies}, describe_removal(removed)
    )
    return 0


def _recover(arguments: argparse.Namespace, console: Console, study: Study) -> int:
    if arguments.renew:
        code = renew_recovery_code(study)
        console.say(f"The old recovery code no longer works. {_ON_PAPER}")
        console.print_result({"recovery_code": code}, [code])
        return 0
    if not check_recovery_code(study, ask_recovery_code(arguments.new_passphrase_fd)):
        raise WrongPassphrase
    console.print_result({"opens": True}, ["That recovery code opens this study."])
    return 0


def _show_key(arguments: argparse.Namespace, console: Console, study: Study) -> int:
    """Show the public key of somebody, for receivers of what they hand over."""
    wanted = arguments.name.casefold() or study.slot_name.casefold()
    people = list_people(study)
    person = next((one for one in people if one.name.casefold() == wanted and one.signing), None)
    if person is None:
        raise PersonRefused(PersonFlaw.UNKNOWN)
    line = format_public_key(person.signing, person.name)
    groups = format_fingerprint_groups(person.signing)
    console.print_result(
        {**_data(person), "groups": groups, "key": line},
        [
            f"{person.name} signs with the key {format_fingerprint(person.signing)}",
            f"  {groups}",
            line,
        ],
    )
    return 0


VERB = Verb(
    name="people",
    summary="Say who may open a study: list, add and remove people, change a passphrase.",
    example="earshot people dementia-course add Okafor --role officer",
    run=_run,
    arguments=_arguments,
)
