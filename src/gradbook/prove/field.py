"""Formulas with exp, log, roots and quotients, as quotients of polynomials in letters.

What is no polynomial gets letters of its own. These rules are used, and no others; each holds for
all real values at which what stands on its left has a value:

    exp(c₁m₁ + c₂m₂) = E₁^c₁ E₂^c₂      a letter E = exp(m) for each product m of letters
    log(u) = k₁ log|f₁| + k₂ log|f₂|    where u = f₁^k₁ f₂^k₂, with a letter for each log|f|
    log|exp(m)| = m
    u^(p/q) = r^p, r^q = u              a letter r
    max(0, u), 1{u > 0}                 a letter
    exp(c log|f|) = f^c                 for whole c and a sum f that is > 0 by its form

So a formula whose numerator is the polynomial 0 is 0 wherever it has a value: that is all that a
proof rests on. It also misses little: J. Ax, On Schanuel's conjectures, Annals of Mathematics 93
(1971), 252–268, shows that for functions y₁ … yₙ of t₁ … tₘ, ℚ-linearly independent modulo
constants, the transcendence degree over ℂ of y₁ … yₙ, exp y₁ … exp yₙ is at least n + rank(∂y/∂t).
With the letters t themselves, products m of them, and logarithms of f that have no factor in common
for y, this says that the E and the log|f| are algebraically independent over ℂ(t): a numerator in
them that is not the polynomial 0 is not 0 everywhere. (Where they are nested in one another it is
applied again; numbers such as log 2 and e are taken for independent, which nobody has proved.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce

from sympy import QQ, Add, Expr, Mul, Pow, Rational, Symbol, exp, factorint, log
from sympy.polys.rings import PolyElement, PolyRing

from gradbook.linear import Exhausted
from gradbook.notation import hinge, step
from gradbook.prove.nonnegative import is_nonnegative, is_positive

#: So many products of two terms may be formed for one formula; with more, it is undecided.
PRODUCTS = 2_000_000
_FACTORED = 10**12  #: the prime factors of larger numbers are not looked for
_MORE = 8  #: so many letters are made at a time

Factors = Mapping[PolyElement, int]


class NotInField(ValueError):
    """A formula that the field has no letters for."""


@dataclass(frozen=True)
class Quotient:
    """above / Π f^k over the factors f of `below`, each with leading coefficient 1, and k > 0."""

    above: PolyElement
    below: Factors


class Field:
    """Quotients of polynomials over ℚ, with letters as formulas need them.

    positive: formulas that are > 0. budget: how many products of two terms may be formed.
    Exhausted is raised above it.
    """

    def __init__(self, positive: Iterable[Expr] = (), budget: int = PRODUCTS) -> None:
        self.ring = _ring(_MORE)
        self._used = 0
        self.budget = self.left = budget
        self._known: dict[Expr, Quotient] = {}
        self._positive: set[int] = set()
        self._exps: dict[object, tuple[int, int]] = {}
        self._exponents: dict[int, Quotient] = {}
        self._logs: list[tuple[PolyElement, Quotient]] = []
        self._roots: dict[object, int] = {}
        self._powers: list[tuple[int, int, Quotient]] = []
        self._above: list[PolyElement] = []
        known = [q.above for q in map(self.read, positive) if not q.below]
        self._above = [f for f in known if not f.is_ground]

    def vanishes(self, formula: Expr) -> bool:
        """Whether the formula is seen to be 0 wherever it has a value."""
        return not self._reduced(self.read(formula).above)

    def is_positive(self, formula: Expr) -> bool:
        """Whether the formula is seen to be > 0 wherever it has a value."""
        q = self.read(formula)
        return all(map(self._is_positive, (q.above, *q.below)))

    def is_nonnegative(self, formula: Expr) -> bool:
        """Whether it is seen to be ≥ 0 wherever it has a value: it, or exp of it less 1."""
        for each in (formula, exp(formula) - 1):
            q = self.read(each)
            if is_nonnegative(q.above, self._positive) and all(map(self._is_positive, q.below)):
                return True
        return False

    def multiple(self, formula: Expr) -> tuple[object, int]:
        """What the formula is a multiple of, the same for each of those, and the multiple's sign:
        2 u − 2 and 1 − u are multiples of the same, of opposite signs.
        """
        q = self.read(formula)
        sign = -1 if q.above and q.above.LC < 0 else 1
        return _key(Quotient(q.above.monic(), q.below)), sign

    # Reading.

    def read(self, formula: Expr) -> Quotient:
        """Raises NotInField, Exhausted, and ZeroDivisionError where a denominator is 0."""
        if formula not in self._known:
            self._known[formula] = self._read(formula)
        return self._known[formula]

    def _read(self, formula: Expr) -> Quotient:
        match formula:
            case Rational():
                return self._number(formula)
            case Symbol() if formula.is_real:
                return self._generator(self._letter(positive=bool(formula.is_positive)))
            case Add():
                return reduce(self._plus, map(self.read, formula.args))
            case Mul():
                return reduce(self._times, map(self.read, formula.args))
            case Pow(base=base, exp=exponent) if exponent.is_Integer:
                return self._power(self.read(base), int(exponent))
            case Pow(base=base, exp=exponent) if exponent.is_Rational:
                root = self._root(self.read(base), int(exponent.q))
                return self._power(self._generator(root), int(exponent.p))
            case exp(args=(u,)):
                return self._exp(self.read(u))
            case Pow(base=base, exp=exponent):  # base > 0
                return self._exp(self._times(self.read(exponent), self._log(base)))
            case log(args=(u,)):
                return self._log(u)
            case hinge() | step():
                return self._generator(self._letter())
        raise NotInField(f"{formula} is not made of sums, products, powers, exp and log")

    def _number(self, value: Rational) -> Quotient:
        return Quotient(self.ring.ground_new(QQ(int(value.p), int(value.q))), {})

    def _letter(self, positive: bool = False) -> int:
        """The place of a new letter; the ring grows where it has no more."""
        place = self._used
        self._used += 1
        if self._used > len(self.ring.gens):
            self.ring = _ring(place + _MORE)
        if positive:
            self._positive.add(place)
        return place

    def _generator(self, place: int) -> Quotient:
        return Quotient(self.ring.gens[place], {})

    def here(self, polynomial: PolyElement) -> PolyElement:
        """The polynomial with all the letters that there are by now."""
        missing = len(self.ring.gens) - len(polynomial.ring.gens)
        if not missing:
            return polynomial
        more = (0,) * missing
        return self.ring.from_dict({m + more: c for m, c in polynomial.items()})

    def _product(self, a: PolyElement, b: PolyElement) -> PolyElement:
        self.left -= len(a) * len(b)
        if self.left < 0:
            raise Exhausted(f"it takes more than {self.budget:,} products of two terms")
        return self.here(a) * self.here(b)

    def _raised(self, a: PolyElement, k: int) -> PolyElement:
        if len(a) == 1:  # e^1000000, say
            return self.here(a) ** k
        return reduce(self._product, [a] * k, self.ring.one)

    def _expanded(self, factors: Iterable[tuple[PolyElement, int]]) -> PolyElement:
        found = self.ring.one
        for factor, k in factors:
            found = self._product(found, self._raised(factor, k))
        return found

    def _factors(self, below: Factors) -> dict[PolyElement, int]:
        return {self.here(factor): k for factor, k in below.items()}

    def _plus(self, a: Quotient, b: Quotient) -> Quotient:
        one, other = self._factors(a.below), self._factors(b.below)
        below = {f: max(one.get(f, 0), other.get(f, 0)) for f in (*one, *other)}
        sides = (
            self._product(q.above, self._expanded((f, k - had.get(f, 0)) for f, k in below.items()))
            for q, had in ((a, one), (b, other))
        )
        return self._lowest(sum(sides, self.ring.zero), below)

    def _times(self, a: Quotient, b: Quotient) -> Quotient:
        below = self._factors(a.below)
        for factor, k in self._factors(b.below).items():
            below[factor] = below.get(factor, 0) + k
        return self._lowest(self._product(a.above, b.above), below)

    def _lowest(self, above: PolyElement, below: dict[PolyElement, int]) -> Quotient:
        """Without the letters, alone, that are factors of both."""
        if not above:
            return Quotient(above, {})
        for factor in [each for each in below if len(each) == 1]:
            (monomial,) = factor.monoms()
            place = monomial.index(1)
            common = min(below[factor], min(m[place] for m in above.monoms()))
            if common:
                above = above.quo(factor**common)
                below[factor] -= common
        return Quotient(above, {f: k for f, k in below.items() if k})

    def _power(self, a: Quotient, k: int) -> Quotient:
        if k < 0:
            a, k = self._inverse(a), -k
        return Quotient(self._raised(a.above, k), {f: j * k for f, j in a.below.items() if k})

    def _inverse(self, a: Quotient) -> Quotient:
        if not a.above:
            raise ZeroDivisionError("a denominator is 0")
        number, below = self._split(a.above)
        above = self._expanded(self._factors(a.below).items())
        return Quotient(above.mul_ground(1 / number), below)

    def _split(self, a: PolyElement) -> tuple[QQ, dict[PolyElement, int]]:
        """A number, letters, and what is left, with leading coefficient 1."""
        a = self.here(a)
        number = a.LC
        found: dict[PolyElement, int] = {}
        for place, letter in enumerate(self.ring.gens):
            k = min(m[place] for m in a.monoms())
            if k:
                found[letter] = k
        rest = a.quo_ground(number)
        for letter, k in found.items():
            rest = rest.quo(letter**k)
        if not rest.is_ground:
            found[rest] = 1
        return number, found

    # exp, log and roots.

    def _exp(self, u: Quotient) -> Quotient:
        """A product of powers, one for each term of u."""
        found = self._number(Rational(1))
        for monomial, c in u.above.terms():
            term = Quotient(u.above.ring.from_dict({monomial: QQ(1)}), u.below)
            base = self._base_of_log(term)
            if base is not None and c.denominator == 1:
                power = self._power(Quotient(base, {}), int(c))
            else:
                power = self._power_of_e(term, c)
            found = self._times(found, power)
        return found

    def _power_of_e(self, m: Quotient, c: QQ) -> Quotient:
        """exp(c m): E = exp(m), or where c is no whole number a root of it."""
        key = _key(m)
        if key not in self._exps:
            self._exps[key] = self._letter(positive=True), 1
            self._exponents[self._exps[key][0]] = m
        place, unit = self._exps[key]
        k = c * unit
        if k.denominator != 1:
            order = int(k.denominator)
            place, unit = self._root(self._generator(place), order), unit * order
            self._positive.add(place)
            self._exps[key] = place, unit
            self._exponents[place] = self._times(m, self._number(Rational(1, unit)))
            k = c * unit
        return self._power(self._generator(place), int(k))

    def _base_of_log(self, term: Quotient) -> PolyElement | None:
        """f, where the term is log|f| and f > 0."""
        of = (f for f, value in self._logs if _key(value) == _key(term) and self._is_positive(f))
        return next(of, None)

    def _is_positive(self, f: PolyElement) -> bool:
        """By its terms, once factors are left out that are known to be > 0."""
        f = self.here(f)
        for known in map(self.here, self._above):
            while f and not f.rem(known):
                f = f.quo(known)
        return is_positive(f, self._positive)

    def _log(self, u: Expr) -> Quotient:
        """log|u|, for u ≠ 0."""
        match u:
            case Rational():
                return self._log_of_number(QQ(int(u.p), int(u.q)))
            case Mul():
                return reduce(self._plus, map(self._log, u.args))
            case Pow(base=base, exp=exponent):
                return self._times(self.read(exponent), self._log(base))
            case exp(args=(exponent,)):
                return self.read(exponent)
        q = self.read(u)
        if not q.above:
            raise ZeroDivisionError("a logarithm of 0")
        number, factors = self._split(q.above)
        powers = [*factors.items(), *((f, -k) for f, k in q.below.items())]
        found = self._log_of_number(number)
        for factor, k in powers:
            of = self._log_of_factor(self.here(factor))
            found = self._plus(found, self._times(self._number(Rational(k)), of))
        return found

    def _log_of_number(self, number: QQ) -> Quotient:
        found = self._number(Rational(0))
        for part, sign in ((abs(number.numerator), 1), (number.denominator, -1)):
            primes = factorint(part) if part <= _FACTORED else {part: 1}
            for prime, k in primes.items():
                if prime != 1:
                    of = self._log_of_factor(self.ring.ground_new(prime))
                    found = self._plus(found, self._times(self._number(Rational(sign * k)), of))
        return found

    def _log_of_factor(self, f: PolyElement) -> Quotient:
        """log|f|, in letters that have no factor in common.

        A known factor that has one with f is split: its logarithm is the sum of its parts'.
        """
        if len(f) == 1 and not f.is_ground:
            place = f.monoms()[0].index(1)
            if place in self._exponents:
                return self._exponents[place]
        for at, (known, value) in enumerate(self._logs):
            known = self.here(known)
            if known == f:
                return value
            if known.is_ground or f.is_ground:
                continue
            self.left -= len(known) * len(f)
            common = known.gcd(f).monic()
            if common.is_ground:
                continue
            if common != known:
                self._logs[at : at + 1] = self._parts(known, value, common)
                common, f = self.here(common), self.here(f)
            more = f.quo(common)
            first = self._log_of_factor(common)
            return first if more.is_ground else self._plus(first, self._log_of_factor(more.monic()))
        place = self._letter()
        self._logs.append((f, self._generator(place)))
        return self._logs[-1][1]

    def _parts(
        self, known: PolyElement, value: Quotient, common: PolyElement
    ) -> list[tuple[PolyElement, Quotient]]:
        """A known factor as common^k and the rest of it, each with the logarithm that it has."""
        k, rest = 0, known
        while not rest.rem(common):
            k, rest = k + 1, rest.quo(common)
        if rest.is_ground:
            return [(common, self._times(value, self._number(Rational(1, k))))]
        part = self._generator(self._letter())
        of_rest = self._plus(value, self._times(self._number(Rational(-k)), part))
        return [(common, part), (rest, of_rest)]

    def _root(self, u: Quotient, order: int) -> int:
        """A letter r with r^order = u."""
        key = _key(u), order
        if key not in self._roots:
            positive = all(map(self._is_positive, (u.above, *u.below)))
            self._roots[key] = self._letter(positive)
            self._powers.append((self._roots[key], order, u))
        return self._roots[key]

    def _reduced(self, above: PolyElement) -> PolyElement:
        """A multiple of the polynomial, without r^q: the roots of roots before these."""
        above = self.here(above)
        for place, order, u in reversed(self._powers):
            highest = max((m[place] for m in above.monoms()), default=0) // order
            if not highest:
                continue
            over, under = u.above, self._expanded(self._factors(u.below).items())
            parts: dict[int, dict[tuple[int, ...], QQ]] = {}
            for monomial, c in above.terms():
                k, rest = divmod(monomial[place], order)
                left = (*monomial[:place], rest, *monomial[place + 1 :])
                parts.setdefault(k, {})[left] = c
            above = self.ring.zero
            for k, terms in parts.items():
                by = self._product(self._raised(over, k), self._raised(under, highest - k))
                above += self._product(self.ring.from_dict(terms), by)
        return above


@lru_cache(maxsize=64)
def _ring(letters: int) -> PolyRing:
    return PolyRing([Symbol(f"t{place}") for place in range(letters)], QQ)


def _key(q: Quotient) -> object:
    """The same in every ring: without the letters that came later."""
    return frozenset(_terms(q.above)), frozenset(
        (frozenset(_terms(f)), k) for f, k in q.below.items()
    )


def _terms(polynomial: PolyElement) -> Iterable[tuple[tuple[tuple[int, int], ...], QQ]]:
    for monomial, c in polynomial.terms():
        yield tuple((place, k) for place, k in enumerate(monomial) if k), c
