from .audio_tracks import (
    MODEL_RATE as MODEL_RATE,
)
from .audio_tracks import (
    CompleteSound as CompleteSound,
)
from .audio_tracks import (
    Samples as Samples,
)
from .audio_tracks import (
    choose_tracks as choose_tracks,
)
from .audio_tracks import (
    read_excerpt as read_excerpt,
)
from .audio_tracks import (
    read_pieces as read_pieces,
)
from .cluster.cluster_nodes import (
    NodeNews as NodeNews,
)
from .cluster.cluster_nodes import (
    run_scheduler as run_scheduler,
)
from .cluster.cluster_nodes import (
    run_worker as run_worker,
)
from .cluster.cluster_place import (
    ClusterPlace as ClusterPlace,
)
from .cluster.dask_settings import (
    require_dask as require_dask,
)
from .cluster.local_cluster import (
    start_local_cluster as start_local_cluster,
)
from .cluster.local_cluster import (
    start_node as start_node,
)
from .cluster.remote_engine import (
    RemoteEngine as RemoteEngine,
)
from .cluster.remote_workers import (
    RemoteWorkers as RemoteWorkers,
)
from .device_choice import (
    choose_device_setup as choose_device_setup,
)
from .diarisation import (
    diarise_interview as diarise_interview,
)
from .engine import (
    DecodingOptions as DecodingOptions,
)
from .engine import (
    SpeechEngine as SpeechEngine,
)
from .later_sound import (
    hear_later_sound as hear_later_sound,
)
from .second_hearing import (
    rehear_passage as rehear_passage,
)
from .transcription import (
    transcribe_interview as transcribe_interview,
)
from .turn_assembly import (
    NOT_TRANSCRIBED as NOT_TRANSCRIBED,
)
from .turn_assembly import (
    UNKNOWN_SPEAKER as UNKNOWN_SPEAKER,
)
from .vad import (
    find_speech_spans as find_speech_spans,
)
from .vad_spans import (
    VadOptions as VadOptions,
)
from .voice_encoder import (
    PIECE_S as PIECE_S,
)
from .voice_encoder import (
    VoiceEncoder as VoiceEncoder,
)
from .voice_separation import (
    Anchor as Anchor,
)
from .windows import (
    build_windows as build_windows,
)
