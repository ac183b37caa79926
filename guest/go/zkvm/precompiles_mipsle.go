// SPDX-License-Identifier: MIT

//go:build !plain

package zkvm

//go:noescape
func poseidon2(state *[16]uint32)

//go:noescape
func sha256Compress(state *[8]uint32, block *[16]uint32)

//go:noescape
func sha256Block(state *[8]uint32, block *[64]byte)

//go:noescape
func mulMod256(x, y, m *[8]uint32)

//go:noescape
func secp256k1Add(p, q *[16]uint32)

//go:noescape
func secp256k1Double(p *[16]uint32)

//go:noescape
func keccakF(state *[25]uint64)
