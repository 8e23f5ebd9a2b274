"""What the prose declares: sizes, ranges of indices, numbers, vectors and matrices.

An inline formula declares where it says C ≥ 2, j ∈ {1, …, C}, or W ∈ ℝ^{C × m}; with := it
defines. Every other one only mentions something, and prose is not read.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sympy import Expr, Integer, Rational

from gradbook.page import tree as t
from gradbook.page.core import Kind, Letter, Range, Shape
from gradbook.page.displays import Row, statements
from gradbook.page.letters import Letters, Undeclared, shown, size_symbol
from gradbook.page.lexer import tokens, tokens_if_any
from gradbook.page.markdown import Formula
from gradbook.page.parse_statements import numbered
from gradbook.page.source import Unreadable, Waits

_ORDERS = (r"\ge", ">")
_IN = (r"\mathbb", r"\mathbf", r"\{", r"\mathrm", r"\operatorname", r"\Delta", "{", "R")


def says_something(formula: Formula) -> bool:
    """Whether an inline formula declares or defines; if so, it must be read."""
    texts = [token.text for token in tokens_if_any(formula.latex, formula.start)]
    for place, text in enumerate(texts):
        if text == ":=":
            return True
        if text == r"\in" and texts[place + 1 : place + 2] == ["["] and "," not in texts[place:]:
            return True  # [n]
        after = (*texts[place + 1 : place + 3], "", "")
        if text == r"\in" and (after[0] in _IN or after[1] == r"\dots"):
            return True
    try:
        found = read_inline(formula, frozenset())
    except Unreadable:
        return False
    return bool(found) and all(_bounds(of_squares(each)) for each in found)


def of_squares(statement: t.Statement, letters: Collection[str] = ()) -> t.Statement:
    """σ² > 0, with σ² as one letter: but for the squares of these letters, which the page has."""
    chain = statement.chain
    if chain.signs[:1] == (":=",):
        return statement
    sides = ((side, t.squared(side)) for side in chain.sides)
    found = tuple(b if b and b.head[:-2] not in letters else a for a, b in sides)
    return replace(statement, chain=replace(chain, sides=found))


def _bounds(statement: t.Statement) -> bool:
    """n ≥ 1, or i = 1, …, n: of letters, and nothing like s_j − s_y."""
    sides, relations = statement.chain.sides, statement.chain.relations
    if between(statement) or shared(statement) or signed(statement):
        return True
    if len(relations) != 1 or statement.conditions:
        return False
    letters = all(isinstance(name, t.Name) and name.plain for name in t.listed(sides[0]))
    whole = bool(limited(statement)) and isinstance(sides[1], t.Number)
    return letters and (whole or isinstance(sides[1], t.Numbered))


def limited(statement: t.Statement) -> tuple[t.Name, ...]:
    """The letters of v_i > 0, λ ≥ 1 and 0 ≤ α ≤ 1, which numbers bound; none of anything else."""
    sides, signs = statement.chain.sides, statement.chain.signs
    if len(signs) == 1 and signs[0] in _ORDERS:
        listed, ends = t.listed(sides[0]), sides[1:]
    elif len(signs) == 2 and set(signs) <= {"<", r"\le"}:
        listed, ends = t.listed(sides[1]), sides[::2]
    else:
        return ()
    names = tuple(name for name in listed if isinstance(name, t.Name))
    numbers = None not in map(number, ends)
    return names if numbers and len(names) == len(listed) and not statement.conditions else ()


def signed(statement: t.Statement) -> tuple[t.Name, ...]:
    """The w_k of w_k > 0 and of 0 ≤ w_k ≤ 1, numbers for an index, and the λ_1 of λ_1 ≥ 2. That
    declares them where nothing else does.
    """
    names = limited(statement)
    indices = [index for name in names for index in (*name.above, *name.below)]
    plain = all(isinstance(i, t.Number) or (isinstance(i, t.Name) and i.plain) for i in indices)
    return names if plain and not any(name.plain for name in names) else ()


def between(statement: t.Statement) -> tuple[t.Name, ...]:
    """The letters of 0 ≤ α ≤ 1, which are between two numbers; none of anything else."""
    return limited(statement) if len(statement.chain.signs) == 2 else ()


def limits(chain: t.Chain) -> tuple[str, tuple[tuple[str, Rational], ...]]:
    """Of λ ≥ 1 and 0 ≤ α < 1: the sign of the letter, and its other bounds. Raises Unreadable."""
    signs = [{"<": ("<", ">"), r"\le": ("≤", "≥")}.get(each, (each, "≥")) for each in chain.signs]
    if len(signs) == 1:  # the number stands behind
        above = ">" if chain.signs[0] == ">" else "≥"
        first, last = number(chain.sides[1]), None
    else:
        above = signs[0][1]
        first, last = number(chain.sides[0]), number(chain.sides[2])
        if first is None or last is None or first >= last:
            raise Unreadable(chain.span, "an interval is from a smaller to a greater number")
    assert first is not None
    sign = {">": ">", "≥": ">="}[above] if first == 0 else ">" if first > 0 else ""
    bounds = ((above, first),) * (first != 0 or last is not None)
    return sign, bounds if last is None else (*bounds, (signs[1][0], last))


def number(node: t.Node) -> Rational | None:
    """2, −2, 1/2 or −1/2; None for anything else."""
    match node:
        case t.Number(text=text):
            return Rational(text)
        case t.Sum_(terms=((-1, of),)):
            found = number(of)
            return None if found is None else -found
        case t.Quotient(above=t.Number(text=a), below=t.Number(text=b)):
            return Rational(a) / Rational(b)
    return None


def shared(statement: t.Statement) -> tuple[t.Name, t.Name] | None:
    """p_k and k of Σ_k p_k = 1; None for anything else."""
    chain = statement.chain
    if chain.signs != ("=",) or statement.conditions:
        return None
    match chain.sides:
        case (
            t.Total(function="sum", letters=(k,), conditions=(), of=t.Name() as p),
            t.Number(text="1"),
        ) if any(isinstance(each, t.Name) and each.head == k.head for each in p.below):
            return p, k
    return None


def read_inline(formula: Formula, functions: frozenset[str]) -> list[t.Statement]:
    """The statements of an inline formula. Raises Unreadable."""
    written = tuple(tokens(formula.latex, formula.start))
    found = statements(Row(written, formula.start + len(formula.latex.rstrip())), functions)
    return [replace(each, chain=_turned(each.chain)) for each in found]


def _turned(chain: t.Chain) -> t.Chain:
    """i ∈ {1, …, n} for 1 ≤ i ≤ n, and n ≥ 1 for 1 ≤ n."""
    if chain.signs == (r"\le",) and isinstance(chain.sides[0], t.Number):
        return t.Chain(chain.span, chain.sides[::-1], (t.Relation(chain.span, r"\ge"),))
    middle = between(t.Statement(chain.span, chain))
    return chain if middle else numbered(chain)


def declares(statement: t.Statement, letters: Letters) -> bool:
    """Whether a statement declares a letter that there is not yet."""
    chain = statement.chain
    if not chain.relations or statement.conditions:
        return False
    if bounded := between(statement):
        return not any(_is_known(name, letters) for name in bounded)
    if chain.signs[0] == r"\in":
        names = declared(chain, letters)
        known = [isinstance(name, t.Name) and _is_known(name, letters) for name in names]
        return all(isinstance(name, t.Name) for name in names) and not all(known)
    return bool(limited(statement)) and isinstance(chain.sides[1], t.Number)


def declared(chain: t.Chain, letters: Letters) -> tuple[t.Node, ...]:
    """What a declaration declares: what stands in front of its relation."""
    names = between(t.Statement(chain.span, chain)) or t.listed(chain.sides[0])
    if isinstance(chain.sides[0], t.Tuple) and (one := _one_for_all(names)) is not None:
        return (one,)
    return tuple(letters.new(name) if isinstance(name, t.Name) else name for name in names)


def _one_for_all(names: Sequence[t.Node]) -> t.Name | None:
    """x_i, of x_1, …, x_n, with {1, …, n} in the place of i; None where no dots are between two."""
    match names:
        case (t.Name() as first, *between, t.Dots(), t.Name() as last) if len(between) < 2:
            pass
        case _:
            return None
    ends = [(*name.above, *name.below) for name in (first, last)]
    if first.key != last.key or len(ends[0]) != 1:
        return None
    along = t.Numbered(first.span.to(last.span), ends[0][0], ends[1][0])
    return replace(first, above=(along,)) if first.above else replace(first, below=(along,))


def _is_known(name: t.Name, letters: Letters) -> bool:
    """Whether it is a letter already, or an entry of one: W_j is a row of W."""
    found = letters.known.get(name.key)
    return (found is not None and found.broken is None) or letters.has_entry(name)


@dataclass
class Declarations:
    """Reads declarations into letters: sizes first, so that shapes know them.

    sizes: the letters that shapes, ranges and sums name.
    """

    letters: Letters
    sizes: frozenset[str]

    def kind(self, statement: t.Statement) -> str:
        """In which pass a declaration is read: "sizes", "indices", "labels" or "values"."""
        right = statement.chain.sides[1]
        if signed(statement) or between(statement):
            return "values"
        if statement.chain.relations[0].sign != r"\in" or isinstance(right, t.Naturals):
            return "sizes"
        if not isinstance(right, t.Numbered):
            return "values"
        names = declared(statement.chain, self.letters)
        return "indices" if all(isinstance(n, t.Name) and n.plain for n in names) else "labels"

    def read(self, statement: t.Statement) -> None:
        """Raises Unreadable for a declaration that says nothing of use."""
        chain = statement.chain
        if between(statement):
            for name in declared(chain, self.letters):
                self._number(name, chain)
        elif chain.relations[0].sign != r"\in":
            for name in declared(chain, self.letters):
                self._bounded(name, chain)
        elif isinstance(chain.sides[1], t.Naturals):
            for name in declared(chain, self.letters):
                self.letters.add(self._size(name, 1))
        else:
            self._in_a_set(chain)

    def _bounded(self, name: t.Node, chain: t.Chain) -> None:
        """C ≥ 2, a size; λ > 0 and w_k ≥ 1, numbers."""
        bound = chain.sides[1]
        of_size = name.head in self.sizes if isinstance(name, t.Name) and name.plain else False
        if isinstance(name, t.Name) and not of_size and (not name.plain or number(bound) == 0):
            self._number(name, chain)
            return
        if not (isinstance(name, t.Name) and isinstance(bound, t.Number) and bound.text.isdigit()):
            raise Unreadable(chain.span, "a size is bounded below by a whole number", r"C \ge 2")
        least = int(bound.text) + (chain.relations[0].sign == ">")
        before = self.letters.known.get((name.head, 0, 0))
        if before is None or (before.kind, before.least) != ("size", least):
            self.letters.add(self._size(name, least))

    def _number(self, name: t.Node, chain: t.Chain) -> None:
        """0 ≤ α < 1 and w_k > 0: the sign of the letter, and what else bounds it."""
        assert isinstance(name, t.Name)
        sign, bounds = limits(chain)
        slots = self._slots(name)
        letter = Letter(*name.key, "value", name.span, slots=slots, sign=sign, bounds=bounds)
        self.letters.add(letter)

    def _size(self, name: t.Node, least: int) -> Letter:
        if not isinstance(name, t.Name) or not name.plain:
            raise Unreadable(name.span, "a size is one letter")
        return Letter(name.head, 0, 0, "size", name.span, least=least)

    def _in_a_set(self, chain: t.Chain) -> None:
        """W ∈ ℝ^{C × m}, j ∈ {1, …, C}: of one letter, or of several."""
        names, where = declared(chain, self.letters), chain.sides[1]
        for name in names:
            if not isinstance(name, t.Name):
                raise Unreadable(name.span, "only a letter can be declared")
            if isinstance(where, t.Numbered):
                self._index(name, where, alone=len(names) == 1)
            elif isinstance(where, t.Space):
                self._value(name, where)
        if len(chain.sides) > 2:
            raise Unreadable(chain.relations[1].span, "a declaration ends here")

    def _index(self, name: t.Name, where: t.Numbered, alone: bool) -> None:
        found, slots = range_of(where, self.letters), self._slots(name)
        before = self.letters.known.get(name.key)
        if before is None or before.range != found:
            if not found.count.is_Integer:
                self.letters.number(found, where.span)
            kind: Kind = "label" if slots else "index"
            letter = Letter(*name.key, kind, name.span, range=found, slots=slots, alone=alone)
            self.letters.add(letter)

    def _value(self, name: t.Name, where: t.Space) -> None:
        shape = shape_of(where, self.letters)
        if name.key in self.letters.later:  # s ∈ ℝ^C in the text, and s := … further on
            self.letters.promised[name.key] = shape
            return
        slots, before = self._slots(name), self.letters.known.get(name.key)
        if before is None or (before.kind, before.shape) != ("value", shape):
            letter = Letter(*name.key, "value", name.span, shape, slots=slots, sign=where.sign)
            self.letters.add(replace(letter, which=where.which))

    def _slots(self, name: t.Name) -> tuple[Range, ...]:
        return tuple(map(self.slot, (*name.above, *name.below)))

    def slot(self, node: t.Node) -> Range:
        """The range of an index letter that belongs to a letter."""
        if isinstance(node, t.Numbered):
            return range_of(node, self.letters)
        if not isinstance(node, t.Name) or not node.plain:
            raise Unreadable(node.span, "the index of a letter is a letter", "x^{(i)}, p_k")
        letter = self.letters.known.get((node.head, 0, 0))
        if letter is None or letter.kind != "index" or letter.range is None:
            raise Unreadable(
                node.span,
                f"the index {shown(node)} has no range",
                rf"say what it runs over: ${node.head} \in \{{1, \dots, n\}}$",
            )
        return letter.range


def shape_of(where: t.Space, letters: Letters) -> Shape:
    """ℝ^C and Δ^{C−1} as C × 1, 𝕊^n as n × n. Raises Unreadable."""
    sizes = [size(each, letters) for each in where.sizes]
    if where.which:
        (n,) = sizes
        return Shape(n + 1, Integer(1)) if where.which == "shares" else Shape(n, n)
    rows, columns = [*sizes, Integer(1), Integer(1)][:2]
    return Shape(rows, columns)


def size(node: t.Node, letters: Letters) -> Expr:
    """A formula of sizes, as SymPy has it. Raises Unreadable for anything else."""
    match node:
        case t.Number(text=text):
            return Rational(text)
        case t.Name(head=head, below=(), above=()):
            letter = letters.known.get((head, 0, 0))
            if letter is None and node.key in letters.undeclared:
                raise Waits(letters.undeclared[node.key])
            if letter is None:
                raise Undeclared(
                    node.span,
                    f"the size {shown(node)} is not declared",
                    rf"say how small it can be: ${head} \ge 1$",
                    node.key,
                )
            if letter.kind != "size":
                raise Unreadable(node.span, f"{shown(node)} is no size")
            return size_symbol(head)
        case t.Group(inner=inner):
            return size(inner, letters)
        case t.Sum_(terms=terms):
            return sum((sign * size(term, letters) for sign, term in terms), Integer(0))
        case t.Product(factors=factors):
            found = Integer(1)
            for factor in factors:
                found *= size(factor, letters)
            return found
    raise Unreadable(node.span, "a size is made of letters, numbers, + and −")


def range_of(node: t.Numbered, letters: Letters) -> Range:
    """{1, …, C}; and {−1, 1}, which has nothing between its two."""
    first, last = size(node.first, letters), size(node.last, letters)
    step = last - first if node.pair else Integer(1)
    if not step.is_Integer or step < 1:
        raise Unreadable(
            node.span, "a range is from a smaller to a greater number", r"\{1, \dots, C\}"
        )
    return Range(first, last, int(step))
