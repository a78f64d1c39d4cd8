#!/usr/bin/env python3
"""Makes evidence bundles of an invented log, with none of Daybook's code: what the verifiers are tested by.

    tools/bundle.py OUT.tar.zst [--events N] [--query TEXT] [--bodies whole|digests|redacted] [--seed TEXT] [--selected-only]

The log has two changes of key, erased bodies, money in two currencies, two witnesses and no luck: all of it follows from
the seed, so the same options give the same bytes. Writes OUT.vkey (the first key) and OUT.key (the private key that signs
now, as Go's note package writes it) beside the bundle, for tools/damage.py --signer.

Needs the package `cryptography`. Uses the program `zstd` if it is there, else stores without compressing.
"""
from __future__ import annotations

import argparse
import base64
import hashlib
import json
import random
import shutil
import subprocess
import sys
from typing import Any, Callable, NamedTuple

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = "daybook-evidence/v1"
FOLDER = "daybook-evidence/"
START = 1_790_000_000  # seconds since 1970 of the log's first event: in September 2026
STEP = 1_713  # seconds from one event to the next

Files = dict[str, bytes]


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def canonical(value: Any) -> bytes:
    """RFC 8785 for texts, whole numbers, lists and objects with ASCII names."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def padded(sequence: int) -> str:
    return f"{sequence:020d}"


def time_text(second: int, microsecond: int = 0) -> str:
    day, clock = divmod(second, 86_400)
    year, month, date = civil(day)
    fraction = f".{microsecond:06d}"
    return f"{year:04d}-{month:02d}-{date:02d}T{clock // 3600:02d}:{clock // 60 % 60:02d}:{clock % 60:02d}{fraction}Z"


def civil(day: int) -> tuple[int, int, int]:
    """The date of a day since 1970-01-01, by Hinnant's algorithm: deliberately not the library that verifiers use."""
    day += 719_468
    era, of_era = divmod(day, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year + 400 * era + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1


# Keys and notes


class Signer(NamedTuple):
    """An Ed25519 key with its C2SP name; kind 1 signs notes, 4 countersigns."""

    name: str
    kind: int
    seed: bytes

    @property
    def private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def raw(self) -> bytes:
        public = self.private.public_key()
        return bytes([self.kind]) + public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)

    @property
    def key_id(self) -> bytes:
        return sha(self.name.encode() + b"\n" + self.raw)[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64(self.raw)}"

    @property
    def private_text(self) -> str:
        return f"PRIVATE+KEY+{self.name}+{self.key_id.hex()}+{b64(bytes([self.kind]) + self.seed)}"

    def line(self, text: bytes, time: int = 0) -> bytes:
        """The signature line for a note's text."""
        if self.kind == 4:
            stamp = time.to_bytes(8, "big")
            signature = stamp + self.private.sign(b"cosignature/v1\ntime %d\n" % time + text)
        else:
            signature = self.private.sign(text)
        return f"\u2014 {self.name} {b64(self.key_id + signature)}\n".encode()

    def note(self, text: bytes) -> bytes:
        return text + b"\n" + self.line(text)


def read_signer(text: str) -> Signer:
    """A private key as Go's note package writes it."""
    name, _, key = text.strip().removeprefix("PRIVATE+KEY+").split("+", 2)
    raw = base64.b64decode(key)
    return Signer(name, raw[0], raw[1:])


# Trees


class Tree:
    """The Merkle tree of a list of leaf hashes (RFC 6962), straight from its definition, with the roots remembered."""

    def __init__(self, leaves: list[bytes]):
        self.leaves = leaves
        self.roots: dict[tuple[int, int], bytes] = {}

    def root(self, low: int, high: int) -> bytes:
        if high == low:
            return sha(b"")
        if high - low == 1:
            return self.leaves[low]
        if (low, high) not in self.roots:
            middle = low + split(high - low)
            self.roots[low, high] = sha(b"\1" + self.root(low, middle) + self.root(middle, high))
        return self.roots[low, high]

    def path(self, index: int, size: int, low: int = 0) -> list[bytes]:
        if size == 1:
            return []
        k = split(size)
        if index < k:
            return self.path(index, k, low) + [self.root(low + k, low + size)]
        return self.path(index - k, size - k, low + k) + [self.root(low, low + k)]

    def consistency(self, old: int, size: int, low: int = 0, whole: bool = True) -> list[bytes]:
        if old == size:
            return [] if whole else [self.root(low, low + size)]
        k = split(size)
        if old <= k:
            return self.consistency(old, k, low, whole) + [self.root(low + k, low + size)]
        return self.consistency(old - k, size - k, low + k, False) + [self.root(low, low + k)]

    def missing(self, included: set[int], low: int, high: int) -> list[bytes]:
        """The roots of the largest subtrees without an included leaf, in order."""
        if not any(low <= index < high for index in included):
            return [self.root(low, high)]
        if high - low == 1:
            return []
        middle = low + split(high - low)
        inside = {index for index in included if low <= index < high}
        return self.missing(inside, low, middle) + self.missing(inside, middle, high)


def split(count: int) -> int:
    k = 1
    while 2 * k < count:
        k *= 2
    return k


def ranges(sequences: list[int]) -> list[list[int]]:
    found: list[list[int]] = []
    for sequence in sequences:
        if found and found[-1][1] == sequence:
            found[-1][1] += 1
        else:
            found.append([sequence, sequence + 1])
    return found


# The archive


def pack(entries: list[tuple[str, bytes]], modified: int = START) -> bytes:
    """A tar of regular files."""
    return b"".join(entry(path, content, modified) for path, content in entries) + bytes(1024)


def entry(path: str, content: bytes, modified: int = START, kind: bytes = b"0", link: bytes = b"",
          size: int | None = None) -> bytes:
    fields = [path.encode().ljust(100, b"\0"), b"0000644\0", b"0000000\0", b"0000000\0",
              b"%011o\0" % (len(content) if size is None else size), b"%011o\0" % modified, b" " * 8, kind,
              link.ljust(100, b"\0"), b"ustar\x0000", bytes(64), b"0000000\0", b"0000000\0"]
    header = b"".join(fields).ljust(512, b"\0")
    header = header[:148] + b"%06o\0 " % sum(header) + header[156:]
    return header + content + bytes(-len(content) % 512)


def compress(data: bytes, level: int = 3) -> bytes:
    program = shutil.which("zstd")
    if program:
        return subprocess.run([program, f"-{level}", "-q", "-c"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return store(data)


def store(data: bytes) -> bytes:
    """A zstd frame of raw blocks."""
    output = b"\x28\xb5\x2f\xfd\xa0" + len(data).to_bytes(4, "little")
    for at in range(0, len(data), 1 << 17):
        piece = data[at:at + (1 << 17)]
        last = at + len(piece) == len(data)
        output += (len(piece) << 3 | last).to_bytes(3, "little") + piece
    return output


def order(path: str) -> tuple[int, str]:
    """Where a file stands in a bundle."""
    names = ["README.txt", "manifest.json", "manifest.note", "export.json", "checkpoint", "keys.json", "lines.ndjson",
             "proof.json", "selected.json", "proofs", "bodies", "redacted", "erased.json", "totals.json", "amounts.ndjson",
             "definitions", "anchors", "anchors.json", "policy", "verify.py", "verify.html"]
    return names.index(path.split("/")[0]), path


def manifest_of(files: Files) -> bytes:
    listed = [{"path": path, "sha256": sha(content).hex(), "size": len(content)}
              for path, content in sorted(files.items()) if path not in ("manifest.json", "manifest.note")]
    return canonical({"files": listed, "format": FORMAT})


def note_text(files: Files, origin: str, size: int) -> bytes:
    return f"{FORMAT}\n{origin}\n{size}\n{b64(sha(files['manifest.json']))}\n".encode()


def bundle_of(files: Files) -> bytes:
    return compress(pack([(FOLDER + path, files[path]) for path in sorted(files, key=order)]))


# The log


class Event(NamedTuple):
    line: bytes
    fields: dict[str, Any]
    body: bytes | None


class Log:
    """An invented log."""

    def __init__(self, origin: str, count: int, seed: str):
        self.origin, self.chance, self.seed = origin, random.Random(seed), seed
        self.events: list[Event] = []
        self.amounts: list[dict[str, Any]] = []
        self.keys: list[tuple[int, Signer]] = []
        self.erased: dict[int, int] = {}
        self.leaves: list[bytes] = []
        self.witnesses = [Signer(f"witness{i}.example", 4, self.bytes(32)) for i in (1, 2)]
        self.begin_key("daybook.ledger.created")
        for number in range(1, count):
            if number in (count // 3, count // 2):
                self.begin_key("daybook.key.rotated")
            elif number % 47 == 46:
                self.erase(number)
            else:
                self.add_webhook(number)
        self.tree = Tree(self.leaves)

    def bytes(self, count: int) -> bytes:
        return self.chance.randbytes(count)

    def begin_key(self, kind: str) -> None:
        signer = Signer(self.origin, 1, self.bytes(32))
        self.keys.append((len(self.events), signer))
        self.append(source="daybook", type=kind, kind="admin", outcome="accepted", subject="key:" + signer.vkey)

    def erase(self, number: int) -> None:
        chosen = [at for at in range(number - 30, number - 10) if self.events[at].body and at not in self.erased]
        named = [{"bodyhash": self.events[at].fields["bodyhash"], "sequence": at} for at in chosen[:3]]
        for each in named:
            self.erased[each["sequence"]] = number
        content = canonical({"events": named, "subject": "member:7"})
        self.append(content, source="daybook", type="daybook.erased", kind="admin", outcome="accepted", authtype="os-user",
                    authid="anna", reason="request of the person, GDPR Art. 17", subject="member:7")

    def add_webhook(self, number: int) -> None:
        source, kind = self.chance.choice([("stripe", "payment_intent.succeeded"), ("shop", "orders/paid"),
                                           ("shop", "orders/cancelled"), ("crm", "member.ändert"), ("crm", "Mitglied 💶")])
        if self.chance.random() < 0.05:
            self.append(source=source, type="webhook.rejected", kind="webhook", outcome="rejected",
                        reason="signature-mismatch: the signature \"v1\" does\tnot fit")
            return
        currency, minor = self.chance.choice([("EUR", 2), ("JPY", 0)])
        amount = self.chance.randrange(-5000, 90_000)
        content = canonical({"amount": amount, "currency": currency, "id": number, "note": "x" * self.chance.randrange(300)})
        if source == "stripe":
            text = f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}" if minor else str(amount)
            self.amounts.append({"amount": text, "column": "paid", "currency": currency, "projection": "payments",
                                 "sequence": len(self.events)})
        self.append(content, source=source, type=kind, kind="webhook", outcome="accepted",
                    subject=f"order:{number % 50}")

    def append(self, content: bytes | None = None, **fields: Any) -> None:
        sequence = len(self.events)
        fields |= {"specversion": "1.0", "id": f"evt_{self.bytes(6).hex()}", "sequence": padded(sequence),
                   "prevhash": (self.leaves[-1] if self.leaves else bytes(32)).hex(),
                   "recordedtime": time_text(START + STEP * sequence, sequence % 1_000_000)}
        body = None
        if content is not None:
            meta = b'{"request":"POST /hooks HTTP/1.1"}'
            body = b"\1" + self.bytes(16) + len(meta).to_bytes(4, "little") + meta + content
            fields |= {"bodyhash": sha(body).hex(), "bodysize": len(content), "datacontenttype": "application/json"}
        line = canonical(fields)
        self.events.append(Event(line, fields, body))
        self.leaves.append(sha(b"\0" + line))

    def signer(self, size: int) -> Signer:
        """Who signs the checkpoint of a size: a change of key takes effect after its own event."""
        return [key for sequence, key in self.keys if sequence == 0 or sequence + 1 < size][-1]

    def checkpoint_text(self, size: int) -> bytes:
        return f"{self.origin}\n{size}\n{b64(self.tree.root(0, size))}\n".encode()

    def checkpoint(self, size: int, cosigned: bool = False) -> bytes:
        text = self.checkpoint_text(size)
        note = self.signer(size).note(text)
        for witness in self.witnesses if cosigned else []:
            note += witness.line(text, START + STEP * size)
        return note


# The bundle


class Selection(NamedTuple):
    """What a query names: its text, its stretch of sequences, the conditions, and what export.json says of times."""

    text: str
    first: int
    end: int
    fits: Callable[[dict[str, Any]], bool]
    since: str | None
    until: str | None


def select(log: Log, text: str) -> Selection:
    """Understands `all`, and words from= end= since= until= source= kind= type=, the last with one * at its end."""
    first, end, since, until, conditions = 0, len(log.events), None, None, []
    for word in text.split():
        name, _, value = word.partition("=")
        if name == "from":
            first = int(value)
        elif name == "end":
            end = min(end, int(value))
        elif name == "since":
            since = value
        elif name == "until":
            until = value
        elif name != "all":
            conditions.append((name, value))
    times = [event.fields["recordedtime"] for event in log.events]
    if since:
        first = max(first, sum(time < since.replace("Z", ".000000Z") for time in times))
    if until:
        end = min(end, sum(time < until.replace("Z", ".000000Z") for time in times))

    def fits(fields: dict[str, Any]) -> bool:
        return all(str(fields.get(name, "")).startswith(value[:-1]) if value.endswith("*") else fields.get(name) == value
                   for name, value in conditions)

    first = min(first, len(log.events))
    return Selection(text, first, max(first, end), fits, since, until)


def files_of(log: Log, query: str, bodies: str = "whole", complete: bool = True, extra: Files | None = None) -> Files:
    """The files of the bundle of a selection, but manifest.json and manifest.note."""
    size, wanted = len(log.events), select(log, query)
    stretch = range(wanted.first, wanted.end)
    selected = [at for at in stretch if wanted.fits(log.events[at].fields)]
    erased = {at: log.erased[at] for at in selected if at in log.erased}
    included = set(stretch if complete else selected) | set(erased.values())
    included |= {at for at in (wanted.first - 1, wanted.end) if 0 <= at < size}
    lines = sorted(included)
    export = {"bodies": bodies, "complete": complete, "definitions": {"payments": "1 " + sha(b"payments").hex()},
              "end": wanted.end, "exported_at": time_text(START + STEP * size), "exported_by": "os-user:anna",
              "first": wanted.first, "format": FORMAT, "origin": log.origin, "query": query, "report": size - 1,
              "selected": len(selected), "size": size, "tool": "bundle.py"}
    export |= {name: time for name, time in (("since", wanted.since), ("until", wanted.until)) if time}
    proof = {"hashes": [b64(hash) for hash in log.tree.missing(included, 0, size)], "included": ranges(lines), "size": size}
    files = {
        "README.txt": b"An invented bundle, for tests.\n",
        "export.json": canonical(export),
        "checkpoint": log.checkpoint(size, cosigned=True),
        "keys.json": canonical([key_record(log, index) for index in range(len(log.keys))]),
        "lines.ndjson": b"".join(log.events[at].line + b"\n" for at in lines),
        "proof.json": canonical(proof),
        "selected.json": canonical(ranges(selected)),
        "erased.json": canonical([erasure(log, at, by) for at, by in erased.items()]),
        "policy": policy(log),
    }
    files |= totals_of(log, selected) | body_files(log, selected, erased, bodies) | anchor_files(log) | (extra or {})
    if len(selected) <= 1000:
        for at in selected:
            hashes = "".join(b64(hash) + "\n" for hash in log.tree.path(at, size))
            files[f"proofs/{padded(at)}.tlog-proof"] = (f"c2sp.org/tlog-proof@v1\nindex {at}\n{hashes}\n".encode()
                                                        + files["checkpoint"])
    if bodies == "whole":
        files["definitions/payments.yaml"] = b"projection: payments\n"
    return files


def key_record(log: Log, index: int) -> dict[str, Any]:
    sequence, signer = log.keys[index]
    size = len(log.events)
    record = {"line": log.events[sequence].line.decode(), "path": [b64(hash) for hash in log.tree.path(sequence, size)],
              "sequence": sequence, "vkey": signer.vkey}
    if index:
        record["checkpoint"] = log.checkpoint(sequence + 1).decode()
        record["consistency"] = [b64(hash) for hash in log.tree.consistency(sequence + 1, size)]
    return record


def erasure(log: Log, at: int, by: int) -> dict[str, Any]:
    act = log.events[by].fields
    return {"bodyhash": log.events[at].fields["bodyhash"], "by": by, "reason": act["reason"], "sequence": at,
            "when": act["recordedtime"], "who": act["authid"]}


def body_files(log: Log, selected: list[int], erased: dict[int, int], mode: str) -> Files:
    files: Files = {}
    for at in selected:
        body = log.events[at].body
        if body is not None and at not in erased and mode == "whole":
            files[f"bodies/{padded(at)}"] = body
        elif body is not None and at not in erased and mode == "redacted":
            files[f"redacted/{padded(at)}.json"] = b'{"amount":0}'
    if mode == "whole":
        # An act's own body names what it erased.
        files |= {f"bodies/{padded(by)}": log.events[by].body for by in sorted(set(erased.values())) if log.events[by].body}
    return files


def totals_of(log: Log, selected: list[int]) -> Files:
    fields = [log.events[at].fields for at in selected]

    def counts(*names: str) -> list[dict[str, Any]]:
        counted: dict[tuple[str, ...], int] = {}
        for each in fields:
            key = tuple(each[name] for name in names)
            counted[key] = counted.get(key, 0) + 1
        return [dict(zip(names, key), count=count) for key, count in sorted(counted.items())]

    chosen = set(selected)
    amounts = [amount for amount in log.amounts if amount["sequence"] in chosen]
    sums: dict[str, list[int]] = {}
    for amount in amounts:
        row = sums.setdefault(amount["currency"], [0, 0])
        row[0] += 1
        row[1] += int(amount["amount"].replace(".", ""))
    listed = []
    for currency, (count, total) in sorted(sums.items()):
        digits = f"{abs(total):03d}"
        text = f"{digits[:-2]}.{digits[-2:]}" if currency == "EUR" else str(abs(total))
        listed.append({"column": "paid", "count": count, "currency": currency, "projection": "payments",
                       "sum": ("-" if total < 0 else "") + text})
    totals = {"amounts": listed, "bytes": sum(each.get("bodysize", 0) for each in fields), "events": len(selected),
              "kinds": counts("kind"), "outcomes": counts("outcome"), "sources": counts("source"),
              "types": counts("source", "type", "outcome")}
    if selected:
        totals |= {"first": selected[0], "last": selected[-1]}
    return {"totals.json": canonical(totals), "amounts.ndjson": b"".join(canonical(each) + b"\n" for each in amounts)}


def policy(log: Log) -> bytes:
    lines = ["# Who must have seen this log.", "log " + log.keys[0][1].vkey]
    lines += [f"witness w{i} {witness.vkey}" for i, witness in enumerate(log.witnesses)]
    return "\n".join(lines + ["group both all w0 w1", "quorum both", ""]).encode()


def anchor_files(log: Log) -> Files:
    """Two notes of witnesses and two timestamps, one of a size that a note has and one of another."""
    size, files, listed = len(log.events), {}, []
    middle = max(3, size * 2 // 3 | 1)
    kinds = [("witness", max(1, split(size))), ("witness", middle), ("rfc3161", middle), ("rfc3161", max(3, size - 2 | 1))]
    for number, (kind, at) in enumerate(each for each in kinds if each[1] <= size):
        path = f"anchors/{number + 1:03d}.{'note' if kind == 'witness' else 'tsr'}"
        files[path] = log.checkpoint(at, cosigned=True) if kind == "witness" else stamp(sha(log.checkpoint_text(at)))
        listed.append({"consistency": [b64(hash) for hash in log.tree.consistency(at, size)], "file": path, "kind": kind,
                       "sequence": at, "size": at, "time": time_text(START + STEP * at)})
    return files | {"anchors.json": canonical(listed)}


def der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    count = len(content)
    length = bytes([count]) if count < 128 else b"\x82" + count.to_bytes(2, "big")
    return bytes([tag]) + length + content


def stamp(digest: bytes) -> bytes:
    """A TimeStampResp over a digest, with no signature in it: the verifiers read the imprint alone."""
    algorithm = der(0x30, der(6, bytes.fromhex("608648016503040201")), der(5))
    info = der(0x30, der(2, b"\1"), der(6, bytes.fromhex("2a0304")), der(0x30, algorithm, der(4, digest)), der(2, b"\7"),
               der(0x18, b"20261121021914Z"))
    inner = der(0x30, der(6, bytes.fromhex("2a864886f70d0109100104")), der(0xA0, der(4, info)))
    signed = der(0x30, der(2, b"\3"), der(0x31, algorithm), inner, der(0x31))
    content = der(0x30, der(6, bytes.fromhex("2a864886f70d010702")), der(0xA0, signed))
    return der(0x30, der(0x30, der(2, b"\0")), content)


def seal(files: Files, signer: Signer, origin: str, size: int) -> Files:
    """The files with manifest.json and manifest.note of them."""
    files = {path: content for path, content in files.items() if path not in ("manifest.json", "manifest.note")}
    files["manifest.json"] = manifest_of(files)
    files["manifest.note"] = signer.note(note_text(files, origin, size))
    return files


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", help="the bundle to write")
    parser.add_argument("--events", type=int, default=400, help="in the log; default 400")
    parser.add_argument("--query", default="all", help='such as "since=2026-10-01T00:00:00Z source=shop"')
    parser.add_argument("--bodies", choices=["whole", "digests", "redacted"], default="whole")
    parser.add_argument("--selected-only", action="store_true", help="leave the stretch's other lines out")
    parser.add_argument("--seed", default="daybook")
    arguments = parser.parse_args()
    log = Log("shop.example.com/log", arguments.events, arguments.seed)
    signer = log.keys[-1][1]
    files = files_of(log, arguments.query, arguments.bodies, not arguments.selected_only)
    files = seal(files, signer, log.origin, len(log.events))
    stem = arguments.out.removesuffix(".tar.zst")
    for path, content in ((arguments.out, bundle_of(files)), (stem + ".vkey", (log.keys[0][1].vkey + "\n").encode()),
                          (stem + ".key", (signer.private_text + "\n").encode())):
        with open(path, "wb") as file:
            file.write(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
