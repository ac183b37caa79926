// SPDX-License-Identifier: MIT

package bitcoin

import (
	"bowline/stf/codec"
	"bowline/stf/hash"
)

// OutPoint names an output: txid and index as they are serialised.
type OutPoint [36]byte

// MakeOutPoint puts an outpoint together.
func MakeOutPoint(txid [32]byte, index uint32) (out OutPoint) {
	copy(out[:32], txid[:])
	for i := 0; i < 4; i++ {
		out[32+i] = byte(index >> (8 * uint(i)))
	}
	return out
}

// Output is an output of a transaction.
type Output struct {
	Value  uint64
	Script []byte
}

// Transaction is what the program needs of a transaction.
type Transaction struct {
	Txid    [32]byte
	Inputs  []OutPoint
	Outputs []Output
}

const (
	leastInput  = 41
	leastOutput = 9
)

// ParseTransaction reads the serialisation without witness, exactly. A transaction has inputs and outputs, so
// the form with witness, whose marker reads as "no inputs", is refused.
func ParseTransaction(raw []byte) (out Transaction, ok bool) {
	r := codec.NewReader(raw)
	r.U32()
	inputs := r.CompactSize(uint64(len(raw) / leastInput))
	for i := uint64(0); i < inputs && !r.Failed(); i++ {
		var outpoint OutPoint
		copy(outpoint[:], r.Bytes(36))
		out.Inputs = append(out.Inputs, outpoint)
		r.Bytes(int(r.CompactSize(uint64(r.Remaining()))))
		r.U32()
	}
	outputs := r.CompactSize(uint64(len(raw) / leastOutput))
	for i := uint64(0); i < outputs && !r.Failed(); i++ {
		value := r.Amount()
		script := r.Bytes(int(r.CompactSize(uint64(r.Remaining()))))
		out.Outputs = append(out.Outputs, Output{value, script})
	}
	r.U32()
	out.Txid = hash.Double(raw)
	return out, r.Done() && inputs > 0 && outputs > 0
}

// IsCoinbase tells whether the only input spends nothing.
func (t *Transaction) IsCoinbase() bool {
	return len(t.Inputs) == 1 && t.Inputs[0] == MakeOutPoint([32]byte{}, 0xffffffff)
}

// Spends tells whether an input spends the outpoint.
func (t *Transaction) Spends(outpoint OutPoint) bool {
	for _, input := range t.Inputs {
		if input == outpoint {
			return true
		}
	}
	return false
}

// IsStandardOutput tells whether the script is P2PKH, P2SH, P2WPKH, P2WSH or P2TR.
func IsStandardOutput(script []byte) bool {
	at := func(i int) byte { return script[i] }
	switch len(script) {
	case 22: // P2WPKH
		return at(0) == 0x00 && at(1) == 0x14
	case 23: // P2SH
		return at(0) == 0xa9 && at(1) == 0x14 && at(22) == 0x87
	case 25: // P2PKH
		return at(0) == 0x76 && at(1) == 0xa9 && at(2) == 0x14 && at(23) == 0x88 && at(24) == 0xac
	case 34: // P2WSH, P2TR
		return (at(0) == 0x00 || at(0) == 0x51) && at(1) == 0x20
	}
	return false
}

// IsPushReturn tells whether the script is OP_RETURN and one push of exactly this value.
func IsPushReturn(script []byte, value [32]byte) bool {
	return len(script) == 34 && script[0] == 0x6a && script[1] == 0x20 && slice32(script[2:]) == value
}

func slice32(bytes []byte) (out [32]byte) {
	copy(out[:], bytes)
	return out
}

// MaxMerkleDepth is more than any block's tree has.
const MaxMerkleDepth = 17

// RootOfPath climbs from a leaf; siblings from the bottom up. ok is false for an index beyond the depth and
// for a place that only the repetition of an odd last node makes (CVE-2012-2459).
func RootOfPath(leaf [32]byte, index uint32, path [][32]byte) (root [32]byte, ok bool) {
	if len(path) > MaxMerkleDepth || uint64(index)>>uint(len(path)) != 0 {
		return root, false
	}
	root = leaf
	for _, sibling := range path {
		var pair [64]byte
		if index&1 == 1 {
			if sibling == root {
				return root, false
			}
			copy(pair[:32], sibling[:])
			copy(pair[32:], root[:])
		} else {
			copy(pair[:32], root[:])
			copy(pair[32:], sibling[:])
		}
		root = hash.Double(pair[:])
		index >>= 1
	}
	return root, true
}
