// SPDX-License-Identifier: MIT

package transition

import (
	"testing"

	"bowline/stf/bitcoin"
	"bowline/stf/codec"
	"bowline/stf/poseidon2"
	"bowline/stf/protocol"
	"bowline/stf/smt"
)

// The chain of seals and announced programs by the shortest way in; whole scenarios are in tests/unit/l2/tst_stf_seal and
// tst_stf_program.

type sealWorld struct {
	*testing.T
	*machine
	committee party
	tip       *block
	scope     *scope
}

func newSealWorld(t *testing.T) *sealWorld {
	w := &sealWorld{T: t, committee: newParty(20), tip: mineOn(nil, 0, nil)}
	params := &protocol.Params{
		CommitteeKey: w.committee.key, SequencerKey: [32]byte{9}, ChainID: [32]byte{1}, Depth: depth, PayWindow: payWindow,
		ReclaimMargin: margin, RefundBlocks: refundBlocks, FirstSeal: external("seal", 0, 0), SealKey: [32]byte{8},
		CheckpointHeight: w.tip.height(), CheckpointHeader: w.tip.header, LastTimes: w.tip.state.Times,
	}
	w.machine = &machine{params: params, tree: &smt.Tree{}, batch: 5, position: make(map[poseidon2.Digest]int)}
	genesis, err := Genesis(params)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range genesis.Changes {
		if err := w.put(change); err != nil {
			t.Fatal(err)
		}
	}
	for height := uint64(0); height < w.batch; height++ {
		parent := &protocol.Header{Height: height, L1Height: w.tip.height(), L1Hash: w.tip.state.Hash}
		if err := w.recordParent(parent, parent.Hash()); err != nil {
			t.Fatal(err)
		}
	}
	w.scope = &scope{machine: w.machine}
	return w
}

func (w *sealWorld) now() *protocol.Chain {
	chain, err := w.scope.chain()
	if err != nil {
		w.Fatal(err)
	}
	return chain
}

// anchor names a batch, as changed, and is confirmed.
func (w *sealWorld) anchor(number uint64, change func(*protocol.Commitment)) error {
	parent := &protocol.Header{Height: number, L1Height: w.params.CheckpointHeight}
	parent.L1Hash = bitcoin.ParseHeader(w.params.CheckpointHeader).Hash
	said := protocol.Commitment{Number: uint32(number)}
	said.Batch = protocol.Batch{Hash: parent.Hash(), L1Height: parent.L1Height, L1Hash: parent.L1Hash}
	if change != nil {
		change(&said)
	}
	script := codec.Writer{Out: []byte{0x6a, 0x4c, 78, 'B', 'W', 'L', 'S', 1, 1}}
	script.U32(said.Number)
	script.U32(said.Batch.L1Height)
	script.Bytes(said.Batch.L1Hash[:])
	script.Bytes(said.Batch.Hash[:])
	next := append([]byte{0x51, 0x20}, w.params.SealKey[:]...)
	spend := spendOf([]bitcoin.OutPoint{w.now().Seal}, bitcoin.Output{Value: 10_000, Script: next},
		bitcoin.Output{Script: script.Out})
	w.tip = mineOn(w.tip, 0, []*coin{spend})
	if err := w.putBlock(w.tip.state); err != nil {
		w.Fatal(err)
	}
	_, err := w.scope.seal(&protocol.SealTx{Anchor: w.tip.proof(0)})
	return err
}

func (w *sealWorld) expect(sealed uint64, seals uint8) {
	w.Helper()
	if now := w.now(); now.SealedBatch != sealed || now.Seals != seals {
		w.Errorf("sealed %d, status %d; should be %d and %d", now.SealedBatch, now.Seals, sealed, seals)
	}
}

func TestAnchorsSealBatchesOfThisHistory(t *testing.T) {
	w := newSealWorld(t)
	steps := []struct {
		number uint64
		change func(*protocol.Commitment)
		reason string
		sealed uint64
		seals  uint8
	}{
		{2, nil, "", 2, protocol.SealsOpen},
		{1, func(c *protocol.Commitment) { c.Batch.Hash[0] ^= 1 }, "", 2, protocol.SealsOpen},
		{4, func(c *protocol.Commitment) { c.Batch.L1Hash[0] ^= 1 }, "", 2, protocol.SealsOpen},
		{4, func(c *protocol.Commitment) { c.Batch.L1Height += 1_000 }, "", 2, protocol.SealsOpen},
		{3, nil, "", 3, protocol.SealsOpen},
		{4, func(c *protocol.Commitment) { c.Batch.Hash[0] ^= 1 }, "", 3, protocol.SealsOther},
		{4, nil, "seal-chain-ended", 3, protocol.SealsOther},
	}
	for i, step := range steps {
		reason := ""
		if err := w.anchor(step.number, step.change); err != nil {
			reason = refusal(err)
		}
		if reason != step.reason {
			t.Errorf("step %d: refused as %q", i, reason)
		}
		w.expect(step.sealed, step.seals)
	}
	if err := newSealWorld(t).anchor(5, nil); err != Reason("seal-batch-to-come") {
		t.Errorf("the batch that is being made: %v", err)
	}
}

func (w *sealWorld) announce(key party, program [32]byte, delay uint32) error {
	tx := &protocol.ProgramTx{Number: w.now().Announcements, Program: program, Delay: delay}
	tx.CommitteeSignature = key.sign(protocol.ProgramMessage(w.params.ChainID, tx))
	return w.scope.program(tx)
}

func TestProgramsAreAnnouncedByTheCommitteeAndInTime(t *testing.T) {
	w := newSealWorld(t)
	least := w.params.LeastDelay()
	if least != refundBlocks+2*(payWindow+depth+margin) {
		t.Errorf("the least delay is %d", least)
	}
	next, none := [32]byte{7}, [32]byte{}
	for _, test := range []struct {
		key     party
		program [32]byte
		delay   uint32
		err     error
	}{
		{newParty(21), next, least, Reason("program-bad-committee-signature")},
		{w.committee, next, least - 1, Reason("program-delay")},
		{w.committee, next, protocol.MaxDelay + 1, Reason("program-delay")},
		{w.committee, [32]byte{0xff, 0xff, 0xff, 0xff}, least, Reason("program-bad-id")},
		{w.committee, none, 0, Reason("program-not-announced")},
		{w.committee, next, least, nil},
		{w.committee, [32]byte{8}, least, Reason("program-announced-already")},
		{w.committee, none, 0, nil},
		{w.committee, next, least, nil},
	} {
		if err := w.announce(test.key, test.program, test.delay); err != test.err {
			t.Errorf("%x after %d blocks: %v, should be %v", test.program[:4], test.delay, err, test.err)
		}
	}
	if w.now().Announcements != 3 {
		t.Errorf("%d announcements", w.now().Announcements)
	}
}

func TestAProgramTakesOverAtItsBatch(t *testing.T) {
	w := newSealWorld(t)
	if err := w.announce(w.committee, [32]byte{7}, w.params.LeastDelay()); err != nil {
		t.Fatal(err)
	}
	w.batch = 6
	parent := &protocol.Header{Height: 5, L1Height: w.params.CheckpointHeight, L1Hash: bitcoin.ParseHeader(w.params.CheckpointHeader).Hash}
	if err := w.recordParent(parent, parent.Hash()); err != nil {
		t.Fatal(err)
	}
	for number := uint64(4); number <= 5; number++ {
		if err := w.anchor(number, nil); err != nil {
			t.Fatal(err)
		}
		// The announcement is in batch 5: an anchor for an earlier one starts nothing.
		started := w.now().ActivationHeight == w.tip.height()+w.params.LeastDelay()
		if started != (number == 5) || !started && w.now().ActivationHeight != 0 {
			t.Errorf("batch %d is sealed: the time ends at %d", number, w.now().ActivationHeight)
		}
	}
	w.view = &protocol.L1View{}
	for _, step := range []struct {
		height uint32
		batch  uint64
	}{{w.now().ActivationHeight - 1, 0}, {w.now().ActivationHeight, 7}} {
		w.view.Confirmed.Height = step.height
		if err := w.scope.makeDue(w.now()); err != nil || w.now().ActivationBatch != step.batch {
			t.Errorf("at height %d: batch %d, %v", step.height, w.now().ActivationBatch, err)
		}
	}
	for batch, program := range []byte{6: 0, 7: 7} {
		if batch < 6 {
			continue
		}
		w.batch = uint64(batch)
		if err := w.takeOver(); err != nil {
			t.Fatal(err)
		}
		w.scope = &scope{machine: w.machine}
		if now := w.now(); now.Program[0] != program || now.IsAnnounced() != (batch == 6) {
			t.Errorf("batch %d: %+v", batch, now)
		}
	}
}
