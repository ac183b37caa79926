// SPDX-License-Identifier: MIT

package protocol

import (
	"math/bits"

	"bowline/stf/blake3"
	"bowline/stf/codec"
	"bowline/stf/hash"
)

// appendDepth is the depth of the outbox and of the claims tree.
const appendDepth = 32

// Combine is the inner hash of an append-only tree.
type Combine func(left, right *[32]byte) [32]byte

// appendTree is what an append-only tree hashes with, and the roots of its subtrees without leaves, by level. They are
// made when the program starts: a snapshot of the proven machine holds them.
type appendTree struct {
	combine Combine
	empty   [appendDepth + 1][32]byte
}

func newAppendTree(combine Combine) *appendTree {
	out := &appendTree{combine: combine}
	for level := 0; level < appendDepth; level++ {
		out.empty[level+1] = combine(&out.empty[level], &out.empty[level])
	}
	return out
}

// OutboxTree and ClaimsTree are the two kinds of tree.
var (
	OutboxTree = newAppendTree(OutboxNode)
	ClaimsTree = newAppendTree(ClaimsNode)
)

// OutboxNode is the inner hash of the outbox.
func OutboxNode(left, right *[32]byte) [32]byte {
	return hash.Domain(hash.DomainOutboxNode, left[:], right[:])
}

// ClaimsNode is the inner hash of the claims tree.
func ClaimsNode(left, right *[32]byte) [32]byte {
	var pair [64]byte
	copy(pair[:32], left[:])
	copy(pair[32:], right[:])
	return blake3.Sum256(pair[:])
}

// Frontier is what is needed to append to a tree: the roots of its full subtrees, one for each set bit of
// Count, low bits first.
type Frontier struct {
	Count uint64
	Nodes [][32]byte
}

// Append adds a leaf; ok is false when the tree is full.
func (f *Frontier) Append(leaf [32]byte, tree *appendTree) (ok bool) {
	if f.Count>>appendDepth != 0 || f.Count == 1<<appendDepth-1 {
		return false
	}
	node := leaf
	taken := 0
	for f.Count>>uint(taken)&1 == 1 {
		node = tree.combine(&f.Nodes[taken], &node)
		taken++
	}
	f.Nodes = append([][32]byte{node}, f.Nodes[taken:]...)
	f.Count++
	return true
}

// Root is the root of the whole tree, empty places included.
func (f *Frontier) Root(tree *appendTree) [32]byte {
	if f.Count == 0 {
		return tree.empty[appendDepth]
	}
	level := bits.TrailingZeros64(f.Count)
	node, next := tree.empty[level], 0
	for ; level < appendDepth; level++ {
		if f.Count>>uint(level)&1 == 1 {
			node = tree.combine(&f.Nodes[next], &node)
			next++
		} else {
			node = tree.combine(&node, &tree.empty[level])
		}
	}
	return node
}

func (f *Frontier) write(w *codec.Writer) {
	w.U64(f.Count)
	for _, node := range f.Nodes {
		w.Bytes(node[:])
	}
}

func readFrontier(r *codec.Reader) (f Frontier) {
	f.Count = r.U64()
	if f.Count>>appendDepth != 0 {
		r.Fail()
		return Frontier{}
	}
	for rest := f.Count; rest > 0; rest &= rest - 1 {
		f.Nodes = append(f.Nodes, r.Array32())
	}
	return f
}

// Kinds of outbox leaves.
const (
	OutboxWithdrawal = 1
	OutboxClaim      = 2
)

// OutboxLeaf is the leaf of one message.
func OutboxLeaf(kind uint8, index uint64, transaction [32]byte) [32]byte {
	var w codec.Writer
	w.U8(kind)
	w.U64(index)
	w.Bytes(transaction[:])
	return hash.Domain(hash.DomainOutboxLeaf, w.Out)
}

// InboxStep folds a mint into the inbox accumulator.
func InboxStep(previous [32]byte, vault [36]byte, value uint64, recipient [32]byte) [32]byte {
	var w codec.Writer
	w.Bytes(vault[:])
	w.U64(value)
	w.Bytes(recipient[:])
	return hash.Domain(hash.DomainInbox, previous[:], w.Out)
}
