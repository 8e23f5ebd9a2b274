"""A report as data, for `gradbook verify --json`."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from gradbook.check import Check
from gradbook.derivation import Counterexample, Line, Proof
from gradbook.verify import Report


def as_data(reports: Iterable[Report]) -> dict[str, Any]:
    """{"passed", "derivations", "lines", "kernels"}: the lines and kernels of all reports."""
    reports = list(reports)
    return {
        "passed": all(report.passed for report in reports),
        "derivations": [
            {"name": report.derivation.name, "passed": report.passed, "seconds": report.seconds}
            for report in reports
        ],
        "lines": [_line(report, *pair) for report in reports for pair in report.lines],
        "kernels": [
            {
                "name": kernel.name,
                "derivation": report.derivation.name,
                "origin": verdict.origin,
                "language": verdict.language,
                "passed": verdict.passed,
                "status": verdict.status,
                "checks": [_check(check) for check in verdict.checks],
                "findings": [
                    {"sentence": finding.sentence, "line": finding.line}
                    for finding in verdict.findings
                ],
            }
            for report in reports
            for kernel, verdict in report.kernels
        ],
    }


def _line(report: Report, line: Line, proof: Proof) -> dict[str, Any]:
    return {
        "id": line.id,
        "derivation": report.derivation.name,
        "title": line.title,
        "statement": line.statement,
        "status": proof.status,
        "sizes": proof.sizes,
        "regions": proof.regions,
        "method": proof.method,
        "reason": proof.reason,
        "counterexample": None
        if proof.counterexample is None
        else _counterexample(proof.counterexample),
        "seconds": round(proof.seconds, 3),
    }


def _counterexample(found: Counterexample) -> dict[str, Any]:
    """Rationals are written as text, "1/2", so that nothing is rounded."""
    return {
        "C": found.case.C,
        "m": found.case.m,
        "W": [[str(value) for value in row] for row in found.W],
        "x": [[str(value) for value in row] for row in found.x],
        "y": list(found.y),
        "s_prime": None if found.s_prime is None else [str(value) for value in found.s_prime],
        "entry": found.entry,
        "left": found.left,
        "right": found.right,
        "relation": found.relation,
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "passed": check.passed,
        "max_error": _finite(check.max_error),
        "bound": _finite(check.bound),
        "cases": check.cases,
        "detail": check.detail,
        "seconds": round(check.seconds, 3),
    }


def _finite(value: float) -> float | None:
    """JSON has no infinity and no NaN."""
    return float(value) if math.isfinite(value) else None
