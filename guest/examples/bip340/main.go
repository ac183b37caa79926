// SPDX-License-Identifier: MIT

// Command bip340 reads signatures and makes public, a byte each, which of them are valid. A signature is given as the key
// (32 bytes), the signature (64), the message's length (4, the least significant byte first) and the message.
package main

import (
	"encoding/binary"
	"fmt"
	"os"

	"bowline/guest/bip340"
	"bowline/guest/zkvm"
)

func main() {
	const header = bip340.KeySize + bip340.SignatureSize + 4
	var verdicts []byte
	for input := zkvm.ReadInput(); len(input) > 0; {
		if len(input) < header {
			fail()
		}
		key, signature := input[:bip340.KeySize], input[bip340.KeySize:header-4]
		length := binary.LittleEndian.Uint32(input[header-4:])
		input = input[header:]
		if uint64(length) > uint64(len(input)) {
			fail()
		}
		verdict := byte(0)
		if bip340.Verify(key, input[:length], signature) {
			verdict = 1
		}
		verdicts = append(verdicts, verdict)
		input = input[length:]
	}
	zkvm.Commit(verdicts)
}

func fail() {
	fmt.Fprintln(os.Stderr, "the input ends within a signature")
	os.Exit(1)
}
