#!/usr/bin/env bash
# Tool: codeowners 0.9.0 (PyPI), which reads sections of GitLab, on Python 3.11 or newer.
# Input: a CODEOWNERS file of GitLab with sections: one with its name alone, one with default owners for entries without
# owners, one that asks for two approvals, and an entry that is excluded.
# Seen: only a name alone begins a section. [Docs] @writers is taken for an entry, for files called D, o, c or s, and the
# entries below it belong to the section above, and to nobody. So it is with [Database][2] @dba. The excluded
# file has the owners of the others.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check codeowners==0.9.0
cat >CODEOWNERS <<'TEXT'
[Code]
*.go @gophers
!generated.go
[Docs] @writers
docs/
[Database][2] @dba
model/
TEXT
cat >try.py <<'PYTHON'
from codeowners import CodeOwners

owners = CodeOwners(open("CODEOWNERS").read())
for path in ["main.go", "generated.go", "docs/index.txt", "model/users.sql", "D", "2"]:
    print(f"{path}: section {owners.section_name(path)}, owners {[name for _, name in owners.of(path)]}")
PYTHON
tool/bin/python try.py | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
main.go: section Code, owners ['@gophers']
generated.go: section Code, owners ['@gophers']
docs/index.txt: section Code, owners []
model/users.sql: section Code, owners []
D: section Code, owners ['@writers']
2: section None, owners []
TEXT
echo
echo "As described."
