#!/usr/bin/env bash
# Tools: any-date-parser 2.2.4 and spacetime 7.15.0 (npm), on Node.js 20 or newer, in the time zone America/New_York.
# Input: times as GitLab writes them, in its REST API, in webhooks and in commits, and in ISO 8601 with +0100.
# Seen: any-date-parser reads the offset, as attempt() shows, but fromString takes the time for one of America/New_York:
# each time is five hours late, even one that ends with Z. On a machine in UTC it is right. spacetime drops an
# offset without a colon, and reads 03:04:05+0100 as 03:04:05 of the local time zone. It does not read "UTC" behind a
# space: the value is not valid, and becomes a Date of 1970 in silence.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error any-date-parser@2.2.4 spacetime@7.15.0
cat >try.mjs <<'JS'
import parser from 'any-date-parser';
import spacetime from 'spacetime';

for (const text of [
  '2026-01-02T03:04:05.678Z',
  '2026-01-02 03:04:05 UTC',
  '2026-01-02T03:04:05+01:00',
  '2026-01-02T03:04:05+0100',
]) {
  const time = spacetime(text);
  console.log(`${text}:`);
  console.log(`  any-date-parser ${parser.fromString(text).toJSON()}, offset ${parser.attempt(text).offset}`);
  console.log(`  spacetime ${time.toNativeDate().toJSON()}, ${time.isValid() ? 'valid' : 'not valid'}`);
}
JS
TZ=America/New_York node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
2026-01-02T03:04:05.678Z:
  any-date-parser 2026-01-02T08:04:05.678Z, offset 0
  spacetime 2026-01-02T03:04:05.678Z, valid
2026-01-02 03:04:05 UTC:
  any-date-parser 2026-01-02T08:04:05.000Z, offset 0
  spacetime 1970-01-01T00:00:00.000Z, not valid
2026-01-02T03:04:05+01:00:
  any-date-parser 2026-01-02T07:04:05.000Z, offset 60
  spacetime 2026-01-02T02:04:05.000Z, valid
2026-01-02T03:04:05+0100:
  any-date-parser 2026-01-02T07:04:05.000Z, offset 60
  spacetime 2026-01-02T08:04:05.000Z, valid
TEXT
echo
echo "As described."
