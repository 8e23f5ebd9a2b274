"""What is judged: a function that may do anything, and what one call of it gave.

A `Subject` takes the arguments that its function takes, in the function's own order and layout, and
always returns an `Answer`: whatever the function does, the call itself does not raise. (TooSlow
alone may be raised, by a subject whose calls together took too long.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

Argument = np.ndarray | np.generic | Mapping[int, float] | float | None

#: Stands in `Answer.changed` where a call changed the gradient that the call before had returned.
EARLIER_GRADIENT = "the gradient returned before"


class Obstacle(Exception):
    """The function cannot be had, and nothing can be said of it. The message is one sentence.

    code: what kind of obstacle it is, in a word or two.
    """

    def __init__(self, sentence: str, code: str = "") -> None:
        super().__init__(printable(sentence))
        self.code = code


class TooSlow(Obstacle):
    """All calls together took more than they may, or one alone. The message is one clause."""

    def __init__(self, sentence: str, code: str = "too slow") -> None:
        super().__init__(sentence, code)


def printable(text: str) -> str:
    """A text from a file, or its name, fit for a terminal: no control characters, one line."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


@dataclass(frozen=True, eq=False)
class Answer:
    """What one call gave. The gradient is the reader's own: no later call changes it.

    loss:     where one was returned (a real number, or an array of one), as a float.
    gradient: where one was returned (an array of real numbers, more than one), in its own dtype and
              shape; a sparse matrix is filled, a nested list becomes an array.
    returned: what came back, in words: "a loss and a gradient", "a gradient", "None", "a str", …
    error:    "" or one clause: "raises IndexError: …", "ran longer than 10 s", "crashed (signal
              11)", "needs more than 2 GiB of memory", "printed more than 1 MB", …
    raised:   the name of the type of the exception that the error tells of; "" if none was raised.
    fatal:    the process ended with the error. The next call starts another, without its state.
    too_slow: whether it was ended for the time that the call took.
    changed:  the parameters whose arrays the call changed, or whose numbers in an object that the
              next call is given too; and EARLIER_GRADIENT if it changed that.
    aliases:  the parameters whose arrays the returned gradient shares memory with.
    single:   whether the loss came in single precision.
    of_bias:  what was returned after the gradient, where it is a row or column of numbers, one for
              each row or column of the gradient; () if there is no such thing.
    arrays:   every array that was returned, where there are several: by the name that it has in a
              dictionary or behind `return`, else by its place.
    no_loss, no_gradient: what came in the place of one and is none, in words: "a str", "None", "a
              masked array …"; "nothing" where the function's text promises a gradient. Else "".
    """

    loss: float | None = None
    gradient: np.ndarray | None = None
    returned: str = ""
    error: str = ""
    fatal: bool = False
    changed: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    single: bool = False
    of_bias: tuple[float, ...] = ()
    no_loss: str = ""
    no_gradient: str = ""
    too_slow: bool = False
    raised: str = ""
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)


class Subject(Protocol):
    """A function that is judged.

    name:       the function's.
    parameters: in order; of what is an object or a dictionary, the parts that the function reads.
    defaults:   of those that have one, name ↦ value: None, a number or a text; else its repr.
    call:       lines of Python that call it, with each parameter in ⟨⟩; () if there are none.
    numbers:    whole numbers from 2 on that are written in its text.
    remarks:    sentences on how it was read, such as what stands in for a missing import.
    renews:     whether `fresh` gives it without the state of earlier calls.
    """

    @property
    def name(self) -> str: ...

    @property
    def parameters(self) -> tuple[str, ...]: ...

    @property
    def defaults(self) -> Mapping[str, Any]: ...

    @property
    def call(self) -> tuple[str, ...]: ...

    @property
    def numbers(self) -> tuple[int, ...]: ...

    @property
    def remarks(self) -> tuple[str, ...]: ...

    @property
    def renews(self) -> bool: ...

    def __call__(self, *arguments: Argument, **keywords: Argument) -> Answer:
        """One call. The arguments stay as they are: the function gets copies.

        A copy has the dtype, shape, strides, alignment and writeable flag of its original.
        """
        ...

    def fresh(self) -> Subject:
        """The same function, read anew where that is possible: no state of earlier calls."""
        ...


@dataclass(frozen=True)
class Wrapped:
    """What is said of another subject, for one that is called in another way."""

    subject: Subject

    @property
    def name(self) -> str:
        return self.subject.name

    @property
    def parameters(self) -> tuple[str, ...]:
        return self.subject.parameters

    @property
    def defaults(self) -> Mapping[str, Any]:
        return self.subject.defaults

    @property
    def call(self) -> tuple[str, ...]:
        return self.subject.call

    @property
    def numbers(self) -> tuple[int, ...]:
        return self.subject.numbers

    @property
    def remarks(self) -> tuple[str, ...]:
        return self.subject.remarks

    @property
    def renews(self) -> bool:
        return self.subject.renews
