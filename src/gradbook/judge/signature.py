"""What the parameters of a function are, by their names: W, X, y, reg, and what else it wants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from gradbook.subjects import Subject

#: The roles that an argument may have. Without the first three there is nothing to judge.
ROLES = ("W", "X", "y", "reg", "margin", "b", "classes", "count")
_DATA = ("W", "X", "y")
_NAMES: Mapping[str, tuple[str, ...]] = {
    "W": (
        *("w", "ws", "wt", "weights", "weight", "weight_matrix", "w_matrix"),
        *("theta", "params", "coef"),
    ),
    "X": (
        *("x", "xs", "xi", "x_i", "xb", "x_batch", "x_train", "x_dev", "x_aug", "x_tilde"),
        *("data", "inputs", "features", "samples", "images", "image", "examples", "example"),
        *("xtrain", "train_x", "feature_vector"),
    ),
    "y": (
        *("y", "ys", "yi", "y_i", "yb", "y_batch", "y_train", "y_dev", "y_true", "gt"),
        *("labels", "label", "targets", "target", "t", "ytrain", "train_y", "true_labels"),
    ),
    "reg": (
        *("reg", "lambda", "lam", "lamda", "lmbda", "lambd", "lmb", "l", "l2", "alpha", "c", "r"),
        *("regularization", "regularisation", "regularizer", "weight_decay", "wd"),
        *("reg_strength", "regularization_strength", "regularisation_strength", "reg_const"),
        *("lambda_reg", "reg_lambda", "l2_reg", "reg_l2", "reg_lam", "reg_param", "reg_coef"),
        *("c_reg", "penalty"),
    ),
    "margin": ("delta", "margin", "d"),
    "b": ("b", "bias", "biases"),
    "classes": ("num_classes", "n_classes", "num_class", "nb_classes", "k"),
    "count": ("num_train", "n_samples", "num_samples", "num_examples", "n"),
}


class Unmet(Exception):
    """A function wants more than W, X, y and what is known here. The message is one clause."""


@dataclass(frozen=True)
class Order:
    """How a function is called.

    positional: the role of each argument. named: the parameters that are given by name, since what
    stands between keeps its default: (name, role).
    """

    positional: tuple[str, ...]
    named: tuple[tuple[str, str], ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        return (*self.positional, *(role for _, role in self.named))


def orders(subject: Subject) -> list[Order]:
    """By the names of the parameters where these are known, by position where they are not.

    Raises Unmet if it needs arguments of which nothing is known.
    """
    names = [name for name in subject.parameters if name != "self"]
    required = [name for name in names if name not in subject.defaults]
    roles = [_role(name) for name in names]
    if set(_DATA) <= set(roles) and _are_different(roles):
        return [_known(names, roles, subject.defaults)]
    if len(required) > 4:
        raise Unmet(
            f"it needs {len(required)} arguments, {_listed(required)}; of these W, X, y and reg "
            "are not told by their names"
        )
    tail = ("reg",) if _has_a_fourth(names, subject.defaults) else ()
    return [Order((*order, *tail)) for order in permutations(_DATA)]


def _role(name: str) -> str:
    plain = name.removeprefix("self.").lower().strip("_")
    return next((role for role, known in _NAMES.items() if plain in known), "")


def _are_different(roles: Sequence[str]) -> bool:
    known = [role for role in roles if role]
    return len(set(known)) == len(known)


def _has_a_fourth(names: Sequence[str], defaults: Mapping[str, Any]) -> bool:
    """Whether there is a fourth parameter that may be reg; a function written in C may not tell."""
    if not names:
        return True
    return len(names) >= 4 and (names[3] not in defaults or _is_number(defaults[names[3]]))


def _known(names: Sequence[str], roles: Sequence[str], defaults: Mapping[str, Any]) -> Order:
    """Every argument that is needed, reg wherever it stands, and a margin."""
    roles = list(roles)
    unknown = [
        place for place, name in enumerate(names) if name not in defaults and not roles[place]
    ]
    # One argument beside W, X and y is reg, whatever it is called.
    if len(unknown) == 1 and "reg" not in roles:
        roles[unknown.pop()] = "reg"
    if unknown:
        lacking = [names[place] for place in unknown]
        default, it = ("a default", "it") if len(lacking) == 1 else ("defaults", "them")
        raise Unmet(
            f"it also needs {_listed(lacking)}: give {it} {default}, or judge a function that "
            f"calls this one with {it}"
        )
    positional: list[str] = []
    named: list[tuple[str, str]] = []
    for name, role in zip(names, roles, strict=True):
        if not _is_given(name, role, defaults):
            continue
        if len(positional) == names.index(name):
            positional.append(role)
        else:
            named.append((name, role))
    return Order(tuple(positional), tuple(named))


def _is_given(name: str, role: str, defaults: Mapping[str, Any]) -> bool:
    """Whether an argument is given: what has a default of another meaning keeps it."""
    if name not in defaults or role in _DATA:
        return True
    return role == "reg" or (role == "margin" and _is_number(defaults[name]))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
