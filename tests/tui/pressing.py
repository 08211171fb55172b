"""Keys pressed one after the other in a real study, and what each of them has to bring about.

A scene is one screen with what it needs. Its steps name commands of the table; the keys are
looked up there, or in somebody's own choice of keys, so that a scene can be played with both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from textual.pilot import Pilot

from app import COMMANDS, CommandPlace, Preferences, list_commands
from study.store import Study
from tests.tui.gallery import settle
from tui.app import Earshot

KNOWN = {command.id: command for command in COMMANDS}
_LETTERS = [chr(code) for code in (*range(0x410, 0x450), *range(0x3B1, 0x3C2))]
_PATIENCE = 250  # looks, 0.02 s apart
Act = Callable[[Earshot], object]


@dataclass(frozen=True, slots=True)
class Look:
    """The screen before and after a key, and what the scene says of the place and the study."""

    app: Earshot
    before: str
    after: str
    was: object  # where the person was
    now: object
    had: object  # what the study held
    has: object


Effect = Callable[[Look], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and what it does. key: one of its keys, the first where none is named.

    first, then: what is done before and afterwards; ``@id`` stands for the key of a command.
    """

    command: str
    effect: Effect
    key: str = ""
    first: Sequence[str | Act] = ()
    then: Sequence[str | Act] = ()

    @property
    def pressed(self) -> tuple[str, str]:
        """The command and its key."""
        return self.command, self.key or KNOWN[self.command].key.split(",")[0]


@dataclass(frozen=True, slots=True)
class Scene:
    """Steps on one screen. where, stored: what is looked at before and after each key."""

    steps: Sequence[Step]
    where: Callable[[Earshot], object] = lambda _: None
    stored: Callable[[Study], object] = lambda _: None
    opening: Sequence[str | Act] = field(default_factory=tuple)


def shows(text: str) -> Effect:
    """Something stands on the screen that did not stand there before."""
    return lambda look: text in look.after and text not in look.before


def opens(screen: type[object]) -> Effect:
    """Another screen or message is in front."""
    return lambda look: isinstance(look.app.screen, screen)


def moves(look: Look) -> bool:
    """The person is elsewhere than before."""
    return look.was != look.now


def stores(look: Look) -> bool:
    """The study holds something else than before."""
    return look.had != look.has


def along(place: CommandPlace) -> list[Step]:
    """Return the steps of the keys that every list has, with each of their keys."""
    name = place.name.lower()
    ways = ("end", "home", "down", "up", "down:j", "up:k", "pagedown", "pageup")
    return [Step(f"{name}.{way.partition(':')[0]}", moves, way.partition(":")[2]) for way in ways]


def own_keys() -> Preferences:
    """Return a choice of keys that leaves none where it was."""
    keys: dict[str, str] = {}
    everywhere = dict(
        zip((c.id for c in list_commands(CommandPlace.EVERYWHERE)), range(20, 25), strict=True)
    )
    for place in CommandPlace:
        letters = iter(_LETTERS)
        for number, command in enumerate(list_commands(place)):
            if place is CommandPlace.EVERYWHERE:
                keys[command.id] = f"f{everywhere[command.id]}"
            else:
                typing = place is CommandPlace.TYPING  # letters are letters there
                keys[command.id] = f"f{9 + number}" if typing else next(letters)
    return Preferences(keys)


async def play(app: Earshot, scene: Scene, shown: Callable[[Earshot], str]) -> None:
    """Press the keys of a scene, and see that each does what it should."""
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(app, pilot)
        await _press(app, pilot, scene.opening)
        for step in scene.steps:
            await _press(app, pilot, step.first)
            before, was, had = shown(app), scene.where(app), scene.stored(app.study)
            await pilot.press(_key(app, *step.pressed))
            after = before
            for _ in range(_PATIENCE):
                await pilot.pause()
                after, now, has = shown(app), scene.where(app), scene.stored(app.study)
                if step.effect(Look(app, before, after, was, now, had, has)):
                    break
                await pilot.pause(0.02)
            else:
                raise AssertionError(f"{step.pressed} did nothing of what it should:\n{after}")
            await _press(app, pilot, step.then)


async def _press(app: Earshot, pilot: Pilot[None], keys: Sequence[str | Act]) -> None:
    for key in keys:
        if isinstance(key, str):
            known = key[1:] if key.startswith("@") else ""
            await pilot.press(_key(app, known, KNOWN[known].key.split(",")[0]) if known else key)
        else:
            key(app)
    if keys:
        await pilot.pause()


def _key(app: Earshot, command: str, key: str) -> str:
    return app.preferences.keys.get(command, key)
