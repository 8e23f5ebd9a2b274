"""`gradbook`, and `python -m gradbook` where no script is installed: the command line."""

import gc
import os
import sys


def main() -> int:
    """Runs the command line; returns its exit status."""
    # The processes share the cores: none of them is to start a BLAS thread for each. So a process
    # has one thread, and copies of it can share the work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What SymPy makes is let go when nothing names it; to look for cycles every 700 objects costs a
    # tenth of the time.
    gc.set_threshold(100_000, 50, 50)
    from gradbook.cli import main

    return main()


if __name__ == "__main__":
    sys.exit(main())
