"""A judgement with the change that mends its function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gradbook.judge.convention.signature import NoConvention
from gradbook.judge.judgement import Judgement
from gradbook.judge.pages.of_page import PageObjective, answering, judge_objective
from gradbook.loss import Loss
from gradbook.mend.of_function import search_by_source
from gradbook.mend.search import Wanted, search, searched
from gradbook.subjects import Limits, Subject


def mended(
    judgement: Judgement,
    path: Path,
    of: Loss | PageObjective,
    limits: Limits,
    seed: int = 0,
    letters: Mapping[str, str] | None = None,
) -> Judgement:
    """The judgement of a function in a file, with what mends it if it is wrong and that is found.

    of: the loss, or what else a page differentiates, with the letters that a person said. It is
    found by calling the function and its changes; one that is right, not judged, or wrong whatever
    it is called with is left as it is.
    """
    if judgement.status == "wrong" and isinstance(of, PageObjective):
        tried = searched(path, judgement.name, limits, lambda one: _of_page(one, of, letters or {}))
        return judgement.mended(tried.mend, tried.calls)
    if judgement.status != "wrong" or judgement.convention is None or isinstance(of, PageObjective):
        return judgement
    if any(finding.code == "GB603" for finding in judgement.findings):
        return judgement  # with a change it would have another penalty than the one it means
    known = any(finding.code in ("GB601", "GB602") for finding in judgement.findings)
    tried = search(
        path, judgement.name, of, judgement.convention, limits, seed, penalty_is_known=known
    )
    return judgement.mended(tried.mend, tried.calls)


def _of_page(subject: Subject, of: PageObjective, letters: Mapping[str, str]) -> Wanted | None:
    try:
        asked = answering(subject, of, letters)
    except NoConvention:
        return None

    return Wanted(asked.roles, asked.is_right, lambda: judge_objective(subject, of, letters).passed)


def mended_function(judgement: Judgement, function: Callable[..., Any], loss: Loss) -> Judgement:
    """The same for a function of this process, where its source is known."""
    if judgement.status != "wrong" or judgement.convention is None:
        return judgement
    tried = search_by_source(function, loss, judgement.convention)
    return judgement.mended(tried.mend, tried.calls)
