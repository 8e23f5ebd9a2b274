"""The loops over the classes of one example, for as many examples as a vector has lanes.

What target "c" prints for one example is printed here for the rows r of a block: every value of an
example has an index r, and the loop over r, innermost, has neither branches nor sums, so that it
becomes vector instructions. The label is not skipped but selected away, lane by lane.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sympy import Add, Expr, Symbol

from gradbook import notation
from gradbook.emit.arrays import positive_first
from gradbook.emit.c99 import C99Printer, wrapped
from gradbook.emit.class_loops import ClassLoops, Loop, class_loops, mu
from gradbook.emit.lowering import Reduction, s_a, s_y
from gradbook.emit.plan import Definition, Plan, letters_of, weight

#: A loop that were unrolled would not be turned into vectors.
ROWS = "VECTORS for (int r = 0; r < lanes; r++) {"
CLASSES = "for (int a = 0; a < classes; a++) {"

OPENING = """\
/* The losses of `lanes` rows, and their derivatives by each score: μ_a replaces s_a, with 0 for the
   label's, which is b->own. */
static void coefficients(int64_t first, block *b, real *loss)
{
    real (*s)[most_rows] = (real (*)[most_rows])&b->s[0][first];
    const integer *label = b->label + first;
"""


def coefficients(steps: Plan) -> tuple[str, tuple[str, ...]]:
    """The C function between the scores and the gradient, and the arrays [classes][most_rows]
    that it needs in the block.

    Raises PrintMethodNotImplementedError for a function that C99 does not have.
    """
    loops = class_loops(steps)
    # Where μ is known before the last loop, later ones may still need the scores.
    defined_last = any(step.name == mu for step in loops.loops[-1].steps)
    kept = [str(name) for name in loops.kept if name != mu]
    if not defined_last:
        kept.append(str(mu))
    lines = "".join(_LaneStatements(steps, loops, defined_last).lines())
    return f"{OPENING}{lines}}}\n", tuple(kept)


class _LanePrinter(C99Printer):
    """A value of a class is scalar in the innermost loop; one of an example has an index."""

    def __init__(
        self, kept: Iterable[Symbol], of_class: Iterable[Symbol], parameters: Iterable[Symbol]
    ) -> None:
        super().__init__({"allow_unknown_functions": False})
        self.kept = frozenset(kept)
        self.parameters = frozenset(parameters)
        self.of_class = frozenset(of_class)

    def _print_Symbol(self, expr: Symbol) -> str:
        if expr == s_a:
            return "s[a][r]"
        if expr == notation.C:
            return "(real)classes"
        if expr == weight:
            return "b->weight[first + r]"
        if expr in self.parameters:
            return f"(real)b->given.{expr.name}"
        if expr in self.kept:
            return f"b->{expr.name}[a][first + r]"
        return expr.name if expr in self.of_class else f"{expr.name}[r]"

    def _print_Add(self, expr: Add, order: Any = None) -> str:
        return str(super()._print_Add(positive_first(expr), order="none"))


class _LaneStatements:
    def __init__(self, plan: Plan, loops: ClassLoops, in_place: bool) -> None:
        self.plan, self.loops = plan, loops
        self.in_place = in_place
        kept = set(loops.kept) | (set() if in_place else {mu})
        parameters = (letter for letter, _ in plan.lowered.source.parameters)
        self.printer = _LanePrinter(kept, {*plan.of_class, mu}, parameters)

    def lines(self) -> Iterator[str]:
        yield from self.label_score()
        for loop in self.loops.loops:
            yield from self.loop(loop)
        yield from self.constants(self.loops.after)
        yield wrapped(ROWS, 1)
        yield wrapped(f"loss[first + r] = {self.code(self.plan.loss)};", 2)
        yield wrapped(f"b->own[first + r] = {self.code(self.plan.label)};", 2)
        yield wrapped("}", 1)
        if not self.in_place:
            yield wrapped(CLASSES, 1) + wrapped(ROWS, 2)
            yield wrapped("s[a][r] = label[r] == a ? 0 : b->mu[a][first + r];", 3)
            yield wrapped("}", 2) + wrapped("}", 1)

    def label_score(self) -> Iterator[str]:
        if s_y not in letters_of(self.plan):
            return
        yield wrapped("real s_y[lanes];", 1) + wrapped(ROWS, 1)
        yield wrapped("s_y[r] = 0;", 2) + wrapped("}", 1)
        yield wrapped(CLASSES, 1) + wrapped(ROWS, 2)
        yield wrapped("s_y[r] = label[r] == a ? s[a][r] : s_y[r];", 3)
        yield wrapped("}", 2) + wrapped("}", 1)

    def loop(self, loop: Loop) -> Iterator[str]:
        yield from self.constants(loop.before)
        starts = {"sum": "0", "max": "-INFINITY"}
        if loop.reductions:
            names = ", ".join(f"{reduction.name}[lanes]" for reduction in loop.reductions)
            yield wrapped(f"real {names};", 1) + wrapped(ROWS, 1)
            for reduction in loop.reductions:
                yield wrapped(f"{reduction.name}[r] = {starts[reduction.op]};", 2)
            yield wrapped("}", 1)
        yield wrapped(CLASSES, 1) + wrapped(ROWS, 2)
        for step in loop.steps:
            yield from self.step(step)
        yield wrapped("}", 2) + wrapped("}", 1)

    def step(self, step: Definition | Reduction) -> Iterator[str]:
        if isinstance(step, Reduction):
            yield from self.reduction(step)
        elif step.name == mu and self.in_place:
            yield wrapped(f"s[a][r] = label[r] == a ? 0 : {self.code(step.value)};", 3)
        elif step.name in self.printer.kept:
            yield wrapped(f"{self.code(step.name)} = {self.code(step.value)};", 3)
        else:
            yield wrapped(f"const real {step.name} = {self.code(step.value)};", 3)

    def reduction(self, reduction: Reduction) -> Iterator[str]:
        name, value = f"{reduction.name}[r]", self.code(reduction.summand)
        neutral = "0" if reduction.op == "sum" else "-INFINITY"
        if reduction.over == "other":
            value = f"label[r] == a ? {neutral} : {value}"
        if reduction.op == "sum":
            yield wrapped(f"{name} += {value};", 3)
        else:
            value = f"({value})" if reduction.over == "other" else value
            yield wrapped(f"{name} = {name} > {value} ? {name} : {value};", 3)

    def constants(self, definitions: Iterable[Definition]) -> Iterator[str]:
        for definition in definitions:
            yield wrapped(f"real {definition.name}[lanes];", 1) + wrapped(ROWS, 1)
            yield wrapped(f"{definition.name}[r] = {self.code(definition.value)};", 2)
            yield wrapped("}", 1)

    def code(self, expr: Expr) -> str:
        return str(self.printer.doprint(expr))
