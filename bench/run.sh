#!/usr/bin/env bash
# The measurements of docs/benchmarks.md, side by side in one run: us, a peer, the limit.
#
#   bench/run.sh [--cameras 200] [--minutes 10] [--without-ffmpeg]
#
# Needs the release build and the clips (./x build), python3 and ffmpeg. Prints a table and writes
# it to target/bench/. Everything listens on 127.0.0.1 and ends by itself.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cargo build --release --locked -p jikim -p testkit --examples
exec python3 bench/recording.py "$@"
