#!/usr/bin/env bash
# Tools: openapi-overlays-js 0.2.0 and bump-cli 2.11.0 (npm), on Node.js 20 or newer; oas-patch 0.6.0 for comparison
# (PyPI), on Python 3.11 or newer.
# Input: an OpenAPI document and an overlay (OpenAPI Overlay 1.0) that adds a parameter: its target is the list of
# parameters, and the update is an entry. By the specification, what updates a list is an entry that is appended to it.
# Seen: both make an object of the list, with the names 0, name and in, which is no valid document. If the update is a
# list with one entry, openapi-overlays-js makes such an object, too, in which the new entry is written over the first
# parameter; bump-cli appends it. oas-patch appends both.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >api.yaml <<'YAML'
openapi: 3.0.3
info: {title: Checks, version: "1"}
paths:
  /checks:
    get:
      parameters:
        - {name: page, in: query, schema: {type: integer}}
      responses: {"200": {description: Done}}
YAML
overlay() {
  cat <<YAML
overlay: 1.0.0
info: {title: More, version: "1"}
actions:
  - target: \$.paths['/checks'].get.parameters
    update: $1
YAML
}
overlay '{name: search, in: query}' >entry.yaml
overlay '[{name: search, in: query}]' >list.yaml
echo '{"private": true}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error openapi-overlays-js@0.2.0 bump-cli@2.11.0 \
  js-yaml@4.3.2
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check oas-patch==0.6.0
for update in entry list; do
  node_modules/.bin/overlayjs --openapi api.yaml --overlay "$update.yaml" >"$update.openapi-overlays-js" 2>/dev/null
  node_modules/.bin/bump overlay api.yaml "$update.yaml" >"$update.bump-cli" 2>/dev/null
  tool/bin/oas-patch overlay api.yaml "$update.yaml" >"$update.oas-patch" 2>/dev/null
done
cat >try.cjs <<'JS'
const { readFileSync } = require('node:fs');
const yaml = require('js-yaml');

for (const update of ['entry', 'list']) {
  for (const tool of ['openapi-overlays-js', 'bump-cli', 'oas-patch']) {
    const document = yaml.load(readFileSync(`${update}.${tool}`, 'utf8'));
    console.log(`${update}, ${tool}: ${JSON.stringify(document.paths['/checks'].get.parameters)}`);
  }
}
JS
node try.cjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
entry, openapi-overlays-js: {"0":{"name":"page","in":"query","schema":{"type":"integer"}},"name":"search","in":"query"}
entry, bump-cli: {"0":{"name":"page","in":"query","schema":{"type":"integer"}},"name":"search","in":"query"}
entry, oas-patch: [{"name":"page","in":"query","schema":{"type":"integer"}},{"name":"search","in":"query"}]
list, openapi-overlays-js: {"0":{"name":"search","in":"query","schema":{"type":"integer"}}}
list, bump-cli: [{"name":"page","in":"query","schema":{"type":"integer"}},{"name":"search","in":"query"}]
list, oas-patch: [{"name":"page","in":"query","schema":{"type":"integer"}},{"name":"search","in":"query"}]
TEXT
echo
echo "As described."
