// SPDX-License-Identifier: MIT

// Package zkvm is what a guest of the proven machine needs beyond ordinary Go: its private input, its public values,
// and the machine's precompiled functions. Everything works natively as well, with the same results.
package zkvm

import "syscall"

const (
	inputDescriptor   = 0
	journalDescriptor = 3
)

// ReadInput returns the private input from its current position to its end. A proof says nothing about it but what
// the guest makes public. It panics if descriptor 0 cannot be read.
func ReadInput() []byte {
	var input []byte
	for {
		if len(input) == cap(input) {
			grown := make([]byte, len(input), 2*cap(input)+4096)
			copy(grown, input)
			input = grown
		}
		count, err := syscall.Read(inputDescriptor, input[len(input):cap(input)])
		switch {
		case err == syscall.EINTR:
		case err != nil:
			panic("zkvm: cannot read the input: " + err.Error())
		case count <= 0:
			return input
		default:
			input = input[:len(input)+count]
		}
	}
}

// Commit appends bytes to the public values. It panics if they cannot be written: a native run needs descriptor 3
// open, as in `program 3>journal`.
func Commit(values []byte) {
	for len(values) > 0 {
		count, err := syscall.Write(journalDescriptor, values)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			panic("zkvm: cannot write the public values: " + err.Error())
		}
		values = values[count:]
	}
}
