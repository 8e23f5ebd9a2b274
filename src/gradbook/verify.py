"""Everything at once: prove every line, emit, check every kernel, and say what was found.

>>> from gradbook import verify
>>> report = verify("multiclass_svm")       # about a minute, in one process
>>> report.passed
True
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gradbook import arguments
from gradbook.any_size.lines import METHOD as ANY_SIZE
from gradbook.check import Verdict
from gradbook.derivation import Derivation, Line, Proof
from gradbook.discover import Found, differences_from_page, find
from gradbook.kernels import Kernel
from gradbook.prove.decision import Decision
from gradbook.prove.induction import METHOD as INDUCTION
from gradbook.prove.methods import METHODS
from gradbook.prove.properties import PropertyFound
from gradbook.tasks import (
    KernelTask,
    LineTask,
    NotEmitted,
    Progress,
    Task,
    kernels_for,
    line_tasks,
    property_tasks,
    results,
)
from gradbook.workers import Limits

Lines = tuple[tuple[Line, Decision], ...]
Kernels = tuple[tuple[Kernel, Verdict], ...]


@dataclass(frozen=True)
class Report:
    """What was found of one derivation.

    lines:      each with what every method of proof found of it.
    kernels:    each with its verdict.
    properties: what the derivation says of its loss as a whole, and what was found of it.
    not_asked:  a method that could not be asked ↦ why.
    not_emitted: kernels that there are not, and why: they neither pass nor fail.
    interrupted: whether it was, before everything was done.
    """

    derivation: Derivation
    path: Path
    lines: Lines
    kernels: Kernels
    seconds: float
    properties: tuple[PropertyFound, ...] = ()
    not_asked: tuple[tuple[str, str], ...] = ()
    not_emitted: tuple[NotEmitted, ...] = ()
    interrupted: bool = False

    @property
    def passed(self) -> bool:
        """Whether every line and property holds and every kernel passes every check."""
        return (
            all(decision.holds for _, decision in self.lines)
            and all(found.holds for found in self.properties)
            and all(verdict.passed for _, verdict in self.kernels)
        )

    @property
    def first_wrong(self) -> tuple[Line, Decision] | None:
        """The first line that is refuted, if one is."""
        refuted = (pair for pair in self.lines if pair[1].status == "refuted")
        return next(refuted, None)

    @property
    def refuted(self) -> bool:
        """Whether something is wrong, as opposed to not decided or not run."""
        return (
            self.first_wrong is not None
            or any(found.decision.status == "refuted" for found in self.properties)
            or any(verdict.failed for _, verdict in self.kernels)
        )

    def __str__(self) -> str:
        from gradbook.report.terminal import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from gradbook.report.html import summary

        return summary(self)


def verify(
    *derivations: str | Path,
    jobs: int = 1,
    thorough: bool = False,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> Report | tuple[Report, ...]:
    """Verifies derivations: files, folders, or names such as "multiclass_svm"; all, without any.

    jobs:     how many processes share the work. 0: it is done in this one, without limits.
    thorough: larger sizes and every label, in minutes instead of seconds.
    progress: called with what was just finished, how much is done, and how much there is.
    limits:   what ends a line that never ends, or fills the memory: it is undecided then.

    Returns a Report, or a tuple of them where there are several derivations. Raises
    `discover.NotFound` for a derivation that is not there or cannot be read, and ValueError for a
    property that is none.
    """
    arguments.integer("jobs", jobs, 0, arguments.MOST_AT_ONCE)
    arguments.instance("limits", limits, (Limits, type(None)), "gradbook.workers.Limits or None")
    arguments.flag("thorough", thorough)
    if progress is not None:
        arguments.function("progress", progress, "what is finished, how much, and of how much")
    reports = []
    for item in find(derivations):
        reports.append(verify_found(item, jobs, progress, thorough=thorough, limits=limits))
        if reports[-1].interrupted:
            raise KeyboardInterrupt
    return reports[0] if len(reports) == 1 else tuple(reports)


def verify_found(
    found: Found,
    jobs: int = 1,
    progress: Progress | None = None,
    *,
    thorough: bool = False,
    limits: Limits | None = None,
) -> Report:
    """Verifies one derivation; see `verify`. No kernel is checked of one that is not all decided.

    An interrupt ends the work, and what was found until then is reported.
    """
    started = time.perf_counter()
    places = list(enumerate(kernels_for(found.derivation.loss)))
    kernels = {
        KernelTask(found.path, found.place, i, kernel.name, kernel.origin, kernel.language): kernel
        for i, kernel in places
        if isinstance(kernel, Kernel)
    }
    to_prove: list[Task] = [*line_tasks(found, thorough), *property_tasks(found, thorough)]
    done: dict[Task, Any] = {}
    interrupted = False
    limits = limits or (THOROUGH if thorough else Limits())
    with results(jobs, limits, progress, len(to_prove) + len(kernels)) as run:
        try:
            for task, result in run(to_prove):
                done[task] = result
            lines, properties = _proved(found, to_prove, done)
            why = _why_no_kernel_is_checked(lines, properties)
            for task, result in run([] if why else list(kernels)):
                done[task] = result
        except KeyboardInterrupt:
            interrupted, why = True, INTERRUPTED
            lines, properties = _proved(found, to_prove, done)
    return Report(
        found.derivation,
        found.path,
        lines,
        tuple((kernel, done.get(task) or task.without(why)) for task, kernel in kernels.items()),
        time.perf_counter() - started,
        properties,
        tuple((method.name, method.missing) for method in METHODS if method.missing),
        tuple(missing for _, missing in places if isinstance(missing, NotEmitted)),
        interrupted,
    )


#: Larger sizes may take ten times as long.
THOROUGH = Limits(cpu=10 * Limits().cpu)
INTERRUPTED = "interrupted"


def _proved(
    about: Found, tasks: Iterable[Task], done: Mapping[Task, Any]
) -> tuple[Lines, tuple[PropertyFound, ...]]:
    """The lines and the properties; what was not reached is undecided."""
    proved = {task: done[task] if task in done else task.without(INTERRUPTED) for task in tasks}
    lines = _compared_with_page(about, _decisions(about.derivation, proved))
    return lines, tuple(found for found in proved.values() if isinstance(found, PropertyFound))


def _decisions(
    derivation: Derivation, proved: Mapping[Task, Any]
) -> Iterator[tuple[Line, Decision]]:
    for line in derivation:
        proofs = {
            task.method: proof
            for task, proof in proved.items()
            if isinstance(task, LineTask) and task.line == line.id and proof is not None
        }
        in_entries = tuple(proofs[name] for name in (ANY_SIZE,) if name in proofs)
        besides = tuple(proofs[name] for name in (INDUCTION,) if name in proofs)
        stated = tuple(proofs[method.name] for method in METHODS if method.name in proofs)
        yield line, Decision(stated, in_entries, besides)


def _why_no_kernel_is_checked(lines: Lines, properties: Iterable[PropertyFound]) -> str:
    """The first that is wrong, or the first line that is not decided; "" where there is none."""
    wrong = [line.id for line, decision in lines if decision.status == "refuted"]
    wrong += [found.statement for found in properties if found.decision.status == "refuted"]
    undecided = [line.id for line, decision in lines if not decision.holds]
    whys = [f"{of} is wrong" for of in wrong] + [f"{of} is not decided" for of in undecided]
    return next(iter(whys), "")


def _compared_with_page(found: Found, decided: Iterable[tuple[Line, Decision]]) -> Lines:
    """The lines with what was found; one that says something other than the page is wrong."""
    differ = differences_from_page(found)
    lines = [
        (line, _differs(differ[line.id], decision) if line.id in differ else decision)
        for line, decision in decided
    ]
    for id in (id for id in differ if id not in found.derivation.ids):
        missing = Line(id, "a line that is not in the file", "", lambda case: ())
        lines.append((missing, _differs(differ[id], Decision(()))))
    return tuple(lines)


def _differs(how: str, decision: Decision) -> Decision:
    """A counterexample says more than that the page says something else, and comes first."""
    differs = Proof("refuted", "compared with the page", reason=how)
    return replace(decision, stated=(*decision.stated, differs))
