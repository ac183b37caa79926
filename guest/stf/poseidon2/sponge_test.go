// SPDX-License-Identifier: MIT

package poseidon2

import "testing"

func TestDigestsWithWordsAtTheModulusAreRefused(t *testing.T) {
	good := Sponge(TagKey, []uint32{1, 2, 3}).Encode()
	if _, ok := Decode(good); !ok {
		t.Error("a digest was refused")
	}
	bad := good
	copy(bad[28:], []byte{0x01, 0x00, 0x00, 0x7f})
	if _, ok := Decode(bad); ok {
		t.Error("a word equal to the modulus was taken")
	}
}
