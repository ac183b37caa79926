// SPDX-License-Identifier: MIT

package transition

import (
	"bowline/stf/poseidon2"
	"bowline/stf/protocol"
	"bowline/stf/secp256k1"
)

// program announces the program that takes over (rule B13), or takes the announcement back: the program is then zero.
// The whole committee signs; its number makes each signature good once.
func (s *scope) program(payload *protocol.ProgramTx) error {
	chain, err := s.chain()
	if err != nil {
		return err
	}
	if payload.Number != chain.Announcements {
		return Reason("program-number")
	}
	message := protocol.ProgramMessage(s.params.ChainID, payload)
	if !secp256k1.Verify(&s.params.CommitteeKey, message[:], &payload.CommitteeSignature) {
		return Reason("program-bad-committee-signature")
	}
	if payload.Program == [32]byte{} {
		if !chain.IsAnnounced() {
			return Reason("program-not-announced")
		}
		forget(chain)
	} else {
		if chain.IsAnnounced() {
			return Reason("program-announced-already")
		}
		if _, ok := poseidon2.Decode(payload.Program); !ok {
			return Reason("program-bad-id") // no proof could be of it, and the chain of proofs would end
		}
		if payload.Delay < s.params.LeastDelay() || payload.Delay > protocol.MaxDelay {
			return Reason("program-delay")
		}
		chain.Announced, chain.Delay, chain.AnnouncedBatch = payload.Program, payload.Delay, s.batch
	}
	chain.Announcements++
	return nil
}

func forget(chain *protocol.Chain) {
	chain.Announced = [32]byte{}
	chain.Delay, chain.AnnouncedBatch, chain.ActivationHeight, chain.ActivationBatch = 0, 0, 0, 0
}

// startDelay counts from the anchor that seals the announcement: before it is on Bitcoin nobody had to be shown it, and a
// sequencer that holds its view back would otherwise let the time begin in the past.
func startDelay(chain *protocol.Chain) {
	if chain.IsAnnounced() && chain.ActivationHeight == 0 && chain.SealedBatch >= chain.AnnouncedBatch {
		chain.ActivationHeight = chain.SealHeight + chain.Delay
	}
}

// takeOver is the first thing in a batch: from the announced one on, the announced program is the one that is due. That
// it is the one that runs is for the chain of proofs to see; a program does not know its own id.
func (m *machine) takeOver() error {
	s := &scope{machine: m}
	chain, err := s.chain()
	if err != nil || chain.ActivationBatch != m.batch {
		return err
	}
	chain.Program = chain.Announced
	forget(chain)
	return s.commit()
}

// makeDue is the last thing in a batch: once the height is confirmed the next batch is the announced program's.
func (s *scope) makeDue(chain *protocol.Chain) error {
	if chain.ActivationHeight == 0 || s.view.Confirmed.Height < chain.ActivationHeight {
		return nil
	}
	chain.ActivationBatch = s.batch + 1
	return s.commit()
}
