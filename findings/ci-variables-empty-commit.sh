#!/usr/bin/env bash
# Tools: @codecov/bundler-plugin-core 2.0.1, coveralls 3.1.1 and env-ci 11.2.0 (npm), codecov-cli 11.3.1 (PyPI), on
# Node.js 20 and Python 3.10 or newer.
# Input: the variables of a job of GitLab in a merge request pipeline. CI_COMMIT_SHA is the commit.
# CI_MERGE_REQUEST_SOURCE_BRANCH_SHA is there and empty, as GitLab sets it unless the pipeline is one of merged results.
# Seen: @codecov/bundler-plugin-core sends null for the commit, as it takes the second variable whenever it is there;
# without that variable it sends the commit. codecov-cli of the same makers sends CI_COMMIT_SHA, and env-ci tells it.
# coveralls has neither job nor commit: it reads CI_BUILD_ID and CI_BUILD_REF, the names of before GitLab 9.0, which are
# gone since 16.0.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error @codecov/bundler-plugin-core@2.0.1 coveralls@3.1.1 \
  env-ci@11.2.0
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check codecov-cli==11.3.1
cat >try.mjs <<'JS'
import { createServer } from 'node:http';
import { Output, normalizeOptions } from '@codecov/bundler-plugin-core';
import coveralls from 'coveralls';
import envCi from 'env-ci';

console.log('env-ci', envCi().commit);
coveralls.getOptions((err, options) =>
  console.log('coveralls', options.service_name, options.service_job_id, options.git?.head?.id));
const server = createServer((request, response) => {
  let text = '';
  request.on('data', (part) => (text += part));
  request.on('end', () => {
    console.log('codecov', JSON.stringify(JSON.parse(text).commit));
    response.writeHead(400).end('{}');
  });
}).listen(0, '127.0.0.1', async () => {
  const options = normalizeOptions({
    enableBundleAnalysis: true, bundleName: 'b', uploadToken: 'x', retryCount: 1, telemetry: false,
    apiUrl: `http://127.0.0.1:${server.address().port}`,
  });
  const output = new Output(options.options, { metaFramework: 'vanilla' });
  output.start();
  output.end();
  await output.write(false);
  server.close();
});
JS
cat >try.py <<'PY'
from codecov_cli.helpers.ci_adapters.gitlab_ci import GitlabCIAdapter
from codecov_cli.fallbacks import FallbackFieldEnum

print("codecov-cli", GitlabCIAdapter().get_fallback_value(FallbackFieldEnum.commit_sha))
PY
job() {
  env -i PATH="$PATH" HOME="$PWD" CI=true GITLAB_CI=true CI_PIPELINE_SOURCE=merge_request_event CI_PIPELINE_ID=5 \
    CI_JOB_ID=8 CI_PROJECT_PATH=g/p CI_MERGE_REQUEST_EVENT_TYPE=detached CI_MERGE_REQUEST_ID=77 CI_MERGE_REQUEST_IID=3 \
    CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=fix CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main CI_COMMIT_REF_NAME=fix \
    CI_COMMIT_SHA=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa CI_MERGE_REQUEST_SOURCE_BRANCH_SHA= \
    CI_MERGE_REQUEST_TARGET_BRANCH_SHA= "$@"
}
{
  job node try.mjs
  job python/bin/python try.py
  echo "without the empty variable:"
  job env -u CI_MERGE_REQUEST_SOURCE_BRANCH_SHA node try.mjs
} 2>/dev/null | grep -E '^(env-ci|coveralls|codecov|without)' | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
env-ci aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
coveralls gitlab-ci undefined undefined
codecov null
codecov-cli aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
without the empty variable:
env-ci aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
coveralls gitlab-ci undefined undefined
codecov "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
TEXT
echo
echo "As described."
