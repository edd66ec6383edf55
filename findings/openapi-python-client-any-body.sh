#!/usr/bin/env bash
# Tool: openapi-python-client 0.29.1 (PyPI), on Python 3.11 or newer.
# Input: a valid OpenAPI 3.0.3 document with a body whose schema is {} (anything), in two media types.
# Seen: it generates without a warning and ends with 0, but the code says "if isinstance(body, Any)", so that every call,
# even one without a body, raises
#   TypeError: typing.Any cannot be used with isinstance()
# With one media type, or with a typed schema, calls work.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv python
python/bin/pip install --quiet openapi-python-client==0.29.1 ruff==0.17.6
export PATH="$PWD/python/bin:$PATH"

document() { # document NAME MEDIA-TYPE…
  cat >"$1.yaml" <<'YAML'
openapi: 3.0.3
info: {title: Example, version: "1"}
paths:
  /things:
    post:
      operationId: createThing
      responses:
        "204": {description: Made}
      requestBody:
        content:
YAML
  for type in "${@:2}"; do echo "          $type: {schema: {}}" >>"$1.yaml"; done
  openapi-python-client generate --path "$1.yaml" --output-path "$1" --meta none --fail-on-warning
}
document one application/json
document two application/json application/x-www-form-urlencoded

changed() { echo "CHANGED: $*"; exit 1; }
call() { python3 -c "from $1.api.default.create_thing import _get_kwargs; print(_get_kwargs($2))" 2>&1; }
call one 'body={"name": "a"}' || changed "a call with one media type does not work"
for arguments in 'body={"name": "a"}' ''; do
  if call two "$arguments" >said.txt; then changed "a call with two media types works: $(cat said.txt)"; fi
  grep "TypeError: typing.Any cannot be used with isinstance()" said.txt || changed "$(cat said.txt)"
done
echo "As described."
