"""The commands of the interface and their keys, in one table.

The key bindings, the footer, the command palette, the help screen and docs/keys.md are made from
it, so that they agree. A command has the key of what it means (``app.key_meanings``). Keys are
those that every terminal sends: letters, signs, Enter, Escape, the arrows and their neighbours,
Ctrl with a letter. The table runs no command.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.key_meanings import KeyMeaning, find_key_meaning

KEY_SIGNS: Final = {  # the sign on the keyboard for each key that Textual names by a word
    "ampersand": "&", "asterisk": "*", "at": "@", "colon": ":", "comma": ",", "dollar_sign": "$",
    "equals_sign": "=", "exclamation_mark": "!", "full_stop": ".", "greater_than_sign": ">",
    "apostrophe": "'", "circumflex_accent": "^", "backslash": "\\",
    "left_curly_bracket": "{", "left_parenthesis": "(", "left_square_bracket": "[",
    "less_than_sign": "<", "minus": "-", "number_sign": "#", "percent_sign": "%", "plus": "+",
    "question_mark": "?", "quotation_mark": '"', "right_curly_bracket": "}",
    "right_parenthesis": ")", "right_square_bracket": "]", "semicolon": ";", "slash": "/",
    "underscore": "_", "vertical_line": "|",
}  # fmt: skip
_PEDAL: Final = re.compile(r"f\d+")
_KEY_NAMES: Final = {
    **KEY_SIGNS, "enter": "Enter", "escape": "Esc", "space": "Space", "up": "↑", "down": "↓",
    "tab": "Tab", "left": "←", "right": "→", "backspace": "⌫", "delete": "Del", "pagedown": "PgDn",
    "pageup": "PgUp", "home": "Home", "end": "End",
}  # fmt: skip


class CommandPlace(StrEnum):
    """The place where a command works: a screen, a mode, or everywhere."""

    EVERYWHERE = "everywhere"
    HOME = "the list of interviews"
    INTERVIEW = "one interview"
    CHECK = "checking an interview"
    TYPING = "typing in a turn"
    REPLACING = "find and replace"
    RETURNED = "what a participant sent back"
    HEARING = "comparing what was heard again"
    VOICES = "naming voices"
    PEOPLE = "the people of the study"
    TRAVEL = "sending and receiving"
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

    means: the names of what its keys mean, see ``KEY_MEANINGS``; two with ``+`` between where there
    is nothing to open, so that Enter goes back as Escape does. action: the method of the screen (of
    the app, for ``EVERYWHERE``) without its ``action_``. in_footer: whether the bottom line shows
    it, which holds some nine; the help screen shows every command, and the palette all but those
    that only move. short: its label in the bottom line, where that is another one. aliases: further
    names under which the palette finds it.
    """

    id: str
    means: str
    label: str
    help: str
    action: str
    screen: CommandPlace
    in_footer: bool = False
    in_palette: bool = True
    short: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Its keys as Textual names them, with commas between; advice names the first."""
        meanings = [find_key_meaning(name) for name in self.means.split("+")]
        if self.screen is CommandPlace.RECORD:  # no pedal touches a recording
            return ",".join(one.key for one in meanings)
        is_typing = self.screen is CommandPlace.TYPING
        return ",".join(one.typing_keys if is_typing else one.keys for one in meanings)


_MOVES = (
    ("up", "up", "Up", "Go up by one line.", "move('up')"),
    ("down", "down", "Down", "Go down by one line.", "move('down')"),
    ("pageup", "page_up", "Page up", "Go up by one page.", "move('page_up')"),
    ("pagedown", "page_down", "Page down", "Go down by one page.", "move('page_down')"),
    ("home", "beginning", "Beginning", "Go to the beginning.", "move('home')"),
    ("end", "end", "End", "Go to the end.", "move('end')"),
)


def _moves(screen: CommandPlace) -> tuple[Command, ...]:
    return tuple(
        Command(f"{screen.name.lower()}.{name}", means, label, sentence, action, screen,
                in_palette=False)
        for name, means, label, sentence, action in _MOVES
    )  # fmt: skip


def _speakers() -> tuple[Command, ...]:
    return tuple(
        Command(f"record.speaker_{n}", f"number_{n}", f"Speaker {n} speaks",
                "Note that this person speaks from here on.", f"speaker({n})", CommandPlace.RECORD,
                short="Who speaks")
        for n in range(1, 10)
    )  # fmt: skip


def _turn_speakers() -> tuple[Command, ...]:
    return tuple(
        Command(f"interview.speaker_{n}", f"number_{n}", f"Speaker {n} spoke it",
                "Say that the speaker with this number spoke this turn, or what follows the chosen "
                "word, and go on to the next.",
                f"speaker({n})", CommandPlace.INTERVIEW, short="Who speaks")
        for n in range(1, 10)
    )  # fmt: skip


def _voice_owners() -> tuple[Command, ...]:
    return tuple(
        Command(f"voices.name_{n}", f"number_{n}", f"Voice of participant {n}",
                "Say that it is the voice of the participant with this number.", f"name({n})",
                CommandPlace.VOICES, in_palette=False, in_footer=n == 1, short="Whose voice")
        for n in range(1, 10)
    )  # fmt: skip


def _scopes() -> tuple[Command, ...]:
    named = ("no further interviews", "the sound", "the words", "everything")
    return tuple(
        Command(f"withdraw.scope_{n}", f"number_{n}", what.capitalize(),
                f"Show what goes if a participant withdraws: {what}.", f"scope({n})",
                CommandPlace.WITHDRAW, in_palette=False)
        for n, what in enumerate(named, 1)
    )  # fmt: skip


def _present() -> tuple[Command, ...]:
    return tuple(
        Command(f"prepare.present_{n}", f"number_{n}", f"Participant {n} is here or not",
                "Tick this participant as present, or not.", f"present({n})", CommandPlace.PREPARE,
                short="Who is here")
        for n in range(1, 10)
    )  # fmt: skip


_TRANSCRIBE = (
    "Turn the recording into text, on this computer; it asks with which model where several are"
    " installed. Press it again to continue where it stopped."
)
_ANONYMISE = "Search the transcript for identifying details; earlier decisions are kept."
_EXPORT = "Hand over the anonymised transcript; refused while anything is undecided."
_CHECK = (
    "Check the anonymisation log, what is left in, and the audit trail; sign off, or send back."
)
_CONSENT = "See what each participant agreed to, and record it."
_NAMES = "Enter names that may be said, sealed: the next search looks for them, and replaces them."
_STUDY_KEYS = ("This study's key", "Trust another study's key")
_STOP = "Stop the task that is running; what is finished is kept."
_REFRESH = "Read the study again, to see what another program did."


COMMANDS: tuple[Command, ...] = (
    Command("help", "help", "Help", "Show what every key does.", "help",
            CommandPlace.EVERYWHERE, in_footer=True, in_palette=True),
    Command("theme", "colours", "Light or dark", "Change between dark, light and the terminal's "
            "own colours.", "change_colours", CommandPlace.EVERYWHERE),
    Command("cover", "cover", "Cover", "Hide the screen at once; Enter shows it again.",
            "cover", CommandPlace.EVERYWHERE, short="Hide",
            aliases=("Hide the screen",)),
    Command("palette", "palette", "Find a command", "Find a command by typing its name.",
            "command_palette", CommandPlace.EVERYWHERE, in_footer=True, in_palette=False,
            short="Commands"),
    Command("leave", "leave", "Leave Earshot", "Close the study, from anywhere.", "leave",
            CommandPlace.EVERYWHERE),

    Command("home.new", "new", "New", "Record a new interview.", "record_new",
            CommandPlace.HOME, in_footer=True),
    Command("home.go_on", "record", "Record more", "Record the interview under the cursor, or go"
    " on "
            "recording it.", "record_on", CommandPlace.HOME),
    Command("home.open", "open", "Open", "Open the interview under the cursor.", "open",
            CommandPlace.HOME, in_footer=True),
    Command("home.transcribe", "transcribe", "Transcribe", _TRANSCRIBE, "work('transcribe')",
            CommandPlace.HOME, in_footer=True),
    Command("home.language", "language", "Language", "Say which language is spoken in this "
            "interview, or in the whole study.", "language", CommandPlace.HOME),
    Command("home.names", "names", "Names", _NAMES, "names", CommandPlace.HOME),
    Command("home.anonymise", "anonymise", "Anonymise", _ANONYMISE, "work('anonymise')",
            CommandPlace.HOME, in_footer=True),
    Command("home.check", "check", "Check", _CHECK, "check", CommandPlace.HOME, in_footer=True),
    Command("home.consent", "consent", "Consent", _CONSENT, "consent", CommandPlace.HOME,
            in_footer=True),
    Command("home.export", "export", "Export", _EXPORT, "work('export')", CommandPlace.HOME,
            in_footer=True, aliases=("Hand over",)),
    Command("home.withdraw", "remove", "Withdraw",
            "Withdraw a participant's data, or confirm it; what goes and what stays "
            "is shown first.", "withdraw", CommandPlace.HOME, aliases=("Delete data",)),
    Command("home.stop", "stop", "Stop", _STOP, "stop", CommandPlace.HOME, in_footer=True),
    Command("home.filter", "find", "Filter", "Show only interviews whose label or state "
            "contains what you type.", "filter", CommandPlace.HOME, in_footer=True),
    Command("home.refresh", "refresh", "Refresh", _REFRESH, "refresh", CommandPlace.HOME),
    Command("home.unfilter", "back", "Show all", "Show all interviews again.", "unfilter",
            CommandPlace.HOME),
    Command("home.quit", "quit", "Quit", "Close the study and leave Earshot.", "quit",
            CommandPlace.HOME, in_footer=True),
    Command("home.people", "who", "People", "See who may open the study; add and remove people, "
            "change a passphrase, let somebody else take over.", "people", CommandPlace.HOME,
            in_footer=True),
    Command("home.travel", "travel", "Send and receive", "Send or lend interviews to another "
            "study, and receive or take back what comes from one; the keys of studies.", "travel",
            CommandPlace.HOME, aliases=("Lend", "Take back a loan", *_STUDY_KEYS)),
    *_moves(CommandPlace.HOME),

    Command("interview.edit", "open", "Edit", "Correct the words of this turn, in its place.",
            "enter", CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.play", "play", "Play", "Play the sound, or pause it.", "play",
            CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.back_2", "back_2", "2 s back", "Skip back 2 seconds.",
            "seek(-2)", CommandPlace.INTERVIEW),
    Command("interview.on_2", "on_2", "2 s on", "Skip forward 2 seconds.",
            "seek(2)", CommandPlace.INTERVIEW),
    Command("interview.back_5", "back_5", "5 s back", "Skip back 5 seconds.",
            "seek(-5)", CommandPlace.INTERVIEW),
    Command("interview.on_5", "on_5", "5 s on",
            "Skip forward 5 seconds.", "seek(5)", CommandPlace.INTERVIEW),
    Command("interview.slower", "slower", "Slower", "Play slower, at the same pitch.", "speed(-1)",
            CommandPlace.INTERVIEW),
    Command("interview.faster", "faster", "Faster", "Play faster, at the same pitch.",
            "speed(1)", CommandPlace.INTERVIEW),
    Command("interview.play_turn", "play_this", "Play turn", "Play this turn from its beginning.",
            "play_turn(False)", CommandPlace.INTERVIEW),
    Command("interview.loop_turn", "loop_this", "Loop turn", "Play this turn over and over.",
            "play_turn(True)", CommandPlace.INTERVIEW),
    Command("interview.follow", "follow", "Follow or not", "Let the cursor follow the sound, or "
            "not.", "follow", CommandPlace.INTERVIEW),

    Command("interview.next", "next_mention", "Next", "Go to the next mention.", "step(1)",
            CommandPlace.INTERVIEW),
    Command("interview.previous", "previous_mention", "Previous", "Go to the mention before.",
            "step(-1)", CommandPlace.INTERVIEW),
    Command("interview.next_undecided", "next_waiting", "Undecided",
            "Go to the next mention that waits for you, or turn that the officer objected to.",
            "step_undecided(1)", CommandPlace.INTERVIEW, in_footer=True,
            aliases=("Next objection",)),
    Command("interview.previous_undecided", "previous_waiting", "Previous undecided",
            "Go to the mention before that waits for you.", "step_undecided(-1)",
            CommandPlace.INTERVIEW),
    Command("interview.accept", "accept", "Accept", "Replace this mention as proposed.",
            "decide('accepted', False)", CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.accept_alike", "accept_all", "All alike", "Replace this mention and all "
            "undecided ones with the same replacement.", "decide('accepted', True)",
            CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.reject", "reject", "Reject", "Leave this mention as it was said.",
            "decide('rejected', False)", CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.reject_alike", "reject_all", "Reject all alike", "Leave this mention and "
            "all undecided ones with the same replacement.", "decide('rejected', True)",
            CommandPlace.INTERVIEW),
    Command("interview.sure_of", "sure_of_kind", "All sure ones",
            "Replace all undecided sure finds "
            "of this mention's kind; questions still wait.", "sure_of", CommandPlace.INTERVIEW),
    Command("interview.none_of", "none_of_kind", "None of these",
            "Leave in all unsure mentions of this kind that are undecided; sure "
            "ones still wait.", "none_of", CommandPlace.INTERVIEW),
    Command("interview.change", "change", "Change", "Type your own replacement.",
            "change", CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.same", "same", "Same for others", "Do to all others like it what was done "
            "last: a decision, a mention that was added, a word that was corrected.", "same",
            CommandPlace.INTERVIEW),
    Command("interview.undo", "undo", "Undo", "Take back the decision about this mention, or else "
            "the last one made.", "undo", CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.left", "left", "Word before", "Choose the word before.", "word(-1)",
            CommandPlace.INTERVIEW, in_palette=False),
    Command("interview.right", "right", "Word after", "Choose the word after.", "word(1)",
            CommandPlace.INTERVIEW, in_palette=False),
    Command("interview.next_phrase", "next_phrase", "Words on", "Choose the word where the next "
            "sentence begins, or that follows a pause.", "phrase(1)", CommandPlace.INTERVIEW,
            in_palette=False),
    Command("interview.previous_phrase", "previous_phrase", "Words back", "Choose the word where "
            "the sentence before begins, or that follows a pause.", "phrase(-1)",
            CommandPlace.INTERVIEW, in_palette=False),
    Command("interview.select", "select", "Select words", "Choose several words: begin at the "
            "chosen one, and go on with the arrows; the same key again ends.", "select",
            CommandPlace.INTERVIEW),
    Command("interview.mention", "mark", "Mention", "Mark the chosen words to be replaced, too.",
            "mention", CommandPlace.INTERVIEW, in_footer=True, aliases=("Add a missed name",)),

    Command("interview.link", "ditto", "Same one", "Say that this mention is the same person or "
            "thing as another: both get one replacement.", "link", CommandPlace.INTERVIEW),
    Command("interview.split", "split", "Break turn", "Begin a new turn at the chosen word.",
            "split", CommandPlace.INTERVIEW, aliases=("Split turn",)),
    Command("interview.join", "join", "Join", "Make one turn of this and the next.", "join",
            CommandPlace.INTERVIEW, aliases=("Merge turns",)),
    Command("interview.remove", "remove", "Remove turn", "Remove a turn that nobody "
            "said, after asking.", "remove", CommandPlace.INTERVIEW, aliases=("Delete turn",)),
    *_turn_speakers(),
    Command("interview.speaker", "source", "Speaker", "Say who speaks: this turn, from here on, "
            "or all turns of this speaker.", "speaker_menu", CommandPlace.INTERVIEW),
    Command("interview.whole_voice", "whole_voice", "Whole voice", "Say who speaks all turns of "
            "this speaker.", "whole_voice", CommandPlace.INTERVIEW),
    Command("interview.give_rest", "split_and_give", "Break and give", "Begin a new turn at the "
            "chosen word, and give it to the other speaker.", "give_rest", CommandPlace.INTERVIEW),
    Command("interview.next_unsure", "next_unsure", "Unsure speaker",
            "Go to the next turn where it is unsure who speaks.", "step_unsure(1)",
            CommandPlace.INTERVIEW),
    Command("interview.names", "names", "Names", _NAMES, "names", CommandPlace.INTERVIEW),
    Command("interview.voices", "voices", "Voices", "Listen to each voice, and say whose it is.",
            "voices", CommandPlace.INTERVIEW),
    Command("interview.undo_edit", "undo_edit", "Undo edit",
            "Undo the last correction, however long ago it was.", "undo_edit",
            CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.redo_edit", "redo_edit", "Redo edit", "Redo the correction undone last.",
            "redo_edit", CommandPlace.INTERVIEW),
    Command("interview.headings", "topics", "Headings", "Correct the heading of a topic.",
            "headings", CommandPlace.INTERVIEW),
    Command("interview.next_doubt", "next_doubt", "Doubt",
            "Go to the next doubt (≈): a word that the model was not sure of, or a "
            "turn to check for another reason.", "step_doubt(1)",
            CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.previous_doubt", "previous_doubt", "Doubt before", "Go to the doubt before.",
            "step_doubt(-1)", CommandPlace.INTERVIEW),
    Command("interview.settle", "yes", "Right as it is",
            "Mark this turn as right: you have listened to it. Goes on to the next "
            "doubt.", "settle", CommandPlace.INTERVIEW),
    Command("interview.hear_again", "hear_again", "Hear again", "Hear this turn, some minutes or "
            "the whole interview again with a model of your choice, and compare.", "hear_again",
            CommandPlace.INTERVIEW),
    Command("interview.returned", "came_back", "Came back", "Go through what a participant sent "
            "back, part by part, before anything of it is entered.", "returned",
            CommandPlace.INTERVIEW),
    Command("interview.next_voice", "next_voice", "Next voice", "Go to the next turn that somebody "
            "else speaks.", "step_voice(1)", CommandPlace.INTERVIEW),
    Command("interview.previous_voice", "previous_voice", "Voice before", "Go to the turn before "
            "that somebody else speaks.", "step_voice(-1)", CommandPlace.INTERVIEW),
    Command("interview.next_pause", "next_pause", "Next pause", "Go to the next long pause.",
            "step_pause(1)", CommandPlace.INTERVIEW),
    Command("interview.previous_pause", "previous_pause", "Pause before",
            "Go to the long pause before.", "step_pause(-1)", CommandPlace.INTERVIEW),
    Command("interview.find", "find", "Find", "Look for words in this interview.", "find",
            CommandPlace.INTERVIEW, in_footer=True),
    Command("interview.next_find", "next_find", "Next find", "Go to the next match.",
            "step_find(1)", CommandPlace.INTERVIEW),
    Command("interview.previous_find", "previous_find", "Find before", "Go to the match before.",
            "step_find(-1)", CommandPlace.INTERVIEW),
    Command("interview.replace", "replace", "Find and replace", "Replace words here or through the "
            "study, after showing each place.", "replace", CommandPlace.INTERVIEW),
    Command("interview.list", "index", "List", "Go through the mentions by category; Enter goes "
            "there.", "list", CommandPlace.INTERVIEW),
    Command("interview.timeline", "timeline", "Timeline", "Go along the whole interview with the "
            "arrows; Enter stays there.", "timeline", CommandPlace.INTERVIEW),
    Command("interview.ready", "hand_on", "Ready", "Hand the interview to the data officer, once "
            "everything is decided.", "ready", CommandPlace.INTERVIEW, in_footer=True,
            aliases=("Send to the data officer",)),
    Command("interview.check", "check", "Check", _CHECK, "check", CommandPlace.INTERVIEW),
    Command("interview.transcribe", "transcribe", "Transcribe", _TRANSCRIBE, "work('transcribe')",
            CommandPlace.INTERVIEW),
    Command("interview.anonymise", "anonymise", "Anonymise", _ANONYMISE, "work('anonymise')",
            CommandPlace.INTERVIEW),
    Command("interview.export", "export", "Export", _EXPORT, "work('export')",
            CommandPlace.INTERVIEW, aliases=("Hand over",)),
    Command("interview.stop", "stop", "Stop", _STOP, "stop", CommandPlace.INTERVIEW),
    Command("interview.refresh", "refresh", "Refresh", _REFRESH, "refresh", CommandPlace.INTERVIEW),
    Command("interview.back", "back", "Back", "Go back to the list; all you did is kept.",
            "back", CommandPlace.INTERVIEW, in_footer=True),
    *_moves(CommandPlace.INTERVIEW),

    Command("check.read", "open", "Read", "Go along the turns with the arrows, to object to one; "
            "Esc comes back to the list.", "read", CommandPlace.CHECK, in_footer=True),
    # The line at the top names the keys of the lists.
    Command("check.log", "number_1", "Log", "Show the anonymisation log.", "show('log')",
            CommandPlace.CHECK),
    Command("check.risk", "number_2", "Risk", "Show what may still identify somebody, and where.",
            "show('risk')", CommandPlace.CHECK),
    Command("check.trail", "number_3", "Trail", "Show the audit trail: what was done, by whom, "
            "when.", "show('trail')", CommandPlace.CHECK),
    Command("check.outsider", "number_4", "Outsider", "Show what an outsider could still use to "
            "recognise who takes part, and where.", "show('outsider')", CommandPlace.CHECK),
    Command("check.changes", "number_5", "Changes", "Show what changed between two versions of "
            "the log.", "changes", CommandPlace.CHECK),
    Command("check.right", "yes", "Right", "Mark this line as right, and go on.",
            "right", CommandPlace.CHECK, in_footer=True),
    Command("check.object", "reject", "Object", "Say what is wrong with this line, or with the "
            "turn that you are reading.", "object", CommandPlace.CHECK, in_footer=True),
    Command("check.take_back", "undo", "Take back", "Take back your verdict on this line or turn, "
            "or without one what you let through the gate last.",
            "take_back", CommandPlace.CHECK),
    Command("check.original", "original", "Original", "Show what was said, if your passphrase "
            "opens it; the audit trail notes it.", "original", CommandPlace.CHECK, in_footer=True),
    Command("check.review", "into_review", "To review",
            "Open this place in the review, if you may read what was said.", "review",
            CommandPlace.CHECK),
    Command("check.filter", "find", "Filter", "Show only one kind of detail, one decision, one "
            "person's, those made in bulk or of turns that nobody looked at; or every line again.",
            "filter", CommandPlace.CHECK, in_footer=True),
    Command("check.sample", "sample", "Sample", "Show a sample of the lines, the same every time.",
            "sample", CommandPlace.CHECK, in_footer=True),
    Command("check.whole", "everywhere", "Whole study", "Show the trail of the whole study, or of "
            "this interview.", "whole_study", CommandPlace.CHECK, in_footer=True),
    Command("check.previous_place", "left", "Place before",
            "Go to the previous place of this line.",
            "step_place(-1)", CommandPlace.CHECK, in_palette=False),
    Command("check.next_place", "right", "Next place", "Go to the next place of this line.",
            "step_place(1)", CommandPlace.CHECK, in_footer=True, in_palette=False),
    Command("check.verify", "check", "Verify", "Check every byte of the study against the trail.",
            "verify", CommandPlace.CHECK, in_footer=True),
    Command("check.sign", "hand_on", "Sign off", "Sign the clean transcript off, as you read it.",
            "sign", CommandPlace.CHECK, in_footer=True),
    Command("check.send_back", "reject_all", "Send back", "Send it back with your objections and "
            "reasons.", "send_back", CommandPlace.CHECK, in_footer=True),
    Command("check.export", "export", "Export", _EXPORT, "work('export')", CommandPlace.CHECK),
    Command("check.stop", "stop", "Stop", _STOP, "stop", CommandPlace.CHECK),
    Command("check.refresh", "refresh", "Refresh", _REFRESH, "refresh", CommandPlace.CHECK),
    Command("check.back", "back", "Back", "Go back; what you found is kept.", "back",
            CommandPlace.CHECK, in_footer=True),
    *_moves(CommandPlace.CHECK),

    Command("replacing.tick", "reject", "Tick", "Tick or untick this place.",
            "tick", CommandPlace.REPLACING, in_palette=False, in_footer=True),
    Command("replacing.replace", "open", "Replace", "Replace every place that is ticked.",
            "replace", CommandPlace.REPLACING, in_palette=False, in_footer=True),
    Command("replacing.everywhere", "everywhere", "Whole study", "Look through the whole study, "
            "or only through this interview.", "everywhere", CommandPlace.REPLACING,
            in_palette=False, in_footer=True),
    Command("replacing.fields", "find", "Fields", "Go back to the search words.", "fields",
            CommandPlace.REPLACING, in_palette=False, in_footer=True),
    Command("replacing.leave", "back", "Leave", "Close without replacing anything.", "leave",
            CommandPlace.REPLACING, in_palette=False, in_footer=True),
    *_moves(CommandPlace.REPLACING),

    Command("hearing.take", "accept", "Take over", "Use the new words for this turn.", "take",
            CommandPlace.HEARING, in_palette=False, in_footer=True),
    Command("hearing.keep", "reject", "Keep", "Keep the old words of this turn.", "keep",
            CommandPlace.HEARING, in_palette=False, in_footer=True),
    Command("hearing.all", "accept_all", "Take all",
            "Use the new words for every turn that is left.", "all", CommandPlace.HEARING,
            in_palette=False, in_footer=True),
    Command("hearing.play_turn", "play_this", "Play turn", "Play the turn.", "play_turn",
            CommandPlace.HEARING, in_palette=False, in_footer=True),
    Command("hearing.leave", "back", "Leave", "Go back; changes made so far are kept.", "leave",
            CommandPlace.HEARING, in_palette=False, in_footer=True),
    *_moves(CommandPlace.HEARING),

    Command("returned.take", "accept", "As read", "Take this part as it was read.", "take",
            CommandPlace.RETURNED, in_palette=False, in_footer=True),
    Command("returned.say", "change", "Say", "Say which line it is about, and what it should say.",
            "say", CommandPlace.RETURNED, in_palette=False, in_footer=True),
    Command("returned.nothing", "reject", "Nothing", "Enter nothing for this part.", "nothing",
            CommandPlace.RETURNED, in_palette=False, in_footer=True),
    Command("returned.enter", "keep", "Enter all", "Enter all of it, once every part has a ruling.",
            "enter", CommandPlace.RETURNED, in_palette=False, in_footer=True),
    Command("returned.leave", "back", "Leave", "Go back; the list and its rulings are kept.",
            "leave", CommandPlace.RETURNED, in_palette=False, in_footer=True),
    *_moves(CommandPlace.RETURNED),

    Command("voices.play", "play", "Play", "Play a turn of the voice; again plays the next one.",
            "play_voice", CommandPlace.VOICES, in_palette=False, in_footer=True),
    *_voice_owners(),
    Command("voices.unname", "reject", "Nobody",
            "Say that the voice belongs to nobody on the list.",
            "unname", CommandPlace.VOICES, in_palette=False, in_footer=True),
    Command("voices.take", "open", "Keep", "Keep the names, the guessed ones (?) as well.", "take",
            CommandPlace.VOICES, in_palette=False, in_footer=True),
    Command("voices.again", "hear_again", "Tell apart again", "Tell the voices apart again; turns "
            "that you gave to somebody stay.", "tell_again", CommandPlace.VOICES,
            in_palette=False, in_footer=True),
    Command("voices.leave", "back", "Leave", "Leave all names as they were.", "leave",
            CommandPlace.VOICES, in_palette=False, in_footer=True),
    *_moves(CommandPlace.VOICES),

    *_scopes(),
    Command("withdraw.ask", "open", "Withdraw", "Do what is shown, after typing the code.", "ask",
            CommandPlace.WITHDRAW, in_palette=False),
    Command("withdraw.confirm", "yes", "Confirm", "Destroy what somebody else has asked for.",
            "confirm", CommandPlace.WITHDRAW, in_palette=False),
    Command("withdraw.refuse", "no", "Take back", "Take a request back, or refuse it.", "refuse",
            CommandPlace.WITHDRAW, in_palette=False),
    Command("withdraw.settle", "mark", "Dealt with", "Tick off what has been dealt with.",
            "settle", CommandPlace.WITHDRAW, in_palette=False),
    Command("withdraw.papers", "print", "Papers", "Write the certificate, and a notice for each "
            "receiver, as pages to print.", "papers", CommandPlace.WITHDRAW, in_palette=False),
    Command("withdraw.scroll_down", "scroll_down", "Further down", "Scroll what is shown.",
            "scroll(1)", CommandPlace.WITHDRAW, in_palette=False),
    Command("withdraw.scroll_up", "scroll_up", "Further up", "Scroll what is shown back.",
            "scroll(-1)", CommandPlace.WITHDRAW, in_palette=False),
    Command("withdraw.leave", "back", "Leave", "Go back to the list.", "leave",
            CommandPlace.WITHDRAW, in_palette=False),
    *_moves(CommandPlace.WITHDRAW),

    Command("typing.done", "back+open", "Done", "Leave the turn; every word typed is kept.",
            "screen.finish(0)", CommandPlace.TYPING, in_footer=True, in_palette=False),
    Command("typing.play", "play", "Play or pause", "Play the sound, or pause it.",
            "screen.play", CommandPlace.TYPING, in_footer=True, in_palette=False),
    Command("typing.back_2", "back_2", "2 s back", "Skip back 2 seconds.",
            "screen.seek(-2)", CommandPlace.TYPING, in_footer=True, in_palette=False),
    Command("typing.on_2", "on_2", "2 s on", "Skip forward 2 seconds.",
            "screen.seek(2)", CommandPlace.TYPING, in_footer=True, in_palette=False),
    Command("typing.back_5", "back_5", "5 s back", "Skip back 5 seconds.",
            "screen.seek(-5)", CommandPlace.TYPING, in_palette=False),
    Command("typing.on_5", "on_5", "5 s on", "Skip forward 5 seconds.",
            "screen.seek(5)", CommandPlace.TYPING, in_palette=False),
    Command("typing.play_turn", "play_this", "Play turn", "Play this turn from its beginning.",
            "screen.play_turn(False)", CommandPlace.TYPING, in_footer=True, in_palette=False),
    Command("typing.loop_turn", "loop_this", "Loop turn", "Play this turn over and over.",
            "screen.play_turn(True)", CommandPlace.TYPING, in_footer=True, in_palette=False),
    Command("typing.split", "split", "Break turn", "Begin a new turn at the cursor.",
            "screen.split", CommandPlace.TYPING, in_footer=True, in_palette=False),

    Command("prepare.act", "open", "Choose", "Change what is under the cursor.", "act",
            CommandPlace.PREPARE, in_footer=True),
    Command("prepare.microphone", "source", "Microphone", "Choose another microphone.",
            "microphone", CommandPlace.PREPARE, in_footer=True),
    Command("prepare.check", "check", "Sound check", "Listen for some seconds, and say whether the "
            "sound is good; the same key again stops.", "check", CommandPlace.PREPARE,
            in_footer=True),
    Command("prepare.hear", "play_this", "Play back", "Play back what the sound check heard; the "
            "same key again stops.", "hear", CommandPlace.PREPARE, in_footer=True),
    Command("prepare.guide", "topics", "Guide", "Read and change the topic guide of the study.",
            "guide", CommandPlace.PREPARE, in_footer=True),
    Command("prepare.consent", "consent", "Consent", _CONSENT, "consent", CommandPlace.PREPARE,
            in_footer=True),
    Command("prepare.start", "record", "Record", "Ask for agreement, and begin the recording.",
            "start", CommandPlace.PREPARE, in_footer=True),
    *_present(),
    Command("prepare.label", "change", "Label", "Change the label of the new interview.", "label",
            CommandPlace.PREPARE),
    Command("prepare.who", "who", "Participants", "Change who takes part, and in which role.",
            "participants", CommandPlace.PREPARE),
    Command("prepare.names", "names", "Names", "Enter names that may be said, sealed: they are "
            "looked for, and replaced.", "names", CommandPlace.PREPARE),
    Command("prepare.language", "language", "Language", "Say which language is spoken in this "
            "interview.", "language", CommandPlace.PREPARE),
    Command("prepare.stop", "stop", "Stop", _STOP, "stop", CommandPlace.PREPARE),
    Command("prepare.back", "back", "Back", "Go back to the list; nothing was recorded.",
            "back", CommandPlace.PREPARE, in_footer=True),
    *_moves(CommandPlace.PREPARE),

    Command("record.pause", "play", "Pause or go on",
            "Stop keeping sound until you go on; the microphone stays ready.", "pause",
            CommandPlace.RECORD, in_footer=True),
    Command("record.marker", "mark", "Marker", "Mark this moment.", "marker",
            CommandPlace.RECORD, in_footer=True),
    Command("record.note", "change", "Marker with note", "Mark this moment, and type a note.",
            "note", CommandPlace.RECORD, in_footer=True, short="Note"),
    Command("record.next", "next_waiting", "Next topic", "Start the next topic.", "next_topic",
            CommandPlace.RECORD, in_footer=True),
    Command("record.topics", "topics", "All topics", "Choose any topic of the guide by its number.",
            "topics", CommandPlace.RECORD, in_footer=True, short="Topics"),
    Command("record.off", "off_record", "Off the record",
            "Stop keeping sound until you go on; only the fact that you did is "
            "kept.", "off_record", CommandPlace.RECORD,
            in_footer=True),
    Command("record.affirmed", "yes", "Agreed again", "Mark that they were asked again, and agree.",
            "affirmed", CommandPlace.RECORD),
    Command("record.assent", "assent", "Assent", "Mark that somebody shows that they are willing "
            "(assent).", "assent", CommandPlace.RECORD),
    Command("record.dissent", "dissent", "Dissent", "Somebody does not want to go on: mark it, "
            "and end the recording at once.", "dissent", CommandPlace.RECORD, in_footer=True),
    Command("record.distress", "distress", "Pause for the participant",
            "Pause at once for the participant, mark it, and offer to end.", "distress",
            CommandPlace.RECORD, in_footer=True),
    *_speakers(),
    Command("record.stop", "stop", "Stop", "End the recording and seal it: it asks, S ends it.",
            "end", CommandPlace.RECORD, in_footer=True),
    Command("record.close", "back", "Close", "Go back to the list, once the recording has ended.",
            "close", CommandPlace.RECORD, in_footer=True),

    Command("people.switch", "open", "Take over", "Let the person under the cursor take over, "
            "with their own passphrase.", "switch", CommandPlace.PEOPLE, in_footer=True),
    Command("people.add", "new", "New", "Add somebody: a name, a role, and their own passphrase.",
            "add", CommandPlace.PEOPLE, in_footer=True),
    Command("people.passphrase", "change", "Passphrase", "Change your own passphrase.",
            "change_passphrase", CommandPlace.PEOPLE, in_footer=True),
    Command("people.remove", "remove", "Remove",
            "Remove somebody; what they may have copied is shown first.", "remove",
            CommandPlace.PEOPLE, in_footer=True),
    Command("people.check_code", "check", "Check code", "Check that the recovery code on paper "
            "still opens the study.", "check_code", CommandPlace.PEOPLE, in_footer=True),
    Command("people.renew_code", "renew_code", "New code",
            "Make a new recovery code, which is shown once; the old one stops "
            "working.", "renew_code", CommandPlace.PEOPLE, in_footer=True),
    Command("people.key", "who", "Fingerprint", "Show the fingerprint of the key with which the "
            "person under the cursor signs.", "show_key", CommandPlace.PEOPLE, in_footer=True),
    Command("people.stop", "stop", "Stop", _STOP, "stop", CommandPlace.PEOPLE),
    Command("people.back", "back", "Back", "Go back to the list of interviews.", "back",
            CommandPlace.PEOPLE, in_footer=True),
    *_moves(CommandPlace.PEOPLE),

    Command("travel.send", "open", "Send or lend", "Send, move or lend the marked interviews, or "
            "end their loan; what was lent to this study goes back to its lender.", "send",
            CommandPlace.TRAVEL, in_footer=True, aliases=("Move", "End a loan", "Send back")),
    Command("travel.take_in", "new", "Receive or take back", "Look at a file that came from "
            "another study, and take it in: interviews, a loan that comes back, a receipt.",
            "take_in", CommandPlace.TRAVEL, in_footer=True, short="Receive",
            aliases=("Take back a loan", "Settle a receipt")),
    Command("travel.mark", "mark", "Mark", "Mark the interview under the cursor, to send several "
            "in one file.", "mark", CommandPlace.TRAVEL, in_footer=True),
    Command("travel.keys", "check", "Keys of studies", "This study's key with its 12 words; trust "
            "another study's key.", "keys", CommandPlace.TRAVEL, in_footer=True, short="Keys",
            aliases=_STUDY_KEYS),
    Command("travel.stop", "stop", "Stop", "Stop what is being sent or taken in; nothing of it "
            "is kept.", "stop", CommandPlace.TRAVEL, in_footer=True),
    Command("travel.refresh", "refresh", "Refresh", _REFRESH, "refresh", CommandPlace.TRAVEL),
    Command("travel.back", "back", "Back", "Go back to the list of interviews.", "back",
            CommandPlace.TRAVEL, in_footer=True),
    *_moves(CommandPlace.TRAVEL),
    Command("willing.affirmed", "yes", "They agree", "They agree (they decide for themselves "
            "today).", "answer('AFFIRMED')", CommandPlace.WILLING, in_footer=True,
            in_palette=False),
    Command("willing.assent", "assent", "Assent", "They show that they are willing (assent).",
            "answer('ASSENT')", CommandPlace.WILLING, in_footer=True, in_palette=False),
    Command("willing.dissent", "dissent", "Dissent", "Somebody does not want to: nothing more is "
            "recorded.", "answer('DISSENT')", CommandPlace.WILLING, in_footer=True,
            in_palette=False),
    Command("willing.distress", "distress", "Needs a pause", "The participant needs a pause: "
            "nothing is recorded now.", "answer('DISTRESS')", CommandPlace.WILLING, in_footer=True,
            in_palette=False),
    Command("willing.later", "back", "Later", "Ask later; nothing changes.", "later",
            CommandPlace.WILLING, in_footer=True, in_palette=False),

    Command("dissent.close", "yes", "Close", "Go back to the list.", "close",
            CommandPlace.DISSENT, in_footer=True, in_palette=False),

    Command("consent.record", "open", "Record", "Record or change what this participant agreed "
            "to.", "record", CommandPlace.CONSENT, in_footer=True),
    Command("consent.new", "new", "New code", "Record the consent of somebody who is in no "
            "interview yet.", "new", CommandPlace.CONSENT, in_footer=True),
    Command("consent.lost", "lost_capacity", "Lost capacity", "Note that this participant has "
            "lost capacity, after showing what follows.", "lost", CommandPlace.CONSENT,
            in_footer=True),
    Command("consent.spoken", "record", "Spoken consent", "Record this participant saying what "
            "they agree to, apart from every interview.", "spoken", CommandPlace.CONSENT,
            in_footer=True),
    Command("consent.page", "print", "Page to print", "Write the questions in large print to a "
            "page.", "page", CommandPlace.CONSENT, in_footer=True),
    Command("consent.back", "back", "Back", "Go back.", "back", CommandPlace.CONSENT,
            in_footer=True),
    *_moves(CommandPlace.CONSENT),

    Command("consent_form.act", "open", "Change", "Change what is under the cursor.", "act",
            CommandPlace.CONSENT_FORM, in_footer=True),
    Command("consent_form.yes", "yes", "Yes", "They said yes to the question under the cursor.",
            "answer('YES')", CommandPlace.CONSENT_FORM, in_footer=True),
    Command("consent_form.no", "no", "No", "They said no to the question under the cursor.",
            "answer('NO')", CommandPlace.CONSENT_FORM, in_footer=True),
    Command("consent_form.not_asked", "reject", "Not asked", "The question under the cursor was "
            "not asked.", "answer('NOT_ASKED')", CommandPlace.CONSENT_FORM, in_footer=True),
    Command("consent_form.read", "questions", "Read aloud", "Show the questions one by one in "
            "large letters.", "read", CommandPlace.CONSENT_FORM, in_footer=True),
    Command("consent_form.keep", "keep", "Keep", "Keep it as this participant's newest consent.",
            "keep", CommandPlace.CONSENT_FORM, in_footer=True),
    Command("consent_form.back", "back", "Leave", "Close without saving.", "back",
            CommandPlace.CONSENT_FORM, in_footer=True),
    *_moves(CommandPlace.CONSENT_FORM),

    Command("consent_read.yes", "yes", "Yes", "They said yes.", "answer('YES')",
            CommandPlace.CONSENT_READ, in_footer=True, in_palette=False),
    Command("consent_read.no", "no", "No", "They said no.", "answer('NO')",
            CommandPlace.CONSENT_READ, in_footer=True, in_palette=False),
    Command("consent_read.not_asked", "reject", "Not asked", "Leave the question out.",
            "answer('NOT_ASKED')", CommandPlace.CONSENT_READ, in_footer=True, in_palette=False),
    Command("consent_read.before", "left", "Question before", "Go back to the question before.",
            "before", CommandPlace.CONSENT_READ, in_footer=True, in_palette=False),
    Command("consent_read.back", "back", "End",
            "Stop reading aloud; the answers so far are kept.", "back",
            CommandPlace.CONSENT_READ, in_footer=True, in_palette=False),

    Command("cover.uncover", "open", "Uncover", "Show the study again.", "uncover",
            CommandPlace.COVER, in_palette=False),

    Command("dialog.close", "back+open", "Close", "Close the message.", "close",
            CommandPlace.DIALOG, in_footer=True, in_palette=False),
)  # fmt: skip


def list_commands(place: CommandPlace) -> tuple[Command, ...]:
    """Return the commands of one place, in the order of the table."""
    return tuple(command for command in COMMANDS if command.screen is place)


def name_keys(command: Command, key: str = "") -> str:
    """Name the keys of a command as a keyboard shows them; ``key`` stands in for its own keys."""
    return " or ".join(name_key(each) for each in (key or command.key).split(","))


def name_meaning(meaning: KeyMeaning) -> str:
    """Name the keys of a meaning as a keyboard shows them; the row of digits is one."""
    if meaning.name == "number_1":
        return "1 to 9"
    return " or ".join(name_key(each) for each in meaning.keys.split(","))


def name_key(key: str) -> str:
    """Name a key, as Textual calls it, the way a keyboard shows it."""
    if key.startswith("ctrl+"):
        return f"Ctrl-{key.removeprefix('ctrl+').upper()}"
    if _PEDAL.fullmatch(key):
        return key.upper()
    return _KEY_NAMES.get(key, key)
