// SPDX-License-Identifier: MIT

package transition

import (
	"bowline/stf/codec"
	"bowline/stf/protocol"
)

// chain opens what holds for the layer 2 as a whole.
func (s *scope) chain() (*protocol.Chain, error) {
	e, err := s.open(protocol.KindChain, nil, &protocol.Chain{})
	if err != nil {
		return nil, err
	}
	if e.object == nil {
		return nil, codec.Malformed("chain")
	}
	return e.object.(*protocol.Chain), nil
}

// recordParent keeps what an anchor has to say of the batch before this one.
func (m *machine) recordParent(parent *protocol.Header, hash [32]byte) error {
	id := protocol.NumberID(parent.Height)
	value := protocol.EncodeObject(&protocol.Batch{Hash: hash, L1Height: parent.L1Height, L1Hash: parent.L1Hash})
	return m.put(Change{protocol.StateKey(protocol.KindBatch, id), protocol.KindBatch, id, value})
}

// seal follows the chain of seals by one confirmed spend, and takes a batch of this history for sealed that it names
// (rule A2). reference is the newest sealed batch.
func (s *scope) seal(payload *protocol.SealTx) (reference uint64, err error) {
	chain, err := s.chain()
	if err != nil {
		return 0, err
	}
	if chain.Seals != protocol.SealsOpen {
		return 0, Reason("seal-chain-ended")
	}
	tx, err := s.proven(&payload.Anchor)
	if err != nil {
		return 0, err
	}
	if !tx.Spends(chain.Seal) {
		return 0, Reason("seal-not-spent")
	}
	next, goesOn := s.params.NextSeal(tx, chain.Seal)
	if !goesOn {
		chain.Seals = protocol.SealsEnded
		return chain.SealedBatch, nil
	}
	chain.Seal = next
	if len(tx.Outputs) < 2 {
		return chain.SealedBatch, nil
	}
	if said, ok := protocol.ReadCommitment(tx.Outputs[1].Script); ok {
		err = s.hold(chain, &said, payload.Anchor.Height)
	}
	return chain.SealedBatch, err
}

// hold holds an anchor in a block of that height against this history. A void one, whose batch rests on a block that is
// not below it, and one for no later batch say nothing.
func (s *scope) hold(chain *protocol.Chain, said *protocol.Commitment, height uint32) error {
	void, err := s.isVoid(said, height)
	if err != nil || void || uint64(said.Number) <= chain.SealedBatch {
		return err
	}
	if uint64(said.Number) >= s.batch {
		return Reason("seal-batch-to-come")
	}
	e, err := s.open(protocol.KindBatch, protocol.NumberID(uint64(said.Number)), &protocol.Batch{})
	if err != nil {
		return err
	}
	if e.object == nil {
		return codec.Malformed("batch")
	}
	if *e.object.(*protocol.Batch) != said.Batch {
		chain.Seals = protocol.SealsOther
		return nil
	}
	chain.SealedBatch, chain.SealHeight = uint64(said.Number), height
	startDelay(chain)
	return nil
}

// isVoid tells whether the block that the batch rests on is not on the chain below the anchor. Of blocks below the
// checkpoint the program knows nothing: no batch rests on one.
func (s *scope) isVoid(said *protocol.Commitment, height uint32) (bool, error) {
	if said.Batch.L1Height >= height || said.Batch.L1Height < s.params.CheckpointHeight {
		return true, nil
	}
	e, err := s.open(protocol.KindL1Block, protocol.HeightID(said.Batch.L1Height), &protocol.L1Block{})
	if err != nil {
		return false, err
	}
	return e.object == nil || e.object.(*protocol.L1Block).Hash != said.Batch.L1Hash, nil
}
