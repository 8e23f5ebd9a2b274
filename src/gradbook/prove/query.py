"""A query: for all real values of its letters, is what it shows true wherever what is given holds?

A query can be read before it is decided, as mathematics (`str`), as LaTeX, and as the SMT-LIB text
that any solver of that standard accepts. Deciding it asks z3 for values of the letters at which the
conditions hold and the statement does not. Where there are none, the statement is proved.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from sympy import Basic, Expr, Rational, Symbol, false, latex, sstr
from sympy.core.relational import Relational

from gradbook.notation import as_written
from gradbook.prove.smt import Translator, solver_module
from gradbook.prove.smt_text import smtlib

Values = Mapping[Symbol, Rational]

_SIGNS = {"==": "=", "!=": "≠", ">=": "≥", "<=": "≤", ">": ">", "<": "<"}


@dataclass(frozen=True)
class Deadline:
    """So many seconds, from now on, for everything that is asked under it."""

    seconds: float
    started: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        return self.seconds - (time.monotonic() - self.started)

    def __str__(self) -> str:
        return f"the solver gave up after {self.seconds:g} s"


@dataclass(frozen=True)
class Answer:
    """What the solver found of a query.

    holds:  True for proved, False for refuted, None where it could not tell.
    values: where it is refuted, rational values of the letters at which it fails; a letter whose
            value the solver cannot write as a fraction is left out.
    reason: where it could not tell: why, in words.
    """

    holds: bool | None
    values: Values = field(default_factory=lambda: MappingProxyType({}))
    reason: str = ""


@dataclass(frozen=True)
class Query:
    """Wherever all of `given` hold, all of `shows` hold: for all real values of the letters.

    says: the statement in words; two queries that ask the same are equal, whatever they say.
    """

    says: str = field(compare=False)
    shows: tuple[Basic, ...]
    given: tuple[Basic, ...] = ()

    @property
    def letters(self) -> tuple[Symbol, ...]:
        """The letters that it is about, for all values of them."""
        found = {letter for part in (*self.given, *self.shows) for letter in part.free_symbols}
        return tuple(sorted(found, key=str))

    def decide(self, limit: float | Deadline = 10.0) -> Answer:
        """Asks z3, for so many seconds or up to a deadline, on one thread.

        Raises smt.Unsupported for a formula that z3 cannot be asked exactly, smt.SolverMissing
        without z3.
        """
        z3 = solver_module()
        deadline = limit if isinstance(limit, Deadline) else Deadline(limit)
        if self not in _answers and self.shows:
            if deadline.left <= 0:
                return Answer(None, reason=str(deadline))
            answer = self._ask(z3, deadline)
            if answer.holds is None:
                return answer
            if len(_answers) >= REMEMBERED:
                _answers.clear()
            _answers[self] = answer
        return _answers.get(self, Answer(True))

    def _ask(self, z3: Any, deadline: Deadline) -> Answer:
        # A context of its own: what was asked before must not change the answer.
        context = z3.Context()
        translator = Translator(z3, context)
        solver = z3.Solver(ctx=context)
        solver.add(*map(translator.truth, self.given))
        solver.add(z3.Not(z3.And([translator.truth(part) for part in self.shows])))
        solver.add(*translator.declared())
        set_limits(solver, deadline.left)
        found = solver.check()
        if found == z3.unsat:
            return Answer(True)
        if found == z3.sat:
            return Answer(False, rational_values(solver.model(), translator.letters))
        if deadline.left <= 0 or solver.reason_unknown() in ("timeout", "canceled"):
            return Answer(None, reason=str(deadline))
        return Answer(None, reason=f"the solver cannot tell ({solver.reason_unknown()})")

    def never_applies(self, limit: float | Deadline = 10.0) -> Answer:
        """Whether what is given never holds together: then the query says nothing. As `decide`."""
        if not self.given:
            return Answer(False)
        return replace(self, shows=(false,)).decide(limit)

    def smtlib(self) -> str:
        """The query as SMT-LIB 2: `unsat` is the answer of a solver where the statement is true.

        Raises smt.Unsupported as `decide` does.
        """
        return smtlib(self.says, self.given, self.shows)

    def __str__(self) -> str:
        lines = [f"{self.says}: for all real {', '.join(map(str, self.letters))}"]
        lines += [f"  given  {written(condition)}" for condition in self.given]
        lines += [f"  show   {written(part)}" for part in self.shows]
        return "\n".join(lines)

    def _repr_latex_(self) -> str:
        rows = [(r"\text{given}", latex(condition)) for condition in self.given]
        for part in self.shows:
            rows += zip((r"\text{show}", ""), _latex_rows(part), strict=False)
        body = r" \\ ".join(f"{label} & {row}" for label, row in rows)
        return rf"$\displaystyle \begin{{array}}{{ll}} {body} \end{{array}}$"


#: What was found true or false, so that no query is asked twice.
_answers: dict[Query, Answer] = {}
REMEMBERED = 10_000


def set_limits(solver: Any, seconds: float) -> None:
    """A fixed seed and one thread, for the same answer every time; and a time to give up."""
    solver.set(timeout=max(1, math.ceil(seconds * 1000)), random_seed=0, threads=1)


def rational_values(model: Any, letters: Mapping[Symbol, Any]) -> Values:
    """The values of the letters in a model, those that are fractions."""
    found = {}
    for symbol, letter in letters.items():
        value = model.eval(letter, model_completion=True)
        if hasattr(value, "as_fraction"):
            fraction: Fraction = value.as_fraction()
            found[symbol] = Rational(fraction.numerator, fraction.denominator)
        elif hasattr(value, "as_long"):
            found[symbol] = Rational(value.as_long())
    return MappingProxyType(found)


def written(condition: Basic) -> str:
    """A comparison as a page writes it: s_0 − s_1 + 1 > 0."""
    if not isinstance(condition, Relational):
        return str(condition)
    left, right = (_side(side) for side in condition.args)
    return f"{left} {_SIGNS[condition.rel_op]} {right}"


def _latex_rows(part: Basic) -> tuple[str, ...]:
    """A comparison on one row, or before and after its sign where it is long."""
    if not isinstance(part, Relational) or len(str(part)) < 80:
        return (latex(part),)
    left, right = map(latex, part.args)
    sign = {"≥": r"\ge", "≤": r"\le", "≠": r"\ne"}.get(_SIGNS[part.rel_op], _SIGNS[part.rel_op])
    return left, rf"\quad {sign} {right}"


def _side(expr: Expr) -> str:
    return str(sstr(as_written(expr), order="none")) if expr.is_Add else str(expr)
