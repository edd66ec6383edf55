// Puts express-openapi-validator before the mock. Its arguments are a release, or "all", and the contract as JSON.
import express from 'express';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { middleware } from 'express-openapi-validator';
import { traffic, upstream } from './traffic.mjs';

const [release, file] = process.argv.slice(2);
const contract = JSON.parse(readFileSync(file, 'utf8'));
const behind = await upstream(release);
const app = express();
app.use(express.json());
app.use(middleware({ apiSpec: contract, validateRequests: true, validateResponses: true }));
app.use(async (request, response) => {
  const { host, connection, 'content-length': length, ...headers } = request.headers;
  const answer = await fetch(behind.url.replace(/\/api\/v4$/, '') + request.originalUrl, {
    method: request.method,
    headers,
    body: request.method === 'GET' ? undefined : JSON.stringify(request.body),
  });
  for (const [name, value] of answer.headers) {
    if (!['content-length', 'transfer-encoding', 'date'].includes(name)) response.set(name, value);
  }
  response.status(answer.status);
  const text = await answer.text();
  text ? response.json(JSON.parse(text)) : response.end();
});
app.use((error, request, response, next) => {
  response.status(error.status ?? 500).json({ validator: error.errors ?? error.stack });
});
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
try {
  const base = `http://127.0.0.1:${server.address().port}/api/v4`;
  await traffic(base, contract, (response, text) => text.startsWith('{"validator":'));
} finally {
  server.closeAllConnections();
  server.close();
  await behind.stop();
}
console.log(`express-openapi-validator lets right traffic pass and refuses wrong: ${file}`);
