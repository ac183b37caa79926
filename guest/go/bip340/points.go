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

// negate mirrors the point if it is to be mirrored.
func (p *point) negate(really bool) {
	if really && !p.infinity {
		(*number)(p.words[8:]).subtractFrom(&fieldPrime)
	}
}

// turned is lambda times the point: only x changes, as beta is a third root of one in the field.
func (p *point) turned() point {
	out := *p
	(*number)(out.words[:8]).multiply(&beta, &fieldPrime)
	return out
}

// table holds i p + 4 j lambda p at i + 4 j, for i and j from 0 to 3, with p and lambda p mirrored as the signs say.
type table [16]point

// It is filled in place: a copy on the stack would make a short program's stack grow.
func (out *table) fill(p *point, signs [2]bool) {
	out[0].infinity = true
	out[1], out[4] = *p, p.turned()
	out[1].negate(signs[0])
	out[4].negate(signs[1])
	for _, step := range [2]int{1, 4} {
		out[2*step] = out[step]
		out[2*step].double()
		out[3*step] = out[2*step]
		out[3*step].add(&out[step])
	}
	for j := 4; j < 16; j += 4 {
		for i := 1; i < 4; i++ {
			out[i+j] = out[j]
			out[i+j].add(&out[i])
		}
	}
}

// generatorTables are those of the generator, by signs. Made when the program starts: a snapshot holds them.
var generatorTables [4]table

func init() {
	for i := range generatorTables {
		generatorTables[i].fill(&generator, [2]bool{i&1 != 0, i&2 != 0})
	}
}

// combine is a generator + b q for a and b below the group's order. Each number is split in two of half the length, so
// that two bits of all four are done by two doublings and two additions.
func combine(a, b *number, q *point) point {
	aParts, aSigns := a.split()
	bParts, bSigns := b.split()
	ofGenerator := &generatorTables[0]
	if aSigns[0] {
		ofGenerator = &generatorTables[1]
	}
	if aSigns[1] {
		ofGenerator = &generatorTables[2]
		if aSigns[0] {
			ofGenerator = &generatorTables[3]
		}
	}
	var ofPoint table
	ofPoint.fill(q, bSigns)
	out := point{infinity: true}
	for word := len(a) - 1; word >= 0; word-- {
		a0, a1, b0, b1 := aParts[0][word], aParts[1][word], bParts[0][word], bParts[1][word]
		if out.infinity && a0|a1|b0|b1 == 0 {
			continue
		}
		for digit := 0; digit < 16; digit++ {
			out.double()
			out.double()
			if choice := a0>>30 | a1>>30<<2; choice != 0 {
				out.add(&ofGenerator[choice])
			}
			if choice := b0>>30 | b1>>30<<2; choice != 0 {
				out.add(&ofPoint[choice])
			}
			a0, a1, b0, b1 = a0<<2, a1<<2, b0<<2, b1<<2
		}
	}
	return out
}
