"""One form for all ways to write an indexed formula: two formulas with the same form are equal.

For any sizes. What is used, and nothing else:

- products are multiplied out, and Σ of a sum is the sum of the Σs;
- masks become deltas, 1{p ≠ q} = 1 − δ_pq; δ_pq f(q) = δ_pq f(p); Σ_j δ_jt f(j) = f(t);
- a function of a delta is f(δ_pq) = δ_pq f(1) + (1 − δ_pq) f(0);
- what does not depend on a bound index leaves the sum; bound indices are renamed alike;
- Σ_k X⁻¹_ik X_kj = δ_ij, of a square matrix and its inverse; 1{k is the first largest} is 0 where
  k does not count, and adds up to 1 over all k; max_k u_k by smaller ones (`largest`);
- log(e^t u v) = t + log u + log v, for u > 0 that is seen to be; √(c u) = √c √u for a number c > 0;
- hinge(u) = u 1{u > 0}; 1{u ≥ 0} = 1{u > 0} + 1{u = 0}; 1{−u > 0} = 1 − 1{u ≥ 0}; 1{u > 0}² =
  1{u > 0}; 1{u > 0} 1{u = 0} = 0; and u = 0 where 1{u = 0} is a factor.

The converse does not hold: equal formulas may have two forms. Then nothing has been decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import permutations, product
from math import prod

from sympy import (
    Add,
    Expr,
    Function,
    Indexed,
    Mul,
    Piecewise,
    Pow,
    Sum,
    Symbol,
    exp,
    log,
)

from gradbook.any_size.binding import (
    depends,
    free,
    letters_of,
    nested,
    over_parts,
    substitute,
)
from gradbook.any_size.conditions import indicator_of
from gradbook.any_size.content import content, exponents
from gradbook.any_size.indicators import (
    NONE,
    ONE,
    ZERO,
    Different,
    adds_up_to_1,
    directed,
    given,
    in_order,
    indicator_form,
    is_indicator,
    ordered,
    with_directed_margins,
)
from gradbook.any_size.inverses import without_inverse
from gradbook.any_size.largest import chosen, largest, simpler
from gradbook.any_size.letters import UNKNOWN, range_between, which, zero
from gradbook.any_size.rules import in_range, selected
from gradbook.any_size.signs import is_above
from gradbook.notation import equal, hinge, partial, step, unequal
from gradbook.prove.expansion import at_most, power


@lru_cache(maxsize=50_000)
def canonical(expr: Expr, different: Different = NONE) -> Expr:
    """The form of `expr`. Raises ValueError where a ∂ in it is not worked out, and TooLarge."""
    match expr:
        case partial():
            raise ValueError(f"{expr} is not worked out")
        case equal():
            return ordered(expr.args, different)
        case unequal():
            return ONE - ordered(expr.args, different)
        case step():
            return _lifted(lambda u: indicator_form(u, expr.args[1]), expr.args[:1], different)
        case hinge():
            return _lifted(
                lambda u: _times([u, indicator_form(u, ZERO)], different), expr.args[:1], different
            )
        case zero():
            return _lifted(lambda u: zero(directed(u)[1]), expr.args, different)
        case Sum():
            return _sum(expr, different)
        case Indexed() if which(expr) == "symmetric":
            return in_order(expr)
        case Piecewise():
            return _piecewise(expr, different)
        case Add():
            return Add(*(canonical(term, different) for term in expr.args))
        case Mul():
            return _times([canonical(factor, different) for factor in expr.args], different)
        case Pow():
            return _power(expr, different)
        case log():
            return _lifted(lambda u: _log(u, different), expr.args, different)
        case exp():
            return _lifted(lambda u: Mul(*map(exp, Add.make_args(u))), expr.args, different)
        case chosen() if canonical(expr.counts(), different) == 0:
            return ZERO
        case largest() if (found := simpler(expr)) != expr:
            return canonical(found, different)
        case Function():
            return _lifted(expr.func, expr.args, different)
    return expr


# Products.


def _times(factors: Iterable[Expr], different: Different) -> Expr:
    """The product of canonical forms, multiplied out."""
    sums = [Add.make_args(part) for factor in factors for part in _repeated(factor)]
    at_most(prod(map(len, sums)))
    return Add(*(_monomial(term, different) for term in map(_multiplied, product(*sums))))


def _repeated(factor: Expr) -> Iterator[Expr]:
    """f, f for a factor f² that is to be multiplied out; f, √f for one with √f³."""
    if isinstance(factor, Pow) and factor.base.is_Add and factor.exp.is_Rational and factor.exp > 0:
        whole = factor.exp.floor()
        yield from [factor.base] * (power(Pow(factor.base, whole, evaluate=False)) if whole else 0)
        yield factor.base ** (factor.exp - whole)
    else:
        yield factor


def _multiplied(factors: tuple[Expr, ...]) -> Expr:
    """The product, its exponentials e^t taken together, one for each t."""
    parts = [part for factor in factors for part in Mul.make_args(factor)]
    plain = [part for part in parts if not isinstance(part, exp)]
    together = Add(*(part.args[0] for part in parts if isinstance(part, exp)))
    return Mul(*plain, *(exp(term) for term in Add.make_args(together)))


def _monomial(term: Expr, different: Different) -> Expr:
    """A product with δ² = δ, 1{u > 0} 1{u = 0} = 0, and what δ and 1{u = 0} say of the rest."""
    factors = [
        factor.base if _is_power_of_indicator(factor) else factor for factor in Mul.make_args(term)
    ]
    if len(factors) > 1 and any(_is_sum(factor) for factor in factors):  # √u √u is u
        return _times(factors, different)
    for factor in sorted(filter(is_indicator, factors), key=str):
        others = [other for other in factors if other != factor]
        used = [given(factor, other) for other in others]
        if used != others:
            return _times([factor, *(canonical(other, different) for other in used)], different)
    return Mul(*factors)


def _is_sum(factor: Expr) -> bool:
    """Whether it has to be multiplied out."""
    base, exponent = factor.as_base_exp()
    return bool(base.is_Add and exponent.is_Rational and exponent >= 1)


def _is_power_of_indicator(factor: Expr) -> bool:
    return isinstance(factor, Pow) and is_indicator(factor.base) and bool(factor.exp.is_positive)


def _power(expr: Expr, different: Different) -> Expr:
    base, exponent = expr.args
    if exponent.is_Integer and exponent > 0:
        return _times([canonical(base, different)] * power(expr), different)
    if exponent.is_Rational:
        return _lifted(lambda form: _inverse(form, exponent, different), (base,), different)
    return _lifted(Pow, expr.args, different)


def _inverse(form: Expr, power: Expr, different: Different) -> Expr:
    """form^power, for a power that is negative or of a root, what all terms share taken out."""
    number, common, rest = content(form)
    if power.is_Integer:
        return _times([(number * common) ** power, Pow(rest, power)], different)
    if number < 0:
        number, rest = -number, -rest
    if not is_above(common, strictly=True):
        common, rest = ONE, Add(*(common * term for term in Add.make_args(rest)))
    return _times([Pow(number, power), Pow(common, power), Pow(rest, power)], different)


def _log(form: Expr, different: Different) -> Expr:
    """log of a product: of each factor that is above 0 by itself, and of what is left."""
    number, common, rest = content(form)
    found: list[Expr] = []
    left = number * rest
    for base, exponent in exponents(common).items():
        if isinstance(base, exp):
            found.append(exponent * base.args[0])
        elif is_above(base, strictly=True):
            found.append(exponent * log(base))
        else:
            left *= base**exponent
    if number > 0 and number != 1 and left != number:
        left /= number
        found.append(log(number))
    return Add(*found, log(left))


# Functions.


def _lifted(function: Callable[..., Expr], arguments: Iterable[Expr], different: Different) -> Expr:
    """function(arguments): f(δ) = δ f(1) + (1 − δ) f(0) until no argument has a free delta."""
    forms = [canonical(argument, different) for argument in arguments]
    delta = min((d for form in forms for d in _free_deltas(form)), key=str, default=None)
    if delta is None:
        return function(*forms)
    kept, replaced = delta.args
    same = [substitute(_decided(form, delta, ONE), {replaced: kept}) for form in forms]
    other = [_decided(form, delta, ZERO) for form in forms]
    where_same = _lifted(function, same, different)
    where_other = _lifted(function, other, different)
    return Add(
        _times([delta, canonical(where_same, different)], different),
        _times([ONE - delta, canonical(where_other, different)], different),
    )


def _free_deltas(form: Expr) -> list[Expr]:
    return [d for d in form.atoms(equal) if free(d) <= free(form)]


def _decided(form: Expr, delta: Expr, value: Expr) -> Expr:
    return over_parts(form, lambda part: value if part == delta else part)


def _piecewise(expr: Piecewise, different: Different) -> Expr:
    """Each value times 1{its condition holds and none before it}."""
    rest, total = ONE, ZERO
    for value, condition in expr.args:
        holds = indicator_of(condition)
        total += value * holds * rest
        rest *= 1 - holds
    return canonical(total, different)


# Sums.


def _sum(expr: Sum, different: Different) -> Expr:
    summand, index, first, last = nested(expr)
    inner = _unused(first, last, "ξ", letters_of(expr))
    form = canonical(substitute(summand, {index: inner}), different)
    return Add(*(_sum_of(term, inner, first, last, different) for term in Add.make_args(form)))


def _unused(first: Expr, last: Expr, mark: str, taken: set[Symbol]) -> Symbol:
    """A letter for an index that runs from first to last."""
    letters = (range_between(first, last) or UNKNOWN).numbered(mark)
    return next(letter for letter in letters if letter not in taken)


def _sum_of(term: Expr, index: Symbol, first: Expr, last: Expr, different: Different) -> Expr:
    """Σ of one product: a δ selects a term; what does not depend on the index leaves."""
    factors = _apart(term, index)
    for factor in factors:
        chosen = selected(factor, index)
        if chosen is not None:
            rest = Mul(*(other for other in factors if other is not factor))
            at = canonical(substitute(rest, {index: chosen}), different)
            return _times([in_range(chosen, first, last), at], different)
    inside = [factor for factor in factors if depends(factor, index)]
    outside = [factor for factor in factors if not depends(factor, index)]
    shorter = without_inverse(inside, index, first, last)
    if shorter is not None:
        return _times([canonical(shorter, different), *outside], different)
    known = range_between(first, last)
    if len(inside) == 1 and adds_up_to_1(inside[0], index, known):
        return Mul(*outside)
    if not inside and known is not None:
        return _times([canonical(known.size, different), *outside], different)
    return _times([closed(inside, index, first, last), *outside], different)


def _apart(term: Expr, index: Symbol) -> list[Expr]:
    """The factors; e^{u + v} as e^u e^v, so that what depends on the index stands by itself."""
    factors: list[Expr] = []
    for factor in Mul.make_args(term):
        if isinstance(factor, exp):
            (u,) = factor.args
            inside = Add(*(part for part in Add.make_args(u) if depends(part, index)))
            factors += [exp(inside), exp(u - inside)]
        else:
            factors.append(factor)
    return factors


def closed(factors: list[Expr], index: Symbol, first: Expr, last: Expr) -> Expr:
    """Σ over the index and over those of the sums among the factors, as one sum."""
    limits = [(index, first, last)]
    plain: list[Expr] = []
    for factor in factors:
        for part in sums_repeated(factor):
            if isinstance(part, Sum):
                body, own = _opened(part, {index, *(letter for letter, _, _ in limits)}, plain)
                plain.append(body)
                limits = own + limits
            else:
                plain.append(part)
    return _named_alike(_multiplied(tuple(plain)), limits)


def sums_repeated(factor: Expr) -> Iterator[Expr]:
    """Σ, Σ for a factor Σ²."""
    is_power = isinstance(factor, Pow) and isinstance(factor.base, Sum) and factor.exp.is_Integer
    if is_power and factor.exp > 0:
        yield from [factor.base] * int(factor.exp)
    else:
        yield factor


Limits = tuple[Symbol, Expr, Expr]


def _opened(part: Sum, taken: set[Symbol], others: list[Expr]) -> tuple[Expr, list[Limits]]:
    """The summand and the limits of a sum, with letters that nothing else uses."""
    limits: list[Limits] = []
    body: Expr = part
    while isinstance(body, Sum):
        summand, index, first, last = nested(body)
        used = letters_of(summand) | taken | {letter for letter, _, _ in limits}
        used = used.union(*map(letters_of, others))
        fresh = _unused(first, last, "η", used)
        limits.insert(0, (fresh, first, last))
        body = substitute(summand, {index: fresh})
    return body, limits


def _named_alike(body: Expr, limits: list[Limits]) -> Expr:
    """The sum with the letters j_·0, j_·1, … for its indices, in the order that reads first.

    Exchanging two indices can turn a margin round: Σ_jk 1{s_j > s_k} s_k is Σ_jk 1{s_k > s_j} s_j,
    and so Σ_jk (1 − 1{s_j > s_k} − 1{s_j = s_k}) s_j. Which of them reads first stands for both.
    """
    ways = sorted(_ways(body, limits), key=lambda way: (str(way.sum), way.turned))
    first, *others = ways
    if first.turned == 0:
        opposite = next((w for w in others if w.sum == first.sum and w.turned % 2), None)
        return first.sum if opposite is None else opposite.rest() / 2
    return (-1) ** first.turned * first.sum + first.rest()


@dataclass(frozen=True)
class _Way:
    """A sum with one choice of letters, its margins directed; turned says how many were not."""

    body: Expr
    ends: tuple[Limits, ...]
    directed: Expr
    turned: int

    @property
    def sum(self) -> Expr:
        return reduce(lambda inner, limit: Sum(inner, limit), self.ends, self.directed)

    def rest(self) -> Expr:
        """What the sum has besides the directed one: it has fewer indicators."""
        rest = canonical(self.body) - (-1) ** self.turned * self.directed
        sums = (
            reduce(lambda inner, limit: Sum(inner, limit), self.ends, term)
            for term in Add.make_args(rest)
        )
        return Add(*map(canonical, sums))


def _ways(body: Expr, limits: list[Limits]) -> Iterator[_Way]:
    """Every choice of letters; only the one there is where an end depends on an index."""
    own = {letter for letter, _, _ in limits}
    independent = not any(free(end) & own for _, *ends in limits for end in ends)
    orders = permutations(limits) if independent and len(own) <= 4 else [tuple(limits)]
    namings = (_letters(order, letters_of(body) - own) for order in orders)
    # Each range has letters of its own: most orders give the same.
    for names in map(dict, dict.fromkeys(map(frozenset, namings))):
        ends = [
            (names[letter], substitute(first, names), substitute(last, names))
            for letter, first, last in limits
        ]
        renamed = over_parts(substitute(body, names), in_order)
        directed, turned = with_directed_margins(renamed)
        ends = sorted(ends, key=str) if independent else ends
        yield _Way(renamed, tuple(ends), directed, turned)


def _letters(order: tuple[Limits, ...], taken: set[Symbol]) -> Iterator[tuple[Symbol, Symbol]]:
    """The first letters that are not taken, for indices in this order."""
    for letter, first, last in order:
        name = _unused(first, last, "·", taken)
        taken = taken | {name}
        yield letter, name
