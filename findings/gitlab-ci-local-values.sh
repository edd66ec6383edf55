#!/usr/bin/env bash
# Tool: gitlab-ci-local 4.62.0 (npm), on Node.js 20 or newer, with git.
# Input: variables of a .gitlab-ci.yml that are numbers without quotes; and rules that GitLab evaluates to false: a text
# that is matched against a variable that is not set, and a variable in quotes, which GitLab compares as it is written.
# Seen: 1.0 is 1, and 1e3 is 1000, where GitLab has 1.0 and 1e3; 010 is 10, where GitLab, whose YAML is 1.1, has 8. At
# each of the rules the whole run ends with an error, for all jobs, as it puts null or a text in quotes into JavaScript.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error gitlab-ci-local@4.62.0
git init --quiet --initial-branch=main
git remote add origin git@gitlab.example.com:group/project.git
git -c user.name=Ada -c user.email=ada@example.com commit --quiet --allow-empty --message=First
git update-ref refs/remotes/origin/main HEAD
git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main
cat >.gitlab-ci.yml <<'YAML'
build:
  script: [echo build]
  variables: {VERSION: 1.0, SHORT_SHA: 1e3, MODE: 010, QUOTED: "1.0"}
YAML
run() { node_modules/.bin/gitlab-ci-local "$@" 2>&1; }
{
  run --preview | sed -n '/variables:/,/QUOTED/p'
  # shellcheck disable=SC2016
  for rule in '$NAME == "main"' '$NAME =~ /main/' '"main" =~ $UNSET' '"$NAME" == "main"'; do
    printf 'build: {script: [echo build], variables: {NAME: main}, rules: [{if: %s}]}\nother: {script: [echo other]}\n' \
      "'$rule'" >.gitlab-ci.yml
    echo "$rule: $({ run --list-csv || true; } | grep -E '^(build|other);|^Error' | cut -d';' -f1 | tr '\n' ' ')"
  done
} | sed 's/ *$//' | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
  variables:
    VERSION: '1'
    SHORT_SHA: '1000'
    MODE: '10'
    QUOTED: '1.0'
$NAME == "main": build other
$NAME =~ /main/: build other
"main" =~ $UNSET: Error attempting to evaluate the following rules:
"$NAME" == "main": Error attempting to evaluate the following rules:
TEXT
echo
echo "As described."
