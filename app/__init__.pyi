from .audio_devices import (
    AudioDevices as AudioDevices,
)
from .audio_devices import (
    ClipPlayer as ClipPlayer,
)
from .audio_devices import (
    MicrophoneChoice as MicrophoneChoice,
)
from .audio_devices import (
    ReportLevels as ReportLevels,
)
from .background_job import (
    HEARD_BESIDE as HEARD_BESIDE,
)
from .background_job import (
    NOT_TOLD_APART as NOT_TOLD_APART,
)
from .background_job import (
    BackgroundJob as BackgroundJob,
)
from .background_job import (
    JobEnding as JobEnding,
)
from .background_job import (
    JobFailed as JobFailed,
)
from .background_job import (
    JobFinished as JobFinished,
)
from .background_job import (
    JobStopped as JobStopped,
)
from .background_job import (
    RemainingTime as RemainingTime,
)
from .background_job import (
    build_transcription_job as build_transcription_job,
)
from .background_job import (
    describe_told_voices as describe_told_voices,
)
from .background_job import (
    find_speakers_problem as find_speakers_problem,
)
from .background_job import (
    is_heard_beside as is_heard_beside,
)
from .background_work import (
    BackgroundWork as BackgroundWork,
)
from .background_work import (
    Jobs as Jobs,
)
from .busy_computer import (
    BUSY_LOOKS_S as BUSY_LOOKS_S,
)
from .busy_computer import (
    ProcessorSample as ProcessorSample,
)
from .changed_turns import (
    TurnChanges as TurnChanges,
)
from .changed_turns import (
    describe_turn_changes as describe_turn_changes,
)
from .changed_turns import (
    find_turn_changes as find_turn_changes,
)
from .code_doubts import (
    doubt_codes as doubt_codes,
)
from .code_doubts import (
    doubt_label as doubt_label,
)
from .command_roles import (
    explain_role as explain_role,
)
from .command_roles import (
    is_offered as is_offered,
)
from .command_roles import (
    is_own_work_refused as is_own_work_refused,
)
from .command_table import (
    COMMANDS as COMMANDS,
)
from .command_table import (
    KEY_SIGNS as KEY_SIGNS,
)
from .command_table import (
    Command as Command,
)
from .command_table import (
    CommandPlace as CommandPlace,
)
from .command_table import (
    list_commands as list_commands,
)
from .command_table import (
    name_key as name_key,
)
from .command_table import (
    name_keys as name_keys,
)
from .command_table import (
    name_meaning as name_meaning,
)
from .consent_entry import (
    PURPOSE_HEADS as PURPOSE_HEADS,
)
from .consent_entry import (
    PURPOSE_LEGEND as PURPOSE_LEGEND,
)
from .consent_entry import (
    ConsentDraft as ConsentDraft,
)
from .consent_entry import (
    ParticipantConsent as ParticipantConsent,
)
from .consent_entry import (
    begin_consent_draft as begin_consent_draft,
)
from .consent_entry import (
    describe_capacity as describe_capacity,
)
from .consent_entry import (
    describe_capacity_loss as describe_capacity_loss,
)
from .consent_entry import (
    describe_consent_rule as describe_consent_rule,
)
from .consent_entry import (
    describe_withdrawn as describe_withdrawn,
)
from .consent_entry import (
    list_participant_consents as list_participant_consents,
)
from .consent_entry import (
    note_capacity_lost as note_capacity_lost,
)
from .consent_entry import (
    note_spoken_consent as note_spoken_consent,
)
from .consent_entry import (
    parse_day as parse_day,
)
from .consent_entry import (
    record_consent as record_consent,
)
from .consent_entry import (
    save_consent_page as save_consent_page,
)
from .consent_entry import (
    set_consent_rule as set_consent_rule,
)
from .covered_speech import (
    make_covered_transcriber as make_covered_transcriber,
)
from .data_flow_sheet import (
    render_data_flow_sheet as render_data_flow_sheet,
)
from .demonstration import (
    ARTHUR as ARTHUR,
)
from .demonstration import (
    DEMONSTRATION_PASSPHRASE as DEMONSTRATION_PASSPHRASE,
)
from .demonstration import (
    GRAHAM as GRAHAM,
)
from .demonstration import (
    INTERVIEWER as INTERVIEWER,
)
from .demonstration import (
    JEAN as JEAN,
)
from .demonstration import (
    find_told_passphrase as find_told_passphrase,
)
from .device_loss_report import (
    render_device_loss_report as render_device_loss_report,
)
from .disk_encryption import (
    detect_disk_encryption as detect_disk_encryption,
)
from .dissent import (
    read_dissent as read_dissent,
)
from .dissent import (
    tell_dissent as tell_dissent,
)
from .elsewhere import (
    list_transcribed_elsewhere as list_transcribed_elsewhere,
)
from .faults import (
    name_fault as name_fault,
)
from .hand_over_plan import (
    EXPORT_VERB as EXPORT_VERB,
)
from .hand_over_plan import (
    HandOverPlan as HandOverPlan,
)
from .hand_over_plan import (
    is_signed as is_signed,
)
from .hand_over_plan import (
    list_signed as list_signed,
)
from .hand_over_plan import (
    plan_hand_over as plan_hand_over,
)
from .health import (
    HealthCheck as HealthCheck,
)
from .health import (
    HealthVerdict as HealthVerdict,
)
from .health import (
    run_health_checks as run_health_checks,
)
from .import_batch import (
    RowPlan as RowPlan,
)
from .import_batch import (
    RowState as RowState,
)
from .import_batch import (
    plan_imports as plan_imports,
)
from .import_batch import (
    run_imports as run_imports,
)
from .interview_details import (
    build_row_details as build_row_details,
)
from .interview_details import (
    enter_person as enter_person,
)
from .interview_details import (
    enter_speaker as enter_speaker,
)
from .interview_details import (
    format_register as format_register,
)
from .interview_details import (
    parse_participant as parse_participant,
)
from .interview_details import (
    parse_register as parse_register,
)
from .interview_details import (
    parse_register_entries as parse_register_entries,
)
from .interview_details import (
    parse_role as parse_role,
)
from .interview_details import (
    split_names as split_names,
)
from .interview_review import (
    InterviewReview as InterviewReview,
)
from .job_queue import (
    HEAR_AGAIN as HEAR_AGAIN,
)
from .job_queue import (
    SPEAKERS_VERB as SPEAKERS_VERB,
)
from .job_queue import (
    TRANSCRIBE_VERB as TRANSCRIBE_VERB,
)
from .job_queue import (
    find_earlier_model as find_earlier_model,
)
from .job_queue import (
    list_choosable_models as list_choosable_models,
)
from .jobs_at_once import (
    JobsAtOnce as JobsAtOnce,
)
from .key_meanings import (
    KEY_MEANINGS as KEY_MEANINGS,
)
from .key_meanings import (
    KeyGroup as KeyGroup,
)
from .key_meanings import (
    KeyMeaning as KeyMeaning,
)
from .key_meanings import (
    find_key_meaning as find_key_meaning,
)
from .key_meanings import (
    is_further_number as is_further_number,
)
from .known_names import (
    count_names as count_names,
)
from .known_names import (
    enter_names as enter_names,
)
from .labels import (
    ACCEPTED_STANDING as ACCEPTED_STANDING,
)
from .labels import (
    CHANGED_STANDING as CHANGED_STANDING,
)
from .labels import (
    OPEN_STANDING as OPEN_STANDING,
)
from .labels import (
    REJECTED_STANDING as REJECTED_STANDING,
)
from .labels import (
    describe_coverage as describe_coverage,
)
from .labels import (
    describe_ruling as describe_ruling,
)
from .labels import (
    describe_standing as describe_standing,
)
from .labels import (
    describe_trail_verb as describe_trail_verb,
)
from .labels import (
    describe_who_is_there as describe_who_is_there,
)
from .labels import (
    format_count as format_count,
)
from .labels import (
    format_duration as format_duration,
)
from .labels import (
    format_percent as format_percent,
)
from .labels import (
    join_reasons as join_reasons,
)
from .last_person import (
    read_last_person as read_last_person,
)
from .last_person import (
    save_last_person as save_last_person,
)
from .live_transcription import (
    LiveTranscription as LiveTranscription,
)
from .model_self_test import (
    check_model as check_model,
)
from .model_self_test import (
    load_test_sentence as load_test_sentence,
)
from .objections import (
    list_repeated_decisions as list_repeated_decisions,
)
from .objections import (
    list_send_backs as list_send_backs,
)
from .objections import (
    list_unchanged_turns as list_unchanged_turns,
)
from .officer_check import (
    LogSelection as LogSelection,
)
from .officer_check import (
    OfficerCheck as OfficerCheck,
)
from .ongoing_recording import (
    OngoingRecording as OngoingRecording,
)
from .ongoing_recording import (
    RecordingControls as RecordingControls,
)
from .people import (
    ROLE_SUMMARIES as ROLE_SUMMARIES,
)
from .people import (
    change_passphrase as change_passphrase,
)
from .people import (
    describe_opened_keys as describe_opened_keys,
)
from .people import (
    describe_presence as describe_presence,
)
from .people import (
    describe_removal as describe_removal,
)
from .people import (
    open_as_person as open_as_person,
)
from .preferences import (
    Preferences as Preferences,
)
from .preferences import (
    preferences_file as preferences_file,
)
from .preferences import (
    read_preferences as read_preferences,
)
from .quoting import (
    tell_unquotable as tell_unquotable,
)
from .recording_setup import (
    RecordingPlan as RecordingPlan,
)
from .recording_setup import (
    enter_recording_plan as enter_recording_plan,
)
from .recording_setup import (
    find_empty as find_empty,
)
from .recording_setup import (
    format_participants as format_participants,
)
from .recording_setup import (
    list_speaker_codes as list_speaker_codes,
)
from .recording_setup import (
    parse_participants as parse_participants,
)
from .recording_setup import (
    suggest_label as suggest_label,
)
from .recording_setup import (
    suggest_participants as suggest_participants,
)
from .recording_setup import (
    suggest_spoken_label as suggest_spoken_label,
)
from .recording_text import (
    SEALING as SEALING,
)
from .recording_text import (
    StandstillWatch as StandstillWatch,
)
from .recording_text import (
    choose_banner as choose_banner,
)
from .recording_text import (
    describe_disk as describe_disk,
)
from .recording_text import (
    describe_kept_sound as describe_kept_sound,
)
from .recording_text import (
    describe_losses as describe_losses,
)
from .recording_text import (
    describe_loudness as describe_loudness,
)
from .recording_text import (
    describe_mark as describe_mark,
)
from .recording_text import (
    format_elapsed as format_elapsed,
)
from .recording_text import (
    is_fault_mark as is_fault_mark,
)
from .retention import (
    DueItem as DueItem,
)
from .retention import (
    ask_for_due as ask_for_due,
)
from .retention import (
    confirm_request as confirm_request,
)
from .retention import (
    count_due as count_due,
)
from .retention import (
    describe_unseen as describe_unseen,
)
from .retention import (
    is_trail_due as is_trail_due,
)
from .retention import (
    list_due as list_due,
)
from .retention import (
    read_retention_plan as read_retention_plan,
)
from .retention import (
    set_retention_plan as set_retention_plan,
)
from .returned_copies import (
    list_waiting_returns as list_waiting_returns,
)
from .search_queue import (
    list_unsearched as list_unsearched,
)
from .sign_off_sheet import (
    count_log_decisions as count_log_decisions,
)
from .sign_off_sheet import (
    describe_clock_steps as describe_clock_steps,
)
from .sign_off_sheet import (
    describe_heard as describe_heard,
)
from .sign_off_sheet import (
    describe_kept_names as describe_kept_names,
)
from .sign_off_sheet import (
    describe_passes as describe_passes,
)
from .sign_off_sheet import (
    describe_possible_joins as describe_possible_joins,
)
from .sign_off_sheet import (
    describe_send_backs as describe_send_backs,
)
from .sign_off_sheet import (
    format_sign_off_sheet as format_sign_off_sheet,
)
from .sound_twins import (
    WordCorrection as WordCorrection,
)
from .sound_twins import (
    find_correction as find_correction,
)
from .sound_twins import (
    find_twins as find_twins,
)
from .sound_twins import (
    learn_word as learn_word,
)
from .speaker_step import (
    TELLING_VOICES as TELLING_VOICES,
)
from .speaker_step import (
    SpeakersAdded as SpeakersAdded,
)
from .speaker_step import (
    add_speakers as add_speakers,
)
from .speaker_step import (
    count_changed_speakers as count_changed_speakers,
)
from .speaker_step import (
    count_participants as count_participants,
)
from .speaker_step import (
    count_speaker_keys as count_speaker_keys,
)
from .speaker_step import (
    counts_keys as counts_keys,
)
from .speaker_step import (
    find_speaker_model as find_speaker_model,
)
from .speaker_step import (
    tell_speakers_apart as tell_speakers_apart,
)
from .speed_measurement import (
    load_speech as load_speech,
)
from .speed_measurement import (
    measure_speed as measure_speed,
)
from .subject_access import (
    list_unnamed_turns as list_unnamed_turns,
)
from .subject_access import (
    write_own_data as write_own_data,
)
from .system_keyring import (
    read_from_keyring as read_from_keyring,
)
from .system_keyring import (
    save_to_keyring as save_to_keyring,
)
from .terminal import (
    has_terminal as has_terminal,
)
from .terminal import (
    has_utf8_terminal as has_utf8_terminal,
)
from .terminal import (
    read_encoding as read_encoding,
)
from .text_difference import (
    tell_apart as tell_apart,
)
from .transcript_joining import (
    JoinedTranscript as JoinedTranscript,
)
from .transcript_joining import (
    import_sound_with_transcript as import_sound_with_transcript,
)
from .transcript_joining import (
    join_sound as join_sound,
)
from .transcript_joining import (
    join_transcript as join_transcript,
)
from .transcript_joining import (
    read_transcript_for as read_transcript_for,
)
from .transcript_times import (
    TimesVerdict as TimesVerdict,
)
from .travelling import (
    describe_back as describe_back,
)
from .travelling import (
    describe_conflict as describe_conflict,
)
from .travelling import (
    describe_move as describe_move,
)
from .travelling import (
    describe_peek as describe_peek,
)
from .travelling import (
    describe_sent as describe_sent,
)
from .travelling import (
    describe_settled as describe_settled,
)
from .travelling import (
    describe_taken as describe_taken,
)
from .travelling import (
    destroy_moved as destroy_moved,
)
from .travelling import (
    list_withdrawn_there as list_withdrawn_there,
)
from .travelling import (
    receive_parcel as receive_parcel,
)
from .travelling import (
    take_back_loan as take_back_loan,
)
from .travelling import (
    write_card as write_card,
)
from .unread_turns import (
    describe_unread_turns as describe_unread_turns,
)
from .unread_turns import (
    find_unread_turns as find_unread_turns,
)
from .voice_list import (
    VoiceSummary as VoiceSummary,
)
from .voice_list import (
    summarise_voices as summarise_voices,
)
from .voice_names import (
    forget_voice_prints as forget_voice_prints,
)
from .voice_names import (
    guess_voice_names as guess_voice_names,
)
from .willingness import (
    AskedPerson as AskedPerson,
)
from .willingness import (
    Willing as Willing,
)
from .willingness import (
    group_asked as group_asked,
)
from .willingness import (
    list_asked as list_asked,
)
from .withdrawal import (
    WithdrawalPlan as WithdrawalPlan,
)
from .withdrawal import (
    WithdrawalRow as WithdrawalRow,
)
from .withdrawal import (
    carry_out_withdrawal as carry_out_withdrawal,
)
from .withdrawal import (
    list_participants as list_participants,
)
from .withdrawal import (
    list_withdrawal_rows as list_withdrawal_rows,
)
from .withdrawal import (
    plan_withdrawal as plan_withdrawal,
)
from .withdrawal_text import (
    SCOPE_SENTENCES as SCOPE_SENTENCES,
)
from .withdrawal_text import (
    describe_destruction as describe_destruction,
)
from .withdrawal_text import (
    describe_finished as describe_finished,
)
from .withdrawal_text import (
    describe_fully as describe_fully,
)
from .withdrawal_text import (
    describe_plan as describe_plan,
)
from .withdrawal_text import (
    describe_recorded as describe_recorded,
)
from .withdrawal_text import (
    say_recorded as say_recorded,
)
from .withdrawn import (
    WITHDRAWN_SIGN as WITHDRAWN_SIGN,
)
from .withdrawn import (
    StandingWithdrawal as StandingWithdrawal,
)
from .withdrawn import (
    describe_gone_people as describe_gone_people,
)
from .withdrawn import (
    describe_withdrawals as describe_withdrawals,
)
from .withdrawn import (
    explain_withheld as explain_withheld,
)
from .withdrawn import (
    find_withdrawals as find_withdrawals,
)
from .withdrawn import (
    is_over as is_over,
)
from .withdrawn import (
    list_confirmable as list_confirmable,
)
from .withdrawn import (
    list_withdrawn as list_withdrawn,
)
from .withdrawn import (
    name_withdrawn as name_withdrawn,
)
from .word_search import (
    FoundInInterview as FoundInInterview,
)
from .word_search import (
    FoundPlace as FoundPlace,
)
from .word_search import (
    search_interviews as search_interviews,
)
