// SPDX-License-Identifier: MIT

package bitcoin

import (
	"encoding/hex"
	"testing"
)

func decode80(t *testing.T, text string) (out [80]byte) {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != 80 {
		t.Fatal("bad header in the test")
	}
	copy(out[:], raw)
	return out
}

// Blocks 0 and 1 of the main network.
const (
	mainGenesis = "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b" +
		"12b27ac72c3e" +
		"67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c"
	mainFirst = "010000006fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000982051fd1e4b" +
		"a744bbbe680e1f" +
		"ee14677ba1a3c3540bf7b1cdb606e857233e0e61bc6649ffff001d01e36299"
)

func genesisState(t *testing.T) ChainState {
	h := ParseHeader(decode80(t, mainGenesis))
	return ChainState{
		Hash: h.Hash, Work: work(h.Bits), Bits: h.Bits, EpochStart: h.Time, Times: [11]uint32{h.Time},
	}
}

func TestFirstBlockOfTheMainNetworkFollows(t *testing.T) {
	state := genesisState(t)
	first := ParseHeader(decode80(t, mainFirst))
	if reason := state.Check(first, Main); reason != "" {
		t.Fatal(reason)
	}
	next := state.Next(first)
	if next.Height != 1 || next.Work != (Uint256{0x200020002}) {
		t.Errorf("height %d, work %x", next.Height, next.Work)
	}
	if reason := next.Check(first, Main); reason != BadLink {
		t.Errorf("a block that follows itself: %q", reason)
	}
}

func TestHeadersThatBreakARule(t *testing.T) {
	state := genesisState(t)
	raw := decode80(t, mainFirst)
	change := func(at int, value byte) Header {
		copied := raw
		copied[at] = value
		return ParseHeader(copied)
	}
	if reason := state.Check(change(4, 0), Main); reason != BadLink {
		t.Errorf("other parent: %q", reason)
	}
	if reason := state.Check(change(74, 0x7f), Main); reason != BadBits {
		t.Errorf("other difficulty: %q", reason)
	}
	if reason := state.Check(change(76, 0), Main); reason != BadWork {
		t.Errorf("other nonce: %q", reason)
	}
	late := state
	late.Times = [11]uint32{1231469665, 1231469666, 1231469664} // the median is the header's own time
	if reason := late.Check(ParseHeader(raw), Main); reason != BadTime {
		t.Errorf("time not after the median: %q", reason)
	}
}

// Retargets of the main network, as Bitcoin's own tests have them.
func TestRetarget(t *testing.T) {
	for _, c := range []struct {
		height, start, last, bits, want uint32
	}{
		{32255, 1261130161, 1262152739, 0x1d00ffff, 0x1d00d86a},
		{2015, 1231006505, 1233061996, 0x1d00ffff, 0x1d00ffff},
		{68543, 1279008237, 1279297671, 0x1c05a3f4, 0x1c0168fd},
		{46367, 1263163443, 1269211443, 0x1c387f6f, 0x1d00e1fd},
	} {
		state := ChainState{Height: c.height, Bits: c.bits, EpochStart: c.start, Times: [11]uint32{c.last}}
		if got := state.nextBits(Main); got != c.want {
			t.Errorf("after %d: %08x, want %08x", c.height, got, c.want)
		}
		state.Height++
		if got := state.nextBits(Main); got != c.bits {
			t.Errorf("in a period the difficulty moved to %08x", got)
		}
		state.Height--
		if got := state.nextBits(Regtest); got != c.bits {
			t.Errorf("regtest moved to %08x", got)
		}
	}
}

func TestCompactTargets(t *testing.T) {
	for _, bits := range []uint32{0, 0x01003456, 0x01fedcba, 0x04923456, 0xff123456, 0x22000100, 0x01800000} {
		if target, ok := targetOf(bits); ok {
			t.Errorf("%08x was taken as %x", bits, target)
		}
	}
	for _, bits := range []uint32{
		0x01120000, 0x02123400, 0x03123456, 0x04123456, 0x05009234, 0x20123456, 0x207fffff,
	} {
		target, ok := targetOf(bits)
		if !ok || compact(target) != bits {
			t.Errorf("%08x came back as %08x", bits, compact(target))
		}
	}
	if work(0x207fffff) != (Uint256{2}) {
		t.Errorf("work of regtest: %x", work(0x207fffff))
	}
}

func TestMedianOfFewTimes(t *testing.T) {
	state := ChainState{Times: [11]uint32{30, 10, 20}}
	if state.medianTime() != 20 {
		t.Error(state.medianTime())
	}
	state.Times = [11]uint32{30, 10}
	if state.medianTime() != 30 {
		t.Error(state.medianTime())
	}
	state.Times = [11]uint32{1, 11, 2, 10, 3, 9, 4, 8, 5, 7, 6}
	if state.medianTime() != 6 {
		t.Error(state.medianTime())
	}
}

func TestTransactionsWithWitnessOrWithoutInputsAreRefused(t *testing.T) {
	raw, _ := hex.DecodeString("0200000001" +
		"0000000000000000000000000000000000000000000000000000000000000000" +
		"ffffffff" + "0151" + "ffffffff" + "01" + "00f2052a01000000" + "0151" + "00000000")
	tx, ok := ParseTransaction(raw)
	if !ok || !tx.IsCoinbase() || tx.Outputs[0].Value != 5_000_000_000 {
		t.Fatal("a coinbase was refused")
	}
	for cut := range raw {
		if _, ok := ParseTransaction(raw[:cut]); ok {
			t.Errorf("%d bytes were taken", cut)
		}
	}
	if _, ok := ParseTransaction(append(append([]byte(nil), raw...), 0)); ok {
		t.Error("a trailing byte was taken")
	}
	segwit := append(append([]byte(nil), raw[:4]...), 0, 1)
	if _, ok := ParseTransaction(append(segwit, raw[4:]...)); ok {
		t.Error("the form with witness was taken")
	}
}

func TestMerklePaths(t *testing.T) {
	a, b := [32]byte{1}, [32]byte{2}
	if _, ok := RootOfPath(a, 1, [][32]byte{a}); ok {
		t.Error("a repeated last node was taken as a place of its own")
	}
	if _, ok := RootOfPath(a, 2, [][32]byte{b}); ok {
		t.Error("an index beyond the depth was taken")
	}
	if _, ok := RootOfPath(a, 0, make([][32]byte, 18)); ok {
		t.Error("a path deeper than any block was taken")
	}
	left, _ := RootOfPath(a, 0, [][32]byte{b})
	right, _ := RootOfPath(b, 1, [][32]byte{a})
	if left != right {
		t.Error("two leaves of one tree lead to different roots")
	}
}
