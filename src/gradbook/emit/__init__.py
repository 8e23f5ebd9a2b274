r"""A derived gradient as code: one `Loss`, one size, one target, one `Kernel` with its source.

    >>> import numpy as np
    >>> from gradbook.emit import emit
    >>> from gradbook.loss import Loss
    >>> from gradbook.notation import C, hinge, j, s, unequal, y
    >>> from sympy import Sum
    >>> svm = Loss("multi-class SVM loss", Sum(unequal(j, y)*hinge(s[j] - s[y] + 1), (j, 0, C - 1)),
    ...            "multiclass_svm")
    >>> kernel = emit(svm, "lambdify", classes=3, features=2)
    >>> "u_1 = s_1 - s_y + 1" in kernel.source
    True
    >>> loss, gradient = kernel(np.zeros((3, 3)), [[1.0, 5.0, -2.0]], [1])
    >>> loss
    2.0
    >>> gradient
    array([[  1.,   5.,  -2.],
           [ -2., -10.,   4.],
           [  1.,   5.,  -2.]])

A target of `FIXED_SIZE` prints code for one C and one m; one of `ANY_SIZE` prints code that takes
arrays of any size::

    >>> kernel = emit(svm, "numpy")
    >>> loss, gradient = kernel(np.zeros((10, 785)), np.ones((5, 785)), [0, 1, 2, 3, 4])
    >>> loss
    9.0

One of `SCHEDULED` is for any size too, and fast: its code is made for this machine.

Of a page whose objective is no such loss, a ridge regression or a network, the whole is emitted:
a function of the page's own letters, for any size or for one, with the gradient by each that the
page differentiates by (`pages`)::

    >>> from gradbook.page import read_text
    >>> page = read_text(r'''
    ... Let $d \ge 1$, and let $x, a \in \mathbb{R}^d$ be two points.
    ...
    ... $$ f := \|x - a\|^2, \qquad \nabla_x f = 2 (x - a) $$
    ... ''')
    >>> kernel = emit(page, "numpy")
    >>> kernel([3.0, 1.0], [1.0, 1.0])
    (4.0, {'x': array([4., 0.])})
    >>> kernel = emit(page, "lambdify", sizes={"d": 2})
    >>> kernel([3.0, 1.0], [1.0, 1.0])
    (4.0, {'x': array([4., 0.])})

The way of a loss to its code:

    stages                a loss at one size as named steps: codegen, lambdified print them
    facts                 what is proved of a loss for any C
    lowering, plan        a loss for any C as loops over the classes, and as named steps
    exponentials          … that neither overflow nor vanish
    array_steps, arrays   the steps over whole arrays: for_numpy, for_jax, for_torch print them
    class_loops           the steps as loops over the classes: for_c, fast (c99, groups, driver)
    arguments             what a loss takes besides W, X and y
    heading               what stands at the top of a source
    functions             those that a language has
    target                what prints a loss, and calls what was printed
    telling_data, compared  every source against the right answers (stand_ins)
    python_modules, lazy  a source in Python as a module
    build, called_in_c    a source in C, compiled
    cache, kept           what is kept from one process to the next
    pages                 any page

Nothing here is written for one loss: every target prints the same `stages`, or for any size the
same `lowering`, derived from the formula. A target is one file with a `target.Target`, which is
listed below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import overload

from gradbook.arguments import MOST, MOST_AT_ONCE, choice, instance, integer
from gradbook.emit import codegen, fast, for_c, for_jax, for_numpy, for_torch, lambdified
from gradbook.emit.arguments import in_code, numbers
from gradbook.emit.build import CompilationFailed
from gradbook.emit.compared import WrongSource
from gradbook.emit.fast import Schedule
from gradbook.emit.lowering import NotLowerable
from gradbook.emit.pages import PAGE_TARGETS, NotEmitted, PageKernel, emit_page
from gradbook.kernels import Kernel
from gradbook.kernels.kernel import NoCompiler
from gradbook.loss import Loss
from gradbook.page.page import Page, PageLine

__all__ = [
    "ANY_SIZE",
    "FIXED_SIZE",
    "PAGE_TARGETS",
    "SCHEDULED",
    "TARGETS",
    "CompilationFailed",
    "NoCompiler",
    "NotEmitted",
    "NotLowerable",
    "PageKernel",
    "Schedule",
    "WrongSource",
    "emit",
]

#: Targets for one size, by name: of a loss, C and m each makes a Kernel.
FIXED_SIZE = {each.TARGET.name: each.TARGET for each in (lambdified, codegen)}

#: Targets for any size, by name: of a loss each makes a Kernel.
ANY_SIZE = {each.TARGET.name: each.TARGET for each in (for_numpy, for_c, for_jax, for_torch)}

#: Targets for any size or for one, with a schedule, and what makes a Kernel of a loss.
SCHEDULED: Mapping[str, Callable[..., Kernel]] = {"c-fast": fast.emit}

TARGETS = (*FIXED_SIZE, *ANY_SIZE, *SCHEDULED)


@overload
def emit(
    loss: Loss,
    target: str,
    *,
    classes: int | None = None,
    features: int | None = None,
    schedule: Schedule | None = None,
    threads: int = 1,
) -> Kernel: ...
@overload
def emit(
    loss: Page | PageLine,
    target: str,
    *,
    of: str | None = None,
    sizes: Mapping[str, int] | None = None,
) -> PageKernel: ...
def emit(
    loss: Loss | Page | PageLine,
    target: str,
    *,
    classes: int | None = None,
    features: int | None = None,
    schedule: Schedule | None = None,
    threads: int = 1,
    of: str | None = None,
    sizes: Mapping[str, int] | None = None,
) -> Kernel | PageKernel:
    """The mean loss over examples and its gradient, printed for a target.

    Of a page, what it differentiates and its gradients as a function of the page's letters; of a
    line of a page that is proved, its right side: for a target of `PAGE_TARGETS`.

    classes, features: C and m, for a target of `FIXED_SIZE`; not given for one of `ANY_SIZE`; one
                       of `SCHEDULED` takes them or not.
    schedule, threads: for a target of `SCHEDULED`; the cost model's choice, and one, otherwise.
    of:                for a page: which of the numbers that it differentiates; the last one defined
                       unless it is said.
    sizes:             for a page and a target of `FIXED_SIZE`: a number for each of its sizes.

    The kernel takes W (C, m + 1), X (n, m + 1) and y (n,). Its source was compared with the exact
    gradient, in every region and at every kink of a small size: at once, or when it was first
    printed on this machine. In the source, letters whose names it may not have get a _.

    Raises WrongSource where that failed, NoCompiler and CompilationFailed where a source in C
    cannot be compared; ValueError for an unknown target, for classes < 2 or features < 0, and for a
    loss with a function that the target does not have, or whose rounding nobody has bounded, or
    without a gradient where it has a value; NotLowerable, a ValueError, for one that is more than
    loops over the classes, where any size is asked for; NotEmitted, a ValueError, for a page, or a
    line of one, of which nothing is printed.
    """
    instance("loss", loss, (Loss, Page, PageLine), "a gradbook.Loss, a page or a line of a page")
    instance("of", of, (str, type(None)), "the name of a number of the page, or None")
    instance("sizes", sizes, (Mapping, type(None)), "a number for each size of a page, or None")
    if isinstance(loss, Page | PageLine):
        choice("target", target, PAGE_TARGETS)
        if (classes, features, schedule, threads) != (None, None, None, 1):
            raise ValueError(
                "classes, features, schedule and threads must not be given for a page: give sizes"
            )
        return emit_page(loss, target, of, sizes)
    if of is not None or sizes is not None:
        raise ValueError("of and sizes must not be given for a loss, but for a page alone")
    choice("target", target, TARGETS)
    for name, size, least in (("classes", classes, 2), ("features", features, 0)):
        if size is not None:
            integer(name, size, least, MOST)
    instance("schedule", schedule, (Schedule, type(None)), "a Schedule or None")
    integer("threads", threads, 1, MOST_AT_ONCE)
    kernel = _emitted(in_code(loss), target, classes, features, schedule, threads)
    return replace(kernel, parameters=numbers(loss))


def _emitted(
    loss: Loss,
    target: str,
    classes: int | None,
    features: int | None,
    schedule: Schedule | None,
    threads: int,
) -> Kernel:
    """The kernel of a loss whose letters may be names in a source."""
    if target in SCHEDULED:
        return SCHEDULED[target](loss, classes, features, schedule=schedule, threads=threads)
    if (schedule, threads) != (None, 1):
        raise ValueError(f"schedule and threads must not be given for {target!r}: it has neither")
    if target in ANY_SIZE:
        if (classes, features) != (None, None):
            raise ValueError(
                f"classes and features must not be given for {target!r}, which is for any size, "
                f"but are {classes!r} and {features!r}"
            )
        return ANY_SIZE[target](loss)
    if classes is None or features is None:
        raise ValueError(
            f"classes and features must be given for {target!r}, which is for one size"
        )
    if loss.parameters or loss.penalty is not None or loss.weighted:
        raise ValueError(
            f"loss must have no parameters, penalty or weights for {target!r}, unlike {loss.name}: "
            f"name a target for any size, {' or '.join(map(repr, ANY_SIZE))}"
        )
    return FIXED_SIZE[target](loss, classes, features)
