"""The plan of a loss as statements over whole arrays: for all classes and examples at a time.

One class is one row: W X̃ᵀ reads X̃ as it lies in memory, and is up to 1.7 times as fast
as X̃ Wᵀ where X̃ does not fit in the cache. Arrays may be changed in place (`in_place`), or not
(`pure`): then a mask says which entries are the labels' own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sympy import Add, Expr, Integer, Mul, Symbol

from gradbook.emit.arrays import Dialect, M
from gradbook.emit.lowering import Reduction, s_a, s_y
from gradbook.emit.plan import Definition, Plan, Step, letters_of, value_of
from gradbook.notation import hinge

SCORES = "# The scores of every example, one class a row."


def scores(plan: Plan) -> Iterator[str]:
    """S (C, n), and its entries for the labels (n,), where they are needed."""
    letters = letters_of(plan)
    if letters & {s_a, s_y}:
        yield SCORES
        yield "S = W @ X.T"
    if s_y in letters:
        yield "s_y = S[y, i]"


def pure(plan: Plan, dialect: Dialect) -> Iterator[str]:
    """Statements that define each name once, up to L and M; `own` (C, n) is True at the labels."""
    yield "own = y == " + dialect.call("arange", "len(W)") + "[:, None]"
    yield from scores(plan)
    for step in plan.steps:
        if isinstance(step, Definition):
            yield f"{step.name} = {dialect.doprint(step.value)}"
            continue
        array = dialect.bracketed(step.summand)
        if step.over == "other":
            summand = dialect.doprint(step.summand)
            array = dialect.call("where", "own", neutral(step, dialect), summand)
        yield f"{step.name} = {dialect.over_classes(step.op, array)}"
    yield mean_of(plan, dialect)
    label, other = dialect.doprint(plan.label), dialect.doprint(plan.other)
    yield "M = " + dialect.call("where", "own", label, other)


def mean_of(plan: Plan, dialect: Dialect) -> str:
    """L, the mean of ℓ over the examples."""
    value = dialect.doprint(plan.loss)
    is_constant = not plan.loss.free_symbols - plan.numbers
    return f"L = {dialect.constant(value) if is_constant else dialect.mean(value)}"


def neutral(reduction: Reduction, dialect: Dialect) -> str:
    """What a sum or a maximum does not notice."""
    return "0" if reduction.op == "sum" else f"-{dialect.library}.inf"


def in_place(plan: Plan, dialect: Dialect) -> Iterator[str]:
    """Statements up to L and M that write a result over what nobody needs any more."""
    return _InPlace(plan, dialect).statements()


class _InPlace:
    """What is still to be computed, and how it is written."""

    def __init__(self, plan: Plan, dialect: Dialect) -> None:
        self.plan, self.dialect = plan, dialect
        self.waiting: list[Step] = [*plan.steps]
        #: For each name of an array, the name that first stood for its memory.
        self.memory: dict[Symbol, Symbol] = {s_a: s_a}
        self.margin = margin_to_mask(plan)
        self.summed = loss_alone(plan)
        if plan.other not in plan.of_class - {s_a}:
            self.waiting.append(Definition(M, plan.other))

    def statements(self) -> Iterator[str]:
        yield from scores(self.plan)
        while self.waiting:
            step = self.next()
            if isinstance(step, Definition):
                yield from self.define(step)
            else:
                yield from self.reduce(step)
        if self.summed is None:
            yield mean_of(self.plan, self.dialect)
        yield "# The label's own coefficient."
        yield f"M[y, i] = {self.written(self.plan.label)}"

    def next(self) -> Step:
        """The first step that can be computed and spoils nothing that another still needs."""
        names = {step.name for step in self.waiting}
        ready = [step for step in self.waiting if not value_of(step).free_symbols & names]
        harmless = [step for step in ready if not self.spoils(step)]
        step = (harmless or ready)[0]
        self.waiting.remove(step)
        return step

    def spoils(self, step: Step) -> bool:
        operand = overwritable(value_of(step), self.plan)
        others = [other for other in self.waiting if other is not step]
        return operand is not None and self.is_needed(operand, others)

    def spent(self, value: Expr) -> Symbol | None:
        """The array that the value may be written over: nobody needs what lies there any more."""
        operand = overwritable(value, self.plan)
        return None if operand is None or self.is_needed(operand, self.waiting) else operand

    def is_needed(self, array: Symbol, steps: list[Step]) -> bool:
        """Whether what lies in the array's memory is needed, by whichever name."""
        names = {name for name, first in self.memory.items() if first == self.memory[array]}
        return self.plan.other in names or any(names & value_of(s).free_symbols for s in steps)

    def define(self, definition: Definition) -> Iterator[str]:
        value, name = definition.value, self.written(definition.name)
        if definition.name == M and not self.plan.is_of_class(value):
            zeros = self.dialect.zeros()
            yield f"M = {zeros} + {self.written(value)}" if value else f"M = {zeros}"
            return
        masked, memory = definition.name == self.margin, self.spent(value)
        code = self.overwriting(value)
        if value.is_Symbol and masked and self.is_needed(value, self.waiting):
            code = self.dialect.copied(code)
        elif value.is_Symbol:
            memory = value
        self.memory[definition.name] = self.memory.get(memory, definition.name)
        yield f"{name} = {code}"
        if masked:
            yield "# The label is none of the other classes: it must not count."
            yield f"{name}[y, i] = -1"

    def reduce(self, reduction: Reduction) -> Iterator[str]:
        """r (n,); or at once L, the mean over the examples, where that is all that r is for."""
        masked = self.margin is not None and reduction.op == "sum"
        if reduction.over == "all" or masked:
            array = self.overwriting(reduction.summand, self.dialect.bracketed)
        else:
            array = self.overwriting(reduction.summand)
            yield f"T = {self.dialect.copied(array) if reduction.summand.is_Symbol else array}"
            yield f"T[y, i] = {neutral(reduction, self.dialect)}"
            array = "T"
        if reduction.name == self.summed:
            yield f"L = {self.dialect.total(array)}/n"
        else:
            yield f"{reduction.name} = {self.dialect.over_classes(reduction.op, array)}"

    def overwriting(self, value: Expr, otherwise: Callable[[Expr], str] | None = None) -> str:
        """The value, written over an operand that nobody needs any more, if there is one."""
        operand = self.spent(value)
        if operand is None:
            return (otherwise or self.dialect.doprint)(self.renamed(value))
        array = self.written(operand)
        if isinstance(value, hinge):
            return self.dialect.maximum(array, "0", out=array)
        rest = value.func(*(part for part in value.args if part != operand))
        function = "add" if isinstance(value, Add) else "multiply"
        if isinstance(value, Add) and rest.could_extract_minus_sign() and not rest.is_Add:
            function, rest = "subtract", -rest
        return self.dialect.call(function, array, self.written(rest), out=array)

    def written(self, value: Expr) -> str:
        return self.dialect.doprint(self.renamed(value))

    def renamed(self, value: Expr) -> Expr:
        """With M for the name of what M is, if it has one."""
        if self.plan.other in self.plan.of_class - {s_a}:
            return value.xreplace({self.plan.other: M})
        return value


def loss_alone(plan: Plan) -> Symbol | None:
    """r, if ℓ is r = Σ_a …, and nothing else is in terms of r."""
    formulas = [*map(value_of, plan.steps), plan.other, plan.label]
    used = {letter for formula in formulas for letter in formula.free_symbols}
    sums = [step.name for step in plan.steps if isinstance(step, Reduction) and step.op == "sum"]
    return plan.loss if plan.loss in sums and plan.loss not in used else None


def overwritable(value: Expr, plan: Plan) -> Symbol | None:
    """t, if the value is max(0, t), t + c or t c for an array t and c of each example."""
    if not isinstance(value, hinge | Add | Mul):
        return None
    arrays = [part for part in value.args if plan.is_of_class(part)]
    return arrays[0] if len(arrays) == 1 and arrays[0].is_Symbol else None


def margin_to_mask(plan: Plan) -> Symbol | None:
    """The array u that makes Σ_{a≠y} a sum over all classes, once u = −1 at the label.

    max(0, u) and 1{u > 0} are 0 there: one entry replaced serves all of them.
    """
    reductions = [step for step in plan.steps if isinstance(step, Reduction)]
    others = [reduction for reduction in reductions if reduction.over == "other"]
    sums = [reduction for reduction in others if reduction.op == "sum"]
    for definition in plan.steps:
        if not isinstance(definition, Definition) or s_a not in definition.value.free_symbols:
            continue
        masked = {definition.name: Integer(-1)}
        vanish = [in_terms_of(r.summand, definition, plan).xreplace(masked) == 0 for r in sums]
        elsewhere = [r for r in reductions if r not in sums]
        masks_more = any(plan.depends(r.summand, {definition.name}) for r in elsewhere)
        if sums and all(vanish) and not masks_more:
            return definition.name
    return None


def in_terms_of(expr: Expr, kept: Definition, plan: Plan) -> Expr:
    """The expression with every definition but one written out."""
    for step in reversed(plan.steps):
        if isinstance(step, Definition) and step is not kept:
            expr = expr.xreplace({step.name: step.value})
    return expr
