"""The work of `verify`, cut into tasks small enough to send to another process.

A task says where its derivation is, not what it is: the process that carries it out reads the file
itself, so that nothing but text and findings passes between processes.
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

from gradbook.any_size.as_proof import as_proof
from gradbook.any_size.coefficients import claimed_coefficients
from gradbook.any_size.lines import METHOD as ANY_SIZE
from gradbook.check import Verdict, check
from gradbook.derivation import Proof
from gradbook.discover import Found, read
from gradbook.emit import NoCompiler, NotLowerable, emit
from gradbook.kernels import Kernel, by_hand
from gradbook.loss import Loss
from gradbook.prove import prove
from gradbook.prove.by_solver import METHOD as SOLVER
from gradbook.prove.induction import METHOD as INDUCTION
from gradbook.prove.induction import coefficients_are
from gradbook.prove.methods import METHODS, method_named
from gradbook.prove.properties import PropertyFound, prove_property
from gradbook.prove.sum_over_classes import NotASum

#: What is emitted and checked: the page's small example, the size of the digits, and any size.
EMITTED: tuple[tuple[str, int | None, int | None], ...] = (
    ("lambdify", 3, 2),
    ("codegen", 3, 2),
    ("lambdify", 10, 64),
    ("codegen", 10, 64),
    ("numpy", None, None),
    ("c", None, None),
    ("c-fast", None, None),
)

#: The lines and kernels that take longest.
LONGEST = ("N17", "C, fast, any size", "lambdify, C = 10, m = 64")


@dataclass(frozen=True)
class LineTask:
    """One line, by one method. place: which derivation of the file."""

    path: Path
    place: int
    line: str
    method: str
    thorough: bool = False

    def __str__(self) -> str:
        return f"{self.line}, {self.method}"

    def carry_out(self, found: Found) -> Proof:
        if self.method == ANY_SIZE:
            assert found.any_size is not None
            return as_proof(found.any_size[self.line].prove())
        if self.method == INDUCTION:
            return _by_induction(found)
        method = method_named(self.method)
        sizes = method.thorough if self.thorough else method.sizes
        return replace(prove(found.derivation[self.line], sizes, method.decide), method=method.name)


@dataclass(frozen=True)
class PropertyTask:
    """One property of the loss."""

    path: Path
    place: int
    name: str
    thorough: bool = False

    def __str__(self) -> str:
        return f"the loss: {self.name}"

    def carry_out(self, found: Found) -> PropertyFound:
        method = method_named(SOLVER)
        sizes = method.thorough if self.thorough else method.sizes
        return prove_property(self.name, found.derivation.loss, sizes)


@dataclass(frozen=True)
class KernelTask:
    """One kernel to check, by its place in `kernels_for`, and its name."""

    path: Path
    place: int
    kernel: int
    name: str

    def __str__(self) -> str:
        return self.name

    def carry_out(self, found: Found) -> Verdict:
        loss = found.derivation.loss
        kernel = list(kernels_for(loss))[self.kernel]
        assert isinstance(kernel, Kernel)
        return check(kernel, loss)


Task = LineTask | PropertyTask | KernelTask


def line_tasks(found: Found, thorough: bool = False) -> Iterator[LineTask]:
    """Every line, by every method that can be asked of it here."""
    solver_there = not method_named(SOLVER).missing
    for line in found.derivation:
        for method in METHODS:
            if not method.missing:
                yield LineTask(found.path, found.place, line.id, method.name, thorough)
        if found.any_size is None or line.id not in found.any_size.lines:
            continue
        yield LineTask(found.path, found.place, line.id, ANY_SIZE)
        is_gradient = line.id == found.derivation.loss.cites.get("gradient")
        if is_gradient and solver_there and claimed_coefficients(found.any_size):
            yield LineTask(found.path, found.place, line.id, INDUCTION)


def property_tasks(found: Found, thorough: bool = False) -> Iterator[PropertyTask]:
    """Every property that the derivation says its loss has."""
    for name in found.derivation.properties:
        yield PropertyTask(found.path, found.place, name, thorough)


@dataclass(frozen=True)
class NotEmitted:
    """A kernel that there is not, and why: the loss is more than loops over the classes."""

    name: str
    why: str


def kernels_for(loss: Loss) -> Iterator[Kernel | NotEmitted]:
    """The kernels that are checked: emitted at the sizes of EMITTED, and written by hand."""
    for target, classes, features in EMITTED:
        try:
            yield emit(loss, target, classes=classes, features=features)
        except NotLowerable as error:
            yield NotEmitted(f"{target}, any size", str(error))
        except NoCompiler as error:
            size = "any size" if classes is None else f"C = {classes}, m = {features}"
            function = partial(_not_compiled, str(error))
            yield Kernel(
                f"{target}, {size}", target, "C", "", function, loss.key, classes, features
            )
    yield from by_hand(loss.key)


def _not_compiled(why: str, *_: Any) -> Any:
    """The function of a kernel that there cannot be here."""
    raise NoCompiler(why)


def _by_induction(found: Found) -> Proof:
    """Whether the derived μ is what the page in entries says, for every C, base and step."""
    started = time.perf_counter()
    assert found.any_size is not None
    claimed = claimed_coefficients(found.any_size)
    assert claimed is not None
    try:
        statement = coefficients_are(other=claimed.other, label=claimed.label)
    except NotASum as error:
        proof = Proof("undecided", INDUCTION, reason=str(error))
    else:
        finding = statement.prove(found.derivation.loss)
        proof = replace(finding.proof, assumptions=(finding.assumptions,))
    return replace(proof, seconds=time.perf_counter() - started)


# In one process or several.

Progress = Callable[[str, int, int], None]
Submit = Callable[[Task], Callable[[], Any]]
Run = Callable[[Sequence[Task]], list[Any]]


@contextmanager
def results(jobs: int, progress: Progress | None, total: int) -> Iterator[Run]:
    """run(tasks) → their results, in their order; `total` is how many tasks there will be."""
    done = 0
    with _processes(jobs) as submit:

        def run(tasks: Sequence[Task]) -> list[Any]:
            nonlocal done
            waiting = [(i, submit(tasks[i])) for i in _longest_first(tasks)]
            found: list[Any] = [None] * len(tasks)
            for i, result in waiting:
                found[i] = result()
                done += 1
                if progress is not None:
                    progress(str(tasks[i]), done, total)
            return found

        yield run


def _longest_first(tasks: Sequence[Task]) -> list[int]:
    """So that no process is left with a long task at the end."""

    def is_short(i: int) -> bool:
        task = tasks[i]
        return (task.line if isinstance(task, LineTask) else task.name) not in LONGEST

    return sorted(range(len(tasks)), key=is_short)


@contextmanager
def _processes(jobs: int) -> Iterator[Submit]:
    """submit(task) → a function that waits for the task's result."""
    if jobs == 1:
        yield lambda task: lambda: carry_out(task)
        return
    # Fresh interpreters: forking a process that runs threads, as a progress bar does, is not safe.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        futures: list[Future[Any]] = []

        def submit(task: Task) -> Callable[[], Any]:
            futures.append(pool.submit(carry_out, task))
            return futures[-1].result

        try:
            yield submit
        finally:
            for future in futures:
                future.cancel()


def carry_out(task: Task) -> Proof | PropertyFound | Verdict:
    """What was found. Reads the derivation of the task from its file."""
    return task.carry_out(read(task.path)[task.place])
