"""Judgements as data, for `gradbook check --json` and `--csv`."""

from __future__ import annotations

import csv
import io
from typing import Any

from gradbook import __version__
from gradbook.submissions import Grades, Judged

#: The columns of the CSV file; `fault` is the first finding, or why there is no judgement; the
#: questions of the base set that were answered, of how many.
COLUMNS = (
    *("file", "function", "loss", "verdict", "code", "fault", "line", "convention", "findings"),
    *("answered", "of", "seconds"),
)


def as_data(grades: Grades) -> dict[str, Any]:
    """What was asked, what they were judged by and shut in with, counts, and each function."""
    return {
        "gradbook": __version__,
        "asked": grades.asked,
        "losses": list(grades.losses),
        "sandbox": grades.sandbox,
        "seed": grades.seed,
        **grades.counts,
        "seconds": round(grades.seconds, 3),
        "functions": [
            {"file": one.target.shown, **one.judgement.as_dict()}
            for one in (*grades.judged, *grades.left_out)
        ],
        "passed over": list(grades.passed_over),
    }


def as_csv(grades: Grades) -> str:
    """A head and a row for each function, for a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_row, (*grades.judged, *grades.left_out)))
    return text.getvalue()


def _row(one: Judged) -> list[str]:
    judgement = one.judgement
    first = judgement.findings[0] if judgement.findings else None
    cells = [
        one.target.shown,
        judgement.name,
        judgement.loss,
        judgement.status,
        judgement.code or (first.code if first else ""),
        judgement.reason or (first.sentence if first else ""),
        first.line if first else "",
        str(judgement.convention or ""),
        str(len(judgement.findings)),
        str(judgement.answered),
        str(judgement.base),
        f"{judgement.seconds:.2f}",
    ]
    return [_inert(cell) for cell in cells]


def _inert(cell: str) -> str:
    """A text that no spreadsheet takes for a formula: some of it comes from the files judged."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell
