"""``earshot keys``: what every key of the interface does, and how to change it."""

from __future__ import annotations

import argparse

from tui.talk import Talk
from tui.verb import Verb

_PAGE = """# The keys of the interface

Written from the command table by `earshot keys --page`; a test holds the two together.

Every key can be changed in a file of your own, `interface.toml`; `earshot keys` says where it lies.
A key is a letter, a sign, or a name such as f9, ctrl+t, pageup; several are parted by commas.

```toml
colours = "terminal"     # dark, light, or the terminal's own
lock_after_min = 5       # minutes without a key before the passphrase is asked for
[keys]
"interview.play" = "f9"
```
"""


def page() -> str:
    """Return the page of the documents that names every key."""
    from tui.commands import Place, keys, of

    lines = [_PAGE]
    for place in Place:
        lines += [
            f"## {place.value.capitalize()}\n",
            "| key | command | what it does |",
            "|---|---|---|",
        ]
        lines += [
            f"| {keys(c).replace('|', chr(92) + '|')} | `{c.id}` | {c.help} |" for c in of(place)
        ]
        lines.append("")
    return "\n".join(lines)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--page", action="store_true", help="write docs/keys.md, in Markdown")


def _run(given: argparse.Namespace, talk: Talk) -> int:
    from tui import preferences
    from tui.commands import COMMANDS

    if given.page:
        talk.result(page(), [page()])
        return 0
    chosen = preferences.read()
    for problem in chosen.problems:
        talk.say(problem)
    talk.say(f"To change keys, write {preferences.preferences_file()}; see docs/keys.md.")
    data = [
        {"id": c.id, "keys": chosen.key(c).split(","), "screen": c.screen, "help": c.help}
        for c in COMMANDS
    ]
    rows = [(c.id, chosen.key(c).replace(",", " "), c.screen, c.help) for c in COMMANDS]
    talk.table(data, ["command", "keys", "where", "what it does"], rows)
    return 0


VERB = Verb(
    name="keys",
    summary="List every key of the interface, by the names under which they can be changed.",
    example="earshot keys",
    run=_run,
    arguments=_arguments,
)
