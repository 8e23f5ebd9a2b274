"""∂f/∂v, worked out in two ways that know nothing of each other.

By the chain rule: SymPy differentiates f with respect to the scores (hinge′ = step, as declared),
and ∂s_a/∂W_ab = x̃_b. By pieces: inside one open region f is a polynomial; the scores are written
out as W x̃ and the polynomial is differentiated term by term, with no hinge left in it. SymPy has
returned wrong derivatives without a word before; two ways that agree are worth more than one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from sympy import QQ, Add, Expr, Symbol, diff
from sympy.polys.rings import PolyElement, PolyRing

from gradbook.case import Case
from gradbook.notation import partial
from gradbook.regions import Cell, cells, forms_of

Batch = tuple[Case, ...]
Meaning = Mapping[Symbol, Expr]


@lru_cache(maxsize=4096)
def products(batch: Batch) -> Meaning:
    """s_j ↦ W_j x̃ for every example of the batch."""
    return {score: row for case in batch for score, row in case.products.items()}


@lru_cache(maxsize=100_000)
def by_chain_rule(f: Expr, v: Symbol, batch: Batch) -> Expr:
    """∂f/∂v, the letters s_j in f standing for W_j x̃."""
    total = _diff(f, v)
    meaning = products(batch)
    for score in sorted(f.free_symbols & meaning.keys(), key=str):
        if v in meaning[score].free_symbols:
            total += _diff(f, score) * _diff(meaning[score], v)
    return total


@lru_cache(maxsize=100_000)
def _diff(f: Expr, v: Symbol) -> Expr:
    return diff(f, v)


def without_partials(expr: Expr, batch: Batch) -> Expr:
    """`expr` with every ∂f/∂v in it worked out by the chain rule."""
    atoms = expr.atoms(partial)
    return expr.xreplace({atom: by_chain_rule(*atom.args, batch) for atom in atoms})


def disagreement(f: Expr, variables: tuple[Symbol, ...], batch: Batch) -> str | None:
    """Where the two ways differ, in words; None where they agree in every open region of f.

    Raises NotAffine or CoercionFailed where f is not piecewise polynomial in W and x̃.
    """
    if len(batch) == 1:
        return _disagreement(f, variables, _without_label(batch[0]))
    # Several examples: each term by itself, with the example whose scores it is written in.
    terms = Add.make_args(f.expand(deep=False))
    for v in variables:
        apart = Add(*(by_chain_rule(term, v, batch) for term in terms))
        if (by_chain_rule(f, v, batch) - apart).expand() != 0:
            return f"∂/∂{v} of {f} is not the sum over its terms"
    found = (
        _disagreement(term.as_coeff_Mul()[1], variables, _without_label(case))
        for term in terms
        for case in batch
        if term.free_symbols & case.products.keys()
    )
    return next((problem for problem in found if problem), None)


def _without_label(case: Case) -> Case:
    """What the letters mean does not depend on the label: found once for all labels."""
    return replace(case, y=0)


@lru_cache(maxsize=4096)
def _disagreement(f: Expr, variables: tuple[Symbol, ...], case: Case) -> str | None:
    for by_score in (False, True):
        wanted = [v for v in variables if (v in case.products) == by_score]
        # With respect to a score, the scores are the variables; else they stand for W x̃.
        meaning = {} if by_score else case.products
        ring = PolyRing(_letters(f, wanted, meaning), QQ)
        for cell in _open_regions(f) if wanted else ():
            piece = _polynomial(f, cell, meaning, ring)
            for v in wanted:
                ours = _polynomial(by_chain_rule(f, v, (case,)), cell, meaning, ring)
                if piece.diff(ring.symbols.index(v)) != ours:
                    return f"the chain rule and the polynomial of a region differ: ∂/∂{v} of {f}"
    return None


def _open_regions(f: Expr) -> Iterator[Cell | None]:
    forms = forms_of(f)
    if not forms:
        yield None
        return
    coordinates = sorted(set().union(*(u.free_symbols for u in forms)), key=str)
    yield from (cell for cell in cells(forms, coordinates) if cell.is_open)


def _letters(f: Expr, variables: Iterable[Symbol], meaning: Meaning) -> list[Symbol]:
    written = set(variables)
    for letter in f.free_symbols:
        written |= meaning[letter].free_symbols if letter in meaning else {letter}
    return sorted(written, key=str) or [Symbol("W")]


def _polynomial(expr: Expr, cell: Cell | None, meaning: Meaning, ring: PolyRing) -> PolyElement:
    piece = expr if cell is None else cell.restrict(expr)
    return ring.from_expr(piece.xreplace(dict(meaning)))
