// SPDX-License-Identifier: MIT

package transition

import (
	"bowline/stf/bitcoin"
	"bowline/stf/codec"
	"bowline/stf/hash"
	"bowline/stf/poseidon2"
	"bowline/stf/protocol"
	"bowline/stf/smt"
)

// Input of a run on a batch.
type Input struct {
	Params   *protocol.Params
	Previous *protocol.Header
	Time     uint64
	Body     *protocol.Body
	Tree     *smt.Tree
	Propose  bool // leave out what cannot be applied instead of refusing the batch
}

// Rejection is a transaction that a proposal left out.
type Rejection struct {
	Index  uint32
	Reason string
}

// Outcome of a run.
type Outcome struct {
	Header    protocol.Header
	Receipts  []protocol.Receipt
	Changes   []Change
	Rejected  []Rejection
	Statement protocol.Statement
}

// BadTransaction says which transaction makes the batch invalid.
type BadTransaction struct {
	Index  uint32
	Reason string
}

func (b BadTransaction) Error() string { return b.Reason }

// Genesis is batch 0: the checkpoint and empty counters, from the parameters alone.
func Genesis(params *protocol.Params) (*Outcome, error) {
	m := &machine{params: params, tree: &smt.Tree{}, position: make(map[poseidon2.Digest]int)}
	header := bitcoin.ParseHeader(params.CheckpointHeader)
	m.view = &protocol.L1View{TipHeight: params.CheckpointHeight, TipHash: header.Hash}
	m.view.Confirmed = bitcoin.ChainState{
		Height: params.CheckpointHeight, Hash: header.Hash, Work: params.CheckpointWork, Bits: header.Bits,
		EpochStart: params.EpochStartTime, Times: params.LastTimes,
	}
	counters := &protocol.Counters{}
	if err := m.putView(); err != nil {
		return nil, err
	}
	if err := m.putBlock(m.view.Confirmed); err != nil {
		return nil, err
	}
	key := protocol.StateKey(protocol.KindCounters, nil)
	if err := m.put(Change{key, protocol.KindCounters, nil, protocol.EncodeObject(counters)}); err != nil {
		return nil, err
	}
	chain := &protocol.Chain{Seal: params.FirstSeal, Seals: protocol.SealsOpen}
	key = protocol.StateKey(protocol.KindChain, nil)
	if err := m.put(Change{key, protocol.KindChain, nil, protocol.EncodeObject(chain)}); err != nil {
		return nil, err
	}
	out := &Outcome{}
	previous := &protocol.Header{}
	body := &protocol.Body{Keep: params.CheckpointHeight}
	out.Header = protocol.Header{ChainID: params.ChainID, Time: params.GenesisTime}
	m.finish(out, previous, body, ends{counters, chain}, 0)
	out.Statement.GenesisHash = out.Header.Hash()
	return out, nil
}

// Run applies a batch.
func Run(in *Input) (*Outcome, error) {
	if in.Previous.ChainID != in.Params.ChainID || in.Tree.Root().Encode() != in.Previous.StateRoot {
		return nil, codec.Malformed("previous header, parameters and state do not belong together")
	}
	if in.Time <= in.Previous.Time {
		return nil, Reason("time-not-later")
	}
	height, ok := codec.Add(in.Previous.Height, 1)
	if !ok {
		return nil, Reason("overflow")
	}
	m := &machine{params: in.Params, tree: in.Tree, batch: height, position: make(map[poseidon2.Digest]int)}
	if err := m.loadView(); err != nil {
		return nil, err
	}
	parent := in.Previous.Hash()
	if err := m.recordParent(in.Previous, parent); err != nil {
		return nil, err
	}
	if err := m.follow(in.Body.Keep, in.Body.Headers); err != nil {
		return nil, err
	}
	if err := m.takeOver(); err != nil {
		return nil, err
	}
	before, err := (&scope{machine: m}).counters()
	if err != nil {
		return nil, err
	}
	out := &Outcome{}
	applied := &protocol.Body{Keep: in.Body.Keep, Headers: in.Body.Headers}
	if err := m.applyAll(in, out, applied); err != nil {
		return nil, err
	}
	after, err := m.ends()
	if err != nil {
		return nil, err
	}
	genesis, err := Genesis(in.Params)
	if err != nil {
		return nil, err
	}
	out.Header = protocol.Header{ChainID: in.Params.ChainID, Height: height, Time: in.Time}
	out.Header.Parent = parent
	m.finish(out, in.Previous, applied, after, after.counters.Fees-before.Fees)
	out.Statement.GenesisHash = genesis.Header.Hash()
	return out, nil
}

// applyAll applies the transactions in order and collects those that count in applied.
func (m *machine) applyAll(in *Input, out *Outcome, applied *protocol.Body) error {
	var gas uint64
	for i, encoding := range in.Body.Transactions {
		index := uint32(len(applied.Transactions))
		var receipt protocol.Receipt
		var err error
		if gas+uint64(len(encoding)) > protocol.GasLimit {
			err = Reason("batch-full")
		} else {
			receipt, err = m.apply(encoding, index)
		}
		if reason, refused := err.(Reason); refused {
			if !in.Propose {
				return BadTransaction{index, string(reason)}
			}
			out.Rejected = append(out.Rejected, Rejection{uint32(i), string(reason)})
			continue
		}
		if err != nil {
			return err
		}
		gas += uint64(len(encoding))
		out.Receipts = append(out.Receipts, receipt)
		applied.Transactions = append(applied.Transactions, encoding)
	}
	return nil
}

// ends is what the header and the statement say of the state after the batch.
type ends struct {
	counters *protocol.Counters
	chain    *protocol.Chain
}

// ends reads them, after the last thing that a batch does.
func (m *machine) ends() (out ends, err error) {
	s := &scope{machine: m}
	if out.counters, err = s.counters(); err != nil {
		return out, err
	}
	if out.chain, err = s.chain(); err != nil {
		return out, err
	}
	return out, s.makeDue(out.chain)
}

// finish fills in the header's commitments and the statement.
func (m *machine) finish(out *Outcome, previous *protocol.Header, body *protocol.Body,
	after ends, fees uint64) {
	h, counters := &out.Header, after.counters
	var transactions, receipts [][32]byte
	for i := range out.Receipts {
		transactions = append(transactions, out.Receipts[i].Transaction)
		receipts = append(receipts, out.Receipts[i].Hash())
	}
	for _, encoding := range body.Transactions {
		h.GasUsed += uint64(len(encoding))
	}
	h.L1Height, h.L1Hash = m.view.Confirmed.Height, m.view.Confirmed.Hash
	h.TxsRoot, h.ReceiptsRoot = hash.ListRoot(transactions), hash.ListRoot(receipts)
	h.StateRoot = m.tree.Root().Encode()
	h.InboxAcc, h.InboxCount = counters.InboxAcc, counters.InboxCount
	h.OutboxAcc, h.OutboxCount = counters.Outbox.Root(protocol.OutboxTree), counters.Outbox.Count
	h.SeqSet, h.NextSeqSet = m.params.SequencerSet(), m.params.SequencerSet()
	h.DaHash, h.Proposer = protocol.DaHash(body.Encode()), m.params.Proposer()
	h.GasLimit, h.BaseFee = protocol.GasLimit, m.params.MinFee
	out.Changes = m.changes
	out.Statement = protocol.Statement{
		Previous: previous, Header: h, Fees: fees,
		ClaimsRoot: counters.Claims.Root(protocol.ClaimsTree), ClaimsCount: counters.Claims.Count,
		L1Work: m.view.Confirmed.Work.Bytes(), Chain: after.chain,
	}
}
