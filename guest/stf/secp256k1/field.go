// SPDX-License-Identifier: MIT

//go:build !mipsle || plain

// Package secp256k1 verifies Schnorr signatures of BIP340. Nothing in it is secret, so nothing needs to run
// in constant time.
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
	// p is 2^256 - fold: value + fold leaves 256 bits exactly when value is not below p.
	sum, c := bits.Add64(value[0], fold, 0)
	if carry == 0 && c == 0 {
		return value // nearly always: the lowest limb would have to be among the last 2^33
	}
	folded := [4]uint64{sum}
	folded[1], c = bits.Add64(value[1], 0, c)
	folded[2], c = bits.Add64(value[2], 0, c)
	folded[3], c = bits.Add64(value[3], 0, c)
	if carry == 1 || c == 1 {
		return folded
	}
	return value
}

func add(a, b *element) element {
	var out [4]uint64
	var carry uint64
	out[0], carry = bits.Add64(a[0], b[0], 0)
	out[1], carry = bits.Add64(a[1], b[1], carry)
	out[2], carry = bits.Add64(a[2], b[2], carry)
	out[3], carry = bits.Add64(a[3], b[3], carry)
	return reduced(out, carry)
}

func sub(a, b *element) element {
	var out element
	var borrow uint64
	out[0], borrow = bits.Sub64(a[0], b[0], 0)
	out[1], borrow = bits.Sub64(a[1], b[1], borrow)
	out[2], borrow = bits.Sub64(a[2], b[2], borrow)
	out[3], borrow = bits.Sub64(a[3], b[3], borrow)
	// A borrow means that the difference lacks p; it has 2^256 too much, so fold comes off.
	out[0], borrow = bits.Sub64(out[0], borrow*fold, 0)
	out[1], borrow = bits.Sub64(out[1], 0, borrow)
	out[2], borrow = bits.Sub64(out[2], 0, borrow)
	out[3], _ = bits.Sub64(out[3], 0, borrow)
	return out
}

func double(a *element) element { return add(a, a) }

func square(a *element) element { return mul(a, a) }

// mulAdd is x * y + z + carry, which always fits 128 bits.
func mulAdd(x, y, z, carry uint64) (high, low uint64) {
	high, low = bits.Mul64(x, y)
	low, c := bits.Add64(low, z, 0)
	high += c
	low, c = bits.Add64(low, carry, 0)
	return high + c, low
}

// mul is the one place where the proven build may put an accelerated multiplication. Row by row, written out
// because most of a verification is spent here.
func mul(a, b *element) element {
	b0, b1, b2, b3 := b[0], b[1], b[2], b[3]
	var w0, w1, w2, w3, w4, w5, w6, w7, c uint64

	c, w0 = bits.Mul64(a[0], b0)
	c, w1 = mulAdd(a[0], b1, 0, c)
	c, w2 = mulAdd(a[0], b2, 0, c)
	w4, w3 = mulAdd(a[0], b3, 0, c)

	c, w1 = mulAdd(a[1], b0, w1, 0)
	c, w2 = mulAdd(a[1], b1, w2, c)
	c, w3 = mulAdd(a[1], b2, w3, c)
	w5, w4 = mulAdd(a[1], b3, w4, c)

	c, w2 = mulAdd(a[2], b0, w2, 0)
	c, w3 = mulAdd(a[2], b1, w3, c)
	c, w4 = mulAdd(a[2], b2, w4, c)
	w6, w5 = mulAdd(a[2], b3, w5, c)

	c, w3 = mulAdd(a[3], b0, w3, 0)
	c, w4 = mulAdd(a[3], b1, w4, c)
	c, w5 = mulAdd(a[3], b2, w5, c)
	w7, w6 = mulAdd(a[3], b3, w6, c)

	// Twice fold the upper half down: 2^256 is fold modulo p.
	c, w0 = mulAdd(w4, fold, w0, 0)
	c, w1 = mulAdd(w5, fold, w1, c)
	c, w2 = mulAdd(w6, fold, w2, c)
	c, w3 = mulAdd(w7, fold, w3, c)
	c, w0 = mulAdd(c, fold, w0, 0)
	w1, c = bits.Add64(w1, c, 0)
	w2, c = bits.Add64(w2, 0, c)
	w3, c = bits.Add64(w3, 0, c)
	return reduced([4]uint64{w0, w1, w2, w3}, c)
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
