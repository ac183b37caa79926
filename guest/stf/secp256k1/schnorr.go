// SPDX-License-Identifier: MIT

//go:build !mipsle || plain

package secp256k1

import "bowline/stf/hash"

// order is the number of points of the curve.
var order = [4]uint64{0xbfd25e8cd0364141, 0xbaaedce6af48a03b, 0xfffffffffffffffe, 0xffffffffffffffff}

// Verify checks a BIP340 signature over a message of any length.
func Verify(key *[32]byte, message []byte, signature *[64]byte) bool {
	p, ok := liftX(key)
	if !ok {
		return false
	}
	r, s := element(fromBytes(signature[:32])), fromBytes(signature[32:])
	if !less((*[4]uint64)(&r), (*[4]uint64)(&prime)) || !less(&s, &order) {
		return false
	}
	challenge := hash.Tagged("BIP0340/challenge", signature[:32], key[:], message)
	e := fromBytes(challenge[:])
	if !less(&e, &order) {
		e, _ = subtract(&e, &order)
	}
	if e != ([4]uint64{}) {
		e, _ = subtract(&order, &e)
	}
	sum := combine(s, e, &p)
	if sum.isInfinity() {
		return false
	}
	z := inverse(&sum.z)
	zz := square(&z)
	x, y := mul(&sum.x, &zz), mul(&sum.y, &zz)
	y = mul(&y, &z)
	return !y.isOdd() && x == r
}

// liftX is the point with that x coordinate and an even y.
func liftX(key *[32]byte) (point, bool) {
	x := element(fromBytes(key[:]))
	if !less((*[4]uint64)(&x), (*[4]uint64)(&prime)) {
		return point{}, false
	}
	c := square(&x)
	c = mul(&c, &x)
	c = add(&c, &element{7})
	y, ok := squareRoot(&c)
	if !ok {
		return point{}, false
	}
	if y.isOdd() {
		y = sub(&element{}, &y)
	}
	return point{x, y, element{1}}, true
}
