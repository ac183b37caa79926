// SPDX-License-Identifier: MIT

package zkvm

// The precompiled functions. In the machine each of them is one instruction; elsewhere, and with the build tag plain,
// the same function is computed by plain Go. All operands are read before anything is written, so they may be the
// same. Operands that the machine refuses (it faults, and the execution cannot be proven) make the plain code panic.

// FieldModulus is the prime of KoalaBear, which Poseidon2 works over.
const FieldModulus = 0x7f000001

// Poseidon2 permutes 16 field elements in place. Each must be below FieldModulus.
func Poseidon2(state *[16]uint32) { poseidon2(state) }

// SHA256Compress runs one compression of SHA-256. The words are numbers: a block of bytes is read big-endian.
func SHA256Compress(state *[8]uint32, block *[16]uint32) { sha256Compress(state, block) }

// SHA256Block is SHA256Compress of a block as it stands in a message.
func SHA256Block(state *[8]uint32, block *[64]byte) { sha256Block(state, block) }

// MulMod256 sets x to x*y mod m, for any x and y and any m but 0, as little-endian words.
func MulMod256(x, y, m *[8]uint32) { mulMod256(x, y, m) }

// Secp256k1Add sets p to p+q for affine points (x, y) of 8 little-endian words each. Their x must differ and all
// coordinates be below the field's prime; that the points are on the curve is not checked.
func Secp256k1Add(p, q *[16]uint32) { secp256k1Add(p, q) }

// Secp256k1Double sets p to 2p. Its y must not be 0.
func Secp256k1Double(p *[16]uint32) { secp256k1Double(p) }

// KeccakF runs the 24 rounds of Keccak-f[1600] on 25 lanes.
func KeccakF(state *[25]uint64) { keccakF(state) }
