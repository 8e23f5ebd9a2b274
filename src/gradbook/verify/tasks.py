"""The work of `verify`, cut into tasks small enough to send to another process.

A task has the text of its page, and the process that carries it out reads it anew, so that nothing
but text and findings passes between processes.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from gradbook.any_size.coefficients import claimed_coefficients
from gradbook.any_size.lines import METHOD as ANY_SIZE
from gradbook.any_size.of_page import prove_for_any_size
from gradbook.check import Finding, Verdict, check
from gradbook.check.of_page import check_page
from gradbook.check.rounding import rounding
from gradbook.emit import NotLowerable, PageKernel, WrongSource, emit
from gradbook.emit.pages import Derived, derived, printed
from gradbook.emit.pages import NotEmitted as NotPrinted
from gradbook.emit.pages.compared import name_of_kernel
from gradbook.emit.pages.names import sizes_of
from gradbook.emit.pages.program import last_objectives
from gradbook.emit.pages.targets import TARGETS
from gradbook.kernels import Kernel, by_hand
from gradbook.kernels.kernel import NoCompiler
from gradbook.loss import Loss
from gradbook.page import Page, PageLine
from gradbook.page.reading import read_source
from gradbook.page.source import Source
from gradbook.proof import Proof
from gradbook.prove import prove
from gradbook.prove.by_solver import METHOD as SOLVER
from gradbook.prove.decision import Decision
from gradbook.prove.induction import METHOD as INDUCTION
from gradbook.prove.induction import coefficients_are
from gradbook.prove.methods import METHODS
from gradbook.prove.properties import MORE, MOST, PropertyFound, prove_property, require_property
from gradbook.prove.query import Asked, recorded
from gradbook.prove.second_solver import SECOND, PutAgain
from gradbook.prove.sum_over_classes import NotASum

#: A target of emit, for so many classes and features; None for any.
Target = tuple[str, int | None, int | None]

#: What is emitted and checked: the page's small example, the size of the digits, and any size.
EMITTED: tuple[Target, ...] = (
    ("lambdify", 3, 2),
    ("codegen", 3, 2),
    ("lambdify", 10, 64),
    ("codegen", 10, 64),
    ("numpy", None, None),
    ("c", None, None),
    ("c-fast", None, None),
)


@lru_cache(maxsize=8)
def _page(source: Source) -> Page:
    return read_source(source)


@dataclass(frozen=True)
class LineTask:
    """One line, by one method."""

    source: Source
    line: str
    method: str
    thorough: bool = False

    def __str__(self) -> str:
        return f"{self.line}, {self.method}"

    @property
    def name(self) -> str:
        return self.line

    def carry_out(self) -> Proof | None:
        """What the method found, None where it says nothing of such a line."""
        page = _page(self.source)
        if self.method == INDUCTION:
            return _by_induction(page)
        return proved(page[self.line], self.method, thorough=self.thorough)

    def without(self, why: str) -> Proof:
        """In place of a proof: undecided."""
        return Proof("undecided", self.method, reason=why, unfinished=True)


def proved(line: PageLine, method: str, *, thorough: bool = False) -> Proof | None:
    """What a method finds of a line; undecided where it fails at it, which is no fault of the line.

    None for a line that is not in entries, by the method for any size.
    """
    try:
        if method == ANY_SIZE:
            return prove_for_any_size(line)
        return prove(line, method, thorough=thorough)
    except MemoryError:
        raise
    except (Exception, SystemExit) as error:  # a line is undecided; never a traceback
        why = f"{type(error).__name__}: {error}".removesuffix(": ")
        return Proof("undecided", method, reason=f"the method fails at it: {why}")


@dataclass(frozen=True)
class PropertyTask:
    """One property of the loss."""

    source: Source
    name: str
    thorough: bool = False

    def __str__(self) -> str:
        return f"the loss: {self.name}"

    def carry_out(self) -> PropertyFound:
        return prove_property(self.name, _page(self.source).loss, MOST if self.thorough else MORE)

    def without(self, why: str) -> PropertyFound:
        """In place of what is found: undecided, under the name that the page gives it."""
        undecided = Proof("undecided", SOLVER, reason=why, unfinished=True)
        return PropertyFound(self.name, self.name, "", Decision((undecided,)))


@dataclass(frozen=True)
class KernelTask:
    """One kernel to check. target: one of EMITTED; None for one that is written by hand. The rest
    is what a Kernel says.
    """

    source: Source
    target: Target | None
    name: str
    origin: str
    language: str

    def __str__(self) -> str:
        return self.name

    def carry_out(self) -> Verdict:
        loss = _page(self.source).loss
        if self.target is None:
            kernel = next(each for each in by_hand(loss.key) if each.name == self.name)
        else:
            found = _emitted(loss, self.target)
            assert isinstance(found, Kernel)
            kernel = found
        verdict = check(kernel, loss)
        if verdict.passed:
            verdict = verdict.with_found(rounding(kernel, loss))
        return _with_text(verdict, "source_of_loss", kernel, loss)

    def without(self, why: str) -> Verdict:
        """In place of a verdict: not checked."""
        return Verdict(self.name, self.origin, self.language, (), (), f"not checked: {why}")


@lru_cache(maxsize=8)
def _derived(source: Source, of: str) -> Derived:
    return derived(_page(source), of)


@dataclass(frozen=True)
class PageKernelTask:
    """A number that a page differentiates, and its gradient, to print and to check.

    sizes: of the page, for a target for one size. thorough: whether its text is run on letters at
    more sizes.
    """

    source: Source
    of: str
    target: str
    sizes: tuple[tuple[str, int], ...] = ()
    thorough: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return name_of_kernel(self.of, self.target, self.sizes)

    def carry_out(self) -> tuple[PageKernel, Verdict] | NotEmitted:
        try:
            of = _derived(self.source, self.of)
            found = printed(of, self.target, dict(self.sizes) or None)
        except NotPrinted as error:
            return NotEmitted(self.name, str(error))
        except NoCompiler:
            return self._without("not compiled: no C compiler")
        except WrongSource as error:
            kernel, verdict = self._without("failed")
            return kernel, replace(verdict, findings=(Finding(str(error)),))
        return found.kernel, _with_text(check_page(found), "source_of_page", found, self.thorough)

    def without(self, why: str) -> tuple[PageKernel, Verdict]:
        """In place of a kernel and a verdict: not checked."""
        return self._without(f"not checked: {why}")

    def _without(self, status: str) -> tuple[PageKernel, Verdict]:
        language = TARGETS[self.target].language
        kernel = PageKernel(self.of, self.target, (), (), (), "", language, self.sizes)
        return kernel, Verdict(self.name, self.target, language, (), (), status)


def _with_text(verdict: Verdict, find: str, *given: Any) -> Verdict:
    """The verdict with what a function of `check.source` finds of the kernel's text.

    As it was where pycparser is not installed, which comes with the extra `solver`.
    """
    if find_spec("pycparser") is None:
        return verdict
    source = import_module("gradbook.check.source")
    return verdict.with_found(getattr(source, find)(*given))


ToProve = LineTask | PropertyTask


@dataclass(frozen=True)
class Recorded:
    """A line by one method, or a property, and the queries that are put to z3 for it."""

    task: ToProve

    def __str__(self) -> str:
        return str(self.task)

    @property
    def name(self) -> str:
        return self.task.name

    def carry_out(self) -> tuple[Proof | PropertyFound | None, tuple[Asked, ...]]:
        with recorded() as asked:
            found = self.task.carry_out()
        return found, tuple(asked)

    def without(self, why: str) -> tuple[Proof | PropertyFound, tuple[Asked, ...]]:
        return self.task.without(why), ()


@dataclass(frozen=True)
class PutAgainTask:
    """A query that z3 answered, to put to a second solver."""

    put: PutAgain
    solver: str

    def __str__(self) -> str:
        return f"{self.put.of}, {self.solver}"

    @property
    def name(self) -> str:
        return self.put.of

    def carry_out(self) -> PutAgain:
        try:
            return replace(self.put, second=SECOND[self.solver](self.put.asked.text))
        except ValueError as error:
            return self.without(str(error))

    def without(self, why: str) -> PutAgain:
        return replace(self.put, second="unknown", why=why)


Task = LineTask | PropertyTask | KernelTask | PageKernelTask | Recorded | PutAgainTask


def methods_for(page: Page) -> tuple[tuple[str, ...], dict[str, str]]:
    """The methods that can be asked of the page's lines here, and why another cannot."""
    missing = {method.name: method.missing for method in METHODS if method.missing}
    asked = [method.name for method in METHODS if not method.missing]
    asked.insert(1, ANY_SIZE)
    return tuple(asked), missing


def loss_or_none(page: Page) -> Loss | None:
    try:
        return page.loss
    except ValueError:  # NotInEntries, or a formula that no Loss may have
        return None


def page_kernel_tasks(page: Page, thorough: bool = False) -> Iterator[PageKernelTask]:
    """Every number that the page differentiates, unless another is made of it: for each target
    that needs no library, at small sizes where it is for one size.
    """
    sizes = tuple((name, each.least + 1) for name, each in sizes_of(page).items())
    for name in last_objectives(page):
        for target in ("numpy", "c"):
            yield PageKernelTask(page.source, name, target, (), thorough)
        for target in ("lambdify", "codegen"):
            yield PageKernelTask(page.source, name, target, sizes, thorough)


def line_tasks(page: Page, thorough: bool = False) -> Iterator[LineTask]:
    """Every line, by every method that can be asked of it here."""
    asked, _ = methods_for(page)
    loss = loss_or_none(page)
    for line in page:
        for method in asked:
            yield LineTask(page.source, line.id, method, thorough)
        is_gradient = loss is not None and line.id == loss.cites.get("gradient")
        if is_gradient and SOLVER in asked:
            yield LineTask(page.source, line.id, INDUCTION)


def property_tasks(page: Page, thorough: bool = False) -> Iterator[PropertyTask]:
    """Every property that the page says its loss has. Raises ValueError for another."""
    for name in page.of_loss.properties:
        require_property(name)
        yield PropertyTask(page.source, name, thorough)


@dataclass(frozen=True)
class NotEmitted:
    """A kernel that there is not, and why: the loss is more than loops over the classes."""

    name: str
    why: str


def kernels_for(loss: Loss) -> Iterator[tuple[Target | None, Kernel | NotEmitted]]:
    """The kernels that are checked: emitted at the sizes of EMITTED, and written by hand."""
    for target in EMITTED:
        yield target, _emitted(loss, target)
    for kernel in by_hand(loss.key):
        yield None, kernel


def _emitted(loss: Loss, of: Target) -> Kernel | NotEmitted:
    target, classes, features = of
    size = "any size" if classes is None else f"C = {classes}, m = {features}"
    try:
        return emit(loss, target, classes=classes, features=features)
    except NotLowerable as error:
        return NotEmitted(f"{target}, any size", str(error))
    except NoCompiler as error:
        function = partial(_not_compiled, str(error))
        name = f"{target}, {size}"
        return Kernel(name, target, "C", "", function, loss.key, classes, features)


def _not_compiled(why: str, *_: Any) -> Any:
    """The function of a kernel that there cannot be here."""
    raise NoCompiler(why)


def _by_induction(page: Page) -> Proof | None:
    """Whether the derived μ is what the page says of its rows, for every C, base and step; None
    where the page does not say it as N14 does.
    """
    started = time.perf_counter()
    claimed = claimed_coefficients(page)
    if claimed is None:
        return None
    try:
        statement = coefficients_are(other=claimed.other, label=claimed.label)
    except NotASum as error:
        proof = Proof("undecided", INDUCTION, reason=str(error))
    else:
        finding = statement.prove(page.loss)
        proof = replace(finding.proof, assumptions=(finding.assumptions,))
    return replace(proof, seconds=time.perf_counter() - started)
