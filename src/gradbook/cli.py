"""The command line: gradbook verify, check, grade, explain, certify, show, emit."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.syntax import Syntax

from gradbook import __version__
from gradbook.any_size.page_letters import NotInEntries
from gradbook.cli_certify import add_certify
from gradbook.cli_check import add_check
from gradbook.cli_explain import add_explain
from gradbook.cli_grade import add_grade
from gradbook.cli_parser import Parser, positive, size
from gradbook.cli_verify import HOLDS, INTERRUPTED, UNUSABLE, verify_pages
from gradbook.discover import NotFound, find, page_with
from gradbook.emit import FIXED_SIZE, PAGE_TARGETS, TARGETS, PageKernel, emit
from gradbook.kernels import Kernel
from gradbook.page import Page
from gradbook.writing import write


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

    verify = commands.add_parser(
        "verify",
        help="prove every line, emit the gradient, check every kernel",
        description="Reads pages, lecture notes in Markdown (docs/language.md) or the Markdown "
        "cells of notebooks, proves every line, emits the gradient of a page's loss as code, and "
        "checks every kernel. Exit status: 0 if all holds; 1 if something is refuted; 2 for input "
        "that cannot be used, or where something could not be read, decided or run; 130 for an "
        "interrupt.",
    )
    verify.add_argument(
        "page",
        nargs="*",
        help="a page.md, a notebook.ipynb, a folder, or a name in derivation/ (default: all in "
        "derivation/)",
    )
    verify.add_argument("--json", type=Path, metavar="FILE", help="write the findings as data")
    verify.add_argument("--html", type=Path, metavar="FILE", help="write them as one HTML page")
    verify.add_argument(
        "--jobs", type=positive, metavar="N", help="processes to share the work (default: cores)"
    )
    verify.add_argument(
        "--thorough", action="store_true", help="larger sizes and every label: minutes, not seconds"
    )
    verify.add_argument(
        "--against",
        type=Path,
        metavar="MODEL.md",
        help="which lines of this page are missing in the other, in whatever letters and order",
    )
    verify.add_argument(
        "--strength",
        action="store_true",
        help="edit the formulas of a page, one token at a time: which edits are not noticed?",
    )
    verify.add_argument(
        "--smtlib",
        type=Path,
        metavar="DIR",
        help="write every query that is put to z3 as SMT-LIB 2, one file a query",
    )
    verify.add_argument(
        "--recheck",
        choices=["cvc5"],
        help="put them to a second solver too (pip install gradbook[recheck])",
    )
    verify.add_argument(
        "--fresh",
        action="store_true",
        help="decide everything anew, also what has not changed since it was decided before",
    )
    verify.add_argument(
        "--cpu-limit",
        type=positive,
        metavar="S",
        help="seconds of processor time after which one line by one method, or one kernel, is "
        "ended and undecided (default: 180, with --thorough 1800)",
    )
    verify.add_argument(
        "--memory-limit",
        type=positive,
        metavar="MIB",
        help="the same for the memory of its process (default: 4096)",
    )
    verify.set_defaults(run=verify_pages)

    add_check(commands)
    add_grade(commands)

    show = commands.add_parser("show", help="print the page, or one line of it")
    show.add_argument("line", nargs="?", help="the id of a line, such as N14")
    show.add_argument(
        "--any-size",
        action="store_true",
        help="the gradient, or the line, derived with C, m and n as letters, a rule for each step",
    )
    show.add_argument("--page", metavar="NAME", help="a file or a name in derivation/")
    show.set_defaults(run=_show)

    add_explain(commands)
    add_certify(commands)

    emitted = commands.add_parser("emit", help="print or write the source of a kernel")
    emitted.add_argument("page", help="a file, or a name in derivation/")
    emitted.add_argument("line", nargs="?", help="such as N2: the right side of what it states")
    emitted.add_argument(
        "--target",
        choices=sorted(TARGETS),
        help="default: codegen for the loss of a classifier; numpy for a line, and for a page with "
        "letters of its own",
    )
    fixed = f"for {' and '.join(FIXED_SIZE)} (default: %s), or what c-fast is scheduled for"
    emitted.add_argument("--classes", type=int, metavar="C", help=fixed % 3)
    emitted.add_argument("--features", type=int, metavar="M", help=fixed % 2)
    emitted.add_argument(
        "--of",
        metavar="NAME",
        help="which of the numbers that a page differentiates (the last one)",
    )
    emitted.add_argument(
        "--size",
        metavar="C=3",
        action="append",
        type=size,
        help=f"a size of a page, for {' and '.join(FIXED_SIZE)}; once for each",
    )
    emitted.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it to a file")
    emitted.set_defaults(run=_emit)
    return parser


def _show(options: argparse.Namespace, console: Console) -> int:
    from gradbook.report.show import show_line, show_page, show_pages
    from gradbook.verify import decide

    pages = find([options.page] if options.page else [], options.line or "")
    page = page_with(pages, options.line) if options.line else pages[0]
    if len(pages) > 1 and not options.line:
        shown = show_pages(pages)
    elif options.any_size:
        shown = _any_size(page, options.line)
    elif options.line is None:
        shown = show_page(page)
    else:
        shown = show_line(page[options.line], decide(page[options.line], jobs=1))
    console.print(shown, highlight=False, markup=False, soft_wrap=True)
    return HOLDS


def _any_size(page: Page, line: str | None) -> str:
    """The derivation for any size, or one line of it."""
    from gradbook.any_size import derive
    from gradbook.report.show_any_size import show_any_size, show_line_any_size

    return show_any_size(derive(page.loss)) if line is None else show_line_any_size(page[line])


def _emit(options: argparse.Namespace, console: Console) -> int:
    kernel = _emitted(find([options.page])[0], options)
    if options.output:
        write(options.output, kernel.source)
    elif sys.stdout.isatty():
        console.print(Syntax(kernel.source, kernel.language.lower(), background_color="default"))
    else:
        print(kernel.source)
    return HOLDS


def _emitted(page: Page, options: argparse.Namespace) -> Kernel | PageKernel:
    """The kernel that is asked for. Raises ValueError, with one sentence, where there is none."""
    sizes = None if options.size is None else dict(options.size)
    if options.line is not None:
        return emit(page[options.line], options.target or PAGE_TARGETS[0], sizes=sizes)
    try:
        loss = page.loss
    except NotInEntries:
        loss = None
    if loss is None or options.of is not None or sizes is not None:
        return emit(page, options.target or PAGE_TARGETS[0], of=options.of, sizes=sizes)
    target = options.target or "codegen"
    classes, features = options.classes, options.features
    if target in FIXED_SIZE:
        classes, features = 3 if classes is None else classes, 2 if features is None else features
    return emit(loss, target, classes=classes, features=features)


if __name__ == "__main__":
    sys.exit(main())
