"""What a user can mend, told in one line: the file or the key, what is wrong with it, and what is allowed."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Callable


class Mistake(ValueError):
    """Its message is all that a user sees."""


def run_cli(main: Callable[[], None]) -> None:
    """Runs a script; a mistake, or a file that is not there, ends it with status 1 and one line, without a stack trace."""
    script = Path(sys.argv[0]).name
    try:
        main()
    except Mistake as e:
        sys.exit(f"{script}: {e}")
    except FileNotFoundError as e:
        sys.exit(f"{script}: {e.filename}: no such file")
