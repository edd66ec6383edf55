#!/usr/bin/env bash
# Tools: ajv 8.20.0, with @cfworker/json-schema 4.1.6 for comparison (npm), on Node.js 20 or newer; jsonschema 4.26.0,
# with fastjsonschema 2.22.3 for comparison (PyPI), on Python 3.11 or newer.
# Input: amounts with two decimals, as of a coverage, and the schema {"multipleOf": 0.01}.
# Seen: ajv and jsonschema refuse 1363 of the 10000 amounts up to 100, such as 0.07 and 19.99, which are multiples of
# 0.01. The others take all of them, and refuse 0.071. ajv has a setting for it, multipleOfPrecision, which is off.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error ajv@8.20.0 @cfworker/json-schema@4.1.6
cat >try.mjs <<'JS'
import { Validator } from '@cfworker/json-schema';
import { Ajv } from 'ajv';

const schema = { multipleOf: 0.01 };
const ajv = new Ajv().compile(schema);
const precise = new Ajv({ multipleOfPrecision: 6 }).compile(schema);
const cfworker = new Validator(schema);
for (const [name, valid] of [
  ['ajv', ajv],
  ['ajv, multipleOfPrecision: 6', precise],
  ['@cfworker/json-schema', (amount) => cfworker.validate(amount).valid],
]) {
  let refused = 0;
  for (let cents = 1; cents <= 10000; cents += 1) if (!valid(JSON.parse((cents / 100).toFixed(2)))) refused += 1;
  console.log(`${name}: 0.07 ${valid(0.07)}, 19.99 ${valid(19.99)}, 0.071 ${valid(0.071)}; refused ${refused}`);
}
JS
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check jsonschema==4.26.0 fastjsonschema==2.22.3
cat >try.py <<'PYTHON'
import json

import fastjsonschema
from jsonschema import Draft202012Validator

SCHEMA = {"multipleOf": 0.01}
compiled = fastjsonschema.compile(SCHEMA)


def fast(amount):
    try:
        compiled(amount)
    except fastjsonschema.JsonSchemaValueException:
        return False
    return True


for name, valid in [("jsonschema", Draft202012Validator(SCHEMA).is_valid), ("fastjsonschema", fast)]:
    refused = sum(not valid(json.loads(f"{cents / 100:.2f}")) for cents in range(1, 10001))
    print(f"{name}: 0.07 {valid(0.07)}, 19.99 {valid(19.99)}, 0.071 {valid(0.071)}; refused {refused}")
PYTHON
{ node try.mjs && tool/bin/python try.py; } | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
ajv: 0.07 false, 19.99 false, 0.071 false; refused 1363
ajv, multipleOfPrecision: 6: 0.07 true, 19.99 true, 0.071 false; refused 0
@cfworker/json-schema: 0.07 true, 19.99 true, 0.071 false; refused 0
jsonschema: 0.07 False, 19.99 False, 0.071 False; refused 1363
fastjsonschema: 0.07 True, 19.99 True, 0.071 False; refused 0
TEXT
echo
echo "As described."
