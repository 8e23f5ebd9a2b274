"""The 1 of the label is not subtracted from the probabilities, or is so otherwise.

The slope of −log p_y by the scores is p − e_y; the probabilities alone are what the forward pass
leaves behind. Where the sign is another one 1 is added, and without an index it is subtracted
everywhere.

Wrong:
    gradient = X.T @ p / n
    gradient = X.T @ (p - 1) / n
Right:
    p[np.arange(n), y] -= 1
    gradient = X.T @ p / n
"""

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
OF_PROBABILITIES = OFTEN = True
#: What is added to the right coefficients: in row y, in every row, and in row y for each class.
VARIANTS = {
    "the 1 of the label is not subtracted: row y is p_y x̃ᵀ, not (p_y − 1) x̃ᵀ": (1, 0),
    "1 is subtracted in every row, and not in row y alone: row j is (p_j − 1) x̃ᵀ": (1, -1),
    "the 1 of the label is added, not subtracted: row y is (p_y + 1) x̃ᵀ": (2, 0),
    "the 1 of the label is subtracted once for each class: row y is (p_y − C) x̃ᵀ": (1, 0, -1),
}


def coefficients(scene: Scene, mu: Floats, added: tuple[int, ...]) -> Floats:
    own, every, for_each = (*added, 0)[:3]
    return mu + (own + for_each * scene.question.C) * scene.own + every
