"""Runs the program: python -m statuschecks serve."""

import os
import subprocess
import sys

from ._program import program

command = [program(), *sys.argv[1:]]
if os.name == "posix":
    os.execv(command[0], command)  # signals are for the program
sys.exit(subprocess.call(command))
