#!/usr/bin/env bash
# Tools: issue-parser 7.0.2 with its rules for GitLab, and conventional-commits-parser 6.4.0 (npm), on Node.js 20 or
# newer.
# Input: messages that close issues, in the ways that GitLab documents: several issues behind one word, a colon behind
# the word, an issue of a subgroup, by its name and by its URL; and a breaking change in the message of a merge, to which
# GitLab adds "See merge request …" as a last paragraph.
# Seen: issue-parser closes only the first of several, and none behind a colon; of a URL, the project is
# group/sub/project/-, which is none. conventional-commits-parser closes nothing behind "Implements" or a colon, takes
# the subgroup for a part of the project's name, a colour for an issue, and the paragraph for a part of the breaking
# change, so that it stands in the changelog.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error \
  issue-parser@7.0.2 conventional-commits-parser@6.4.0
cat >try.mjs <<'JS'
import { CommitParser } from 'conventional-commits-parser';
import issueParser from 'issue-parser';

const issues = issueParser('gitlab');
const commits = new CommitParser();
for (const text of [
  'Closes #1, #2 and #3', 'Closes: #4', 'Implements #5', 'Closes group/sub/project#6',
  'Closes https://gitlab.com/group/sub/project/-/issues/7', 'Use color #fff',
]) {
  const closed = issues(text).actions.close.map(({ slug = '', issue }) => `${slug}#${issue}`);
  const references = commits.parse(`fix: it\n\n${text}`).references;
  const others = references.map(({ action, owner, repository, issue }) => `${action}: ${owner} ${repository} ${issue}`);
  console.log(`${text}:`);
  console.log(`  issue-parser closes ${closed.join(' ') || 'nothing'}\n  the other ${others.join(', ') || 'nothing'}`);
}
const merge = 'feat: it\n\nBREAKING CHANGE: the port is another\n\nSee merge request group/project!12';
console.log(JSON.stringify(commits.parse(merge).notes));
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
Closes #1, #2 and #3:
  issue-parser closes #1
  the other Closes: null null 1, Closes: null null 2, Closes: null null 3
Closes: #4:
  issue-parser closes nothing
  the other null: null null 4
Implements #5:
  issue-parser closes #5
  the other null: null null 5
Closes group/sub/project#6:
  issue-parser closes group/sub/project#6
  the other Closes: group sub/project 6
Closes https://gitlab.com/group/sub/project/-/issues/7:
  issue-parser closes group/sub/project/-#7
  the other nothing
Use color #fff:
  issue-parser closes nothing
  the other null: null null fff
[{"title":"BREAKING CHANGE","text":"the port is another\n\nSee merge request group/project!12"}]
TEXT
echo
echo "As described."
