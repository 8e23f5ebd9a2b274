"""What can be said of a loss itself, for so many classes and one label, at all real scores.

Every statement is about ℓ(s) and its derived coefficients μ(s), whatever page the loss is from;
some are about two points s and s′. A `Finding` says what it depends on, and what was found::

    >>> from derivation.multiclass_svm import svm
    >>> print(coefficients_sum_to_zero(svm, 3, 1))
    Σ_a μ_a = 0 · all real s, kinks included; y fixed · proved · C = 3, y = 1

A loss that is flat and steep in pieces is described by three of them together: inside a region the
coefficients are the slopes (`slopes_inside_regions`), at a kink they are what is declared
(`values_at_kinks`), and that declaration is sound (`subgradient_inequality`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sympy import Add, Eq, Expr, Gt, ImmutableMatrix, Ne, Rational, Symbol

from gradbook.case import Case
from gradbook.claim import Claim
from gradbook.loss import Loss
from gradbook.notation import hinge
from gradbook.proof import Counterexample, Proof
from gradbook.prove.by_solver import METHOD
from gradbook.prove.in_python import prove_by_solver
from gradbook.prove.slopes import borders_of, is_affine_in_pieces, no_kink_between

#: (claim, case, budget=…) → a proof: how the statements are decided, and with which budget, in the
#: method's own unit.
Decide = Callable[..., Proof]

COEFFICIENTS = "∂ℓ/∂s_a = μ_a, as claimed, for every class a"
SLOPES = "ℓ(s′) − ℓ(s) = μ(s)·(s′ − s)"
INEQUALITY = "ℓ(s′) ≥ ℓ(s) + μ(s)·(s′ − s)"
SUM = "Σ_a μ_a = 0"
SHIFT = "ℓ(s + t·𝟙) = ℓ(s) for every real t"
AT_KINKS = "μ(s) = c μ(s′) + (1 − c) μ(s″), c the value declared at the kink"

EVERYWHERE = "all real s, kinks included"
EVERY_PAIR = "all real s and s′, kinks included"
INSIDE = "all real s and s′ inside one region: no kink at s, at s′ or between them"
BESIDE = "all real s at exactly one kink; s′ and s″ = 2s − s′ inside the two regions beside it"

NOT_AFFINE = "the loss is not affine in pieces: inside a region its slopes change"


@dataclass(frozen=True)
class Finding:
    """A statement about a loss, and what was found of it.

    statement:   in the letters of the page.
    assumptions: what it depends on, in words.
    proof:       proved, refuted with a counterexample (W holds the scores: m = 0), or undecided.
    witness:     for a statement that something exists: a point that shows it.
    """

    statement: str
    assumptions: str
    proof: Proof
    witness: Counterexample | None = None

    @property
    def holds(self) -> bool:
        return self.proof.holds

    def __str__(self) -> str:
        return " · ".join([self.statement, self.assumptions, str(self.proof)])


def properties(
    loss: Loss, classes: int, label: int, *, budget: int | None = None
) -> tuple[Finding, ...]:
    """All statements that need no further choice, each within this budget of the solver's."""
    statements = (
        slopes_inside_regions,
        values_at_kinks,
        subgradient_inequality,
        coefficients_sum_to_zero,
        unchanged_by_shift,
    )
    return tuple(state(loss, classes, label, budget=budget) for state in statements)


def coefficients_are(
    loss: Loss,
    classes: int,
    label: int,
    claimed: Sequence[Expr],
    *,
    budget: int | None = None,
    decide: Decide = prove_by_solver,
) -> Finding:
    """The derived μ is the claimed one, in every region and at every kink.

    claimed: one expression of the scores s_0 … s_{C−1} for each class.
    """
    at = _At.of(loss, classes, label)
    claim = Claim(at.mu, ImmutableMatrix(list(claimed)))
    return at.finding(COEFFICIENTS, EVERYWHERE, [claim], budget, decide)


def slopes_inside_regions(
    loss: Loss,
    classes: int,
    label: int,
    *,
    budget: int | None = None,
    decide: Decide = prove_by_solver,
) -> Finding:
    """ℓ(s′) − ℓ(s) = μ(s)·(s′ − s) where no kink lies between s and s′.

    That determines μ inside the regions, and uses no rule of differentiation. Undecided for a loss
    that is not affine in pieces.
    """
    at = _At.of(loss, classes, label)
    if not at.affine:
        return at.undecided(SLOPES, INSIDE, NOT_AFFINE)
    given = no_kink_between(borders_of(at.loss, *at.mu), at.primed)
    claim = Claim(at.primed_loss - at.loss, at.rise, given=given)
    return at.finding(SLOPES, INSIDE, [claim], budget, decide)


def values_at_kinks(
    loss: Loss,
    classes: int,
    label: int,
    *,
    budget: int | None = None,
    decide: Decide = prove_by_solver,
) -> Finding:
    """At a kink, μ is what the loss declares: c times the slope above it, 1 − c times that below.

    Above and below are s′ and its mirror image s″ = 2s − s′, on the two sides of that one kink and
    on the same side of every other; the slopes there are what `slopes_inside_regions` is about.
    Undecided for a loss that is not affine in pieces, declares no value at a kink, or has two
    hinges that share one.
    """
    at = _At.of(loss, classes, label)
    declared = _declared(at.loss)
    kinks = {u for u, _ in declared}
    if not at.affine:
        return at.undecided(AT_KINKS, BESIDE, NOT_AFFINE)
    if not declared:
        return at.undecided(AT_KINKS, BESIDE, "the loss declares no value at a kink")
    if len(kinks) < len(declared) or any((-u).expand() in kinks for u in kinks):
        return at.undecided(AT_KINKS, BESIDE, "two hinges of the loss share a kink")
    mirrored = {s: 2 * s - there for s, there in at.primed.items()}
    above, below = at.mu.xreplace(at.primed), at.mu.xreplace(mirrored)
    claims = []
    for u, c in declared:
        others = [other for other in borders_of(at.loss) if other not in (u, -u)]
        given = (
            Eq(u, 0, evaluate=False),
            Gt(u.xreplace(at.primed), 0, evaluate=False),
            *no_kink_between(others, at.primed),
            *no_kink_between(others, mirrored),
        )
        claims.append(Claim(at.mu, c * above + (1 - c) * below, given=given))
    return at.finding(AT_KINKS, BESIDE, claims, budget, decide)


def subgradient_inequality(
    loss: Loss,
    classes: int,
    label: int,
    mu: Sequence[Expr] | None = None,
    *,
    budget: int | None = None,
    decide: Decide = prove_by_solver,
) -> Finding:
    """ℓ(s′) ≥ ℓ(s) + μ(s)·(s′ − s): no tangent plane that μ gives lies above ℓ anywhere.

    True for all s and s′ only if ℓ is convex and μ a subgradient, also where it is declared.
    mu: other coefficients than the derived ones.
    """
    at = _At.of(loss, classes, label)
    if mu is not None:
        at = replace(at, mu=ImmutableMatrix(list(mu)))
    claim = Claim(at.primed_loss, at.loss + at.rise, relation="≥")
    return at.finding(INEQUALITY, EVERY_PAIR, [claim], budget, decide)


def coefficients_sum_to_zero(
    loss: Loss,
    classes: int,
    label: int,
    *,
    budget: int | None = None,
    decide: Decide = prove_by_solver,
) -> Finding:
    """Σ_a μ_a = 0: what one coefficient has, the others have with a minus."""
    at = _At.of(loss, classes, label)
    return at.finding(SUM, EVERYWHERE, [Claim(Add(*at.mu, evaluate=False), 0)], budget, decide)


def unchanged_by_shift(
    loss: Loss,
    classes: int,
    label: int,
    *,
    budget: int | None = None,
    decide: Decide = prove_by_solver,
) -> Finding:
    """ℓ(s + t·𝟙) = ℓ(s): only differences of scores matter. A counterexample has s′ = s + t·𝟙."""
    at = _At.of(loss, classes, label)
    first, *others = at.primed
    t = at.primed[first] - first
    given = tuple(Eq(at.primed[s] - s, t, evaluate=False) for s in others)
    claim = Claim(at.primed_loss, at.loss, given=given)
    return at.finding(SHIFT, EVERYWHERE, [claim], budget, decide)


def another_value_differs(
    loss: Loss,
    classes: int,
    label: int,
    value: int | Rational | None = None,
    *,
    budget: int | None = None,
    decide: Decide = prove_by_solver,
) -> Finding:
    """With `value` declared at every kink, μ is another one: the same off the kinks, not at one.

    value: 1 unless told otherwise, or 0 for a loss that declares 1 everywhere itself.

    So the subgradient inequality, which may allow both, does not say which one is meant;
    `values_at_kinks` does. The witness of the finding is a point at a kink.
    """
    if value is None:
        value = 0 if {c for _, c in _declared(loss.at(classes, label))} == {1} else 1
    at, other = _At.of(loss, classes, label), _At.of(declaring(loss, value), classes, label)
    statement = f"with {value} declared at the kinks, μ differs at a kink, and nowhere else"
    off_kinks = tuple(Ne(u, 0, evaluate=False) for u in borders_of(at.loss))
    same = Claim(at.mu, other.mu, given=off_kinks)
    finding = at.finding(statement, EVERYWHERE, [same], budget, decide)
    if not finding.holds:
        return finding
    found = _decided(Claim(at.mu, other.mu), at.case, budget, decide)
    if found.status == "proved":
        reason = f"with {value} declared at the kinks, μ is the same"
        found = replace(found, status="refuted", reason=reason)
    elif found.status == "refuted":
        return replace(finding, witness=found.counterexample)
    return replace(finding, proof=found)


def declaring(loss: Loss, value: int | Rational) -> Loss:
    """The same loss with another slope declared at the kink of every hinge."""
    hinges = {atom: hinge(atom.args[0], value) for atom in loss.formula.atoms(hinge)}
    return replace(loss, formula=loss.formula.xreplace(hinges))


def _declared(expr: Expr) -> list[tuple[Expr, Expr]]:
    """Each kink of a hinge, and the slope declared there."""
    return [atom.args for atom in sorted(expr.atoms(hinge), key=str)]


def _decided(claim: Claim, case: Case, budget: int | None, decide: Decide) -> Proof:
    """By this method, with its own budget unless told otherwise."""
    return decide(claim, case) if budget is None else decide(claim, case, budget=budget)


@dataclass(frozen=True)
class _At:
    """A loss and its coefficients for so many classes and one label.

    primed: s_a ↦ s′_a, a second point.
    """

    case: Case
    loss: Expr
    mu: ImmutableMatrix
    primed: Mapping[Symbol, Symbol]

    @staticmethod
    def of(loss: Loss, classes: int, label: int) -> _At:
        case = Case(classes, 0, label)
        mu = ImmutableMatrix(loss.coefficients(classes, label))
        return _At(case, loss.at(classes, label), mu, dict(zip(case.s, case.s_prime, strict=True)))

    @property
    def primed_loss(self) -> Expr:
        return self.loss.xreplace(self.primed)

    @property
    def rise(self) -> Expr:
        """μ(s)·(s′ − s)."""
        return Add(*(mu * (self.primed[s] - s) for mu, s in zip(self.mu, self.case.s, strict=True)))

    @property
    def affine(self) -> bool:
        """Whether every piece of the loss is affine, and no kink has a kink itself."""
        return is_affine_in_pieces(self.loss)

    def finding(
        self,
        statement: str,
        assumptions: str,
        claims: Sequence[Claim],
        budget: int | None,
        decide: Decide,
    ) -> Finding:
        """The claims, at least one, decided; the first that does not hold decides for all."""
        for claim in claims:
            proof = _decided(claim, self.case, budget, decide)
            if not proof.holds:
                break
        return self._found(statement, assumptions, proof)

    def undecided(self, statement: str, assumptions: str, reason: str) -> Finding:
        return self._found(statement, assumptions, Proof("undecided", METHOD, reason=reason))

    def _found(self, statement: str, assumptions: str, proof: Proof) -> Finding:
        sizes = f"C = {self.case.C}, y = {self.case.y}"
        return Finding(statement, f"{assumptions}; y fixed", replace(proof, sizes=sizes))
