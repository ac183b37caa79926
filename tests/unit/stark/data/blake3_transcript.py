#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Works out the golden values of tst_stark_blake3 and the keyed vectors of tst_blake3 from docs/proofs.md and the BLAKE3
paper alone, in plain Python."""

import struct

P = 2**31 - 2**24 + 1
IV = [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19]
ORDER = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]
MASK = 0xFFFFFFFF


def rotate(x, n):
    return (x >> n | x << (32 - n)) & MASK


def compress(chaining, block, counter, flags):
    m = list(struct.unpack("<16I", block.ljust(64, b"\0")))
    v = list(chaining) + IV[:4] + [counter & MASK, counter >> 32, len(block), flags]

    def g(a, b, c, d, x, y):
        v[a] = (v[a] + v[b] + x) & MASK
        v[d] = rotate(v[d] ^ v[a], 16)
        v[c] = (v[c] + v[d]) & MASK
        v[b] = rotate(v[b] ^ v[c], 12)
        v[a] = (v[a] + v[b] + y) & MASK
        v[d] = rotate(v[d] ^ v[a], 8)
        v[c] = (v[c] + v[d]) & MASK
        v[b] = rotate(v[b] ^ v[c], 7)

    for _ in range(7):
        for i, (a, b, c, d) in enumerate([(0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                                          (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)]):
            g(a, b, c, d, m[2 * i], m[2 * i + 1])
        m = [m[i] for i in ORDER]
    return [v[i] ^ v[i + 8] for i in range(8)]


def keyed(key, data):
    """The eight words of the keyed mode's output."""
    start = list(struct.unpack("<8I", key.ljust(32, b"\0")))

    def node(left, right, root):
        return compress(start, struct.pack("<16I", *(left + right)), 0, 16 | 4 | 8 * root)

    def chunk(part, number, root):
        blocks = [part[i:i + 64] for i in range(0, len(part), 64)] or [b""]
        chaining = start
        for i, block in enumerate(blocks):
            last = i == len(blocks) - 1
            chaining = compress(chaining, block, number, 16 | (i == 0) | 2 * last | 8 * (root and last))
        return chaining

    def tree(part, number, root):
        if len(part) <= 1024:
            return chunk(part, number, root)
        left = 1024
        while 2 * left < len(part):
            left *= 2
        return node(tree(part[:left], number, False), tree(part[left:], number + left // 1024, False), root)

    return tree(data, 0, True)


class Transcript:
    def __init__(self):
        self.state, self.pending, self.next = [0] * 8, [], 8

    def absorb(self, elements):
        self.pending += elements

    def advance(self):
        words = self.state + [len(self.pending)] + self.pending
        self.state = keyed(b"bowline proof 1: transcript", struct.pack(f"<{len(words)}I", *words))
        self.pending, self.next = [], 0

    def sample(self):
        if self.pending:
            self.advance()
        while True:
            if self.next == 8:
                self.advance()
            word = self.state[self.next] & 0x7FFFFFFF
            self.next += 1
            if word < P:
                return word


def main():
    for length in (0, 1, 1023, 1024, 1025, 2049, 4097):
        words = keyed(b"whats the Elvish word for friend", bytes(i % 251 for i in range(length)))
        print("keyed", length, struct.pack("<8I", *words).hex())
    transcript = Transcript()
    transcript.absorb([3, 1, 2, 3])
    transcript.absorb([7, 8, 0, 0, 0, 0, 0, 0])
    out = [transcript.sample() for _ in range(4)]
    transcript.advance() if transcript.pending else None  # a nonce stands alone
    transcript.absorb([5])
    transcript.sample()
    out += [transcript.sample() for _ in range(4)]
    print("transcript", *out)


if __name__ == "__main__":
    main()
