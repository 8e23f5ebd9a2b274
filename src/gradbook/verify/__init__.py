"""What `gradbook verify` does with a page: prove every line, emit, check every kernel.

pages          one page or many: everything at once, and the report of it
tasks          that work, cut into pieces that another process can carry out
results        the pieces carried out, or known from before
remembered     what was found before, kept by all that it depends on
answers        a page relation by relation, with what is found of each
against        which lines of a model page another page has
strength       which edits of a page nothing would notice
"""

from gradbook.verify.pages import THOROUGH, Report, decide, decided, verify, verify_page

__all__ = ["THOROUGH", "Report", "decide", "decided", "verify", "verify_page"]
