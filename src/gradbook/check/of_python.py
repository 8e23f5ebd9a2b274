"""`check(function, loss)`: a kernel of this project is checked, any other function is judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradbook import arguments
from gradbook.check.judge import check as check_kernel
from gradbook.check.verdict import Verdict
from gradbook.deferred import deferred
from gradbook.judge.convention.forced import Forced
from gradbook.judge.judge import judge
from gradbook.judge.judgement import Judgement
from gradbook.kernels import Kernel
from gradbook.loss import Loss
from gradbook.subjects import InProcess


def check(
    kernel_or_function: Any,
    loss: Loss,
    *,
    seed: int = 0,
    forced: Forced | None = None,
    progress: Callable[[str], object] | None = None,
) -> Verdict | Judgement:
    """Whether a kernel, or any function that people have, computes `loss` and its gradient.

    kernel_or_function: a Kernel, such as `emit` gives; it is held to the contract of this project
    in the checks of `gradbook.check`. Or a function of W, X, y and perhaps reg, in any layout, that
    returns the loss, the gradient or both: its convention is found, and `gradbook.judge` judges it.
    It runs in this process, and is trusted; `gradbook check FILE` trusts nobody. A change with
    which it is right is looked for in another process, if its source is known.

    seed: of the random data that a Kernel is checked on. forced: what is known of a function's
    convention. progress: called with a line of text at each step.

    Raises TypeError if it cannot be called or `loss` is no Loss.
    """
    arguments.instance("loss", loss, Loss, "a gradbook.Loss")
    arguments.integer("seed", seed, 0)
    arguments.instance("forced", forced, (Forced, type(None)), "a gradbook.judge.Forced or None")
    if progress is not None:
        arguments.function("progress", progress, "a line of text")
    arguments.function("kernel_or_function", kernel_or_function, "W, X and y, or a Kernel")
    if isinstance(kernel_or_function, Kernel):
        return check_kernel(kernel_or_function, loss, seed=seed, progress=progress)
    judgement = judge(InProcess(kernel_or_function), loss, forced=forced, progress=progress)
    if forced is not None and "mend" in forced.without:
        return judgement
    mended: Judgement = deferred("mend a function", judgement, kernel_or_function, loss)
    return mended
