"""``earshot new``: make a study."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from app import save_to_keyring, set_consent_rule
from cli.console import Console
from cli.passphrase import ask_new_passphrase
from cli.verb import Verb, add_passphrase_argument
from cli.verb_advice import name_consent_command
from study import ConsentRule, StudyPolicy, parse_language
from study.store import Study, change_settings, change_study_policy


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "study", type=Path, metavar="FOLDER", help="a folder that does not exist yet"
    )
    add_passphrase_argument(parser)
    parser.add_argument(
        "--language",
        default="en",
        help="the language of its interviews: de, de-AT, German, Deutsch; auto finds it out",
    )
    parser.add_argument(
        "--consent",
        choices=[rule.value for rule in ConsentRule if rule],
        default=ConsentRule.RECORDED.value,
        help=(
            "what must exist before anything is recorded: a consent record for "
            "each participant, or paper that somebody has seen"
        ),
    )
    parser.add_argument(
        "--consent-seen-by", default="", metavar="NAME", help="who has seen the consent on paper"
    )
    parser.add_argument(
        "--remember",
        action="store_true",
        help="keep the passphrase in this system's keyring, where it has a secure one",
    )


def _run(arguments: argparse.Namespace, console: Console) -> int:
    folder: Path = arguments.study
    language = parse_language(arguments.language)
    policy = set_consent_rule(
        StudyPolicy(), ConsentRule(arguments.consent), arguments.consent_seen_by
    )
    passphrase = ask_new_passphrase(arguments.passphrase_fd)
    study, code = Study.create(folder, passphrase)
    with study:
        change_settings(study, language=language)
        change_study_policy(study, policy)
    if arguments.remember and not save_to_keyring(folder, passphrase):
        console.say("This system has no secure, open keyring, so the passphrase was not kept.")
    console.say(
        "The study is made. The recovery code below opens it if the passphrase is forgotten.\n"
        "It is shown only now: write it on paper, and keep it apart from the laptop."
    )
    console.print_result({"study": str(folder), "recovery_code": code}, [code])
    shown = shlex.quote(str(folder))
    if arguments.consent == ConsentRule.PAPER:
        console.say(f"Consent is on paper. Next, record an interview: `earshot open {shown}`.")
    else:
        command = name_consent_command("P07", shown)
        console.say(f"Next, what each participant agreed to: `{command}`.")
    return 0


VERB = Verb(
    name="new",
    summary="Make a study in a new folder, sealed with a passphrase.",
    example="earshot new dementia-course",
    run=_run,
    arguments=_arguments,
)
