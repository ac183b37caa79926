// SPDX-License-Identifier: MIT

// Command fibonacci makes public the n-th Fibonacci number modulo 2^32. The input is n in decimal; without one it is
// 100,000.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"

	"bowline/guest/zkvm"
)

func main() {
	n := 100000
	if text := strings.TrimSpace(string(zkvm.ReadInput())); text != "" {
		given, err := strconv.Atoi(text)
		if err != nil {
			fmt.Fprintln(os.Stderr, "the input is not a number")
			os.Exit(1)
		}
		n = given
	}
	a, b := uint32(0), uint32(1)
	for i := 0; i < n; i++ {
		a, b = b, a+b
	}
	fmt.Println("fibonacci", n, "=", a)
	var public [8]byte
	binary.LittleEndian.PutUint32(public[:4], uint32(n))
	binary.LittleEndian.PutUint32(public[4:], a)
	zkvm.Commit(public[:])
}
