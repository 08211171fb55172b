"""``earshot review``: list the mentions and decide them, from the shell."""

from __future__ import annotations

import argparse

from study import decided
from study.decided import Decided
from study.errors import StepMissing, UnknownMention
from study.store import Study
from study.terms import Verdict
from tui.talk import Talk
from tui.verb import Verb, interview_argument, opened_at, study_argument


def _arguments(parser: argparse.ArgumentParser) -> None:
    study_argument(parser)
    interview_argument(parser)
    parser.add_argument("--accept", action="append", default=[], metavar="KEY")
    parser.add_argument("--reject", action="append", default=[], metavar="KEY")
    parser.add_argument("--change", action="append", default=[], metavar="KEY=TEXT")
    parser.add_argument("--undo", action="append", default=[], metavar="KEY")
    parser.add_argument(
        "--accept-all", action="store_true", help="accept every mention that is undecided"
    )
    parser.add_argument("--reason", default="", help="why, kept with the decisions of this call")


def _run(given: argparse.Namespace, talk: Talk) -> int:
    with opened_at(given, talk) as (study, summary):
        if not summary.versions.get(decided.Kind.MENTIONS):
            raise StepMissing("mentions", "Run `earshot anonymise STUDY INTERVIEW` first.")
        _decide(study, summary.id, given)
        _show(study, summary.id, talk)
    return 0


def _decide(study: Study, interview: str, given: argparse.Namespace) -> None:
    from anonymise.deciding import decide

    reason: str = given.reason
    for verdict, keys in (
        (Verdict.ACCEPTED, given.accept),
        (Verdict.REJECTED, given.reject),
        (Verdict.UNDONE, given.undo),
    ):
        for key in keys:
            decide(study, interview, key, verdict, reason=reason)
    for change in given.change:
        key, _, text = change.partition("=")
        if not text.strip():
            raise UnknownMention
        decide(study, interview, key, Verdict.CHANGED, replacement=text.strip(), reason=reason)
    if given.accept_all:
        accept_all(study, interview, reason)


def accept_all(study: Study, interview: str, reason: str = "") -> None:
    """Accept every mention that is undecided."""
    from anonymise.deciding import decide

    done: set[str] = set()
    for pair in decided.read(study, interview):
        if pair.decision is None and pair.mention.key not in done:
            # All alike at once: every call reads all decisions again.
            made = decide(
                study, interview, pair.mention.key, Verdict.ACCEPTED, reason=reason, alike=True
            )
            done.update(decision.mention for decision in made)


def sign(pair: Decided) -> str:
    """Return the sign and word of where a mention stands."""
    if pair.decision is None:
        return "? undecided"
    if pair.is_replaced:
        return f"\u2713 {pair.decision.verdict}"
    return f"\u2717 {pair.decision.verdict}"


def _show(study: Study, interview: str, talk: Talk) -> None:
    words = decided.words(study, interview)
    pairs = decided.read(study, interview)
    data = [
        {
            "key": p.mention.key,
            "turn": p.mention.turn,
            "start": p.mention.start,
            "end": p.mention.end,
            "category": p.mention.category,
            "source": p.mention.source,
            "score": p.mention.score,
            "original": words[p.mention.key],
            "replacement": p.replacement,
            "decision": p.decision.verdict if p.decision else None,
        }
        for p in pairs
    ]
    rows = [
        (
            p.mention.key,
            str(p.mention.turn),
            sign(p),
            p.mention.category,
            words[p.mention.key],
            p.replacement,
        )
        for p in pairs
    ]
    talk.table(data, ["key", "turn", "", "kind", "said", "replacement"], rows)


VERB = Verb(
    name="review",
    summary="List what was found in an interview and decide it; shows the words themselves.",
    example="earshot review dementia-course P07_i1 --accept 3f2a91c0 --change 77b01e2d='a friend'",
    run=_run,
    arguments=_arguments,
)
