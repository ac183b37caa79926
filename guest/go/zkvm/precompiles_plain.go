// SPDX-License-Identifier: MIT

//go:build !mipsle || plain

package zkvm

import (
	"encoding/binary"
	"math/big"
	"math/bits"

	"bowline/guest/koalabear"
)

func poseidon2(state *[16]uint32) { koalabear.Permute(state) }

var sha256Constants = [64]uint32{
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
}

func sha256Compress(state *[8]uint32, block *[16]uint32) {
	var w [64]uint32
	copy(w[:], block[:])
	for i := 16; i < 64; i++ {
		s0 := bits.RotateLeft32(w[i-15], -7) ^ bits.RotateLeft32(w[i-15], -18) ^ w[i-15]>>3
		s1 := bits.RotateLeft32(w[i-2], -17) ^ bits.RotateLeft32(w[i-2], -19) ^ w[i-2]>>10
		w[i] = w[i-16] + s0 + w[i-7] + s1
	}
	v := *state
	for i := 0; i < 64; i++ {
		s1 := bits.RotateLeft32(v[4], -6) ^ bits.RotateLeft32(v[4], -11) ^ bits.RotateLeft32(v[4], -25)
		t1 := v[7] + s1 + (v[4]&v[5] ^ ^v[4]&v[6]) + sha256Constants[i] + w[i]
		s0 := bits.RotateLeft32(v[0], -2) ^ bits.RotateLeft32(v[0], -13) ^ bits.RotateLeft32(v[0], -22)
		t2 := s0 + (v[0]&v[1] ^ v[0]&v[2] ^ v[1]&v[2])
		v = [8]uint32{t1 + t2, v[0], v[1], v[2], v[3] + t1, v[4], v[5], v[6]}
	}
	for i := range state {
		state[i] += v[i]
	}
}

func sha256Block(state *[8]uint32, block *[64]byte) {
	var words [16]uint32
	for i := range words {
		words[i] = binary.BigEndian.Uint32(block[4*i:])
	}
	sha256Compress(state, &words)
}

func number(words []uint32) *big.Int {
	out := new(big.Int)
	for i := len(words) - 1; i >= 0; i-- {
		out.Lsh(out, 32).Or(out, big.NewInt(int64(words[i])))
	}
	return out
}

func setWords(words []uint32, value *big.Int) {
	rest, word := new(big.Int).Set(value), new(big.Int)
	for i := range words {
		words[i] = uint32(word.And(rest, big.NewInt(0xffffffff)).Uint64())
		rest.Rsh(rest, 32)
	}
}

func mulMod256(x, y, m *[8]uint32) {
	modulus := number(m[:])
	if modulus.Sign() == 0 {
		panic("zkvm: the modulus is 0")
	}
	product := new(big.Int).Mul(number(x[:]), number(y[:]))
	setWords(x[:], product.Mod(product, modulus))
}

var secpPrime, _ = new(big.Int).SetString("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", 16)

func coordinates(p *[16]uint32) (x, y *big.Int) {
	x, y = number(p[:8]), number(p[8:])
	if x.Cmp(secpPrime) >= 0 || y.Cmp(secpPrime) >= 0 {
		panic("zkvm: a coordinate is not below the field's prime")
	}
	return x, y
}

// alongSlope sets p to the mirrored third point on the line of that slope through (x, y) and a point with x coordinate
// otherX.
func alongSlope(p *[16]uint32, slope, x, y, otherX *big.Int) {
	third := new(big.Int).Mul(slope, slope)
	third.Sub(third, x).Sub(third, otherX).Mod(third, secpPrime)
	height := new(big.Int).Sub(x, third)
	height.Mul(height, slope).Sub(height, y).Mod(height, secpPrime)
	setWords(p[:8], third)
	setWords(p[8:], height)
}

func secp256k1Add(p, q *[16]uint32) {
	px, py := coordinates(p)
	qx, qy := coordinates(q)
	if px.Cmp(qx) == 0 {
		panic("zkvm: the points have the same x")
	}
	run := new(big.Int).Sub(qx, px)
	run.ModInverse(run.Mod(run, secpPrime), secpPrime)
	slope := new(big.Int).Sub(qy, py)
	alongSlope(p, slope.Mul(slope, run).Mod(slope, secpPrime), px, py, qx)
}

func secp256k1Double(p *[16]uint32) {
	x, y := coordinates(p)
	if y.Sign() == 0 {
		panic("zkvm: y is 0")
	}
	run := new(big.Int).Lsh(y, 1)
	run.ModInverse(run, secpPrime)
	slope := new(big.Int).Mul(x, x)
	slope.Mul(slope, big.NewInt(3)).Mul(slope, run).Mod(slope, secpPrime)
	alongSlope(p, slope, x, y, x)
}

func keccakF(a *[25]uint64) {
	lfsr := byte(1)
	for round := 0; round < 24; round++ {
		var column [5]uint64
		for i, lane := range a {
			column[i%5] ^= lane
		}
		for i := range a {
			a[i] ^= column[(i+4)%5] ^ bits.RotateLeft64(column[(i+1)%5], 1)
		}
		var b [25]uint64
		b[0] = a[0]
		x, y := 1, 0
		for t := 0; t < 24; t++ {
			b[y+5*((2*x+3*y)%5)] = bits.RotateLeft64(a[x+5*y], (t+1)*(t+2)/2)
			x, y = y, (2*x+3*y)%5
		}
		for i := range a {
			row := i / 5 * 5
			a[i] = b[i] ^ ^b[row+(i+1)%5]&b[row+(i+2)%5]
		}
		for j := uint(0); j < 7; j++ {
			if lfsr&1 != 0 {
				a[0] ^= 1 << (1<<j - 1)
			}
			lfsr = lfsr<<1 ^ lfsr>>7*0x71
		}
	}
}
