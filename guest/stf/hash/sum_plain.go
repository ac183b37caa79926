// SPDX-License-Identifier: MIT

//go:build !mipsle || plain

package hash

import "crypto/sha256"

// Sum is SHA-256 of the parts, one after another.
func Sum(parts ...[]byte) [32]byte {
	size := 0
	for _, part := range parts {
		size += len(part)
	}
	data := make([]byte, 0, size)
	for _, part := range parts {
		data = append(data, part...)
	}
	return sha256.Sum256(data)
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
func (t *Tag) Sum(parts ...[]byte) [32]byte {
	all := make([][]byte, 0, 10)
	all = append(all, t.twice[:])
	return Sum(append(all, parts...)...)
}
