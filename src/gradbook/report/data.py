"""A report as data, for `gradbook verify --json`."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from gradbook.check import Check
from gradbook.derivation import Counterexample, Line, Proof
from gradbook.prove.decision import Decision
from gradbook.prove.properties import PropertyFound
from gradbook.verify import Report


def as_data(reports: Iterable[Report]) -> dict[str, Any]:
    """{"passed", "derivations", "lines", "properties", "not_emitted", "kernels"}, of all."""
    reports = list(reports)
    return {
        "passed": all(report.passed for report in reports),
        "derivations": [
            {
                "name": report.derivation.name,
                "passed": report.passed,
                "seconds": report.seconds,
                "interrupted": report.interrupted,
                "not_asked": dict(report.not_asked),
            }
            for report in reports
        ],
        "lines": [_line(report, *pair) for report in reports for pair in report.lines],
        "properties": [
            _property(report, found) for report in reports for found in report.properties
        ],
        "not_emitted": [
            {"derivation": report.derivation.name, "name": missing.name, "reason": missing.why}
            for report in reports
            for missing in report.not_emitted
        ],
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


def _line(report: Report, line: Line, decision: Decision) -> dict[str, Any]:
    return {
        "id": line.id,
        "derivation": report.derivation.name,
        "title": line.title,
        "statement": line.statement,
        "status": decision.status,
        "reason": decision.reason,
        "counterexample": _counterexample(decision.counterexample),
        "methods": [_method(proof) for proof in decision.proofs],
        "seconds": round(decision.seconds, 3),
    }


def _property(report: Report, found: PropertyFound) -> dict[str, Any]:
    return {
        "name": found.name,
        "derivation": report.derivation.name,
        "statement": found.statement,
        "assumptions": found.assumptions,
        "status": found.decision.status,
        "counterexample": _counterexample(found.decision.counterexample),
        "methods": [_method(proof) for proof in found.decision.proofs],
    }


def _method(proof: Proof) -> dict[str, Any]:
    """How a statement was decided: for which sizes (numbers, or "any"), inputs and assumptions."""
    return {
        "method": proof.method,
        "status": proof.status,
        "sizes": _sizes(proof),
        "inputs": "all reals" if proof.holds else "",
        "covers": proof.sizes,
        "regions": proof.regions,
        "assumptions": list(proof.assumptions),
        "reason": proof.reason,
        "seconds": round(proof.seconds, 3),
    }


def _sizes(proof: Proof) -> dict[str, Any] | str:
    """{"C": [2, 3], "m": [0, 1], "y": "every label"}; "any" where the sizes are letters; or the
    one case that decided.
    """
    if proof.covers is not None:
        return {
            "C": list(proof.covers.C),
            "m": list(proof.covers.m),
            "y": proof.covers.labels,
        }
    return "any" if proof.holds else proof.sizes


def _counterexample(found: Counterexample | None) -> dict[str, Any] | None:
    """Rationals are written as text, "1/2", so that nothing is rounded."""
    if found is None:
        return None
    return {
        "C": found.case.C,
        "m": found.case.m,
        "W": [[str(value) for value in row] for row in found.W],
        "x": [[str(value) for value in row] for row in found.x],
        "y": list(found.y),
        "s_prime": None if found.s_prime is None else [str(value) for value in found.s_prime],
        "entry": found.entry,
        "indices": dict(found.indices),
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
