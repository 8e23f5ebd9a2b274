"""A class: points for every submission, by an assignment that says what is asked and what it costs.

A submission is a file or a folder in the folder of the class; its name, without what stands behind
the last dot, is the id of who handed it in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

from gradbook import arguments
from gradbook.grade.assignment import Assignment, Part
from gradbook.jobs import Jobs
from gradbook.judge import Forced, Judgement
from gradbook.judge.judgement import NO_GRADIENT, NOT_EACH, NUMERICAL
from gradbook.page import NoPage, Page, read
from gradbook.page.discover import find
from gradbook.subjects import Limits
from gradbook.subjects.files import SUFFIXES, listed, natural
from gradbook.subjects.isolated import LIMITS
from gradbook.submissions import Grades, judge_files
from gradbook.verify import decided
from gradbook.verify.against import Against, Held, against
from gradbook.writing import as_it_grows

Progress = Callable[[str, int, int], None]


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
                return 0.0 if self.lacking else self.part.points
            # What else there is to say of it, as of types, does not make it wrong.
            costly = [one for one in self.judgement.findings if one.kind != NUMERICAL]
            lost = sum(max(map(self.part.cost, one.faults or ("",))) for one in costly)
            return max(0.0, self.part.points - lost) if costly else 0.0
        if self.asked:
            there = sum(each.status in ("there", "follows") for each in self.asked)
            return round(self.part.points * there / len(self.asked), 2)
        return 0.0

    @property
    def lacking(self) -> str:
        """What the function was asked to return and does not: "loss", "gradient" or ""."""
        if self.judgement is None:
            return ""
        wanted, given = self.part.returns.split(" and "), self.judgement.convention
        if "gradient" in wanted and not {NO_GRADIENT, NOT_EACH}.isdisjoint(self.faults):
            return "gradient"
        return next((each for each in wanted if given and each not in given.returns), "")

    @property
    def asked(self) -> tuple[Held, ...]:
        """The lines of the model that have a tag; where none has one, all of them."""
        lines = self.held.lines if self.held is not None else ()
        return tuple(each for each in lines if each.model.tagged) or lines

    @property
    def to_be_read(self) -> bool:
        """Whether a person has to look: nothing was judged, or a part of it was not."""
        judged = self.judgement is not None and self.judgement.status != "not judged"
        return self.held is None and (not judged or bool(self.lacking))

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


#: What came of a part, by who handed something in.
Answers = Mapping[str, Answer]


@dataclass(frozen=True)
class _Asked:
    """What `grade` was asked: its arguments, and who handed in what."""

    assignment: Assignment
    handed_in: Mapping[str, Path]
    limits: Limits
    seed: int
    jobs: Jobs
    mends: bool
    progress: Progress | None


def grade(
    folder: Path,
    assignment: Assignment,
    roster: Mapping[str, str] | None = None,
    *,
    limits: Limits = LIMITS,
    seed: int = 0,
    jobs: Jobs = 1,
    mends: bool = False,
    progress: Progress | None = None,
    so_far: Callable[[GradedClass], object] | None = None,
) -> GradedClass:
    """Judges every part of every submission in the folder.

    roster: id ↦ name; who is on it and handed in nothing has no points, and who is not on it is
    graded none the less. mends: whether changes with which a function is right are looked for.
    so_far: called with the whole as it grows, to be kept if the rest never comes; what is not
    judged by then is to be read. Raises ValueError for two submissions of one id; after an
    interrupt KeyboardInterrupt, once what was judged is handed to so_far.
    """
    arguments.integer("seed", seed, 0)
    handed_in: dict[str, Path] = {}
    for path in sorted(filter(_counts, folder.iterdir()), key=natural):
        other = handed_in.setdefault(_id(path), path)
        if other != path:
            raise ValueError(f"{other.name} and {path.name} are of one id: put them in one folder")
    names = dict.fromkeys(handed_in, "") | dict(roster or {})
    done: list[Answers] = []
    unjudged: Answers = {}

    def graded(parts: Sequence[Answers]) -> GradedClass:
        found = [*zip(assignment.parts, chain(parts, repeat(unjudged)), strict=False)]

        def submission(each: str) -> Submission:
            answers = (of.get(each) or _missing(part, each in handed_in) for part, of in found)
            return Submission(each, names[each], handed_in.get(each), tuple(answers))

        return GradedClass(assignment, tuple(map(submission, names)), seed)

    def keep(found: Answers) -> None:
        if so_far is not None:
            so_far(graded([*done, found]))

    asked = _Asked(assignment, handed_in, limits, seed, jobs, mends, progress)
    for part in assignment.parts:
        judged = _functions if part.function else _pages
        done.append(judged(part, asked, keep))
    return graded(done)


def _missing(part: Part, handed_in: bool) -> Answer:
    return Answer(part, missing="not judged yet" if handed_in else "nothing was handed in")


# The parts.


def _functions(part: Part, asked: _Asked, keep: Callable[[Answers], None]) -> Answers:
    files = {each: _file_with(path, part.function) for each, path in asked.handed_in.items()}
    there = {each: file for each, file in files.items() if file is not None}
    missing = f"no file of it has a function {part.function}"
    without = {each: Answer(part, missing=missing) for each in files.keys() - there.keys()}
    if not there:
        return without

    def answers(grades: Grades) -> Answers:
        of = {one.target.path.resolve(): one.judgement for one in grades.judged}
        return without | {each: Answer(part, of[file.resolve()]) for each, file in there.items()}

    grades = judge_files(
        *(f"{file}:{part.function}" for file in there.values()),
        page=_page_named(part.page, asked.assignment),
        forced=Forced(without=() if asked.mends else ("mend",)),
        limits=asked.limits,
        seed=asked.seed,
        jobs=asked.jobs,
        progress=asked.progress,
        so_far=lambda grades: keep(answers(grades)),
    )
    if grades.interrupted:
        keep(answers(grades))
        raise KeyboardInterrupt
    return answers(grades)


def _pages(part: Part, asked: _Asked, keep: Callable[[Answers], None]) -> Answers:
    named = _page_named(part.against, asked.assignment)
    (model,) = [read(named, cell=part.cell)] if part.cell else find([named])
    found: dict[str, Answer] = {}
    grown = as_it_grows(lambda: keep(found))
    for each, path in asked.handed_in.items():
        found[each] = _page(part, path, model, asked.jobs)
        grown(len(found))
        if asked.progress is not None:
            asked.progress(each, len(found), len(asked.handed_in))
    return found


def _page(part: Part, path: Path, model: Page, jobs: Jobs) -> Answer:
    """What a submission's page has of the model."""
    file = _page_of(path, part)
    if file is None:
        wanted = f"cell %%page {part.cell}" if part.cell else f"page {part.file}"
        return Answer(part, missing=f"it has no {wanted}")
    try:
        page = read(file, cell=part.cell or None)
    except NoPage as error:
        return Answer(part, missing=str(error))
    if any(line.code is not None for line in page):
        return Answer(part, missing="a line of it is said in Python, which is not run here")
    decisions = decided(page.lines, jobs=jobs)
    false = {id for id, decision in decisions.items() if decision.status == "refuted"}
    return Answer(part, page=page, held=against(page, model, false))


def _page_named(name: str, assignment: Assignment) -> str | Path:
    beside = assignment.folder / name
    return beside if beside.is_file() else name


def _file_with(path: Path, function: str) -> Path | None:
    """The file of a submission in whose text the function is defined; else its first one."""
    files = _files(path, SUFFIXES)
    defines = rf"def {re.escape(function.rpartition('.')[2])}\b"
    return _first(files, defines) or next(iter(files), None)


def _page_of(path: Path, part: Part) -> Path | None:
    """The file of a submission that is the page, or has it in a cell."""
    if part.cell:
        return _first(_files(path, (".ipynb",)), rf"%%page {re.escape(part.cell)}\b")
    file = path / part.file if path.is_dir() else path
    return file if _is_own(file, path) and file.suffix in (".md", ".ipynb") else None


def _first(files: Sequence[Path], pattern: str) -> Path | None:
    """The first in whose text it is found."""
    there = (f for f in files if re.search(pattern, f.read_text("utf-8", errors="replace")))
    return next(there, None)


def _files(path: Path, suffixes: tuple[str, ...]) -> list[Path]:
    files = listed(path)[0] if path.is_dir() else [path]
    return [file for file in files if file.suffix in suffixes and _is_own(file, path)]


def _is_own(file: Path, path: Path) -> bool:
    """Whether it is a file of the submission; a link may lead to somebody else's, or the model."""
    return file.is_file() and file.resolve() == path.parent.resolve() / file.relative_to(
        path.parent
    )


def _counts(path: Path) -> bool:
    if path.name.startswith((".", "_")):
        return False
    return path.is_dir() or path.suffix in (*SUFFIXES, ".md")


def _id(path: Path) -> str:
    return path.name if path.is_dir() else path.stem
