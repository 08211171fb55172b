from .archive_writer import (
    pack_model as pack_model,
)
from .catalogue import (
    LONGEST_WINDOW_S as LONGEST_WINDOW_S,
)
from .catalogue import (
    ModelKind as ModelKind,
)
from .catalogue import (
    ModelOffer as ModelOffer,
)
from .catalogue import (
    ModelRoute as ModelRoute,
)
from .catalogue import (
    find_offer as find_offer,
)
from .catalogue import (
    list_offers as list_offers,
)
from .checksums import (
    CHECKSUMS_NAME as CHECKSUMS_NAME,
)
from .checksums import (
    hash_model as hash_model,
)
from .checksums import (
    write_checksums as write_checksums,
)
from .demonstration import (
    DEMONSTRATION_NAMES as DEMONSTRATION_NAMES,
)
from .demonstration import (
    DEMONSTRATION_SOUND as DEMONSTRATION_SOUND,
)
from .demonstration import (
    load_demonstration as load_demonstration,
)
from .finder_scores import (
    TEXT_FORMS as TEXT_FORMS,
)
from .finder_scores import (
    FinderScore as FinderScore,
)
from .finder_scores import (
    score_finder as score_finder,
)
from .install_dir import (
    remove_model as remove_model,
)
from .installation import (
    accept_any_model as accept_any_model,
)
from .installation import (
    download_model as download_model,
)
from .installation import (
    install_local_model as install_local_model,
)
from .installed_models import (
    InstalledModel as InstalledModel,
)
from .installed_models import (
    find_model as find_model,
)
from .installed_models import (
    find_model_folder as find_model_folder,
)
from .installed_models import (
    find_models_folder as find_models_folder,
)
from .installed_models import (
    find_names_model as find_names_model,
)
from .installed_models import (
    find_own_pipeline as find_own_pipeline,
)
from .installed_models import (
    find_speakers_model as find_speakers_model,
)
from .installed_models import (
    find_speech_model as find_speech_model,
)
from .installed_models import (
    find_token_network as find_token_network,
)
from .installed_models import (
    find_voice_model as find_voice_model,
)
from .installed_models import (
    is_model_whole as is_model_whole,
)
from .installed_models import (
    list_models as list_models,
)
from .installed_models import (
    list_other_names_models as list_other_names_models,
)
from .installed_models import (
    name_outdated_library as name_outdated_library,
)
from .installed_models import (
    require_offer as require_offer,
)
from .labelled_text import (
    LabelledSpan as LabelledSpan,
)
from .labelled_text import (
    LabelledText as LabelledText,
)
from .labelled_text import (
    is_held_out as is_held_out,
)
from .labelled_text import (
    load_hard_lines as load_hard_lines,
)
from .labelled_text import (
    load_test_sets as load_test_sets,
)
from .lexicon import (
    is_ordinary_word as is_ordinary_word,
)
from .lexicon import (
    look_up_word as look_up_word,
)
from .machine import (
    Machine as Machine,
)
from .machine import (
    ModelFit as ModelFit,
)
from .machine import (
    count_cores as count_cores,
)
from .machine import (
    count_threads as count_threads,
)
from .machine import (
    format_hour as format_hour,
)
from .machine import (
    inspect_machine as inspect_machine,
)
from .machine import (
    measure_room_gb as measure_room_gb,
)
from .machine import (
    read_processor_name as read_processor_name,
)
from .machine import (
    recommend_model as recommend_model,
)
from .measured_speeds import (
    MeasuredSpeed as MeasuredSpeed,
)
from .measured_speeds import (
    read_measured_speed as read_measured_speed,
)
from .measured_speeds import (
    save_measured_speed as save_measured_speed,
)
from .networks import open_network as open_network
from .self_test import (
    TRIAL_END_S as TRIAL_END_S,
)
from .self_test import (
    TRIAL_START_S as TRIAL_START_S,
)
from .self_test import (
    TRIAL_TALK as TRIAL_TALK,
)
from .self_test import (
    TRIAL_VOICES_S as TRIAL_VOICES_S,
)
from .self_test import (
    find_names_fault as find_names_fault,
)
from .self_test import (
    find_speech_fault as find_speech_fault,
)
from .self_test import (
    find_voices_fault as find_voices_fault,
)
