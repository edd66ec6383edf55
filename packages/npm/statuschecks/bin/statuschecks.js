#!/usr/bin/env node
'use strict';
const { spawn } = require('node:child_process');
const { program } = require('../lib/program.js');

// path is the program, or says what is missing.
function path() {
  try {
    return program();
  } catch (error) {
    console.error(error.message);
    process.exit(126);
  }
}

const child = spawn(path(), process.argv.slice(2), { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  // A terminal sends Ctrl-C to the program as well, which decides what that means.
  process.on(signal, () => signal === 'SIGINT' && process.stdin.isTTY || child.kill(signal));
}
child.on('error', (error) => {
  console.error(`statuschecks: the program could not be started: ${error.message}`);
  process.exit(126);
});
child.on('exit', (code, signal) => {
  if (!signal) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
