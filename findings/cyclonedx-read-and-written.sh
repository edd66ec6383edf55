#!/usr/bin/env bash
# Tool: cyclonedx-python-lib 11.12.0 (PyPI), on Python 3.11 or newer.
# Input: a CycloneDX 1.6 document as a scanner writes it: a component whose dependencies nobody knows, which is why it
# is not in "dependencies", a rating with a vector of CVSS 3.1, and two properties that are the same. It is read and
# written again.
# Seen: the component is in "dependencies", without any: by the specification that says that it has none. The vector
# has lost its CVSS:3.1/, without which it is no vector of version 3.1. Of the two properties, one is there.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check cyclonedx-python-lib==11.12.0
cat >try.py <<'PYTHON'
import json

from cyclonedx.model.bom import Bom
from cyclonedx.output.json import JsonV1Dot6

VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"
before = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
    "version": 1,
    "metadata": {"properties": [{"name": "stage", "value": "test"}, {"name": "stage", "value": "test"}]},
    "components": [
        {"type": "library", "bom-ref": "known", "name": "known", "version": "1"},
        {"type": "library", "bom-ref": "unknown", "name": "unknown", "version": "1"},
    ],
    "dependencies": [{"ref": "known", "dependsOn": ["unknown"]}],
    "vulnerabilities": [
        {
            "bom-ref": "first",
            "id": "CVE-2026-0001",
            "ratings": [{"score": 7.5, "severity": "high", "method": "CVSSv31", "vector": VECTOR}],
            "affects": [{"ref": "unknown"}],
        }
    ],
}
after = json.loads(JsonV1Dot6(Bom.from_json(before)).output_as_string())
for name, document in [("before", before), ("after", after)]:
    print(f"{name}:")
    print(f"  dependencies {json.dumps(document['dependencies'], sort_keys=True)}")
    print(f"  vector {document['vulnerabilities'][0]['ratings'][0]['vector']}")
    print(f"  properties {len(document['metadata']['properties'])}")
PYTHON
tool/bin/python -W ignore try.py | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
before:
  dependencies [{"dependsOn": ["unknown"], "ref": "known"}]
  vector CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N
  properties 2
after:
  dependencies [{"dependsOn": ["unknown"], "ref": "known"}, {"ref": "unknown"}]
  vector AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N
  properties 1
TEXT
echo
echo "As described."
