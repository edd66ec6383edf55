#!/usr/bin/env bash
# Tool: csvkit 2.2.0 (PyPI), on Python 3.11 or newer.
# Input: a CSV file as an export of issues can be: the short SHA of a commit that has one e and digits else, an id with
# zeros in front, a percentage, a duration of hours and minutes, and people who are called None and NA.
# Seen: csvsort by the title, and csvjoin by it, write other values into columns that they do not sort or join by: the
# SHA is 1.234567E+14, the id 7, 50% is 50, one and a half hours are one and a half minutes, and the people are gone.
# With --no-inference the people are gone from what csvjson writes all the same; --blanks keeps them. csvgrep and csvcut
# keep all.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check csvkit==2.2.0
cat >issues.csv <<'CSV'
Title,Id,SHA,Done,Spent,Author
second,007,1234567e8,50%,1:30,None
first,008,0000000,5%,0:15,NA
CSV
show() {
  echo "$*:"
  "tool/bin/$@" issues.csv | sed -e 's/^/  /' -e '$a\'
}
{
  show csvsort -c Title
  tail -n 1 issues.csv | sed 's/.*,/Title,Author\nfirst,/' >others.csv
  show csvjoin -c Title others.csv
  show csvjson --no-inference
  show csvjson --no-inference --blanks
  show csvgrep -c Title -m second
} | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
csvsort -c Title:
  Title,Id,SHA,Done,Spent,Author
  first,8,0,5,0:00:15,
  second,7,1.234567E+14,50,0:01:30,
csvjoin -c Title others.csv:
  Title,Author,Id,SHA,Done,Spent,Author2
  first,,8,0,5,0:00:15,
csvjson --no-inference:
  [{"Title": "second", "Id": "007", "SHA": "1234567e8", "Done": "50%", "Spent": "1:30", "Author": null}, {"Title": "first", "Id": "008", "SHA": "0000000", "Done": "5%", "Spent": "0:15", "Author": null}]
csvjson --no-inference --blanks:
  [{"Title": "second", "Id": "007", "SHA": "1234567e8", "Done": "50%", "Spent": "1:30", "Author": "None"}, {"Title": "first", "Id": "008", "SHA": "0000000", "Done": "5%", "Spent": "0:15", "Author": "NA"}]
csvgrep -c Title -m second:
  Title,Id,SHA,Done,Spent,Author
  second,007,1234567e8,50%,1:30,None
TEXT
echo
echo "As described."
