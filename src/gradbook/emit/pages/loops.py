"""Arrays of terms as loops in C, each sum as far out as what it is made of allows.

z_k = Σ_j B_kj v_j + b_k    is    for (int64_t k = 0; k < C; k++) {
                                      double sum = 0;
                                      for (int64_t j = 0; j < h; j++)
                                          sum += B[k*h + j]*v[j];
                                      z[k] = sum + b[k];
                                  }
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sympy import Expr, Integer, fraction

from gradbook.emit.c99 import INDENT, C99Printer
from gradbook.emit.pages.expressions import (
    ATOM,
    COMPARED,
    POWER,
    PRODUCT,
    SIGN,
    SUM,
    Code,
    in_a_row,
    index_first,
    quotient_of,
    sides_of,
    summed,
)
from gradbook.emit.pages.names import NotEmitted, free
from gradbook.emit.pages.terms import (
    Apply,
    Array,
    Axis,
    Counted,
    Det,
    FirstLargest,
    Fixed,
    Holds,
    Index,
    Inverse,
    Joined,
    LabelAt,
    LogDet,
    LogTotalExp,
    Number,
    Over,
    Plus,
    Power,
    Ref,
    Same,
    Term,
    Times,
    Total,
    Where,
)


@dataclass
class Block:
    """Statements, inside of a loop over an axis.

    variables: what the axis is called. names: what is declared here. made: the sums that are known.
    """

    opening: str = ""
    variables: dict[Axis, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    made: dict[Term, Code] = field(default_factory=dict)

    def closed(self) -> list[str]:
        """The loop, in braces where there is more than one statement in it."""
        inner = [INDENT + line for line in self.lines]
        ends = [line for line in self.lines if not line.startswith(INDENT)]
        return [self.opening, *inner] if len(ends) == 1 else [f"{self.opening} {{", *inner, "}"]


class Loops:
    """The statements of a C function, array by array.

    arrays: by name. results: the numbers that are written where a pointer points. letters: what the
    page calls an index that runs over so many. taken: names that are not free.
    """

    def __init__(
        self,
        arrays: Mapping[str, Array],
        results: Collection[str],
        letters: Sequence[tuple[str, Expr]],
        taken: Collection[str],
    ) -> None:
        self._arrays, self._letters = arrays, letters
        self._pointers = {name for name in results if not arrays[name].axes}
        self._taken = {*arrays, *taken}
        self._stack = [Block()]
        self._printer = C99Printer()
        self.helpers: set[str] = set()

    @property
    def lines(self) -> list[str]:
        return self._stack[0].lines

    def memory(self, arrays: Sequence[Array]) -> list[str]:
        """The statements that make room for arrays."""
        if not arrays:
            return []
        counts = [
            "*".join(self._whole(a.range.count).within(POWER) for a in array.axes)
            for array in arrays
        ]
        starts = [
            "memory",
            *(f"{array.name} + {number}" for array, number in zip(arrays, counts, strict=True)),
        ]
        named = [f"*{array.name} = {start}" for array, start in zip(arrays, starts, strict=False)]
        return [
            f"double *memory = malloc((size_t)({' + '.join(['1', *counts])})*sizeof(double));",
            "if (memory == NULL)",
            INDENT + "return 1;",
            f"double {', '.join(named)};",
        ]

    def add(self, array: Array) -> None:
        """The statements that fill an array."""
        body = array.body
        assert body is not None
        if isinstance(body, Joined):
            for place, part in zip(body.places, body.joined, strict=True):
                indices = (place if axis == body.axis else axis for axis in array.axes)
                self._fill(Ref(array.name, tuple(indices)), part)
        else:
            self._fill(Ref(array.name, array.axes), body)

    def _fill(self, target: Ref, body: Term) -> None:
        for index in target.indices:
            if isinstance(index, Axis):
                self._open(index)
        value, place = self._of(body).text, self._of(target).text
        is_new = not target.indices and target.name not in self._pointers
        self._stack[-1].lines.append(f"{'const double ' * is_new}{place} = {value};")
        self._close(1)

    # Blocks.

    def _open(self, axis: Axis) -> None:
        used = {name for block in self._stack for name in block.variables.values()}
        own = [name for name, number in self._letters if number == axis.range.count]
        names = (each for each in (*own, *"ijklpqrst") if each not in {*used, *self._taken})
        name = next(names, None) or self._free("i")
        number = self._whole(axis.range.count).text
        opening = f"for (int64_t {name} = 0; {name} < {number}; {name}++)"
        self._stack.append(Block(opening, {axis: name}))

    def _close(self, depth: int) -> None:
        while len(self._stack) > depth:
            block = self._stack.pop()
            self._stack[-1].lines += block.closed()

    def _depth(self, term: Term) -> int:
        """How many blocks have to be open for all axes of a term to have a value."""
        missing = set(term.axes)
        for depth, block in enumerate(self._stack, 1):
            missing -= block.variables.keys()
            if not missing:
                return depth
        raise AssertionError(f"{missing} of {term} do not run here")

    def _free(self, name: str) -> str:
        return free(name, self._taken.union(*(block.names for block in self._stack)))

    # Sums.

    def _over(self, term: Over) -> Code:
        """A sum, whose loop is as far out as it can be."""
        for block in self._stack:
            if term in block.made:
                return block.made[term]
        inner, depth = self._stack, self._depth(term)
        hidden = set[str]().union(*(block.names for block in inner[depth:]))
        self._stack, self._taken = inner[:depth], self._taken | hidden
        code = _OVER[type(term)](self, term)
        if code.binds < ATOM and depth < len(inner):  # nothing is computed again in a loop
            code = Code(self._named("log_sum", code.text), ATOM)
        self._stack[-1].made[term] = code
        self._stack, self._taken = inner, self._taken - hidden
        return code

    def _named(self, name: str, value: str, kind: str = "const double") -> str:
        """The name of a value, declared in the innermost block that is open."""
        name = self._free(name)
        self._stack[-1].names.add(name)
        self._stack[-1].lines.append(f"{kind} {name} = {value};")
        return name

    def _sum(self, term: Term) -> Code:
        axes = []
        while isinstance(term, Total):
            axes.append(term.axis)
            term = term.of
        return Code(self._accumulated("sum", "0", axes, term, "{0} += {1};"), ATOM)

    def _log_sum_exp(self, term: Over) -> Code:
        top = self._accumulated("top", "-INFINITY", [term.axis], term.of, "{0} = fmax({0}, {1});")
        self._arrays = {**self._arrays, top: Array(top, ())}
        shifted = Apply("exp", Plus((term.of, Times((Number(Integer(-1)), Ref(top, ()))))))
        total = self._accumulated("sum", "0", [term.axis], shifted, "{0} += {1};")
        return Code(f"{top} + log({total})", SUM)

    def _first_largest(self, term: Over) -> Code:
        top, first = self._named("top", "-INFINITY", "double"), self._named("first", "0", "int64_t")
        depth = len(self._stack)
        self._open(term.axis)
        value = self._of(term.of)
        here = self._stack[-1].variables[term.axis]
        if value.binds < ATOM or "?" in value.text:
            value = Code(self._named("u", value.text), ATOM)
        self._stack[-1].lines.append(f"if ({top} == {top} && !({value.text} <= {top}))")
        self._stack[-1].lines.append(f"{INDENT}{top} = {value.text}, {first} = {here};")
        self._close(depth)
        return Code(first, ATOM)

    def _accumulated(
        self, name: str, first: str, axes: Sequence[Axis], of: Term, statement: str
    ) -> str:
        depth, name = len(self._stack), self._named(name, first, "double")
        for axis in axes:
            self._open(axis)
        self._stack[-1].lines.append(statement.format(name, self._of(of).text))
        self._close(depth)
        return name

    # Formulas.

    def _of(self, term: Term) -> Code:
        match term:
            case Number(value=value):
                is_whole_number = fraction(value)[1] == 1
                return self._whole(value) if is_whole_number else self._times((term,))
            case Ref(name=name, indices=indices):
                if name in self._pointers:
                    return Code(f"*{name}", SIGN)
                return Code(name + self._place(self._arrays[name], indices), ATOM)
            case Counted(index=index):
                return self._index(index, Integer(0))
            case Same(left=left, sign=sign, right=right):
                a, b = (self._index(each, index_first(left)).text for each in (left, right))
                return Code(f"({a} {COMPARED[sign]} {b})", ATOM)
            case Holds(of=of, sign=sign):
                a, b = (self._of(each).text for each in sides_of(of))
                return Code(f"({a} {COMPARED[sign]} {b})", ATOM)
            case Plus(terms=terms):
                signed = ((sign, self._of(each).within(PRODUCT)) for sign, each in summed(terms))
                return Code(in_a_row(signed), SUM)
            case Times(factors=factors):
                return self._times(factors)
            case Power(base=base, exponent=exponent):
                if exponent < 0:
                    return self._times((term,))
                inner = self._of(base)
                if exponent == 2 and inner.binds == ATOM and isinstance(base, Ref):
                    return Code(f"{inner.text}*{inner.text}", PRODUCT)
                return Code(f"pow({inner.text}, {exponent})", ATOM)
            case Apply(name=name, of=of):
                self.helpers.add(name)
                return Code(f"{name}({self._of(of).text})", ATOM)
            case Where(condition=condition, then=then, other=other):
                a, b, c = (self._of(each).within(SUM) for each in (condition, then, other))
                return Code(f"({a} ? {b} : {c})", ATOM)
            case Over():
                return self._over(term)
        raise NotEmitted(f"{_LACKING[type(term)]} is not emitted for C")

    def _times(self, factors: Sequence[Term]) -> Code:
        negative, above, below = quotient_of(factors)
        text = "*".join(self._of(each).within(POWER) for each in above)
        if below:
            text = f"{text}/{self._divisor(below)}"
        return Code("-" * negative + text, PRODUCT)

    def _divisor(self, factors: Sequence[Term]) -> str:
        """A product to divide by, which is no whole number of C."""
        texts = [self._of(each).within(POWER) for each in factors]
        if all(map(is_whole, factors)):
            texts[0] = f"{texts[0]}.0" if texts[0].isdigit() else f"(double){texts[0]}"
        return texts[0] if len(texts) == 1 else f"({'*'.join(texts)})"

    # Places and sizes.

    def _place(self, array: Array, indices: Sequence[Index]) -> str:
        """[i*C + k], of an entry."""
        if not indices:
            return ""
        place: Code | None = None
        for index, axis in zip(indices, array.axes, strict=True):
            here = self._index(index, axis.range.first)
            if place is not None:
                count = self._whole(axis.range.count).within(POWER)
                start = Code(f"{place.within(POWER)}*{count}", PRODUCT)
                here = start if here.text == "0" else Code(f"{start.text} + {here.text}", SUM)
            place = here
        assert place is not None
        return f"[{place.text}]"

    def _index(self, index: Index, first: Expr) -> Code:
        """An index counted from 0 where the page counts from `first`."""
        if isinstance(index, Fixed):
            return self._whole((index.value - first).expand())
        offset = (index_first(index) - first).expand()
        text = self._running(index)
        if offset == 0:
            return Code(text, ATOM)
        sign = "-" if offset.could_extract_minus_sign() else "+"
        return Code(f"{text} {sign} {self._whole(abs(offset)).within(PRODUCT)}", SUM)

    def _running(self, index: Index) -> str:
        if isinstance(index, LabelAt):
            whole = "(int64_t)" * (self._arrays[index.name].body is not None)
            return whole + index.name + self._place(self._arrays[index.name], index.indices)
        return next(block.variables[index] for block in self._stack if index in block.variables)

    def _whole(self, value: Expr) -> Code:
        """A formula of sizes."""
        text = self._printer.doprint(value)
        return Code(text, ATOM if value.is_Symbol or (value.is_Integer and value >= 0) else SUM)


_OVER = {
    Total: Loops._sum,
    LogTotalExp: Loops._log_sum_exp,
    FirstLargest: Loops._first_largest,
}
#: What there are no loops for.
_LACKING = {
    Inverse: "an inverse of a matrix",
    Det: "a determinant",
    LogDet: "a determinant",
    Joined: "a sum of blocks beside or below each other",
}


def is_whole(term: Term) -> bool:
    """Whether it is a whole number in C."""
    match term:
        case Number(value=value):
            return bool(value.is_integer)
        case Counted() | Same() | Holds():
            return True
        case Plus() | Times():
            return all(map(is_whole, term.parts))
    return False
