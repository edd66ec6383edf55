// A small external service for GitLab's external status checks, without dependencies: a check fails while a comment on
// the merge request asks to hold it. docs/build-a-service.md in this repository builds it step by step.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const api = (process.env.CI_API_V4_URL ?? "https://gitlab.com/api/v4").replace(/\/+$/, "");
const token = process.env.GITLAB_TOKEN ?? "";
const secret = process.env.STATUS_CHECK_SECRET ?? "";
const port = Number(process.env.PORT ?? 3000);

const largest = 25 * 1024 * 1024; // GitLab's limit for a payload
const patience = 100_000; // GitLab fails what is pending for two minutes
const mostCalls = 6;
const mostHeads = 5;

// A refusal is an answer of GitLab that is no success. It has no secrets, so that it can be logged.
class Refusal extends Error {
  constructor(method, path, status) {
    super(`${method} ${path}: GitLab answered ${status}`);
    this.status = status;
  }
}

// call makes a call. It waits and calls again if GitLab asks to slow down (429), is in trouble (5xx) or cannot be
// reached. Any other refusal stays one, however often it is asked for.
async function call(until, method, path, body) {
  for (let n = 1, pause = 200; ; n++, pause *= 2) {
    let wait = pause;
    let problem;
    try {
      const response = await fetch(api + path, {
        method,
        headers: { "Private-Token": token, ...(body && { "Content-Type": "application/json" }) },
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(30_000),
      });
      const text = await response.text();
      if (response.ok) {
        return { value: JSON.parse(text), next: response.headers.get("x-next-page") ?? "" };
      }
      problem = new Refusal(method, path, response.status);
      if (response.status === 429) {
        wait = Math.max(wait, 1000 * (Number(response.headers.get("retry-after")) || 0));
      } else if (response.status < 500) {
        throw problem;
      }
    } catch (error) {
      if (error === problem) throw error;
      problem = new Error(`${method} ${path}: GitLab cannot be reached, or did not answer JSON`);
    }
    if (n === mostCalls || Date.now() + wait > until) throw problem;
    await sleep(wait);
  }
}

const pathOf = (job) => `/projects/${job.project}/merge_requests/${job.iid}`;

const respond = (until, job, sha, status) =>
  call(until, "POST", `${pathOf(job)}/status_check_responses`, {
    external_status_check_id: job.check, sha, status,
  });

// verdict is failed while the newest of the comments /hold and /unhold is /hold. It reads all pages.
async function verdict(until, job) {
  let held = false;
  for (let page = "1"; page !== ""; ) {
    const { value, next } = await call(until, "GET", `${pathOf(job)}/notes?sort=asc&page=${page}`);
    for (const note of value) {
      const text = String(note.body).trim();
      if (text === "/hold" || text === "/unhold") held = text === "/hold";
    }
    page = next;
  }
  return held ? "failed" : "passed";
}

// judge sets pending and then the verdict. If GitLab says that there is a new head, it starts anew with that.
async function judge(job, first) {
  const until = Date.now() + patience;
  let sha = first;
  for (let n = 0; n < mostHeads; n++) {
    try {
      try {
        await respond(until, job, sha, "pending");
      } catch (error) {
        if (error.status !== 400) throw error; // GitLab takes pending since 16.5
      }
      await respond(until, job, sha, await verdict(until, job));
      return;
    } catch (error) {
      if (error.status !== 409) throw error;
    }
    const { value } = await call(until, "GET", pathOf(job));
    if (value.sha === sha || value.state !== "opened") return;
    sha = value.sha;
  }
}

// One delivery about a check of a merge request is worked on at a time.
const working = new Map();

function work(job, sha) {
  const key = `${job.project}/${job.iid}/${job.check}`;
  const done = (working.get(key) ?? Promise.resolve())
    .then(() => judge(job, sha))
    .catch((error) => console.error(`check ${job.check} of !${job.iid} in project ${job.project}: ${error.message}`))
    .finally(() => working.get(key) === done && working.delete(key));
  working.set(key, done);
}

// signed compares the signature with that of the exact bytes, in a time that tells nothing about it.
function signed(signature, body) {
  const right = Buffer.from(createHmac("sha256", secret).update(body).digest("hex"));
  const given = Buffer.from(signature ?? "");
  return given.length === right.length && timingSafeEqual(given, right);
}

// take decides what is answered to a delivery, and begins the work. GitLab waits for 20 seconds only.
function take(request, body) {
  if (request.method !== "POST") return 405;
  if (secret !== "" && !signed(request.headers["x-gitlab-signature"], body)) return 401;
  let delivery;
  try {
    delivery = JSON.parse(body.toString("utf8"));
  } catch {
    return 400;
  }
  const attributes = delivery?.object_attributes;
  const job = {
    project: delivery?.project?.id, iid: attributes?.iid, check: delivery?.external_approval_rule?.id,
  };
  const sha = attributes?.last_commit?.id;
  if (delivery?.object_kind !== "merge_request" || !job.project || !job.iid || !job.check || !sha) return 422;
  if (attributes.state === "opened") work(job, sha);
  return 202;
}

createServer((request, response) => {
  const parts = [];
  let size = 0;
  request.on("data", (part) => {
    size += part.length;
    if (size > largest) request.destroy();
    parts.push(part);
  });
  request.on("end", () => response.writeHead(take(request, Buffer.concat(parts))).end());
  request.on("error", () => response.destroy());
}).listen(port, "127.0.0.1", function () {
  console.error(`listening at 127.0.0.1:${this.address().port}`);
});
