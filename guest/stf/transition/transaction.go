// SPDX-License-Identifier: MIT

package transition

import (
	"bowline/stf/protocol"
	"bowline/stf/secp256k1"
)

// apply applies one transaction as a whole, or leaves everything as it was and says why.
func (m *machine) apply(encoding []byte, index uint32) (protocol.Receipt, error) {
	tx, ok := protocol.ParseTransaction(encoding)
	if !ok {
		return protocol.Receipt{}, Reason("malformed")
	}
	s := &scope{machine: m}
	if err := s.authorise(tx); err != nil {
		return protocol.Receipt{}, err
	}
	reference, err := s.effect(tx)
	if err != nil {
		return protocol.Receipt{}, err
	}
	for _, key := range s.touched {
		account, err := s.account(key)
		if err != nil {
			return protocol.Receipt{}, err
		}
		account.Fold(tx.Hash, m.batch, index)
	}
	if err := s.commit(); err != nil {
		return protocol.Receipt{}, err
	}
	return protocol.Receipt{Transaction: tx.Hash, Kind: tx.Type, Fee: tx.Fee, Reference: reference}, nil
}

// authorise checks who asks, takes the fee and moves the nonce on, unless the authority is inside.
func (s *scope) authorise(tx *protocol.Transaction) error {
	if protocol.HasOwnAuthority(tx.Type) {
		if tx.Sender != [32]byte{} || tx.Nonce != 0 || tx.Fee != 0 || tx.Signature != [64]byte{} {
			return withSender(tx.Type)
		}
		return nil
	}
	if tx.Fee < s.params.MinFee {
		return Reason("fee-low")
	}
	sender, err := s.touch(tx.Sender)
	if err != nil {
		return err
	}
	if tx.Nonce < sender.Nonce {
		return Reason("nonce-low")
	}
	if tx.Nonce > sender.Nonce {
		return Reason("nonce-high")
	}
	if err := debit(sender, tx.Fee); err != nil {
		return err
	}
	message := tx.SigningMessage(s.params.ChainID)
	if !secp256k1.Verify(&tx.Sender, message[:], &tx.Signature) {
		return Reason("bad-signature")
	}
	if err := increase(&sender.Nonce, 1); err != nil {
		return err
	}
	return s.collect(tx.Fee)
}

func withSender(kind uint8) Reason {
	switch kind {
	case protocol.TypeMint:
		return Reason("mint-with-sender")
	case protocol.TypeSeal:
		return Reason("seal-with-sender")
	}
	return Reason("program-with-sender")
}

// collect gives a fee to the sequencer.
func (s *scope) collect(fee uint64) error {
	sequencer, err := s.account(s.params.SequencerKey)
	if err != nil {
		return err
	}
	if err := credit(sequencer, fee); err != nil {
		return err
	}
	counters, err := s.counters()
	if err != nil {
		return err
	}
	return increase(&counters.Fees, fee)
}

// effect does what the type asks for; reference is what the receipt points at.
func (s *scope) effect(tx *protocol.Transaction) (reference uint64, err error) {
	switch payload := tx.Payload.(type) {
	case *protocol.TransferTx:
		return 0, s.transfer(tx, payload)
	case *protocol.MintTx:
		return 0, s.mint(payload)
	case *protocol.RequestTx:
		return s.withdrawRequest(tx, payload)
	case *protocol.AcceptTx:
		return payload.ID, s.withdrawAccept(tx, payload)
	case *protocol.ProveTx:
		return payload.ID, s.withdrawProve(payload)
	case *protocol.ReclaimTx:
		return payload.ID, s.withdrawReclaim(tx, payload)
	case *protocol.RegisterTx:
		return 0, s.operatorRegister(tx, payload)
	case *protocol.LeaveTx:
		return 0, s.operatorLeave(tx)
	case *protocol.ClaimTx:
		return s.claim(tx, payload)
	case *protocol.VoidTx:
		return payload.Claim, s.claimVoid(payload)
	case *protocol.SettleTx:
		return payload.Claim, s.claimSettle(payload)
	case *protocol.SealTx:
		return s.seal(payload)
	case *protocol.ProgramTx:
		return 0, s.program(payload)
	}
	return 0, Reason("malformed")
}

// transfer moves bitcoin between accounts; to itself it only costs the fee.
func (s *scope) transfer(tx *protocol.Transaction, payload *protocol.TransferTx) error {
	if payload.Amount == 0 {
		return Reason("amount-zero")
	}
	sender, err := s.account(tx.Sender)
	if err != nil {
		return err
	}
	if err := debit(sender, payload.Amount); err != nil {
		return err
	}
	recipient, err := s.touch(payload.To)
	if err != nil {
		return err
	}
	return credit(recipient, payload.Amount)
}
