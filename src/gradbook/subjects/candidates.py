"""Which functions of a file, and which files of a folder, look like what can be judged."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from gradbook.subjects.source import Source

#: What the labels, the weights and the examples are called.
_LABELS = r"y|ys|yi|y_?i|y_?(true|train|batch|dev|gt|label|labels)|labels?|targets?|t|Y|classes"
_WEIGHTS = r"W|w|Ws|weights?|theta|Theta|params?|coef|beta"
_EXAMPLES = r"X|x|Xs|X_?(train|batch|dev|aug|tilde)|x_?(train|batch|dev)|data|inputs?|features?|xs"
#: Words in a function's name that say that it is no loss, or another one.
_NO_LOSS = re.compile(
    r"train|predict|accuracy|check|numerical|plot|show|draw|test|fit|descent|sgd|optimi[sz]e"
    r"|minimi[sz]e|load|main"
)
_OTHER = re.compile(
    r"softmax|cross_?entropy|logistic|logreg|sigmoid|mse|squared|l2_loss|ridge|lasso|perceptron"
    r"|score|eval|update"
)
#: Words that say that it is this one, or may be.
_THIS = re.compile(r"svm|hinge")
_A_LOSS = re.compile(r"svm|hinge|margin|loss|grad|cost|objective|kernel")
#: Parameters that a loss of weights has no use for: those of training, and scores in their place.
_FOREIGN = re.compile(
    r"lr|learning_?rate|eta|epochs?|n_?epochs?|num_?(iters?|epochs)|n_?iter.*|iters?|batch_?size"
    r"|max_?iter.*|steps?|[Xxy]_?(val|test)|momentum|f|scores?|logits?|preds?|predictions?|outputs?"
    r"|y_?(pred|hat)"
)

_SKIPPED = frozenset(("__pycache__", "node_modules", "site-packages", "venv", "env"))


def candidates(source: Source) -> list[str]:
    """The functions that look like a loss of weights, examples and labels, by their own names.

    They take at least three parameters, one of which is called as labels are; and either one is
    called as weights are and one as examples, or the function itself as a loss is. One whose name
    begins with an underscore counts where there is no other.
    """
    found = [name for name, node in source.functions.items() if _looks_like_one(node)]
    return [name for name in found if not name.startswith("_")] or found


def _looks_like_one(node: ast.FunctionDef) -> bool:
    given = [*node.args.posonlyargs, *node.args.args]
    names = [argument.arg for argument in given]
    required = len(given) - len(node.args.defaults)
    if len(given) < 3 or not 2 <= required <= 6 or names[0] in ("self", "cls"):
        return False
    name = node.name.lower()
    if _NO_LOSS.search(name) or (_OTHER.search(name) and not _THIS.search(name)):
        return False
    kinds = (_LABELS, _WEIGHTS, _EXAMPLES)
    has = [any(re.fullmatch(kind, given) for given in names) for kind in kinds]
    foreign = [given for given in names if _FOREIGN.fullmatch(given)]
    if foreign and (not all(has) or set(foreign) & set(names[:required])):
        return False
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
