"""The filters of the log and the trail: by kind, action, person, class; and a sample."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from anonymise import LogFilter
from app import LogSelection, OfficerCheck, describe_trail_verb
from tui.screens.check.check_lists import CheckLists
from tui.screens.check.check_page import CheckPage
from tui.screens.prompts import ChoicePrompt, TextPrompt
from tui.screens.stage import Stage

_SAMPLE = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*%?\s*(.*)")
_HOW = "A number such as 10; add a word (10 spring) for a different sample. 0 shows all lines."


class LogFilters:
    """Asks which lines of the log or the trail to show, and shows them."""

    def __init__(
        self, checking: OfficerCheck, lists: CheckLists, page: CheckPage, stage: Stage
    ) -> None:
        self._checking, self._lists, self._page, self._stage = checking, lists, page, stage

    @property
    def _wanted(self) -> LogFilter:
        return self._lists.log.asked.log_filter

    def action_filter(self) -> None:
        """Ask by what to choose the lines that are shown."""
        asked, wanted = self._lists.log.asked, self._wanted
        if self._lists.kind == "trail":
            ways = [("what was done", self._filter_verbs), ("by whom", self._filter_slots)]
        else:
            following = {None: "direct only", True: "indirect only", False: "direct and indirect"}
            ways = [
                ("kind of detail", self._filter_kind),
                ("decision", self._filter_action),
                ("by whom", self._filter_who),
                (following[wanted.direct], self._filter_class),
                ("together or singly" if wanted.in_bulk else "decided together, without a look",
                 self._filter_bulk),
                ("seen or not" if asked.unseen else "turns that nobody looked at",
                 self._filter_unseen),
            ]  # fmt: skip
        ways.append(("every line again", self._show_all))

        def chosen(number: int | None) -> None:
            if number is not None:
                ways[number][1]()

        self._stage.ask(ChoicePrompt("Show only what?", [way for way, _ in ways]), chosen)

    def _filter_kind(self) -> None:
        """Ask which kind of detail to show."""
        counts = Counter(line.category for line in self._checking.log)
        kinds = sorted(counts, key=lambda kind: -counts[kind])

        def take(number: int) -> None:
            category = kinds[number - 1] if number else None
            self._want(replace(self._wanted, category=category))

        self._choose("Which kind?", [(k.value, counts[k]) for k in kinds], take)

    def _filter_action(self) -> None:
        """Ask which decisions of the log to show."""
        counts = Counter(line.action for line in self._checking.log)
        actions = sorted(counts)

        def take(number: int) -> None:
            action = actions[number - 1] if number else ""
            self._want(replace(self._wanted, action=action))

        self._choose("Which decisions?", [(a, counts[a]) for a in actions], take)

    def _filter_who(self) -> None:
        """Ask whose decisions to show."""
        counts = Counter(line.by for line in self._checking.log if line.by)
        slots = sorted(counts)

        def take(number: int) -> None:
            slot = slots[number - 1] if number else None
            self._want(replace(self._wanted, slot=slot))

        who = self._checking.name_slot
        self._choose("Decided by whom?", [(who(s), counts[s]) for s in slots], take)

    def _filter_class(self) -> None:
        """Show direct identifiers, indirect ones, or both."""
        following = {None: True, True: False, False: None}[self._wanted.direct]
        self._want(replace(self._wanted, direct=following))

    def _filter_bulk(self) -> None:
        """Show only decisions made in bulk, or all."""
        self._want(replace(self._wanted, in_bulk=None if self._wanted.in_bulk else True))

    def _filter_unseen(self) -> None:
        """Show lines of turns that nobody looked at, or all."""
        asked = self._lists.log.asked
        self._show(replace(asked, unseen=not asked.unseen))

    def action_sample(self) -> None:
        """Ask for the size of a sample in per cent."""
        asked = self._lists.log.asked

        def drawn(text: str | None) -> None:
            found = _SAMPLE.fullmatch(text or "")
            if found is not None:
                percent = min(100.0, float(found[1].replace(",", ".")))
                self._show(replace(asked, percent=percent, seed=found[2].strip()))

        value = f"{asked.percent or 10:g} {asked.seed}".strip()
        question = "Sample size in %? (the same lines every time)"
        self._stage.ask(TextPrompt(question, value=value, hint=_HOW, check=_is_sample), drawn)

    def action_changes(self) -> None:
        """Ask for two versions of the log, and show the lines that differ."""
        versions = self._checking.list_log_versions()
        if not versions:
            self._page.describe("There is no version yet. Each clean transcript makes one.")
            return

        def until(since: int, later: int) -> None:
            self._show(replace(self._lists.log.asked, since=since, until=later))

        def since(number: int) -> None:
            if not number:
                until(0, 0)
                return
            chosen = versions[number - 1][0]
            later = [version for version, _ in versions if version > chosen]
            if not later:
                until(chosen, 0)
                return
            options = ["the current log", *(f"version {version}" for version in later)]
            self._stage.ask(
                ChoicePrompt(f"What changed between version {chosen} and …", options),
                lambda n: None if n is None else until(chosen, later[n - 1] if n else 0),
            )

        rows = [(f"version {n}, {at[:16].replace('T', ' ')}".rstrip(", "), 0) for n, at in versions]
        self._choose("What changed since …", rows, since, every="show every line")

    def _show_all(self) -> None:
        """Show every line again."""
        if self._lists.kind == "trail":
            self._lists.trail.verb, self._lists.trail.slot = "", 0
            self._show_trail()
        else:
            self._show(LogSelection())

    def action_whole_study(self) -> None:
        """Show the trail of the whole study, or of this interview."""
        self._lists.trail.is_whole = not self._lists.trail.is_whole
        self._show_trail()

    def _filter_verbs(self) -> None:
        verbs = self._lists.trail.actions

        def take(number: int) -> None:
            self._lists.trail.verb = verbs[number - 1] if number else ""
            self._show_trail()

        self._choose("What was done?", [(describe_trail_verb(verb), 0) for verb in verbs], take)

    def _filter_slots(self) -> None:
        slots = self._lists.trail.slots

        def take(number: int) -> None:
            self._lists.trail.slot = slots[number - 1] if number else 0
            self._show_trail()

        self._choose("Done by whom?", [(self._checking.name_slot(slot), 0) for slot in slots], take)

    def _choose(
        self,
        question: str,
        options: Sequence[tuple[str, int]],
        take: Callable[[int], None],
        *,
        every: str = "all",
    ) -> None:
        """Ask for one option; ``take`` gets its number, counted from 1, or 0 for all."""

        def chosen(number: int | None) -> None:
            if number is not None:
                take(number)

        rows = [every, *(f"{text}: {count}" if count else text for text, count in options)]
        self._stage.ask(ChoicePrompt(question, rows), chosen)

    def _show_trail(self) -> None:
        self._lists.trail.refresh()
        self._page.show_list()

    def _want(self, wanted: LogFilter) -> None:
        self._show(replace(self._lists.log.asked, log_filter=wanted))

    def _show(self, asked: LogSelection) -> None:
        self._lists.log.asked = asked
        self._lists.log.refresh()
        self._page.show_list()


def _is_sample(text: str) -> str:
    return "" if _SAMPLE.fullmatch(text) else "Type a percentage, such as 10."
