"""Errors that a user can fix, reported in one line: the file or key, what is wrong, and what is allowed."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Callable


class Mistake(ValueError):
    """An error that a user can fix. The user sees only its message."""


def run_cli(main: Callable[[], None]) -> None:
    """Runs a script. A mistake or a missing file ends it with status 1 and one line, without a stack trace."""
    script = Path(sys.argv[0]).name
    try:
        main()
    except Mistake as e:
        sys.exit(f"{script}: {e}")
    except FileNotFoundError as e:
        sys.exit(f"{script}: {e.filename}: no such file")
