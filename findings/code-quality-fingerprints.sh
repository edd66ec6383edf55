#!/usr/bin/env bash
# Tools: flake8-gl-codeclimate 0.2.2 with flake8 7.5.0, gitlab-cq 0.2.2 and mypy-to-codeclimate 0.0.3 with mypy 2.4.1,
# pylint-codeclimate-reporter 0.0.2 with pylint 4.1.4; ruff 0.17.6, mypy-gitlab-code-quality 1.3.0 and pylint-gitlab
# 2.1.1 for comparison (PyPI), on Python 3.11 or newer.
# Input: a file with mistakes, and the same file with a line of documentation and an empty one in front. Each is
# checked, and a report for GitLab's Code Quality is written. By its fingerprints GitLab tells which findings are new in
# a merge request, and which are mended, so they should not depend on the line, and be different within a report.
# Seen: with flake8-gl-codeclimate and gitlab-cq no fingerprint is kept, and with mypy-to-codeclimate one: a line in
# front makes everything new, and mended at once. pylint-codeclimate-reporter gives eight fingerprints for twelve
# findings. ruff, mypy-gitlab-code-quality and pylint-gitlab keep all of them, each once.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check flake8==7.5.0 flake8-gl-codeclimate==0.2.2 mypy==2.4.1 \
  gitlab-cq==0.2.2 mypy-to-codeclimate==0.0.3 mypy-gitlab-code-quality==1.3.0 pylint==4.1.4 \
  pylint-codeclimate-reporter==0.0.2 pylint-gitlab==2.1.1 ruff==0.17.6
mkdir before after
cat >before/some.py <<'PYTHON'
import os


def first():
    x = 1
    y = undefined
    z = undefined
    return undefined


def second(a):
    import os

    b: int = "x"
    c: int = "x"
    return b + c + undefined
PYTHON
{ printf '"""Documentation."""\n\n' && cat before/some.py; } >after/some.py
cat >try.py <<'PYTHON'
import json
import subprocess

TOOLS = {
    "flake8-gl-codeclimate": "flake8 --select F --format gl-codeclimate some.py",
    "gitlab-cq": "mypy --check-untyped-defs --output json some.py | gitlab-cq mypy",
    "mypy-to-codeclimate": "mypy --check-untyped-defs --no-error-summary some.py >mypy.txt;"
    " mypy-to-codeclimate mypy.txt report.json >/dev/null; cat report.json",
    "pylint-codeclimate-reporter": "pylint --disable=C --load-plugins=pylint_codeclimate_reporter"
    " --output-format=codeclimate some.py",
    "ruff": "ruff check --select F --output-format gitlab some.py",
    "mypy-gitlab-code-quality": "mypy --check-untyped-defs --no-error-summary some.py | mypy-gitlab-code-quality",
    "pylint-gitlab": "pylint --disable=C --load-plugins=pylint_gitlab --output-format=gitlab-codeclimate some.py",
}


def fingerprints(command, folder):
    done = subprocess.run(f"PATH=../tool/bin:$PATH; {command}", shell=True, cwd=folder, stdout=subprocess.PIPE)
    return [finding["fingerprint"] for finding in json.loads(done.stdout)]


for tool, command in TOOLS.items():
    before = fingerprints(command, "before")
    kept = set(before) & set(fingerprints(command, "after"))
    print(f"{tool}: {len(before)} findings, {len(set(before))} fingerprints, {len(kept)} kept")
PYTHON
tool/bin/python try.py 2>/dev/null | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
flake8-gl-codeclimate: 10 findings, 10 fingerprints, 0 kept
gitlab-cq: 6 findings, 6 fingerprints, 0 kept
mypy-to-codeclimate: 6 findings, 6 fingerprints, 1 kept
pylint-codeclimate-reporter: 12 findings, 8 fingerprints, 8 kept
ruff: 10 findings, 10 fingerprints, 10 kept
mypy-gitlab-code-quality: 6 findings, 6 fingerprints, 6 kept
pylint-gitlab: 12 findings, 12 fingerprints, 12 kept
TEXT
echo
echo "As described."
