// SPDX-License-Identifier: MIT

// Package bitcoin holds what the program knows of Bitcoin: headers with their proof of work and difficulty,
// transactions without witness, Merkle paths.
package bitcoin

import "math/bits"

// Uint256 is an unsigned integer, least significant limb first.
type Uint256 [4]uint64

// Uint256FromBytes reads 32 little-endian bytes.
func Uint256FromBytes(bytes [32]byte) (out Uint256) {
	for i, b := range bytes {
		out[i/8] |= uint64(b) << (8 * uint(i%8))
	}
	return out
}

// Bytes is the number as 32 little-endian bytes.
func (a Uint256) Bytes() (out [32]byte) {
	for i := range out {
		out[i] = byte(a[i/8] >> (8 * uint(i%8)))
	}
	return out
}

// Less tells whether a is smaller than b.
func (a Uint256) Less(b Uint256) bool {
	for i := 3; i >= 0; i-- {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

// Add is a + b modulo 2^256.
func (a Uint256) Add(b Uint256) (out Uint256) {
	var carry uint64
	for i := range out {
		out[i], carry = bits.Add64(a[i], b[i], carry)
	}
	return out
}

func (a Uint256) minus(b Uint256) (out Uint256) {
	var borrow uint64
	for i := range out {
		out[i], borrow = bits.Sub64(a[i], b[i], borrow)
	}
	return out
}

func (a Uint256) not() Uint256 { return Uint256{^a[0], ^a[1], ^a[2], ^a[3]} }

func (a Uint256) isZero() bool { return a == Uint256{} }

// shiftLeft is a * 2^count modulo 2^256.
func (a Uint256) shiftLeft(count uint) (out Uint256) {
	limbs, rest := int(count/64), count%64
	for i := 3; i >= limbs; i-- {
		out[i] = a[i-limbs] << rest
		if rest > 0 && i > limbs {
			out[i] |= a[i-limbs-1] >> (64 - rest)
		}
	}
	return out
}

func (a Uint256) shiftRight(count uint) (out Uint256) {
	limbs, rest := int(count/64), count%64
	for i := 0; i+limbs < 4; i++ {
		out[i] = a[i+limbs] >> rest
		if rest > 0 && i+limbs < 3 {
			out[i] |= a[i+limbs+1] << (64 - rest)
		}
	}
	return out
}

// timesSmall is a * b; the product must fit.
func (a Uint256) timesSmall(b uint64) (out Uint256) {
	var carry uint64
	for i := range out {
		high, low := bits.Mul64(a[i], b)
		var c uint64
		out[i], c = bits.Add64(low, carry, 0)
		carry = high + c
	}
	return out
}

// overSmall is a / b, rounded down.
func (a Uint256) overSmall(b uint64) (out Uint256) {
	var rest uint64
	for i := 3; i >= 0; i-- {
		out[i], rest = bits.Div64(rest, a[i], b)
	}
	return out
}

// over is a / b, rounded down; b is not zero.
func (a Uint256) over(b Uint256) (out Uint256) {
	// The quotient has as many bits as a has more than b, or one more.
	for i := a.bitLength() - b.bitLength(); i >= 0; i-- {
		if shifted := b.shiftLeft(uint(i)); !a.Less(shifted) {
			a = a.minus(shifted)
			out[i/64] |= 1 << uint(i%64)
		}
	}
	return out
}

func (a Uint256) bitLength() int {
	for i := 3; i >= 0; i-- {
		if a[i] != 0 {
			return 64*i + bits.Len64(a[i])
		}
	}
	return 0
}
