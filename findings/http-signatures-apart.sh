#!/usr/bin/env bash
# Tools: http-message-signatures 1.0.6 (npm) on Node.js 20 or newer, and http-message-signatures 3.0.0 (PyPI) on Python
# 3.11 or newer, both for RFC 9421.
# Input: requests that the first signs by HMAC with one component each, and the second verifies: parts of the URL, fields,
# and members of a dictionary.
# Seen: the second refuses valid signatures of the first: of @target-uri for a URL without a path, since only one of them
# writes the slash; of @request-target with an empty query, whose question mark the first drops; and of a dictionary's
# member that is 2.0, which the first writes as 2. A parameter that is twice in a query the first signs, and the second
# does not know how to verify, as the RFC forbids it.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error http-message-signatures@1.0.6
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check http-message-signatures==3.0.0
cat >sign.mjs <<'JS'
import { createHmac } from 'node:crypto';
import { httpbis } from 'http-message-signatures';

const key = {
  id: 'hush', alg: 'hmac-sha256',
  sign: async (data) => createHmac('sha256', 'hush-hush').update(data).digest(),
};
const headers = { Priority: 'u=1, i', 'X-Levels': 'low=1, high=2.5, top=2.0' };
for (const [url, field] of [
  ['https://gitlab.example.com/api/v4/projects/group%2Fproject?page=2', '"@path"'],
  ['https://gitlab.example.com/api/v4/projects/group%2Fproject?page=2', '"@target-uri"'],
  ['https://gitlab.example.com', '"@target-uri"'],
  ['https://gitlab.example.com/?', '"@query"'],
  ['https://gitlab.example.com/?', '"@request-target"'],
  ['https://gitlab.example.com/?ids%5B%5D=14', '"@query-param";name="ids%5B%5D"'],
  ['https://gitlab.example.com/?ids%5B%5D=14&ids%5B%5D=15', '"@query-param";name="ids%5B%5D"'],
  ['https://gitlab.example.com/', '"priority"'],
  ['https://gitlab.example.com/', '"x-levels";key="high"'],
  ['https://gitlab.example.com/', '"x-levels";key="top"'],
]) {
  const request = { method: 'GET', url, headers };
  const base = httpbis.createSignatureBase({ fields: [field] }, request);
  const signed = await httpbis.signMessage({ key, fields: [field] }, request);
  console.log(JSON.stringify({ field, base, ...signed }));
}
JS
cat >verify.py <<'PYTHON'
import json
import sys
import types

from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver, algorithms


class Keys(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id):
        return b"hush-hush"

    resolve_private_key = resolve_public_key


verifier = HTTPMessageVerifier(signature_algorithm=algorithms.HMAC_SHA256, key_resolver=Keys())
for line in sys.stdin:
    request = json.loads(line)
    values = [value for _, all_values in request["base"] for value in all_values]
    message = types.SimpleNamespace(method=request["method"], url=request["url"], headers=request["headers"])
    try:
        verifier.verify(message)
        end = "verified"
    except Exception as error:
        end = f"refused, {type(error).__name__}: {error}"
    print(f"{request['url']} {request['field']}, signed {values}: {end}")
PYTHON
node sign.mjs | tool/bin/python verify.py | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
https://gitlab.example.com/api/v4/projects/group%2Fproject?page=2 "@path", signed ['/api/v4/projects/group%2Fproject']: verified
https://gitlab.example.com/api/v4/projects/group%2Fproject?page=2 "@target-uri", signed ['https://gitlab.example.com/api/v4/projects/group%2Fproject?page=2']: verified
https://gitlab.example.com "@target-uri", signed ['https://gitlab.example.com']: refused, InvalidSignature: Signature did not match digest.
https://gitlab.example.com/? "@query", signed ['?']: verified
https://gitlab.example.com/? "@request-target", signed ['/']: refused, InvalidSignature: Signature did not match digest.
https://gitlab.example.com/?ids%5B%5D=14 "@query-param";name="ids%5B%5D", signed ['14']: verified
https://gitlab.example.com/?ids%5B%5D=14&ids%5B%5D=15 "@query-param";name="ids%5B%5D", signed ['14', '15']: refused, InvalidSignature: Query parameters with multiple values are not supported.
https://gitlab.example.com/ "priority", signed ['u=1, i']: verified
https://gitlab.example.com/ "x-levels";key="high", signed ['2.5']: verified
https://gitlab.example.com/ "x-levels";key="top", signed ['2']: refused, InvalidSignature: Signature did not match digest.
TEXT
echo
echo "As described."
