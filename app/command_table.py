"""The commands of the interface and their keys, in one table.

The key bindings, the footer, the command palette, the help screen and docs/keys.md are made from
it, so that they agree. Keys are those that every terminal sends: letters, Enter, Escape, the
arrows and their neighbours, Ctrl with a letter. The table runs no command.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

KEY_SIGNS: Final = {  # the sign on the keyboard for each key that Textual names by a word
    "asterisk": "*", "colon": ":", "comma": ",", "equals_sign": "=", "exclamation_mark": "!",
    "full_stop": ".", "greater_than_sign": ">", "less_than_sign": "<", "minus": "-",
    "number_sign": "#", "plus": "+", "question_mark": "?", "semicolon": ";", "slash": "/",
}  # fmt: skip
_KEY_NAMES: Final = {
    **KEY_SIGNS, "enter": "Enter", "escape": "Esc", "space": "Space", "up": "↑", "down": "↓",
    "left": "←", "right": "→", "backspace": "⌫", "delete": "del", "pagedown": "pgdn",
    "pageup": "pgup",
}  # fmt: skip


class CommandPlace(StrEnum):
    """The place where a command works: a screen, a mode, or everywhere."""

    EVERYWHERE = "everywhere"
    HOME = "the list of interviews"
    INTERVIEW = "one interview"
    CHECK = "checking an interview"
    TYPING = "typing in a turn"
    REPLACING = "find and replace"
    HEARING = "comparing what was heard again"
    RETURNED = "what a participant sent back"
    VOICES = "naming voices"
    PEOPLE = "the people of the study"
    WITHDRAW = "withdrawing"
    PREPARE = "before a recording"
    RECORD = "while recording"
    WILLING = "asking whether to record"
    DISSENT = "after a dissent"
    CONSENT = "consent"
    CONSENT_FORM = "recording a consent"
    CONSENT_READ = "reading the questions aloud"
    DIALOG = "messages"
    COVER = "the hidden screen"


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    key: its keys as Textual names them, with commas between; advice names the first. action: the
    method of the screen (of the app, for ``EVERYWHERE``) without its ``action_``. in_footer:
    whether the bottom line shows it, which holds some nine; the help screen shows every command,
    and the palette all but those that only move.
    """

    id: str
    key: str
    label: str
    help: str
    action: str
    screen: CommandPlace
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


def _moves(screen: CommandPlace) -> tuple[Command, ...]:
    return tuple(
        Command(f"{screen.name.lower()}.{key.split(',')[0]}", key, label, sentence, action, screen,
                in_palette=False)
        for key, label, sentence, action in _MOVES
    )  # fmt: skip


def _speakers() -> tuple[Command, ...]:
    return tuple(
        Command(f"record.speaker_{n}", str(n), f"Speaker {n} speaks",
                "Note that this person speaks from here on.", f"speaker({n})", CommandPlace.RECORD)
        for n in range(1, 10)
    )  # fmt: skip


def _turn_speakers() -> tuple[Command, ...]:
    return tuple(
        Command(f"interview.speaker_{n}", str(n), f"Speaker {n} spoke it",
                "Say that the speaker with this number spoke this turn.",
                f"speaker({n})", CommandPlace.INTERVIEW)
        for n in range(1, 10)
    )  # fmt: skip


def _voice_owners() -> tuple[Command, ...]:
    return tuple(
        Command(f"voices.name_{n}", str(n), f"Voice of participant {n}",
                "Say that it is the voice of the participant with this number.", f"name({n})",
                CommandPlace.VOICES, in_palette=False)
        for n in range(1, 10)
    )  # fmt: skip


def _scopes() -> tuple[Command, ...]:
    named = ("no further interviews", "the sound", "the words", "everything")
    return tuple(
        Command(f"withdraw.scope_{n}", str(n), what.capitalize(),
                f"Show what goes if a participant withdraws: {what}.", f"scope({n})",
                CommandPlace.WITHDRAW, in_palette=False)
        for n, what in enumerate(named, 1)
    )  # fmt: skip


def _present() -> tuple[Command, ...]:
    return tuple(
        Command(f"prepare.present_{n}", str(n), f"Participant {n} is here or not",
                "Tick this participant as present, or not.", f"present({n})", CommandPlace.PREPARE)
        for n in range(1, 10)
    )  # fmt: skip


_TRANSCRIBE = (
    "Turn the recording into text, on this computer; press it again to continue where it stopped."
)
_ANONYMISE = "Search the transcript for identifying details; earlier decisions are kept."
_EXPORT = "Hand over the anonymised transcript; refused while anything is undecided."
_CHECK = (
    "Check the anonymisation log, what is left in, and the audit trail; sign off, or send back."
)
_CONSENT = "See what each participant agreed to, and record it."
_STOP = "Stop the task that is running; what is finished is kept."
_REFRESH = "Read the study again, to see what another program did."


COMMANDS: tuple[Command, ...] = (
    Command("help", "question_mark", "Help", "Show what every key does.", "help",
            CommandPlace.EVERYWHERE, in_footer=True, in_palette=True),
    Command("theme", "l", "Light or dark", "Change between dark, light and the terminal's own "
            "colours.", "change_colours", CommandPlace.EVERYWHERE),
    Command("cover", "ctrl+l", "Cover", "Hide the screen at once; Enter shows it again.",
            "cover", CommandPlace.EVERYWHERE),
    Command("palette", "ctrl+p", "Find a command", "Find a command by typing its name.",
            "command_palette", CommandPlace.EVERYWHERE, in_palette=False),
    Command("leave", "ctrl+q", "Leave Earshot", "Close the study, from anywhere.", "leave",
            CommandPlace.EVERYWHERE),

    Command("home.new", "n", "New", "Record a new interview.", "record_new",
            CommandPlace.HOME, in_footer=True),
    Command("home.go_on", "g", "Record on", "Record the interview under the cursor, or go on "
            "recording it.", "record_on", CommandPlace.HOME),
    Command("home.open", "enter", "Open", "Open the interview under the cursor.", "open",
            CommandPlace.HOME, in_footer=True),
    Command("home.transcribe", "t", "Transcribe", _TRANSCRIBE, "work('transcribe')",
            CommandPlace.HOME, in_footer=True),
    Command("home.language", "L", "Language", "Say which language is spoken in this interview, or "
            "in the whole study.", "language", CommandPlace.HOME),
    Command("home.anonymise", "a,M,m", "Anonymise", _ANONYMISE, "work('anonymise')",
            CommandPlace.HOME, in_footer=True),
    Command("home.check", "c", "Check", _CHECK, "check", CommandPlace.HOME, in_footer=True),
    Command("home.consent", "C", "Consent", _CONSENT, "consent", CommandPlace.HOME,
            in_footer=True),
    Command("home.export", "e", "Export", _EXPORT, "work('export')", CommandPlace.HOME,
            in_footer=True),
    Command("home.withdraw", "W", "Withdraw",
            "Withdraw a participant's data, or confirm it; what "
            "goes and what stays is shown first.", "withdraw", CommandPlace.HOME),
    Command("home.stop", "s", "Stop", _STOP, "stop", CommandPlace.HOME, in_footer=True),
    Command("home.filter", "slash", "Filter", "Show only interviews whose label or state has "
            "what you type.", "filter", CommandPlace.HOME, in_footer=True),
    Command("home.refresh", "r", "Refresh", _REFRESH, "refresh", CommandPlace.HOME),
    Command("home.unfilter", "escape", "Show all", "Show all interviews again.", "unfilter",
            CommandPlace.HOME),
    Command("home.quit", "q", "Quit", "Close the study and leave Earshot.", "quit",
            CommandPlace.HOME, in_footer=True),
    Command("home.people", "p", "People", "See who may open the study; add and remove people, "
            "change a passphrase, let somebody else take over.", "people", CommandPlace.HOME,
            in_footer=True),
    *_moves(CommandPlace.HOME),

    Command("interview.edit", "enter,i", "Edit", "Correct the words of this turn, in its place.",
            "enter", CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.play", "space,f4", "Play", "Play the sound, or pause it.", "play",
            CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.back_2", "comma,f3", "2 s back", "Skip back 2 seconds.",
            "seek(-2)", CommandPlace.INTERVIEW),
    Command("interview.on_2", "full_stop,f5", "2 s on", "Skip forward 2 seconds.",
            "seek(2)", CommandPlace.INTERVIEW),
    Command("interview.back_5", "less_than_sign,f2", "5 s back", "Skip back 5 seconds.",
            "seek(-5)", CommandPlace.INTERVIEW),
    Command("interview.on_5", "greater_than_sign,f6", "5 s on",
            "Skip forward 5 seconds.", "seek(5)", CommandPlace.INTERVIEW),
    Command("interview.slower", "minus", "Slower", "Play slower, at the same pitch.", "speed(-1)",
            CommandPlace.INTERVIEW),
    Command("interview.faster", "plus,equals_sign", "Faster", "Play faster, at the same pitch.",
            "speed(1)", CommandPlace.INTERVIEW),
    Command("interview.play_turn", "o,f7", "Play turn", "Play this turn from its beginning.",
            "play_turn(False)", CommandPlace.INTERVIEW),
    Command("interview.loop_turn", "O,f8", "Loop turn", "Play this turn over and over.",
            "play_turn(True)", CommandPlace.INTERVIEW),
    Command("interview.follow", "f", "Follow or not", "Let the cursor follow the sound, or not.",
            "follow", CommandPlace.INTERVIEW),

    Command("interview.next", "n", "Next", "Go to the next mention.", "step(1)",
            CommandPlace.INTERVIEW),
    Command("interview.previous", "p", "Previous", "Go to the mention before.", "step(-1)",
            CommandPlace.INTERVIEW),
    Command("interview.next_undecided", "N", "Undecided",
            "Go to the next mention that waits for you.", "step_undecided(1)",
            CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.previous_undecided", "P", "Previous undecided",
            "Go to the mention before that waits for you.", "step_undecided(-1)",
            CommandPlace.INTERVIEW),
    Command("interview.accept", "a", "Accept", "Replace this mention as proposed.",
            "decide('accepted', False)", CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.accept_alike", "A", "All alike", "Replace this mention and all undecided "
            "ones with the same replacement.", "decide('accepted', True)", CommandPlace.INTERVIEW,
            in_footer=True),
    Command("interview.reject", "x", "Reject", "Leave this mention as it was said.",
            "decide('rejected', False)", CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.reject_alike", "X", "Reject all alike", "Leave this mention and all "
            "undecided ones with the same replacement.", "decide('rejected', True)",
            CommandPlace.INTERVIEW),
    Command("interview.sure_of", "C", "All sure ones", "Replace all undecided sure finds of this "
            "mention's kind; questions still wait.", "sure_of", CommandPlace.INTERVIEW),
    Command("interview.none_of", "F", "None of these",
            "Leave in all unsure mentions of this kind that are "
            "undecided; sure ones still wait.", "none_of", CommandPlace.INTERVIEW),
    Command("interview.change", "c", "Change", "Type your own replacement.", "change",
            CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.undo", "u", "Undo", "Take back the decision about this mention, or else "
            "the last one made.", "undo", CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.left", "left", "Word before", "Choose the word before.", "word(-1)",
            CommandPlace.INTERVIEW, in_palette=False),
    Command("interview.right", "right", "Word after", "Choose the word after.", "word(1)",
            CommandPlace.INTERVIEW, in_palette=False),
    Command("interview.select", "v", "Select words", "Choose several words: begin at the chosen "
            "one, and go on with the arrows; v again ends.", "select", CommandPlace.INTERVIEW),
    Command("interview.mention", "m", "Mention", "Mark the chosen words to be replaced, too.",
            "mention", CommandPlace.INTERVIEW, in_footer=True),

    Command("interview.link", "I", "Same one", "Say that who or what this mention names is the "
            "same as another one: both get one replacement.", "link", CommandPlace.INTERVIEW),
    Command("interview.split", "b", "Break turn", "Begin a new turn at the chosen word.", "split",
            CommandPlace.INTERVIEW),
    Command("interview.join", "J", "Join", "Make one turn of this and the next.", "join",
            CommandPlace.INTERVIEW),
    Command("interview.remove", "delete,backspace", "Remove turn", "Remove a turn that nobody "
            "said, after asking.", "remove", CommandPlace.INTERVIEW),
    *_turn_speakers(),
    Command("interview.speaker", "S", "Speaker", "Say who speaks: this turn, from here on, or all "
            "turns of this speaker.", "speaker_menu", CommandPlace.INTERVIEW),
    Command("interview.whole_voice", "Y", "Whole voice", "Say who speaks all turns of this "
            "speaker.", "whole_voice", CommandPlace.INTERVIEW),
    Command("interview.give_rest", "B", "Break and give", "Begin a new turn at the chosen word, "
            "and give it to the other speaker.", "give_rest", CommandPlace.INTERVIEW),
    Command("interview.next_unsure", "U", "Unsure speaker",
            "Go to the next turn where it is unsure who speaks.", "step_unsure(1)",
            CommandPlace.INTERVIEW),
    Command("interview.voices", "V", "Voices",
            "Listen to each voice, and say whose it is.", "voices", CommandPlace.INTERVIEW),
    Command("interview.undo_edit", "z", "Undo edit",
            "Undo the last correction, however long ago it was.", "undo_edit",
            CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.redo_edit", "Z", "Redo edit", "Redo the correction undone last.",
            "redo_edit", CommandPlace.INTERVIEW),
    Command("interview.headings", "K", "Headings", "Correct the heading of a topic.", "headings",
            CommandPlace.INTERVIEW),
    Command("interview.next_doubt", "d", "Doubt",
            "Go to the next doubt (≈): a word that the model was "
            "not sure of, or a turn to check for another reason.",
            "step_doubt(1)", CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.previous_doubt", "D", "Doubt before", "Go to the doubt before.",
            "step_doubt(-1)", CommandPlace.INTERVIEW),
    Command("interview.settle", "y", "Right as it is",
            "Mark this turn as right: you have listened to it.", "settle", CommandPlace.INTERVIEW),
    Command("interview.hear_again", "E", "Hear again", "Hear this turn, some minutes or the whole "
            "interview again with a model of your choice, and compare.", "hear_again",
            CommandPlace.INTERVIEW),
    Command("interview.returned", "Q", "Came back", "Go through what a participant sent back, part "
            "by part, before anything of it is entered.", "returned", CommandPlace.INTERVIEW),
    Command("interview.next_pause", "w", "Next pause", "Go to the next long pause.",
            "step_pause(1)", CommandPlace.INTERVIEW),
    Command("interview.previous_pause", "W", "Pause before", "Go to the long pause before.",
            "step_pause(-1)", CommandPlace.INTERVIEW),
    Command("interview.find", "slash", "Find", "Look for words in this interview.", "find",
            CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.next_find", "g", "Next find", "Go to the next match.",
            "step_find(1)", CommandPlace.INTERVIEW),
    Command("interview.previous_find", "G", "Find before", "Go to the match before.",
            "step_find(-1)", CommandPlace.INTERVIEW),
    Command("interview.replace", "R", "Find and replace", "Replace words here or through the "
            "study, after showing each place.", "replace", CommandPlace.INTERVIEW),
    Command("interview.list", "L", "List", "Go through the mentions by category; Enter goes "
            "there.", "list", CommandPlace.INTERVIEW),
    Command("interview.timeline", "T", "Timeline", "Go along the whole interview with the arrows; "
            "Enter stays there.", "timeline", CommandPlace.INTERVIEW),
    Command("interview.ready", "h", "Ready", "Hand the interview to the data officer, once "
            "everything is decided.", "ready", CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.check", "H", "Check", _CHECK, "check", CommandPlace.INTERVIEW),
    Command("interview.transcribe", "t", "Transcribe", _TRANSCRIBE, "work('transcribe')",
            CommandPlace.INTERVIEW),
    Command("interview.anonymise", "M", "Anonymise", _ANONYMISE, "work('anonymise')",
            CommandPlace.INTERVIEW),
    Command("interview.export", "e", "Export", _EXPORT, "work('export')", CommandPlace.INTERVIEW),
    Command("interview.stop", "s", "Stop", _STOP, "stop", CommandPlace.INTERVIEW),
    Command("interview.refresh", "r", "Refresh", _REFRESH, "refresh", CommandPlace.INTERVIEW),
    Command("interview.back", "escape", "Back", "Go back to the list; all you did is kept.",
            "back", CommandPlace.INTERVIEW, in_footer=True),
    *_moves(CommandPlace.INTERVIEW),

    Command("check.read", "enter", "Read", "Go along the transcript with the arrows; Esc comes "
            "back to the list.", "read", CommandPlace.CHECK, in_footer=True),
    Command("check.log", "1", "Log", "Show the anonymisation log.", "show('log')",
            CommandPlace.CHECK, in_footer=True),
    Command("check.risk", "2", "Risk", "Show what may still name somebody, and where.",
            "show('risk')", CommandPlace.CHECK, in_footer=True),
    Command("check.trail", "3", "Trail", "Show the audit trail: what was done, by whom, when.",
            "show('trail')", CommandPlace.CHECK, in_footer=True),
    Command("check.outsider", "4", "Outsider", "Show what an outsider could still use to recognise "
            "who takes part, and where.", "show('outsider')", CommandPlace.CHECK),
    Command("check.right", "space", "Right", "Mark this line as right, and go on.",
            "right", CommandPlace.CHECK, in_footer=True),
    Command("check.object", "x", "Object", "Say what is wrong with this line; B sends it back.",
            "object", CommandPlace.CHECK, in_footer=True),
    Command("check.take_back", "u", "Take back", "Take back your verdict on this line.",
            "take_back", CommandPlace.CHECK),
    Command("check.original", "o", "Original", "Show what was said, if your passphrase opens it; "
            "the audit trail notes it.", "original", CommandPlace.CHECK, in_footer=True),
    Command("check.review", "i", "To review",
            "Open this place in the review, if you may read what "
            "was said.", "review", CommandPlace.CHECK),
    Command("check.kind", "c", "Kind", "Show only one kind of detail.", "filter_kind",
            CommandPlace.CHECK, in_footer=True),
    Command("check.action", "a", "Action",
            "Show only one kind of decision, or the undecided; in "
            "the trail, one kind of action.", "filter_action", CommandPlace.CHECK, in_footer=True),
    Command("check.who", "w", "Who", "Show only what one person decided, or did.", "filter_who",
            CommandPlace.CHECK),
    Command("check.class", "d", "Direct or not", "Show only direct identifiers, only indirect "
            "ones, or both.", "filter_class", CommandPlace.CHECK),
    Command("check.bulk", "b", "In bulk",
            "Show only what was decided in bulk, without a look at "
            "each.", "filter_bulk", CommandPlace.CHECK),
    Command("check.unseen", "n", "Not seen", "Show only lines of turns that nobody read.",
            "filter_unseen", CommandPlace.CHECK),
    Command("check.sample", "p", "Sample", "Show a sample of the lines, the same every time.",
            "sample", CommandPlace.CHECK, in_footer=True),
    Command("check.changes", "m", "Changes", "Show what changed between two versions of the log.",
            "changes", CommandPlace.CHECK),
    Command("check.all", "A", "Show all", "Show all lines again.", "show_all", CommandPlace.CHECK),
    Command("check.whole", "f", "Whole study", "Show the trail of the whole study, or of this "
            "interview.", "whole_study", CommandPlace.CHECK, in_footer=True),
    Command("check.previous_place", "left", "Place before",
            "Go to the previous place of this line.",
            "step_place(-1)", CommandPlace.CHECK, in_palette=False),
    Command("check.next_place", "right", "Next place", "Go to the next place of this line.",
            "step_place(1)", CommandPlace.CHECK, in_footer=True, in_palette=False),
    Command("check.verify", "v", "Verify", "Check every byte of the study against the trail.",
            "verify", CommandPlace.CHECK, in_footer=True),
    Command("check.sign", "S", "Sign off", "Sign the clean transcript off, as you read it.",
            "sign", CommandPlace.CHECK, in_footer=True),
    Command("check.send_back", "B", "Send back", "Send it back with your objections and reasons.",
            "send_back", CommandPlace.CHECK, in_footer=True),
    Command("check.export", "e", "Export", _EXPORT, "work('export')", CommandPlace.CHECK),
    Command("check.stop", "s", "Stop", _STOP, "stop", CommandPlace.CHECK),
    Command("check.refresh", "r", "Refresh", _REFRESH, "refresh", CommandPlace.CHECK),
    Command("check.back", "escape", "Back", "Go back; what you found is kept.", "back",
            CommandPlace.CHECK, in_footer=True),
    *_moves(CommandPlace.CHECK),

    Command("replacing.tick", "space", "Tick", "Tick or untick this place.", "tick",
            CommandPlace.REPLACING, in_palette=False),
    Command("replacing.replace", "enter", "Replace", "Replace every place that is ticked.",
            "replace", CommandPlace.REPLACING, in_palette=False),
    Command("replacing.everywhere", "S", "Whole study", "Look through the whole study, or only "
            "through this interview.", "everywhere", CommandPlace.REPLACING, in_palette=False),
    Command("replacing.fields", "slash", "Fields", "Go back to the search words.", "fields",
            CommandPlace.REPLACING, in_palette=False),
    Command("replacing.leave", "escape", "Leave", "Close without replacing anything.", "leave",
            CommandPlace.REPLACING, in_palette=False),
    *_moves(CommandPlace.REPLACING),

    Command("hearing.take", "enter,a", "Take over", "Use the new words for this turn.", "take",
            CommandPlace.HEARING, in_palette=False),
    Command("hearing.keep", "x", "Keep", "Keep the old words of this turn.", "keep",
            CommandPlace.HEARING, in_palette=False),
    Command("hearing.all", "A", "Take all", "Use the new words for every turn that is left.",
            "all", CommandPlace.HEARING, in_palette=False),
    Command("hearing.play_turn", "o", "Play turn", "Play the turn.", "play_turn",
            CommandPlace.HEARING, in_palette=False),
    Command("hearing.leave", "escape", "Leave", "Go back; changes made so far are kept.", "leave",
            CommandPlace.HEARING, in_palette=False),
    *_moves(CommandPlace.HEARING),
    Command("returned.take", "enter,a", "As read", "Take this part as it was read.", "take",
            CommandPlace.RETURNED, in_palette=False),
    Command("returned.say", "i", "Say", "Say which line it is about, and what it should say.",
            "say", CommandPlace.RETURNED, in_palette=False),
    Command("returned.nothing", "x", "Nothing", "Enter nothing for this part.", "nothing",
            CommandPlace.RETURNED, in_palette=False),
    Command("returned.enter", "E", "Enter all", "Enter all of it, once every part has a ruling.",
            "enter", CommandPlace.RETURNED, in_palette=False),
    Command("returned.leave", "escape", "Leave", "Go back; the list and its rulings are kept.",
            "leave", CommandPlace.RETURNED, in_palette=False),
    *_moves(CommandPlace.RETURNED),

    Command("voices.play", "space", "Play", "Play a turn of the voice; again plays the next one.",
            "play_voice", CommandPlace.VOICES, in_palette=False),
    *_voice_owners(),
    Command("voices.unname", "x", "Nobody", "Say that the voice belongs to nobody on the list.",
            "unname", CommandPlace.VOICES, in_palette=False),
    Command("voices.take", "enter", "Keep", "Keep the names, the guessed ones (?) as well.", "take",
            CommandPlace.VOICES, in_palette=False),
    Command("voices.again", "t", "Tell apart again", "Tell the voices apart again; turns that you "
            "gave to somebody stay.", "tell_again", CommandPlace.VOICES, in_palette=False),
    Command("voices.leave", "escape", "Leave", "Leave all names as they were.", "leave",
            CommandPlace.VOICES, in_palette=False),
    *_moves(CommandPlace.VOICES),

    *_scopes(),
    Command("withdraw.ask", "enter", "Withdraw", "Do what is shown, after typing the code.", "ask",
            CommandPlace.WITHDRAW, in_palette=False),
    Command("withdraw.confirm", "c", "Confirm", "Destroy what somebody else has asked for.",
            "confirm", CommandPlace.WITHDRAW, in_palette=False),
    Command("withdraw.refuse", "b", "Take back", "Take a request back, or refuse it.", "refuse",
            CommandPlace.WITHDRAW, in_palette=False),
    Command("withdraw.settle", "d", "Dealt with", "Tick off what has been dealt with.",
            "settle", CommandPlace.WITHDRAW, in_palette=False),
    Command("withdraw.papers", "p", "Papers", "Write the certificate, and a notice for each "
            "receiver, as pages to print.", "papers", CommandPlace.WITHDRAW, in_palette=False),
    Command("withdraw.scroll_down", "space", "Further down", "Scroll what is shown.", "scroll(1)",
            CommandPlace.WITHDRAW, in_palette=False),
    Command("withdraw.scroll_up", "backspace", "Further up", "Scroll what is shown back.",
            "scroll(-1)", CommandPlace.WITHDRAW, in_palette=False),
    Command("withdraw.leave", "escape", "Leave", "Go back to the list.", "leave",
            CommandPlace.WITHDRAW, in_palette=False),
    *_moves(CommandPlace.WITHDRAW),

    Command("typing.done", "escape,enter", "Done", "Leave the turn; every word typed is kept.",
            "screen.finish(0)", CommandPlace.TYPING, in_footer=True, in_palette=False),
    Command("typing.play", "tab,f4", "Play or pause", "Play the sound, or pause it.",
            "screen.play", CommandPlace.TYPING, in_footer=True, in_palette=False),
    Command("typing.back_2", "f3,ctrl+b", "2 s back", "Skip back 2 seconds.",
            "screen.seek(-2)", CommandPlace.TYPING, in_footer=True, in_palette=False),
    Command("typing.on_2", "f5", "2 s on", "Skip forward 2 seconds.",
            "screen.seek(2)", CommandPlace.TYPING, in_footer=True, in_palette=False),
    Command("typing.back_5", "f2", "5 s back", "Skip back 5 seconds.",
            "screen.seek(-5)", CommandPlace.TYPING, in_palette=False),
    Command("typing.on_5", "f6", "5 s on", "Skip forward 5 seconds.",
            "screen.seek(5)", CommandPlace.TYPING, in_palette=False),
    Command("typing.play_turn", "f7,ctrl+o", "Play turn", "Play this turn from its beginning.",
            "screen.play_turn(False)", CommandPlace.TYPING, in_footer=True, in_palette=False),
    Command("typing.loop_turn", "f8,ctrl+r", "Loop turn", "Play this turn over and over.",
            "screen.play_turn(True)", CommandPlace.TYPING, in_footer=True, in_palette=False),
    Command("typing.split", "ctrl+s", "Break turn", "Begin a new turn at the cursor.",
            "screen.split", CommandPlace.TYPING, in_footer=True, in_palette=False),

    Command("prepare.act", "enter", "Choose", "Change what is under the cursor.", "act",
            CommandPlace.PREPARE, in_footer=True),
    Command("prepare.microphone", "m", "Microphone", "Choose another microphone.", "microphone",
            CommandPlace.PREPARE, in_footer=True),
    Command("prepare.check", "c", "Sound check", "Listen for some seconds, and say whether the "
            "sound is good; c again stops.", "check", CommandPlace.PREPARE, in_footer=True),
    Command("prepare.hear", "b", "Play back", "Play back what the sound check heard; b again "
            "stops.", "hear", CommandPlace.PREPARE, in_footer=True),
    Command("prepare.guide", "g", "Guide", "Read and change the topic guide of the study.",
            "guide", CommandPlace.PREPARE, in_footer=True),
    Command("prepare.consent", "C", "Consent", _CONSENT, "consent", CommandPlace.PREPARE,
            in_footer=True),
    Command("prepare.start", "r", "Record", "Ask for agreement, and begin the recording.", "start",
            CommandPlace.PREPARE, in_footer=True),
    *_present(),
    Command("prepare.label", "n", "Label", "Change the label of the new interview.", "label",
            CommandPlace.PREPARE),
    Command("prepare.who", "p", "Participants", "Change who takes part, and in which role.",
            "participants", CommandPlace.PREPARE),
    Command("prepare.names", "N", "Names", "Enter names that may be said, sealed: they are looked "
            "for, and replaced.", "names", CommandPlace.PREPARE),
    Command("prepare.language", "L", "Language", "Say which language is spoken in this interview.",
            "language", CommandPlace.PREPARE),
    Command("prepare.stop", "s", "Stop", _STOP, "stop", CommandPlace.PREPARE),
    Command("prepare.back", "escape", "Back", "Go back to the list; nothing was recorded.",
            "back", CommandPlace.PREPARE, in_footer=True),
    *_moves(CommandPlace.PREPARE),

    Command("record.pause", "space", "Pause or go on",
            "Stop keeping sound until you go on; the microphone "
            "stays ready.", "pause", CommandPlace.RECORD, in_footer=True),
    Command("record.marker", "m", "Marker", "Mark this moment.", "marker",
            CommandPlace.RECORD, in_footer=True),
    Command("record.note", "n", "Marker with note", "Mark this moment, and type a note.",
            "note", CommandPlace.RECORD, in_footer=True),
    Command("record.next", "N", "Next topic", "Start the next topic.",
            "next_topic", CommandPlace.RECORD, in_footer=True),
    Command("record.topics", "t", "All topics", "Choose any topic of the guide by its number.",
            "topics", CommandPlace.RECORD, in_footer=True),
    Command("record.off", "o", "Off the record",
            "Stop keeping sound until you go on; only the fact "
            "that you did is kept.", "off_record", CommandPlace.RECORD, in_footer=True),
    Command("record.affirmed", "y", "Agreed again", "Mark that they were asked again, and agree.",
            "affirmed", CommandPlace.RECORD),
    Command("record.assent", "a", "Assent", "Mark that somebody without capacity shows that they "
            "are willing.", "assent", CommandPlace.RECORD),
    Command("record.dissent", "d", "Dissent", "Somebody does not want to go on: mark it, and end "
            "the recording at once.", "dissent", CommandPlace.RECORD, in_footer=True),
    Command("record.distress", "x", "Pause for the participant",
            "Pause at once for somebody who is distressed, mark it, and offer to end.",
            "distress", CommandPlace.RECORD, in_footer=True),
    *_speakers(),
    Command("record.stop", "s", "Stop", "End the recording and seal it, after asking once.",
            "end", CommandPlace.RECORD, in_footer=True),
    Command("record.close", "escape", "Close", "Go back to the list, once the recording has ended.",
            "close", CommandPlace.RECORD, in_footer=True),

    Command("people.switch", "enter", "Take over", "Let the person under the cursor take over, "
            "with their own passphrase.", "switch", CommandPlace.PEOPLE, in_footer=True),
    Command("people.add", "n", "New", "Add somebody: a name, a role, and their own passphrase.",
            "add", CommandPlace.PEOPLE, in_footer=True),
    Command("people.passphrase", "p", "Passphrase", "Change your own passphrase.",
            "change_passphrase", CommandPlace.PEOPLE, in_footer=True),
    Command("people.remove", "delete,backspace", "Remove",
            "Remove somebody; what they may have copied is shown "
            "first.", "remove", CommandPlace.PEOPLE, in_footer=True),
    Command("people.check_code", "c", "Check code", "Check that the recovery code on paper still "
            "opens the study.", "check_code", CommandPlace.PEOPLE, in_footer=True),
    Command("people.renew_code", "C", "New code",
            "Make a new recovery code, which is shown once; the "
            "old one stops working.", "renew_code", CommandPlace.PEOPLE, in_footer=True),
    Command("people.key", "f", "Fingerprint", "Show the fingerprint of the key with which the "
            "person under the cursor signs.", "show_key", CommandPlace.PEOPLE, in_footer=True),
    Command("people.stop", "s", "Stop", _STOP, "stop", CommandPlace.PEOPLE),
    Command("people.back", "escape", "Back", "Go back to the list of interviews.", "back",
            CommandPlace.PEOPLE, in_footer=True),
    *_moves(CommandPlace.PEOPLE),
    Command("willing.affirmed", "y", "They agree", "They can decide, and agree.",
            "answer('AFFIRMED')", CommandPlace.WILLING, in_footer=True, in_palette=False),
    Command("willing.assent", "a", "Assent", "They cannot decide for themselves, and show that "
            "they are willing.", "answer('ASSENT')", CommandPlace.WILLING, in_footer=True,
            in_palette=False),
    Command("willing.dissent", "d", "Dissent", "Somebody does not want to: nothing more is "
            "recorded.", "answer('DISSENT')", CommandPlace.WILLING, in_footer=True,
            in_palette=False),
    Command("willing.distress", "x", "Needs a pause", "Somebody is distressed: nothing is recorded "
            "now.", "answer('DISTRESS')", CommandPlace.WILLING, in_footer=True, in_palette=False),
    Command("willing.later", "escape", "Later", "Ask later; nothing changes.", "later",
            CommandPlace.WILLING, in_footer=True, in_palette=False),

    Command("dissent.close", "c", "Close", "Go back to the list.", "close",
            CommandPlace.DISSENT, in_footer=True, in_palette=False),

    Command("consent.record", "enter", "Record", "Record or change what this participant agreed "
            "to.", "record", CommandPlace.CONSENT, in_footer=True),
    Command("consent.new", "n", "New code", "Record the consent of somebody who is in no "
            "interview yet.", "new", CommandPlace.CONSENT, in_footer=True),
    Command("consent.lost", "c", "Lost capacity", "Note that this participant has lost capacity, "
            "after showing what follows.", "lost", CommandPlace.CONSENT, in_footer=True),
    Command("consent.spoken", "v", "Spoken consent", "Record this participant saying what they "
            "agree to, apart from every interview.", "spoken", CommandPlace.CONSENT,
            in_footer=True),
    Command("consent.page", "p", "Page to print", "Write the questions in large print to a page.",
            "page", CommandPlace.CONSENT, in_footer=True),
    Command("consent.back", "escape", "Back", "Go back.", "back", CommandPlace.CONSENT,
            in_footer=True),
    *_moves(CommandPlace.CONSENT),

    Command("consent_form.act", "enter", "Change", "Change what is under the cursor.", "act",
            CommandPlace.CONSENT_FORM, in_footer=True),
    Command("consent_form.yes", "y", "Yes", "They said yes to the question under the cursor.",
            "answer('YES')", CommandPlace.CONSENT_FORM, in_footer=True),
    Command("consent_form.no", "n", "No", "They said no to the question under the cursor.",
            "answer('NO')", CommandPlace.CONSENT_FORM, in_footer=True),
    Command("consent_form.not_asked", "minus", "Not asked", "The question under the cursor was "
            "not asked.", "answer('NOT_ASKED')", CommandPlace.CONSENT_FORM, in_footer=True),
    Command("consent_form.read", "b", "Read aloud", "Show the questions one by one in large "
            "letters.", "read", CommandPlace.CONSENT_FORM, in_footer=True),
    Command("consent_form.keep", "K", "Keep", "Keep it as this participant's newest consent.",
            "keep", CommandPlace.CONSENT_FORM, in_footer=True),
    Command("consent_form.back", "escape", "Leave", "Close without saving.", "back",
            CommandPlace.CONSENT_FORM, in_footer=True),
    *_moves(CommandPlace.CONSENT_FORM),

    Command("consent_read.yes", "y", "Yes", "They said yes.", "answer('YES')",
            CommandPlace.CONSENT_READ, in_footer=True, in_palette=False),
    Command("consent_read.no", "n", "No", "They said no.", "answer('NO')",
            CommandPlace.CONSENT_READ, in_footer=True, in_palette=False),
    Command("consent_read.not_asked", "minus", "Not asked", "Leave the question out.",
            "answer('NOT_ASKED')", CommandPlace.CONSENT_READ, in_footer=True, in_palette=False),
    Command("consent_read.before", "left", "Question before", "Go back to the question before.",
            "before", CommandPlace.CONSENT_READ, in_footer=True, in_palette=False),
    Command("consent_read.back", "escape", "End",
            "Stop reading aloud; the answers so far are kept.", "back",
            CommandPlace.CONSENT_READ, in_footer=True, in_palette=False),

    Command("cover.uncover", "enter", "Uncover", "Show the study again.", "uncover",
            CommandPlace.COVER, in_palette=False),

    Command("dialog.close", "escape,enter,q", "Close", "Close the message.", "close",
            CommandPlace.DIALOG, in_footer=True, in_palette=False),
)  # fmt: skip


def list_commands(place: CommandPlace) -> tuple[Command, ...]:
    """Return the commands of one place, in the order of the table."""
    return tuple(command for command in COMMANDS if command.screen is place)


def name_keys(command: Command, key: str = "") -> str:
    """Name the keys of a command as a keyboard shows them; ``key`` stands in for its own keys."""
    return " or ".join(_named(each) for each in (key or command.key).split(","))


def _named(key: str) -> str:
    if key.startswith("ctrl+"):
        return f"Ctrl-{key.removeprefix('ctrl+').upper()}"
    return _KEY_NAMES.get(key, key)
