"""Arguments are checked at the door: whatever is wrong, one sentence names the argument."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

import gradbook
import gradbook.any_size
from derivation.multiclass_svm import notes, svm
from gradbook import (
    Case,
    Claim,
    Loss,
    augment,
    check,
    chunks,
    emit,
    gradient,
    prove,
    read,
    verify,
)
from gradbook.any_size import (
    IndexedClaim,
    agree,
    derive,
    of_example,
    prove_claim,
    prove_for_any_size,
)
from gradbook.any_size.agree import SIZES
from gradbook.any_size.letters import i
from gradbook.judge import Forced
from gradbook.kernels import by_hand
from gradbook.notation import Delta, hinge, s, y
from gradbook.penalty import L2
from gradbook.subjects import Limits
from gradbook.submissions import judge_files


def nothing():
    """Nothing."""


#: What is given for every argument, by a name.
GIVEN = {
    "None": None,
    "True": True,
    "0": 0,
    "-1": -1,
    "2.5": 2.5,
    "nan": float("nan"),
    "inf": float("inf"),
    "huge": 10**400,
    "too long to print": 10**5000,
    "empty": "",
    "text": "zzz",
    "NUL": "a\0b",
    "surrogate": "\ud800",
    "bytes": b"x",
    "list": [],
    "mapping": {},
    "object": object(),
    "class": dict,
    "function": nothing,
    "folder": Path(__file__).parent / "judge" / "catalogue",
}

TEXTS = {"text", "empty", "NUL", "surrogate"}
NUMBERS = {"0", "-1", "2.5", "huge", "too long to print"}
NATURAL = {"0", "huge", "too long to print"}
CALLABLE = {"class", "function"}
NOTHING: set[str] = set()


class Checked(NamedTuple):
    """A function, arguments that are right, and which of what is given is right too."""

    function: Callable
    right: dict
    accepted: dict


with_margin = Loss("margin", hinge(Delta - s[y]), "margin", parameters={Delta: 1}, weighted=True)
W, X, labels = np.zeros((3, 2)), augment([[1.0], [2.0]]), [0, 2]
(kernel, _) = by_hand("multiclass_svm")
case = Case(3, 1, 0)


def verify_one(page, **options):
    return verify(page, **options)


def judge_one(asked, **options):
    return judge_files(asked, **options)


def where(Delta):
    return with_margin.where(Delta=Delta)


CHECKED = {
    "Case": Checked(
        Case,
        {"C": 3, "m": 2, "y": 1, "example": 0},
        {"C": NOTHING, "m": {"0"}, "y": {"0"}, "example": {"0"}},
    ),
    "Claim": Checked(
        Claim,
        {"left": 1, "right": 1, "given": (), "relation": "=", "batch": ()},
        {
            # What is no number is a side all the same: such a claim is undecided.
            "left": NUMBERS | {"nan", "inf"},
            "right": NUMBERS | {"nan", "inf"},
            "given": {"True", "list"},
            "relation": NOTHING,
            "batch": NOTHING,
        },
    ),
    "Loss": Checked(
        Loss,
        {"name": "a loss", "formula": s[0] - s[y], "key": "a_loss"}
        | {"cites": {}, "parameters": {}, "penalty": None, "weighted": False, "called": ("svm",)},
        {
            "name": {"text"},
            "formula": NUMBERS,
            "key": {"text"},
            "cites": {"mapping"},
            "parameters": {"mapping", "list"},
            "penalty": {"None"},
            "weighted": {"True"},
            "called": NOTHING,
        },
    ),
    "Loss.where": Checked(where, {"Delta": 2}, {"Delta": NUMBERS}),
    "Loss.at": Checked(
        svm.at,
        {"classes": 3, "label": 0, "example": 0},
        {"classes": NOTHING, "label": {"0"}, "example": {"0"}},
    ),
    "Loss.coefficients": Checked(
        svm.coefficients, {"classes": 3, "label": 0}, {"classes": NOTHING, "label": {"0"}}
    ),
    "Loss.kinks": Checked(
        svm.kinks, {"classes": 3, "label": 0}, {"classes": NOTHING, "label": {"0"}}
    ),
    "Loss.gradient": Checked(
        svm.gradient,
        {"classes": 3, "features": 2, "label": 0},
        {"classes": NOTHING, "features": {"0"}, "label": {"0"}},
    ),
    "Loss.exact": Checked(
        with_margin.exact,
        {"W": W, "X": X, "y": labels, "weights": None},
        {"W": NOTHING, "X": NOTHING, "y": NOTHING, "weights": {"None"}},
    ),
    "L2": Checked(
        L2,
        {"strength": 1, "factor": 1, "bias": False},
        {
            "strength": NUMBERS - {"2.5"},
            "factor": {"huge", "too long to print"},
            "bias": {"True"},
        },
    ),
    "Kernel": Checked(
        kernel,
        {"W": W, "X": X, "y": labels, "weights": None},
        {"W": NOTHING, "X": NOTHING, "y": NOTHING, "weights": {"None"}},
    ),
    "augment": Checked(augment, {"X": [[1.0]]}, {"X": NOTHING}),
    "by_hand": Checked(by_hand, {"loss": "multiclass_svm"}, {"loss": TEXTS}),
    "check": Checked(
        check,
        {"kernel_or_function": kernel, "loss": svm, "seed": 0, "forced": None, "progress": None},
        {
            "kernel_or_function": CALLABLE,
            "loss": NOTHING,
            "seed": NATURAL,
            "forced": {"None"},
            "progress": CALLABLE | {"None"},
        },
    ),
    "emit": Checked(
        emit,
        {"loss": svm, "target": "codegen", "classes": 3, "features": 2}
        | {"schedule": None, "threads": 1, "of": None, "sizes": None},
        {
            "loss": NOTHING,
            "target": NOTHING,
            "classes": NOTHING,
            "features": {"0"},
            "schedule": {"None"},
            "threads": NOTHING,
            "of": {"None", "text"},
            "sizes": {"None"},
        },
    ),
    "gradient": Checked(gradient, {"f": s[0], "V": case.W}, {"f": NUMBERS, "V": NOTHING}),
    "prove": Checked(
        prove,
        {"line": notes["N1"], "method": "region by region", "thorough": False},
        {"line": NOTHING, "method": NOTHING, "thorough": {"True"}},
    ),
    # There is no such file, and a folder is none: the sentence names the path that was given.
    "read": Checked(
        read,
        {"path": "derivation/none.md", "cell": None},
        {"path": {"text", "folder"}, "cell": {"None", "text"}},
    ),
    "verify": Checked(
        verify_one,
        {"page": "multiclass_svm", "jobs": 1, "thorough": False}
        | {"progress": None, "limits": None},
        {
            "page": {"folder"},
            "jobs": {"0"},
            "thorough": {"True"},
            "limits": {"None"},
            "progress": CALLABLE | {"None"},
        },
    ),
    "judge_files": Checked(
        judge_one,
        {"asked": Path(__file__), "page": None, "letters": None, "forced": None, "limits": Limits()}
        | {"seed": 0, "jobs": 1, "progress": None, "so_far": None},
        {
            "asked": {"folder", "text"},
            "page": {"None", "folder", "text"},
            "letters": {"None", "mapping"},
            "forced": {"None"},
            "limits": NOTHING,
            "seed": NATURAL,
            "jobs": NOTHING,
            "progress": CALLABLE | {"None"},
            "so_far": CALLABLE | {"None"},
        },
    ),
}

UP_FROM_1 = {"huge", "too long to print"}
CHECKED |= {
    "Forced": Checked(
        Forced,
        {"order": None, "weights": "(C, D)", "examples": "(N, D)", "labels": "integers"}
        | {"weighed": None, "reduction": None, "penalty": 1, "at_kink": 0, "without": ("mend",)},
        {each: {"None"} for each in ("order", "weights", "examples", "labels", "weighed")}
        | {"reduction": {"None"}, "penalty": {"None"}}
        | {"at_kink": {"None", "0"}, "without": NOTHING},
    ),
    "Limits": Checked(
        Limits,
        {"seconds": 1, "loading": 1, "total": 1, "waiting": 1, "memory": 1, "output": 1}
        | {"file_size": 1, "sandbox": "auto", "beside": ()},
        {each: UP_FROM_1 | {"2.5"} for each in ("seconds", "loading", "total", "waiting")}
        | dict.fromkeys(("memory", "output", "file_size"), UP_FROM_1)
        | {"sandbox": NOTHING, "beside": NOTHING},
    ),
}

CHECKED |= {
    "chunks.over": Checked(
        chunks.over,
        {"kernel": kernel, "source": [(X, labels)], "W": W}
        | {"map": map, "prepare": None, "progress": None},
        {
            "kernel": NOTHING,
            "source": NOTHING,
            "W": NOTHING,
            "map": CALLABLE,
            "prepare": CALLABLE | {"None"},
            "progress": CALLABLE | {"None"},
        },
    ),
    "chunks.rows": Checked(
        chunks.rows,
        {"X": X, "y": labels, "each": 1},
        {"X": {"folder", "text"}, "y": {"folder", "text"}, "each": UP_FROM_1 | {"None"}},
    ),
    "chunks.parquet": Checked(
        chunks.parquet,
        {"path": "none.parquet", "label": "y"},
        {"path": {"text"}, "label": {"text"}},
    ),
    "Processes": Checked(chunks.Processes, {"workers": 1}, {"workers": NOTHING}),
}

CHECKED |= {
    "IndexedClaim": Checked(
        IndexedClaim,
        {"left": s[0], "right": 1, "given": (), "relation": "="},
        {
            "left": NUMBERS | {"nan", "inf"},
            "right": NUMBERS | {"nan", "inf"},
            "given": {"True", "list"},
            "relation": NOTHING,
        },
    ),
    "agree": Checked(
        agree,
        {"derivation": derive(svm), "page": None, "sizes": SIZES},
        {"derivation": NOTHING, "page": {"None"}, "sizes": NOTHING},
    ),
    "derive": Checked(derive, {"loss": svm}, {"loss": NOTHING}),
    "of_example": Checked(
        of_example, {"expr": s[0], "example": i}, {"expr": NOTHING, "example": NOTHING}
    ),
    "prove_claim": Checked(prove_claim, {"claim": IndexedClaim(1, 1)}, {"claim": NOTHING}),
    "prove_for_any_size": Checked(prove_for_any_size, {"line": notes["N1"]}, {"line": NOTHING}),
}

#: What nobody makes but gradbook itself.
MADE = {
    "Agreement",
    "AnySizeDerivation",
    "NotDerivable",
    "Judgement",
    "Page",
    "PageLine",
    "Proof",
    "Report",
    "Verdict",
}

ARGUMENTS = [(name, argument) for name, each in CHECKED.items() for argument in each.right]


def test_every_public_function_is_here_with_every_argument():
    assert {*gradbook.__all__, *gradbook.any_size.__all__} <= CHECKED.keys() | MADE
    for name, (function, right, accepted) in CHECKED.items():
        assert right.keys() == accepted.keys(), name
        taken = inspect.signature(function).parameters.values()
        there = {each.name for each in taken if each.kind is not each.VAR_KEYWORD}
        assert right.keys() >= there, name


@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_what_cannot_be_used_is_refused_in_one_sentence_that_names_the_argument(name, argument):
    function, right, accepted = CHECKED[name]
    for words in GIVEN.keys() - accepted[argument]:
        with pytest.raises((TypeError, ValueError)) as refused:
            function(**right | {argument: GIVEN[words]})
        sentence = str(refused.value)
        assert argument in sentence or f"'{argument}'" in sentence, (words, sentence)
        assert "\n" not in sentence, (words, sentence)
        assert len(sentence) < 300, (words, sentence)


#: What is done with what is accepted has tests of its own, and takes its time.
ELSEWHERE = (
    "agree",
    "check",
    "chunks.over",
    "chunks.parquet",
    "chunks.rows",
    "emit",
    "judge_files",
    "prove",
    "read",
    "verify",
)


@pytest.mark.parametrize("name", [name for name in CHECKED if name not in ELSEWHERE])
def test_what_is_accepted_is_not_refused(name):
    function, right, accepted = CHECKED[name]
    function(**right)
    for argument, several in accepted.items():
        for words in several:
            function(**right | {argument: GIVEN[words]})


@pytest.mark.parametrize(
    ("cites", "said"),
    [({"loss": 3}, "cites['loss'] must be text, not 3"), ({3: "N3"}, "a key of cites must be")],
)
def test_what_is_inside_a_mapping_is_checked_too(cites, said):
    with pytest.raises(TypeError) as refused:
        Loss("a loss", s[0], "a_loss", cites=cites)
    assert said in str(refused.value)


def test_a_value_is_shown_shortened():
    with pytest.raises(ValueError, match=r"^classes must be an integer ≤ 1,048,576, not 10{50,}…$"):
        emit(svm, "codegen", classes=10**400, features=1)
    with pytest.raises(ValueError, match=r"not a value of type int$"):
        emit(svm, "codegen", classes=10**5000, features=1)
