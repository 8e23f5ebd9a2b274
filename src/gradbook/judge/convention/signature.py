"""What the parameters of a function are, by their names: W, X, y, reg, and what else it wants."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, permutations
from typing import Any

from gradbook.subjects import Subject
from gradbook.subjects.names import is_surely_reg, not_alone, plain, role_of

#: The roles that a person may name.
ROLES = ("W", "X", "y", "reg", "margin", "b", "classes", "count")
#: Without these there is nothing to judge.
DATA = ("W", "X", "y")
#: Parameters of training, and what chooses a kind of penalty: never its strength.
_FOREIGN = re.compile(
    r"lr|learning_?rate|eta|.*epochs?|.*iters?|batch.*|steps?|verbose|debug|print.*|seed|momentum"
    r"|h|.*eps.*|.*_(type|kind|mode|name|fn|function)"
)
#: More orders than this are not tried.
_ORDERS = 24


class NoConvention(Exception):
    """No way of calling the function gave a loss or a gradient; the message says what happened."""

    code = "another form"


class LabelsFrom1(NoConvention):
    """Its labels are 1 … C, and those of the loss are not."""

    code = "labels from 1"


class AnotherLoss(NoConvention):
    """What it computes is another loss; the message says which."""

    code = "another function"


class NotInstalled(NoConvention):
    """It uses what is not installed where it is judged; the message says what."""

    code = "not installed"


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
    """By the names of the parameters where these are known, by trial where they are not.

    Raises NoConvention where it takes too few arguments, or needs some of which nothing is known.
    """
    names, defaults = list(subject.parameters), subject.defaults
    required = [name for name in names if name not in defaults]
    if why := not_alone(required):
        raise NoConvention(why)
    if names and len(names) < 3:
        raise NoConvention(
            f"it takes ({', '.join(names)}), and not W, X and y: it may be a loss of scores that "
            "are given"
        )
    if not names:  # a function written in C may not tell
        return [Order((*order, "reg")) for order in permutations(DATA)]
    roles = _roles(names, defaults)
    if set(DATA) <= set(roles):
        return [_known(names, roles, defaults)]
    return [_order(names, each, defaults) for each in _tried(names, roles, required, defaults)]


def _roles(names: Sequence[str], defaults: Mapping[str, Any]) -> list[str]:
    """What each is, by its name; "" where that tells nothing, or another has that role already."""
    given = {""}
    found = []
    surely = any(map(is_surely_reg, names))
    for name in names:
        role = role_of(name)
        if plain(name) == "c" and surely:
            role = "classes"  # and no weight of the data, beside a strength of the penalty
        if role == "reg" and not _may_be_reg(name, defaults):
            role = ""
        found.append("" if role in given else role)
        given.add(role)
    return found


def _may_be_reg(name: str, defaults: Mapping[str, Any]) -> bool:
    """Not if it belongs to training, or says whether there is a penalty, or which."""
    is_a_switch = isinstance(defaults.get(name), bool | str)
    return not is_a_switch and not _FOREIGN.fullmatch(plain(name))


def _tried(
    names: Sequence[str],
    roles: Sequence[str],
    required: Sequence[str],
    defaults: Mapping[str, Any],
) -> list[list[str]]:
    """Each way to give what is not told by names to W, X, y and reg."""
    lacking = [role for role in DATA if role not in roles]
    unknown = [place for place, name in enumerate(names) if name in required and not roles[place]]
    if len(unknown) < len(lacking):
        # A name may say more than is meant: what is required of the others may be another thing.
        roles = [
            role if name not in required else "" for name, role in zip(names, roles, strict=True)
        ]
        lacking = list(DATA)
        unknown = [place for place, name in enumerate(names) if name in required]
        unknown += [p for p, name in enumerate(names) if p not in unknown and p < 3]
    if len(unknown) > len(lacking) + 1 or len(unknown) < len(lacking):
        raise NoConvention(
            f"it needs {len(required)} arguments, {_listed(required)}; of these W, X, y and reg "
            "are not told by their names"
        )
    given = [*lacking, *(["reg"] if len(unknown) > len(lacking) else [])]
    if "reg" not in [*roles, *given]:
        fourth = next((p for p in range(3, len(names)) if not roles[p]), None)
        name = "" if fourth is None else names[fourth]
        if _is_number(defaults.get(name)) and _may_be_reg(name, defaults):
            roles = ["reg" if place == fourth else role for place, role in enumerate(roles)]
    found = []
    # The order of the page comes first, and reg last.
    for order in islice(permutations(given), _ORDERS):
        filled = list(roles)
        for place, role in zip(unknown, order, strict=True):
            filled[place] = role
        found.append(filled)
    return found


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
    return _order(names, roles, defaults)


def _order(names: Sequence[str], roles: Sequence[str], defaults: Mapping[str, Any]) -> Order:
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
    if name not in defaults or role in DATA:
        return True
    return role == "reg" or (role == "margin" and _is_number(defaults[name]))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
