"""The command line: `main` reads the arguments and runs one command. One file a command:

verify, check, grade, certify       prove pages, judge functions, give points, write certificates
show, emit, explain                 print a line, the source of a kernel, a fault
parser, status                      suggestions for what was meant; exit statuses
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from rich.console import Console

from gradbook import __version__
from gradbook.cli.parser import Parser
from gradbook.cli.status import INTERRUPTED, UNUSABLE
from gradbook.page.discover import NotFound

_COMMANDS = ("verify", "check", "grade", "show", "explain", "certify", "emit")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line. Returns 0 if all holds, 1 if something is wrong, 2 otherwise."""
    given = sys.argv[1:] if arguments is None else arguments
    options = _parser(given).parse_args(given)
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


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of all commands; of the one that is given alone, which is loaded sooner."""
    parser = Parser(
        prog="gradbook",
        description="A page of mathematics, proved line by line, emitted as code, and checked.",
    )
    parser.add_argument("--version", action="version", version=f"gradbook {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    for name in given[:1] if {*given[:1]} & {*_COMMANDS} else _COMMANDS:
        module = import_module(f"gradbook.cli.{name}")
        getattr(module, f"add_{name}")(commands)
    return parser
