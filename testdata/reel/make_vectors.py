#!/usr/bin/env python3
"""Makes the vectors of docs/formats/reel.md, from that text and not from the Rust code.

    python3 -m venv venv && venv/bin/pip install cryptography blake3
    venv/bin/python testdata/reel/make_vectors.py            # writes the files beside it
    venv/bin/python testdata/reel/make_vectors.py --check    # fails if they would change
"""

import hashlib
import struct
import sys
from pathlib import Path

from blake3 import blake3
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HERE = Path(__file__).parent
START = 1_795_302_000_000_000
MINUTE = START // 60_000_000
REEL, RECORDER, VOLUME = b"\x11" * 16, b"\x22" * 16, b"\x33" * 16
MAIN, SUB = 1, 2
CHUNK, GAP = 1, 2


def b3(data):
    return blake3(data).digest()


def put(size, fields):
    """A structure of `size` bytes from (offset, bytes); it refuses overlaps and holes unnamed."""
    out = bytearray(size)
    end = 0
    for offset, data in fields:
        assert offset >= end and offset + len(data) <= size, (offset, end)
        out[offset : offset + len(data)] = data
        end = offset + len(data)
    return bytes(out)


def u16(v):
    return struct.pack("<H", v)


def u32(v):
    return struct.pack("<I", v)


def i32(v):
    return struct.pack("<i", v)


def u64(v):
    return struct.pack("<Q", v)


def i64(v):
    return struct.pack("<q", v)


# The sample: two cameras, five chunks, one gap.


def camera(n):
    return bytes([n]) * 16


def feed_kind(n):
    return MAIN if n % 2 == 0 else SUB


def bucket(n):
    return bytes([0x80 | n]) * 16


def bucket_key(n):
    return bytes([0x40 | n]) * 32


def plaintext(number):
    return bytes((number * 31 + at) % 256 for at in range(120))


def hkdf(key, info):
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key)


def minute_key(n):
    return hkdf(bucket_key(n), b"jikim reel v1 minute key" + bucket(n) + i64(MINUTE))


def chunk_key(n, reel=REEL, suite=1):
    info = b"jikim reel v1 chunk key" + u16(suite) + reel + camera(n) + bytes([feed_kind(n)])
    return hkdf(minute_key(n), info)


def reel_header():
    front = put(480, [
        (0, b"JIKIMREL"), (8, u16(1)), (10, u16(1)), (12, u32(512)),
        (16, REEL), (32, RECORDER), (48, VOLUME),
        (64, u32(7 * 86_400)), (68, u32(30 * 86_400)),
        (72, i64(START)), (80, i64(START + 3_600_000_000)), (88, i64(START + 5)),
    ])
    return front + b3(front)


def frame(size, delta, presentation, keyframe):
    return put(16, [(0, u32(size)), (4, u32(delta)), (8, i32(presentation)), (12, u32(keyframe))])


def chunk_header(number, n, **changed):
    keyframe = number % 2 == 0
    record = bytes([1, 0x64, 0, 0x28, 0xFF]) if keyframe else b""
    value = {
        "said_number": number, "keyframe": int(keyframe), "codec": 1 if keyframe else 0,
        "sequence": 100 + number, "start": START + number * 500_000, "sizes": (90, 30),
    } | changed
    frames = [
        frame(size, 40_000, -3, value["keyframe"] if at == 0 else 0)
        for at, size in enumerate(value["sizes"])
    ]
    fixed = put(104, [
        (0, u64(value["said_number"])), (8, camera(n)), (24, bytes([feed_kind(n)])),
        (25, bytes([value["keyframe"]])), (26, u16(value["codec"])), (28, u32(7)),
        (32, bucket(n)), (48, i64(MINUTE)), (56, u64(value["sequence"])),
        (64, i64(value["start"])), (72, u32(250)), (76, u32(len(frames))),
        (80, u64(9_000_000_000 + number)), (88, u64(80_000)),
        (96, u16(1920 if keyframe else 0)), (98, u16(1080 if keyframe else 0)),
        (100, u32(len(record))),
    ])
    return fixed + record + b"".join(frames)


def gap_header(number, n, cause=5):
    return put(56, [
        (0, u64(number)), (8, camera(n)), (24, bytes([feed_kind(n)])), (26, u16(cause)),
        (32, i64(START + 1_000_000)), (40, i64(START + 4_000_000)), (48, u64(75)),
    ])


def aad(header, body_size, kind, version=1, suite=1, reel=REEL):
    return put(32, [
        (0, u16(version)), (2, u16(kind)), (4, u16(suite)), (8, reel),
        (24, u32(len(header))), (28, u32(body_size)),
    ]) + header


def framed(associated, body):
    """A record around associated data and body, its checksums good."""
    checked = b3(body) + associated
    return b"JIKIMREC" + b3(checked) + checked + body


def chunk(number, n, **how):
    header = chunk_header(number, n)
    plain = plaintext(number)
    associated = aad(header, len(plain) + 16, how.pop("kind", CHUNK), **how)
    nonce = bytes(4) + struct.pack(">Q", number)
    key = chunk_key(n, how.get("reel", REEL))
    return framed(associated, AESGCM(key).encrypt(nonce, plain, associated))


def gap(number, n, **how):
    return framed(aad(gap_header(number, n, **how), 0, GAP), b"")


def whole_reel():
    order = [(0, 2), (1, 3), (2, 2), (3, 3), (5, 2), (8, 3)]
    header = reel_header()
    out, content = header, b3(header)
    rows = {}
    for number, n in order:
        is_gap = number == 3
        record = gap(number, n) if is_gap else chunk(number, n)
        start = START + (1_000_000 if is_gap else number * 500_000)
        duration = 3_000_000 if is_gap else 80_000
        keyframe = not is_gap and number % 2 == 0
        # Two frames of 90 and 30 bytes; the first may be a keyframe, the second never is.
        inter = [] if is_gap else [30] if keyframe else [90, 30]
        row = rows.setdefault((n, is_gap), {
            "codec": 0, "keyframes": 0, "frames": 0, "bytes": 0, "inter": 0,
            "first": start, "last": start + duration, "entries": [],
        })
        row["keyframes"] += int(keyframe)
        row["frames"] += 75 if is_gap else 2
        row["bytes"] += 0 if is_gap else 120
        row["inter"] += sum(inter)
        row["first"] = min(row["first"], start)
        row["last"] = max(row["last"], start + duration)
        if keyframe:
            row["codec"] = 1
        row["entries"].append(put(56, [
            (0, u64(number)), (8, u64(len(out))), (16, u32(len(record))),
            (20, u16(256 + 5 if is_gap else int(keyframe))), (22, u16(int(keyframe))),
            (24, i64(start)), (32, u64(duration)), (40, u32(75 if is_gap else 2)),
            (44, u32(0 if is_gap else 120)), (48, u32(sum(inter))), (52, u32(max(inter, default=0))),
        ]))
        content = b3(content + record[8:40] + record[40:72])
        out += record
    return out + b"".join(footer(len(out), content, rows))


def footer(begin, content, rows):
    """Front and blocks; then table and trailer, whose hash the ledger holds."""
    blocks = [b"".join(row["entries"]) for row in rows.values()]
    front = put(16, [(0, b"JIKIMFTR"), (8, u16(1))]) + b"".join(blocks)
    table = put(96, [
        (0, REEL), (16, u64(begin)), (24, content), (56, u16(1)), (60, u32(len(rows))),
        (64, u32(sum(len(row["entries"]) for row in rows.values()))),
    ])
    for ((n, is_gap), row), block in zip(rows.items(), blocks):
        table += put(128, [
            (0, camera(n)), (16, bytes([feed_kind(n)])), (17, bytes([int(not is_gap)])),
            (18, u16(row["codec"])), (20, bytes(16) if is_gap else bucket(n)),
            (36, u16(1920 if row["codec"] else 0)), (38, u16(1080 if row["codec"] else 0)),
            (40, u32(len(row["entries"]))), (44, u32(row["keyframes"])),
            (48, u64(row["frames"])), (56, u64(row["bytes"])),
            (64, i64(row["first"])), (72, i64(row["last"])), (80, u64(row["inter"])),
            (88, b3(block)),
        ])
    chunks = [row for (_, is_gap), row in rows.items() if not is_gap]
    trailer = put(80, [
        (0, u64(len(front) + len(table))), (8, u16(1)), (12, u32(len(table))), (16, REEL),
        (32, i64(min(row["first"] for row in chunks))),
        (40, i64(max(row["last"] for row in chunks))), (48, b3(table)),
    ])
    return front, table + trailer + b3(trailer) + bytes(8) + b"JIKIMEND"


def refitted(record, header):
    """The record with another plain header and good checksums: a change on purpose."""
    body = record[-136:]
    return framed(aad(header, len(body), CHUNK), body)


def flipped(record, at):
    out = bytearray(record)
    out[at] ^= 1
    return bytes(out)


def records():
    """Single records, each with the result that a reader of reel 11.. must come to."""
    good = chunk(2, 2)
    other = b"\x12" * 16
    no_body = put(104, [(0, b"JIKIMREC"), (96, u32(131_073))])
    return [
        ("chunk that begins with a keyframe", "ok", good),
        ("chunk that begins without", "ok", chunk(1, 3)),
        ("gap", "gap", gap(3, 3)),
        ("nothing", "torn", b""),
        ("cut in its head", "torn", good[:103]),
        ("cut in its header", "torn", good[:200]),
        ("cut in its body", "torn", good[:-1]),
        ("another magic", "no-record", flipped(good, 0)),
        ("header above the limit", "too-large", no_body),
        ("flipped bit of the head", "header-checksum", flipped(good, 74)),
        ("flipped bit of the header", "header-checksum", flipped(good, 180)),
        ("flipped bit of the header checksum", "header-checksum", flipped(good, 8)),
        ("flipped bit of the body checksum", "header-checksum", flipped(good, 40)),
        ("flipped bit of the ciphertext", "body-checksum", flipped(good, len(good) - 60)),
        ("flipped bit of the tag", "body-checksum", flipped(good, len(good) - 1)),
        ("later version", "version", chunk(2, 2, version=2)),
        ("later kind", "kind", chunk(2, 2, kind=3)),
        ("ARIA-256-GCM", "suite", chunk(2, 2, suite=2)),
        ("unknown suite", "suite", chunk(2, 2, suite=9)),
        ("another reel's", "wrong-reel", chunk(2, 2, reel=other)),
        ("unknown cause", "format", gap(3, 3, cause=10)),
        ("more frames than body", "format", refitted(good, chunk_header(2, 2, sizes=(90, 31)))),
        ("keyframe without codec", "format", refitted(chunk(1, 3), chunk_header(1, 3, keyframe=1))),
        ("bytes after its end", "format", good + b"\0"),
        ("moved in time", "authentication", refitted(good, chunk_header(2, 2, start=START))),
        ("another sequence", "authentication", refitted(good, chunk_header(2, 2, sequence=101))),
        ("another number", "authentication", refitted(good, chunk_header(2, 2, said_number=4))),
        ("frames cut elsewhere", "authentication", refitted(good, chunk_header(2, 2, sizes=(60, 60)))),
        ("another chunk's body", "authentication",
         framed(good[72:-136], chunk(0, 2)[-136:])),
        ("tag changed on purpose", "authentication", framed(good[72:-136], flipped(good, len(good) - 1)[-136:])),
    ]


def check_opens():
    """The script's own control: what it calls authentication does fail to open, and ok opens."""
    for name, result, record in records():
        if result not in ("ok", "authentication"):
            continue
        header_size, body_size = struct.unpack("<II", record[96:104])
        number, n = struct.unpack("<Q", record[104:112])[0], record[112]
        associated, body = record[72 : 104 + header_size], record[104 + header_size :]
        assert len(body) == body_size, name
        try:
            opened = AESGCM(chunk_key(n)).decrypt(
                bytes(4) + struct.pack(">Q", number), body, associated)
        except InvalidTag:
            opened = None
        assert (opened == plaintext(number)) == (result == "ok"), name


def files():
    reel = whole_reel()
    digits = reel.hex()
    lines = [digits[at : at + 60] for at in range(0, len(digits), 60)]
    table_bytes = struct.unpack("<I", reel[-116:-112])[0]
    keys = ["# name = value, in hexadecimal; camera 2 is 0202.., main; camera 3 is 0303.., sub"]
    for n in (2, 3):
        keys += [
            f"bucket-key.{n} = {bucket_key(n).hex()}",
            f"bucket-commitment.{n} = {hashlib.sha256(bucket_key(n)).hexdigest()}",
            f"minute-key.{n} = {minute_key(n).hex()}",
            f"minute-commitment.{n} = {hashlib.sha256(minute_key(n)).hexdigest()}",
            f"chunk-key.{n} = {chunk_key(n).hex()}",
        ]
    keys.append(f"footer-hash = {hashlib.sha256(reel[-128 - table_bytes :]).hexdigest()}")
    single = ["# result | name | record in hexadecimal"]
    single += [f"{result} | {name} | {record.hex()}" for name, result, record in records()]
    return {
        "reel.hex": "\n".join(lines) + "\n",
        "keys.txt": "\n".join(keys) + "\n",
        "records.txt": "\n".join(single) + "\n",
    }


def main():
    check_opens()
    for name, text in files().items():
        path = HERE / name
        if "--check" in sys.argv[1:]:
            if path.read_text() != text:
                sys.exit(f"{path} is not what this script makes")
        else:
            path.write_text(text)


main()
