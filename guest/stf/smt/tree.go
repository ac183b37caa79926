// SPDX-License-Identifier: MIT

// Package smt is the state tree as far as a witness shows it: a compact binary sparse Merkle tree over
// Poseidon2 (docs/protocol.md, section 3). Reading a part that was left out yields Missing.
package smt

import (
	"bowline/stf/codec"
	"bowline/stf/poseidon2"
)

// KeyBits is the length of a path.
const KeyBits = 248

// Missing is the key whose path the witness does not show.
type Missing struct{ Key poseidon2.Digest }

func (Missing) Error() string { return "missing" }

const (
	kindLeaf      = 1
	kindInner     = 2
	kindLeftOut   = 3 // a subtree known by its digest
	kindOtherLeaf = 4 // a leaf whose value is known by its digest
)

// node is one node; nil is a subtree without leaves.
type node struct {
	kind        uint8
	hashed      bool
	left, right *node
	key         poseidon2.Digest
	value       []byte
	valueDigest poseidon2.Digest
	digest      poseidon2.Digest
}

// Tree is changed in place; digests are computed when Root asks for them.
type Tree struct{ root *node }

// PathBit is bit i of a key's path, most significant first within each word of 31 bits.
func PathBit(key poseidon2.Digest, i int) uint32 { return key[i/31] >> uint(30-i%31) & 1 }

// Get is the value under a key; found is false when the tree holds none.
func (t *Tree) Get(key poseidon2.Digest) (value []byte, found bool, err error) {
	current := t.root
	for depth := 0; current != nil; depth++ {
		switch current.kind {
		case kindLeaf:
			return current.value, current.key == key, nil
		case kindOtherLeaf:
			if current.key == key {
				return nil, false, Missing{key}
			}
			return nil, false, nil
		case kindLeftOut:
			return nil, false, Missing{key}
		}
		current = current.child(key, depth)
	}
	return nil, false, nil
}

func (n *node) child(key poseidon2.Digest, depth int) *node {
	if PathBit(key, depth) == 1 {
		return n.right
	}
	return n.left
}

// Put sets the value under a key.
func (t *Tree) Put(key poseidon2.Digest, value []byte) error {
	leaf := &node{kind: kindLeaf, key: key, value: value}
	place := &t.root
	for depth := 0; *place != nil; depth++ {
		current := *place
		switch current.kind {
		case kindLeftOut:
			return Missing{key}
		case kindLeaf, kindOtherLeaf:
			if current.key != key {
				leaf = split(current, leaf, depth)
			}
			*place = leaf
			return nil
		}
		current.hashed = false
		if PathBit(key, depth) == 1 {
			place = &current.right
		} else {
			place = &current.left
		}
	}
	*place = leaf
	return nil
}

// split makes the inner nodes that separate two leaves which share the path down to depth. Keys that agree in
// all bits are equal, so the walk ends.
func split(a, b *node, depth int) *node {
	out := &node{kind: kindInner}
	aRight, bRight := PathBit(a.key, depth) == 1, PathBit(b.key, depth) == 1
	switch {
	case aRight && bRight:
		out.right = split(a, b, depth+1)
	case aRight:
		out.left, out.right = b, a
	case bRight:
		out.left, out.right = a, b
	default:
		out.left = split(a, b, depth+1)
	}
	return out
}

// Root is the digest of the whole tree.
func (t *Tree) Root() poseidon2.Digest { return *t.root.hash() }

// empty is the digest of a subtree without leaves.
var empty poseidon2.Digest

func (n *node) hash() *poseidon2.Digest {
	if n == nil {
		return &empty
	}
	if !n.hashed {
		switch n.kind {
		case kindLeaf:
			n.valueDigest = poseidon2.Bytes(poseidon2.TagValue, n.value)
			n.digest = poseidon2.Pair(poseidon2.TagLeaf, &n.key, &n.valueDigest)
		case kindOtherLeaf:
			n.digest = poseidon2.Pair(poseidon2.TagLeaf, &n.key, &n.valueDigest)
		case kindInner:
			n.digest = poseidon2.Pair(poseidon2.TagNode, n.left.hash(), n.right.hash())
		}
		n.hashed = true
	}
	return &n.digest
}

// ReadWitness reads the pre-order encoding of a partial tree.
func ReadWitness(r *codec.Reader) (*Tree, error) {
	root, ok := readNode(r, nil, 0)
	if !ok || !r.Done() {
		return nil, codec.Malformed("witness")
	}
	return &Tree{root}, nil
}

// readNode also refuses leaves that do not lie on their own path.
func readNode(r *codec.Reader, path []uint32, depth int) (*node, bool) {
	kind := r.U8()
	if kind == 0 {
		return nil, !r.Failed()
	}
	out := &node{kind: kind}
	ok := true
	switch kind {
	case kindLeaf:
		out.key, ok = readDigest(r)
		out.value = r.Sized(r.Remaining())
		ok = ok && onPath(out.key, path)
	case kindInner:
		if depth == KeyBits {
			return nil, false
		}
		out.left, ok = readNode(r, append(path, 0), depth+1)
		if ok {
			out.right, ok = readNode(r, append(path, 1), depth+1)
		}
	case kindLeftOut:
		out.digest, ok = readDigest(r)
		out.hashed = true
	case kindOtherLeaf:
		out.key, ok = readDigest(r)
		if ok {
			out.valueDigest, ok = readDigest(r)
		}
		ok = ok && onPath(out.key, path)
	default:
		return nil, false
	}
	return out, ok && !r.Failed()
}

func readDigest(r *codec.Reader) (poseidon2.Digest, bool) { return poseidon2.Decode(r.Array32()) }

func onPath(key poseidon2.Digest, path []uint32) bool {
	for i, bit := range path {
		if PathBit(key, i) != bit {
			return false
		}
	}
	return true
}
