"""Is a derivative right? Inside one region, a difference of values is slope times step.

Where no kink lies between s and s′, a formula that is affine in pieces satisfies f(s′) − f(s) =
Σ_a ∂f/∂s_a · (s′_a − s_a), for exactly one value of each slope. The solver decides that for all s
and s′ at once: a second opinion on every derivative, which knows nothing of differentiation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from sympy import Add, Eq, Expr, Ne, Symbol, true
from sympy.core.relational import Relational

from gradbook.derivation import Claim
from gradbook.notation import partial, step
from gradbook.prove.by_regions import in_scores
from gradbook.prove.derivatives import Batch, by_chain_rule, disagreement, products
from gradbook.prove.expansion import expanded
from gradbook.prove.query import Query
from gradbook.prove.smt import IN_PIECES, degree, pieces_of


def wrong_slope(claim: Claim, batch: Batch, budget: int) -> str | None:
    """What is wrong with a derivative in the claim, in words; None where all of them are right.

    Raises NotAffine or CoercionFailed for an f that is not polynomial in pieces, query.CannotTell
    where the solver does not know.
    """
    wanted: dict[Expr, dict[Symbol, None]] = {}
    for entry in [*claim.left, *claim.right]:
        for f, v in (atom.args for atom in entry.atoms(partial)):
            wanted.setdefault(f, {})[v] = None
    found = (_wrong_slope(f, tuple(vs), batch, budget) for f, vs in wanted.items())
    return next((problem for problem in found if problem), None)


def worked_out(side: Expr, batch: Batch) -> Expr:
    """A side without derivatives: of that form of each f whose derivatives are checked here."""
    return side.xreplace(
        {
            atom: by_chain_rule(in_scores(atom.args[0], batch), atom.args[1], batch)
            for atom in side.atoms(partial)
        }
    )


def _wrong_slope(f: Expr, variables: Sequence[Symbol], batch: Batch, budget: int) -> str | None:
    if f.has(partial):
        return f"a derivative of a derivative is not worked out: {f}"
    scores = products(batch).keys()
    if not f.free_symbols <= scores and any(v in scores for v in variables):
        return f"a derivative by a score is not clear where weights are written too: {f}"
    if not f.free_symbols <= scores or not is_affine_in_pieces(f):
        return disagreement(in_scores(f, batch), tuple(variables), batch)
    terms = Add.make_args(expanded(f, deep=False))
    slopes = {score: by_chain_rule(f, score, batch) for score in sorted(f.free_symbols, key=str)}
    for score, slope in slopes.items():
        apart = Add(*(by_chain_rule(term, score, batch) for term in terms))
        if slope != apart and expanded(slope - apart) != 0:
            return f"∂/∂{score} of {f} is not the sum over its terms"
    for v in variables:
        chained = slopes[v] if v in slopes else _chained(v, slopes, batch)
        found = by_chain_rule(f, v, batch)
        if found != chained and expanded(found - chained) != 0:
            return f"∂/∂{v} of {f} is not what the chain rule gives"
    return next(filter(None, (_wrong_term(term, batch, budget) for term in terms)), None)


def _chained(v: Symbol, slopes: Mapping[Symbol, Expr], batch: Batch) -> Expr:
    """Σ_a slope_a · ∂s_a/∂v, where ∂s_a/∂W_ab = x̃_b and ∂s_a/∂x_b = W_ab."""
    steps = _scores_that_move(batch).get(v, ())
    return Add(*(slopes[score] * x for score, x in steps if score in slopes))


@lru_cache(maxsize=256)
def _scores_that_move(batch: Batch) -> Mapping[Symbol, tuple[tuple[Symbol, Expr], ...]]:
    """v ↦ the scores that depend on it, each with its ∂s_a/∂v."""
    found: dict[Symbol, tuple[tuple[Symbol, Expr], ...]] = {}
    for case in batch:
        for a, score in enumerate(case.s):
            for w, x in zip(case.W.row(a), case.x, strict=True):
                found[w] = (*found.get(w, ()), (score, x))
                found[x] = (*found.get(x, ()), (score, w))
    return found


def _wrong_term(term: Expr, batch: Batch, budget: int) -> str | None:
    _, f = term.as_coeff_Mul()
    letters = sorted(f.free_symbols, key=str)
    slopes = {letter: by_chain_rule(f, letter, batch) for letter in letters}
    to = {letter: Symbol(f"{letter}'", real=True) for letter in letters}
    if difference(f, slopes, to, f"the slopes of {f}").holds(budget):
        return None
    return f"a difference of values is not slope times step for {f}"


def difference(
    f: Expr, slopes: Mapping[Symbol, Expr], to: Mapping[Symbol, Expr], says: str
) -> Query:
    """f(s′) − f(s) = Σ_a slope_a · (s′_a − s_a), where no kink lies between s and s′ = `to`."""
    rise = Add(*(slope * (to[letter] - letter) for letter, slope in slopes.items()))
    shows = Eq(f.xreplace(to) - f, rise, evaluate=False)
    return Query(says, (shows,), no_kink_between(borders_of(f, *slopes.values()), to))


def no_kink_between(kinks: Iterable[Expr], to: Mapping[Symbol, Expr]) -> tuple[Relational, ...]:
    """Every u keeps strictly to one side of 0, at s′ = `to` the same as at s."""
    conditions: list[Relational] = []
    for u in kinks:
        there = u.xreplace(to)
        conditions += [Ne(u, 0, evaluate=False), Ne(there, 0, evaluate=False)]
        conditions.append(Eq(step(u), step(there), evaluate=False))
    return tuple(conditions)


def borders_of(*formulas: Expr) -> tuple[Expr, ...]:
    """The expressions at whose zeros a formula passes from one piece to another."""
    return tuple(dict.fromkeys(u for expr in formulas for u in _borders(expr)))


def _borders(expr: Expr) -> Iterator[Expr]:
    for condition, value in pieces_of(expr) or ():
        if condition != true:
            yield condition.lhs - condition.rhs
            yield from _borders(condition.lhs - condition.rhs)
        yield from _borders(value)
    for part in expr.args:
        yield from _borders(part)


def is_affine_in_pieces(expr: Expr) -> bool:
    """Whether every piece is affine, and no kink has a kink itself."""
    return degree(expr) in (0, 1) and not any(u.has(*IN_PIECES) for u in borders_of(expr))
