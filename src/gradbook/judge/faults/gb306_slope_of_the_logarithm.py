"""The slope by the probability stands where that by the scores belongs.

−1/p_y is the slope of −log p_y by p_y; the chain rule through softmax is missing.

Wrong:
    delta = np.zeros_like(p)
    delta[np.arange(n), y] = -1 / p[np.arange(n), y]
Right:
    delta = p - one_hot
"""

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "it is the slope −1/p_y by the probability, and not that by the scores"
OF_PROBABILITIES = True


def coefficients(scene: Scene, mu: Floats) -> Floats:
    return -scene.own / (mu + scene.own)
