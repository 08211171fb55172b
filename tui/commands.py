"""Everything a person can do in the interface, in one table.

The table feeds the key bindings, the footer, the command palette and the help screen, so that
none of them can promise what another lacks. Keys are those that every terminal sends: letters,
Enter, Escape, the arrows and their neighbours, Ctrl with a letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding, BindingType
from textual.keys import format_key


class Place(StrEnum):
    """Where a command is to be had."""

    EVERYWHERE = "everywhere"
    HOME = "the list of interviews"
    INTERVIEW = "one interview"
    CHECK = "checking an interview"
    TYPING = "typing in a turn"
    REPLACING = "find and replace"
    PREPARE = "before a recording"
    RECORD = "while recording"
    DIALOG = "messages"
    COVER = "the cover"


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


def _speakers() -> tuple[Command, ...]:
    return tuple(
        Command(f"record.speaker_{n}", str(n), f"Speaker {n} speaks",
                "Note that this person speaks from here on.", f"speaker({n})", Place.RECORD)
        for n in range(1, 10)
    )  # fmt: skip


def _turn_speakers() -> tuple[Command, ...]:
    return tuple(
        Command(f"interview.speaker_{n}", str(n), f"Speaker {n} spoke it",
                "Say that this turn was spoken by the speaker of this number.",
                f"speaker({n})", Place.INTERVIEW)
        for n in range(1, 10)
    )  # fmt: skip


def _present() -> tuple[Command, ...]:
    return tuple(
        Command(f"prepare.present_{n}", str(n), f"Participant {n} is here or not",
                "Tick this participant as present, or not.", f"present({n})", Place.PREPARE)
        for n in range(1, 10)
    )  # fmt: skip


_TRANSCRIBE = "Turn the recording into text, on this computer; again continues where it stopped."
_ANONYMISE = "Look for identifying details in the transcript; decisions made before are kept."
_EXPORT = "Hand over the anonymised transcript; refused while anything is undecided."
_CHECK = "Check the anonymisation log, what is left and the trail; sign off, or send back."
_STOP = "Stop the work that is running; what is finished is kept."
_REFRESH = "Read the study again, to see what another program did."

COMMANDS: tuple[Command, ...] = (
    Command("help", "question_mark", "Help", "Show what every key does.", "help",
            Place.EVERYWHERE, in_footer=True, in_palette=True),
    Command("theme", "l", "Light or dark", "Change between dark, light and the terminal's own "
            "colours.", "change_colours", Place.EVERYWHERE),
    Command("cover", "ctrl+l", "Cover", "Show nothing of the study, at once; Enter uncovers.",
            "cover", Place.EVERYWHERE),
    Command("palette", "ctrl+p", "Find a command", "Find a command by typing its name.",
            "command_palette", Place.EVERYWHERE, in_palette=False),
    Command("leave", "ctrl+q", "Leave Earshot", "Close the study, from anywhere.", "leave",
            Place.EVERYWHERE),

    Command("home.new", "n", "New", "Record a new interview.", "record_new",
            Place.HOME, in_footer=True),
    Command("home.go_on", "g", "Record on", "Record the interview under the cursor, or go on "
            "recording it.", "record_on", Place.HOME),
    Command("home.open", "enter", "Open", "Open the interview under the cursor.", "open",
            Place.HOME, in_footer=True),
    Command("home.transcribe", "t", "Transcribe", _TRANSCRIBE, "work('transcribe')",
            Place.HOME, in_footer=True),
    Command("home.anonymise", "a,M,m", "Anonymise", _ANONYMISE, "work('anonymise')",
            Place.HOME, in_footer=True),
    Command("home.check", "c", "Check", _CHECK, "check", Place.HOME, in_footer=True),
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

    Command("interview.edit", "enter,i", "Edit", "Correct the words of this turn, in its place.",
            "enter", Place.INTERVIEW, in_footer=True),
    Command("interview.play", "space,f4", "Play", "Play the sound, or pause it.", "play",
            Place.INTERVIEW, in_footer=True),
    Command("interview.back_2", "comma,f3", "2 s back", "Go back 2 seconds in the sound.",
            "seek(-2)", Place.INTERVIEW, in_footer=True),
    Command("interview.on_2", "full_stop,f5", "2 s on", "Go forward 2 seconds in the sound.",
            "seek(2)", Place.INTERVIEW),
    Command("interview.back_5", "less_than_sign,f2", "5 s back", "Go back 5 seconds in the sound.",
            "seek(-5)", Place.INTERVIEW),
    Command("interview.on_5", "greater_than_sign,f6", "5 s on",
            "Go forward 5 seconds in the sound.", "seek(5)", Place.INTERVIEW),
    Command("interview.slower", "minus", "Slower", "Play slower, at the same pitch.", "speed(-1)",
            Place.INTERVIEW),
    Command("interview.faster", "plus,equals_sign", "Faster", "Play faster, at the same pitch.",
            "speed(1)", Place.INTERVIEW),
    Command("interview.play_turn", "o,f7", "Play turn", "Play this turn from its beginning.",
            "play_turn(False)", Place.INTERVIEW, in_footer=True),
    Command("interview.loop_turn", "O,f8", "Loop turn", "Play this turn over and over.",
            "play_turn(True)", Place.INTERVIEW),
    Command("interview.follow", "f", "Follow or not", "Let the cursor follow the sound, or not.",
            "follow", Place.INTERVIEW),

    Command("interview.next", "n", "Next", "Go to the next mention.", "step(1)",
            Place.INTERVIEW),
    Command("interview.previous", "p", "Previous", "Go to the mention before.", "step(-1)",
            Place.INTERVIEW),
    Command("interview.next_undecided", "N", "Undecided",
            "Go to the next mention that waits for you.", "step_undecided(1)", Place.INTERVIEW,
            in_footer=True),
    Command("interview.previous_undecided", "P", "Previous undecided",
            "Go to the mention before that waits for you.", "step_undecided(-1)", Place.INTERVIEW),
    Command("interview.accept", "a", "Accept", "Replace this mention as proposed.",
            "decide('accepted', False)", Place.INTERVIEW, in_footer=True),
    Command("interview.accept_alike", "A", "All alike", "Replace this mention and all undecided "
            "ones with the same replacement.", "decide('accepted', True)", Place.INTERVIEW,
            in_footer=True),
    Command("interview.reject", "x", "Reject", "Leave this mention as it was said.",
            "decide('rejected', False)", Place.INTERVIEW, in_footer=True),
    Command("interview.reject_alike", "X", "Reject all alike", "Leave this mention and all "
            "undecided ones with the same replacement.", "decide('rejected', True)",
            Place.INTERVIEW),
    Command("interview.change", "c", "Change", "Type what is to stand there instead.", "change",
            Place.INTERVIEW, in_footer=True),
    Command("interview.undo", "u", "Undo decision", "Take back the decision about this mention, "
            "or else the last one made.", "undo", Place.INTERVIEW),
    Command("interview.left", "left", "Word before", "Choose the word before.", "word(-1)",
            Place.INTERVIEW, in_palette=False),
    Command("interview.right", "right", "Word after", "Choose the word after.", "word(1)",
            Place.INTERVIEW, in_palette=False),
    Command("interview.select", "v", "Select words", "Choose several words: begin at the chosen "
            "one, and go on with the arrows; v again ends.", "select", Place.INTERVIEW),
    Command("interview.mention", "m", "Add mention", "Let the chosen words be replaced as well.",
            "mention", Place.INTERVIEW),

    Command("interview.split", "b", "Break turn", "Begin a new turn at the chosen word.", "split",
            Place.INTERVIEW),
    Command("interview.join", "J", "Join", "Make one turn of this and the next.", "join",
            Place.INTERVIEW),
    Command("interview.remove", "delete,backspace", "Remove turn", "Remove a turn that nobody "
            "said, after asking.", "remove", Place.INTERVIEW),
    *_turn_speakers(),
    Command("interview.speaker", "S", "Speaker", "Say who speaks: this turn, from here on, or all "
            "turns of this speaker.", "speaker_menu", Place.INTERVIEW),
    Command("interview.undo_edit", "z", "Undo", "Take the last correction back, however long "
            "ago it was.", "undo_edit", Place.INTERVIEW, in_footer=True),
    Command("interview.redo_edit", "Z", "Redo", "Do again what was taken back last.",
            "redo_edit", Place.INTERVIEW),
    Command("interview.headings", "K", "Headings", "Correct the heading of a topic.", "headings",
            Place.INTERVIEW),
    Command("interview.next_doubt", "d", "Doubt", "Go to the next turn to be doubted (≈).",
            "step_doubt(1)", Place.INTERVIEW, in_footer=True),
    Command("interview.previous_doubt", "D", "Doubt before", "Go to the doubtful turn before.",
            "step_doubt(-1)", Place.INTERVIEW),
    Command("interview.settle", "y", "Right as it is", "Settle the doubt: this turn was heard "
            "again, and is right.", "settle", Place.INTERVIEW),
    Command("interview.next_pause", "w", "Next pause", "Go to the next long pause.",
            "step_pause(1)", Place.INTERVIEW),
    Command("interview.previous_pause", "W", "Pause before", "Go to the long pause before.",
            "step_pause(-1)", Place.INTERVIEW),
    Command("interview.find", "slash", "Find", "Look for words in this interview.", "find",
            Place.INTERVIEW, in_footer=True),
    Command("interview.next_find", "g", "Next find", "Go to the next place of what you look for.",
            "step_find(1)", Place.INTERVIEW),
    Command("interview.previous_find", "G", "Find before", "Go to the place before.",
            "step_find(-1)", Place.INTERVIEW),
    Command("interview.replace", "R", "Find and replace", "Replace words here or through the "
            "study, after showing each place.", "replace", Place.INTERVIEW),
    Command("interview.list", "L", "List", "Go through the mentions by category; Enter goes "
            "there.", "list", Place.INTERVIEW),
    Command("interview.timeline", "T", "Timeline", "Go along the whole interview with the arrows; "
            "Enter stays there.", "timeline", Place.INTERVIEW),
    Command("interview.ready", "h", "Ready", "Hand the interview to the data officer, once "
            "everything is decided.", "ready", Place.INTERVIEW, in_footer=True),
    Command("interview.check", "H", "Check", _CHECK, "check", Place.INTERVIEW),
    Command("interview.transcribe", "t", "Transcribe", _TRANSCRIBE, "work('transcribe')",
            Place.INTERVIEW),
    Command("interview.anonymise", "M", "Anonymise", _ANONYMISE, "work('anonymise')",
            Place.INTERVIEW),
    Command("interview.export", "e", "Export", _EXPORT, "work('export')", Place.INTERVIEW),
    Command("interview.stop", "s", "Stop", _STOP, "stop", Place.INTERVIEW),
    Command("interview.refresh", "r", "Refresh", _REFRESH, "refresh", Place.INTERVIEW),
    Command("interview.back", "escape", "Back", "Go back to the list; all you did is kept.",
            "back", Place.INTERVIEW, in_footer=True),
    *_moves(Place.INTERVIEW),

    Command("check.read", "enter", "Read", "Go along the transcript with the arrows; Esc comes "
            "back to the list.", "read", Place.CHECK, in_footer=True),
    Command("check.log", "1", "Log", "Show the anonymisation log.", "show('log')", Place.CHECK,
            in_footer=True),
    Command("check.risk", "2", "Risk", "Show what may still name somebody, and where.",
            "show('risk')", Place.CHECK, in_footer=True),
    Command("check.trail", "3", "Trail", "Show the audit trail: what was done, by whom, when.",
            "show('trail')", Place.CHECK, in_footer=True),
    Command("check.right", "space", "Right", "Note that this line is right as it is, and go on.",
            "right", Place.CHECK, in_footer=True),
    Command("check.object", "x", "Object", "Say what is wrong with this line; B sends it back.",
            "object", Place.CHECK, in_footer=True),
    Command("check.take_back", "u", "Take back", "Take back what you found at this line.",
            "take_back", Place.CHECK),
    Command("check.original", "o", "Original", "Show what was said, if your passphrase opens it; "
            "the audit trail notes it.", "original", Place.CHECK, in_footer=True),
    Command("check.review", "i", "To review", "Open this place in the review, for who may read "
            "what was said.", "review", Place.CHECK),
    Command("check.kind", "c", "Kind", "Show only one kind of detail.", "filter_kind",
            Place.CHECK, in_footer=True),
    Command("check.action", "a", "Action", "Show only what was decided so, or is undecided; in "
            "the trail, what was done.", "filter_action", Place.CHECK, in_footer=True),
    Command("check.who", "w", "Who", "Show only what one person decided, or did.", "filter_who",
            Place.CHECK),
    Command("check.class", "d", "Direct or not", "Show only direct identifiers, only indirect "
            "ones, or both.", "filter_class", Place.CHECK),
    Command("check.bulk", "b", "In bulk", "Show only what was decided together with others, "
            "without a look.", "filter_bulk", Place.CHECK),
    Command("check.unseen", "n", "Not seen", "Show only lines of turns that nobody looked at.",
            "filter_unseen", Place.CHECK),
    Command("check.sample", "p", "Sample", "Draw some of a hundred lines, the same each time.",
            "sample", Place.CHECK, in_footer=True),
    Command("check.changes", "m", "Changes", "Show what changed between two versions of the log.",
            "changes", Place.CHECK),
    Command("check.all", "A", "Show all", "Show every line again.", "show_all", Place.CHECK),
    Command("check.whole", "f", "Whole study", "Show the trail of the whole study, or of this "
            "interview.", "whole_study", Place.CHECK, in_footer=True),
    Command("check.previous_place", "left", "Place before", "Go to the place before of this line.",
            "step_place(-1)", Place.CHECK, in_palette=False),
    Command("check.next_place", "right", "Next place", "Go to the next place of this line.",
            "step_place(1)", Place.CHECK, in_footer=True, in_palette=False),
    Command("check.verify", "v", "Verify", "Check every byte of the study against the trail.",
            "verify", Place.CHECK, in_footer=True),
    Command("check.sign", "S", "Sign off", "Sign the clean transcript off, as you read it.",
            "sign", Place.CHECK, in_footer=True),
    Command("check.send_back", "B", "Send back", "Send it back with your objections and reasons.",
            "send_back", Place.CHECK, in_footer=True),
    Command("check.export", "e", "Export", _EXPORT, "work('export')", Place.CHECK),
    Command("check.stop", "s", "Stop", _STOP, "stop", Place.CHECK),
    Command("check.refresh", "r", "Refresh", _REFRESH, "refresh", Place.CHECK),
    Command("check.back", "escape", "Back", "Go back; what you found is kept.", "back",
            Place.CHECK, in_footer=True),
    *_moves(Place.CHECK),

    Command("replacing.tick", "space", "Tick", "Leave this place out, or take it in again.", "tick",
            Place.REPLACING, in_palette=False),
    Command("replacing.replace", "enter", "Replace", "Replace every place that is ticked.",
            "replace", Place.REPLACING, in_palette=False),
    Command("replacing.everywhere", "S", "Whole study", "Look through the whole study, or only "
            "through this interview.", "everywhere", Place.REPLACING, in_palette=False),
    Command("replacing.fields", "slash", "Fields", "Go back to what is looked for.", "fields",
            Place.REPLACING, in_palette=False),
    Command("replacing.leave", "escape", "Leave", "Replace nothing after all.", "leave",
            Place.REPLACING, in_palette=False),
    *_moves(Place.REPLACING),

    Command("typing.done", "escape,enter", "Done", "Leave the turn; every word typed is kept.",
            "screen.finish(0)", Place.TYPING, in_footer=True, in_palette=False),
    Command("typing.play", "tab,f4", "Play or pause", "Play the sound, or pause it.",
            "screen.play", Place.TYPING, in_footer=True, in_palette=False),
    Command("typing.back_2", "f3,ctrl+b", "2 s back", "Go back 2 seconds in the sound.",
            "screen.seek(-2)", Place.TYPING, in_footer=True, in_palette=False),
    Command("typing.on_2", "f5", "2 s on", "Go forward 2 seconds in the sound.",
            "screen.seek(2)", Place.TYPING, in_footer=True, in_palette=False),
    Command("typing.back_5", "f2", "5 s back", "Go back 5 seconds in the sound.",
            "screen.seek(-5)", Place.TYPING, in_palette=False),
    Command("typing.on_5", "f6", "5 s on", "Go forward 5 seconds in the sound.",
            "screen.seek(5)", Place.TYPING, in_palette=False),
    Command("typing.play_turn", "f7,ctrl+o", "Play turn", "Play this turn from its beginning.",
            "screen.play_turn(False)", Place.TYPING, in_footer=True, in_palette=False),
    Command("typing.loop_turn", "f8,ctrl+r", "Loop turn", "Play this turn over and over.",
            "screen.play_turn(True)", Place.TYPING, in_footer=True, in_palette=False),
    Command("typing.split", "ctrl+s", "Break turn", "Begin a new turn at the cursor.",
            "screen.split", Place.TYPING, in_footer=True, in_palette=False),

    Command("prepare.act", "enter", "Choose", "Change what is under the cursor.", "act",
            Place.PREPARE, in_footer=True),
    Command("prepare.microphone", "m", "Microphone", "Choose another microphone.", "microphone",
            Place.PREPARE, in_footer=True),
    Command("prepare.check", "c", "Sound check", "Listen for some seconds, and say whether the "
            "sound is good; c again stops.", "check", Place.PREPARE, in_footer=True),
    Command("prepare.hear", "b", "Play back", "Play back what the sound check heard; b again "
            "stops.", "hear", Place.PREPARE, in_footer=True),
    Command("prepare.guide", "g", "Guide", "Read and change the topic guide of the study.",
            "guide", Place.PREPARE, in_footer=True),
    Command("prepare.start", "r", "Record", "Ask for agreement, and begin the recording.", "start",
            Place.PREPARE, in_footer=True),
    *_present(),
    Command("prepare.label", "n", "Label", "Change the label of the new interview.", "label",
            Place.PREPARE),
    Command("prepare.who", "p", "Participants", "Change who takes part, and in which role.",
            "participants", Place.PREPARE),
    Command("prepare.stop", "s", "Stop", _STOP, "stop", Place.PREPARE),
    Command("prepare.back", "escape", "Back", "Go back to the list; nothing was recorded.",
            "back", Place.PREPARE, in_footer=True),
    *_moves(Place.PREPARE),

    Command("record.pause", "space", "Pause or go on", "Keep nothing of what is said until you go "
            "on; the microphone stays ready.", "pause", Place.RECORD, in_footer=True),
    Command("record.marker", "m", "Marker", "Mark this moment.", "marker",
            Place.RECORD, in_footer=True),
    Command("record.note", "n", "Marker with note", "Mark this moment, then type a note to it.",
            "note", Place.RECORD, in_footer=True),
    Command("record.next", "N", "Next topic", "Begin the next topic that is still unasked.",
            "next_topic", Place.RECORD, in_footer=True),
    Command("record.topics", "t", "All topics", "Choose any topic of the guide by its number.",
            "topics", Place.RECORD, in_footer=True),
    Command("record.off", "o", "Off the record", "Keep nothing of what is said, until you go on; "
            "only that it happened is kept.", "off_record", Place.RECORD, in_footer=True),
    Command("record.distress", "d", "Distress or dissent", "Pause at once, and mark why.",
            "distress", Place.RECORD, in_footer=True),
    *_speakers(),
    Command("record.stop", "s", "Stop", "End the recording and seal it, after asking once.",
            "end", Place.RECORD, in_footer=True),
    Command("record.close", "escape", "Close", "Go back to the list, once the recording has ended.",
            "close", Place.RECORD, in_footer=True),

    Command("cover.uncover", "enter", "Uncover", "Show the study again.", "uncover",
            Place.COVER, in_palette=False),

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
            # The way out and the cover work in front of a message too.
            priority=c.key in {"ctrl+q", "ctrl+l"},
        )
        for c in of(place)
    ]


def keys(command: Command, key: str = "") -> str:
    """Name the keys of a command as they are written on a keyboard; ``key`` instead of its own."""
    return " or ".join(_named(one) for one in (key or command.key).split(","))


def _named(key: str) -> str:
    if key.startswith("ctrl+"):
        return f"Ctrl-{key.removeprefix('ctrl+').upper()}"
    return {"enter": "Enter", "escape": "Esc", "space": "Space"}.get(key, format_key(key))
