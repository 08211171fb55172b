"""EXB for EXMARaLDA's Partitur-Editor: a basic transcription, with roles in its speaker table."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from handoff.export_input import ExportInput
from handoff.time_tiers import build_tiers, name_role
from handoff.xml_file import render_xml


def render_exb(material: ExportInput, sound: str = "") -> bytes:
    """Return the transcript as a basic transcription.

    sound: the ending of the sound file beside it, "" where there is none.
    """
    tiers = build_tiers(material)
    root = Element("basic-transcription")
    speakers = list(dict.fromkeys(tier.speaker for tier in tiers if tier.speaker))
    _head(SubElement(root, "head"), material, speakers, sound)
    body = SubElement(root, "basic-body")
    timeline = SubElement(body, "common-timeline")
    times = {
        ms: f"T{n}"
        for n, ms in enumerate(sorted({t for x in tiers for s in x.spans for t in s[:2]}))
    }
    for ms, name in times.items():
        SubElement(timeline, "tli", id=name, time=f"{ms / 1000:.3f}")
    for number, tier in enumerate(tiers):
        kind, category = (
            ("a", "w") if tier.is_words else ("t", "v") if tier.speaker else ("d", "nn")
        )
        element = SubElement(
            body, "tier", {"id": f"TIE{number}", "category": category, "type": kind,
                           "display-name": f"{tier.name} [{category}]"},
        )  # fmt: skip
        if tier.speaker:
            element.set("speaker", f"SPK{speakers.index(tier.speaker)}")
        for start, end, text in tier.spans:
            SubElement(element, "event", start=times[start], end=times[end]).text = text
    return render_xml(root)


def _head(head: Element, material: ExportInput, speakers: list[str], sound: str) -> None:
    about = SubElement(head, "meta-information")
    SubElement(about, "project-name")
    SubElement(about, "transcription-name").text = material.label
    SubElement(about, "referenced-file", url=f"{material.label}.{sound}" if sound else "")
    for empty in ("ud-meta-information", "comment", "transcription-convention"):
        SubElement(about, empty)
    table = SubElement(head, "speakertable")
    for number, code in enumerate(speakers):
        speaker = SubElement(table, "speaker", id=f"SPK{number}")
        SubElement(speaker, "abbreviation").text = code
        SubElement(speaker, "sex", value="u")  # unknown: what an attribute may say, cases.csv says
        for empty in ("languages-used", "l1", "l2"):
            SubElement(speaker, empty)
        known = SubElement(speaker, "ud-speaker-information")
        if role := name_role(material, code):
            SubElement(known, "ud-information", {"attribute-name": "role"}).text = role
        SubElement(speaker, "comment")
