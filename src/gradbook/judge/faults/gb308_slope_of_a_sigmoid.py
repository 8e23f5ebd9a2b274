"""The slope p(1 − p) of a sigmoid is multiplied once more.

It belongs to the squared error. The slope of −log p_y by the scores has it already.

Wrong:
    delta = (p - one_hot) * p * (1 - p)
Right:
    delta = p - one_hot
"""

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "it is multiplied by the slope p_j (1 − p_j) of a sigmoid, which cancels"
OF_PROBABILITIES = OFTEN = True


def coefficients(scene: Scene, mu: Floats) -> Floats:
    p = mu + scene.own
    return mu * p * (1 - p)
