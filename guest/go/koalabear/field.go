// SPDX-License-Identifier: MIT

// Package koalabear is Poseidon2 over KoalaBear (p = 2^31 - 2^24 + 1), width 16, in plain Go: what the precompiled
// function computes where there is none.
package koalabear

// Modulus is the prime p of KoalaBear.
const Modulus = 0x7f000001

// Elements are kept in Montgomery form (times 2^32) inside this package, canonical outside of it.
const (
	minusInverse = 0x7effffff // -1/p mod 2^32
	rSquared     = 0x17f7efe4 // 2^64 mod p
)

// reduce is wide / 2^32 mod p, for wide < p * 2^32.
func reduce(wide uint64) uint32 {
	multiple := uint32(wide) * minusInverse
	out := uint32((wide + uint64(multiple)*Modulus) >> 32)
	if out >= Modulus {
		out -= Modulus
	}
	return out
}

func mul(a, b uint32) uint32 { return reduce(uint64(a) * uint64(b)) }

func add(a, b uint32) uint32 {
	sum := a + b
	if sum >= Modulus {
		sum -= Modulus
	}
	return sum
}

func toMontgomery(value uint32) uint32 { return mul(value, rSquared) }

func fromMontgomery(residue uint32) uint32 { return reduce(uint64(residue)) }
