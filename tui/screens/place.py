"""What the screens that a person stays on share: the command table, and work in the background."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar, cast

from textual.screen import Screen

from study.artefacts import Summary
from study.errors import EarshotError
from tui import next_steps
from tui.commands import Place
from tui.jobs import Work
from tui.screens.dialog import Told
from tui.screens.host import Host
from tui.tour import Whereabouts, hint
from tui.widgets.next_key import NextKey
from tui.widgets.working import WorkLine

_Answer = TypeVar("_Answer")


class PlaceScreen(Screen[None]):
    """A screen that a person stays on. ``place`` says which commands of the table are its own."""

    ALLOW_SELECT = False
    place: ClassVar[Place]
    _was_left = False
    _has_next_key = False

    @property
    def earshot(self) -> Host:
        """The app, as far as a screen knows it."""
        return cast("Host", self.app)

    def chosen(self) -> Summary | None:
        """Return the interview that commands act on."""
        raise NotImplementedError

    def refresh_study(self) -> None:
        """Read the study again, and show what it says now."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Follow the work in the background from now on."""
        self.earshot.work_changed.subscribe(self, self._show_work)
        self._show_work(self.earshot.work)
        # Textual calls the on_mount of every class, and subclasses call this one too.
        if self.earshot.is_guided and not self._has_next_key:
            self._has_next_key = True
            self.mount(NextKey(lambda: hint(self.whereabouts())), before=0)

    def whereabouts(self) -> Whereabouts:
        """Say where somebody is who is being shown around."""
        return Whereabouts(self.place, self.chosen(), self.earshot.work is not None)

    def on_screen_suspend(self) -> None:
        """Note that another screen comes before this one."""
        self._was_left = True

    def on_screen_resume(self) -> None:
        """Come back from another screen."""
        if self._was_left:
            self.come_back()

    def come_back(self) -> None:
        """Show what another screen did. Textual calls every class's own ``on_`` methods."""
        self.refresh_study()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to stop only while something runs."""
        del parameters
        return self.earshot.work is not None if action == "stop" else True

    def action_work(self, verb: str) -> None:
        """Begin a verb of the shell on the chosen interview."""
        summary = self.chosen()
        if summary is not None:
            self.earshot.begin_work(verb, summary)

    def action_check(self) -> None:
        """Open the chosen interview for the data officer."""
        summary = self.chosen()
        if summary is not None:
            self.earshot.open_check(summary.id)

    def action_stop(self) -> None:
        """Stop what runs in the background."""
        self.earshot.stop_work()

    def action_refresh(self) -> None:
        """Read the study again because a person asks for it."""
        self.refresh_study()

    def take_actions(self, *controllers: object) -> None:
        """Let keys reach the methods of controllers that are named ``action_…``, as our own."""
        for controller in controllers:
            for name in dir(controller):
                if name.startswith("action_"):
                    setattr(self, name, getattr(controller, name))

    def ask(self, question: Screen[_Answer], answered: Callable[[_Answer | None], None]) -> None:
        """Put a question in front; ``answered`` gets None where it was left."""
        self.earshot.push_screen(question, answered)

    def tell(self, sentence: str) -> None:
        """Show a sentence that has to be read before anything else is done."""
        self.earshot.push_screen(Told(sentence))

    def run_beside(self, act: Callable[[], None], group: str) -> None:
        """Run something on a thread of its own, as the only one of its group."""
        self.run_worker(act, group=group, thread=True, exclusive=True, exit_on_error=False)

    def problem(self, error: EarshotError) -> str:
        """Write an error as a sentence of what happened and one of what to do."""
        return next_steps.problem(error, self.earshot.chosen.keys)

    def attempt(self, act: Callable[[], None]) -> bool:
        """Do something with the study; tell in words why it could not be done."""
        try:
            act()
        except EarshotError as error:
            self.tell(self.problem(error))
            return False
        return True

    def _show_work(self, work: Work | None) -> None:
        if self.children:  # else it is being taken down
            self.query_one(WorkLine).tell(work)
            self.refresh_bindings()
