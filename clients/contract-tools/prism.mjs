// Puts Prism between a client and the mock. Its arguments are a release, or "all", and the contract as JSON.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { eventually, traffic, upstream } from './traffic.mjs';

const [release, file] = process.argv.slice(2);
const contract = JSON.parse(readFileSync(file, 'utf8'));
const behind = await upstream(release);
const port = 20000 + (process.pid % 20000);
const prism = spawn('node_modules/.bin/prism', ['proxy', file, behind.url, '--errors', '--port', `${port}`], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
try {
  const base = `http://127.0.0.1:${port}`;
  await eventually('Prism', () => fetch(`${base}/version`));
  await traffic(base, contract, (response, text) => {
    const found = response.headers.get('sl-violations') ?? '';
    return found.includes('"severity":"Error"') || text.includes('stoplight.io/prism/errors');
  });
} finally {
  prism.kill();
  await behind.stop();
}
console.log(`Prism lets right traffic pass and refuses wrong: ${file}`);
