"""The methods of proof: each decides one claim in one case, and is a file of its own.

Whoever adds one, such as another solver, writes a function (Stated, Case) → Proof in a file beside
these, and a line in METHODS. `verify` then runs it on every line, at the sizes named here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from gradbook.page.cases import PageSizes
from gradbook.page.stated import Stated
from gradbook.proof import Proof
from gradbook.prove.by_regions import METHOD as REGIONS
from gradbook.prove.by_regions import decide_by_points, decide_by_regions
from gradbook.prove.by_solver import METHOD as SOLVER
from gradbook.prove.by_solver import decide_by_solver
from gradbook.prove.points import Case


@dataclass(frozen=True)
class Method:
    """A way to decide a claim in one case, and where `verify` uses it.

    name:     as it stands in a Proof.
    head:     the same over a column, in a few letters.
    decide:   what is claimed, the case → proved, refuted with a point, or undecided.
    covers:   what a proof by it is about, in words.
    sizes:    the cases that `verify` asks it about; `thorough`: those of `verify --thorough`.
    needs:    the module without which it cannot run, and the package that has it.
    searched: after so many cases that it could not decide, it is asked about no more.
    """

    name: str
    head: str
    decide: Callable[[Stated, Case], Proof]
    covers: str
    sizes: PageSizes
    thorough: PageSizes
    needs: tuple[str, str] | None = None
    searched: int = 12

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
        decide_by_regions,
        "all real values of the letters: every sign (−, 0, +) of what stands in a kink",
        sizes=PageSizes(3, 2),
        thorough=PageSizes(4, 3),
    ),
    Method(
        SOLVER,
        "z3",
        decide_by_solver,
        "all real values of the letters at once, kinks included",
        sizes=PageSizes(2, 2),
        thorough=PageSizes(3, 3),
        needs=("z3", "z3-solver"),
    ),
)


#: A search for counterexamples alone, at a few points of every case: cheap, and it proves nothing.
POINTS = "at points"
_AT_POINTS = Method(
    POINTS,
    "points",
    decide_by_points,
    "nothing",
    sizes=PageSizes(2, 2),
    thorough=PageSizes(2, 2),
    searched=10**6,
)


def method_named(name: str) -> Method:
    """The method with this name. Raises KeyError where there is none."""
    return next(method for method in (*METHODS, _AT_POINTS) if method.name == name)
