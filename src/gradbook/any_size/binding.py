"""Replacing letters under a Σ, without ever capturing one.

In Σ_j W_jk x_k the letter j is bound: it may be renamed, and nothing outside the sum can mean it.
SymPy's `subs` and `diff` do not always keep to that; everything here is replaced by `substitute`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from sympy import Basic, Expr, Indexed, IndexedBase, Integer, Sum, Symbol

from gradbook.any_size.letters import (
    CLASSES,
    Defined,
    S,
    W,
    X,
    c,
    i,
    is_size,
    j,
    label,
    range_between,
    range_of,
    s,
    x,
    y,
)
from gradbook.any_size.sums import over_features
from gradbook.arguments import instance

Meaning = Mapping[Expr, Expr]


def nested(expr: Sum) -> tuple[Expr, Symbol, Expr, Expr]:
    """Σ as (summand, index, first, last) of its outermost index."""
    *inner, outermost = expr.limits
    summand = Sum(expr.function, *inner) if inner else expr.function
    return summand, *outermost


def summed(summand: Expr, index: Symbol, first: Expr, last: Expr) -> Expr:
    """Σ summand; 0 where the summand is 0."""
    return Sum(summand, (index, first, last)) if summand != 0 else Integer(0)


def letters_of(expr: Basic) -> set[Symbol]:
    """Every letter in `expr`, free or bound."""
    return expr.atoms(Symbol)


@lru_cache(maxsize=20_000)
def free(expr: Basic) -> frozenset[Expr]:
    """The free letters of `expr`, and its letters with indices, s_j or y_i, none of them bound.

    SymPy's `free_symbols` counts s_j as free in Σ_j s_j, and the base s as a letter.
    """
    if isinstance(expr, Symbol):
        return frozenset({expr})
    if isinstance(expr, Indexed):
        return frozenset({expr}).union(*map(free, expr.indices))
    if isinstance(expr, IndexedBase):
        return frozenset()
    if isinstance(expr, Sum):
        summand, index, first, last = nested(expr)
        outside = frozenset(term for term in free(summand) if index not in free(term))
        return outside | free(first) | free(last)
    return frozenset().union(*map(free, expr.args))


def free_indices(*formulas: Expr) -> set[Symbol]:
    """The free indices of the formulas: their free letters, but for the sizes and real numbers."""
    letters = {letter for formula in formulas for letter in free(formula)}
    indices = {letter for letter in letters if letter.is_Symbol and not is_size(letter)}
    return {letter for letter in indices if letter.is_integer or not letter.is_real}


def depends(expr: Expr, term: Expr) -> bool:
    """Whether `term`, an index or y_i, occurs free in `expr`."""
    return term in free(expr)


def substitute(expr: Expr, meaning: Meaning) -> Expr:
    """`expr` with free letters replaced; an index bound by a sum is renamed rather than captured.

    meaning: what stands for each index, each y_i or each other letter.
    """
    if expr in meaning:
        return meaning[expr]
    if isinstance(expr, Sum):
        return _under_sum(expr, meaning)
    if isinstance(expr, Indexed):
        return expr.base[tuple(substitute(index, meaning) for index in expr.indices)]
    return over_arguments(expr, lambda part: substitute(part, meaning))


def _under_sum(expr: Sum, meaning: Meaning) -> Expr:
    summand, index, first, last = nested(expr)
    first, last = substitute(first, meaning), substitute(last, meaning)
    inside = {old: new for old, new in meaning.items() if depends(expr, old)}
    if any(depends(new, index) for new in inside.values()):
        summand, index = renamed(summand, index, first, last, {*inside, *inside.values()})
    return summed(substitute(summand, inside), index, first, last)


def renamed(
    summand: Expr, index: Symbol, first: Expr, last: Expr, avoid: set[Expr]
) -> tuple[Expr, Symbol]:
    """The summand with another letter for its index, one that is nowhere in `avoid`."""
    taken = (letters_of(summand) - {index}).union(*(letters_of(term) for term in avoid))
    fresh = (range_between(first, last) or CLASSES).fresh(taken)
    return substitute(summand, {index: fresh}), fresh


def apart(expr: Sum, avoid: set[Expr]) -> tuple[Expr, Symbol, Expr, Expr]:
    """A sum as (summand, index, first, last), its index being none of the letters of `avoid`."""
    summand, index, first, last = nested(expr)
    if any(index in letters_of(term) for term in avoid):
        summand, index = renamed(summand, index, first, last, avoid)
    return summand, index, first, last


def with_bound_apart(expr: Expr, avoid: set[Expr]) -> Expr:
    """`expr` with none of the letters of `avoid` bound anywhere in it."""

    def renamed_if_needed(part: Expr) -> Expr:
        if not isinstance(part, Sum):
            return part
        summand, index, first, last = apart(part, avoid)
        return summed(with_bound_apart(summand, avoid), index, first, last)

    return over_parts(expr, renamed_if_needed)


def with_usual_indices(expr: Expr) -> Expr:
    """`expr` with every sum over j, k, …: whatever letter its writer chose for a class."""

    def renamed_if_unusual(part: Expr) -> Expr:
        if not isinstance(part, Sum):
            return part
        summand, index, first, last = nested(part)
        if index not in (range_between(first, last) or CLASSES).bound:
            summand, index = renamed(summand, index, first, last, set())
        return summed(with_usual_indices(summand), index, first, last)

    return over_parts(expr, renamed_if_unusual)


def over_arguments(expr: Expr, function: Callable[[Expr], Expr]) -> Expr:
    """`expr` with a function applied to each argument; letters and their bases stay."""
    if not expr.args or isinstance(expr, Indexed | IndexedBase):
        return expr
    return expr.func(*(function(argument) for argument in expr.args))


def over_parts(expr: Expr, function: Callable[[Expr], Expr]) -> Expr:
    """`expr` with a function applied to it or, where that changes nothing, to its parts."""
    changed = function(expr)
    if changed != expr:
        return changed
    if isinstance(expr, Sum):
        summand, index, first, last = nested(expr)
        return summed(over_parts(summand, function), index, first, last)
    return over_arguments(expr, lambda part: over_parts(part, function))


def of_example(expr: Expr, example: Symbol) -> Expr:
    """A formula of one example as that of example i: y becomes y_i, s_j S_ij and x̃_b X̃_ib."""
    instance("expr", expr, Expr, "an expression")
    instance("example", example, Symbol, "a letter")
    expr = substitute(with_bound_apart(expr, {example}), {y: label[example]})
    rows = {s: S, x: X}

    def with_example(part: Expr) -> Expr:
        if isinstance(part, Indexed) and part.base in rows:
            return rows[part.base][(example, *part.indices)]
        return part

    return over_parts(expr, with_example)


#: What the scores stand for: s_j = Σ_c W_jc x̃_c, S_ij = Σ_c W_jc X̃_ic (N2).
_SCORES = {
    s: Defined("s", (j,), over_features(c, W[j, c] * x[c])),
    S: Defined("S", (i, j), over_features(c, W[j, c] * X[i, c])),
}


def definition_of(letter: Expr) -> Defined | None:
    """What s_j, or another letter with its indices, is defined as; None for one that is given."""
    name = letter.base.label if isinstance(letter, Indexed) else letter
    if isinstance(letter, Indexed):
        name = _SCORES.get(letter.base, name)
    return name if isinstance(name, Defined) else None


def meaning_of(letter: Expr) -> Expr | None:
    """A letter written out, its own indices in place."""
    defined = definition_of(letter)
    if defined is None:
        return None
    indices = letter.indices if isinstance(letter, Indexed) else ()
    return substitute(defined.meaning, dict(zip(defined.slots, indices, strict=True)))


def written_out(expr: Expr) -> Expr:
    """`expr` in given letters alone, but for those in blocks: s_j = Σ_c W_jc x̃_c."""

    def one(part: Expr) -> Expr:
        defined = definition_of(part)
        return meaning_of(part) or part if defined and not defined.in_blocks else part

    while (after := over_parts(expr, one)) != expr:
        expr = after
    return expr


@lru_cache(maxsize=20_000)
def letters_in(expr: Expr) -> frozenset[Expr]:
    """The given and defined letters of a formula, without indices: bases, and numbers."""
    bases = expr.atoms(IndexedBase)
    names = {base.label for base in bases}
    plain = {t for t in expr.atoms(Symbol) - names if not is_size(t) and range_of(t) is None}
    return frozenset(bases | plain)


@lru_cache(maxsize=5_000)
def made_of(base: Expr) -> frozenset[Expr]:
    """The letter, without indices, and all that it is made of."""
    name = _SCORES.get(base) or (base.label if isinstance(base, IndexedBase) else base)
    inner = letters_in(name.meaning) if isinstance(name, Defined) else frozenset()
    return frozenset({base}).union(*map(made_of, inner))


@lru_cache(maxsize=1_000)
def is_closed(defined: Defined) -> bool:
    """Whether what it stands for is told by its own indices, and not by a label besides."""
    inner = filter(None, map(definition_of, defined.meaning.atoms(Indexed, Symbol)))
    return free_indices(defined.meaning) <= {*defined.slots} and all(map(is_closed, inner))
