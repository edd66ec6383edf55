#!/usr/bin/env bash
# Tool: screwdriver-scm-gitlab 5.5.3 (npm), on Node.js 20 or newer.
# Input: webhooks as GitLab sends them: a push of two commits to a branch with a slash in its name, and a merge request
# that is opened, whose title is changed, that is approved, and that gets new commits.
# Seen: the branch feature/login is login. The files that changed are those of the first commit, while the message is that
# of the last one. Whatever happens to an open merge request, the action is "opened", since the state is taken for it, so
# that a new title and an approval cannot be told from a new merge request.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error screwdriver-scm-gitlab@5.5.3
cat >try.cjs <<'JS'
const GitlabScm = require('screwdriver-scm-gitlab');

const scm = new GitlabScm({ oauthClientId: 'id', oauthClientSecret: 'secret', gitlabHost: 'gitlab.com', readOnly: {} });
const project = { git_ssh_url: 'git@gitlab.com:group/project.git' };
const commit = (message, added) => ({ message, added, modified: [], removed: [], author: { name: 'Ada' } });
const merge = (action, more) => ({
  object_kind: 'merge_request', project, user: { username: 'ada' },
  object_attributes: {
    action, state: 'opened', iid: 1, title: 'It', source_project_id: 6, target_project_id: 6, target_branch: 'main',
    last_commit: { id: 'a'.repeat(40) }, ...more,
  },
});

async function show(name, event, payload) {
  const { action, branch, addedFiles, lastCommitMessage } =
    await scm.parseHook({ 'x-gitlab-event': event }, JSON.stringify(payload));
  console.log(`${name}: ${JSON.stringify({ action, branch, addedFiles, lastCommitMessage })}`);
}

(async () => {
  await show('two commits pushed to feature/login', 'Push Hook', {
    object_kind: 'push', ref: 'refs/heads/feature/login', checkout_sha: 'b'.repeat(40), user_username: 'ada', project,
    commits: [commit('First', ['first.txt']), commit('Second', ['second.txt'])],
  });
  await show('opened', 'Merge Request Hook', merge('open'));
  await show('title changed', 'Merge Request Hook', merge('update'));
  await show('approved', 'Merge Request Hook', merge('approved'));
  await show('new commits', 'Merge Request Hook', merge('update', { oldrev: 'c'.repeat(40) }));
})();
JS
node try.cjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
two commits pushed to feature/login: {"action":"push","branch":"login","addedFiles":["first.txt"],"lastCommitMessage":"Second"}
opened: {"action":"opened","branch":"main"}
title changed: {"action":"opened","branch":"main"}
approved: {"action":"opened","branch":"main"}
new commits: {"action":"opened","branch":"main"}
TEXT
echo
echo "As described."
