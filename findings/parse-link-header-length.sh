#!/usr/bin/env bash
# Tools: parse-link-header 2.0.0 and @web3-storage/parse-link-header 3.1.0; http-link-header 1.1.4 and li 1.3.0 (npm)
# for comparison; on Node.js 20 or newer.
# Input: the Link header of a first page, with next, first and last, as GitLab writes it: each URL has all parameters of
# the request in it, here a list of commits to look for. No part of HTTP says how long a header may be.
# Seen: if the header has more than 2000 characters, both return null and say nothing, which is what they also return if
# there is no Link header. A client that asks for the next page until there is none takes the first page for everything.
# With three links, 2000 characters are reached at a URL of 650. The others read the header.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error parse-link-header@2.0.0 \
  @web3-storage/parse-link-header@3.1.0 http-link-header@1.1.4 li@1.3.0
cat >try.mjs <<'JS'
import LinkHeader from 'http-link-header';
import li from 'li';
import parseLinkHeader from 'parse-link-header';
import { parseLinkHeader as parseOther } from '@web3-storage/parse-link-header';

const sha = '6104942438c14ec7bd21c6cd5bd995272b3faff6';
for (const shas of [11, 12]) {
  const url = (page) =>
    'https://gitlab.example.com/api/v4/projects/1/events' +
    `?page=${page}&per_page=20${`&shas%5B%5D=${sha}`.repeat(shas)}`;
  const header = [[2, 'next'], [1, 'first'], [9, 'last']]
    .map(([page, rel]) => `<${url(page)}>; rel="${rel}"`)
    .join(', ');
  console.log(`${shas} commits, ${url(2).length} characters in the URL, ${header.length} in the header:`);
  for (const [name, parse] of [
    ['parse-link-header', (text) => parseLinkHeader(text)],
    ['@web3-storage/parse-link-header', (text) => parseOther(text)],
    ['http-link-header', (text) => ({ next: { url: LinkHeader.parse(text).rel('next')[0].uri } })],
    ['li', (text) => ({ next: { url: li.parse(text).next } })],
  ]) {
    const links = parse(header);
    console.log(`  ${name}: ${links ? links.next.url.slice(0, 60) : links}`);
  }
}
console.log(`no header: ${parseLinkHeader(null)}, ${parseOther(null)}`);
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
11 commits, 642 characters in the URL, 1973 in the header:
  parse-link-header: https://gitlab.example.com/api/v4/projects/1/events?page=2&p
  @web3-storage/parse-link-header: https://gitlab.example.com/api/v4/projects/1/events?page=2&p
  http-link-header: https://gitlab.example.com/api/v4/projects/1/events?page=2&p
  li: https://gitlab.example.com/api/v4/projects/1/events?page=2&p
12 commits, 694 characters in the URL, 2129 in the header:
  parse-link-header: null
  @web3-storage/parse-link-header: null
  http-link-header: https://gitlab.example.com/api/v4/projects/1/events?page=2&p
  li: https://gitlab.example.com/api/v4/projects/1/events?page=2&p
no header: null, null
TEXT
echo
echo "As described."
