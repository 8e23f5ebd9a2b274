"""Settings of every test: hypothesis draws the same examples each time, however long one takes."""

from hypothesis import settings

settings.register_profile("gradbook", deadline=None, derandomize=True)
settings.load_profile("gradbook")
