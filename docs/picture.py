"""Make a picture of the interface: ``python docs/picture.py STUDY OUT.svg [--keys enter,a]``.

For the README and the pages of this folder. The passphrase comes from EARSHOT_PASSPHRASE. The study
is made by ``python docs/picture.py STUDY --make``: the three interviews that ship with Earshot,
transcribed by tiny.en and searched, with everything still to decide. Each picture is of a new copy:

    review.svg        --size 110x32 --keys enter,g,g,a,g
    correcting.svg    --size 80x24 --keys enter,home,down,down,enter,end,space,I,space,w,a,s
    home.svg          --size 104x14 --keys enter,vertical_line,escape,down
    consent-form.svg  --size 80x24 --keys C,enter,end,up,up,up
    withdrawal.svg    --size 80x24 --keys delete,down,4

check.svg is of the study that ``earshot demo`` makes, in which everything is decided:

    --size 100x30 --keys K,y,y,down,down

And this made record.svg, with a microphone that hears something and a topic guide:

    --size 100x30 --keys N,P,0,1,_,i,2,enter,r,y,g,g,m,1
"""  # noqa: INP001 - a script of its own

from __future__ import annotations

import argparse
import asyncio
import os
import re
from pathlib import Path

from anonymise import search_transcript
from app import ConsentDraft, add_speakers, record_consent
from capture import import_sound
from models import find_names_model, find_speech_model, load_demonstration
from study import ConsentAnswer, ConsentPurpose, InterviewDetails, Participant, Role
from study.store import Study
from transcribe import transcribe_interview
from tui import DARK_NAME, LIGHT_NAME, Earshot

_WEB_FONTS = re.compile(r"@font-face\s*{[^}]*}")  # a reader's browser shall ask nobody for fonts

_PEOPLE = {
    "interview": ("P01_i1", Participant("P01", Role.PARTICIPANT, ("Arthur Thackray",))),
    "spouse": ("FAM01_i1", Participant("FAM01", Role.SUPPORTER, ("Jean Thackray",))),
    "staff": ("STAFF01_i1", Participant("STAFF01", Role.STAFF, ("Graham Hebblethwaite",))),
}

_A_BREATH_S = 3.0  # a recording has something to show by then


async def picture(study: Study, size: tuple[int, int], keys: list[str], theme: str) -> str:
    """Return the screen as SVG, after these keys were pressed."""
    app = Earshot(study)
    async with app.run_test(size=size) as pilot:
        app.theme = theme
        for key in keys:
            await pilot.press(key)
            await app.workers.wait_for_complete()  # pyright: ignore[reportUnknownMemberType]
        await pilot.pause(_A_BREATH_S)
        drawn = _WEB_FONTS.sub("", app.export_screenshot(title="earshot open"))
    app.stop_everything()
    return drawn


def make_study(folder: Path, passphrase: str) -> None:
    """Make a study of the shipped interviews in which nothing is decided yet."""
    speech, names = find_speech_model("tiny.en"), find_names_model()
    study, _ = Study.create(folder, passphrase)
    with study:
        day = study.now()[:10]
        for name, (label, person) in _PEOPLE.items():
            answers = tuple((one, ConsentAnswer.YES) for one in ConsentPurpose)
            taker = "nobody: the person is made up"
            record_consent(
                study,
                ConsentDraft(
                    person.code, sheet="made up", sheet_date=day, form="made up", form_date=day,
                    taken_by=taker, taken_on=day, answers=answers,
                ),
            )  # fmt: skip
            heard = load_demonstration(name)
            everybody = (Participant("INT01", Role.INTERVIEWER), person)
            about = InterviewDetails(label, everybody, heard.channels, ())
            interview = study.interview(import_sound(study, heard.sound, about))
            transcribe_interview(interview, speech)
            add_speakers(interview)
            search_transcript(interview, name_model=names)


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description="Make a picture of the interface.")
    parser.add_argument("study", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=Path("picture.svg"))
    parser.add_argument("--make", action="store_true", help="make the study, and no picture")
    parser.add_argument("--keys", default="enter", help="what to press first, with commas")
    parser.add_argument("--size", default="100x30", help="columns x lines")
    parser.add_argument("--light", action="store_true", help="the light colours")
    arguments = parser.parse_args()
    if arguments.make:
        make_study(arguments.study, os.environ["EARSHOT_PASSPHRASE"])
        return
    columns, lines = arguments.size.split("x")
    keys = [key for key in arguments.keys.split(",") if key]
    theme = LIGHT_NAME if arguments.light else DARK_NAME
    with Study.open(arguments.study, os.environ["EARSHOT_PASSPHRASE"]) as study:
        svg = asyncio.run(picture(study, (int(columns), int(lines)), keys, theme))
    arguments.out.write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
