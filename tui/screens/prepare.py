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

from study import guide
from study.artefacts import Kind, Summary
from study.change import is_code
from study.errors import BadName, EarshotError
from study.terms import About, Setting
from tui import beginning
from tui.beginning import Plan
from tui.commands import Place, bindings
from tui.recording import Recording
from tui.screens.asking import Chosen, Typed
from tui.screens.dialog import Asked
from tui.screens.guide import GuideScreen
from tui.screens.place import PlaceScreen
from tui.screens.sound_trial import LevelHeard, MicrophonesFound, SoundChecked, SoundTrial
from tui.sound import Sound
from tui.widgets.keys import KeyLine
from tui.widgets.meter import Meter
from tui.widgets.plain import Plain
from tui.widgets.rows import Rows
from tui.widgets.settling import NEVER_A_NAME, WHO, Row, Settled
from tui.widgets.working import WorkLine


class PrepareScreen(PlaceScreen):
    """What is settled before a recording, in seven lines."""

    place: ClassVar[Place] = Place.PREPARE
    BINDINGS: ClassVar[list[BindingType]] = bindings(Place.PREPARE)

    @dataclass
    class Began(Message):
        """The recording runs."""

        recording: Recording

    @dataclass
    class Failed(Message):
        """It does not run, and why."""

        error: EarshotError

    def __init__(self, sound: Sound, summary: Summary | None, every: Sequence[Summary]) -> None:
        """Prepare to record an interview, or a new one for None; ``every`` is all of the study."""
        super().__init__()
        self._summary = summary
        self._every = every
        if summary is None:
            label = beginning.next_label(every)
            about = About(label, beginning.likely(label, every))
        else:
            about = summary.about or About(summary.label)
        self._settled = Settled(about)
        self._settled.describe(about)
        self._rows, self._meter = Rows(id="rows"), Meter(id="meter")
        self._trial = SoundTrial(self._settled, sound, self._rows, self._meter, self, self._show)
        self.take_actions(self._trial)

    def compose(self) -> ComposeResult:
        """Lay out the rows, what is to be known of the one under the cursor, and the keys."""
        yield Plain(id="heading", classes="bar")
        yield self._rows
        yield Plain(id="about-row")
        yield self._meter
        yield WorkLine(id="work")
        yield KeyLine(id="keys", lines=2)

    def on_mount(self) -> None:
        """Show what is known, look for microphones, and ask for the label of a new interview."""
        super().on_mount()
        self.refresh_study()
        self._rows.choose(Row.START)
        self._trial.find()
        self._show()
        if self._summary is None:
            self.action_label()

    def on_unmount(self) -> None:
        """Leave no sound behind."""
        self._trial.close()

    def chosen(self) -> Summary | None:
        """Return nothing: no other work is begun from here."""
        return None

    def refresh_study(self) -> None:
        """Read what the study remembers."""
        study, settled = self.earshot.study, self._settled
        try:
            settled.guide = guide.read(study)
            settled.device = settled.device or beginning.settings(study).device
        except EarshotError as error:
            settled.problem = self.problem(error)
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now; nothing at all while the microphone is being opened."""
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
        """Do what the row under the cursor is for."""
        row = Row(self._rows.cursor)
        await self.run_action({
            Row.LABEL: "label",
            Row.WHO: "participants",
            Row.PRESENT: "who_is_here",
            Row.MICROPHONE: "microphone",
            Row.GUIDE: "guide",
            Row.CHECK: "check",
            Row.START: "start",
        }[row])  # fmt: skip

    def action_label(self) -> None:
        """Let the label be typed; who takes part follows from it."""

        def typed(label: str | None) -> None:
            if label and label != self._settled.about.label:
                them = beginning.likely(label, self._every)
                about = self._settled.about
                self._settled.describe(replace(about, label=label, participants=them))
            self._show()

        question, value = "What is the new interview called?", self._settled.about.label
        field = Typed(question, value=value, hint=NEVER_A_NAME, check=self._wrong_label)
        self.ask(field, typed)

    def action_participants(self) -> None:
        """Let who takes part be typed."""
        about = self._settled.about

        def typed(text: str | None) -> None:
            if text is not None:
                them = beginning.understood(text, about.participants)
                self._settled.describe(replace(about, participants=them))
            self._show()

        value = beginning.written(about.participants)
        field = Typed(
            "Who takes part?", value=value, hint=WHO, check=self._wrong_who, replaces=False
        )
        self.ask(field, typed)

    def action_present(self, number: int) -> None:
        """Tick one of the participants, or not."""
        self._settled.toggle(number)
        self._show()

    def action_who_is_here(self) -> None:
        """Show the participants, to tick one or not."""
        if not self._settled.about.participants:
            self.action_participants()
            return

        def toggled(number: int | None) -> None:
            if number is not None:
                self.action_present(number + 1)

        self.ask(Chosen("Who is here, or not?", self._settled.ticks()), toggled)

    def action_guide(self) -> None:
        """Open the topic guide."""
        self.earshot.push_screen(GuideScreen(self.earshot.study, self.earshot.chosen.keys))

    def action_start(self) -> None:
        """Ask whether everybody agrees, and begin."""
        settled = self._settled
        wrong = self._wrong_label(settled.about.label) if self._summary is None else ""
        if wrong:
            self.tell(wrong)
            return

        def answered(agreed: bool | None) -> None:  # noqa: FBT001 - Textual hands the answer over so
            settled.consent = agreed
            if agreed:
                settled.is_starting = True
                self._trial.fall_silent()
                self._begin(self._plan())
            self._show()

        here = f" ({', '.join(settled.present)})" if settled.present else ""
        question = f"Has everybody present{here} agreed to be recorded now?"
        if settled.check is None:
            question = f"No sound check was made.\n\n{question}"
        self.ask(Asked(question), answered)

    def action_back(self) -> None:
        """Go back to the list."""
        self.earshot.pop_screen()

    def _plan(self) -> Plan:
        settled = self._settled
        setting = Setting(
            present=settled.present,
            device=settled.device,
            guide_version=settled.guide[1] if settled.guide else 0,
            consent=settled.consent,
            check=settled.check,
        )
        return Plan(settled.about, setting, self._summary.id if self._summary else "")

    def _wrong_who(self, text: str) -> str:
        try:
            beginning.understood(text)
        except BadName as wrong:
            return self.problem(wrong)
        return ""

    def _wrong_label(self, label: str) -> str:
        if not is_code(label):
            return self.problem(BadName("label"))
        if any(s.label == label and (s.sound_s or Kind.RAW in s.versions) for s in self._every):
            return "Another interview has that label already."
        return ""

    @work(thread=True, exclusive=True, group="begin", exit_on_error=False)
    def _begin(self, plan: Plan) -> None:
        app, settled = self.earshot, self._settled
        topics = settled.guide[0] if settled.guide else None
        try:
            opener = app.sound.opener(plan.setting.device, settled.channels)
            interview = beginning.enter(app.study, plan)
            session = app.sound.session(app.study, interview, opener, topics)
            session.start()
        except EarshotError as problem:
            self.post_message(self.Failed(problem))
            return
        recording = Recording(
            session=session,
            interview=interview,
            label=plan.about.label,
            device=plan.setting.device,
            speakers=beginning.speakers(plan.about, plan.setting.present),
            channels=plan.about.channels,
            guide=topics,
        )
        app.recording = recording  # first: whatever becomes of the screen, it will be sealed
        if not self.post_message(self.Began(recording)):
            session.stop()

    @on(MicrophonesFound)
    def _found(self, message: MicrophonesFound) -> None:
        self._trial.take_microphones(message)
        if message.is_asked and message.microphones and self.earshot.screen is self:
            self._trial.ask_microphone(message.microphones)

    @on(LevelHeard)
    def _heard(self, message: LevelHeard) -> None:
        self._trial.show_level(message)

    @on(SoundChecked)
    def _checked(self, message: SoundChecked) -> None:
        self._trial.take_check(message)

    @on(Began)
    def _began(self, message: Began) -> None:
        self.earshot.show_recording(message.recording)

    @on(Failed)
    def _failed(self, message: Failed) -> None:
        self._settled.is_starting = False
        self._show()
        self.tell(self.problem(message.error))

    def _show(self) -> None:
        settled, rows = self._settled, self._rows
        what = "Go on recording" if self._summary else "Record a new interview"
        self.query_one("#heading", Plain).say((what, "bold"), f"   {settled.about.label}")
        rows.show(settled.rows())
        self.set_class(settled.is_checking, "-checking")
        is_busy = self.earshot.work is not None
        self.query_one("#about-row", Plain).say(*settled.detail(Row(rows.cursor), is_busy=is_busy))
        self.refresh_bindings()
