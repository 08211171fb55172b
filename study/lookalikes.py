# ruff: noqa: RUF001 - letters that look alike are what this is about
"""Names that look like one another although they are spelled with other letters.

Three alphabets share many shapes, and some characters show nothing at all: the "O" of Greek or
Cyrillic is not the Latin one, and nobody sees the difference in a trail or on a sheet. The table
holds the letters of those alphabets that look like Latin ones in common typefaces; it follows the
idea of Unicode's UTS 39, and takes the letters of names alone. Accents count: René is not Rene.
"""

from __future__ import annotations

import unicodedata

_TWINS = {
    # Greek
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳ", "ABEZHIKMNOPTYXCj", strict=True)),
    **dict(zip("αγεηικνορτυχω", "ayenikvoptuxw", strict=True)),
    # Cyrillic
    **dict(zip("АВЕЅІЈКМНОРСТУХҮԚԜ", "ABESIJKMHOPCTYXYQW", strict=True)),
    **dict(zip("авеѕіјкмнорстухүһԁԛԝгп", "abesijkmhopctyxyhdqwrn", strict=True)),
    # Armenian
    **dict(zip("ՕՏԼՍօոսհցզ", "OSLUonuhgq", strict=True)),
    # Latin letters and signs beside the usual ones
    **dict(zip("ıɑɡꞁǀ|01", "iagllIOI", strict=True)),
}
_SHOWN_AS_NOTHING = frozenset("\u034f\u115f\u1160\u3164\uffa0\u2800") | frozenset(
    map(chr, range(0xFE00, 0xFE10))
)


def spell_by_shape(name: str) -> str:
    """Spell a name by the shapes of its letters; names that look alike give the same.

    A Latin capital I counts as the small l that it looks like; letters of other scripts stay.
    """
    shown = (
        c
        for c in unicodedata.normalize("NFKD", name)
        if unicodedata.category(c) != "Cf" and c not in _SHOWN_AS_NOTHING
    )
    twins = "".join(_TWINS.get(c, c) for c in shown)
    return " ".join(twins.replace("I", "l").casefold().split())
