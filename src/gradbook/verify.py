"""Everything at once: prove every line, emit, check every kernel, and say what was found.

>>> from gradbook import verify
>>> report = verify("multiclass_svm")       # about 20 s
>>> report.passed
True
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
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


Lines = tuple[tuple[Line, Proof], ...]

#: Which lines take longest.
LONGEST = ("N17",)


@dataclass(frozen=True)
class Report:
    """What was found of one derivation: a proof for each line, a verdict for each kernel."""

    derivation: Derivation
    path: Path
    lines: Lines
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
Submit = Callable[[Task], Callable[[], Any]]


def verify(
    *derivations: str | Path, jobs: int = 1, progress: Progress | None = None
) -> Report | tuple[Report, ...]:
    """Verifies derivations: files, folders, or names such as "multiclass_svm"; all, without any.

    jobs:     how many processes share the work. With more than one, a script must guard its own
              top level by `if __name__ == "__main__"`.
    progress: called with what was just finished, how much is done, and how much there is.

    Returns a Report, or a tuple of them where there are several derivations. Raises
    `discover.NotFound` for a derivation that is not there or cannot be read, and `prove.Unusable`
    for a line that misspells a name or claims nothing.
    """
    found = find(derivations)
    reports = tuple(verify_found(item, jobs, progress) for item in found)
    return reports[0] if len(reports) == 1 else reports


def verify_found(found: Found, jobs: int = 1, progress: Progress | None = None) -> Report:
    """Verifies one derivation; see `verify`. Nothing is emitted from a derivation that is wrong."""
    started = time.perf_counter()
    derivation = found.derivation
    kernels = tuple(kernels_for(derivation.loss))
    to_prove = [Task(found.path, found.key, line=line.id) for line in derivation]
    to_check = [Task(found.path, found.key, kernel=i) for i in range(len(kernels))]
    with _processes(jobs) as submit:
        run = partial(_run, submit, progress or (lambda *_: None), len(to_prove) + len(to_check))
        lines = _compared_with_page(found, run(to_prove, 0))
        wrong = next((line.id for line, proof in lines if proof.status == "refuted"), None)
        if wrong is None:
            verdicts = run(to_check, len(to_prove))
        else:
            verdicts = [
                _not_checked(kernel, f"not checked: {wrong} is wrong") for kernel in kernels
            ]
    seconds = time.perf_counter() - started
    return Report(
        derivation, found.path, lines, tuple(zip(kernels, verdicts, strict=True)), seconds
    )


def _not_checked(kernel: Kernel, why: str) -> Verdict:
    return Verdict(kernel.name, kernel.origin, kernel.language, (), (), why)


def kernels_for(loss: Loss) -> Iterator[Kernel]:
    """The kernels that are checked: emitted at the sizes of EMITTED, and written by hand."""
    for target, classes, features in EMITTED:
        yield emit(loss, target, classes=classes, features=features)
    yield from by_hand(loss.key)


def _compared_with_page(found: Found, proofs: Sequence[Proof]) -> Lines:
    """The lines with their proofs; one that says something other than the page is wrong."""
    differ = differences_from_page(found)
    lines = [
        (line, replace(proof, status="refuted", reason=differ[line.id]))
        if line.id in differ and proof.status != "refuted"
        else (line, proof)
        for line, proof in zip(found.derivation, proofs, strict=True)
    ]
    for id in differ.keys() - set(found.derivation.ids):
        missing = Proof("refuted", "compared with the page", reason=differ[id])
        lines.append((Line(id, "a line that is not in the file", "", lambda case: ()), missing))
    return tuple(lines)


def _run(
    submit: Submit, progress: Progress, total: int, tasks: Sequence[Task], done: int
) -> list[Any]:
    """The results of the tasks, in their order; `done` of `total` were finished before."""
    # The longest first, so that no process is left with a long task at the end.
    order = sorted(range(len(tasks)), key=lambda i: tasks[i].line not in LONGEST)
    waiting = [(i, submit(tasks[i])) for i in order]
    results: list[Any] = [None] * len(tasks)
    for finished, (i, result) in enumerate(waiting, done + 1):
        results[i] = result()
        progress(_described(tasks[i]), finished, total)
    return results


@contextmanager
def _processes(jobs: int) -> Iterator[Submit]:
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
