#!/usr/bin/env python3
"""Verifies a log over HTTP without any of Daybook's code: Python's standard library and `cryptography` only.

    tools/verify.py BASE VKEY [--event SEQ]

Reads BASE/checkpoint, every entry bundle and every tile (C2SP tlog-tiles), and checks:
  - the checkpoint's Ed25519 signature, by VKEY or a key that the log's own events lead to from VKEY;
  - each line's sequence and prevhash (the chain), and that the lines hash to the tiles' leaves;
  - every tile against the tiles below it, and the root they give against the checkpoint's;
  - an inclusion path for one event (the middle one unless --event), made from the tiles alone.
Exit status 0 if all of it holds, 1 if anything does not.
"""
import argparse, base64, hashlib, json, sys, urllib.request

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Wrong(Exception):
    pass


def sha(data):
    return hashlib.sha256(data).digest()


def leaf(line):
    return sha(b"\0" + line)


def node(left, right):
    return sha(b"\1" + left + right)


def split(n):
    """The largest power of two below n."""
    return 1 << (n - 1).bit_length() - 1


def root_of(hashes):
    """RFC 6962 root of a list of leaf hashes."""
    if not hashes:
        return sha(b"")
    if len(hashes) == 1:
        return hashes[0]
    k = split(len(hashes))
    return node(root_of(hashes[:k]), root_of(hashes[k:]))


def fetch(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read()


def parse_vkey(text):
    """name, key id, public key of a C2SP vkey of type 0x01."""
    name, key_id, key = text.split("+", 2)
    raw = base64.b64decode(key, validate=True)
    if raw[0] != 1 or len(raw) != 33:
        raise Wrong(f"{text} is not an Ed25519 vkey")
    if sha(name.encode() + b"\n" + raw)[:4].hex() != key_id:
        raise Wrong(f"{text} has a wrong key id")
    return name, bytes.fromhex(key_id), raw[1:]


def parse_note(data):
    """Text and signatures [(name, key id, signature)] of a C2SP signed note."""
    text, _, tail = data.rpartition(b"\n\n")
    text += b"\n"
    signatures = []
    for line in tail.decode().splitlines():
        dash, name, encoded = line.split(" ")
        if dash != "\u2014":
            raise Wrong("a signature line that is none")
        raw = base64.b64decode(encoded, validate=True)
        signatures.append((name, raw[:4], raw[4:]))
    return text, signatures


def check_signature(text, signatures, vkey):
    name, key_id, public = parse_vkey(vkey)
    for signer, signer_id, signature in signatures:
        if (signer, signer_id) == (name, key_id):
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
                return
            except InvalidSignature:
                raise Wrong(f"the checkpoint's signature by {vkey} does not verify")
    raise Wrong(f"the checkpoint has no signature by {vkey}")


def tile_path(kind, index, width):
    groups = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03d}")
    return f"tile/{kind}/{'/'.join(groups)}" + (f".p/{width}" if width < 256 else "")


def tiles(count):
    """(index, width) of the tiles that hold `count` hashes."""
    for index in range((count + 255) // 256):
        yield index, min(256, count - 256 * index)


def lines_of(base, size):
    for index, width in tiles(size):
        bundle = fetch(base + tile_path("entries", index, width))
        at = 0
        for _ in range(width):
            length = int.from_bytes(bundle[at:at + 2], "big")
            yield bundle[at + 2:at + 2 + length]
            at += 2 + length
        if at != len(bundle):
            raise Wrong(f"entry bundle {index} has {len(bundle)} bytes, its entries take {at}")


def read_lines(base, size, vkey):
    """Leaf hashes of all lines, and the vkey in force at the end; checks sequence and chain."""
    leaves, previous, rotated = [], bytes(32), []
    for sequence, line in enumerate(lines_of(base, size)):
        event = json.loads(line)
        if event["sequence"] != f"{sequence:020d}":
            raise Wrong(f"event {sequence} says it is {event['sequence']}")
        if event["prevhash"] != previous.hex():
            raise Wrong(f"event {sequence} does not follow the one before: prevhash {event['prevhash']}")
        if event["source"] == "daybook" and event["type"] == "daybook.key.rotated":
            rotated.append((sequence, event["subject"].removeprefix("key:")))
        if sequence == 0 and event.get("subject") != "key:" + vkey:
            raise Wrong(f"the log began under {event.get('subject')}, not under {vkey}")
        previous = leaf(line)
        leaves.append(previous)
    # The checkpoint that covers a rotation as its last event is still signed under the old key.
    for sequence, key in rotated:
        if sequence + 1 < size:
            vkey = key
    return leaves, vkey


def read_tiles(base, leaves):
    """Compares every tile with what the level below gives; returns the levels of stored hashes."""
    levels, hashes = [], leaves
    while hashes:
        for index, width in tiles(len(hashes)):
            expected = b"".join(hashes[256 * index:256 * index + width])
            if fetch(base + tile_path(len(levels), index, width)) != expected:
                raise Wrong(f"tile {len(levels)}/{index} does not hold the hashes of the level below")
        levels.append(hashes)
        hashes = [root_of(hashes[i:i + 256]) for i in range(0, len(hashes) - 255, 256)]
    return levels


def subtree(levels, start, count):
    """The root of `count` leaves from `start`, using the highest stored level that fits."""
    if count == 1:
        return levels[0][start]
    for level in reversed(range(len(levels))):
        width = 256 ** level
        if count == width and start % width == 0:
            return levels[level][start // width]
    k = split(count)
    return node(subtree(levels, start, k), subtree(levels, start + k, count - k))


def inclusion_path(levels, index, size):
    path, start, count = [], 0, size
    while count > 1:
        k = split(count)
        if index - start < k:
            path.append(subtree(levels, start + k, count - k))
            count = k
        else:
            path.append(subtree(levels, start, k))
            start, count = start + k, count - k
    return path[::-1]


def root_from_path(index, size, hash, path):
    """RFC 9162 section 2.1.3.2."""
    fn, sn = index, size - 1
    for sibling in path:
        if sn == 0:
            raise Wrong("the inclusion path is too long")
        if fn & 1 or fn == sn:
            hash = node(sibling, hash)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            hash = node(hash, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise Wrong("the inclusion path is too short")
    return hash


def verify(base, vkey, event):
    text, signatures = parse_note(fetch(base + "checkpoint"))
    origin, size, root = text.decode().split("\n")[:3]
    size, root = int(size), base64.b64decode(root, validate=True)
    leaves, key = read_lines(base, size, vkey)
    check_signature(text, signatures, key)
    levels = read_tiles(base, leaves)
    if subtree(levels, 0, size) != root:
        raise Wrong("the lines do not give the checkpoint's root")
    event = size // 2 if event is None else event
    path = inclusion_path(levels, event, size)
    if root_from_path(event, size, leaves[event], path) != root:
        raise Wrong(f"the inclusion path of event {event} does not lead to the root")
    print(f"good  {origin}: {size} events, root {root.hex()}")
    print(f"      signed by {key}")
    print(f"      every line, link and tile; event {event} is included by a path of {len(path)} hashes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", help="such as http://127.0.0.1:8080")
    parser.add_argument("vkey", help="the log's first key, as daybook keys list shows it")
    parser.add_argument("--event", type=int, help="the event to prove")
    arguments = parser.parse_args()
    try:
        verify(arguments.base.rstrip("/") + "/", arguments.vkey, arguments.event)
    except Wrong as wrong:
        print(f"WRONG {wrong}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
