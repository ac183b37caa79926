// SPDX-License-Identifier: MIT

package bitcoin

import (
	"math/big"
	"math/rand"
	"testing"
)

func toBig(a Uint256) *big.Int {
	out := new(big.Int)
	for i := 3; i >= 0; i-- {
		out.Lsh(out, 64).Or(out, new(big.Int).SetUint64(a[i]))
	}
	return out
}

func TestUint256AgreesWithBigIntegers(t *testing.T) {
	random := rand.New(rand.NewSource(3))
	modulus := new(big.Int).Lsh(big.NewInt(1), 256)
	for i := 0; i < 400; i++ {
		var a, b Uint256
		for j := range a {
			a[j], b[j] = random.Uint64(), random.Uint64()
		}
		a, b = a.shiftRight(uint(random.Intn(256))), b.shiftRight(uint(random.Intn(256)))
		small := random.Uint64()>>uint(random.Intn(60)) | 1
		count := uint(random.Intn(256))
		same := func(what string, got Uint256, want *big.Int) {
			if toBig(got).Cmp(want.Mod(want, modulus)) != 0 {
				t.Fatalf("%s of %x and %x: %x", what, toBig(a), toBig(b), toBig(got))
			}
		}
		same("sum", a.Add(b), new(big.Int).Add(toBig(a), toBig(b)))
		same("left", a.shiftLeft(count), new(big.Int).Lsh(toBig(a), count))
		same("right", a.shiftRight(count), new(big.Int).Rsh(toBig(a), count))
		same("times", a.timesSmall(small), new(big.Int).Mul(toBig(a), new(big.Int).SetUint64(small)))
		same("over", a.overSmall(small), new(big.Int).Quo(toBig(a), new(big.Int).SetUint64(small)))
		if !b.isZero() {
			same("quotient", a.over(b), new(big.Int).Quo(toBig(a), toBig(b)))
		}
		if a.Less(b) != (toBig(a).Cmp(toBig(b)) < 0) || a.bitLength() != toBig(a).BitLen() {
			t.Fatal("order or length")
		}
	}
}
