"""A REFI-QDA 1.5 project: texts, cases with attributes, and topics as codes where ordered.

Its content follows what programs do with a valid project. The text is a file of its own, because
inline text crashes QualCoder; it has LF and no byte order mark, because every other line end moves
positions; folder and file names are plain. Each case is also a code of the same identifier over
the whole document, as NVivo writes it, because QualCoder loses the case's own link. The only user
is this program, because qualitative-coding accepts no coding without one; no person is named. All
times are the day of the hand-over: the day of an interview could identify somebody.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from handoff.case_table import list_cases
from handoff.export_input import ExportInput
from handoff.plain_text import format_paragraph
from handoff.transcript_lines import TranscriptLine
from handoff.xml_file import render_xml
from handoff.zip_files import build_zip
from study import PROGRAM_VERSION

REFI_NAMESPACE = "urn:QDA-XML:project:1.0"
_USER = "Earshot"
_BETWEEN = 2  # characters between two paragraphs: two line ends


def render_refi_project(
    materials: Sequence[ExportInput], *, with_topics: bool = False, sound: str = ""
) -> bytes:
    """Return a project of these interviews.

    with_topics: each topic of the guide is a code over the text from its heading to the next.
    sound: the ending of the sound files beside the project, "" where there are none. With
        sound, a synchronisation point for each turn links the text to it.
    """
    project = _Project(materials, with_topics=with_topics, sound=sound)
    texts = {f"sources/{m.make_guid(m.interview, 'text')}.txt": _text(m) for m in materials}
    return build_zip({"project.qde": project.render(), **texts})


def _text(material: ExportInput) -> bytes:
    return _whole(material).encode()


def _whole(material: ExportInput) -> str:
    return "\n\n".join(format_paragraph(line) for line in material.lines) + "\n"


class _Project:
    """One project under construction."""

    def __init__(self, materials: Sequence[ExportInput], *, with_topics: bool, sound: str) -> None:
        self._materials, self._sound = materials, sound
        self._first = materials[0]
        self._topics = sorted(_headings(materials)) if with_topics else []
        self._cases = list_cases(materials)

    def render(self) -> bytes:
        """Return the project as XML."""
        root = Element("Project", xmlns=REFI_NAMESPACE)
        root.attrib.update(
            name=self._first.label if len(self._materials) == 1 else "Interviews",
            origin=PROGRAM_VERSION,
            creationDateTime=self._first.xml_time,
        )
        user = self._first.make_guid("user")
        SubElement(SubElement(root, "Users"), "User", guid=user, name=_USER)
        if self._cases or self._topics:
            self._codes(SubElement(SubElement(root, "CodeBook"), "Codes"))
        if self._cases:
            self._variables(SubElement(root, "Variables"))
            self._case_list(SubElement(root, "Cases"))
        sources = SubElement(root, "Sources")
        for material in self._materials:
            self._text_source(sources, material)
            if self._sound:
                self._audio_source(sources, material)
        return render_xml(root)

    def _codes(self, codes: Element) -> None:
        for case in self._cases:
            SubElement(codes, "Code", guid=self._case(case.code), name=case.code, isCodable="true")
        for topic in self._topics:
            SubElement(codes, "Code", guid=self._topic(topic), name=topic, isCodable="true")

    def _variables(self, variables: Element) -> None:
        for name in self._first.attributes:
            guid = self._first.make_guid("attribute", name)
            SubElement(variables, "Variable", guid=guid, name=name, typeOfVariable="Text")

    def _case_list(self, cases: Element) -> None:
        for case in self._cases:
            element = SubElement(cases, "Case", guid=self._case(case.code), name=case.code)
            SubElement(element, "CodeRef", targetGUID=self._case(case.code))
            for name, value in case.attributes.items():
                variable = SubElement(element, "VariableValue")
                guid = self._first.make_guid("attribute", name)
                SubElement(variable, "VariableRef", targetGUID=guid)
                SubElement(variable, "TextValue").text = value
            for material in self._materials:
                if any(one.code == case.code for one in material.cases):
                    guid = material.make_guid(material.interview, "source")
                    SubElement(element, "SourceRef", targetGUID=guid)

    def _text_source(self, sources: Element, material: ExportInput) -> None:
        interview = material.interview
        source = SubElement(
            sources,
            "TextSource",
            guid=material.make_guid(interview, "source"),
            name=material.label,
            plainTextPath=f"internal://{material.make_guid(interview, 'text')}.txt",
            creationDateTime=material.xml_time,
        )
        end = len(_whole(material))
        for case in material.cases:
            if not case.is_interviewer:
                self._select(source, material, (0, end), self._case(case.code), case.code)
        for topic, begin, until in _passages(material.lines):
            if topic in self._topics:
                self._select(source, material, (begin, until), self._topic(topic), topic)

    def _audio_source(self, sources: Element, material: ExportInput) -> None:
        interview = material.interview
        text = material.make_guid(interview, "text")
        source = SubElement(
            sources,
            "AudioSource",
            guid=material.make_guid(interview, "sound"),
            name=f"{material.label}-sound",
            path=f"relative:///{material.label}.{self._sound}",
            creationDateTime=material.xml_time,
        )
        transcript = SubElement(
            source,
            "Transcript",
            guid=material.make_guid(interview, "transcript"),
            name=material.label,
            plainTextPath=f"internal://{text}.txt",
            creationDateTime=material.xml_time,
        )
        position = 0
        for number, line in enumerate(material.lines):
            SubElement(
                transcript,
                "SyncPoint",
                guid=material.make_guid(interview, "point", str(number)),
                timeStamp=str(round(line.start_s * 1000)),
                position=str(position),
            )
            position += len(format_paragraph(line)) + _BETWEEN

    def _select(
        self, source: Element, material: ExportInput, place: tuple[int, int], code: str, name: str
    ) -> None:
        parts = (material.interview, code, str(place[0]))
        selection = SubElement(
            source,
            "PlainTextSelection",
            guid=material.make_guid("selection", *parts),
            name=name,
            startPosition=str(place[0]),
            endPosition=str(place[1]),
            creationDateTime=material.xml_time,
        )
        coding = SubElement(
            selection,
            "Coding",
            guid=material.make_guid("coding", *parts),
            creatingUser=self._first.make_guid("user"),
            creationDateTime=material.xml_time,
        )
        SubElement(coding, "CodeRef", targetGUID=code)

    def _case(self, code: str) -> str:
        return self._first.make_guid("case", code)

    def _topic(self, heading: str) -> str:
        return self._first.make_guid("topic", heading)


def _headings(materials: Sequence[ExportInput]) -> set[str]:
    return {line.text for m in materials for line in m.lines if line.is_topic}


def _passages(lines: Sequence[TranscriptLine]) -> list[tuple[str, int, int]]:
    """Return each topic with the start and end of its passage, in code points of the text."""
    passages: list[tuple[str, int, int]] = []
    position, heading, start = 0, "", 0
    for line in lines:
        if line.is_topic:
            if heading:
                passages.append((heading, start, position - _BETWEEN))
            heading, start = line.text, position
        position += len(format_paragraph(line)) + _BETWEEN
    return [*passages, (heading, start, position - _BETWEEN)] if heading else passages
