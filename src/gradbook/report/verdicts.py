"""A verdict on one kernel as text of 80 columns: each check, then each finding."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from gradbook.check import Check, Verdict
from gradbook.report.plain import WIDTH


def as_text(found: Verdict) -> str:
    """Each check with mark, name, error and seconds, its detail below; then what was found."""
    head = f"{found.origin} · {found.language} · {found.status}"
    lines = [found.kernel, *_wrapped(head, "  ")]
    lines += [line for check in found.checks for line in _row(check)]
    for number, finding in enumerate(found.findings, 1):
        first, *others = _wrapped(str(finding), "     ")
        lines += [f"  {number}. {first.lstrip()}", *others]
        lines += _wrapped(finding.example, "       ") if finding.example else []
    return "\n".join(lines)


def _row(check: Check) -> Iterator[str]:
    mark = "✓" if check.passed else "✗" if check.applies else "–"
    yield f"  {mark} {check.name:<20}{_error(check):<46}{check.seconds:6.1f} s"
    yield from _wrapped(check.detail, "      ")


def _error(check: Check) -> str:
    """The largest error beside its bound; nothing where a check measures neither."""
    if check.cases == 0 or check.bound == 0:
        return ""
    sign = "≤" if check.max_error <= check.bound else ">"
    error, bound = map(_number, (check.max_error, check.bound))
    return f"{error} {sign} {bound} {check.data.get('unit', '')}".rstrip()


def _number(value: float) -> str:
    return f"{value:.3g}" if 0.01 <= abs(value) < 1e5 or value == 0 else f"{value:.1e}"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent) or [""]
