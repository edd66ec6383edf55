"""Finds the program, which the wheel installs as a script."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path


def program() -> str:
    """Return the path of the program for this machine."""
    named = os.environ.get("MOCK_GITLAB_PROGRAM")
    if named:
        return named
    file = "statuschecks" + (sysconfig.get_config_var("EXE") or "")
    package = Path(__file__).resolve().parent
    user = "nt_user" if os.name == "nt" else "posix_user"
    if sys.platform == "darwin" and sysconfig.get_config_var("PYTHONFRAMEWORK"):
        user = "osx_framework_user"
    for folder in (
        sysconfig.get_path("scripts"),
        sysconfig.get_path("scripts", vars={"base": sys.base_prefix}),
        package.parent / "bin",  # of pip install --target
        sysconfig.get_path("scripts", scheme=user),
    ):
        path = Path(folder) / file
        if path.is_file():
            return str(path)
    raise FileNotFoundError(
        f"the program {file} of the package statuschecks is not installed; install the wheel for this machine again, "
        "or name a program in MOCK_GITLAB_PROGRAM"
    )
