// SPDX-License-Identifier: MIT

// Command everyday does what ordinary programs do and the other examples do not: lines by package os and bufio, files
// that are not there, timers, panics that are caught, many goroutines that want one lock, a logger, and an exit code of
// its own. It makes its lines public, sorted by length, and exits with their number modulo 7.
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"sort"
	"strings"
	"sync"
	"time"
)

func readLines() []string {
	var lines []string
	scanner := bufio.NewScanner(os.Stdin)
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
	}
	if err := scanner.Err(); err != nil {
		log.Fatal(err)
	}
	return lines
}

func caught(run func()) (what string) {
	defer func() { what = fmt.Sprint(recover()) }()
	run()
	return "nothing"
}

func surroundings() {
	_, err := os.ReadFile("/etc/no-such-file-at-all")
	fmt.Println("missing:", errors.Is(err, os.ErrNotExist))
	random := make([]byte, 32)
	_, err = io.ReadFull(rand.Reader, random)
	fmt.Println("random:", err, !bytes.Equal(random, make([]byte, 32)))
	_, there := os.LookupEnv("BOWLINE_NO_SUCH_VARIABLE")
	fmt.Println("environment:", there, "arguments:", len(os.Args))
	fmt.Println("year is later than 2008:", time.Now().UTC().Year() > 2008)
	fmt.Println("panics:", caught(func() { panic("on purpose") }), caught(func() { _ = []int{}[len(os.Args)] }))
}

func waiting() {
	soon, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	ticks, ticker := 0, time.NewTicker(3*time.Millisecond)
	for ticks < 3 {
		<-ticker.C
		ticks++
	}
	ticker.Stop()
	<-soon.Done()
	fmt.Println("waited:", ticks, soon.Err())
}

func together() int {
	var group sync.WaitGroup
	var lock sync.Mutex
	total := 0
	for i := 0; i < 100; i++ {
		group.Add(1)
		go func(value int) {
			defer group.Done()
			lock.Lock()
			defer lock.Unlock()
			total += value
		}(i)
	}
	group.Wait()
	return total
}

func main() {
	log.SetFlags(0)
	lines := readLines()
	surroundings()
	waiting()
	fmt.Println("together:", together())
	sort.SliceStable(lines, func(i, j int) bool { return len(lines[i]) < len(lines[j]) })
	journal := os.NewFile(3, "journal")
	if _, err := io.Copy(journal, strings.NewReader(strings.Join(lines, "\n"))); err != nil {
		log.Fatal(err)
	}
	if err := journal.Close(); err != nil {
		log.Fatal(err)
	}
	log.Printf("%d lines", len(lines))
	os.Exit(len(lines) % 7)
}
