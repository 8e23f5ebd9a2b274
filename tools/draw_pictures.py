"""Draws the picture of the README: the regions of the loss, a check, and what was learnt.

    python tools/draw_pictures.py            writes docs/picture.png

It shows what the library computes today; nothing in it is drawn by hand.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import image
from matplotlib.figure import Figure

from derivation.multiclass_svm import svm
from gradbook import Verdict, check, emit
from gradbook.report import plots, sketches

ROOT = Path(__file__).resolve().parent.parent
HEIGHT = 420  # pixels


def main() -> None:
    small = check(emit(svm, "codegen", classes=3, features=2), svm)
    digits = check(emit(svm, "codegen", classes=10, features=64), svm)
    figures = [
        sketches.regions(svm),
        plots.error_against_h(data_of(small, "finite differences")),
        plots.rows_as_images(data_of(digits, "training")["W"]),
    ]
    path = ROOT / "docs" / "picture.png"
    path.parent.mkdir(exist_ok=True)
    image.imsave(path, beside(figures), metadata={"Software": ""})
    print(f"wrote {path.relative_to(ROOT)}")


def data_of(verdict: Verdict, name: str) -> Mapping[str, Any]:
    return next(check.data for check in verdict.checks if check.name == name)


def beside(figures: Sequence[Figure]) -> np.ndarray:
    """The figures as one picture on white, side by side and of one height."""
    pictures = [drawn(figure, HEIGHT / figure.get_figheight()) for figure in figures]
    rows = min(len(picture) for picture in pictures)
    return np.hstack([picture[:rows] for picture in pictures])


def drawn(figure: Figure, dpi: float) -> np.ndarray:
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, facecolor="white")
    buffer.seek(0)
    return image.imread(buffer)


if __name__ == "__main__":
    main()
