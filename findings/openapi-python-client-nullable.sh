#!/usr/bin/env bash
# Tool: openapi-python-client 0.29.1 (PyPI).
# Input: a valid OpenAPI 3.0.3 document with a component of "type: object" and "nullable: true" that has a property with
# an object written in place.
# Seen: the warning
#   Attempted to generate duplicate models with name "OwnerType0Labels"
# and code that imports the module owner_type_0, which was not written: using the model raises ModuleNotFoundError. It
# ends with 0. Without "nullable", or with a $ref instead of the object in place, all is written.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv python
python/bin/pip install --quiet openapi-python-client==0.29.1 ruff==0.17.6
export PATH="$PWD/python/bin:$PATH"

document() { # document NAME NULLABLE LABELS
  cat >"$1.yaml" <<YAML
openapi: 3.0.3
info: {title: Example, version: "1"}
paths:
  /things:
    get:
      operationId: listThings
      responses:
        "200":
          description: Done
          content: {application/json: {schema: {\$ref: "#/components/schemas/Thing"}}}
components:
  schemas:
    Thing:
      type: object
      properties:
        owner: {\$ref: "#/components/schemas/Owner"}
    Owner:
      type: object
      nullable: $2
      properties:
        labels: $3
    Labels: {type: object}
YAML
  openapi-python-client generate --path "$1.yaml" --output-path "$1" --meta none >"$1.txt" 2>&1
}
changed() { echo "CHANGED: $*"; exit 1; }
use() { python3 -c "from $1.models.thing import Thing; print(Thing.from_dict({'owner': {'labels': {}}}))" 2>&1; }

document plain false '{type: object}'
use plain || changed "it fails without nullable too"
document named true '{$ref: "#/components/schemas/Labels"}'
use named || changed "it fails with a named object too"
document nullable true '{type: object}' || changed "it ends with an error"
grep "duplicate models" nullable.txt || changed "there is no warning"
if use nullable >said.txt; then changed "the model can be used: $(cat said.txt)"; fi
grep "ModuleNotFoundError" said.txt || changed "$(cat said.txt)"
echo "As described."
