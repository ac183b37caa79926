// SPDX-License-Identifier: MIT

// Command mapsort counts the words of its input and makes public the most frequent ones, in order.
package main

import (
	"fmt"
	"sort"
	"strings"

	"bowline/guest/zkvm"
)

const (
	shown  = 10
	sample = "the quick brown fox jumps over the lazy dog while the other dog sleeps under the brown tree "
)

func main() {
	text := string(zkvm.ReadInput())
	if text == "" {
		text = strings.Repeat(sample, 200)
	}
	counts := map[string]int{}
	for _, word := range strings.Fields(text) {
		counts[strings.ToLower(word)]++
	}
	words := make([]string, 0, len(counts))
	for word := range counts {
		words = append(words, word)
	}
	sort.Slice(words, func(i, j int) bool {
		if counts[words[i]] != counts[words[j]] {
			return counts[words[i]] > counts[words[j]]
		}
		return words[i] < words[j]
	})
	if len(words) > shown {
		words = words[:shown]
	}
	var public strings.Builder
	for _, word := range words {
		fmt.Fprintf(&public, "%d %s\n", counts[word], word)
	}
	fmt.Print(public.String())
	zkvm.Commit([]byte(public.String()))
}
