"""Which lines of a list are shown: by kind, action, who, class; and a sample of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from anonymise.ledger import Wanted
from tui.checking import Asked
from tui.screens.asking import Chosen, Typed
from tui.screens.check.page import CheckPage
from tui.screens.check.trail import TrailSheet

_SAMPLE = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*%?\s*(.*)")
_HOW = "A number, such as 10; a word behind it (10 spring) draws another sample. 0 for all."


class Sorting(CheckPage):
    """Filters."""

    def action_filter_kind(self) -> None:
        """Ask which kind of detail to show."""
        log = self.decisions
        if log is None or self.checking is None:
            return
        counts = Counter(line.category for line in self.checking.log)
        kinds = sorted(counts, key=lambda kind: -counts[kind])

        def take(number: int) -> None:
            category = kinds[number - 1] if number else None
            self._want(replace(log.asked.wanted, category=category))

        self._choose("Which kind?", [(k.value, counts[k]) for k in kinds], take)

    def action_filter_action(self) -> None:
        """Ask which decisions, or which things done, to show."""
        if self.kind == "trail":
            self._filter_verbs()
            return
        log = self.decisions
        if log is None or self.checking is None:
            return
        counts = Counter(line.action for line in self.checking.log)
        actions = sorted(counts)

        def take(number: int) -> None:
            action = actions[number - 1] if number else ""
            self._want(replace(log.asked.wanted, action=action))

        self._choose("Which decisions?", [(a, counts[a]) for a in actions], take)

    def action_filter_who(self) -> None:
        """Ask whose decisions, or whose doings, to show."""
        if self.kind == "trail":
            self._filter_slots()
            return
        log, checking = self.decisions, self.checking
        if log is None or checking is None:
            return
        counts = Counter(line.by for line in checking.log if line.by)
        slots = sorted(counts)

        def take(number: int) -> None:
            by = slots[number - 1] if number else None
            self._want(replace(log.asked.wanted, by=by))

        self._choose("Decided by whom?", [(checking.who(s), counts[s]) for s in slots], take)

    def action_filter_class(self) -> None:
        """Show direct identifiers, indirect ones, or both."""
        log = self.decisions
        if log is not None:
            following = {None: True, True: False, False: None}[log.asked.wanted.direct]
            self._want(replace(log.asked.wanted, direct=following))

    def action_filter_bulk(self) -> None:
        """Show what was decided in bulk, or all."""
        log = self.decisions
        if log is not None:
            bulk = None if log.asked.wanted.in_bulk else True
            self._want(replace(log.asked.wanted, in_bulk=bulk))

    def action_filter_unseen(self) -> None:
        """Show lines of turns that nobody looked at, or all."""
        log = self.decisions
        if log is not None:
            self._ask(replace(log.asked, unseen=not log.asked.unseen))

    def action_sample(self) -> None:
        """Ask how many of a hundred lines to draw."""
        log = self.decisions
        if log is None:
            return

        def drawn(text: str | None) -> None:
            found = _SAMPLE.fullmatch(text or "")
            if found is not None:
                percent = min(100.0, float(found[1].replace(",", ".")))
                self._ask(replace(log.asked, percent=percent, seed=found[2].strip()))

        value = f"{log.asked.percent or 10:g} {log.asked.seed}".strip()
        question = "A sample of how many of a hundred lines? The same each time it is drawn."
        self.earshot.push_screen(Typed(question, value=value, hint=_HOW, check=_is_sample), drawn)

    def action_changes(self) -> None:
        """Ask between which versions of the log to show what changed."""
        log, checking = self.decisions, self.checking
        if log is None or checking is None:
            return
        versions = checking.versions()
        if not versions:
            self.describe("No version was written yet: one is with each clean transcript.")
            return

        def until(since: int, later: int) -> None:
            self._ask(replace(log.asked, since=since, until=later))

        def since(number: int) -> None:
            if not number:
                until(0, 0)
                return
            chosen = versions[number - 1][0]
            later = [version for version, _ in versions if version > chosen]
            if not later:
                until(chosen, 0)
                return
            options = ["what stands now", *(f"version {version}" for version in later)]
            self.earshot.push_screen(
                Chosen(f"What changed between version {chosen} and …", options),
                lambda n: None if n is None else until(chosen, later[n - 1] if n else 0),
            )

        told = [(f"version {n}, {at[:16].replace('T', ' ')}".rstrip(", "), 0) for n, at in versions]
        self._choose("What changed since …", told, since, every="show every line")

    def action_show_all(self) -> None:
        """Show every line again."""
        if self.kind == "trail" and self.trail is not None:
            self.trail.verb, self.trail.slot = "", 0
            self._show_trail(self.trail)
        elif self.decisions is not None:
            self._ask(Asked())

    def action_whole_study(self) -> None:
        """Show the trail of the whole study, or of this interview."""
        if self.trail is not None:
            self.trail.is_whole = not self.trail.is_whole
            self._show_trail(self.trail)

    def _filter_verbs(self) -> None:
        trail = self.trail
        if trail is None:
            return
        verbs = trail.verbs

        def take(number: int) -> None:
            trail.verb = verbs[number - 1] if number else ""
            self._show_trail(trail)

        self._choose("What was done?", [(verb, 0) for verb in verbs], take)

    def _filter_slots(self) -> None:
        trail, checking = self.trail, self.checking
        if trail is None or checking is None:
            return
        slots = trail.slots

        def take(number: int) -> None:
            trail.slot = slots[number - 1] if number else 0
            self._show_trail(trail)

        self._choose("Done by whom?", [(checking.who(slot), 0) for slot in slots], take)

    def _choose(
        self,
        question: str,
        options: Sequence[tuple[str, int]],
        take: Callable[[int], None],
        *,
        every: str = "all",
    ) -> None:
        """Let one be chosen; ``take`` gets its number from 1 on, 0 for all."""

        def chosen(number: int | None) -> None:
            if number is not None:
                take(number)

        rows = [every, *(f"{text}: {count}" if count else text for text, count in options)]
        self.earshot.push_screen(Chosen(question, rows), chosen)

    def _show_trail(self, trail: TrailSheet) -> None:
        trail.refresh()
        self.show_list()

    def _want(self, wanted: Wanted) -> None:
        if self.decisions is not None:
            self._ask(replace(self.decisions.asked, wanted=wanted))

    def _ask(self, asked: Asked) -> None:
        if self.decisions is not None:
            self.decisions.asked = asked
            self.decisions.refresh()
            self.show_list()


def _is_sample(text: str) -> str:
    return "" if _SAMPLE.fullmatch(text) else "Type a number of a hundred, such as 10."
