// SPDX-License-Identifier: MIT

package bip340

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"math/big"
	"os"
	"path/filepath"
	"testing"
)

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	out, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestVectors(t *testing.T) {
	folder := os.Getenv("BOWLINE_VECTORS")
	if folder == "" {
		t.Skip("BOWLINE_VECTORS is not set")
	}
	file, err := os.Open(filepath.Join(folder, "bip340", "test-vectors.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	valid := 0
	for _, row := range rows[1:] {
		key, message, signature := unhex(t, row[2]), unhex(t, row[4]), unhex(t, row[5])
		expected := row[6] == "TRUE"
		if Verify(key, message, signature) != expected {
			t.Errorf("vector %s: not %s", row[0], row[6])
		}
		if !expected {
			continue
		}
		valid++
		for i := range signature {
			signature[i] ^= 1
			if Verify(key, message, signature) {
				t.Errorf("vector %s: byte %d of the signature does not matter", row[0], i)
			}
			signature[i] ^= 1
			if i >= 32 {
				break
			}
		}
		if Verify(key, append(message, 0), signature) {
			t.Errorf("vector %s: a longer message", row[0])
		}
	}
	if len(rows) < 20 || valid < 5 {
		t.Errorf("%d vectors, %d of them valid", len(rows)-1, valid)
	}
}

func TestSizes(t *testing.T) {
	if Verify(make([]byte, 31), nil, make([]byte, 64)) || Verify(make([]byte, 32), nil, make([]byte, 65)) {
		t.Error("wrong sizes")
	}
}

func TestHashIsSHA256(t *testing.T) {
	for length := 0; length < 200; length++ {
		bytes := make([]byte, length)
		for i := range bytes {
			bytes[i] = byte(i * 7)
		}
		expected := sha256.Sum256(bytes)
		words := hashOf(hashStart, 0, bytes)
		for i, word := range words {
			if want := new(big.Int).SetBytes(expected[4*i : 4*i+4]).Uint64(); uint64(word) != want {
				t.Fatalf("length %d, word %d", length, i)
			}
		}
	}
}

func TestRootOfSquares(t *testing.T) {
	for i := uint32(1); i < 30; i++ {
		square := number{i, i * 77, 3}
		square.square(1)
		root := square
		root.root()
		root.square(1)
		if root != square {
			t.Fatal(i)
		}
	}
}

// times is k G by additions alone.
func times(k int) point {
	out := point{infinity: true}
	for ; k > 0; k-- {
		out.add(&generator)
	}
	return out
}

func same(a, b point) bool {
	return a.infinity == b.infinity && (a.infinity || a.words == b.words)
}

// Every case of an addition: infinity on either side, a point and itself, a point and its negative.
func TestAdditionIsComplete(t *testing.T) {
	minus := func(k int) point {
		out := times(k)
		y := *(*number)(out.words[8:])
		y.subtractFrom(&fieldPrime)
		copy(out.words[8:], y[:])
		return out
	}
	for k := 1; k < 6; k++ {
		sum, double := times(k), times(k)
		sum.add(&double)
		double.double()
		if !same(sum, times(2*k)) || !same(double, times(2*k)) {
			t.Errorf("%d G twice", k)
		}
		negative := minus(k)
		sum = times(k)
		sum.add(&negative)
		if !sum.infinity {
			t.Errorf("%d G less itself", k)
		}
		sum.add(&negative)
		if !same(sum, negative) {
			t.Errorf("0 less %d G", k)
		}
		sum.add(&point{infinity: true})
		sum.double()
		twice := minus(2 * k)
		if !same(sum, twice) {
			t.Errorf("0 less %d G, twice", k)
		}
	}
}

// Keys that are small multiples of the generator, so that sums meet every case of an addition on the way.
func TestCombine(t *testing.T) {
	last := groupOrder
	last[0]--
	for k := 1; k < 4; k++ {
		key := times(k)
		for a := uint32(0); a < 6; a++ {
			for b := uint32(0); b < 6; b++ {
				if got := combine(&number{a}, &number{b}, &key); !same(got, times(int(a)+k*int(b))) {
					t.Fatalf("%d G + %d (%d G)", a, b, k)
				}
			}
		}
		// (order - 1) G + k G = (k - 1) G, and the other way round for k = 1.
		if got := combine(&last, &number{1}, &key); !same(got, times(k-1)) {
			t.Errorf("-G + %d G", k)
		}
		if got := combine(&number{uint32(k)}, &last, &key); !got.infinity {
			t.Errorf("%d G - %d G", k, k)
		}
	}
}

// The parts of a number add up to it, and are short.
func TestSplit(t *testing.T) {
	seed := sha256.Sum256([]byte("split"))
	for i := 0; i < 2000; i++ {
		seed = sha256.Sum256(seed[:])
		k := fromBytes(seed[:])
		switch i % 4 {
		case 1:
			k = number{k[0], k[1], k[2], k[3]}
		case 2:
			k = number{uint32(i)}
		case 3:
			k[1], k[2], k[6], k[7] = 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff
		}
		k.multiply(&one, &groupOrder)
		if i%4 == 2 && i%3 == 0 {
			k.subtractFrom(&groupOrder)
		}
		if !k.isBelow(&groupOrder) {
			continue
		}
		parts, signs := k.split()
		for j := range parts {
			if parts[j][4] > 1 || parts[j][5]|parts[j][6]|parts[j][7] != 0 {
				t.Fatalf("part %d of %x is %x", j, k, parts[j])
			}
			if signs[j] {
				parts[j].subtractFrom(&groupOrder)
			}
		}
		sum := parts[1]
		sum.multiply(&lambda, &groupOrder)
		sum.add(&parts[0], &groupOrder)
		if sum != k {
			t.Fatalf("%x: the parts make %x", k, sum)
		}
	}
}
