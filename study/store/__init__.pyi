from .clean_version import (
    CleanVersion as CleanVersion,
)
from .cluster_certificates import (
    ClusterCertificate as ClusterCertificate,
)
from .cluster_certificates import (
    ClusterRole as ClusterRole,
)
from .cluster_certificates import (
    make_certificates as make_certificates,
)
from .cluster_certificates import (
    read_certificate as read_certificate,
)
from .cluster_channel import (
    ChannelKeys as ChannelKeys,
)
from .cluster_channel import (
    StudyChannel as StudyChannel,
)
from .cluster_channel import (
    open_question as open_question,
)
from .cluster_channel import (
    seal_answer as seal_answer,
)
from .consent_checks import (
    ConsentsRead as ConsentsRead,
)
from .consent_checks import (
    choose_access as choose_access,
)
from .consent_checks import (
    find_consent_refusal as find_consent_refusal,
)
from .consent_checks import (
    is_consented as is_consented,
)
from .consent_checks import (
    note_unwilling as note_unwilling,
)
from .consent_checks import (
    read_consents as read_consents,
)
from .consent_checks import (
    read_quote_permission as read_quote_permission,
)
from .consent_checks import (
    require_consent as require_consent,
)
from .consent_checks import (
    require_interview_consent as require_interview_consent,
)
from .consents import (
    find_consent_owner as find_consent_owner,
)
from .consents import (
    find_contact_owner as find_contact_owner,
)
from .consents import (
    keep_consent as keep_consent,
)
from .consents import (
    keep_contact_details as keep_contact_details,
)
from .consents import (
    list_consents as list_consents,
)
from .consents import (
    list_record_owners as list_record_owners,
)
from .consents import (
    list_unproven_consents as list_unproven_consents,
)
from .consents import (
    read_consent as read_consent,
)
from .consents import (
    read_consent_versions as read_consent_versions,
)
from .consents import (
    read_contact_details as read_contact_details,
)
from .consents import (
    require_one_spelling as require_one_spelling,
)
from .core_files import (
    disable_core_files as disable_core_files,
)
from .database import (
    DATABASE as DATABASE,
)
from .database import (
    SUM as SUM,
)
from .destruction import (
    ask_destruction as ask_destruction,
)
from .destruction import (
    confirm_destruction as confirm_destruction,
)
from .destruction import (
    find_destruction as find_destruction,
)
from .destruction import (
    finish_destructions as finish_destructions,
)
from .destruction import (
    lift_hold as lift_hold,
)
from .destruction import (
    list_destructions as list_destructions,
)
from .destruction import (
    list_hand_overs_here as list_hand_overs_here,
)
from .destruction import (
    list_holds as list_holds,
)
from .destruction import (
    list_shared_hand_overs as list_shared_hand_overs,
)
from .destruction import (
    list_standing_withdrawals as list_standing_withdrawals,
)
from .destruction import (
    may_confirm as may_confirm,
)
from .destruction import (
    record_withdrawal as record_withdrawal,
)
from .destruction import (
    set_hold as set_hold,
)
from .destruction import (
    settle_copy as settle_copy,
)
from .destruction import (
    take_back_request as take_back_request,
)
from .disk import (
    PRIVATE_FILE as PRIVATE_FILE,
)
from .disk import (
    PRIVATE_FOLDER as PRIVATE_FOLDER,
)
from .disk import (
    STAGING_PREFIX as STAGING_PREFIX,
)
from .disk import (
    PresenceLock as PresenceLock,
)
from .disk import (
    clear_staged_files as clear_staged_files,
)
from .disk import (
    give_free_name as give_free_name,
)
from .disk import (
    make_folder as make_folder,
)
from .disk import (
    map_os_errors as map_os_errors,
)
from .disk import (
    remove_empty_staging as remove_empty_staging,
)
from .disk import (
    stage_file as stage_file,
)
from .disk import (
    write_file_atomically as write_file_atomically,
)
from .entered_people import (
    hash_people as hash_people,
)
from .gate_records import (
    let_through_gate as let_through_gate,
)
from .gate_records import (
    read_gate_passes as read_gate_passes,
)
from .gate_records import (
    stop_at_gate_again as stop_at_gate_again,
)
from .hand_overs import (
    MANIFEST_NAME as MANIFEST_NAME,
)
from .hand_overs import (
    BrokenOffHandOver as BrokenOffHandOver,
)
from .hand_overs import (
    HandOverUnderWay as HandOverUnderWay,
)
from .hand_overs import (
    begin_hand_over as begin_hand_over,
)
from .hand_overs import (
    list_hand_overs_inside as list_hand_overs_inside,
)
from .hand_overs import (
    list_unfinished_hand_overs as list_unfinished_hand_overs,
)
from .hand_overs import (
    settle_hand_overs as settle_hand_overs,
)
from .hand_typing import (
    TYPED_BY_HAND as TYPED_BY_HAND,
)
from .hand_typing import (
    begin_typing as begin_typing,
)
from .interview_sound import (
    AUDIO_FOLDER as AUDIO_FOLDER,
)
from .interview_sound import (
    InterviewSound as InterviewSound,
)
from .interview_sound import (
    ReadableSound as ReadableSound,
)
from .interview_sound import (
    count_stretches as count_stretches,
)
from .interview_sound import (
    is_being_recorded as is_being_recorded,
)
from .interview_sound import (
    require_whole as require_whole,
)
from .interview_sound import (
    verify_interview_sound as verify_interview_sound,
)
from .kept_heads import (
    keep_head as keep_head,
)
from .kept_heads import (
    read_kept_heads as read_kept_heads,
)
from .keys import (
    ALL_CLASSES as ALL_CLASSES,
)
from .keys import (
    SHORTEST_PASSPHRASE as SHORTEST_PASSPHRASE,
)
from .keys import (
    Argon2Cost as Argon2Cost,
)
from .keys import (
    KeyClass as KeyClass,
)
from .keys import (
    Keyring as Keyring,
)
from .keys import (
    make_slot as make_slot,
)
from .keys import (
    open_slot as open_slot,
)
from .missing_sound import (
    explain_missing_sound as explain_missing_sound,
)
from .missing_sound import (
    explain_missing_transcript as explain_missing_transcript,
)
from .parcel_contents import (
    ProvenRow as ProvenRow,
)
from .people import (
    Person as Person,
)
from .people import (
    Removal as Removal,
)
from .people import (
    add_person as add_person,
)
from .people import (
    change_own_passphrase as change_own_passphrase,
)
from .people import (
    check_person_name as check_person_name,
)
from .people import (
    check_recovery_code as check_recovery_code,
)
from .people import (
    list_people as list_people,
)
from .people import (
    read_person_roles as read_person_roles,
)
from .people import (
    read_signing_key as read_signing_key,
)
from .people import (
    remove_person as remove_person,
)
from .people import (
    renew_recovery_code as renew_recovery_code,
)
from .people import (
    require_own_name as require_own_name,
)
from .proven_rulings import (
    RULING_HASH as RULING_HASH,
)
from .recordings import (
    IncomingSound as IncomingSound,
)
from .recordings import (
    RescuedRecording as RescuedRecording,
)
from .recordings import (
    note_words_opened as note_words_opened,
)
from .recordings import (
    open_sound_for_listener as open_sound_for_listener,
)
from .recordings import (
    record_stretch as record_stretch,
)
from .recordings import (
    require_takes_sound as require_takes_sound,
)
from .recordings import (
    rescue_recordings as rescue_recordings,
)
from .redaction import (
    can_redact_sound as can_redact_sound,
)
from .redaction import (
    can_redact_words as can_redact_words,
)
from .review_records import (
    mark_review_ready as mark_review_ready,
)
from .review_records import (
    read_review_progress as read_review_progress,
)
from .review_records import (
    read_spot_checks as read_spot_checks,
)
from .review_records import (
    read_turn_objections as read_turn_objections,
)
from .review_records import (
    record_spot_check as record_spot_check,
)
from .review_records import (
    record_turn_check as record_turn_check,
)
from .review_records import (
    record_viewed_turns as record_viewed_turns,
)
from .row_destruction import (
    list_given_away as list_given_away,
)
from .safeguarding_notes import (
    count_safeguarding_notes as count_safeguarding_notes,
)
from .safeguarding_notes import (
    note_who_was_told as note_who_was_told,
)
from .safeguarding_notes import (
    raise_concern as raise_concern,
)
from .safeguarding_notes import (
    read_safeguarding_notes as read_safeguarding_notes,
)
from .seal import (
    SealBroken as SealBroken,
)
from .sending import (
    SentParcel as SentParcel,
)
from .sending import (
    hash_interview as hash_interview,
)
from .sending import (
    require_not_lent as require_not_lent,
)
from .sending import (
    send_interviews as send_interviews,
)
from .sending import (
    send_receipt as send_receipt,
)
from .sign_offs import (
    hash_artefact as hash_artefact,
)
from .sign_offs import (
    hash_transcript as hash_transcript,
)
from .sign_offs import (
    key_transcript_hash as key_transcript_hash,
)
from .sign_offs import (
    read_sign_off as read_sign_off,
)
from .sign_offs import (
    require_sign_off as require_sign_off,
)
from .sound_file import (
    SoundWriter as SoundWriter,
)
from .speaker_edits import (
    SpeakerScope as SpeakerScope,
)
from .ssh_signatures import (
    find_signer as find_signer,
)
from .ssh_signatures import (
    format_fingerprint as format_fingerprint,
)
from .ssh_signatures import (
    format_fingerprint_groups as format_fingerprint_groups,
)
from .ssh_signatures import (
    format_public_key as format_public_key,
)
from .ssh_signatures import (
    is_told_key as is_told_key,
)
from .ssh_signatures import (
    matches_fingerprint as matches_fingerprint,
)
from .ssh_signatures import (
    sign_as_openssh as sign_as_openssh,
)
from .study import (
    HANDED_OVER_FOLDER as HANDED_OVER_FOLDER,
)
from .study import (
    WHOLE_STUDY as WHOLE_STUDY,
)
from .study import (
    Change as Change,
)
from .study import (
    Interview as Interview,
)
from .study import (
    Study as Study,
)
from .study import (
    check_new_interview as check_new_interview,
)
from .study_keys import (
    distrust_study as distrust_study,
)
from .study_keys import (
    encode_card as encode_card,
)
from .study_keys import (
    find_trusted_study as find_trusted_study,
)
from .study_keys import (
    list_trusted as list_trusted,
)
from .study_keys import (
    make_study_keys as make_study_keys,
)
from .study_keys import (
    matches_card as matches_card,
)
from .study_keys import (
    read_card_file as read_card_file,
)
from .study_keys import (
    read_study_card as read_study_card,
)
from .study_keys import (
    spell_card as spell_card,
)
from .study_keys import (
    trust_study as trust_study,
)
from .study_policy import (
    change_study_policy as change_study_policy,
)
from .study_policy import (
    find_open_request as find_open_request,
)
from .study_policy import (
    read_study_policy as read_study_policy,
)
from .taken_hashes import (
    list_taken_hashes as list_taken_hashes,
)
from .taken_hashes import (
    note_taken_hashes as note_taken_hashes,
)
from .taking_back import (
    BackWork as BackWork,
)
from .taking_back import (
    Loan as Loan,
)
from .taking_back import (
    TurnConflict as TurnConflict,
)
from .taking_back import (
    TurnSide as TurnSide,
)
from .taking_back import (
    compare_back as compare_back,
)
from .taking_back import (
    end_loan as end_loan,
)
from .taking_back import (
    list_loans as list_loans,
)
from .taking_back import (
    take_back_parcel as take_back_parcel,
)
from .taking_in import (
    ParcelPeek as ParcelPeek,
)
from .taking_in import (
    TakenParcel as TakenParcel,
)
from .taking_in import (
    check_parcel as check_parcel,
)
from .taking_in import (
    peek_parcel as peek_parcel,
)
from .taking_in import (
    take_in_parcel as take_in_parcel,
)
from .taking_in import (
    take_in_receipt as take_in_receipt,
)
from .told_retention import (
    read_told_plan as read_told_plan,
)
from .told_retention import (
    read_told_sign_off_day as read_told_sign_off_day,
)
from .trail import (
    IntegrityFinding as IntegrityFinding,
)
from .trail import (
    TrailHead as TrailHead,
)
from .trail import (
    TrailLine as TrailLine,
)
from .trail import (
    contains_trail_head as contains_trail_head,
)
from .trail import (
    read_trail_head as read_trail_head,
)
from .trail import (
    read_trail_lines as read_trail_lines,
)
from .transcript_editor import (
    TranscriptEditor as TranscriptEditor,
)
from .transcript_editor import (
    restart_correction as restart_correction,
)
from .transcripts import (
    find_newest_ref as find_newest_ref,
)
from .transcripts import (
    is_worked_on as is_worked_on,
)
from .transcripts import (
    read_decisions as read_decisions,
)
from .transcripts import (
    read_mention_words as read_mention_words,
)
from .transcripts import (
    read_newest_transcript as read_newest_transcript,
)
from .transcripts import (
    read_searched_texts as read_searched_texts,
)
from .transcripts import (
    read_searched_transcript as read_searched_transcript,
)
from .transcripts import (
    read_standing_edits as read_standing_edits,
)
from .transcripts import (
    read_transcript_texts as read_transcript_texts,
)
from .transcripts import (
    read_turn_numbers as read_turn_numbers,
)
from .travels import (
    SentAway as SentAway,
)
from .travels import (
    list_heard_elsewhere as list_heard_elsewhere,
)
from .travels import (
    list_sent_away as list_sent_away,
)
from .travels import (
    list_unsettled_moves as list_unsettled_moves,
)
from .travels import (
    read_travels as read_travels,
)
from .verification import (
    SIGNATURE_NAME as SIGNATURE_NAME,
)
from .verification import (
    verify_database_file as verify_database_file,
)
from .verification import (
    verify_study as verify_study,
)
from .whole_study import (
    change_settings as change_settings,
)
from .whole_study import (
    queue_interviews as queue_interviews,
)
from .whole_study import (
    read_language as read_language,
)
from .whole_study import (
    read_settings as read_settings,
)
from .whole_study import (
    read_topic_guide as read_topic_guide,
)
from .whole_study import (
    read_transcription_queue as read_transcription_queue,
)
from .whole_study import (
    read_vocabulary as read_vocabulary,
)
from .whole_study import (
    save_topic_guide as save_topic_guide,
)
from .whole_study import (
    save_vocabulary as save_vocabulary,
)
from .whole_study import (
    set_language as set_language,
)
from .whole_study import (
    unqueue_interview as unqueue_interview,
)
from .withdrawals import (
    list_withdrawals as list_withdrawals,
)
from .withdrawals import (
    require_none_withdrawn as require_none_withdrawn,
)
from .workers import (
    HARD_ENDINGS as HARD_ENDINGS,
)
from .workers import (
    NEW_PASSPHRASE_VARIABLE as NEW_PASSPHRASE_VARIABLE,
)
from .workers import (
    OWN_GROUP as OWN_GROUP,
)
from .workers import (
    PASSPHRASE_VARIABLE as PASSPHRASE_VARIABLE,
)
from .workers import (
    build_worker_environment as build_worker_environment,
)
from .workers import (
    die_with_parent as die_with_parent,
)
from .workers import (
    lower_priority as lower_priority,
)
from .workers import (
    take_variable as take_variable,
)
from .workers import (
    yield_to_others as yield_to_others,
)
