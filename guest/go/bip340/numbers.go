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
