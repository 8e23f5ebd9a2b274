"""A few lines of Python that show what is wrong, to be pasted below the function."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradbook.judge.convention import Convention, arguments
from gradbook.judge.evidence import Observation
from gradbook.judge.fault import Fault
from gradbook.subjects import Subject

#: Arrays with more entries than this are not written out, unless all entries are equal.
_ENTRIES = 200


def example(subject: Subject, convention: Convention, fault: Fault) -> str:
    """The call that shows a fault, what it gives and what is right; "" if it is too large."""
    if fault.shown_by is None:
        return ""
    one = fault.shown_by
    given = arguments(convention, one.question)
    written = [_written(value) if isinstance(value, np.ndarray) else repr(value) for value in given]
    if not all(written):
        return ""
    names = [_NAMES.get(role, role) for role in convention.order]
    lines = ["import numpy as np", ""]
    lines += [f"{name} = {text}" for name, text in zip(names, written, strict=True)]
    call = f"{subject.name}({', '.join(names)})"
    if fault.script == "again":
        return "\n".join([*lines, *_again(convention, call)])
    if one.reply.error:
        return "\n".join([*lines, f"{call}  # {one.reply.error}"])
    return "\n".join([*lines, *_shown(convention, one, call)])


_NAMES = {"margin": "delta"}


def _shown(convention: Convention, one: Observation, call: str) -> list[str]:
    parts = []
    if convention.gives_loss:
        parts.append("loss")
    if convention.gives_gradient:
        parts.append("gradient")
    lines = [f"{', '.join(parts)} = {call}"]
    if one.loss_wrong or (not one.gradient_wrong and convention.gives_loss):
        lines.append(f"print(loss)  # right: {one.expected.loss!r}")
    if one.gradient_wrong or not convention.gives_loss:
        right = one.expected.gradient
        right = right.T if convention.weights == "(D, C)" else right
        lines += ["print(gradient)", *_commented("right:", np.array2string(right + 0.0))]
    return lines


def _again(convention: Convention, call: str) -> list[str]:
    several = convention.gives_loss and convention.gives_gradient
    place = "[1]" if several else ""
    return [
        f"print({call}{place})",
        f"print({call}{place})  # the same data, another answer",
    ]


def _commented(head: str, text: str) -> list[str]:
    lines = text.splitlines()
    indent = " " * (len(head) + 1)
    return [f"# {head} {lines[0]}", *(f"# {indent}{line}" for line in lines[1:])]


def _written(a: np.ndarray) -> str:
    """An array as Python; "" if it is too large."""
    if a.size > 1 and (a == a.flat[0]).all() and a.size > 20:
        return f"np.full({a.shape}, {a.flat[0].item()!r})"
    if a.size > _ENTRIES:
        return ""
    rows: Sequence[object] = a.tolist()
    return f"np.array({rows!r})"
