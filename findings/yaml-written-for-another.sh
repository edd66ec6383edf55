#!/usr/bin/env bash
# Tools: yaml 2.9.1 and js-yaml 4.3.2 (npm), on Node.js 20 or newer; ruamel.yaml 0.19.1 and, as a reader, PyYAML 6.0.4
# (PyPI), on Python 3.11 or newer; github.com/goccy/go-yaml v1.19.2 and go.yaml.in/yaml/v3 v3.0.6, with Go 1.24;
# serde_yaml_ng 0.10.0 (crates.io), with Rust 1.85 or newer.
# Input: texts that are written as YAML, as for a child pipeline or a seed: no, on, times, a date, a version, a branch
# 1_000. The reader is PyYAML, which reads YAML 1.1, as Ruby's Psych does in GitLab.
# Seen: yaml, serde_yaml_ng and ruamel.yaml write no, on and 12:30 without quotes, for YAML 1.2, and they are read as
# false, true and 750 minutes. goccy writes 12:30:45 so, and -.inf, which is a number in 1.2 too. js-yaml does it with
# 1_000, though it quotes the others. Only go.yaml.in/yaml quotes all. With yaml, {version: '1.1'} mends it.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '["no", "on", "off", "12:30", "12:30:45", "2026-01-02", "1_000", "0b11", "18.10", "-.inf"]' >texts.json
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error yaml@2.9.1 js-yaml@4.3.2
cat >try.mjs <<'JS'
import { readFileSync, writeFileSync } from 'node:fs';
import jsYaml from 'js-yaml';
import { stringify } from 'yaml';

const texts = JSON.parse(readFileSync('texts.json', 'utf8'));
writeFileSync('1 yaml', stringify(texts));
writeFileSync("2 yaml, version '1.1'", stringify(texts, { version: '1.1' }));
writeFileSync('3 js-yaml', jsYaml.dump(texts));
JS
cat >go.mod <<'TEXT'
module example.com/texts

go 1.24

require (
	github.com/goccy/go-yaml v1.19.2
	go.yaml.in/yaml/v3 v3.0.6
)
TEXT
cat >main.go <<'GO'
package main

import (
	"encoding/json"
	"os"
	"strings"

	goccy "github.com/goccy/go-yaml"
	yaml "go.yaml.in/yaml/v3"
)

func main() {
	given, err := os.ReadFile("texts.json")
	if err != nil {
		panic(err)
	}
	var texts []string
	if err := json.Unmarshal(given, &texts); err != nil {
		panic(err)
	}
	first, err := goccy.Marshal(texts)
	if err != nil {
		panic(err)
	}
	second, err := yaml.Marshal(texts)
	if err != nil {
		panic(err)
	}
	for name, text := range map[string][]byte{"4 goccy/go-yaml": first, "5 go.yaml.in/yaml": second} {
		if err := os.WriteFile(strings.ReplaceAll(name, "/", " "), text, 0o644); err != nil {
			panic(err)
		}
	}
}
GO
mkdir -p src
cat >Cargo.toml <<'TEXT'
[package]
name = "texts"
version = "0.1.0"
edition = "2024"

[dependencies]
serde_json = "=1.0.154"
serde_yaml_ng = "=0.10.0"
TEXT
cat >src/main.rs <<'RUST'
fn main() {
    let given = std::fs::read_to_string("texts.json").unwrap();
    let texts: Vec<String> = serde_json::from_str(&given).unwrap();
    std::fs::write("6 serde_yaml_ng", serde_yaml_ng::to_string(&texts).unwrap()).unwrap();
}
RUST
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check ruamel.yaml==0.19.1 PyYAML==6.0.4
cat >try.py <<'PYTHON'
import glob
import json

import yaml
from ruamel.yaml import YAML

texts = json.load(open("texts.json"))
with open("7 ruamel.yaml", "w") as file:
    YAML().dump(texts, file)
for name in sorted(glob.glob("[1-7] *")):
    read = yaml.safe_load(open(name))
    other = [f"{text} is {value}" for text, value in zip(texts, read, strict=True) if text != value]
    print(f"{name[2:]}: {', '.join(other) or 'as given'}")
PYTHON
export GOFLAGS=-mod=mod
{ node try.mjs && go run . && cargo run --quiet && tool/bin/python try.py; } | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
yaml: no is False, on is True, off is False, 12:30 is 750, 12:30:45 is 45045, 2026-01-02 is 2026-01-02, 1_000 is 1000, 0b11 is 3
yaml, version '1.1': as given
js-yaml: 1_000 is 1000
goccy go-yaml: 12:30:45 is 45045, -.inf is -inf
go.yaml.in yaml: as given
serde_yaml_ng: no is False, on is True, off is False, 12:30 is 750, 12:30:45 is 45045, 2026-01-02 is 2026-01-02, 1_000 is 1000
ruamel.yaml: no is False, on is True, off is False, 12:30 is 750, 12:30:45 is 45045
TEXT
echo
echo "As described."
