"""In which order, and under which names, a function takes W, X, y and the rest of its arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from gradbook.subjects import Subject

#: What the arguments are called, in lower case and without underscores around; the first that fits.
_NAMES = {
    "margin": r"delta|margin|d",
    "bias": r"b|bias|biases|b0",
    "W": r"w([_\d].*|s|t|mat)?|.*weights?(_mat.*)?|thetas?|coefs?|beta|params?(_w)?",
    "y": r"y([_\d].*|s|b|tr|i)?|.*labels?.*|.*labs|.*targets?|.*class_ids|.*truth|t|gt|classes"
    r"|batch_y",
    "X": r"x([_\d].*|s|b|tr|i)?|.*(data|inputs?|feats?|features?|samples?|images?|imgs)(_x)?"
    r"|examples|batch_x",
    "reg": r".*reg.*|.*(lam|lmb).*|.*decay.*|.*penalt.*|l|l2|alpha|r|mu|wd|c|strength|gamma",
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
    roles = [*_roles(names, subject.defaults)]
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


def _roles(names: Sequence[str], defaults: Mapping[str, Any]) -> Iterator[str]:
    """What each is, by its name; "" where that tells nothing, or another has that role already."""
    given: set[str] = set()
    for name in names:
        plain = name.lower().strip("_")
        role = next((role for role, known in _NAMES.items() if re.fullmatch(known, plain)), "")
        if role == "reg" and isinstance(defaults.get(name), bool | str):
            role = ""  # it says whether there is a penalty, or which
        yield "" if role in given or _FOREIGN.fullmatch(plain) else role
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
