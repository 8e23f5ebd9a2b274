"""What several methods found of one statement, together.

A statement is refuted as soon as one method shows a counterexample, whatever the others say; it is
proved if one proves it and none refutes it. A method that could not decide is named, with its
reason, and counts for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from gradbook.derivation import Counterexample, Proof, Status

_MOST_TELLING: tuple[Status, ...] = ("refuted", "definition", "proved", "undecided")


@dataclass(frozen=True)
class Decision:
    """The proofs of one statement, one for each method that was asked; at least one."""

    proofs: tuple[Proof, ...]

    @property
    def deciding(self) -> Proof:
        """The proof that decides: the first refutation, else the first proof."""
        return min(self.proofs, key=lambda proof: _MOST_TELLING.index(proof.status))

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
