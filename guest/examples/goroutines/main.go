// SPDX-License-Identifier: MIT

// Command goroutines adds numbers in eight goroutines that report through a channel, sleeps, selects and collects
// garbage on the way: what a guest may do with the Go runtime.
package main

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"sync"
	"time"

	"bowline/guest/zkvm"
)

const (
	workers = 8
	each    = 100
)

func main() {
	numbers := make(chan uint64)
	var group sync.WaitGroup
	for w := 0; w < workers; w++ {
		group.Add(1)
		go func(w int) {
			defer group.Done()
			for i := 0; i < each; i++ {
				numbers <- uint64(w*each + i)
			}
		}(w)
	}
	go func() {
		group.Wait()
		close(numbers)
	}()
	var sum uint64
	count := 0
	for number := range numbers {
		sum += number
		count++
	}
	runtime.GC()

	begin := time.Now()
	time.Sleep(20 * time.Millisecond)
	slept := time.Since(begin) >= 20*time.Millisecond
	timedOut := false
	select {
	case <-make(chan int):
	case <-time.After(5 * time.Millisecond):
		timedOut = true
	}
	fmt.Println(count, "numbers, sum", sum, "slept", slept, "timed out", timedOut)
	var public [8]byte
	binary.LittleEndian.PutUint64(public[:], sum)
	zkvm.Commit(public[:])
}
