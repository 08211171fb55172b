"""The decisions about mentions: one key each, for one or all alike, stored at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import anonymise  # its names load their modules when a decision is made, not on opening
from app import InterviewReview, format_count
from study import (
    Category,
    DecidedMention,
    Decision,
    FindReplace,
    Pseudonym,
    TextMatch,
    Verdict,
)
from tui.key_names import with_keys
from tui.screens.prompts import ChoicePrompt
from tui.screens.review.cursor import Cursor
from tui.screens.review.review_page import ReviewPage
from tui.screens.review.review_widgets import ReviewWidgets
from tui.screens.review.same_again import SameAgain
from tui.screens.stage import Stage

_NO_MENTION = (
    "No mention is under the cursor: {interview.next} goes to the next,"
    " {interview.next_undecided} to the next undecided."
)
_FIELD_KEYS = "Enter keeps what you type in its place, Esc leaves it as it was."
# What people mark by hand, so few that each has a digit of its own.
_OFTEN_MARKED = (
    Category.PERSON, Category.PLACE, Category.ORGANISATION, Category.DATE, Category.AGE,
    Category.OCCUPATION, Category.EVENT, Category.OTHER,
)  # fmt: skip
_FORMS_TOLD = 3  # of how a person is called
_NO_OTHER = "Nobody and nothing else of this kind has a replacement yet."
_BOTH = (
    "Both get one replacement, in the whole study; where that changes an interview that is signed"
    " off, it has to be signed again."
)
_TO_PART = "In a terminal, `earshot replacements` tells them apart again."


class DecisionControls:
    """Goes from mention to mention, decides about them, takes decisions back, adds mentions."""

    def __init__(
        self,
        review: InterviewReview,
        cursor: Cursor,
        page: ReviewPage,
        widgets: ReviewWidgets,
        stage: Stage,
        refresh: Callable[[], None],
        ask_first: Callable[[Callable[[], None]], None],
        same: SameAgain,
    ) -> None:
        """Prepare.

        refresh: reads and shows the whole interview again. ask_first: runs what it is handed, once
        it was confirmed where that takes back a hand-over or a signature, and whoever signs off was
        told that they do not sign what they decided. same: takes the offer to do to others like it
        what was done.
        """
        self._review, self._cursor, self._page = review, cursor, page
        self._view, self._detail, self._stage = widgets.view, widgets.detail, stage
        self._refresh, self._ask_first, self._same = refresh, ask_first, same
        same.offer_here = self._offer_here
        self._made: list[tuple[str, ...]] = []  # decisions made here, to be taken back in turn
        # What stood before each decision made here, by the mention's key, the newest last.
        self._before: dict[str, list[Decision | None]] = {}

    def action_step(self, by: int) -> None:
        """Go to the mention that many further on."""
        count = len(self._review.decided)
        if not count:
            return
        at = self._view.cursor
        if at < 0:
            at = self._before_turn() + (1 if by > 0 else 0) - by
        self._go_to(max(0, min(count - 1, at + by)))

    def action_step_undecided(self, by: int) -> None:
        """Go to the next mention without a decision, round the end if need be."""
        found = self._undecided_from(self._view.cursor, by)
        if found is not None:
            self._go_to(found)
        elif (turn := self._find_objected_turn(by)) is not None:
            self._cursor.forget_words()
            self._cursor.go_to_turn(turn)
            self._page.describe("Every mention is decided; the officer objected to this turn.")
        elif self._review.decided:
            self._page.describe("Every mention is decided.")

    def _find_objected_turn(self, by: int) -> int | None:
        """Return the key of the next turn that an officer objected to, round the end if need be."""
        objected = self._review.turn_objections
        turns = [turn.key for turn in self._review.turns][::by]
        here = turns.index(self._view.turn) + 1 if self._view.turn in turns else 0
        return next((key for key in turns[here:] + turns[:here] if key in objected), None)

    def action_decide(self, verdict: str, alike: bool) -> None:  # noqa: FBT001 - from the table
        """Decide about the current mention, or all like it."""
        if self._has_mention():
            self._ask_first(lambda: self._decide(Verdict(verdict), alike=alike))

    def action_none_of(self) -> None:
        """Reject all undecided questions of the current mention's kind; sure finds still wait."""
        review, current = self._review, self._cursor.mention
        if current is None:
            return
        kind = current.mention.category
        if not any(
            d.decision is None and d.mention.category is kind and not d.mention.is_likely
            for d in review.decided
        ):
            self._page.describe(f"No undecided question of this kind ({kind.value}).")
            return
        self._ask_first(
            lambda: self._record(
                lambda: anonymise.reject_questions(review.interview, kind), Verdict.REJECTED
            )
        )

    def action_sure_of(self) -> None:
        """Accept all undecided sure finds of the current mention's kind; questions still wait."""
        current = self._cursor.mention
        if self._has_mention() and current is not None:
            self._ask_first(lambda: self._accept_sure(current.mention.category))

    def _accept_sure(self, kind: Category) -> None:
        review = self._review
        if not any(
            d.decision is None and d.mention.category is kind and d.mention.is_likely
            for d in review.decided
        ):
            self._page.describe(f"No undecided sure find of this kind ({kind.value}).")
            return
        self._record(lambda: anonymise.accept_sure_finds(review.interview, kind), Verdict.ACCEPTED)

    def action_change(self) -> None:
        """Open the field for a replacement typed by hand."""
        if self._has_mention():
            self._ask_first(self._open_field)

    def _open_field(self) -> None:
        current = self._cursor.mention
        if current is not None:
            self._detail.open_field(
                self._review.read_original(self._view.cursor), current.replacement
            )
            self._page.describe(_FIELD_KEYS)

    def _has_mention(self) -> bool:
        """Whether a mention is under the cursor; where none is, say how to get to one."""
        if self._cursor.mention is None:
            self._page.describe(with_keys(_NO_MENTION))
            return False
        return True

    def replace(self, typed: str) -> None:
        """Decide on the replacement that was typed in the field."""
        if not typed:
            self._page.describe("Type something, or press Esc.")
            return
        self.leave_field()
        self._decide(Verdict.CHANGED, replacement=typed)

    def leave_field(self) -> None:
        """Close the field without a decision."""
        self._stage.set_focus(self._view)
        self._detail.close()
        self._page.describe()

    def action_link(self) -> None:
        """Ask which other label the mention's person or place has, and make one of the two."""
        if self._has_mention():
            self._ask_first(self._ask_same)

    def _ask_same(self) -> None:
        current, study = self._cursor.mention, self._review.interview.study
        known: list[Pseudonym] = []
        if current is None or not self._stage.try_change(
            lambda: known.extend(anonymise.list_pseudonyms(study))
        ):
            return
        alike = [one for one in known if one.category is current.mention.category]
        own = next((one for one in alike if one.replacement == current.mention.replacement), None)
        others = [one for one in alike if one is not own]
        if own is None or not others:
            self._page.describe(_NO_OTHER)
            return

        def chosen(number: int | None) -> None:
            if number is not None:
                self._link(own.label, others[number].label)

        rows = [f"{one.label}  {', '.join(one.forms[:_FORMS_TOLD])}" for one in others]
        question = f"{own.label} is the same as … {_BOTH}"
        self._stage.ask(ChoicePrompt(question, rows), chosen)

    def _link(self, label: str, into: str) -> None:
        study, count = self._review.interview.study, 0

        def link() -> None:
            nonlocal count
            count = anonymise.join_identities(study, label, into)

        if self._stage.try_change(link):
            self._refresh()
            changed = format_count(count, "mention")
            self._page.describe(f"{label} is {into} now: {changed} changed. {_TO_PART}")

    def action_undo(self) -> None:
        """Take back the decision about the current mention, or else the last one made."""
        self._ask_first(self._undo)

    def _undo(self) -> None:
        review, current = self._review, self._cursor.mention
        last = self._made[-1] if self._made else ()
        is_own = current is not None and current.decision and current.mention.key not in last
        meant = (current.mention.key,) if current is not None and is_own else last
        earlier = {key: self._before[key][-1] for key in meant if self._before.get(key)}
        undone: list[str] = []
        gone: list[str] = []

        def undo() -> None:
            gone.extend(self._remove_added(key for key in meant if earlier.get(key) is None))
            left = [key for key in meant if key not in gone]
            undone.extend(self._restore(left, earlier) if left or not meant else ())

        if not self._stage.try_change(undo):
            return
        self._forget_made(meant)
        if gone:
            self._tell_gone(len(gone))
            return
        self._read_again()
        if not undone:
            self._page.describe("There is nothing to undo.")
            return
        places = [i for i, d in enumerate(review.decided) if d.mention.key in undone]
        said = f"{format_count(len(undone), 'mention')} undone."
        before = next((one for one in earlier.values() if one is not None), None)
        if before is not None:
            said += f" It is {before.verdict.value} again, as it was before."
        self._go_to(places[0] if places else self._view.cursor, said)

    def _tell_gone(self, count: int) -> None:
        """Show the interview without mentions that somebody added and took back."""
        place = self._view.cursor
        self._refresh()
        if self._review.decided:
            self._go_to(min(place, len(self._review.decided) - 1))
        was = "as if it had not been" if count == 1 else "as if they had not been"
        self._page.describe(f"{format_count(count, 'mention')} added by hand gone, {was}.")

    def _remove_added(self, keys: Iterable[str]) -> list[str]:
        """Remove those of these mentions that a person added; return their keys."""
        by_hand = {
            d.mention.key
            for d in self._review.decided
            if d.mention.source == anonymise.PERSON_SOURCE
        }
        added = [key for key in keys if key in by_hand]
        return anonymise.remove_added_mentions(self._review.interview, *added) if added else []

    def _restore(
        self, keys: Sequence[str], earlier: Mapping[str, Decision | None]
    ) -> Iterator[str]:
        """Let what was decided before stand again, or nothing; return the keys of the mentions."""
        interview = self._review.interview
        new = [key for key in keys if earlier.get(key) is None]
        made = anonymise.undo_decisions(interview, *new) if new or not keys else []
        for key, one in earlier.items():
            if one is not None:
                made += anonymise.decide_mention(
                    interview, key, one.verdict, replacement=one.replacement,
                    reason=one.reason, in_bulk=one.in_bulk,
                )  # fmt: skip
        return (decision.mention for decision in made)

    def _forget_made(self, keys: tuple[str, ...]) -> None:
        """Forget the newest decision made here about each of these mentions: it is taken back."""
        for key in keys:
            if self._before.get(key):
                self._before[key].pop()
            at = next((n for n in reversed(range(len(self._made))) if key in self._made[n]), -1)
            if at >= 0:
                self._made[at] = tuple(one for one in self._made[at] if one != key)
        self._made = [group for group in self._made if group]

    def action_mention(self) -> None:
        """Ask what kind of detail the chosen words are, and add them as a mention."""
        turn, words = self._cursor.turn, self._cursor.pointed_words()
        if turn is None or words is None:
            self._page.describe(with_keys("Select the words first: ← → and {interview.select}."))
            return
        if self._review.mentions is None:
            first = "Press {interview.anonymise} first, to look for identifying details."
            self._page.describe(with_keys(first))
            return
        words = _leave_out_punctuation(turn.text, words)
        question = f"What kind of detail is “{turn.text[words[0] : words[1]]}”?"
        rarer = [kind for kind in Category if kind not in _OFTEN_MARKED]

        def ask_rarer() -> None:
            rows = [kind.value for kind in rarer]
            self._stage.ask(ChoicePrompt(question, rows), lambda n: add(rarer, n))

        def add(kinds: Sequence[Category], number: int | None) -> None:
            if number is not None:
                self._add(turn.key, words, kinds[number])

        def chosen(number: int | None) -> None:
            if number == len(_OFTEN_MARKED):
                ask_rarer()
            else:
                add(_OFTEN_MARKED, number)

        rows = [*(kind.value for kind in _OFTEN_MARKED), "another kind …"]
        self._ask_first(lambda: self._stage.ask(ChoicePrompt(question, rows), chosen))

    def _add(self, turn: int, words: tuple[int, int], category: Category) -> None:

        review = self._review
        if review.mentions is None:
            return
        if not review.is_searched(turn):
            kind = review.mentions.transcript.kind
            self._page.describe(
                with_keys(
                    f"This turn was corrected since the {kind} was searched: press"
                    " {interview.anonymise} first."
                )
            )
            return

        def add() -> None:
            anonymise.add_mention(review.interview, turn, *words, category)

        if self._stage.try_change(add):
            self._cursor.forget_words()
            self._refresh()
            places = [
                n for n, d in enumerate(review.decided)
                if d.mention.turn == turn and d.mention.start <= words[0] < d.mention.end
            ]  # fmt: skip
            if places:
                self._go_to(places[0])
            self._made.append(self._keys_added())
            said = "Mention added, and replaced."
            self._page.describe(said + self._offer_mentions(turn, words, category))

    def _keys_added(self) -> tuple[str, ...]:
        current = self._cursor.mention
        return (current.mention.key,) if current else ()

    def _offer_mentions(self, turn: int, words: tuple[int, int], category: Category) -> str:
        """Offer to replace the same words wherever they are in this interview."""
        review, pen = self._review, self._review.corrections
        said = review.find_turn(turn)
        if pen is None or said is None:
            return ""
        wanted = said.text[slice(*words)]
        covered: dict[int, list[tuple[int, int]]] = {}
        for one in review.decided:
            place = one.mention.start, one.mention.end
            covered.setdefault(one.mention.turn, []).append(place)
        others = [
            find
            for find in FindReplace(wanted).find_matches(pen.state)
            if find.event < 0
            and review.is_searched(find.turn)
            and all(b <= find.start or find.end <= a for a, b in covered.get(find.turn, ()))
        ]
        return self._same.offer(len(others), lambda: self._add_others(others, category))

    def _add_others(self, finds: Sequence[TextMatch], category: Category) -> None:
        made: list[str] = []

        def add() -> None:
            for find in finds:
                mention = anonymise.add_mention(
                    self._review.interview, find.turn, find.start, find.end, category
                )
                made.append(mention.key)

        self._stage.try_change(add)
        self._refresh()
        self._made.append(tuple(made))
        back = with_keys("{interview.undo} takes them back.")
        self._page.describe(f"{format_count(len(made), 'mention')} added, and replaced. {back}")

    def _decide(self, verdict: Verdict, *, replacement: str = "", alike: bool = False) -> None:
        review, current = self._review, self._cursor.mention
        if current is None:
            return
        self._record(
            lambda: anonymise.decide_mention(
                review.interview,
                current.mention.key,
                verdict,
                replacement=replacement,
                alike=alike,
            ),
            verdict,
            None if alike else current,
            replacement,
        )

    def _offer_here(self) -> None:
        """Offer what was decided about the mention under the cursor for the undecided like it."""
        current = self._cursor.mention
        if current is not None and (decision := current.decision) is not None:
            self._offer_alike(current, decision.verdict, decision.replacement)

    def _offer_alike(self, one: DecidedMention, verdict: Verdict, replacement: str) -> str:
        """Offer the same decision about all undecided mentions with the same replacement."""
        alike = sum(
            other.decision is None and other.mention.replacement == one.mention.replacement
            for other in self._review.decided
        )

        def decide() -> None:
            def store() -> list[Decision]:
                return anonymise.decide_mention(
                    self._review.interview, one.mention.key, verdict,
                    replacement=replacement, alike=True,
                )  # fmt: skip

            self._record(store, verdict)

        return self._same.offer(alike, decide)

    def _record(
        self,
        decide: Callable[[], list[Decision]],
        verdict: Verdict,
        alone: DecidedMention | None = None,
        replacement: str = "",
    ) -> None:
        """Store decisions, note them to be undone together, and go to what waits next.

        alone: the one mention that was decided, where others like it may have the same.
        """
        review = self._review
        made: list[str] = []

        def store() -> None:
            made.extend(decision.mention for decision in decide())

        if not self._stage.try_change(store):
            return
        stood = {one.mention.key: one.decision for one in review.decided}
        for key in made:
            self._before.setdefault(key, []).append(stood.get(key))
        self._read_again()
        self._made.append(tuple(made))
        following = self._undecided_from(self._view.cursor, 1)
        said = f"{format_count(len(made), 'mention')} {verdict.value}."
        self._same.forget()
        if alone is not None:
            said += self._offer_alike(alone, verdict, replacement)
        if following is not None:
            self._go_to(following, said)
            return
        self._stage.try_change(review.refresh_summary)
        does = "search the changed text, then send it" if review.is_stale else "send it"
        last = f"That was the last: press {{interview.ready}} to {does} to the data officer."
        if review.turn_objections:
            to_it = "{interview.next_undecided} goes to the turn that the officer objected to"
            last = f"{to_it}, {{interview.ready}} sends it."
        self._page.describe(f"{said} {with_keys(last)}")

    def _read_again(self) -> None:
        """Read the decisions again, and show what changed."""
        changed: list[int] | None = None

        def read() -> None:
            nonlocal changed
            changed = self._review.note_decisions()

        if not self._stage.try_change(read):
            return
        if changed is None:
            self._page.show_all()
        else:
            self._page.show_decisions(changed)

    def _undecided_from(self, at: int, by: int) -> int | None:
        decided = self._review.decided
        count = len(decided)
        if at < 0:
            at = self._before_turn() + (0 if by > 0 else 1)
        ring = ((at + by * step) % count for step in range(1, count + 1))
        return next((place for place in ring if decided[place].decision is None), None)

    def _before_turn(self) -> int:
        """Return the place of the last mention before the turn under the cursor, -1 for none."""
        review, here = self._review, self._cursor.number
        if self._cursor.turn is None:
            return -1
        return (
            bisect_left(review.decided, here, key=lambda d: review.number_of_turn(d.mention.turn))
            - 1
        )

    def _go_to(self, place: int, said: str = "") -> None:
        self._cursor.forget_words()
        self._cursor.go_to_mention(place)
        self._page.describe(said)


def _leave_out_punctuation(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Return a span without the signs around its words, which stay in the text."""
    start, end = span
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return (start, end) if start < end else span
