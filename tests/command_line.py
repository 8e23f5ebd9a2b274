"""The command line, run as a user runs it: `gradbook("show", "N14")` is what it printed."""

from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from gradbook.cli import main

ROOT = Path(__file__).parents[1]


class Run(NamedTuple):
    code: int
    out: str
    err: str


def gradbook(*arguments: str | Path, cwd: Path = ROOT) -> Run:
    """In this process: one of its own would take seconds to read SymPy and the page."""
    out, err = StringIO(), StringIO()
    with chdir(cwd), redirect_stdout(out), redirect_stderr(err):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stopped:  # as argparse ends it
            code = stopped.code
    return Run(code, out.getvalue(), err.getvalue())
