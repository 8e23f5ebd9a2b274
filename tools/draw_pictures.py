"""Draws the picture of the README: the regions of the loss, a check, and what was learnt.

    python tools/draw_pictures.py            writes docs/picture.png

It shows what the library computes today; nothing in it is drawn by hand.
"""

from pathlib import Path

import numpy as np
from matplotlib import image

from derivation.multiclass_svm import svm
from gradbook import Verdict, check, emit
from gradbook.report import plots, sketches

ROOT = Path(__file__).resolve().parent.parent
DPI = 110


def main() -> None:
    kernel = emit(svm, "codegen", classes=10, features=64)
    verdict = check(kernel, svm)
    figures = [
        sketches.regions(),
        plots.error_against_h(data_of(verdict, "finite differences")),
        plots.rows_as_images(data_of(verdict, "training")["W"]),
    ]
    path = ROOT / "docs" / "picture.png"
    path.parent.mkdir(exist_ok=True)
    image.imsave(path, beside(figures), metadata={"Software": ""})
    print(f"wrote {path.relative_to(ROOT)}")


def data_of(verdict: Verdict, name: str):
    return next(check.data for check in verdict.checks if check.name == name)


def beside(figures: list) -> np.ndarray:
    """The figures as one picture on white, side by side and of one height."""
    height = max(figure.get_figheight() for figure in figures)
    pictures = []
    for figure in figures:
        figure.set_dpi(DPI * height / figure.get_figheight())
        figure.canvas.draw()
        pictures.append(np.asarray(figure.canvas.buffer_rgba()))
    rows = min(picture.shape[0] for picture in pictures)
    return np.hstack([picture[:rows] for picture in pictures])


if __name__ == "__main__":
    main()
