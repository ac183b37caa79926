// SPDX-License-Identifier: MIT

//go:build !mipsle || plain

package secp256k1

import (
	"math/big"
	"math/rand"
	"testing"
)

func toBig(a *element) *big.Int {
	out := new(big.Int)
	for i := 3; i >= 0; i-- {
		out.Lsh(out, 64).Or(out, new(big.Int).SetUint64(a[i]))
	}
	return out
}

// samples are the edges of the field and of the folding, and random elements.
func samples() (out []element) {
	p := prime
	edges := []uint64{0, 1, 2, fold - 1, fold, fold + 1}
	for _, e := range edges {
		out = append(out, element{e})
		if e > 0 {
			out = append(out, element{p[0] - e, p[1], p[2], p[3]})
		}
	}
	out = append(out, element{0, 0, 0, 1 << 63}, element{^uint64(0), ^uint64(0), 0, 0}, element{0, 0, ^uint64(0), 0})
	random := rand.New(rand.NewSource(7))
	for i := 0; i < 60; i++ {
		out = append(out, element{random.Uint64(), random.Uint64(), random.Uint64(), random.Uint64()})
	}
	kept := out[:0]
	for _, e := range out {
		if less((*[4]uint64)(&e), (*[4]uint64)(&prime)) {
			kept = append(kept, e)
		}
	}
	return kept
}

func TestFieldAgreesWithBigIntegers(t *testing.T) {
	p := toBig(&prime)
	for _, a := range samples() {
		a := a
		x := toBig(&a)
		for _, b := range samples() {
			b := b
			y := toBig(&b)
			sum, difference, product := add(&a, &b), sub(&a, &b), mul(&a, &b)
			for _, c := range []struct {
				name string
				got  element
				want *big.Int
			}{
				{"+", sum, new(big.Int).Add(x, y)},
				{"-", difference, new(big.Int).Sub(x, y)},
				{"*", product, new(big.Int).Mul(x, y)},
			} {
				if toBig(&c.got).Cmp(c.want.Mod(c.want, p)) != 0 {
					t.Fatalf("%x %s %x = %x, want %x", x, c.name, y, toBig(&c.got), c.want)
				}
			}
		}
		if a.isZero() {
			continue
		}
		i := inverse(&a)
		if mul(&a, &i) != (element{1}) {
			t.Fatalf("inverse of %x", x)
		}
		s := square(&a)
		if root, ok := squareRoot(&s); !ok || (root != a && root != sub(&element{}, &a)) {
			t.Fatalf("root of the square of %x", x)
		}
	}
}
