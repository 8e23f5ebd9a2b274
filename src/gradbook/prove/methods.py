"""The methods of proof: each decides one claim for one case, and is a file of its own.

Whoever adds one, such as another solver, writes a function (Claim, Case) → Proof in a file beside
these, and a line in METHODS. `verify` then runs it on every line, at the sizes named here.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from gradbook.prove.by_regions import METHOD as REGIONS
from gradbook.prove.by_regions import prove_by_regions
from gradbook.prove.by_solver import METHOD as SOLVER
from gradbook.prove.by_solver import prove_by_solver
from gradbook.prove.lines import Decide
from gradbook.prove.sizes import Sizes


@dataclass(frozen=True)
class Method:
    """A way to decide a claim for one case, and where `verify` uses it.

    name:     as it stands in a Proof.
    head:     the same over a column, in a few letters.
    decide:   Claim, Case → Proof: proved, refuted with a counterexample, or undecided.
    covers:   what a proof by it is about, in words.
    sizes:    the cases that `verify` asks it about; `thorough`: those of `verify --thorough`.
    needs:    the module without which it cannot run, and the package that has it.
    """

    name: str
    head: str
    decide: Decide
    covers: str
    sizes: Sizes
    thorough: Sizes
    needs: tuple[str, str] | None = None

    @property
    def missing(self) -> str:
        """Why it cannot be asked here, in words; "" where it can."""
        if self.needs is None or find_spec(self.needs[0]) is not None:
            return ""
        return f"{self.needs[1]} is not installed"


METHODS = (
    Method(
        REGIONS,
        "small",
        prove_by_regions,
        "all real W and x̃: every sign pattern (−, 0, +) of the margins, one after another",
        sizes=Sizes(range(2, 6), range(5)),
        thorough=Sizes(range(2, 8), range(5)),
    ),
    Method(
        SOLVER,
        "z3",
        prove_by_solver,
        "all real W, x̃ and s′ at once, kinks included",
        sizes=Sizes(range(2, 11), range(3), all_up_to=3),
        thorough=Sizes(range(2, 11), range(3)),
        needs=("z3", "z3-solver"),
    ),
)


def method_named(name: str) -> Method:
    """The method with this name. Raises KeyError where there is none."""
    return next(method for method in METHODS if method.name == name)
