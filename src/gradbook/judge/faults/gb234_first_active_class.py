"""The loop over the classes ends at the first one with an active margin.

A break, or a return, stands in the loop.

Wrong:
    if margin > 0:
        loss += margin
        break
Right:
    if margin > 0:
        loss += margin
"""

from gradbook.judge.faults.first import first_of
from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "only the first active class of an example counts: the loop over j ends there"


def kept(scene: Scene) -> Floats:
    return first_of(scene.active)
