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

// order is how the message words move from one round to the next.
var order = [16]int{2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8}

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

func (n *node) compress() (out [8]uint32) {
	v := [16]uint32{
		n.chaining[0], n.chaining[1], n.chaining[2], n.chaining[3],
		n.chaining[4], n.chaining[5], n.chaining[6], n.chaining[7],
		initial[0], initial[1], initial[2], initial[3],
		uint32(n.counter), uint32(n.counter >> 32), n.length, n.flags,
	}
	m := n.words
	for round := 0; round < 7; round++ {
		mix(&v, 0, 4, 8, 12, m[0], m[1])
		mix(&v, 1, 5, 9, 13, m[2], m[3])
		mix(&v, 2, 6, 10, 14, m[4], m[5])
		mix(&v, 3, 7, 11, 15, m[6], m[7])
		mix(&v, 0, 5, 10, 15, m[8], m[9])
		mix(&v, 1, 6, 11, 12, m[10], m[11])
		mix(&v, 2, 7, 8, 13, m[12], m[13])
		mix(&v, 3, 4, 9, 14, m[14], m[15])
		var next [16]uint32
		for i, from := range order {
			next[i] = m[from]
		}
		m = next
	}
	for i := range out {
		out[i] = v[i] ^ v[i+8]
	}
	return out
}

func mix(v *[16]uint32, a, b, c, d int, x, y uint32) {
	v[a] += v[b] + x
	v[d] = bits.RotateLeft32(v[d]^v[a], -16)
	v[c] += v[d]
	v[b] = bits.RotateLeft32(v[b]^v[c], -12)
	v[a] += v[b] + y
	v[d] = bits.RotateLeft32(v[d]^v[a], -8)
	v[c] += v[d]
	v[b] = bits.RotateLeft32(v[b]^v[c], -7)
}
