#!/usr/bin/env python3
"""Makes entries.json from docs/formats/ledger-entry.md alone; nothing but Python is needed."""

import hashlib
import json
import pathlib

INTENT = "2026/17"
COMPANION = {"count": 2, "sha256": "ab" * 32, "root": "cd" * 32}
HOLDERS = [
    {
        "holder": "slot",
        "state": "keeps",
        "provable": "not-provable-on-this-device",
        "reason": "the disk is flash, which writes elsewhere instead of overwriting",
        "count": 1,
    },
    {"holder": "tpm", "state": "given-up", "provable": "provable", "count": 2},
]
ATTESTED = {"promise": "signs", "sentence": "ab" * 32, "version": 4}

# Kind, its fields in their order, and whether a side record stands behind it.
KINDS = [
    (
        "opened",
        {
            "recorder": "3f1c9f66-5d0e-4c7b-9d53-8a1f6f0b2a10",
            "previous": {"size": 90210, "root": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
        },
        False,
    ),
    ("started", {}, False),
    ("stopped", {}, False),
    ("alive", {}, False),
    ("intent", {"action": "footage.play"}, True),
    ("intent", {"action": "camera.lengthen-retention", "proposal": INTENT}, True),
    ("proposal", {"action": "camera.lengthen-retention"}, True),
    ("approval", {"proposal": INTENT, "decision": "approved"}, True),
    ("outcome", {"intent": INTENT, "result": "done"}, False),
    ("served", {"intent": INTENT}, True),
    ("refusal", {"action": "live.watch", "reason": "no-role"}, True),
    ("account", {}, True),
    ("credential", {}, True),
    ("camera", {}, True),
    ("hold", {}, True),
    ("plan", {}, True),
    ("keys", {"companion": COMPANION}, False),
    ("vault-key", {"epoch": 8, "sha256": "ef" * 32}, False),
    ("destroyed", {"epoch": 7, "companion": COMPANION}, False),
    ("destroyed", {"epoch": 7, "companion": COMPANION, "held_by": INTENT}, False),
    ("holders", {"holders": HOLDERS}, False),
    ("log-key", {"spki": "ab" * 91}, False),
    ("witnesses", {"companion": COMPANION}, False),
    ("witnesses", {}, False),
    ("record-root", {"life": "access", "month": "2026-11", "state": "made", "sha256": "ef" * 32}, False),
    ("record-root", {"life": "rights", "month": "2023-10", "state": "ending", "sha256": "ef" * 32}, False),
    ("record-root", {"life": "rights", "month": "2023-10", "state": "destroyed", "sha256": "ef" * 32}, False),
    (
        "reel-closed",
        {
            "reel": "0b7e7f0c-91a4-4f3a-8a52-6d1c5e9b7d41",
            "sha256": "12" * 32,
            "length_bytes": 41943040,
            "chunks": 2700,
        },
        False,
    ),
    ("clock-step", {"step_us": -3600000000}, False),
    (
        "reel-damaged",
        {"reel": "0b7e7f0c-91a4-4f3a-8a52-6d1c5e9b7d41", "finding": "missing"},
        False,
    ),
    ("scrubbed", {"reels": 2016, "length_bytes": 84557168640, "damaged": 1}, False),
    ("doctor", {"held": 6, "broken": 0, "untested": 2, "companion": dict(COMPANION, count=8)}, False),
    ("site", {"companion": dict(COMPANION, count=11)}, False),
    ("policy", {"version": 4, "effective": "2026-11-01", "companion": dict(COMPANION, count=120)}, False),
    (
        "promises",
        {"kept": 9, "broken": 1, "unproven": 4, "companion": dict(COMPANION, count=14)},
        False,
    ),
    ("attestation", {**ATTESTED, "result": "seen-so", "day": "2026-11-20", "role": "officer"}, True),
    ("attestation", {**ATTESTED, "result": "seen-otherwise", "day": "2026-11-20", "role": "manager"}, True),
    (
        "ticket",
        {"step": "opened", "from": "2026-11-22T00:00:00.000000Z", "until": "2026-11-22T04:00:00.000000Z"},
        True,
    ),
    ("ticket", {"step": "entered", "ticket": INTENT}, True),
    ("ticket", {"step": "left", "ticket": INTENT}, True),
    ("ticket", {"step": "closed", "ticket": INTENT}, True),
    ("ticket", {"step": "lapsed", "ticket": INTENT}, False),
    ("visit", {"step": "arrived", "consent": "given", "admission": "granted", "companion": dict(COMPANION, count=4)}, True),
    ("visit", {"step": "arrived", "consent": "refused", "admission": "denied", "companion": dict(COMPANION, count=4)}, True),
    ("visit", {"step": "departed", "visit": INTENT}, True),
    ("visit", {"step": "withdrawn", "visit": INTENT}, True),
    ("request", {"step": "received"}, True),
    ("request", {"step": "identified", "request": INTENT}, True),
    ("request", {"step": "decided", "request": INTENT, "decision": "refused"}, True),
    ("request", {"step": "done", "request": INTENT}, True),
    ("request", {"step": "objected", "request": INTENT}, True),
    ("request", {"step": "withdrawn", "request": INTENT}, True),
    ("disclosure", {"step": "received"}, True),
    ("disclosure", {"step": "decided", "disclosure": INTENT, "decision": "granted"}, True),
    ("disclosure", {"step": "compelled", "disclosure": INTENT}, True),
    ("disclosure", {"step": "reviewed", "disclosure": INTENT}, True),
    ("disclosure", {"step": "provided", "disclosure": INTENT}, True),
    ("disclosure", {"step": "published", "disclosure": INTENT}, True),
    ("disclosure", {"step": "reported", "disclosure": INTENT}, True),
    ("disclosure", {"step": "withdrawn", "disclosure": INTENT}, True),
    ("export", {"step": "sealed", "case": INTENT, "sha256": "ef" * 32}, True),
    ("export", {"step": "revoked", "export": INTENT}, True),
    ("early-rule", {"proposal": INTENT, "from": "2026-11-22T22:57:38.000123Z"}, False),
    ("early-rule", {"proposal": INTENT}, False),
]

TIME = "2026-11-21T22:57:38.000123Z"


def line(value):
    return json.dumps(value, separators=(",", ":"))


def entry(kind, fields, sealed, time=TIME):
    whole = {"v": 1, "time": time, "kind": kind, **fields}
    if sealed:
        whole["commitment"] = "07" * 32
    return line(whole)


def leaf(text):
    return hashlib.sha256(b"\x00" + text.encode()).hexdigest()


def vectors():
    for kind, fields, sealed in KINDS:
        text = entry(kind, fields, sealed)
        yield {"kind": kind, "entry": text, "leaf": leaf(text)}


REFUSED = [
    ("another version", line({"v": 2, "time": TIME, "kind": "started"})),
    ("an unknown kind", entry("forgotten", {}, False)),
    ("an unknown action", entry("intent", {"action": "footage.steal"}, False)),
    ("an unknown result", entry("outcome", {"intent": INTENT, "result": "perhaps"}, False)),
    ("an unknown decision", entry("approval", {"proposal": INTENT, "decision": "maybe"}, False)),
    ("no entry number", entry("served", {"intent": "17"}, False)),
    ("a field is missing", entry("vault-key", {"epoch": 8}, False)),
    ("no moment", entry("started", {}, False, time="yesterday")),
    ("a commitment cut short", line({"v": 1, "time": TIME, "kind": "camera", "commitment": "07"})),
    ("a companion with one field more", entry("keys", {"companion": {**COMPANION, "x": 1}}, False)),
    ("an unknown holder", entry("holders", {"holders": [{**HOLDERS[1], "holder": "paper"}]}, False)),
    ("an unknown state", entry("holders", {"holders": [{**HOLDERS[1], "state": "away"}]}, False)),
    ("no word of proof", entry("holders", {"holders": [{**HOLDERS[1], "provable": "yes"}]}, False)),
    ("an unknown word of what was seen", entry("attestation", {**ATTESTED, "result": "perhaps", "day": "2026-11-20", "role": "officer"}, True)),
    ("an attestation without its sentence", entry("attestation", {"promise": "signs", "version": 4, "result": "seen-so", "day": "2026-11-20", "role": "officer"}, True)),
    ("an unknown step of a ticket", entry("ticket", {"step": "lost", "ticket": INTENT}, True)),
    ("a ticket without its end", entry("ticket", {"step": "opened", "from": TIME}, True)),
    ("a step of no ticket", entry("ticket", {"step": "left"}, True)),
    ("an unknown word of consent", entry("visit", {"step": "arrived", "consent": "maybe", "admission": "denied", "companion": COMPANION}, True)),
    ("a visit without the text that was shown", entry("visit", {"step": "arrived", "consent": "given", "admission": "denied"}, True)),
    ("an unknown decision of a request", entry("request", {"step": "decided", "request": INTENT, "decision": "others-appear"}, True)),
    ("a request decided without a decision", entry("request", {"step": "decided", "request": INTENT}, True)),
    ("a disclosure decided as a request is", entry("disclosure", {"step": "decided", "disclosure": INTENT, "decision": "partly"}, True)),
    ("a disclosure that was given to nobody", entry("disclosure", {"step": "provided"}, True)),
    ("an export without its hash", entry("export", {"step": "sealed", "case": INTENT}, True)),
    ("an export with half a hash", entry("export", {"step": "sealed", "case": INTENT, "sha256": "ef" * 16}, True)),
    ("an export revoked that is none", entry("export", {"step": "revoked"}, True)),
    ("an objection to no request", entry("request", {"step": "objected"}, True)),
    ("a step of no request", entry("request", {"step": "identified"}, True)),
    ("no JSON", "started"),
]

document = {
    "entries": list(vectors()),
    "refused": [{"why": why, "entry": text} for why, text in REFUSED],
}
path = pathlib.Path(__file__).with_name("entries.json")
path.write_text(json.dumps(document, indent=1) + "\n")
