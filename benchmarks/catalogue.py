"""A catalogue of kernels: a folder with `wrong/` and `right/`, one kernel a file.

The docstring of a file says in words what is wrong with the kernel, or in which style it is right;
then, as `field: value` lines, what can be tested of that:

    family     regularisation, data term, ties and kinks, shapes, state and inputs, precision or
               unfinished
    only       the groups of data on which it is wrong, where it is right on plain data; of a right
               one, those on which it raises
    breaks     the line of the page that it breaks; or penalty, or contract, for which the page has
               no line
    named by   a regular expression that a sentence matches if it names the fault
    remark     what may be said of a right one all the same
    W, X       the shapes, where they are not (D, C) and (N, D)
    gives      what is returned, where that is not a loss and a gradient
    penalty    of a right one: reg·ΣW², ½·reg·ΣW², either with / n after it, or none
    kink       of a right one: the indicator at a margin of 0, where that is not 0
    precision  of a right one: single, where it is not double; rounded, where it rounds even numbers
               that need no rounding
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import re
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).resolve().parent.parent / "tests" / "judge" / "catalogue"

_FIELD = re.compile(r"(family|only|breaks|named by|remark|W|X|gives|penalty|kink|precision): +(.+)")


@dataclass(frozen=True)
class Labelled:
    """One kernel of a catalogue, and what is true of it."""

    path: Path
    right: bool
    truth: str
    fields: dict[str, str]

    @property
    def name(self) -> str:
        """right/loops, wrong/sign_reversed, …"""
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def family(self) -> str:
        """What kind of fault it has, "" for a right one."""
        return self.fields.get("family", "")

    @property
    def only(self) -> frozenset[str]:
        """The groups of data on which it is wrong; none for one that is wrong on plain data."""
        return frozenset(part.strip() for part in self.fields.get("only", "").split(",")) - {""}

    @property
    def classes_first(self) -> bool:
        """Whether W is (C, D)."""
        return self.fields.get("W", "(D, C)") == "(C, D)"

    @property
    def features_first(self) -> bool:
        """Whether X is (D, N)."""
        return self.fields.get("X", "(N, D)") == "(D, N)"

    @property
    def gives(self) -> tuple[bool, bool]:
        """Whether it returns a loss, and whether a gradient."""
        words = self.fields.get("gives", "loss and gradient")
        return "loss" in words, "gradient" in words

    @property
    def penalty(self) -> Fraction:
        """The factor of reg·ΣW² in a right one's loss."""
        words = self.fields.get("penalty", "reg·ΣW²").removesuffix(" / n")
        return {"none": Fraction(0), "½·reg·ΣW²": Fraction(1, 2), "reg·ΣW²": Fraction(1)}[words]

    @property
    def averaged(self) -> bool:
        """Whether a right one's penalty is divided by n."""
        return self.fields.get("penalty", "").endswith(" / n")

    @property
    def kink(self) -> Fraction:
        """The indicator at a margin of exactly 0."""
        return Fraction(self.fields.get("kink", "0"))

    def names_the_fault(self, sentence: str) -> bool:
        """Whether a diagnosis says what is wrong."""
        return re.search(self.fields["named by"], sentence) is not None

    def function(self) -> Callable[..., Any]:
        """The function of the file, from a file read anew: no state of earlier calls."""
        module = types.ModuleType(self.path.stem)
        with _stand_ins():
            exec(compile(self.path.read_text(encoding="utf-8"), self.path, "exec"), vars(module))
        return next(each for each in vars(module).values() if _is_kernel(each, module))

    @cached_property
    def takes_reg(self) -> bool:
        """Whether its fourth parameter is the factor of the penalty."""
        return len(inspect.signature(self.function()).parameters) > 3


def read(folder: Path = CATALOGUE) -> list[Labelled]:
    """The kernels of a catalogue, by name, the wrong ones first."""
    return [
        _labelled(path, kind == "right")
        for kind in ("wrong", "right")
        for path in sorted((folder / kind).glob("*.py"))
    ]


def _labelled(path: Path, right: bool) -> Labelled:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if not text:
        raise ValueError(f"{path} must say in its docstring what is true of it")
    truth, _, rest = text.partition("\n\n")
    fields = {}
    for line in rest.splitlines():
        match = _FIELD.fullmatch(line)
        if match is None:
            raise ValueError(f"{path}: {line!r} is not a field of a label")
        fields[match[1]] = match[2]
    for field in () if right else ("family", "named by"):
        if field not in fields:
            raise ValueError(f"{path}: its docstring must have a line for {field!r}")
    return Labelled(path, right, " ".join(truth.split()), fields)


def _is_kernel(value: object, module: types.ModuleType) -> bool:
    """Whether it is a function of the file itself, of W, X and y at least."""
    if not inspect.isfunction(value) or value.__globals__ is not vars(module):
        return False
    return not value.__name__.startswith("_") and len(inspect.signature(value).parameters) >= 3


@contextlib.contextmanager
def _stand_ins() -> Iterator[None]:
    """What kernels import that need not be installed, and that changes nothing of their meaning."""
    past, builtins = types.ModuleType("past"), types.ModuleType("past.builtins")
    tqdm = types.ModuleType("tqdm")
    builtins.xrange, tqdm.tqdm = range, lambda iterable: iterable  # type: ignore[attr-defined]
    names = {"past": past, "past.builtins": builtins, "tqdm": tqdm}
    before = {name: sys.modules.get(name) for name in names}
    sys.modules.update(names)
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
