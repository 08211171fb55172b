"""Before the first word: who is here, which microphone, which guide, and whether all agree.

What is not touched stays as it was last time: an interviewer in somebody's living room presses
two keys. What is done with the microphone before that lies in ``sound_trial``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from app import (
    AskedPerson,
    AudioDevices,
    CommandPlace,
    OngoingRecording,
    RecordingPlan,
    Willing,
    doubt_codes,
    doubt_label,
    enter_recording_plan,
    format_participants,
    list_asked,
    list_speaker_codes,
    list_withdrawn,
    note_spoken_consent,
    parse_participants,
    suggest_label,
    suggest_participants,
    suggest_spoken_label,
)
from study import (
    ArtefactKind,
    GatedAction,
    InterviewDetails,
    InterviewSummary,
    MarkKind,
    Participant,
    RecordingSetup,
    is_code,
    list_others,
    parse_language,
)
from study.errors import BadName, EarshotError, HasWithdrawn, NotWilling, WillingnessFlaw
from study.store import (
    list_consents,
    note_unwilling,
    read_consent,
    read_settings,
    read_study_policy,
    read_topic_guide,
    require_consent,
)
from tui.key_bindings import build_bindings
from tui.screens.command_screen import CommandScreen
from tui.screens.guide_editor import GuideEditor
from tui.screens.language_prompt import make_language_prompt
from tui.screens.names_prompt import ask_names
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.screens.sound_trial import LevelMeasured, MicrophonesFound, SoundCheckEnded, SoundTrial
from tui.screens.willingness_screen import WILLING, ask_everybody
from tui.widgets.key_line import KeyLine
from tui.widgets.level_bars import LevelBars
from tui.widgets.recording_form import (
    LABEL_HINT,
    PARTICIPANTS_HINT,
    FormRow,
    RecordingForm,
)
from tui.widgets.row_list import RowList
from tui.widgets.safe_text import SafeText
from tui.widgets.work_line import WorkLine


class PreparationScreen(CommandScreen):
    """The settings of a recording about to begin, in ten rows."""

    place: ClassVar[CommandPlace] = CommandPlace.PREPARE
    BINDINGS: ClassVar[list[BindingType]] = build_bindings(CommandPlace.PREPARE)

    @dataclass
    class RecordingBegan(Message):
        """The recording runs."""

        recording: OngoingRecording

    @dataclass
    class RecordingFailed(Message):
        """The recording could not begin; holds the reason."""

        error: EarshotError

    def __init__(
        self,
        sound: AudioDevices,
        summary: InterviewSummary | None,
        summaries: Sequence[InterviewSummary],
        *,
        spoken_consent_of: str = "",
        agreed: Sequence[str] = (),
    ) -> None:
        """Prepare to record an interview, or a new one for None; ``every`` is all of the study.

        spoken_consent_of: the code of who says what they agree to, "" for an interview. agreed: the
        codes of everybody whose consent is recorded.
        """
        super().__init__()
        self._summary = summary
        self._every = summaries
        self._spoken_consent_of = spoken_consent_of
        if spoken_consent_of:
            label = suggest_spoken_label(spoken_consent_of, summaries)
            about = InterviewDetails(
                label, (Participant(spoken_consent_of),), is_spoken_consent=True
            )
        elif summary is None:
            label = suggest_label(summaries, agreed)
            about = InterviewDetails(label, suggest_participants(label, summaries))
        else:
            about = summary.about or InterviewDetails(summary.label)
        self._settled = RecordingForm(about)
        self._settled.set_about(about)
        self._rows, self._meter = RowList(id="rows", counts_more=True), LevelBars(id="meter")
        self._trial = SoundTrial(self._settled, sound, self._rows, self._meter, self, self._show)
        self.take_actions(self._trial)

    def compose(self) -> ComposeResult:
        """Lay out the rows, what is to be known of the one under the cursor, and the keys."""
        yield SafeText(id="heading", classes="bar")
        yield self._rows
        yield SafeText(id="about-row")
        yield self._meter
        yield WorkLine(id="work")
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Show what is known, look for microphones, and ask for the label of a new interview."""
        super().on_mount()
        self.refresh_study()
        self._rows.choose_row(FormRow.START)
        self._trial.find()
        self._show()
        if self._summary is None and not self._spoken_consent_of:
            self.action_label()

    def on_unmount(self) -> None:
        """Stop a running sound check and the playback."""
        self._trial.close()

    def find_chosen(self) -> InterviewSummary | None:
        """Return None: no other work is begun from this screen."""
        return None

    def refresh_study(self) -> None:
        """Read the study's settings and guide."""
        study, settled = self.earshot.study, self._settled
        try:
            settled.guide = read_topic_guide(study)
            settings = read_settings(study)
            settled.device = settled.device or settings.device
            settled.study_language = settings.language
            settled.consents = {record.code: record for record in list_consents(study)}
            settled.rule = read_study_policy(study).consent
            settled.withdrawn = list_withdrawn(study)
        except EarshotError as error:
            settled.problem = self.problem(error)
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable only the keys that work now; none while the microphone is being opened."""
        settled = self._settled
        if action == "present":
            number = parameters[0] if parameters else 1
            return isinstance(number, int) and number <= len(settled.about.participants)
        offered = {
            "hear": self._trial.can_be_heard,
            "label": self._summary is None,
            "start": not settled.is_checking,
            "microphone": not settled.is_checking,
        }
        if settled.is_starting and action not in {"move", "stop"}:
            return False
        return offered.get(action, super().check_action(action, parameters))

    def action_move(self, direction: str) -> None:
        """Move the cursor."""
        self._rows.move(direction)
        self._show()

    async def action_act(self) -> None:
        """Run the action of the row under the cursor."""
        row = FormRow(self._rows.cursor)
        await self.run_action({
            FormRow.LABEL: "label",
            FormRow.WHO: "participants",
            FormRow.NAMES: "names",
            FormRow.PRESENT: "who_is_here",
            FormRow.CONSENT: "consent",
            FormRow.LANGUAGE: "language",
            FormRow.MICROPHONE: "microphone",
            FormRow.GUIDE: "guide",
            FormRow.CHECK: "check",
            FormRow.START: "start",
        }[row])  # fmt: skip

    def action_label(self) -> None:
        """Ask for the label, and suggest participants that fit it."""

        def typed(label: str | None) -> None:
            if label and label != self._settled.about.label:
                them = suggest_participants(label, self._every)
                about = self._settled.about
                self._settled.set_about(replace(about, label=label, participants=them))
            self._show()

        question, value = "What is the new interview called?", self._settled.about.label
        field = TextPrompt(
            question, value=value, hint=LABEL_HINT, check=self._wrong_label, doubt=self._doubt_label
        )
        self.ask(field, typed)

    def action_participants(self) -> None:
        """Ask for the participants and their roles."""
        about = self._settled.about

        def typed(text: str | None) -> None:
            if text is not None:
                them = parse_participants(text, about.participants)
                self._settled.set_about(replace(about, participants=them))
            self._show()

        value = format_participants(about.participants)
        field = TextPrompt(
            "Who takes part?",
            value=value,
            hint=PARTICIPANTS_HINT,
            check=self._wrong_who,
            doubt=self._doubt_who,
            replaces=False,
        )
        self.ask(field, typed)

    def action_names(self) -> None:
        """Ask whose names to enter, and for the names."""

        def take(about: InterviewDetails) -> None:
            self._settled.set_about(about)
            self._show()

        ask_names(self, self._settled.about, take)

    def action_present(self, number: int) -> None:
        """Tick or untick a participant as present."""
        self._settled.toggle_present(number)
        self._show()

    def action_who_is_here(self) -> None:
        """Show the participants, to tick or untick one as present."""
        if not self._settled.about.participants:
            self.action_participants()
            return

        def toggled(number: int | None) -> None:
            if number is not None:
                self.action_present(number + 1)

        self.ask(ChoicePrompt("Who is here, or not?", self._settled.format_ticks()), toggled)

    def action_language(self) -> None:
        """Ask which language is spoken."""
        settled = self._settled

        def typed(text: str | None) -> None:
            if text is not None:
                settled.set_about(replace(settled.about, language=parse_language(text)))
            self._show()

        self.ask(make_language_prompt(settled.language), typed)

    def action_guide(self) -> None:
        """Open the topic guide."""
        self.earshot.push_screen(GuideEditor(self.earshot.study, self.earshot.preferences.keys))

    def action_start(self) -> None:
        """Ask whether everybody present agrees, and begin the recording."""
        settled = self._settled
        wrong = self._wrong_label(settled.about.label) if self._summary is None else ""
        if wrong:
            self.show_message(wrong)
            return

        if not self.try_change(self._require_consent):
            return

        asked = list_asked(self.earshot.study, settled.asked)

        def answered(shown: tuple[Willing, ...] | None) -> None:
            last = shown[-1][0] if shown else None
            settled.consent = None if last is None else last in WILLING
            if shown and last in WILLING:
                settled.is_starting = True
                self._trial.fall_silent()
                self._begin(self._plan(), shown, asked)
            elif last is not None:
                self._stop_for(last)
            self._show()

        before = "No sound check was made." if settled.check is None else ""
        ask_everybody(self.ask, asked, answered, goes_on=False, before=before)

    def action_consent(self) -> None:
        """Open the consent of the participants."""
        self.earshot.open_consent(self._settled.asked)

    def _require_consent(self) -> None:
        settled, known = self._settled, self._summary.id if self._summary else ""
        for code in list_others(settled.about.participants):
            if code in settled.withdrawn:  # told before anybody is asked whether they want to
                raise HasWithdrawn(code)
        require_consent(
            self.earshot.study, GatedAction.RECORD, settled.about, settled.present, interview=known
        )

    def _stop_for(self, shown: MarkKind) -> None:
        """Note that nothing is recorded because somebody was not willing, and say so."""
        is_dissent = shown is MarkKind.DISSENT
        problem = NotWilling(WillingnessFlaw.DISSENT if is_dissent else WillingnessFlaw.DISTRESS)
        note_unwilling(self.earshot.study, self._summary.id if self._summary else "", problem)
        self.show_message(self.problem(problem))

    def action_back(self) -> None:
        """Go back to the list."""
        self.earshot.pop_screen()

    def _plan(self) -> RecordingPlan:
        settled = self._settled
        setting = RecordingSetup(
            present=settled.present,
            device=settled.device,
            guide_version=settled.guide[1] if settled.guide else 0,
            consent=settled.consent,
            check=settled.check,
        )
        return RecordingPlan(settled.about, setting, self._summary.id if self._summary else "")

    def _doubt_who(self, text: str) -> str:
        known = set(self._settled.about.codes)
        return doubt_codes(one.code for one in parse_participants(text) if one.code not in known)

    def _wrong_who(self, text: str) -> str:
        try:
            parse_participants(text)
        except BadName as wrong:
            return self.problem(wrong)
        return ""

    def _doubt_label(self, label: str) -> str:
        them = self._settled.about.participants
        return doubt_label(label, (name for one in them for name in one.names))

    def _wrong_label(self, label: str) -> str:
        if not is_code(label):
            return self.problem(BadName("label"))
        if any(
            s.label == label and (s.sound_s or ArtefactKind.RAW in s.versions) for s in self._every
        ):
            return "Another interview has that label already."
        return ""

    @work(thread=True, exclusive=True, group="begin", exit_on_error=False)
    def _begin(
        self, plan: RecordingPlan, willing: tuple[Willing, ...], asked: tuple[AskedPerson, ...]
    ) -> None:
        app, settled = self.earshot, self._settled
        topics = settled.guide[0] if settled.guide else None
        try:
            opener = app.audio_devices.make_opener(plan.setting.device, settled.channels)
            interview = enter_recording_plan(app.study, plan)
            session = app.audio_devices.make_recording(app.study, interview, opener, topics)
            session.start()
            try:
                for kind, code in willing:  # it was asked before the first sound
                    session.mark_consent(kind, code, place=0)
                self._note_spoken(interview)
            except EarshotError:
                session.stop()  # nobody would see that it goes on
                raise
        except EarshotError as problem:
            self.post_message(self.RecordingFailed(problem))
            return
        recording = OngoingRecording(
            controls=session,
            interview=interview,
            label=plan.about.label,
            device=plan.setting.device,
            speakers=list_speaker_codes(plan.about, plan.setting.present),
            channels=plan.about.channels,
            guide=topics,
            asked=asked,
        )
        app.recording = recording  # first: whatever becomes of the screen, it will be sealed
        if not self.post_message(self.RecordingBegan(recording)):
            session.stop()

    def _note_spoken(self, interview: str) -> None:
        code = self._spoken_consent_of
        if code and read_consent(self.earshot.study, code) is not None:
            note_spoken_consent(self.earshot.study, code, interview)

    @on(MicrophonesFound)
    def _found(self, message: MicrophonesFound) -> None:
        self._trial.take_microphones(message)
        if message.is_asked and message.microphones and self.earshot.screen is self:
            self._trial.ask_microphone(message.microphones)

    @on(LevelMeasured)
    def _heard(self, message: LevelMeasured) -> None:
        self._trial.show_level(message)

    @on(SoundCheckEnded)
    def _checked(self, message: SoundCheckEnded) -> None:
        self._trial.take_check(message)

    @on(RecordingBegan)
    def _began(self, message: RecordingBegan) -> None:
        self.earshot.show_recording(message.recording)

    @on(RecordingFailed)
    def _failed(self, message: RecordingFailed) -> None:
        self._settled.is_starting = False
        self._show()
        self.show_message(self.problem(message.error))

    def _show(self) -> None:
        settled, rows = self._settled, self._rows
        what = "Go on recording" if self._summary else "Record a new interview"
        if self._spoken_consent_of:
            what = "Record a spoken consent"
        self.query_one("#heading", SafeText).say((what, "bold"), f"   {settled.about.label}")
        rows.show(settled.format_rows())
        self.set_class(settled.is_checking, "-checking")
        is_busy = self.earshot.work is not None
        self.query_one("#about-row", SafeText).say(
            *settled.describe_row(FormRow(rows.cursor), is_busy=is_busy)
        )
        self.refresh_bindings()
