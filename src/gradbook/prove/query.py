"""A query: for all real values of its letters, is what it shows true wherever what is given holds?

A query can be read before it is decided, as mathematics (`str`), as LaTeX, and as the SMT-LIB text
that any solver of that standard accepts. Deciding it asks z3 for values of the letters at which the
conditions hold and the statement does not. Where there are none, the statement is proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from sympy import Basic, Expr, Rational, Symbol, false, latex, sstr
from sympy.core.relational import Relational

from gradbook.notation import as_written
from gradbook.prove.smt import Translator, degree, solver_module
from gradbook.prove.smt_text import smtlib

Values = Mapping[Symbol, Rational]

_SIGNS = {"==": "=", "!=": "≠", ">=": "≥", "<=": "≤", ">": ">", "<": "<"}


#: So many resource units of z3, its own count of its work, a query may take: the same on every
#: machine, about a second where letters are only added.
UNITS = 30_000_000
#: Where letters are multiplied with one another, a unit takes z3 so many times as long, and such a
#: query gets this part of the units.
OF_PRODUCTS = 30


@dataclass(frozen=True)
class Answer:
    """What the solver found of a query.

    holds:  True for proved, False for refuted, None where it could not tell.
    values: where it is refuted, rational values of the letters at which it fails; a letter whose
            value the solver cannot write as a fraction is left out.
    reason: where it could not tell: why, in words.
    units:  how many resource units it took. exhausted: whether it gave up because of them.
    """

    holds: bool | None
    values: Values = field(default_factory=lambda: MappingProxyType({}))
    reason: str = ""
    units: int = field(default=0, compare=False)
    exhausted: bool = False

    @property
    def expected(self) -> str:
        """The same as a solver says it of the query's SMT-LIB text."""
        return {True: "unsat", False: "sat", None: "unknown"}[self.holds]

    @staticmethod
    def gave_up(units: int) -> Answer:
        """That of a solver that was allowed so many units."""
        reason = f"z3 gave up after {units:,} resource units"
        return Answer(None, reason=reason, units=units, exhausted=True)


class CannotTell(Exception):
    """The solver does not know; the message says why, in words.

    exhausted: whether its budget ran out.
    """

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.exhausted = answer.exhausted


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

    def decide(self, budget: int = UNITS) -> Answer:
        """Asks z3, on one thread.

        budget: in z3's resource units; for a query that multiplies letters, a thirtieth of them.
        Raises smt.Unsupported for a formula that z3 cannot be asked exactly, smt.SolverMissing
        without z3.
        """
        z3 = solver_module()
        if not self.shows:
            return Answer(True)
        answer = self._answer(z3, budget)
        if (asked := _asked.get()) is not None:
            asked.append(Asked(self.says, self.smtlib(), answer.expected))
        return answer

    def _answer(self, z3: Any, budget: int) -> Answer:
        allowed = budget // OF_PRODUCTS if multiplies((*self.given, *self.shows)) else budget
        answer = _answers.get(self) or self._ask(z3, allowed)
        if answer.holds is None:
            return answer
        if len(_answers) >= REMEMBERED:
            _answers.clear()
        _answers[self] = answer
        # What is known already is not told sooner than it would be found.
        return answer if answer.units <= allowed else Answer.gave_up(allowed)

    def holds(self, budget: int = UNITS) -> bool:
        """Whether it is true. Raises CannotTell, and as `decide` does."""
        answer = self.decide(budget)
        if answer.holds is None:
            raise CannotTell(answer)
        return answer.holds

    def _ask(self, z3: Any, allowed: int) -> Answer:
        # A context of its own: what was asked before must change neither answer nor count.
        context = z3.Context()
        translator = Translator(z3, context)
        solver = z3.Solver(ctx=context)
        solver.add(*map(translator.truth, self.given))
        solver.add(z3.Not(z3.And([translator.truth(part) for part in self.shows])))
        solver.add(*translator.declared())
        found = check(solver, allowed)
        units = spent(solver)
        if found == z3.unsat:
            return Answer(True, units=units)
        if found == z3.sat:
            return Answer(False, rational_values(solver.model(), translator.letters), units=units)
        if units >= allowed:
            return Answer.gave_up(allowed)
        return Answer(None, reason=f"the solver cannot tell ({solver.reason_unknown()})")

    def never_applies(self, budget: int = UNITS) -> bool:
        """Whether what is given never holds together: then the query says nothing. As `holds`."""
        return bool(self.given) and replace(self, shows=(false,)).holds(budget)

    def smtlib(self) -> str:
        """The query as SMT-LIB 2: `unsat` is the answer of a solver where the statement is true.

        Raises smt.Unsupported as `decide` does.
        """
        return smtlib(str(self), self.given, self.shows)

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


@dataclass(frozen=True)
class Asked:
    """A query that was put to z3, for whoever wants to put it to another solver.

    says: the statement in words. text: the query as SMT-LIB 2.
    answer: that of z3: "unsat" where the statement is true, "sat", or "unknown".
    """

    says: str
    text: str
    answer: str


_asked: ContextVar[list[Asked] | None] = ContextVar("asked", default=None)


@contextmanager
def recorded() -> Iterator[list[Asked]]:
    """Every query that is decided while it lasts, in order."""
    asked: list[Asked] = []
    token = _asked.set(asked)
    try:
        yield asked
    finally:
        _asked.reset(token)


#: What was found true or false, so that no query is asked twice.
_answers: dict[Query, Answer] = {}
REMEMBERED = 10_000


def multiplies(conditions: Iterable[Basic]) -> bool:
    """Whether letters are multiplied with one another in one of them."""
    comparisons = (part for part in conditions if isinstance(part, Relational))
    return any(degree(side) not in (0, 1) for part in comparisons for side in part.args)


def check(solver: Any, units: int) -> Any:
    """What the solver finds within so many units: one seed and one thread, for one answer."""
    solver.set(rlimit=max(1, units), random_seed=0, threads=1)
    return solver.check()


def spent(solver: Any) -> int:
    """How many units were spent in the solver's context so far."""
    return int(solver.statistics().get_key_value("rlimit count"))


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
