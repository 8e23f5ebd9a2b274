"""What people call the weights, the examples, the labels, and all else that a loss may take."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

#: What the arguments are called, in lower case and without underscores around; the first that fits.
#: In English, and in the words for the same of courses in French, Spanish, Portuguese, Italian and
#: German.
_NAMES = {
    "sample weights": r"(sample|example|instance)_?weights?|weights?_(per|of)_(sample|example)s?",
    "class weights": r"class_?weights?|weights?_(per|of)_class(es)?",
    "gradient": r"d_?w|d_?weights?|d_?theta|grads?(_w|_out|_weights)?|gradients?|w_grad|out_?grad",
    "scores": r"scores?|logits?|pontos|puntajes?|punteggi",
    "shape": r"(w_?)?shape|weights?_shape|dims|forme?",
    "flag": r"verbose|debug|quiet|silent|return_scores|plot|print_\w+",
    "indices": r"ind(ex|ices|s)|idxs?|batch_(idx|ind(ices)?)|mask_idx",
    "margin": r"delta|margin|marge|margen|margem|d",
    "b": r"b\d*|bias(es)?\d*|intercept|biais|sesgo|vies",
    "classes": r"(n|num|nb|number)_?(of_?)?(class(es)?|labels|outputs?|clases|klassen|categories)"
    r"|output_(dim|size)|n_?out|out_features|k|num_?c|n_?k",
    "features": r"(n|num|nb)_?(of_?)?(features?|inputs?|dims?|attribut(e?s)?|merkmale)"
    r"|(input_)?dim(ension)?|input_size|n_?in|in_features|num_?d",
    "count": r"(n|num|nb|number)_?(of_?)?(train(ing)?(_?(samples?|examples?))?|samples?|examples?"
    r"|data|points|exemples|muestras|beispiele)|n|m",
    "W": r"w([_\d].*|s|t|mat)?|.*weights?(_?mat.*)?|thetas?|θ|coefs?|coefficients|beta|params?(_w)?"
    r"|poids|.*pesos?|.*gewichte?|pesi",
    "y": r"y([_\d].*|s|b|tr|i)?|.*labels?.*|.*labs|.*targets?|.*class_ids|.*truth|t|gt|classes"
    r"|batch_y|train_y|ytrain|[eé]tiquettes?|etiquetas?|etichette|r[oó]tulos?|cibles?|ziele?"
    r"|klassen|clases|classi",
    "X": r"x([_\d].*|s|b|tr|i|train)?|.*(data|inputs?|feats?|features?|samples?|images?|imgs)(_x)?"
    r"|examples?|feature_vector|batch_x|train_x|φ|phi|donn[eé]es|exemples|entr[eé]es?|datos"
    r"|ejemplos|dados|amostras|dati|daten|beispiele|merkmale|bilder",
    "reg": r".*reg.*|.*(lam|lmb).*|.*decay.*|.*p[eé]nali.*|.*penalt.*|λ|l|l2|alpha|r|mu|wd|c"
    r"|(reg_?)?strength|gamma|fuerza|for[cçz]a|st(ae|ä)rke|weight_cost",
}  # fmt: skip
_SURELY_REG = re.compile(r".*reg.*|.*(lam|lmb).*|.*decay.*|.*penal.*|λ")
_PATTERNS = {role: re.compile(pattern) for role, pattern in _NAMES.items()}

#: What a second function is given of the first: what was kept for it, and the slope of the loss.
_KEPT = re.compile(r"cache|ctx|context|saved|tape|state|store|memo(ry)?|intermediates?|tmp|aux")
_UPSTREAM = re.compile(r"d_?out|upstream|grad_?output|d_?loss|d_?l|dz|grad_?in")

#: Words in a name that say that it is a loss of the scores of classes.
OF_SCORES = re.compile(
    r"svm|hinge|bisagra|charni[eè]re|softmax|cross_?ent|crossent|xent|nll|log_?likelihood|ce_loss"
)


#: What a function may want to be told, which shapes tell as well.
SIZES = ("classes", "features", "count", "shape", "flag")


def last_name(parameter: str) -> str:
    """W1 in "params['W1']"."""
    return re.findall(r"\w+", parameter)[-1].strip("_")


def plain(name: str) -> str:
    """The last name in "self.W", "params['W']" or "config.reg": W and reg, in small letters."""
    words = re.findall(r"\w+", name)
    return words[-1].lower().strip("_") if words else ""


@cache
def role_of(name: str) -> str:
    """What an argument of this name is; "" where that tells nothing."""
    called = plain(name)
    if re.findall(r"\w+", name)[-1:] == ["D"]:  # the page's number of features; d is a margin
        return "features"
    return next((role for role, known in _PATTERNS.items() if known.fullmatch(called)), "")


def is_surely_reg(name: str) -> bool:
    """Whether it can hardly be anything else than the strength of a penalty."""
    return bool(_SURELY_REG.fullmatch(plain(name)))


def is_kept(name: str) -> bool:
    """Whether it is what a first function keeps for a second, as forward does for backward."""
    return bool(_KEPT.fullmatch(name))


def is_of_the_first(name: str) -> bool:
    """Whether a second function is given it by the first: what is kept, or the loss's slope."""
    return is_kept(name) or bool(_UPSTREAM.fullmatch(name))


def not_alone(names: Sequence[str]) -> str:
    """Why a function of these parameters is not judged by itself; "" if it may be.

    A backward pass of `dout` and a cache says nothing of which loss and which data they are.
    """
    if not names or not all(is_of_the_first(plain(name)) for name in names):
        return ""
    return (
        f"it takes ({', '.join(names)}), what a forward pass and a loss leave for it: it is judged "
        "with these, as “forward+backward”, or in a function of W, X and y that calls both"
    )
