"""Make a picture of the interface: ``python docs/picture.py STUDY OUT.svg [--keys enter,a]``.

For the README and the pages of this folder; the study should be the one that ``earshot demo``
makes, for a picture shows what is on the screen. The passphrase comes from EARSHOT_PASSPHRASE.
These made review.svg, correcting.svg, check.svg, home.svg, consent-form.svg and withdrawal.svg:

    --size 110x32 --keys enter,u,y,right_square_bracket,u,right_square_bracket,u,left_square_bracket
    --size 80x24 --keys enter,home,down,down,enter,end,space,I,space,w,a,s
    --size 100x30 --keys K,y,y,down,down
    --size 104x14 --keys enter,u,y,right_square_bracket,u,escape,down,enter,u,y,a,escape,up
    --size 80x24 --keys C,enter,end,up,up,up
    --size 80x24 --keys delete,down,4

And this made record.svg, with a microphone that hears something and a topic guide:

    --size 100x30 --keys N,P,0,1,_,i,2,enter,r,y,g,g,m,1
"""  # noqa: INP001 - a script of its own

from __future__ import annotations

import argparse
import asyncio
import os
import re
from pathlib import Path

from study.store import Study
from tui import DARK_NAME, LIGHT_NAME, Earshot

_WEB_FONTS = re.compile(r"@font-face\s*{[^}]*}")  # a reader's browser shall ask nobody for fonts

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


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(description="Make a picture of the interface.")
    parser.add_argument("study", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--keys", default="enter", help="what to press first, with commas")
    parser.add_argument("--size", default="100x30", help="columns x lines")
    parser.add_argument("--light", action="store_true", help="the light colours")
    arguments = parser.parse_args()
    columns, lines = arguments.size.split("x")
    keys = [key for key in arguments.keys.split(",") if key]
    theme = LIGHT_NAME if arguments.light else DARK_NAME
    with Study.open(arguments.study, os.environ["EARSHOT_PASSPHRASE"]) as study:
        svg = asyncio.run(picture(study, (int(columns), int(lines)), keys, theme))
    arguments.out.write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
