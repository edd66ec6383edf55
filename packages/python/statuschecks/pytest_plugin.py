"""The fixture mock_gitlab for pytest."""

from __future__ import annotations

from typing import Iterator

import pytest

from ._mock import Gitlab, start


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "mock_gitlab(**options): how the fixture mock_gitlab starts its mock")


@pytest.fixture
def mock_gitlab(request: pytest.FixtureRequest) -> Iterator[Gitlab]:
    """A mock GitLab of the test's own. The marker mock_gitlab has the arguments of statuschecks.start."""
    marker = request.node.get_closest_marker("mock_gitlab")
    with start(**(marker.kwargs if marker else {})) as mock:
        yield mock
