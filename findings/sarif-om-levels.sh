#!/usr/bin/env bash
# Tools: sarif-om 1.0.4 with jschema-to-python 1.2.3, and sarif-tools 3.0.5 (PyPI), on Python 3.11 or newer.
# Input: three SARIF logs, made with sarif-om, of a rule whose own level is "error" and one result. In the first the
# result has the level "warning", in the second it is suppressed in the source, in the third its baselineState is
# "absent": it was there, and is gone.
# Seen: the level "warning" is left out, as it is the default of the schema. But a result without a level has that of
# its rule (SARIF 2.1.0, section 3.27.10), so that the warning has become an error, and sarif-tools reads it so. Asked
# to fail on errors, sarif-tools fails for the result that is suppressed and for the one that is gone, too.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check sarif-om==1.0.4 jschema-to-python==1.2.3 sarif-tools==3.0.5
cat >write.py <<'PYTHON'
import sys

import sarif_om as sarif
from jschema_to_python.to_json import to_json

rule = sarif.ReportingDescriptor(id="R1", default_configuration=sarif.ReportingConfiguration(level="error"))
results = {
    "warning": {"level": "warning"},
    "suppressed": {"level": "error", "suppressions": [sarif.Suppression(kind="inSource")]},
    "absent": {"level": "error", "baseline_state": "absent"},
}
name = sys.argv[1]
result = sarif.Result(rule_id="R1", rule_index=0, message=sarif.Message(text=name), **results[name])
run = sarif.Run(tool=sarif.Tool(driver=sarif.ToolComponent(name="t", rules=[rule])), results=[result])
print(to_json(sarif.SarifLog(version="2.1.0", runs=[run])))
PYTHON
for name in warning suppressed absent; do
  tool/bin/python write.py "$name" >"$name.sarif"
  python3 -c '
import json, sys

result = json.load(sys.stdin)["runs"][0]["results"][0]
print(sys.argv[1] + ": written with the level", result.get("level"))' "$name" <"$name.sarif"
  code=0
  tool/bin/sarif --check error summary "$name.sarif" >summary.txt 2>checked.txt || code=$?
  echo "  sarif-tools: $(grep '^error:' summary.txt), exit code $code"
done | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
warning: written with the level None
  sarif-tools: error: 1, exit code 1
suppressed: written with the level error
  sarif-tools: error: 1, exit code 1
absent: written with the level error
  sarif-tools: error: 1, exit code 1
TEXT
echo
echo "As described."
