"""Do the two routes arrive at the same gradient, and is it the page's?

Four answers, none of which rests on another: the entries of the two gradients have one form, for
any C, m and n; every step of either route is true, by its form where no ∂ is left in it and by
exact values where one is; both gradients equal the loss differentiated at each small size, at kinks
and off them; and the page's own lines for one example and for the mean are proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from sympy import Expr, Indexed, Integer, Sum, Symbol

from gradbook.any_size.binding import free_indices, over_parts, substitute
from gradbook.any_size.compute import computed, value
from gradbook.any_size.decide import is_zero
from gradbook.any_size.derive import AnySizeDerivation
from gradbook.any_size.indexed import ENTRY
from gradbook.any_size.instances import THIRDS, TIES, Instance, Sizes, instances, with_indices
from gradbook.any_size.letters import CLASSES, EXAMPLES, C, M, W, X, a, b, i, j, label, m, n
from gradbook.any_size.lines import METHOD
from gradbook.any_size.matrix import Pair
from gradbook.any_size.numbers import precise, same
from gradbook.any_size.of_page import prove_for_any_size
from gradbook.arguments import instance
from gradbook.loss import Loss
from gradbook.notation import partial
from gradbook.page import Page
from gradbook.proof import Proof

#: The small sizes at which the gradients are computed: C, m, n, and the data for each.
SIZES = Sizes(3, (TIES, TIES, TIES, TIES, THIRDS))
#: Those at which the steps are.
STEP_SIZES = Sizes(1, (TIES, THIRDS), beyond=1)


@dataclass(frozen=True)
class Agreement:
    """What was compared, and the first disagreement.

    routes:      whether the two routes were shown equal for any size; None where there is only one.
    steps:       how many steps were checked.
    instances:   at how many choices of sizes, data and labels the gradients were computed.
    on_kinks:    how many of these lie on a kink.
    page:        the proofs of the page's lines for the gradient, of one example and of the mean.
    difference:  the first disagreement, in words; "" for none.
    """

    routes: bool | None
    steps: int = 0
    instances: int = 0
    on_kinks: int = 0
    page: tuple[tuple[str, Proof], ...] = field(default=(), repr=False)
    difference: str = ""

    @property
    def holds(self) -> bool:
        return not self.difference

    def __str__(self) -> str:
        if self.difference:
            return self.difference
        ways = "one way" if self.routes is None else "two ways, which agree for any C, m and n"
        kinks = f"{self.on_kinks:,} of them on a kink"
        lines = "".join(f" · {id} proved" for id, _ in self.page)
        return f"{ways} · {self.steps} steps · {self.instances:,} instances, {kinks}{lines}"


def in_numbers(expr: Expr, loss: Loss) -> Expr:
    """`expr` with the parameters of the loss as the numbers that they are unless told otherwise."""
    return expr.xreplace(dict(loss.parameters))


def agree(
    derivation: AnySizeDerivation, page: Page | None = None, sizes: Sizes = SIZES
) -> Agreement:
    """Compares the two routes with each other, with exact values, and with the page.

    page: the lines whose ids `loss.cites` gives for the "gradient" and the "mean" are proved.
    """
    instance("derivation", derivation, AnySizeDerivation, "what derive returns")
    instance("page", page, (Page, type(None)), "a Page or None")
    instance("sizes", sizes, Sizes, "Sizes")
    routes = _routes_agree(derivation)
    if routes is False:
        return Agreement(routes, difference="the two routes end in different forms")
    steps, difference = _check_steps(derivation)
    if difference:
        return Agreement(routes, steps, difference=difference)
    tried, on_kinks, difference = _compute(derivation, sizes)
    proofs = tuple(_page_proofs(derivation, page))
    wrong = (f"{id}  {proof}" for id, proof in proofs if not proof.holds)
    difference = difference or next(wrong, "")
    return Agreement(routes, steps, tried, on_kinks, proofs, difference)


def _routes_agree(derivation: AnySizeDerivation) -> bool | None:
    if derivation.matrix is None:
        return None
    return is_zero(derivation.matrix.entry - derivation.indexed.gradient)


def _page_proofs(derivation: AnySizeDerivation, page: Page | None) -> Iterator[tuple[str, Proof]]:
    cites = derivation.loss.cites
    for what in ("gradient", "mean"):
        if page is not None and what in cites:
            found = prove_for_any_size(page[cites[what]])
            yield cites[what], found or Proof("undecided", METHOD, reason="it is not in entries")


# Every step.


def _check_steps(derivation: AnySizeDerivation) -> tuple[int, str]:
    """How many steps hold, and the first that does not."""
    steps = [
        (rule, *(in_numbers(expr, derivation.loss) for expr in sides))
        for rule, *sides in _steps(derivation)
    ]
    computed_ = _Computed([expr for _, *sides in steps for expr in sides])
    checked = 0
    for rule, before, after in steps:
        if before.has(partial) or after.has(partial):
            holds = computed_.same(before, after)
        else:
            holds = is_zero(before - after)
        if not holds:
            return checked, f"the step “{rule}” changes the value: from {before} to {after}"
        checked += 1
    return checked, ""


def _steps(derivation: AnySizeDerivation) -> Iterator[tuple[str, Expr, Expr]]:
    indexed = derivation.indexed
    for chain in indexed.chains:
        for step in chain:
            yield step.rule, _without_M(step.before, indexed.M), _without_M(step.after, indexed.M)
    if derivation.matrix is not None:
        for matrix_step in derivation.matrix.steps:
            yield matrix_step.rule, _slope(matrix_step.before), _slope(matrix_step.after)


class _Computed:
    """The values of formulas at small instances, each computed once."""

    def __init__(self, formulas: Sequence[Expr]) -> None:
        self.data = list(instances(formulas, STEP_SIZES))
        self.values: dict[tuple[Expr, frozenset[Symbol]], list[Any]] = {}

    def same(self, before: Expr, after: Expr) -> bool:
        letters = frozenset(free_indices(before, after))
        pairs = zip(self.of(before, letters), self.of(after, letters), strict=True)
        return all(same(left, right) for left, right in pairs)

    def of(self, expr: Expr, letters: frozenset[Symbol]) -> list[Any]:
        """Its values at every instance, with every choice of the letters."""
        if (expr, letters) not in self.values:
            self.values[expr, letters] = [
                value(expr, at) for data in self.data for at in with_indices(data, letters)
            ]
        return self.values[expr, letters]


def _without_M(expr: Expr, meaning: Expr) -> Expr:
    """`expr` with M_ia written out."""

    def written_out(part: Expr) -> Expr:
        if isinstance(part, Indexed) and part.base == M:
            return substitute(meaning, dict(zip((i, a), part.indices, strict=True)))
        return part

    return over_parts(expr, written_out)


def _slope(pairs: Iterable[Pair]) -> Expr:
    """Σ tr(Aᵀ dB) where dW is 1 at a, b and else 0: Σ_ij A_ij ∂B_ij/∂W_ab."""
    total: Expr = Integer(0)
    for pair in pairs:
        is_column = pair.B.shape[1] == 1
        column = Integer(0) if is_column else j
        term = pair.A.entry(i, column) * partial(pair.B.entry(i, column), ENTRY)
        total += Sum(term if is_column else Sum(term, CLASSES.over(j)), EXAMPLES.over(i))
    return total


# Small sizes.


def _compute(derivation: AnySizeDerivation, sizes: Sizes) -> tuple[int, int, str]:
    """At how many instances the gradients were computed, how many on a kink, and what differs."""
    coefficients = {"indexed sums": derivation.indexed.M}
    if derivation.matrix is not None:
        coefficients["matrices"] = derivation.matrix.M.entry(i, a)
    tried = on_kinks = 0
    for data in instances((derivation.indexed.gradient, W[a, b], X[i, b], label[i]), sizes):
        expected = _expected(derivation, data)
        kinked = False
        for route, M_ia in coefficients.items():
            found, at_kink = _gradient(in_numbers(M_ia, derivation.loss), data)
            kinked |= at_kink
            different = next((at for at in expected if not same(found[at], expected[at])), None)
            if different is not None:
                values = f"{found[different]} ≠ {expected[different]} at entry {different}"
                return tried, on_kinks, f"{route}: {values}, {data}"
        tried += 1
        on_kinks += kinked
    return tried, on_kinks, ""


Entries = dict[tuple[int, int], Any]


def _shape(data: Instance) -> tuple[int, int, int]:
    """Of W, and how many examples there are."""
    return data.size(C), data.size(m + 1), data.size(n)


def _gradient(M_ia: Expr, data: Instance) -> tuple[Entries, bool]:
    """(1/n) Mᵀ X̃ with M computed from its formula, and whether a kink was hit on the way."""
    rows, width, examples = _shape(data)
    values, kinked = {}, False
    for row, example in product(range(rows), range(examples)):
        values[row, example], at_kink = computed(M_ia, data.at({a: row, i: example}))
        kinked |= at_kink
    with precise():
        gradient = {
            (row, column): sum(values[row, k] * data.values[X][k][column] for k in range(examples))
            * Fraction(1, examples)
            for row, column in product(range(rows), range(width))
        }
    return gradient, kinked


def _expected(derivation: AnySizeDerivation, data: Instance) -> Entries:
    """The gradient as `Loss.exact` finds it or, where it has no exact one, with dual numbers."""
    rows, width, _ = _shape(data)
    entries = list(product(range(rows), range(width)))
    try:
        weights, examples = (np.array(data.values[of], dtype=object) for of in (W, X))
        exact = replace(derivation.loss, penalty=None).exact(weights, examples, data.values[label])[
            1
        ]
        return {at: exact[at] for at in entries}
    except ValueError:
        start = in_numbers(derivation.indexed.mean.start, derivation.loss)
    return {(row, column): value(start, data.at({a: row, b: column})) for row, column in entries}
