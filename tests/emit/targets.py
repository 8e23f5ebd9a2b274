"""The targets as parameters of tests; one that needs a library of its own is marked with it."""

from importlib.util import find_spec

import pytest

from gradbook.emit import ANY_SIZE, FIXED_SIZE, SCHEDULED, TARGETS, emit

#: Targets that need a library which gradbook does not install.
FRAMEWORKS = ("jax", "torch")


def marked(target):
    return [pytest.mark.framework(target)] if target in FRAMEWORKS else []


def each(targets):
    """The targets as parameters."""
    return [pytest.param(target, marks=marked(target)) for target in targets]


EVERY_TARGET, EVERY_FIXED_SIZE = map(each, (TARGETS, FIXED_SIZE))
EVERY_ANY_SIZE = each((*ANY_SIZE, *SCHEDULED))

#: Those that can run here.
INSTALLED = [target for target in TARGETS if target not in FRAMEWORKS or find_spec(target)]


def emit_at(loss, target, classes, features):
    """A kernel for this size, or for any."""
    size = {"classes": classes, "features": features} if target in FIXED_SIZE else {}
    return emit(loss, target, **size)
