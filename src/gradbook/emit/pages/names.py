"""What a letter of a page is called in code: λ is lambda_, x̃ is x_tilde, θ is theta."""

from __future__ import annotations

import keyword
import re

#: Names that the printed code needs for itself.
_TAKEN = {"np", "jnp", "torch", "logsumexp", "objective"}


def identifier(head: str) -> str:
    r"""The head of a letter as a name: `\tilde x` ↦ x_tilde, `\lambda` ↦ lambda_."""
    mark, space, letter = head.rstrip("'").partition(" ")
    name = f"{identifier(letter)}_{mark}" if space else mark
    name = re.sub(r"\W+", "_", name).strip("_") + "_prime" * head.count("'")
    if not name or name[0].isdigit():
        name = f"letter_{name}"
    return f"{name}_" if keyword.iskeyword(name) or name in _TAKEN else name
