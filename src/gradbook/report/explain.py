"""The faults that the judge knows, in 80 columns: all by their titles, or one in full."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from gradbook.judge.faults import FaultKind

WIDTH = 80
_MARGIN = "    "


def explain_all(faults: Sequence[FaultKind]) -> str:
    """A row for each, with its code."""
    rows = ["What the judge tells by name; to read about one, gradbook explain CODE:", ""]
    for fault in faults:
        rows += textwrap.wrap(
            fault.title, WIDTH, initial_indent=f"{fault.code}  ", subsequent_indent=" " * 7
        )
    return "\n".join(rows)


def explain(fault: FaultKind) -> str:
    """What it is, how it comes about, and what is wrong and right as code."""
    parts = [f"{fault.code} · {fault.title}"]
    if fault.story:
        parts.append(textwrap.fill(fault.story, WIDTH))
    for name, code in (("Wrong", fault.wrong), ("Right", fault.right)):
        parts.append(f"{name}:\n{textwrap.indent(code, _MARGIN)}")
    return "\n\n".join(parts)
