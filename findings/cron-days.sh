#!/usr/bin/env bash
# Tools: cron 0.17.0 (crates.io), with Rust 1.85 or newer; github.com/gorhill/cronexpr of 2018-04-27 and its copy
# github.com/hashicorp/cronexpr v1.1.3, with github.com/robfig/cron/v3 v3.0.1 for comparison, with Go 1.24 or newer.
# Input: schedules as cron and GitLab's pipeline schedules have them, for cron of Rust with the field of seconds in front
# that it wants: Mondays; the 13th and Fridays, which means every 13th and every Friday; and Friday to Monday.
# Seen: for cron of Rust, Monday is 2 and 1 is Sunday, so that a schedule comes a day early, and the 13th and Fridays
# are Fridays that are a 13th. The two cronexpr take 5-1, and then never find a next time: it is the year 1. robfig/cron
# refuses 5-1.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >schedules.txt <<'TEXT'
0 4 * * 1
0 4 13 * Fri
0 4 * * 5-1
TEXT
mkdir -p src
cat >Cargo.toml <<'TEXT'
[package]
name = "schedules"
version = "0.1.0"
edition = "2024"

[dependencies]
chrono = "=0.4.45"
cron = "=0.17.0"
TEXT
cat >src/main.rs <<'RUST'
use chrono::{DateTime, Utc};
use std::str::FromStr;

fn main() {
    let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
    for line in std::fs::read_to_string("schedules.txt").unwrap().lines() {
        let shown = match cron::Schedule::from_str(&format!("0 {line}")) {
            Ok(schedule) => schedule.after(&start).take(3).map(|time| time.format(" %a %F").to_string()).collect(),
            Err(_) => String::from(" refused"),
        };
        println!("{line}: cron of Rust{shown}");
    }
}
RUST
cat >go.mod <<'TEXT'
module example.com/schedules

go 1.24

require (
	github.com/gorhill/cronexpr v0.0.0-20180427100037-88b0669f7d75
	github.com/hashicorp/cronexpr v1.1.3
	github.com/robfig/cron/v3 v3.0.1
)
TEXT
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	gorhill "github.com/gorhill/cronexpr"
	hashicorp "github.com/hashicorp/cronexpr"
	robfig "github.com/robfig/cron/v3"
)

type schedule interface{ Next(time.Time) time.Time }

func main() {
	text, err := os.ReadFile("schedules.txt")
	if err != nil {
		panic(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		show := func(name string, read schedule, err error) {
			fmt.Printf("%s: %s", line, name)
			if err != nil {
				fmt.Println(" refused")
				return
			}
			next := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			for range 3 {
				next = read.Next(next)
				fmt.Print(next.Format(" Mon 2006-01-02"))
			}
			fmt.Println()
		}
		first, err := gorhill.Parse(line)
		show("gorhill", first, err)
		second, err := hashicorp.Parse(line)
		show("hashicorp", second, err)
		third, err := robfig.ParseStandard(line)
		show("robfig", third, err)
	}
}
GO
export GOFLAGS=-mod=mod
{ cargo run --quiet && go run .; } | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
0 4 * * 1: cron of Rust Sun 2026-01-04 Sun 2026-01-11 Sun 2026-01-18
0 4 13 * Fri: cron of Rust Fri 2026-02-13 Fri 2026-03-13 Fri 2026-11-13
0 4 * * 5-1: cron of Rust refused
0 4 * * 1: gorhill Mon 2026-01-05 Mon 2026-01-12 Mon 2026-01-19
0 4 * * 1: hashicorp Mon 2026-01-05 Mon 2026-01-12 Mon 2026-01-19
0 4 * * 1: robfig Mon 2026-01-05 Mon 2026-01-12 Mon 2026-01-19
0 4 13 * Fri: gorhill Fri 2026-01-02 Fri 2026-01-09 Tue 2026-01-13
0 4 13 * Fri: hashicorp Fri 2026-01-02 Fri 2026-01-09 Tue 2026-01-13
0 4 13 * Fri: robfig Fri 2026-01-02 Fri 2026-01-09 Tue 2026-01-13
0 4 * * 5-1: gorhill Mon 0001-01-01 Mon 0001-01-01 Mon 0001-01-01
0 4 * * 5-1: hashicorp Mon 0001-01-01 Mon 0001-01-01 Mon 0001-01-01
0 4 * * 5-1: robfig refused
TEXT
echo
echo "As described."
