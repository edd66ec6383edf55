#!/usr/bin/env bash
# Tool: datamodel-code-generator 0.89.0 with pydantic 2.14.4 (PyPI), on Python 3.11 or newer.
# Input: a valid document of OpenAPI 3.0.3 with an object whose properties are required or not, and may be null or not.
# Seen: of the four kinds, two are wrong. A property that is required and may be null becomes one that refuses null, so
# that valid responses raise ValidationError. One that is not required and may not be null takes null. With
# --strict-nullable the first is right.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check datamodel-code-generator==0.89.0 pydantic==2.14.4
cat >contract.yaml <<'YAML'
openapi: 3.0.3
info: {title: t, version: "1"}
paths: {}
components:
  schemas:
    Thing:
      type: object
      required: [required, required_or_null]
      properties:
        required: {type: string}
        required_or_null: {type: string, nullable: true}
        optional: {type: string}
        optional_or_null: {type: string, nullable: true}
YAML
cat >try.py <<'PYTHON'
import importlib
import sys

import pydantic

thing = importlib.import_module(sys.argv[1]).Thing
for name in ("required", "required_or_null", "optional", "optional_or_null"):
    try:
        thing.model_validate({"required": "x", "required_or_null": "x", name: None})
        outcome = "taken"
    except pydantic.ValidationError:
        outcome = "ValidationError"
    print(f"{sys.argv[1]}: {name} null: {outcome}")
PYTHON
generate() {
  tool/bin/python -W ignore -m datamodel_code_generator --input contract.yaml --input-file-type openapi \
    --output-model-type pydantic_v2.BaseModel "$@"
}
generate --output plain.py
generate --output strict.py --strict-nullable
for module in plain strict; do tool/bin/python try.py "$module"; done | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
plain: required null: ValidationError
plain: required_or_null null: ValidationError
plain: optional null: taken
plain: optional_or_null null: taken
strict: required null: ValidationError
strict: required_or_null null: taken
strict: optional null: taken
strict: optional_or_null null: taken
TEXT
echo
echo "As described."
