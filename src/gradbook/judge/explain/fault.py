"""Something that is wrong, while it is being found out."""

from __future__ import annotations

from dataclasses import dataclass

from gradbook.judge.convention.evidence import Observation
from gradbook.judge.explain.hypothesis import Hypothesis
from gradbook.judge.judgement import EXACT


@dataclass(frozen=True)
class Fault:
    """sentence, line, kind, explained, code: as in a `Finding`.

    shown_by: the smallest call that shows it. script: "again" if it has to be made twice.
    cause: what predicts every answer, where there is such a thing; parts: of the loss, the gradient
    or both. everywhere: whether there is no right answer at all.
    """

    sentence: str
    line: str = ""
    kind: str = EXACT
    explained: bool = False
    code: str = ""
    shown_by: Observation | None = None
    script: str = ""
    cause: Hypothesis | None = None
    parts: tuple[str, ...] = ()
    everywhere: bool = False
