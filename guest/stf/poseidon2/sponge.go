// SPDX-License-Identifier: MIT

package poseidon2

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

// Sponge hashes elements under a tag: rate 8, the tag and the number of elements in the capacity.
func Sponge(tag uint32, elements []uint32) (out Digest) {
	var state [16]uint32
	state[8] = tag
	state[9] = uint32(len(elements)) // far below p: inputs are bounded by the input frame
	if len(elements) == 0 {
		Permute(&state)
	}
	for len(elements) > 0 {
		block := elements
		if len(block) > 8 {
			block = block[:8]
		}
		for i, element := range block {
			state[i] = add(state[i], element)
		}
		Permute(&state)
		elements = elements[len(block):]
	}
	copy(out[:], state[:8])
	return out
}

// Bytes hashes a byte string: two elements for its length, then its 16-bit little-endian limbs.
func Bytes(tag uint32, data []byte) Digest {
	elements := make([]uint32, 0, 3+len(data)/2)
	elements = append(elements, uint32(len(data))&0xffff, uint32(len(data))>>16)
	return Sponge(tag, appendLimbs(elements, data))
}

// Pair hashes two digests.
func Pair(tag uint32, left, right Digest) Digest {
	var elements [16]uint32
	copy(elements[:8], left[:])
	copy(elements[8:], right[:])
	return Sponge(tag, elements[:])
}

// DigestAndBytes hashes a digest and the limbs of data whose length is fixed by its use.
func DigestAndBytes(tag uint32, digest Digest, data []byte) Digest {
	elements := make([]uint32, 0, 9+len(data)/2)
	elements = append(elements, digest[:]...)
	return Sponge(tag, appendLimbs(elements, data))
}

func appendLimbs(elements []uint32, data []byte) []uint32 {
	for len(data) >= 2 {
		elements = append(elements, uint32(data[0])|uint32(data[1])<<8)
		data = data[2:]
	}
	if len(data) == 1 {
		elements = append(elements, uint32(data[0]))
	}
	return elements
}

// Encode is the digest as little-endian words.
func (d Digest) Encode() (out [32]byte) {
	for i, word := range d {
		for j := 0; j < 4; j++ {
			out[4*i+j] = byte(word >> (8 * uint(j)))
		}
	}
	return out
}

// Decode reads a digest; ok is false when a word is not below p.
func Decode(bytes [32]byte) (out Digest, ok bool) {
	for i := range out {
		for j := 3; j >= 0; j-- {
			out[i] = out[i]<<8 | uint32(bytes[4*i+j])
		}
		if out[i] >= Modulus {
			return Digest{}, false
		}
	}
	return out, true
}
