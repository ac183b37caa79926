// SPDX-License-Identifier: MIT

package bitcoin

import (
	"bowline/stf/codec"
	"bowline/stf/hash"
)

// Header is a block header taken apart.
type Header struct {
	Previous   [32]byte
	MerkleRoot [32]byte
	Time       uint32
	Bits       uint32
	Hash       [32]byte
}

// ParseHeader reads the 80 bytes of a header.
func ParseHeader(raw [80]byte) (out Header) {
	r := codec.NewReader(raw[:])
	r.U32() // version: signals soft forks, decides nothing here
	out.Previous, out.MerkleRoot = r.Array32(), r.Array32()
	out.Time, out.Bits = r.U32(), r.U32()
	out.Hash = hash.Double(raw[:])
	return out
}

// Rules are the difficulty rules of a network.
type Rules struct {
	PowLimit Uint256
	Retarget bool // every 2,016 blocks; otherwise the difficulty never changes
}

// Main and Regtest are the networks whose difficulty rules are known. Signet's solution and testnet4's
// 20-minute rule are not (rule A6): parameters that name those networks are refused.
var (
	Main    = Rules{Uint256{^uint64(0), ^uint64(0), ^uint64(0), 0x00000000ffffffff}, true}
	Regtest = Rules{Uint256{^uint64(0), ^uint64(0), ^uint64(0), 0x7fffffffffffffff}, false}
)

const (
	retargetInterval = 2016
	targetTimespan   = 14 * 24 * 60 * 60
)

// Reasons why a header may not follow.
const (
	BadLink = "l1-bad-link"
	BadBits = "l1-bad-bits"
	BadTime = "l1-bad-time"
	BadWork = "l1-bad-work"
)

// ChainState is a block and what is needed to judge the next one.
type ChainState struct {
	Height     uint32
	Hash       [32]byte
	Work       Uint256 // cumulative
	Bits       uint32
	EpochStart uint32     // time of the first block of the difficulty period
	Times      [11]uint32 // of the block and the 10 before it, newest first, 0 where none
}

// Next is the state after a header that was checked before.
func (s ChainState) Next(h Header) ChainState {
	out := ChainState{Height: s.Height + 1, Hash: h.Hash, Bits: h.Bits, EpochStart: s.EpochStart}
	out.Work = s.Work.Add(work(h.Bits))
	if out.Height%retargetInterval == 0 {
		out.EpochStart = h.Time
	}
	out.Times[0] = h.Time
	copy(out.Times[1:], s.Times[:10])
	return out
}

// Check is the reason why the header may not follow, or "".
func (s ChainState) Check(h Header, rules Rules) string {
	if h.Previous != s.Hash || s.Height == ^uint32(0) {
		return BadLink
	}
	if h.Bits != s.nextBits(rules) {
		return BadBits
	}
	if h.Time <= s.medianTime() {
		return BadTime
	}
	target, ok := targetOf(h.Bits)
	if !ok || rules.PowLimit.Less(target) || target.Less(Uint256FromBytes(h.Hash)) {
		return BadWork
	}
	return ""
}

// nextBits is the difficulty that the next header must have.
func (s ChainState) nextBits(rules Rules) uint32 {
	if !rules.Retarget || (s.Height+1)%retargetInterval != 0 {
		return s.Bits
	}
	span := int64(s.Times[0]) - int64(s.EpochStart)
	if span < targetTimespan/4 {
		span = targetTimespan / 4
	}
	if span > targetTimespan*4 {
		span = targetTimespan * 4
	}
	target, _ := targetOf(s.Bits)
	target = target.timesSmall(uint64(span)).overSmall(targetTimespan)
	if rules.PowLimit.Less(target) {
		target = rules.PowLimit
	}
	return compact(target)
}

// medianTime is the median of the known times (BIP113).
func (s ChainState) medianTime() uint32 {
	var sorted [11]uint32
	count := 0
	for _, time := range s.Times {
		if time == 0 {
			break
		}
		i := count
		for ; i > 0 && sorted[i-1] > time; i-- {
			sorted[i] = sorted[i-1]
		}
		sorted[i] = time
		count++
	}
	return sorted[count/2]
}

// targetOf reads the compact form; ok is false for zero, negative and overflowing ones.
func targetOf(compactBits uint32) (target Uint256, ok bool) {
	exponent, mantissa := uint(compactBits>>24), uint64(compactBits&0x7fffff)
	if compactBits&0x800000 != 0 || mantissa == 0 {
		return Uint256{}, false
	}
	if exponent <= 3 {
		target = Uint256{mantissa >> (8 * (3 - exponent))}
		return target, !target.isZero()
	}
	shift := 8 * (exponent - 3)
	target = Uint256{mantissa}.shiftLeft(shift)
	return target, shift < 256 && target.shiftRight(shift) == Uint256{mantissa}
}

func compact(target Uint256) uint32 {
	size := uint((target.bitLength() + 7) / 8)
	var mantissa uint64
	if size <= 3 {
		mantissa = target[0] << (8 * (3 - size))
	} else {
		mantissa = target.shiftRight(8 * (size - 3))[0]
	}
	if mantissa&0x800000 != 0 {
		mantissa >>= 8
		size++
	}
	return uint32(size)<<24 | uint32(mantissa)
}

// work is the expected number of hashes, 2^256 / (target + 1).
func work(compactBits uint32) Uint256 {
	target, ok := targetOf(compactBits)
	if !ok {
		return Uint256{}
	}
	one := Uint256{1}
	return target.not().over(target.Add(one)).Add(one)
}
