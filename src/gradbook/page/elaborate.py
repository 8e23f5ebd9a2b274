"""What a tree means: letters looked up, shapes and ranges checked, every part named.

Shapes are found from the inside out; what is open, such as the height of a column of dots, or 0, is
given from the outside in, as what is `wanted`. Nothing is broadcast: a 1 × 1 matrix is a number,
and 0 fits every shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sympy import Expr, Integer, Rational

from gradbook.page import core as c
from gradbook.page import elaborate_calls as calls
from gradbook.page import elaborate_conditions as conditions
from gradbook.page import elaborate_functions as functions
from gradbook.page import elaborate_matrices as matrices
from gradbook.page import elaborate_operators as operators
from gradbook.page import elaborate_products as products
from gradbook.page import tree as t
from gradbook.page.as_read import condition as written_out
from gradbook.page.conditions import at_indices, digits, follows, names_of
from gradbook.page.core import (
    ANY,
    NUMBER,
    Condition,
    Core,
    Fixed,
    Index,
    Label,
    Letter,
    Range,
    Running,
    Shape,
)
from gradbook.page.declare import size
from gradbook.page.letters import Letters, bounded, shown, size_symbol, written
from gradbook.page.shapes import dot_hint, fits, is_matrix, number_hint
from gradbook.page.source import Span, Unreadable
from gradbook.page.written import head_written


@dataclass
class Elaboration:
    """Of one statement.

    slots: index letters on the left of a definition; bound: those and the ones of a Σ; free: those
    that nothing binds; known: conditions in force; given: where the letters it uses are defined.
    at_ends, dotted: whether it is between dots, and how many of them.
    partial: cases need not be all there are: it is a claim, about those that there are.
    """

    letters: Letters
    bound: dict[str, Range] = field(default_factory=dict)
    slots: tuple[str, ...] = ()
    free: dict[str, Range] = field(default_factory=dict)
    known: tuple[Condition, ...] = ()
    given: dict[Condition, None] = field(default_factory=dict)
    at_ends: bool = False
    partial: bool = False
    dotted: int = 0

    # Numbers, letters, entries.

    def of(self, node: t.Node, wanted: Shape = ANY) -> Core:
        """What a part means. Raises Unreadable where it means nothing."""
        found = self._of(node, wanted)
        if found.shape.is_number and wanted == ANY:
            return found
        return self.fitted(found, wanted)

    def fitted(self, found: Core, wanted: Shape) -> Core:
        """0 as a matrix of the shape that is wanted."""
        if c.is_zero(found) and is_matrix(wanted):
            return c.Zeros(wanted)
        return found

    def number(self, node: t.Node, what: str, hint: str = "") -> Core:
        """A part that must be a number."""
        found = self.of(node)
        if not found.shape.is_number:
            message = f"{what} is a number, and this is {found.shape}"
            raise Unreadable(node.span, message, hint or dot_hint(found.shape))
        return found

    def _of(self, node: t.Node, wanted: Shape) -> Core:
        match node:
            case t.Number():
                return c.Value(NUMBER, Rational(node.text))
            case t.Name():
                return products.kronecker(self, node, wanted) or self.name(node)
            case t.Group(inner=inner):
                return self.of(inner, wanted)
            case t.DependsOn():
                return functions.depending(self, node)
            case t.Entry():
                found = matrices.by_entries(self, node)
                return found or self.entries(self.of(node.of), node.below, node.span)
            case t.Sum_():
                return products.plus(self, node, wanted)
            case t.Product():
                return products.product(self, node, wanted)
            case t.Quotient():
                return products.quotient(self, node)
            case t.Power():
                return products.power(self, node)
            case t.Transposed():
                return products.transpose(self, node, wanted)
            case t.Inverse(of=of):
                return products.inverse_of(self.of(of), of.span)
            case t.Applied():
                return functions.applied(self, node)
            case t.Call():
                return calls.call(self, node, wanted)
            case t.Indicator():
                return conditions.indicator(self, node)
            case t.Total():
                return operators.total(self, node, wanted)
            case t.Gradient():
                return operators.gradient(self, node)
            case t.Derivative():
                return operators.derivative(self, node)
            case t.Matrix() | t.Tuple():
                return matrices.matrix(self, node, wanted)
            case t.Cases():
                return conditions.cases(self, node, wanted)
            case t.Blank():
                raise Unreadable(node.span, "a cell with nothing in it", "write 0")
            case t.Dots():
                raise Unreadable(
                    node.span, "dots stand between the entries of a row or column only"
                )
        raise Unreadable(node.span, "this is no formula")

    def name(self, node: t.Name) -> Core:
        if node.head.endswith("'") and self.letters.is_unknown(node.head):
            undashed = self.name(replace(node, head=node.head[:-1]))
            if not undashed.shape.is_number:  # X' y, where X' is no letter of the page
                return c.transposed(undashed)
        node = self.letters.told_apart(node)
        letter = self.letters.look_up(node)
        match letter.kind:
            case "size":
                return c.Value(NUMBER, size_symbol(letter.head))
            case "index" | "label":
                index = self.index(node)
                if isinstance(index, Running):
                    raise Unreadable(
                        node.span,
                        f"{shown(node)} is an index {index.range}, and stands where a number "
                        "belongs",
                        "as a condition it is written 1{k = j}",
                    )
                return c.IndexValue(NUMBER, index)
        slots = self.slots_of(letter, node)
        if len(slots) < len(letter.slots):
            raise Unreadable(
                node.span,
                f"{shown(node)} is a function, and of what is it here?",
                f"write {functions.written(letter)}",
            )
        ref = self.ref(letter, slots, node)
        return self.entries(ref, node.below[letter.below :], node.span)

    def slots_of(self, letter: Letter, node: t.Name) -> tuple[Index, ...]:
        """The indices of a letter itself."""
        above = zip(node.above, letter.slots[: letter.above], strict=True)
        below = zip(node.below, letter.slots[letter.above :], strict=False)
        hint = f"the value of {letter.head} is {functions.written(letter)}" * bool(letter.arguments)
        return tuple(self.index(index, of, hint) for index, of in [*above, *below])

    def ref(self, letter: Letter, slots: tuple[Index, ...], node: t.Node) -> c.Ref:
        self.defined_for(letter, slots, node)
        return c.Ref(letter.shape, letter, letter.key, slots)

    def defined_for(self, letter: Letter, slots: tuple[Index, ...], node: t.Node) -> None:
        """The domain of a letter goes with every use: a condition of the claim, or of the Σ."""
        if letter.definition is None:
            return
        at = dict(zip(letter.definition.slots, slots, strict=True))
        for condition in letter.definition.domain:
            condition = at_indices(condition, at)
            if follows(condition, self.known):
                continue
            run = [
                name
                for name in names_of(condition)
                if name in self.bound and name not in self.slots
            ]
            if run:
                where = self.letters.source.position(letter.span.start)[0]
                runs = head_written(run[0])
                raise Unreadable(
                    node.span,
                    f"the sum runs over {runs} where {written(letter)} is not defined: "
                    f"it is defined only where {written_out(condition)} (line {where})",
                    f"write {written_out(condition)} under the Σ",
                )
            self.given[condition] = None

    def entries(self, of: Core, indices: Sequence[t.Node], span: Span) -> Core:
        """An entry, a row W_j or W_{j,:} or a column W_{:,b} of a matrix, an entry of a vector."""
        if not indices:
            return of
        sizes = (of.shape.rows, of.shape.columns)
        if None in sizes:
            raise Unreadable(span, "this has no shape, so it has no entries")
        if of.shape.is_number:
            raise Unreadable(span, "this is a number and has no entries")
        vector = 1 in sizes
        places = digits(indices, 1 if vector else 2)
        whole = [isinstance(index, t.All) for index in places]
        if any(whole) and (all(whole) or len(whole) != 2):
            hint = r"W_{j,:} is row j, W_{:,b} is column b"
            raise Unreadable(span, "a colon stands for all indices but one", hint)
        if len(places) == 1:
            places = (t.All(span), *places) if of.shape.rows == 1 else (*places, t.All(span))
        elif len(places) != 2 or (vector and not any(whole)):
            message = f"{len(places)} indices on what is {of.shape}: it has "
            hint = "" if vector or len(places) > 2 else "W_j is row j, W_{ab} is an entry"
            raise Unreadable(span, message + ("1" if vector else "1 or 2"), hint)
        found: list[Index | None] = []
        for node, along in zip(places, sizes, strict=True):
            assert along is not None
            numbered = self.letters.numbered(along)
            found.append(None if isinstance(node, t.All) else self.index(node, numbered))
        if vector and not any(whole):
            found = [self.first() if index is None else index for index in found]
        ends = zip(found, sizes, strict=True)
        rows, columns = (along if index is None else Integer(1) for index, along in ends)
        return c.At(Shape(rows, columns), of, *found)

    def first(self) -> Fixed:
        """The one index of what there is one of."""
        return Fixed(self.letters.numbered(Integer(1)).first)

    # Indices.

    def index(self, node: t.Node, wanted: Range | None = None, hint: str = "") -> Index:
        """An index that must be of a range."""
        found = self._index(node, wanted)
        if wanted is None or isinstance(found, Fixed):
            return found
        if found.range != wanted:
            message = f"{shown(node, 'this')} is an index {found.range}"
            message += f", and stands where an index {wanted} belongs"
            raise Unreadable(node.span, message, hint)
        return found

    def _index(self, node: t.Node, wanted: Range | None) -> Index:
        if isinstance(node, t.Group):
            return self._index(node.inner, wanted)
        if isinstance(node, t.Number):
            return self.fixed(Integer(node.text), wanted, node)
        if isinstance(node, t.Sum_):
            return self.fixed(self.size_of_index(node), wanted, node)
        if not isinstance(node, t.Name):
            raise Unreadable(node.span, "an index is a letter or a number")
        if node.head in self.bound and node.plain:
            return Running(node.head, self.bound[node.head])
        node = self.letters.told_apart(node)
        letter = self.letters.look_up(node, as_index=True)
        if letter.kind == "size":
            return self.fixed(size_symbol(letter.head), wanted, node)
        if letter.range is None:
            raise Unreadable(
                node.span,
                f"{shown(node)} is {letter.shape}, and stands where an index belongs",
                rf"an index has a range: $ {letter.head} \in \{{1, \dots, n\}} $",
            )
        if letter.kind == "index":
            self.free[node.head] = letter.range
            return Running(node.head, letter.range)
        inner = [*node.above, *node.below]
        slots = tuple(self.index(slot, of) for slot, of in zip(inner, letter.slots, strict=True))
        return Label(letter, letter.key, slots, letter.range)

    def size_of_index(self, node: t.Sum_) -> Expr:
        """C − 1, of sizes and numbers."""
        for _, term in node.terms:
            if isinstance(term, t.Name) and self.is_index(term):
                raise Unreadable(
                    node.span,
                    "an index is a letter or a number, not a sum",
                    "give another letter the range that it needs",
                )
        return size(node, self.letters)

    def fixed(self, value: Expr, wanted: Range | None, node: t.Node) -> Fixed:
        if wanted is None:
            return Fixed(value)
        ends = (value - wanted.first, wanted.last - value)
        least = [self.letters.least(end, self.known) for end in ends]
        fits = all(end is not None and end >= 0 for end in least)
        if self.at_ends:  # there may be one only
            nth = [end.expand() for end in ends]
            fits = fits or any(bool(end.is_Integer and end >= 0) for end in nth)
        if not fits:
            enough = value.is_Integer and wanted.last.is_Symbol
            raise Unreadable(
                node.span,
                f"{value} is not always one of {wanted}".replace("-", "−"),
                rf"say that there are so many: ${wanted.last} \ge {value}$"
                if enough and value > wanted.first
                else f"what stands here is numbered {wanted}",
            )
        return Fixed(value)

    @contextmanager
    def inside(self, name: str, found: Range, known: tuple[Condition, ...] = ()) -> Iterator[None]:
        """While an index letter is bound, and conditions hold."""
        if name in self.bound:
            raise AssertionError("checked before")
        before = self.known
        was_free = self.free.get(name)
        self.bound[name] = found
        try:
            yield
        finally:
            del self.bound[name]
            self.known = before
            if was_free is None:
                self.free.pop(name, None)

    @contextmanager
    def between_dots(self) -> Iterator[str]:
        """While the first and the last are read: an index letter, which no page can write."""
        before, self.at_ends = self.at_ends, True
        self.dotted += 1
        try:
            yield f"#{self.dotted}"
        finally:
            self.at_ends = before
            self.dotted -= 1

    def is_e(self, node: t.Power) -> bool:
        """Whether e^x is exp(x): where the page has no letter e; beside an e^{(i)}, e^2 is not."""
        match node.base:
            case t.Name(head="e" | "mathrm e" as head) as name if name.plain:
                among = isinstance(node.exponent, t.Number) and not self.letters.is_unknown(head)
                return not (among or name.key in self.letters.known | self.letters.later)
        return False

    def conditions(self, found: Sequence[t.Node]) -> tuple[Condition, ...]:
        return conditions.conditions(self, found)

    def is_index(self, node: t.Node) -> bool:
        """Whether it is a letter for an index: a number alone is one only beside an index."""
        if isinstance(node, t.Group):
            return self.is_index(node.inner)
        if not isinstance(node, t.Name):
            return False
        if node.head in self.bound and node.plain:
            return True
        key = node.key
        letter = self.letters.known.get(key)
        return letter is not None and letter.kind in ("index", "label")

    def fits(self, one: Shape, other: Shape) -> Shape | None:
        """The shape of both, where the sizes are as conditions say: C is 3 if C = 3."""
        said = (bounded(condition) for condition in self.known)
        at = {each[0]: each[1] for each in said if each is not None and each[1] == each[2]}
        return fits(one, other, at)

    def same(self, one: Shape, other: Shape, span: Span, first: str, second: str) -> Shape:
        """The shape that two parts have in common. Raises Unreadable where there is none."""
        found = self.fits(one, other)
        if found is None:
            turned = self.fits(one, Shape(other.columns, other.rows)) is not None
            raise Unreadable(
                span,
                f"{first} {one}, {second} {other}",
                "one of them lacks a transpose" if turned else number_hint(one, other),
            )
        return found
