"""What the comment at the top of a source for any size says."""

from __future__ import annotations

from collections.abc import Iterator

import sympy

import gradbook
from gradbook.emit.lowering import Lowered
from gradbook.loss import Loss


def heading(lowered: Lowered, target: str) -> tuple[str, ...]:
    """The lines: which loss, what was derived from it, and what printed it."""
    loss = lowered.source
    lines = (
        f"{loss.name}: its mean over the examples, and the gradient by W",
        f"ℓ = {loss.formula}",
        f"gradbook {gradbook.__version__}, SymPy {sympy.__version__}, target {target}",
    )
    return (
        *(" ".join(line.split()) for line in lines),
        "",
        "Derived for any number of classes C, features m = D − 1 and examples n, with s = W x̃:",
        *(f"  {line}" for line in str(lowered).splitlines()),
        "  ∇_W ℓ = μ x̃ᵀ, and the mean over the examples has the gradient (1/n) Mᵀ X̃",
        *_besides(loss),
    )


def _besides(loss: Loss) -> Iterator[str]:
    """What else there is in the mean."""
    if loss.weighted:
        yield "  with weights w_i, ℓ and μ of example i count w_i times"
    if loss.penalty is not None:
        yield f"  added: {loss.penalty}"
