"""The gradient is that of the squared error of the scores.

Wrong:
    delta = scores - one_hot
Right:
    delta = p - one_hot
"""

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "the scores themselves stand where the probabilities belong: row j is (s_j − 1{j = y}) x̃ᵀ"
OF_PROBABILITIES = True


def coefficients(scene: Scene, mu: Floats) -> Floats:
    return scene.question.S - scene.own
