#!/usr/bin/env bash
# Tool: serde_qs 1.1.3, with url 2.5.8 to write queries, and serde_html_form 0.4.1 for comparison (crates.io), with Rust
# 1.85 or newer.
# Input: queries for a service in Rust: a list under ids[], as the url crate and browsers write it, with the brackets
# percent-encoded, and as it is written by hand; and a boolean with an empty value.
# Seen: serde_qs reads the list that is percent-encoded as no list: with a default it is empty, in silence. It must be
# told use_form_encoding(true). strict= is true, where true or false is asked for; without the equals sign it is no
# value, and for serde_html_form both are none.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
mkdir -p src
cat >Cargo.toml <<'TEXT'
[package]
name = "queries"
version = "0.1.0"
edition = "2024"

[dependencies]
serde = { version = "=1.0.229", features = ["derive"] }
serde_html_form = "=0.4.1"
serde_qs = "=1.1.3"
url = "=2.5.8"
TEXT
cat >src/main.rs <<'RUST'
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Checks {
    ids: Vec<u64>,
    strict: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Renamed {
    #[serde(rename = "ids[]")]
    ids: Vec<u64>,
    strict: Option<bool>,
}

fn main() {
    let url = url::Url::parse_with_params("http://example.com/", [("ids[]", "14"), ("ids[]", "15")]).unwrap();
    for query in [url.query().unwrap(), "ids[]=14&ids[]=15", "strict=true", "strict=", "strict"] {
        let first: Checks = serde_qs::from_str(query).unwrap();
        let form = serde_qs::Config::new().use_form_encoding(true);
        let second: Checks = form.deserialize_str(query).unwrap();
        let third: Renamed = serde_html_form::from_str(query).unwrap();
        println!("{query}:");
        println!("  serde_qs {:?}, strict {:?}", first.ids, first.strict);
        println!("  serde_qs with use_form_encoding(true) {:?}, strict {:?}", second.ids, second.strict);
        println!("  serde_html_form {:?}, strict {:?}", third.ids, third.strict);
    }
}
RUST
cargo run --quiet | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
ids%5B%5D=14&ids%5B%5D=15:
  serde_qs [], strict None
  serde_qs with use_form_encoding(true) [14, 15], strict None
  serde_html_form [14, 15], strict None
ids[]=14&ids[]=15:
  serde_qs [14, 15], strict None
  serde_qs with use_form_encoding(true) [14, 15], strict None
  serde_html_form [14, 15], strict None
strict=true:
  serde_qs [], strict Some(true)
  serde_qs with use_form_encoding(true) [], strict Some(true)
  serde_html_form [], strict Some(true)
strict=:
  serde_qs [], strict Some(true)
  serde_qs with use_form_encoding(true) [], strict Some(true)
  serde_html_form [], strict None
strict:
  serde_qs [], strict None
  serde_qs with use_form_encoding(true) [], strict None
  serde_html_form [], strict None
TEXT
echo
echo "As described."
