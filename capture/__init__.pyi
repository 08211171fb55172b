from .audio_source import (
    OpenSource as OpenSource,
)
from .audio_source import (
    PushSound as PushSound,
)
from .clocks import (
    RecordingClocks as RecordingClocks,
)
from .decoders import (
    open_decoder as open_decoder,
)
from .devices import (
    Device as Device,
)
from .devices import (
    find_device as find_device,
)
from .devices import (
    list_devices as list_devices,
)
from .devices import (
    pick_device as pick_device,
)
from .encoders import (
    encode_sound as encode_sound,
)
from .headless_recording import (
    record_interview as record_interview,
)
from .import_table import (
    ImportRow as ImportRow,
)
from .import_table import (
    ImportTable as ImportTable,
)
from .import_table import (
    find_named_file as find_named_file,
)
from .import_table import (
    read_import_table as read_import_table,
)
from .levels import (
    SILENCE_DBFS as SILENCE_DBFS,
)
from .loudspeaker import (
    FillOutput as FillOutput,
)
from .microphone import (
    make_opener as make_opener,
)
from .playback import (
    PlayableSound as PlayableSound,
)
from .playback import (
    SoundPlayer as SoundPlayer,
)
from .portaudio import (
    has_sound_library as has_sound_library,
)
from .recording_session import (
    RecordingSession as RecordingSession,
)
from .recording_status import (
    RecordingFault as RecordingFault,
)
from .recording_status import (
    RecordingPhase as RecordingPhase,
)
from .recording_status import (
    RecordingStatus as RecordingStatus,
)
from .sound_check import (
    run_sound_check as run_sound_check,
)
from .sound_import import (
    ImportChoices as ImportChoices,
)
from .sound_import import (
    SealedImport as SealedImport,
)
from .sound_import import (
    SoundLeft as SoundLeft,
)
from .sound_import import (
    SoundMeasure as SoundMeasure,
)
from .sound_import import (
    import_sound as import_sound,
)
from .sound_import import (
    import_sound_parts as import_sound_parts,
)
from .sound_import import (
    measure_sound_file as measure_sound_file,
)
from .sound_import import (
    seal_sound_parts as seal_sound_parts,
)
from .stderr_redirect import (
    redirect_stderr as redirect_stderr,
)
from .stick_files import (
    StickFile as StickFile,
)
from .stick_files import (
    list_stick_files as list_stick_files,
)
from .taken_files import (
    TakenFiles as TakenFiles,
)
from .taken_files import (
    hash_sound_file as hash_sound_file,
)
from .transcript_import.imported_turn import (
    LeftPart as LeftPart,
)
from .transcript_import.study_entry import (
    ImportedTranscript as ImportedTranscript,
)
from .transcript_import.study_entry import (
    ReadTranscript as ReadTranscript,
)
from .transcript_import.study_entry import (
    import_transcript as import_transcript,
)
from .transcript_import.study_entry import (
    is_transcript_file as is_transcript_file,
)
from .transcript_import.study_entry import (
    make_transcript as make_transcript,
)
from .transcript_import.study_entry import (
    read_transcript as read_transcript,
)
