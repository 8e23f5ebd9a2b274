"""The claims of a page in entries, for any size: those of a linear classifier, in any letters.

The prover for any size knows the weights W, the examples x̃, their scores s = W x̃ and their labels
y. `roles` tells which letters of a page these are; everything else is unfolded into them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from time import perf_counter

from sympy import (
    Eq,
    Expr,
    Ge,
    Gt,
    Integer,
    Le,
    Lt,
    Ne,
    Piecewise,
    Sum,
    Symbol,
    exp,
    log,
    sqrt,
    true,
)
from sympy.core.relational import Relational

from gradbook.any_size.binding import of_example
from gradbook.any_size.claim import IndexedClaim
from gradbook.any_size.conditions import strict
from gradbook.any_size.letters import (
    CLASSES,
    EXAMPLES,
    FEATURES,
    C,
    Range,
    W,
    m,
    n,
    over_classes,
    range_of,
    s,
    s_prime,
    without_cases,
    x,
    y,
)
from gradbook.any_size.letters import a as row_letter
from gradbook.any_size.letters import b as column_letter
from gradbook.any_size.lines import METHOD, ClaimProof, assumptions, prove_claim
from gradbook.any_size.roles import NotInEntries, Roles, first_number
from gradbook.arguments import instance
from gradbook.notation import equal, hinge, indicator, partial, unequal
from gradbook.page import Page, PageLine
from gradbook.page import core as c
from gradbook.page.core import ClaimRead, Condition, Core, Fixed, Index, Label, Running
from gradbook.page.core import Range as PageRange
from gradbook.proof import Proof, Status

SIZES = "any size"

#: What the index letters of a page are here.
At = Mapping[str, Expr]

_RELATIONS = {"=": Eq, "≠": Ne, "<": Lt, ">": Gt, "≤": Le, "≥": Ge}


def prove_for_any_size(line: PageLine) -> Proof | None:
    """Every claim of the line, up to the first that is false; None where it has no letters for one,
    or the line cannot be read.
    """
    instance("line", line, PageLine, "a line of a Page")
    started = perf_counter()
    if line.unread or line.code is not None:
        return None
    try:
        found = _proved(line)
    except NotInEntries:
        return None
    return replace(found, seconds=perf_counter() - started)


def _proved(line: PageLine) -> Proof:
    undecided: Proof | None = None
    stated: list[IndexedClaim] = []
    for claim, proof in claim_proofs(line):
        stated.append(proof.claim)
        if proof.status == "proved":
            continue
        wrong = proof.refutation
        found = Proof(
            proof.status,
            METHOD,
            SIZES if wrong is None else "",
            proof.reason,
            None if wrong is None else wrong.counterexample,
            span=claim.span,
            link=claim.link,
        )
        if proof.status == "refuted":
            return found
        undecided = undecided or found
    shapes = sum(claim.shape for claim in line.claims)
    status: Status = "proved" if line.claims else "definition"
    counted = (len(line.claims), shapes)
    said = assumptions(stated) if stated else ()
    return undecided or Proof(status, METHOD, SIZES, assumptions=said, counted=counted)


def claim_proofs(line: PageLine) -> Iterator[tuple[ClaimRead, ClaimProof]]:
    """Each claim of the line, in entries, and what is found of it. Raises NotInEntries."""
    entries = InEntries(line.page, Roles.of(line.page))
    for claim in line.claims:
        for stated in [] if claim.shape else entries.claims(claim):
            yield claim, prove_claim(stated)


@dataclass
class InEntries:
    """Formulas of a page as formulas of entries. example: the index of the example at hand."""

    page: Page
    roles: Roles
    example: Index | None = None
    _numbers: count[int] = field(default_factory=count)

    def claims(self, claim: ClaimRead) -> list[IndexedClaim]:
        """One claim for each way in which its conditions can hold. Raises NotInEntries."""
        at = {name: self.letter(name, along) for name, along in claim.free.items()}
        self.example = self._example(claim)
        a = self._free(claim.left.shape.rows, "p" if "a" in claim.free else "a")
        b = self._free(claim.left.shape.columns, "q" if "b" in claim.free else "b")
        left, right = (self.entry(side, at, a, b) for side in (claim.left, claim.right))
        relation = claim.sign
        if relation == "≤":
            left, right, relation = right, left, "≥"
        if relation not in ("=", "≥"):
            raise NotInEntries(f"{relation} is not decided for any size")
        given = [self.condition(condition, at) for condition in claim.given]
        return [
            IndexedClaim(left, right, tuple(part), "=" if relation == "=" else "≥")
            for part in strict(given)
        ]

    def _example(self, claim: ClaimRead) -> Index | None:
        """The free index that numbers the examples: one formula is about one example."""
        names = [name for name, along in claim.free.items() if along.count == self.roles.examples]
        if len(names) > 1:
            raise NotInEntries("it is about two examples at once")
        return Running(names[0], claim.free[names[0]]) if names else None

    def _free(self, size: Expr | None, name: str) -> Expr:
        """A letter for the rows or the columns of a matrix, 0 for the one row of a number."""
        return Integer(0) if size == 1 or size is None else self._symbol(self.range(size), name)

    def range(self, size: Expr) -> Range:
        roles = self.roles
        for known, found in (
            (roles.classes, CLASSES),
            (roles.entries, FEATURES),
            (roles.examples, EXAMPLES),
        ):
            if known is not None and (size - known).expand() == 0:
                return found
        raise NotInEntries(f"the size {size} is none of {roles.classes}, {roles.entries} and n")

    def letter(self, name: str, along: PageRange) -> Symbol:
        """An index letter of the page as one of the same range here."""
        return self._symbol(self.range(along.count), name.strip("#"))

    def _symbol(self, along: Range, name: str) -> Symbol:
        known = (*along.bound, row_letter, column_letter)
        own = next((t for t in known if t.name == name and range_of(t) == along), None)
        return own or Symbol(f"{along.bound[0].name}_{name}", integer=True, nonnegative=True)

    def fresh(self, along: Range) -> Symbol:
        return self._symbol(along, f"x{next(self._numbers)}")

    # Sizes and indices.

    def size(self, value: Expr) -> Expr:
        """A formula of the page's sizes."""
        roles = self.roles
        of = {roles.classes: C}
        if roles.examples is not None and roles.examples.is_Symbol:
            of[roles.examples] = n
        for letter in roles.entries.free_symbols - {roles.classes}:
            of[letter] = m + 1 - (roles.entries - letter)
        if value.free_symbols - of.keys():
            raise NotInEntries(f"the size {value} is none of those of the weights")
        return value.xreplace(of)

    def index(self, index: Index, at: At) -> Expr:
        """An index, from 0 on. Raises NotInEntries for another example than the one at hand."""
        match index:
            case Running(name=name):
                return at[name]
            case Label(key=key, slots=slots) if key == self.roles.label:
                self._same_example(slots)
                return y
        raise NotInEntries(f"{index} has no counterpart for any size")

    def fixed(self, index: Index, at: At, size: Expr) -> Expr:
        """The same, or a number: the first of its range is 0 here."""
        if not isinstance(index, Fixed):
            return self.index(index, at)
        first = self.page.letters.numbered(size).first
        return self.size((index.value - first).expand())

    def _same_example(self, slots: tuple[Index, ...]) -> None:
        if slots and slots[0] != self.example:
            raise NotInEntries("it is about another example than the one at hand")

    # Conditions.

    def condition(self, found: Condition, at: At) -> Relational:
        sign = _RELATIONS[found.sign]
        if isinstance(found.left, Core) and isinstance(found.right, Core):
            left, right = (self.number(side, at) for side in (found.left, found.right))
            return sign(left - right, 0, evaluate=False)
        assert not isinstance(found.left, Core)
        assert not isinstance(found.right, Core)
        return sign(self.index(found.left, at), self.index(found.right, at), evaluate=False)

    def indicator(self, found: Condition, at: At) -> Expr:
        said = self.condition(found, at)
        if isinstance(found.left, Core):
            return indicator(said)
        if isinstance(said, Eq):
            return equal(*said.args)
        if isinstance(said, Ne):
            return unequal(*said.args)
        raise NotInEntries("classes are compared with = and ≠")

    # Formulas.

    def number(self, part: Core, at: At) -> Expr:
        return self.entry(part, at, Integer(0), Integer(0))

    def entry(self, part: Core, at: At, a: Expr, b: Expr) -> Expr:
        """The entry in row a and column b, 0 and 0 of a number."""
        match part:
            case c.Value(value=value):
                return self.size(value)
            case c.Zeros():
                return Integer(0)
            case c.Ref():
                return self.letter_entry(part, at, a, b)
            case c.At(of=of, row=row, column=column):
                rows, columns = of.shape.rows, of.shape.columns
                assert rows is not None
                assert columns is not None
                a = a if row is None else self.fixed(row, at, rows)
                b = b if column is None else self.fixed(column, at, columns)
                return self.entry(of, at, a, b)
            case c.Plus(terms=terms):
                return sum((sign * self.entry(t, at, a, b) for sign, t in terms), Integer(0))
            case c.Scaled(factor=factor, of=of):
                return self.number(factor, at) * self.entry(of, at, a, b)
            case c.MatMul():
                return self.product(part, at, a, b)
            case c.Entrywise(left=left, right=right):
                return self.entry(left, at, a, b) * self.entry(right, at, a, b)
            case c.Over(above=above, below=below):
                return self.number(above, at) / self.number(below, at)
            case c.ToThe(base=base, exponent=exponent):
                return self.number(base, at) ** exponent
            case c.Function():
                return self.function(part, at, a, b)
            case c.Ones(conditions=conditions):
                found = Integer(1)
                for condition in conditions:
                    if isinstance(condition.left, Core) and not part.shape.is_number:
                        raise NotInEntries("an indicator of matrices")
                    found *= self.indicator(condition, at)
                return found
            case c.SumOver():
                return self.sum(part, at, a, b)
            case c.GradientBy(by=by, of=of):
                return partial(self.number(of, at), self.entry(by, at, a, b))
            case c.Each():
                return self.each(part, at, a, b)
            case c.Choice(branches=branches):
                return self.choice(branches, at, a, b)
        raise NotInEntries("blocks side by side are not read for any size")

    def letter_entry(self, part: c.Ref, at: At, a: Expr, b: Expr) -> Expr:
        roles, key = self.roles, part.key
        if key == roles.weights:
            return W[a, b]
        if key == roles.other_scores:
            return s_prime[a]
        if key in (roles.example, roles.scores):
            self._same_example(part.slots)
            first = first_number(part.letter) if key == roles.example and a == 0 else None
            return first or (x[a] if key == roles.example else s[a])
        definition = part.letter.definition
        if definition is None:
            raise NotInEntries(
                f"it has the letter {part.letter.head}, which is none of W, x, s and y"
            )
        inside = dict(zip(definition.slots, part.slots, strict=True))
        example = self.example
        for name, index in inside.items():
            if isinstance(index, Running) and index == example:
                self.example = Running(name, index.range)
        try:
            values = {
                name: self.index(index, at) for name, index in inside.items() if index != example
            }
            return self.entry(definition.body, values, a, b)
        finally:
            self.example = example

    def product(self, part: c.MatMul, at: At, a: Expr, b: Expr) -> Expr:
        inner = part.left.shape.columns
        if inner == 1:
            zero = Integer(0)
            return self.entry(part.left, at, a, zero) * self.entry(part.right, at, zero, b)
        assert inner is not None
        along = self.range(inner)
        by = self.fresh(along)
        summand = self.entry(part.left, at, a, by) * self.entry(part.right, at, by, b)
        return Sum(without_cases(summand), along.over(by))

    def function(self, part: c.Function, at: At, a: Expr, b: Expr) -> Expr:
        match part.name:
            case "transpose":
                return self.entry(part.of, at, b, a)
            case "diag":
                return equal(a, b) * self.entry(part.of, at, b, Integer(0))
            case "max0":
                return hinge(self.entry(part.of, at, a, b))
            case "exp" | "log" | "sqrt" if part.of.shape.is_number:
                return {"exp": exp, "log": log, "sqrt": sqrt}[part.name](self.number(part.of, at))
        raise NotInEntries(f"{part.name} is not read for any size")

    def sum(self, part: c.SumOver, at: At, a: Expr, b: Expr) -> Expr:
        along = self.range(part.range.count)
        by = self.letter(part.index, part.range)
        if by in {a, b, *at.values()}:  # Σ_j of what is meant for another j
            by = self.fresh(along)
        if along is EXAMPLES:
            summand = self.about(part.index, part.range, part.of, at, a, b)
            if part.conditions:
                raise NotInEntries("a sum over some of the examples")
            return Sum(without_cases(of_example(summand, by)), along.over(by))
        inside = {**at, part.index: by}
        summand = self.entry(part.of, inside, a, b)
        for condition in part.conditions:
            summand = self.indicator(condition, inside) * summand
        if along is CLASSES:
            return over_classes(by, summand)
        return Sum(without_cases(summand), along.over(by))

    def about(self, index: str, along: PageRange, of: Core, at: At, a: Expr, b: Expr) -> Expr:
        """An entry of a formula in which this index is the example at hand."""
        before, self.example = self.example, Running(index, along)
        try:
            return self.entry(of, at, a, b)
        finally:
            self.example = before

    def each(self, part: c.Each, at: At, a: Expr, b: Expr) -> Expr:
        place = a if part.down else b
        rest = (Integer(0), b) if part.down else (a, Integer(0))
        if self.range(part.range.count) is EXAMPLES:
            if part.besides:
                raise NotInEntries("one of the examples is another")
            return of_example(self.about(part.index, part.range, part.of, at, *rest), place)
        inside = {**at, part.index: place}
        found = self.entry(part.of, inside, *rest)
        branches = [
            (self.entry(other, at, *rest), Eq(place, self.index(index, at), evaluate=False))
            for index, other in part.besides
        ]
        return Piecewise(*branches, (found, true)) if branches else found

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
        holds = Integer(1)
        for condition in given:
            holds *= self.indicator(condition, at)
        return holds * value + (1 - holds) * self.choice(tuple(others), at, a, b)
