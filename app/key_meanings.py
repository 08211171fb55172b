"""What each key means, once for the whole program: one key for one thing, everywhere.

A command of ``app.command_table`` names a meaning, and so gets its key. What hands know from
elsewhere is kept where it fits: hjkl, u, m, J, ``/`` and ``;`` from vim, y and n from every shell,
Ctrl-S and Ctrl-R from editors and browsers, F-keys for foot pedals from transcription programs.
A bracket goes where that bracket stands in a transcript: ``[Person 1]`` is a mention, ``(3.0)`` a
pause, and braces part paragraphs. A capital letter does more of what its small letter does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class KeyGroup(StrEnum):
    """What keys are about: the headings under which the help lists them."""

    GO = "moving around"
    HEAR = "hearing"
    DECIDE = "deciding"
    CORRECT = "correcting"
    SPEAK = "who speaks"
    STEPS = "steps"
    RECORD = "recording and consent"
    PROGRAM = "this program"


@dataclass(frozen=True, slots=True)
class KeyMeaning:
    """One meaning, and its key as Textual names it.

    also: other keys for it, with commas between: the letters of vim for the arrows, a second key
    for the same on small keyboards, and what foot pedals send. typing: the keys for it while a turn
    is typed, where letters are letters, "" for those that it always has.
    """

    name: str
    key: str
    says: str
    group: KeyGroup
    also: str = ""
    typing: str = ""

    @property
    def keys(self) -> str:
        """Its keys where no turn is typed, with commas between."""
        return ",".join(filter(None, (self.key, self.also)))

    @property
    def typing_keys(self) -> str:
        """Its keys while a turn is typed, with commas between."""
        return self.typing or self.keys


_GO, _HEAR, _DECIDE, _CORRECT = KeyGroup.GO, KeyGroup.HEAR, KeyGroup.DECIDE, KeyGroup.CORRECT
_SPEAK, _STEPS, _RECORD, _PROGRAM = (
    KeyGroup.SPEAK, KeyGroup.STEPS, KeyGroup.RECORD, KeyGroup.PROGRAM,
)  # fmt: skip
_M = KeyMeaning

KEY_MEANINGS: Final = (
    _M("open", "enter", "Open what is under the cursor, or do what it is there for.", _GO),
    _M("back", "escape", "Go back; what you did is kept.", _GO),
    _M("up", "up", "One line up.", _GO, also="k"),
    _M("down", "down", "One line down.", _GO, also="j"),
    _M("left", "left", "The one before: a word, a place, a question.", _GO, also="h"),
    _M("right", "right", "The one after: a word, a place.", _GO, also="l"),
    _M("next_phrase", "w", "Several words on: to the next sentence, or after a pause.", _GO),
    _M("previous_phrase", "W", "Several words back.", _GO),
    _M("page_up", "pageup", "One page up.", _GO),
    _M("page_down", "pagedown", "One page down.", _GO),
    _M("beginning", "home", "To the beginning.", _GO),
    _M("end", "end", "To the end.", _GO),
    _M("scroll_down", "ctrl+d", "Scroll down what is shown beside a list.", _GO),
    _M("scroll_up", "ctrl+u", "Scroll up what is shown beside a list.", _GO),
    _M("next_waiting", "g", "Go to the next that waits: a mention, a topic.", _GO),
    _M("previous_waiting", "G", "Go to the one before that waits.", _GO),
    _M("next_mention", "right_square_bracket", "Go to the next [mention].", _GO),
    _M("previous_mention", "left_square_bracket", "Go to the [mention] before.", _GO),
    _M("next_voice", "right_curly_bracket", "Go to where another speaks next.", _GO),
    _M("previous_voice", "left_curly_bracket", "Go to where another spoke before.", _GO),
    _M("next_pause", "right_parenthesis", "Go to the next long (pause).", _GO),
    _M("previous_pause", "left_parenthesis", "Go to the long (pause) before.", _GO),
    _M("next_doubt", "d", "Go to the next doubt, word by word.", _GO),
    _M("previous_doubt", "D", "Go to the doubt before.", _GO),
    _M("next_unsure", "U", "Go to the next turn of an unsure speaker.", _GO),
    _M("find", "slash", "Find, or show only what is looked for.", _GO),
    _M("next_find", "semicolon", "Go to the next place that was found.", _GO),
    _M("previous_find", "colon", "Go to the place before that was found.", _GO),
    _M("index", "I", "Go through everything found, by kind.", _GO),
    _M("timeline", "T", "Go along the whole interview.", _GO),
    _M("into_review", "i", "Open this place in the review.", _GO),
    _M("everywhere", "asterisk", "Everywhere in the study, or only here.", _GO),
    *(_M(f"number_{n}", str(n), "The one of this number: who speaks, who is here, which list.",
         _SPEAK) for n in range(1, 10)),

    _M("play", "space", "Play or pause: the sound, the recording.", _HEAR, also="f4,f14",
       typing="tab,f4,f14"),
    _M("back_2", "comma", "2 seconds back.", _HEAR, also="f3,f13", typing="f3,f13,ctrl+b"),
    _M("on_2", "full_stop", "2 seconds on.", _HEAR, also="f5,f15", typing="f5,f15"),
    _M("back_5", "less_than_sign", "5 seconds back.", _HEAR, also="f2", typing="f2"),
    _M("on_5", "greater_than_sign", "5 seconds on.", _HEAR, also="f6", typing="f6"),
    _M("slower", "minus", "Slower.", _HEAR),
    _M("faster", "plus", "Faster.", _HEAR),
    _M("play_this", "o", "Play this one from its beginning.", _HEAR, also="f7",
       typing="f7,ctrl+o"),
    _M("loop_this", "O", "Play this one over and over.", _HEAR, also="f8", typing="f8"),
    _M("follow", "f", "Follow the sound, or not.", _HEAR),
    _M("hear_again", "E", "Let a model hear it again.", _HEAR),
    _M("original", "quotation_mark", "Show what was said.", _HEAR),

    _M("accept", "a", "Take it as it is proposed.", _DECIDE),
    _M("accept_all", "A", "Take all alike as proposed.", _DECIDE),
    _M("reject", "x", "Not this one: it stays, it is wrong, it is nobody's.", _DECIDE),
    _M("reject_all", "X", "None of these: all alike stay, the whole goes back.", _DECIDE),
    _M("sure_of_kind", "vertical_line", "Take all sure finds of this kind as proposed.", _DECIDE),
    _M("none_of_kind", "F", "Leave all questions of this kind.", _DECIDE),
    _M("yes", "y", "Yes: they agree, it is right, do it.", _DECIDE),
    _M("no", "n", "No.", _DECIDE),
    _M("change", "c", "Change it to words of your own.", _DECIDE),
    _M("mark", "m", "Mark what is here: words, a moment, a thing dealt with.", _DECIDE),
    _M("same", "ampersand", "Do the same for all others like it.", _DECIDE),
    _M("ditto", "apostrophe", "This is the same one as another.", _DECIDE),
    _M("undo", "u", "Take back what you decided.", _DECIDE),
    _M("sample", "percent_sign", "Draw a sample.", _DECIDE),

    _M("split", "b", "Break the turn here.", _CORRECT, typing="ctrl+n"),
    _M("split_and_give", "B", "Break the turn here, and give the rest to another.", _CORRECT),
    _M("join", "J", "Join with the next.", _CORRECT),
    _M("remove", "delete", "Take it away, after asking.", _CORRECT, also="backspace"),
    _M("select", "v", "Choose several words.", _CORRECT),
    _M("undo_edit", "z", "Take the last correction back.", _CORRECT),
    _M("redo_edit", "Z", "Do it again.", _CORRECT),
    _M("replace", "R", "Find and replace.", _CORRECT),
    _M("topics", "number_sign", "The topics: the guide, the headings.", _CORRECT),

    _M("source", "S", "Say where the sound comes from: who speaks, which microphone.", _SPEAK),
    _M("whole_voice", "equals_sign", "Say who speaks all turns of this speaker.", _SPEAK),
    _M("voices", "V", "Hear the voices, and say whose they are.", _SPEAK),
    _M("who", "at", "The people: of the study, of a recording.", _SPEAK),
    _M("names", "f9", "The names that may be said.", _SPEAK),
    _M("language", "L", "Say which language is spoken.", _SPEAK),

    _M("new", "N", "A new one: an interview, a person, a code.", _STEPS),
    _M("record", "r", "Record.", _STEPS),
    _M("transcribe", "t", "Turn the recording into text.", _STEPS),
    _M("anonymise", "M", "Look for identifying details.", _STEPS),
    _M("check", "K", "Check whether it is right: an interview, the sound, a code.", _STEPS),
    _M("hand_on", "H", "Hand it on as done: to the officer, or signed off.", _STEPS),
    _M("came_back", "backslash", "What a participant sent back.", _STEPS),
    _M("travel", "circumflex_accent", "Send interviews to another study, or receive some.",
       _STEPS),
    _M("export", "e", "Hand over what is signed off.", _STEPS),
    _M("stop", "s", "Stop what is running: the work, the recording.", _STEPS),
    _M("print", "p", "Write it to pages to print.", _STEPS),

    _M("assent", "Y", "Somebody shows that they are willing (assent).", _RECORD),
    _M("dissent", "exclamation_mark", "Somebody does not want to go on.", _RECORD),
    _M("distress", "P", "Pause for the participant.", _RECORD),
    _M("off_record", "underscore", "Keep nothing of what is said.", _RECORD),
    _M("consent", "C", "What each participant agreed to.", _RECORD),
    _M("questions", "Q", "The questions, in large letters.", _RECORD),
    _M("lost_capacity", "0", "Somebody can no longer decide.", _RECORD),
    _M("keep", "ctrl+s", "Keep what was entered.", _RECORD),

    _M("help", "question_mark", "Help.", _PROGRAM),
    _M("palette", "ctrl+p", "Find a command by its name.", _PROGRAM),
    _M("cover", "ctrl+l", "Hide the study, at once.", _PROGRAM),
    _M("colours", "ctrl+t", "Dark, light, or the terminal's own colours.", _PROGRAM),
    _M("refresh", "ctrl+r", "Read the study again.", _PROGRAM),
    _M("renew_code", "dollar_sign", "A new recovery code.", _PROGRAM),
    _M("quit", "q", "Leave the program.", _PROGRAM),
    _M("leave", "ctrl+q", "Leave the program, wherever you are.", _PROGRAM),
)  # fmt: skip

_BY_NAME: Final = {meaning.name: meaning for meaning in KEY_MEANINGS}


def find_key_meaning(name: str) -> KeyMeaning:
    """Return the meaning of a name.

    Raises:
        KeyError: nothing is called so.
    """
    return _BY_NAME[name]


def is_further_number(name: str) -> bool:
    """Whether a meaning is that of a digit from 2 on: the row of digits is told once, at 1."""
    return name.startswith("number_") and name != "number_1"
