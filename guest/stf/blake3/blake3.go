// SPDX-License-Identifier: MIT

// Package blake3 is the hash of the claims tree: BLAKE3 in its plain mode with 32 bytes of output.
package blake3

import "math/bits"

const (
	blockSize = 64
	chunkSize = 1024

	flagChunkStart = 1
	flagChunkEnd   = 2
	flagParent     = 4
	flagRoot       = 8
)

var initial = [8]uint32{
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
}

// schedule is which message words a round mixes in: every round moves them once more.
var schedule = func() (out [7][16]uint8) {
	order := [16]uint8{2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8}
	for i := range out[0] {
		out[0][i] = uint8(i)
	}
	for round := 1; round < len(out); round++ {
		for i, from := range order {
			out[round][i] = out[round-1][from]
		}
	}
	return out
}()

// node is the input of a compression that is not finished yet, because the last one is the root.
type node struct {
	chaining [8]uint32
	words    [16]uint32
	counter  uint64
	length   uint32
	flags    uint32
}

// Sum256 is the hash of data.
func Sum256(data []byte) (out [32]byte) {
	root := tree(data, 0)
	root.flags |= flagRoot
	for i, word := range root.compress() {
		for j := 0; j < 4; j++ {
			out[4*i+j] = byte(word >> (8 * uint(j)))
		}
	}
	return out
}

// tree hashes data whose first chunk has the given number; the left half is the largest power of two of whole
// chunks that leaves something for the right.
func tree(data []byte, chunk uint64) node {
	if len(data) <= chunkSize {
		return lastBlock(data, chunk)
	}
	left := chunkSize << uint(bits.Len(uint((len(data)-1)/chunkSize))-1)
	a, b := tree(data[:left], chunk), tree(data[left:], chunk+uint64(left/chunkSize))
	parent := node{chaining: initial, length: blockSize, flags: flagParent}
	leftValue, rightValue := a.compress(), b.compress()
	copy(parent.words[:8], leftValue[:])
	copy(parent.words[8:], rightValue[:])
	return parent
}

func lastBlock(data []byte, chunk uint64) node {
	current := node{chaining: initial, counter: chunk, flags: flagChunkStart}
	for len(data) > blockSize {
		current.load(data[:blockSize])
		current = node{chaining: current.compress(), counter: chunk}
		data = data[blockSize:]
	}
	current.load(data)
	current.flags |= flagChunkEnd
	return current
}

func (n *node) load(block []byte) {
	n.length = uint32(len(block))
	for i, b := range block {
		n.words[i/4] |= uint32(b) << (8 * uint(i%4))
	}
}

func (n *node) compress() [8]uint32 {
	m, c := &n.words, &n.chaining
	v0, v1, v2, v3, v4, v5, v6, v7 := c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]
	v8, v9, v10, v11 := initial[0], initial[1], initial[2], initial[3]
	v12, v13, v14, v15 := uint32(n.counter), uint32(n.counter>>32), n.length, n.flags
	for round := range schedule {
		at := &schedule[round]
		v0, v4, v8, v12 = mix(v0, v4, v8, v12, m[at[0]&15], m[at[1]&15])
		v1, v5, v9, v13 = mix(v1, v5, v9, v13, m[at[2]&15], m[at[3]&15])
		v2, v6, v10, v14 = mix(v2, v6, v10, v14, m[at[4]&15], m[at[5]&15])
		v3, v7, v11, v15 = mix(v3, v7, v11, v15, m[at[6]&15], m[at[7]&15])
		v0, v5, v10, v15 = mix(v0, v5, v10, v15, m[at[8]&15], m[at[9]&15])
		v1, v6, v11, v12 = mix(v1, v6, v11, v12, m[at[10]&15], m[at[11]&15])
		v2, v7, v8, v13 = mix(v2, v7, v8, v13, m[at[12]&15], m[at[13]&15])
		v3, v4, v9, v14 = mix(v3, v4, v9, v14, m[at[14]&15], m[at[15]&15])
	}
	return [8]uint32{v0 ^ v8, v1 ^ v9, v2 ^ v10, v3 ^ v11, v4 ^ v12, v5 ^ v13, v6 ^ v14, v7 ^ v15}
}

func mix(a, b, c, d, x, y uint32) (uint32, uint32, uint32, uint32) {
	a += b + x
	d = bits.RotateLeft32(d^a, -16)
	c += d
	b = bits.RotateLeft32(b^c, -12)
	a += b + y
	d = bits.RotateLeft32(d^a, -8)
	c += d
	b = bits.RotateLeft32(b^c, -7)
	return a, b, c, d
}
