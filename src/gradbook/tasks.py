"""The work of `verify`, cut into tasks small enough to send to another process.

A task says where its derivation is, not what it is: the process that carries it out reads the file
itself, so that nothing but text and findings passes between processes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
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
from gradbook.prove import Unusable, prove
from gradbook.prove.by_solver import METHOD as SOLVER
from gradbook.prove.decision import Decision
from gradbook.prove.induction import METHOD as INDUCTION
from gradbook.prove.induction import coefficients_are
from gradbook.prove.methods import METHODS, method_named
from gradbook.prove.properties import PropertyFound, prove_property, require_property
from gradbook.prove.sum_over_classes import NotASum
from gradbook.workers import Limits, Unfinished, Workers

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

    @property
    def name(self) -> str:
        return self.line

    def carry_out(self) -> Proof | None:
        """What the method found, None where it says nothing of such a line.

        A line that cannot be judged is undecided, with the reason.
        """
        try:
            return self._proof(_found(self))
        except Unusable as error:
            return Proof("undecided", self.method, reason=str(error))

    def without(self, why: str) -> Proof:
        """In place of a proof: undecided."""
        return Proof("undecided", self.method, reason=why, unfinished=True)

    def _proof(self, found: Found) -> Proof | None:
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

    def carry_out(self) -> PropertyFound:
        method = method_named(SOLVER)
        sizes = method.thorough if self.thorough else method.sizes
        return prove_property(self.name, _found(self).derivation.loss, sizes)

    def without(self, why: str) -> PropertyFound:
        """In place of what is found: undecided, under the name that the derivation gives it."""
        undecided = Proof("undecided", SOLVER, reason=why, unfinished=True)
        return PropertyFound(self.name, self.name, "", Decision((undecided,)))


@dataclass(frozen=True)
class KernelTask:
    """One kernel to check. kernel: its place in `kernels_for`; the rest is what a Kernel says."""

    path: Path
    place: int
    kernel: int
    name: str
    origin: str
    language: str

    def __str__(self) -> str:
        return self.name

    def carry_out(self) -> Verdict:
        loss = _found(self).derivation.loss
        kernel = next(islice(kernels_for(loss), self.kernel, None))
        assert isinstance(kernel, Kernel)
        return check(kernel, loss)

    def without(self, why: str) -> Verdict:
        """In place of a verdict: not checked."""
        return Verdict(self.name, self.origin, self.language, (), (), f"not checked: {why}")


Task = LineTask | PropertyTask | KernelTask


def _found(task: Task) -> Found:
    """The derivation of a task, read from its file where it is carried out."""
    return read(task.path)[task.place]


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
        if is_gradient and solver_there:
            yield LineTask(found.path, found.place, line.id, INDUCTION)


def property_tasks(found: Found, thorough: bool = False) -> Iterator[PropertyTask]:
    """Every property that the derivation says its loss has. Raises ValueError for another."""
    for name in found.derivation.properties:
        require_property(name)
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


def _by_induction(found: Found) -> Proof | None:
    """Whether the derived μ is what the page in entries says, for every C, base and step; None
    where the page does not say it as N14 does.
    """
    started = time.perf_counter()
    assert found.any_size is not None
    claimed = claimed_coefficients(found.any_size)
    if claimed is None:
        return None
    try:
        statement = coefficients_are(other=claimed.other, label=claimed.label)
    except NotASum as error:
        proof = Proof("undecided", INDUCTION, reason=str(error))
    else:
        finding = statement.prove(found.derivation.loss)
        proof = replace(finding.proof, assumptions=(finding.assumptions,))
    return replace(proof, seconds=time.perf_counter() - started)


# In this process or in others.

Progress = Callable[[str, int, int], None]
Run = Callable[[Sequence[Task]], Iterator[tuple[Task, Any]]]


@contextmanager
def results(jobs: int, limits: Limits, progress: Progress | None, total: int) -> Iterator[Run]:
    """run(tasks) → each with its result, as they come; `total` is how many tasks there will be.

    jobs: how many processes carry them out; 0 for this one, which has no limits.
    """
    done = 0
    with Workers(jobs, limits) as workers:

        def run(tasks: Sequence[Task]) -> Iterator[tuple[Task, Any]]:
            nonlocal done
            tasks = _longest_first(tasks)
            here = ((place, task.carry_out()) for place, task in enumerate(tasks))
            for place, result in workers.carry_out(tasks) if jobs else here:
                task = tasks[place]
                done += 1
                if progress is not None:
                    progress(str(task), done, total)
                yield task, task.without(result.why) if isinstance(result, Unfinished) else result

        yield run


def _longest_first(tasks: Sequence[Task]) -> list[Task]:
    """So that no process is left with a long task at the end."""
    return sorted(tasks, key=lambda task: task.name not in LONGEST)
