"""Faults: what people do in place of what a page says. Each is a file, named by its code.

    gb1…  of the data: other labels, examples or scores are taken
    gb2…  of the formula: another one is computed, and its gradient follows from it
    gb3…  of the coefficients: the gradient is (1/n) Σ_i μ_i x̃⁽ⁱ⁾ᵀ with others
    gb4…  of the batch: examples that do not stay apart, or do not count once each
    gb5…  of the result: what is done to the sum, and where no number comes out
    gb6…  of the penalty: what reg adds
    gb7…  of the state: what is kept between the calls, and what is written to
    gb8…  of types and layouts: of what is given, and of what is returned
    gb9…  what is seen, where no fault is known

A file says in its docstring what the fault is, how it comes about, and what is wrong and right as
code. MESSAGE is the sentence of a verdict, to follow "in the loss,"; IN_GRADIENT, if it is another,
follows "in the gradient,". BREAKS is the key of the page's line, "part" for that of the loss or of
the gradient. The functions of a file say what it changes:

    rewritings(formula)       every formula that it makes of one; {found}, {right} and their slopes
                              by a margin u are printed from them
    seen(scene)               another scene: other data
    factor(scene)             a number by which the loss, or the gradient, is multiplied
    losses(scene)             other ℓ, (n,)
    coefficients(scene, mu)   other μ, (n, C)
    kept(scene)               how often each class counts, (n, C): in ℓ and in μ
    row_y(scene, a)           the coefficient of row y, (n,), from those of the rows j ≠ y
    counted(scene, a)         what is summed over the examples: of ℓ, (n, 1), or of μ, (n, C)
    multiplied(scene)         what the coefficients multiply, (n, D) or (n, C, D)
    loss(scene, value)        what is made of the loss, and of the gradient
    gradient(scene, value)
    overflows(scene)          for which examples no number comes out, (n,)

Where several alike are one fault, VARIANTS says in words, for {found}, what the last argument is;
CHANGES names the parts of which the variants themselves are such functions.
measured(answers) gives such pairs that the answers suggest. OF_PROBABILITIES: it is made with a
loss −log p alone; OF_INDICATORS: where the coefficients are indicators alone. What is made with few
losses is said rather than what is made with any and comes to the same. OFTEN: that people make it
so often that it is looked for beside others; a number: so many of the first variants.

Where nothing of these is there, the file says what a module of the judge finds by its own means.

A fault is added by adding its file: nothing lists them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from inspect import cleandoc
from pkgutil import iter_modules
from textwrap import dedent
from types import ModuleType
from typing import Any

import numpy as np
from sympy import Expr, Mul, diff, exp

from gradbook.judge.explain.printed import printed
from gradbook.judge.explain.rewriting import Rewriting, U
from gradbook.loss import Loss
from gradbook.notation import hinge, step
from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

#: A function of the scene, of what it changes, and of a variant.
Of = Callable[..., Any]

#: The parts of a loss, and of a gradient, that a fault may change: those first that are simplest.
LOSS = ("factor", "formula", "losses", "counted", "loss", "seen")
GRADIENT = (
    *("factor", "formula", "coefficients", "row_y"),
    *("counted", "multiplied", "gradient", "seen"),
)
_MANY = 1000


@dataclass(frozen=True)
class FaultKind:
    """A kind of fault. code: "GB201". title: one sentence. story: how it comes about. wrong, right:
    lines of code. module: what it changes.
    """

    code: str
    title: str
    story: str
    wrong: str
    right: str
    module: ModuleType

    def rewritings(self, loss: Loss) -> Iterator[Rewriting]:
        """The formulas that it makes of the loss's own."""
        found = getattr(self.module, "rewritings", lambda formula: ())
        return (one for one in found(loss.formula) if one.formula != loss.formula)

    def part(self, loss: Loss, part: str) -> Of | None:
        """What it puts in the place of a part, if it changes that."""
        of_probabilities = loss.formula.has(exp) and not loss.formula.has(hinge)
        if self._flag("OF_PROBABILITIES") and not of_probabilities:
            return None
        kept = self._changing("kept")
        if part in _COUNTED and kept:
            return partial(_COUNTED[part], kept)
        found = self._changing(part)
        return found and partial(_of_indicators, found) if self._flag("OF_INDICATORS") else found

    def _changing(self, name: str) -> Of | None:
        changed = name in getattr(self.module, "CHANGES", ())
        return _variant if changed else getattr(self.module, name, None)

    def variants(self, loss: Loss) -> Iterator[tuple[str, Any]]:
        """Of what is no formula: words for {found}, and what the last argument is; None is none."""
        if hasattr(self.module, "VARIANTS"):
            yield from self.module.VARIANTS.items()
        elif self.measured is None:
            yield getattr(self.module, "found", str)(loss.formula), None

    @property
    def measured(self) -> Callable[..., Iterator[tuple[str, Any]]] | None:
        """Variants that answers suggest."""
        return getattr(self.module, "measured", None)

    def said(self, parts: Mapping[str, str]) -> tuple[str, str]:
        """The sentences of the loss, and of the gradient alone, with words for {found} and such."""
        said, of_gradient = self._messages
        for name, words in parts.items():
            said, of_gradient = (one.replace(f"{{{name}}}", words) for one in (said, of_gradient))
        return said, of_gradient

    def said_of(self, one: Rewriting) -> tuple[str, str]:
        """The same of one of its rewritings."""
        return self.said(_parts(one))

    @property
    def _messages(self) -> tuple[str, str]:
        message = str(self.module.MESSAGE)
        return message, getattr(self.module, "IN_GRADIENT", message)

    @property
    def message(self) -> str:
        """The sentence, where nothing is printed in it."""
        return self._messages[0]

    @property
    def line(self) -> str:
        """The key of the line that it breaks, in `Loss.cites`; "part" for that of the part."""
        return getattr(self.module, "BREAKS", "part" if self.code.startswith("GB3") else "loss")

    @property
    def often(self) -> int:
        """How many of its variants are looked for together with another fault."""
        often = getattr(self.module, "OFTEN", 0)
        return _MANY if often is True else int(often)

    @property
    def overflows(self) -> Of | None:
        """For which examples no number comes out."""
        return getattr(self.module, "overflows", None)

    @property
    def of_digits(self) -> bool:
        """Whether a right function may have it."""
        return self._flag("OF_DIGITS")

    @property
    def of_few(self) -> bool:
        """Whether it is made with losses of one form alone."""
        return self._flag("OF_PROBABILITIES") or self._flag("OF_INDICATORS")

    def _flag(self, name: str) -> bool:
        return bool(getattr(self.module, name, False))


def _variant(*given: Any) -> Any:
    """What the variant, the last that is given, makes of the others."""
    return given[-1](*given[:-1])


def _of_indicators(of: Of, scene: Scene, *given: Any) -> Any:
    scene.require_indicators()
    return of(scene, *given)


def _counted_coefficients(kept: Of, scene: Scene, mu: Floats, *variant: Any) -> Floats:
    """The rows j ≠ y as often as they count, and row y minus their sum."""
    others = mu * (1 - scene.own) * kept(scene, *variant)
    return np.asarray(others - scene.own * others.sum(axis=1, keepdims=True))


def _counted_losses(kept: Of, scene: Scene, *variant: Any) -> Floats:
    return np.asarray((scene.terms * kept(scene, *variant)).sum(axis=1))


_COUNTED = {"coefficients": _counted_coefficients, "losses": _counted_losses}


def _parts(one: Rewriting) -> dict[str, str]:
    """What a message may name: what stands there and what belongs there, and their slopes."""
    parts = {"found": one.found, "right": one.right}
    slopes = {
        f"slope_of_{name}": diff(part, U).replace(Mul, _without_step)
        for name, part in parts.items()
        if isinstance(part, Expr) and part.has(U)
    }
    shown = {**parts, **slopes}
    return {name: part if isinstance(part, str) else printed(part) for name, part in shown.items()}


def _without_step(*factors: Expr) -> Expr:
    """max(0, u) 1{u > 0} is max(0, u)."""
    powers = [factor.as_base_exp()[0] for factor in factors]
    steps = {step(*one.args) for one in powers if isinstance(one, hinge)}
    return Mul(*(factor for factor in factors if factor not in steps))


@cache
def faults() -> tuple[FaultKind, ...]:
    """All of them, in the order of their codes."""
    names = sorted(found.name for found in iter_modules(__path__) if found.name.startswith("gb"))
    return tuple(_read(import_module(f"{__name__}.{name}")) for name in names)


_PARTS = re.compile(
    r"(?P<title>.+?)\n\n(?P<story>.*?)Wrong:\n(?P<wrong>.+?)\nRight:\n(?P<right>.+)", re.DOTALL
)


def _read(module: ModuleType) -> FaultKind:
    parts = _PARTS.fullmatch(cleandoc(module.__doc__ or ""))
    assert parts is not None, f"{module.__name__} does not say what is wrong and right"
    code = module.__name__.rpartition(".")[2].partition("_")[0].upper()
    title, story = (" ".join(parts[name].split()) for name in ("title", "story"))
    wrong, right = (dedent(parts[name]).strip() for name in ("wrong", "right"))
    return FaultKind(code, title, story, wrong, right, module)
