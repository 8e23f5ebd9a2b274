"""Only the last class with an active margin counts.

What was summed before is overwritten.

Wrong:
    for j in range(C):
        if margins[j] > 0:
            loss = margins[j]
Right:
    for j in range(C):
        if margins[j] > 0:
            loss += margins[j]
"""

from gradbook.judge.faults.first import first_of
from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "only the last active class of an example counts"


def kept(scene: Scene) -> Floats:
    return first_of(scene.active[:, ::-1])[:, ::-1]
