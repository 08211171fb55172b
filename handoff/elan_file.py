"""EAF for ELAN: a tier of turns for each speaker, their words below it, and a tier of events."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from handoff.export_input import ExportInput
from handoff.time_tiers import TimeTier, build_tiers
from handoff.xml_file import render_xml

_FORMAT = "2.8"  # every ELAN since 2014 reads it
_SCHEMA = {  # pympi reads no file without it; nothing is fetched from there
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:noNamespaceSchemaLocation": f"http://www.mpi.nl/tools/elan/EAFv{_FORMAT}.xsd",
}
_MIME_TYPES = {"flac": "audio/flac", "opus": "audio/ogg"}
_STEREOTYPES = {
    "Time_Subdivision": "Time subdivision of parent annotation's time interval, no time gaps"
    " allowed within this interval",
    "Symbolic_Subdivision": "Symbolic subdivision of a parent annotation. Annotations refering to"
    " the same parent are ordered",
    "Symbolic_Association": "1-1 association with a parent annotation",
    "Included_In": "Time alignable annotations within the parent annotation's time interval, gaps"
    " are allowed",
}  # as ELAN writes them


def render_eaf(material: ExportInput, sound: str = "") -> bytes:
    """Return the transcript as an annotation document of ELAN.

    sound: the ending of the sound file beside it, "" where there is none.
    """
    root = Element("ANNOTATION_DOCUMENT", _SCHEMA)
    root.attrib.update(AUTHOR="", DATE=material.xml_time, FORMAT=_FORMAT, VERSION=_FORMAT)
    header = SubElement(root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    if sound:
        name = f"{material.label}.{sound}"
        SubElement(
            header, "MEDIA_DESCRIPTOR",
            MEDIA_URL=f"./{name}", RELATIVE_MEDIA_URL=f"./{name}", MIME_TYPE=_MIME_TYPES[sound],
        )  # fmt: skip
    tiers = build_tiers(material)
    slots = _number_slots(tiers)
    times = SubElement(root, "TIME_ORDER")
    for number, (ms, *_) in enumerate(slots, start=1):
        SubElement(times, "TIME_SLOT", TIME_SLOT_ID=f"ts{number}", TIME_VALUE=str(ms))
    numbers = [[0] * 2 * len(tier.spans) for tier in tiers]
    for number, (_, place, slot) in enumerate(slots, start=1):
        numbers[place][slot] = number
    count = 0
    for tier, slots_of_tier in zip(tiers, numbers, strict=True):
        count = _tier(root, tier, slots_of_tier, count)
    SubElement(header, "PROPERTY", NAME="lastUsedAnnotationId").text = str(count)
    for name in ("turn", "word", "event"):
        kind = SubElement(
            root, "LINGUISTIC_TYPE",
            LINGUISTIC_TYPE_ID=name, TIME_ALIGNABLE="true", GRAPHIC_REFERENCES="false",
        )  # fmt: skip
        if name == "word":
            kind.set("CONSTRAINTS", "Included_In")
    for name, meaning in _STEREOTYPES.items():
        SubElement(root, "CONSTRAINT", STEREOTYPE=name, DESCRIPTION=meaning)
    return render_xml(root)


def _number_slots(tiers: Sequence[TimeTier]) -> list[tuple[int, int, int]]:
    """Return (time, tier, slot of the tier) in the order of time; each annotation has two slots."""
    return sorted(
        (ms, place, 2 * number + side)
        for place, tier in enumerate(tiers)
        for number, span in enumerate(tier.spans)
        for side, ms in enumerate(span[:2])
    )


def _tier(root: Element, tier: TimeTier, slots: Sequence[int], count: int) -> int:
    """Add a tier; return how many annotations there are now."""
    kind = "word" if tier.is_words else "turn" if tier.speaker else "event"
    element = SubElement(root, "TIER", TIER_ID=tier.name, LINGUISTIC_TYPE_REF=kind)
    if tier.speaker:
        element.set("PARTICIPANT", tier.speaker)
    if tier.is_words:
        element.set("PARENT_REF", tier.speaker)
    for number, (_, _, text) in enumerate(tier.spans):
        count += 1
        annotation = SubElement(
            SubElement(element, "ANNOTATION"), "ALIGNABLE_ANNOTATION",
            ANNOTATION_ID=f"a{count}",
            TIME_SLOT_REF1=f"ts{slots[2 * number]}",
            TIME_SLOT_REF2=f"ts{slots[2 * number + 1]}",
        )  # fmt: skip
        SubElement(annotation, "ANNOTATION_VALUE").text = text
    return count
