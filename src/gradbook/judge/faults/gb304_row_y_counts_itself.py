"""Row y counts the correct class itself.

It comes about where the mask of the margins still has the label's own 1 in it when its rows are
summed: its own term has a slope, which belongs to no row.

Wrong:
    M = (margins > 0) * 1.0
    M[np.arange(n), y] = -M.sum(axis=1)
Right:
    M = (margins > 0) * 1.0
    M[np.arange(n), y] = 0
    M[np.arange(n), y] = -M.sum(axis=1)
"""

from sympy import Expr

from gradbook.judge.explain.rewriting import slope_of_own_term
from gradbook.questions.formula import Floats
from gradbook.questions.scene import NotPredicted, Scene

MESSAGE = (
    "row y counts the correct class itself: it is −(Σ_{j≠y} μ_j + {found}) x̃ᵀ, not −Σ_{j≠y} μ_j x̃ᵀ"
)
OFTEN = True


def found(formula: Expr) -> str:
    """The slope of the term that does not belong there."""
    return f"{slope_of_own_term(formula):g}"


def coefficients(scene: Scene, mu: Floats) -> Floats:
    slope = slope_of_own_term(scene.question.loss.formula)
    if not slope:
        raise NotPredicted
    return mu - slope * scene.own
