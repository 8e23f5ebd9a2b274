"""Everything at once: prove every line, emit, check every kernel, and say what was found.

>>> from gradbook import verify
>>> report = verify("multiclass_svm")       # about 20 s
>>> report.passed
True
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from gradbook.check import Verdict, check
from gradbook.derivation import Derivation, Line, Proof
from gradbook.discover import Found, differences_from_page, find, read
from gradbook.emit import emit
from gradbook.kernels import Kernel, by_hand
from gradbook.loss import Loss
from gradbook.prove import prove

#: What is emitted and checked: the page's small example, and the size of the digits.
EMITTED = (
    ("lambdify", 3, 2),
    ("codegen", 3, 2),
    ("lambdify", 10, 64),
    ("codegen", 10, 64),
)


#: Which lines take longest.
LONGEST = ("N17",)


@dataclass(frozen=True)
class Report:
    """What was found of one derivation: a proof for each line, a verdict for each kernel."""

    derivation: Derivation
    path: Path
    lines: tuple[tuple[Line, Proof], ...]
    kernels: tuple[tuple[Kernel, Verdict], ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether every line holds and every kernel passes every check."""
        return all(proof.holds for _, proof in self.lines) and all(
            verdict.passed for _, verdict in self.kernels
        )

    @property
    def first_wrong(self) -> tuple[Line, Proof] | None:
        """The first line that is refuted, if one is."""
        refuted = (pair for pair in self.lines if pair[1].status == "refuted")
        return next(refuted, None)

    @property
    def refuted(self) -> bool:
        """Whether something is wrong, as opposed to not decided or not run."""
        ran = [verdict for _, verdict in self.kernels if verdict.checks]
        return self.first_wrong is not None or any(not verdict.passed for verdict in ran)

    def __str__(self) -> str:
        from gradbook.report.terminal import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from gradbook.report.html import summary

        return summary(self)


@dataclass(frozen=True)
class Task:
    """One line to prove or one kernel to check, small enough to send to another process."""

    path: Path
    key: str
    line: str = ""
    kernel: int = -1


Progress = Callable[[str, int, int], None]


def verify(
    *derivations: str | Path, jobs: int = 1, progress: Progress | None = None
) -> Report | tuple[Report, ...]:
    """Verifies derivations: files, folders, or names such as "multiclass_svm"; all, without any.

    jobs:     how many processes share the work. With more than one, a script must guard its own
              top level by `if __name__ == "__main__"`.
    progress: called with what was just finished, how much is done, and how much there is.

    Returns a Report, or a tuple of them where there are several derivations. Raises
    `discover.NotFound` for a derivation that is not there or cannot be read, and `prove.Unusable`
    for a line that is not about mathematics.
    """
    found = find(derivations)
    reports = tuple(verify_found(item, jobs, progress) for item in found)
    return reports[0] if len(reports) == 1 else reports


def verify_found(found: Found, jobs: int = 1, progress: Progress | None = None) -> Report:
    """Verifies one derivation; see `verify`."""
    started = time.perf_counter()
    derivation = found.derivation
    kernels = tuple(kernels_for(derivation.loss))
    tasks = [Task(found.path, found.key, line=line.id) for line in derivation]
    tasks += [Task(found.path, found.key, kernel=i) for i in range(len(kernels))]
    results = _run(tasks, jobs, progress or (lambda *_: None))
    proofs, verdicts = results[: len(derivation)], results[len(derivation) :]
    differ = differences_from_page(found)
    return Report(
        derivation=derivation,
        path=found.path,
        lines=tuple(
            (line, _compared_with_page(proof, differ.get(line.id)))
            for line, proof in zip(derivation, proofs, strict=True)
        )
        + tuple(_missing_lines(derivation, differ)),
        kernels=tuple(zip(kernels, verdicts, strict=True)),
        seconds=time.perf_counter() - started,
    )


def kernels_for(loss: Loss) -> Iterator[Kernel]:
    """The kernels that are checked: emitted at the sizes of EMITTED, and written by hand."""
    for target, classes, features in EMITTED:
        yield emit(loss, target, classes=classes, features=features)
    yield from by_hand(loss.key)


def _compared_with_page(proof: Proof, difference: str | None) -> Proof:
    """A line that says something other than the page is wrong, whatever its claims are."""
    if difference is None or proof.status == "refuted":
        return proof
    return replace(proof, status="refuted", reason=difference)


def _missing_lines(
    derivation: Derivation, differ: Mapping[str, str]
) -> Iterator[tuple[Line, Proof]]:
    for id, difference in differ.items():
        if id not in derivation.ids:
            line = Line(id, "not in the file", "", lambda case: ())
            yield line, Proof("refuted", "compared with the page", reason=difference)


def _run(tasks: Sequence[Task], jobs: int, progress: Progress) -> list[Any]:
    """The results of the tasks, in their order, from `jobs` processes."""
    results: list[Any] = [None] * len(tasks)
    # The longest first, so that no process is left with a long task at the end.
    order = sorted(range(len(tasks)), key=lambda i: tasks[i].line not in LONGEST)
    with _processes(jobs) as submit:
        waiting = [(i, submit(tasks[i])) for i in order]
        for done, (i, result) in enumerate(waiting, 1):
            results[i] = result()
            progress(_described(tasks[i]), done, len(tasks))
    return results


@contextmanager
def _processes(jobs: int) -> Iterator[Callable[[Task], Callable[[], Any]]]:
    """submit(task) → a function that waits for the task's result."""
    if jobs == 1:
        yield lambda task: lambda: _carry_out(task)
        return
    # Fresh interpreters: forking a process that runs threads, as a progress bar does, is not safe.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        futures: list[Future[Any]] = []

        def submit(task: Task) -> Callable[[], Any]:
            futures.append(pool.submit(_carry_out, task))
            return futures[-1].result

        try:
            yield submit
        finally:
            for future in futures:
                future.cancel()


def _carry_out(task: Task) -> Proof | Verdict:
    found = next(item for item in read(task.path) if item.key == task.key)
    if task.line:
        return prove(found.derivation[task.line])
    loss = found.derivation.loss
    return check(list(kernels_for(loss))[task.kernel], loss)


def _described(task: Task) -> str:
    return task.line or f"kernel {task.kernel + 1}"
