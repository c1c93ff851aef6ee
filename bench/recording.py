"""Records simulated cameras three ways, one after the other on the same machine, and prints what
each costs: Jikim (encrypted, durable each second), one `ffmpeg -c copy` for each camera (a peer's
way, unencrypted), and a client that reads sockets each 20 ms and throws away (the limit).

CPU is that of the recording processes alone, from /proc/PID/stat, over the measured minutes; memory
is the sum of their resident sets at the end.
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def program(*parts):
    path = TARGET.joinpath("release", *parts)
    if not path.is_file():
        sys.exit(f"{path} is missing: run ./x build first")
    return str(path)


def cpu_s(pids):
    """User and system time of processes, in seconds."""
    total = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def resident_mb(pids):
    return sum(int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids) * PAGE / 1e6


def measure(pids, seconds):
    before, began = cpu_s(pids), time.monotonic()
    time.sleep(seconds)
    percent = 100 * (cpu_s(pids) - before) / (time.monotonic() - began)
    return percent, resident_mb(pids)


class Kind:
    """What the cameras send, and how."""

    def __init__(self, told, clip, fps, transport, bytes_per_second, cameras):
        self.told, self.clip, self.fps, self.transport = told, clip, fps, transport
        self.bytes_per_second, self.cameras = bytes_per_second, cameras


USUAL = Kind("H.264 1280x720 15 frames/s, 2.2 Mbit/s, RTSP over TCP", "bench.h264", 15, "tcp", 280_000, 200)
LARGE = Kind("H.265 1920x1080 25 frames/s, 4 Mbit/s, RTP over UDP", "large.h265", 25, "udp", 505_000, 50)


def start_cameras(count, kind):
    command = [program("examples", "sim"), "--cameras", str(count), "--listen", "127.0.0.1:18554"]
    command += ["--clip", str(TARGET / "clips" / kind.clip), "--fps", str(kind.fps)]
    sim = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1)
    return sim, [f"rtsp://127.0.0.1:18554/cam{i + 1}" for i in range(count)]


def stop(*processes):
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def jikim(urls, seconds, work, kind, retention):
    data = work / "jikim"
    log = open(work / "jikim.log", "w")
    command = [program("jikim"), "run", "--data", str(data), "--listen", "127.0.0.1:18443"]
    recorder = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    recorder.stdout.readline()
    for number, url in enumerate(urls):
        add = [program("jikim"), "camera", "add", "--name", f"camera {number + 1}", "--url", url, "--data", str(data)]
        add += ["--transport", kind.transport, "--retention", retention]
        subprocess.run(add, check=True, stdout=subprocess.DEVNULL)
    time.sleep(5)
    ask = [program("jikim"), "status", "--json", "--data", str(data)]
    status = lambda: json.loads(subprocess.run(ask, check=True, capture_output=True).stdout)
    before = {camera["id"]: camera for camera in status()["cameras"]}
    # What went wrong while thousands were being added is told apart from what does so afterwards.
    lost_before = sum(camera["frames_lost"] for camera in before.values())
    gaps_before = sum(len(camera["gaps"]) for camera in before.values())
    began = time.monotonic()
    percent, resident = measure([recorder.pid], seconds)
    after, passed = status()["cameras"], time.monotonic() - began
    frames = sum(camera["frames_recorded"] - before[camera["id"]]["frames_recorded"] for camera in after)
    lost = sum(camera["frames_lost"] for camera in after) - lost_before
    gaps = sum(len(camera["gaps"]) for camera in after) - gaps_before
    oldest = max(camera["last_durable_frame_age_ms"] or 0 for camera in after)
    written = sum(camera["bytes_recorded"] - before[camera["id"]]["bytes_recorded"] for camera in after)
    began_stop = time.monotonic()
    stop(recorder)
    told = (
        f"{frames / passed / len(urls):.3f} frames/s and {written * 8 / passed / len(urls) / 1e6:.2f} Mbit/s a camera, "
        f"{lost} frames lost, {gaps} gaps (before: {lost_before}, {gaps_before}), oldest last durable frame {oldest} ms, "
        f"stopped in {time.monotonic() - began_stop:.1f} s"
    )
    return percent, resident, told


def ffmpeg(urls, seconds, work, kind, _):
    folder = work / "ffmpeg"
    folder.mkdir()
    copy = ["ffmpeg", "-nostdin", "-v", "error", "-rtsp_transport", kind.transport, "-i"]
    processes = [
        subprocess.Popen([*copy, url, "-map", "0:v", "-c", "copy", str(folder / f"{number}.mkv")])
        for number, url in enumerate(urls)
    ]
    time.sleep(8)
    percent, resident = measure([process.pid for process in processes], seconds)
    stop(*processes)
    return percent, resident, "not encrypted, not synced"


def sink(urls, seconds, _work, kind, _retention):
    udp = ["--udp"] if kind.transport == "udp" else []
    process = subprocess.Popen([program("examples", "sink"), *udp, *urls], stdout=subprocess.PIPE, text=True)
    time.sleep(5)
    percent, resident = measure([process.pid], seconds)
    stop(process)
    return percent, resident, "keeps nothing"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cameras", type=int)
    parser.add_argument("--large", action="store_true", help=f"{LARGE.told}; otherwise {USUAL.told}")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--others-minutes", type=float, default=1)
    parser.add_argument("--retention", default="30d", help="for runs that would fill the disk: 60s")
    parser.add_argument("--without-ffmpeg", action="store_true", help="its processes take 50 MB a camera")
    arguments = parser.parse_args()
    kind = LARGE if arguments.large else USUAL
    count = arguments.cameras or kind.cameras
    clip = TARGET / "clips" / kind.clip
    if not clip.is_file():
        sys.exit(f"{clip} is missing: run bench/run.sh")
    out = TARGET / "bench"
    out.mkdir(parents=True, exist_ok=True)
    # A third more than what is kept: a bench must not fill the disk of its machine. Expired footage
    # goes a minute or so after its time.
    seconds = 60 * max(arguments.minutes, arguments.others_minutes * (not arguments.without_ffmpeg))
    if arguments.retention == "60s":
        seconds = min(seconds, 150)
    needed = count * kind.bytes_per_second * seconds * 4 / 3
    free = shutil.disk_usage(out).free
    if free < needed:
        sys.exit(f"{needed / 1e9:.0f} GB are needed in {out}, {free / 1e9:.0f} GB are free: take fewer --minutes or --cameras")
    work = pathlib.Path(tempfile.mkdtemp(prefix="jikim-bench-", dir=out))
    rows = []
    sim, urls = start_cameras(count, kind)
    others_s = arguments.others_minutes * 60
    ways = [("limit: read and throw away", sink, others_s), ("Jikim", jikim, arguments.minutes * 60)]
    if not arguments.without_ffmpeg:
        ways.append(("one ffmpeg -c copy per camera", ffmpeg, others_s))
    try:
        for name, way, seconds in ways:
            percent, resident, told = way(urls, seconds, work, kind, arguments.retention)
            shutil.rmtree(work / "ffmpeg", ignore_errors=True)
            rows.append((name, percent, resident, told, seconds))
    finally:
        stop(sim)
        shutil.rmtree(work, ignore_errors=True)
    limit = rows[0][1]
    lines = [
        f"{count} cameras, {kind.told}, {os.cpu_count()} cores",
        "",
        "| recorder | measured | CPU, % of one core per camera | times the limit | memory, MB | |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, percent, resident, told, seconds in rows:
        each = percent / count
        ratio = percent / limit if limit else float("nan")
        lines.append(f"| {name} | {seconds:.0f} s | {each:.4f} | {ratio:.1f} | {resident:.0f} | {told} |")
    text = "\n".join(lines)
    (out / f"recording-{count}-{kind.transport}.md").write_text(text + "\n")
    print(text)


main()
