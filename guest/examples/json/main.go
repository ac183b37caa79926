// SPDX-License-Identifier: MIT

// Command json reads accounts as JSON and makes public their total, without showing any of them.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"bowline/guest/zkvm"
)

type account struct {
	Name    string   `json:"name"`
	Balance int64    `json:"balance"`
	Tags    []string `json:"tags,omitempty"`
}

const sample = `[{"name": "alice", "balance": 1250, "tags": ["a", "b"]}, {"name": "bob", "balance": -30},
	{"name": "carol", "balance": 99}]`

func main() {
	input := zkvm.ReadInput()
	if len(input) == 0 {
		input = []byte(sample)
	}
	var accounts []account
	if err := json.Unmarshal(input, &accounts); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var total int64
	for _, a := range accounts {
		total += a.Balance
	}
	public, err := json.Marshal(map[string]int64{"accounts": int64(len(accounts)), "total": total})
	if err != nil {
		panic(err)
	}
	fmt.Println(string(public))
	zkvm.Commit(public)
}
