"""The 1 of the label is added and not subtracted.

Wrong:
    p[np.arange(n), y] += 1
Right:
    p[np.arange(n), y] -= 1
"""

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "the 1 of the label is added, not subtracted: row y is (p_y + 1) x̃ᵀ"
OF_PROBABILITIES = OFTEN = True


def coefficients(scene: Scene, mu: Floats) -> Floats:
    return mu + 2 * scene.own
