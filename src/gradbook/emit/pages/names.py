"""What a letter of a page is called in code: λ is lambda_, x̃ is x_tilde, θ is theta."""

from __future__ import annotations

import keyword
import re
from collections.abc import Container, Mapping
from itertools import chain, count

from gradbook.page.core import Letter
from gradbook.page.letters import Letters, size_symbol
from gradbook.page.page import Page

#: Names that the printed code needs for itself, in one of the languages.
_NEEDED = """
np jnp torch numpy math jax objective logsumexp logdet softplus max0 memory
exp log log1p sqrt pow fabs fmax malloc free NULL INFINITY
auto case char const default do double enum extern float goto inline int int64_t long register
restrict short signed size_t sizeof static struct switch typedef union unsigned void volatile
"""
_TAKEN = frozenset(_NEEDED.split())


class NotEmitted(ValueError):
    """A page, or a part of it, that no code is printed for, with the reason."""


def name_of(letter: Letter, letters: Letters) -> str:
    """What a letter is called in code: its head, with its indices where another has this head.

    Raises NotEmitted where two letters would have the same name.
    """
    found = _name(letter, letters)
    if any(_name(each, letters) == found and each.key != letter.key for each in letters):
        raise NotEmitted(f"two letters of the page would be called {found} in the code")
    return found


def _name(letter: Letter, letters: Letters) -> str:
    name = identifier(letter.head)
    others = any(each.head == letter.head and each.key != letter.key for each in letters)
    if not others or not letter.slots:
        return name
    slots = letter.definition.slots if letter.definition is not None else ()
    return f"{name}_{''.join(map(identifier, slots)) or len(letter.slots)}"


def identifier(head: str) -> str:
    r"""The head of a letter as a name: `\tilde x` ↦ x_tilde, `\lambda` ↦ lambda_."""
    mark, space, letter = head.rstrip("'").partition(" ")
    name = f"{identifier(letter)}_{mark}" if space else mark
    name = re.sub(r"\W+", "_", name).strip("_") + "_prime" * head.count("'")
    if not name or name[0].isdigit():
        name = f"letter_{name}"
    return f"{name}_" if keyword.iskeyword(name) or name in _TAKEN else name


def free(name: str, taken: Container[str]) -> str:
    """The name, or the first with a number behind it that is not taken."""
    names = chain([name], (f"{name}{n}" for n in count(2)))
    return next(each for each in names if each not in taken)


def sizes_of(page: Page) -> dict[str, Letter]:
    """The sizes of a page, by what they are called in code."""
    return {str(size_symbol(each.head)): each for each in page.letters if each.kind == "size"}


def at_sizes(sizes: Mapping[str, int]) -> str:
    """C = 3, d = 2."""
    return ", ".join(f"{name} = {value}" for name, value in sizes.items())
