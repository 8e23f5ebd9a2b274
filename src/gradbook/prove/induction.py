"""For every number of classes at once: by induction over the classes.

A loss that is a sum over the classes, ℓ = a(s_y) + Σ_{j≠y} f(s_j, s_y), meets a new class j, with a
score s_j of its own, by one more term: ℓ becomes ℓ + f(s_j, s_y), μ_j is ∂f/∂s_j, μ_y becomes
μ_y + ∂f/∂s_y, and no other coefficient changes, for no other score stands in the term. Nothing else
in ℓ depends on C. So a statement about ℓ and μ is true for every C ≥ 2 and every y as soon as two
queries, each about a few real letters, are:

- the base: it is true for two classes, y and one j (both labels, from the loss itself);
- the step: if it is true of some classes, then also of these and one more.

In the step, what the classes so far add up to is a letter: ℓ is L, μ_y or Σ_a μ_a is mu, μ·(s′ − s)
is P. The solver is not told how many classes there are. Whatever C and y, two classes, the label
and another, and then the rest, one at a time, in any order, make up all C: hence every C and y. ::

    >>> from derivation.multiclass_svm import svm
    >>> print(coefficients_sum_to_zero.of(svm).step)
    one class more: for all real mu, s_j, s_y
      given  mu = 0
      show   mu + 1{s_j - s_y + 1 > 0} - 1{s_j - s_y + 1 > 0} = 0
    >>> print(coefficients_sum_to_zero.prove(svm).proof)
    proved · every C ≥ 2, every y
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sympy import Add, Eq, Expr, Ge, Integer, Symbol, diff
from sympy.core.relational import Relational

from gradbook.loss import Loss, scores
from gradbook.proof import Proof
from gradbook.prove import loss_properties
from gradbook.prove.loss_properties import EVERY_PAIR, EVERYWHERE, INSIDE, Finding
from gradbook.prove.query import UNITS, CannotTell, Query
from gradbook.prove.slopes import borders_of, is_affine_in_pieces, no_kink_between
from gradbook.prove.smt import SolverMissing, Unsupported
from gradbook.prove.sum_over_classes import NotASum, SumOverClasses, for_other_class, s_j, s_y

METHOD = "z3, by induction over the classes"
SIZES = "every C ≥ 2, every y"
#: Where an induction fails, a counterexample is looked for with so few classes.
SMALL = (2, 3, 4)

#: s_j and s_y at a second point, s′.
PRIMED: Mapping[Symbol, Symbol] = {
    s_j: Symbol("s'_j", real=True),
    s_y: Symbol("s'_y", real=True),
}
#: What the classes so far add up to: ℓ(s), ℓ(s′), μ·(s′ − s); a sum of coefficients, as claimed.
L, L_prime, P = (Symbol(name, real=True) for name in ("L", "L'", "P"))
mu, claimed_mu = (Symbol(name, real=True) for name in ("mu", "claimed"))
t = Symbol("t", real=True)


class NoInduction(ValueError):
    """A loss to which a statement's induction does not apply."""


@dataclass(frozen=True)
class Induction:
    """A statement as two queries, each of which can be read and decided on its own."""

    base: Query
    step: Query

    def __str__(self) -> str:
        return f"{self.base}\n{self.step}"


@dataclass(frozen=True)
class Statement:
    """Something that is said of a loss for every C ≥ 2 and every y.

    text:        in the letters of the page.
    assumptions: what it depends on, in words.
    queries:     how it is put, given the new class and the loss for two.
    instance:    the same statement of a loss for given C and y.
    """

    text: str
    assumptions: str
    queries: Callable[[NewClass, TwoClasses], Induction]
    instance: Callable[[Loss, int, int], Finding]

    def of(self, loss: Loss) -> Induction:
        """Base and step for this loss. Raises NotASum or NoInduction where there are none."""
        return self.queries(NewClass.of(loss), TwoClasses.of(loss))

    def prove(self, loss: Loss, *, budget: int = UNITS) -> Finding:
        """Proved where base and step are; refuted only with a counterexample; else undecided.

        budget: for each of them, in z3's resource units.
        """
        try:
            return self._finding(self._decide(loss, budget))
        except (NotASum, NoInduction, Unsupported, SolverMissing) as error:
            return self._finding(_undecided(str(error)))

    def _decide(self, loss: Loss, budget: int) -> Proof:
        induction = self.of(loss)
        failed = []
        for part, query in (("base", induction.base), ("step", induction.step)):
            try:
                if not query.holds(budget):
                    failed.append(part)
                elif query.never_applies(budget):
                    return _undecided(f"what the {part} of the induction assumes never holds")
            except CannotTell as error:
                reason = f"{error} on the {part} of the induction"
                return replace(_undecided(reason), exhausted=error.exhausted)
        if not failed:
            return Proof("proved", METHOD, SIZES)
        return self._refuted(loss) or _undecided(
            f"false: the {' and the '.join(failed)} of the induction; "
            f"but the statement is true for C ≤ {max(SMALL)}"
        )

    def _refuted(self, loss: Loss) -> Proof | None:
        instances = (self.instance(loss, C, y).proof for C in SMALL for y in range(C))
        return next((proof for proof in instances if proof.status == "refuted"), None)

    def _finding(self, proof: Proof) -> Finding:
        return Finding(self.text, f"{self.assumptions}; any y, C ≥ 2", proof)


def _undecided(reason: str) -> Proof:
    return Proof("undecided", METHOD, reason=reason)


# A new class, and where it starts.


@dataclass(frozen=True)
class NewClass:
    """The term that a class j adds to the loss, and what it adds to μ."""

    term: Expr

    @staticmethod
    def of(loss: Loss) -> NewClass:
        """Raises NotASum for a loss that is not a sum over the classes."""
        return NewClass(SumOverClasses.of(loss.formula).term)

    @property
    def slopes(self) -> tuple[Expr, Expr]:
        """∂f/∂s_j and ∂f/∂s_y."""
        return diff(self.term, s_j), diff(self.term, s_y)


@dataclass(frozen=True)
class TwoClasses:
    """The loss for the label and one more class, once for each label, in the letters s_j and s_y.

    values, coefficients: ℓ and (μ_j, μ_y), from the loss itself.
    read:                 ℓ as the induction reads it.
    """

    values: tuple[Expr, ...]
    coefficients: tuple[tuple[Expr, Expr], ...]
    read: Expr

    @staticmethod
    def of(loss: Loss) -> TwoClasses:
        """Raises NotASum for a loss that is not a sum over the classes."""
        values, coefficients = [], []
        for y, j in ((0, 1), (1, 0)):
            letters = {scores(2)[j]: s_j, scores(2)[y]: s_y}
            mu = [coefficient.xreplace(letters) for coefficient in loss.coefficients(2, y)]
            values.append(loss.at(2, y).xreplace(letters))
            coefficients.append((mu[j], mu[y]))
        read = SumOverClasses.of(loss.formula)
        return TwoClasses(tuple(values), tuple(coefficients), read.start + read.term)

    def query(self, shows: list[Relational], *given: Relational) -> Query:
        """The statement for both labels, and that ℓ is what it was read as."""
        as_read = [_eq(value, self.read) for value in self.values if value != self.read]
        return Query("two classes", tuple(dict.fromkeys([*as_read, *shows])), given)


def _one_more(shows: list[Relational], *given: Relational) -> Query:
    return Query("one class more", tuple(shows), given)


def _eq(left: Expr, right: Expr) -> Relational:
    return Eq(left, right, evaluate=False)


def _ge(left: Expr, right: Expr) -> Relational:
    return Ge(left, right, evaluate=False)


def _rise(slopes: tuple[Expr, Expr]) -> Expr:
    """What two coefficients add to μ·(s′ − s)."""
    return Add(*(slope * (PRIMED[s] - s) for slope, s in zip(slopes, (s_j, s_y), strict=True)))


# The statements.


def coefficients_are(*, other: Expr, label: Expr) -> Statement:
    """∂ℓ/∂s_j is `other` for every j ≠ y, and ∂ℓ/∂s_y is `label`.

    other: an expression of s[j] and s[y]. label: a sum over the classes, as a loss is.
    Raises NotASum where they are not.
    """
    of_other = for_other_class(other)
    of_label = SumOverClasses.of(label)

    def queries(new: NewClass, two: TwoClasses) -> Induction:
        pair = (of_other, of_label.start + of_label.term)
        base = [
            _eq(*both) for derived in two.coefficients for both in zip(derived, pair, strict=True)
        ]
        slope_j, slope_y = new.slopes
        own_row = _eq(slope_j, of_other)
        row_of_label = _eq(mu + slope_y, claimed_mu + of_label.term)
        return Induction(two.query(base), _one_more([own_row, row_of_label], _eq(mu, claimed_mu)))

    def instance(loss: Loss, C: int, y: int) -> Finding:
        s = scores(C)
        claimed = [of_other.xreplace({s_j: s[a], s_y: s[y]}) for a in range(C)]
        claimed[y] = of_label.at(C, y)
        return loss_properties.coefficients_are(loss, C, y, claimed)

    return Statement(loss_properties.COEFFICIENTS, EVERYWHERE, queries, instance)


def _sums_to_zero(new: NewClass, two: TwoClasses) -> Induction:
    base = [_eq(Add(*pair, evaluate=False), Integer(0)) for pair in two.coefficients]
    total = Add(mu, *new.slopes, evaluate=False)
    return Induction(two.query(base), _one_more([_eq(total, Integer(0))], _eq(mu, Integer(0))))


def _inequality(new: NewClass, two: TwoClasses) -> Induction:
    base = [
        _ge(value.xreplace(PRIMED), value + _rise(pair))
        for value, pair in zip(two.values, two.coefficients, strict=True)
    ]
    step = _ge(L_prime + new.term.xreplace(PRIMED), L + new.term + P + _rise(new.slopes))
    return Induction(two.query(base), _one_more([step], _ge(L_prime, L + P)))


def _slopes(new: NewClass, two: TwoClasses) -> Induction:
    if not all(map(is_affine_in_pieces, (new.term, *two.values))):
        raise NoInduction(loss_properties.NOT_AFFINE)
    base = [
        _eq(value.xreplace(PRIMED) - value, _rise(pair))
        for value, pair in zip(two.values, two.coefficients, strict=True)
    ]
    step = _eq(L_prime + new.term.xreplace(PRIMED) - L - new.term, P + _rise(new.slopes))
    return Induction(
        two.query(base, *no_kink_between(borders_of(*two.values), PRIMED)),
        _one_more(
            [step],
            _eq(L_prime - L, P),
            *no_kink_between(borders_of(new.term, *new.slopes), PRIMED),
        ),
    )


def _shift(new: NewClass, two: TwoClasses) -> Induction:
    shifted = [_eq(prime, s + t) for s, prime in PRIMED.items()]
    base = [_eq(value.xreplace(PRIMED), value) for value in two.values]
    step = _eq(L_prime + new.term.xreplace(PRIMED), L + new.term)
    return Induction(two.query(base, *shifted), _one_more([step], _eq(L_prime, L), *shifted))


coefficients_sum_to_zero = Statement(
    loss_properties.SUM, EVERYWHERE, _sums_to_zero, loss_properties.coefficients_sum_to_zero
)
subgradient_inequality = Statement(
    loss_properties.INEQUALITY, EVERY_PAIR, _inequality, loss_properties.subgradient_inequality
)
slopes_inside_regions = Statement(
    loss_properties.SLOPES, INSIDE, _slopes, loss_properties.slopes_inside_regions
)
unchanged_by_shift = Statement(
    loss_properties.SHIFT, EVERYWHERE, _shift, loss_properties.unchanged_by_shift
)

STATEMENTS = (
    slopes_inside_regions,
    subgradient_inequality,
    coefficients_sum_to_zero,
    unchanged_by_shift,
)
