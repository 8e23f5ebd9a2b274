"""What to say of a function that answered in no convention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.signature import Order


def orders_of(tried: Sequence[Convention]) -> list[Order]:
    """The orders of the arguments in which it was called."""
    return list(dict.fromkeys(Order(one.order, one.named) for one in tried))


def raised_by_itself(heard: Sequence[str]) -> str:
    """An error that is in the function itself, and in every call that got so far; and for what."""
    errors = {text for text in heard if not any(word in text for word in _OF_LAYOUT)}
    error = errors.pop() if len(errors) == 1 else ""
    where = (where for start, where in _OF_ITSELF.items() if error.startswith(f"raises {start}"))
    return next((f"{error.rstrip('.')}, {found}" for found in where), "")


#: How an error begins that has nothing to do with the layout, and for what it is raised.
_OF_ITSELF = {
    "NameError": "whatever it is given",
    "UnboundLocalError": "whatever it is given",
    "AttributeError: module": "whatever it is given",
    "TypeError: numpy boolean": "whatever it is given",
    "TypeError: The numpy boolean": "whatever it is given",
    "UFuncTypeError: Cannot cast ufunc": "for W and X of floats",
}


def nothing(heard: Sequence[str], tried: Sequence[Convention]) -> str:
    """What happened most often, of what comes from no wrong layout, and how it was called."""
    telling = [text for text in heard if not any(word in text for word in _OF_LAYOUT)]
    counted = Counter(telling or heard)
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
