#!/usr/bin/env bash
# Tool: yaml 2.9.1 (npm), on Node.js 20 or newer; read and written with js-yaml 5.5.0 (npm) as well.
# Input: texts of several lines, one of which is of spaces alone, as editors leave it in a comment or a description.
# Seen: what yaml writes of a text whose last line is of spaces is another text, in long texts: a line of one space
# becomes a backslash, for js-yaml and for yaml itself. A text that begins with such a line loses the space. And what
# js-yaml writes, a block scalar with an indentation indicator, is read by yaml without its last line, if that is of
# spaces: " a\n " as " a". By YAML 1.2.2, section 8.1.2, spaces after the indentation are content.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error yaml@2.9.1 js-yaml@5.5.0
cat >try.mjs <<'JS'
import * as jsYaml from 'js-yaml';
import * as yaml from 'yaml';

const writers = { yaml: yaml.stringify, 'js-yaml': jsYaml.dump };
const readers = { yaml: yaml.parse, 'js-yaml': jsYaml.load };
const texts = [
  'passed\n \non main\n ',
  'The build has passed on the main branch.\n \nThe other checks are still to come, and will be told of here.\n ',
  ' \n',
  ' a\n ',
];
for (const text of texts) {
  console.log(JSON.stringify(text));
  for (const [writer, write] of Object.entries(writers)) {
    for (const [reader, read] of Object.entries(readers)) {
      const seen = read(write({ text })).text;
      console.log(`  ${writer} to ${reader}: ${seen === text ? 'the same' : JSON.stringify(seen)}`);
    }
  }
}
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
"passed\n \non main\n "
  yaml to yaml: the same
  yaml to js-yaml: the same
  js-yaml to yaml: the same
  js-yaml to js-yaml: the same
"The build has passed on the main branch.\n \nThe other checks are still to come, and will be told of here.\n "
  yaml to yaml: "The build has passed on the main branch.\n\\\nThe other checks are still to come, and will be told of here.\n "
  yaml to js-yaml: "The build has passed on the main branch.\n\\\nThe other checks are still to come, and will be told of here.\n "
  js-yaml to yaml: the same
  js-yaml to js-yaml: the same
" \n"
  yaml to yaml: "\n"
  yaml to js-yaml: "\n"
  js-yaml to yaml: the same
  js-yaml to js-yaml: the same
" a\n "
  yaml to yaml: the same
  yaml to js-yaml: the same
  js-yaml to yaml: " a"
  js-yaml to js-yaml: the same
TEXT
echo
echo "As described."
