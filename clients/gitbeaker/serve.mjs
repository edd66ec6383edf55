// Starts the mock as a program, and an external service for it to call.
import { spawn } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { after } from 'node:test';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
let program = process.env.MOCK_PROGRAM; // built already, if it is given

function build() {
  if (!program) {
    const folder = mkdtempSync(join(tmpdir(), 'statuschecks-gitbeaker-'));
    after(() => rmSync(folder, { recursive: true }));
    program = join(folder, 'statuschecks');
    execFileSync('go', ['build', '-C', root, '-o', program, './cmd/statuschecks'], { stdio: 'inherit' });
  }
  return program;
}

// serve starts a mock and gives what its ready line says.
export async function serve(...flags) {
  const child = spawn(build(), ['serve', '--listen', '127.0.0.1:0', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (data) => (log += data));
  after(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const [code] = await ended;
    if (code !== 0) throw new Error(`serve ended with ${code} after SIGTERM:\n${log}`);
  });
  for await (const line of createInterface({ input: child.stdout })) {
    return JSON.parse(line);
  }
  throw new Error(`serve did not get ready:\n${log}`);
}

// advance lets time pass at the mock; when it returns, what became due has happened.
export async function advance(mock, by) {
  const answer = await fetch(`${mock.control}/clock/advance`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ by }),
  });
  if (answer.status !== 200) throw new Error(`advance: ${answer.status} ${await answer.text()}`);
}

// receive is an external service that takes every delivery. Its next() waits for one.
export async function receive() {
  const arrived = [];
  const waiting = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(200).end();
      const body = Buffer.concat(chunks);
      const delivery = { headers: request.headers, body, payload: JSON.parse(body) };
      const first = waiting.shift();
      if (first) first(delivery);
      else arrived.push(delivery);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    next() {
      if (arrived.length > 0) return Promise.resolve(arrived.shift());
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('no delivery came within ten seconds')), 10_000);
        waiting.push((delivery) => {
          clearTimeout(timer);
          resolve(delivery);
        });
      });
    },
  };
}

export function signature(secret, body) {
  return createHmac('sha256', secret).update(body).digest('hex');
}
