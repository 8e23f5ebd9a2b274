"""A few lines of Python that show what is wrong, to be pasted below the function."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from gradbook.judge.convention.asking import as_given, as_returned
from gradbook.judge.convention.convention import Convention, laid_out
from gradbook.judge.convention.evidence import Observation
from gradbook.judge.explain.fault import Fault
from gradbook.judge.explain.numbers_in_words import short, written
from gradbook.questions.question import Question
from gradbook.subjects import Subject

#: Arrays with more entries than this are not written out, unless all entries are equal.
_ENTRIES = 200
#: Data with more entries than this nobody reads in a sentence.
_READABLE = 30


def example(subject: Subject, convention: Convention, fault: Fault) -> str:
    """The call that shows a fault, what it gives and what is right; "" if it is too large."""
    if fault.shown_by is None or any(convention.stated):
        return ""
    one = fault.shown_by
    given, by_name = as_given(convention, one.question)
    written = [
        _written(value) if isinstance(value, np.ndarray) else repr(_plain(value))
        for value in (*given, *by_name.values())
    ]
    if not all(written):
        return ""
    roles = [*convention.order, *(role for _, role in convention.named)]
    names = [_name(role, convention) for role in roles]
    lines = ["import numpy as np", ""]
    lines += [f"{name} = {text}" for name, text in zip(names, written, strict=True)]
    leaves = [*subject.parameters[: len(convention.order)], *by_name]
    call = _call(subject, dict(zip(leaves, names, strict=False)), lines)
    if not call or "⟨" in call:
        return ""
    if fault.script == "again":
        return "\n".join([*lines, *_again(convention, call)])
    if one.reply.error:
        return "\n".join([*lines, f"{call}  # {one.reply.error}"])
    return "\n".join([*lines, *_shown(convention, one, call)])


def _call(subject: Subject, given: Mapping[str, str], lines: list[str]) -> str:
    """The call as Python, of what is given for its parameters; what it needs is added to lines."""
    written = [_filled(line, given) for line in subject.call]
    lines += [line for line in written[:-1] if line]
    return written[-1] if written else ""


def _filled(line: str, given: Mapping[str, str]) -> str:
    """A line with what is given; without the arguments that are not."""
    for name in re.findall("⟨(.*?)⟩", line):
        if name in given:
            line = line.replace(f"⟨{name}⟩", given[name])
        else:
            line = re.sub(rf"(, )?([\w'\"]+(=|: ))?⟨{re.escape(name)}⟩", "", line)
            line = re.sub(r"([({\[]), ", r"\1", line)
    return "" if line.rstrip().endswith("=") else line


def _name(role: str, convention: Convention) -> str:
    names = {"margin": "delta", "classes": "num_classes", "count": "n"}
    names |= {"X": "x"} if convention.alone else {}
    names |= {"reg": "C"} if convention.weighed else {}
    return names.get(role, role)


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value


def _shown(convention: Convention, one: Observation, call: str) -> list[str]:
    parts = []
    if convention.gives_loss:
        parts.append("loss")
    if convention.gives_gradient:
        parts.append("gradient")
    lines = [f"{', '.join(parts)} = {call}"]
    loss, right = as_returned(convention, one.question, one.expected.loss, one.expected.gradient)
    if one.loss_wrong or (not one.gradient_wrong and convention.gives_loss):
        lines.append(f"print(loss)  # right: {loss!r}")
    if one.gradient_wrong or not convention.gives_loss:
        lines += _gradient(convention, one, right)
    return lines


def _gradient(convention: Convention, one: Observation, right: np.ndarray) -> list[str]:
    """The right gradient; of one that nobody reads, the entry that differs most."""
    came = one.expected.gradient if one.reply.gradient is None else one.reply.gradient
    came = as_returned(convention, one.question, 0.0, came)[1]
    right, apart = laid_out(convention, right), laid_out(convention, np.abs(came - right))
    if right.size <= _READABLE or not apart.any():
        return ["print(gradient)", *_commented("right:", np.array2string(right + 0.0))]
    place = np.unravel_index(np.argmax(apart), apart.shape)
    return [f"print(gradient[{', '.join(map(str, place))}])  # right: {right[place] + 0.0}"]


def in_words(fault: Fault) -> str:
    """The smallest data that show a fault, in the page's layout, and what comes of them.

    "" where they are too large to be read, or no single call shows it.
    """
    one = fault.shown_by
    if one is None or fault.script or not _is_readable(one.question):
        return ""
    came = []
    size = one.question.n if one.convention.summed else 1
    if one.loss_wrong and one.reply.loss is not None:
        loss, exactly = (short(a * size) for a in (one.reply.loss, one.expected.loss))
        came.append(f"loss {loss}, exactly {exactly}")
    if one.gradient_wrong and one.reply.gradient is not None:
        found, right = one.reply.gradient * size, one.expected.gradient * size
        came.append(f"gradient {written(found)}, exactly {written(right)}")
    given = inputs(one.question)
    return (
        given
        if not _is_readable(one.question)
        else ": ".join(filter(None, [given, "; ".join(came)]))
    )


def _is_readable(question: Question) -> bool:
    return question.W.size + question.X.size <= _READABLE


def inputs(question: Question) -> str:
    """W, X, y and reg, or their sizes where they are large."""
    if not _is_readable(question):
        return f"seen with C = {question.C}, D = {question.D}, n = {question.n}"
    reg = f", reg = {question.reg:g}" if question.reg else ""
    given = f"W = {written(question.W)}, X = {written(question.X)}, "
    return f"{given}y = {question.y.tolist()}{reg}"


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
