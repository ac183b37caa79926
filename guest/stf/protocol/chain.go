// SPDX-License-Identifier: MIT

package protocol

import (
	"bowline/stf/bitcoin"
	"bowline/stf/codec"
	"bowline/stf/hash"
)

// How the chain of seals stands.
const (
	SealsOpen  = 1
	SealsOther = 2 // an anchor named another history's batch: nothing of this one is sealed any more
	SealsEnded = 3 // a seal was spent to no next one
)

// Chain is what holds for the layer 2 as a whole: the chain of seals (section 8) and which program is due (rule B13).
type Chain struct {
	Seal        bitcoin.OutPoint // the one that is not spent yet, as far as the program was shown
	Seals       uint8
	SealedBatch uint64
	SealHeight  uint32 // of the anchor that seals it

	Program          [32]byte // that took over last; zero: that of genesis
	Announced        [32]byte // the next one; zero: none
	Announcements    uint32   // of all time, cancellations too
	Delay            uint32   // blocks, from the anchor that seals the announcement
	AnnouncedBatch   uint64
	ActivationHeight uint32 // zero until the announcement is sealed
	ActivationBatch  uint64 // zero until that height is confirmed
}

func (c *Chain) write(w *codec.Writer) {
	w.Bytes(c.Seal[:])
	w.U8(c.Seals)
	w.U64(c.SealedBatch)
	w.U32(c.SealHeight)
	w.Bytes(c.Program[:])
	w.Bytes(c.Announced[:])
	w.U32(c.Announcements)
	w.U32(c.Delay)
	w.U64(c.AnnouncedBatch)
	w.U32(c.ActivationHeight)
	w.U64(c.ActivationBatch)
}

func (c *Chain) read(r *codec.Reader) {
	copy(c.Seal[:], r.Bytes(36))
	c.Seals, c.SealedBatch, c.SealHeight = readStatus(r, SealsEnded), r.U64(), r.U32()
	c.Program, c.Announced = r.Array32(), r.Array32()
	c.Announcements, c.Delay, c.AnnouncedBatch = r.U32(), r.U32(), r.U64()
	c.ActivationHeight, c.ActivationBatch = r.U32(), r.U64()
}

// Holds nothing.
func (*Chain) Holds() uint64 { return 0 }

// IsAnnounced tells whether a program waits to take over.
func (c *Chain) IsAnnounced() bool { return c.Announced != [32]byte{} }

// Batch is an earlier batch of this history, as an anchor has to name it.
type Batch struct {
	Hash     [32]byte
	L1Height uint32
	L1Hash   [32]byte
}

func (b *Batch) write(w *codec.Writer) {
	w.Bytes(b.Hash[:])
	w.U32(b.L1Height)
	w.Bytes(b.L1Hash[:])
}

func (b *Batch) read(r *codec.Reader) {
	b.Hash, b.L1Height, b.L1Hash = r.Array32(), r.U32(), r.Array32()
}

// Holds nothing.
func (*Batch) Holds() uint64 { return 0 }

// Commitment is what an anchor says.
type Commitment struct {
	Number uint32
	Batch  Batch
}

const commitmentSize = 78

// commitmentStart is OP_RETURN and a push of the commitment's size, then what every commitment begins with: "BWLS",
// version 1, type 1.
var commitmentStart = [9]byte{0x6a, 0x4c, commitmentSize, 'B', 'W', 'L', 'S', 1, 1}

// ReadCommitment reads a whole output script; ok is false when it is no commitment.
func ReadCommitment(script []byte) (c Commitment, ok bool) {
	var start [9]byte
	copy(start[:], script)
	if len(script) != 3+commitmentSize || start != commitmentStart {
		return c, false
	}
	r := codec.NewReader(script[len(start):])
	c.Number, c.Batch.L1Height, c.Batch.L1Hash, c.Batch.Hash = r.U32(), r.U32(), r.Array32(), r.Array32()
	return c, r.Done()
}

// leastSeal is what nodes take for no dust: P2TR.
const leastSeal = 330

// NextSeal tells whether the transaction spends the seal to a next one; otherwise the chain of seals ends with it.
// Whether sequencer or committee signed is not seen without witness, and does not matter: both may move a seal.
func (p *Params) NextSeal(tx *bitcoin.Transaction, seal bitcoin.OutPoint) (next bitcoin.OutPoint, ok bool) {
	script := make([]byte, 34)
	script[0], script[1] = 0x51, 0x20
	copy(script[2:], p.SealKey[:])
	out := &tx.Outputs[0]
	goesOn := tx.Inputs[0] == seal && string(out.Script) == string(script) && out.Value >= leastSeal
	return bitcoin.MakeOutPoint(tx.Txid, 0), goesOn
}

var tagProgram = hash.BowlineTag("program")

// ProgramMessage is what the committee signs to announce a program, or to take an announcement back.
func ProgramMessage(chainID [32]byte, tx *ProgramTx) [32]byte {
	return tagProgram.Sum(chainID[:], HeightID(tx.Number), tx.Program[:], HeightID(tx.Delay))
}
