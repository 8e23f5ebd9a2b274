"""Small pictures, in base64 as a notebook has them."""

import base64
from io import BytesIO

from PIL import Image


def grey(level, width=20):
    """A PNG of one grey, 0 for black and 255 for white."""
    file = BytesIO()
    Image.new("RGB", (width, 10), (level, level, level)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


BLACK, NEARLY_BLACK, GREY, WIDER = grey(0), grey(2), grey(128), grey(0, width=21)
