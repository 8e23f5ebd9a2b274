"""1 is subtracted from the probability of every class.

Wrong:
    gradient = X.T @ (p - 1) / n
Right:
    p[np.arange(n), y] -= 1
    gradient = X.T @ p / n
"""

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "1 is subtracted in every row, and not in row y alone: row j is (p_j − 1) x̃ᵀ"
OF_PROBABILITIES = OFTEN = True


def coefficients(scene: Scene, mu: Floats) -> Floats:
    return mu + scene.own - 1
