// SPDX-License-Identifier: MIT

// Command garbage builds and drops binary trees, so that the garbage collector has work to do.
package main

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"runtime/debug"

	"bowline/guest/zkvm"
)

type node struct {
	left, right *node
	weight      uint32
}

func build(depth int, weight uint32) *node {
	if depth == 0 {
		return &node{weight: weight}
	}
	return &node{build(depth-1, 2*weight), build(depth-1, 2*weight+1), weight}
}

func (n *node) sum() uint32 {
	if n == nil {
		return 0
	}
	return n.weight + n.left.sum() + n.right.sum()
}

func main() {
	debug.SetGCPercent(5) // of the smallest heap, so that a short run collects several times
	kept := build(12, 1)
	var total uint32
	for i := uint32(0); i < 10; i++ {
		total += build(10, i).sum()
	}
	total += kept.sum()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	fmt.Println("sum", total, "collected", stats.NumGC > 0)
	var public [4]byte
	binary.LittleEndian.PutUint32(public[:], total)
	zkvm.Commit(public[:])
}
