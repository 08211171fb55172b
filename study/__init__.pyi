from .access_levels import (
    ACCESS_MEANINGS as ACCESS_MEANINGS,
)
from .access_levels import (
    ACCESS_RULES as ACCESS_RULES,
)
from .access_levels import (
    AccessLevel as AccessLevel,
)
from .access_levels import (
    AccessRule as AccessRule,
)
from .access_levels import (
    find_highest_access as find_highest_access,
)
from .access_levels import (
    find_strictest as find_strictest,
)
from .access_levels import (
    is_more_open as is_more_open,
)
from .artefact_facts import (
    DecisionFacts as DecisionFacts,
)
from .artefact_facts import (
    HandOverFacts as HandOverFacts,
)
from .artefact_facts import (
    MentionsFacts as MentionsFacts,
)
from .artefact_facts import (
    PseudonymFacts as PseudonymFacts,
)
from .artefact_facts import (
    SignOffFacts as SignOffFacts,
)
from .artefact_facts import (
    TranscriptFacts as TranscriptFacts,
)
from .artefact_kinds import (
    ArtefactKind as ArtefactKind,
)
from .artefacts import (
    InterviewState as InterviewState,
)
from .artefacts import (
    InterviewSummary as InterviewSummary,
)
from .artefacts import (
    is_later_sound as is_later_sound,
)
from .consent import (
    OFFERED_BASES as OFFERED_BASES,
)
from .consent import (
    PURPOSE_QUESTIONS as PURPOSE_QUESTIONS,
)
from .consent import (
    CapacityState as CapacityState,
)
from .consent import (
    ConsentAnswer as ConsentAnswer,
)
from .consent import (
    ConsentBasis as ConsentBasis,
)
from .consent import (
    ConsentPurpose as ConsentPurpose,
)
from .consent import (
    ConsentRecord as ConsentRecord,
)
from .consent import (
    ConsentRule as ConsentRule,
)
from .consent import (
    Contact as Contact,
)
from .consent import (
    ContactDetails as ContactDetails,
)
from .consent import (
    EarlierData as EarlierData,
)
from .consent import (
    Jurisdiction as Jurisdiction,
)
from .consent import (
    PaperVersion as PaperVersion,
)
from .consent_gates import (
    GATES as GATES,
)
from .consent_gates import (
    ConsentGate as ConsentGate,
)
from .consent_gates import (
    GatedAction as GatedAction,
)
from .consent_gates import (
    QuotePermission as QuotePermission,
)
from .consent_gates import (
    find_refusal as find_refusal,
)
from .consent_gates import (
    may_be_quoted as may_be_quoted,
)
from .conventions import (
    BEST_MODEL as BEST_MODEL,
)
from .conventions import (
    LONGEST_PAUSE_S as LONGEST_PAUSE_S,
)
from .conventions import (
    NO_MODEL as NO_MODEL,
)
from .conventions import (
    SHORTEST_PAUSE_S as SHORTEST_PAUSE_S,
)
from .conventions import (
    apply_conventions as apply_conventions,
)
from .conventions import (
    describe_conventions as describe_conventions,
)
from .conventions import (
    is_intelligent_verbatim as is_intelligent_verbatim,
)
from .corrected_transcript import (
    CorrectedTranscript as CorrectedTranscript,
)
from .decisions import (
    DecidedMention as DecidedMention,
)
from .decisions import (
    pair_decisions as pair_decisions,
)
from .descriptors import (
    is_own_plain_file as is_own_plain_file,
)
from .descriptors import (
    open_descriptor as open_descriptor,
)
from .descriptors import (
    read_at as read_at,
)
from .descriptors import (
    sync_descriptor as sync_descriptor,
)
from .descriptors import (
    sync_file as sync_file,
)
from .descriptors import (
    sync_folder as sync_folder,
)
from .destruction import (
    KIND_ARTEFACTS as KIND_ARTEFACTS,
)
from .destruction import (
    WORD_ARTEFACTS as WORD_ARTEFACTS,
)
from .destruction import (
    DataKind as DataKind,
)
from .destruction import (
    DestroyedItem as DestroyedItem,
)
from .destruction import (
    Destruction as Destruction,
)
from .destruction import (
    DestructionCause as DestructionCause,
)
from .destruction import (
    DestructionPart as DestructionPart,
)
from .destruction import (
    DestructionState as DestructionState,
)
from .destruction import (
    GivenAway as GivenAway,
)
from .destruction import (
    LegalHold as LegalHold,
)
from .destruction import (
    OutsideCopy as OutsideCopy,
)
from .destruction import (
    Withdrawal as Withdrawal,
)
from .destruction import (
    WithdrawalScope as WithdrawalScope,
)
from .documents import (
    MOST_DOCUMENT_BYTES as MOST_DOCUMENT_BYTES,
)
from .documents import (
    WordDocument as WordDocument,
)
from .documents import (
    decode_document as decode_document,
)
from .documents import (
    read_document as read_document,
)
from .documents import (
    split_lines as split_lines,
)
from .documents import (
    unescape_html as unescape_html,
)
from .doubt_flags import (
    merge_flags as merge_flags,
)
from .doubt_flags import (
    place_flag as place_flag,
)
from .edits import (
    Edit as Edit,
)
from .edits import (
    EditKind as EditKind,
)
from .events import (
    ASIDE_KINDS as ASIDE_KINDS,
)
from .events import (
    BLANK_KINDS as BLANK_KINDS,
)
from .events import (
    CONSENT_KINDS as CONSENT_KINDS,
)
from .events import (
    MISSING_KINDS as MISSING_KINDS,
)
from .events import (
    PRESSED_KINDS as PRESSED_KINDS,
)
from .events import (
    TURN_BREAKS as TURN_BREAKS,
)
from .events import (
    describe_event as describe_event,
)
from .events import (
    format_duration as format_duration,
)
from .events import (
    merge_events as merge_events,
)
from .events import (
    order_events as order_events,
)
from .events import (
    select_pauses as select_pauses,
)
from .events import (
    select_shown_events as select_shown_events,
)
from .events import (
    strip_notes as strip_notes,
)
from .file_hashes import (
    FileHash as FileHash,
)
from .find_replace import (
    FindReplace as FindReplace,
)
from .find_replace import (
    TextMatch as TextMatch,
)
from .find_replace import (
    find_text as find_text,
)
from .gate_passes import (
    GatePass as GatePass,
)
from .gate_passes import (
    find_passed_spans as find_passed_spans,
)
from .gate_passes import (
    fold_words as fold_words,
)
from .gate_passes import (
    list_passed_words as list_passed_words,
)
from .gate_passes import (
    list_standing_passes as list_standing_passes,
)
from .intervals import (
    Interval as Interval,
)
from .intervals import (
    intersect_intervals as intersect_intervals,
)
from .intervals import (
    measure_overlap_s as measure_overlap_s,
)
from .intervals import (
    measure_total_s as measure_total_s,
)
from .intervals import (
    merge_intervals as merge_intervals,
)
from .intervals import (
    subtract_intervals as subtract_intervals,
)
from .kept_phrases import (
    ALSO_NAMES as ALSO_NAMES,
)
from .kept_phrases import (
    EVERYDAY as EVERYDAY,
)
from .kept_phrases import (
    NEVER_NAMES as NEVER_NAMES,
)
from .kept_phrases import (
    expand_phrases as expand_phrases,
)
from .kept_phrases import (
    find_kept_spans as find_kept_spans,
)
from .kept_phrases import (
    load_everyday_words as load_everyday_words,
)
from .kept_phrases import (
    load_kept_phrases as load_kept_phrases,
)
from .kept_phrases import (
    load_kept_sections as load_kept_sections,
)
from .kept_phrases import (
    load_words_that_name as load_words_that_name,
)
from .languages import (
    AUTO_LANGUAGE as AUTO_LANGUAGE,
)
from .languages import (
    Language as Language,
)
from .languages import (
    list_languages as list_languages,
)
from .languages import (
    name_language as name_language,
)
from .languages import (
    parse_language as parse_language,
)
from .likeness import (
    LikelyName as LikelyName,
)
from .likeness import (
    NameMatcher as NameMatcher,
)
from .likeness import (
    compact_name as compact_name,
)
from .likeness import (
    compare_names as compare_names,
)
from .likeness import (
    load_respellings as load_respellings,
)
from .likeness import (
    spell_by_sound as spell_by_sound,
)
from .linked_cases import (
    LinkedCase as LinkedCase,
)
from .linked_cases import (
    group_cases as group_cases,
)
from .name_words import (
    PHRASE_REACH as PHRASE_REACH,
)
from .name_words import (
    NameUse as NameUse,
)
from .name_words import (
    WordUse as WordUse,
)
from .name_words import (
    find_name_uses as find_name_uses,
)
from .name_words import (
    is_in_town as is_in_town,
)
from .name_words import (
    is_phrase_word as is_phrase_word,
)
from .name_words import (
    is_time_word as is_time_word,
)
from .name_words import (
    is_town_word as is_town_word,
)
from .name_words import (
    judge_word_use as judge_word_use,
)
from .named_turns import (
    NamedTurns as NamedTurns,
)
from .named_turns import (
    find_named_turns as find_named_turns,
)
from .number_words import (
    DIGITS as DIGITS,
)
from .number_words import (
    LETTERS as LETTERS,
)
from .number_words import (
    MONTH_NAMES as MONTH_NAMES,
)
from .number_words import (
    MONTHS as MONTHS,
)
from .number_words import (
    ORDINALS as ORDINALS,
)
from .number_words import (
    TEENS as TEENS,
)
from .number_words import (
    TENS as TENS,
)
from .number_words import (
    TIMES as TIMES,
)
from .number_words import (
    UNITS as UNITS,
)
from .participant_codes import (
    is_code as is_code,
)
from .participant_codes import (
    is_stranger as is_stranger,
)
from .participant_codes import (
    is_voice as is_voice,
)
from .permissions import (
    SOUND_HEARD_FURTHER as SOUND_HEARD_FURTHER,
)
from .permissions import (
    SOUND_SEALED_FOR_CLUSTER as SOUND_SEALED_FOR_CLUSTER,
)
from .permissions import (
    PersonAction as PersonAction,
)
from .permissions import (
    is_permitted as is_permitted,
)
from .person_roles import (
    JOINING_ROLES as JOINING_ROLES,
)
from .person_roles import (
    PersonRole as PersonRole,
)
from .plain_files import (
    open_plain_file as open_plain_file,
)
from .plain_files import (
    read_plain_file as read_plain_file,
)
from .plain_signs import (
    write_plain_signs as write_plain_signs,
)
from .records import (
    LIKELY_SCORE as LIKELY_SCORE,
)
from .records import (
    OTHER_LANGUAGE as OTHER_LANGUAGE,
)
from .records import (
    SECOND_HEARING as SECOND_HEARING,
)
from .records import (
    SPEAKER_UNSURE as SPEAKER_UNSURE,
)
from .records import (
    CaseAttribute as CaseAttribute,
)
from .records import (
    CaseAttributes as CaseAttributes,
)
from .records import (
    Category as Category,
)
from .records import (
    ChannelCheck as ChannelCheck,
)
from .records import (
    Coverage as Coverage,
)
from .records import (
    DateDetail as DateDetail,
)
from .records import (
    Decision as Decision,
)
from .records import (
    DoubtFlag as DoubtFlag,
)
from .records import (
    Finder as Finder,
)
from .records import (
    HandOver as HandOver,
)
from .records import (
    InterviewDetails as InterviewDetails,
)
from .records import (
    JoinedPseudonym as JoinedPseudonym,
)
from .records import (
    JointWithdrawal as JointWithdrawal,
)
from .records import (
    Layout as Layout,
)
from .records import (
    LogLine as LogLine,
)
from .records import (
    Mark as Mark,
)
from .records import (
    MarkKind as MarkKind,
)
from .records import (
    Mention as Mention,
)
from .records import (
    Mentions as Mentions,
)
from .records import (
    Objection as Objection,
)
from .records import (
    OfficerRuling as OfficerRuling,
)
from .records import (
    OriginalWords as OriginalWords,
)
from .records import (
    Participant as Participant,
)
from .records import (
    Provenance as Provenance,
)
from .records import (
    Pseudonym as Pseudonym,
)
from .records import (
    PseudonymStyle as PseudonymStyle,
)
from .records import (
    Recognition as Recognition,
)
from .records import (
    RecordingSetup as RecordingSetup,
)
from .records import (
    RegisterEntry as RegisterEntry,
)
from .records import (
    Role as Role,
)
from .records import (
    SignOff as SignOff,
)
from .records import (
    SoundCheck as SoundCheck,
)
from .records import (
    SoundFormat as SoundFormat,
)
from .records import (
    StudyPolicy as StudyPolicy,
)
from .records import (
    StudySettings as StudySettings,
)
from .records import (
    Transcript as Transcript,
)
from .records import (
    Turn as Turn,
)
from .records import (
    UnfinishedHandOver as UnfinishedHandOver,
)
from .records import (
    Verdict as Verdict,
)
from .records import (
    add_coverage as add_coverage,
)
from .records import (
    fold_name as fold_name,
)
from .records import (
    list_others as list_others,
)
from .records import (
    list_third_parties as list_third_parties,
)
from .references import (
    CleanBasis as CleanBasis,
)
from .references import (
    TranscriptRef as TranscriptRef,
)
from .retention import (
    RetentionPlan as RetentionPlan,
)
from .retention import (
    RetentionRule as RetentionRule,
)
from .retention import (
    RetentionTrigger as RetentionTrigger,
)
from .retention import (
    merge_rules as merge_rules,
)
from .retention import (
    parse_day as parse_day,
)
from .retention import (
    parse_rule as parse_rule,
)
from .retention import (
    require_consistent as require_consistent,
)
from .returned_copy import (
    ReturnedChange as ReturnedChange,
)
from .returned_copy import (
    ReturnedCopy as ReturnedCopy,
)
from .returned_copy import (
    ReturnedList as ReturnedList,
)
from .returned_copy import (
    ReturnedPart as ReturnedPart,
)
from .returned_copy import (
    ReturnedRuling as ReturnedRuling,
)
from .returned_copy import (
    ReturnedStanding as ReturnedStanding,
)
from .returned_copy import (
    collect_rulings as collect_rulings,
)
from .returned_copy import (
    find_repeated_lines as find_repeated_lines,
)
from .review_progress import (
    ReviewProgress as ReviewProgress,
)
from .safeguarding import (
    SafeguardingNote as SafeguardingNote,
)
from .safeguarding import (
    SomebodyTold as SomebodyTold,
)
from .screen_text import (
    format_clock as format_clock,
)
from .screen_text import (
    parse_clock as parse_clock,
)
from .screen_text import (
    sanitise_text as sanitise_text,
)
from .screen_text import (
    tidy_text as tidy_text,
)
from .second_hearing import (
    HeardTurn as HeardTurn,
)
from .second_hearing import (
    SecondHearing as SecondHearing,
)
from .second_hearing import (
    compare_hearing as compare_hearing,
)
from .second_hearing import (
    fit_passage as fit_passage,
)
from .sentence_ends import (
    COMMAS as COMMAS,
)
from .sentence_ends import (
    ends_question as ends_question,
)
from .sentence_ends import (
    ends_sentence as ends_sentence,
)
from .sentence_ends import (
    find_last_sign as find_last_sign,
)
from .sentence_ends import (
    text_ends_sentence as text_ends_sentence,
)
from .sign_off import (
    StandingSignOff as StandingSignOff,
)
from .spot_checks import (
    SpotCheck as SpotCheck,
)
from .spot_checks import (
    SpotCheckResult as SpotCheckResult,
)
from .spot_checks import (
    list_objections as list_objections,
)
from .tasks import (
    PROGRAM_VERSION as PROGRAM_VERSION,
)
from .tasks import (
    VERSION as VERSION,
)
from .tasks import (
    ReportProgress as ReportProgress,
)
from .tasks import (
    ShouldStop as ShouldStop,
)
from .tasks import (
    TaskProgress as TaskProgress,
)
from .tasks import (
    no_report as no_report,
)
from .tasks import (
    no_stop as no_stop,
)
from .topic_guide import (
    GuideTopic as GuideTopic,
)
from .topic_guide import (
    TopicGuide as TopicGuide,
)
from .topic_guide import (
    load_topic_guide as load_topic_guide,
)
from .topic_guide import (
    parse_topic_guide as parse_topic_guide,
)
from .transcript_source import (
    TranscriptSource as TranscriptSource,
)
from .transcription_queue import (
    QueuedInterview as QueuedInterview,
)
from .transcription_queue import (
    select_untranscribed as select_untranscribed,
)
from .travel import (
    FIRST_FOREIGN as FIRST_FOREIGN,
)
from .travel import (
    ForeignPerson as ForeignPerson,
)
from .travel import (
    ParcelKind as ParcelKind,
)
from .travel import (
    StudyCard as StudyCard,
)
from .travel import (
    TravelNote as TravelNote,
)
from .travel import (
    TrustedStudy as TrustedStudy,
)
from .turn_division import (
    join_turns as join_turns,
)
from .turn_division import (
    take_words as take_words,
)
from .turn_numbers import (
    TurnNumbers as TurnNumbers,
)
from .turn_numbers import (
    format_turn_key as format_turn_key,
)
from .turn_words import (
    VOUCHED_FOR as VOUCHED_FOR,
)
from .turn_words import (
    Word as Word,
)
from .typed_text import (
    LONGEST_TYPED as LONGEST_TYPED,
)
from .typed_text import (
    is_short as is_short,
)
from .typed_text import (
    require_short as require_short,
)
from .typed_text import (
    require_text as require_text,
)
from .vocabulary import (
    MOST_VOCABULARY_BYTES as MOST_VOCABULARY_BYTES,
)
from .vocabulary import (
    Hints as Hints,
)
from .vocabulary import (
    Vocabulary as Vocabulary,
)
from .vocabulary import (
    load_vocabulary as load_vocabulary,
)
from .vocabulary import (
    parse_vocabulary as parse_vocabulary,
)
from .vocabulary import (
    tidy_term as tidy_term,
)
from .voices import (
    Voices as Voices,
)
from .voices import (
    VoiceStretch as VoiceStretch,
)
from .weak_words import (
    LEAST_DOUBT as LEAST_DOUBT,
)
from .weak_words import (
    TRIED_PRECISION as TRIED_PRECISION,
)
from .weak_words import (
    TRIED_RECALL as TRIED_RECALL,
)
from .weak_words import (
    UNSURE as UNSURE,
)
from .weak_words import (
    WEAK_PROBABILITY as WEAK_PROBABILITY,
)
from .weak_words import (
    find_weak_words as find_weak_words,
)
from .weak_words import (
    measure_doubt as measure_doubt,
)
from .weak_words import (
    update_unsure_flag as update_unsure_flag,
)
from .windows import (
    IS_WINDOWS as IS_WINDOWS,
)
from .windows import (
    confine_to_job as confine_to_job,
)
from .windows import (
    read_console_keys as read_console_keys,
)
from .windows import (
    wait_for_console_key as wait_for_console_key,
)
from .word_sections import (
    ListSections as ListSections,
)
from .word_sections import (
    load_list_sections as load_list_sections,
)
from .word_sections import (
    parse_list_sections as parse_list_sections,
)
from .word_times import (
    find_character_time as find_character_time,
)
from .word_times import (
    find_word_spans as find_word_spans,
)
