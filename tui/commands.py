"""Everything a person can do in the interface, in one table.

The table feeds the key bindings, the footer, the command palette and the help screen, so that
none of them can promise what another lacks. Keys are those that every terminal sends: letters,
Enter, Escape, the arrows and their neighbours, Ctrl with a letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding, BindingType


class Place(StrEnum):
    """Where a command is to be had."""

    EVERYWHERE = "everywhere"
    HOME = "the list of interviews"
    INTERVIEW = "one interview"
    DIALOG = "messages"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do: ``key`` may name several keys, and the first is the one that is told.

    ``action`` is a method of the screen of its place (of the app, for ``EVERYWHERE``) without
    its ``action_``. ``in_footer`` says whether it stands in the bottom line, which holds some
    nine; all stand in the help screen, and all but those that only move stand in the palette.
    """

    id: str
    key: str
    label: str
    help: str
    action: str
    screen: Place
    in_footer: bool = False
    in_palette: bool = True


_MOVES = (
    ("up,k", "Up", "Go up by one line.", "move('up')"),
    ("down,j", "Down", "Go down by one line.", "move('down')"),
    ("pageup", "Page up", "Go up by one page.", "move('page_up')"),
    ("pagedown", "Page down", "Go down by one page.", "move('page_down')"),
    ("home", "Beginning", "Go to the beginning.", "move('home')"),
    ("end", "End", "Go to the end.", "move('end')"),
)


def _moves(screen: Place) -> tuple[Command, ...]:
    return tuple(
        Command(f"{screen.name.lower()}.{key.split(',')[0]}", key, label, said, action, screen,
                in_palette=False)
        for key, label, said, action in _MOVES
    )  # fmt: skip


_TRANSCRIBE = "Turn the recording into text, on this computer; again continues where it stopped."
_ANONYMISE = "Look for identifying details in the transcript; decisions made before are kept."
_EXPORT = "Hand over the anonymised transcript; refused while anything is undecided."
_STOP = "Stop the work that is running; what is finished is kept."
_REFRESH = "Read the study again, to see what another program did."

COMMANDS: tuple[Command, ...] = (
    Command("help", "question_mark", "Help", "Show what every key does.", "help",
            Place.EVERYWHERE, in_footer=True, in_palette=True),
    Command("theme", "d", "Dark or light", "Change between the dark and the light colours.",
            "change_colours", Place.EVERYWHERE),
    Command("palette", "ctrl+p", "Find a command", "Find a command by typing its name.",
            "command_palette", Place.EVERYWHERE, in_palette=False),
    Command("leave", "ctrl+q", "Leave Earshot", "Close the study, from anywhere.", "leave",
            Place.EVERYWHERE),

    Command("home.open", "enter", "Open", "Open the interview under the cursor.", "open",
            Place.HOME, in_footer=True),
    Command("home.transcribe", "t", "Transcribe", _TRANSCRIBE, "work('transcribe')",
            Place.HOME, in_footer=True),
    Command("home.anonymise", "a,m", "Anonymise", _ANONYMISE, "work('anonymise')",
            Place.HOME, in_footer=True),
    Command("home.export", "e", "Export", _EXPORT, "work('export')", Place.HOME, in_footer=True),
    Command("home.stop", "s", "Stop", _STOP, "stop", Place.HOME, in_footer=True),
    Command("home.filter", "slash", "Filter", "Show only interviews whose label or state has "
            "what you type.", "filter", Place.HOME, in_footer=True),
    Command("home.refresh", "r", "Refresh", _REFRESH, "refresh", Place.HOME),
    Command("home.unfilter", "escape", "Show all", "Show all interviews again.", "unfilter",
            Place.HOME),
    Command("home.quit", "q", "Quit", "Close the study and go back to the shell.", "quit",
            Place.HOME, in_footer=True),
    *_moves(Place.HOME),

    Command("interview.next", "n", "Next", "Go to the next mention.", "step(1)",
            Place.INTERVIEW, in_footer=True),
    Command("interview.previous", "p", "Previous", "Go to the mention before.", "step(-1)",
            Place.INTERVIEW),
    Command("interview.next_undecided", "N", "Next undecided",
            "Go to the next mention that waits for you.", "step_undecided(1)", Place.INTERVIEW),
    Command("interview.previous_undecided", "P", "Previous undecided",
            "Go to the mention before that waits for you.", "step_undecided(-1)", Place.INTERVIEW),
    Command("interview.accept", "a", "Accept", "Replace this mention as proposed.",
            "decide('accepted', False)", Place.INTERVIEW, in_footer=True),
    Command("interview.accept_alike", "A", "All alike", "Replace this mention and all undecided "
            "ones with the same replacement.", "decide('accepted', True)",
            Place.INTERVIEW, in_footer=True),
    Command("interview.reject", "x", "Reject", "Leave this mention as it was said.",
            "decide('rejected', False)", Place.INTERVIEW, in_footer=True),
    Command("interview.reject_alike", "X", "Reject all alike", "Leave this mention and all "
            "undecided ones with the same replacement.", "decide('rejected', True)",
            Place.INTERVIEW),
    Command("interview.change", "c", "Change", "Type what is to stand there instead.", "change",
            Place.INTERVIEW, in_footer=True),
    Command("interview.undo", "u", "Undo", "Take back the decision about this mention, or else "
            "the last one made.", "undo", Place.INTERVIEW, in_footer=True),
    Command("interview.transcribe", "t", "Transcribe", _TRANSCRIBE, "work('transcribe')",
            Place.INTERVIEW),
    Command("interview.anonymise", "m", "Anonymise", _ANONYMISE, "work('anonymise')",
            Place.INTERVIEW),
    Command("interview.export", "e", "Export", _EXPORT, "work('export')", Place.INTERVIEW),
    Command("interview.stop", "s", "Stop", _STOP, "stop", Place.INTERVIEW),
    Command("interview.refresh", "r", "Refresh", _REFRESH, "refresh", Place.INTERVIEW),
    Command("interview.back", "escape", "Back", "Go back to the list; every decision is kept.",
            "back", Place.INTERVIEW, in_footer=True),
    *_moves(Place.INTERVIEW),

    Command("dialog.close", "escape,enter,q", "Close", "Close the message.", "close",
            Place.DIALOG, in_footer=True, in_palette=False),
)  # fmt: skip


def of(place: Place) -> tuple[Command, ...]:
    """Return the commands of one place, in the order of the table."""
    return tuple(command for command in COMMANDS if command.screen is place)


def bindings(place: Place) -> list[BindingType]:
    """Return what Textual wants to know of the commands of one place."""
    return [
        Binding(
            c.key,
            c.action,
            c.label,
            show=c.in_footer,
            tooltip=c.help,
            id=c.id,
            priority=c.key == "ctrl+q",  # the way out works in front of a message too
        )
        for c in of(place)
    ]
