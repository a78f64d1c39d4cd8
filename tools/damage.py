#!/usr/bin/env python3
"""Damages an evidence bundle in every way that its verifiers must notice.

    tools/damage.py BUNDLE OUT-FOLDER [--signer FILE]

Writes OUT-FOLDER/NAME.tar.zst for each kind of damage, and OUT-FOLDER/expected.json, which says of each what it is, the
verdict that every verifier must give, and which checks must fail and no others: `checks`, and `with_key` if the ledger's
first key was given to the verifier. A kind that a bundle has nothing for (sums without amounts) is left out.

Most kinds are what somebody without the ledger's key can do: files changed and the manifest made anew, so that the check
`signature` fails, too. With --signer, a private key as Go's note package writes it, the ledger's own key signs the damaged
bundle, as a dishonest owner could: then the damage itself must be seen.

Needs the program `zstd`, and tools/bundle.py beside it.
"""
from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
from typing import Any, Callable, NamedTuple

import bundle
from bundle import FOLDER, Files, Signer, b64, canonical, entry, padded, sha

SEED = sha(b"a stranger's key")


class Damage(NamedTuple):
    """A damaged bundle and what must be said of it."""

    data: bytes
    what: str
    checks: set[str]
    verdict: str = "not sound"
    with_key: set[str] | None = None


class Good:
    """A good bundle, taken apart."""

    def __init__(self, path: str, signer: Signer | None):
        with open(path, "rb") as file:
            self.data = file.read()
        self.tar = subprocess.run(["zstd", "-dcq"], input=self.data, stdout=subprocess.PIPE, check=True).stdout
        self.files: Files = {}
        with tarfile.open(fileobj=io.BytesIO(self.tar)) as archive:
            for member in archive:
                content = archive.extractfile(member)
                assert content is not None
                self.files[member.name.removeprefix(FOLDER)] = content.read()
        self.signer = signer
        self.export = self.json("export.json")
        self.proof, self.keys = self.json("proof.json"), self.json("keys.json")
        self.included = [at for a, b in self.proof["included"] for at in range(a, b)]
        self.selected = [at for a, b in self.json("selected.json") for at in range(a, b)]
        self.lines = dict(zip(self.included, self.files["lines.ndjson"].split(b"\n")))
        self.fields = {at: json.loads(line) for at, line in self.lines.items()}
        self.has_proofs = any(path.startswith("proofs/") for path in self.files)
        self.amounts = [json.loads(line) for line in self.files["amounts.ndjson"].splitlines()]
        self.anchors = self.json("anchors.json")

    def json(self, path: str) -> Any:
        return json.loads(self.files[path])

    def with_files(self, changes: dict[str, bytes | None]) -> Files:
        """The files with some changed, added or (None) left out."""
        files = {**self.files, **changes}
        return {path: content for path, content in files.items() if content is not None}

    def with_lines(self, lines: dict[int, bytes]) -> dict[str, bytes | None]:
        return {"lines.ndjson": b"".join(lines[at] + b"\n" for at in sorted(lines))}

    def body(self, at: int) -> str:
        return f"bodies/{padded(at)}"

    def proof_path(self, at: int) -> str:
        return f"proofs/{padded(at)}.tlog-proof"

    def target(self, skip: int = 0) -> int:
        """A selected event in the middle of others, with a body, and no event of the ledger's own."""
        chosen, known = set(self.selected), set(self.included)
        erasing = {each["sequence"] for each in self.json("erased.json")}
        found = [at for at in self.selected if {at - 1, at + 1} <= known and {at, at + 1} <= chosen and at not in erasing
                 and at + 1 not in erasing and self.body(at) in self.files
                 and "daybook" not in (self.fields[at]["source"], self.fields[at + 1]["source"])]
        if not found:
            sys.exit("the bundle has no selected events beside each other with bodies: take another one")
        return found[(len(found) // 2 + skip) % len(found)]


Makers = dict[str, Callable[[Good], "Damage | None"]]
MAKERS: Makers = {}


def kind(make: Callable[[Good], Damage | None]) -> Callable[[Good], Damage | None]:
    """Registers a kind of damage by its function's name."""
    MAKERS[make.__name__.replace("_", "-")] = make
    return make


def resealed(good: Good, changes: dict[str, bytes | None], what: str, *checks: str) -> Damage:
    """Files changed and the manifest made anew; signed anew only by --signer."""
    files = good.with_files(changes)
    files["manifest.json"] = bundle.manifest_of(files)
    if good.signer:
        files["manifest.note"] = good.signer.note(bundle.note_text(files, good.export["origin"], good.export["size"]))
    failing = set(checks) | (set() if good.signer else {"signature"})
    return Damage(bundle.bundle_of(files), what, failing, "not sound" if failing else "sound")


def changed(good: Good, changes: dict[str, bytes | None], what: str, *checks: str) -> Damage:
    """Files changed and nothing else: the manifest tells."""
    return Damage(bundle.bundle_of(good.with_files(changes)), what, {"manifest", *checks})


def repacked(tar: bytes, what: str, *checks: str) -> Damage:
    return Damage(bundle.compress(tar), what, set(checks) or {"archive"})


def unreadable(data: bytes, what: str) -> Damage:
    return Damage(data, what, {"archive"}, "unreadable")


def edited(good: Good, path: str, **members: Any) -> dict[str, bytes | None]:
    """A JSON object with members changed, or (None) left out."""
    value = {**good.json(path), **members}
    return {path: canonical({name: each for name, each in value.items() if each is not None})}


def flip(data: bytes, at: int, bit: int = 1) -> bytes:
    return data[:at] + bytes([data[at] ^ bit]) + data[at + 1:]


def other_hash(text: str) -> str:
    """Another base64 hash."""
    return b64(sha(text.encode()))


# The file


@kind
def empty(good: Good) -> Damage:
    return unreadable(b"", "the file is empty")


@kind
def not_zstd(good: Good) -> Damage:
    return unreadable(gzip.compress(good.tar, mtime=0), "compressed by gzip")


@kind
def plain_tar(good: Good) -> Damage:
    return unreadable(good.tar, "not compressed")


@kind
def no_bundle(good: Good) -> Damage:
    return unreadable(bundle.compress(bundle.pack([(FOLDER + "hello.txt", b"hello\n")])), "an archive of something else")


@kind
def truncated(good: Good) -> Damage:
    return unreadable(good.data[:-7], "the last bytes are cut off")


@kind
def cut_in_half(good: Good) -> Damage:
    return unreadable(good.data[:len(good.data) // 2], "only the first half")


@kind
def tar_cut(good: Good) -> Damage:
    return unreadable(bundle.compress(good.tar[:len(good.tar) // 1024 * 512 + 100]), "the archive is cut short and compressed again")


@kind
def bit_flip_in_zstd_header(good: Good) -> Damage:
    return unreadable(flip(good.data, 1), "a bit of zstd's first bytes")


@kind
def bit_flip_in_tar_header(good: Good) -> Damage:
    return unreadable(bundle.compress(flip(good.tar, 20)), "a bit of a name in the archive, which its header's checksum covers")


@kind
def bit_flip_in_checksum(good: Good) -> Damage:
    stored = subprocess.run(["zstd", "-q", "-c", "--check"], input=good.tar, stdout=subprocess.PIPE, check=True).stdout
    return unreadable(flip(stored, len(stored) - 2), "a bit of zstd's checksum")


@kind
def trailing_data(good: Good) -> Damage:
    return Damage(good.data + b"and more", "bytes after the end of the file", {"archive"})


@kind
def second_frame(good: Good) -> Damage:
    return Damage(good.data + bundle.compress(b"and more"), "a second zstd frame after the end", {"archive"})


@kind
def data_after_tar(good: Good) -> Damage:
    return repacked(good.tar + b"and more".ljust(512, b"\0"), "bytes after the end of the archive")


@kind
def bomb(good: Good) -> Damage:
    """An entry that says it has 5 GiB, of which zstd's run-length blocks give 4 GiB and more."""
    header = entry(FOLDER + "README.txt", b"", size=5 << 30)
    blocks = (len(header) << 3).to_bytes(3, "little") + header
    for number in range(33_000):
        blocks += ((1 << 17) << 3 | 1 << 1 | (number == 32_999)).to_bytes(3, "little") + b"\0"
    return unreadable(b"\x28\xb5\x2f\xfd\x00\x58" + blocks, "a few bytes that unpack to more than 4 GiB")


@kind
def huge_window(good: Good) -> Damage:
    return unreadable(b"\x28\xb5\x2f\xfd\x00\xf8" + b"\1\0\0", "zstd data that asks for terabytes of memory")


# The archive's entries


def with_entry(good: Good, added: bytes, what: str, *checks: str) -> Damage:
    return repacked(added + good.tar, what, *checks)


@kind
def path_outside(good: Good) -> Damage:
    return with_entry(good, entry(FOLDER + "../../evil.txt", b"evil"), "an entry whose path leads out of the bundle")


@kind
def path_absolute(good: Good) -> Damage:
    return with_entry(good, entry("/tmp-evil/evil.txt", b"evil"), "an entry with an absolute path")


@kind
def path_elsewhere(good: Good) -> Damage:
    return with_entry(good, entry("other-folder/README.txt", b"other"), "an entry in another folder")


@kind
def symbolic_link(good: Good) -> Damage:
    return with_entry(good, entry(FOLDER + "link", b"", kind=b"2", link=b"/etc/passwd"), "a symbolic link")


@kind
def hard_link(good: Good) -> Damage:
    return with_entry(good, entry(FOLDER + "link", b"", kind=b"1", link=b"README.txt"), "a hard link")


@kind
def folder_entry(good: Good) -> Damage:
    return with_entry(good, entry(FOLDER + "folder", b"", kind=b"5"), "a folder")


@kind
def device(good: Good) -> Damage:
    return with_entry(good, entry(FOLDER + "device", b"", kind=b"3"), "a device")


@kind
def extended_header(good: Good) -> Damage:
    return with_entry(good, entry(FOLDER + "pax", b"30 path=daybook-evidence/other\n", kind=b"x"), "an extended header")


@kind
def duplicate_entry(good: Good) -> Damage:
    again = entry(FOLDER + "README.txt", b"another text")
    return repacked(good.tar.rstrip(b"\0").ljust(-(-len(good.tar.rstrip(b"\0")) // 512) * 512, b"\0") + again + bytes(1024),
                    "a file that is there twice")


@kind
def file_added(good: Good) -> Damage:
    return changed(good, {"definitions/extra.yaml": b"extra"}, "a file that the manifest does not list")


@kind
def file_left_out(good: Good) -> Damage:
    return changed(good, {"README.txt": None}, "a file that the manifest lists is not there")


# The manifest


@kind
def bit_flip_in_body(good: Good) -> Damage:
    path = good.body(good.target())
    return changed(good, {path: flip(good.files[path], len(good.files[path]) - 3)}, "a bit of a body", "bodies")


@kind
def bit_flip_in_line(good: Good) -> Damage:
    return changed(good, *line_edit(good))


@kind
def no_signature(good: Good) -> Damage:
    return Damage(bundle.bundle_of(good.with_files({"manifest.note": None})), "re-packed without manifest.note", {"signature"})


@kind
def manifest_of_another_bundle(good: Good) -> Damage:
    log = bundle.Log("other.example.com/log", 20, "other")
    files = bundle.seal(bundle.files_of(log, "all"), log.keys[-1][1], log.origin, 20)
    return Damage(bundle.bundle_of(good.with_files({path: files[path] for path in ("manifest.json", "manifest.note")})),
                  "manifest.json and manifest.note of another bundle", {"manifest", "signature"})


@kind
def signed_by_a_stranger(good: Good) -> Damage:
    files = good.with_files({})
    stranger = Signer(good.export["origin"], 1, SEED)
    files["manifest.note"] = stranger.note(bundle.note_text(files, good.export["origin"], good.export["size"]))
    return Damage(bundle.bundle_of(files), "the manifest signed by another key of the same name", {"signature"})


@kind
def nothing_but_a_file_added(good: Good) -> Damage:
    return resealed(good, {"definitions/extra.yaml": b"extra"}, "a file added, and the manifest with it")


@kind
def export_origin_changed(good: Good) -> Damage:
    return resealed(good, edited(good, "export.json", origin="other.example.com/log"), "export.json names another log",
                    "signature", "checkpoint")


# Lines


def line_edit(good: Good) -> tuple[dict[str, bytes | None], str, *tuple[str, ...]]:
    at = good.target()
    identity = good.fields[at]["id"]
    fields = {**good.fields[at], "id": identity[:-1] + ("a" if identity[-1] != "a" else "b")}
    checks = ["lines", "chain"] + ["proofs"] * good.has_proofs
    return (good.with_lines({**good.lines, at: canonical(fields)}), "a line was edited", *checks)


@kind
def line_edited(good: Good) -> Damage:
    return resealed(good, *line_edit(good))


@kind
def lines_swapped(good: Good) -> Damage:
    at = good.target()
    lines = {**good.lines, at: good.lines[at + 1], at + 1: good.lines[at]}
    return resealed(good, good.with_lines(lines), "two lines changed places", "lines", "chain", "bodies",
                    *["proofs"] * good.has_proofs)


@kind
def line_not_canonical(good: Good) -> Damage:
    at = good.target()
    return resealed(good, good.with_lines({**good.lines, at: good.lines[at].replace(b'"id":', b'"id": ', 1)}),
                    "a space in a line: the line counts for nothing", *broken_line(good))


@kind
def line_not_utf8(good: Good) -> Damage:
    at = good.target()
    return resealed(good, good.with_lines({**good.lines, at: good.lines[at].replace(b'"id":"', b'"id":"\xff', 1)}),
                    "a byte in a line that is not UTF-8: the line counts for nothing", *broken_line(good))


def broken_line(good: Good) -> list[str]:
    return ["lines", "chain", "totals", "bodies"] + ["proofs"] * good.has_proofs


def hidden(good: Good, at: int) -> dict[str, bytes | None]:
    """A line put out of sight: its leaf hash takes its place, so that the tree still fits."""
    lines = {each: line for each, line in good.lines.items() if each != at}
    hashes, known = list(good.proof["hashes"]), set(good.included)
    before = count_hashes(known, 0, good.export["size"], at)
    hashes.insert(before, b64(sha(b"\0" + good.lines[at])))
    proof = {"hashes": hashes, "included": bundle.ranges(sorted(lines)), "size": good.proof["size"]}
    return {**good.with_lines(lines), "proof.json": canonical(proof)}


def count_hashes(known: set[int], low: int, high: int, stop: int) -> int:
    """How many hashes the walk takes before it comes to an included leaf."""
    inside = {each for each in known if low <= each < high}
    if not inside:
        return 1 if high <= stop else 0
    if high - low == 1 or low > stop:
        return 0
    middle = low + bundle.split(high - low)
    return count_hashes(inside, low, middle, stop) + (count_hashes(inside, middle, high, stop) if middle <= stop else 0)


@kind
def event_left_out(good: Good) -> Damage | None:
    """All traces of an event removed, and the totals made anew: only that the stretch is not whole can tell."""
    if not good.export["complete"]:
        return None
    at = good.target()
    selected = [each for each in good.selected if each != at]
    changes = hidden(good, at) | edited(good, "export.json", selected=len(selected))
    changes |= {"selected.json": canonical(bundle.ranges(selected)), good.body(at): None, good.proof_path(at): None}
    changes |= retotal(good, at)
    return resealed(good, changes, "an event left out with all that belongs to it", "complete")


def retotal(good: Good, gone: int) -> dict[str, bytes | None]:
    """totals.json and amounts.ndjson without an event."""
    totals, fields = good.json("totals.json"), good.fields[gone]
    totals["events"] -= 1
    totals["bytes"] -= fields.get("bodysize", 0)
    for name, members in (("kinds", ["kind"]), ("outcomes", ["outcome"]), ("sources", ["source"]),
                          ("types", ["source", "type", "outcome"])):
        for row in totals[name]:
            if all(row[member] == fields[member] for member in members):
                row["count"] -= 1
        totals[name] = [row for row in totals[name] if row["count"]]
    for amount in good.amounts:
        if amount["sequence"] == gone:
            row = next(row for row in totals["amounts"] if all(row[name] == amount[name] for name in ("column", "currency", "projection")))
            row["count"] -= 1
            row["sum"] = difference(row["sum"], amount["amount"])
    totals["amounts"] = [row for row in totals["amounts"] if row["count"]]
    kept = [amount for amount in good.amounts if amount["sequence"] != gone]
    return {"totals.json": canonical(totals), "amounts.ndjson": b"".join(canonical(each) + b"\n" for each in kept)}


def difference(a: str, b: str) -> str:
    """a - b of decimal texts with as many places each."""
    places = len(a.partition(".")[2])
    value = int(a.replace(".", "")) - int(b.replace(".", ""))
    digits = f"{abs(value):0{places + 1}d}"
    return ("-" if value < 0 else "") + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


@kind
def event_not_selected(good: Good) -> Damage | None:
    """As event_left_out, but the line stays: it fits the query and is not selected."""
    if not good.export["complete"]:
        return None
    at = good.target()
    selected = [each for each in good.selected if each != at]
    changes = edited(good, "export.json", selected=len(selected)) | retotal(good, at)
    changes |= {"selected.json": canonical(bundle.ranges(selected)), good.body(at): None, good.proof_path(at): None}
    return resealed(good, changes, "an event that fits the query is not selected", "complete")


# The proof


@kind
def proof_hash_changed(good: Good) -> Damage | None:
    hashes = good.proof["hashes"]
    if not hashes:
        return None
    return resealed(good, edited(good, "proof.json", hashes=[*hashes[:-1], other_hash("a")]), "a hash of proof.json changed", "lines")


@kind
def proof_hash_too_many(good: Good) -> Damage:
    return resealed(good, edited(good, "proof.json", hashes=[*good.proof["hashes"], other_hash("a")]), "one hash too many", "lines")


@kind
def proof_hash_missing(good: Good) -> Damage | None:
    if not good.proof["hashes"]:
        return None
    return resealed(good, edited(good, "proof.json", hashes=good.proof["hashes"][:-1]), "one hash too few", "lines")


# The query and the stretch


@kind
def query_changed(good: Good) -> Damage:
    return resealed(good, edited(good, "export.json", query=good.export["query"].replace("all", "") + " source=nobody"),
                    "the query was narrowed: the selected events do not fit", "complete")


@kind
def query_not_known(good: Good) -> Damage:
    return resealed(good, edited(good, "export.json", query="weather=fine"), "a query that means nothing", "complete")


@kind
def query_widened(good: Good) -> Damage | None:
    if good.export["query"] == "all" or not good.export["complete"]:
        return None
    return resealed(good, edited(good, "export.json", query="all", since=None, until=None), "a query for more than is there", "complete")


@kind
def since_changed(good: Good) -> Damage:
    return resealed(good, edited(good, "export.json", since="2020-01-01T00:00:00Z"), "since is not that of the query", "complete")


@kind
def until_changed(good: Good) -> Damage:
    return resealed(good, edited(good, "export.json", until="2020-01-01T00:00:00Z"), "until is not that of the query", "complete")


@kind
def first_narrowed(good: Good) -> Damage | None:
    first, end = good.export["first"], good.export["end"]
    if end - first < 2 or not good.export["complete"]:
        return None
    return resealed(good, edited(good, "export.json", first=first + 1), "the stretch begins one event later", "complete")


@kind
def end_narrowed(good: Good) -> Damage | None:
    first, end = good.export["first"], good.export["end"]
    if end - first < 2 or not good.export["complete"]:
        return None
    return resealed(good, edited(good, "export.json", end=end - 1), "the stretch ends one event earlier", "complete")


@kind
def selected_count_changed(good: Good) -> Damage:
    return resealed(good, edited(good, "export.json", selected=good.export["selected"] + 1), "export.json counts one event more", "complete")


# Bodies and erasures


@kind
def body_changed(good: Good) -> Damage:
    path = good.body(good.target())
    return resealed(good, {path: good.files[path] + b" "}, "a body was changed", "bodies")


@kind
def body_left_out(good: Good) -> Damage:
    return resealed(good, {good.body(good.target()): None}, "a body is missing", "bodies")


@kind
def bodies_swapped(good: Good) -> Damage:
    a, b = good.body(good.target()), good.body(good.target(1))
    return resealed(good, {a: good.files[b], b: good.files[a]}, "two bodies changed places", "bodies")


@kind
def body_of_no_event(good: Good) -> Damage:
    return resealed(good, {good.body(10 ** 15): b"x" * 40}, "a body that belongs to no event", "bodies")


@kind
def erased_extended(good: Good) -> Damage:
    return resealed(good, erased_with(good, good.target()), "an event listed as erased whose body is there", "bodies")


@kind
def erased_to_hide(good: Good) -> Damage:
    at = good.target()
    return resealed(good, erased_with(good, at) | {good.body(at): None},
                    "a body left out and listed as erased by an event that is no act of erasure", "bodies")


def erased_with(good: Good, at: int) -> dict[str, bytes | None]:
    record = {"bodyhash": good.fields[at]["bodyhash"], "by": at + 1, "reason": "why not", "sequence": at,
              "when": good.fields[at + 1]["recordedtime"], "who": "nobody"}
    return {"erased.json": canonical(sorted([*good.json("erased.json"), record], key=lambda each: each["sequence"]))}


@kind
def erased_reason_changed(good: Good) -> Damage | None:
    erased = good.json("erased.json")
    if not erased:
        return None
    return resealed(good, {"erased.json": canonical([{**erased[0], "reason": "another"}, *erased[1:]])},
                    "another reason for an erasure", "bodies")


@kind
def erased_author_changed(good: Good) -> Damage | None:
    erased = good.json("erased.json")
    if not erased:
        return None
    return resealed(good, {"erased.json": canonical([{**erased[0], "who": "somebody else"}, *erased[1:]])},
                    "an erasure is said to be another's", "bodies")


@kind
def erased_left_out(good: Good) -> Damage | None:
    erased = good.json("erased.json")
    return resealed(good, {"erased.json": canonical(erased[1:])}, "an erasure is not listed", "bodies") if erased else None


# Totals


@kind
def totals_changed(good: Good) -> Damage:
    return resealed(good, edited(good, "totals.json", events=good.json("totals.json")["events"] + 1), "one event more in the totals", "totals")


@kind
def totals_of_types_changed(good: Good) -> Damage:
    types = good.json("totals.json")["types"]
    types[0]["count"] += 1
    return resealed(good, edited(good, "totals.json", types=types), "a count of a type changed", "totals")


@kind
def totals_sum_changed(good: Good) -> Damage | None:
    amounts = good.json("totals.json")["amounts"]
    if not amounts:
        return None
    amounts[0]["sum"] = difference(amounts[0]["sum"], "1" if "." not in amounts[0]["sum"] else f"{0:.{len(amounts[0]['sum'].partition('.')[2])}f}"[:-1] + "1")
    return resealed(good, edited(good, "totals.json", amounts=amounts), "a sum changed by its smallest unit", "totals")


@kind
def amounts_changed(good: Good) -> Damage | None:
    if not good.amounts:
        return None
    first = {**good.amounts[0], "amount": good.amounts[0]["amount"] + ("1" if "." not in good.amounts[0]["amount"] else "")}
    if first == good.amounts[0]:
        first["amount"] = first["amount"][:-1] + ("1" if first["amount"][-1] != "1" else "2")
    return resealed(good, {"amounts.ndjson": b"".join(canonical(each) + b"\n" for each in [first, *good.amounts[1:]])},
                    "an amount changed", "totals")


@kind
def amount_of_no_event(good: Good) -> Damage:
    amount = {"amount": "0", "column": "paid", "currency": "EUR", "projection": "payments", "sequence": good.export["size"] + 5}
    return resealed(good, {"amounts.ndjson": good.files["amounts.ndjson"] + canonical(amount) + b"\n"},
                    "an amount of an event that is not selected", "totals")


@kind
def json_too_deep(good: Good) -> Damage:
    return resealed(good, {"totals.json": b"[" * 100_000 + b"]" * 100_000}, "JSON nested 100,000 deep", "totals")


@kind
def json_not_utf8(good: Good) -> Damage:
    return resealed(good, {"erased.json": b'["\xff"]'}, "JSON that is not UTF-8", "bodies")


@kind
def json_member_twice(good: Good) -> Damage:
    text = good.files["totals.json"]
    return resealed(good, {"totals.json": text[:-1] + b"," + text[1:]}, "JSON with members given twice", "totals")


@kind
def json_huge_number(good: Good) -> Damage:
    text = good.files["totals.json"].replace(b'"events":', b'"events":' + b"9" * 40, 1)
    return resealed(good, {"totals.json": text}, "JSON with a number that is too large", "totals")


# Keys and checkpoints


def forged_note(text: bytes, origin: str) -> bytes:
    return Signer(origin, 1, SEED).note(text)


def note_text_of(note: bytes) -> bytes:
    return note[:note.rindex(b"\n\n") + 1]


@kind
def checkpoint_signature_changed(good: Good) -> Damage:
    note = good.files["checkpoint"]
    end = note.index(b"\n", note.rindex(b"\n\n") + 2)
    at = end - 12
    other = b"A" if note[at:at + 1] != b"A" else b"B"
    return resealed(good, {"checkpoint": note[:at] + other + note[at + 1:]}, "the checkpoint's signature changed", "checkpoint")


@kind
def checkpoint_by_a_stranger(good: Good) -> Damage:
    return resealed(good, {"checkpoint": forged_note(note_text_of(good.files["checkpoint"]), good.export["origin"])},
                    "the checkpoint signed by another key of the same name", "checkpoint")


@kind
def checkpoint_root_changed(good: Good) -> Damage:
    lines = good.files["checkpoint"].split(b"\n")
    lines[2] = other_hash("a").encode()
    cosigned = bool(good.anchors) or len(good.files["checkpoint"].rstrip(b"\n").split(b"\n")) > 5 and "policy" in good.files
    return resealed(good, {"checkpoint": b"\n".join(lines)}, "another root in the checkpoint", "checkpoint", "keys", "lines",
                    *["proofs"] * good.has_proofs, *["anchors"] * cosigned)


@kind
def checkpoint_of_another_size(good: Good) -> Damage | None:
    notes = [each["checkpoint"] for each in good.keys if each.get("checkpoint")]
    if not notes:
        return None
    changes: dict[str, bytes | None] = {path: None for path in good.files if path.startswith("proofs/")}
    return resealed(good, {**changes, "checkpoint": notes[0].encode()}, "an older checkpoint of the log (and no proofs of events)",
                    "checkpoint", "keys", "lines", *["anchors"] * bool(good.anchors))


def keys_with(good: Good, index: int, **members: Any) -> dict[str, bytes | None]:
    records = [dict(each) for each in good.keys]
    records[index] = {name: value for name, value in {**records[index], **members}.items() if value is not None}
    return {"keys.json": canonical(records)}


@kind
def key_line_changed(good: Good) -> Damage:
    line = good.keys[0]["line"]
    return resealed(good, keys_with(good, 0, line=line.replace('"id":"', '"id":"x', 1)), "the line that names the first key changed", "keys")


@kind
def key_path_changed(good: Good) -> Damage:
    path = good.keys[0]["path"]
    return resealed(good, keys_with(good, 0, path=[other_hash("a"), *path[1:]]), "the proof of the first key's event changed", "keys")


@kind
def key_handover_missing(good: Good) -> Damage | None:
    if len(good.keys) < 2:
        return None
    return resealed(good, keys_with(good, 1, checkpoint=None), "the checkpoint that hands over to a key is missing", "keys")


@kind
def key_handover_forged(good: Good) -> Damage | None:
    if len(good.keys) < 2:
        return None
    note = forged_note(note_text_of(good.keys[1]["checkpoint"].encode()), good.export["origin"])
    return resealed(good, keys_with(good, 1, checkpoint=note.decode()), "a change of key signed by a stranger", "keys")


@kind
def key_consistency_changed(good: Good) -> Damage | None:
    if len(good.keys) < 2 or not good.keys[1]["consistency"]:
        return None
    proof = [other_hash("a"), *good.keys[1]["consistency"][1:]]
    return resealed(good, keys_with(good, 1, consistency=proof), "the consistency proof of a change of key changed", "keys")


@kind
def other_ledger(good: Good) -> Damage:
    """Everything made anew and signed by a stranger's keys: only a key known from elsewhere can tell."""
    forger = Forger(good)
    return Damage(bundle.bundle_of(forger.files()), "the whole ledger made anew under other keys: sound in itself",
                  set(), "sound", {"keys"})


class Forger:
    """Builds another ledger with the same events, as far as the bundle shows them."""

    def __init__(self, good: Good):
        self.good, self.size = good, good.export["size"]
        origin = good.export["origin"]
        self.signers = {each["sequence"]: Signer(origin, 1, sha(SEED + bytes([i]))) for i, each in enumerate(good.keys)}
        fields = dict(good.fields) | {each["sequence"]: json.loads(each["line"]) for each in good.keys}
        leaves = [sha(b"unknown %d" % at) for at in range(self.size)]
        self.lines: dict[int, bytes] = {}
        for at in sorted(fields):
            line = dict(fields[at])
            if at in self.signers:
                line["subject"] = "key:" + self.signers[at].vkey
            if at - 1 in fields:
                line["prevhash"] = leaves[at - 1].hex()
            self.lines[at] = canonical(line)
            leaves[at] = sha(b"\0" + self.lines[at])
        self.tree = bundle.Tree(leaves)

    def checkpoint(self, size: int) -> bytes:
        text = f"{self.good.export['origin']}\n{size}\n{b64(self.tree.root(0, size))}\n".encode()
        return [signer for at, signer in self.signers.items() if at == 0 or at + 1 < size][-1].note(text)

    def key(self, at: int, signer: Signer) -> dict[str, Any]:
        record = {"line": self.lines[at].decode(), "path": [b64(hash) for hash in self.tree.path(at, self.size)],
                  "sequence": at, "vkey": signer.vkey}
        if at:
            record |= {"checkpoint": self.checkpoint(at + 1).decode(),
                       "consistency": [b64(hash) for hash in self.tree.consistency(at + 1, self.size)]}
        return record

    def files(self) -> Files:
        good, included = self.good, set(self.good.included)
        hashes = [b64(hash) for hash in self.tree.missing(included, 0, self.size)]
        changes: dict[str, bytes | None] = {path: None for path in good.files if path.startswith("anchors/") or path == "policy"}
        changes |= good.with_lines({at: line for at, line in self.lines.items() if at in included})
        changes |= {"anchors.json": b"[]", "checkpoint": self.checkpoint(self.size),
                    "keys.json": canonical([self.key(at, signer) for at, signer in self.signers.items()]),
                    "proof.json": canonical({**good.proof, "hashes": hashes})}
        for at in good.selected if good.has_proofs else []:
            path = "".join(b64(hash) + "\n" for hash in self.tree.path(at, self.size))
            changes[good.proof_path(at)] = f"c2sp.org/tlog-proof@v1\nindex {at}\n{path}\n".encode() + self.checkpoint(self.size)
        last = list(self.signers.values())[-1]
        return bundle.seal(good.with_files(changes), last, good.export["origin"], self.size)


# Proofs of events, anchors


@kind
def event_proof_changed(good: Good) -> Damage | None:
    if not good.has_proofs:
        return None
    path = good.proof_path(good.target())
    lines = good.files[path].split(b"\n")
    lines[2] = other_hash("a").encode()
    return resealed(good, {path: b"\n".join(lines)}, "a hash of an event's own proof changed", "proofs")


@kind
def event_proof_of_another(good: Good) -> Damage | None:
    if not good.has_proofs:
        return None
    return resealed(good, {good.proof_path(good.target()): good.files[good.proof_path(good.target(1))]},
                    "an event's own proof is that of another event", "proofs")


def first_anchor(good: Good, kind: str) -> str | None:
    return next((each["file"] for each in good.anchors if each["kind"] == kind), None)


@kind
def cosignature_forged(good: Good) -> Damage | None:
    """A witness's signature under another time."""
    path = first_anchor(good, "witness")
    names = [line.split()[2].split("+")[0] for line in good.files.get("policy", b"").decode().splitlines() if line.startswith("witness ")]
    if not path or not names:
        return None
    lines = good.files[path].decode().split("\n")
    for number, line in enumerate(lines):
        if line.startswith("\u2014 ") and line.split(" ")[1] in names:
            raw = bundle.base64.b64decode(line.split(" ")[2])
            lines[number] = " ".join([*line.split(" ")[:2], b64(flip(raw, 11))])
            return resealed(good, {path: "\n".join(lines).encode()}, "a witness's signature under another time", "anchors")
    return None


@kind
def anchor_root_changed(good: Good) -> Damage | None:
    path = first_anchor(good, "witness")
    if not path:
        return None
    lines = good.files[path].split(b"\n")
    lines[2] = other_hash("a").encode()
    return resealed(good, {path: b"\n".join(lines)}, "a witness saw another log", "anchors")


@kind
def anchor_left_out(good: Good) -> Damage | None:
    path = first_anchor(good, "witness")
    return resealed(good, {path: None}, "an anchor that is listed is missing", "anchors") if path else None


@kind
def timestamp_changed(good: Good) -> Damage | None:
    path = first_anchor(good, "rfc3161")
    if not path:
        return None
    at = good.files[path].index(bytes.fromhex("608648016503040201"), good.files[path].index(bytes.fromhex("2a864886f70d0109100104")))
    at = good.files[path].index(b"\x04\x20", at) + 5
    return resealed(good, {path: flip(good.files[path], at)}, "a timestamp of something else", "anchors")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", help="a good bundle, with bodies")
    parser.add_argument("out", metavar="OUT-FOLDER")
    parser.add_argument("--signer", metavar="FILE", help="the ledger's private key")
    arguments = parser.parse_args()
    signer = None
    if arguments.signer:
        with open(arguments.signer) as file:
            signer = bundle.read_signer(file.read())
    good, expected = Good(arguments.bundle, signer), {}
    os.makedirs(arguments.out, exist_ok=True)
    for name, make in MAKERS.items():
        damage = make(good)
        if damage is None:
            continue
        with open(os.path.join(arguments.out, f"{name}.tar.zst"), "wb") as file:
            file.write(damage.data)
        with_key = damage.checks if damage.with_key is None else damage.with_key
        expected[f"{name}.tar.zst"] = {"checks": sorted(damage.checks), "verdict": damage.verdict, "what": damage.what,
                                       "with_key": sorted(with_key)}
    with open(os.path.join(arguments.out, "expected.json"), "w") as file:
        json.dump(expected, file, indent=1, sort_keys=True)
    print(f"{len(expected)} damaged bundles")
    return 0


if __name__ == "__main__":
    sys.exit(main())
