"""The command line: gradbook verify, check, show, emit."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.syntax import Syntax

from gradbook import __version__
from gradbook.any_size.page_letters import NotInEntries
from gradbook.cli_explain import add_explain
from gradbook.cli_parser import Parser
from gradbook.cli_verify import HOLDS, INTERRUPTED, UNUSABLE, verify_pages
from gradbook.discover import NotFound, find, page_with
from gradbook.emit import FIXED_SIZE, PAGE_TARGETS, TARGETS, PageKernel, emit
from gradbook.kernels import Kernel
from gradbook.page import Page
from gradbook.report.progress import progress
from gradbook.subjects.sandbox import SANDBOXES
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
        "--jobs", type=_positive, metavar="N", help="processes to share the work (default: cores)"
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
        "--cpu-limit",
        type=_positive,
        metavar="S",
        help="seconds of processor time after which one line by one method, or one kernel, is "
        "ended and undecided (default: 180, with --thorough 1800)",
    )
    verify.add_argument(
        "--memory-limit",
        type=_positive,
        metavar="MIB",
        help="the same for the memory of its process (default: 4096)",
    )
    verify.set_defaults(run=verify_pages)

    check = commands.add_parser(
        "check",
        help="say whether a function of yours is right, and if not, what is wrong with it",
        description="Judges functions (W, X, y, reg) -> (loss, gradient), or the like, each in a "
        "process of its own. Exit status: 0 if all are right; 1 if one is wrong; 2 if none is, and "
        "one could not be judged.",
    )
    check.add_argument(
        "target",
        nargs="+",
        help="FILE.py:FUNCTION, NOTEBOOK.ipynb:FUNCTION, a file (every function in it that looks "
        "like one), or a folder",
    )
    check.add_argument(
        "--page",
        metavar="NAME",
        help="what states the loss: a file, a name in derivation/, or what its functions are "
        "called, such as svm (default: by each one's name, else its values)",
    )
    check.add_argument("--json", type=Path, metavar="FILE", help="write the findings as data")
    check.add_argument("--csv", type=Path, metavar="FILE", help="write a row for each function")
    check.add_argument("--html", type=Path, metavar="FILE", help="write them as one HTML page")
    check.add_argument(
        "--jobs", type=_positive, metavar="N", help="processes to share the work (default: cores)"
    )
    check.add_argument(
        "--patience",
        type=_positive,
        metavar="SECONDS",
        help="what all calls of a function may take of computing (default: 100), and ten times as "
        "long on the clock; one that takes longer is not judged",
    )
    check.add_argument(
        "--sandbox",
        choices=SANDBOXES,
        default="auto",
        help="what each function is shut in with (auto: bubblewrap where it works, else none)",
    )
    check.add_argument(
        "--seed",
        type=_whole,
        metavar="N",
        help="which of many equally telling questions all are asked (default: another in each run)",
    )
    check.add_argument(
        "--with",
        type=Path,
        action="append",
        default=[],
        dest="beside",
        metavar="PATH",
        help="a file or folder that is copied beside each; nothing else is there",
    )
    forced = check.add_argument_group("the convention", "detected where it is not given")
    forced.add_argument("--weights", type=_shape("CD"), metavar="C,D", help="W is C,D or D,C")
    forced.add_argument(
        "--examples", type=_examples, metavar="N,D", help="X is N,D or D,N; D: it takes one example"
    )
    forced.add_argument(
        "--labels",
        choices=("integers", "column", "one-hot", "from-1"),
        help="y is (N,), (N, 1), of 0 and 1 (N, C), or (N,) with labels from 1 on",
    )
    forced.add_argument(
        "--order", type=_order, metavar="W,X,y,reg", help="the order of the arguments"
    )
    forced.add_argument(
        "--reg-multiplies",
        choices=("penalty", "sum", "mean"),
        help="the penalty, or the sum or the mean over the examples, as C does in ½ΣW² + C·Σ",
    )
    forced.add_argument(
        "--reduction", choices=("mean", "sum"), help="what the loss takes of its examples"
    )
    forced.add_argument("--penalty", choices=sorted(_PENALTIES), help="reg·ΣW², or half of it")
    forced.add_argument(
        "--kink", choices=sorted(_KINKS), help="the indicator at a margin of exactly 0"
    )
    check.add_argument(
        "--without",
        type=_kinds,
        default=(),
        metavar="KINDS",
        help="what is not looked for: purity (inputs changed or shared), dtype, layout, mend (a "
        "change with which it is right), or several of them with commas",
    )
    check.set_defaults(run=_check)

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
    emitted.add_argument("-o", "--output", type=Path, metavar="FILE", help="write it to a file")
    emitted.set_defaults(run=_emit)
    return parser


def _positive(text: str) -> int:
    value = int(text) if text.isdigit() else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"must be an integer ≥ 1, not {text!r}")
    return value


def _whole(text: str) -> int:
    if not text.isdecimal() or int(text) >= 1 << 32:
        raise argparse.ArgumentTypeError(f"must be an integer from 0 to 2³² − 1, not {text!r}")
    return int(text)


def _shape(letters: str) -> Callable[[str], str]:
    """A reader of "C,D" and "D,C"."""

    def read(text: str) -> str:
        given = [letter.strip().upper() for letter in text.split(",")]
        if sorted(given) != sorted(letters):
            one, other = ",".join(letters), ",".join(reversed(letters))
            raise argparse.ArgumentTypeError(f"must be {one} or {other}, not {text!r}")
        return f"({', '.join(given)})"

    return read


def _examples(text: str) -> str:
    """ "(D,)" for one example, else as `_shape`."""
    return "(D,)" if text.strip().upper() == "D" else _shape("ND")(text)


#: What the choices of --penalty and --kink mean.
_PENALTIES = {"reg": 1.0, "half": 0.5}
_KINKS = {"0": 0.0, "1/2": 0.5, "1": 1.0}


def _kinds(text: str) -> tuple[str, ...]:
    given = tuple(name.strip() for name in text.split(","))
    known = ("purity", "dtype", "layout", "mend")
    if not set(given) <= set(known):
        raise argparse.ArgumentTypeError(f"must be some of {', '.join(known)}, not {text!r}")
    return given


def _order(text: str) -> tuple[str, ...]:
    from gradbook.judge.signature import ROLES

    given = tuple(name.strip() for name in text.split(","))
    if not {"W", "X", "y"} <= set(given) <= set(ROLES) or len(set(given)) < len(given):
        raise argparse.ArgumentTypeError(
            "must be W, X and y, and reg and margin if it has them (or b, classes, count), in its "
            f"order, not {text!r}"
        )
    return given


def _check(options: argparse.Namespace, console: Console) -> int:
    from gradbook.judge import Forced
    from gradbook.report.grades import render_grades
    from gradbook.report.grades_data import as_csv, as_data
    from gradbook.report.grades_html import as_page
    from gradbook.subjects.isolated import LIMITS
    from gradbook.submissions import judge_files
    from gradbook.workers import ended_as_by_interrupt

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    forced = Forced(
        options.order,
        options.weights,
        options.examples,
        options.labels,
        weighed=options.reg_multiplies,
        reduction=options.reduction,
        penalty=_PENALTIES.get(options.penalty),
        at_kink=_KINKS.get(options.kink),
        without=options.without,
    )
    for path in options.beside:
        path.stat()
    limits = replace(
        LIMITS.patient(options.patience or LIMITS.total),
        sandbox=options.sandbox,
        beside=tuple(path.resolve() for path in options.beside),
    )
    with progress(console, "judging") as advance, ended_as_by_interrupt():
        jobs = options.jobs or os.cpu_count() or 1
        grades = judge_files(
            *options.target,
            page=options.page,
            forced=forced,
            limits=limits,
            seed=secrets.randbelow(1 << 16) if options.seed is None else options.seed,
            jobs=jobs,
            progress=advance,
        )
    if options.json:
        write(options.json, json.dumps(as_data(grades), indent=1, ensure_ascii=False) + "\n")
    if options.csv:
        write(options.csv, as_csv(grades))
    if options.html:
        write(options.html, as_page(grades))
    if console.is_terminal:
        console.print(render_grades(grades), crop=False)
    else:
        print(grades)
    for path in filter(None, (options.html, options.json, options.csv)):
        console.print(f"report: {path}", style="dim", highlight=False, soft_wrap=True)
    return grades.exit_code


def _show(options: argparse.Namespace, console: Console) -> int:
    from gradbook.report.show import show_line, show_page, show_pages
    from gradbook.verify import decide

    pages = find([options.page] if options.page else [])
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
    if options.line is not None:
        return emit(page[options.line], options.target or PAGE_TARGETS[0])
    try:
        loss = page.loss
    except NotInEntries:
        loss = None
    if loss is None or options.of is not None:
        return emit(page, options.target or PAGE_TARGETS[0], of=options.of)
    target = options.target or "codegen"
    classes, features = options.classes, options.features
    if target in FIXED_SIZE:
        classes, features = 3 if classes is None else classes, 2 if features is None else features
    return emit(loss, target, classes=classes, features=features)


if __name__ == "__main__":
    sys.exit(main())
