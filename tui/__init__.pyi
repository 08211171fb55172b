from .app import (
    Earshot as Earshot,
)
from .app import (
    run_interface as run_interface,
)
from .hardening import (
    read_screen_lines as read_screen_lines,
)
from .themes import (
    DARK_NAME as DARK_NAME,
)
from .themes import (
    LIGHT_NAME as LIGHT_NAME,
)
