#!/bin/sh
# Makes the clips that simulated cameras play, with ffmpeg. What is there already stays; a clip
# appears under its name only when it is whole.
#
#   samples/clips/make.sh [--small | --large] OUT_DIR
#
# Without --small: nine calm places of 1280x720, 15 frames a second, about 1 Mbit/s, 24 seconds each
# (H.264), the crossing once more in H.265, and the car park at 2 Mbit/s for measurements
# (bench.h264). With --large also the car park in H.265, 1920x1080, 25 frames a second, 4 Mbit/s
# (large.h265), which takes a while. Always: two clips of 320x180 for tests (small.h264, small.h265).
#
# How an H.264 clip must be made so that the simulator can write name, time and frame counter into
# it (crates/testkit/src/overlay): one slice for each three rows of macroblocks, CAVLC, no deblocking,
# one reference, no B-frames, no weights; the three topmost rows are black and still, and what moves
# stays further below the two that are written on than a motion vector reaches (mvrange).
set -eu

small=no large=no
case ${1:-} in
--small) small=yes; shift ;;
--large) large=yes; shift ;;
esac
out=${1:?"usage: make.sh [--small | --large] OUT_DIR"}
command -v ffmpeg >/dev/null || { echo "clips: ffmpeg is missing: apt-get install ffmpeg" >&2; exit 1; }
mkdir -p "$out"
work=$(mktemp -d "$out/.making.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

font=
for candidate in /usr/share/fonts/truetype/nanum/NanumGothicBold.ttf \
  /usr/share/fonts/truetype/nanum/NanumGothic.ttf \
  /usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc \
  /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc; do
  if [ -z "$font" ] && [ -r "$candidate" ]; then font=$candidate; fi
done

run() { ffmpeg -nostdin -hide_banner -v error -y "$@"; }

x264() { # slices: a third of the rows of macroblocks
  echo "keyint=30:min-keyint=30:scenecut=0:bframes=0:ref=1:weightp=0:cabac=0:8x8dct=0:no-deblock=1:mvrange=32:slices=$1"
}
x265="log-level=error:keyint=30:min-keyint=30:scenecut=0:bframes=0:open-gop=0:repeat-headers=1"

finish() { # name
  mv "$work/$1" "$out/$1"
  echo "clips: $1 ($(($(wc -c <"$out/$1") / 1024)) KiB)"
}

# ---- small ones, for tests -----------------------------------------------------------------------

small_clip() { # name encoder-options...
  name=$1
  shift
  [ -s "$out/$name" ] && return 0
  run -f lavfi -i testsrc2=s=320x180:r=15:d=8 \
    -vf "drawbox=0:0:iw:80:black:fill,format=yuv420p" "$@" "$work/$name"
  finish "$name"
}

small_clip small.h264 -c:v libx264 -preset veryfast -b:v 200k -x264-params "$(x264 4)" -f h264
small_clip small.h265 -c:v libx265 -preset ultrafast -b:v 200k -x265-params "$x265" -f hevc
[ "$small" = no ] || exit 0

missing=0
for name in gate lobby parking corridor playground park backdoor storage crossing bench; do
  [ -s "$out/$name.h264" ] || missing=$((missing + 1))
done
if [ "$large" = yes ] && ! [ -s "$out/large.h265" ]; then missing=$((missing + 1)); fi
[ -s "$out/crossing.h265" ] || missing=$((missing + 1))
[ "$missing" -gt 0 ] || exit 0
echo "clips: $missing to make in $out; a minute's work on two cores"

# ---- figures -------------------------------------------------------------------------------------

# A figure is a small picture with a transparent ground, painted by formula.
person() { # name red green blue
  run -f lavfi -i color=black:s=48x128:d=1:r=1 -frames:v 1 -vf "format=rgba,geq=\
r='if(lt(Y,30),222,if(lt(Y,82),$2,44))':g='if(lt(Y,30),184,if(lt(Y,82),$3,46))':\
b='if(lt(Y,30),158,if(lt(Y,82),$4,58))':\
a='255*gt(lt(hypot(X-24,Y-16),13)+lt(abs(X-24),15-2*lt(Y,36))*between(Y,31,82)+lt(abs(abs(X-24)-8),6)*between(Y,82,126),0)'" \
    "$work/$1.png"
}
car() { # name red green blue
  glass="between(Y,12,34)*between(X,70,150)*gt(abs(X-110),4)"
  wheel="lt(hypot(X-52,Y-66),16)+lt(hypot(X-168,Y-66),16)"
  run -f lavfi -i color=black:s=220x84:d=1:r=1 -frames:v 1 -vf "format=rgba,geq=\
r='if($wheel,24,if($glass,150,$2))':g='if($wheel,24,if($glass,170,$3))':b='if($wheel,26,if($glass,180,$4))':\
a='255*gt(between(Y,34,66)*between(X,4,216)+between(Y,6,36)*between(X,40+(36-Y)*0.7,182-(36-Y)*0.7)+$wheel,0)'" \
    "$work/$1.png"
}

# ---- scenes --------------------------------------------------------------------------------------

# Places of figures over a loop of 24 seconds; each comes back to where it began.
across() { echo "-220+1500*mod(t/$1+$2\,1)"; }    # from left to right, in $1 seconds, begun at part $2
back() { echo "1280-1500*mod(t/$1+$2\,1)"; }      # from right to left
about() { echo "$1+$2*sin(2*PI*(t/$3+$4))"; }     # round $1, $2 far, in $3 seconds

# scene FILE NAME GROUND BOXES FIGURE X Y [FIGURE X Y]... ; BOXES are drawbox arguments, one a word.
scene() {
  file=$1 title=$2 ground=$3 boxes=$4
  shift 4
  [ -s "$out/$file" ] && return 0
  paint=
  for box in $boxes; do paint="$paint,drawbox=$box:t=fill"; done
  run -f lavfi -i "color=$ground:s=1280x720:d=1:r=1" -frames:v 1 \
    -vf "format=rgb24$paint,boxblur=1,vignette=PI/6" "$work/$file.png"

  inputs='' graph="[0]loop=-1:1,fps=15,format=yuv420p[p0]" number=0
  while [ $# -ge 3 ]; do
    inputs="$inputs -i $work/$1.png"
    next=$((number + 1))
    graph="$graph;[$next]loop=-1:1,fps=15,format=yuva420p[f$next];[p$number][f$next]overlay=x='$2':y='$3'[p$next]"
    number=$next
    shift 3
  done
  # Grain as a sensor has it, and above it a still band with the place's name.
  graph="$graph;[p$number]noise=c0s=5:c0f=t+u,drawbox=0:48:iw:32:0x20242a:fill,drawbox=0:0:iw:48:black:fill"
  if [ -n "$font" ]; then
    printf %s "$title" >"$work/$file.txt"
    graph="$graph,drawtext=fontfile=$font:textfile=$work/$file.txt:fontsize=26:fontcolor=0xd8dde4:x=20:y=64-th/2"
  fi
  # shellcheck disable=SC2086 # the paths of the inputs hold no spaces: mktemp made them
  case $file in
  large.h265)
    run -i "$work/$file.png" $inputs -filter_complex "$graph,fps=25,scale=1920:1080,noise=c0s=7:c0f=t+u,format=yuv420p" -t 12 \
      -c:v libx265 -preset ultrafast -b:v 4000k -x265-params "$x265:keyint=50:min-keyint=50:vbv-maxrate=4400:vbv-bufsize=8000" \
      -f hevc "$work/$file" ;;
  *.h265)
    run -i "$work/$file.png" $inputs -filter_complex "$graph,format=yuv420p" -t 24 \
      -c:v libx265 -preset ultrafast -b:v 1000k -x265-params "$x265" -f hevc "$work/$file" ;;
  bench.h264)
    run -i "$work/$file.png" $inputs -filter_complex "$graph,format=yuv420p" -t 12 -c:v libx264 -preset veryfast \
      -threads 1 -b:v 2000k -maxrate 2400k -bufsize 4000k -x264-params "$(x264 15)" -f h264 "$work/$file" ;;
  *)
    run -i "$work/$file.png" $inputs -filter_complex "$graph,format=yuv420p" -t 24 -c:v libx264 -preset veryfast \
      -threads 1 -b:v 900k -maxrate 1200k -bufsize 2000k -x264-params "$(x264 15)" -f h264 "$work/$file" ;;
  esac
  finish "$file"
}

gate() {
  scene gate.h264 정문 0xb9c6cf "0:80:1280:260:0xa9bccb 0:300:1280:420:0x8d8f8c 0:200:420:220:0x8a5a4a 860:200:420:220:0x8a5a4a 400:150:50:290:0xc9c4b8 830:150:50:290:0xc9c4b8 450:420:380:300:0x77797a 470:300:360:10:0x394047" \
    red "$(about 640 150 12 0)" "400+40*sin(2*PI*t/12)" silver "$(across 24 0.1)" 560
}
lobby() {
  scene lobby.h264 로비 0xd8d2c6 "0:80:1280:340:0xcfc7b5 0:420:1280:300:0xb7ada0 120:180:260:240:0x7f9bb0 900:180:260:240:0x7f9bb0 480:300:320:150:0x6d4c36 480:290:320:16:0xe9e2d2 0:660:1280:60:0xa3988a" \
    blue "$(across 24 0)" 430 green "$(about 560 60 8 0.2)" 330 grey "$(back 24 0.4)" 500
}
parking() { # file
  scene "$1" 주차장 0x6f7275 "0:80:1280:140:0x8fa0a8 0:220:1280:20:0x9a9a90 100:240:6:180:0xe5e5de 340:240:6:180:0xe5e5de 580:240:6:180:0xe5e5de 820:240:6:180:0xe5e5de 1060:240:6:180:0xe5e5de 120:270:190:100:0x2f4f7a 600:270:190:100:0x7a2f35 850:270:190:100:0xd9d9d4 0:560:1280:8:0xd8c860" \
    silver "$(across 24 0.2)" 450 red "$(back 24 0.7)" 560 blue "$(about 440 90 24 0)" 330
}
corridor() {
  scene corridor.h264 "2층 복도" 0xc8ccd0 "0:80:1280:80:0xe2e6ea 0:160:400:560:0xbfc9c4 880:160:400:560:0xbfc9c4 400:160:480:280:0xaab2b6 520:200:240:240:0x8b9499 60:260:140:420:0x7a5c44 1080:260:140:420:0x7a5c44 400:440:480:280:0x9fa3a0 560:90:160:30:0xfafaf2" \
    grey "$(about 620 120 12 0.1)" "$(about 430 120 24 0)" green "$(about 560 60 24 0.5)" "$(about 480 100 24 0.3)"
}
playground() {
  scene playground.h264 어린이집 0x9bb88a "0:80:1280:200:0xa7c6df 0:280:1280:60:0x7da06c 0:340:1280:380:0xcbb083 160:240:20:240:0xc0392b 380:240:20:240:0xc0392b 160:240:240:14:0xc0392b 800:300:180:20:0x2b78c0 960:300:20:220:0x2b78c0 800:300:20:120:0x2b78c0 520:520:220:90:0xe0cda5" \
    yellow "$(about 620 180 8 0)" "$(about 430 50 8 0.25)" red "$(about 480 120 6 0.4)" 470 blue "$(about 900 90 12 0.1)" 480
}
park() {
  scene park.h264 산책로 0x6f9a5e "0:80:1280:180:0xb4d0e4 0:230:1280:80:0x4f7a45 0:440:1280:110:0xc8b48e 180:170:30:240:0x5a4230 120:110:150:120:0x3f6d3a 940:190:30:220:0x5a4230 880:120:150:120:0x3f6d3a 560:400:160:12:0x7a5238 570:412:10:36:0x444444 700:412:10:36:0x444444" \
    green "$(across 24 0.3)" 400 grey "$(back 24 0.6)" 410 yellow "$(across 12 0)" 430
}
backdoor() {
  scene backdoor.h264 후문 0x5c6166 "0:80:1280:320:0x6d6a66 0:400:1280:320:0x50534f 520:180:240:260:0x39424a 540:200:95:240:0x5b6a75 645:200:95:240:0x5b6a75 800:230:60:60:0xe8e0a0 120:320:140:120:0x3c5a46 280:320:140:120:0x3c5a46 0:640:1280:6:0xb8b04a" \
    grey "$(about 760 380 24 0)" 450 blue "$(about 600 30 24 0.2)" 350
}
storage() {
  scene storage.h264 기록물창고 0x8b8578 "0:80:1280:120:0xa39d90 0:560:1280:160:0x6e6a60 60:190:300:380:0x5d5144 60:290:300:8:0x2e2a26 60:390:300:8:0x2e2a26 60:480:300:8:0x2e2a26 920:190:300:380:0x5d5144 920:290:300:8:0x2e2a26 920:390:300:8:0x2e2a26 80:220:70:66:0xb08d57 170:230:90:56:0xa07a48 940:320:80:66:0xb08d57 1060:420:110:56:0xa07a48 560:180:160:260:0x747a7c" \
    blue "$(about 610 170 24 0)" "$(about 440 30 12 0)"
}
crossing() { # file
  scene "$1" 사거리 0x7b7e80 "0:80:1280:160:0xaebfca 0:220:1280:90:0x8f9a86 0:330:1280:280:0x5d6062 0:462:1280:8:0xe3d36a 560:340:40:260:0xf0f0ea 640:340:40:260:0xf0f0ea 720:340:40:260:0xf0f0ea 0:610:1280:110:0xa8a49a 200:130:160:190:0x9a8f86 980:110:200:210:0x867f8c" \
    silver "$(across 8 0)" 360 crimson "$(back 12 0.3)" 490 green "$(about 640 40 24 0)" 300 yellow "$(back 24 0.1)" 580
}

person red 176 48 44
person blue 52 84 150
person green 64 118 74
person grey 96 98 104
person yellow 214 172 56
car silver 186 190 194
car crimson 150 34 40

# Two at a time: one for each core that the smallest machine has.
(gate; lobby; parking parking.h264; corridor; playground; parking bench.h264) &
first=$!
(park; backdoor; storage; crossing crossing.h264; crossing crossing.h265)
wait "$first"
if [ "$large" = yes ]; then parking large.h265; fi
