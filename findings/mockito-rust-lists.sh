#!/usr/bin/env bash
# Tool: mockito 1.7.2 (crates.io), with Rust 1.85 or newer.
# Input: a test that expects a list, ids[]=14&ids[]=15, in the query and in a URL-encoded form, with one
# Matcher::UrlEncoded for each element, together in Matcher::AllOf; and one that expects only ids[]=15.
# Seen: the two together match nothing. Of a name that is repeated only the last value is looked at: ids[]=14 does not
# match ids[]=14&ids[]=15, and ids[]=15 does, so that a test passes if the first element is another.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "try-mockito"
version = "0.1.0"
edition = "2021"

[dependencies]
mockito = { version = "=1.7.2", default-features = false }
TOML
cat >src/main.rs <<'RUST'
use mockito::{Matcher, Server};
use std::io::{Read, Write};
use std::net::TcpStream;

/// ask sends the text in the query or in a form, and returns the status.
fn ask(server: &Server, place: &str, text: &str) -> String {
    let (target, body) = if place == "query" { (format!("/?{text}"), "") } else { ("/".to_string(), text) };
    let mut stream = TcpStream::connect(server.host_with_port()).unwrap();
    write!(
        stream,
        "POST {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap_or("none").to_string()
}

fn expect(values: &[&str]) -> Matcher {
    Matcher::AllOf(values.iter().map(|v| Matcher::UrlEncoded("ids[]".into(), (*v).into())).collect())
}

fn main() {
    for place in ["query", "form"] {
        for values in [&["14"][..], &["15"], &["14", "15"]] {
            let mut server = Server::new();
            let mock = server.mock("POST", "/");
            let mock =
                if place == "query" { mock.match_query(expect(values)) } else { mock.match_body(expect(values)) };
            let _mock = mock.create();
            let seen: Vec<String> = ["ids[]=14", "ids[]=15", "ids[]=14&ids[]=15"]
                .iter()
                .map(|text| format!("{text} {}", if ask(&server, place, text) == "200" { "matches" } else { "does not" }))
                .collect();
            println!("{place}, expected {}: {}", values.join(" and "), seen.join(", "));
        }
    }
}
RUST
cargo run --quiet | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
query, expected 14: ids[]=14 matches, ids[]=15 does not, ids[]=14&ids[]=15 does not
query, expected 15: ids[]=14 does not, ids[]=15 matches, ids[]=14&ids[]=15 matches
query, expected 14 and 15: ids[]=14 does not, ids[]=15 does not, ids[]=14&ids[]=15 does not
form, expected 14: ids[]=14 matches, ids[]=15 does not, ids[]=14&ids[]=15 does not
form, expected 15: ids[]=14 does not, ids[]=15 matches, ids[]=14&ids[]=15 matches
form, expected 14 and 15: ids[]=14 does not, ids[]=15 does not, ids[]=14&ids[]=15 does not
TEXT
echo
echo "As described."
