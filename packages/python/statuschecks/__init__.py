"""A mock of GitLab's External Status Checks API for tests."""

from ._control import Control
from ._mock import Gitlab, MockError, start
from ._program import program

__all__ = ["Control", "Gitlab", "MockError", "program", "start"]
