"""A REFI-QDA 1.5 project: texts, cases with attributes, and codes where ordered.

Its content follows what programs do with a valid project. The text is a file of its own, because
inline text crashes QualCoder; it has LF and no byte order mark, because every other line end moves
positions; folder and file names are plain. Each case is also a code of the same identifier over
that person's turns, or over the whole document where it has none: QualCoder loses the case's own
link, and makes case text of such a code, which is how NVivo writes cases. The only user is this
program, because qualitative-coding accepts no coding without one; no person is named. All times are
the day of the hand-over: the day of an interview could identify somebody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
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
_PAUSE = "Pause"
_BETWEEN = 2  # characters between two paragraphs: two line ends


class ProjectCode(StrEnum):
    """What becomes a code in a project if asked, by the word that people type."""

    TOPICS = "topics"  # each topic of the guide, over the text from its heading to the next
    SPEAKERS = "speakers"  # each speaker, over each of their turns
    PAUSES = "pauses"  # all silences


def render_refi_project(
    materials: Sequence[ExportInput], *, codes: Collection[ProjectCode] = (), sound: str = ""
) -> bytes:
    """Return a project of these interviews.

    sound: the ending of the sound files beside the project, "" where there are none. With
        sound, a synchronisation point for each turn links the text to it.
    """
    return build_zip(list_project_parts(materials, codes=codes, sound=sound))


def list_project_parts(
    materials: Sequence[ExportInput],
    *,
    codes: Collection[ProjectCode] = (),
    sound: str = "",
    is_inside: bool = False,
) -> dict[str, bytes]:
    """Return the files of a project but for its sound; arguments as for ``render_refi_project``.

    is_inside: whether the sound is a part of the project, as ``name_sound_member`` says.
    """
    project = _Project(materials, codes=codes, sound=sound, is_inside=is_inside)
    texts = {f"sources/{m.make_guid(m.interview, 'text')}.txt": _text(m) for m in materials}
    return {"project.qde": project.render(), **texts}


def name_sound_member(material: ExportInput, sound: str) -> str:
    """Return the name that an interview's sound has within a project."""
    return f"sources/{material.make_guid(material.interview, 'sound-file')}.{sound}"


def _text(material: ExportInput) -> bytes:
    return _whole(material).encode()


def _whole(material: ExportInput) -> str:
    return "\n\n".join(format_paragraph(line) for line in material.lines) + "\n"


class _Project:
    """One project under construction."""

    def __init__(
        self,
        materials: Sequence[ExportInput],
        *,
        codes: Collection[ProjectCode],
        sound: str,
        is_inside: bool,
    ) -> None:
        self._materials, self._sound, self._is_inside = materials, sound, is_inside
        self._first = materials[0]
        self._codes = {
            name: self._first.make_guid(kind, name)
            for kind, name in sorted(
                {
                    (kind, name)
                    for m in materials
                    for kind, name, *_ in _list_codings(m.lines, codes)
                }
            )
        }
        self._ordered = codes
        self._cases = list_cases(materials)

    def render(self) -> bytes:
        """Return the project as XML."""
        root = Element("Project", xmlns=REFI_NAMESPACE)
        root.attrib.update(
            name=self._first.label if len(self._materials) == 1 else "Interviews",
            origin=PROGRAM_VERSION,
            creationDateTime=self._first.xml_time,
        )
        if self._sound and not self._is_inside:
            root.set("basePath", ".")  # QualCoder breaks on relative paths without one
        user = self._first.make_guid("user")
        SubElement(SubElement(root, "Users"), "User", guid=user, name=_USER)
        if self._cases or self._codes:
            self._code_list(SubElement(SubElement(root, "CodeBook"), "Codes"))
        if self._cases:
            self._variables(SubElement(root, "Variables"))
            self._case_list(SubElement(root, "Cases"))
        sources = SubElement(root, "Sources")
        for material in self._materials:
            self._text_source(sources, material)
            if self._sound:
                self._audio_source(sources, material)
        return render_xml(root)

    def _code_list(self, codes: Element) -> None:
        for case in self._cases:
            SubElement(codes, "Code", guid=self._case(case.code), name=case.code, isCodable="true")
        for name, guid in self._codes.items():
            SubElement(codes, "Code", guid=guid, name=name, isCodable="true")

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
                if any(one.is_case and one.code == case.code for one in material.cases):
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
        placed = list(_place_lines(material.lines))
        whole = [(0, len(_whole(material)))]
        for case in material.cases:
            if not case.is_case:
                continue
            turns = [place for line, place in placed if line.speaker == case.code]
            for place in turns or whole:
                self._select(source, material, place, self._case(case.code), case.code)
        for _, name, place in _list_codings(material.lines, self._ordered):
            self._select(source, material, place, self._codes[name], name)

    def _audio_source(self, sources: Element, material: ExportInput) -> None:
        interview = material.interview
        text = material.make_guid(interview, "text")
        source = SubElement(
            sources,
            "AudioSource",
            guid=material.make_guid(interview, "sound"),
            name=f"{material.label}.{self._sound}",  # QualCoder names its copy so
            path=self._locate_sound(material),
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
        for number, (line, (position, _)) in enumerate(_place_lines(material.lines)):
            SubElement(
                transcript,
                "SyncPoint",
                guid=material.make_guid(interview, "point", str(number)),
                timeStamp=str(round(line.start_s * 1000)),
                position=str(position),
            )

    def _locate_sound(self, material: ExportInput) -> str:
        if self._is_inside:
            member = name_sound_member(material, self._sound)
            return f"internal://{member.removeprefix('sources/')}"
        return f"relative:///{material.label}.{self._sound}"

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


def _place_lines(
    lines: Sequence[TranscriptLine],
) -> Iterator[tuple[TranscriptLine, tuple[int, int]]]:
    """Yield each line with the start and end of its paragraph, in code points of the text."""
    position = 0
    for line in lines:
        end = position + len(format_paragraph(line))
        yield line, (position, end)
        position = end + _BETWEEN


def _list_codings(
    lines: Sequence[TranscriptLine], codes: Collection[ProjectCode]
) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Yield the kind and name of each code that is ordered, with a place that has it."""
    if ProjectCode.TOPICS in codes:
        yield from (("topic", *passage) for passage in _list_passages(lines))
    for line, place in _place_lines(lines):
        if line.speaker and ProjectCode.SPEAKERS in codes:
            yield "speaker", f"Speaker: {line.speaker}", place
        if line.is_silence and ProjectCode.PAUSES in codes:
            yield "pause", _PAUSE, place


def _list_passages(lines: Sequence[TranscriptLine]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield each topic with the place of its passage."""
    heading, start, end = "", 0, 0
    for line, (begin, until) in _place_lines(lines):
        if line.is_topic:
            if heading:
                yield heading, (start, end)
            heading, start = line.text, begin
        end = until
    if heading:
        yield heading, (start, end)
