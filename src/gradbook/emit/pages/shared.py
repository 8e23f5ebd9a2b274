"""What a program would compute twice is made once, and has a name: a residual, a softmax, a mask.

Two terms are the same where they differ in the names of their axes alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import fields, replace

from gradbook.emit.pages.algebra import mapped, power, times
from gradbook.emit.pages.names import free
from gradbook.emit.pages.terms import (
    Apply,
    Array,
    Axis,
    Det,
    FirstLargest,
    Holds,
    Index,
    Inverse,
    Number,
    Over,
    Plus,
    Power,
    Ref,
    Term,
    Times,
    is_mask,
)


def shared(arrays: Sequence[Array], taken: Collection[str]) -> list[Array]:
    """The arrays, made of one another and of new ones. taken: names that are not free."""
    seen = Counter[Hashable]()
    for array in arrays:
        if array.body is not None:
            _count(array.body, seen)
    sharing = _Sharing(seen, {*taken, *(array.name for array in arrays)})
    for array in arrays:
        sharing.add(array)
    return sharing.arrays


def without_aliases(arrays: Sequence[Array]) -> tuple[list[Array], dict[str, str]]:
    """The arrays without those that are another array, entry by entry, and what these are."""
    same: dict[str, str] = {}
    kept = []
    for array in arrays:
        body = array.body and _renamed(array.body, same)
        if isinstance(body, Ref) and body.indices == array.axes:
            same[array.name] = body.name
        else:
            kept.append(replace(array, body=body))
    return kept, same


def _renamed(term: Term, same: dict[str, str]) -> Term:
    if isinstance(term, Ref):
        return replace(term, name=same.get(term.name, term.name))
    return mapped(term, lambda part: _renamed(part, same))


class _Sharing:
    """Arrays so far, and the names of those that are each of them."""

    def __init__(self, seen: Counter[Hashable], taken: set[str]) -> None:
        self.arrays: list[Array] = []
        self._seen, self._taken = seen, taken
        self._made: dict[Hashable, tuple[str, tuple[int, ...]]] = {}

    def add(self, array: Array) -> None:
        """An array of which no part is made again."""
        if array.body is None:
            self.arrays.append(array)
            return
        if isinstance(array.body, FirstLargest):  # a label is not an array like others
            self.arrays.append(replace(array, body=mapped(array.body, self._made_once)))
            return
        body = self._made_once(array.body, is_whole=True)
        self.arrays.append(replace(array, body=body))
        if not isinstance(array.body, Ref | Number) and array.body.axes == set(array.axes):
            self._name(array.body, array.name, array.axes)

    def _name(self, term: Term, name: str, axes: tuple[Axis, ...]) -> None:
        key, order = _key(term)
        self._made.setdefault(key, (name, tuple(order.index(axis) for axis in axes)))

    def _made_once(self, term: Term, is_whole: bool = False) -> Term:
        if isinstance(term, Power) and term.exponent < 0:
            return power(self._made_once(power(term.base, -term.exponent)), -1)
        key, order = _key(term)
        if key in self._made:
            name, places = self._made[key]
            return Ref(name, tuple(order[place] for place in places))
        if not is_whole and _deserves_a_name(term, self._seen[key]):
            axes = _in_order(term)
            name = self._free("M" if is_mask(term) else "r")
            self.add(Array(name, axes, None, term))
            return Ref(name, axes)
        if isinstance(term, Times) and isinstance(term.factors[0], Number):
            return times(term.factors[0], self._made_once(times(*term.factors[1:])))
        if isinstance(term, Over):  # Σ (x − μ) is better than Σ x − n μ
            return replace(term, of=self._made_once(term.of))
        return mapped(term, self._made_once)

    def _free(self, name: str) -> str:
        found = free(name, self._taken)
        self._taken.add(found)
        return found


def _count(term: Term, seen: Counter[Hashable]) -> None:
    if isinstance(term, Power) and term.exponent < 0:  # a / b, where b has the name
        term = power(term.base, -term.exponent)
    key, _ = _key(term)
    seen[key] += 1
    if seen[key] > 1:
        return
    has_number = isinstance(term, Times) and isinstance(term.factors[0], Number)
    parts = (times(*term.parts[1:]),) if has_number else term.parts
    for part in parts:
        _count(part, seen)


def _key(term: Term) -> tuple[Hashable, list[Axis]]:
    """The term with numbers for its axes, and the axes in this order."""
    order: dict[Axis, int] = {}

    def of(value: object) -> Hashable:
        if isinstance(value, Axis):
            return order.setdefault(value, len(order)), value.range
        if isinstance(value, tuple):
            return tuple(map(of, value))
        if isinstance(value, Inverse | Det):  # whatever the array is called
            return type(value).__name__, of(value.of), of(value.row), of(value.column)
        if isinstance(value, Term | Index):
            return type(value).__name__, *(of(getattr(value, f.name)) for f in fields(value))
        return value

    return of(term), list(order)


def _parts(term: Term) -> Iterator[Term]:
    yield term
    for part in term.parts:
        yield from _parts(part)


def _deserves_a_name(term: Term, times_seen: int) -> bool:
    """Whether arrays are added in it often, or it has a sum, a function or a comparison of one."""
    inside = list(_parts(term))
    if times_seen < 2 or not any(isinstance(each, Ref) for each in inside):
        return False
    is_long = isinstance(term, Plus) and times_seen > 2
    return is_long or any(isinstance(each, Over | Apply | Holds | Det) for each in inside)


def _in_order(term: Term) -> tuple[Axis, ...]:
    """Its axes, as in the array in it that has most of them."""
    indices = [each.indices for each in _parts(term) if isinstance(each, Ref)]
    most = max(indices, key=lambda each: len(term.axes.intersection(each)), default=())
    first = [index for index in most if isinstance(index, Axis) and index in term.axes]
    rest = [axis for axis in _key(term)[1] if axis in term.axes]
    return tuple(dict.fromkeys([*first, *rest]))
