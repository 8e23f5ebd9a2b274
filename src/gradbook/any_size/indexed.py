"""The gradient in entries: indexed sums, the chain rule, and Kronecker deltas that select terms.

Route one. For a loss ℓ(s, y) of one example, with s_j = Σ_c W_jc x̃_c and letters for C, m and n::

    ∂s_j/∂W_ab = δ_ja x̃_b                                   the scores
    ∂ℓ/∂W_ab   = μ_a x̃_b                                    one example
               = … if a ≠ y, … if a = y                      row by row
    ∂L/∂W_ab   = (1/n) Σ_i M_ia X̃_ib = ((1/n) Mᵀ X̃)_ab      n examples, L = (1/n) Σ_i ℓ_i

Each chain is a list of steps, each step one rule of `rules`: first until no ∂ is left, then until
no Σ has a δ to select by. No size is ever a number.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Integer, Piecewise

from gradbook.any_size.binding import (
    depends,
    of_example,
    over_parts,
    with_usual_indices,
    written_out,
)
from gradbook.any_size.letters import M, W, X, a, b, i, j, s, x
from gradbook.any_size.limits import LIMITS
from gradbook.any_size.rules import (
    DERIVATIVES,
    LINEAR,
    SUMS,
    Chain,
    by_cases,
    rewritten,
)
from gradbook.any_size.slopes import NotDerivable
from gradbook.any_size.sums import mean
from gradbook.loss import Loss
from gradbook.notation import partial

#: What is differentiated by: entry a, b of W.
ENTRY = W[a, b]


@dataclass(frozen=True)
class IndexedRoute:
    """The derivation of one loss in entries.

    scores:  ∂s_j/∂W_ab = … = δ_ja x̃_b.
    example: ∂ℓ/∂W_ab = … = μ_a x̃_b, with μ_a written out.
    rows:    μ_a x̃_b = its value for each way in which a can be the label or not.
    mean:    ∂L/∂W_ab = … = (1/n) Σ_i M_ia X̃_ib.
    mu:      μ_a, in the scores s and the label y of one example.
    """

    loss: Loss
    scores: Chain
    example: Chain
    rows: Chain
    mean: Chain
    mu: Expr

    @property
    def chains(self) -> tuple[Chain, ...]:
        return self.scores, self.example, self.rows, self.mean

    @property
    def M(self) -> Expr:
        """M_ia = μ_a for example i: in S_ij and y_i."""
        return of_example(self.mu, i)

    @property
    def gradient(self) -> Expr:
        """(1/n) Σ_i M_ia X̃_ib with M_ia written out: entry a, b of ∇_W L."""
        return mean(self.M * X[i, b])


def derive_indexed(loss: Loss) -> IndexedRoute:
    """The gradient of a loss for any C, m and n.

    Raises NotDerivable for a formula with a function whose derivative nobody has declared.
    """
    formula = with_usual_indices(loss.formula)
    example = derivative_of_one(formula)
    mu = coefficient(example.end)
    rows = Chain(example.end).then("case by case", _rows(mu))
    return IndexedRoute(
        loss=loss,
        scores=gradient_of_score(),
        example=example,
        rows=rows,
        mean=gradient_of_mean(formula, mu),
        mu=mu,
    )


def derivative_of_one(formula: Expr) -> Chain:
    """∂ℓ/∂W_ab = … = μ_a x̃_b."""
    start = Chain(partial(formula, ENTRY))
    return rewritten(rewritten(start, (*LIMITS, *DERIVATIVES)), SUMS)


def mu_of(loss: Loss) -> Expr:
    """μ_a alone, of `derive_indexed`. Raises as it does."""
    return coefficient(derivative_of_one(with_usual_indices(loss.formula)).end)


def gradient_of_score() -> Chain:
    """∂s_j/∂W_ab = … = δ_ja x̃_b."""
    chain = Chain(partial(s[j], ENTRY))
    in_weights = partial(written_out(s[j]), ENTRY)
    chain = chain.then("what a score is", in_weights, (s[j], written_out(s[j])))
    return rewritten(rewritten(chain, DERIVATIVES), SUMS)


def coefficient(gradient: Expr) -> Expr:
    """μ_a, where the gradient is μ_a x̃_b: it is linear in x̃_b, so that x̃_b = 1 gives μ_a."""
    mu = gradient / x[b]
    if depends(mu, b):
        mu = over_parts(gradient, lambda part: Integer(1) if part == x[b] else part)
    if depends(mu, b):
        raise NotDerivable(f"the gradient is not of the form μ_a x̃_b: {gradient}")
    return mu


def _rows(mu: Expr) -> Expr:
    rows = by_cases(mu, a)
    if not isinstance(rows, Piecewise):
        return rows * x[b]
    return Piecewise(*((value * x[b], given) for value, given in rows.args), evaluate=False)


def gradient_of_mean(formula: Expr, mu: Expr) -> Chain:
    """∂L/∂W_ab = … = (1/n) Σ_i M_ia X̃_ib, for L = (1/n) Σ_i ℓ_i and M_ia = μ_a of example i."""
    of_each = of_example(formula, i)
    chain = Chain(partial(mean(of_each), ENTRY))
    chain = chain.then(LINEAR.name, mean(partial(of_each, ENTRY)))
    coefficient_of_each = (M[i, a], of_example(mu, i))
    return chain.then("the gradient of one example", mean(M[i, a] * X[i, b]), coefficient_of_each)
