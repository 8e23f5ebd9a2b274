"""∂f/∂v, worked out by the chain rule through the letters that a page defines.

A derivative by a given letter goes through every defined letter of f: E(u(z(A))). A derivative by a
defined letter, ∂E/∂u, stops there: f is a function of u, and of what stands in f beside u. That is
clear where u can change by itself: where all that u is made of stands beside it, it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from sympy import Add, Expr, Integer, Mul, Pow, Symbol, diff, exp, log

from gradbook.notation import hinge, partial, step
from gradbook.page.stated import Instance, Meant
from gradbook.regions import letters_of


class NotClear(ValueError):
    """A derivative that can mean two things, or that this has no rule for."""


@lru_cache(maxsize=100_000)
def partials_of(formula: Expr) -> frozenset[partial]:
    """The derivatives in a formula: each part of it is looked at once, however often it stands."""
    found = frozenset().union(*map(partials_of, formula.args))
    return found | {formula} if isinstance(formula, partial) else found


@dataclass(frozen=True, eq=False)
class Meaning:
    """What the defined letters stand for, in letters that are more given.

    agreed: the derivatives that were worked out in another way too, and are the same.
    """

    of: Mapping[Symbol, Expr]
    family: Mapping[Symbol, Instance]
    agreed: set[tuple[Expr, Symbol]] = field(default_factory=set)
    _derivatives: dict[tuple[Expr, Symbol], Expr] = field(default_factory=dict)
    _unfolded: dict[Expr, Expr] = field(default_factory=dict)

    def worked_out(self, formula: Expr) -> Expr:
        """The formula without ∂f/∂v, the innermost first."""
        while atoms := [each for each in partials_of(formula) if not partials_of(each.args[0])]:
            formula = formula.xreplace({atom: self.derivative(*atom.args) for atom in atoms})
        return formula

    def unfolded(self, formula: Expr) -> Expr:
        """The formula in the given letters alone, each letter unfolded once for all formulas."""
        if formula not in self._unfolded:
            found = self.worked_out(formula)
            defined = letters_of(found) & self.of.keys()
            whole = {letter: self.unfolded(self.of[letter]) for letter in defined}
            self._unfolded[formula] = found.xreplace(whole)
        return self._unfolded[formula]

    def derivative(self, f: Expr, v: Symbol) -> Expr:
        """∂f/∂v. Raises NotClear."""
        if (f, v) not in self._derivatives:
            self._clear(f, v)
            self._derivatives[f, v] = self._chain(f, v)
        return self._derivatives[f, v]

    def _chain(self, f: Expr, v: Symbol) -> Expr:
        terms = [diff(f, v) if v in letters_of(f) else Integer(0)]
        for letter in sorted(letters_of(f) & self.of.keys() - {v}, key=_name):
            inner = self._slope(letter, v)
            if inner != 0:
                terms.append(diff(f, letter) * inner)
        return Add(*terms)

    def _slope(self, letter: Symbol, v: Symbol) -> Expr:
        key = (letter, v)
        if key not in self._derivatives:
            meaning = self.worked_out(self.of[letter])
            self._derivatives[key] = self._chain(meaning, v)
        return self._derivatives[key]

    def _clear(self, f: Expr, v: Symbol) -> None:
        if v not in self.of:
            return
        key, _ = self.family[v]  # with all p_i free, not p_1 alone
        family = {letter for letter, (of, _) in self.family.items() if of == key}
        made = self._closure(letters_of(self.of[v]), set()) - self.of.keys()
        beside = self._closure(letters_of(f), family) - family
        if made and made <= beside:
            name = min(map(str, made))
            raise NotClear(f"∂/∂{v} is not clear: {name} stands beside {v}, which is made of it")

    def _closure(self, letters: frozenset[Symbol], stop: set[Symbol]) -> set[Symbol]:
        """All letters that these are made of, and these, but not through `stop`."""
        found: set[Symbol] = set()
        waiting = list(letters)
        while waiting:
            letter = waiting.pop()
            if letter in found:
                continue
            found.add(letter)
            if letter in self.of and letter not in stop:
                waiting += letters_of(self.of[letter])
        return found


@lru_cache(maxsize=256)
def meaning_of(meant: Meant) -> Meaning:
    """The same for all claims about the same letters, so that nothing is worked out twice."""
    return Meaning(meant.of, meant.family)


def _name(letter: Symbol) -> str:
    """As `str`, which is slow."""
    return letter.name


@dataclass(frozen=True, eq=False)
class ByPieces:
    """The same derivative in another way: rules of sums and products, written here, for formulas
    without defined letters. SymPy has differentiated wrongly without a word before.
    """

    v: Symbol
    _known: dict[Expr, Expr] = field(default_factory=dict)

    def of(self, f: Expr) -> Expr:
        if f not in self._known:
            self._known[f] = self._of(f)
        return self._known[f]

    def _of(self, f: Expr) -> Expr:
        if self.v not in letters_of(f):
            return Integer(0)
        match f:
            case Symbol():
                return Integer(1)
            case Add():
                return Add(*(self.of(term) for term in f.args))
            case Mul():
                return Add(
                    *(
                        Mul(*f.args[:place], self.of(factor), *f.args[place + 1 :])
                        for place, factor in enumerate(f.args)
                    )
                )
            case Pow() if f.exp.is_Rational:
                return f.exp * f.base ** (f.exp - 1) * self.of(f.base)
            case exp(args=(u,)):
                return f * self.of(u)
            case log(args=(u,)):
                return self.of(u) / u
            case hinge(args=(u, at_kink)):
                return step(u, at_kink) * self.of(u)
            case step():
                return Integer(0)
        raise NotClear(f"no rule for ∂/∂{self.v} of {f}")
