#!/usr/bin/env python3
"""Makes vectors.json from docs/formats/front.md and RFC 9180 alone; needs the package cryptography for
X25519 and ChaCha20-Poly1305, and none of our code."""

import base64
import hashlib
import hmac
import json
import pathlib

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

PRIVATE = bytes(range(1, 33))
EPHEMERAL = bytes(range(101, 133))
NONCE = bytes(range(201, 213))
RECEIPT = "W7K2-9QPM"
CODE = "4T9X-M2HC-0RVA-86YK"
KEM_SUITE = b"KEM" + (0x0020).to_bytes(2, "big")
SUITE = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x0020, 0x0001, 0x0003))


def extract(salt, secret):
    return hmac.new(salt or bytes(32), secret, hashlib.sha256).digest()


def expand(key, info, length):
    made, block, count = b"", b"", 1
    while len(made) < length:
        block = hmac.new(key, block + info + bytes([count]), hashlib.sha256).digest()
        made, count = made + block, count + 1
    return made[:length]


def labeled_extract(suite, salt, label, secret):
    return extract(salt, b"HPKE-v1" + suite + label + secret)


def labeled_expand(suite, key, label, info, length):
    return expand(key, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info, length)


def hpke_seal(public, info, aad, plain):
    """RFC 9180, mode base, single-shot: the encapsulated key and the ciphertext."""
    ephemeral = X25519PrivateKey.from_private_bytes(EPHEMERAL)
    encapsulated = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    secret = labeled_extract(KEM_SUITE, b"", b"eae_prk", shared)
    secret = labeled_expand(KEM_SUITE, secret, b"shared_secret", encapsulated + public, 32)
    context = (
        b"\x00"
        + labeled_extract(SUITE, b"", b"psk_id_hash", b"")
        + labeled_extract(SUITE, b"", b"info_hash", info)
    )
    secret = labeled_extract(SUITE, secret, b"secret", b"")
    key = labeled_expand(SUITE, secret, b"key", context, 32)
    nonce = labeled_expand(SUITE, secret, b"base_nonce", context, 12)
    return encapsulated, ChaCha20Poly1305(key).encrypt(nonce, plain, aad)


def padded(value, block):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return text + b" " * (-len(text) % block)


def main():
    private = X25519PrivateKey.from_private_bytes(PRIVATE)
    public = private.public_key().public_bytes_raw()
    request = {
        "receipt": RECEIPT,
        "code": CODE,
        "sealed_at": "2026-11-23T12:00:00.000000Z",
        "requester": {"name": "홍길동", "phone": "02-000-0000", "born": None, "address": ""},
        "agent": None,
        "asks": ["existence", "viewing"],
        "cameras": ["정문"],
        "from": "2026-11-22T05:00:00.000000Z",
        "until": "2026-11-22T05:30:00.000000Z",
        "reason": "주차장 접촉 사고\n(답변 받을 방법: 전화)",
    }
    head = b"jikim-front-sealed/1\n" + hashlib.sha256(public).digest()[:8] + RECEIPT.encode()
    encapsulated, cipher = hpke_seal(public, b"jikim front request 1", head, padded(request, 4096))
    status = {
        "state": "identity-needed",
        "as_of": "2026-11-23T13:00:00.000000Z",
        "sealed_at": "2026-11-23T12:00:00.000000Z",
        "number": "2026-17",
        "until": "2026-11-30T13:00:00.000000Z",
    }
    status_head = b"jikim-front-status/1\n" + RECEIPT.encode()
    key = expand(extract(RECEIPT.encode(), CODE.encode()), b"jikim front status 1", 32)
    status_cipher = ChaCha20Poly1305(key).encrypt(NONCE, padded(status, 1024), status_head)
    vectors = {
        "private_key": PRIVATE.hex(),
        "public_key": "jikim-front-key+" + base64.b64encode(public).decode(),
        "request": request,
        "sealed": (head + encapsulated + cipher).hex(),
        "code": CODE,
        "status": status,
        "status_file": (status_head + NONCE + status_cipher).hex(),
    }
    path = pathlib.Path(__file__).with_name("vectors.json")
    path.write_text(json.dumps(vectors, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main()
