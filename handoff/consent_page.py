"""The questions of a consent in large print, to be read aloud and ticked with a pen."""

from __future__ import annotations

from html import escape

from handoff.printed_sheet import PAGE_BEGINNING
from study import PURPOSE_QUESTIONS

_PAGE = """\
<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>{title}</title>
<style>
@page {{ size: A4; margin: 18mm; }}
body {{ font: 22px/1.5 Arial, Helvetica, sans-serif; color: #000; background: #fff;
  max-width: 34em; margin: 1em auto; padding: 0 1em; }}
h1 {{ font-size: 1.5em; margin: 0 0 .6em; }}
.asked {{ border-top: 2px solid #000; padding: .5em 0; break-inside: avoid; }}
.asked b, .signed b {{ display: block; }}
.box {{ display: inline-block; width: 1.1em; height: 1.1em; border: 3px solid #000;
  vertical-align: -.2em; margin: 0 .4em 0 0; }}
.answer {{ margin-right: 3em; }}
.signed {{ border-top: 2px solid #000; padding-top: .5em; break-inside: avoid; }}
.signed p {{ margin: 1.2em 0; }}
</style></head>
<body>
{beginning}
<h1>{title}</h1>
{before}
{questions}
<div class="signed">
{after}
</div>
</body>
</html>
"""
_TITLE = "What do you agree to?"
_BEFORE = (
    "You decide. You can say yes or no to each question.",
    "You can stop at any time. You do not have to say why.",
    "Nothing happens to your care if you say no.",
)
_ANSWERS = ("Yes", "No")
_BLANKS = (
    "Code:", "Information sheet, version and date:", "Consent form, version and date:",
    "Who says yes (you, or somebody for you):", "Signed:", "Date:", "Who asked:",
)  # fmt: skip


def render_consent_page(code: str = "") -> bytes:
    """Return a page with every question, to print. code: of the participant, "" for a blank."""
    boxes = "".join(
        f'<span class="answer"><span class="box"></span>{answer}</span>' for answer in _ANSWERS
    )
    questions = "\n".join(
        f'<div class="asked"><b>{number}. {escape(question)}</b>{boxes}</div>'
        for number, question in enumerate(PURPOSE_QUESTIONS.values(), 1)
    )
    blanks = (
        f"<p>{label} {escape(code) if code and label == 'Code:' else '_' * 24}</p>"
        for label in _BLANKS
    )
    return _PAGE.format(
        beginning=PAGE_BEGINNING,
        title=_TITLE,
        before="\n".join(f"<p>{sentence}</p>" for sentence in _BEFORE),
        questions=questions,
        after="\n".join(blanks),
    ).encode()
