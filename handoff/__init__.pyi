from .bundle import (
    DEFAULT_FORMATS as DEFAULT_FORMATS,
)
from .bundle import (
    ExportOrder as ExportOrder,
)
from .bundle import (
    Manifest as Manifest,
)
from .bundle import (
    format_checksums as format_checksums,
)
from .bundle import (
    hash_bytes as hash_bytes,
)
from .bundle import (
    hash_files as hash_files,
)
from .bundle import (
    leave_out_empty_formats as leave_out_empty_formats,
)
from .bundle import (
    render_bundle as render_bundle,
)
from .bundle_check import (
    check_bundle as check_bundle,
)
from .consent_page import (
    render_consent_page as render_consent_page,
)
from .csv_table import (
    render_csv as render_csv,
)
from .destruction_papers import (
    RECALL_REASONS as RECALL_REASONS,
)
from .destruction_papers import (
    list_recall_sentences as list_recall_sentences,
)
from .destruction_papers import (
    list_received as list_received,
)
from .destruction_papers import (
    render_destruction_certificate as render_destruction_certificate,
)
from .destruction_papers import (
    render_recall_notice as render_recall_notice,
)
from .export import (
    TranscribeCovered as TranscribeCovered,
)
from .export import (
    export_interviews as export_interviews,
)
from .export import (
    find_next_folder as find_next_folder,
)
from .export import (
    require_free_target as require_free_target,
)
from .export import (
    write_wordless_file as write_wordless_file,
)
from .export_input import (
    ROLE_ATTRIBUTE as ROLE_ATTRIBUTE,
)
from .export_input import (
    read_export_input as read_export_input,
)
from .forbidden_text import (
    ForbiddenText as ForbiddenText,
)
from .forbidden_text import (
    sort_originals as sort_originals,
)
from .formats import (
    FORMAT_NAMES as FORMAT_NAMES,
)
from .formats import (
    FORMATS_BY_NAME as FORMATS_BY_NAME,
)
from .formats import (
    FormatOptions as FormatOptions,
)
from .gate import (
    GAP as GAP,
)
from .gate import (
    check_export as check_export,
)
from .gate import (
    find_originals as find_originals,
)
from .hand_overs import (
    list_hand_overs as list_hand_overs,
)
from .participant_corrections import (
    NO_COPY as NO_COPY,
)
from .participant_corrections import (
    check_ruling as check_ruling,
)
from .participant_corrections import (
    discard_returned as discard_returned,
)
from .participant_corrections import (
    enter_corrections as enter_corrections,
)
from .participant_corrections import (
    find_returned as find_returned,
)
from .participant_corrections import (
    keep_returned as keep_returned,
)
from .participant_corrections import (
    read_meaning as read_meaning,
)
from .participant_corrections import (
    read_returned as read_returned,
)
from .participant_corrections import (
    rule_on_part as rule_on_part,
)
from .participant_corrections import (
    take_part as take_part,
)
from .printed_sheet import (
    PrintedTable as PrintedTable,
)
from .printed_sheet import (
    render_printed_sheet as render_printed_sheet,
)
from .readable_text import (
    extract_readable_text as extract_readable_text,
)
from .refi_project import (
    ProjectCode as ProjectCode,
)
from .sign_off import (
    require_may_sign as require_may_sign,
)
from .sign_off import (
    send_transcript_back as send_transcript_back,
)
from .sign_off import (
    sign_transcript as sign_transcript,
)
from .sound_redaction import (
    RedactedSound as RedactedSound,
)
from .sound_redaction import (
    find_spans_to_cover as find_spans_to_cover,
)
from .sound_redaction import (
    list_understood_originals as list_understood_originals,
)
from .study_report import (
    collect_report_rows as collect_report_rows,
)
from .study_report import (
    render_report as render_report,
)
from .transcript_lines import (
    tidy_text as tidy_text,
)
