"""The rules of differentiation, and of sums with a Kronecker δ, each as a function of a formula.

A rule rewrites every place of a formula that it fits, and leaves the rest. δ_ja is `equal(j, a)`;
∂f/∂v is `partial(f, v)`, not yet worked out. The letters of v are free where it is differentiated
by, so that a Σ over the same letter has to be renamed first: `binding` sees to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sympy import (
    Abs,
    Add,
    And,
    Derivative,
    DiracDelta,
    Eq,
    Expr,
    Function,
    Heaviside,
    Indexed,
    Integer,
    Max,
    Min,
    Mul,
    Ne,
    Piecewise,
    Pow,
    Subs,
    Sum,
    Symbol,
    ceiling,
    floor,
    log,
    sign,
)

from gradbook.any_size.binding import (
    apart,
    definition_of,
    depends,
    free,
    meaning_of,
    nested,
    over_parts,
    substitute,
    summed,
)
from gradbook.any_size.letters import X, range_between, range_of, within, x
from gradbook.any_size.slopes import MANY, NotDerivable, slope_of_many, varies
from gradbook.notation import equal, hinge, partial, step, unequal

Lemma = tuple[Expr, Expr]


@dataclass(frozen=True)
class Step:
    """before = after, by one rule. using: the equations that the rule was applied with."""

    rule: str
    before: Expr
    after: Expr
    using: tuple[Lemma, ...] = ()


@dataclass(frozen=True)
class Chain:
    """start = … = end: a chain of equalities, each by one rule."""

    start: Expr
    steps: tuple[Step, ...] = ()

    @property
    def end(self) -> Expr:
        return self.steps[-1].after if self.steps else self.start

    def then(self, rule: str, after: Expr, *using: Lemma) -> Chain:
        """The chain with one more step; the chain itself where that step changes nothing."""
        if after == self.end:
            return self
        return Chain(self.start, (*self.steps, Step(rule, self.end, after, using)))

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)


@dataclass(frozen=True)
class Rule:
    """A name, how it rewrites a formula, and the equations that it uses there."""

    name: str
    rewrite: Callable[[Expr], Expr]
    uses: Callable[[Expr], tuple[Lemma, ...]] = lambda expr: ()


def rewritten(chain: Chain, rules: Sequence[Rule]) -> Chain:
    """The chain continued with the first rule that fits, then again, until none does."""
    while True:
        for rule in rules:
            after = _exhausted(rule, chain.end)
            if after != chain.end:
                chain = chain.then(rule.name, after, *rule.uses(chain.end))
                break
        else:
            return chain


def _exhausted(rule: Rule, expr: Expr) -> Expr:
    while (after := rule.rewrite(expr)) != expr:
        expr = after
    return expr


# Derivatives.


def _derivative(f: Expr, v: Expr) -> Expr:
    return partial(f, v) if varies(f, v) else Integer(0)


def _on_derivatives(rule: Callable[[Expr, Expr], Expr]) -> Callable[[Expr], Expr]:
    def rewrite(part: Expr) -> Expr:
        return rule(*part.args) if isinstance(part, partial) else part

    return lambda expr: over_parts(expr, rewrite)


def _linear(f: Expr, v: Expr) -> Expr:
    """∂(f + g) = ∂f + ∂g; ∂Σf = Σ∂f; ∂(c f) = c ∂f and ∂c = 0 for c that does not depend on v."""
    if not varies(f, v):
        return Integer(0)
    if f.is_Add:
        return Add(*(_derivative(term, v) for term in f.args))
    if isinstance(f, Sum):
        summand, index, first, last = apart(f, {v})
        return summed(_derivative(summand, v), index, first, last)
    if f.is_Mul:
        varying = [factor for factor in f.args if varies(factor, v)]
        constant = [factor for factor in f.args if factor not in varying]
        return Mul(*constant, partial(Mul(*varying), v))
    return partial(f, v)


def _product(f: Expr, v: Expr) -> Expr:
    """∂(f g) = g ∂f + f ∂g."""
    if not f.is_Mul:
        return partial(f, v)
    rest = [Mul(*(f.args[:place] + f.args[place + 1 :])) for place in range(len(f.args))]
    return Add(*(_derivative(g, v) * others for g, others in zip(f.args, rest, strict=True)))


def _chain(f: Expr, v: Expr) -> Expr:
    """∂g(u) = g′(u) ∂u, for each argument u of g that depends on v."""
    if isinstance(f, (Indexed, Symbol, Sum, partial, Add, Mul, *MANY)):
        return partial(f, v)
    return Add(
        *(slope(f, place) * partial(u, v) for place, u in enumerate(f.args, 1) if varies(u, v))
    )


def slope(f: Expr, place: int = 1) -> Expr:
    """g′(u) for f = g(u): the derivative by the argument at `place`, kinks as declared.

    Raises NotDerivable where it is unknown, or is one of SymPy's own choices at a kink.
    """
    if isinstance(f, Pow):
        return f.exp * f.base ** (f.exp - 1) if place == 1 else f * log(f.base)
    kinked = isinstance(f, Abs | Max | Min | Piecewise | sign | floor | ceiling)
    found = None if kinked or not isinstance(f, Function) else f.fdiff(place)
    if found is None or found.has(Heaviside, DiracDelta, sign, Derivative, Subs):
        why = "at its kink: write it with hinge or step" if kinked else "here"
        raise NotDerivable(f"no derivative of {f.func.__name__} is declared {why}")
    return found


def _slopes_used(expr: Expr) -> tuple[Lemma, ...]:
    """max(0, u)′ = 1{u > 0} and the like, for the functions that the chain rule meets."""
    u = Symbol("u", real=True)
    found: dict[Expr, Expr] = {}
    for f, v in (part.args for part in _derivatives_in(expr)):
        varying = [place for place, part in enumerate(f.args, 1) if varies(part, v)]
        if isinstance(f, Function | Pow) and not isinstance(f, MANY) and len(varying) == 1:
            (place,) = varying
            plain = f.func(*f.args[: place - 1], u, *f.args[place:])
            found[plain] = slope(plain, place)
    return tuple(found.items())


def _derivatives_in(expr: Expr) -> list[Expr]:
    return sorted(expr.atoms(partial), key=str)


def _by_letter(f: Expr, v: Expr) -> Expr:
    """∂s_j/∂W_ab = δ_ja x̃_b; ∂S_ij/∂W_ab = δ_ja X̃_ib; ∂W_jc/∂W_ab = δ_ja δ_cb; ∂s_j/∂s_a = δ_ja."""
    if isinstance(f, Indexed) and isinstance(v, Indexed) and f.base == v.base:
        pairs = zip(f.indices, v.indices, strict=True)
        return Mul(*(equal(*pair) for pair in pairs))
    if f == v:
        return Integer(1)
    defined = definition_of(f)
    if defined is None:
        return partial(f, v)
    if defined.in_blocks:
        raise NotDerivable(f"{f} is made of blocks, and has no one derivative")
    return rewritten(Chain(partial(meaning_of(f), v)), (*DERIVATIVES, *SUMS)).end


def _of_many(f: Expr, v: Expr) -> Expr:
    return slope_of_many(f, v) if isinstance(f, MANY) else partial(f, v)


def _letters_used(expr: Expr) -> tuple[Lemma, ...]:
    """∂s_j/∂W_ab = δ_ja x̃_b and the like: one for each kind of letter."""
    found: dict[tuple[Expr, ...], Expr] = {}
    for part in _derivatives_in(expr):
        if isinstance(part.args[0], Indexed):
            letters = tuple(getattr(letter, "base", letter) for letter in part.args)
            found.setdefault(letters, part)
    return tuple((part, _by_letter(*part.args)) for part in found.values())


LINEAR = Rule("the derivative is linear", _on_derivatives(_linear))
PRODUCT = Rule("product rule", _on_derivatives(_product))
CHAIN = Rule("chain rule", _on_derivatives(_chain), _slopes_used)
MANY_ENTRIES = Rule("derivative of an inverse, of a max", _on_derivatives(_of_many))
LETTER = Rule("derivative of a letter", _on_derivatives(_by_letter), _letters_used)

#: Applied in this order until no ∂ is left.
DERIVATIVES = (LINEAR, PRODUCT, CHAIN, MANY_ENTRIES, LETTER)


# Sums with a δ.


def _on_sums(rule: Callable[[Expr, Symbol, Expr, Expr], Expr]) -> Callable[[Expr], Expr]:
    def rewrite(part: Expr) -> Expr:
        return rule(*nested(part)) if isinstance(part, Sum) else part

    return lambda expr: over_parts(expr, rewrite)


def _split(summand: Expr, index: Symbol, first: Expr, last: Expr) -> Expr:
    """Σ f (g + h) = Σ f g + Σ f h, where g or h is a product with a δ."""
    factors = Mul.make_args(summand)
    sums = [factor for factor in factors if factor.is_Add and _has_delta(factor, index)]
    if not sums:
        return Sum(summand, (index, first, last))
    rest = Mul(*(factor for factor in factors if factor is not sums[0]))
    numbers_and_terms = [(rest * term).as_coeff_Mul() for term in sums[0].args]
    return Add(*(c * summed(term, index, first, last) for c, term in numbers_and_terms))


def _has_delta(expr: Expr, index: Symbol) -> bool:
    """Whether a term has a δ as a factor, or one with the index anywhere."""
    factors = [factor for term in Add.make_args(expr) for factor in Mul.make_args(term)]
    return any(isinstance(factor, equal) for factor in factors) or any(
        depends(delta, index) for delta in expr.atoms(equal)
    )


def _select(summand: Expr, index: Symbol, first: Expr, last: Expr) -> Expr:
    """Σ_j δ_jt f(j) = f(t), for t in the range of the sum."""
    for factor in Mul.make_args(summand):
        term = selected(factor, index)
        if term is not None:
            rest = Mul(*(other for other in Mul.make_args(summand) if other is not factor))
            return in_range(term, first, last) * substitute(rest, {index: term})
    return Sum(summand, (index, first, last))


def selected(factor: Expr, index: Symbol) -> Expr | None:
    """t, if the factor is δ_jt for the index j and a t that does not depend on j."""
    if isinstance(factor, equal) and index in factor.args:
        left, right = factor.args
        term = right if left == index else left
        return None if depends(term, index) else term
    return None


def in_range(term: Expr, first: Expr, last: Expr) -> Expr:
    """1{first ≤ t ≤ last}: 1 for the letters, the two ends and the first numbers of a range."""
    known = range_between(first, last)
    if known is not None:
        is_early = bool(term.is_Integer and 0 <= term < known.least)
        is_last = term == last and known.least > 0
        if is_early or is_last or range_of(term) == known:
            return Integer(1)
    before, after = first - term, term - last
    if any(distance.is_Integer and distance > 0 for distance in (before, after)):
        return Integer(0)
    return within(term, first, last)


def _factor_out(summand: Expr, index: Symbol, first: Expr, last: Expr) -> Expr:
    """Σ_j c f(j) = c Σ_j f(j), and Σ_j c = C c."""
    factors = Mul.make_args(summand)
    inside = Mul(*(factor for factor in factors if depends(factor, index)))
    outside = Mul(*(factor for factor in factors if not depends(factor, index)))
    known = range_between(first, last)
    if inside == 1 and known is not None:
        return outside * known.size
    return outside * Sum(inside, (index, first, last))


def _factor_out_features(part: Expr) -> Expr:
    """f x̃_b + g x̃_b = (f + g) x̃_b."""
    if not part.is_Add:
        return part
    factors = [set(Mul.make_args(term)) for term in part.args]
    common = set.intersection(*factors)
    shared = {t for t in common if isinstance(t, Indexed) and t.base in (x, X)}
    if not shared:
        return part
    return Mul(*shared, Add(*(term / Mul(*shared) for term in part.args)))


def _absorb(part: Expr) -> Expr:
    """max(0, u) · 1{u > 0} = max(0, u): at u = 0 too, whatever is declared there."""
    if not part.is_Mul:
        return part
    bases = [f.base if isinstance(f, Pow) and f.exp.is_positive else f for f in part.args]
    hinged = {base.args[0] for base in bases if isinstance(base, hinge)}
    left = [f for f in part.args if not (isinstance(f, step) and f.args[0] in hinged)]
    return Mul(*left)


ABSORB = Rule("max(0, u) is 0 where 1{u > 0} is", lambda expr: over_parts(expr, _absorb))
SPLIT = Rule("split the sum", _on_sums(_split))
SELECT = Rule("δ selects a term", _on_sums(_select))
FACTOR_OUT = Rule("constant factors leave the sum", _on_sums(_factor_out))
COLLECT = Rule(
    "factor out what all terms have", lambda expr: over_parts(expr, _factor_out_features)
)

#: Applied in this order until nothing changes.
SUMS = (ABSORB, SPLIT, SELECT, FACTOR_OUT, COLLECT)


# Cases.


def by_cases(expr: Expr, letter: Symbol) -> Expr:
    """`expr` case by case of which class the letter is: a ≠ y first, then a = y."""
    cases = [(value, And(*conditions)) for value, conditions in _cases(expr, letter, ())]
    return Piecewise(*cases, evaluate=False) if len(cases) > 1 else expr


def _cases(
    expr: Expr, letter: Symbol, conditions: tuple[Expr, ...]
) -> Iterator[tuple[Expr, tuple[Expr, ...]]]:
    compared = [_other(part, letter) for part in expr.atoms(equal, unequal) if letter in part.args]
    other = min((term for term in compared if free(term) <= free(expr)), key=str, default=None)
    if other is None:
        yield expr, conditions
        return
    where_not = over_parts(expr, lambda part: _decided(part, letter, other))
    yield from _cases(where_not, letter, (*conditions, Ne(letter, other)))
    yield from _cases(substitute(expr, {letter: other}), letter, (*conditions, Eq(letter, other)))


def _other(comparison: Expr, letter: Symbol) -> Expr:
    left, right = comparison.args
    return right if left == letter else left


def _decided(part: Expr, letter: Symbol, other: Expr) -> Expr:
    """A comparison of the two, where they differ."""
    if isinstance(part, equal | unequal) and set(part.args) == {letter, other}:
        return Integer(isinstance(part, unequal))
    return part
