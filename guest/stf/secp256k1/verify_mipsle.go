// SPDX-License-Identifier: MIT

//go:build !plain

// Package secp256k1 verifies Schnorr signatures of BIP340, here with the functions of the proven machine.
package secp256k1

import "bowline/guest/bip340"

// Verify checks a BIP340 signature over a message of any length.
func Verify(key *[32]byte, message []byte, signature *[64]byte) bool {
	return bip340.Verify(key[:], message, signature[:])
}
