"""The 1 of the label is not subtracted from the probabilities.

The slope of −log p_y by the scores is p − e_y; the probabilities alone are what the forward pass
leaves behind.

Wrong:
    gradient = X.T @ p / n
Right:
    p[np.arange(n), y] -= 1
    gradient = X.T @ p / n
"""

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "the 1 of the label is not subtracted: row y is p_y x̃ᵀ, not (p_y − 1) x̃ᵀ"
OF_PROBABILITIES = OFTEN = True


def coefficients(scene: Scene, mu: Floats) -> Floats:
    return mu + scene.own
