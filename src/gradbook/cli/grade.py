"""`gradbook grade`: points for a class."""

from __future__ import annotations

import argparse
import os
import secrets
from pathlib import Path
from typing import Any

from rich.console import Console

from gradbook.cli.parser import number_or_cluster
from gradbook.cli.status import HOLDS, UNUSABLE
from gradbook.report.progress import progress
from gradbook.writing import write, write_json


def add_grade(commands: Any) -> None:
    """Adds the command to the others."""
    parser = commands.add_parser(
        "grade",
        help="give points to a class, by an assignment",
        description="Judges each submission of a folder, functions and pages, by an assignment in "
        "TOML or a notebook with the solutions (docs/teaching.md). Exit status: 0 if everything "
        "was judged; 2 if something has to be read by a person.",
    )
    parser.add_argument("submissions", type=Path, help="a folder: a file or a folder for each")
    parser.add_argument("--assignment", type=Path, required=True, metavar="FILE")
    parser.add_argument("--roster", type=Path, metavar="FILE.csv", help="columns id and name")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="DIR", help="where grades.csv, pages and results go"
    )
    parser.add_argument(
        "--jobs", type=number_or_cluster, metavar="N", help="default: cores; or dask://HOST:PORT"
    )
    parser.add_argument(
        "--seed", type=int, metavar="N", help="of the questions; default: a new one"
    )
    parser.add_argument(
        "--show-mends", action="store_true", help="show students a change that makes it right"
    )
    parser.set_defaults(run=_grade)


def _grade(options: argparse.Namespace, console: Console) -> int:
    from gradbook.grade import GradedClass, grade
    from gradbook.grade.assignment import read_assignment, read_roster
    from gradbook.report import graded as shown
    from gradbook.workers import ended_as_by_interrupt

    if not options.submissions.is_dir():
        raise ValueError(f"submissions must be a folder, not {options.submissions}")
    assignment = read_assignment(options.assignment)
    roster = read_roster(options.roster) if options.roster else None

    def report(found: GradedClass) -> None:
        folder = options.output
        if folder is None:
            return
        for name in ("students", "results"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        write(folder / "grades.csv", shown.as_csv(found))
        write(folder / "index.html", shown.class_page(found))
        for one in found.submissions:
            page = shown.student_page(found, one, options.show_mends)
            write(folder / "students" / f"{one.id}.html", page)
            write_json(folder / "results" / f"{one.id}.json", shown.as_results(one))

    with progress(console, assignment.title) as advance, ended_as_by_interrupt():
        found = grade(
            options.submissions,
            assignment,
            roster,
            seed=secrets.randbelow(1 << 16) if options.seed is None else options.seed,
            jobs=options.jobs or os.cpu_count() or 1,
            mends=options.show_mends,
            progress=advance,
            so_far=report,
        )
    report(found)
    console.print(shown.render_class(found), highlight=False)
    if options.output:
        console.print(f"report: {options.output / 'index.html'}", style="dim", highlight=False)
    handed_in = (one for one in found.submissions if one.path is not None)
    to_be_read = any(answer.to_be_read for one in handed_in for answer in one.answers)
    return UNUSABLE if to_be_read else HOLDS
