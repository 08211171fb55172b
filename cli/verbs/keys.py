"""``earshot keys``: what every key of the interface does, and how to change it."""

from __future__ import annotations

import argparse

from app import Command, is_further_number, name_meaning, preferences_file, read_preferences
from cli.console import Console
from cli.verb import Verb

_PAGE = """# The keys of the interface

Written from the command table by `earshot keys --page`; a test holds the two together.

A key means one thing in the whole program, and one thing has one key. There are three sorts
of second key: h j k l for the arrows, as in vim; ⌫ for del on small keyboards; and F-keys for foot
pedals: one that sends F13, F14 and F15 goes back, plays and goes on. Many terminals do not tell F13
to F24 from Shift with F1 to F12, so here they are the same keys. While a turn is typed, letters are
letters, and some of these commands have another key. If you know the keys of version 0.6, see [what
moved](keys-what-moved.md).

Every key can be changed in a file of your own, `interface.toml`; `earshot keys` says where it is.
A key is a letter, a sign, or a name such as f12, ctrl+t, pageup; several are separated by commas.

```toml
colours = "terminal"     # dark, light, or the terminal's own
lock_after_min = 5       # minutes without a key before the passphrase is asked for
blank_lines = true       # a blank line after each turn
timeline = "digits"      # who speaks, as the numbers of their keys instead of as blocks
[keys]
"interview.play" = "f12"
```
"""


def render_keys_page() -> str:
    """Return the page of the documents that names every key."""
    from app import KEY_MEANINGS, CommandPlace, KeyGroup, list_commands, name_keys

    lines = [_PAGE, "## What a key means\n"]
    for group in KeyGroup:
        lines += [f"### {group.value.capitalize()}\n", "| key | what it means |", "|---|---|"]
        lines += [
            f"| {_shown(name_meaning(one))} | {one.says} |"
            for one in KEY_MEANINGS
            if one.group is group and not is_further_number(one.name)
        ]
        lines.append("")
    for place in CommandPlace:
        lines += [
            f"## {place.value.capitalize()}\n",
            "| key | command | what it does |",
            "|---|---|---|",
        ]
        lines += [
            f"| {_shown(_row_of_numbers(c) or name_keys(c))} | {_ids(c)} | {c.help} |"
            for c in list_commands(place)
            if not (_row_of_numbers(c) and is_further_number(c.means))
        ]
        lines.append("")
    return "\n".join(lines)


def _shown(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*").replace("_", "\\_")


def _row_of_numbers(command: Command) -> str:
    """Return ``1 to 9`` for the commands of a row of digits that do the same by number."""
    from app import list_commands

    stem, _, number = command.id.rpartition("_")
    row = [
        c
        for c in list_commands(command.screen)
        if c.id.rpartition("_")[0] == stem and c.help == command.help
    ]
    is_row = command.means.startswith("number_") and number.isdigit() and len(row) > 1
    return f"1 to {len(row)}" if is_row else ""


def _ids(command: Command) -> str:
    numbers = _row_of_numbers(command)
    last = f" to `{command.id[:-1]}{numbers[-1]}`" if numbers else ""
    return f"`{command.id}`{last}"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--page", action="store_true", help="write docs/keys.md, in Markdown")


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from app import COMMANDS

    if arguments.page:
        console.print_result(render_keys_page(), [render_keys_page()])
        return 0
    chosen = read_preferences()
    for problem in chosen.problems:
        console.say(problem)
    console.say(f"To change keys, write {preferences_file()}; see docs/keys.md.")
    data = [
        {"id": c.id, "keys": chosen.keys_of(c).split(","), "screen": c.screen, "help": c.help}
        for c in COMMANDS
    ]
    rows = [(c.id, chosen.keys_of(c).replace(",", " "), c.screen, c.help) for c in COMMANDS]
    console.print_table(data, ["command", "keys", "where", "what it does"], rows)
    return 0


VERB = Verb(
    name="keys",
    summary="List every key of the interface, by the names under which they can be changed.",
    example="earshot keys",
    run=_run,
    arguments=_arguments,
)
