"""What a loss takes besides W, X and y, and what its penalty adds: in every Python source alike."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import replace

from sympy import Symbol
from sympy.core.alphabets import greeks

from gradbook.emit.arrays import Dialect
from gradbook.loss import Loss

#: Letters of the mathematics, which no language has taken; mu is what the code calls ∂ℓ/∂s itself.
PLAIN = {name for greek in greeks for name in (greek, greek.capitalize()) if len(greek) > 2}
PLAIN = (PLAIN | {"lamda"}) - {*keyword.kwlist}

WEIGHTS = """\
    weights: (n,), how many times each example counts. The mean is divided by n all the same.
"""


def in_code(loss: Loss) -> Loss:
    """The loss with letters that may be names in any source.

    The name of a Greek letter stays; another one gets a _ at its end, which no keyword, macro or
    function has, and a _ in the place of what is no letter or digit: INFINITY becomes INFINITY_.
    """
    names: dict[Symbol, Symbol] = {}
    for letter, _ in loss.parameters:
        name = letter.name
        if name not in PLAIN:
            name = re.sub(r"[^A-Za-z0-9]", "_", name) + "_"
            name = name if name[0].isalpha() else f"p{name}"
        while name in {known.name for known in names.values()}:
            name += "_"
        names[letter] = Symbol(name, **letter.assumptions0)
    if all(letter == name for letter, name in names.items()):
        return loss
    return replace(
        loss,
        formula=loss.formula.xreplace(names),
        parameters=tuple((names[letter], number) for letter, number in loss.parameters),
        penalty=loss.penalty and loss.penalty.at(names),
    )


def names(loss: Loss) -> list[str]:
    """The arguments after y."""
    weights = ["weights"] if loss.weighted else []
    return weights + [letter.name for letter, _ in loss.parameters]


def signature(loss: Loss, *first: str) -> str:
    """The arguments of a function, those first, and then the others with the numbers that they are.

    A number that is not given is what the loss says.
    """
    weights = ["weights"] if loss.weighted else []
    numbers = [f"{letter.name}={number}" for letter, number in loss.parameters]
    return ", ".join([*first, *weights, *numbers])


def described(loss: Loss) -> str:
    """Lines of a docstring about the arguments after y."""
    lines = WEIGHTS if loss.weighted else ""
    if loss.penalty is not None:
        lines += f"    Added to the mean: {loss.penalty.written}.\n"
    return lines


def numbers(loss: Loss) -> dict[str, float]:
    """The parameters, each with the number that it is unless told otherwise."""
    return {letter.name: float(number) for letter, number in loss.parameters}


def penalty_of(loss: Loss, dialect: Dialect) -> Iterator[str]:
    """L with the penalty added."""
    if loss.penalty is not None:
        strength = dialect.doprint(loss.penalty.factor * loss.penalty.strength)
        squares = dialect.total(f"({columns(loss)}**2)")
        yield "# The penalty, and below its gradient."
        yield f"L = L + {strength}*{squares}"


def gradient_of(loss: Loss, dialect: Dialect) -> Iterator[str]:
    """G, the gradient of the mean by W, and of the penalty."""
    yield "G = M @ X/len(X)"
    if loss.penalty is not None:
        slope = f"{dialect.doprint(loss.penalty.slope)}*{columns(loss)}"
        yield dialect.added("G", "" if loss.penalty.bias else "[:, 1:]", slope)


def strength_of(loss: Loss) -> set[Symbol]:
    """λ, while that is a letter."""
    return set() if loss.penalty is None else loss.penalty.strength.free_symbols


def columns(loss: Loss) -> str:
    """The columns of W that are penalised."""
    return "W" if loss.penalty is None or loss.penalty.bias else "W[:, 1:]"
