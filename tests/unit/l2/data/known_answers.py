#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes known_answers.json: what docs/protocol.md says, computed a third time, apart from the Go and the C++
code that are both held against it. Run with the path of the published Poseidon2 vector (koalabear16.json).
"""
import hashlib
import json
import struct
import sys

P = 2**31 - 2**24 + 1
vector = json.load(open(sys.argv[1], encoding="ascii"))


def u8(v): return struct.pack("<B", v)
def u16(v): return struct.pack("<H", v)
def u32(v): return struct.pack("<I", v)
def u64(v): return struct.pack("<Q", v)
def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def sha2(data): return sha(sha(data))


def tagged(tag, *parts):
    tag_hash = sha(b"Bowline/" + tag.encode())
    return sha(tag_hash, tag_hash, *parts)


# --- Poseidon2: matrices written out in full, no shortcuts -----------------------------------------------------
def inverse(x): return pow(x, P - 2, P)


M4 = vector["m4"]
EXTERNAL = [[(2 if i // 4 == j // 4 else 1) * M4[i % 4][j % 4] % P for j in range(16)] for i in range(16)]
HALF = inverse(2)
DIAGONAL = [-2, 1, 2, HALF, 3, 4, -HALF, -3, -4, inverse(2**8), inverse(8), inverse(2**24), -inverse(2**8),
            -inverse(8), -inverse(16), -inverse(2**24)]
INTERNAL = [[(1 + (DIAGONAL[i] if i == j else 0)) % P for j in range(16)] for i in range(16)]


def times(matrix, state): return [sum(a * b for a, b in zip(row, state)) % P for row in matrix]


def permute(state):
    state = times(EXTERNAL, state)
    for row in vector["external_initial"]:
        state = times(EXTERNAL, [pow(x + c, 3, P) for x, c in zip(state, row)])
    for constant in vector["internal"]:
        state = times(INTERNAL, [pow(state[0] + constant, 3, P)] + state[1:])
    for row in vector["external_final"]:
        state = times(EXTERNAL, [pow(x + c, 3, P) for x, c in zip(state, row)])
    return state


assert permute(vector["known_answer"]["input"]) == vector["known_answer"]["output"]

KEY, VALUE, LEAF, NODE, HISTORY = 1, 2, 3, 4, 5


def sponge(tag, elements):
    state = [0] * 8 + [tag, len(elements)] + [0] * 6
    blocks = [elements[i:i + 8] for i in range(0, len(elements), 8)] or [[]]
    for block in blocks:
        for i, element in enumerate(block):
            state[i] = (state[i] + element) % P
        state = permute(state)
    return b"".join(u32(x) for x in state[:8])


def words(digest): return list(struct.unpack("<8I", digest))
def limbs(data): return [int.from_bytes(data[i:i + 2], "little") for i in range(0, len(data), 2)]
def sponge_bytes(tag, data): return sponge(tag, [len(data) & 0xFFFF, len(data) >> 16] + limbs(data))
def sponge_pair(tag, left, right): return sponge(tag, words(left) + words(right))
def history(previous, tx, batch, index): return sponge(HISTORY, words(previous) + limbs(tx + u64(batch) + u32(index)))


# --- BLAKE3: chunk by chunk with a stack, as its paper describes ----------------------------------------------
IV = [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19]
ORDER = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]


def rotate(x, n): return (x >> n | x << (32 - n)) & 0xFFFFFFFF


def compress(chaining, block, counter, flags):
    m = list(struct.unpack("<16I", block.ljust(64, b"\0")))
    v = chaining + IV[:4] + [counter & 0xFFFFFFFF, counter >> 32, len(block), flags]

    def g(a, b, c, d, x, y):
        v[a] = (v[a] + v[b] + x) & 0xFFFFFFFF
        v[d] = rotate(v[d] ^ v[a], 16)
        v[c] = (v[c] + v[d]) & 0xFFFFFFFF
        v[b] = rotate(v[b] ^ v[c], 12)
        v[a] = (v[a] + v[b] + y) & 0xFFFFFFFF
        v[d] = rotate(v[d] ^ v[a], 8)
        v[c] = (v[c] + v[d]) & 0xFFFFFFFF
        v[b] = rotate(v[b] ^ v[c], 7)

    for _ in range(7):
        for i in range(4):
            g(i, 4 + i, 8 + i, 12 + i, m[2 * i], m[2 * i + 1])
        for i in range(4):
            g(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, m[8 + 2 * i], m[9 + 2 * i])
        m = [m[i] for i in ORDER]
    return [v[i] ^ v[i + 8] for i in range(8)]


def blake3(data):
    chunks = [data[i:i + 1024] for i in range(0, len(data), 1024)] or [b""]
    stack = []

    def chunk(number, root):
        blocks = [chunks[number][i:i + 64] for i in range(0, len(chunks[number]), 64)] or [b""]
        chaining = IV
        for i, block in enumerate(blocks):
            last = i == len(blocks) - 1
            chaining = compress(chaining, block, number, (i == 0) | 2 * last | 8 * (root and last))
        return chaining

    def parent(left, right, root): return compress(IV, struct.pack("<16I", *(left + right)), 0, 4 | 8 * root)

    for number in range(len(chunks) - 1):
        value, total = chunk(number, False), number + 1
        while total % 2 == 0:
            value, total = parent(stack.pop(), value, False), total // 2
        stack.append(value)
    value = chunk(len(chunks) - 1, not stack)
    while stack:
        left = stack.pop()
        value = parent(left, value, not stack)
    return struct.pack("<8I", *value)


assert blake3(b"").hex() == "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"


# --- Trees -------------------------------------------------------------------------------------------------------
def bits(key): return [w >> (30 - i) & 1 for w in words(key) for i in range(31)]


def state_root(leaves, depth=0):
    if not leaves:
        return bytes(32)
    if len(leaves) == 1:
        (key, value), = leaves.items()
        return sponge_pair(LEAF, key, sponge_bytes(VALUE, value))
    sides = [{k: v for k, v in leaves.items() if bits(k)[depth] == side} for side in (0, 1)]
    return sponge_pair(NODE, state_root(sides[0], depth + 1), state_root(sides[1], depth + 1))


def witness(leaves, keys, depth=0):
    if not leaves:
        return u8(0)
    if not keys:
        return u8(3) + state_root(leaves, depth)
    if len(leaves) == 1:
        (key, value), = leaves.items()
        if key in keys:
            return u8(1) + key + u32(len(value)) + value
        return u8(4) + key + sponge_bytes(VALUE, value)
    out = u8(2)
    for side in (0, 1):
        out += witness({k: v for k, v in leaves.items() if bits(k)[depth] == side},
                       [k for k in keys if bits(k)[depth] == side], depth + 1)
    return out


def proof(leaves, key):
    siblings, depth = [], 0
    while len(leaves) > 1:
        sides = [{k: v for k, v in leaves.items() if bits(k)[depth] == side} for side in (0, 1)]
        depth += 1
        siblings.append(state_root(sides[1 - bits(key)[depth - 1]], depth))
        leaves = sides[bits(key)[depth - 1]]
    out = u8(len(siblings)) + b"".join(siblings)
    if not leaves:
        return out + u8(0)
    (found, value), = leaves.items()
    return out + (u8(1) if found == key else u8(2) + found + sponge_bytes(VALUE, value))


def outbox_node(left, right): return sha(u8(6), left, right)
def claims_node(left, right): return blake3(left + right)


def append_root(node, leaves, depth=32, empty=bytes(32)):
    level = list(leaves)
    for _ in range(depth):
        if len(level) % 2:
            level.append(empty)
        level = [node(level[i], level[i + 1]) for i in range(0, len(level), 2)]
        empty = node(empty, empty)
    return level[0] if level else empty


def list_root(hashes):
    level = list(hashes)
    while len(level) > 1:
        level = [sha(u8(4), *level[i:i + 2]) if i + 1 < len(level) else level[i] for i in range(0, len(level), 2)]
    return sha(u8(4), u64(len(hashes)), level[0] if level else bytes(32))


# --- Parameters, header, objects, transactions: bytes that tell their places apart -----------------------------
def fill(start, size=32): return bytes((start + 7 * i) % 251 for i in range(size))


BITS = 0x207FFFFF
CHECKPOINT = u32(4) + fill(9) + fill(10) + u32(1_700_000_000) + u32(BITS) + u32(5)
params = (u16(1) + u8(3) + fill(1) + fill(2) + fill(3) + fill(4) + fill(5) + u32(6) + fill(7) + u32(2) + u32(12) + u32(6) + u32(40) + u32(10)
          + u8(3) + u64(1_000_000) + u64(10_000_000) + u64(100_000_000)
          + b"".join(u64(v) for v in (1_000, 100_000, 10_000, 1_000, 1_000, 10_000, 100_000))
          + u32(500) + u64(100) + u32(101) + CHECKPOINT + (12345).to_bytes(32, "little") + u32(1_690_000_000)
          + u32(1_700_000_000) + b"".join(u32(1_699_999_000 - 600 * i) for i in range(3)) + 7 * u32(0)
          + u64(1_700_000_100))
CHAIN = tagged("params", params)

header = (u16(1) + CHAIN + u64(77) + u32(0) + u64(1_700_000_500) + fill(20) + u32(99) + fill(21) + fill(22) + fill(23)
          + sponge(NODE, [5]) + fill(24) + u64(3) + fill(25) + u64(4) + fill(26) + fill(27) + fill(28) + fill(29, 20)
          + u64(1234) + u64(4_000_000) + u64(100))
assert len(header) == 438

OUTPOINT = fill(40) + u32(3)
SCRIPT = b"\x51\x20" + fill(41)


def tx_proof(start):
    return (u32(100 + start) + fill(start, 80) + u32(2) + u8(2) + fill(start + 1) + fill(start + 2) + u32(70)
            + fill(start + 3, 70) + u8(2) + fill(start + 4) + fill(start + 5) + u32(60) + fill(start + 6, 60))


LEAVES = [tagged("graph", fill(50), OUTPOINT, fill(51), fill(52), sha(SCRIPT)), fill(53)]
payloads = {
    1: fill(30) + u64(5_000),
    2: fill(31) + fill(32) + fill(33) + fill(34, 64) + tx_proof(60),
    3: u64(20_000) + u64(300) + u8(len(SCRIPT)) + SCRIPT,
    4: u64(7) + u32(171),
    5: u64(8) + tx_proof(70),
    6: u64(9),
    7: u64(100_000),
    8: b"",
    9: OUTPOINT + fill(54) + OUTPOINT + fill(51) + fill(52) + u8(len(SCRIPT)) + SCRIPT + u8(2) + b"".join(LEAVES) + u8(0),
    10: u64(10) + tx_proof(80),
    11: u64(11) + tx_proof(90),
    12: tx_proof(100),
    13: u32(3) + sponge(NODE, [6]) + u32(900) + fill(42, 64),
}


def transaction(kind):
    own = kind in (2, 12, 13)  # the authority is inside
    body = u8(1) + u8(kind) + (bytes(32) if own else fill(35)) + u64(0 if own else 6) + u64(0 if own else 100)
    body += payloads[kind]
    return {"type": kind, "encoding": (body + (bytes(64) if own else fill(36, 64))).hex(),
            "hash": sha(u8(2), body).hex(), "message": tagged("tx", CHAIN, body).hex()}


GENESIS_VIEW = (u32(101) + sha2(CHECKPOINT) + u32(101) + sha2(CHECKPOINT) + (12345).to_bytes(32, "little")
                + u32(1_700_000_000) + u32(BITS) + u32(1_690_000_000) + u32(1_700_000_000)
                + b"".join(u32(1_699_999_000 - 600 * i) for i in range(3)) + 7 * u32(0) + u8(0))
EMPTY_COUNTERS = 3 * u64(0) + bytes(32) + u64(0) + u64(0) + u64(0)
NEW_CHAIN = fill(5) + u32(6) + u8(1) + u64(0) + u32(0) + 2 * bytes(32) + u32(0) + u32(0) + u64(0) + u32(0) + u64(0)


def object_key(kind, identity): return sponge_bytes(KEY, u8(kind) + identity)


objects = [
    (1, fill(35), u64(6) + u64(1_000) + u64(0) + u64(200) + u16(0) + bytes(32) + sponge(HISTORY, [1])),
    (2, b"", GENESIS_VIEW[:-1] + u8(1) + CHECKPOINT),
    (3, u32(101), sha2(CHECKPOINT)),
    (4, OUTPOINT, u64(1_000_000) + fill(31) + fill(32) + u8(2) + u64(5)),
    (5, u64(7), fill(35) + u64(20_000) + u64(300) + u8(34) + SCRIPT + u8(2) + fill(50) + u32(1) + u32(120) + u64(1_000)),
    (6, fill(50), u64(100_000) + u32(1) + u8(1)),
    (7, fill(51), u64(7)),
    (8, b"", u64(3) + u64(1) + u64(9) + fill(37) + u64(1) + u64(5) + fill(38) + fill(39) + u64(2) + fill(40)),
    (9, u64(5), fill(50) + OUTPOINT + OUTPOINT + fill(51) + fill(52) + fill(53) + u8(3)),
    (10, b"", OUTPOINT + u8(2) + u64(44) + u32(123) + fill(50) + sponge(NODE, [7]) + u32(3) + u32(900) + u64(41) + u32(1023)
     + u64(77)),
    (11, u64(44), fill(51) + u32(120) + fill(52)),
]

genesis_leaves = {object_key(2, b""): GENESIS_VIEW, object_key(3, u32(101)): sha2(CHECKPOINT),
                  object_key(8, b""): EMPTY_COUNTERS, object_key(10, b""): NEW_CHAIN}
SEQUENCERS = sha(u8(0x16), fill(4))
genesis_body = u32(101) + u16(0) + u32(0)
genesis = (u16(1) + CHAIN + u64(0) + u32(0) + u64(1_700_000_100) + bytes(32) + u32(101) + sha2(CHECKPOINT)
           + 2 * list_root([]) + state_root(genesis_leaves) + bytes(32) + u64(0) + append_root(outbox_node, [])
           + u64(0) + 2 * SEQUENCERS + sha(u8(0x17), genesis_body) + sha(u8(0x10), fill(4))[:20] + u64(0)
           + u64(4_000_000) + u64(100))
genesis_hash = sha(u8(1), genesis)
statement = (u16(1) + CHAIN + bytes(32) + u64(0) + u64(0) + bytes(32) + genesis_hash + bytes(32)
             + state_root(genesis_leaves) + 2 * bytes(32) + u64(0) + u64(0) + bytes(32) + append_root(outbox_node, [])
             + u64(0) + u64(0) + append_root(claims_node, []) + u64(0) + u32(101) + sha2(CHECKPOINT)
             + (12345).to_bytes(32, "little") + 2 * SEQUENCERS + sha(u8(0x17), genesis_body) + bytes(32) + u64(0) + u32(0)
             + u64(0) + genesis_hash + bytes(32) + u64(0))


# --- Long chains of pseudo-random inputs: a disagreement anywhere changes the last digest ----------------------
def chain_of_hashes(function, rounds, step):
    """x' = function(x repeated to a length that grows by `step` modulo 1500)."""
    x, length = bytes(32), 0
    for _ in range(rounds):
        length = (length + step) % 1500
        x = function((x * 47)[:length])
    return x


tree_keys = [sponge_bytes(KEY, u8(1) + sha(b"tree", u32(i))) for i in range(60)]
tree_values = [sha(b"value", u32(i))[:i % 33] for i in range(60)]
tree = dict(zip(tree_keys[:40], tree_values[:40]))
leaf_list = [sha(b"leaf", u32(i)) for i in range(9)]

out = {
    "comment": "Written by known_answers.py beside this file, independent of the Go and the C++ code. "
               "fill(s, n) is the bytes (s + 7 i) mod 251.",
    "sponge": [{"tag": tag, "elements": e, "digest": sponge(tag, e).hex()} for tag, e in
               [(1, []), (2, [0]), (3, [1, 2, 3]), (4, list(range(8))), (5, list(range(9))), (3, [P - 1] * 16)]],
    "sponge_bytes": [{"tag": 2, "fill": [3, n], "digest": sponge_bytes(2, fill(3, n)).hex()}
                     for n in (0, 1, 2, 12, 13, 32, 33, 121, 65_535, 65_536)],
    "history": {"previous": sponge(HISTORY, []).hex(), "transaction": fill(30).hex(), "batch": 2**40 + 5, "index": 3,
                "digest": history(sponge(HISTORY, []), fill(30), 2**40 + 5, 3).hex()},
    "blake3": [{"length": n, "digest": blake3(bytes(i % 251 for i in range(n))).hex()}
               for n in (0, 1, 63, 64, 65, 1023, 1024, 1025, 2048, 2049, 3072, 3073, 4096, 5121, 8193)],
    "blake3_abc": blake3(b"abc").hex(),
    "chains": {"sponge": chain_of_hashes(lambda d: sponge_bytes(VALUE, d), 60, 37).hex(),
               "blake3": chain_of_hashes(blake3, 400, 421).hex(),
               "rounds": {"sponge": [60, 37], "blake3": [400, 421]}},
    "list_root": [{"count": n, "root": list_root(leaf_list[:n]).hex()} for n in range(8)],
    "append": [{"count": n, "outbox": append_root(outbox_node, leaf_list[:n]).hex(),
                "claims": append_root(claims_node, leaf_list[:n]).hex()} for n in range(10)],
    "state_tree": {"keys": [k.hex() for k in tree_keys], "values": [v.hex() for v in tree_values], "size": 40,
                   "roots": [{"count": n, "root": state_root(dict(zip(tree_keys[:n], tree_values[:n]))).hex()}
                             for n in (0, 1, 2, 3, 10, 40)],
                   "proofs": [{"key": i, "proof": proof(tree, tree_keys[i]).hex()} for i in (0, 7, 39, 40, 55, 59)],
                   "witness_keys": [1, 5, 38, 41, 58],
                   "witness": witness(tree, [tree_keys[i] for i in (1, 5, 38, 41, 58)]).hex()},
    "params": {"encoding": params.hex(), "chain_id": CHAIN.hex()},
    "header": {"encoding": header.hex(), "hash": sha(u8(1), header).hex(),
               "message": tagged("batch", sha(u8(1), header)).hex()},
    "transactions": [transaction(kind) for kind in range(1, 14)],
    "objects": [{"kind": k, "id": i.hex(), "value": v.hex(), "key": object_key(k, i).hex()} for k, i, v in objects],
    "hashes": {
        "mint_message": tagged("mint", CHAIN, OUTPOINT, u64(1_000_000), fill(31), fill(32), fill(33)).hex(),
        "program_message": tagged("program", CHAIN, u32(3), fill(56), u32(900)).hex(),
        "payment_tag": tagged("payment", CHAIN, u64(7), fill(50), u32(2)).hex(),
        "graph_leaf": LEAVES[0].hex(),
        "graph_root": tagged("graph-root", fill(54), OUTPOINT, *LEAVES).hex(),
        "claim_id": blake3(fill(55) + fill(54) + fill(50) + LEAVES[0]).hex(),
        "outbox_leaf": sha(u8(5), u8(2), u64(6), fill(55)).hex(),
        "inbox_step": sha(u8(0x14), fill(56), OUTPOINT, u64(1_000_000), fill(31)).hex(),
        "receipt": sha(u8(3), fill(55), u8(9), u64(100), u64(6)).hex(),
        "sequencer_set": SEQUENCERS.hex(),
        "proposer": sha(u8(0x10), fill(4))[:20].hex(),
        "possession": tagged("possession", b"\x02" + fill(57), fill(58)).hex(),
    },
    "genesis": {"header": genesis.hex(), "hash": genesis_hash.hex(), "state": state_root(genesis_leaves).hex(),
                "statement": statement.hex(), "digest": sha(statement).hex()},
}
json.dump(out, open(__file__.replace(".py", ".json"), "w", encoding="ascii"), indent=1)
print("written")
