"""One interview under review: read, hear, correct, decide, hand over.

Every edit and every decision is in the study before the next key is read; there is no key that
saves. What each key does lies in ``tui/screens/review``, a small class for each kind of thing;
this puts them together, and passes on the events of the screen.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Input, TextArea

from app import (
    CommandPlace,
    InterviewReview,
    WordCorrection,
    explain_withheld,
    format_count,
    is_own_work_refused,
    is_signed,
    learn_word,
    list_commands,
)
from study import ArtefactKind, InterviewState, InterviewSummary, QueuedInterview, ReturnedList
from study.errors import EarshotError
from study.store import InterviewSound, Study, record_viewed_turns
from tui.key_bindings import build_bindings
from tui.key_names import with_keys
from tui.screens.command_screen import CommandScreen, split_action
from tui.screens.dialogs import QuestionDialog
from tui.screens.hearing_screen import HearingScreen
from tui.screens.names_prompt import enter_more_names
from tui.screens.replacement_screen import ReplacementScreen
from tui.screens.review.correction_controls import CorrectionControls
from tui.screens.review.cursor import Cursor
from tui.screens.review.cursor_place import CursorPlace, find_cursor_place
from tui.screens.review.decision_controls import DecisionControls
from tui.screens.review.hand_over_controls import HandOverControls
from tui.screens.review.hearing_controls import HearingControls
from tui.screens.review.navigation import Navigation
from tui.screens.review.playback_controls import LibraryLoaded, PlaybackControls
from tui.screens.review.returned_controls import ReturnedControls
from tui.screens.review.review_page import ReviewPage
from tui.screens.review.review_widgets import ReviewWidgets
from tui.screens.review.same_again import SameAgain
from tui.screens.review.search_controls import SearchControls
from tui.screens.review.speaker_controls import SpeakerControls
from tui.screens.review.turn_edits import CHANGED_JUST_NOW, TurnEdits
from tui.screens.review.typed_turn import TypedTurn
from tui.screens.review.voice_naming import VoiceNaming
from tui.widgets.key_line import KeyLine
from tui.widgets.mention_detail import ReplacementField
from tui.widgets.safe_text import SafeText
from tui.widgets.timeline import Timeline
from tui.widgets.transcript_view import TranscriptView
from tui.widgets.turn_editor import TurnEditor
from tui.widgets.work_line import WorkLine

if TYPE_CHECKING:
    from capture import SoundPlayer

_ABOUT_MENTIONS = {"step", "step_undecided", "decide", "change", "undo", "list", "link"}
_ABOUT_TURNS = {
    "enter", "play", "seek", "speed", "play_turn", "follow", "word", "select", "mention", "split",
    "join", "remove", "speaker", "speaker_menu", "whole_voice", "give_rest", "voices",
    "step_unsure", "undo_edit", "redo_edit", "headings",
    "step_doubt", "settle", "hear_again", "step_pause", "find", "step_find", "replace",
    "timeline", "ready", "phrase", "step_voice", "same",
}  # fmt: skip
_MAKES_WORDS = {"hear_again": "transcribe"}
_OWN_WORK = (
    "You sign interviews off, and nobody signs off what they decided themselves. If you decide"
    " anything here, somebody else has to sign this interview off.\n\nDecide all the same?"
)
_HANDED_ON = {
    InterviewState.READY: "It is with the data officer. What you decide here takes it back, and it"
    " has to be sent again.",
    InterviewState.SIGNED: "It is signed off. What you decide here has to be signed again.",
    InterviewState.HANDED: "It is signed off, and was handed over. What you decide here has to be"
    " signed again.",
}
_NO_TRANSCRIPT = "This interview has no transcript, so there is nothing to go to or to change."
_NOT_SEARCHED = "Identifying details were not looked for yet; {interview.anonymise} looks for them."
_NOTHING_FOUND = (
    "No identifying detail was found here; {interview.mention} adds the words that you choose."
)
_WRITES = (  # about what is under the cursor, as it stands there
    "enter", "decide", "none_of", "sure_of", "change", "undo", "link", "mention", "same", "split",
    "join", "remove", "speaker", "speaker_menu", "whole_voice", "give_rest", "settle", "undo_edit",
    "redo_edit", "headings",
)  # fmt: skip
_BY_ORDER = ("action_undo_edit", "action_redo_edit")
_EDITS = (
    "split", "join", "remove", "settle", "undo_edit", "redo_edit", "headings", "speaker",
    "speaker_menu", "whole_voice", "give_rest",
)  # fmt: skip
_EDIT = "Editing takes the sign-off back.\n\nEdit all the same?"
_WHILE_TYPING = {"play", "seek", "play_turn", "split", "finish"}
_KEYS_OF_TYPING = tuple(c.id for c in list_commands(CommandPlace.TYPING) if c.in_footer)
_KEYS_OF_NOTHING = tuple(
    f"interview.{name}" for name in ("transcribe", "anonymise", "stop", "back")
)
_KEYS_OF_MODE = ("interview.stop", "interview.back")
_KEYS_AT = {
    place: tuple(f"interview.{name}" for name in names.split())
    for place, names in {
        CursorPlace.NOTHING: "transcribe stop back",
        CursorPlace.WORD: "edit mention split give_rest speaker_1 select play_turn play stop back",
        CursorPlace.WAITING: "accept reject accept_alike reject_alike change next_undecided play"
        " edit stop back",
        CursorPlace.DECIDED: "undo next_undecided change next play edit ready stop back",
        CursorPlace.DOUBTFUL: "settle edit play_turn next_doubt speaker_1 hear_again stop back",
        CursorPlace.TURN: "edit play speaker_1 next_undecided next_doubt right find ready stop"
        " back",
    }.items()
}
_NEXT_IN = {  # what follows once it is with the officer, in place of sending it there
    InterviewState.READY: "interview.check",
    InterviewState.SIGN_AGAIN: "interview.check",
    InterviewState.SIGNED: "interview.export",
    InterviewState.HANDED: "interview.back",
}
_KEPT_LOOKS_S = 20.0  # how often it is written down which turns were looked at
_OTHERS_S = 2.0  # how often to look whether another program changed the study


class ReviewScreen(CommandScreen):
    """The review of one interview: the transcript, its sound, and its mentions."""

    place: ClassVar[CommandPlace] = CommandPlace.INTERVIEW
    BINDINGS: ClassVar[list[BindingType]] = build_bindings(CommandPlace.INTERVIEW)

    def __init__(self, study: Study, interview: str, turn: int = 0, mention: str = "") -> None:
        """Prepare; the cursor begins at a turn and a mention of it, where their keys are given."""
        super().__init__()
        self.widgets = widgets = ReviewWidgets()
        self._review = review = InterviewReview(study.interview(interview))
        self.cursor = cursor = Cursor(review, widgets.view)
        self.page = page = ReviewPage(review, cursor, widgets, self)
        if turn or mention:
            page.begin_at = (turn, mention)
        self._navigation = Navigation(review, cursor, page, widgets)
        self._search = SearchControls(review, cursor, page, self)
        self._same = same = SameAgain(page)
        self._decisions = DecisionControls(
            review, cursor, page, widgets, self, self.refresh_study, self._ask_before_deciding, same
        )
        self._edits = edits = TurnEdits(review, page, self, self.notice_other_programs)
        self.typed = TypedTurn(
            review, cursor, page, widgets, edits, self,
            offer_twins=self._offer_twins, show_others=self.notice_other_programs,
        )  # fmt: skip
        self._corrections = CorrectionControls(
            review, cursor, page, edits, self.typed, self, go_on=self._search.go_on_from
        )
        self._hand_over = HandOverControls(
            review,
            cursor,
            page,
            self,
            search=self._begin_search,
            show_undecided=lambda: self._decisions.action_step_undecided(1),
        )
        self.playback = PlaybackControls(
            review,
            cursor,
            page,
            widgets,
            self,
            make_player=self._make_player,
        )
        self._voices = VoiceNaming(
            review,
            page,
            edits,
            self,
            self._ask_before_editing,
            play=self.playback.play_stretch,
            hush=self.playback.hush,
            begin=self._begin_telling,
        )
        self._speakers = SpeakerControls(
            review, cursor, page, edits, self, open_voices=self._voices.open
        )
        self._hearing = HearingControls(
            review,
            cursor,
            page,
            self,
            begin=self._begin_hearing,
            open_comparison=self._compare_hearing,
        )
        self._returned = ReturnedControls(review, page, self, open_list=self._open_returned)
        self._pulse = 0  # of the study, when it was read last
        self._told_of = 0  # the ruling of which somebody said that a change may take it back

    def compose(self) -> ComposeResult:
        """Lay out the heading, the transcript beside what is known of it, and the keys."""
        widgets = self.widgets
        yield widgets.heading
        with Container(id="body"):
            with Container(id="page"):
                yield widgets.view
                yield widgets.editor
            yield widgets.empty
            with Vertical(id="side"):
                yield widgets.detail
                yield widgets.notices
                yield widgets.mentions
        yield SafeText("This window is too small: make it larger.", classes="too-small")
        with Horizontal(id="desk-line"):
            yield widgets.player
            yield widgets.progress
        yield widgets.timeline
        yield widgets.status
        yield WorkLine(id="work")
        yield KeyLine(id="keys", lines=2, choose=self._choose_keys)

    def on_mount(self) -> None:
        """Read the interview; the cursor begins at the first mention that waits."""
        super().on_mount()
        preferences = self.earshot.preferences
        self.widgets.view.has_blank_lines = preferences.has_blank_lines
        self.widgets.timeline.has_digits = preferences.timeline == "digits"
        self.refresh_study()
        self.widgets.view.focus()
        self.playback.show_state()
        self.set_interval(_KEPT_LOOKS_S, self._keep_looks)
        self.set_interval(_OTHERS_S, self.notice_other_programs)

    def on_resize(self) -> None:
        """Fill the list of mentions where there is room for it now, once it is laid out."""
        self.call_after_refresh(self.page.show_parts)

    def on_unmount(self) -> None:
        """Close the player and the sound."""
        self.playback.close()

    def find_chosen(self) -> InterviewSummary | None:
        """Return this interview."""
        return self._review.summary if self._review.is_read else None

    def refresh_study(self) -> None:
        """Read the interview again; continue a hand-over that waited for its search."""
        self._read()
        if self.earshot.work is None and self.is_current:
            self._hand_over.go_on()
            self._hearing.go_on()

    def _read(self) -> None:
        review, is_first = self._review, not self._review.is_read
        try:
            self._pulse = review.interview.study.count_foreign_changes()
            review.refresh()
        except EarshotError as error:
            shown = self.widgets.empty if is_first else self.widgets.status
            shown.say(self.problem(error))
            self.set_class(is_first, "-empty")
            return
        if is_first:  # until then there is nothing to do anything with
            self.take_actions(
                self._navigation, self._search, self._decisions, self.typed, self._corrections,
                self._same,
                self._speakers,
                self._hand_over, self._hearing, self._returned, self.playback,
            )  # fmt: skip
            for name in _WRITES:
                self._look_before(f"action_{name}")
            for name in _EDITS:
                self._ask_before_action(name)
        self.page.show_all()

    def _look_before(self, name: str) -> None:
        """Let an action act only upon what is shown: what another program changed is shown first.

        For some seconds after such a change the screen has what stood before. A key that is pressed
        then would act upon what nobody here has seen.
        """
        act: Callable[..., object] = getattr(self, name)

        @functools.wraps(act)  # Textual counts what an action takes
        def act_on_what_is_shown(*words: object) -> None:
            if self._is_as_shown(by_order=name in _BY_ORDER):
                act(*words)
            else:
                self.page.describe(CHANGED_JUST_NOW)

        setattr(self, name, act_on_what_is_shown)

    def _is_as_shown(self, *, by_order: bool) -> bool:
        """Whether what a key acts upon is still what it was when it was shown.

        by_order: it acts upon the newest edit, whichever turn that is of.
        """
        pen, cursor = self._review.corrections, self.cursor
        before = (cursor.turn, cursor.mention, pen.state.last_edit if pen else None)
        self.notice_other_programs()
        now = (cursor.turn, cursor.mention, pen.state.last_edit if pen else None)
        return before == now if by_order else before[:2] == now[:2]

    def show_other_work(self) -> None:
        """Say what runs on this interview in place of what to do next."""
        is_bare = not self._review.turns  # room for the model's name
        self.page.running = self.describe_work_here(self._review.interview.id, names_model=is_bare)
        self.page.describe(self.page.said)

    def refresh_after_return(self) -> None:
        """After a message, a question or the check, look only for what was changed meanwhile."""
        self.notice_other_programs()
        if self._review.is_read and not self.widgets.editor.is_typing:
            before = self._review.summary
            if self.try_change(self._review.refresh_summary) and self._review.summary != before:
                said = self.page.said  # by what was done over this screen
                self.refresh_study()
                self.page.describe(said)
                self._hand_over.forget_old()

    def notice_other_programs(self) -> None:
        """Reload after another program changed the study; a field takes over its own turn alone."""
        if self.widgets.editor.is_typing:
            self.try_change(self.typed.follow_others)
            return
        pulse = self._review.interview.study.count_foreign_changes()
        if pulse != self._pulse:
            self._pulse = pulse
            if self._review.is_read:
                self.refresh_study()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable only the keys that apply to the turn and the mention under the cursor."""
        name = action.partition("(")[0]
        if isinstance(self.focused, Input | TextArea) and name not in _WHILE_TYPING:
            return False
        return super().check_action(action, parameters)

    def follow_keys(self) -> None:
        """Show the keys that help where the cursor is now."""
        self.query_one(KeyLine).follow()

    def _choose_keys(self) -> tuple[str, ...]:
        """Return the commands that help at the cursor, the most wanted first."""
        if not self._review.is_read:
            return _KEYS_OF_NOTHING
        if self.cursor.typed_in is not None:
            return _KEYS_OF_TYPING
        if self.page.mode:
            return _KEYS_OF_MODE
        keys, review = _KEYS_AT[find_cursor_place(self._review, self.cursor)], self._review
        following = _NEXT_IN.get(review.summary.state, "") if review.summary else ""
        if following:
            keys = tuple(following if name == "interview.ready" else name for name in keys)
        if not review.tally()[None]:
            keys = tuple(name for name in keys if name != "interview.next_undecided")
        if "interview.next_doubt" in keys and not self._search.has_doubts():
            keys = tuple(name for name in keys if name != "interview.next_doubt")
        return keys

    def explain_refusal(self, action: str, parameters: tuple[object, ...]) -> str:
        """Say as well what cannot be done with this interview yet, or any more."""
        if refusal := super().explain_refusal(action, parameters):
            return refusal
        review, (name, *words) = self._review, split_action(action, parameters)
        wanted = _MAKES_WORDS.get(name, words[0] if name == "work" and words else "")
        if wanted and review.summary is not None:
            withheld = explain_withheld(review.summary, review.withdrawals, wanted)
            if withheld:
                return withheld
        if name in _ABOUT_TURNS | _ABOUT_MENTIONS and not review.turns:
            return _NO_TRANSCRIPT
        if name in _ABOUT_MENTIONS and not review.decided:
            return self._explain_no_mention()
        return ""

    def _explain_no_mention(self) -> str:
        review = self._review
        if review.mentions is not None or review.summary is None:
            return with_keys(_NOTHING_FOUND)
        return explain_withheld(review.summary, review.withdrawals, "anonymise") or with_keys(
            _NOT_SEARCHED
        )

    def action_names(self) -> None:
        """Ask for the names that may be said in this interview."""
        if self._review.is_read:
            enter_more_names(self, self._review.interview, self.refresh_study)

    def action_enter(self) -> None:
        """Open the turn for typing, or leave the list or timeline for the place it points to."""
        if self.page.mode:
            self._navigation.stay()
            return
        turn, words = self.cursor.turn, self.cursor.pointed_words()
        if turn is not None:
            self.cursor.forget_words()
            self._ask_before_editing(lambda: self.typed.open(turn.key, *(words or (0, 0))))

    def action_replace(self) -> None:
        """Find and replace, here or through the study."""
        self._open_replacing(None)

    def _offer_twins(self, correction: WordCorrection) -> str:
        """Offer to look for what was heard as wrongly, here and in the other interviews."""
        sentence = f"{{interview.same}} looks for “{correction.wrong}” and what sounds like"
        return self._same.offer_to_look(
            f"{sentence} “{correction.right}” everywhere.",
            lambda: self._open_replacing(correction),
        )

    def _open_replacing(self, correction: WordCorrection | None) -> None:
        def done(count: int | None) -> None:
            self.refresh_study()
            if count is None:
                return
            back = with_keys("{interview.undo_edit} takes it back, in each interview.")
            said = f"{count} replaced. {back}" if count else "Nothing was replaced."
            self.page.describe(f"{said} {self._learn(correction)}".rstrip())

        if self._review.corrections is not None:
            self.ask(
                ReplacementScreen(
                    self._review.interview, self.earshot.preferences.keys, correction
                ),
                done,
            )

    def _learn(self, correction: WordCorrection | None) -> str:
        """Add the right form to the study's words; say so, "" for nothing."""
        learned: list[str] = []
        if correction is not None:
            study, right = self._review.interview.study, correction.right
            self.try_change(lambda: learned.append(learn_word(study, right)))
        return "".join(learned)

    def _compare_hearing(self, version: int) -> None:
        """Show a second hearing beside what stands."""

        def done(count: int | None) -> None:
            self.refresh_study()
            if count:
                taken = format_count(count, "turn")
                more = "{interview.undo_edit} takes it back, {interview.anonymise} searches again."
                self.page.describe(f"{taken} changed. {with_keys(more)}")

        self.ask(
            HearingScreen(
                self._review.interview,
                version,
                self.earshot.preferences.keys,
                self.playback.play_stretch,
                self._ask_before_editing,
            ),
            done,
        )

    def _open_returned(self, there: ReturnedList) -> None:
        """Go through what a participant sent back."""
        from tui.screens.returned_screen import ReturnedScreen  # it leans on who reads Word files

        def done(count: int | None) -> None:
            self.refresh_study()
            if count is not None:
                taken = format_count(count, "turn")
                more = "{interview.anonymise} searches again." if count else ""
                self.page.describe(f"{taken} changed, as they wished. {with_keys(more)}")

        keys = self.earshot.preferences.keys
        self.ask(
            ReturnedScreen(self._review.interview, there, keys, self._ask_before_editing), done
        )

    def action_back(self) -> None:
        """Leave the list, the timeline or the chosen words; else go back to the interviews."""
        if self.cursor.typed_in is not None:  # a very small window took the focus from the field
            self.typed.action_finish(0)
            return
        if not self._navigation.leave():
            self.try_change(self.cursor.keep_looked_at)
            self.dismiss(None)

    def _ask_before_action(self, name: str) -> None:
        """Let one of the actions ask first, where it takes a sign-off back."""
        act: Callable[..., None] = getattr(self, f"action_{name}")

        def ask(*given: object) -> None:
            self._ask_before_editing(lambda: act(*given))

        setattr(self, f"action_{name}", ask)

    def _ask_before_editing(self, edit: Callable[[], None]) -> None:
        """Ask once before the first edit takes a sign-off back, then go on."""
        summary = self._review.summary
        is_older = self._review.interview.study.count_foreign_changes() != self._pulse
        if is_older or (summary is not None and is_signed(summary)):
            # Somebody may have signed it just now, or the edit before may have taken it back.
            self.try_change(self._review.refresh_summary)
            summary = self._review.summary
        if summary is None or self._is_told():
            edit()
            return

        def go_on() -> None:
            self._note_told()
            edit()

        self.ask_if_signed(summary, _EDIT, go_on)

    def _is_told(self) -> bool:
        """Whether somebody said since this was opened that the newest sign-off may go."""
        newest = self._review.interview.find_newest_version(ArtefactKind.SIGNED)
        return bool(newest) and self._told_of == newest

    def _note_told(self) -> None:
        self._told_of = self._review.interview.find_newest_version(ArtefactKind.SIGNED)

    def _ask_before_deciding(self, decide: Callable[[], None]) -> None:
        """Ask once before a decision takes back a hand-over or a signature, then go on."""
        review = self._review
        if review.summary is not None and review.summary.state in _HANDED_ON:
            self.try_change(review.refresh_summary)  # the decision before may have taken it back
        handed_on = _HANDED_ON.get(review.summary.state) if review.summary else None
        if handed_on is None or (self._is_told() and review.summary and is_signed(review.summary)):
            self._ask_about_own_work(decide)
            return

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if wanted:
                self._note_told()
                self._ask_about_own_work(decide)

        self.ask(QuestionDialog(f"{handed_on}\n\nDecide all the same?"), answered)

    def _ask_about_own_work(self, decide: Callable[[], None]) -> None:
        """Say once to who signs off that nobody signs what they decided, before they decide."""
        if self.earshot.knows_own_work or not is_own_work_refused(self._review.interview.study):
            decide()
            return

        def answered(wanted: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            if wanted:
                self.earshot.knows_own_work = True
                decide()

        self.ask(QuestionDialog(_OWN_WORK), answered)

    def _make_player(self, sound: InterviewSound) -> SoundPlayer:
        return self.earshot.audio_devices.make_player(sound)

    def _begin_search(self, summary: InterviewSummary) -> bool:
        self.earshot.begin_work("anonymise", summary)
        return self.earshot.work is not None

    def _begin_hearing(self, wanted: QueuedInterview, passage: tuple[float, float | None]) -> bool:
        return self.earshot.hear_again(wanted, passage)

    def _begin_telling(self, count: int | None, uses_keys: bool | None) -> bool:  # noqa: FBT001 - answers
        of = self._review.interview.id
        return self.earshot.tell_voices_apart(of, count, uses_keys=uses_keys)

    def _keep_looks(self) -> None:
        """Store the turns looked at, on a thread: no key waits for the disk."""
        review, turns = self._review, frozenset(self.cursor.looked_at)

        def keep() -> None:
            with contextlib.suppress(EarshotError):  # shown when the screen is left
                record_viewed_turns(review.interview, turns)

        if turns:
            self.run_beside(keep, "looks")

    @on(TextArea.Changed)
    def _changed(self) -> None:
        self.typed.changed()

    @on(TurnEditor.CursorLeft)
    def _beyond(self, message: TurnEditor.CursorLeft) -> None:
        self.typed.action_finish(message.by)

    @on(TranscriptView.LinesMoved)
    @on(TurnEditor.LinesChanged)
    def _moved(self) -> None:
        self.typed.lay_over()

    @on(TranscriptView.TurnClicked)
    def _pointed(self, message: TranscriptView.TurnClicked) -> None:
        self._navigation.go_to_turn(message.turn)

    @on(Timeline.TimeChosen)
    def _went(self, message: Timeline.TimeChosen) -> None:
        self._navigation.go_to_time(message.at_s)

    @on(Input.Submitted, "#replacement")
    def _replace(self, event: Input.Submitted) -> None:
        self._decisions.replace(event.value.strip())

    @on(ReplacementField.GivenUp)
    def _leave_field(self) -> None:
        self._decisions.leave_field()

    @on(LibraryLoaded)
    def _play(self) -> None:
        self.playback.open()
