"""∂f/∂v, worked out in two ways that know nothing of each other.

By the chain rule: SymPy differentiates f with respect to the scores (hinge′ = step, as declared),
and ∂s_a/∂W_ab = x̃_b. By pieces: inside one open region f is a polynomial; the scores are written
out as W x̃ and the polynomial is differentiated term by term, with no hinge left in it. SymPy has
returned wrong derivatives without a word before; two ways that agree are worth more than one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from sympy import Add, Expr, Integer, Symbol, diff

from gradbook.case import Case
from gradbook.notation import partial
from gradbook.prove.expansion import expanded, terms
from gradbook.prove.pieces import Pieces, Replacements
from gradbook.regions import Budget, cells, forms_of, letters_of

Batch = tuple[Case, ...]
Meaning = Mapping[Symbol, Expr]


@lru_cache(maxsize=4096)
def unlabelled(batch: Batch) -> Batch:
    """What the letters mean does not depend on the labels: found once for all labels."""
    return tuple(replace(case, y=0) for case in batch)


@lru_cache(maxsize=4096)
def products(batch: Batch) -> Meaning:
    """s_j ↦ W_j x̃ for every example of the batch."""
    return {score: row for case in batch for score, row in case.products.items()}


@lru_cache(maxsize=4096)
def _slopes(batch: Batch) -> Mapping[Symbol, Mapping[Symbol, Expr]]:
    """v ↦ s_a ↦ ∂s_a/∂v, for every letter v that moves a score."""
    found: dict[Symbol, dict[Symbol, Expr]] = {}
    for score, product in products(batch).items():
        for v in product.free_symbols:
            found.setdefault(v, {})[score] = diff(product, v)
    return found


def by_chain_rule(f: Expr, v: Symbol, batch: Batch) -> Expr:
    """∂f/∂v, the letters s_j in f standing for W_j x̃."""
    letters = letters_of(f)
    moved = _slopes(unlabelled(batch)).get(v, {})
    terms = [_diff(f, score) * slope for score, slope in moved.items() if score in letters]
    return Add(_diff(f, v), *terms)


@lru_cache(maxsize=100_000)
def _diff(f: Expr, v: Symbol) -> Expr:
    return diff(f, v) if v in letters_of(f) else Integer(0)


def without_partials(expr: Expr, batch: Batch) -> Expr:
    """`expr` with every ∂f/∂v in it worked out by the chain rule."""
    atoms = partials_of(expr)
    return expr.xreplace({atom: by_chain_rule(atom.args[0], atom.args[1], batch) for atom in atoms})


@lru_cache(maxsize=100_000)
def partials_of(expr: Expr) -> tuple[partial, ...]:
    """The derivatives ∂f/∂v in `expr` that are not yet worked out, in the order of their names."""
    return (expr,) if isinstance(expr, partial) else tuple(sorted(expr.atoms(partial), key=str))


#: So many regions are gone through for a claim, or for a derivative in it.
REGIONS = 20_000


def disagreement(
    f: Expr, variables: tuple[Symbol, ...], batch: Batch, most: int = REGIONS
) -> str | None:
    """Where the two ways differ, in words; None where they agree in every open region of f.

    Raises NotAffine where f is not piecewise polynomial in W and x̃, and regions.Exhausted where it
    has `most` regions and more.
    """
    return _disagreement(f, variables, unlabelled(batch), most)


@lru_cache(maxsize=4096)
def _disagreement(f: Expr, variables: tuple[Symbol, ...], batch: Batch, most: int) -> str | None:
    if len(batch) == 1:
        return _disagreement_in_regions(f, variables, batch, most)
    # The regions of all examples together are too many: each term by itself, with the examples
    # whose scores it is written in.
    parts = Add.make_args(expanded(f, deep=False))
    for letter in sorted(letters_of(f), key=str):
        whole, apart = _diff(f, letter), Add(*(_diff(term, letter) for term in parts))
        if whole != apart and expanded(whole - apart) != 0:
            return f"∂/∂{letter} of {f} is not the sum over its terms"
    found = (
        _disagreement_in_regions(term, variables, mentioned(term, batch), most)
        for term in _monic(parts)
    )
    return next(filter(None, found), None)


def _monic(terms: Sequence[Expr]) -> Iterator[Expr]:
    """The terms without their numbers: c·t has the derivative c·∂t."""
    return (term.as_coeff_Mul()[1] for term in terms)


def mentioned(term: Expr, batch: Batch) -> Batch:
    """The examples whose scores the term contains; one example, where it contains none."""
    found = tuple(case for case in batch if letters_of(term) & case.products.keys())
    return found or batch[:1]


@lru_cache(maxsize=4096)
def _disagreement_in_regions(
    f: Expr, variables: tuple[Symbol, ...], batch: Batch, most: int
) -> str | None:
    scores = products(batch)
    # With respect to a score, the scores are the variables; else they stand for W x̃.
    return _differs(f, [v for v in variables if v in scores], {}, batch, most) or _differs(
        f, [v for v in variables if v not in scores], scores, batch, most
    )


def _differs(
    f: Expr, variables: Sequence[Symbol], meaning: Meaning, batch: Batch, most: int
) -> str | None:
    if not variables:
        return None
    terms(f.xreplace(dict(meaning)))
    derivatives = {v: by_chain_rule(f, v, batch) for v in variables}
    formulas = [f, *derivatives.values()]
    pieces = Pieces.of(formulas, meaning)
    for region in _open_regions(formulas, pieces, Budget(most)):
        piece = pieces.inside(f, region)
        for v, ours in derivatives.items():
            slope = piece.diff(pieces.known[v]) if v in pieces.known else pieces.ring.zero
            if slope != pieces.inside(ours, region):
                return f"the chain rule and the polynomial of a region differ: ∂/∂{v} of {f}"
    return None


def _open_regions(
    formulas: Sequence[Expr], pieces: Pieces, budget: Budget
) -> Iterator[Replacements]:
    """What the kinks of the formulas are in each of their open regions."""
    forms = forms_of(*formulas)
    coordinates = sorted({letter for u in forms for letter in letters_of(u)}, key=str)
    found = cells(forms, coordinates, faces=False, budget=budget)
    yield from (pieces.region(cell) for cell in found)
