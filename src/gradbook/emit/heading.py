"""What the comment at the top of every printed source says."""

from __future__ import annotations

import sympy

import gradbook
from gradbook.emit.stages import Stages
from gradbook.loss import Loss


def heading(loss: Loss, stages: Stages, target: str) -> tuple[str, ...]:
    """The lines: which loss, at which size, and what printed it. Each is one line of text."""
    classes, width = stages.W.shape
    lines = (
        f"{loss.name}: its mean over the examples, and the gradient by W",
        f"ℓ = {loss.formula}",
        f"C = {classes} classes, m = {width - 1} features: W is {classes} × {width}",
        f"gradbook {gradbook.__version__}, SymPy {sympy.__version__}, target {target}",
        "s: scores; is, not: whether a class is the label; u: margins; h: max(0, u); on: 1{u > 0};",
        "t: what is used more than once; mu: ∂ℓ/∂s; G: mu x̃ᵀ",
    )
    return tuple(" ".join(line.split()) for line in lines)
