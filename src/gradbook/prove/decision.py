"""What several methods found of one statement, together.

A statement is refuted as soon as one method shows a counterexample, whatever the others say; it is
proved if one proves it and none refutes it. A method that could not decide is named, with its
reason, and counts for nothing; but one whose process died, or was ended, leaves the statement
undecided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gradbook.proof import Counterexample, Proof, Status

#: Of several methods on one statement, the most telling counts; of several findings, the worst.
_MOST_TELLING: tuple[Status, ...] = ("refuted", "definition", "proved", "undecided")
_WORST: tuple[Status, ...] = ("refuted", "undecided", "definition", "proved")


@dataclass(frozen=True)
class Decision:
    """The proofs of one statement, one for each method that was asked; at least one.

    besides: those of a part of it: they can refute the line, but do not prove it.
    """

    stated: tuple[Proof, ...]
    besides: tuple[Proof, ...] = ()

    @property
    def proofs(self) -> tuple[Proof, ...]:
        return self.stated + self.besides

    @property
    def deciding(self) -> Proof:
        """The proof that decides."""
        found = [min(self.stated, key=_place_in(_MOST_TELLING))]
        found += [proof for proof in self.besides if proof.status == "refuted"]
        found += [proof for proof in self.proofs if proof.unfinished]
        return min(found, key=_place_in(_WORST))

    @property
    def status(self) -> Status:
        return self.deciding.status

    @property
    def holds(self) -> bool:
        return self.deciding.holds

    @property
    def reason(self) -> str:
        """Why it is refuted or undecided, in words."""
        return self.deciding.reason

    @property
    def where(self) -> tuple[str, ...]:
        """The conditions under which alone it is proved, of all methods that prove it."""
        held = (each for proof in self.proofs if proof.holds for each in proof.where)
        return tuple(dict.fromkeys(held))

    @property
    def counterexample(self) -> Counterexample | None:
        return self.deciding.counterexample

    @property
    def seconds(self) -> float:
        """What all methods took together."""
        return sum(proof.seconds for proof in self.proofs)

    @property
    def undecided(self) -> tuple[Proof, ...]:
        """The methods that could not decide, each with its reason."""
        return tuple(proof for proof in self.proofs if proof.status == "undecided")

    def by(self, method: str) -> Proof | None:
        """What this method found, if it was asked."""
        return next((proof for proof in self.proofs if proof.method == method), None)

    def __str__(self) -> str:
        return "\n".join(f"{proof.method}: {proof}" for proof in self.proofs)


def _place_in(order: tuple[Status, ...]) -> Callable[[Proof], int]:
    return lambda proof: order.index(proof.status)
