"""A second reading of a page: its trees, worked out with numbers, by nothing of the first.

The first reading knows shapes, writes formulas of letters, and differentiates them by rules. This
one has numbers for all letters, takes a formula as it is written, and differentiates by small
steps. A part that it has no way to read is `NotRead`, never a guess.
"""

import math
from dataclasses import dataclass, field, replace
from itertools import product
from random import Random

import numpy as np
from dots_filled import NotRead, filled, same

from gradbook.page import tree as t
from gradbook.page.letters import size_symbol

STEP = 1e-4
FUNCTIONS = {
    "exp": np.exp,
    "log": np.log,
    "tr": np.trace,
    "det": np.linalg.det,
    "sqrt": np.sqrt,
    "norm": np.linalg.norm,
}
COMPARED = {
    "=": lambda a, b: a == b,
    r"\ne": lambda a, b: a != b,
    r"\le": lambda a, b: a <= b,
    r"\ge": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
}


def squeezed(value):
    """A 1 × 1 matrix is a number."""
    value = np.asarray(value, dtype=float)
    return value.reshape(()) if value.size == 1 else value


def shares(row):
    """Random numbers > 0 that add up to 1."""
    return row / row.sum()


@dataclass
class SecondReading:
    """Of one page, at sizes, labels and indices that are numbers.

    instead: values of letters in place of what they are defined as, or given.
    rows:    how many the letter has whose definition is read.
    """

    page: object
    sizes: dict
    labels: dict
    at: dict
    instead: dict = field(default_factory=dict)
    rows: int = 0

    def size(self, size):
        return int(size.xreplace({size_symbol(s): v for s, v in self.sizes.items()}))

    def of(self, node):
        """The value of a part: a number, or a matrix."""
        read = getattr(self, type(node).__name__.lower().rstrip("_"), None)
        if read is None:
            raise NotRead(type(node).__name__)
        return squeezed(read(node))

    # Letters.

    def letter(self, name):
        """The letter that a name is of, which of its indices are its own, and the other ones."""
        for letter in sorted(self.page.letters, key=lambda each: -each.below):
            if letter.head == name.head and letter.above == len(name.above):
                own = (*name.above, *name.below[: letter.below])
                if letter.below <= len(name.below):
                    return letter, tuple(map(self.index, own)), name.below[letter.below :]
        raise NotRead(name.head)

    def index(self, node):
        if isinstance(node, t.Name) and node.plain and node.head in self.at:
            return self.at[node.head]
        if isinstance(node, t.Name | t.Number | t.Sum_ | t.Group):
            return int(self.of(node))
        raise NotRead("an index")

    def name(self, node):
        if node.plain and node.head in self.at:
            return self.at[node.head]
        if node.plain and node.head in self.sizes:
            return self.sizes[node.head]
        letter, own, entries = self.letter(node)
        if letter.kind == "label":
            return self.labels[letter.key, own]
        return self.entries(self.whole(letter, own), letter, entries)

    def whole(self, letter, own):
        place = letter.key, own
        if place in self.instead:
            return self.instead[place]
        if letter.kind == "value":
            return self.given(letter, place)
        for statement in self.page.statements:
            name = t.defined(statement)
            if name is not None and name.key == letter.key and letter.definition:
                slots = zip(letter.definition.slots, own, strict=True)
                rows = self.size(letter.shape.rows)
                inner = replace(self, at={**self.at, **dict(slots)}, rows=rows)
                return inner.fitted(inner.of(statement.chain.sides[1]), letter.shape)
        raise NotRead(letter.head)

    def given(self, letter, place):
        shape = self.size(letter.shape.rows), self.size(letter.shape.columns)
        drawn = Random(str(place))
        values = np.array([drawn.uniform(-2, 2) for _ in range(math.prod(shape))]).reshape(shape)
        if letter.sign or letter.which == "shares":
            values = abs(values) + 0.1
        if letter.which == "symmetric":
            values = values + values.T
        return shares(values) if letter.which == "shares" else values

    def fitted(self, value, shape):
        """A list of entries as the row or the column that its letter is."""
        rows, columns = self.size(shape.rows), self.size(shape.columns)
        return value.reshape(rows, columns) if value.size == rows * columns else value

    def first(self, size):
        numbered = self.page.letters.numbering.get(size)
        return 1 if numbered is None else self.size(numbered.first)

    def entries(self, value, letter, indices):
        if not indices:
            return value
        value = np.asarray(value).reshape(
            self.size(letter.shape.rows), self.size(letter.shape.columns)
        )
        sizes = [letter.shape.rows, letter.shape.columns]
        if len(indices) == 1 and sizes[0] == 1:
            indices = (t.All(indices[0].span), *indices)
        for axis, (index, size) in enumerate(zip(indices, sizes, strict=False)):
            if isinstance(index, t.All):
                continue
            place = self.index(index) - self.first(size)
            if not 0 <= place < value.shape[axis]:
                raise NotRead("an entry that there is not")
            value = np.take(value, [place], axis)
        return value

    def entry(self, node):
        value = np.atleast_2d(self.of(node.of))
        for axis, index in enumerate(node.below):
            if not isinstance(index, t.All):
                value = np.take(value, [self.index(index) - 1], axis)
        return value

    def dependson(self, node):
        return self.of(node.of)

    def applied(self, node):
        """f(u): the body of f(x) := …, with u for x; entry by entry where f is of numbers."""
        for statement in self.page.statements:
            side = statement.chain.sides[0]
            defines = isinstance(side, t.Applied) and t.defined(statement) is not None
            if defines and side.function.key == node.function.key:
                break
        else:
            raise NotRead("a function")
        slots = dict(zip(map(head_of, side.function.below), node.function.below, strict=True))
        at = {**self.at, **{head: self.index(each) for head, each in slots.items()}}
        parameters, values = [], []
        for name, argument in zip(side.arguments, node.arguments, strict=True):
            letter, own, entries = self.letter(name)
            if own or entries or letter.kind != "value":
                raise NotRead("a function of an index")
            parameters.append(letter)
            values.append(self.of(argument))
        body = statement.chain.sides[1]

        def value(arguments):
            instead = {(each.key, ()): of for each, of in zip(parameters, arguments, strict=True)}
            inner = replace(self, at=at, instead={**self.instead, **instead})
            return inner.of(body)

        if len(values) == 1 and values[0].shape and parameters[0].shape.is_number:
            return np.array([value([one]) for one in values[0].ravel()]).reshape(values[0].shape)
        return value(values)

    # Numbers, sums, products.

    def number(self, node):
        return float(node.text)

    def group(self, node):
        return self.of(node.inner)

    def sum(self, node):
        values = [sign * self.of(term) for sign, term in node.terms]
        if any(isinstance(term, t.Dots) for _, term in node.terms):
            raise NotRead("dots")
        shapes = {value.shape for value in values}
        if len(shapes - {()}) > 1 or (len(shapes) > 1 and len(shapes - {()}) == 1):
            raise NotRead("a sum of other shapes")
        return sum(values[1:], values[0])

    def product(self, node):
        value = self.of(node.factors[0])
        for sign, factor in zip(node.signs, node.factors[1:], strict=True):
            other = self.of(factor)
            entrywise = sign == "∘" or not value.shape or not other.shape
            if not entrywise and value.shape[1] != other.shape[0]:
                raise NotRead("a product of other shapes")
            value = squeezed(value * other if entrywise else value @ other)
        return value

    def quotient(self, node):
        return self.of(node.above) / self.of(node.below)

    def power(self, node):
        base, exponent = self.of(node.base), self.of(node.exponent)
        if base.shape:
            raise NotRead("a power of a matrix")
        return base**exponent

    def transposed(self, node):
        value = self.of(node.of)
        return value.T if value.shape else value

    def inverse(self, node):
        value = self.of(node.of)
        return np.linalg.inv(value) if value.shape else 1 / value

    def call(self, node):
        values = [self.of(each) for each in node.arguments]
        if node.function in ("max", "min") and not any(value.shape for value in values):
            return max(values) if node.function == "max" else min(values)
        if node.function == "max" and len(values) == 2:
            return np.maximum(*values)
        if node.function == "diag" and values[0].shape:
            return np.diag(values[0].ravel())
        if node.function not in FUNCTIONS or len(values) != 1:
            raise NotRead(node.function)
        plain = not values[0].shape and node.function in ("tr", "det")
        return values[0] if plain else FUNCTIONS[node.function](values[0])

    # Conditions, sums over indices, cases.

    def says(self, condition):
        """Whether a chain of comparisons holds."""
        if not isinstance(condition, t.Chain):
            raise NotRead("a condition")
        sides = [self.of(side) for side in condition.sides]
        signs = [relation.sign for relation in condition.relations]
        if any(side.shape for side in sides) or not set(signs) <= COMPARED.keys():
            raise NotRead("a condition")
        pairs = zip(signs, sides, sides[1:], strict=False)
        return all(COMPARED[sign](left, right) for sign, left, right in pairs)

    def indicator(self, node):
        if len(node.conditions) == 1 and isinstance(chain := node.conditions[0], t.Chain):
            sides = [self.of(side) for side in chain.sides]
            if any(side.shape for side in sides) and len(sides) == 2:  # entry by entry
                return COMPARED[chain.relations[0].sign](*sides)
        return float(all(map(self.says, node.conditions)))

    def total(self, node):
        values = []
        ranges = [self.range(name, node) for name in node.letters]
        for found in product(*ranges):
            heads = (name.head for name in node.letters)
            inner = replace(self, at={**self.at, **dict(zip(heads, found, strict=True))})
            if all(map(inner.says, node.conditions)):
                values.append(inner.of(node.of))
        if node.function == "sum":
            return sum(values[1:], values[0]) if values else 0.0
        return {"max": max, "min": min}[node.function](values)

    def range(self, name, node):
        if node.first is not None and node.last is not None:
            return range(self.index(node.first), self.index(node.last) + 1)
        letter = self.page.letters.known.get(name.key)
        if letter is None or letter.range is None:
            raise NotRead("a range")
        return range(self.size(letter.range.first), self.size(letter.range.last) + 1)

    def cases(self, node):
        for branch, conditions in node.branches:
            if conditions is None or all(map(self.says, conditions)):
                return self.of(branch)
        raise NotRead("no case")

    # Rows, columns, matrices, with their dots filled in.

    def tuple(self, node):
        return [float(self.of(each)) for each in filled(node.items, self)]

    def matrix(self, node):
        if node.marks:
            return self.marked(node)
        if all(len(row) == 1 for row in node.rows):
            rows = [[each] for each in filled(tuple(row[0] for row in node.rows), self)]
        else:
            rows = [filled(row, self) for row in node.rows]
        blocks = [[np.atleast_2d(self.of(each)) for each in row] for row in rows]
        return np.block(blocks)

    def marked(self, node):
        """The rows from the first to the last, with another one at the index that is marked."""
        if {len(row) for row in node.rows} != {1} or len(node.rows) != 2 * len(node.marks) + 3:
            raise NotRead("marks")
        first, dots, *_, last = (row[0] for row in node.rows)
        constant = same(first, last)
        between = [first] * self.rows if constant else filled((first, dots, last), self)
        width = max(np.atleast_2d(self.of(row[0])).shape[1] for row in node.rows if not_dots(row))
        rows = [np.broadcast_to(self.of(each), (1, width)) for each in between]
        for place, index in node.marks:
            rows[self.index(index) - 1] = np.atleast_2d(self.of(node.rows[place][0]))
        return np.vstack(rows)

    # Slopes.

    def gradient(self, node):
        if not isinstance(node.by, t.Name):
            raise NotRead("a gradient")
        letter, own, entries = self.letter(node.by)
        value = np.atleast_2d(self.whole(letter, own)).astype(float)
        value = value.reshape(self.size(letter.shape.rows), self.size(letter.shape.columns))
        places = np.arange(value.size).reshape(value.shape)
        chosen = np.atleast_2d(self.entries(places, letter, entries))
        slopes = np.zeros(chosen.shape)
        for place in np.ndindex(*chosen.shape):
            ends = []
            for step in (STEP, -STEP):
                moved = value.copy()
                moved.flat[int(chosen[place])] += step
                inner = replace(self, instead={**self.instead, (letter.key, own): moved})
                ends.append(inner.of(node.of))
            if ends[0].shape:
                raise NotRead("a gradient of a matrix")
            slopes[place] = (ends[0] - ends[1]) / (2 * STEP)
        return slopes

    def derivative(self, node):
        if len(node.by) != 1:
            raise NotRead("a second derivative")
        return self.gradient(t.Gradient(node.span, node.by[0], node.of))


def not_dots(row):
    return not isinstance(row[0], t.Dots)


def head_of(node):
    if isinstance(node, t.Name) and node.plain:
        return node.head
    raise NotRead("an index")
