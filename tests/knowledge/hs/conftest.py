"""The finder on the index in the data folder, built there if the pack has changed since."""

from __future__ import annotations

import pytest

from knowledge.hs.finder import HsFinder
from knowledge.hs.ready import build_if_changed, finder


@pytest.fixture(scope="session")
def hs_finder() -> HsFinder:
    build_if_changed()
    return finder()
