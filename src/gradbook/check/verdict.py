"""What a check found: checks, findings and the verdict on one kernel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from gradbook.deferred import Shown
from gradbook.judge.judgement import Finding

#: The check of a kernel's text (`check.source`): it has no figure, and decides only what it can.
SOURCE = "source"
#: The check of a kernel for one size against bounds of its rounding (`check.rounding`).
ROUNDING = "rounding"
#: The checks that are told in a sentence beside the table.
TOLD = (SOURCE, ROUNDING)


@dataclass(frozen=True)
class Check:
    """One check of one kernel.

    name:      "exact", "by hand", "finite differences", "digits" or "training"; or one of `TOLD`.
    passed:    whether everything that it compared was within its bound, and it compared something.
    max_error: the difference at the place that came nearest to its bound (or passed it by most),
               and `bound` the bound derived for that place; the check's own docstring says in
               which unit.
    cases:     how many comparisons were made.
    detail:    one sentence: what was covered, or why it did not pass.
    seconds:   how long it took.
    data:      what a plot needs, by name.
    applies:   False where there is no derived answer to compare with: then it says nothing.
    """

    name: str
    passed: bool
    max_error: float
    bound: float
    cases: int
    detail: str
    seconds: float = 0.0
    data: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    applies: bool = True


Found: TypeAlias = tuple[Check, tuple[Finding, ...]]


@dataclass(frozen=True)
class Verdict(Shown):
    """What the checks say of one kernel; `findings` in order of importance.

    status: "passed", "failed", or why there is no verdict ("not compiled: no C compiler", "not
    checked: …").
    """

    kernel: str
    origin: str
    language: str
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    status: str

    @property
    def passed(self) -> bool:
        """True only if every check with an answer to compare with passed, and nothing was found.

        Where another than that of the text had none, the status says so.
        """
        ran = bool(self.checks) and all(check.passed for check in self.checks if check.applies)
        return ran and not self.findings and self.status == "passed"

    @property
    def failed(self) -> bool:
        """Whether something is wrong with the kernel, as opposed to not checked."""
        return self.status == "failed"

    @property
    def summary(self) -> str:
        """One line: the kernel, and what was covered or what is wrong first."""
        if not self.checks:
            return f"{self.kernel}: {self.status}"
        if self.passed:
            cases = sum(check.cases for check in self.checks)
            passed = sum(check.passed for check in self.checks)
            return f"{self.kernel}: passed all {passed} checks, {cases:,} comparisons"
        if not self.failed:
            return f"{self.kernel}: {self.status}"
        failed = ", ".join(c.name for c in self.checks if c.applies and not c.passed)
        first = f"; {self.findings[0]}" if self.findings else ""
        return f"{self.kernel}: failed {failed}{first}" if failed else f"{self.kernel}{first}"

    def with_found(self, found: Found | None) -> Verdict:
        """The verdict on a kernel that was called, with what one more check found of it.

        A check that does not apply, as of a text that is not decided, leaves it as it was.
        """
        if found is None or not self.checks:
            return self
        check, findings = found
        status = "failed" if findings else self.status
        checks, findings = (*self.checks, check), (*self.findings, *findings)
        return replace(self, checks=checks, findings=findings, status=status)
