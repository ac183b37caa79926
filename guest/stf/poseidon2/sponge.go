// SPDX-License-Identifier: MIT

// Package poseidon2 holds the hash of the state tree: the protocol's tagged sponge over the Poseidon2 permutation of
// width 16 of KoalaBear, which is one instruction in the proven machine.
package poseidon2

import "bowline/guest/zkvm"

// Modulus is the field's prime. An element that is not below it is a bug of the caller and ends the program: the
// permutation cannot be proven for it (rule B3).
const Modulus = zkvm.FieldModulus

// Digest is 8 canonical elements.
type Digest [8]uint32

// Tags say what a sponge is for (docs/protocol.md, section 2).
const (
	TagKey     = 1
	TagValue   = 2
	TagLeaf    = 3
	TagNode    = 4
	TagHistory = 5
)

const rate = 8

// sponge takes elements in one by one.
type sponge struct {
	state  [16]uint32
	filled int
}

// start puts the tag and the number of elements into the capacity.
func (s *sponge) start(tag uint32, count int) {
	s.state[8] = tag
	s.state[9] = uint32(count) // far below p: inputs are bounded by the input frame
}

func (s *sponge) absorb(element uint32) {
	sum := s.state[s.filled&(rate-1)] + element
	if sum >= Modulus {
		sum -= Modulus
	}
	s.state[s.filled&(rate-1)] = sum
	if s.filled++; s.filled == rate {
		zkvm.Poseidon2(&s.state)
		s.filled = 0
	}
}

// limbs takes in the 16-bit little-endian limbs of data.
func (s *sponge) limbs(data []byte) {
	at := s.filled
	for ; len(data) >= 2; data = data[2:] {
		sum := s.state[at&(rate-1)] + (uint32(data[0]) | uint32(data[1])<<8)
		if sum >= Modulus {
			sum -= Modulus
		}
		s.state[at&(rate-1)] = sum
		if at++; at == rate {
			zkvm.Poseidon2(&s.state)
			at = 0
		}
	}
	s.filled = at
	if len(data) == 1 {
		s.absorb(uint32(data[0]))
	}
}

// finish permutes what is left; an empty input has one permutation as well.
func (s *sponge) finish(count int) (out Digest) {
	if s.filled != 0 || count == 0 {
		zkvm.Poseidon2(&s.state)
	}
	copy(out[:], s.state[:rate])
	return out
}

// Sponge hashes canonical elements under a tag: rate 8, the tag and the number of elements in the capacity.
func Sponge(tag uint32, elements []uint32) Digest {
	var s sponge
	s.start(tag, len(elements))
	for _, element := range elements {
		s.absorb(element)
	}
	return s.finish(len(elements))
}

// Bytes hashes a byte string: two elements for its length, then its 16-bit little-endian limbs.
func Bytes(tag uint32, data []byte) Digest {
	var s sponge
	count := 2 + (len(data)+1)/2
	s.start(tag, count)
	s.state[0], s.state[1], s.filled = uint32(len(data))&0xffff, uint32(len(data))>>16, 2
	s.limbs(data)
	return s.finish(count)
}

// Pair hashes two digests.
func Pair(tag uint32, left, right *Digest) (out Digest) {
	var state [16]uint32
	copy(state[:rate], left[:])
	state[8], state[9] = tag, 2*rate
	zkvm.Poseidon2(&state)
	for i := range right {
		sum := state[i] + right[i]
		if sum >= Modulus {
			sum -= Modulus
		}
		state[i] = sum
	}
	zkvm.Poseidon2(&state)
	copy(out[:], state[:rate])
	return out
}

// DigestAndBytes hashes a digest and the limbs of data whose length is fixed by its use.
func DigestAndBytes(tag uint32, digest *Digest, data []byte) Digest {
	var s sponge
	count := rate + (len(data)+1)/2
	s.start(tag, count)
	copy(s.state[:rate], digest[:])
	zkvm.Poseidon2(&s.state)
	s.limbs(data)
	return s.finish(count)
}

// Encode is the digest as little-endian words.
func (d Digest) Encode() (out [32]byte) {
	for i, word := range d {
		out[4*i], out[4*i+1], out[4*i+2], out[4*i+3] = byte(word), byte(word>>8), byte(word>>16), byte(word>>24)
	}
	return out
}

// Decode reads a digest; ok is false when a word is not below p.
func Decode(bytes [32]byte) (out Digest, ok bool) {
	for i := range out {
		out[i] = uint32(bytes[4*i]) | uint32(bytes[4*i+1])<<8 | uint32(bytes[4*i+2])<<16 | uint32(bytes[4*i+3])<<24
		if out[i] >= Modulus {
			return Digest{}, false
		}
	}
	return out, true
}
