"""The probabilities are clipped on both sides before anything is computed of them.

It is to keep the logarithm from −∞. Log-sum-exp does that without changing the loss.

Wrong:
    p = np.clip(p, 1e-2, 1 - 1e-2)
    loss = -np.log(p[np.arange(n), y]).mean()
Right:
    loss = -np.log(p[np.arange(n), y]).mean()
"""

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "the probabilities are clipped to {found}"
OF_PROBABILITIES = OFTEN = True
#: How near they come to 0 and to 1.
VARIANTS = {f"{least:g} … {1 - least:g}": least for least in (0.1, 0.05, 0.01, 1e-3, 1e-4, 1e-5)}


def losses(scene: Scene, least: float) -> Floats:
    return -np.log((scene.own * _clipped(scene, scene.mu, least)).sum(axis=1))


def coefficients(scene: Scene, mu: Floats, least: float) -> Floats:
    return _clipped(scene, mu, least) - scene.own


def _clipped(scene: Scene, mu: Floats, least: float) -> Floats:
    """Of p, which is the right coefficients and the label's 1."""
    return np.clip(mu + scene.own, least, 1 - least)
