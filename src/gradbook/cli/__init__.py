"""The command line: `main` reads the arguments and runs one command. One file a command:

verify, check, grade, certify       prove pages, judge functions, give points, write certificates
show, emit, explain                 print a line, the source of a kernel, a fault
parser, status                      suggestions for what was meant; exit statuses
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from rich.console import Console

from gradbook import __version__
from gradbook.cli.certify import add_certify
from gradbook.cli.check import add_check
from gradbook.cli.emit import add_emit
from gradbook.cli.explain import add_explain
from gradbook.cli.grade import add_grade
from gradbook.cli.parser import Parser
from gradbook.cli.show import add_show
from gradbook.cli.status import INTERRUPTED, UNUSABLE
from gradbook.cli.verify import add_verify
from gradbook.page.discover import NotFound


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line. Returns 0 if all holds, 1 if something is wrong, 2 otherwise."""
    options = _parser().parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 80)
    try:
        return int(options.run(options, console))
    except NotFound as error:
        print(f"gradbook: {error}", file=sys.stderr)
    except BrokenPipeError:  # of | head, say, which has read enough
        sys.stderr.close()
    except OSError as error:
        print(f"gradbook: {error.filename}: {error.strerror}", file=sys.stderr)
    except (ValueError, KeyError) as error:
        print(f"gradbook: {error.args[0]}", file=sys.stderr)
    except KeyboardInterrupt:
        print("gradbook: interrupted", file=sys.stderr)
        return INTERRUPTED
    return UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="gradbook",
        description="A page of mathematics, proved line by line, emitted as code, and checked.",
    )
    parser.add_argument("--version", action="version", version=f"gradbook {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    for add in (add_verify, add_check, add_grade, add_show, add_explain, add_certify, add_emit):
        add(commands)
    return parser
