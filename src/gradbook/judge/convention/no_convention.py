"""What to say of a function that answered in no convention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.signature import Order
from gradbook.subjects.subject import Answer


def orders_of(tried: Sequence[Convention]) -> list[Order]:
    """The orders of the arguments in which it was called."""
    return list(dict.fromkeys(Order(one.order, one.named) for one in tried))


@dataclass(frozen=True)
class Heard:
    """What came in place of an answer, in one clause; the type of exception, if one was raised."""

    said: str
    raised: str = ""

    @property
    def of_layout(self) -> bool:
        return any(word in self.said for word in _OF_LAYOUT)


def heard_from(answer: Answer) -> Heard:
    return Heard(answer.error or f"returns {answer.returned}", answer.raised)


def raised_by_itself(heard: Sequence[Heard]) -> str:
    """An error that is in the function itself, and in every call that got so far; and for what."""
    errors = {one for one in heard if not one.of_layout}
    if len(errors) != 1:
        return ""
    (error,) = errors
    message, where = _OF_ITSELF.get(error.raised, ("", ""))
    return f"{error.said.rstrip('.')}, {where}" if where and message in error.said else ""


#: Exceptions that have nothing to do with the layout: a word of the message, where the type alone
#: does not say so, and for what it is raised.
_OF_ITSELF = {
    "NameError": ("", "whatever it is given"),
    "UnboundLocalError": ("", "whatever it is given"),
    "AttributeError": ("module", "whatever it is given"),
    "TypeError": ("numpy boolean", "whatever it is given"),
    "UFuncTypeError": ("Cannot cast ufunc", "for W and X of floats"),
}


def nothing(heard: Sequence[Heard], tried: Sequence[Convention]) -> str:
    """What happened most often, of what comes from no wrong layout, and how it was called."""
    telling = [one.said for one in heard if not one.of_layout]
    counted = Counter(telling or [one.said for one in heard])
    happened = counted.most_common(1)[0][0] if counted else "cannot be called"
    return f"it {happened.rstrip('.')}, called {_ways(tried)}"


def _ways(tried: Sequence[Convention]) -> str:
    """The ways in which it was called, in words."""
    orders = orders_of(tried)
    named = (f"{name}={role}" for name, role in orders[0].named)
    given = ", ".join([*orders[0].positional, *named])
    return (
        f"as ({given}){' and in any other order' if len(orders) > 1 else ''}, with "
        f"W as {_either(one.weights for one in tried)}, "
        f"X as {_either(one.examples for one in tried)}, "
        f"y {_either(one.labels.removesuffix(' columns') for one in tried)}"
    )


def _either(shapes: Iterable[str]) -> str:
    return " or ".join(dict.fromkeys(shapes))


#: Words in the errors that NumPy raises where arrays do not fit together.
_OF_LAYOUT = (
    *("shapes", "shape", "broadcast", "out of bounds", "out of range", "mismatch", "align"),
    *("truth value", "dimension", "iterable", "only integer", "scalar", "subscriptable"),
)
