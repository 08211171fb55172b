"""Change what stands for somebody, everywhere in the study at once.

A person types another replacement, tells who somebody is, finds that two were one, or turns the
whole study from labels to pseudonyms. It is one transaction over all interviews: there is never
a moment at which one person has two names. Decisions stay; what was handed over before does not
change, and the next export is made anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from anonymise import generalising, pseudonyms, steps
from anonymise.pseudonyms import Book, Identity, labelled, policy_of, read_book
from study import decided
from study.artefacts import Kind
from study.change import Change
from study.errors import BadReplacement, UnknownReplacement
from study.facts import PseudonymFacts
from study.screen_text import safe
from study.store import WHOLE_STUDY, Study
from study.terms import Dates, Mention, Mentions, Pseudonym, Settings, Style

_LONGEST = 80  # characters of a replacement: more is a remark


@dataclass(slots=True)
class _Renamed:
    """What is called otherwise from now on: new replacements by the label they were kept under."""

    book: Book
    now: dict[str, str] = field(default_factory=dict[str, str])


def every(study: Study) -> list[Pseudonym]:
    """Return what everybody and everything is called, in the order of the labels.

    Raises:
        KeyNotHeld: the passphrase in use does not open the key of pseudonyms.
    """
    named = [i.kept() for i in read_book(study).identities if i.replacement]
    return sorted(named, key=lambda one: (one.category, _number(one.label), one.label))


def rename(study: Study, label: str, replacement: str) -> int:
    """Let a typed text stand for somebody in the whole study; returns how many mentions changed.

    label: such as "[Person 2]" or "Person 2". No change of style touches what was typed.

    Raises:
        UnknownReplacement: the label stands for nobody.
        BadReplacement: the text is empty, too long, or stands for another.
    """
    typed = tidy(replacement)
    with study.change("replacement renamed") as change:
        book = read_book(study)
        identity = _find(book, label)
        if any(i.replacement == typed for i in book.identities if i is not identity):
            raise BadReplacement("stands for another already")
        identity.replacement, identity.by_hand = typed, True
        return _write(change, _Renamed(book, {identity.label: typed}))


def tell_role(study: Study, label: str, role: str) -> int:
    """Say who somebody is, for the label: "sister"; returns how many mentions changed.

    Raises:
        UnknownReplacement, BadReplacement: as for ``rename``.
    """
    with study.change("role told") as change:
        book = read_book(study)
        identity = _find(book, label)
        identity.role = tidy(role).translate(str.maketrans("", "", "[],"))
        if not identity.by_hand:
            identity.replacement = book.styled(identity)
        return _write(change, _Renamed(book, {identity.label: identity.replacement}))


def join(study: Study, label: str, into: str) -> int:
    """Make two identities one: both are called as ``into`` from now on.

    Raises:
        UnknownReplacement: a label stands for nobody, or both are one.
    """
    with study.change("replacements joined") as change:
        book = read_book(study)
        gone, stays = _find(book, label), _find(book, into)
        if gone is stays or gone.category is not stays.category:
            raise UnknownReplacement
        stays.forms |= gone.forms
        book.identities.remove(gone)
        return _write(change, _Renamed(book, {gone.label: stays.replacement}))


def restyle(study: Study, *, style: Style | None = None, dates: Dates | None = None) -> int:
    """Set how the study replaces, and change what was given already, but for what was typed.

    Returns how many mentions changed.
    """
    with study.change("replacing settled") as change:
        before = study.get(WHOLE_STUDY, Kind.SETTINGS, Settings) or Settings()
        settings = replace(before, style=style or before.style, dates=dates or before.dates)
        if settings == before:
            return 0
        change.put(WHOLE_STUDY, Kind.SETTINGS, settings)
        book = read_book(study)
        named = [i for i in book.identities if i.replacement and not i.by_hand]
        if settings.style is not before.style:
            for identity in named:
                identity.replacement = labelled(identity.label, identity.role)
            for identity in named:
                identity.replacement = book.styled(identity)
        return _write(change, _Renamed(book, {i.label: i.replacement for i in named}))


def tidy(text: str) -> str:
    """Return a typed replacement as it may stand in every file: one line, no control characters.

    Raises:
        BadReplacement: there is nothing left, or far too much.
    """
    plain = " ".join(safe(" ".join(text.split())).split())
    plain = plain.replace(
        "-->", "\u2192"
    )  # an arrow ends a time in subtitles: no text may hold one
    if not any(c.isalnum() for c in plain):
        raise BadReplacement("says nothing")
    if len(plain) > _LONGEST:
        raise BadReplacement(f"is longer than {_LONGEST} characters")
    return plain


def _find(book: Book, label: str) -> Identity:
    wanted = label.strip().strip("[]").partition(",")[0].casefold()
    for identity in book.identities:
        if identity.label and identity.label.strip("[]").casefold() == wanted:
            return identity
    raise UnknownReplacement


def _write(change: Change, renamed: _Renamed) -> int:
    """Write every interview in which something is called otherwise; returns how many mentions."""
    total = 0
    for summary in change.study.summaries():
        total += _write_one(change, summary.id, renamed)
    change.facts["mentions"] = total
    return total


def _write_one(change: Change, interview: str, renamed: _Renamed) -> int:
    study = change.study
    mentions = study.get(interview, Kind.MENTIONS, Mentions)
    if mentions is None:
        return 0
    before = pseudonyms.of_interview(study, interview)
    labels = {p.replacement: p.label or pseudonyms.label_of(p.replacement) for p in before}
    words = decided.words(study, interview)
    policy = policy_of(study, interview)

    def called(mention: Mention) -> str:
        label = labels.get(mention.replacement)
        if label is not None:
            return renamed.now.get(label, mention.replacement)
        if mention.category in generalising.BROADENED:
            broader = generalising.proposed(mention.category, words[mention.key], policy)
            return broader or mention.replacement
        return mention.replacement

    pairs = decided.read(study, interview)
    now = tuple(replace(m, replacement=called(m)) for m in mentions.mentions)
    changed = sum(a != b for a, b in zip(mentions.mentions, now, strict=True))
    book = renamed.book
    kept = book.used(renamed.now.get(label, old) for old, label in labels.items())
    if not changed and kept == before:
        return 0
    steps.write_mentions(change, interview, replace(mentions, mentions=now), pairs)
    change.put(interview, Kind.PSEUDONYMS, kept, PseudonymFacts(book.counts()))
    return changed


def _number(label: str) -> int:
    digits = "".join(c for c in label if c.isdigit())
    return int(digits) if digits else 0
