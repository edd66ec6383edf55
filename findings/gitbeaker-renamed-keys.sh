#!/usr/bin/env bash
# Tool: @gitbeaker/rest 43.8.0 (npm), on Node.js 20 or newer.
# Input: names that are the user's own and have a capital: an input of a pipeline, deployEnv, and a custom attribute
# that is searched for, costCenter; parameters for an import; and a response whose maps have names with an underscore.
# Seen: the names are sent as deploy_env and cost_center, since all keys are rewritten, however deep they are: of the
# input GitLab knows nothing, and it looks for another attribute. The parameters for an import are sent as the text
# [object Object], and their name is not rewritten. With camelize: true, names of the user's own in a response are
# rewritten, too; those in capitals and in a list of key and value are not.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error @gitbeaker/rest@43.8.0
cat >try.mjs <<'JS'
import { createServer } from 'node:http';
import { Gitlab } from '@gitbeaker/rest';

const server = createServer(async (incoming, response) => {
  let body = '';
  for await (const part of incoming) body += part;
  const form = [...body.matchAll(/name="(.*?)".*\r\n(?:Content-Type.*\r\n)?\r\n(.*)\r\n/g)];
  const shown = form.length ? form.map(([, name, value]) => `${name}="${value}"`).sort().join(' ') : body;
  console.log(`${incoming.method} ${decodeURIComponent(incoming.url)} ${shown}`.trim());
  response.setHeader('Content-Type', 'application/json');
  response.end('{"web_url": "", "inputs": {"deploy_env": "a", "DEPLOY_ENV": "b"}, "variables": [{"key": "my_key"}]}');
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const host = `http://127.0.0.1:${server.address().port}`;
const gitlab = new Gitlab({ host, token: 'glpat-maintainer' });
const file = { content: new Blob(['x']), filename: 'export.tgz' };
await gitlab.Pipelines.create(1, 'main', {
  inputs: { deployEnv: 'production' },
  variables: [{ key: 'deployEnv', value: 'production' }],
});
await gitlab.Projects.all({ customAttributes: { costCenter: 'a' }, maxPages: 1 });
await gitlab.ProjectImportExports.import(file, 'first', { overrideParams: { visibilityLevel: 10 } });
const camel = new Gitlab({ host, token: 'glpat-maintainer', camelize: true });
console.log(JSON.stringify(await camel.Pipelines.show(1, 2)));
server.close();
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
POST /api/v4/projects/1/pipeline {"ref":"main","inputs":{"deploy_env":"production"},"variables":[{"key":"deployEnv","value":"production"}]}
GET /api/v4/projects?custom_attributes[cost_center]=a
POST /api/v4/projects/import file="x" overrideParams="[object Object]" path="first"
GET /api/v4/projects/1/pipelines/2
{"webUrl":"","inputs":{"deployEnv":"a","DEPLOY_ENV":"b"},"variables":[{"key":"my_key"}]}
TEXT
echo
echo "As described."
