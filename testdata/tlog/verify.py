#!/usr/bin/env python3
"""Verifies proof files against a policy: a second implementation, beside crates/tlog.

Written from the texts of C2SP (tlog-proof, tlog-policy, tlog-checkpoint, tlog-cosignature,
signed-note), RFC 6962, RFC 8032 and FIPS 186-5 alone, with nothing but Python's own library, so that it shares
no mistake with crates/tlog.

    verify.py POLICY PROOF ENTRY      says `accepted` or `refused: why`, and exits with 0 or 1
    verify.py POLICY --batch FILE     FILE has a JSON object a line, with `proof` and `entry` in
                                      base64; says one such line for each
"""
import base64, binascii, functools, hashlib, json, pathlib, re, sys

class Refused(Exception):
    pass

def need(condition, why):
    if not condition: raise Refused(why)

sha256 = lambda data: hashlib.sha256(data).digest()

def b64(text):  # RFC 4648, section 4; one spelling only
    try: data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError): raise Refused("base64")
    need(base64.b64encode(data).decode() == text, "base64 is not canonical")
    return data

def decimal(text):
    need(re.fullmatch("0|[1-9][0-9]*", text, re.ASCII), "a decimal number")
    return int(text)

# --- RFC 8032, section 5.1: verification, in extended coordinates ---
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)

def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P

def mul(s, p):
    r = (0, 1, 1, 0)
    while s:
        if s & 1: r = add(r, p)
        p, s = add(p, p), s >> 1
    return r

def equal(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0

def recover_x(y, sign):
    if y >= P: return None
    x2 = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    if x2 == 0: return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P: x = x * SQRT_M1 % P
    if (x * x - x2) % P: return None
    return P - x if x & 1 != sign else x

def decompress(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)

BASE_Y = 4 * pow(5, -1, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)

@functools.lru_cache(maxsize=4096)
def signature_is_good(public, message, signature):
    if len(public) != 32 or len(signature) != 64: return False
    a, r = decompress(public), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L: return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return equal(mul(s, BASE), add(r, mul(h, a)))

# --- FIPS 186-5, ECDSA on P-256 with SHA-256, in Jacobian coordinates; signatures in DER ---
Q = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b
G = (0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
     0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5, 1)
SPKI_HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")

def double(p):
    x, y, z = p
    if not y: return (1, 1, 0)
    s, m = 4 * x * y * y % Q, 3 * (x - z * z) * (x + z * z) % Q
    t = (m * m - 2 * s) % Q
    return t, (m * (s - t) - 8 * pow(y, 4, Q)) % Q, 2 * y * z % Q

def plus(p, q):
    if not p[2]: return q
    if not q[2]: return p
    u1, u2 = p[0] * q[2] ** 2 % Q, q[0] * p[2] ** 2 % Q
    s1, s2 = p[1] * q[2] ** 3 % Q, q[1] * p[2] ** 3 % Q
    if u1 == u2: return double(p) if s1 == s2 else (1, 1, 0)
    h, r = u2 - u1, s2 - s1
    x = (r * r - h ** 3 - 2 * u1 * h * h) % Q
    return x, (r * (u1 * h * h - x) - s1 * h ** 3) % Q, h * p[2] * q[2] % Q

def times(s, p):
    r = (1, 1, 0)
    for bit in bin(s)[2:]:
        r = double(r)
        if bit == "1": r = plus(r, p)
    return r

def der_pair(data):  # SEQUENCE of two INTEGERs, each in the shortest form; none if it is anything else
    if len(data) < 2 or data[0] != 0x30 or data[1] != len(data) - 2 or data[1] > 127: return None
    data, pair = data[2:], []
    for _ in range(2):
        if len(data) < 3 or data[0] != 2 or not 1 <= data[1] <= len(data) - 2: return None
        number, data = data[2:2 + data[1]], data[2 + data[1]:]
        if number[0] > 127 or (len(number) > 1 and number[0] == 0 and number[1] < 128): return None
        pair.append(int.from_bytes(number, "big"))
    return pair if not data else None

@functools.lru_cache(maxsize=4096)
def second_is_good(spki, message, signature):
    x, y = int.from_bytes(spki[27:59], "big"), int.from_bytes(spki[59:], "big")
    if x >= Q or y >= Q or (y * y - x ** 3 + 3 * x - B) % Q: return False
    pair = der_pair(signature)
    if pair is None or not all(1 <= number < N for number in pair): return False
    r, s = pair
    w = pow(s, -1, N)
    e = int.from_bytes(sha256(message), "big")
    point = plus(times(e * w % N, G), times(r * w % N, (x, y, 1)))
    return point[2] != 0 and point[0] * pow(point[2], -2, Q) % Q % N == r

# --- signed-note ---
def key_name(name):
    need(name and "+" not in name and not any(c.isspace() for c in name), "the name of a key")

def vkey(text):
    parts = text.split("+", 2)
    need(len(parts) == 3, "a verifier key")
    name, key_id, material = parts
    key_name(name)
    material = b64(material)
    if material[:1] == b"\x02":  # the id is of the SPKI alone
        need(len(material) == 92 and material[1:28] == SPKI_HEAD + b"\x04", "a key on P-256")
        made = sha256(material[1:])[:4]
    else:
        need(len(material) == 33, "the length of a key")
        made = sha256(name.encode() + b"\n" + material)[:4]
    need(key_id == made.hex(), "the id of a key")
    return dict(name=name, id=made, algorithm=material[0], public=material[1:])

def note(data):
    try: text = data.decode("utf-8")
    except UnicodeDecodeError: raise Refused("a note is UTF-8")
    need(not any(ord(c) < 0x20 and c != "\n" for c in text), "a control character")
    border = text.rfind("\n\n")
    need(border >= 0 and text.endswith("\n"), "a note has a blank line")
    body, lines = text[:border + 1], text[border + 2:]
    need(lines, "a note has signatures")
    signatures = []
    for line in lines[:-1].split("\n"):
        need(line.startswith("\u2014 "), "a signature line")
        name, space, encoded = line[2:].partition(" ")
        key_name(name)
        raw = b64(encoded)
        need(space and len(raw) > 4, "a signature")
        signatures.append((name, raw[:4], raw[4:]))
    need(len(signatures) <= 32, "too many signatures")
    return body, signatures

def signers(body, signatures, keys):
    """Those of the keys that signed. A bad signature in a known key's name condemns the note."""
    found = []
    for name, key_id, raw in signatures:
        for key in keys:
            if (key["name"], key["id"]) != (name, key_id): continue
            message = body.encode()
            if key["algorithm"] == 4:  # tlog-cosignature
                need(len(raw) == 72, "the length of a cosignature")
                time, raw = int.from_bytes(raw[:8], "big"), raw[8:]
                need(time < 1 << 63, "the time of a cosignature")
                message = f"cosignature/v1\ntime {time}\n".encode() + message
            good = second_is_good if key["algorithm"] == 2 else signature_is_good
            need(good(key["public"], message, raw), f"the signature of {name}")
            found.append(key)
    return found

# --- tlog-checkpoint ---
def checkpoint(body):
    lines = body[:-1].split("\n")
    need(len(lines) >= 3 and all(lines), "a checkpoint has three lines")
    root = b64(lines[2])
    need(len(root) == 32, "the length of a root")
    return lines[0], decimal(lines[1]), root

# --- tlog-policy ---
class Policy:
    def __init__(self, data):
        need(not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", data), "a control character in the policy")
        need(data.endswith(b"\n"), "the policy's last line is not ended")
        self.logs, self.rules, self.quorum, members, publics = [], {}, None, set(), {1: set(), 2: set(), 4: set()}
        self.seconds = []
        for line in data.split(b"\n"):
            items = re.split(rb"[ \t]+", line.strip(b" \t"))
            if not items[0] or items[0].startswith(b"#"): continue
            if items[0] == b"log" and len(items) in (2, 3):
                if self.is_second(items[1]): self.seconds.append(self.key(items[1], 2, publics))
                else: self.logs.append(self.key(items[1], 1, publics))
            elif items[0] == b"witness" and len(items) in (3, 4):
                self.define(items[1], self.key(items[2], 4, publics))
            elif items[0] == b"group" and len(items) >= 4:
                names = items[3:]
                k = {b"all": len(names), b"any": 1}.get(items[2])
                k = decimal(items[2].decode("ascii", "replace")) if k is None else k
                need(1 <= k <= len(names), "a threshold")
                for name in names:
                    need(name in self.rules and name not in members, "a member of a group")
                    members.add(name)
                self.define(items[1], (k, names))
            elif items[0] == b"quorum" and len(items) == 2:
                need(self.quorum is None, "a second quorum line")
                need(items[1] == b"none" or items[1] in self.rules, "the quorum's name")
                self.quorum = items[1]
            else: raise Refused("a line of the policy")
        need(self.quorum is not None, "no quorum line")

    def is_second(self, item):  # a key for the log's second signature, not for its first
        try: return vkey(item.decode("utf-8"))["algorithm"] == 2
        except UnicodeDecodeError: return False

    def key(self, item, algorithm, publics):
        try: key = vkey(item.decode("utf-8"))
        except UnicodeDecodeError: raise Refused("a key is UTF-8")
        need(key["algorithm"] == algorithm, "the type of a key")
        need(key["public"] not in publics[algorithm], "a key twice")
        publics[algorithm].add(key["public"])
        return key

    def define(self, name, rule):
        need(name != b"none" and name not in self.rules, "a name twice")
        self.rules[name] = rule

    def witnessed(self, name, signed):
        if name == b"none": return True
        rule = self.rules[name]
        if isinstance(rule, dict): return rule in signed
        return sum(self.witnessed(member, signed) for member in rule[1]) >= rule[0]

    def check(self, body, signatures):
        origin = body.split("\n", 1)[0]
        logs = [log for log in self.logs if log["name"] == origin]
        need(logs, "an unknown log")
        need(signers(body, signatures, logs), "the log did not sign")
        # One that is there must be good; one that is not is missed by whoever asks for it.
        signers(body, signatures, [key for key in self.seconds if key["name"] == origin])
        witnesses = [rule for rule in self.rules.values() if isinstance(rule, dict)]
        need(self.witnessed(self.quorum, signers(body, signatures, witnesses)), "no quorum")

# --- RFC 6962, section 2.1.1, from the definition of a path ---
def root_of(leaf, index, size, path):
    if size == 1:
        need(not path, "the proof is too long")
        return leaf
    need(path, "the proof is too short")
    half = 1 << ((size - 1).bit_length() - 1)  # the largest power of two below size
    if index < half: return sha256(b"\x01" + root_of(leaf, index, half, path[:-1]) + path[-1])
    return sha256(b"\x01" + path[-1] + root_of(leaf, index - half, size - half, path[:-1]))

# --- tlog-proof ---
def verify(policy, proof, entry):
    own, border, signed = proof.partition(b"\n\n")
    need(border, "a proof has a checkpoint")
    try: lines = own.decode("utf-8").split("\n")
    except UnicodeDecodeError: raise Refused("a proof is UTF-8")
    need(lines.pop(0) == "c2sp.org/tlog-proof@v1", "the first line")
    if lines and lines[0].startswith("extra "): b64(lines.pop(0)[6:])
    need(lines and lines[0].startswith("index "), "the line of the index")
    index = decimal(lines.pop(0)[6:])
    path = [b64(line) for line in lines]
    need(all(len(node) == 32 for node in path), "the length of a hash")
    body, signatures = note(signed)
    origin, size, root = checkpoint(body)
    policy.check(body, signatures)
    need(index < size, "no such entry")
    need(root_of(sha256(b"\x00" + entry), index, size, path) == root, "the root is another")

def say(policy, proof, entry):
    try: verify(policy, proof, entry)
    except Refused as why: return f"refused: {why}"
    return "accepted"

def main(policy, proof, third):
    policy = Policy(pathlib.Path(policy).read_bytes())
    if proof == "--batch":
        for line in pathlib.Path(third).read_text("ascii").splitlines():
            one = json.loads(line)
            print(say(policy, base64.b64decode(one["proof"]), base64.b64decode(one["entry"])))
        return 0
    said = say(policy, pathlib.Path(proof).read_bytes(), pathlib.Path(third).read_bytes())
    print(said)
    return 0 if said == "accepted" else 1

if __name__ == "__main__":
    if len(sys.argv) != 4: sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
