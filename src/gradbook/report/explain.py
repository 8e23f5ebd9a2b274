"""The faults that the judge knows, in 80 columns: all by their titles, or one in full."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from gradbook.judge.faults import FaultKind
from gradbook.report.plain import WIDTH

_MARGIN = "    "
#: By the first digit of a code: a family, as a heading and in the list.
FAMILIES = {
    "1": "Of the data",
    "2": "Of the formula",
    "3": "Of the coefficients",
    "4": "Of the batch",
    "5": "Of the result",
    "6": "Of the penalty",
    "7": "Of the state",
    "8": "Of types and layouts",
    "9": "Not explained",
}


def explain_all(faults: Sequence[FaultKind]) -> str:
    """A row for each, with its code."""
    rows = ["What the judge tells by name; to read about one, gradbook explain CODE:", ""]
    for digit, family in FAMILIES.items():
        rows += [family.lower()]
        for fault in faults:
            if fault.code[2] == digit:
                head = f"  {fault.code}  "
                rows += textwrap.wrap(
                    fault.title, WIDTH, initial_indent=head, subsequent_indent=" " * len(head)
                )
    return "\n".join(rows)


def explain(fault: FaultKind) -> str:
    """What it is, how it comes about, and what is wrong and right as code."""
    story = textwrap.fill(fault.story, WIDTH)
    return "\n\n".join([f"{fault.code} · {fault.title}", *_about(fault, story, "\n")])


def _about(fault: FaultKind, story: str, gap: str) -> Iterator[str]:
    """How it comes about, and the code, after a gap below what it is."""
    if story:
        yield story
    for name, code in (("Wrong", fault.wrong), ("Right", fault.right)):
        yield f"{name}:{gap}{textwrap.indent(code, _MARGIN)}"


def faults_page(faults: Sequence[FaultKind]) -> str:
    """docs/faults.md: all of them in Markdown, by families."""
    parts = [_HEAD]
    for digit, family in FAMILIES.items():
        found = [fault for fault in faults if fault.code[2] == digit]
        parts.append(f"## {family}")
        parts += [_section(fault) for fault in found]
    return "\n\n".join(parts) + "\n"


_HEAD = """# The faults that the judge tells by name

What `gradbook check` finds has a code, such as GB304, in the terminal, in JSON, CSV and HTML;
`gradbook explain GB304` says what is written here. Each fault is a file of
[`gradbook/judge/faults`](../src/gradbook/judge/faults/__init__.py): from it this page is made, by
`python tools/write_faults.py`, and from it the judge predicts what a function with the fault
answers."""


def _section(fault: FaultKind) -> str:
    return "\n\n".join([f"### {fault.code}: {fault.title}", *_about(fault, fault.story, "\n\n")])
