"""How a function of other people takes and gives the letters of a page.

What each parameter is, is told by its name and by its shape: `params["W1"]` is the first matrix of
weights, b1 the first vector beside it, X the examples. What names leave open is tried: sizes that
are all different fit in one way alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING

import numpy as np

from gradbook.subjects import Answer, Subject
from gradbook.subjects.names import SIZES, last_name, plain, role_of

if TYPE_CHECKING:
    from gradbook.emit.pages import Argument, PageKernel

#: More ways to call a function are not tried.
_MOST = 3000
#: Which parameters a letter may be, by what they are called: of labels, matrices, vectors, numbers.
_MAY_BE = {
    "labels": ("y", ""),
    "matrix": ("W", "X", ""),
    "vector": ("b", "W", "X", "y", ""),
    "number": ("reg", "b", "margin", "y", ""),
}
#: How a vector may be given, and a batch of examples.
_VECTORS = {
    "": lambda v: v,
    "(1, …)": lambda v: v[None],
    "(…, 1)": lambda v: v[:, None],
}
_ROWS, _COLUMNS = "rows", "columns"
#: What a parameter of each role is first taken for; "by" which the page differentiates.
_FIRST = {
    "W": ("matrix by", "vector by"),
    "b": ("vector by", "number by"),
    "X": ("matrix", "vector", "vector by", "matrix by"),
    "y": ("labels", "vector"),
    "reg": ("number", "number by"),
}

Point = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Binding:
    """Which letter each parameter is, and how it is laid out.

    letters:    (parameter, letter). transposed: the letters that are given as their transposes.
    vectors:    one of `_VECTORS`. stacked: the letters of one example, of which it takes a batch,
                in `batch`: "rows", "columns", or "" where it takes one example.
    reg:        the parameter that is the strength of a penalty which the page has not.
    """

    letters: tuple[tuple[str, str], ...]
    transposed: frozenset[str] = frozenset()
    vectors: str = ""
    stacked: frozenset[str] = frozenset()
    batch: str = ""
    reg: str = ""

    def parameter(self, letter: str) -> str:
        """What the function calls it: W1, or params['W1'] where it has another W1."""
        name = next(name for name, of in self.letters if of == letter)
        own = [last_name(other) for other, _ in self.letters]
        return last_name(name) if own.count(last_name(name)) == 1 else name

    def laid_out(self, letter: str, value: np.ndarray) -> np.ndarray:
        """A value, or a gradient, of a letter as the function has it."""
        if letter in self.stacked:
            value = value if self.batch else value[0]
            return value.T if self.batch == _COLUMNS else value
        if letter in self.transposed:
            return value.T
        return _VECTORS[self.vectors](value) if value.ndim == 1 else value

    def called(self, subject: Subject, point: Point, reg: float = 0.0) -> Answer:
        """What the function answers."""
        laid_out = {name: self.laid_out(letter, point[letter]) for name, letter in self.letters}
        given = {name: v.copy() if v.ndim else v.item() for name, v in laid_out.items()}
        given |= {self.reg: reg} if self.reg else {}
        placed = []
        for name in subject.parameters:
            if name not in given:
                break
            placed.append(given.pop(name))
        return subject(*placed, **given)

    def gradients(self, answer: Answer, point: Point, by: Sequence[str]) -> dict[str, np.ndarray]:
        """Of what was returned, the gradient by each letter: told by its name, or by its shape.

        Where some are there, what is left over is that by a parameter that lacks one: of no
        entries, since its shape is another one.
        """
        arrays = dict(answer.arrays)
        if not arrays and answer.gradient is not None:
            arrays = {"": answer.gradient}
        found: dict[str, np.ndarray] = {}
        for is_it in (self._is_named, self._is_shaped):
            for letter in by:
                like = self.laid_out(letter, point[letter])
                name = next((n for n in arrays if is_it(n, arrays[n], letter, like)), None)
                if letter not in found and name is not None:
                    array = arrays.pop(name).astype(float).reshape(like.shape)
                    found[letter] = self._read_back(letter, array, point[letter].shape)
        lacking = [one for one in by if found and one not in found and one not in self.stacked]
        return found | {letter: np.empty(0) for letter, _ in zip(lacking, arrays, strict=False)}

    def _is_named(self, name: str, array: np.ndarray, letter: str, like: np.ndarray) -> bool:
        own = self.parameter(letter).lower()
        called = plain(name.rpartition(".")[2])
        return array.size == like.size and called in {
            *(own, f"d{own}", f"d_{own}", f"grad_{own}", f"grad{own}", f"{own}_grad", f"g{own}")
        }

    def _is_shaped(self, name: str, array: np.ndarray, letter: str, like: np.ndarray) -> bool:
        return array.shape == like.shape or (
            like.ndim < 2 and array.size == like.size == max(array.shape)
        )

    def _read_back(self, letter: str, array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        if letter in self.transposed or (letter in self.stacked and self.batch == _COLUMNS):
            array = array.T
        return array.reshape(shape)

    def __str__(self) -> str:
        pairs = ((self.parameter(letter), self._words(letter)) for _, letter in self.letters)
        named = ", ".join(f"{name} is {letter}" for name, letter in pairs if name != letter)
        batch = {"": "", _ROWS: "; the examples are rows", _COLUMNS: "; the examples are columns"}
        reg = f"; {self.reg} is the strength of a penalty" if self.reg else ""
        return f"{named or 'its letters are the page’s'}{batch[self.batch]}{reg}"

    def _words(self, letter: str) -> str:
        return letter.rstrip("_") + "ᵀ" * (letter in self.transposed)


def bindings(subject: Subject, kernel: PageKernel, said: Mapping[str, str]) -> Iterator[Binding]:
    """Ways to call the function that are worth trying, the likeliest first.

    said: parameter ↦ letter, as a person says it.
    """
    arguments = {argument.name: argument for argument in kernel.arguments}
    alone = {a.name for a in kernel.arguments if a.labels is not None and not a.counts}
    found = (
        Binding(tuple(pairs), reg=reg, stacked=_stacked(pairs, arguments, alone))
        for pairs, reg in _pairs(subject, kernel, dict(said))
    )
    every = (
        Binding(one.letters, transposed, vectors, one.stacked, batch, one.reg)
        for one in found
        for batch in ((_ROWS, _COLUMNS, "") if one.stacked else ("",))
        for transposed in _transposes(
            [name for _, name in one.letters if len(arguments[name].counts) == 2]
        )
        for vectors in _VECTORS
    )
    yield from islice(every, _MOST)


def _stacked(
    pairs: Sequence[tuple[str, str]], arguments: Mapping[str, Argument], alone: set[str]
) -> frozenset[str]:
    """The letters of one example: where its label is one number, that and the vector of it."""
    examples = {
        letter
        for name, letter in pairs
        if len(arguments[letter].counts) == 1 and role_of(name) in ("X", "scores")
    }
    return frozenset(alone | examples) if alone else frozenset()


def _transposes(matrices: Sequence[str]) -> Iterator[frozenset[str]]:
    """None of them, all, and the others."""
    every = [
        frozenset(m for m, t in zip(matrices, each, strict=True) if t)
        for each in product((False, True), repeat=len(matrices))
    ]
    yield from sorted(every, key=lambda each: len(each) % max(len(matrices), 1))


def _pairs(
    subject: Subject, kernel: PageKernel, said: dict[str, str]
) -> Iterator[tuple[list[tuple[str, str]], str]]:
    """Each way to give every letter to a parameter, and which is the strength of a penalty."""
    letters = [argument.name for argument in kernel.arguments]
    kinds = {argument.name: _kind(argument) for argument in kernel.arguments}

    def choices(name: str, free: Sequence[str]) -> list[str]:
        """The letters that it may be: of its own name, and else as such parameters are."""
        if name in said:
            return [said[name]] if said[name] in free else []
        role = role_of(name)
        own = last_name(name)
        fitting = [at for at in free if at == own or role in _MAY_BE[kinds[at]]]
        first = _FIRST.get(role, ())
        kind = {letter: kinds[letter] + " by" * (letter in kernel.by) for letter in fitting}

        def unlike(letter: str) -> tuple[bool, bool, bool, int]:
            place = first.index(kind[letter]) if kind[letter] in first else len(first)
            named = own != letter, own.lower() != letter.lower().strip("_")
            return *named, role_of(letter) not in ("", role), place

        return sorted(fitting, key=unlike)

    def filled(
        names: Sequence[str], free: Sequence[str], pairs: list[tuple[str, str]], reg: str
    ) -> Iterator[tuple[list[tuple[str, str]], str]]:
        if not names:
            if not free:
                yield pairs, reg
            return
        name, rest = names[0], names[1:]
        for letter in choices(name, free):
            yield from filled(rest, [f for f in free if f != letter], [*pairs, (name, letter)], reg)
        if name not in said and role_of(name) == "reg" and not reg:
            yield from filled(rest, free, pairs, name)
        elif name in subject.defaults or role_of(name) in SIZES:
            yield from filled(rest, free, pairs, reg)

    yield from filled(subject.parameters, letters, [], "")


def roles_of(kernel: PageKernel) -> dict[str, tuple[str, ...]]:
    """The letters that a function is given, and what parameters are called as that may be one."""
    return {argument.name: _MAY_BE[_kind(argument)] for argument in kernel.arguments}


def _kind(argument: Argument) -> str:
    if argument.labels is not None:
        return "labels"
    return ("number", "vector", "matrix")[min(len(argument.counts), 2)]
