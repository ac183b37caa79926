// SPDX-License-Identifier: MIT

package protocol

import (
	"bowline/stf/codec"
	"bowline/stf/hash"
)

// HeaderSize is the length of a batch header.
const HeaderSize = 438

// Header of a batch.
type Header struct {
	ChainID      [32]byte
	Height       uint64
	Time         uint64
	Parent       [32]byte
	L1Height     uint32
	L1Hash       [32]byte
	TxsRoot      [32]byte
	ReceiptsRoot [32]byte
	StateRoot    [32]byte
	InboxAcc     [32]byte
	InboxCount   uint64
	OutboxAcc    [32]byte
	OutboxCount  uint64
	SeqSet       [32]byte
	NextSeqSet   [32]byte
	DaHash       [32]byte
	Proposer     [20]byte
	GasUsed      uint64
	GasLimit     uint64
	BaseFee      uint64
}

// Encode is the header as it is hashed and signed.
func (h *Header) Encode() []byte {
	var w codec.Writer
	w.U16(1)
	w.Bytes(h.ChainID[:])
	w.U64(h.Height)
	w.U32(0) // epoch
	w.U64(h.Time)
	w.Bytes(h.Parent[:])
	w.U32(h.L1Height)
	for _, field := range [][32]byte{h.L1Hash, h.TxsRoot, h.ReceiptsRoot, h.StateRoot, h.InboxAcc} {
		w.Bytes(field[:])
	}
	w.U64(h.InboxCount)
	w.Bytes(h.OutboxAcc[:])
	w.U64(h.OutboxCount)
	for _, field := range [][32]byte{h.SeqSet, h.NextSeqSet, h.DaHash} {
		w.Bytes(field[:])
	}
	w.Bytes(h.Proposer[:])
	w.U64(h.GasUsed)
	w.U64(h.GasLimit)
	w.U64(h.BaseFee)
	return w.Out
}

// ReadHeader reads a header.
func ReadHeader(r *codec.Reader) (h Header) {
	if r.U16() != 1 {
		r.Fail()
	}
	h.ChainID, h.Height = r.Array32(), r.U64()
	if r.U32() != 0 {
		r.Fail()
	}
	h.Time, h.Parent = r.U64(), r.Array32()
	h.L1Height, h.L1Hash = r.U32(), r.Array32()
	h.TxsRoot, h.ReceiptsRoot, h.StateRoot = r.Array32(), r.Array32(), r.Array32()
	h.InboxAcc, h.InboxCount = r.Array32(), r.U64()
	h.OutboxAcc, h.OutboxCount = r.Array32(), r.U64()
	h.SeqSet, h.NextSeqSet, h.DaHash = r.Array32(), r.Array32(), r.Array32()
	copy(h.Proposer[:], r.Bytes(20))
	h.GasUsed, h.GasLimit, h.BaseFee = r.U64(), r.U64(), r.U64()
	return h
}

// Hash names the batch.
func (h *Header) Hash() [32]byte { return hash.Domain(hash.DomainHeader, h.Encode()) }

// Body is what a batch brings.
type Body struct {
	Keep         uint32     // the last Bitcoin header that stays
	Headers      [][80]byte // that follow it
	Transactions [][]byte
}

// ParseBody reads the form; transactions stay opaque.
func ParseBody(encoding []byte) (*Body, error) {
	r := codec.NewReader(encoding)
	b := &Body{Keep: r.U32()}
	for count := r.U16(); count > 0 && !r.Failed(); count-- {
		b.Headers = append(b.Headers, r.Array80())
	}
	count := r.U32()
	if count > MaxTransactions {
		r.Fail()
	}
	for ; count > 0 && !r.Failed(); count-- {
		b.Transactions = append(b.Transactions, r.Sized(MaxTransactionBytes))
	}
	if !r.Done() {
		return nil, codec.Malformed("body")
	}
	return b, nil
}

// Encode is the body as the header commits to it.
func (b *Body) Encode() []byte {
	var w codec.Writer
	w.U32(b.Keep)
	w.U16(uint16(len(b.Headers)))
	for i := range b.Headers {
		w.Bytes(b.Headers[i][:])
	}
	w.U32(uint32(len(b.Transactions)))
	for _, transaction := range b.Transactions {
		w.Sized(transaction)
	}
	return w.Out
}

// DaHash commits to an encoded body.
func DaHash(body []byte) [32]byte { return hash.Domain(hash.DomainBody, body) }

// Receipt is what is left of an applied transaction.
type Receipt struct {
	Transaction [32]byte
	Kind        uint8
	Fee         uint64
	Reference   uint64
}

// Encode is the receipt as it is hashed and reported.
func (r *Receipt) Encode() []byte {
	var w codec.Writer
	w.Bytes(r.Transaction[:])
	w.U8(r.Kind)
	w.U64(r.Fee)
	w.U64(r.Reference)
	return w.Out
}

// Hash is the receipt's place in the receipts root.
func (r *Receipt) Hash() [32]byte { return hash.Domain(hash.DomainReceipt, r.Encode()) }
