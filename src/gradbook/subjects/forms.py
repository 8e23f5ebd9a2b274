"""Whatever is to be judged as one function of arrays and numbers.

A function that is made by another (`make_loss(X, y, reg)` gives f(W)), a method of an object that
is made by its class, a loss and a gradient that are two functions, a gradient that is written into
an argument or kept as an attribute: each is a `Form`. It makes what has to be made (its stages),
sets what has to be set, calls what has to be called (its uses), and gives what came of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from gradbook.subjects.names import is_kept, is_of_the_first, role_of
from gradbook.subjects.parameters import (
    EMPTY,
    Leaf,
    Parameter,
    Record,
    arguments,
    leaves_of,
    parameters_of,
)
from gradbook.subjects.promises import NOTHING, Promises, promises_of
from gradbook.subjects.returned import Returned, read

#: What a function is given as a number, and the next call needs as it was.
_NUMBERS = ("reg", "margin")


@dataclass(frozen=True)
class Stage:
    """A call that makes what is called next: of `function`, or of what was made before.

    make: makes it of the values of all leaves, in place of such a call.
    """

    function: Callable[..., Any] | None
    parameters: tuple[Parameter, ...]
    make: Callable[[Mapping[str, Any]], Any] | None = None


@dataclass(frozen=True)
class Use:
    """A call of what was made. of: gives the function. text: the call, with leaves in ⟨⟩."""

    of: Callable[[Any], Callable[..., Any]]
    parameters: tuple[Parameter, ...]
    text: str

    @property
    def wants_what_was_kept(self) -> bool:
        return any(is_kept(one.name) for one in self.parameters)


@dataclass(frozen=True)
class Form:
    """A function of leaves: numbers and arrays.

    state: attributes of the object that are set before each call, leaf ↦ path of names. outputs:
    attributes in which the gradient may be found after it. lines: Python that makes and sets what
    is called. further: leaves of what makes the object. lists: whether it is given lists of numbers
    in place of arrays. changed: the numbers that are others after the last call, where they stood.
    """

    uses: tuple[Use, ...]
    stages: tuple[Stage, ...] = ()
    state: tuple[tuple[str, tuple[str, ...]], ...] = ()
    outputs: tuple[str, ...] = ()
    promises: Promises = NOTHING
    lines: tuple[str, ...] = ()
    further: tuple[Leaf, ...] = ()
    lists: bool = False
    changed: list[str] = field(default_factory=list, repr=False, compare=False)
    _last: list[Any] = field(default_factory=lambda: [None, None], repr=False, compare=False)

    @cached_property
    def leaves(self) -> dict[str, Leaf]:
        """Of all that is given, by name; what is set comes first, as W does."""
        found = {name: Leaf(name) for name, _ in self.state}
        parts = [stage.parameters for stage in self.stages] + [use.parameters for use in self.uses]
        for parameters in parts:
            for leaf in leaves_of(parameters):
                first = found.setdefault(leaf.name, leaf)
                if first.default is not EMPTY and leaf.default is EMPTY:
                    found[leaf.name] = leaf
        for leaf in self.further:
            found.setdefault(leaf.name, leaf)
        if len(self.uses) > 1:
            second = self.uses[1].parameters
            for one in second:
                if is_of_the_first(one.name):
                    for leaf in one.leaves:
                        found.pop(leaf.name, None)
        return found

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        return tuple(self.leaves)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        return {
            name: _told(leaf.default)
            for name, leaf in self.leaves.items()
            if leaf.default is not EMPTY
        }

    @property
    def call(self) -> tuple[str, ...]:
        """Lines of Python that call it, with each leaf in ⟨⟩; () where that takes two steps."""
        texts = [use.text for use in self.uses]
        whole = all(texts) and not any(use.wants_what_was_kept for use in self.uses[1:])
        return (*self.lines, ", ".join(texts)) if whole else ()

    def read(self, returned: Any, place: int = -1) -> Returned:
        return read(returned, self.promises, self._has_bias, place)

    @cached_property
    def _has_bias(self) -> bool:
        return "b" in map(role_of, self.parameters)

    @property
    def written_into(self) -> tuple[str, ...]:
        """The leaves that it may change: there it writes its gradient."""
        return tuple(one.name for use in self.uses for one in use.parameters if one.output)

    def __call__(self, *given: Any, **named: Any) -> Any:
        if not self.lists:
            return self._called(given, named)
        listed = [_listed(value) for value in given]
        by_name = {name: _listed(value) for name, value in named.items()}
        returned = self._called(listed, by_name)
        pairs = [*zip(given, listed, strict=True), *((named[k], v) for k, v in by_name.items())]
        for before, after in pairs:
            if isinstance(before, np.ndarray):
                _shows_a_change("", before, np.asarray(after))
        return returned

    def _called(self, given: Sequence[Any], named: Mapping[str, Any]) -> Any:
        values = dict(zip(self.parameters, given, strict=False)) | dict(named)
        made = self._all_made(values)
        for leaf, path in self.state:
            if leaf in values:
                _set(made, path, values[leaf])
        further = given[len(self.parameters) :]
        results: list[Any] = []
        written: list[Any] = []
        held: list[tuple[str, Any]] = []
        for use in self.uses:
            positional, by_name = arguments(use.parameters, values | _kept_of(use, results))
            if not self.stages and len(self.uses) == 1:
                positional += further
            placed = [
                (one, by_name.get(one.name, at)) for one, at in _placed(use.parameters, positional)
            ]
            written += [at for one, at in placed if one.output]
            results.append(use.of(made)(*positional, **by_name))
            held += [pair for one, at in placed for pair in one.parts_of(at)]
        held += [(leaf, _get(made, path, None)) for leaf, path in self.state]
        self.changed[:] = [
            leaf
            for leaf, now in held
            if leaf in values and _shows_a_change(leaf, values[leaf], now)
        ]
        returned = _both(results) if len(results) > 1 else results[0]
        written += [getattr(made, name) for name in self.outputs if hasattr(made, name)]
        if written and read(returned).gradient is None and read(returned).loss is not None:
            return read(returned).loss, *_arrays(written)
        return returned

    def _all_made(self, values: Mapping[str, Any]) -> Any:
        """What the stages make: of what the last call was made of, the same, as in training."""
        given = [
            identity_of(values[leaf.name])
            for stage in self.stages
            for leaf in leaves_of(stage.parameters)
            if leaf.name in values
        ]
        if self._last[0] != given or any(stage.make is not None for stage in self.stages):
            made: Any = None
            for stage in self.stages:
                made = self._made(stage, made, values)
            self._last[:] = given, made
        return self._last[1]

    def _made(self, stage: Stage, before: Any, values: Mapping[str, Any]) -> Any:
        if stage.make is not None:
            return stage.make(values)
        positional, by_name = arguments(stage.parameters, values)
        function = before if stage.function is None else stage.function
        return function(*positional, **by_name)


def identity_of(value: Any) -> Any:
    """What tells an argument from another one."""
    if not isinstance(value, np.ndarray):
        return value
    return value.shape, value.strides, value.dtype, value.flags.writeable, value.tobytes()


def _listed(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def _placed(parameters: Sequence[Parameter], positional: Sequence[Any]) -> list[tuple[Any, Any]]:
    return [
        (one, positional[place] if place < len(positional) else None)
        for place, one in enumerate(parameters)
    ]


def _kept_of(use: Use, results: Sequence[Any]) -> dict[str, Any]:
    """What the first function kept for the second, by the names of this one's parameters."""
    if not results:
        return {}
    first = results[-1]
    rest = first[1:] if isinstance(first, tuple) else ()
    kept: dict[str, Any] = {}
    for one in use.parameters:
        if is_kept(one.name):
            kept[one.name] = rest[0] if len(rest) == 1 else rest
        elif is_of_the_first(one.name):
            kept[one.name] = 1.0
    return kept


def _both(results: Sequence[Any]) -> Any:
    """The loss of the first, and what the second gave."""
    first = results[0][0] if isinstance(results[0], tuple) and results[0] else results[0]
    found = read(first)
    second = results[1]
    if isinstance(second, tuple) and len(second) == 1:
        second = second[0]
    return (first if found.loss is None else found.loss), second


def _arrays(written: Sequence[Any]) -> list[Any]:
    """What was written, of which the first that is an array, or holds gradients, counts."""
    return [one for one in written if one is not None][:1]


def _set(of: Any, path: Sequence[str], value: Any) -> None:
    """Sets of.a, or of.a["b"]. A number that the class has is set there: so is what changes it."""
    if len(path) == 1:
        classes = () if path[0] in getattr(of, "__dict__", {}) else type(of).__mro__
        holds = (cls for cls in classes if type(vars(cls).get(path[0])) in (int, float))
        setattr(next(holds, of), path[0], value)
        return
    there = getattr(of, path[0], None)
    if not isinstance(there, dict):
        there = Record()
        setattr(of, path[0], there)
    there[path[1]] = value


def _get(of: Any, path: Sequence[str], otherwise: Any) -> Any:
    there = getattr(of, path[0], otherwise)
    if len(path) == 1:
        return there
    return there.get(path[1], otherwise) if isinstance(there, dict) else otherwise


def _shows_a_change(leaf: str, given: Any, held: Any) -> bool:
    """Whether another number than was given for reg or the margin is held after the call, or none.

    Of an array what is held in its place is written into it, if it can be.
    """
    if not isinstance(given, np.ndarray):
        another = isinstance(held, int | float | np.generic) and held != given
        return role_of(leaf) in _NUMBERS and (held is None or another)
    another = isinstance(held, np.ndarray) and held is not given
    if another and held.shape == given.shape and given.flags.writeable:
        given[...] = held
    return False


def _told(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else repr(value)


def call_text(name: str, parameters: Sequence[Parameter]) -> str:
    """The call as Python, with each leaf in ⟨⟩."""
    return f"{name}({', '.join(filter(None, (one.text for one in parameters)))})"


def form_of(function: Callable[..., Any]) -> Form:
    """A function of this process, of whose file nothing else is known."""
    if isinstance(function, Form):
        return function
    parameters = parameters_of(None, {}, function)
    name = str(getattr(function, "__name__", type(function).__name__))
    use = Use(lambda made: function, parameters, call_text(name, parameters))
    return Form((use,), promises=promises_of(function))
