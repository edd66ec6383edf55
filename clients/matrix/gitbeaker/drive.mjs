// Does one call with gitbeaker, and prints what came of it as a line of JSON. It has no call to retry a check.
import { Gitlab } from '@gitbeaker/rest';

const { MATRIX_URL, MATRIX_TOKEN, MATRIX_CALL, MATRIX_SHA } = process.env;
const checks = new Gitlab({ host: MATRIX_URL, token: MATRIX_TOKEN }).ExternalStatusChecks;
const [project, mergeRequest, check] = [6, 4, 1];
const calls = {
  list: () => checks.all(project, { perPage: 100 }),
  pages: () => checks.all(project, { perPage: 2 }),
  set: () => checks.set(project, mergeRequest, MATRIX_SHA, check, { status: 'passed' }),
  delete: () => checks.remove(project, check),
};
let outcome;
try {
  if (!calls[MATRIX_CALL]) throw new Error('missing');
  const answer = await calls[MATRIX_CALL]();
  outcome = { ok: true, rows: Array.isArray(answer) ? answer.length : 0, error: '' };
} catch (error) {
  outcome = { ok: false, missing: error.message === 'missing', rows: 0, error: `${error}` };
}
console.log(JSON.stringify(outcome));
