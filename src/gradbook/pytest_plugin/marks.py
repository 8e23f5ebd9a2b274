"""What marks a page, and a function that is to be judged."""

from __future__ import annotations

import re
from pathlib import Path

#: The comment over a function that is to be judged, and the page that it is judged by.
MARK = re.compile(r"^[ \t]*#[ \t]*gradbook:[ \t]*(\S+)[ \t]*$", re.M)


#: What a page says in its front matter, or in a comment of HTML, also in a cell of a notebook.
PAGE = re.compile(r"^(?:<!--[ \t]*)?gradbook: page(?:[ \t]*-->)?[ \t]*$", re.M)


def says_it_is_a_page(file: Path) -> bool:
    """Above its first block of code, which may only quote it."""
    above, _, _ = file.read_text("utf-8", errors="replace").partition("```")
    return PAGE.search(above) is not None
