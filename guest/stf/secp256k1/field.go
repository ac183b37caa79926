// SPDX-License-Identifier: MIT

// Package secp256k1 verifies Schnorr signatures of BIP340. Nothing in it is secret, so nothing needs to run in
// constant time.
package secp256k1

import "math/bits"

// element is an integer modulo p = 2^256 - 2^32 - 977, little-endian limbs, always below p.
type element [4]uint64

// fold is 2^256 mod p.
const fold = 0x1000003d1

var prime = element{0xfffffffefffffc2f, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff}

// fromBytes reads 32 big-endian bytes.
func fromBytes(bytes []byte) (out [4]uint64) {
	for i, b := range bytes[:32] {
		out[3-i/8] = out[3-i/8]<<8 | uint64(b)
	}
	return out
}

// less compares limbs as integers.
func less(a, b *[4]uint64) bool {
	for i := 3; i >= 0; i-- {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

func subtract(a, b *[4]uint64) (out [4]uint64, borrow uint64) {
	for i := range out {
		out[i], borrow = bits.Sub64(a[i], b[i], borrow)
	}
	return out, borrow
}

func (a *element) isZero() bool { return a[0]|a[1]|a[2]|a[3] == 0 }

func (a *element) isOdd() bool { return a[0]&1 == 1 }

// reduced brings a value below 2^256 plus carry * 2^256 (carry 0 or 1, sum below 2p) below p.
func reduced(value [4]uint64, carry uint64) element {
	difference, borrow := subtract(&value, (*[4]uint64)(&prime))
	if carry == 1 || borrow == 0 {
		return difference
	}
	return value
}

func add(a, b *element) element {
	var out [4]uint64
	var carry uint64
	for i := range out {
		out[i], carry = bits.Add64(a[i], b[i], carry)
	}
	return reduced(out, carry)
}

func sub(a, b *element) element {
	out, borrow := subtract((*[4]uint64)(a), (*[4]uint64)(b))
	if borrow == 1 {
		// The difference stands for itself plus 2^256; adding p is subtracting fold from it.
		foldLimbs := [4]uint64{fold}
		out, _ = subtract(&out, &foldLimbs)
	}
	return out
}

func double(a *element) element { return add(a, a) }

func square(a *element) element { return mul(a, a) }

// mul is the one place where the proven build may put an accelerated multiplication.
func mul(a, b *element) element {
	var wide [8]uint64
	for i := range a {
		var carry uint64
		for j := range b {
			high, low := bits.Mul64(a[i], b[j])
			var c uint64
			low, c = bits.Add64(low, wide[i+j], 0)
			high += c
			low, c = bits.Add64(low, carry, 0)
			carry = high + c
			wide[i+j] = low
		}
		wide[i+4] = carry
	}
	return reduceWide(&wide)
}

// reduceWide folds the upper half down twice: 2^256 is fold modulo p.
func reduceWide(wide *[8]uint64) element {
	var out [4]uint64
	var top uint64
	for i := range out {
		high, low := bits.Mul64(wide[i+4], fold)
		var c uint64
		low, c = bits.Add64(low, wide[i], 0)
		high += c
		out[i], c = bits.Add64(low, top, 0)
		top = high + c
	}
	high, low := bits.Mul64(top, fold)
	var carry uint64
	out[0], carry = bits.Add64(out[0], low, 0)
	out[1], carry = bits.Add64(out[1], high, carry)
	out[2], carry = bits.Add64(out[2], 0, carry)
	out[3], carry = bits.Add64(out[3], 0, carry)
	return reduced(out, carry)
}

// power is a^exponent, four bits at a time.
func power(a *element, exponent *[4]uint64) element {
	var table [16]element
	table[0] = element{1}
	for i := 1; i < 16; i++ {
		table[i] = mul(&table[i-1], a)
	}
	out := element{1}
	for i := 63; i >= 0; i-- {
		for j := 0; j < 4; j++ {
			out = square(&out)
		}
		if digit := exponent[i/16] >> (4 * uint(i%16)) & 15; digit != 0 {
			out = mul(&out, &table[digit])
		}
	}
	return out
}

// inverse is a^(p-2).
func inverse(a *element) element {
	return power(a, &[4]uint64{0xfffffffefffffc2d, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff})
}

// squareRoot is a^((p+1)/4), a root if there is one.
func squareRoot(a *element) (root element, ok bool) {
	root = power(a, &[4]uint64{0xffffffffbfffff0c, 0xffffffffffffffff, 0xffffffffffffffff, 0x3fffffffffffffff})
	return root, square(&root) == *a
}
