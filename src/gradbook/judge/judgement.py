"""What was found about a function: the judgement, and its findings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gradbook.deferred import Shown
from gradbook.judge.convention.convention import Convention

#: The kinds of findings, most telling first: what is done to the inputs may be why the numbers are
#: wrong. The first two make a function wrong.
PURITY, EXACT, NUMERICAL = "purity", "exact", "numerical"
KINDS = (PURITY, EXACT, NUMERICAL)
#: The faults of what is right as far as it goes: no gradient, or not each, is returned.
NO_GRADIENT, NOT_EACH = "GB805", "GB806"


@dataclass(frozen=True)
class Finding:
    """Something wrong with a function.

    sentence: what, in the page's words. line: of the derivation ("" where none is cited). kind:
    "purity", "exact" or "numerical". explained: whether it is a cause that predicts every answer,
    and not only a fact that was observed. example: the smallest input that shows it, in words.
    code: the same as data, for programs: that of the fault, "GB703", with the part in front where
    it is in one of the two, "gradient: GB304", or in both, "loss and gradient: GB200".
    """

    sentence: str
    line: str = ""
    kind: str = EXACT
    explained: bool = False
    example: str = ""
    code: str = ""

    def __str__(self) -> str:
        marks = ", ".join(filter(None, [self.line, *self.faults]))
        return self.sentence + (f" ({marks})" if marks else "")

    @property
    def faults(self) -> tuple[str, ...]:
        """The codes alone, which `gradbook explain` explains."""
        return tuple(dict.fromkeys(re.findall(r"GB\d{3}", self.code)))


@dataclass(frozen=True)
class Mend:
    """A small change of the function's own text with which it is judged right.

    place: of the first line that changes, "line 12" or "cell 3, line 4". before, after: the lines
    that go and those that come, as they are written. where: of lines that only move, where they
    belong, "above line 7".
    """

    place: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    where: str = ""

    @property
    def sentence(self) -> str:
        """What is wrong, where nothing else explains it."""
        old, new = (_on_one_line(lines) for lines in (self.before, self.after))
        if not new:
            return f"{self.place}: without “{old}” it is right"
        if not old:
            return f"{self.place}: it lacks “{new}”, and with that is right"
        if self.where:
            return f"{self.place}: “{old}” belongs {self.where}; moved there, it is right"
        if old == new:
            return f"{self.place}: “{old}” is indented wrongly; moved, it is right"
        return f"{self.place}: it is right with “{new}” in place of “{old}”"


def _on_one_line(lines: Sequence[str]) -> str:
    return " ".join(" ".join(lines).split())


@dataclass(frozen=True)
class Row:
    """One row of the coefficient table: what multiplies x̃ in one place, found and right."""

    where: str
    expected: str
    measured: str
    agrees: bool


@dataclass(frozen=True, repr=False)
class Judgement(Shown):
    """Whether a function computes the loss and its gradient, and what is wrong if it does not.

    status:     "right", "wrong" or "not judged", and then `reason` says why.
    code:       in a word or two why it is not judged: "no candidate", "syntax error", "hang", …
    convention: how it wants its arguments; None if that could not be found.
    findings:   in order of importance. table: the measured coefficients, row × region.
    covered:    one sentence on what was asked. calls: how often the function was called.
    answered:   how many questions of the base set were answered. base: how many it has; 0 where
                that was not asked.
    mend:       a change of its text with which it is right; None if none was looked for, or found.
    example:    Python code that shows the first finding, to be pasted below the function; "" if
                there is none.
    """

    name: str
    loss: str
    status: str
    reason: str = ""
    convention: Convention | None = None
    findings: tuple[Finding, ...] = ()
    table: tuple[Row, ...] = ()
    covered: str = ""
    calls: int = 0
    example: str = ""
    remarks: tuple[str, ...] = ()
    seconds: float = field(default=0.0, compare=False)
    mend: Mend | None = None
    answered: int = 0
    base: int = 0
    code: str = ""

    def mended(self, mend: Mend | None, calls: int) -> Judgement:
        """With a change that mends it, which comes first of all if nothing else explains it.

        calls: how many it took to find it, or to find none.
        """
        more = replace(self, mend=mend, calls=self.calls + calls)
        if mend is None or self.findings[0].explained:
            return more
        told = self.findings[0]
        first = replace(told, sentence=mend.sentence, line="", explained=True, example="")
        return replace(more, findings=(first, *self.findings))

    @property
    def passed(self) -> bool:
        """True only if it was judged, and is right."""
        return self.status == "right"

    @property
    def exit_code(self) -> int:
        """0 right, 1 wrong, 2 not judged."""
        return {"right": 0, "wrong": 1}.get(self.status, 2)

    @property
    def summary(self) -> str:
        """One line."""
        if self.status == "not judged":
            return f"{self.name}: not judged: {self.reason}"
        if not self.findings:
            return f"{self.name}: right; {self.covered}"
        joint = "wrong: " if self.status == "wrong" else "right, but "
        return f"{self.name}: {joint}{self.findings[0]}"

    def __repr__(self) -> str:
        return f"<Judgement of {self.summary}>"

    def as_dict(self) -> dict[str, Any]:
        """For JSON: texts, numbers and lists of them."""
        return {
            "name": self.name,
            "loss": self.loss,
            "status": self.status,
            "reason": self.reason,
            "code": self.code,
            "convention": str(self.convention or ""),
            "findings": [vars(finding) for finding in self.findings],
            "table": [vars(row) for row in self.table],
            "covered": self.covered,
            "calls": self.calls,
            "answered": self.answered,
            "base": self.base,
            "example": self.example,
            "mend": vars(self.mend) if self.mend else None,
            "remarks": list(self.remarks),
            "seconds": round(self.seconds, 3),
        }
