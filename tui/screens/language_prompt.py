"""The questions about the language of an interview: which it is, and what if another is heard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app import TRANSCRIBE_VERB, JobFailed, list_choosable_models
from study import AUTO_LANGUAGE, InterviewSummary, name_language, parse_language
from study.errors import EarshotError, LanguageUnknown, OtherLanguage
from study.store import change_settings, read_language, read_settings, set_language
from tui.key_advice import describe_error
from tui.screens.dialogs import MessageDialog
from tui.screens.host import Host
from tui.screens.prompts import ChoicePrompt, TextPrompt

_HINT = "A name or a code: German, Deutsch, de. auto finds it out from the first minutes."


def make_language_prompt(chosen: str) -> TextPrompt:
    """Return the prompt for a language; it answers with a text that ``parse_language`` takes.

    chosen: the code that stands there now, or ``auto``.
    """

    def check(text: str) -> str:
        try:
            parse_language(text)
        except LanguageUnknown as unknown:
            return f"{unknown} {_HINT}"
        return ""

    now = chosen if chosen == AUTO_LANGUAGE else name_language(chosen)
    return TextPrompt("Which language is spoken?", value=now, hint=_HINT, check=check)


def choose_whose_language(
    host: Host, summary: InterviewSummary | None, then: Callable[[], None]
) -> None:
    """Ask whether an interview or the whole study is meant, and for its language.

    summary: the interview under the cursor; None where there is none, and the study alone is meant.
    """
    if summary is None:
        choose_study_language(host, then)
        return

    def answered(number: int | None) -> None:
        if number is not None:
            (partial(choose_language, host, summary), partial(choose_study_language, host))[number](
                then
            )

    ways = [
        f"{summary.label} alone",
        "the whole study, where an interview has no language of its own",
    ]
    host.push_screen(ChoicePrompt("Whose language?", ways), answered)


def choose_study_language(host: Host, then: Callable[[], None]) -> None:
    """Ask for the language of the study and keep it; ``then`` follows where one was given."""

    def typed(text: str | None) -> None:
        if text is None:
            return
        try:
            change_settings(host.study, language=parse_language(text))
        except EarshotError as error:
            host.push_screen(MessageDialog(describe_error(error, host.preferences.keys)))
        else:
            then()

    try:
        host.push_screen(make_language_prompt(read_settings(host.study).language), typed)
    except EarshotError as error:
        host.push_screen(MessageDialog(describe_error(error, host.preferences.keys)))


def choose_language(host: Host, summary: InterviewSummary, then: Callable[[], None]) -> None:
    """Ask for the language of an interview and keep it; ``then`` follows where one was given."""
    interview = host.study.interview(summary.id)

    def typed(text: str | None) -> None:
        if text is not None and _keep(host, summary, parse_language(text)):
            then()

    try:
        host.push_screen(make_language_prompt(read_language(interview)), typed)
    except EarshotError as error:
        host.push_screen(MessageDialog(describe_error(error, host.preferences.keys)))


def ask_what_is_spoken(
    host: Host, summary: InterviewSummary, ending: JobFailed, model: str
) -> None:
    """Ask in which language to transcribe, after the check found another or could not tell.

    model: the name of the model that was chosen; another one where it has not learnt the language.
    Each answer transcribes the interview again but the last, and Escape leaves it as it is.
    """

    def again(*, is_unchecked: bool = False) -> None:
        fitting = {one.name for one in list_choosable_models(host.study, summary)}
        kept = model if model in fitting else ""
        host.begin_work(TRANSCRIBE_VERB, summary, is_unchecked=is_unchecked, model=kept)

    def take_heard() -> None:
        if _keep(host, summary, ending.language):
            again()

    ways: list[tuple[str, Callable[[], None]]] = []
    if ending.language:
        ways.append((f"Transcribe it in {name_language(ending.language)}.", take_heard))
    if ending.exit_code == OtherLanguage.exit_code:
        wanted = name_language(read_language(host.study.interview(summary.id)))
        keep_to = f"It is {wanted}: transcribe it all the same."
        ways.append((keep_to, lambda: again(is_unchecked=True)))
    ways.append(("Another language ...", lambda: choose_language(host, summary, again)))

    def answered(number: int | None) -> None:
        if number is not None:
            ways[number][1]()

    question = f"{summary.label}: {ending.message}"
    host.push_screen(ChoicePrompt(question, [text for text, _ in ways]), answered)


def _keep(host: Host, summary: InterviewSummary, code: str) -> bool:
    """Make a language that of an interview; on an error, show it and return False."""
    try:
        set_language(host.study.interview(summary.id), code)
    except EarshotError as error:
        host.push_screen(MessageDialog(describe_error(error, host.preferences.keys)))
        return False
    return True
