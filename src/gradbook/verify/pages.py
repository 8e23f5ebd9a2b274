"""Everything at once: prove every line, emit, check every kernel, and say what was found.

>>> from gradbook import verify
>>> report = verify("multiclass_svm")       # about a minute, in one process
>>> report.passed
True
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from gradbook import arguments
from gradbook.check import Verdict
from gradbook.check.verdict import TOLD
from gradbook.deferred import Shown
from gradbook.emit import PageKernel
from gradbook.emit.pages.objective import objectives_of
from gradbook.jobs import Jobs, require_jobs
from gradbook.kernels import Kernel
from gradbook.page import Page, PageLine
from gradbook.page.discover import find
from gradbook.prove.decision import Decision
from gradbook.prove.induction import METHOD as INDUCTION
from gradbook.prove.properties import PropertyFound
from gradbook.prove.second_solver import Agreement, PutAgain, require_second
from gradbook.questions.formula import why_not_exact
from gradbook.verify.remembered import Remembered
from gradbook.verify.results import Progress, results
from gradbook.verify.tasks import (
    KernelTask,
    LineTask,
    NotEmitted,
    PageKernelTask,
    PutAgainTask,
    Recorded,
    Task,
    ToProve,
    kernels_for,
    line_tasks,
    loss_or_none,
    methods_for,
    page_kernel_tasks,
    property_tasks,
)
from gradbook.workers import Limits

Lines = tuple[tuple[PageLine, Decision], ...]
Kernels = tuple[tuple[Kernel | PageKernel, Verdict], ...]


@dataclass(frozen=True)
class Report(Shown):
    """What was found of one page.

    lines:       each with what every method of proof found of it.
    properties:  what the page says of its loss as a whole, and what was found of it.
    kernels:     each with its verdict; none for a page that differentiates no number of its own.
    not_asked:   a method that could not be asked ↦ why.
    not_checked: why no kernel was emitted and checked; "" where they were, or there is none. It
                 does not keep a page from passing whose lines hold.
    not_emitted: kernels that there are not, and why: they neither pass nor fail.
    interrupted: whether it was, before everything was done. thorough: whether sizes were larger.
    queries:     what was put to z3, where it was recorded, and what a second solver says of it.
    second:      the second solver; "" where there was none.
    kept:        how many findings, each of a line by one method, of a property or of a kernel, are
                 from before; decided: how many are new.
    """

    page: Page
    lines: Lines
    kernels: Kernels
    seconds: float
    properties: tuple[PropertyFound, ...] = ()
    not_asked: tuple[tuple[str, str], ...] = ()
    not_checked: str = ""
    not_emitted: tuple[NotEmitted, ...] = ()
    interrupted: bool = False
    thorough: bool = False
    queries: tuple[PutAgain, ...] = ()
    second: str = ""
    kept: int = 0
    decided: int = 0

    @property
    def passed(self) -> bool:
        """Whether all is read, every line and property holds, every kernel passes, and no two
        solvers disagree.
        """
        return (
            not self.page.errors
            and not self.interrupted
            and not self.disputed
            and all(decision.holds for _, decision in self.lines)
            and all(found.holds for found in self.properties)
            and all(verdict.passed for _, verdict in self.kernels)
        )

    @property
    def false(self) -> tuple[str, ...]:
        """The ids of the lines that are false."""
        return tuple(line.id for line, decision in self.lines if decision.status == "refuted")

    @property
    def refuted(self) -> bool:
        """Whether something is wrong, as opposed to not read, not decided or not run."""
        return (
            bool(self.false or self.disputed)
            or any(found.decision.status == "refuted" for found in self.properties)
            or any(verdict.failed for _, verdict in self.kernels)
        )

    @property
    def disputed(self) -> tuple[str, ...]:
        """The lines and properties of which the solvers disagree."""
        found = (each.of for each in self.queries if each.agreement == "disagreed")
        return tuple(dict.fromkeys(found))

    def agreement(self, of: str = "") -> Counter[Agreement]:
        """How often the second solver agreed of a line or a property, or of all."""
        return Counter(each.agreement for each in self.queries if of in ("", each.of))

    @property
    def claims(self) -> tuple[int, int]:
        """How many claims were proved, and how many of them by their shapes alone."""
        counted = [decision.deciding.counted for _, decision in self.lines if decision.holds]
        return sum(each for each, _ in counted), sum(shapes for _, shapes in counted)

    @property
    def regions(self) -> int:
        """In how many regions the claims were decided."""
        return sum(proof.regions for _, decision in self.lines for proof in decision.proofs)

    @property
    def texts(self) -> tuple[tuple[str, str], ...]:
        """The name of a kernel, and what is said of its text or its rounding in a sentence."""
        return tuple(
            (verdict.kernel, check.detail)
            for _, verdict in self.kernels
            for check in verdict.checks
            if check.name in TOLD and (check.passed or not check.applies)
        )

    @property
    def in_python(self) -> int:
        """How many lines are said in Python: the others are read."""
        return sum(line.code is not None for line in self.page)


def verify(
    *pages: str | Path | Page,
    jobs: Jobs = 1,
    thorough: bool = False,
    progress: Progress | None = None,
    limits: Limits | None = None,
    recheck: str = "",
    fresh: bool = False,
) -> Report | tuple[Report, ...]:
    """Verifies pages: files, folders, names such as "multiclass_svm", or pages that are read; all
    in `derivation/`, without any.

    jobs:     how many processes share the work. 0: it is done in this one, without limits. A Dask
              cluster as "dask://HOST:PORT".
    thorough: larger sizes and every label, in minutes instead of seconds.
    progress: called with what was just finished, how much is done, and how much there is.
    limits:   what ends a line that never ends, or fills the memory: it is undecided then.
    recheck:  a second solver, "cvc5", to which every query is put that z3 answers.
    fresh:    nothing is taken from before; else what has not changed since is not decided again,
              nor is a kernel of it (`gradbook.verify.remembered`), unless `jobs` is 0.

    Returns a Report, or a tuple of them where there are several pages. Raises `discover.NotFound`
    for a page that is not there or cannot be read, and ValueError for a property that is none, or a
    second solver that is not there.
    """
    require_jobs(jobs, 0)
    arguments.instance("limits", limits, (Limits, type(None)), "gradbook.workers.Limits or None")
    arguments.flag("thorough", thorough)
    arguments.flag("fresh", fresh)
    if progress is not None:
        arguments.function("progress", progress, "what is finished, how much, and of how much")
    read = [page for page in pages if isinstance(page, Page)]
    named = [page for page in pages if not isinstance(page, Page)]
    reports = []
    for page in [*read, *(find(named) if named or not read else [])]:
        asked = partial(verify_page, thorough=thorough, limits=limits, recheck=recheck, fresh=fresh)
        reports.append(asked(page, jobs, progress))
        if reports[-1].interrupted:
            raise KeyboardInterrupt
    return reports[0] if len(reports) == 1 else tuple(reports)


def verify_page(
    page: Page,
    jobs: Jobs = 1,
    progress: Progress | None = None,
    *,
    thorough: bool = False,
    limits: Limits | None = None,
    recheck: str = "",
    record: bool = False,
    fresh: bool = False,
) -> Report:
    """Verifies one page; see `verify`. No kernel is checked of one that is not all decided.

    record: whether the report has the queries that are put to z3, also without a second solver.

    An interrupt ends the work, and what was found until then is reported.
    """
    if recheck:
        require_second(recheck)
    started = time.perf_counter()
    record = record or bool(recheck)
    limits = limits or (THOROUGH if thorough else Limits())
    remembered = Remembered(page) if jobs and not fresh and not record else None
    to_prove = list(_to_prove(page, thorough))
    kernels, done, interrupted = _Kernels(), dict[Task, Any](), False
    with results(jobs, limits, progress, remembered) as run:
        try:
            done.update(run([*map(Recorded, to_prove)] if record else to_prove))
            if recheck:
                put = [PutAgainTask(each, recheck) for each in _queries(to_prove, done)]
                done.update(run([task for task in put if task.put.asked.answer != "unknown"]))
            kernels = _to_check(page, *_proved(page, to_prove, done), thorough)
            done.update(run([*kernels.tasks]))
        except KeyboardInterrupt:
            kernels, interrupted = replace(kernels, why=INTERRUPTED), True
    lines, properties = _proved(page, to_prove, done)
    checked, not_emitted = _checked(kernels, done)
    return Report(
        page,
        lines,
        checked,
        time.perf_counter() - started,
        properties,
        tuple(methods_for(page)[1].items()),
        kernels.why if loss_or_none(page) or objectives_of(page) else "",
        not_emitted,
        interrupted,
        thorough,
        tuple(done.get(PutAgainTask(each, recheck), each) for each in _queries(to_prove, done)),
        recheck,
        remembered.kept if remembered else 0,
        remembered.decided if remembered else len(done),
    )


#: Larger sizes may take ten times as long.
THOROUGH = Limits(cpu=10 * Limits().cpu)
INTERRUPTED = "interrupted"


def decide(line: PageLine, jobs: Jobs = 0) -> Decision:
    """What every method that can be asked here finds of one line.

    jobs: how many processes share the work, within limits; 0 for this one, without.
    """
    return decided([line], jobs)[line.id]


def decided(lines: Sequence[PageLine], jobs: Jobs = 0) -> dict[str, Decision]:
    """The same of several lines of one page, by their ids."""
    if not lines:
        return {}
    page, ids = lines[0].page, {line.id for line in lines}
    tasks = [task for task in line_tasks(page) if task.line in ids]
    with results(jobs, Limits(), None, Remembered(page) if jobs else None) as run:
        found = dict(run(tasks))
    return {line.id: decision for line, decision in _decisions(page, found) if line.id in ids}


def _to_prove(page: Page, thorough: bool) -> Iterator[ToProve]:
    yield from line_tasks(page, thorough)
    if loss_or_none(page) is not None:
        yield from property_tasks(page, thorough)


def _queries(tasks: Iterable[ToProve], done: Mapping[Task, Any]) -> Iterator[PutAgain]:
    """What was put to z3 for them, where it was recorded, in the order of the page."""
    for task in tasks:
        _, asked = done.get(Recorded(task), (None, ()))
        yield from (PutAgain(task.name, each) for each in asked)


def _proved(
    page: Page, tasks: Iterable[ToProve], done: Mapping[Task, Any]
) -> tuple[Lines, tuple[PropertyFound, ...]]:
    """The lines and the properties; what was not reached is undecided."""
    found: dict[Task, Any] = {}
    for task in tasks:
        recorded, _ = done.get(Recorded(task), (task.without(INTERRUPTED), ()))
        found[task] = done.get(task, recorded)
    properties = (each for each in found.values() if isinstance(each, PropertyFound))
    return tuple(_decisions(page, found)), tuple(properties)


def _decisions(page: Page, found: Mapping[Task, Any]) -> Iterator[tuple[PageLine, Decision]]:
    for line in page:
        proofs = {
            task.method: proof
            for task, proof in found.items()
            if isinstance(task, LineTask) and task.line == line.id and proof is not None
        }
        if not proofs:
            continue
        besides = (proofs.pop(INDUCTION),) if INDUCTION in proofs else ()
        yield line, Decision(tuple(proofs.values()), besides)


def _why_no_kernel_is_checked(page: Page, lines: Lines, properties: Iterable[PropertyFound]) -> str:
    """The first that is wrong, or the first line that is not decided; "" where there is none."""
    wrong = [line.id for line, decision in lines if decision.status == "refuted"]
    wrong += [found.statement for found in properties if found.decision.status == "refuted"]
    undecided = [line.id for line, decision in lines if not decision.holds]
    whys = [f"{of} is wrong" for of in wrong] + [f"{of} is not decided" for of in undecided]
    whys += ["a part of the page cannot be read"] if page.errors else []
    return next(iter(whys), "")


Checks = Mapping[KernelTask | PageKernelTask, Kernel | None]


@dataclass(frozen=True)
class _Kernels:
    """What is emitted of a page.

    tasks: that check it, each with its kernel where that is there before. why: none is checked.
    """

    tasks: Checks = field(default_factory=dict)
    not_emitted: tuple[NotEmitted, ...] = ()
    why: str = ""


def _to_check(
    page: Page, lines: Lines, properties: Iterable[PropertyFound], thorough: bool
) -> _Kernels:
    """The kernels of the loss, where its values are exact; else those of what the page
    differentiates.
    """
    why = _why_no_kernel_is_checked(page, lines, properties)
    if why:
        return _Kernels(why=why)
    loss = loss_or_none(page)
    not_exact = why_not_exact(loss) if loss else "the page states no loss"
    if not_exact:
        of_page: Checks = dict.fromkeys(page_kernel_tasks(page, thorough))
        return _Kernels(of_page, (), not_exact if loss and not of_page else "")
    assert loss is not None
    found = list(kernels_for(loss))
    return _Kernels(
        {
            KernelTask(page.source, target, kernel.name, kernel.origin, kernel.language): kernel
            for target, kernel in found
            if isinstance(kernel, Kernel)
        },
        tuple(each for _, each in found if isinstance(each, NotEmitted)),
    )


def _checked(kernels: _Kernels, done: Mapping[Task, Any]) -> tuple[Kernels, tuple[NotEmitted, ...]]:
    """Each kernel with its verdict, and those that there turned out not to be."""
    checked: list[Any] = []
    for task, kernel in kernels.tasks.items():
        found = done.get(task) or task.without(kernels.why)
        checked.append((kernel, found) if isinstance(found, Verdict) else found)
    there = tuple(each for each in checked if not isinstance(each, NotEmitted))
    not_there = tuple(each for each in checked if isinstance(each, NotEmitted))
    return there, kernels.not_emitted + not_there
