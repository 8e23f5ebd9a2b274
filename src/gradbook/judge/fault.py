"""Something that is wrong, while it is being found out."""

from __future__ import annotations

from dataclasses import dataclass

from gradbook.judge.evidence import Observation
from gradbook.judge.judgement import EXACT


@dataclass(frozen=True)
class Fault:
    """sentence, line, kind, explained: as in a `Finding`.

    shown_by: the smallest call that shows it. script: "again" if it has to be made twice.
    """

    sentence: str
    line: str = ""
    kind: str = EXACT
    explained: bool = False
    shown_by: Observation | None = None
    script: str = ""
