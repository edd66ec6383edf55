#!/usr/bin/env bash
# Tools: cron-parser 5.10.5 and croner 11.0.0 (npm) on Node.js 20 or newer; croniter 7.0.0 and APScheduler 3.11.3 (PyPI)
# on Python 3.11 or newer.
# Input: crontab expressions in Europe/Berlin around 2026-03-29, when 3 o'clock follows 2 o'clock, and a Sunday.
# Seen: for every second hour, cron-parser, croniter and APScheduler also come at 3 o'clock, which is not in the
# expression, and for 15 minutes past it croniter comes at 3 o'clock sharp. cron-parser comes twice for */30 2, croniter
# and APScheduler once, croner not at all, though it moves 0 2 to 3 o'clock. from_crontab of APScheduler takes 0 for
# Monday, where crontab has Sunday, and the 13th and Fridays for Saturdays that are a 13th.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error cron-parser@5.10.5 croner@11.0.0
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check croniter==7.0.0 APScheduler==3.11.3
cat >expressions.txt <<'TEXT'
0 */2 * * *
15 */2 * * *
0 0-2 * * *
0 2 * * *
*/30 2 * * *
0 12 * * 0
0 12 13 * 5
TEXT
cat >try.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { CronExpressionParser } from 'cron-parser';
import { Cron } from 'croner';

const from = new Date('2026-03-28T21:30:00Z');
const zone = 'Europe/Berlin';
const local = (date) => date.toLocaleString('sv', { timeZone: zone }).slice(5, 16);
for (const expression of readFileSync('expressions.txt', 'utf8').trim().split('\n')) {
  const times = CronExpressionParser.parse(expression, { currentDate: from, tz: zone });
  console.log(`${expression}\tcron-parser\t${[1, 2, 3].map(() => local(times.next().toDate())).join(', ')}`);
  const runs = new Cron(expression, { timezone: zone }).nextRuns(3, from);
  console.log(`${expression}\tcroner\t${runs.map(local).join(', ')}`);
}
JS
cat >try.py <<'PYTHON'
import datetime
import zoneinfo

from apscheduler.triggers.cron import CronTrigger
from croniter import croniter

zone = zoneinfo.ZoneInfo("Europe/Berlin")
start = datetime.datetime(2026, 3, 28, 21, 30, tzinfo=datetime.timezone.utc).astimezone(zone)


def local(times):
    # A time that is skipped in spring is written as the clock has it.
    return ", ".join(t.astimezone(datetime.timezone.utc).astimezone(zone).strftime("%m-%d %H:%M") for t in times)


def triggered(expression):
    trigger, last, now = CronTrigger.from_crontab(expression, timezone=zone), None, start
    for _ in range(3):
        last = trigger.get_next_fire_time(last, now)
        now = last + datetime.timedelta(microseconds=1)
        yield last


for expression in open("expressions.txt").read().splitlines():
    times = croniter(expression, start)
    print(f"{expression}\tcroniter\t{local(times.get_next(datetime.datetime) for _ in range(3))}")
    print(f"{expression}\tAPScheduler\t{local(triggered(expression))}")
PYTHON
{
  node try.mjs
  tool/bin/python try.py
} | LC_ALL=C sort -s -t "$(printf '\t')" -k1,1 | tr '\t' ' ' | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
*/30 2 * * * cron-parser 03-29 03:00, 03-29 03:30, 03-30 02:00
*/30 2 * * * croner 03-30 02:00, 03-30 02:30, 03-31 02:00
*/30 2 * * * croniter 03-29 03:00, 03-30 02:00, 03-30 02:30
*/30 2 * * * APScheduler 03-29 03:00, 03-30 02:00, 03-30 02:30
0 */2 * * * cron-parser 03-29 00:00, 03-29 03:00, 03-29 04:00
0 */2 * * * croner 03-29 00:00, 03-29 04:00, 03-29 06:00
0 */2 * * * croniter 03-29 00:00, 03-29 03:00, 03-29 04:00
0 */2 * * * APScheduler 03-29 00:00, 03-29 03:00, 03-29 04:00
0 0-2 * * * cron-parser 03-29 00:00, 03-29 01:00, 03-29 03:00
0 0-2 * * * croner 03-29 00:00, 03-29 01:00, 03-30 00:00
0 0-2 * * * croniter 03-29 00:00, 03-29 01:00, 03-29 03:00
0 0-2 * * * APScheduler 03-29 00:00, 03-29 01:00, 03-30 00:00
0 12 * * 0 cron-parser 03-29 12:00, 04-05 12:00, 04-12 12:00
0 12 * * 0 croner 03-29 12:00, 04-05 12:00, 04-12 12:00
0 12 * * 0 croniter 03-29 12:00, 04-05 12:00, 04-12 12:00
0 12 * * 0 APScheduler 03-30 12:00, 04-06 12:00, 04-13 12:00
0 12 13 * 5 cron-parser 04-03 12:00, 04-10 12:00, 04-13 12:00
0 12 13 * 5 croner 04-03 12:00, 04-10 12:00, 04-13 12:00
0 12 13 * 5 croniter 04-03 12:00, 04-10 12:00, 04-13 12:00
0 12 13 * 5 APScheduler 06-13 12:00, 02-13 12:00, 03-13 12:00
0 2 * * * cron-parser 03-29 03:00, 03-30 02:00, 03-31 02:00
0 2 * * * croner 03-29 03:00, 03-30 02:00, 03-31 02:00
0 2 * * * croniter 03-29 03:00, 03-30 02:00, 03-31 02:00
0 2 * * * APScheduler 03-29 03:00, 03-30 02:00, 03-31 02:00
15 */2 * * * cron-parser 03-29 00:15, 03-29 03:15, 03-29 04:15
15 */2 * * * croner 03-29 00:15, 03-29 04:15, 03-29 06:15
15 */2 * * * croniter 03-29 00:15, 03-29 03:00, 03-29 04:15
15 */2 * * * APScheduler 03-29 00:15, 03-29 03:15, 03-29 04:15
TEXT
echo
echo "As described."
