"""What a notebook shows as Markdown: code in its colours, steps beside their code, verdicts.

JupyterLab gives Markdown the colours of its theme, light or dark, and typesets the mathematics in
it, also in a notebook that it does not trust. Nothing here tells a time, so that the output of a
cell is the same in every run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from textwrap import dedent

from sympy import latex

from gradbook.any_size import AnySizeDerivation
from gradbook.check import Verdict
from gradbook.emit.stages import Stages
from gradbook.judge import Finding, Judgement
from gradbook.kernels import Kernel
from gradbook.notation import as_written
from gradbook.page import Page
from gradbook.report.show_any_size import latex_section


class Markdown:
    """A text that a notebook renders. Printed, it is the text itself."""

    def __init__(self, text: str) -> None:
        self.text = text

    def _repr_markdown_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text


def excerpt(kernel: Kernel, first: str, last: str) -> Markdown:
    """The lines of a kernel's source from the one that begins with `first` to the next that begins
    with `last`, in colour; leading blanks do not count.

    Raises ValueError, which names what is missing, if there are no such lines.
    """
    rows = kernel.source.splitlines()
    begin = _place(rows, first, 0)
    end = _place(rows, last, begin)
    return Markdown(_fenced(kernel, rows[begin : end + 1]))


def steps(stages: Stages, kernels: Sequence[Kernel], *names: str) -> Markdown:
    """Some of the stages' definitions as formulas, and below them as each kernel has them.

    names: of symbols that the stages define, such as "s_1", "on_0", "mu_2" or "G_1_2".
    Raises ValueError for a name that they do not define or a kernel does not compute.
    """
    defined = {
        str(symbol): (symbol, value) for stage in stages for symbol, value in stage.definitions
    }
    formulas = []
    for name in names:
        if name not in defined:
            raise ValueError(f"names must be among {', '.join(defined)}, not {name!r}")
        symbol, value = defined[name]
        shown = latex(as_written(value), order="none", mul_symbol=r" \, ")
        formulas.append(_upright(rf"{latex(symbol)} &= {shown}"))
    text = [r"$$\begin{aligned} " + r" \\ ".join(formulas) + r" \end{aligned}$$"]
    for kernel in kernels:
        rows = [_assignment(kernel, name, stages.W.shape[1]) for name in names]
        text += [f"*in {kernel.language}*", _fenced(kernel, rows)]
    return Markdown("\n\n".join(text))


def derived(derivation: AnySizeDerivation, title: str) -> Markdown:
    """A section of a derivation for any size, such as "One example", each step with its rule.

    Raises ValueError for a title that no section begins with.
    """
    return Markdown(latex_section(derivation, title))


def verdict(found: Verdict, page: Page | None = None) -> Markdown:
    """A verdict without its times: each check with what it covered, then each finding.

    With a page, a finding is followed by the line of the page that it breaks.
    """
    text = [f"**{_plain(found.kernel)}** · {found.language} · {_plain(found.status)}"]
    if found.checks:
        rows = ["| passed | check | what was found |", "|:-:|:--|:--|"]
        for check in found.checks:
            detail = _plain(check.detail).replace("|", r"\|")
            rows.append(f"| {_mark(check.passed)} | {check.name} | {detail} |")
        text.append("\n".join(rows))
    text += [_finding(n, finding, page) for n, finding in enumerate(found.findings, 1)]
    return Markdown("\n\n".join(text))


def as_markdown(found: Verdict) -> str:
    """What a notebook shows of a verdict."""
    return verdict(found).text


def findings(found: Verdict | Judgement, page: Page | None = None) -> Markdown:
    """The findings of a verdict alone, each with the line of the page that it breaks."""
    text = [_finding(n, finding, page) for n, finding in enumerate(found.findings, 1)]
    return Markdown("\n\n".join(text) or "Nothing was found.")


def found_by(verdicts: Mapping[str, Verdict]) -> Markdown:
    """A row for each kernel, a column for each check: ✗ where the check fails, ✓ where it passes.

    verdicts: by what a reader calls the kernel. All must have run the same checks.
    Raises ValueError if there is no verdict.
    """
    if not verdicts:
        raise ValueError("verdicts must hold at least one verdict")
    names = [check.name for check in next(iter(verdicts.values())).checks]
    rows = [f"| kernel | {' | '.join(names)} | line |", f"|:--|{':-:|' * len(names)}:-:|"]
    for name, found in verdicts.items():
        marks = " | ".join(_mark(check.passed) for check in found.checks)
        lines = [line for line, _ in groupby(f.line for f in found.findings if f.line)]
        rows.append(f"| {name} | {marks} | {', '.join(lines)} |")
    return Markdown("\n".join(rows))


def _finding(number: int, finding: Finding, page: Page | None) -> str:
    said = [f"{number}. {_plain(str(finding))}"]
    if finding.example:
        said.append(f"   `{finding.example}`")
    if page is not None and finding.line in page.ids:
        line = page[finding.line]
        said.append(rf"   $\displaystyle \textbf{{{line.id}}}\quad {line.latex}$")
    return "\n\n".join(said)


def _plain(text: str) -> str:
    """A text of which nothing is taken for HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _mark(passed: bool) -> str:
    return "✓" if passed else "✗"


def _upright(formula: str) -> str:
    """Names of several letters, such as on_1, as words: is is not i times s."""
    return re.sub(r"(?<![\\a-zA-Z])[a-zA-Z]{2,}", lambda name: rf"\mathrm{{{name[0]}}}", formula)


def _place(rows: Sequence[str], beginning: str, start: int) -> int:
    for place in range(start, len(rows)):
        if rows[place].strip().startswith(beginning):
            return place
    raise ValueError(f"the source has no line that begins with {beginning!r} after line {start}")


def _fenced(kernel: Kernel, rows: Sequence[str]) -> str:
    code = dedent("\n".join(rows))
    return f"```{kernel.language.lower()}\n{code}\n```"


def _assignment(kernel: Kernel, name: str, width: int) -> str:
    """The line of the source that gives `name` its value; in C, first as an array's element."""
    for target in (*_elements(name, width), name):
        for row in kernel.source.splitlines():
            if re.match(rf"(const real )?{re.escape(target)} \+?= ", row.strip()):
                return row.strip()
    raise ValueError(f"{kernel.name} has no line that computes {name}")


def _elements(name: str, width: int) -> Iterator[str]:
    """What a symbol is called in C, where arrays hold a value for each lane."""
    head, *places = name.split("_")
    if all(place.isdigit() for place in places):
        match [int(place) for place in places]:
            case []:
                yield f"{head}[lane]"
            case [a]:
                yield f"{head}[{a}][lane]"
            case [a, b]:
                yield f"{head}[{a * width + b}][lane]"
