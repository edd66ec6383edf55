#!/usr/bin/env bash
# Tool: openapiv3 2.2.0 (crates.io), with serde_json 1, with Rust 1.85 or newer.
# Input: a valid document of OpenAPI 3.0.3 with a URL-encoded form, in which a list is one value with commas:
# encoding with explode: false. A response has null as its example, which null says: an absent one is something else.
# The document is read, and written again.
# Seen: explode: false is gone, and without it the list is written with a name for each element (style form, OpenAPI
# 3.0.3, Encoding Object). In its place there is contentType: null, which is no valid document: it must be a text. The
# example is gone too. The same explode: false at a parameter stays.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "try-openapiv3"
version = "0.1.0"
edition = "2021"

[dependencies]
openapiv3 = "=2.2.0"
serde_json = "1"
TOML
cat >contract.json <<'JSON'
{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/rules": {"post": {
  "parameters": [{"name": "q", "in": "query", "style": "form", "explode": false,
    "schema": {"type": "array", "items": {"type": "integer"}}}],
  "requestBody": {"content": {"application/x-www-form-urlencoded": {
    "schema": {"type": "object", "properties": {"ids": {"type": "array", "items": {"type": "integer"}}}},
    "encoding": {"ids": {"explode": false}}}}},
  "responses": {"200": {"description": "ok", "content": {"application/json": {
    "schema": {"type": "string", "nullable": true}, "example": null}}}}}}}}
JSON
cat >src/main.rs <<'RUST'
use serde_json::Value;

fn main() -> Result<(), serde_json::Error> {
    let text = include_str!("../contract.json");
    let before: Value = serde_json::from_str(text)?;
    let document: openapiv3::OpenAPI = serde_json::from_str(text)?;
    let after = serde_json::to_value(&document)?;
    for place in [
        "parameters/0/explode",
        "requestBody/content/application~1x-www-form-urlencoded/encoding/ids",
        "responses/200/content/application~1json/example",
    ] {
        let pointer = format!("/paths/~1rules/post/{place}");
        let say = |value: Option<&Value>| value.map_or("nothing".to_string(), Value::to_string);
        println!("{place}: {} -> {}", say(before.pointer(&pointer)), say(after.pointer(&pointer)));
    }
    Ok(())
}
RUST
cargo run --quiet | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
parameters/0/explode: false -> false
requestBody/content/application~1x-www-form-urlencoded/encoding/ids: {"explode":false} -> {"contentType":null}
responses/200/content/application~1json/example: null -> nothing
TEXT
echo
echo "As described."
