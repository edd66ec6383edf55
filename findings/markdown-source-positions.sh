#!/usr/bin/env bash
# Tools: comrak 0.36.0 (crates.io), which GitLab's own Markdown is made with, on Rust 1.85 or newer; cmarkgfm 2024.11.20
# (PyPI), on Python 3.11 or newer; commonmark 0.31.2 (npm), on Node.js 20 or newer.
# Input: short Markdown of CommonMark, rendered with source positions: the data-sourcepos in GitLab's description_html.
# Seen: commonmark counts columns in UTF-16 units, the other two in bytes. A list before an empty line ends in column 0
# of that line for them, and at its last item for commonmark, which also puts the position of a code block at the inner
# element. So positions of one renderer are of no use with another one, though all three are of the same family.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
printf '["größer","- a\\n- b\\n\\n","```\\nx\\n```\\n"]' >texts.json
python3 -m venv venv
venv/bin/pip install --quiet cmarkgfm==2024.11.20
venv/bin/python - <<'PY' | tee seen.txt
import json

import cmarkgfm
from cmarkgfm.cmark import Options

for text in json.load(open("texts.json")):
    html = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_SOURCEPOS)
    print("cmarkgfm:", json.dumps(text, ensure_ascii=False), json.dumps(html, ensure_ascii=False))
PY
npm init -y >/dev/null
npm install --silent --no-audit --no-fund commonmark@0.31.2
cat >render.js <<'JS'
const { Parser, HtmlRenderer } = require('commonmark');
for (const text of require('./texts.json')) {
  const html = new HtmlRenderer({ sourcepos: true }).render(new Parser().parse(text));
  console.log('commonmark:', JSON.stringify(text), JSON.stringify(html));
}
JS
node render.js | tee -a seen.txt
cargo init --quiet --vcs none --name render
cargo add --quiet comrak@=0.36.0 --no-default-features
cargo add --quiet serde_json@1
cat >src/main.rs <<'RUST'
fn main() {
    let mut options = comrak::Options::default();
    options.render.sourcepos = true;
    let texts: Vec<String> = serde_json::from_str(&std::fs::read_to_string("texts.json").unwrap()).unwrap();
    for text in texts {
        let html = comrak::markdown_to_html(&text, &options);
        println!("comrak: {} {}", serde_json::json!(text), serde_json::json!(html));
    }
}
RUST
cargo run --quiet | tee -a seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
cmarkgfm: "größer" "<p data-sourcepos=\"1:1-1:8\">größer</p>\n"
cmarkgfm: "- a\n- b\n\n" "<ul data-sourcepos=\"1:1-3:0\">\n<li data-sourcepos=\"1:1-1:3\">a</li>\n<li data-sourcepos=\"2:1-3:0\">b</li>\n</ul>\n"
cmarkgfm: "```\nx\n```\n" "<pre data-sourcepos=\"1:1-3:3\"><code>x\n</code></pre>\n"
commonmark: "größer" "<p data-sourcepos=\"1:1-1:6\">größer</p>\n"
commonmark: "- a\n- b\n\n" "<ul data-sourcepos=\"1:1-2:3\">\n<li data-sourcepos=\"1:1-1:3\">a</li>\n<li data-sourcepos=\"2:1-2:3\">b</li>\n</ul>\n"
commonmark: "```\nx\n```\n" "<pre><code data-sourcepos=\"1:1-3:3\">x\n</code></pre>\n"
comrak: "größer" "<p data-sourcepos=\"1:1-1:8\">größer</p>\n"
comrak: "- a\n- b\n\n" "<ul data-sourcepos=\"1:1-3:0\">\n<li data-sourcepos=\"1:1-1:3\">a</li>\n<li data-sourcepos=\"2:1-3:0\">b</li>\n</ul>\n"
comrak: "```\nx\n```\n" "<pre data-sourcepos=\"1:1-3:3\"><code>x\n</code></pre>\n"
TEXT
echo
echo "As described."
