"""A REFI-QDA 1.5 project: texts, cases with attributes, and topics as codes where asked.

What programs do with a valid project decides what is in it. The text is a file of its own, for
inline text crashes QualCoder; it has LF and no byte order mark, for every other line end moves
positions; folder and file names are plain. Each case is also a code of the same identifier over
the whole document, as NVivo writes it: QualCoder loses the case's own link. The one user is this
program, because qualitative-coding takes no coding without one; nobody is named. All times are the
day of the hand-over: the day of the interview could tell who it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from handoff.cases import people
from handoff.lines import Line
from handoff.material import Material
from handoff.packing import packed
from handoff.plain_text import paragraph
from study.steps import PROGRAM

NAMESPACE = "urn:QDA-XML:project:1.0"
_USER = "Earshot"
_BETWEEN = 2  # characters between two paragraphs: the end of the line, and the blank one


def refi(materials: Sequence[Material], *, with_topics: bool = False, sound: str = "") -> bytes:
    """Return a project of these interviews.

    with_topics: each topic of the guide is a code over what was said from its heading to the next.
    sound: the ending of the files with sound that lie beside the project, "" where there are
        none; each turn is then a point where the text and the sound are in step.
    """
    project = _Project(materials, with_topics=with_topics, sound=sound)
    texts = {f"sources/{m.guid(m.interview, 'text')}.txt": _text(m) for m in materials}
    return packed({"project.qde": project.written(), **texts})


def _text(material: Material) -> bytes:
    return _whole(material).encode()


def _whole(material: Material) -> str:
    return "\n\n".join(paragraph(line) for line in material.lines) + "\n"


class _Project:
    """One project under construction."""

    def __init__(self, materials: Sequence[Material], *, with_topics: bool, sound: str) -> None:
        self._materials, self._sound = materials, sound
        self._first = materials[0]
        self._topics = sorted(_headings(materials)) if with_topics else []
        self._cases = people(materials)

    def written(self) -> bytes:
        """Return the project as XML."""
        root = Element("Project", xmlns=NAMESPACE)
        root.attrib.update(
            name=self._first.label if len(self._materials) == 1 else "Interviews",
            origin=PROGRAM,
            creationDateTime=self._first.stamp,
        )
        user = self._first.guid("user")
        SubElement(SubElement(root, "Users"), "User", guid=user, name=_USER)
        if self._cases or self._topics:
            self._codes(SubElement(SubElement(root, "CodeBook"), "Codes"))
        if self._cases:
            self._variables(SubElement(root, "Variables"))
            self._case_list(SubElement(root, "Cases"))
        sources = SubElement(root, "Sources")
        for material in self._materials:
            self._source(sources, material)
            if self._sound:
                self._heard(sources, material)
        indent(root)
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, "utf-8") + b"\n"

    def _codes(self, codes: Element) -> None:
        for case in self._cases:
            SubElement(codes, "Code", guid=self._case(case.code), name=case.code, isCodable="true")
        for topic in self._topics:
            SubElement(codes, "Code", guid=self._topic(topic), name=topic, isCodable="true")

    def _variables(self, variables: Element) -> None:
        for name in self._first.attributes:
            guid = self._first.guid("attribute", name)
            SubElement(variables, "Variable", guid=guid, name=name, typeOfVariable="Text")

    def _case_list(self, cases: Element) -> None:
        for case in self._cases:
            made = SubElement(cases, "Case", guid=self._case(case.code), name=case.code)
            SubElement(made, "CodeRef", targetGUID=self._case(case.code))
            for name, value in case.attributes.items():
                held = SubElement(made, "VariableValue")
                guid = self._first.guid("attribute", name)
                SubElement(held, "VariableRef", targetGUID=guid)
                SubElement(held, "TextValue").text = value
            for material in self._materials:
                if any(one.code == case.code for one in material.cases):
                    guid = material.guid(material.interview, "source")
                    SubElement(made, "SourceRef", targetGUID=guid)

    def _source(self, sources: Element, material: Material) -> None:
        of = material.interview
        source = SubElement(
            sources,
            "TextSource",
            guid=material.guid(of, "source"),
            name=material.label,
            plainTextPath=f"internal://{material.guid(of, 'text')}.txt",
            creationDateTime=material.stamp,
        )
        end = len(_whole(material))
        for case in material.cases:
            if not case.is_interviewer:
                self._select(source, material, (0, end), self._case(case.code), case.code)
        for topic, begin, until in _passages(material.lines):
            if topic in self._topics:
                self._select(source, material, (begin, until), self._topic(topic), topic)

    def _heard(self, sources: Element, material: Material) -> None:
        of, text = material.interview, material.guid(material.interview, "text")
        source = SubElement(
            sources,
            "AudioSource",
            guid=material.guid(of, "sound"),
            name=f"{material.label}-sound",
            path=f"relative:///{material.label}.{self._sound}",
            creationDateTime=material.stamp,
        )
        transcript = SubElement(
            source,
            "Transcript",
            guid=material.guid(of, "transcript"),
            name=material.label,
            plainTextPath=f"internal://{text}.txt",
            creationDateTime=material.stamp,
        )
        at = 0
        for number, line in enumerate(material.lines):
            SubElement(
                transcript,
                "SyncPoint",
                guid=material.guid(of, "point", str(number)),
                timeStamp=str(round(line.start_s * 1000)),
                position=str(at),
            )
            at += len(paragraph(line)) + _BETWEEN

    def _select(
        self, source: Element, material: Material, place: tuple[int, int], code: str, name: str
    ) -> None:
        of = (material.interview, code, str(place[0]))
        selection = SubElement(
            source,
            "PlainTextSelection",
            guid=material.guid("selection", *of),
            name=name,
            startPosition=str(place[0]),
            endPosition=str(place[1]),
            creationDateTime=material.stamp,
        )
        coding = SubElement(
            selection,
            "Coding",
            guid=material.guid("coding", *of),
            creatingUser=self._first.guid("user"),
            creationDateTime=material.stamp,
        )
        SubElement(coding, "CodeRef", targetGUID=code)

    def _case(self, code: str) -> str:
        return self._first.guid("case", code)

    def _topic(self, heading: str) -> str:
        return self._first.guid("topic", heading)


def _headings(materials: Sequence[Material]) -> set[str]:
    return {line.text for m in materials for line in m.lines if line.is_topic}


def _passages(lines: Sequence[Line]) -> list[tuple[str, int, int]]:
    """Return each topic with where its passage begins and ends, in code points of the text."""
    found: list[tuple[str, int, int]] = []
    at, heading, begun = 0, "", 0
    for line in lines:
        if line.is_topic:
            if heading:
                found.append((heading, begun, at - _BETWEEN))
            heading, begun = line.text, at
        at += len(paragraph(line)) + _BETWEEN
    return [*found, (heading, begun, at - _BETWEEN)] if heading else found
