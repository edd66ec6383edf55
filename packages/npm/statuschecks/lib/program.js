'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');

// program is the path of the program for this machine.
function program() {
  if (process.env.MOCK_GITLAB_PROGRAM) return process.env.MOCK_GITLAB_PROGRAM;
  const name = `@statuschecks/${process.platform}-${process.arch}`;
  const file = process.platform === 'win32' ? 'statuschecks.exe' : 'statuschecks';
  // npm installs a folder as a link to it. The other package is beside this one then, where no package is looked for.
  const beside = join(__dirname, '../..', name, 'bin', file);
  if (existsSync(beside)) return beside;
  try {
    return require.resolve(`${name}/bin/${file}`);
  } catch {
    throw new Error(
      `statuschecks: the package ${name} is not installed. npm installs it as an optional dependency: install again ` +
        'without --omit=optional, or name a program in MOCK_GITLAB_PROGRAM.',
    );
  }
}

exports.program = program;
