#!/usr/bin/env bash
# Tools: env-ci 11.2.0, ci-env 1.17.0, @percy/env 1.32.12, danger 14.0.7 and @cucumber/ci-environment 15.0.0 (npm), on
# Node.js 20 or newer. They tell programs what a CI job works on.
# Input: the variables of a job of GitLab in a merge request pipeline, for merge request !3 of its project, whose id in
# the whole instance is 77. GitLab's API and its pages take the 3.
# Seen: env-ci and ci-env give 77 as the number of the pull request, so that whoever builds a URL of it asks for another
# merge request or none; @percy/env and danger give 3. What @cucumber/ci-environment tells has no branch at all, as it
# reads CI_COMMIT_BRANCH, which such a job does not have. env-ci's URL of the pipeline lacks the "/-/" of GitLab's, though
# CI_PIPELINE_URL has it; that its branch is the target, it says itself.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error env-ci@11.2.0 ci-env@1.17.0 @percy/env@1.32.12 \
  danger@14.0.7 @cucumber/ci-environment@15.0.0
cat >try.mjs <<'JS'
import { createRequire } from 'node:module';
import envCi from 'env-ci';
import * as percy from '@percy/env';
import * as cucumber from '@cucumber/ci-environment';

const require = createRequire(import.meta.url);
const job = envCi();
console.log('env-ci', job.pr, job.branch, job.prBranch, new URL(job.buildUrl).pathname);
console.log('ci-env', require('ci-env').pull_request_number);
console.log('percy', new percy.PercyEnv(process.env).pullRequest);
const { getCISourceForEnv } = require('danger/distribution/ci_source/get_ci_source');
console.log('danger', getCISourceForEnv(process.env).pullRequestID);
const tell = cucumber.default?.default ?? cucumber.default;
console.log('cucumber', JSON.stringify(Object.keys(tell(process.env).git)));
JS
env -i PATH="$PATH" HOME="$PWD" CI=true GITLAB_CI=true CI_PIPELINE_SOURCE=merge_request_event CI_PIPELINE_ID=5 CI_JOB_ID=8 \
  CI_SERVER_URL=https://gitlab.example.com CI_API_V4_URL=https://gitlab.example.com/api/v4 \
  CI_PROJECT_URL=https://gitlab.example.com/g/p CI_PROJECT_PATH=g/p CI_PROJECT_DIR="$PWD" CI_PROJECT_ID=9 \
  CI_PIPELINE_URL=https://gitlab.example.com/g/p/-/pipelines/5 CI_JOB_URL=https://gitlab.example.com/g/p/-/jobs/8 \
  CI_REPOSITORY_URL=https://gitlab.example.com/g/p.git CI_MERGE_REQUEST_EVENT_TYPE=detached \
  CI_MERGE_REQUEST_ID=77 CI_MERGE_REQUEST_IID=3 CI_MERGE_REQUEST_PROJECT_PATH=g/p \
  CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=fix CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main \
  CI_COMMIT_SHA=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa CI_COMMIT_REF_NAME=fix \
  node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
env-ci 77 main fix /g/p/pipelines/5
ci-env 77
percy 3
danger 3
cucumber ["revision","remote"]
TEXT
echo
echo "As described."
