#!/usr/bin/env python3
"""Makes tree.json, paths.json and notes.json in this folder: vectors for the ledger's formats.

Written from the texts of RFC 6962, RFC 8032 and C2SP (tlog-tiles, signed-note, tlog-checkpoint,
tlog-cosignature, tlog-proof) alone, with nothing but Python's own library, so that it shares no
mistake with crates/tlog. Run it, and `git diff` shows nothing.
"""
import base64, hashlib, json, pathlib

HERE = pathlib.Path(__file__).parent
SIZE = 70_000  # three tile levels
ENTRIES = [f"entry {i}".encode() for i in range(SIZE)]
b64 = lambda data: base64.b64encode(data).decode()
sha256 = lambda data: hashlib.sha256(data).digest()

# --- RFC 6962, section 2.1 ---
node = lambda left, right: sha256(b"\x01" + left + right)
LEAVES = [sha256(b"\x00" + entry) for entry in ENTRIES]

def split(n):  # the largest power of two smaller than n
    return 1 << ((n - 1).bit_length() - 1)

def mth(a, b):
    if a == b: return sha256(b"")
    if b - a == 1: return LEAVES[a]
    k = split(b - a)
    return node(mth(a, a + k), mth(a + k, b))

def path(m, a, b):
    if b - a == 1: return []
    k = split(b - a)
    if m < k: return path(m, a, a + k) + [mth(a + k, b)]
    return path(m - k, a + k, b) + [mth(a, a + k)]

def subproof(m, a, b, whole):
    if m == b - a: return [] if whole else [mth(a, b)]
    k = split(b - a)
    if m <= k: return subproof(m, a, a + k, whole) + [mth(a + k, b)]
    return subproof(m - k, a + k, b, False) + [mth(a, a + k)]

# --- tlog-tiles ---
def tail(n, w):
    digits = str(n)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i:i + 3] for i in range(0, len(digits), 3)]
    return "/".join(["x" + g for g in groups[:-1]] + groups[-1:]) + ("" if w == 256 else f".p/{w}")

def tiles(size):
    for level in range(8):
        for n in range(-(-(size // 256**level) // 256)):
            yield level, n, min(256, size // 256**level - n * 256)

def tile_bytes(level, n, w):
    step = 256**level
    return b"".join(mth((n * 256 + i) * step, (n * 256 + i + 1) * step) for i in range(w))

def bundle_bytes(n, w):
    return b"".join(len(e).to_bytes(2, "big") + e for e in ENTRIES[n * 256:n * 256 + w])

# --- RFC 8032, section 5.1 ---
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P

def add(p, q):
    (x1, y1), (x2, y2) = p, q
    t = D * x1 * x2 * y1 * y2
    return ((x1 * y2 + x2 * y1) * pow(1 + t, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - t, -1, P) % P)

def mul(s, p):
    r = (0, 1)
    while s:
        if s & 1: r = add(r, p)
        p, s = add(p, p), s >> 1
    return r

BASE = (15112221349535400772501151409588531511454012693041857206046113283949847762202,
        4 * pow(5, -1, P) % P)
enc = lambda p: (p[1] | (p[0] & 1) << 255).to_bytes(32, "little")
num = lambda data: int.from_bytes(data, "little")

def secret(seed):
    h = hashlib.sha512(seed).digest()
    return (num(h[:32]) & (1 << 254) - 8) | 1 << 254, h[32:]

def sign(seed, message):
    a, prefix = secret(seed)
    r = num(hashlib.sha512(prefix + message).digest()) % L
    big_r, public = enc(mul(r, BASE)), enc(mul(a, BASE))
    k = num(hashlib.sha512(big_r + public + message).digest()) % L
    return big_r + ((r + k * a) % L).to_bytes(32, "little")

# --- signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof ---
def key(name, algorithm):
    seed = sha256(b"a test key that everybody knows: " + name.encode())
    public = enc(mul(secret(seed)[0], BASE))
    key_id = sha256(name.encode() + b"\n" + bytes([algorithm]) + public)[:4]
    vkey = f"{name}+{key_id.hex()}+{b64(bytes([algorithm]) + public)}"
    return dict(name=name, algorithm=algorithm, seed=seed.hex(), public_key=public.hex(),
                key_id=key_id.hex(), vkey=vkey)

def line(k, text, time=None):
    seed, key_id = bytes.fromhex(k["seed"]), bytes.fromhex(k["key_id"])
    if time is None: raw = sign(seed, text.encode())
    else: raw = time.to_bytes(8, "big") + sign(seed, f"cosignature/v1\ntime {time}\n{text}".encode())
    return f"\u2014 {k['name']} {b64(key_id + raw)}\n"

LOG = key("jikim/3f1c9f66-5d0e-4c7b-9d53-8a1f6f0b2a10/2026", 1)
WITNESSES = [key(f"witness.example/{n}", 4) for n in ("first", "second")]

def checkpoint(size):
    text = f"{LOG['name']}\n{size}\n{b64(mth(0, size))}\n"
    return text, text + "\n" + line(LOG, text) + line(WITNESSES[0], text, 1790000000) \
        + line(WITNESSES[1], text, 1790000001)

def proof(index, size, extra=None):
    hashes = "".join(b64(h) + "\n" for h in path(index, 0, size))
    extra = f"extra {b64(extra)}\n" if extra else ""
    return f"c2sp.org/tlog-proof@v1\n{extra}index {index}\n{hashes}\n{checkpoint(size)[1]}"

def write(name, value):
    text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    (HERE / name).write_text(text, encoding="utf-8")

write("tree.json", dict(
    entries="entry number i is the ASCII text 'entry i'", size=SIZE,
    roots=[dict(size=n, root=mth(0, n).hex()) for n in
           [*range(18), 255, 256, 257, 511, 512, 513, 10_000, 65_535, 65_536, 65_537, SIZE]],
    inclusion=[dict(index=m, size=n, hashes=[h.hex() for h in path(m, 0, n)]) for m, n in
               [(0, 1), (0, 2), (6, 7), (255, 256), (256, 257), (300, 10_000), (9_999, 10_000),
                (0, SIZE), (65_535, SIZE), (65_536, SIZE), (SIZE - 1, SIZE)]],
    consistency=[dict(old=m, new=n, hashes=[h.hex() for h in subproof(m, 0, n, True)]) for m, n in
                 [(1, 1), (1, 2), (3, 7), (4, 7), (6, 8), (255, 256), (256, 257), (257, 512),
                  (9_000, 10_000), (65_535, SIZE), (65_536, SIZE), (69_999, SIZE)]],
    tiles=[dict(path=f"tile/{l}/{tail(n, w)}", sha256=sha256(tile_bytes(l, n, w)).hex())
           for l, n, w in tiles(SIZE) if l > 0 or n in (0, 1, 271, 272, 273)],
    bundles=[dict(path=f"tile/entries/{tail(n, w)}", sha256=sha256(bundle_bytes(n, w)).hex())
             for l, n, w in tiles(SIZE) if l == 0 and n in (0, 1, 272, 273)]))
write("paths.json", dict(
    good=[dict(level=l, index=str(n), width=w, path=f"tile/{l}/{tail(n, w)}") for l, n, w in
          [(0, 0, 256), (0, 0, 1), (1, 7, 255), (0, 999, 256), (0, 1000, 256), (2, 1234067, 256),
           (63, 1234067, 8), (0, 1_000_000, 17), (7, 2**64 - 1, 256)]],
    bad=["", "tile", "tile/0", "tile/0/", "tile/0/0", "tile/0/00", "tile/0/0000", "tile/0/x001",
         "tile/0/x000/001", "tile/0/001/002", "tile/0/x01/002", "tile/0/X001/002", "tile/00/000",
         "tile/64/000", "tile/-1/000", "tile/+1/000", "tile/0/000.p/0", "tile/0/000.p/256",
         "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000.p", "tile/0/000.p/1/", "/tile/0/000",
         "tile/0/000 ", "tile/0/\u0660\u0660\u0660", "tile/entries/000", "tile/0/000.p/1.p/1",
         "tile/0/x018/x446/x744/x073/x709/x551/616", "tile/0/x001/x000/x000/x000/x000/x000/x000/000",
         "tile/0/../000", "tile/0/000\n", "tile//000"]))
write("notes.json", dict(
    log=LOG, witnesses=WITNESSES,
    checkpoints=[dict(size=n, root=mth(0, n).hex(), text=checkpoint(n)[0], note=checkpoint(n)[1])
                 for n in (0, 1, 257, SIZE)],
    proofs=[dict(index=m, size=n, entry=ENTRIES[m].decode(), extra=(x or b"").hex(),
                 proof=proof(m, n, x))
            for m, n, x in [(0, 1, None), (256, 257, b"for whoever reads this"), (12_345, SIZE, None)]]))
