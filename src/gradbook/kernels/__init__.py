"""Kernels: functions (W, X, y) -> (loss, gradient), all with the same contract.

    >>> import numpy as np
    >>> from gradbook.kernels import augment, by_hand
    >>> loops, vectorized = by_hand("multiclass_svm")
    >>> X = augment([[1.0, 2.0], [3.0, -1.0]])             # n = 2 examples, m = 2 features, and a 1
    >>> loss, gradient = vectorized(np.zeros((3, 3)), X, [0, 2])
    >>> loss
    2.0
    >>> gradient
    array([[-0.5,  0.5, -2.5],
           [ 1. ,  2. ,  0.5],
           [-0.5, -2.5,  2. ]])

Those by hand, `loops` and `vectorized`, are written without SymPy: witnesses for the ones that
`gradbook.emit` prints. `contract` says what every kernel accepts, `kernel` what one is, and
`sums` what of it is added up over chunks of the examples.
"""

from gradbook import arguments
from gradbook.kernels import loops, vectorized
from gradbook.kernels.contract import augment
from gradbook.kernels.kernel import Kernel
from gradbook.kernels.sums import Sums

__all__ = ["Kernel", "Sums", "augment", "by_hand"]

BY_HAND = (loops.kernel, vectorized.kernel)


def by_hand(loss: str) -> tuple[Kernel, ...]:
    """The kernels written by hand for a loss, named by its key; none for an unknown one."""
    arguments.instance("loss", loss, str, "the key of a loss")
    return tuple(kernel for kernel in BY_HAND if kernel.loss == loss)
