#!/usr/bin/env python3
"""Verifies an evidence bundle without any of Daybook's code and without a network.

    python3 verify.py BUNDLE.tar.zst [--key VKEY] [--json]

Needs Python 3.9 or newer and the package `cryptography` (for Ed25519). Zstandard is decoded by Python's own module
(3.14), else by the program `zstd`, else by the decoder in this file (RFC 8878), which is slow but needs nothing.

Exit status: 0 sound, 1 not sound, 2 usage, 3 unreadable.

How to read this file: the checks stand in the class `Verification`, one method each, in the order in which they are
reported. Everything above it reads: zstd, tar, JSON, signed notes, Merkle proofs. Nothing in a bundle is trusted before
the check that covers it, and what is wrong becomes a finding, never an exception.
"""
from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import mmap
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Iterator, List, NamedTuple, Tuple

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    sys.exit("verify.py needs the Python package cryptography: python3 -m pip install cryptography")

FORMAT = "daybook-evidence/v1"
FOLDER = "daybook-evidence/"
CHECKS = ["archive", "manifest", "signature", "keys", "checkpoint", "lines", "chain", "complete", "bodies", "totals",
          "proofs", "anchors"]

# Limits on what a hostile bundle may ask for.
MOST_UNPACKED = 4 << 30  # bytes of the tar
MOST_ENTRIES = 4_000_000
MOST_DOCUMENT = 100_000_000  # bytes of one JSON document
MOST_DEPTH = 64  # of nested JSON
MOST_LINE = 65_535  # bytes of a line of the log: its length has 16 bits in a C2SP entry bundle
MOST_NOTE = 1 << 20  # bytes of a signed note
MOST_SIGNATURES = 100  # of a note
MOST_WINDOW = 1 << 27  # bytes of history that a zstd frame may ask for, as the program zstd has it
MOST_KEYS = 10_000  # of a ledger: one a day for 27 years
MOST_LINES = 6_000_002  # three million that are selected, as many acts of erasure, two neighbours
MOST_SUMS = 100_000  # projections, their columns of money, the world's currencies
MOST_SHOWN = 20  # findings listed for one check; more are counted
SAFE_INTEGER = (1 << 53) - 1  # the largest whole number that every JSON reader takes for the same

ATTRIBUTES = set(
    "attempt authid authtype bodyhash bodysize causationid correlationid datacontenttype durationms errors id kind "
    "method outcome part path prevhash provider ratelimit reason recordedtime records sequence service source "
    "specversion status subject sync time traceparent type".split()
)


class Unreadable(Exception):
    """The bundle cannot be read on: nothing can be said of what it holds."""


class Wrong(Exception):
    """Something is not as it must be; the text says what, for a finding."""


# ---------------------------------------------------------------------------------------------------------------------
# Zstandard (RFC 8878)

BLOCK_MOST = 128 * 1024  # bytes that a block may give (section 3.1.1.2.4)


class Frame(NamedTuple):
    """What a frame's header says, and where its blocks begin."""

    start: int
    window: int
    content_size: int | None
    has_checksum: bool


def corrupt(what: str) -> Unreadable:
    return Unreadable(f"the zstd data is damaged: {what}")


def read_frame_header(data: Any) -> Frame:
    """RFC 8878 section 3.1.1.1."""
    if bytes(data[:4]) != b"\x28\xb5\x2f\xfd":
        raise Unreadable("this is not a zstd file, so no evidence bundle")
    if len(data) < 6:
        raise Unreadable("the file ends in its first bytes")
    descriptor, at = data[4], 5
    single, dictionary = descriptor >> 5 & 1, (0, 1, 2, 4)[descriptor & 3]
    if descriptor & 8:
        raise corrupt("the frame's header has a reserved bit set")
    window = 0
    if not single:
        base = 1 << (10 + (data[at] >> 3))
        window = base + base // 8 * (data[at] & 7)
        at += 1
    if any(data[at:at + dictionary]):
        raise Unreadable("the zstd data needs a dictionary")
    at += dictionary
    width = (1 if single else 0, 2, 4, 8)[descriptor >> 6]
    size = None
    if width:
        if at + width > len(data):
            raise Unreadable("the file ends in its first bytes")
        size = int.from_bytes(data[at:at + width], "little") + (256 if width == 2 else 0)
        at += width
    if single:
        window = size or 0
    if size is not None and size > MOST_UNPACKED:
        raise Unreadable(f"it says it unpacks to {size:,} bytes, more than the limit of {MOST_UNPACKED:,}")
    if window > MOST_WINDOW:
        raise Unreadable(f"the zstd data asks for {window:,} bytes of memory, more than the limit of {MOST_WINDOW:,}")
    return Frame(at, window, size, bool(descriptor & 4))


def blocks_of(data: Any, frame: Frame) -> Iterator[tuple[int, int, int, int]]:
    """Type, size as said, begin and end of each block's bytes; the last end is the end of the blocks."""
    at, last = frame.start, 0
    while not last:
        if at + 3 > len(data):
            raise Unreadable("the file is cut short: it ends in the middle of the zstd data")
        header = int.from_bytes(data[at:at + 3], "little")
        last, kind, size = header & 1, header >> 1 & 3, header >> 3
        if kind == 3:
            raise corrupt("a block of a reserved type")
        if size > BLOCK_MOST:
            raise corrupt("a block that is too large")
        begin, at = at + 3, at + 3 + (1 if kind == 1 else size)
        if at > len(data):
            raise Unreadable("the file is cut short: it ends in the middle of the zstd data")
        yield kind, size, begin, at


def frame_end(data: Any, frame: Frame) -> int:
    """Where the frame ends, without decoding it."""
    end = frame.start
    for _, _, _, end in blocks_of(data, frame):
        pass
    end += 4 if frame.has_checksum else 0
    if end > len(data):
        raise Unreadable("the file is cut short: the zstd checksum is missing")
    return end


class BackwardBits:
    """A bit stream that is read from its end (section 4.1, "bitstreams")."""

    def __init__(self, data: bytes):
        if not data or not data[-1]:
            raise corrupt("a bit stream without its end mark")
        # Eight zero bytes in front stand for the bits that may be peeked at before the beginning.
        self.data = bytes(8) + data
        self.left = 8 * len(data) - 9 + data[-1].bit_length()  # without the end mark

    def read(self, count: int) -> int:
        self.left -= count
        at = self.left + 64
        if at < 0:
            raise corrupt("a bit stream that is too short")
        return int.from_bytes(self.data[at >> 3:(at >> 3) + 8], "little") >> (at & 7) & ((1 << count) - 1)


class StateTable(NamedTuple):
    """An FSE decoding table: for each state its symbol, the bits to read and what to add to them."""

    log: int
    symbols: list[int]
    bits: list[int]
    bases: list[int]


def read_distribution(data: bytes, at: int, most_log: int, most_symbol: int) -> tuple[StateTable, int]:
    """An FSE table description (section 4.1.1); the table and where the description ends."""
    position = 8 * at

    def take(count: int) -> int:
        nonlocal position
        if position + count > 8 * len(data) + 32:
            raise corrupt("a table that is cut short")
        value = int.from_bytes(data[position >> 3:(position >> 3) + 4], "little") >> (position & 7)
        position += count
        return value & ((1 << count) - 1)

    log = take(4) + 5
    if log > most_log:
        raise corrupt("a table that is too precise")
    left, counts = 1 << log, []
    while left > 0:
        if len(counts) > most_symbol:
            raise corrupt("a table with too many symbols")
        width = (left + 1).bit_length()
        value, threshold = take(width), (1 << width) - 2 - left
        low = value & ((1 << (width - 1)) - 1)
        if low < threshold:
            position -= 1
            value = low
        elif value >= 1 << (width - 1):
            value -= threshold
        counts.append(value - 1)
        left -= abs(value - 1)
        if value == 1:
            more = 3
            while more == 3:
                more = take(2)
                counts.extend([0] * more)
                if len(counts) > most_symbol + 1:
                    raise corrupt("a table with too many symbols")
    if left < 0:
        raise corrupt("a table that does not add up")
    end = (position + 7) // 8
    if end > len(data):
        raise corrupt("a table that is cut short")
    return build_states(counts, log), end


def build_states(counts: list[int], log: int) -> StateTable:
    """Spreads symbols over the states (section 4.1.1); a count of -1 is "less than one"."""
    size = 1 << log
    symbols, bits, bases, following = [0] * size, [0] * size, [0] * size, list(counts)
    high = size
    for symbol, count in enumerate(counts):
        if count == -1:
            high -= 1
            symbols[high], following[symbol] = symbol, 1
    step, position = (size >> 1) + (size >> 3) + 3, 0
    for symbol, count in enumerate(counts):
        for _ in range(count):
            symbols[position] = symbol
            position = (position + step) & (size - 1)
            while position >= high:
                position = (position + step) & (size - 1)
    if position:
        raise corrupt("a table that does not add up")
    for state, symbol in enumerate(symbols):
        number = following[symbol]
        following[symbol] += 1
        bits[state] = log + 1 - number.bit_length()
        bases[state] = (number << bits[state]) - size
    return StateTable(log, symbols, bits, bases)


def repeated_state(symbol: int) -> StateTable:
    """The table of a symbol that is the only one."""
    return StateTable(0, [symbol], [0], [0])


def code_table(bases: list[int], extra: list[int]) -> Ranges:
    return list(zip(bases, extra))


# Codes of lengths: the base and the extra bits (section 3.1.1.3.2.1.1).
LITERALS_CODES = code_table(
    [*range(16), 16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536],
    [0] * 16 + [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
)
MATCH_CODES = code_table(
    [*range(3, 35), 35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539],
    [0] * 32 + [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
)
# The tables that are used when a block brings none (section 3.1.1.3.2.2).
LITERALS_DEFAULT = build_states(
    [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1], 6)
MATCH_DEFAULT = build_states(
    [1, 4, 3, 2, 2, 2, 2, 2, 2] + [1] * 37 + [-1] * 7, 6)
OFFSETS_DEFAULT = build_states([1, 1, 1, 1, 1, 1, 2, 2, 2] + [1] * 15 + [-1] * 5, 5)


class HuffmanTable(NamedTuple):
    log: int
    symbols: list[int]
    bits: list[int]


def read_huffman(data: bytes) -> tuple[HuffmanTable, int]:
    """A Huffman tree description (section 4.2.1); the table and its length in bytes."""
    if not data:
        raise corrupt("a Huffman tree that is missing")
    head = data[0]
    if head >= 128:
        count = head - 127
        end = 1 + (count + 1) // 2
        weights = [data[1 + i // 2] >> (0 if i & 1 else 4) & 15 for i in range(count)] if end <= len(data) else []
    else:
        end = 1 + head
        weights = read_weights(data[1:end]) if end <= len(data) else []
    total = sum(1 << (weight - 1) for weight in weights if weight)
    if not total or end > len(data):
        raise corrupt("a Huffman tree that is cut short")
    log = total.bit_length()
    rest = (1 << log) - total
    if log > 11 or rest & (rest - 1):
        raise corrupt("a Huffman tree that does not add up")
    weights.append(rest.bit_length())
    symbols: list[int] = []
    bits: list[int] = []
    for weight in range(1, log + 1):
        for symbol, other in enumerate(weights):
            if other == weight:
                symbols += [symbol] * (1 << (weight - 1))
                bits += [log + 1 - weight] * (1 << (weight - 1))
    if len(symbols) != 1 << log:
        raise corrupt("a Huffman tree that does not add up")
    return HuffmanTable(log, symbols, bits), end


def read_weights(data: bytes) -> list[int]:
    """Huffman weights compressed with FSE, two states taking turns (section 4.2.1.2)."""
    table, at = read_distribution(data, 0, 6, 255)
    stream = BackwardBits(data[at:])
    states = [stream.read(table.log), stream.read(table.log)]
    if stream.left < 0:
        raise corrupt("Huffman weights that are cut short")
    weights: list[int] = []
    turn = 0
    while True:
        state = states[turn]
        weights.append(table.symbols[state])
        if stream.left < table.bits[state]:
            weights.append(table.symbols[states[1 - turn]])
            break
        states[turn] = table.bases[state] + stream.read(table.bits[state])
        turn = 1 - turn
        if len(weights) > 254:
            raise corrupt("too many Huffman weights")
    if len(weights) > 255 or max(weights) > 11:
        raise corrupt("too many Huffman weights")
    return weights


def decode_huffman(table: HuffmanTable, data: bytes, count: int) -> bytes:
    """One stream of literals."""
    stream = BackwardBits(data)
    padded, left, log = stream.data, stream.left + 64, table.log
    symbols, bits, mask = table.symbols, table.bits, (1 << log) - 1
    output = bytearray()
    for _ in range(count):
        at = left - log
        if at < 0:
            raise corrupt("literals that are cut short")
        index = int.from_bytes(padded[at >> 3:(at >> 3) + 4], "little") >> (at & 7) & mask
        output.append(symbols[index])
        left -= bits[index]
    if left != 64:
        raise corrupt("literals that do not end where they must")
    return bytes(output)


class Decoder:
    """Decodes the blocks of one frame."""

    def __init__(self, frame: Frame):
        self.window = frame.window
        self.output = bytearray()  # the window and what was decoded after it
        self.huffman: HuffmanTable | None = None
        self.tables: list[StateTable | None] = [None, None, None]  # literals lengths, offsets, match lengths
        self.offsets = [1, 4, 8]

    def decode(self, kind: int, size: int, data: bytes) -> bytes:
        """What one block gives."""
        if len(self.output) > 2 * self.window + 8 * BLOCK_MOST:
            del self.output[:len(self.output) - self.window]
        before = len(self.output)
        if kind == 0:
            self.output += data
        elif kind == 1:
            self.output += data * size
        else:
            literals, at = self.read_literals(data)
            self.run_sequences(data, at, literals)
        if len(self.output) - before > BLOCK_MOST:
            raise corrupt("a block that gives too much")
        return bytes(self.output[before:])

    def read_literals(self, data: bytes) -> tuple[bytes, int]:
        """The literals section (section 3.1.1.3.1), and where it ends."""
        if not data:
            raise corrupt("an empty block")
        kind, form = data[0] & 3, data[0] >> 2 & 3
        if kind < 2:
            width, shift = ((1, 3), (2, 4), (1, 3), (3, 4))[form]
            size = int.from_bytes(data[:width], "little") >> shift
            length = size if kind == 0 else 1
            if size > BLOCK_MOST or width + length > len(data):
                raise corrupt("literals that are too long")
            raw = data[width:width + length]
            return (raw if kind == 0 else raw * size), width + length
        width, digits = ((3, 10), (3, 10), (4, 14), (5, 18))[form]
        header = int.from_bytes(data[:width], "little") >> 4
        size, length = header & ((1 << digits) - 1), header >> digits & ((1 << digits) - 1)
        if size > BLOCK_MOST or width + length > len(data):
            raise corrupt("literals that are too long")
        packed = data[width:width + length]
        if kind == 2:
            self.huffman, used = read_huffman(packed)
            packed = packed[used:]
        if self.huffman is None:
            raise corrupt("literals without a Huffman tree")
        if form == 0:
            return decode_huffman(self.huffman, packed, size), width + length
        return self.read_four_streams(packed, size), width + length

    def read_four_streams(self, packed: bytes, size: int) -> bytes:
        assert self.huffman is not None
        lengths = [int.from_bytes(packed[2 * i:2 * i + 2], "little") for i in range(3)]
        quarter = (size + 3) // 4
        if len(packed) < 6 + sum(lengths) or 3 * quarter > size:
            raise corrupt("literals that are cut short")
        at, output = 6, b""
        for length in lengths:
            output += decode_huffman(self.huffman, packed[at:at + length], quarter)
            at += length
        return output + decode_huffman(self.huffman, packed[at:], size - 3 * quarter)

    def read_tables(self, data: bytes, at: int) -> int:
        """The three tables of the sequences section (section 3.1.1.3.2.1)."""
        if at >= len(data):
            raise corrupt("sequences that are cut short")
        modes, at = data[at], at + 1
        if modes & 3:
            raise corrupt("a reserved bit is set")
        kinds = [(6, LITERALS_DEFAULT, 9, 35), (4, OFFSETS_DEFAULT, 8, 31), (2, MATCH_DEFAULT, 9, 52)]
        for index, (shift, default, most_log, most_symbol) in enumerate(kinds):
            mode = modes >> shift & 3
            if mode == 0:
                self.tables[index] = default
            elif mode == 1:
                if at >= len(data) or data[at] > most_symbol:
                    raise corrupt("a code that is not one")
                self.tables[index] = repeated_state(data[at])
                at += 1
            elif mode == 2:
                self.tables[index], at = read_distribution(data, at, most_log, most_symbol)
            elif self.tables[index] is None:
                raise corrupt("a table is to be used again, but there is none")
        return at

    def run_sequences(self, data: bytes, at: int, literals: bytes) -> None:
        """Reads the sequences and does what they say (sections 3.1.1.3.2 and 3.1.1.4)."""
        if at >= len(data):
            raise corrupt("sequences that are cut short")
        count, at = data[at], at + 1
        if count > 127:
            extra = data[at:at + (2 if count == 255 else 1)] + b"\0\0"
            count, at = ((extra[0] + (extra[1] << 8) + 0x7F00, at + 2) if count == 255
                         else ((count - 128 << 8) + extra[0], at + 1))
        if count == 0:
            if at != len(data):
                raise corrupt("something after the sequences")
            self.output += literals
            return
        at = self.read_tables(data, at)
        by_literals, by_offset, by_match = self.tables
        assert by_literals is not None and by_offset is not None and by_match is not None
        stream = BackwardBits(data[at:])
        lit_state, off_state, match_state = (stream.read(table.log) for table in (by_literals, by_offset, by_match))
        used, limit = 0, len(self.output) + BLOCK_MOST
        for number in range(count):
            off_code = by_offset.symbols[off_state]
            offset = (1 << off_code) + stream.read(off_code)
            base, bits = MATCH_CODES[by_match.symbols[match_state]]
            match = base + stream.read(bits)
            base, bits = LITERALS_CODES[by_literals.symbols[lit_state]]
            length = base + stream.read(bits)
            if number + 1 < count:
                lit_state = by_literals.bases[lit_state] + stream.read(by_literals.bits[lit_state])
                match_state = by_match.bases[match_state] + stream.read(by_match.bits[match_state])
                off_state = by_offset.bases[off_state] + stream.read(by_offset.bits[off_state])
            if stream.left < 0 or used + length > len(literals):
                raise corrupt("sequences that are cut short")
            self.output += literals[used:used + length]
            used += length
            self.copy(self.resolve(offset, length), match)
            if len(self.output) > limit:
                raise corrupt("a block that gives too much")
        if stream.left:
            raise corrupt("sequences that do not end where they must")
        self.output += literals[used:]

    def resolve(self, value: int, length: int) -> int:
        """The offset that a code stands for, by the three newest ones (section 3.1.1.5)."""
        recent = self.offsets
        if value > 3:
            offset = value - 3
            self.offsets = [offset, recent[0], recent[1]]
            return offset
        index = value - 1 + (length == 0)
        offset = recent[0] - 1 if index == 3 else recent[index]
        if index == 1:
            self.offsets = [offset, recent[0], recent[2]]
        elif index > 1:
            self.offsets = [offset, recent[0], recent[1]]
        return offset

    def copy(self, offset: int, length: int) -> None:
        output = self.output
        start = len(output) - offset
        if offset < 1 or start < 0:
            raise corrupt("a match that begins before the data")
        while length > 0:
            piece = output[start:start + length]
            output += piece
            length -= len(piece)


class XXH64:
    """The checksum of a frame (section 3.1.1): the low 32 bits of XXH64 with seed 0."""

    P1, P2, P3, P4, P5 = (11400714785074694791, 14029467366897019727, 1609587929392839161, 9650029242287828579,
                          2870177450012600261)
    MASK = (1 << 64) - 1

    def __init__(self) -> None:
        self.lanes = [(self.P1 + self.P2) & self.MASK, self.P2, 0, -self.P1 & self.MASK]
        self.rest, self.count = b"", 0

    def turn(self, value: int, bits: int) -> int:
        return (value << bits | value >> (64 - bits)) & self.MASK

    def round(self, lane: int, word: int) -> int:
        return self.turn((lane + word * self.P2) & self.MASK, 31) * self.P1 & self.MASK

    def add(self, data: bytes) -> None:
        self.count += len(data)
        data = self.rest + data
        whole = len(data) & ~31
        lanes = self.lanes
        words = memoryview(data[:whole]).cast("Q") if sys.byteorder == "little" else [
            int.from_bytes(data[i:i + 8], "little") for i in range(0, whole, 8)]
        for i in range(0, whole // 8, 4):
            for lane in range(4):
                lanes[lane] = self.round(lanes[lane], words[i + lane])
        self.rest = data[whole:]

    def digest(self) -> int:
        mask, lanes = self.MASK, self.lanes
        if self.count < 32:
            value = self.P5
        else:
            value = sum(self.turn(lane, bits) for lane, bits in zip(lanes, (1, 7, 12, 18))) & mask
            for lane in lanes:
                value = ((value ^ self.round(0, lane)) * self.P1 + self.P4) & mask
        value = (value + self.count) & mask
        rest = self.rest
        while len(rest) >= 8:
            value ^= self.round(0, int.from_bytes(rest[:8], "little"))
            value, rest = (self.turn(value, 27) * self.P1 + self.P4) & mask, rest[8:]
        if len(rest) >= 4:
            value ^= int.from_bytes(rest[:4], "little") * self.P1 & mask
            value, rest = (self.turn(value, 23) * self.P2 + self.P3) & mask, rest[4:]
        for byte in rest:
            value = self.turn(value ^ byte * self.P5 & mask, 11) * self.P1 & mask
        value = (value ^ value >> 33) * self.P2 & mask
        value = (value ^ value >> 29) * self.P3 & mask
        return value ^ value >> 32


def decode_here(data: Any, frame: Frame) -> Iterator[bytes]:
    """Decodes a frame by the code above."""
    decoder, checksum, end = Decoder(frame), XXH64(), frame.start
    for kind, size, begin, end in blocks_of(data, frame):
        piece = decoder.decode(kind, size, bytes(data[begin:end]))
        if frame.has_checksum:
            checksum.add(piece)
        yield piece
    if frame.has_checksum and checksum.digest() & 0xFFFFFFFF != int.from_bytes(data[end:end + 4], "little"):
        raise corrupt("its checksum is wrong")


def decode_by_module(data: Any, end: int) -> Iterator[bytes]:
    """Decodes by Python's own module, which there is from 3.14 on."""
    from compression import zstd  # type: ignore

    decoder = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: MOST_WINDOW.bit_length() - 1})
    at = 0
    try:
        while not decoder.eof:
            piece = b""
            if decoder.needs_input:
                if at >= end:
                    raise Unreadable("the file is cut short")
                piece, at = bytes(data[at:min(at + (1 << 20), end)]), at + (1 << 20)
            yield decoder.decompress(piece, max_length=1 << 20)
    except zstd.ZstdError as error:
        raise corrupt(str(error))


def decode_by_program(data: Any, end: int, program: str) -> Iterator[bytes]:
    """Decodes by the program `zstd`."""
    child = subprocess.Popen([program, "-dcq", "-"], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdin is not None and child.stdout is not None and child.stderr is not None

    def feed() -> None:
        try:
            for at in range(0, end, 1 << 20):
                child.stdin.write(bytes(data[at:min(at + (1 << 20), end)]))
            child.stdin.close()
        except OSError:
            pass  # it ended early: what it says is read below

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    try:
        while True:
            piece = child.stdout.read(1 << 20)
            if not piece:
                break
            yield piece
        if child.wait():
            raise corrupt(child.stderr.read().decode(errors="replace").strip() or "zstd refuses it")
    finally:
        child.kill()
        child.wait()
        feeder.join()


def unpack(data: Any, frame: Frame, end: int, decoder: str) -> Iterator[bytes]:
    """The frame's content, by the quickest decoder there is, within the limit."""
    program = shutil.which("zstd")
    if decoder == "auto":
        decoder = "module" if has_zstd_module() else "program" if program else "own"
    if decoder == "module":
        pieces = decode_by_module(data, end)
    elif decoder == "program":
        pieces = decode_by_program(data, end, program or "zstd")
    else:
        pieces = decode_here(data, frame)
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > MOST_UNPACKED:
            raise Unreadable(f"it unpacks to more than the limit of {MOST_UNPACKED:,} bytes")
        yield piece
    if frame.content_size is not None and total != frame.content_size:
        raise corrupt(f"it gives {total:,} bytes, but says {frame.content_size:,}")


def has_zstd_module() -> bool:
    try:
        import compression.zstd  # type: ignore  # noqa: F401
    except ImportError:
        return False
    return True


# ---------------------------------------------------------------------------------------------------------------------
# The archive


class Entry(NamedTuple):
    """A file of the bundle: where its bytes lie in the store, and their digest."""

    offset: int
    size: int
    sha256: str


class Stream:
    """Reads pieces as one stream."""

    def __init__(self, pieces: Iterator[bytes]):
        self.pieces, self.buffer, self.at = pieces, b"", 0

    def read(self, count: int) -> bytes:
        """At most `count` bytes; fewer only at the end or where a piece ends."""
        if self.at == len(self.buffer):
            self.buffer, self.at = next(self.pieces, b""), 0
            while not self.buffer:
                following = next(self.pieces, None)
                if following is None:
                    return b""
                self.buffer = following
        piece = self.buffer[self.at:self.at + count]
        self.at += len(piece)
        return piece

    def read_all(self, count: int) -> bytes:
        parts = []
        while count:
            piece = self.read(count)
            if not piece:
                break
            parts.append(piece)
            count -= len(piece)
        return b"".join(parts)


def octal(field: bytes) -> int:
    """A number of a tar header."""
    text = field.strip(b" \0")
    if not re.fullmatch(rb"[0-7]{0,12}", text):
        raise Unreadable("the archive is damaged: a header with a number that is none")
    return int(text or b"0", 8)


def path_problem(path: str) -> str | None:
    """Why a path may not be in a bundle."""
    if not path.startswith(FOLDER) or len(path) == len(FOLDER):
        return f"it is not in {FOLDER}"
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts) or "\\" in path:
        return "its path leads elsewhere"
    if not re.fullmatch("[!-~]{1,99}", path) or ":" in path:
        return "its path has characters that no path may have, or too many"
    return None


class Archive:
    """The files of a bundle."""

    def __init__(self, path: str, report: "Report", decoder: str = "auto"):
        self.entries: dict[str, Entry] = {}
        self.store = tempfile.TemporaryFile()
        self.report = report
        try:
            with open(path, "rb") as file:
                if not file.seek(0, 2):
                    raise Unreadable("the file is empty")
                data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise Unreadable(f"the file cannot be read: {error}")
        with data:
            frame = read_frame_header(data)
            end = frame_end(data, frame)
            if end < len(data):
                report.manipulation("archive", "bundle", f"{len(data) - end:,} bytes follow after the end of the zstd data")
            self.read_entries(Stream(unpack(data, frame, end, decoder)))

    def read_entries(self, stream: Stream) -> None:
        count = 0
        while True:
            header = stream.read_all(512)
            if not header:
                raise Unreadable("the archive is cut short: it has no end mark")
            if len(header) < 512:
                raise Unreadable("the archive is cut short in a header")
            if not any(header):
                break
            count += 1
            if count > MOST_ENTRIES:
                raise Unreadable(f"the archive has more than {MOST_ENTRIES:,} entries")
            self.read_entry(header, stream)
        self.check_rest(stream)

    def check_rest(self, stream: Stream) -> None:
        """After the end mark there is nothing but the zeros of the last record."""
        second, used = stream.read_all(512), False
        if len(second) < 512:
            raise Unreadable("the archive is cut short in its end mark")
        piece = second
        while piece:
            used = used or piece.count(0) < len(piece)
            piece = stream.read(1 << 20)
        if used:
            self.report.manipulation("archive", "bundle", "something follows after the end of the archive")

    def read_entry(self, header: bytes, stream: Stream) -> None:
        blank = header[:148] + b" " * 8 + header[156:]
        if octal(header[148:156]) != sum(blank):
            raise Unreadable("the archive is damaged: a header's checksum is wrong")
        size = octal(header[124:136])
        path = header[:100].split(b"\0")[0].decode("utf-8", "replace")
        offset, digest, left = self.store.tell(), hashlib.sha256(), size
        if offset + size > MOST_UNPACKED:
            raise Unreadable(f"it unpacks to more than the limit of {MOST_UNPACKED:,} bytes")
        while left:
            piece = stream.read(min(left, 1 << 20))
            if not piece:
                raise Unreadable(f"the archive is cut short in {show(path)}")
            digest.update(piece)
            self.store.write(piece)
            left -= len(piece)
        padding = stream.read_all(-size % 512)
        if len(padding) < -size % 512:
            raise Unreadable(f"the archive is cut short after {show(path)}")
        if any(padding):
            self.report.manipulation("archive", f"file {show(path)}", "something is hidden after the end of the file")
        self.add(path, header, Entry(offset, size, digest.hexdigest()))

    def add(self, path: str, header: bytes, entry: Entry) -> None:
        kinds = {b"1": "a hard link", b"2": "a symbolic link", b"3": "a device", b"4": "a device", b"5": "a folder",
                 b"6": "a pipe", b"x": "an extended header", b"g": "an extended header"}
        kind = header[156:157]
        if kind not in (b"0", b"\0"):
            what = kinds.get(kind, "of an unknown kind")
            self.report.manipulation("archive", f"file {show(path)}", f"the entry is no regular file but {what}")
            return
        if header[257:263] != b"ustar\0" or any(header[157:257]) or any(header[345:500]):
            self.report.manipulation("archive", f"file {show(path)}", "the entry is not in the plain format of POSIX (ustar)")
        problem = path_problem(path)
        short = path[len(FOLDER):]
        if problem:
            self.report.manipulation("archive", f"file {show(path)}", f"the entry has no place in a bundle: {problem}")
        elif short in self.entries:
            self.report.manipulation("archive", f"file {show(short)}", "the archive has this file twice")
        else:
            self.entries[short] = entry

    def content(self, path: str) -> bytes:
        entry = self.entries[path]
        self.store.seek(entry.offset)
        return self.store.read(entry.size)


def show(text: str, most: int = 120) -> str:
    """Text from a bundle, made safe to print."""
    text = "".join(character if character.isprintable() else "?" for character in text)
    return text if len(text) <= most else text[:most] + "…"


# ---------------------------------------------------------------------------------------------------------------------
# JSON, times and numbers


def reject_number(text: str) -> Any:
    raise Wrong(f"the number {show(text, 30)} is none that a bundle has")


def read_integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > SAFE_INTEGER:
        return reject_number(text)
    return int(text)


def utf16(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")


def canonical(value: Any, depth: int = 0) -> str:
    """RFC 8785 for what a bundle has: objects, arrays, strings, whole numbers, true, false, null."""
    if depth > MOST_DEPTH:
        raise Wrong(f"it is nested deeper than {MOST_DEPTH}")
    if isinstance(value, dict):
        members = (f"{json.dumps(name, ensure_ascii=False)}:{canonical(value[name], depth + 1)}"
                   for name in sorted(value, key=utf16))
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(item, depth + 1) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def read_json(data: bytes) -> Any:
    """A canonical JSON document; `Wrong` says why bytes are none."""
    if len(data) > MOST_DOCUMENT:
        raise Wrong(f"it has {len(data):,} bytes, more than the limit of {MOST_DOCUMENT:,}")
    try:
        text = data.decode("utf-8")
        value = json.loads(text, parse_float=reject_number, parse_constant=reject_number, parse_int=read_integer)
        if canonical(value) != text:
            raise Wrong("it is not canonical JSON (RFC 8785)")
    except UnicodeDecodeError:
        raise Wrong("it is not UTF-8")
    except RecursionError:
        raise Wrong(f"it is nested deeper than {MOST_DEPTH}")
    except ValueError:
        raise Wrong("it is no JSON")
    return value


def read_line(data: bytes) -> dict[str, Any]:
    """A line of the log: a flat canonical object of strings and whole numbers."""
    if len(data) > MOST_LINE:
        raise Wrong(f"it has more than {MOST_LINE:,} bytes")
    line = read_json(data)
    if not isinstance(line, dict) or not all(
        re.fullmatch("[a-z][a-z0-9]*", name) and (isinstance(value, str) or is_count(value))
        for name, value in line.items()
    ):
        raise Wrong("it is no flat object of texts and whole numbers")
    return line


def is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= SAFE_INTEGER


def moment(value: Any) -> str | None:
    """An RFC 3339 time in UTC with six digits of a second, so that times compare as text; None if it is none."""
    match = isinstance(value, str) and re.fullmatch(
        r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]+))?([Zz]|[+-][0-9]{2}:[0-9]{2})", value)
    if not match:
        return None
    try:
        time = datetime.strptime(f"{match[1]} {match[2]}", "%Y-%m-%d %H:%M:%S")
        if match[4] not in "Zz":
            sign = -1 if match[4][0] == "-" else 1
            time -= sign * timedelta(hours=int(match[4][1:3]), minutes=int(match[4][4:6]))
    except (ValueError, OverflowError):
        return None
    return f"{time.year:04d}-{time:%m-%dT%H:%M:%S}.{(match[3] or '')[:6]:0<6}Z"


def ranges_of(value: Any, size: int, name: str) -> Ranges:
    """Half-open ranges of sequences, ascending and apart, within the log."""
    if not isinstance(value, list):
        raise Wrong(f"{name} is no list of ranges")
    ranges, last = [], 0
    for item in value:
        if not (isinstance(item, list) and len(item) == 2 and all(map(is_count, item)) and last <= item[0] < item[1] <= size):
            raise Wrong(f"{name} has a range that is none, or not in order, or beyond the log's end")
        ranges.append((item[0], item[1]))
        last = item[1]
    return ranges


Ranges = List[Tuple[int, int]]


def intersect(first: Ranges, second: Ranges) -> Iterator[tuple[int, int]]:
    """What two lists of ranges have in common; both are in order."""
    i = j = 0
    while i < len(first) and j < len(second):
        low, high = max(first[i][0], second[j][0]), min(first[i][1], second[j][1])
        if low < high:
            yield low, high
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1


def subtract(first: Ranges, second: Ranges) -> Iterator[tuple[int, int]]:
    """What the first list of ranges has and the second has not; both are in order."""
    j = 0
    for low, high in first:
        while j < len(second) and second[j][1] <= low:
            j += 1
        k = j
        while k < len(second) and second[k][0] < high:
            if second[k][0] > low:
                yield low, second[k][0]
            low = second[k][1]
            k += 1
        j = max(j, k - 1)
        if low < high:
            yield low, high


def sequence_name(sequence: int) -> str:
    return f"{sequence:020d}"


# ---------------------------------------------------------------------------------------------------------------------
# Hashes, proofs and signed notes (RFC 6962, C2SP)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def leaf_hash(line: bytes) -> bytes:
    return sha256(b"\0" + line)


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right)


def base64_bytes(text: Any, what: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True) if isinstance(text, str) else None
    except (binascii.Error, ValueError):
        data = None
    if data is None or base64.b64encode(data).decode() != text:
        raise Wrong(f"{what} is no base64")
    return data


def hashes_of(value: Any, what: str, most: int | None = 64) -> list[bytes]:
    if not isinstance(value, list) or (most is not None and len(value) > most):
        raise Wrong(f"{what} is no list of hashes")
    hashes = [base64_bytes(text, what) for text in value]
    if any(len(each) != 32 for each in hashes):
        raise Wrong(f"{what} has a hash that is not of 32 bytes")
    return hashes


def root_of_inclusion(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes:
    """The root that an inclusion path leads to (RFC 9162 section 2.1.3.2)."""
    if index >= size:
        raise Wrong(f"event {index} is not among the first {size:,}")
    at, last, value = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise Wrong("the inclusion path is too long")
        if at & 1 or at == last:
            value = node_hash(sibling, value)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise Wrong("the inclusion path is too short")
    return value


def roots_of_consistency(old: int, new: int, path: list[bytes], old_root: bytes | None) -> tuple[bytes, bytes]:
    """The old and the new root that a consistency proof leads to (RFC 9162 section 2.1.4.2), for 0 < old < new.

    The old root is needed only where its size is a power of two: then it is itself a node of the new tree.
    """
    path = list(path)
    if old & (old - 1) == 0:
        if old_root is None:
            raise Wrong("the proof does not tell the old root")
        path.insert(0, old_root)
    if not path:
        raise Wrong("the consistency proof is empty")
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for value in path[1:]:
        if last == 0:
            raise Wrong("the consistency proof is too long")
        if at & 1 or at == last:
            first, second = node_hash(value, first), node_hash(value, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, value)
        at, last = at >> 1, last >> 1
    if last:
        raise Wrong("the consistency proof is too short")
    return first, second


def check_consistency(old: int, old_root: bytes, new: int, new_root: bytes, path: list[bytes]) -> None:
    if not 0 < old <= new:
        raise Wrong(f"a tree of {old:,} events cannot be the beginning of one of {new:,}")
    if old == new:
        good = not path and old_root == new_root
    else:
        good = roots_of_consistency(old, new, path, old_root) == (old_root, new_root)
    if not good:
        raise Wrong(f"the log of {old:,} events is not the beginning of the log of {new:,}")


class VKey(NamedTuple):
    """A public key as C2SP writes it."""

    text: str
    name: str
    key_id: bytes
    kind: int  # 1 signs notes, 4 countersigns checkpoints
    public: bytes


def read_vkey(text: Any) -> VKey:
    parts = text.split("+", 2) if isinstance(text, str) else []
    if len(parts) != 3 or not is_key_name(parts[0]) or not re.fullmatch("[0-9a-f]{8}", parts[1]):
        raise Wrong(f"{show(str(text))} is no key, expected NAME+8 hex digits+base64")
    raw = base64_bytes(parts[2], "the key")
    if len(raw) != 33 or raw[0] not in (1, 4):
        raise Wrong(f"{show(text)} is no Ed25519 key")
    key_id = sha256(parts[0].encode() + b"\n" + raw)[:4]
    if key_id.hex() != parts[1]:
        raise Wrong(f"{show(text)} has a wrong key id")
    return VKey(text, parts[0], key_id, raw[0], raw[1:])


def is_key_name(name: str) -> bool:
    return bool(name) and not any(character.isspace() or character == "+" or ord(character) < 32 for character in name)


class Signature(NamedTuple):
    name: str
    key_id: bytes
    payload: bytes


class Note(NamedTuple):
    text: bytes
    signatures: list[Signature]


def read_note(data: bytes) -> Note:
    """A C2SP signed note: the text ends at the last empty line."""
    if len(data) > MOST_NOTE:
        raise Wrong("it is too long for a signed note")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong("it is not UTF-8")
    if any(ord(character) < 32 and character != "\n" for character in text):
        raise Wrong("it has a control character")
    end = data.rfind(b"\n\n")
    if end < 0 or not data.endswith(b"\n") or end + 2 >= len(data):
        raise Wrong("it is no signed note: no signature after an empty line")
    lines = data[end + 2:-1].decode().split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise Wrong("it has too many signatures")
    return Note(data[:end + 1], [read_signature(line) for line in lines])


def read_signature(line: str) -> Signature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "\u2014" or not is_key_name(parts[1]):
        raise Wrong("it has a signature line that is none")
    payload = base64_bytes(parts[2], "a signature")
    if len(payload) < 5:
        raise Wrong("it has a signature that is too short")
    return Signature(parts[1], payload[:4], payload[4:])


def ed25519_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def signature_holds(note: Note, signature: Signature, key: VKey) -> bool:
    """Whether a signature under a key's name and id is that key's; cosignatures also sign their time."""
    payload = signature.payload
    if key.kind == 1:
        return len(payload) == 64 and ed25519_holds(key.public, payload, note.text)
    if len(payload) != 72:
        return False
    seconds = int.from_bytes(payload[:8], "big")
    message = b"cosignature/v1\ntime %d\n" % seconds + note.text
    return seconds < 1 << 63 and ed25519_holds(key.public, payload[8:], message)


def signatures_by(note: Note, key: VKey) -> list[Signature]:
    return [each for each in note.signatures if (each.name, each.key_id) == (key.name, key.key_id)]


def check_signed(note: Note, key: VKey) -> None:
    """One wrong signature under a known key refuses the note (C2SP signed-note)."""
    found = signatures_by(note, key)
    if not found:
        raise Wrong(f"it is not signed by {key.text}")
    if not all(signature_holds(note, each, key) for each in found):
        raise Wrong(f"its signature by {key.text} is wrong")


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes


def read_checkpoint(text: bytes) -> Checkpoint:
    """The text of a C2SP tlog-checkpoint."""
    lines = text.decode("utf-8").split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]) or not re.fullmatch("0|[1-9][0-9]{0,15}", lines[1]):
        raise Wrong("it is no checkpoint: expected an origin, a size and a root hash")
    root = base64_bytes(lines[2], "its root hash")
    if len(root) != 32 or int(lines[1]) > SAFE_INTEGER:
        raise Wrong("it is no checkpoint: expected an origin, a size and a root hash")
    return Checkpoint(lines[0], int(lines[1]), root)


def key_named_by(line: dict[str, Any]) -> str | None:
    """The key that a line of the log makes the one to follow."""
    subject = line.get("subject")
    if (line.get("type") in ("daybook.ledger.created", "daybook.key.rotated") and line.get("source") == "daybook"
            and line.get("kind") == "admin" and isinstance(subject, str) and subject.startswith("key:")):
        return subject[4:]
    return None


def root_of_walk(size: int, included: list[tuple[int, int]], leaves: list[bytes], hashes: list[bytes]) -> bytes:
    """The root of the tree from the leaves that are there and the hashes of the subtrees that are not."""
    next_leaf = iter(leaves)
    next_hash = iter(hashes)
    current = 0  # the first range that does not end before the place we are at

    def walk(low: int, high: int) -> bytes:
        nonlocal current
        while current < len(included) and included[current][1] <= low:
            current += 1
        if current == len(included) or included[current][0] >= high:
            value = next(next_hash, None)
        elif high - low == 1:
            value = next(next_leaf, None)
        else:
            middle = low + (1 << (high - low - 1).bit_length() - 1)
            left = walk(low, middle)
            return node_hash(left, walk(middle, high))
        if value is None:
            raise Wrong("proof.json has too few hashes for the lines that are there")
        return value

    root = walk(0, size) if size else sha256(b"")
    if next(next_hash, None) is not None or next(next_leaf, None) is not None:
        raise Wrong("proof.json has more hashes than the tree needs")
    return root


# ---------------------------------------------------------------------------------------------------------------------
# Policies and timestamps


def witnesses_of(policy: bytes) -> list[VKey]:
    """The witnesses that a C2SP tlog-policy names."""
    try:
        lines = policy.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise Wrong("it is not UTF-8")
    found = []
    for line in lines:
        words = line.split()
        if words[:1] == ["witness"]:
            if len(words) not in (3, 4):
                raise Wrong("it has a witness line that is none")
            key = read_vkey(words[2])
            if key.kind != 4:
                raise Wrong(f"{key.text} is no key of a witness")
            found.append(key)
    return found


class DER:
    """Reads the few structures of a timestamp reply (RFC 3161, X.690)."""

    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def next(self, tag: int | None = None) -> tuple[int, bytes]:
        data, at = self.data, self.at
        if at + 2 > len(data):
            raise Wrong("it is cut short")
        found, length, at = data[at], data[at + 1], at + 2
        if length & 0x80:
            width = length & 0x7F
            if not 0 < width <= 4 or at + width > len(data):
                raise Wrong("it has a length that is none")
            length, at = int.from_bytes(data[at:at + width], "big"), at + width
        if at + length > len(data):
            raise Wrong("it is cut short")
        if tag is not None and found != tag:
            raise Wrong("it is no timestamp reply")
        self.at = at + length
        return found, data[at:at + length]


SHA256_OID = bytes.fromhex("608648016503040201")


def imprint_of(reply: bytes) -> tuple[bytes, str]:
    """The SHA-256 that a TimeStampResp stamps, and the time that it says. Its signature is not checked here."""
    response = DER(DER(reply).next(0x30)[1])
    status = DER(response.next(0x30)[1]).next(0x02)[1]
    if status not in (b"\0", b"\1"):
        raise Wrong("the timestamp was not granted")
    content = DER(response.next(0x30)[1])
    if content.next(0x06)[1] != bytes.fromhex("2a864886f70d010702"):
        raise Wrong("it holds no signed data")
    signed = DER(DER(content.next(0xA0)[1]).next(0x30)[1])
    signed.next(0x02)
    signed.next(0x31)
    inner = DER(signed.next(0x30)[1])
    if inner.next(0x06)[1] != bytes.fromhex("2a864886f70d0109100104"):
        raise Wrong("it holds no timestamp")
    info = DER(DER(DER(inner.next(0xA0)[1]).next(0x04)[1]).next(0x30)[1])
    info.next(0x02)
    info.next(0x06)
    imprint = DER(info.next(0x30)[1])
    if DER(imprint.next(0x30)[1]).next(0x06)[1] != SHA256_OID:
        raise Wrong("it stamps no SHA-256")
    digest = imprint.next(0x04)[1]
    info.next(0x02)
    time = info.next(0x18)[1].decode("latin-1")
    match = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:\.[0-9]+)?Z", time)
    return digest, "{}-{}-{} at {}:{}:{} UTC".format(*match.groups()) if match else show(time)


# ---------------------------------------------------------------------------------------------------------------------
# Queries


def glob_matches(pattern: bytes, text: bytes) -> bool:
    """Whether text fits a pattern in which each * stands for any text; never slow."""
    p = t = 0
    star = None
    while t < len(text):
        if p < len(pattern) and pattern[p:p + 1] == b"*":
            star = (p, t)
            p += 1
        elif p < len(pattern) and pattern[p] == text[t]:
            p, t = p + 1, t + 1
        elif star:
            star = (star[0], star[1] + 1)
            p, t = star[0] + 1, star[1]
        else:
            return False
    return not pattern[p:].strip(b"*")


class Query:
    """A selection of events as its text says it: a stretch of the log, and conditions."""

    def __init__(self, text: Any):
        self.since: str | None = None
        self.until: str | None = None
        self.start: int | None = None
        self.end: int | None = None
        self.conditions: list[tuple[str, str]] = []
        if not isinstance(text, str):
            raise Wrong("the query is no text")
        for word in text.split(" "):
            if word not in ("", "all"):
                self.read_word(word)

    def read_word(self, word: str) -> None:
        name, mark, value = word.partition("=")
        value = value.replace("%20", " ").replace("%25", "%")
        if name == "period" and mark:
            self.since, self.until = period_of(value)
        elif name in ("since", "until") and mark:
            time = moment(value)
            if time is None:
                raise Wrong(f"the query's {show(word)} names no moment")
            setattr(self, name, time)
        elif name in ("from", "end") and mark:
            if not re.fullmatch("0|[1-9][0-9]{0,15}", value) or int(value) > SAFE_INTEGER:
                raise Wrong(f"the query's {show(word)} names no sequence")
            setattr(self, "start" if name == "from" else "end", int(value))
        elif name in ATTRIBUTES and mark:
            self.conditions.append((name, value))
        else:
            raise Wrong(f"the query's {show(word)} is no condition")

    def fits(self, line: dict[str, Any]) -> bool:
        """Whether a line fits the conditions, leaving aside where it stands."""
        return all(name in line and glob_matches(pattern.encode(), str(line[name]).encode())
                   for name, pattern in self.conditions)


def period_of(name: str) -> tuple[str, str]:
    """The first moment of a period of the calendar, and the first after it."""
    problem = Wrong(f"the query's period {show(name)} is none")
    match = re.fullmatch("([0-9]{4})(?:-Q([1-4])|-([0-9]{2})(?:-([0-9]{2}))?)?", name)
    if not match:
        raise problem
    year, quarter, month, day = int(match[1]), match[2], match[3], match[4]
    try:
        if day:
            first = datetime(year, int(month), int(day))
            after = first + timedelta(days=1)
        else:
            start = int(quarter) * 3 - 2 if quarter else int(month) if month else 1
            following = start + (3 if quarter else 1 if month else 12)
            first = datetime(year, start, 1)
            after = datetime(year + (following - 1) // 12, (following - 1) % 12 + 1, 1)
    except (ValueError, OverflowError):
        raise problem
    return tuple(f"{each.year:04d}-{each:%m-%dT%H:%M:%S}.000000Z" for each in (first, after))  # type: ignore


# ---------------------------------------------------------------------------------------------------------------------
# The report


class Report:
    """What was checked and found."""

    def __init__(self) -> None:
        self.findings: list[dict[str, str]] = []
        self.done: set[str] = set()
        self.counts: dict[str, int] = {}
        self.failed: set[str] = set()
        self.proven: list[str] = []
        self.not_proven: list[str] = []
        self.erased: list[dict[str, Any]] = []
        self.events, self.origin, self.vkey = 0, "", ""
        self.unreadable = False

    def add(self, check: str, kind: str, place: str, what: str) -> None:
        if kind != "notice":
            self.failed.add(check)
        self.counts[check] = self.counts.get(check, 0) + 1
        if self.counts[check] <= MOST_SHOWN:
            self.findings.append({"check": check, "kind": kind, "place": place, "what": what})

    def manipulation(self, check: str, place: str, what: str) -> None:
        self.add(check, "manipulation", place, what)

    def gap(self, check: str, place: str, what: str) -> None:
        self.add(check, "gap", place, what)

    def notice(self, check: str, place: str, what: str) -> None:
        self.add(check, "notice", place, what)

    @property
    def verdict(self) -> str:
        return "unreadable" if self.unreadable else "not sound" if self.failed else "sound"

    def result(self) -> dict[str, Any]:
        for check in CHECKS:
            if self.counts.get(check, 0) > MOST_SHOWN:
                self.findings.append({"check": check, "kind": "notice", "place": "bundle",
                                      "what": f"{self.counts[check] - MOST_SHOWN:,} more findings of this check"})
                self.counts[check] = 0
        states = {name: "failed" if name in self.failed else "ok" if name in self.done else "not done" for name in CHECKS}
        return {"checks": states, "erased": self.erased, "events": self.events, "findings": self.findings,
                "not_proven": self.not_proven, "origin": self.origin, "proven": self.proven,
                "verdict": self.verdict, "vkey": self.vkey}


# ---------------------------------------------------------------------------------------------------------------------
# The checks


class Line(NamedTuple):
    """An included line: its exact bytes, its leaf hash, and its attributes if it can be read."""

    raw: bytes
    leaf: bytes
    fields: dict[str, Any] | None


class Verification:
    """Reads a bundle and does every check."""

    def __init__(self, path: str, pinned: VKey | None = None, decoder: str = "auto"):
        self.report = Report()
        self.pinned = pinned
        self.seen: dict[str, tuple[int, int]] = {}  # by witness: the most events it countersigned, and when
        self.stamped: dict[int, str] = {}  # by size: the time that a timestamp authority names
        try:
            self.archive = Archive(path, self.report, decoder)
            if not {"manifest.json", "export.json"} & set(self.archive.entries):
                raise Unreadable("the archive is no evidence bundle: it has neither manifest.json nor export.json in "
                                 + FOLDER)
        except Unreadable as problem:
            self.report.unreadable = True
            self.report.manipulation("archive", "bundle", str(problem))
            return
        self.report.done.add("archive")
        self.read_documents()
        checks: list[tuple[str, Callable[[], bool]]] = [
            ("manifest", self.check_manifest), ("signature", self.check_signature), ("keys", self.check_keys),
            ("checkpoint", self.check_checkpoint), ("lines", self.check_lines), ("chain", self.check_chain),
            ("complete", self.check_complete), ("bodies", self.check_bodies), ("totals", self.check_totals),
            ("proofs", self.check_proofs), ("anchors", self.check_anchors)]
        for name, check in checks:
            try:
                if check():
                    self.report.done.add(name)
            except Wrong as wrong:
                self.report.manipulation(name, "bundle", str(wrong))
            except Exception as error:  # what no check foresaw: never a crash, and never taken for sound
                self.report.manipulation(name, "bundle", f"it could not be checked: {type(error).__name__}")
        self.conclude()

    # Reading: what cannot be read is None, and each check that needs it says so.

    def read_documents(self) -> None:
        self.problems: dict[str, str] = {}
        self.export = self.document("export.json", dict)
        self.keys = self.read_keys()
        self.note, self.checkpoint = self.read_signed("checkpoint", read_checkpoint)
        self.included: Ranges | None = None
        self.hashes: list[bytes] = []
        self.proof_size = 0
        self.read_proof()
        self.lines: dict[int, Line] = {}  # by sequence, in order
        self.present: Ranges = []  # the same sequences
        self.line_count = self.read_lines()
        self.selected: Ranges | None = None
        ranges = self.document("selected.json", list)
        try:
            if ranges is not None:
                self.selected = ranges_of(ranges, SAFE_INTEGER, "selected.json")
                self.report.events = sum(b - a for a, b in self.selected)
        except Wrong as wrong:
            self.problems["selected.json"] = str(wrong)
        self.erased = self.document("erased.json", list)

    def content(self, path: str) -> bytes | None:
        """A file's bytes, or None, with the problem noted."""
        if path not in self.archive.entries:
            self.problems[path] = "it is missing"
            return None
        return self.archive.content(path)

    def document(self, path: str, kind: type) -> Any:
        if path in self.archive.entries and self.archive.entries[path].size > MOST_DOCUMENT:
            self.problems[path] = f"it has more than {MOST_DOCUMENT:,} bytes"
            return None
        data = self.content(path)
        try:
            value = None if data is None else read_json(data)
        except Wrong as wrong:
            self.problems[path] = str(wrong)
            return None
        if data is not None and not isinstance(value, kind):
            self.problems[path] = "it is not of the form that this document has"
            return None
        return value

    def read_signed(self, path: str, read: Callable[[bytes], Any]) -> tuple[Note | None, Any]:
        data = self.content(path)
        try:
            if data is not None:
                note = read_note(data)
                return note, read(note.text)
        except Wrong as wrong:
            self.problems[path] = str(wrong)
        return None, None

    def read_keys(self) -> list[VKey] | None:
        """The keys as keys.json lists them; whether they follow from each other is for the check."""
        self.key_records = self.document("keys.json", list)
        try:
            if self.key_records is None:
                return None
            if len(self.key_records) > MOST_KEYS:
                raise Wrong(f"it lists more than {MOST_KEYS:,} keys")
            if not self.key_records or not all(isinstance(each, dict) and is_count(each.get("sequence"))
                                               for each in self.key_records):
                raise Wrong("it lists no keys")
            keys = [read_vkey(each.get("vkey")) for each in self.key_records]
        except Wrong as wrong:
            self.problems["keys.json"] = str(wrong)
            return None
        self.report.vkey, self.report.origin = keys[-1].text, keys[-1].name
        return keys

    def read_proof(self) -> None:
        proof = self.document("proof.json", dict)
        if proof is None:
            return
        try:
            if not is_count(proof.get("size")):
                raise Wrong("it names no size")
            self.proof_size = proof["size"]
            self.hashes = hashes_of(proof.get("hashes"), "proof.json", None)
            included = ranges_of(proof.get("included"), self.proof_size, "proof.json")
            if sum(b - a for a, b in included) > MOST_LINES:
                raise Wrong(f"it names more than {MOST_LINES} lines")
            self.included = included
        except Wrong as wrong:
            self.problems["proof.json"] = str(wrong)

    def read_lines(self) -> int:
        """Places the lines by proof.json; how many there are."""
        data = self.content("lines.ndjson")
        if data is None or self.included is None:
            return 0
        pieces = data.split(b"\n", MOST_LINES)
        self.lines_ended = pieces.pop() == b""
        places = (sequence for a, b in self.included for sequence in range(a, b))
        for sequence, raw in zip(places, pieces):
            try:
                fields = read_line(raw)
            except Wrong:
                fields = None
            self.lines[sequence] = Line(raw, leaf_hash(raw), fields)
            if self.present and self.present[-1][1] == sequence:
                self.present[-1] = (self.present[-1][0], sequence + 1)
            else:
                self.present.append((sequence, sequence + 1))
        return len(pieces)

    def need(self, check: str, *paths: str) -> bool:
        """Whether what a check needs could be read; if not, the check fails and says what is wanting."""
        bad = [path for path in paths if path in self.problems]
        for path in bad:
            kind = self.report.gap if self.problems[path] == "it is missing" else self.report.manipulation
            kind(check, f"file {path}", f"{path} cannot be used: {self.problems[path]}")
        return not bad

    def key_at(self, size: int) -> VKey | None:
        """The key that signs the checkpoint of a size: a change of key takes effect after its own event."""
        key = None
        for record, each in zip(self.key_records or [], self.keys or []):
            if record["sequence"] + 1 < size or key is None:
                key = each
        return key

    def fields(self, sequence: int) -> dict[str, Any] | None:
        line = self.lines.get(sequence)
        return line.fields if line else None

    def selected_sequences(self) -> Iterator[int]:
        """The selected sequences that are included; others are a finding of `complete`."""
        for a, b in intersect(self.selected or [], self.present):
            yield from range(a, b)

    # manifest

    def check_manifest(self) -> bool:
        manifest = self.document("manifest.json", dict)
        if not self.need("manifest", "manifest.json"):
            return True
        if manifest.get("format") != FORMAT:
            self.report.manipulation("manifest", "file manifest.json", f"its format is not {FORMAT}")
        files = manifest.get("files")
        if not isinstance(files, list):
            raise Wrong("manifest.json lists no files")
        listed = set()
        for file in files:
            if not (isinstance(file, dict) and isinstance(file.get("path"), str)):
                raise Wrong("manifest.json lists a file without a path")
            if file["path"] in listed:
                self.report.manipulation("manifest", f"file {show(file['path'])}", "it is listed twice")
            listed.add(file["path"])
            self.check_file(file)
        for path in self.archive.entries:
            if path not in listed and path not in ("manifest.json", "manifest.note"):
                self.report.manipulation("manifest", f"file {show(path)}", "it is in the bundle, but not in its manifest")
        return True

    def check_file(self, file: dict[str, Any]) -> None:
        place, entry = f"file {show(file['path'])}", self.archive.entries.get(file["path"])
        if entry is None:
            self.report.gap("manifest", place, "the manifest lists it, but it is not in the bundle")
        elif entry.size != file.get("size"):
            self.report.manipulation("manifest", place,
                                     f"it has {entry.size:,} bytes, not the {file.get('size')} that the manifest says")
        elif entry.sha256 != file.get("sha256"):
            self.report.manipulation("manifest", place, "its content is not what the manifest says (SHA-256 differs)")

    # signature

    def check_signature(self) -> bool:
        note, lines = self.read_signed("manifest.note", lambda text: text.decode("utf-8").split("\n"))
        if not self.need("signature", "manifest.note", "manifest.json", "keys.json", "export.json"):
            return True
        assert note is not None and self.keys is not None
        place = "file manifest.note"
        if len(lines) != 5 or lines[4] or lines[0] != FORMAT:
            self.report.manipulation("signature", place, f"it is no note of an evidence bundle ({FORMAT})")
            return True
        try:
            check_signed(note, self.keys[-1])
        except Wrong as wrong:
            self.report.manipulation("signature", place, str(wrong))
        digest = base64.b64encode(bytes.fromhex(self.archive.entries["manifest.json"].sha256)).decode()
        if lines[3] != digest:
            self.report.manipulation("signature", place, "it signs another manifest than the one in this bundle")
        if lines[1] != self.export.get("origin"):
            self.report.manipulation("signature", place, f"it is of the log {show(lines[1])}, not of the bundle's")
        if lines[2] != str(self.export.get("size")):
            self.report.manipulation("signature", place, f"it is of a log of {show(lines[2])} events, not of the bundle's")
        return True

    # keys

    def check_keys(self) -> bool:
        if not self.need("keys", "keys.json", "checkpoint"):
            return True
        assert self.keys is not None
        last = -1
        for index, record in enumerate(self.key_records):
            try:
                if record["sequence"] <= last:
                    raise Wrong("the keys are not in order")
                last = record["sequence"]
                self.check_key(index, record)
            except Wrong as wrong:
                self.report.manipulation("keys", f"event {record['sequence']}", f"key {index + 1}: {wrong}")
        if self.pinned and self.pinned.text not in [key.text for key in self.keys]:
            self.report.manipulation("keys", "file keys.json", "the key that you gave is none of this ledger's keys")
        listed = {record["sequence"] for record in self.key_records}
        for sequence, line in self.lines.items():
            if line.fields and key_named_by(line.fields) and sequence not in listed:
                self.report.gap("keys", f"event {sequence}", "it names a key of the ledger that keys.json does not list")
        return True

    def check_key(self, index: int, record: dict[str, Any]) -> None:
        assert self.keys is not None
        sequence, text = record["sequence"], record.get("line")
        try:
            raw = text.encode("utf-8") if isinstance(text, str) else b""
        except UnicodeEncodeError:
            raw = b""
        line = read_line(raw)
        if line.get("sequence") != sequence_name(sequence) or key_named_by(line) != self.keys[index].text:
            raise Wrong("the event does not name this key")
        if (index == 0) != (line["type"] == "daybook.ledger.created") or (index == 0) != (sequence == 0):
            raise Wrong("the first key is not that of the log's first event" if index == 0
                        else "the event is no change of the key")
        path = hashes_of(record.get("path"), "its inclusion path")
        if root_of_inclusion(sequence, self.checkpoint.size, leaf_hash(raw), path) != self.checkpoint.root:
            raise Wrong("the event is not in the log of the checkpoint")
        if index:
            self.check_change_of_key(index, record)

    def check_change_of_key(self, index: int, record: dict[str, Any]) -> None:
        assert self.keys is not None
        text = record.get("checkpoint")
        if not isinstance(text, str):
            raise Wrong("the checkpoint that hands over to it is missing")
        try:
            note = read_note(text.encode("utf-8", "surrogatepass"))
            checkpoint = read_checkpoint(note.text)
            check_signed(note, self.keys[index - 1])
        except Wrong as wrong:
            raise Wrong(f"of the checkpoint that hands over to it: {wrong}")
        if (checkpoint.origin, checkpoint.size) != (self.checkpoint.origin, record["sequence"] + 1):
            raise Wrong("the checkpoint that hands over to it is of another log or size")
        path = hashes_of(record.get("consistency"), "its consistency proof")
        check_consistency(checkpoint.size, checkpoint.root, self.checkpoint.size, self.checkpoint.root, path)

    # checkpoint

    def check_checkpoint(self) -> bool:
        if not self.need("checkpoint", "checkpoint", "keys.json", "export.json"):
            return True
        place = "file checkpoint"
        try:
            key = self.key_at(self.checkpoint.size)
            assert key is not None and self.note is not None
            check_signed(self.note, key)
        except Wrong as wrong:
            self.report.manipulation("checkpoint", place, str(wrong))
        if self.checkpoint.origin != self.export.get("origin"):
            self.report.manipulation("checkpoint", place, f"it is of the log {show(self.checkpoint.origin)}, not of the one "
                                     f"that export.json names")
        if self.checkpoint.size != self.export.get("size"):
            self.report.manipulation("checkpoint", place, f"it is of {self.checkpoint.size:,} events, not of as many as "
                                     f"export.json says")
        if self.export.get("format") != FORMAT:
            self.report.manipulation("checkpoint", "file export.json", f"its format is not {FORMAT}")
        return True

    # lines

    def check_lines(self) -> bool:
        if not self.need("lines", "lines.ndjson", "proof.json", "checkpoint"):
            return True
        assert self.included is not None
        wanted = sum(b - a for a, b in self.included)
        if self.line_count != wanted or not self.lines_ended:
            kind = self.report.gap if self.line_count < wanted else self.report.manipulation
            kind("lines", "file lines.ndjson", f"it has {self.line_count:,} lines, not the {wanted:,} that proof.json names"
                 if self.line_count != wanted else "its last line has no end")
        for sequence, line in self.lines.items():
            if line.fields is None:
                self.report.manipulation("lines", f"event {sequence}", f"its line cannot be read: {why_no_line(line.raw)}")
            elif line.fields.get("sequence") != sequence_name(sequence):
                self.report.manipulation("lines", f"event {sequence}", "its line says another sequence: "
                                         + show(str(line.fields.get("sequence"))))
        if self.proof_size != self.checkpoint.size:
            self.report.manipulation("lines", "file proof.json", f"it is for {self.proof_size:,} events, the checkpoint for "
                                     f"{self.checkpoint.size:,}")
        elif self.line_count == wanted:
            leaves = [self.lines[sequence].leaf for a, b in self.included for sequence in range(a, b)]
            try:
                if root_of_walk(self.proof_size, self.included, leaves, self.hashes) != self.checkpoint.root:
                    raise Wrong("the lines do not give the root hash that the checkpoint signs: a line or a hash was changed")
            except Wrong as wrong:
                self.report.manipulation("lines", "file lines.ndjson", str(wrong))
        return True

    # chain

    def check_chain(self) -> bool:
        if not self.need("chain", "lines.ndjson", "proof.json"):
            return True
        newest, newest_at = "", -1
        for sequence, line in self.lines.items():
            if line.fields is None:
                continue
            before = self.lines.get(sequence - 1)
            wanted = bytes(32).hex() if sequence == 0 else before.leaf.hex() if before else None
            if wanted is not None and line.fields.get("prevhash") != wanted:
                self.report.manipulation("chain", f"event {sequence}", "it does not follow the event before it: its prevhash "
                                         "is of something else")
            time = moment(line.fields.get("recordedtime"))
            if time is None:
                self.report.manipulation("chain", f"event {sequence}", "it has no time of recording")
            elif time < newest:
                self.report.manipulation("chain", f"event {sequence}",
                                         f"it was recorded at {time}, before event {newest_at} that precedes it")
            else:
                newest, newest_at = time, sequence
        return True

    # complete

    def check_complete(self) -> bool:
        paths = ("export.json", "selected.json", "lines.ndjson", "proof.json")
        if not self.need("complete", *paths):
            return True
        assert self.selected is not None
        export, place = self.export, "file export.json"
        first, end, size = (export.get(name) for name in ("first", "end", "size"))
        if not (is_count(first) and is_count(end) and is_count(size) and first <= end <= size):
            self.report.manipulation("complete", place, "first, end and size are no stretch of the log")
            return True
        if export.get("selected") != self.report.events:
            self.report.manipulation("complete", place, f"it says that {export.get('selected')} events are selected, but "
                                     f"selected.json has {self.report.events:,}")
        query = self.read_query()
        self.check_selected(query, first, end)
        if export.get("complete") is not True:
            return False
        for a, b in subtract([(first, end)] if first < end else [], self.present):
            self.report.gap("complete", f"event {a}", f"events {a} to {b - 1} belong to the stretch but are not in the bundle"
                            if b - a > 1 else "it belongs to the stretch but is not in the bundle")
        if query:
            self.check_start(query, first, end, size)
            self.check_end(query, first, end, size)
        return True

    def read_query(self) -> Query | None:
        place = "file export.json"
        try:
            query = Query(self.export.get("query"))
        except Wrong as wrong:
            self.report.manipulation("complete", place, str(wrong))
            return None
        for name, time in (("since", query.since), ("until", query.until)):
            said = self.export.get(name)
            if (time is None) != (said is None) or time != moment(said) and time is not None:
                self.report.manipulation("complete", place, f"its {name} is not that of its query")
        return query

    def check_selected(self, query: Query | None, first: int, end: int) -> None:
        """The selected events are those of the stretch that fit the query, and no other."""
        for a, b in self.selected or []:
            if a < first or b > end:
                self.report.manipulation("complete", f"event {a}", "an event is selected that is not in the stretch")
        for a, _ in subtract(self.selected or [], self.present):
            self.report.gap("complete", f"event {a}", "it is selected, but its line is not in the bundle")
        if query is None:
            return
        chosen = set(self.selected_sequences())
        for sequence, line in self.lines.items():
            if not first <= sequence < end or line.fields is None:
                continue
            fits = query.fits(line.fields)
            if fits and sequence not in chosen and self.export.get("complete") is True:
                self.report.gap("complete", f"event {sequence}", "it fits the query, but is not selected")
            elif not fits and sequence in chosen:
                self.report.manipulation("complete", f"event {sequence}", "it is selected, but does not fit the query")

    def recorded(self, sequence: int) -> str | None:
        return moment((self.fields(sequence) or {}).get("recordedtime"))

    def check_start(self, query: Query, first: int, end: int, size: int) -> None:
        """The stretch begins where the query says, and not later."""
        floor = min(query.start or 0, size)
        if first < floor:
            self.report.manipulation("complete", f"event {first}", "the stretch begins before the query's from")
        elif first > floor:
            before = self.recorded(first - 1)
            if query.since is None:
                self.report.gap("complete", f"event {floor}", "the stretch begins later than its query")
            elif before is None:
                self.report.gap("complete", f"event {first - 1}", "the line before the stretch is missing, which proves "
                                "where it begins")
            elif before >= query.since:
                self.report.gap("complete", f"event {first - 1}", "it was recorded in the stretch of time, but is not in it")
        inside = self.recorded(first) if first < end else None
        if inside is not None and query.since is not None and inside < query.since:
            self.report.manipulation("complete", f"event {first}", "it was recorded before the stretch of time")

    def check_end(self, query: Query, first: int, end: int, size: int) -> None:
        """The stretch ends where the query says, and not earlier."""
        roof = size if query.end is None else min(query.end, size)
        if end > roof and end > first:
            self.report.manipulation("complete", f"event {end - 1}", "the stretch ends after the query's end")
        elif end < roof:
            after = self.recorded(end)
            if query.until is None:
                self.report.gap("complete", f"event {end}", "the stretch ends earlier than its query")
            elif after is None:
                self.report.gap("complete", f"event {end}", "the line after the stretch is missing, which proves where it ends")
            elif after < query.until:
                self.report.gap("complete", f"event {end}", "it was recorded in the stretch of time, but is not in it")
        inside = self.recorded(end - 1) if first < end else None
        if inside is not None and query.until is not None and inside >= query.until:
            self.report.manipulation("complete", f"event {end - 1}", "it was recorded after the stretch of time")

    # bodies

    def check_bodies(self) -> bool:
        if not self.need("bodies", "export.json", "selected.json", "lines.ndjson", "proof.json", "erased.json"):
            return True
        mode = self.export.get("bodies")
        if mode not in ("whole", "digests", "redacted"):
            self.report.manipulation("bodies", "file export.json", "it does not say whether bodies are in the bundle")
            return True
        gone = self.check_erased()
        expected = set()
        for sequence in self.selected_sequences():
            line = self.fields(sequence)
            if line is None or "bodyhash" not in line:
                continue
            path = f"bodies/{sequence_name(sequence)}"
            entry = self.archive.entries.get(path)
            if sequence in gone:
                if entry:
                    self.report.manipulation("bodies", f"event {sequence}", "it is listed as erased, but its body is there")
            elif mode == "whole" and entry is None:
                self.report.gap("bodies", f"event {sequence}", "its body is missing and not listed as erased")
            elif entry and entry.sha256 != line["bodyhash"]:
                self.report.manipulation("bodies", f"event {sequence}", "its body is not the one that was recorded")
            expected.add(sequence_name(sequence))
        self.check_strays(mode, expected | {sequence_name(by) for by in gone.values()})
        return mode == "whole"

    def check_strays(self, mode: str, expected: set[str]) -> None:
        for path in self.archive.entries:
            folder, _, name = path.partition("/")
            if folder == "bodies" and (mode != "whole" or name not in expected):
                self.report.manipulation("bodies", f"file {show(path)}", "a body that belongs to no selected event")
            elif folder == "redacted" and (mode != "redacted" or name[:-5] not in expected or name[-5:] != ".json"):
                self.report.manipulation("bodies", f"file {show(path)}", "a redacted body that belongs to no selected event")

    def check_erased(self) -> dict[int, int]:
        """The events whose body was erased, each with the event that says so."""
        chosen, gone = set(self.selected_sequences()), {}
        for record in self.erased or []:
            if not isinstance(record, dict) or not is_count(record.get("sequence")) or not is_count(record.get("by")):
                self.report.manipulation("bodies", "file erased.json", "it lists something that is no erasure")
                continue
            sequence, by = record["sequence"], record["by"]
            try:
                self.check_erasure(record, sequence, by, chosen)
                gone[sequence] = by
                self.report.erased.append({"reason": str(record.get("reason") or ""), "sequence": sequence})
            except Wrong as wrong:
                self.report.manipulation("bodies", f"event {sequence}", f"it is listed as erased, but {wrong}")
        return gone

    def check_erasure(self, record: dict[str, Any], sequence: int, by: int, chosen: set[int]) -> None:
        line, act = self.fields(sequence), self.fields(by)
        if sequence not in chosen or line is None or "bodyhash" not in line:
            raise Wrong("it is no selected event with a body")
        if record.get("bodyhash") != line["bodyhash"]:
            raise Wrong("under another digest than it has")
        if act is None or (act.get("type"), act.get("source"), act.get("kind")) != ("daybook.erased", "daybook", "admin"):
            raise Wrong(f"event {by} is no act of erasure in this bundle")
        if by <= sequence:
            raise Wrong(f"event {by} was recorded before it")
        for name, attribute in (("reason", "reason"), ("when", "recordedtime"), ("who", "authid")):
            if record.get(name) != act.get(attribute, ""):
                raise Wrong(f"its {name} is not the one that event {by} gives")
        named = self.names_erased(by)
        if named is None and self.export is not None and self.export.get("bodies") == "whole":
            # Any act could be given for a body that is left out, were its own body left out, too.
            raise Wrong(f"the body of event {by}, which names what it erased, is not there")
        if named is not None and (sequence, line["bodyhash"]) not in named:
            raise Wrong(f"event {by} does not name it")

    def names_erased(self, by: int) -> set[tuple[int, str]] | None:
        """What an act of erasure names, if its own body is in the bundle as it was recorded."""
        path, act = f"bodies/{sequence_name(by)}", self.fields(by)
        entry = self.archive.entries.get(path)
        if entry is None or act is None or entry.sha256 != act.get("bodyhash") or entry.size > MOST_DOCUMENT:
            return None
        record = self.archive.content(path)
        try:
            content = read_json(record[21 + int.from_bytes(record[17:21], "little"):])
            return {(each["sequence"], each["bodyhash"]) for each in content["events"]}
        except (Wrong, KeyError, TypeError):
            return set()

    # totals

    def check_totals(self) -> bool:
        totals = self.document("totals.json", dict)
        if not self.need("totals", "totals.json", "selected.json", "lines.ndjson", "proof.json"):
            return True
        counted = self.count()
        for name in ("bytes", "events", "first", "last"):
            if totals.get(name) != counted[name]:
                self.report.manipulation("totals", "file totals.json", f"{name} is {show(str(totals.get(name)))}, but the lines "
                                         f"give {counted[name]}")
        for name, members in (("kinds", ["kind"]), ("outcomes", ["outcome"]), ("sources", ["source"]),
                              ("types", ["outcome", "source", "type"])):
            if table_of(totals.get(name), members) != counted[name]:
                self.report.manipulation("totals", "file totals.json", f"its {name} are not what the lines give")
        self.check_amounts(totals.get("amounts"))
        return True

    def count(self) -> dict[str, Any]:
        counted: dict[str, Any] = {"bytes": 0, "events": 0, "first": None, "last": None, "kinds": {}, "outcomes": {},
                                   "sources": {}, "types": {}}
        for sequence in self.selected_sequences():
            line = self.fields(sequence)
            if line is None:
                continue
            counted["events"] += 1
            size = line.get("bodysize", 0)
            counted["bytes"] += size if is_count(size) else 0
            counted["first"] = sequence if counted["first"] is None else counted["first"]
            counted["last"] = sequence
            texts = {name: line.get(name) for name in ("kind", "outcome", "source", "type")}
            for name, row in (("kinds", (texts["kind"],)), ("outcomes", (texts["outcome"],)), ("sources", (texts["source"],)),
                              ("types", (texts["outcome"], texts["source"], texts["type"]))):
                counted[name][row] = counted[name].get(row, 0) + 1
        return counted

    def check_amounts(self, said: Any) -> None:
        """The sums follow from the amounts, and each amount is of a selected event."""
        chosen, sums = set(self.selected_sequences()), {}
        data = self.archive.content("amounts.ndjson") if "amounts.ndjson" in self.archive.entries else b""
        for number, text in enumerate(data.split(b"\n")[:-1] if data.endswith(b"\n") or not data else data.split(b"\n")):
            try:
                amount = read_json(text)
                if not isinstance(amount, dict) or not is_count(amount.get("sequence")):
                    raise Wrong("it is no amount")
                if amount["sequence"] not in chosen:
                    raise Wrong(f"event {amount['sequence']} is not selected")
                row = tuple(text_of(amount.get(name)) for name in ("column", "currency", "projection"))
                if row not in sums and len(sums) >= MOST_SUMS:
                    raise Wrong("it is of more kinds than a bundle has")
                before = sums.get(row, (0, 0))
                sums[row] = (before[0] + 1, before[1] + decimal_of(amount.get("amount")))
            except Wrong as wrong:
                self.report.manipulation("totals", "file amounts.ndjson", f"line {number + 1}: {wrong}")
        try:
            if not isinstance(said, list):
                raise Wrong("it lists no amounts")
            listed = {tuple(text_of(each.get(name)) for name in ("column", "currency", "projection")):
                      (each.get("count"), decimal_of(each.get("sum"))) for each in said if isinstance(each, dict)}
            if listed != sums or len(listed) != len(said):
                raise Wrong("its sums are not what amounts.ndjson gives")
        except Wrong as wrong:
            self.report.manipulation("totals", "file totals.json", str(wrong))

    # proofs

    def check_proofs(self) -> bool:
        paths = [path for path in self.archive.entries if path.startswith("proofs/")]
        if not paths:
            return False
        if not self.need("proofs", "checkpoint", "keys.json", "selected.json", "lines.ndjson", "proof.json"):
            return True
        chosen = set(self.selected_sequences())
        self.notes_seen: dict[bytes, str | None] = {}
        for path in paths:
            match = re.fullmatch(r"proofs/([0-9]{20})\.tlog-proof", path)
            try:
                if not match or int(match[1]) not in chosen:
                    raise Wrong("it is of no selected event")
                if self.archive.entries[path].size > MOST_NOTE:
                    raise Wrong("it is too long for a proof")
                self.check_proof(int(match[1]), self.archive.content(path))
            except Wrong as wrong:
                self.report.manipulation("proofs", f"file {show(path)}", str(wrong))
        return True

    def check_proof(self, sequence: int, data: bytes) -> None:
        head, mark, note = data.partition(b"\n\n")
        lines = head.decode("utf-8", "replace").split("\n")
        if lines[0] != "c2sp.org/tlog-proof@v1" or not mark:
            raise Wrong("it is no proof (C2SP tlog-proof)")
        if len(lines) > 1 and lines[1].startswith("extra "):
            del lines[1]
        if lines[1:2] != [f"index {sequence}"]:
            raise Wrong("it is for another event")
        path = hashes_of(lines[2:], "its path")
        if note not in self.notes_seen:
            self.notes_seen[note] = self.note_problem(note)
        problem = self.notes_seen[note]
        if problem:
            raise Wrong(f"of its checkpoint: {problem}")
        checkpoint = read_checkpoint(read_note(note).text)
        if root_of_inclusion(sequence, checkpoint.size, self.lines[sequence].leaf, path) != checkpoint.root:
            raise Wrong("its path does not lead from the event to its checkpoint")

    def note_problem(self, data: bytes) -> str | None:
        """Why a checkpoint is not one of this log."""
        try:
            note = read_note(data)
            checkpoint = read_checkpoint(note.text)
            key = self.key_at(checkpoint.size)
            assert key is not None
            check_signed(note, key)
            if checkpoint.origin != self.checkpoint.origin:
                raise Wrong("it is of another log")
            if checkpoint.size == self.checkpoint.size and checkpoint.root != self.checkpoint.root:
                raise Wrong("it has another root than the bundle's checkpoint")
        except Wrong as wrong:
            return str(wrong)
        return None

    # anchors

    def check_anchors(self) -> bool:
        anchors = self.document("anchors.json", list)
        if not self.need("anchors", "anchors.json", "checkpoint", "keys.json"):
            return True
        self.witnesses = self.read_policy()
        self.anchored: dict[int, bytes] = {self.checkpoint.size: self.checkpoint.root}
        self.check_cosignatures("checkpoint", self.note, self.checkpoint)
        files = set()
        for kind in ("witness", "rfc3161"):  # notes first: they tell the roots that timestamps are about
            for anchor in anchors:
                if isinstance(anchor, dict) and anchor.get("kind") == kind and isinstance(anchor.get("file"), str):
                    files.add(anchor["file"])
                    self.check_anchor(kind, anchor)
        if not all(isinstance(each, dict) and isinstance(each.get("file"), str) and each["file"] in files for each in anchors):
            self.report.manipulation("anchors", "file anchors.json", "it lists something that is no anchor")
        for path in self.archive.entries:
            if path.startswith("anchors/") and path not in files and path[len("anchors/"):] not in files:
                self.report.manipulation("anchors", f"file {show(path)}", "anchors.json does not list it")
        return bool(anchors)

    def read_policy(self) -> list[VKey]:
        if "policy" not in self.archive.entries:
            return []
        try:
            return witnesses_of(self.archive.content("policy"))
        except Wrong as wrong:
            self.report.manipulation("anchors", "file policy", str(wrong))
            return []

    def check_anchor(self, kind: str, anchor: dict[str, Any]) -> None:
        name = anchor["file"] if anchor["file"].startswith("anchors/") else "anchors/" + anchor["file"]
        place = f"file {show(name)}"
        entry = self.archive.entries.get(name)
        try:
            if entry is None:
                self.report.gap("anchors", place, "anchors.json lists it, but it is not in the bundle")
                return
            if entry.size > MOST_NOTE or not is_count(anchor.get("size")) or not 0 < anchor["size"] <= self.checkpoint.size:
                raise Wrong("it is no anchor of a part of this log")
            path = hashes_of(anchor.get("consistency"), "its consistency proof")
            check = self.check_witness_note if kind == "witness" else self.check_timestamp
            check(place, anchor["size"], path, self.archive.content(name))
        except Wrong as wrong:
            self.report.manipulation("anchors", place, str(wrong))

    def check_witness_note(self, place: str, size: int, path: list[bytes], data: bytes) -> None:
        note = read_note(data)
        checkpoint = read_checkpoint(note.text)
        if (checkpoint.origin, checkpoint.size) != (self.checkpoint.origin, size):
            raise Wrong("it is of another log or size than anchors.json says")
        check_consistency(size, checkpoint.root, self.checkpoint.size, self.checkpoint.root, path)
        self.anchored[size] = checkpoint.root
        for key in {self.key_at(size)} - {None}:
            assert key is not None
            if signatures_by(note, key):
                check_signed(note, key)
        self.check_cosignatures(place[len("file "):], note, checkpoint)

    def check_cosignatures(self, path: str, note: Note, checkpoint: Checkpoint) -> None:
        for key in self.witnesses:
            for signature in signatures_by(note, key):
                if not signature_holds(note, signature, key):
                    self.report.manipulation("anchors", f"file {show(path)}", f"the countersignature of {key.name} is wrong")
                    continue
                seen = (checkpoint.size, int.from_bytes(signature.payload[:8], "big"))
                self.seen[key.name] = max(self.seen.get(key.name, seen), seen)
        unknown = [each for each in note.signatures if len(each.payload) == 72
                   and not any((each.name, each.key_id) == (key.name, key.key_id) for key in self.witnesses)]
        for signature in unknown:
            self.report.notice("anchors", f"file {show(path)}", f"the countersignature of {show(signature.name)} cannot be "
                               "checked: the bundle's policy does not name that witness")

    def check_timestamp(self, place: str, size: int, path: list[bytes], data: bytes) -> None:
        digest, time = imprint_of(data)
        root = self.anchored.get(size)
        if root is not None:
            check_consistency(size, root, self.checkpoint.size, self.checkpoint.root, path)
        elif size & (size - 1):
            root, newest = roots_of_consistency(size, self.checkpoint.size, path, None)
            if newest != self.checkpoint.root:
                raise Wrong(f"the log of {size:,} events is not the beginning of the log of {self.checkpoint.size:,}")
        else:
            self.report.notice("anchors", place, "no checkpoint of this size is in the bundle to compare the timestamp with")
            return
        text = f"{self.checkpoint.origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()
        if digest != sha256(text):
            raise Wrong(f"it stamps something else than the checkpoint of {size:,} events")
        self.report.notice("anchors", place, "the signature of the timestamp authority is not checked here")
        self.stamped[size] = time

    def anchor_sentences(self) -> list[str]:
        """What the anchors say of the log."""
        sentences = [f"The witness {name} countersigned the first {plural(size, 'event')} on {date_of(seconds)}."
                     for name, (size, seconds) in sorted(self.seen.items())]
        if self.stamped:
            size = max(self.stamped)
            sentences.append(f"A timestamp fits the first {plural(size, 'event')} and names the time {self.stamped[size]}; the "
                             "authority's signature on it was not checked here (daybook verify and openssl ts can).")
        return sentences

    # What it comes to

    def conclude(self) -> None:
        report = self.report
        if isinstance(self.export, dict) and isinstance(self.export.get("origin"), str):
            report.origin = show(self.export["origin"], 300)
        conclusions(self, report, self.anchor_sentences())


def why_no_line(raw: bytes) -> str:
    try:
        read_line(raw)
    except Wrong as wrong:
        return str(wrong)
    return ""


def table_of(rows: Any, members: list[str]) -> dict[tuple, int] | None:
    """Counts of totals.json by what they count; None if the rows are no such counts."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) and is_count(row.get("count")) for row in rows):
        return None
    table = {tuple(str(row.get(name)) for name in members): row["count"] for row in rows}
    return table if len(table) == len(rows) else None


def text_of(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong("a name that is no text")
    return value


def decimal_of(text: Any) -> int:
    """A decimal number in units of 10^-12, so that sums are exact."""
    match = isinstance(text, str) and re.fullmatch(r"(-?)([0-9]{1,40})(?:\.([0-9]{1,12}))?", text)
    if not match:
        raise Wrong("an amount that is no number")
    value = int(match[2] + (match[3] or "").ljust(12, "0"))
    return -value if match[1] else value


def date_of(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d at %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return "a day beyond the calendar"


def plural(count: int, one: str) -> str:
    return f"{count:,} {one}" if count == 1 else f"{count:,} {one}s"


def conclusions(verification: Verification, report: Report, anchored: list[str]) -> None:
    """What follows for an auditor, in plain sentences; each rests on checks that held."""
    export = verification.export or {}

    def held(*names: str) -> bool:
        return all(name in report.done and name not in report.failed for name in names)

    if held("manifest", "signature", "keys"):
        report.proven.append(f"This bundle is as {report.origin} gave it out: no file was added, removed or changed.")
    if held("keys", "checkpoint", "lines", "chain"):
        report.proven.append(f"{plural(len(verification.lines), 'line')} are exactly as signed in the log of "
                             f"{plural(verification.checkpoint.size, 'event')}: none was edited, inserted, moved or dated anew.")
    if held("keys", "checkpoint", "lines", "complete") and export.get("complete") is True:
        report.proven.append("Nothing that the query names was left out: every event of the stretch is here, "
                             f"and the {report.events:,} that fit are those selected.")
    if held("lines", "bodies"):
        report.proven.append("Every body in the bundle is byte for byte what was recorded.")
    if held("lines", "totals"):
        report.proven.append("The control totals are those of the selected events.")
    report.proven += anchored
    if verification.pinned is None:
        first = verification.keys[0].text if verification.keys else "not known"
        report.not_proven.append("Whose log this is: compare the ledger's first key with one known from elsewhere, or "
                                 f"give it with --key. It is {show(first, 200)}")
    if export.get("complete") is not True:
        report.not_proven.append("That no other event fits the query: this bundle holds only the selected lines of its stretch.")
    if export.get("bodies") != "whole":
        report.not_proven.append("What the events said: this bundle holds no bodies, only their digests"
                                 + (" and copies with values masked." if export.get("bodies") == "redacted" else "."))
    report.not_proven.append("That events which were never recorded did not happen, and that what was recorded is true: the log "
                             "proves what was said to it, and when.")
    report.not_proven.append("That the amounts are what the bodies say: they follow from the projections' definitions.")
    if not verification.seen:
        report.not_proven.append("That nobody else was shown another log: no witness's countersignature was verified.")
    else:
        report.not_proven.append("That the witnesses are independent: compare their keys in the bundle's policy with "
                                 "ones known from elsewhere.")


# ---------------------------------------------------------------------------------------------------------------------
# The program


def print_report(result: dict[str, Any]) -> None:
    print(f"{result['verdict'].upper()}  {show(result['origin']) or 'unknown log'}, {plural(result['events'], 'event')} selected")
    print()
    for name, state in result["checks"].items():
        print(f"  {name:<12}{state}")
    for finding in result["findings"]:
        print(f"\n{finding['kind']}  {finding['check']}, {finding['place']}\n    {finding['what']}")
    for title, sentences in (("Proven", result["proven"]), ("Not proven", result["not_proven"])):
        if sentences:
            print(f"\n{title}")
            for sentence in sentences:
                print(f"  - {sentence}")
    if result["erased"]:
        print("\nErased, with the proof kept")
        for each in result["erased"]:
            print(f"  - event {each['sequence']}: {show(each['reason']) or 'no reason given'}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", help="the .tar.zst file")
    parser.add_argument("--key", metavar="VKEY", help="a key of the ledger that you know from elsewhere")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--decoder", choices=["auto", "module", "program", "own"], default="auto", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    try:
        pinned = read_vkey(arguments.key) if arguments.key else None
    except Wrong as wrong:
        parser.error(str(wrong))
    sys.setrecursionlimit(10_000)
    result = Verification(arguments.bundle, pinned, arguments.decoder).report.result()
    if arguments.json:
        print(json.dumps(result, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
    else:
        print_report(result)
    return {"sound": 0, "not sound": 1, "unreadable": 3}[result["verdict"]]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(3)
