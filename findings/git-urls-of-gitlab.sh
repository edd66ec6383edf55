#!/usr/bin/env bash
# Tools: git-url-parse 16.1.0 (npm) on Node.js 20 or newer, and giturlparse 0.16.0 and git-url-parse 1.2.2 (PyPI) on
# Python 3.11 or newer.
# Input: URLs of projects in a subgroup: as a job clones them, with another port for SSH, of a server by its address,
# and of a merge request and a commit in the browser.
# Seen: git-url-parse for Node.js writes a URL without the password that it read, and the port of SSH into the one of
# HTTPS; the commit is the word in front of it. giturlparse writes the port as a folder of the scp-like form, calls a
# merge request a project, and a project of a server by its address has no owner. git-url-parse for Python takes all
# HTTPS URLs of subgroups for SSH, and the host for something else.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error git-url-parse@16.1.0
for tool in giturlparse==0.16.0 git-url-parse==1.2.2; do
  python3 -m venv "${tool%%=*}"
  "${tool%%=*}/bin/pip" install --quiet --disable-pip-version-check "$tool"
done
cat >urls.txt <<'TEXT'
https://gitlab-ci-token:secret@gitlab.com/group/sub/project.git
ssh://git@git.example.com:2222/group/sub/project.git
http://192.0.2.1:8080/group/sub/project.git
https://gitlab.com/group/sub/project/-/merge_requests/1
https://gitlab.com/group/sub/project/-/commit/0123abcd
TEXT
cat >try.mjs <<'JS'
import { readFileSync } from 'node:fs';
import parse from 'git-url-parse';

for (const url of readFileSync('urls.txt', 'utf8').trim().split('\n')) {
  const read = parse(url);
  console.log(`${url}:\n  owner ${read.owner}, name ${read.name}, commit ${read.commit}`);
  console.log(`  ${read.toString('https')} ${read.toString('ssh')}`);
}
JS
cat >first.py <<'PYTHON'
import giturlparse

for url in open("urls.txt").read().split():
    read = giturlparse.parse(url)
    print(f"{url}:\n  owner {read.owner}, groups {read.groups}, repo {read.repo}, valid {read.valid}")
    print(f"  {read.url2https} {read.url2ssh}")
PYTHON
cat >second.py <<'PYTHON'
import giturlparse

for url in open("urls.txt").read().split():
    read = giturlparse.parse(url)
    print(f"{url}:\n  protocol {read.protocol}, host {read.resource}, owner {read.owner}, name {read.name}")
PYTHON
{
  echo "git-url-parse for Node.js"
  node try.mjs
  echo "giturlparse"
  giturlparse/bin/python first.py
  echo "git-url-parse for Python"
  git-url-parse/bin/python second.py
} | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
git-url-parse for Node.js
https://gitlab-ci-token:secret@gitlab.com/group/sub/project.git:
  owner group/sub, name project, commit undefined
  https://gitlab-ci-token@gitlab.com/group/sub/project.git gitlab-ci-token@gitlab.com:group/sub/project.git
ssh://git@git.example.com:2222/group/sub/project.git:
  owner group/sub, name project, commit undefined
  https://git.example.com:2222/group/sub/project.git ssh://git@git.example.com:2222/group/sub/project.git
http://192.0.2.1:8080/group/sub/project.git:
  owner group/sub, name project, commit undefined
  https://192.0.2.1:8080/group/sub/project.git ssh://git@192.0.2.1:8080/group/sub/project.git
https://gitlab.com/group/sub/project/-/merge_requests/1:
  owner group/sub, name project, commit merge_requests
  https://gitlab.com/group/sub/project git@gitlab.com:group/sub/project
https://gitlab.com/group/sub/project/-/commit/0123abcd:
  owner group/sub, name project, commit commit
  https://gitlab.com/group/sub/project git@gitlab.com:group/sub/project
giturlparse
https://gitlab-ci-token:secret@gitlab.com/group/sub/project.git:
  owner group, groups ['sub'], repo project, valid True
  https://gitlab.com/group/sub/project.git git@gitlab.com:group/sub/project.git
ssh://git@git.example.com:2222/group/sub/project.git:
  owner group, groups ['sub'], repo project, valid True
  https://git.example.com/group/sub/project.git git@git.example.com:2222/group/sub/project.git
http://192.0.2.1:8080/group/sub/project.git:
  owner , groups [], repo group/sub/project.git, valid True
  https://192.0.2.1:8080/group/sub/project.git git@192.0.2.1:8080:group/sub/project.git
https://gitlab.com/group/sub/project/-/merge_requests/1:
  owner group, groups ['sub', 'project', '-', 'merge_requests'], repo 1, valid True
  https://gitlab.com/group/sub/project/-/merge_requests/1.git git@gitlab.com:group/sub/project/-/merge_requests/1.git
https://gitlab.com/group/sub/project/-/commit/0123abcd:
  owner group, groups ['sub', 'project', '-', 'commit'], repo 0123abcd, valid True
  https://gitlab.com/group/sub/project/-/commit/0123abcd.git git@gitlab.com:group/sub/project/-/commit/0123abcd.git
git-url-parse for Python
https://gitlab-ci-token:secret@gitlab.com/group/sub/project.git:
  protocol ssh, host https, owner /gitlab-ci-token:secret@gitlab.com/group/sub, name project
ssh://git@git.example.com:2222/group/sub/project.git:
  protocol ssh, host git.example.com, owner 2222/group/sub, name project
http://192.0.2.1:8080/group/sub/project.git:
  protocol ssh, host http, owner /192.0.2.1:8080/group/sub, name project
https://gitlab.com/group/sub/project/-/merge_requests/1:
  protocol ssh, host -, owner merge_requests, name 1
https://gitlab.com/group/sub/project/-/commit/0123abcd:
  protocol ssh, host -, owner commit, name 0123abcd
TEXT
echo
echo "As described."
