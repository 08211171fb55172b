from .command_line import (
    VERB_NAMES as VERB_NAMES,
)
from .command_line import (
    build_parser as build_parser,
)
from .command_line import (
    load_verb as load_verb,
)
from .command_line import (
    main as main,
)
from .console import (
    Console as Console,
)
from .recording_signals import (
    RecordingSignals as RecordingSignals,
)
from .recording_signals import (
    call_on_interrupt as call_on_interrupt,
)
from .script_comparison import (
    HeardDetail as HeardDetail,
)
from .script_comparison import (
    ScriptComparison as ScriptComparison,
)
from .script_comparison import (
    compute_word_error_rate as compute_word_error_rate,
)
from .verb import (
    VERB_PROGRAM as VERB_PROGRAM,
)
from .verb import (
    Verb as Verb,
)
from .verb_advice import (
    advise_verb as advise_verb,
)
from .verbs.demo import (
    CASE as CASE,
)
from .verbs.demo import (
    DEMONSTRATION_PASSPHRASE as DEMONSTRATION_PASSPHRASE,
)
from .verbs.demo import (
    KNOWN as KNOWN,
)
from .verbs.demo import (
    LABEL as LABEL,
)
from .verbs.keys import (
    render_keys_page as render_keys_page,
)
from .verbs.play import (
    parse_moment_s as parse_moment_s,
)
from .verbs.transcribe import (
    build_transcript_data as build_transcript_data,
)
from .verbs.transcribe import (
    describe_transcript as describe_transcript,
)
