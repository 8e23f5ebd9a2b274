"""What several methods found of one statement, together.

A statement is refuted as soon as one method shows a counterexample, whatever the others say; it is
proved if one proves it and none refutes it. A line may be stated twice, once for a case and once in
entries for any size: then each of the two statements has to be proved by a method of its own, for
neither text says anything of the other. A method that could not decide is named, with its reason,
and counts for nothing; but one whose process died, or was ended, leaves the statement undecided.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gradbook.derivation import Counterexample, Proof, Status

#: Of several methods on one statement, the most telling counts; of several statements, the worst.
_MOST_TELLING: tuple[Status, ...] = ("refuted", "definition", "proved", "undecided")
_WORST: tuple[Status, ...] = ("refuted", "undecided", "definition", "proved")


@dataclass(frozen=True)
class Decision:
    """The proofs of one statement, one for each method that was asked; at least one.

    in_entries: those of the same line as it is stated in entries, where it is.
    besides:    those of a part of it: they can refute the line, but do not prove it.
    """

    stated: tuple[Proof, ...]
    in_entries: tuple[Proof, ...] = ()
    besides: tuple[Proof, ...] = ()

    @property
    def proofs(self) -> tuple[Proof, ...]:
        return self.stated + self.in_entries + self.besides

    @property
    def deciding(self) -> Proof:
        """The proof that decides."""
        refuting = tuple(proof for proof in self.besides if proof.status == "refuted")
        statements = [proofs for proofs in (self.stated, self.in_entries, refuting) if proofs]
        found = [min(proofs, key=_place_in(_MOST_TELLING)) for proofs in statements]
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
