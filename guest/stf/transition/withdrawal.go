// SPDX-License-Identifier: MIT

package transition

import (
	"bytes"

	"bowline/stf/bitcoin"
	"bowline/stf/codec"
	"bowline/stf/protocol"
)

// withdrawal opens a withdrawal that must exist.
func (s *scope) withdrawal(id uint64) (*protocol.Withdrawal, error) {
	e, err := s.open(protocol.KindWithdrawal, protocol.NumberID(id), &protocol.Withdrawal{})
	if err != nil {
		return nil, err
	}
	if e.object == nil {
		return nil, Reason("withdrawal-unknown")
	}
	return e.object.(*protocol.Withdrawal), nil
}

// withdrawRequest locks the amount and the operator's fee.
func (s *scope) withdrawRequest(tx *protocol.Transaction, payload *protocol.RequestTx) (uint64, error) {
	if payload.Amount < s.params.MinWithdrawal {
		return 0, Reason("withdrawal-too-small")
	}
	if !bitcoin.IsStandardOutput(payload.Script) {
		return 0, Reason("withdrawal-bad-script")
	}
	sender, err := s.account(tx.Sender)
	if err != nil {
		return 0, err
	}
	if err := debit(sender, payload.Amount); err != nil {
		return 0, err
	}
	if err := debit(sender, payload.OperatorFee); err != nil {
		return 0, err
	}
	id := protocol.WithdrawalID(tx.Hash)
	e, err := s.open(protocol.KindWithdrawal, protocol.NumberID(id), &protocol.Withdrawal{})
	if err != nil {
		return 0, err
	}
	if e.object != nil {
		return 0, Reason("withdrawal-id-taken")
	}
	counters, err := s.counters()
	if err != nil {
		return 0, err
	}
	if err := emit(counters, protocol.OutboxWithdrawal, id, tx.Hash); err != nil {
		return 0, err
	}
	e.object = &protocol.Withdrawal{
		Owner: tx.Sender, Amount: payload.Amount, OperatorFee: payload.OperatorFee, Script: payload.Script,
		Status: protocol.WithdrawalRequested,
	}
	return id, nil
}

// emit appends to the outbox.
func emit(counters *protocol.Counters, kind uint8, index uint64, transaction [32]byte) error {
	leaf := protocol.OutboxLeaf(kind, index, transaction)
	if !counters.Outbox.Append(leaf, protocol.OutboxTree) {
		return Reason("overflow")
	}
	return nil
}

// overdue tells whether an accepted withdrawal may be taken away from its operator: not before its payment
// could have been proven (rule A9).
func (s *scope) overdue(w *protocol.Withdrawal) bool {
	opens := uint64(w.PayHeight) + uint64(s.params.Depth) + uint64(s.params.ReclaimMargin)
	return uint64(s.view.TipHeight) >= opens
}

// release ends an acceptance whose time is over: the bond goes to the owner (rule A11).
func (s *scope) release(w *protocol.Withdrawal) error {
	if w.Status != protocol.WithdrawalAccepted {
		return nil
	}
	if !s.overdue(w) {
		return Reason("withdrawal-not-overdue")
	}
	owner, err := s.touch(w.Owner)
	if err != nil {
		return err
	}
	if _, err := s.touch(w.Operator); err != nil {
		return err
	}
	if err := credit(owner, w.Bond); err != nil {
		return err
	}
	w.Bond = 0
	return s.closeAcceptance(w.Operator)
}

// closeAcceptance counts one open acceptance less.
func (s *scope) closeAcceptance(operator [32]byte) error {
	o, err := s.operator(operator)
	if err != nil {
		return err
	}
	if o == nil || o.OpenAcceptances == 0 {
		return codec.Malformed("acceptances")
	}
	o.OpenAcceptances--
	return nil
}

// withdrawAccept binds an operator and its bond to a withdrawal (rules A9 to A11).
func (s *scope) withdrawAccept(tx *protocol.Transaction, payload *protocol.AcceptTx) error {
	w, err := s.withdrawal(payload.ID)
	if err != nil {
		return err
	}
	operator, err := s.activeOperator(tx.Sender)
	if err != nil {
		return err
	}
	if !w.IsOpen() {
		return Reason("withdrawal-closed")
	}
	// The sequencer alone moves the view of Bitcoin. On a view that it holds back the time to pay would be over
	// when the view catches up, and the bond lost.
	payHeight := uint64(s.view.TipHeight) + uint64(s.params.PayWindow)
	if payHeight < uint64(payload.LeastPayHeight) {
		return Reason("accept-stale")
	}
	if err := s.release(w); err != nil {
		return err
	}
	if _, err := s.touch(w.Owner); err != nil {
		return err
	}
	account, err := s.account(tx.Sender)
	if err != nil {
		return err
	}
	bond := s.params.Bond(w.Amount)
	if err := debit(account, bond); err != nil {
		return err
	}
	if payHeight > 0xffffffff || w.Acceptance == 0xffffffff || operator.OpenAcceptances == 0xffffffff {
		return Reason("overflow")
	}
	operator.OpenAcceptances++
	w.Status, w.Operator, w.Acceptance = protocol.WithdrawalAccepted, tx.Sender, w.Acceptance+1
	w.PayHeight, w.Bond = uint32(payHeight), bond
	return nil
}

// withdrawProve pays the escrow to the operator whose payment is shown, whoever shows it (rule A10).
func (s *scope) withdrawProve(payload *protocol.ProveTx) error {
	w, err := s.withdrawal(payload.ID)
	if err != nil {
		return err
	}
	if w.Status != protocol.WithdrawalAccepted {
		return Reason("withdrawal-not-accepted")
	}
	if payload.Payment.Height > w.PayHeight {
		return Reason("payment-late")
	}
	tx, err := s.proven(&payload.Payment)
	if err != nil {
		return err
	}
	if tx.Outputs[0].Value != w.Amount || !bytes.Equal(tx.Outputs[0].Script, w.Script) {
		return Reason("payment-wrong-output")
	}
	tag := protocol.PaymentTag(s.params.ChainID, payload.ID, w.Operator, w.Acceptance)
	if len(tx.Outputs) < 2 || !bitcoin.IsPushReturn(tx.Outputs[1].Script, tag) {
		return Reason("payment-wrong-tag")
	}
	e, err := s.open(protocol.KindPayment, tx.Txid[:], &protocol.Payment{})
	if err != nil {
		return err
	}
	if e.object != nil {
		return Reason("payment-used")
	}
	e.object = &protocol.Payment{Withdrawal: payload.ID}
	return s.reward(w)
}

// reward gives escrow and bond to the operator that paid.
func (s *scope) reward(w *protocol.Withdrawal) error {
	operator, err := s.touch(w.Operator)
	if err != nil {
		return err
	}
	if _, err := s.touch(w.Owner); err != nil {
		return err
	}
	for _, amount := range []uint64{w.Amount, w.OperatorFee, w.Bond} {
		if err := credit(operator, amount); err != nil {
			return err
		}
	}
	w.Status, w.Bond = protocol.WithdrawalPaid, 0
	return s.closeAcceptance(w.Operator)
}

// withdrawReclaim gives the escrow back to its owner, with the bond of an operator that did not pay.
func (s *scope) withdrawReclaim(tx *protocol.Transaction, payload *protocol.ReclaimTx) error {
	w, err := s.withdrawal(payload.ID)
	if err != nil {
		return err
	}
	if w.Owner != tx.Sender {
		return Reason("withdrawal-not-owner")
	}
	if !w.IsOpen() {
		return Reason("withdrawal-closed")
	}
	if err := s.release(w); err != nil {
		return err
	}
	owner, err := s.account(tx.Sender)
	if err != nil {
		return err
	}
	if err := credit(owner, w.Amount); err != nil {
		return err
	}
	w.Status = protocol.WithdrawalCancelled
	return credit(owner, w.OperatorFee)
}
