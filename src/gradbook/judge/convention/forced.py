"""What a person has said of the convention of a function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gradbook import arguments
from gradbook.judge.convention.convention import FLAT, Convention
from gradbook.judge.convention.signature import DATA, ROLES

#: What each may be, but for None, which is detected.
_CHOICES = {
    "weights": ("(C, D)", "(D, C)"),
    "examples": ("(N, D)", "(D, N)", "(D,)"),
    "labels": ("integers", "column", "one-hot", "from-1"),
    "weighed": ("penalty", "sum", "mean"),
    "reduction": ("mean", "sum"),
}
_NUMBERS = {"penalty": (1, 0.5), "at_kink": (0, 0.5, 1)}
_WITHOUT = ("purity", "dtype", "layout", "causes", "mend")


@dataclass(frozen=True)
class Forced:
    """What a person has said of the convention, and is not detected; None is detected.

    weighed: what reg multiplies: "penalty", or the "sum" or the "mean" over the examples.
    reduction: what is taken of the examples, "mean" or "sum". penalty: 1 for reg·ΣW², ½ for
    ½·reg·ΣW². at_kink: the indicator of a margin of exactly 0. without: kinds of findings that are
    not looked for: "purity" (inputs that are changed or shared), "dtype" and "layout"; "causes" of
    wrong answers; and "mend", a change with which it is right.

    Raises TypeError and ValueError for what none of them may be.
    """

    order: tuple[str, ...] | None = None
    weights: str | None = None
    examples: str | None = None
    labels: str | None = None
    weighed: str | None = None
    reduction: str | None = None
    penalty: float | None = None
    at_kink: float | None = None
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            if getattr(self, name) is not None:
                arguments.choice(name, getattr(self, name), choices)
        for name, numbers in _NUMBERS.items():
            given = getattr(self, name)
            if given is not None and (isinstance(given, bool) or given not in numbers):
                listed = " or ".join(f"{number:g}" for number in numbers)
                raise ValueError(f"{name} must be {listed}, not {arguments.shown(given)}")
        if self.order is not None:
            _some("order", self.order, ROLES)
            if not {*DATA} <= {*self.order}:
                raise ValueError(f"order must have W, X and y, not {arguments.shown(self.order)}")
        _some("without", self.without, _WITHOUT)


def known_of(convention: Convention, without: tuple[str, ...] = ()) -> Forced:
    """What a person could say of this convention; the rest is detected again. without: as above."""
    sayable = not convention.named and {*convention.order} <= {*ROLES}
    return Forced(
        order=convention.order if sayable else None,
        weights=FLAT.get(convention.weights, convention.weights),
        examples=convention.examples,
        labels=convention.labels.removesuffix(" columns"),
        reduction="sum" if convention.summed else "mean",
        without=without,
    )


def _some(name: str, given: Sequence[str], known: Sequence[str]) -> None:
    """Raises TypeError unless it is a tuple, ValueError unless of these texts, each once."""
    arguments.instance(name, given, tuple, f"a tuple of {', '.join(known)}")
    if len({*map(str, given)}) < len(given):
        raise ValueError(f"{name} must have each once, not {arguments.shown(given)}")
    for each in given:
        arguments.choice(f"each of {name}", each, known)
