"""The probabilities are divided by n, and the 1 of the label is not.

It comes about where the division stands above the subtraction.

Wrong:
    p = p / n
    p[np.arange(n), y] -= 1
Right:
    p[np.arange(n), y] -= 1
    p = p / n
"""

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = (
    "the 1 of the label is not divided by n, as the probabilities are: row y is (p_y/n − 1) x̃ᵀ"
)
BREAKS = "mean"
OF_PROBABILITIES = OFTEN = True


def coefficients(scene: Scene, mu: Floats) -> Floats:
    return mu + (1 - scene.question.n) * scene.own
