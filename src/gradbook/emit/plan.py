"""The lowered loss as a straight line of named steps: what every any-size target prints.

A step defines a value, or reduces one over the classes. A value belongs to one class of one example
(it depends on s_a), or to one example. Arguments of kinks get names, as on the page, and so does
what is used more than once::

    >>> from derivation.multiclass_svm import svm
    >>> from gradbook.emit.lowering import lower
    >>> print(plan(lower(svm)))
    u     = s_a - s_y + 1
    r0    = Σ_{a≠y} max(0, u)
    on    = 1{u > 0}
    r1    = Σ_{a≠y} on
    ℓ     = r0
    μ_a   = on for a ≠ y
    μ_y   = -r1
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sympy import Basic, Expr, Symbol, cse, exp, numbered_symbols

from gradbook.emit.lowering import Lowered, Reduction, s_a
from gradbook.notation import C, hinge, step

#: How many times an example counts.
weight = Symbol("weight", real=True)


@dataclass(frozen=True)
class Definition:
    """name = value, in s_a, s_y, C and the names of earlier steps."""

    name: Symbol
    value: Expr


Step = Definition | Reduction


def value_of(step: Step) -> Expr:
    """The formula of a step."""
    return step.value if isinstance(step, Definition) else step.summand


@dataclass(frozen=True)
class Plan:
    """The steps, in an order in which they can be computed, and what follows from them.

    loss, other, label: ℓ, μ_a for a ≠ y, and μ_y, as in `Lowered`.
    """

    lowered: Lowered
    steps: tuple[Step, ...]
    loss: Expr
    other: Expr
    label: Expr

    @cached_property
    def numbers(self) -> frozenset[Symbol]:
        """C, the parameters, and the names of what is made of them: the same for all examples."""
        found = {C, *(letter for letter, _ in self.lowered.source.parameters)}
        for step_ in self.steps:
            if isinstance(step_, Definition) and step_.value.free_symbols <= found:
                found.add(step_.name)
        return frozenset(found)

    @cached_property
    def of_class(self) -> frozenset[Symbol]:
        """The names that have a value for each class, and s_a."""
        found = {s_a}
        for step_ in self.steps:
            if isinstance(step_, Definition) and step_.value.free_symbols & found:
                found.add(step_.name)
        return frozenset(found)

    def is_of_class(self, expr: Expr) -> bool:
        """Whether the expression has a value for each class, rather than one for the example."""
        return bool(expr.free_symbols & self.of_class)

    def depends(self, expr: Expr, names: set[Symbol]) -> bool:
        """Whether a definition with one of these names is needed for the expression."""
        values = {s.name: s.value for s in self.steps if isinstance(s, Definition)}
        letters = set(expr.free_symbols)
        while (
            more := {m for name in letters & values.keys() for m in values[name].free_symbols}
            - letters
        ):
            letters |= more
        return bool(letters & names)

    def __str__(self) -> str:
        lines = [
            (step_.name, str(step_ if isinstance(step_, Reduction) else step_.value))
            for step_ in self.steps
        ]
        lines += [("ℓ", str(self.loss)), ("μ_a", f"{self.other} for a ≠ y"), ("μ_y", self.label)]
        return "\n".join(f"{name!s:5} = {value}" for name, value in lines)


def letters_of(plan: Plan) -> set[Symbol]:
    """Every letter that some formula of the plan contains."""
    formulas = [*map(value_of, plan.steps), plan.loss, plan.other, plan.label]
    return {letter for formula in formulas for letter in formula.free_symbols}


def plan(lowered: Lowered) -> Plan:
    """The steps of a lowered loss; those of a weighted one have the example's weight in them."""
    reductions = lowered.reductions
    formulas = [*(reduction.summand for reduction in reductions)]
    weighted = weight if lowered.source.weighted else 1
    formulas += [weighted * part for part in (lowered.loss, lowered.other, lowered.label)]
    definitions, formulas = _shared(*_margins(formulas))
    of_class = _of_class(definitions)
    names = _names(definitions, of_class)
    definitions = {names[name]: value.xreplace(names) for name, value in definitions.items()}
    *summands, loss, other, label = (formula.xreplace(names) for formula in formulas)
    reductions = tuple(
        replace(reduction, summand=summand)
        for reduction, summand in zip(reductions, summands, strict=True)
    )
    steps = tuple(_ordered(definitions, reductions, (loss, other, label)))
    return Plan(lowered, steps, loss, other, label)


Definitions = dict[Symbol, Expr]


def _margins(formulas: list[Expr]) -> tuple[Definitions, list[Expr]]:
    """A name for the argument of each kink, inner ones first, and the formulas with these names."""
    found: Definitions = {}
    known: dict[Expr, Symbol] = {}
    symbols = numbered_symbols("margin_", real=True)
    while arguments := _innermost(formulas, known):
        for u in arguments:
            name = next(symbols)
            found[name], known[name] = u, name
            named = {
                kink: kink.func(name, *kink.args[1:])
                for formula in formulas
                for kink in formula.atoms(hinge, step)
                if kink.args[0] == u
            }
            formulas = [formula.xreplace(named) for formula in formulas]
    return found, formulas


def _innermost(formulas: Iterable[Expr], known: Mapping[Expr, Symbol]) -> list[Expr]:
    """The arguments of kinks that have no kink in them and no name, in the formulas' order."""
    arguments = (
        kink.args[0]
        for formula in formulas
        for kink in sorted(formula.atoms(hinge, step), key=str)
        if not kink.args[0].has(hinge, step)
    )
    return [u for u in dict.fromkeys(arguments) if u not in known and not u.is_Symbol]


def _shared(margins: Definitions, formulas: list[Expr]) -> tuple[Definitions, list[Expr]]:
    """The margins, and a name for what is used more than once."""
    symbols = numbered_symbols("shared_", real=True)
    shared, values = cse([*margins.values(), *formulas], symbols=symbols, order="none", list=True)
    definitions: Definitions = {}
    plain: dict[Basic, Expr] = {}
    for name, value in shared:
        value = value.xreplace(plain)
        if value.free_symbols and not (-value).is_Symbol:
            definitions[name] = value
        else:  # a number, or −t: shorter than a name for it
            plain[name] = value
    values = [value.xreplace(plain) for value in values]
    definitions |= dict(zip(margins, values, strict=False))
    return definitions, values[len(margins) :]


def _of_class(definitions: Definitions) -> set[Symbol]:
    """The names of what depends on s_a, directly or through another."""
    found = {s_a}
    while more := {n for n, value in definitions.items() if value.free_symbols & found} - found:
        found |= more
    return found


def _names(definitions: Definitions, of_class: set[Symbol]) -> dict[Basic, Symbol]:
    """Short names: u margins, on 1{u > 0}, h max(0, u), e exponentials, t whatever else."""
    heads = {
        name: _head(name, value) if name in of_class else f"{_head(name, value)}_y"
        for name, value in definitions.items()
    }
    kinds = list(heads.values())
    names: dict[Basic, Symbol] = {}
    for name, head in heads.items():
        number = sum(heads[other] == head for other in names)
        many = kinds.count(head) > 1
        names[name] = Symbol(f"{head}{number}" if many else head, real=True)
    return names


def _head(name: Symbol, value: Expr) -> str:
    if name.name.startswith("margin"):
        return "u"
    return {step: "on", hinge: "h", exp: "e"}.get(value.func, "t")


def _ordered(
    definitions: Definitions, reductions: tuple[Reduction, ...], results: tuple[Expr, ...]
) -> Iterator[Step]:
    """Each reduction, and before it the definitions that it needs and that are not yet there."""
    waiting = dict(definitions)

    def needed(expr: Expr) -> Iterator[Definition]:
        for name in sorted(expr.free_symbols & waiting.keys(), key=str):
            if name in waiting:
                value = waiting.pop(name)
                yield from needed(value)
                yield Definition(name, value)

    for reduction in reductions:
        yield from needed(reduction.summand)
        yield reduction
    for result in results:
        yield from needed(result)
