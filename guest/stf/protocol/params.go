// SPDX-License-Identifier: MIT

// Package protocol holds the encodings and hashes of docs/protocol.md: parameters, headers, bodies, objects
// of the state, transactions and statements. It decides nothing.
package protocol

import (
	"bowline/stf/bitcoin"
	"bowline/stf/codec"
	"bowline/stf/hash"
)

// Limits of the protocol.
const (
	MaxScript           = 34
	MaxTransactionBytes = 131_072
	MaxTransactions     = 65_535 // of a body
	GasLimit            = 4_000_000
	MaxDelay            = 1_000_000 // blocks until a program takes over
	maxDepth            = 100
	maxDenominations    = 16
	maxLockBlocks       = 65_535 // of a relative lock time (BIP68)
	networkRegtest      = 3
)

var tagParams = hash.BowlineTag("params")

// Params defines one layer 2.
type Params struct {
	CommitteeKey     [32]byte
	SequencerKey     [32]byte
	FirstSeal        bitcoin.OutPoint
	SealKey          [32]byte // of every seal's output
	Depth            uint32
	PayWindow        uint32
	ReclaimMargin    uint32
	RefundBlocks     uint32
	Denominations    []uint64
	MinWithdrawal    uint64
	OperatorStake    uint64
	BondBps          uint32
	MinFee           uint64
	CheckpointHeight uint32
	CheckpointHeader [80]byte
	CheckpointWork   bitcoin.Uint256
	EpochStartTime   uint32
	LastTimes        [11]uint32
	GenesisTime      uint64

	ChainID [32]byte // hash of the encoding
}

// ParseParams reads the canonical encoding and refuses parameters that no network may have.
func ParseParams(encoding []byte) (*Params, error) {
	r := codec.NewReader(encoding)
	p := &Params{}
	version, network := r.U16(), r.U8()
	p.CommitteeKey = r.Array32()
	r.Bytes(64) // hashes of the lists of members and operators: for clients
	p.SequencerKey = r.Array32()
	copy(p.FirstSeal[:], r.Bytes(36))
	p.SealKey = r.Array32()
	p.Depth, p.PayWindow, p.ReclaimMargin = r.U32(), r.U32(), r.U32()
	takeBlocks := uint32(0)
	p.RefundBlocks, takeBlocks = r.U32(), r.U32()
	for count := r.U8(); count > 0 && !r.Failed(); count-- {
		p.Denominations = append(p.Denominations, r.Amount())
	}
	for i := 0; i < 5; i++ {
		r.Amount() // values and fees of the bridge's transactions
	}
	p.MinWithdrawal, p.OperatorStake = r.Amount(), r.Amount()
	p.BondBps, p.MinFee = r.U32(), r.Amount()
	p.CheckpointHeight, p.CheckpointHeader = r.U32(), r.Array80()
	p.CheckpointWork = bitcoin.Uint256FromBytes(r.Array32())
	p.EpochStartTime = r.U32()
	for i := range p.LastTimes {
		p.LastTimes[i] = r.U32()
	}
	p.GenesisTime = r.U64()
	locks := p.RefundBlocks > 0 && p.RefundBlocks <= maxLockBlocks && takeBlocks > 0 && takeBlocks <= maxLockBlocks
	// Rule A1: while the signers' veto stands in for the disproof, only regtest.
	if !r.Done() || version != 1 || network != networkRegtest || !locks || !p.sensible() {
		return nil, codec.Malformed("params")
	}
	p.ChainID = tagParams.Sum(encoding)
	return p, nil
}

func (p *Params) sensible() bool {
	if p.Depth == 0 || p.Depth > maxDepth || p.PayWindow == 0 || p.BondBps > 10_000 {
		return false
	}
	if len(p.Denominations) == 0 || len(p.Denominations) > maxDenominations || p.Denominations[0] == 0 {
		return false
	}
	for i := 1; i < len(p.Denominations); i++ {
		if p.Denominations[i] <= p.Denominations[i-1] {
			return false
		}
	}
	return p.LastTimes[0] == bitcoin.ParseHeader(p.CheckpointHeader).Time
}

// IsDenomination tells whether a vault may have this value.
func (p *Params) IsDenomination(value uint64) bool {
	for _, denomination := range p.Denominations {
		if value == denomination {
			return true
		}
	}
	return false
}

// Bond is amount * bps / 10000, rounded up, without leaving 64 bits on the way.
func (p *Params) Bond(amount uint64) uint64 {
	bps := uint64(p.BondBps)
	return amount/10_000*bps + (amount%10_000*bps+9_999)/10_000
}

// LeastDelay is how many blocks pass at least between an announcement and its program's first batch: enough for a deposit
// that was just begun to be minted or refunded, and then to leave, also when the first operator does not pay.
func (p *Params) LeastDelay() uint32 {
	least := uint64(p.RefundBlocks) + 2*(uint64(p.PayWindow)+uint64(p.Depth)+uint64(p.ReclaimMargin))
	if least > MaxDelay {
		return MaxDelay
	}
	return uint32(least)
}

// Rules are the difficulty rules of the network.
func (p *Params) Rules() bitcoin.Rules { return bitcoin.Regtest }

// SequencerSet is the hash in the header's seq_set.
func (p *Params) SequencerSet() [32]byte {
	return hash.Domain(hash.DomainSequencerSet, p.SequencerKey[:])
}

// Proposer is the sequencer's short name in the header.
func (p *Params) Proposer() (out [20]byte) {
	full := hash.Domain(hash.DomainAddress, p.SequencerKey[:])
	copy(out[:], full[:])
	return out
}
