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
                **_named(verdict, "origin", "language", "passed", "status"),
                "checks": [_check(check) for check in verdict.checks],
                "findings": [_named(finding, "sentence", "line") for finding in verdict.findings],
            }
            for report in reports
            for _, verdict in report.kernels
        ],
    }


def _named(value: object, *names: str) -> dict[str, Any]:
    """Some of the fields of a value, by their names."""
    return {name: getattr(value, name) for name in names}


def _page(report: Report) -> dict[str, Any]:
    page = report.page
    return {
        "name": page.title,
        "file": str(page.path),
        "seconds": round(report.seconds, 3),
        **_named(report, "passed", "interrupted", "kept", "decided", "not_checked"),
        "not_asked": dict(report.not_asked),
        **_named(page, "displays", "displays_read"),
        "stated_once": [written(letter) for letter in stated_once(page)],
        "same_on_both_sides": list(same_on_both_sides(page)),
        "at_some_sizes": [[id, condition(at)] for id, at in at_some_sizes(page)],
        "said_in_python": report.in_python,
        "errors": [
            {
                "place": page.source.at(error.span),
                **_named(error, "message", "hint", "line", "waits"),
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
        **_decided(report, line.id, decision),
        "seconds": round(decision.seconds, 3),
    }


def _property(report: Report, found: PropertyFound) -> dict[str, Any]:
    return {
        "name": found.name,
        "page": report.page.title,
        **_named(found, "statement", "assumptions"),
        "status": found.decision.status,
        **_decided(report, found.name, found.decision),
    }


def _decided(report: Report, of: str, decision: Decision) -> dict[str, Any]:
    """What refutes it, how it was decided, and what a second solver says."""
    return {
        "counterexample": _counterexample(decision.counterexample),
        "methods": [_method(proof) for proof in decision.proofs],
        "recheck": _recheck(report, of),
    }


def _recheck(report: Report, of: str) -> dict[str, Any] | None:
    """What a second solver says of the queries; None where there was none."""
    return {"solver": report.second} | dict(report.agreement(of)) if report.second else None


def _method(proof: Proof) -> dict[str, Any]:
    """How a statement was decided: for which sizes, inputs and assumptions."""
    return {
        **_named(proof, "method", "status", "sizes", "regions", "reason"),
        "inputs": "all reals" if proof.holds else "",
        "assumptions": list(proof.assumptions),
        "where": list(proof.where),
        "seconds": round(proof.seconds, 3),
    }


def _counterexample(found: Counterexample | None) -> dict[str, Any] | None:
    """Rationals are written as text, "1/2", so that nothing is rounded."""
    if found is None:
        return None
    return {
        "numbers": dict(found.numbers),
        "values": {name: _entries(entries) for name, entries in found.values},
        **_named(found, "left", "right", "relation", "entry"),
        "words": str(found),
    }


def _entries(entries: Entries) -> Any:
    return list(map(_entries, entries)) if isinstance(entries, tuple) else str(entries)


def _check(check: Check) -> dict[str, Any]:
    return {
        **_named(check, "name", "passed", "cases", "detail"),
        "max_error": _finite(check.max_error),
        "bound": _finite(check.bound),
        "seconds": round(check.seconds, 3),
    }


def _finite(value: float) -> float | None:
    """JSON has no infinity and no NaN."""
    return float(value) if math.isfinite(value) else None
