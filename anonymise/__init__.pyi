from .anonymisation_log import (
    LogDifference as LogDifference,
)
from .anonymisation_log import (
    LogFilter as LogFilter,
)
from .anonymisation_log import (
    compare_logs as compare_logs,
)
from .anonymisation_log import (
    count_log_lines as count_log_lines,
)
from .anonymisation_log import (
    list_decision_history as list_decision_history,
)
from .anonymisation_log import (
    list_unseen_turns as list_unseen_turns,
)
from .anonymisation_log import (
    read_anonymisation_log as read_anonymisation_log,
)
from .anonymisation_log import (
    read_originals as read_originals,
)
from .anonymisation_log import (
    sample_log_lines as sample_log_lines,
)
from .arriving_replacements import (
    settle_arriving_replacements as settle_arriving_replacements,
)
from .clean_transcript import (
    PERSON_SOURCE as PERSON_SOURCE,
)
from .clean_transcript import (
    draft_clean_transcript as draft_clean_transcript,
)
from .clean_transcript import (
    write_clean_transcript as write_clean_transcript,
)
from .earlier_rejections import (
    EARLIER_REJECTIONS as EARLIER_REJECTIONS,
)
from .generalisation import (
    GeneralisationPolicy as GeneralisationPolicy,
)
from .generalisation import (
    list_generalisations as list_generalisations,
)
from .generalisation import (
    parse_dated_event as parse_dated_event,
)
from .generalisation import (
    propose_generalisation as propose_generalisation,
)
from .intruder import (
    IntruderLine as IntruderLine,
)
from .intruder import (
    Trace as Trace,
)
from .intruder import (
    list_traces as list_traces,
)
from .keep_list import (
    read_study_keep_list as read_study_keep_list,
)
from .keep_list import (
    write_study_keep_list as write_study_keep_list,
)
from .mention_decisions import (
    accept_all_mentions as accept_all_mentions,
)
from .mention_decisions import (
    add_mention as add_mention,
)
from .mention_decisions import (
    decide_mention as decide_mention,
)
from .mention_decisions import (
    list_replacement_choices as list_replacement_choices,
)
from .mention_decisions import (
    remove_added_mentions as remove_added_mentions,
)
from .mention_decisions import (
    undo_decisions as undo_decisions,
)
from .name_finder import (
    TrainedNameFinder as TrainedNameFinder,
)
from .pipeline import (
    SearchPipeline as SearchPipeline,
)
from .pipeline import (
    settle_finds as settle_finds,
)
from .pseudonyms import (
    format_label as format_label,
)
from .recogniser import (
    load_recogniser as load_recogniser,
)
from .register import (
    KnownIdentity as KnownIdentity,
)
from .relocation import (
    MentionRelocation as MentionRelocation,
)
from .replacements import (
    change_replacement_style as change_replacement_style,
)
from .replacements import (
    join_identities as join_identities,
)
from .replacements import (
    list_pseudonyms as list_pseudonyms,
)
from .replacements import (
    part_identity as part_identity,
)
from .replacements import (
    rename_identity as rename_identity,
)
from .replacements import (
    set_identity_role as set_identity_role,
)
from .replacements import (
    tell_apart as tell_apart,
)
from .replacements import (
    tidy_replacement as tidy_replacement,
)
from .review_order import (
    order_mentions as order_mentions,
)
from .risk_sheet import (
    Concern as Concern,
)
from .risk_sheet import (
    RiskLine as RiskLine,
)
from .risk_sheet import (
    RiskPlace as RiskPlace,
)
from .risk_sheet import (
    build_risk_sheet as build_risk_sheet,
)
from .rule_registry import (
    REGISTER_SOURCE as REGISTER_SOURCE,
)
from .rule_registry import (
    RULES_BY_LANGUAGE as RULES_BY_LANGUAGE,
)
from .same_people import (
    Likeness as Likeness,
)
from .same_people import (
    PossibleJoin as PossibleJoin,
)
from .same_people import (
    list_possible_joins as list_possible_joins,
)
from .search import (
    search_transcript as search_transcript,
)
from .search_many import (
    search_transcripts as search_transcripts,
)
from .shipped_lists import (
    load_word_list as load_word_list,
)
from .study_decisions import (
    accept_sure_finds as accept_sure_finds,
)
from .study_decisions import (
    decide_everywhere as decide_everywhere,
)
from .study_decisions import (
    decide_kind_everywhere as decide_kind_everywhere,
)
from .study_decisions import (
    reject_questions as reject_questions,
)
