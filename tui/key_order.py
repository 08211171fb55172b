"""Handing keys on one at a time, each to what the key before it has opened.

Textual hands a key to what has the focus when the key comes in. Keys that come in quickly, or while
the computer is busy, would go past a field that the key before them opens: letters would be lost,
taken for commands, or come out in another order. So the next key waits until the one before it has
had its effect: a message follows it through the same widgets, and back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Protocol

from textual.events import Key, Paste
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

_LOOK_EACH_S = 0.05
_MOST_LOOKS = 60  # 3 s: what takes longer than that has lost the message


class KeyPassed(Message, bubble=True):
    """What was sent to a widget before this has been dealt with, and has bubbled up."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class _App(Protocol):
    @property
    def focused(self) -> Widget | None: ...
    @property
    def screen(self) -> Screen[object]: ...
    @property
    def screen_stack(self) -> list[Screen[object]]: ...
    def set_interval(
        self, interval: float, callback: Callable[[], Awaitable[None]], *, pause: bool
    ) -> Timer: ...


class KeyOrder:
    """Keys and pasted texts that wait for the one before them."""

    def __init__(self, app: _App, forward: Callable[[Key | Paste], Awaitable[None]]) -> None:
        """forward: hands one on to what has the focus."""
        self._app, self._forward = app, forward
        self._waiting = deque[Key | Paste]()
        self._is_settling = False  # the effect of a key may follow as a message of its own
        self._followed: MessagePump | None = None  # what the message behind a key was sent to
        self._looks = self._sent = 0
        self._timer: Timer | None = None

    async def take(self, event: Key | Paste) -> None:
        """Hand an event on, now or when those before it have had their effect."""
        self._waiting.append(event)
        if self._followed is None:
            await self._go_on()

    async def note_passed(self, message: KeyPassed) -> None:
        """Go on where the newest message behind a key has come back and the focus is settled."""
        if message.number != self._sent or self._followed is None:
            return
        if self._is_settling or self._followed is not self._find_target():
            self._is_settling = False
            await self._follow()
        else:
            await self._go_on()

    async def _go_on(self) -> None:
        self._followed = None
        if not self._waiting:
            self._rest()
            return
        event, target = self._waiting.popleft(), self._find_target()
        await self._forward(event)
        self._is_settling = True
        await self._follow(target)

    async def _follow(self, target: MessagePump | None = None) -> None:
        """Send a message behind a key, to see when it has had its effect."""
        target = target or self._find_target()
        self._followed, self._looks = target, 0
        self._sent += 1
        if target is None or not target.post_message(KeyPassed(self._sent)):
            await self._go_on()
            return
        if self._timer is None:
            self._timer = self._app.set_interval(_LOOK_EACH_S, self._look, pause=False)
        self._timer.resume()

    async def _look(self) -> None:
        """Go on where the message is lost, because what it was sent to has been closed."""
        self._looks += 1
        target = self._followed
        if target is None or self._looks >= _MOST_LOOKS:
            await self._go_on()
        elif not (target.is_running and target.is_attached):
            await self._follow()

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.pause()

    def _find_target(self) -> MessagePump | None:
        if not self._app.screen_stack:
            return None
        return self._app.focused or self._app.screen
