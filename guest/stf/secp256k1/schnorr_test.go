// SPDX-License-Identifier: MIT

//go:build !mipsle || plain

package secp256k1

import (
	"encoding/csv"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
)

// vectorFile finds the official vectors as the C++ tests do.
func vectorFile(t *testing.T, name string) string {
	folder := os.Getenv("BOWLINE_VECTORS")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "..", "shared", "vectors")
	}
	path := filepath.Join(folder, name)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("BOWLINE_REQUIRE_VECTORS") != "" {
			t.Fatal("test vectors are required but absent")
		}
		t.Skip("test vectors absent: set BOWLINE_VECTORS to their folder")
	}
	return path
}

func TestOfficialVectorsOfBip340(t *testing.T) {
	file, err := os.Open(vectorFile(t, "bip340/test-vectors.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		var key [32]byte
		var signature [64]byte
		rawKey, _ := hex.DecodeString(row[2])
		message, _ := hex.DecodeString(row[4])
		rawSignature, _ := hex.DecodeString(row[5])
		copy(key[:], rawKey)
		copy(signature[:], rawSignature)
		if got, want := Verify(&key, message, &signature), row[6] == "TRUE"; got != want {
			t.Errorf("vector %s: got %v, want %v (%s)", row[0], got, want, row[7])
		}
	}
	if len(rows) < 16 {
		t.Errorf("only %d vectors", len(rows)-1)
	}
}

func TestEdgesOfTheGroup(t *testing.T) {
	g := generator
	minus := g.negated()
	if sum := plus(&g, &minus); !sum.isInfinity() {
		t.Error("P - P is not infinity")
	}
	two, same := twice(&g), plus(&g, &g)
	if two != same {
		t.Error("P + P is not 2P")
	}
	less := order
	less[0]--
	// (n - 1) * G + 1 * G = n * G
	if sum := combine(less, [4]uint64{1}, &g); !sum.isInfinity() {
		t.Error("n * G is not infinity")
	}
	minusOne := prime
	minusOne[0]--
	if mul(&minusOne, &minusOne) != (element{1}) {
		t.Error("(-1) * (-1) is not 1")
	}
	if sub(&element{}, &element{1}) != minusOne {
		t.Error("0 - 1 is not -1")
	}
	if add(&minusOne, &element{1}) != (element{}) {
		t.Error("-1 + 1 is not 0")
	}
}

func BenchmarkVerify(b *testing.B) {
	key, _ := hex.DecodeString("dff1d77f2a671c5f36183726db2341be58feae1da2deced843240f7b502ba659")
	message, _ := hex.DecodeString("243f6a8885a308d313198a2e03707344a4093822299f31d0082efa98ec4e6c89")
	raw, _ := hex.DecodeString("6896bd60eeae296db48a229ff71dfe071bde413e6d43f917dc8dcf8c78de3341" +
		"8906d11ac976abccb20b091292bff4ea897efcb639ea871cfa95f6de339e4b0a")
	var k [32]byte
	var s [64]byte
	copy(k[:], key)
	copy(s[:], raw)
	for i := 0; i < b.N; i++ {
		if !Verify(&k, message, &s) {
			b.Fatal("a good signature was refused")
		}
	}
}
