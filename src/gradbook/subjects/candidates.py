"""Which functions of a file, and which files of a folder, look like what can be judged."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from pathlib import Path

from gradbook.subjects.methods import methods, own_parameters, state_of
from gradbook.subjects.names import EXAMPLES, LABELS, SURELY_THIS, WEIGHTS
from gradbook.subjects.source import Source

#: Words in a function's name that say that it is no loss, or another one.
_NO_LOSS = re.compile(
    r"train|predict|accuracy|check|numeric|plot|show|draw|test|fit|descent|sgd|optimi[sz]e"
    r"|minimi[sz]e|load|main"
)
_OTHER = re.compile(
    r"softmax|cross_?entropy|logistic|logreg|sigmoid|mse|squared|l2_loss|ridge|lasso|perceptron"
    r"|score|eval|update"
)
#: Words that say that it counts, or estimates, unless it is called a loss.
_NO_LOSS_EITHER = re.compile(r"correct|num$|(^|_)acc(_|$)")
#: Words that say that it is this one, or may be.
_A_LOSS = re.compile(r"svm|hinge|margin|loss|grad|cost|objective|kernel")
#: Words that training is not called by.
_SURELY = re.compile(r"hinge|margin|loss|grad|cost|objective")
#: Parameters that a loss of weights has no use for, unless they need not be given: those of
#: training and of differences, and scores in place of weights.
_FOREIGN = re.compile(
    r"lr|learning_?rate|eta|epochs?|n_?epochs?|num_?(iters?|epochs)|n_?iter.*|iters?|batch_?size"
    r"|max_?iter.*|steps?|[Xxy]_?(val|test)|momentum|h|eps|epsilon|delta_?h"
    r"|step_?size|f|scores?|logits?|preds?|predictions?|outputs?|y_?(pred|hat)"
)
_SCORES = re.compile(r"f|scores?|logits?|preds?|predictions?|outputs?|y_?(pred|hat)")

_SKIPPED = frozenset(("__pycache__", "node_modules", "site-packages", "venv", "env"))


def candidates(source: Source) -> list[str]:
    """The functions that look like a loss of weights, examples and labels, by their own names.

    They take at least three parameters, one of which is called as labels are; and either one is
    called as weights are and one as examples, or the function itself as a loss is. A method that is
    called as a loss is counts as well, as "Class.method"; in place of a parameter it may read
    self.W. One whose name begins with an underscore counts where there is no other.
    """
    found = [
        name
        for name, node in source.functions.items()
        if not _has_self(node)
        and (_of_scores(name, _names(node)) or _looks_like_one(name, _names(node), _required(node)))
    ]
    found += [
        f"{owner}.{name}"
        for owner, node in source.classes.items()
        for name, method in methods(node).items()
        if _is_one_of(node, method)
    ]
    return [name for name in found if not name.rpartition(".")[2].startswith("_")] or found


def _of_scores(called: str, names: list[str]) -> bool:
    """Whether it looks like a layer of a network: (scores, y) -> (loss, gradient)."""
    name = called.lower()
    two = len(names) == 2 and bool(re.fullmatch(rf"x|s|{_SCORES.pattern}", names[0]))
    return two and names[1] == "y" and "svm" in name and not _NO_LOSS.search(name)


def _is_one_of(node: ast.ClassDef, method: ast.FunctionDef) -> bool:
    """Whether a method is called a loss, and has written something of it itself.

    What a class has else, such as a step of training, is its own affair.
    """
    owner = node.name.lower()
    if _OTHER.search(owner) and not SURELY_THIS.search(owner):
        return False
    own = own_parameters(method)
    state = [f for role, f in state_of(node, method).items() if role == "W"]
    required = len(own) + len(state) - len(method.args.defaults)
    if not state and not any(re.fullmatch(WEIGHTS, name) for name in own):
        return False
    if not _A_LOSS.search(method.name.lower()):
        return False
    return _looks_like_one(method.name, [*state, *own], required) and not _passes_on(method)


def _passes_on(method: ast.FunctionDef) -> bool:
    """Whether it does no more than to call a function, which is judged itself, or to be there."""
    body = [part for part in method.body if not _is_docstring(part)]
    if len(body) != 1:
        return not body
    call = body[0].value if isinstance(body[0], ast.Return) else None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
        return call.func.id not in dir(builtins)
    return isinstance(body[0], ast.Pass | ast.Raise)


def _is_docstring(part: ast.stmt) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)


def _names(node: ast.FunctionDef) -> list[str]:
    return [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]


def _required(node: ast.FunctionDef) -> int:
    return len(_names(node)) - len(node.args.defaults)


def _has_self(node: ast.FunctionDef) -> bool:
    return _names(node)[:1] in (["self"], ["cls"])


def _looks_like_one(called: str, names: list[str], required: int) -> bool:
    if len(names) < 3 or not 2 <= required <= 6:
        return False
    name = called.lower()
    if _NO_LOSS.search(name) or (_OTHER.search(name) and not SURELY_THIS.search(name)):
        return False
    if _NO_LOSS_EITHER.search(name) and not re.search(r"svm|hinge|margin|loss", name):
        return False
    kinds = (LABELS, WEIGHTS, EXAMPLES)
    has = [any(re.fullmatch(kind, given) for given in names) for kind in kinds]
    if any(_FOREIGN.fullmatch(given) for given in names[:required]):
        return False
    if any(_SCORES.fullmatch(given) for given in names) and not all(has):
        return False
    foreign = any(_FOREIGN.fullmatch(given) for given in names)
    surely = _SURELY if foreign else _A_LOSS
    return has[0] and (all(has) or bool(surely.search(name)))


def files_of(folder: Path) -> Iterator[Path]:
    """The .py files and notebooks in a folder and below, in order; without hidden ones.

    A folder that cannot be read stands for what may be in it.
    """
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        yield folder
        return
    for path in paths:
        if path.name.startswith(".") or path.name in _SKIPPED or path.is_symlink():
            continue
        if path.is_dir():
            yield from files_of(path)
        elif path.suffix in (".py", ".ipynb") and path.is_file():
            yield path
