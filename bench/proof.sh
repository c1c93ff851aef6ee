#!/usr/bin/env bash
# What proof costs (docs/benchmarks.md): intents beside 200 cameras and beside SQLite's durable
# commits, a rotation of 30 days of 200 cameras while it records, a day destroyed by its size, a
# million entries verified. About four minutes and 20 GB of disk, which are given back.
#
#   bench/run.sh --proof
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
target="${CARGO_TARGET_DIR:-target}"
cargo build --release --locked -p jikim --example proof
cargo build --release --locked -p verify --example measure
mkdir -p "$target/bench"
place="$(mktemp -d "$target/bench/proof.XXXXXX")"
trap 'rm -rf "$place"' EXIT
free_gb="$(df --output=avail -BG "$place" | tail -n 1 | tr -dc 0-9)"
if ((free_gb < 25)); then
  echo "bench: 25 GB are needed, $free_gb are free" >&2
  exit 1
fi
proof="$target/release/examples/proof"
"$proof" intents --data "$place/intents"
rm -rf "$place/intents"
"$proof" rotate --data "$place/rotate"
rm -rf "$place/rotate"
for size in 1 16; do
  "$proof" day --data "$place/day$size" --gigabytes "$size"
  rm -rf "$place/day$size"
done
"$proof" day --data "$place/sparse" --gigabytes 1000 --sparse
"$target/release/examples/measure"
