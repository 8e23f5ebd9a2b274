"""Which functions of a file, and which files of a folder, look like what can be judged."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from gradbook.subjects.methods import Method, methods
from gradbook.subjects.names import EXAMPLES, LABELS, WEIGHTS
from gradbook.subjects.source import Source

#: Words in a function's name that say that it is no loss, or another one.
_NO_LOSS = re.compile(
    r"train|predict|accuracy|check|numerical|_?num$|gradsnum|correct|plot|show|draw|test|fit"
    r"|descent|sgd|optimi[sz]e|minimi[sz]e|load|main"
)
_OTHER = re.compile(
    r"softmax|cross_?entropy|logistic|logreg|sigmoid|mse|squared|l2_loss|ridge|lasso|perceptron"
    r"|score|eval|update"
)
#: Words that say that it is this one, or may be.
_THIS = re.compile(r"svm|hinge")
_A_LOSS = re.compile(r"svm|hinge|margin|loss|grad|cost|objective|kernel")
#: Words that training is not called by.
_SURELY = re.compile(r"hinge|margin|loss|grad|cost|objective")
#: Parameters that a loss of weights has no use for, unless they need not be given: those of
#: training and of differences, and scores in place of weights.
_FOREIGN = re.compile(
    r"lr|learning_?rate|eta|epochs?|n_?epochs?|num_?(iters?|epochs)|n_?iter.*|iters?|batch_?size"
    r"|max_?iter.*|steps?|[Xxy]_?(val|test)|momentum|h|eps|epsilon|f|scores?|logits?|preds?"
    r"|predictions?|outputs?|y_?(pred|hat)"
)
_SCORES = re.compile(r"f|scores?|logits?|preds?|predictions?|outputs?|y_?(pred|hat)")

_SKIPPED = frozenset(("__pycache__", "node_modules", "site-packages", "venv", "env"))


def candidates(source: Source) -> list[str]:
    """The functions that look like a loss of weights, examples and labels, by their own names.

    They take at least three parameters, one of which is called as labels are; and either one is
    called as weights are and one as examples, or the function itself as a loss is. What a method
    reads of its object counts as parameters. One whose name begins with an underscore counts where
    there is no other.
    """
    found = [name for name, node in source.functions.items() if _looks_like_one(node)]
    found += [method.name for method in methods(source) if _is_one(method)]
    return [name for name in found if not name.rpartition(".")[2].startswith("_")] or found


def _looks_like_one(node: ast.FunctionDef) -> bool:
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    if names and names[0] in ("self", "cls"):
        return False
    if _of_scores(node.name.lower(), names):
        return True
    return _named(node.name.lower(), names, len(names) - len(node.args.defaults))


def _of_scores(name: str, names: list[str]) -> bool:
    """Whether it looks like a layer of a network: (scores, y) -> (loss, gradient)."""
    two = len(names) == 2 and bool(re.fullmatch(rf"x|s|{_SCORES.pattern}", names[0]))
    return two and names[1] == "y" and bool(re.search(r"svm", name)) and not _NO_LOSS.search(name)


def _is_one(method: Method) -> bool:
    """A method is one only if it is called a loss: what a class has else is its own affair."""
    names = method.parameters
    has = [any(re.fullmatch(kind, name) for name in names) for kind in (WEIGHTS, EXAMPLES, LABELS)]
    said = method.name.lower()
    if method.is_empty or not all(has) or not _A_LOSS.search(method.node.name.lower()):
        return False
    if _NO_LOSS.search(method.node.name.lower()) or (
        _OTHER.search(said) and not _THIS.search(said)
    ):
        return False
    return _named(method.node.name.lower(), names, len(names) - len(method.node.args.defaults))


def _named(name: str, names: list[str], needed: int) -> bool:
    """Whether a function of this name, with these parameters, looks like one."""
    if len(names) < 3 or not 2 <= needed <= 6:
        return False
    if _NO_LOSS.search(name) or (_OTHER.search(name) and not _THIS.search(name)):
        return False
    kinds = (LABELS, WEIGHTS, EXAMPLES)
    has = [any(re.fullmatch(kind, given) for given in names) for kind in kinds]
    if any(_FOREIGN.fullmatch(given) for given in names[:needed]):
        return False
    if any(_SCORES.fullmatch(given) for given in names) and not all(has):
        return False
    if any(_FOREIGN.fullmatch(given) for given in names) and not all(has):
        return has[0] and bool(_SURELY.search(name))
    return has[0] and (all(has) or bool(_A_LOSS.search(name)))


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
