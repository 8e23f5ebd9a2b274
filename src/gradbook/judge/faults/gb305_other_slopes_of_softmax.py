"""Something else than the probabilities less the 1 of the label is multiplied with x̃.

p − e_y is the slope of −log p_y by the scores, with softmax in it. The exponentials are not divided
by their sum, the slope is that by the probability, the scores themselves stand there, or the slope
of a sigmoid, which belongs to the squared error, is multiplied once more.

Wrong:
    delta = np.exp(scores) - one_hot
    delta = (p - one_hot) * p * (1 - p)
    delta = -one_hot / p
    delta = scores - one_hot
Right:
    delta = p - one_hot
"""

from collections.abc import Callable

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
CHANGES = ("coefficients",)
OF_PROBABILITIES = True
OFTEN = 2


def _of_sigmoid(scene: Scene, mu: Floats) -> Floats:
    p = mu + scene.own
    return mu * p * (1 - p)


#: What stands for μ = p − e_y, from that.
VARIANTS: dict[str, Callable[[Scene, Floats], Floats]] = {
    "the exponentials are not divided by their sum: exp(s_j) stands where p_j belongs": (
        lambda scene, mu: np.exp(scene.question.S) - scene.own
    ),
    "it is multiplied by the slope p_j (1 − p_j) of a sigmoid, which cancels": _of_sigmoid,
    "it is the slope −1/p_y by the probability, and not that by the scores": (
        lambda scene, mu: -scene.own / (mu + scene.own)
    ),
    "the scores themselves stand where the probabilities belong: row j is (s_j − 1{j = y}) x̃ᵀ": (
        lambda scene, mu: scene.question.S - scene.own
    ),
}
