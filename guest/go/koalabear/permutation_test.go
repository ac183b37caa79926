// SPDX-License-Identifier: MIT

package koalabear

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestPublishedKnownAnswer(t *testing.T) {
	folder := os.Getenv("BOWLINE_VECTORS")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "..", "shared", "vectors")
	}
	raw, err := os.ReadFile(filepath.Join(folder, "poseidon2", "koalabear16.json"))
	if err != nil {
		if os.Getenv("BOWLINE_REQUIRE_VECTORS") != "" {
			t.Fatal("test vectors are required but absent")
		}
		t.Skip("test vectors absent: set BOWLINE_VECTORS to their folder")
	}
	var vector struct {
		KnownAnswer struct{ Input, Output [16]uint32 } `json:"known_answer"`
	}
	if err := json.Unmarshal(raw, &vector); err != nil {
		t.Fatal(err)
	}
	state := vector.KnownAnswer.Input
	Permute(&state)
	if state != vector.KnownAnswer.Output {
		t.Errorf("got %v, want %v", state, vector.KnownAnswer.Output)
	}
}

func TestElementsAtTheModulusEndTheProgram(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an element equal to the modulus was taken")
		}
	}()
	state := [16]uint32{3: Modulus}
	Permute(&state)
}

func BenchmarkPermute(b *testing.B) {
	var state [16]uint32
	for i := 0; i < b.N; i++ {
		Permute(&state)
	}
}
