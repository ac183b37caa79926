// SPDX-License-Identifier: MIT

// Package hash holds the protocol's SHA-256 hashes. Every one of them goes through Sum, which the proven machine
// computes by its own instruction.
package hash

// Domain bytes in front of plain SHA-256 (docs/protocol.md, section 2).
const (
	DomainHeader       = 0x01
	DomainTransaction  = 0x02
	DomainReceipt      = 0x03
	DomainListNode     = 0x04
	DomainOutboxLeaf   = 0x05
	DomainOutboxNode   = 0x06
	DomainAddress      = 0x10
	DomainInbox        = 0x14
	DomainSequencerSet = 0x16
	DomainBody         = 0x17
)

// Double is SHA-256 of SHA-256, as Bitcoin names blocks and transactions.
func Double(data []byte) [32]byte {
	once := Sum(data)
	return Sum(once[:])
}

// Tagged is the tagged hash of BIP340.
func Tagged(tag string, parts ...[]byte) [32]byte {
	start := NewTag(tag)
	return start.Sum(parts...)
}

// BowlineTag is the start of SHA(tag, parts) of the protocol: of a tagged hash with the tag "Bowline/<tag>".
func BowlineTag(tag string) Tag { return NewTag("Bowline/" + tag) }

// ListRoot commits to hashes, their number and their order; an odd last node is carried up unchanged.
func ListRoot(hashes [][32]byte) [32]byte {
	level := append([][32]byte(nil), hashes...)
	for len(level) > 1 {
		var next [][32]byte
		for i := 0; i+1 < len(level); i += 2 {
			next = append(next, Domain(DomainListNode, level[i][:], level[i+1][:]))
		}
		if len(level)%2 == 1 {
			next = append(next, level[len(level)-1])
		}
		level = next
	}
	var top [32]byte
	if len(level) == 1 {
		top = level[0]
	}
	var count [8]byte
	for i := range count {
		count[i] = byte(uint64(len(hashes)) >> (8 * uint(i)))
	}
	return Domain(DomainListNode, count[:], top[:])
}
