"""The claims of a page in entries, for any size, in the page's own letters.

A matrix is its entry in row a and column b, a product a sum over the index between. Letters that
are given, or that the page differentiates by, stay letters; other definitions are unfolded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sympy import (
    Add,
    Eq,
    Expr,
    Ge,
    Gt,
    IndexedBase,
    Integer,
    Le,
    Lt,
    Mul,
    Ne,
    Sum,
    Symbol,
    exp,
    log,
    sqrt,
)
from sympy.core.relational import Relational

from gradbook.any_size import blocks, square
from gradbook.any_size.binding import letters_in, made_of
from gradbook.any_size.blocks import is_in_blocks
from gradbook.any_size.claim import IndexedClaim, Sign
from gradbook.any_size.conditions import indicator_of, strict
from gradbook.any_size.largest import largest_of
from gradbook.any_size.letters import Defined, Index, Range
from gradbook.any_size.needs import Need
from gradbook.any_size.page_letters import (
    FEW,
    At,
    Key,
    NotInEntries,
    PageLetters,
    known,
)
from gradbook.any_size.sums import without_cases
from gradbook.notation import equal, hinge, partial
from gradbook.page import core as c
from gradbook.page.as_read import text
from gradbook.page.core import ClaimRead, Condition, Core, Label, Letter, Running
from gradbook.page.written import head_written

ZERO, ONE = Integer(0), Integer(1)

_RELATIONS = {"=": Eq, "≠": Ne, "<": Lt, ">": Gt, "≤": Le, "≥": Ge}
#: Those of a claim, the greater side on the left.
_SIGNS: dict[str, Sign] = {"=": "=", "≤": "≥", "≥": "≥", "<": ">", ">": ">"}


@dataclass
class InEntries(PageLetters):
    """Formulas of a page as formulas of entries.

    kept:  the defined letters that stay letters: those that the page differentiates by.
    needs: what has to hold for the formulas to have a value.
    place: the row and the column of the claim at hand.
    above: the letters of matrices whose determinant its conditions say to be above 0.
    """

    kept: frozenset[Key] = frozenset()
    needs: list[Need] = field(default_factory=list)
    _arguments: dict[Key, Any] = field(default_factory=dict)
    place: tuple[Expr, ...] = ()
    above: set[Key] = field(default_factory=set)
    _root: str = "≥"

    def __post_init__(self) -> None:
        self.kept |= self.page.kept_letters

    def claims(self, claim: ClaimRead) -> list[IndexedClaim]:
        """One claim for each way in which its conditions can hold. Raises NotInEntries."""
        at = {
            name: Index(name.strip("#"), self.size(along.count))
            for name, along in claim.free.items()
        }
        given = [each for each in claim.given if not self._is_symmetry(each)]
        self.above = {key for each in given if (key := square.above_0(each)) is not None}
        labels = (head_written(t.head) for t in self.page.letters if t.kind == "label")
        self._taken = {*labels, *(index.name for index in at.values())}
        self.place = rows, columns = tuple(
            ZERO if size is None or size == 1 else self._index(name, self.size(size))
            for name, size in zip("ab", _shape_of(claim), strict=True)
        )
        left, right = (self.entry(side, at, rows, columns) for side in (claim.left, claim.right))
        if claim.sign in ("≤", "<"):
            left, right = right, left
        relation = _SIGNS[claim.sign]
        conditions = strict([self.condition(condition, at) for condition in given])
        return [IndexedClaim(left, right, tuple(part), relation) for part in conditions]

    def _defined(self, name: str, letter: Letter, sizes: list[Expr]) -> Defined:
        assert letter.definition is not None
        slots = tuple(Index(f"{name}·{at}", size) for at, size in enumerate(sizes))
        names = letter.definition.slots
        inside = dict(zip(names, slots, strict=False))
        entry = iter(slots[len(names) :])
        a, b = (
            ZERO if size == 1 else next(entry) for size in (letter.shape.rows, letter.shape.columns)
        )
        with self._differentiable():
            meaning = self.entry(letter.definition.body, inside, a, b)
        return Defined(name, slots, meaning, is_in_blocks(letter))

    @contextmanager
    def _differentiable(self) -> Iterator[None]:
        """What is read now may be differentiated: a root of 0 will not do."""
        before, self._root = self._root, ">"
        try:
            yield
        finally:
            self._root = before

    # Conditions.

    def _is_symmetry(self, found: Condition) -> bool:
        """Whether it is A = A^⊤ of a given matrix A, which is then known to be symmetric."""
        for one, other in ((found.left, found.right), (found.right, found.left)):
            turned = isinstance(other, c.Function) and other.name == "transpose" and other.of == one
            is_given = isinstance(one, c.Ref) and one.letter.kind == "value" and not one.slots
            if found.sign == "=" and turned and is_given and isinstance(one, c.Ref):
                self.which[one.key] = "symmetric"
                return True
        return False

    def condition(self, found: Condition, at: At) -> Relational:
        sign = _RELATIONS[found.sign]
        if isinstance(found.left, Core) and isinstance(found.right, Core):
            if not found.left.shape.is_number or not found.right.shape.is_number:
                raise NotInEntries("a condition of matrices is not decided for any size")
            left, right = (self.number(side, at) for side in (found.left, found.right))
            return sign(left - right, 0, evaluate=False)
        return self._comparison(found, at)

    def _comparison(self, found: Condition, at: At) -> Relational:
        if found.sign not in ("=", "≠"):
            raise NotInEntries("indices are compared with = and ≠ alone")
        sides = found.left, found.right
        along = next((side.range for side in sides if isinstance(side, Running | Label)), None)
        first = () if along is None else (along.first, along.step)
        left, right = (self.index(s, at, *first) for s in sides if not isinstance(s, Core))
        return _RELATIONS[found.sign](left, right, evaluate=False)

    def indicators(self, found: tuple[Condition, ...], at: At) -> Expr:
        return Mul(*(indicator_of(self.condition(condition, at)) for condition in found))

    # Formulas.

    def number(self, part: Core, at: At) -> Expr:
        return self.entry(part, at, ZERO, ZERO)

    def entry(self, part: Core, at: At, a: Expr, b: Expr) -> Expr:
        """The entry in row a and column b, 0 and 0 of a number."""
        match part:
            case c.Value(value=value):
                return self.size(value)
            case c.Zeros():
                return ZERO
            case c.IndexValue(index=index):
                return self.number_of(index, at)
            case c.Ref():
                return self.letter_entry(part, at, a, b)
            case c.Applied():
                return self.applied(part, at, a, b)
            case c.At(of=of, row=row, column=column):
                a = a if row is None else self.fixed(row, at, known(of.shape.rows))
                b = b if column is None else self.fixed(column, at, known(of.shape.columns))
                return self.entry(of, at, a, b)
            case c.Plus(terms=terms):
                return Add(*(sign * self.entry(term, at, a, b) for sign, term in terms))
            case c.Scaled(factor=factor, of=of):
                return self.number(factor, at) * self.entry(of, at, a, b)
            case c.MatMul(left=left, right=right):
                return self.total(
                    left.shape.columns,
                    lambda by: self.entry(left, at, a, by) * self.entry(right, at, by, b),
                )
            case c.Entrywise(left=left, right=right):
                return self.entry(left, at, a, b) * self.entry(right, at, a, b)
            case c.Over(above=above, below=below):
                return self.number(above, at) / self.needed(below, "≠", at)
            case c.ToThe(base=base, exponent=exponent):
                found = self.number(base, at) if exponent > 0 else self.needed(base, "≠", at)
                return found**exponent
            case c.Function():
                return self.function(part, at, a, b)
            case c.Ones(conditions=conditions):
                return self.ones(part, conditions, at, a, b)
            case c.SumOver(index=index, range=along, conditions=conditions, of=of):
                return self.total(
                    along.count,
                    lambda by: (
                        self.indicators(conditions, {**at, index: by})
                        * self.entry(of, {**at, index: by}, a, b)
                    ),
                    index,
                )
            case c.MaxOver():
                return self.largest(part, at)
            case c.GradientBy(by=by, of=of):
                return self.derivative(of, self.entry(by, at, a, b), at)
            case c.Each():
                return blocks.each(self, part, at, a, b)
            case c.Stack():
                return blocks.stacked(self, part, at, a, b)
            case c.Choice(branches=branches):
                return self.choice(branches, at, a, b)
        raise NotInEntries(f"{text(part)} has no formula in entries")

    def needed(self, part: Core, sign: str, at: At, a: Expr = ZERO, b: Expr = ZERO) -> Expr:
        """The entry, which has to be other than 0, above it or not below."""
        found = self.entry(part, at, a, b)
        self.needs.append(Need(found, sign, text(part)))
        return found

    def letter_entry(self, part: c.Ref, at: At, a: Expr, b: Expr) -> Expr:
        letter, definition = part.letter, part.letter.definition
        if part.key in self._arguments:
            of, own, row, column, outer = self._arguments[part.key]
            whole = part.shape == of.shape
            inner, self._arguments = self._arguments, outer
            try:
                return self.entry(of, own, a if whole else row, b if whole else column)
            finally:
                self._arguments = inner
        places = self.slots(letter.slots, part.slots, at)
        in_blocks = is_in_blocks(letter)
        if definition is not None and part.key not in self.kept:
            inside = dict(zip(definition.slots, places, strict=True))
            if not in_blocks or (a.is_Integer and b.is_Integer):
                return self.entry(definition.body, inside, a, b)
        sides = (letter.shape.rows, letter.shape.columns)
        places += tuple(place for place, size in zip((a, b), sides, strict=True) if size != 1)
        of = self.letter(letter)
        return of[places] if places else of

    def applied(self, part: c.Applied, at: At, a: Expr, b: Expr) -> Expr:
        """f(u), with u in the place of f's own letter."""
        definition = part.function.letter.definition
        assert definition is not None
        places = self.slots(part.function.letter.slots, part.function.slots, at)
        inside = dict(zip(definition.slots, places, strict=True))
        outer = self._arguments
        pairs = zip(part.parameters, part.arguments, strict=True)
        self._arguments = {**outer, **{p.key: (u, at, a, b, outer) for p, u in pairs}}
        try:
            return self.entry(definition.body, inside, a, b)
        finally:
            self._arguments = outer

    def total(self, size: Expr | None, summand: Callable[[Expr], Expr], name: str = "j") -> Expr:
        """Σ over a range, of an index with this name or one like it; term by term of few terms."""
        terms = self.size(known(size))
        if terms.is_Integer and terms <= FEW:
            return Add(*(summand(Integer(place)) for place in range(int(terms))))
        with self.running(name, terms) as by:
            return Sum(without_cases(summand(by)), Range(terms).over(by))

    def largest(self, part: c.MaxOver, at: At) -> Expr:
        with self.running(part.index, self.size(part.range.count)) as by:
            inside = {**at, part.index: by}
            u = self.number(part.of, inside)
            return largest_of(u, self.indicators(part.conditions, inside), by)

    def function(self, part: c.Function, at: At, a: Expr, b: Expr) -> Expr:
        of = part.of
        match part.name:
            case "transpose":
                return self.entry(of, at, b, a)
            case "diag":
                return equal(a, b) * (
                    self.entry(of, at, b, ZERO)
                    if of.shape.columns == 1
                    else self.entry(of, at, ZERO, b)
                )
            case "max0":
                return hinge(self.entry(of, at, a, b))
            case "exp":
                return exp(self.entry(of, at, a, b))
            case "log":
                return log(self.needed(of, ">", at, a, b))
            case "sqrt":
                return sqrt(self.needed(of, self._root, at, a, b))
            case "tr":
                return self.total(of.shape.rows, lambda by: self.entry(of, at, by, by))
            case "square":
                return self.total(
                    of.shape.rows,
                    lambda row: self.total(
                        of.shape.columns, lambda column: self.entry(of, at, row, column) ** 2
                    ),
                )
            case "inverse":
                return square.inverse_entry(self, of, at, a, b)
            case "det":
                return square.determinant(self, of, at)
        raise NotInEntries(f"{part.name} has no formula in entries")

    def ones(
        self, part: c.Ones, conditions: tuple[Condition, ...], at: At, a: Expr, b: Expr
    ) -> Expr:
        if part.shape.is_number:
            return self.indicators(conditions, at)
        (only,) = conditions
        assert isinstance(only.left, Core) and isinstance(only.right, Core)  # noqa: PT018
        u = self.entry(only.left, at, a, b) - self.entry(only.right, at, a, b)
        return indicator_of(_RELATIONS[only.sign](u, 0, evaluate=False))

    def derivative(self, of: Core, by: Expr, at: At) -> Expr:
        """∂f/∂v. Where v is defined, f is a function of v and of what stands beside it, which must
        not be all that v is made of.
        """
        with self._differentiable():
            f = self.number(of, at)
        v = getattr(by, "base", by)
        if not isinstance(v, IndexedBase | Symbol):
            raise NotInEntries(f"a derivative by {by}, which is no letter")
        given = {letter for letter in made_of(v) - {v} if made_of(letter) == {letter}}
        if given and given <= _beside(f, v):
            name = min(map(str, given))
            raise NotInEntries(
                f"∂/∂{v} is not clear: {name} stands beside {v}, which is made of it"
            )
        self.needs += square.slopes_need(f, by)
        return partial(f, by)

    def choice(
        self,
        branches: tuple[tuple[tuple[Condition, ...], Core], ...],
        at: At,
        a: Expr,
        b: Expr,
    ) -> Expr:
        if not branches:
            raise NotInEntries("cases that are not all there are")
        (given, of), *others = branches
        value = self.entry(of, at, a, b)
        if not given:
            return value
        holds = self.indicators(given, at)
        return holds * value + (1 - holds) * self.choice(tuple(others), at, a, b)


def _shape_of(claim: ClaimRead) -> tuple[Expr | None, Expr | None]:
    """Rows and columns: of the side that has them; 0 fits every shape."""
    left, right = claim.left.shape, claim.right.shape
    return (
        right.rows if left.rows is None else left.rows,
        right.columns if left.columns is None else left.columns,
    )


def _beside(f: Expr, v: Expr) -> frozenset[Expr]:
    """All letters that f is made of, but not through v."""
    found: set[Expr] = set()
    waiting = list(letters_in(f))
    while waiting:
        letter = waiting.pop()
        if letter not in found and letter != v:
            found.add(letter)
            name = getattr(letter, "label", letter)
            waiting += letters_in(name.meaning) if isinstance(name, Defined) else []
    return frozenset(found)
