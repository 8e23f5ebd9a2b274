"""A counterexample that a person can check by hand.

Of all W and x̃ (and s′) on which a claim fails, one with the fewest entries that are not 0; of
those, one with whole numbers if there is one, else with small denominators, and as small as can be.
For each of a few examples x̃, the fewest non-zero features first, the solver looks for W: with x̃
known, the scores are linear in W. If none of them does, x̃ is left to the solver as well. Every
step has an answer to fall back on when the budget is spent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations, islice, product
from operator import add
from typing import Any

from sympy import Eq, Expr, Integer, Lt, Ne, Symbol
from sympy.polys.polyerrors import CoercionFailed

from gradbook.case import Case
from gradbook.derivation import Claim, Counterexample, Proof
from gradbook.prove.derivatives import Batch, products
from gradbook.prove.expansion import TooLarge
from gradbook.prove.query import OF_PRODUCTS, Values, check, multiplies, rational_values, spent
from gradbook.prove.slopes import worked_out
from gradbook.prove.smt import SolverMissing, Translator, Unsupported, solver_module
from gradbook.prove.witness import counterexample_of_shape, tried
from gradbook.regions import NotAffine

#: Values of a feature that is not 0, tried in this order.
FEATURE_VALUES = (1, -1, 2)
#: How many x̃ are tried with one number of non-zero features, and in all.
EXAMPLES_TRIED = 200
MOST_EXAMPLES = 100
#: So many of z3's resource units are for the whole search; half of them for the x̃ that are tried.
UNITS = 3_000_000
#: W is looked for in whole numbers up to the bounds, then in halves, thirds, …
DENOMINATORS = (1, 2, 3, 4, 6, 8)
BOUNDS = (1, 2, 4, 8)

Entry = tuple[int, int]
Sides = Mapping[Entry, tuple[Expr, Expr]]


def simplest_counterexample(
    claim: Claim, case: Case, *, budget: int = UNITS
) -> Counterexample | None:
    """Where the claim fails, with few entries that are not 0, and small numbers in them.

    None where none is found: that says nothing about the claim. What is returned has been checked
    by evaluating both sides exactly. Raises smt.SolverMissing without z3, and smt.Unsupported for a
    claim that z3 cannot be asked.

    budget: in z3's resource units, for everything that is asked.
    """
    batch = claim.batch or (case,)
    if claim.left.shape != claim.right.shape:
        return counterexample_of_shape(claim, batch)
    sides: Sides = {
        (a, b): (
            worked_out(claim.left[a, b], batch).doit(),
            worked_out(claim.right[a, b], batch).doit(),
        )
        for a, b in product(range(claim.left.rows), range(claim.left.cols))
    }
    search = _Search(claim, sides, batch, solver_module().Context(), budget)
    values = search.fewest_nonzero()
    if values is None:
        return None
    found = (tried(claim, entry, both, values, batch) for entry, both in sides.items())
    return next(filter(None, found), None)


def simpler_counterexample(proof: Proof, claim: Claim, case: Case) -> Proof:
    """The refutation with the solver's counterexample, where that is simpler than the one it has.

    A point inside a region is easier to follow than one at a kink with numbers as small as can be:
    simpler is fewer entries that are not 0, or one-digit numbers in place of larger ones.
    """
    ours = proof.counterexample
    if ours is None or ours.entry is None:
        return proof
    try:
        other = simplest_counterexample(claim, case)
    except (SolverMissing, Unsupported, TooLarge, NotAffine, CoercionFailed):
        return proof
    if other is None or _complexity(ours) <= _complexity(other):
        return proof
    return replace(proof, counterexample=other)


def _complexity(found: Counterexample) -> tuple[int, int]:
    """How many entries are not 0, and how many of them have numbers of more than one digit."""
    features = (x[1:] for x in found.x)
    numbers = [v for row in (*found.W, *features, found.s_prime or ()) for v in row if v != 0]
    return len(numbers), sum(max(abs(v.numerator), v.denominator) > 9 for v in numbers)


def nonzero(values: Values) -> int:
    """How many of the values are not 0."""
    return sum(value != 0 for value in values.values())


@dataclass(frozen=True)
class _Search:
    """For values at which a claim fails, in one context of the solver, within one budget."""

    claim: Claim
    sides: Sides
    batch: Batch
    context: Any
    budget: int

    @property
    def features(self) -> list[Symbol]:
        return [letter for case in self.batch for letter in case.x[1:, :]]

    @property
    def letters(self) -> list[Symbol]:
        """W, x̃ and s′: what a counterexample gives values to."""
        return [*self.batch[0].W, *self.features, *self.batch[0].s_prime]

    def fewest_nonzero(self) -> Values | None:
        """Values of all letters, as few as possible of them not 0; None where none are found."""
        meant = {*self.letters, *products(self.batch)}
        parts = [*self.claim.given, *(side for both in self.sides.values() for side in both)]
        if not meant.issuperset(letter for part in parts for letter in part.free_symbols):
            return None
        question, found = self._with_known_features() or self._with_unknown_features()
        if found is None:
            return None
        nothing = dict.fromkeys(self.letters, Integer(0))
        return {**nothing, **question.x, **question.in_small_numbers(found)}

    def _with_known_features(self) -> tuple[_Question, Values] | None:
        """The best of the examples that are tried, with half of the budget."""
        best: tuple[_Question, Values] | None = None
        at_most: int | None = None
        for x in islice(self._examples(), MOST_EXAMPLES):
            if at_most is not None and nonzero(x) > at_most:
                break
            question = self._question(x, self.budget // 2)
            if question.left <= 0:
                break
            found = question.fewest_nonzero(None if at_most is None else at_most - nonzero(x))
            if found is not None:
                best, at_most = (question, found), nonzero(x) + nonzero(found) - 1
        return best

    def _with_unknown_features(self) -> tuple[_Question, Values | None]:
        question = self._question({}, self.budget)
        return question, question.fewest_nonzero(None)

    def _examples(self) -> Iterator[Values]:
        """Features, all 0 first, then one that is not, then two, …"""
        nothing = dict.fromkeys(self.features, Integer(0))
        for used in range(len(self.features) + 1):
            chosen = (
                {**nothing, **dict(zip(places, map(Integer, numbers), strict=True))}
                for numbers in product(FEATURE_VALUES, repeat=used)
                for places in combinations(self.features, used)
            )
            yield from islice(chosen, EXAMPLES_TRIED)

    def _question(self, x: Values, budget: int) -> _Question:
        """The conditions hold and some entry differs, with these features, or unknown ones."""
        z3 = solver_module()
        translator = Translator(z3, self.context)
        solver = z3.Solver(ctx=self.context)
        given = [condition.xreplace(x) for condition in self.claim.given]
        fails = Lt if self.claim.relation == "≥" else Ne
        differ = [
            fails(left.xreplace(x), right.xreplace(x), evaluate=False)
            for left, right in dict.fromkeys(self.sides.values())
        ]
        solver.add(*map(translator.truth, given), z3.Or([*map(translator.truth, differ)]))
        meant = [
            Eq(score, row.xreplace(x), evaluate=False)
            for score, row in products(self.batch).items()
            if score in translator.letters
        ]
        solver.add(*map(translator.truth, meant))
        unknowns = {
            letter: translator.letters[letter]
            for letter in self.letters
            if letter in translator.letters
        }
        units = OF_PRODUCTS if multiplies([*given, *differ, *meant]) else 1
        return _Question(x, z3, solver, unknowns, budget, units)


@dataclass(frozen=True)
class _Question:
    """For this x̃, for which W and s′ does the claim fail?

    unknowns: the entries of W and s′ (and x̃, if x is empty) that matter, as letters of the solver;
              all others are 0.
    budget:   how many units may have been spent in the solver's context at the end; here, one
              counts as `each`.
    """

    x: Values
    z3: Any
    solver: Any
    unknowns: Mapping[Symbol, Any]
    budget: int
    each: int

    @property
    def left(self) -> int:
        """How many units may still be spent."""
        return (self.budget - spent(self.solver)) // self.each

    def fewest_nonzero(self, at_most: int | None) -> Values | None:
        """The fewest entries that are not 0, and no more than `at_most`; None if there are none."""
        best: Values | None = None
        while at_most is None or at_most >= 0:
            found = self._ask(*([] if at_most is None else [self._few(at_most)]))
            if found is None:
                break
            best, at_most = found, nonzero(found) - 1
        return best

    def in_small_numbers(self, found: Values) -> Values:
        """As few entries that are not 0 as in `found`, with smaller denominators and numerators."""
        few = self._few(nonzero(found))
        numerators = {
            letter: self.z3.Int(f"numerator of {letter}", self.solver.ctx)
            for letter in self.unknowns
        }
        for denominator, bound in product(DENOMINATORS, BOUNDS):
            conditions = [few]
            for letter, numerator in numerators.items():
                whole = self.z3.ToReal(numerator)
                conditions += [self.unknowns[letter] * denominator == whole]
                conditions += [numerator >= -bound, numerator <= bound]
            smaller = self._ask(*conditions)
            if smaller is not None:
                return self._smallest(smaller, denominator, list(numerators.values()), conditions)
        return found

    def _smallest(
        self, found: Values, denominator: int, numerators: list[Any], conditions: list[Any]
    ) -> Values:
        """Of those that meet the conditions: the smallest sum of sizes, then the fewest minuses."""
        weight = len(numerators) + 1
        costs = [self.z3.If(v < 0, 1 - weight * v, weight * v) for v in numerators]
        cost = reduce(add, costs, self.z3.IntVal(0, self.solver.ctx))
        while True:
            values = [int(value * denominator) for value in found.values()]
            now = sum(1 - weight * v if v < 0 else weight * v for v in values)
            smaller = self._ask(*conditions, cost < now)
            if smaller is None:
                return found
            found = smaller

    def _few(self, at_most: int) -> Any:
        """At most so many unknowns are not 0."""
        counted = [(self.z3.Not(term == 0), 1) for term in self.unknowns.values()]
        return self.z3.PbLe(counted, at_most) if counted else self.z3.BoolVal(True, self.solver.ctx)

    def _ask(self, *conditions: Any) -> Values | None:
        if self.left <= 0:
            return None
        self.solver.push()
        self.solver.add(*conditions)
        found: Values | None = None
        if check(self.solver, self.left) == self.z3.sat:
            found = rational_values(self.solver.model(), self.unknowns)
        self.solver.pop()
        return found
