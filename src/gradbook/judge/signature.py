"""In which order, and under which names, a function takes W, X, y and the rest of its arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from gradbook.subjects import Subject

#: What the arguments are called, in lower case.
_NAMES = {
    "W": (
        *("w", "ws", "weights", "weight", "theta", "thetas", "params", "coef", "beta", "wt"),
        *("w_tilde", "w_aug"),
    ),
    "X": (
        *("x", "xs", "xi", "x_i", "data", "inputs", "input", "features", "images", "examples"),
        *("samples", "x_batch", "x_train", "x_dev", "x_tilde", "x_aug", "imgs", "feats"),
    ),
    "y": (
        *("y", "ys", "yi", "y_i", "labels", "label", "targets", "target", "t", "gt", "classes"),
        *("y_batch", "y_train", "y_dev", "y_true", "y_label", "y_labels", "labs"),
    ),
    "reg": (
        *("reg", "lambda_", "lam", "lamda", "lmbda", "l", "l2", "alpha", "regularization", "r"),
        *("reg_strength", "regularization_strength", "regularisation", "weight_decay", "lambd"),
        *("lambda_reg", "reg_lambda", "l2_reg", "reg_lam", "mu", "wd", "lambda", "c", "decay"),
        *("regularization_param", "reg_param", "reg_coef", "penalty", "regularizer", "strength"),
    ),
    "margin": ("delta", "margin", "d"),
    "bias": ("b", "bias", "biases", "b0"),
}
#: Parameters of training: never the strength of a penalty.
_FOREIGN = re.compile(
    r"lr|learning_?rate|eta|.*epochs?|.*iters?|batch.*|steps?|verbose|debug|print.*|seed|momentum"
    r"|h|.*eps.*"
)


class NoConvention(Exception):
    """No way of calling the function gave a loss or a gradient; the message says what happened."""


class AlwaysFails(Exception):
    """Every call fails for a reason in the function itself; the message is a sentence."""


@dataclass(frozen=True)
class Order:
    """roles: of the arguments by position. named: parameter and role of those by keyword."""

    roles: tuple[str, ...]
    named: tuple[tuple[str, str], ...] = ()


def orders(subject: Subject) -> list[Order]:
    """By the names of the parameters where these are known, by position where they are not.

    Raises NoConvention where it takes too few arguments, or needs some that nobody knows.
    """
    names = list(subject.parameters)
    roles = [*_roles(names)]
    required = [place for place, name in enumerate(names) if name not in subject.defaults]
    if names and len(names) < 3:
        takes = ", ".join(names)
        raise NoConvention(
            f"it takes ({takes}), and not W, X and y: it may be a loss of scores that are given"
        )
    if {"W", "X", "y"} <= set(roles):
        return [_by_name(subject, names, roles, required)]
    if len(required) > 4:
        raise _needs(names[place] for place in required[4:])
    with_reg = not names or len(required) >= 4 or _may_be_reg(subject, names)
    tail = ("reg",) if with_reg else ()
    return [Order((*order, *tail)) for order in permutations(("W", "X", "y"))]


def _roles(names: Sequence[str]) -> Iterator[str]:
    """What each is, by its name; "" where that tells nothing, or another has that role already."""
    given: set[str] = set()
    for name in names:
        plain = name.lower().strip("_")
        role = next((role for role, known in _NAMES.items() if plain in known), "")
        yield "" if role in given else role
        given.add(role)


def _by_name(
    subject: Subject, names: Sequence[str], roles: list[str], required: Sequence[int]
) -> Order:
    unknown = [place for place in required if not roles[place]]
    foreign = [place for place in unknown if _FOREIGN.fullmatch(names[place].lower())]
    if len(unknown) == 1 and "reg" not in roles and not foreign:
        roles[unknown[0]] = "reg"
    elif unknown:
        raise _needs(names[place] for place in unknown)
    wanted = {
        place
        for place, role in enumerate(roles)
        if role in ("W", "X", "y", "reg")
        or place in required
        or (role == "margin" and subject.defaults.get(names[place]) not in (None, 1))
    }
    last = max(wanted)
    whole = next((place for place in range(last + 1) if not roles[place]), last + 1)
    by_name = [place for place in sorted(wanted) if place >= whole]
    return Order(tuple(roles[:whole]), tuple((names[place], roles[place]) for place in by_name))


def _may_be_reg(subject: Subject, names: Sequence[str]) -> bool:
    """Whether a fourth parameter that need not be given may be the strength of the penalty."""
    if len(names) < 4 or names[3] not in subject.defaults:
        return False
    number = subject.defaults[names[3]]
    plain = isinstance(number, int | float) and not isinstance(number, bool)
    return plain and not _FOREIGN.fullmatch(names[3].lower())


def _needs(names: Iterator[str]) -> NoConvention:
    *before, last = names
    listed = f"{', '.join(before)} and {last}" if before else last
    return NoConvention(
        f"it also needs {listed}: give a default, or judge a function that calls it with all"
    )
