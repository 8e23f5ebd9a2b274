"""Does a picture look as the saved one does?"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError


def compare(saved: str, now: str, most: float, beside: Path) -> Iterator[str]:
    """A sentence if the two pictures differ by more than `most`, on the average over the picture.

    saved, now: in base64, as a notebook has them. most: 0 for the same pixels, 1 for anything.
    beside: where a picture is then written, with the saved one at the left and the new one at the
    right.
    """
    if saved.strip() == now.strip():
        return
    try:
        left, right = opened(saved), opened(now)
    except (UnidentifiedImageError, binascii.Error) as error:
        yield f"the picture cannot be read: {error}"
        return
    if left.size == right.size:
        differs = float(np.abs(np.subtract(pixels(left), pixels(right))).mean())
        if differs <= most:
            return
        said = f"the picture differs by {differs:.3f} (gradbook_pictures = {most:g} is allowed)"
    else:
        said = f"the picture was {left.width} × {left.height} and is {right.width} × {right.height}"
    both = Image.new("RGB", (left.width + right.width, max(left.height, right.height)), "white")
    both.paste(left, (0, 0))
    both.paste(right, (left.width, 0))
    both.save(beside)
    yield f"{said}: see the two in {beside}"


def opened(picture: str) -> Image.Image:
    return Image.open(BytesIO(base64.b64decode(picture))).convert("RGB")


def pixels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture, dtype=np.float64) / 255
