#!/usr/bin/env bash
# Tool: standardwebhooks 1.0.0 (PyPI), for Python; svix 1.99.1 (PyPI) does the same.
# Input: one instant, written once in UTC and once two hours east of it. Python says that both are equal. Webhook.sign
# takes a datetime.
# Seen: sign drops the offset of the datetime and keeps its clock time, so the two signatures differ. The one made in
# the other zone is of a time two hours away, and the same library's verify refuses it:
#   WebhookVerificationError No matching signature found
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check standardwebhooks==1.0.0 svix==1.99.1

cat >sign.py <<'PYTHON'
from datetime import datetime, timedelta, timezone

import standardwebhooks
import svix.webhooks

utc = datetime.now(tz=timezone.utc).replace(microsecond=0)
east = utc.astimezone(timezone(timedelta(hours=2)))
assert utc == east and utc.timestamp() == east.timestamp()


def outcome(library, headers, moment, prefix):
    webhook = library.Webhook("whsec_YSBzZWNyZXQgb2YgYW4gZXhhbXBsZQ==")
    values = ["msg_1", str(int(moment.timestamp())), webhook.sign("msg_1", moment, "{}")]
    try:
        webhook.verify("{}", dict(zip([prefix + name for name in headers], values)))
        return "verified"
    except Exception as error:
        return f"{type(error).__name__} {error}"


names = ["id", "timestamp", "signature"]
for name, library, prefix in [("standardwebhooks", standardwebhooks, "webhook-"), ("svix", svix.webhooks, "svix-")]:
    print(name, "UTC:", outcome(library, names, utc, prefix))
    print(name, "two hours east:", outcome(library, names, east, prefix))
PYTHON
venv/bin/python sign.py | tee seen.txt
cat >expected.txt <<'TEXT'
standardwebhooks UTC: verified
standardwebhooks two hours east: WebhookVerificationError No matching signature found
svix UTC: verified
svix two hours east: WebhookVerificationError No matching signature found
TEXT
diff expected.txt seen.txt || { echo "CHANGED"; exit 1; }
echo
echo "As described."
