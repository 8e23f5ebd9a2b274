"""What came out of `benchmarks.detection`: rates for each checker and each family of faults."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from benchmarks.checkers import Checker

#: The data of a checker that chooses them itself.
OWN = "its own"
#: The columns of the first table.
HEADS = ("checker", "data", "found", "accused", "named", "mended", "calls", "time")
#: What stands before and after the tables of a page.
BEGIN, END = "<!-- written by benchmarks.detection --page -->\n", "<!-- end -->\n"


@dataclass(frozen=True)
class Trial:
    """What one checker said of one kernel, once.

    data: "normal", "whole numbers" or "its own". sentence: the diagnosis, "" where there is none;
    named: whether it names the fault. mended: whether a change is shown with which the kernel is
    right. calls and seconds are those of this trial.
    """

    checker: str
    data: str
    kernel: str
    right: bool
    family: str
    accused: bool
    named: bool
    mended: bool
    sentence: str
    calls: int
    seconds: float


@dataclass(frozen=True)
class Row:
    """One row of the table: rates in percent, and medians of calls and seconds for one kernel."""

    checker: str
    data: str
    found: float
    accused: float
    named: float
    mended: float
    calls: float
    seconds: float


@dataclass(frozen=True)
class Family:
    """One family of faults: what percentage of it gradbook finds, and the best of the others."""

    family: str
    kernels: int
    gradbook: float
    normal: float
    whole_numbers: float


def rows(found: Sequence[Trial]) -> list[Row]:
    """One row for each checker and kind of data, in the order in which they were first seen."""
    keys = dict.fromkeys((trial.checker, trial.data) for trial in found)
    return [_row([trial for trial in found if (trial.checker, trial.data) == key]) for key in keys]


def _row(mine: Sequence[Trial]) -> Row:
    wrong = [trial for trial in mine if not trial.right]
    right = [trial for trial in mine if trial.right]
    return Row(
        checker=mine[0].checker,
        data=mine[0].data,
        found=_percent([trial.accused for trial in wrong]),
        accused=_percent([trial.accused for trial in right]),
        named=_percent([trial.named for trial in wrong]),
        mended=_percent([trial.mended for trial in wrong]),
        calls=statistics.median(trial.calls for trial in mine),
        seconds=round(statistics.median(trial.seconds for trial in mine), 4),
    )


def families(found: Sequence[Trial]) -> list[Family]:
    """One for each family among the wrong kernels, the largest first."""
    wrong = [trial for trial in found if not trial.right]
    each = [
        _family(name, [trial for trial in wrong if trial.family == name])
        for name in dict.fromkeys(trial.family for trial in wrong)
    ]
    return sorted(each, key=lambda family: -family.kernels)


def _family(name: str, mine: Sequence[Trial]) -> Family:
    def best(data: str) -> float:
        return max((row.found for row in rows(mine) if row.data == data), default=0.0)

    kernels = len({trial.kernel for trial in mine})
    return Family(name, kernels, best(OWN), best("normal"), best("whole numbers"))


def _percent(facts: Sequence[bool]) -> float:
    return round(100 * sum(facts) / len(facts), 1) if facts else 0.0


def as_table(found: Sequence[Trial]) -> Table:
    """What is printed, in 80 columns."""
    right = {trial.kernel: trial.right for trial in found}
    wrong = sum(not value for value in right.values())
    title = f"{wrong} wrong kernels, {len(right) - wrong} right ones"
    shown = Table(box=None, title=title, title_justify="left", padding=(0, 1, 0, 0))
    shown.add_column("checker")
    shown.add_column("data")
    for heading in HEADS[2:]:
        shown.add_column(heading, justify="right")
    for row in rows(found):
        shown.add_row(*cells(row))
    return shown


def cells(row: Row) -> list[str]:
    """The row in words."""
    return [
        row.checker,
        row.data,
        f"{row.found:.0f} %",
        f"{row.accused:.0f} %",
        f"{row.named:.0f} %" if row.data == OWN else "–",
        f"{row.mended:.0f} %" if row.data == OWN else "–",
        f"{row.calls:.0f}",
        f"{1000 * row.seconds:,.0f} ms" if row.seconds >= 0.01 else f"{1000 * row.seconds:.1f} ms",
    ]


def as_markdown(measured: dict[str, Any]) -> str:
    """Both tables of a page, from what `as_json` wrote."""
    lines = [_line(HEADS), f"|---|---{'|--:' * len(HEADS[2:])}|"]
    lines += [_line(cells(Row(**row))) for row in measured["rows"]]
    lines += [
        "",
        _line(["family", "kernels", "gradbook", "best other, normal", "best other, whole numbers"]),
        "|---|--:|--:|--:|--:|",
    ]
    for each in (Family(**family) for family in measured["families"]):
        rates = (each.gradbook, each.normal, each.whole_numbers)
        lines.append(_line([each.family, str(each.kernels), *(f"{rate:.0f} %" for rate in rates)]))
    return "\n".join(lines) + "\n"


def with_tables(page: str, measured: dict[str, Any]) -> str:
    """The page with these tables. Raises ValueError if it has no place for them."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not end:
        raise ValueError(f"the page must have the lines {BEGIN.strip()} and {END.strip()}")
    return f"{head}{begin}\n{as_markdown(measured)}\n{end}{tail}"


def _line(parts: Sequence[str]) -> str:
    return f"| {' | '.join(parts)} |"


def as_json(found: Sequence[Trial], checkers: Sequence[Checker]) -> str:
    """The tables, how each checker was used, and for each kernel what each said, draw by draw."""
    answers: dict[str, dict[str, Any]] = {}
    for trial in found:
        answer = answers.setdefault(trial.kernel, {"right": trial.right, "family": trial.family})
        if trial.data == OWN:
            answer |= {"sentence": trial.sentence, "named": trial.named}
            answer["mended"] = trial.mended
        times = f"{trial.checker}, {trial.data}"
        answer[times] = answer.get(times, 0) + trial.accused
    parts = {
        "rows": [asdict(row) for row in rows(found)],
        "families": [asdict(family) for family in families(found)],
        "checkers": [
            {"name": each.name, "function": each.function, "setting": each.setting}
            | {"package": each.package, "version": each.version}
            for each in checkers
        ],
        "times accused": answers,
    }
    return json.dumps(parts, ensure_ascii=False, indent=1) + "\n"
