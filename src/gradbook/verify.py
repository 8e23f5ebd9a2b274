"""Everything at once: prove every line, emit, check every kernel, and say what was found.

>>> from gradbook import verify
>>> report = verify("multiclass_svm")       # about a minute, in one process
>>> report.passed
True
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

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
    PropertyTask,
    Task,
    kernels_for,
    line_tasks,
    property_tasks,
    results,
)

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
    """

    derivation: Derivation
    path: Path
    lines: Lines
    kernels: Kernels
    seconds: float
    properties: tuple[PropertyFound, ...] = ()
    not_asked: tuple[tuple[str, str], ...] = ()
    not_emitted: tuple[NotEmitted, ...] = ()

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
        ran = [verdict for _, verdict in self.kernels if verdict.checks]
        return (
            self.first_wrong is not None
            or any(found.decision.status == "refuted" for found in self.properties)
            or any(not verdict.passed for verdict in ran)
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
) -> Report | tuple[Report, ...]:
    """Verifies derivations: files, folders, or names such as "multiclass_svm"; all, without any.

    jobs:     how many processes share the work. With more than one, a script must guard its own
              top level by `if __name__ == "__main__"`.
    thorough: larger sizes and every label, in minutes instead of seconds.
    progress: called with what was just finished, how much is done, and how much there is.

    Returns a Report, or a tuple of them where there are several derivations. Raises
    `discover.NotFound` for a derivation that is not there or cannot be read, `prove.Unusable`
    for a line that misspells a name or claims nothing, and ValueError for a property that is none.
    """
    found = find(derivations)
    reports = tuple(verify_found(item, jobs, progress, thorough=thorough) for item in found)
    return reports[0] if len(reports) == 1 else reports


def verify_found(
    found: Found, jobs: int = 1, progress: Progress | None = None, *, thorough: bool = False
) -> Report:
    """Verifies one derivation; see `verify`. Nothing is emitted from a derivation that is wrong."""
    started = time.perf_counter()
    derivation = found.derivation
    places = list(enumerate(kernels_for(derivation.loss)))
    kernels = {place: kernel for place, kernel in places if isinstance(kernel, Kernel)}
    to_prove: list[Task] = [*line_tasks(found, thorough), *property_tasks(found, thorough)]
    to_check: list[Task] = [
        KernelTask(found.path, found.place, i, kernel.name) for i, kernel in kernels.items()
    ]
    with results(jobs, progress, len(to_prove) + len(to_check)) as run:
        proved = dict(zip(to_prove, run(to_prove), strict=True))
        lines = _compared_with_page(found, _decisions(derivation, proved))
        properties = tuple(
            found for task, found in proved.items() if isinstance(task, PropertyTask)
        )
        wrong = _first_wrong(lines, properties)
        if wrong is None:
            verdicts = run(to_check)
        else:
            verdicts = [
                _not_checked(kernel, f"not checked: {wrong} is wrong")
                for kernel in kernels.values()
            ]
    return Report(
        derivation,
        found.path,
        lines,
        tuple(zip(kernels.values(), verdicts, strict=True)),
        time.perf_counter() - started,
        properties,
        tuple((method.name, method.missing) for method in METHODS if method.missing),
        tuple(missing for _, missing in places if isinstance(missing, NotEmitted)),
    )


def _decisions(derivation: Derivation, proved: dict[Task, Any]) -> Iterator[tuple[Line, Decision]]:
    for line in derivation:
        proofs = {
            task.method: proof
            for task, proof in proved.items()
            if isinstance(task, LineTask) and task.line == line.id
        }
        in_entries = tuple(proofs[name] for name in (ANY_SIZE,) if name in proofs)
        besides = tuple(proofs[name] for name in (INDUCTION,) if name in proofs)
        stated = tuple(proofs[method.name] for method in METHODS if method.name in proofs)
        yield line, Decision(stated, in_entries, besides)


def _first_wrong(lines: Lines, properties: Sequence[PropertyFound]) -> str | None:
    refuted = [line.id for line, decision in lines if decision.status == "refuted"]
    refuted += [found.statement for found in properties if found.decision.status == "refuted"]
    return next(iter(refuted), None)


def _not_checked(kernel: Kernel, why: str) -> Verdict:
    return Verdict(kernel.name, kernel.origin, kernel.language, (), (), why)


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
