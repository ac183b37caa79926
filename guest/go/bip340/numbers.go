// SPDX-License-Identifier: MIT

package bip340

import "bowline/guest/zkvm"

// number is a 256-bit number as little-endian words, as the precompiled functions take it.
type number [8]uint32

var (
	one = number{1}
	// fieldPrime is 2^256 - 2^32 - 977; groupOrder is the number of points.
	fieldPrime = number{0xfffffc2f, 0xfffffffe, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}
	groupOrder = number{0xd0364141, 0xbfd25e8c, 0xaf48a03b, 0xbaaedce6, 0xfffffffe, 0xffffffff, 0xffffffff, 0xffffffff}
)

// fromBytes reads 32 bytes, the most significant first.
func fromBytes(bytes []byte) (out number) {
	for i := range out {
		b := bytes[28-4*i:]
		out[i] = uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	}
	return out
}

func (a *number) isBelow(b *number) bool {
	for i := len(a) - 1; i >= 0; i-- {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

// subtractFrom sets a to from - a, which is not negative.
func (a *number) subtractFrom(from *number) {
	borrow := uint64(0)
	for i := range a {
		difference := uint64(from[i]) - uint64(a[i]) - borrow
		a[i] = uint32(difference)
		borrow = difference >> 63
	}
}

// add sets a to a + b modulo m, for a up to m and b below it.
func (a *number) add(b, m *number) {
	carry := uint64(0)
	for i := range a {
		carry += uint64(a[i]) + uint64(b[i])
		a[i] = uint32(carry)
		carry >>= 32
	}
	if carry != 0 || !a.isBelow(m) {
		borrow := uint64(0)
		for i := range a {
			difference := uint64(a[i]) - uint64(m[i]) - borrow
			a[i] = uint32(difference)
			borrow = difference >> 63
		}
	}
}

func (a *number) multiply(b, modulus *number) {
	zkvm.MulMod256((*[8]uint32)(a), (*[8]uint32)(b), (*[8]uint32)(modulus))
}

// square squares so many times modulo the field's prime.
func (a *number) square(times int) {
	for ; times > 0; times-- {
		a.multiply(a, &fieldPrime)
	}
}

// root sets a to a^((P + 1) / 4), a square root if there is one. The exponent's bits are 223 ones, a zero, 22 ones, four
// zeros, two ones and two zeros; runs of ones are put together from shorter ones.
func (a *number) root() {
	ones2 := *a // a^(2^2 - 1), and so on
	ones2.square(1)
	ones2.multiply(a, &fieldPrime)
	join := func(x *number, shift int, y *number) number {
		out := *x
		out.square(shift)
		out.multiply(y, &fieldPrime)
		return out
	}
	ones3 := join(&ones2, 1, a)
	ones6 := join(&ones3, 3, &ones3)
	ones9 := join(&ones6, 3, &ones3)
	ones11 := join(&ones9, 2, &ones2)
	ones22 := join(&ones11, 11, &ones11)
	ones44 := join(&ones22, 22, &ones22)
	ones88 := join(&ones44, 44, &ones44)
	ones176 := join(&ones88, 88, &ones88)
	ones220 := join(&ones176, 44, &ones44)
	ones223 := join(&ones220, 3, &ones3)
	out := join(&ones223, 23, &ones22)
	out = join(&out, 6, &ones2)
	out.square(2)
	*a = out
}

// lambda and beta are third roots of one, modulo the group's order and modulo the field's prime: lambda (x, y) is
// (beta x, y) for every point of the curve.
var (
	lambda = number{0x1b23bd72, 0xdf02967c, 0x20816678, 0x122e22ea, 0x8812645a, 0xa5261c02, 0xc05c30e0, 0x5363ad4c}
	beta   = number{0x719501ee, 0xc1396c28, 0x12f58995, 0x9cf04975, 0xac3434e9, 0x6e64479e, 0x657c0710, 0x7ae96a2b}
)

// Numbers (x, y) with x + y lambda = 0 modulo the order form a lattice. Two short ones of it are a basis; the y of both,
// negated modulo the order, and the factors by which a number's coordinates in that basis come out, times 2^384.
var (
	basis   = [2]number{{0x0abfe4c3, 0x6f547fa9, 0x010e8828, 0xe4437ed6}, {0x3db1562c, 0xd765cda8, 0x0774346d, 0x8a280ac5, 0xfffffffe, 0xffffffff, 0xffffffff, 0xffffffff}}
	factors = [2]number{
		{0x45dbb031, 0xe893209a, 0x71e8ca7f, 0x3daa8a14, 0x9284eb15, 0xe86c90e4, 0xa7d46bcd, 0x3086d221},
		{0x8ac47f71, 0x1571b4ae, 0x9df506c6, 0x221208ac, 0x0abfe4c4, 0x6f547fa9, 0x010e8828, 0xe4437ed6},
	}
	halfOrder = number{0x681b20a1, 0xdfe92f46, 0x57a4501d, 0x5d576e73, 0xffffffff, 0xffffffff, 0xffffffff, 0x7fffffff}
)

// timesShifted is about a * b / 2^384: what lower words would carry over is left out.
func (a *number) timesShifted(b *number) (out number) {
	var words [6]uint32 // of the product, from the tenth on
	for i := 3; i < len(a); i++ {
		carry := uint64(0)
		for j := 10 - i; j < len(b); j++ {
			carry += uint64(a[i])*uint64(b[j]) + uint64(words[i+j-10])
			words[i+j-10] = uint32(carry)
			carry >>= 32
		}
		words[i-2] = uint32(carry)
	}
	copy(out[:], words[2:])
	return out
}

// split writes a, which is below the order, as the sum of the first part and lambda times the second, each negated if its
// sign says so. The sum is exact whatever the parts are; that they have 129 bits at most makes it quick.
func (a *number) split() (parts [2]number, signs [2]bool) {
	second := a.timesShifted(&factors[0])
	second.multiply(&basis[0], &groupOrder)
	other := a.timesShifted(&factors[1])
	other.multiply(&basis[1], &groupOrder)
	second.add(&other, &groupOrder)
	first := second
	first.multiply(&lambda, &groupOrder)
	first.subtractFrom(&groupOrder)
	first.add(a, &groupOrder)
	parts = [2]number{first, second}
	for i := range parts {
		if !parts[i].isBelow(&halfOrder) {
			parts[i].subtractFrom(&groupOrder)
			signs[i] = true
		}
	}
	return parts, signs
}
