"""All checks of one kernel, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any

from gradbook import arguments
from gradbook.check.by_hand import NotApplicable, by_hand
from gradbook.check.calls import Misbehaved, Subject, subject_of
from gradbook.check.differences import finite_differences
from gradbook.check.digits import digits
from gradbook.check.exact import exact
from gradbook.check.training import training
from gradbook.check.verdict import Check, Verdict
from gradbook.judge.judgement import Finding
from gradbook.kernels.kernel import NoCompiler
from gradbook.loss import Loss
from gradbook.questions.formula import Unsuitable

Progress = Callable[[str], object]
Result = tuple[Check, tuple[Finding, ...]]

#: What a kernel is subjected to, most telling first. Whoever adds a check adds a line.
CHECKS: dict[str, Callable[[Subject, Loss, int], Result]] = {
    "exact": lambda subject, loss, seed: exact(subject, loss),
    "by hand": by_hand,
    "finite differences": finite_differences,
    "digits": digits,
    "training": training,
}


def check(
    kernel_or_function: Any,
    loss: Loss,
    *,
    seed: int = 0,
    progress: Progress | None = None,
) -> Verdict:
    """Whether a kernel computes `loss` and its gradient: five checks, less that by hand where no
    other kernel is written for the loss, and training where no gradient leads it downhill.

    kernel_or_function: a Kernel, or a function (W, X, y) -> (loss, gradient) for any size, with W
    (C, D), X (n, D), the constant 1 in column 0, y (n,) of integers 0 … C − 1, the loss a number
    and the gradient (C, D) in W's dtype. seed: of all random data. progress: called with a line of
    text before and after each check.

    Whatever the kernel does, it is a finding and no exception. Raises TypeError if it cannot be
    called at all or `loss` is no Loss, and ValueError for a negative seed or a penalty.

    A kernel is called with W, X and y alone: its parameters are the numbers that `loss` gives, and
    every example counts once.
    """
    subject = subject_of(kernel_or_function)
    arguments.instance("loss", loss, Loss, "a gradbook.Loss")
    loss = _plain(loss)
    arguments.integer("seed", seed, 0)
    if progress is not None:
        arguments.function("progress", progress, "a line of text")
    try:
        results = tuple(_results(subject, loss, seed, progress or (lambda text: None)))
    except NoCompiler:
        return _verdict(subject, (), (), "not compiled: no C compiler")
    checks = tuple(one for one, _ in results)
    findings = _without_echoes([found for _, found in results])
    return _verdict(subject, checks, findings, _status(checks, findings))


def _status(checks: Sequence[Check], findings: Sequence[Finding]) -> str:
    """A check that has no answer to compare with finds no fault, and vouches for nothing."""
    if findings or not all(one.passed for one in checks if one.applies):
        return "failed"
    reasons = (one.detail for one in checks if not one.applies)
    return next((f"not checked: {reason}" for reason in reasons), "passed")


def _plain(loss: Loss) -> Loss:
    """The loss with numbers for its parameters. Raises ValueError where a penalty is left."""
    loss = loss.in_numbers
    if loss.penalty is not None and loss.penalty.strength != 0:
        raise ValueError(
            f"loss must have no penalty to be checked, but has {loss.penalty.written}: check the "
            "kernel with the strength 0"
        )
    return replace(loss, penalty=None, weighted=False)


def _results(subject: Subject, loss: Loss, seed: int, progress: Progress) -> Iterator[Result]:
    for name, run in CHECKS.items():
        progress(f"{subject.name}: {name} …")
        began = perf_counter()
        try:
            made, findings = run(subject, loss, seed)
        except NotApplicable as reason:
            progress(f"{subject.name}: {name} left out: {reason}")
            continue
        except Unsuitable as reason:
            made, findings = Check(name, False, 0.0, 0.0, 0, str(reason), applies=False), ()
        except Misbehaved as misbehaved:
            made = Check(name, False, 0.0, 0.0, 0, f"stopped, for {misbehaved}")
            findings = (Finding(str(misbehaved), example=misbehaved.seen),)
        made = replace(made, seconds=perf_counter() - began)
        state = "passed" if made.passed else "failed" if made.applies else "not checked"
        progress(f"{subject.name}: {name} {state}: {made.detail}")
        yield made, findings


def _without_echoes(found: Sequence[tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """The findings of all checks, less those that are one fault seen again.

    After a check has shown a wrong number, wrong numbers in later checks tell nothing new; after
    one in which the contract was broken, the same holds of the contract.
    """
    kept: list[Finding] = []
    for findings in found:
        numbers = any(finding.line for finding in kept)
        kept += [finding for finding in findings if not (numbers if finding.line else kept)]
    return tuple(kept)


def _verdict(
    subject: Subject, checks: tuple[Check, ...], findings: tuple[Finding, ...], status: str
) -> Verdict:
    return Verdict(subject.name, subject.origin, subject.language, checks, findings, status)
