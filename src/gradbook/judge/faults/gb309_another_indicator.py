"""The rows of the gradient are multiplied by something else than the indicator of the margin.

Wrong:
    M = margins * 1.0
    M[np.arange(n), y] = -M.sum(axis=1)
Right:
    M = (margins > 0) * 1.0
    M[np.arange(n), y] = -M.sum(axis=1)
"""

from collections.abc import Callable

from gradbook.judge.faults.indicators import with_row_y
from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
OF_INDICATORS = True
OFTEN = True
VARIANTS: dict[str, Callable[[Scene], Floats]] = {
    "the margin itself, negative ones included, stands where its indicator belongs": (
        lambda scene: scene.u
    ),
    "the indicator is that of the score, 1{s_j > 0}, and not that of the margin": (
        lambda scene: scene.indicator(scene.question.S) + 0 * scene.u
    ),
    "the indicator is inverted: it is 1 where the margin is not active": (
        lambda scene: 1 - scene.active
    ),
    "the indicator's difference is reversed: it is 1{s_y − s_j + 1 > 0}": (
        lambda scene: scene.indicator(2 - scene.u)
    ),
    "every class j ≠ y counts, active or not, and is halved where it is not": (
        lambda scene: (1 + scene.active) / 2
    ),
}


def coefficients(scene: Scene, mu: Floats, of: Callable[[Scene], Floats]) -> Floats:
    return with_row_y(scene, of(scene))
