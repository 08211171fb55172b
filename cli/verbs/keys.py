"""``earshot keys``: what every key of the interface does, and how to change it."""

from __future__ import annotations

import argparse

from app import preferences_file, read_preferences
from cli.console import Console
from cli.verb import Verb

_PAGE = """# The keys of the interface

Written from the command table by `earshot keys --page`; a test holds the two together.

Every key can be changed in a file of your own, `interface.toml`; `earshot keys` says where it lies.
A key is a letter, a sign, or a name such as f9, ctrl+t, pageup; several are parted by commas.

```toml
colours = "terminal"     # dark, light, or the terminal's own
lock_after_min = 5       # minutes without a key before the passphrase is asked for
blank_lines = true       # a blank line after each turn
timeline = "digits"      # who speaks, as the numbers of their keys instead of as blocks
[keys]
"interview.play" = "f9"
```
"""


def render_keys_page() -> str:
    """Return the page of the documents that names every key."""
    from app import CommandPlace, list_commands, name_keys

    lines = [_PAGE]
    for place in CommandPlace:
        lines += [
            f"## {place.value.capitalize()}\n",
            "| key | command | what it does |",
            "|---|---|---|",
        ]
        lines += [
            f"| {name_keys(c).replace('|', chr(92) + '|')} | `{c.id}` | {c.help} |"
            for c in list_commands(place)
        ]
        lines.append("")
    return "\n".join(lines)


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
