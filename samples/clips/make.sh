#!/bin/sh
# Makes the clips that simulated cameras play, with ffmpeg. What is there already stays.
#
#   samples/clips/make.sh [--small] OUT_DIR
#
# --small makes only the two clips of the tests (a second's work).
set -eu

small=no
if [ "${1:-}" = --small ]; then small=yes; shift; fi
out=${1:?"usage: make.sh [--small] OUT_DIR"}
mkdir -p "$out"

# The picture is cut into one slice for each row of macroblocks, without anything that would tie a
# row to the one above (deblocking) or to the whole (CABAC, weights): so that the simulator can put
# its own slices, with name, time and counter, in place of the topmost rows.
x264_params() { # rows
  echo "keyint=30:min-keyint=30:scenecut=0:bframes=0:ref=1:weightp=0:cabac=0:no-deblock=1:8x8dct=0:slices=$1:mvrange=32"
}

# make NAME ENCODER-OPTIONS... : the clip appears under its name only when it is whole.
small_clip() { # name codec options...
  name=$1; shift
  [ -s "$out/$name" ] && return 0
  echo "clips: $name"
  ffmpeg -nostdin -v error -y -f lavfi -i "testsrc2=s=320x180:r=15:d=8" \
    -vf "drawbox=0:0:iw:64:black:fill,format=yuv420p" "$@" "$out/$name.$$.tmp"
  mv "$out/$name.$$.tmp" "$out/$name"
}

small_clip small.h264 -c:v libx264 -preset veryfast -b:v 200k -x264-params "$(x264_params 12)" -f h264
small_clip small.h265 -c:v libx265 -preset ultrafast -b:v 200k \
  -x265-params "log-level=error:keyint=30:min-keyint=30:scenecut=0:bframes=0:open-gop=0:repeat-headers=1" -f hevc
