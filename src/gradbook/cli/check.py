"""`gradbook check`: functions that people wrote, each judged by its page."""

from __future__ import annotations

import argparse
import os
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from gradbook.cli.parser import number_or_cluster, positive
from gradbook.report.progress import progress
from gradbook.subjects.sandbox import SANDBOXES
from gradbook.writing import write, write_json


def add_check(commands: Any) -> None:
    """Adds the command to the others."""
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
    check.add_argument(
        "--letters",
        type=_letters,
        metavar="W1=A,b1=a",
        help="which letter of the page each parameter is (default: by its name and shape)",
    )
    check.add_argument("--json", type=Path, metavar="FILE", help="write the findings as data")
    check.add_argument("--csv", type=Path, metavar="FILE", help="write a row for each function")
    check.add_argument("--html", type=Path, metavar="FILE", help="write them as one HTML page")
    check.add_argument(
        "--jobs",
        type=number_or_cluster,
        metavar="N",
        help="processes to share the work (default: cores), or a Dask cluster, dask://HOST:PORT",
    )
    check.add_argument(
        "--patience",
        type=positive,
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


def _letters(text: str) -> dict[str, str]:
    """A reader of "W1=A,b1=a"."""
    pairs = [[side.strip() for side in each.split("=")] for each in text.split(",")]
    if not all(len(pair) == 2 and all(pair) for pair in pairs):
        raise argparse.ArgumentTypeError(f"must be like W1=A,b1=a, not {text!r}")
    return dict(pairs)


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
    from gradbook.judge.convention.signature import ROLES

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
    from gradbook.submissions import Grades, judge_files
    from gradbook.workers import ended_as_by_interrupt

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

    def report(grades: Grades) -> None:
        if options.json:
            write_json(options.json, as_data(grades))
        if options.csv:
            write(options.csv, as_csv(grades))
        if options.html:
            write(options.html, as_page(grades))

    paths = [path for path in (options.html, options.json, options.csv) if path]
    in_files = all(path.is_file() or not path.exists() for path in paths)  # and no pipe

    with progress(console, "judging") as advance, ended_as_by_interrupt():
        jobs = options.jobs or os.cpu_count() or 1
        grades = judge_files(
            *options.target,
            page=options.page,
            letters=options.letters,
            forced=forced,
            limits=limits,
            seed=secrets.randbelow(1 << 16) if options.seed is None else options.seed,
            jobs=jobs,
            progress=advance,
            so_far=report if in_files else None,
        )
    report(grades)
    if console.is_terminal:
        console.print(render_grades(grades), crop=False)
    else:
        print(grades)
    for path in paths:
        console.print(f"report: {path}", style="dim", highlight=False, soft_wrap=True)
    return grades.exit_code
