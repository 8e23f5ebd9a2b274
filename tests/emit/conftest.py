import os

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    """Compiled kernels of the tests go to a folder of the tests, one for all processes of a run."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADBOOK_CACHE", str(folder / "kernels"))
        yield


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    """A cache of this test alone. It does not exist yet."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("GRADBOOK_CACHE", str(folder))
    return folder
