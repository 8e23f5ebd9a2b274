"""`gradbook verify`: pages, what a page has of a model, and what would notice an edit of it."""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from gradbook.cli.parser import number_or_cluster, positive
from gradbook.cli.status import HOLDS, INTERRUPTED, REFUTED, UNUSABLE
from gradbook.page import Page
from gradbook.page.discover import find
from gradbook.report.progress import progress
from gradbook.writing import require_writable, write, write_json

if TYPE_CHECKING:
    from gradbook.jobs import Jobs
    from gradbook.verify import Report


def add_verify(commands: Any) -> None:
    """Adds the command to the others."""
    parser = commands.add_parser(
        "verify",
        help="prove every line, emit the gradient, check every kernel",
        description="Reads pages, lecture notes in Markdown (docs/language.md) or the Markdown "
        "cells of notebooks, proves every line, emits the gradient of a page's loss as code, and "
        "checks every kernel. Exit status: 0 if all holds; 1 if something is refuted; 2 for input "
        "that cannot be used, or where something could not be read, decided or run; 130 for an "
        "interrupt.",
    )
    parser.add_argument(
        "page",
        nargs="*",
        help="a page.md, a notebook.ipynb, a folder, or a name in derivation/ (default: all in "
        "derivation/)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the findings as data")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write them as one HTML page")
    parser.add_argument(
        "--jobs",
        type=number_or_cluster,
        metavar="N",
        help="processes to share the work (default: cores), or a Dask cluster, dask://HOST:PORT",
    )
    parser.add_argument(
        "--thorough", action="store_true", help="larger sizes and every label: minutes, not seconds"
    )
    parser.add_argument(
        "--against",
        type=Path,
        metavar="MODEL.md",
        help="which lines of this page are missing in the other, in whatever letters and order",
    )
    parser.add_argument(
        "--strength",
        action="store_true",
        help="edit the formulas of a page, one token at a time: which edits are not noticed?",
    )
    parser.add_argument(
        "--smtlib",
        type=Path,
        metavar="DIR",
        help="write every query that is put to z3 as SMT-LIB 2, one file a query",
    )
    parser.add_argument(
        "--recheck",
        choices=["cvc5"],
        help="put them to a second solver too (pip install gradbook[recheck])",
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="decide everything anew, also what has not changed since it was decided before",
    )
    parser.add_argument(
        "--cpu-limit",
        type=positive,
        metavar="S",
        help="seconds of processor time after which one line by one method, or one kernel, is "
        "ended and undecided (default: 180, with --thorough 1800)",
    )
    parser.add_argument(
        "--memory-limit",
        type=positive,
        metavar="MIB",
        help="the same for the memory of its process (default: 4096)",
    )
    parser.set_defaults(run=verify_pages)


def verify_pages(options: argparse.Namespace, console: Console) -> int:
    """Verifies each page, holds it against a model page if there is one, and prints what was found.

    Returns 0 if all holds, 1 if something is refuted, or a line of the model is not there, 2 where
    something cannot be read, decided or run, 130 for an interrupt.
    """
    from gradbook.report import against as beside
    from gradbook.report.data import as_data
    from gradbook.report.html import as_page
    from gradbook.report.terminal import render
    from gradbook.verify import THOROUGH, verify_page
    from gradbook.verify.against import against
    from gradbook.workers import Limits, ended_as_by_interrupt

    for path in filter(None, (options.html, options.json)):
        require_writable(path)
    jobs = options.jobs or os.cpu_count() or 1
    if options.strength and not options.page:
        raise ValueError("--strength tries every edit: name a page.md or a notebook.ipynb")
    if options.strength:
        return _strengths(options.page, console, options.json, jobs)
    model = None if options.against is None else _model(options.against)
    limits = THOROUGH if options.thorough else Limits()
    limits = Limits(
        options.cpu_limit or limits.cpu, (options.memory_limit or 0) << 20 or limits.memory
    )
    reports, held = [], []
    for page in find(options.page):
        with progress(console, page.title) as advance, ended_as_by_interrupt():
            report = verify_page(
                page,
                jobs,
                advance,
                thorough=options.thorough,
                limits=limits,
                recheck=options.recheck or "",
                record=options.smtlib is not None,
                fresh=options.fresh,
            )
        console.print(render(report), highlight=False)
        reports.append(report)
        if report.interrupted:
            break
        if model is not None:
            held.append(against(page, model, report.false))
            console.print("", beside.render(held[-1], page), sep="\n", highlight=False)
    data = as_data(reports)
    for entry, found, report in zip(data["pages"], held, reports, strict=False):
        entry["against"] = beside.as_data(found, report.page)
    if options.json:
        write_json(options.json, data)
    if options.html:
        write(options.html, as_page(reports))
    if options.smtlib:
        _write_queries(options.smtlib, reports)
    _say(console, (options.html, options.json, options.smtlib))
    if reports[-1].interrupted:
        return INTERRUPTED
    lacking = any(not found.passed for found in held)
    if all(report.passed for report in reports) and not lacking:
        return HOLDS
    return REFUTED if lacking or any(report.refuted for report in reports) else UNUSABLE


def _strengths(targets: Iterable[str], console: Console, json_file: Path | None, jobs: Jobs) -> int:
    """Tries the edits of each page. Returns 0 if all are noticed or explained, else 1."""
    from gradbook.report.strength import as_data, render
    from gradbook.verify.strength import strength

    found = []
    for page in find(targets):
        with progress(console, page.title) as advance:
            found.append(strength(page, jobs, advance))
        console.print(render(found[-1]), highlight=False)
    if json_file:
        write_json(json_file, {"pages": [as_data(each) for each in found]})
    _say(console, (json_file,))
    return HOLDS if all(each.passed for each in found) else REFUTED


def _model(path: Path) -> Page:
    """A model page. Raises ValueError for one that cannot be read as a whole."""
    (model,) = find([path])
    if model.errors:
        where = model.source.at(model.errors[0].span)
        raise ValueError(f"the model is not read as a whole: {where}: {model.errors[0].message}")
    return model


def _write_queries(folder: Path, reports: Iterable[Report]) -> None:
    """One file a query, PAGE/N14-1.smt2, in the order in which they were asked of a line."""
    written: Counter[str] = Counter()
    for report in reports:
        for put in report.queries:
            name = f"{report.page.path.stem}/{put.of.replace(' ', '-')}"
            written[name] += 1
            write(folder / f"{name}-{written[name]}.smt2", put.file)


def _say(console: Console, paths: Iterable[Path | None]) -> None:
    for path in filter(None, paths):
        console.print(f"report: {path}", style="dim", highlight=False, soft_wrap=True)
