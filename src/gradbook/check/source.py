"""Does the text of a kernel, in C or for NumPy, compute what the page says, for all real inputs?

The text is run on letters (`prove.source`): in C every access is within bounds and of what was
written, and memory that is not there is told; and what is computed is the loss and its derived
gradient as formulas, whichever way the comparisons fall. Real numbers are meant: rounding is not
looked at, nor what a compiler or NumPy makes of the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial
from itertools import count, product
from random import Random
from time import perf_counter
from typing import Any

import numpy as np
from sympy import Expr, Symbol, diff

from gradbook.check.verdict import SOURCE, Check, Found
from gradbook.emit.pages import PageKernel, Printed
from gradbook.emit.pages.compared import Unfolded
from gradbook.emit.pages.names import sizes_of
from gradbook.emit.pages.run import Library
from gradbook.judge.judgement import Finding
from gradbook.kernels import Kernel
from gradbook.linear import Exhausted
from gradbook.loss import Loss, scores
from gradbook.notation import step
from gradbook.prove.field import NotInField
from gradbook.prove.source import (
    Fault,
    Machine,
    NotRead,
    Program,
    Signs,
    TooMany,
    Zero,
    called,
    every_way,
    parsed,
    places,
    vanishes,
)
from gradbook.prove.values import NoValue, Values, apart, decimal, written

#: C, D and n at which a text for any size is run, no two alike, so that one which stands in the
#: place of another shows: more classes than two, several examples, and more features than the eight
#: sums that a product of vectors is made of.
SIZES = ((2, 3, 1), (3, 4, 2), (2, 9, 1))
#: The same of a text for NumPy, which goes a way of its own for each sign of each margin.
SIZES_OF_ARRAYS = ((2, 3, 1), (3, 2, 1), (2, 1, 3))
#: n of a text for one size: part of a group of examples, and a whole one with a rest.
EXAMPLES = (1, 9)
#: So many entries may W have: the formulas grow with them.
LARGEST = 40
_POINTS, _NUMBERS = 400, (-2, -1, 0, 1, 2)
_APART = 1e-30


@dataclass(frozen=True)
class Call:
    """One call of a kernel's function, on letters.

    at: the sizes and labels, in words. sizes: those that a text in C is told first. given: what it
    is about, numbers, formulas or arrays. expected: the entries of each result; None for what is
    not claimed.
    """

    at: str
    sizes: tuple[int, ...]
    given: tuple[Any, ...]
    expected: tuple[tuple[str, tuple[Expr | None, ...]], ...]


class Wrong(Exception):
    """A text that computes something else; the message says what, and at which numbers."""


def source_of_loss(
    kernel: Kernel, loss: Loss, any_size: Sequence[tuple[int, int, int]] = ()
) -> Found | None:
    """The check of a kernel for a loss of scores; None for one that is not run on letters."""
    if kernel.origin not in ("c", "codegen", "numpy") or not kernel.source:
        return None
    any_size = any_size or (SIZES_OF_ARRAYS if kernel.origin == "numpy" else SIZES)
    if kernel.classes is None:
        sizes = [(*each, list(product(range(each[0]), repeat=each[2]))) for each in any_size]
        spans = (sorted({*each}) for each in zip(*any_size, strict=True))
        shown = ("–".join(map(str, sorted({each[0], each[-1]}))) for each in spans)
        said = ", ".join(f"{name} {span}" for name, span in zip("CDn", shown, strict=True))
        said = f"{said}, all y"
    else:
        C, D = kernel.classes, (kernel.features or 0) + 1
        if C * D > LARGEST:
            return None
        turns = [tuple((i + turn) % C for i in range(max(EXAMPLES))) for turn in range(C)]
        sizes = [(C, D, n, sorted({turn[:n] for turn in turns})) for n in EXAMPLES]
        said = f"n = {' and '.join(map(str, EXAMPLES))}, each y of each example"
    calls = (
        _call_of_loss(loss, C, D, n, y, kernel.classes is None)
        for C, D, n, labels in sizes
        for y in labels
    )
    return _checked(_text(kernel, "loss_and_gradient"), calls, said)


def source_of_page(printed: Printed, thorough: bool = True) -> Found | None:
    """The check of a kernel of a page; None for one that is neither in C nor for NumPy at any size.

    thorough: at more sizes than one, and for a text for one size too.
    """
    kernel = printed.kernel
    if kernel.target not in ("c", "codegen", "numpy") or (kernel.sizes and not thorough):
        return None
    of_page = sizes_of(printed.derived.page)
    least = {name: each.least for name, each in of_page.items()}
    tried = [dict(kernel.sizes)] if kernel.sizes else _unlike(least)[: None if thorough else 1]
    said = " or ".join(", ".join(f"{n} = {k}" for n, k in each.items()) for each in tried)
    calls = (
        _call_of_page(sizes, kernel.told, page)
        for sizes in tried
        for page in _labellings(printed, {each.head: sizes[n] for n, each in of_page.items()})
    )
    labels = ["all labels"] if any(each.labels is not None for each in kernel.arguments) else []
    return _checked(_text(kernel, "objective"), calls, ", ".join(filter(None, [said, *labels])))


def _unlike(least: Mapping[str, int]) -> list[dict[str, int]]:
    """Small sizes, no two alike, so that one which stands in the place of another shows; of three
    and more, a 1 among them, and those after the first in another order.
    """
    found: list[dict[str, int]] = []
    smallest = 2 if len(least) <= 2 else 1
    for start, names in ((smallest, [*reversed([*least])]), (smallest, [*least]), (2, [*least])):
        sizes: dict[str, int] = {}
        for name in names:
            free = (k for k in count(max(start, least[name])) if k not in sizes.values())
            sizes[name] = next(free)
        found += [] if sizes in found else [{name: sizes[name] for name in least}]
    return found[:2]


def _call_of_loss(loss: Loss, C: int, D: int, n: int, y: Sequence[int], any_size: bool) -> Call:
    W, X = (
        np.array(
            [Symbol(f"{name}_{k}_{b}", real=True) for k in range(rows) for b in range(D)]
        ).reshape(rows, D)
        for name, rows in (("W", C), ("X", n))
    )
    total: Any = 0
    gradient = np.zeros((C, D), object)
    weights = [Symbol(f"w_{i}", real=True) for i in range(n)] if loss.weighted else [1] * n
    for x, label, weight in zip(X, y, weights, strict=True):
        at = dict(zip(scores(C), W @ x, strict=True))
        total += weight * loss.at(C, label).xreplace(at)
        for a, mu in enumerate(loss.coefficients(C, label)):
            gradient[a] += weight * mu.xreplace(at) * x
    total, gradient = total / n, gradient / n
    if loss.penalty is not None:
        counted = W.copy()
        counted[:, : 0 if loss.penalty.bias else 1] = 0
        factor = loss.penalty.factor * loss.penalty.strength
        total, gradient = total + factor * (counted**2).sum(), gradient + 2 * factor * counted
    more: list[Any] = [np.array(weights)] if loss.weighted else []
    more += [letter for letter, _ in loss.parameters]
    return Call(
        f"C = {C}, D = {D}, n = {n}, y = {', '.join(map(str, y))}",
        (n, C, D) if any_size else (n,),
        (W, X, np.array(y), *more),
        (("L", (total,)), ("dL", tuple(gradient.flat))),
    )


class _InTurn(Random):
    """Chooses what it is told to; `counts` is of how many each was chosen."""

    def __init__(self, turn: Sequence[int]) -> None:
        super().__init__(0)
        self.turn: Sequence[int] = turn
        self.counts: list[int] = []

    def choice(self, choices: Any) -> Any:
        place = len(self.counts)
        self.counts.append(len(choices))
        return choices[self.turn[place] if place < len(self.turn) else 0]


def _labellings(printed: Printed, sizes: Mapping[str, int]) -> Iterator[Unfolded]:
    """The page at these sizes, with all labels that there may be, one after the other."""
    first = _InTurn(())
    yield Unfolded.at(printed.derived, sizes, first)
    for turn in list(product(*map(range, first.counts)))[1:]:
        yield Unfolded.at(printed.derived, sizes, _InTurn(turn))


def _call_of_page(sizes: Mapping[str, int], told: Sequence[str], page: Unfolded) -> Call:
    entries = (
        np.asarray(page.labels[name] if name in page.labels else page.symbols[name])
        for name in page.names
    )
    given = tuple(each if each.ndim else each.item() for each in entries)
    slopes = [
        (f"d{name}", tuple(diff(page.of[0], v) for v in page.symbols[name].flat))
        for name in page.by
    ]
    words = [f"{name} = {size}" for name, size in sizes.items()]
    words += [f"{name} = {np.ravel(value).tolist()}" for name, value in page.labels.items()]
    of_c = tuple(sizes[name] for name in told)
    return Call(", ".join(words), of_c, given, (("the objective", page.of), *slopes))


@dataclass
class _InC:
    """A text in C. reached: the places in it that some call has reached."""

    text: str
    function: str
    reached: set[str] = field(default_factory=set)

    @cached_property
    def program(self) -> Program:
        return parsed(self.text)

    def ways(self, call: Call) -> int:
        """How many ways it went, each of which is right. Raises Wrong and Fault."""
        self.reached |= _without_memory(self.program, self.function, call)
        found = list(every_way(partial(_run, self.program, self.function, call)))
        self.reached = self.reached.union(*(places for _, places in found))
        return len(found)

    def unreached(self) -> list[int]:
        """The lines that no call has reached."""
        left = places(self.program) - self.reached
        return sorted({int(where.partition(":")[0]) for where in left})


@dataclass(frozen=True)
class _ForNumPy:
    """A text for NumPy: one statement after the other, all of them reached."""

    text: str
    function: str

    def ways(self, call: Call) -> int:
        return sum(1 for _ in every_way(partial(self._run, call)))

    def _run(self, call: Call, signs: Signs) -> None:
        try:
            results = called(self.text, self.function, call.given, signs, Library)
        except Fault as fault:
            raise Wrong(f"it {fault}, with {call.at}") from None
        for (name, entries), found in zip(call.expected, results, strict=True):
            _require_same(name, entries, found, signs, call)

    def unreached(self) -> list[int]:
        return []


def _text(kernel: Kernel | PageKernel, function: str) -> _InC | _ForNumPy:
    return (_InC if kernel.language == "C" else _ForNumPy)(kernel.source, function)


def _checked(text: _InC | _ForNumPy, calls: Iterator[Call], said: str) -> Found:
    began, ways = perf_counter(), 0

    def check(passed: bool, detail: str, applies: bool = True) -> Check:
        seconds = perf_counter() - began
        return Check(SOURCE, passed, 0.0, 0.0, ways, detail, seconds, {"sizes": said}, applies)

    try:
        for call in calls:
            ways += text.ways(call)
        left = text.unreached()
    except (Wrong, Fault) as wrong:
        return check(False, str(wrong)), (Finding(f"its text is wrong: {wrong}"),)
    except (NotRead, NotInField, Exhausted, TooMany, NoValue) as error:
        return check(False, f"its text is not decided: {error}", applies=False), ()
    never = "".join(f"; its line {line} is reached at no such size" for line in left)
    sizes = f", at {said}" if said else ""
    return check(True, f"its text is proved for all real inputs{sizes}{never}"), ()


def _run(program: Program, function: str, call: Call, signs: Signs) -> set[str]:
    """One way through the function: what was reached. Raises Wrong and Fault."""
    machine = Machine(program, signs)
    results = [machine.block(name, [None] * len(entries)) for name, entries in call.expected]
    try:
        returned = machine.call(function, [*_given(machine, call), *results])
    except Fault as fault:
        raise Wrong(f"it {fault}, with {call.at}") from None
    if returned != 0:
        raise Wrong(f"it returns {returned}, with {call.at}")
    for (name, entries), result in zip(call.expected, results, strict=True):
        _require_same(name, entries, result.block.cells, signs, call)
    return machine.reached


def _require_same(
    name: str, right: Sequence[Expr | None], found: Sequence[Expr | None], signs: Signs, call: Call
) -> None:
    """Raises Wrong where a result is not what is expected."""
    if len(found) != len(right):
        raise Wrong(f"{name} has {len(found)} entries, not {len(right)}, with {call.at}")
    for place, (one, other) in enumerate(zip(right, found, strict=True)):
        if one is None:
            continue
        if other is None:
            raise Wrong(f"it does not write {name}[{place}], with {call.at}")
        if not vanishes(other - one, signs):
            _refute(f"{name}[{place}]", other, one, signs, call)


def _without_memory(program: Program, function: str, call: Call) -> set[str]:
    """The same where there is no memory: 1 is returned, and nothing is written."""
    machine = Machine(program, Signs(), memory=False)
    results = [machine.block(name, [None] * len(entries)) for name, entries in call.expected]
    try:
        returned = machine.call(function, [*_given(machine, call), *results])
    except Fault as fault:
        raise Wrong(f"without memory it {fault}, with {call.at}") from None
    written_to = any(cell is not None for result in results for cell in result.block.cells)
    if machine.refused and (returned != 1 or written_to):
        raise Wrong(f"without memory it returns {returned} or writes, with {call.at}")
    return machine.reached if machine.refused else set()


def _given(machine: Machine, call: Call) -> list[Any]:
    return [
        machine.block(f"argument {place}", each.ravel().tolist(), const=True)
        if isinstance(each, np.ndarray)
        else each
        for place, each in enumerate((*call.sizes, *call.given), 1)
    ]


def _refute(name: str, found: Expr, right: Expr, signs: Signs, call: Call) -> None:
    """Raises Wrong with numbers at which the two differ; TooMany where none that were tried do."""
    found = found.replace(Zero, lambda u: 1 - step(u) - step(-u))
    letters = sorted((found - right).free_symbols | signs.letters, key=str)
    rng = Random(0)
    for _ in range(_POINTS):
        numbers = {letter: _drawn(letter, rng) for letter in letters}
        values = Values(numbers)
        try:
            if not signs.hold(values):
                continue
            one, other = values.of(found), values.of(right)
        except (NoValue, ArithmeticError):
            continue
        if apart(one, decimal(other)) > _APART:
            at = ", ".join(f"{letter} = {n}" for letter, n in numbers.items() if n)
            said = " and not ".join(written(one, other))
            raise Wrong(f"{name} is {said}, with {call.at}; {at or 'zeros'}")
    raise TooMany(f"{name} may be another one than the page says, at no numbers that were tried")


def _drawn(letter: Symbol, rng: Random) -> Fraction:
    number = Fraction(rng.choice(_NUMBERS))
    if letter.is_positive:
        return abs(number) + 1
    return abs(number) if letter.is_nonnegative else number
