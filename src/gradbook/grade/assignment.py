"""An assignment: what is asked of a class, for how many points, and what a finding costs.

An assignment is a file in TOML::

    title = "Assignment 1"

    [[part]]
    name = "The SVM loss"
    function = "svm_loss_vectorized"      # in each submission
    page = "multiclass_svm"               # by which page it is judged
    points = 6
    returns = "loss and gradient"         # or one of the two; both, where nothing is said
    costs = { GB6 = 2, GB301 = 1 }        # findings that do not cost everything

    [[part]]
    name = "Ridge regression, on paper"
    file = "ridge.md"                     # of each submission
    against = "model/ridge.md"            # its lines, proved
    points = 4

or a notebook with the solutions: every `%%judge` and `%%page` cell that says `--points` is a part,
the last one of each name.
"""

from __future__ import annotations

import ast
import csv
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

#: What a function may be asked to return.
RETURNS = ("loss and gradient", "loss", "gradient")
#: A fault, or a family of faults.
_FAULT = re.compile(r"GB\d{1,3}")
#: The options of a magic, and the one that says what its cell is worth.
_OPTION = re.compile(r"--[\w-]+([ =]\d+(\.\d+)?)?")
_POINTS = re.compile(r"--points[ =](\d+(?:\.\d+)?)")


class WrongAssignment(ValueError):
    """An assignment that cannot be used: which part, and what is wrong with it."""


@dataclass(frozen=True)
class Part:
    """What is asked. Either a function that is judged by a page, or a page held against a model.

    page, against: a file, from the folder of the assignment, or the name of a page in
    `derivation/`. cell: of a page that is a `%%page` cell, its name, here and in the model. points:
    for all of it. returns: what the function is asked for, one of RETURNS. costs: of a finding, by
    the code of its fault or the first letters of it; the longest that fits counts, and a finding
    without a cost costs all points.
    """

    name: str
    points: float
    function: str = ""
    page: str = ""
    file: str = ""
    against: str = ""
    cell: str = ""
    returns: str = RETURNS[0]
    costs: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def cost(self, code: str) -> float:
        """What a finding costs with this code; "" for one without."""
        known = [each for each in self.costs if each and each in _prefixes(code)]
        return self.costs[max(known, key=len)] if known else self.points


@dataclass(frozen=True)
class Assignment:
    """folder: where its file is, from which the names of pages are understood."""

    title: str
    parts: tuple[Part, ...]
    folder: Path


def read_assignment(file: Path) -> Assignment:
    """Raises WrongAssignment with one sentence, OSError for a file that is not there."""
    if file.suffix == ".ipynb":
        return _of_notebook(file)
    try:
        said = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongAssignment(f"{file.name} is no TOML: {error}") from None
    known = {"title", "part"}
    if others := said.keys() - known:
        raise WrongAssignment(f"{file.name} says {_list(others)}; an assignment has title and part")
    parts = tuple(
        _part(file.name, number, each) for number, each in enumerate(said.get("part", ()), 1)
    )
    if not parts:
        raise WrongAssignment(f"{file.name} has no [[part]]")
    return Assignment(str(said.get("title", file.stem)), parts, file.resolve().parent)


def read_roster(file: Path) -> dict[str, str]:
    """Ids and names, from the columns `id` and `name` of a CSV file."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        if not {"id", "name"} <= {*(rows.fieldnames or ())}:
            raise ValueError(f"{file.name} must have the columns id and name")
        names = {row["id"].strip(): row["name"].strip() for row in rows}
    for each in names:
        if Path(each).name != each:
            raise ValueError(f"{file.name}: an id must be able to name a file, not {each!r}")
    return names


def _of_notebook(file: Path) -> Assignment:
    try:
        cells = [(cell["cell_type"], "".join(cell["source"])) for cell in _cells_of(file)]
    except (ValueError, KeyError, TypeError) as error:
        raise WrongAssignment(f"{file.name} is no notebook: {error}") from None
    titles = (text for kind, text in cells if kind == "markdown" and text.startswith("# "))
    title = next(titles, file.stem).splitlines()[0].removeprefix("# ")
    asked = (_asked(file.name, text) for kind, text in cells if kind == "code")
    parts = {part.name: part for part in asked if part is not None}
    if not parts:
        raise WrongAssignment(f"{file.name} has no cell %%judge or %%page that says --points")
    return Assignment(title, tuple(parts.values()), file.resolve().parent)


def _cells_of(notebook: Path) -> Iterator[Any]:
    yield from json.loads(notebook.read_text("utf-8"))["cells"]


def _asked(file: str, cell: str) -> Part | None:
    """What a cell asks for, if it says for how many points."""
    magic, _, body = cell.partition("\n")
    points = _POINTS.search(magic)
    kind, *words = _OPTION.sub("", magic).split()[:3] or [""]
    if kind not in ("%%judge", "%%page") or points is None:
        return None
    where = f"{file}, {magic}"
    if not words:
        raise WrongAssignment(f"{where}: what is graded needs a name")
    if kind == "%%page":
        return Part(words[0], float(points[1]), against=file, cell=words[0])
    try:
        nodes = [node for node in ast.parse(body).body if isinstance(node, ast.FunctionDef)]
    except SyntaxError as error:
        raise WrongAssignment(f"{where}: the cell is no Python: {error}") from None
    defined = words[1:] or [node.name for node in nodes]
    if not defined:
        raise WrongAssignment(f"{where}: the cell defines no function")
    return Part(defined[-1], float(points[1]), function=defined[-1], page=words[0])


def _prefixes(code: str) -> Sequence[str]:
    return [code[:length] for length in range(3, len(code) + 1)]


def _part(file: str, number: int, said: Mapping[str, Any]) -> Part:
    where = f"{file}, part {number}"
    known = {"name", "points", "function", "page", "file", "against", "returns", "costs"}
    if others := said.keys() - known:
        raise WrongAssignment(f"{where} says {_list(others)}; it may say {_list(known)}")
    is_function, is_page = {"function", "page"} <= said.keys(), {"file", "against"} <= said.keys()
    if is_function == is_page:
        raise WrongAssignment(f"{where} must say function and page, or file and against")
    points = said.get("points")
    if not isinstance(points, int | float) or isinstance(points, bool) or points <= 0:
        raise WrongAssignment(f"{where}: points must be a number above 0, not {points!r}")
    costs = said.get("costs", {})
    for code, cost in costs.items():
        if not _FAULT.fullmatch(code):
            raise WrongAssignment(
                f"{where}: costs are by GB301, or a family such as GB3, not {code}"
            )
        if not isinstance(cost, int | float) or isinstance(cost, bool) or cost < 0:
            raise WrongAssignment(f"{where}: the cost of {code} must be a number from 0 on")
    if (returns := said.get("returns", RETURNS[0])) not in RETURNS:
        raise WrongAssignment(
            f"{where}: returns must be one of {', '.join(RETURNS)}, not {returns!r}"
        )
    words = {key: str(said[key]) for key in known - {"name", "points", "costs"} if key in said}
    name = str(said.get("name", words.get("function") or words.get("file")))
    return Part(name, float(points), **words, costs=MappingProxyType(dict(costs)))


def _list(names: Any) -> str:
    return ", ".join(sorted(names))
