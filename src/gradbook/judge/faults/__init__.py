"""Faults: what people do in place of what a page says. Each is a file, named by its code.

    gb2…  of the formula: another one is computed, and its gradient follows from it
    gb3…  of the coefficients: the gradient is (1/n) Σ_i μ_i x̃⁽ⁱ⁾ᵀ with others
    gb4…  of the batch: examples that do not stay apart
    gb5…  of the result: no number comes out where scores are large

A file says in its docstring what the fault is, how it comes about, and what is wrong and right as
code. MESSAGE is the sentence of a verdict, to follow "in the loss,"; IN_GRADIENT, if it is another,
follows "in the gradient,". {found} and {right} in them are printed from the formula, as is
{slope_of_found}, a derivative with respect to a margin u. `rewritings(formula)` gives every formula
that it makes of one. What is no formula has `coefficients(scene, mu)`, what it makes of the
coefficients (n, C), and `losses(scene)`, other ℓ (n,); or `kept(scene)`, (n, C), how often each
class counts; each may take one of VARIANTS, words to numbers, as its last argument; or
`overflows(scene)`, (n,), for which examples no number comes out. OF_PROBABILITIES says that it is
made with a loss −log p alone; OFTEN, that people make it so often that it is looked for beside
others.

A fault is added by adding its file: nothing lists them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from inspect import cleandoc
from pkgutil import iter_modules
from textwrap import dedent
from types import ModuleType
from typing import Any

import numpy as np
from sympy import Expr, Mul, Rational, diff, exp

from gradbook.check.formula import Floats
from gradbook.judge.printed import printed
from gradbook.judge.rewriting import Rewriting, U
from gradbook.judge.scene import Scene
from gradbook.loss import Loss
from gradbook.notation import hinge, step

#: A function of the scene, the coefficients that it changes if it is of these, and a variant.
Of = Callable[..., Floats]


@dataclass(frozen=True)
class FaultKind:
    """A kind of fault. code: "GB201". title: one sentence. story: how it comes about. wrong, right:
    lines of code. module: what rewrites a formula.
    """

    code: str
    title: str
    story: str
    wrong: str
    right: str
    module: ModuleType

    def rewritings(
        self, loss: Loss, numbers: Sequence[Rational] | None = None
    ) -> Iterator[tuple[str, str, Rewriting]]:
        """What is said of the loss, and of the gradient alone, and the formula that is meant.

        numbers: that were measured, for a fault that has one; those that are usual unless given.
        """
        if not hasattr(self.module, "rewritings"):
            return
        given = () if numbers is None else (numbers,)
        for one in self.module.rewritings(loss.formula, *given):
            if one.formula != loss.formula:
                parts = _parts(one)
                of_gradient = getattr(self.module, "IN_GRADIENT", self.module.MESSAGE)
                yield self.module.MESSAGE.format(**parts), of_gradient.format(**parts), one

    def edits(self, loss: Loss, part: str) -> Iterator[tuple[str, Of]]:
        """What it makes of the "coefficients" or the "losses", with what is said, if anything."""
        of_probabilities = loss.formula.has(exp) and not loss.formula.has(hinge)
        if getattr(self.module, "OF_PROBABILITIES", False) and not of_probabilities:
            return
        of = getattr(self.module, part, None)
        if of is None and hasattr(self.module, "kept"):
            of = partial(_COUNTED[part], self.module.kept)
        if of is None:
            return
        found = getattr(self.module, "found", str)(loss.formula)
        variants = getattr(self.module, "VARIANTS", {found: None})
        for words, variant in variants.items():
            said = self.module.MESSAGE.replace("{found}", words)
            yield said, of if variant is None else partial(_with, of, variant)

    @property
    def overflows(self) -> Of | None:
        """For which examples no number comes out."""
        return getattr(self.module, "overflows", None)

    @property
    def message(self) -> str:
        """The sentence, where nothing is printed in it."""
        return str(self.module.MESSAGE)

    @property
    def of_digits(self) -> bool:
        """Whether a right function may have it."""
        return getattr(self.module, "OF_DIGITS", False)

    @property
    def often(self) -> bool:
        """Whether it is looked for together with another fault."""
        return getattr(self.module, "OFTEN", False)


def _with(of: Of, variant: Any, *given: Any) -> Floats:
    return of(*given, variant)


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
