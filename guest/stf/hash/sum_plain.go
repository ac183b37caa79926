// SPDX-License-Identifier: MIT

//go:build !mipsle || plain

package hash

import "crypto/sha256"

// Sum is SHA-256 of the parts, one after another.
func Sum(parts ...[]byte) [32]byte { return sha256.Sum256(joined(nil, parts)) }

// Domain is SHA-256 of a domain byte and the parts.
func Domain(domain byte, parts ...[]byte) [32]byte {
	return sha256.Sum256(joined([]byte{domain}, parts))
}

func joined(first []byte, parts [][]byte) []byte {
	size := len(first)
	for _, part := range parts {
		size += len(part)
	}
	data := append(make([]byte, 0, size), first...)
	for _, part := range parts {
		data = append(data, part...)
	}
	return data
}

// Tag is the start of a tagged hash of BIP340.
type Tag struct{ twice [64]byte }

// NewTag makes the start of hashes with this tag.
func NewTag(tag string) (out Tag) {
	once := Sum([]byte(tag))
	copy(out.twice[:32], once[:])
	copy(out.twice[32:], once[:])
	return out
}

// Sum is the tagged hash of the parts, one after another.
func (t *Tag) Sum(parts ...[]byte) [32]byte { return sha256.Sum256(joined(t.twice[:], parts)) }
