"""A judgement with the change that mends its function."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gradbook.judge.judgement import Judgement
from gradbook.loss import Loss
from gradbook.mend.of_function import search_by_source
from gradbook.mend.search import search
from gradbook.subjects import Limits


def mended(
    judgement: Judgement, path: Path, loss: Loss, limits: Limits, seed: int = 0
) -> Judgement:
    """The judgement of a function in a file, with what mends it if it is wrong and that is found.

    It is found by calling the function and its changes; one that is right, not judged, or wrong
    whatever it is called with is left as it is.
    """
    if judgement.status != "wrong" or judgement.convention is None:
        return judgement
    if any(finding.code == "GB603" for finding in judgement.findings):
        return judgement  # with a change it would have another penalty than the one it means
    known = any(finding.code in ("GB601", "GB602") for finding in judgement.findings)
    tried = search(
        path, judgement.name, loss, judgement.convention, limits, seed, penalty_is_known=known
    )
    return judgement.mended(tried.mend, tried.calls)


def mended_function(judgement: Judgement, function: Callable[..., Any], loss: Loss) -> Judgement:
    """The same for a function of this process, where its source is known."""
    if judgement.status != "wrong" or judgement.convention is None:
        return judgement
    tried = search_by_source(function, loss, judgement.convention)
    return judgement.mended(tried.mend, tried.calls)
