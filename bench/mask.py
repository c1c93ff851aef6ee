#!/usr/bin/env python3
"""What `jikim mask` finds, how fast and with how much memory, beside deface (docs/benchmarks.md).

    bench/run.sh --mask

Named by the environment, since none of it is the project's: JIKIM_MASK_CLIP (a clip with people),
JIKIM_MASK_TRUTH (where they are: frames with objects with boxes, xc yc w h, as in CVML), JIKIM_DEFACE (the program
deface; without it nothing is compared). What is covered are the boxes of the tracks with the margin that the
boxes file names, and what moved unexplained.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", "target"))


def tree(root):
    """A process and all below it."""
    above = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            above[int(folder.name)] = int((folder / "stat").read_text().rsplit(") ", 1)[1].split()[1])
        except OSError:
            continue
    found = [root]
    for one in found:
        found += [child for child, parent in above.items() if parent == one]
    return found


def memory_mb(root):
    total = 0
    for process in tree(root):
        try:
            text = pathlib.Path(f"/proc/{process}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1000


def run(command):
    """Seconds, and the most memory of all its processes together."""
    began, most = time.monotonic(), 0
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    while process.poll() is None:
        most = max(most, memory_mb(process.pid))
        time.sleep(0.2)
    took = time.monotonic() - began
    if process.returncode != 0:
        sys.exit(f"bench: {command[0]} failed")
    return took, most, process.stdout.read()


def covered(box, boxes):
    """The share of a box that boxes cover, looked at in 8 x 16 places."""
    left, top, right, bottom = box
    places = [
        (left + (right - left) * (x + 0.5) / 8, top + (bottom - top) * (y + 0.5) / 16)
        for x in range(8)
        for y in range(16)
    ]
    inside = sum(any(b[0] <= x < b[2] and b[1] <= y < b[3] for b in boxes) for x, y in places)
    return inside / len(places)


def recall(boxes_file, truth):
    boxes = json.loads(pathlib.Path(boxes_file).read_text())
    by_frame, bare = {}, {}
    for track in boxes["tracks"]:
        beside = boxes["beside"][track["kind"]]
        for frame, *box, _ in track["boxes"]:
            wide, high = ((box[2] - box[0]) * beside[0], (box[3] - box[1]) * beside[1])
            grown = [box[0] - wide, box[1] - high, box[2] + wide, box[3] + high]
            bare.setdefault(frame, []).append(box)
            by_frame.setdefault(frame, []).append(grown)
    tracks_alone = {frame: list(found) for frame, found in by_frame.items()}
    for frame, *box in boxes["unexplained"]:
        by_frame.setdefault(frame, []).append(box)
    frames = people = within = followed = hidden = 0
    share = 0.0
    for frame in xml.etree.ElementTree.parse(truth).getroot():
        number = int(frame.get("number"))
        if number >= boxes["clip"]["frames"]:
            continue
        frames += 1
        for box in frame.iter("box"):
            x, y, wide, high = (float(box.get(name)) for name in ("xc", "yc", "w", "h"))
            person = (
                max(x - wide / 2, 0),
                max(y - high / 2, 0),
                min(x + wide / 2, boxes["clip"]["width"]),
                min(y + high / 2, boxes["clip"]["height"]),
            )
            people += 1
            within += covered(person, bare.get(number, [])) >= 0.75
            followed += covered(person, tracks_alone.get(number, [])) >= 0.75
            part = covered(person, by_frame.get(number, []))
            hidden += part >= 0.75
            share += part
    print(f"{frames} frames, {people} people; three quarters of a person are")
    print(f"  within the boxes of tracks: {within / people:.4f}")
    print(f"  covered as a track: {followed / people:.4f}")
    print(f"  covered: {hidden / people:.4f}; mean share covered: {share / people:.4f}")


def main():
    clip, truth = os.environ.get("JIKIM_MASK_CLIP"), os.environ.get("JIKIM_MASK_TRUTH")
    if not clip or not truth:
        sys.exit("bench: name a clip with people with JIKIM_MASK_CLIP, where they are with JIKIM_MASK_TRUTH")
    jikim = str(TARGET / "release" / "jikim-mask")
    print(f"load {os.getloadavg()[0]:.1f} of {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as place:
        out = f"{place}/out.mp4"
        large = f"{place}/large.mp4"
        encode = "-frames:v 150 -vf scale=1920:1080 -r 15 -c:v libx264 -preset fast -crf 18 -pix_fmt yuv420p"
        subprocess.run(["ffmpeg", "-v", "error", "-i", clip, *encode.split(), large], check=True)
        took, most, said = run([jikim, "cover", "--in", large, "--out", out, "--json"])
        frames = json.loads(said)["frames"]
        print(f"1080p, jikim mask: {frames / took:.1f} frames a second, {most:.0f} MB")
        deface = os.environ.get("JIKIM_DEFACE")
        if deface:
            options = ["--scale", "640x360", "--backend", "onnxrt", "-o", f"{place}/deface.mp4"]
            took, most, _ = run([deface, large, *options])
            print(f"1080p, deface --scale 640x360: {frames / took:.1f} frames a second, {most:.0f} MB")
        _, most, said = run([jikim, "cover", "--in", clip, "--out", out, "--json"])
        said = json.loads(said)
        print(f"the clip: {said['frames']} frames, {said['fps']} a second, {most:.0f} MB, ", end="")
        print(f"{said['covered_ratio']:.3f} of the picture covered, {said['detections']} boxes")
        recall(said["boxes_file"], truth)


if __name__ == "__main__":
    main()
