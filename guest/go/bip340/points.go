// SPDX-License-Identifier: MIT

package bip340

import "bowline/guest/zkvm"

// point is a point of the curve: x and then y, or infinity. The precompiled functions know affine points only, and
// refuse what has no slope, so every such case is told apart before.
type point struct {
	words    [16]uint32
	infinity bool
}

var generator = point{words: [16]uint32{
	0x16f81798, 0x59f2815b, 0x2dce28d9, 0x029bfcdb, 0xce870b07, 0x55a06295, 0xf9dcbbac, 0x79be667e,
	0xfb10d4b8, 0x9c47d08f, 0xa6855419, 0xfd17b448, 0x0e1108a8, 0x5da4fbfc, 0x26a3c465, 0x483ada77,
}}

// oddPoint is the point of that x whose y is odd: the negative of the one that BIP340 means by x. False if x is not below
// the field's prime, or of no point.
func oddPoint(x *number) (out point, ok bool) {
	if !x.isBelow(&fieldPrime) {
		return out, false
	}
	right := *x
	right.square(1)
	right.multiply(x, &fieldPrime)
	// Below P + 7 < 2^256; the multiplication by 1 reduces it.
	carry := uint64(7)
	for i := range right {
		carry += uint64(right[i])
		right[i] = uint32(carry)
		carry >>= 32
	}
	right.multiply(&one, &fieldPrime)
	y := right
	y.root()
	check := y
	check.square(1)
	if check != right {
		return out, false
	}
	// No point has a y of 0, as -7 is no cube.
	if y[0]&1 == 0 {
		y.subtractFrom(&fieldPrime)
	}
	copy(out.words[:8], x[:])
	copy(out.words[8:], y[:])
	return out, true
}

// double needs no look at y: the group's order is odd, so y is never 0.
func (p *point) double() {
	if !p.infinity {
		zkvm.Secp256k1Double(&p.words)
	}
}

func (p *point) add(q *point) {
	switch {
	case q.infinity:
	case p.infinity:
		*p = *q
	case p.words[0] != q.words[0] || *(*number)(p.words[:8]) != *(*number)(q.words[:8]):
		zkvm.Secp256k1Add(&p.words, &q.words)
	case p.words == q.words:
		p.double()
	default:
		p.infinity = true
	}
}

// combine is a generator + b q, bit by bit for both numbers at once.
func combine(a, b *number, q *point) point {
	both := generator
	both.add(q)
	choices := [4]*point{nil, &generator, q, &both}
	out := point{infinity: true}
	for word := len(a) - 1; word >= 0; word-- {
		forA, forB := a[word], b[word]
		for bit := 0; bit < 32; bit++ {
			out.double()
			if choice := choices[forA>>31|forB>>31<<1]; choice != nil {
				out.add(choice)
			}
			forA <<= 1
			forB <<= 1
		}
	}
	return out
}
