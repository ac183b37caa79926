// SPDX-License-Identifier: MIT

// Command bigmem writes to every page of 32 MiB in a scattered order, reads all of it back, and makes the sum public: many
// leaves of the memory's tree, each touched a few times.
package main

import (
	"encoding/binary"

	"bowline/guest/zkvm"
)

const (
	words  = 8 << 20
	stride = 1021 // words; prime to their number
	writes = 16 << 10
)

func main() {
	memory := make([]uint32, words)
	place := uint32(0)
	for i := uint32(1); i <= writes; i++ {
		memory[place] += i
		place = (place + stride) % words
	}
	var sum uint32
	place = 0
	for i := 0; i < writes; i++ {
		sum = sum*31 + memory[place]
		place = (place + stride) % words
	}
	var out [4]byte
	binary.LittleEndian.PutUint32(out[:], sum)
	zkvm.Commit(out[:])
}
