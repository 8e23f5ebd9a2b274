"""What the parameters of a function are, by their names: W, X, y, reg, and what else it wants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from gradbook.subjects import Subject

#: The roles that an argument may have. Without the first three there is nothing to judge.
ROLES = ("W", "X", "y", "reg", "margin", "b", "classes", "count")
_DATA = ("W", "X", "y")
#: What the arguments are called, in lower case and without underscores around; the first that fits.
_NAMES = {
    "margin": r"delta|margin|d",
    "b": r"b|bias|biases|b0",
    "classes": r"(n|num|nb)_?class(es)?|k",
    "count": r"(n|num)_?(train|samples?|examples?|data)|n",
    "W": r"w([_\d].*|s|t|mat)?|.*weights?(_mat.*)?|thetas?|coefs?|beta|params?(_w)?",
    "y": r"y([_\d].*|s|b|tr|i)?|.*labels?.*|.*labs|.*targets?|.*class_ids|.*truth|t|gt|classes"
    r"|batch_y|train_y|ytrain",
    "X": r"x([_\d].*|s|b|tr|i|train)?|.*(data|inputs?|feats?|features?|samples?|images?|imgs)(_x)?"
    r"|examples?|feature_vector|batch_x|train_x",
    "reg": r".*reg.*|.*(lam|lmb).*|.*decay.*|.*penalt.*|l|l2|alpha|r|mu|wd|c|strength|gamma",
}
_SURELY_REG = re.compile(r".*reg.*|.*(lam|lmb).*|.*decay.*|.*penalt.*")
#: Parameters of training, and what chooses a kind of penalty: never its strength.
_FOREIGN = re.compile(
    r"lr|learning_?rate|eta|.*epochs?|.*iters?|batch.*|steps?|verbose|debug|print.*|seed|momentum"
    r"|h|.*eps.*|.*_(type|kind|mode|name|fn|function)"
)


class NoConvention(Exception):
    """No way of calling the function gave a loss or a gradient; the message says what happened."""


class AlwaysFails(Exception):
    """Every call fails for a reason in the function itself; the message is a sentence."""


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

    Raises NoConvention where it takes too few arguments, or needs some of which nothing is known.
    """
    names = [name for name in subject.parameters if name != "self"]
    required = [name for name in names if name not in subject.defaults]
    if names and len(names) < 3:
        raise NoConvention(
            f"it takes ({', '.join(names)}), and not W, X and y: it may be a loss of scores that "
            "are given"
        )
    roles = list(_roles(names, subject.defaults))
    if set(_DATA) <= set(roles):
        return [_known(names, roles, subject.defaults)]
    if len(required) > 4:
        raise NoConvention(
            f"it needs {len(required)} arguments, {_listed(required)}; of these W, X, y and reg "
            "are not told by their names"
        )
    tail = ("reg",) if _has_a_fourth(names, subject.defaults) else ()
    return [Order((*order, *tail)) for order in permutations(_DATA)]


def _roles(names: Sequence[str], defaults: Mapping[str, Any]) -> Iterator[str]:
    """What each is, by its name; "" where that tells nothing, or another has that role already."""
    given = {""}
    plains = [name.removeprefix("self.").lower().strip("_") for name in names]
    for name, plain in zip(names, plains, strict=True):
        role = next((role for role, known in _NAMES.items() if re.fullmatch(known, plain)), "")
        if plain == "c" and any(_SURELY_REG.fullmatch(other) for other in plains):
            role = "classes"  # and no weight of the data, beside a strength of the penalty
        if role == "reg" and not _may_be_reg(name, defaults):
            role = ""
        yield "" if role in given else role
        given.add(role)


def _may_be_reg(name: str, defaults: Mapping[str, Any]) -> bool:
    """Not if it belongs to training, or says whether there is a penalty, or which."""
    is_a_switch = isinstance(defaults.get(name), bool | str)
    return not is_a_switch and not _FOREIGN.fullmatch(name.lower())


def _has_a_fourth(names: Sequence[str], defaults: Mapping[str, Any]) -> bool:
    """Whether there is a fourth parameter that may be reg; a function written in C may not tell."""
    if not names:
        return True
    if len(names) < 4:
        return False
    fourth = names[3]
    return fourth not in defaults or (
        _is_number(defaults[fourth]) and not _FOREIGN.fullmatch(fourth.lower())
    )


def _known(names: Sequence[str], roles: Sequence[str], defaults: Mapping[str, Any]) -> Order:
    """Every argument that is needed, reg wherever it stands, and a margin."""
    roles = list(roles)
    unknown = [
        place for place, name in enumerate(names) if name not in defaults and not roles[place]
    ]
    # One argument beside W, X and y is reg, whatever it is called.
    if len(unknown) == 1 and "reg" not in roles and _may_be_reg(names[unknown[0]], defaults):
        roles[unknown.pop()] = "reg"
    if unknown:
        lacking = [names[place] for place in unknown]
        default, it = ("a default", "it") if len(lacking) == 1 else ("defaults", "them")
        raise NoConvention(
            f"it also needs {_listed(lacking)}: give {it} {default}, or judge a function that "
            f"calls this one with {it}"
        )
    positional: list[str] = []
    named: list[tuple[str, str]] = []
    for place, (name, role) in enumerate(zip(names, roles, strict=True)):
        if not _is_given(name, role, defaults):
            continue
        if len(positional) == place:
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
