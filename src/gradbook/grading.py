"""A class: points for every submission, by an assignment that says what is asked and what it costs.

An assignment is a file in TOML::

    title = "Assignment 1"

    [[part]]
    name = "The SVM loss"
    function = "svm_loss_vectorized"      # in each submission
    page = "multiclass_svm"               # by which page it is judged
    points = 6
    costs = { GB6 = 2, GB301 = 1 }        # findings that do not cost everything

    [[part]]
    name = "Ridge regression, on paper"
    file = "ridge.md"                     # of each submission
    against = "model/ridge.md"            # every line of the model, proved
    points = 4

A submission is a file or a folder in the folder of the class; its name, without what stands behind
the last dot, is the id of who handed it in.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from gradbook import arguments
from gradbook.against import Against, against
from gradbook.discover import find
from gradbook.judge import Forced, Judgement
from gradbook.judge.judgement import NUMERICAL
from gradbook.page import NoPage, Page, read
from gradbook.subjects import Limits
from gradbook.subjects.files import SUFFIXES, listed, natural
from gradbook.subjects.isolated import LIMITS
from gradbook.submissions import judge_files
from gradbook.verify import decided

Progress = Callable[[str, int, int], None]
#: A fault, or a family of faults.
_FAULT = re.compile(r"GB\d{1,3}")


class WrongAssignment(ValueError):
    """An assignment that cannot be used: which part, and what is wrong with it."""


@dataclass(frozen=True)
class Part:
    """What is asked. Either a function that is judged by a page, or a page held against a model.

    points: for all of it. costs: of a finding, by the code of its fault or the first letters of it;
    the longest that fits counts, and a finding without a cost costs all points.
    """

    name: str
    points: float
    function: str = ""
    page: str = ""
    file: str = ""
    against: str = ""
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


@dataclass(frozen=True)
class Answer:
    """What came of one part of one submission.

    judgement: of a function. page, held: of a page, and what it has of the model. missing: why
    nothing was judged, in a sentence.
    """

    part: Part
    judgement: Judgement | None = None
    page: Page | None = None
    held: Against | None = None
    missing: str = ""

    @property
    def points(self) -> float:
        """Between 0 and those of the part. What could not be judged has none, and is to be read."""
        if self.judgement is not None and self.judgement.status != "not judged":
            if self.judgement.passed:
                return self.part.points
            # What else there is to say of it, as of types, does not make it wrong.
            costly = [one for one in self.judgement.findings if one.kind != NUMERICAL]
            lost = sum(max(map(self.part.cost, one.faults or ("",))) for one in costly)
            return max(0.0, self.part.points - lost) if costly else 0.0
        if self.held is not None and self.held.lines:
            there = sum(each.status in ("there", "follows") for each in self.held.lines)
            return round(self.part.points * there / len(self.held.lines), 2)
        return 0.0

    @property
    def to_be_read(self) -> bool:
        """Whether a person has to look: nothing was judged, or a part of it was not."""
        judged = self.judgement is not None and self.judgement.status != "not judged"
        return not judged and self.held is None

    @property
    def faults(self) -> tuple[str, ...]:
        """The codes of what was found."""
        found = self.judgement.findings if self.judgement is not None else ()
        return tuple(dict.fromkeys(code for one in found for code in one.faults))


@dataclass(frozen=True)
class Submission:
    """id: of who handed it in. name: from the roster. path: None for who handed in nothing."""

    id: str
    name: str
    path: Path | None
    answers: tuple[Answer, ...]

    @property
    def points(self) -> float:
        return sum(answer.points for answer in self.answers)


@dataclass(frozen=True)
class GradedClass:
    """All submissions, in natural order. seed: of the questions that all were asked."""

    assignment: Assignment
    submissions: tuple[Submission, ...]
    seed: int

    @property
    def most(self) -> float:
        """The points for everything."""
        return sum(part.points for part in self.assignment.parts)

    def faults(self, part: Part) -> list[tuple[str, int]]:
        """The codes found in a part, and in how many submissions; most frequent first."""
        answers = (one for each in self.submissions for one in each.answers if one.part is part)
        return Counter(code for answer in answers for code in answer.faults).most_common()


def read_assignment(file: Path) -> Assignment:
    """Raises WrongAssignment with one sentence, OSError for a file that is not there."""
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


def grade(
    folder: Path,
    assignment: Assignment,
    roster: Mapping[str, str] | None = None,
    *,
    limits: Limits = LIMITS,
    seed: int = 0,
    jobs: int = 1,
    mends: bool = False,
    progress: Progress | None = None,
) -> GradedClass:
    """Judges every part of every submission in the folder.

    roster: id ↦ name; who is on it and handed in nothing has no points, and who is not on it is
    graded none the less. mends: whether changes with which a function is right are looked for.
    Raises ValueError for two submissions of one id.
    """
    arguments.integer("seed", seed, 0)
    handed_in: dict[str, Path] = {}
    for path in sorted(filter(_counts, folder.iterdir()), key=natural):
        other = handed_in.setdefault(_id(path), path)
        if other != path:
            raise ValueError(f"{other.name} and {path.name} are of one id: put them in one folder")
    roster = roster or {}
    ids = [*handed_in, *(each for each in roster if each not in handed_in)]
    answers: dict[str, list[Answer]] = {each: [] for each in ids}
    for part in assignment.parts:
        judged = _functions if part.function else _pages
        found = judged(part, assignment, handed_in, limits, seed, jobs, mends, progress)
        for each in ids:
            answers[each].append(found.get(each) or Answer(part, missing="nothing was handed in"))
    return GradedClass(
        assignment,
        tuple(
            Submission(each, roster.get(each, ""), handed_in.get(each), tuple(answers[each]))
            for each in ids
        ),
        seed,
    )


# The parts.


def _functions(
    part: Part,
    assignment: Assignment,
    handed_in: Mapping[str, Path],
    limits: Limits,
    seed: int,
    jobs: int,
    mends: bool,
    progress: Progress | None,
) -> dict[str, Answer]:
    files = {each: _file_with(path, part.function) for each, path in handed_in.items()}
    there = {each: file for each, file in files.items() if file is not None}
    missing = f"no file of it has a function {part.function}"
    found = {each: Answer(part, missing=missing) for each in files}
    if there:
        grades = judge_files(
            *(f"{file}:{part.function}" for file in there.values()),
            page=_page_named(part.page, assignment),
            forced=Forced(without=() if mends else ("mend",)),
            limits=limits,
            seed=seed,
            jobs=jobs,
            progress=progress,
        )
        of = {one.target.path.resolve(): one.judgement for one in grades.judged}
        found |= {each: Answer(part, of[file.resolve()]) for each, file in there.items()}
    return found


def _pages(
    part: Part, assignment: Assignment, handed_in: Mapping[str, Path], *rest: Any
) -> dict[str, Answer]:
    *_, jobs, _, progress = rest
    (model,) = find([_page_named(part.against, assignment)])
    found: dict[str, Answer] = {}
    for done, (each, path) in enumerate(handed_in.items(), 1):
        file = path / part.file if path.is_dir() else path
        if not file.is_file() or file.suffix not in (".md", ".ipynb"):
            found[each] = Answer(part, missing=f"it has no page {part.file}")
            continue
        try:
            page = read(file)
        except NoPage as error:
            found[each] = Answer(part, missing=str(error))
            continue
        if any(line.code is not None for line in page):
            why = "a line of it is said in Python, which is not run here"
            found[each] = Answer(part, missing=why)
            continue
        decisions = decided(page.lines, jobs=jobs)
        false = {id for id, decision in decisions.items() if decision.status == "refuted"}
        found[each] = Answer(part, page=page, held=against(page, model, false))
        if progress is not None:
            progress(each, done, len(handed_in))
    return found


def _page_named(name: str, assignment: Assignment) -> str | Path:
    beside = assignment.folder / name
    return beside if beside.is_file() else name


def _file_with(path: Path, function: str) -> Path | None:
    """The file of a submission in whose text the function is defined; else its first one."""
    files = [path] if path.is_file() else listed(path)[0]
    files = [file for file in files if file.suffix in SUFFIXES]
    defines = re.compile(rf"def {re.escape(function.rpartition('.')[2])}\b")
    there = (f for f in files if defines.search(f.read_text("utf-8", errors="replace")))
    return next(there, files[0] if files else None)


def _counts(path: Path) -> bool:
    if path.name.startswith((".", "_")):
        return False
    return path.is_dir() or path.suffix in (*SUFFIXES, ".md")


def _id(path: Path) -> str:
    return path.name if path.is_dir() else path.stem


def _prefixes(code: str) -> Sequence[str]:
    return [code[:length] for length in range(3, len(code) + 1)]


def _part(file: str, number: int, said: Mapping[str, Any]) -> Part:
    where = f"{file}, part {number}"
    known = {"name", "points", "function", "page", "file", "against", "costs"}
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
    words = {key: str(said[key]) for key in ("function", "page", "file", "against") if key in said}
    name = str(said.get("name", words.get("function") or words.get("file")))
    return Part(name, float(points), **words, costs=MappingProxyType(dict(costs)))


def _list(names: Any) -> str:
    return ", ".join(sorted(names))
