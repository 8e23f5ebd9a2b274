"""A claim with exp, log, roots and quotients, cleared of them: a query about polynomials.

This is another way than that of `field`: formulas stay as they are written, products unexpanded,
and the solver is left to see that two sides are the same. A quotient is taken apart into what is
above and below, each exp(m), log f and u^(1/q) becomes a real letter, and what is known of these
letters is given to the solver as laws, beside the conditions of the claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import permutations

from sympy import (
    Add,
    Eq,
    Expr,
    Ge,
    Integer,
    Mul,
    Ne,
    Pow,
    Rational,
    Symbol,
    exp,
    factor_list,
    factorint,
    log,
)
from sympy.core.relational import Relational

from gradbook.notation import hinge, step
from gradbook.prove.domains import by_form
from gradbook.prove.expansion import expanded, terms
from gradbook.prove.points import Sides
from gradbook.regions import kinks_of, letters_of

#: Factors of a sum of more terms are not looked for.
_FACTORED = 30


@dataclass(frozen=True)
class Over:
    """above / Π f^k."""

    above: Expr
    below: Mapping[Expr, int]

    @property
    def divisor(self) -> Expr:
        return Mul(*(f**k for f, k in self.below.items()))


@dataclass
class Cleared:
    """What was met so far.

    known:      what is given: a formula, and its relation to 0.
    exps, logs: what a letter is the exponential or the logarithm of, in letters.
    laws:       what holds of the letters besides that exponentials are positive.
    """

    known: Mapping[Expr, str] = field(default_factory=dict)
    exps: dict[Symbol, Expr] = field(default_factory=dict)
    logs: dict[Symbol, Expr] = field(default_factory=dict)
    laws: list[Relational] = field(default_factory=list)
    _letters: dict[object, Symbol] = field(default_factory=dict)
    _found: dict[Expr, Over] = field(default_factory=dict)

    def relation(self, left: Expr, right: Expr, relation: type[Relational]) -> Relational:
        """left relation right, without quotients."""
        found = self.of(left - right)
        if relation in (Eq, Ne):
            return relation(found.above, 0, evaluate=False)
        return relation(found.above * found.divisor, 0, evaluate=False)

    def of(self, formula: Expr) -> Over:
        if formula not in self._found:
            self._found[formula] = self._of(formula)
        return self._found[formula]

    def _of(self, formula: Expr) -> Over:
        match formula:
            case Rational() | Symbol():
                return Over(formula, {})
            case Add():
                return _sum([self.of(term) for term in formula.args])
            case Mul():
                return _product([self.of(factor) for factor in formula.args])
            case Pow(base=base, exp=exponent) if exponent.is_Integer:
                return _power(self.of(base), int(exponent))
            case Pow(base=base, exp=exponent) if exponent.is_Rational:
                return self._root(self.of(base), int(exponent.p), int(exponent.q))
            case exp(args=(u,)):
                return self._exp(u)
            case Pow(base=base, exp=exponent):  # base > 0
                return self._exp(exponent * self._log(base))
            case log(args=(u,)):
                return self.of(self._log(u))
            case hinge(args=(u, at_kink)) | step(args=(u, at_kink)):
                argument = self.of(u)
                inside = argument.above * argument.divisor  # of the sign of u
                if isinstance(formula, step):
                    return Over(step(inside, at_kink), {})
                return _product(
                    [Over(hinge(inside, at_kink), {}), *[Over(Integer(1), argument.below)] * 2]
                )
        return Over(formula, {})  # whatever else there is, the solver knows it or refuses it

    def _letter(self, head: str, key: object, positive: bool = False) -> tuple[Symbol, bool]:
        """The letter for this, and whether it is new."""
        new = (head, key) not in self._letters
        if new:
            name = f"{head} {len(self._letters)}"
            sign = {"positive": True} if positive else {}
            self._letters[head, key] = Symbol(name, real=True, **sign)
        return self._letters[head, key], new

    def _exp(self, u: Expr) -> Over:
        """exp of a sum is a product; exp(c log f) is f^c for whole c."""
        found = [Over(Integer(1), {})]
        argument = self.of(u)
        for term in Add.make_args(expanded(argument.above)):
            c, m = term.as_coeff_Mul()
            inverse = Over(Integer(1), argument.below)
            if not argument.below and c.is_Integer and self._is_log_of_positive(m):
                found.append(_power(Over(self.logs[m], {}), int(c)))
                continue
            power, new = self._letter("exp", (m / c.q, inverse.divisor), positive=True)
            if new:
                self.exps[power] = m / c.q / inverse.divisor
                whole, _ = self._letter("exp", (m, inverse.divisor), positive=True)
                if c.q != 1:
                    self.exps[whole] = m / inverse.divisor
                    self.laws.append(Eq(power**c.q, whole, evaluate=False))
            found.append(_power(Over(power, {}), int(c.p)))
        return _product(found)

    def _is_log_of_positive(self, letter: Expr) -> bool:
        """Whether it stands for log|f|, and f is seen to be > 0."""
        return letter in self.logs and by_form(self.logs[letter], ">", self.known)

    def _log(self, u: Expr) -> Expr:
        """log u, u > 0, as a sum over the factors of u: each log|f|."""
        match u:
            case Rational():
                return self._log_of_number(u)
            case Mul():
                return Add(*map(self._log, u.args))
            case Pow(base=base, exp=exponent):
                return self.of(exponent).above * self._log(base)
            case exp(args=(exponent,)) if not self.of(exponent).below:
                return self.of(exponent).above
            case Symbol() if u in self.exps:
                return self.exps[u]
        q = self.of(u)
        if q.below:
            return self._log(q.above) - Add(*(k * self._log(f) for f, k in q.below.items()))
        above = expanded(q.above)
        number, factors = above.as_content_primitive()
        parts = ((factors, 1),)
        if above.is_Add and terms(above) <= _FACTORED and not above.has(hinge, step):
            number, parts = factor_list(above)
        found = self._log_of_number(number)
        for part, k in parts:
            if part.is_Symbol and part in self.exps:
                found += k * self.exps[part]
                continue
            sign = -1 if part.could_extract_minus_sign() else 1
            letter, new = self._letter("log", expanded(sign * part))
            if new:
                self.logs[letter] = expanded(sign * part)
            found += k * letter
        return found

    def _log_of_number(self, number: Rational) -> Expr:
        found = Integer(0)
        for part, sign in ((abs(number.p), 1), (number.q, -1)):
            for prime, k in factorint(part).items():
                letter, new = self._letter("log", Integer(prime))
                if new:
                    self.logs[letter] = Integer(prime)
                found += sign * k * letter
        return found

    def _root(self, u: Over, p: int, q: int) -> Over:
        """r^p with r^q = u, r ≥ 0."""
        root, new = self._letter("root", (expanded(u.above), tuple(u.below.items()), q))
        if new:
            self.laws.append(Ge(root, 0, evaluate=False))
            self.laws.append(Eq(root**q * u.divisor, u.above, evaluate=False))
        return _power(Over(root, {}), p)

    def tangents(self) -> Iterator[Relational]:
        """exp u ≥ exp v (1 + u − v), for what there is of exponentials, and of logarithms."""
        both = [(u, e) for e, u in self.exps.items()]
        both += [(t, f) for t, f in self.logs.items() if self._is_log_of_positive(t)]
        plain = [(u, e) for u, e in both if not u.has(exp) and _is_polynomial(u)]
        for (u, e), (v, f) in permutations([(Integer(0), Integer(1)), *plain], 2):
            yield Ge(e, f * (1 + u - v), evaluate=False)


def cleared(sides: Sides, relation: type[Relational]) -> tuple[list[Relational], list[Relational]]:
    """What is to be shown, and what is given, of a claim: without exp, log, roots, quotients."""
    found = Cleared({c.lhs - c.rhs: c.rel_op for c in sides.conditions})
    shows = [
        found.relation(left, right, relation)
        for left, right in zip(sides.left, sides.right, strict=True)
        if left != right or relation is not Eq
    ]
    given = [found.relation(c.lhs, c.rhs, c.func) for c in sides.conditions]
    if relation is not Eq:
        given += [Ne(f, 0) for f in _divisors(found)]
        given += found.tangents()
    return shows, [*given, *found.laws]


def lifted(formula: Expr) -> Expr:
    """Without kinks in exp, log and roots: exp(max(0, u)) = 1{u > 0} exp(u) + (1 − 1{u > 0})."""
    if not kinks_of(formula):
        return formula
    formula = formula.func(*map(lifted, formula.args))
    root = isinstance(formula, Pow) and not formula.exp.is_Integer
    if not root and not isinstance(formula, exp | log):
        return formula
    kink = min(kinks_of(formula), key=lambda each: len(kinks_of(each)), default=None)
    if kink is None:
        return formula
    u, at_kink = kink.args
    is_hinge = isinstance(kink, hinge)
    values = (u if is_hinge else Integer(1), Integer(0) if is_hinge else at_kink, Integer(0))
    above, on_it, below = (lifted(formula.xreplace({kink: value})) for value in values)
    return step(u) * above + (step(u, 1) - step(u)) * on_it + (1 - step(u, 1)) * below


def _divisors(found: Cleared) -> set[Expr]:
    return {f for over in found._found.values() for f in over.below if not f.is_Number}


def _is_polynomial(u: Expr) -> bool:
    return bool(u.is_polynomial(*letters_of(u)))


def _sum(parts: list[Over]) -> Over:
    """Over the least common divisor, as it is written."""
    below: dict[Expr, int] = {}
    for part in parts:
        for f, k in part.below.items():
            below[f] = max(k, below.get(f, 0))
    above = [
        Mul(part.above, *(f ** (k - part.below.get(f, 0)) for f, k in below.items()))
        for part in parts
    ]
    return Over(Add(*above), below)


def _product(parts: list[Over]) -> Over:
    """What is above and below at once is left out: it is not 0 where there is a value."""
    powers: dict[Expr, int] = {}
    for part in parts:
        for factor in Mul.make_args(part.above):
            base, k = factor.as_base_exp()
            base, k = (base, int(k)) if k.is_Integer else (factor, 1)
            powers[base] = powers.get(base, 0) + k
        for f, k in part.below.items():
            powers[f] = powers.get(f, 0) - k
    above = Mul(*(f**k for f, k in powers.items() if k > 0))
    return Over(above, {f: -k for f, k in powers.items() if k < 0})


def _power(part: Over, k: int) -> Over:
    if k >= 0:
        return Over(part.above**k, {f: j * k for f, j in part.below.items() if k})
    return _product([Over(part.divisor ** (-k), {}), Over(Integer(1), {part.above: -k})])
