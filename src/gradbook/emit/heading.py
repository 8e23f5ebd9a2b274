"""What the comment at the top of every printed source says."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

import gradbook
from gradbook.emit.lowering import Lowered
from gradbook.emit.stages import Stages
from gradbook.loss import Loss


def heading(loss: Loss, target: str, of: Stages | Lowered) -> tuple[str, ...]:
    """The lines: which loss, at which size or what was derived for any, and what printed it.

    Each is one line of text.
    """
    size = []
    if isinstance(of, Stages):
        classes, width = of.W.shape
        size = [f"C = {classes} classes, m = {width - 1} features: W is {classes} × {width}"]
    first = (
        f"{loss.name}: its mean over the examples, and the gradient by W",
        f"ℓ = {loss.formula}",
        *size,
        f"gradbook {gradbook.__version__}, SymPy {sympy.__version__}, target {target}",
    )
    rest = _LETTERS if isinstance(of, Stages) else _derived(loss, of)
    return (*(" ".join(line.split()) for line in first), *rest)


_LETTERS = (
    "s: scores; is, not: whether a class is the label; u: margins; h: max(0, u); on: 1{u > 0};",
    "t: what is used more than once; mu: ∂ℓ/∂s; G: mu x̃ᵀ",
)


def _derived(loss: Loss, lowered: Lowered) -> Iterator[str]:
    yield ""
    yield "Derived for any number of classes C, features m = D − 1 and examples n, with s = W x̃:"
    yield from (f"  {line}" for line in str(lowered).splitlines())
    yield "  ∇_W ℓ = μ x̃ᵀ, and the mean over the examples has the gradient (1/n) Mᵀ X̃"
    if loss.weighted:
        yield "  with weights w_i, ℓ and μ of example i count w_i times"
    if loss.penalty is not None:
        yield f"  added: {loss.penalty}"
