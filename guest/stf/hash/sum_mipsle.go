// SPDX-License-Identifier: MIT

//go:build !plain

package hash

import (
	"encoding/binary"

	"bowline/guest/zkvm"
)

// state of a SHA-256 that goes on; its start is that of FIPS 180-4, 5.3.3.
type state struct {
	words  [8]uint32
	block  [64]byte
	filled int
	size   int
}

var start = [8]uint32{
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
}

func (s *state) write(part []byte) {
	s.size += len(part)
	if s.filled > 0 {
		taken := copy(s.block[s.filled:], part)
		part = part[taken:]
		if s.filled += taken; s.filled < len(s.block) {
			return
		}
		zkvm.SHA256Block(&s.words, &s.block)
		s.filled = 0
	}
	for ; len(part) >= len(s.block); part = part[len(s.block):] {
		zkvm.SHA256Block(&s.words, (*[64]byte)(part))
	}
	s.filled = copy(s.block[:], part)
}

func (s *state) sum() (out [32]byte) {
	s.block[s.filled] = 0x80
	s.filled++
	if s.filled > len(s.block)-8 {
		zero(s.block[s.filled:])
		zkvm.SHA256Block(&s.words, &s.block)
		s.filled = 0
	}
	zero(s.block[s.filled : len(s.block)-8])
	binary.BigEndian.PutUint64(s.block[len(s.block)-8:], uint64(s.size)<<3)
	zkvm.SHA256Block(&s.words, &s.block)
	for i, word := range s.words {
		binary.BigEndian.PutUint32(out[4*i:], word)
	}
	return out
}

func zero(bytes []byte) {
	for i := range bytes {
		bytes[i] = 0
	}
}

// Sum is SHA-256 of the parts, one after another.
func Sum(parts ...[]byte) [32]byte {
	s := state{words: start}
	for _, part := range parts {
		s.write(part)
	}
	return s.sum()
}

// Domain is SHA-256 of a domain byte and the parts.
func Domain(domain byte, parts ...[]byte) [32]byte {
	s := state{words: start, filled: 1, size: 1}
	s.block[0] = domain
	for _, part := range parts {
		s.write(part)
	}
	return s.sum()
}

// Tag is the start of a tagged hash of BIP340.
type Tag struct{ words [8]uint32 }

// NewTag makes the start of hashes with this tag.
func NewTag(tag string) Tag {
	once := Sum([]byte(tag))
	s := state{words: start}
	s.write(once[:])
	s.write(once[:])
	return Tag{s.words}
}

// Sum is the tagged hash of the parts, one after another.
func (t *Tag) Sum(parts ...[]byte) [32]byte {
	s := state{words: t.words, size: 64}
	for _, part := range parts {
		s.write(part)
	}
	return s.sum()
}
