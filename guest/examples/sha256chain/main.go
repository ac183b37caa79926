// SPDX-License-Identifier: MIT

// Command sha256chain hashes its input 230 times over, each time the digest before, with the standard library.
package main

import (
	"crypto/sha256"
	"fmt"

	"bowline/guest/zkvm"
)

const rounds = 230

func main() {
	digest := sha256.Sum256(zkvm.ReadInput())
	for i := 1; i < rounds; i++ {
		digest = sha256.Sum256(digest[:])
	}
	fmt.Printf("%x\n", digest)
	zkvm.Commit(digest[:])
}
