// SPDX-License-Identifier: MIT

package protocol

import "bowline/stf/codec"

// Statement is the public values of one run (docs/protocol.md, section 5).
type Statement struct {
	Previous    *Header // of the batch before; of genesis, a header of zeros
	Header      *Header
	ClaimsRoot  [32]byte
	ClaimsCount uint64
	L1Work      [32]byte
	Fees        uint64
	GenesisHash [32]byte
	Chain       *Chain
}

// Encode is what goes to descriptor 3.
func (s *Statement) Encode() []byte {
	var w codec.Writer
	var zero [32]byte
	hashes := func(all ...[32]byte) {
		for i := range all {
			w.Bytes(all[i][:])
		}
	}
	h, p := s.Header, s.Previous
	w.U16(1)
	hashes(h.ChainID, zero) // no program id: not proven yet
	w.U64(h.Height)
	w.U64(h.Height)
	hashes(h.Parent, h.Hash(), p.StateRoot, h.StateRoot, p.InboxAcc, h.InboxAcc)
	w.U64(p.InboxCount)
	w.U64(h.InboxCount)
	hashes(p.OutboxAcc, h.OutboxAcc)
	w.U64(p.OutboxCount)
	w.U64(h.OutboxCount)
	hashes(s.ClaimsRoot)
	w.U64(s.ClaimsCount)
	w.U32(h.L1Height)
	hashes(h.L1Hash, s.L1Work, h.SeqSet, h.NextSeqSet, h.DaHash, zero) // no foreign roots
	w.U64(s.Fees)
	w.U32(0) // emission epoch
	w.U64(s.Chain.SealedBatch)
	hashes(s.GenesisHash, s.Chain.Announced)
	w.U64(s.Chain.ActivationBatch)
	return w.Out
}
