// SPDX-License-Identifier: MIT

package transition

import (
	"math/big"

	"bowline/stf/hash"
)

// Signatures of the model's parties, as simple as can be: nobody keeps a secret in a test, so the nonce of each is 1
// and R is the generator. What is signed and checked is real.

var fieldPrime, _ = new(big.Int).SetString("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f", 16)

// party is a key that signs.
type party struct {
	secret *big.Int
	key    [32]byte
}

func newParty(secret int64) party {
	gx := new(big.Int).SetBytes(generatorX)
	gy, _ := new(big.Int).SetString("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8", 16)
	x, y := gx, gy
	for i := int64(1); i < secret; i++ {
		x, y = addPoints(x, y, gx, gy)
	}
	p := party{secret: big.NewInt(secret)}
	if y.Bit(0) == 1 {
		p.secret.Sub(order, p.secret)
	}
	x.FillBytes(p.key[:])
	return p
}

// addPoints adds two points that are no inverses of one another.
func addPoints(x1, y1, x2, y2 *big.Int) (x, y *big.Int) {
	slope, under := new(big.Int).Sub(y2, y1), new(big.Int).Sub(x2, x1)
	if x1.Cmp(x2) == 0 {
		slope.Mul(x1, x1)
		slope.Mul(slope, big.NewInt(3))
		under.Lsh(y1, 1)
	}
	slope.Mul(slope, new(big.Int).ModInverse(under.Mod(under, fieldPrime), fieldPrime)).Mod(slope, fieldPrime)
	x = new(big.Int).Mul(slope, slope)
	x.Sub(x, x1).Sub(x, x2).Mod(x, fieldPrime)
	y = new(big.Int).Sub(x1, x)
	y.Mul(y, slope).Sub(y, y1).Mod(y, fieldPrime)
	return x, y
}

func (p party) sign(message [32]byte) (signature [64]byte) {
	challenge := hash.Tagged("BIP0340/challenge", generatorX, p.key[:], message[:])
	s := new(big.Int).SetBytes(challenge[:])
	s.Mul(s, p.secret).Add(s, big.NewInt(1)).Mod(s, order)
	copy(signature[:], generatorX)
	s.FillBytes(signature[32:])
	return signature
}
