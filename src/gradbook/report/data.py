"""A report as data, for `gradbook verify --json`."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from gradbook.check import Check
from gradbook.page import PageLine
from gradbook.page.as_read import condition
from gradbook.page.letters import written
from gradbook.page.witnesses import at_some_sizes, same_on_both_sides, stated_once
from gradbook.proof import Counterexample, Entries, Proof
from gradbook.prove.decision import Decision
from gradbook.prove.properties import PropertyFound
from gradbook.report.places import place_of
from gradbook.report.terminal import status_of
from gradbook.verify import Report


def as_data(reports: Iterable[Report]) -> dict[str, Any]:
    """{"passed", "pages", "lines", "properties", "not_emitted", "kernels"}, of all."""
    reports = list(reports)
    return {
        "passed": all(report.passed for report in reports),
        "pages": [_page(report) for report in reports],
        "lines": [_line(report, *pair) for report in reports for pair in report.lines],
        "properties": [
            _property(report, found) for report in reports for found in report.properties
        ],
        "not_emitted": [
            {"page": report.page.title, "name": missing.name, "reason": missing.why}
            for report in reports
            for missing in report.not_emitted
        ],
        "kernels": [
            {
                "name": verdict.kernel,
                "page": report.page.title,
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


def _page(report: Report) -> dict[str, Any]:
    page = report.page
    return {
        "name": page.title,
        "file": str(page.path),
        "passed": report.passed,
        "seconds": round(report.seconds, 3),
        "interrupted": report.interrupted,
        "kept": report.kept,
        "decided": report.decided,
        "not_asked": dict(report.not_asked),
        "not_checked": report.not_checked,
        "displays": page.displays,
        "displays_read": page.displays_read,
        "stated_once": [written(letter) for letter in stated_once(page)],
        "same_on_both_sides": list(same_on_both_sides(page)),
        "at_some_sizes": [[id, condition(at)] for id, at in at_some_sizes(page)],
        "said_in_python": report.in_python,
        "errors": [
            {
                "place": page.source.at(error.span),
                "message": error.message,
                "hint": error.hint,
                "line": error.line,
                "waits": error.waits,
            }
            for error in page.errors
        ],
    }


def _line(report: Report, line: PageLine, decision: Decision) -> dict[str, Any]:
    return {
        "id": line.id,
        "page": report.page.title,
        "place": report.page.source.at(place_of(line, decision.deciding)),
        "written": line.latex,
        "read": line.as_read,
        "status": status_of(line, decision),
        "claims": len(line.claims),
        "reason": decision.reason,
        "counterexample": _counterexample(decision.counterexample),
        "methods": [_method(proof) for proof in decision.proofs],
        "recheck": _recheck(report, line.id),
        "seconds": round(decision.seconds, 3),
    }


def _property(report: Report, found: PropertyFound) -> dict[str, Any]:
    return {
        "name": found.name,
        "page": report.page.title,
        "statement": found.statement,
        "assumptions": found.assumptions,
        "status": found.decision.status,
        "counterexample": _counterexample(found.decision.counterexample),
        "methods": [_method(proof) for proof in found.decision.proofs],
        "recheck": _recheck(report, found.name),
    }


def _recheck(report: Report, of: str) -> dict[str, Any] | None:
    """What a second solver says of the queries; None where there was none."""
    return {"solver": report.second} | dict(report.agreement(of)) if report.second else None


def _method(proof: Proof) -> dict[str, Any]:
    """How a statement was decided: for which sizes, inputs and assumptions."""
    return {
        "method": proof.method,
        "status": proof.status,
        "sizes": proof.sizes,
        "inputs": "all reals" if proof.holds else "",
        "regions": proof.regions,
        "assumptions": list(proof.assumptions),
        "where": list(proof.where),
        "reason": proof.reason,
        "seconds": round(proof.seconds, 3),
    }


def _counterexample(found: Counterexample | None) -> dict[str, Any] | None:
    """Rationals are written as text, "1/2", so that nothing is rounded."""
    if found is None:
        return None
    return {
        "numbers": dict(found.numbers),
        "values": {name: _entries(entries) for name, entries in found.values},
        "left": found.left,
        "right": found.right,
        "relation": found.relation,
        "entry": found.entry,
        "words": str(found),
    }


def _entries(entries: Entries) -> Any:
    return list(map(_entries, entries)) if isinstance(entries, tuple) else str(entries)


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
