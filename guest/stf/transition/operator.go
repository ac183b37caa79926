// SPDX-License-Identifier: MIT

package transition

import (
	"bowline/stf/codec"
	"bowline/stf/protocol"
)

// operator opens an operator; nil when the key was never registered.
func (s *scope) operator(key [32]byte) (*protocol.Operator, error) {
	e, err := s.open(protocol.KindOperator, key[:], &protocol.Operator{})
	if err != nil || e.object == nil {
		return nil, err
	}
	return e.object.(*protocol.Operator), nil
}

func (s *scope) activeOperator(key [32]byte) (*protocol.Operator, error) {
	operator, err := s.operator(key)
	if err != nil {
		return nil, err
	}
	if operator == nil || operator.Status != protocol.OperatorActive {
		return nil, Reason("not-an-operator")
	}
	return operator, nil
}

// operatorRegister locks the stake; an operator that left may come back.
func (s *scope) operatorRegister(tx *protocol.Transaction, payload *protocol.RegisterTx) error {
	if payload.Stake != s.params.OperatorStake {
		return Reason("operator-wrong-stake")
	}
	e, err := s.open(protocol.KindOperator, tx.Sender[:], &protocol.Operator{})
	if err != nil {
		return err
	}
	if e.object != nil && e.object.(*protocol.Operator).Status == protocol.OperatorActive {
		return Reason("operator-already")
	}
	account, err := s.account(tx.Sender)
	if err != nil {
		return err
	}
	if err := debit(account, payload.Stake); err != nil {
		return err
	}
	if err := increase(&account.Staked, payload.Stake); err != nil {
		return err
	}
	e.object = &protocol.Operator{Stake: payload.Stake, Status: protocol.OperatorActive}
	return nil
}

// operatorLeave gives the stake back once no acceptance is open.
func (s *scope) operatorLeave(tx *protocol.Transaction) error {
	operator, err := s.activeOperator(tx.Sender)
	if err != nil {
		return err
	}
	if operator.OpenAcceptances != 0 {
		return Reason("operator-acceptances-open")
	}
	account, err := s.account(tx.Sender)
	if err != nil {
		return err
	}
	rest, ok := codec.Sub(account.Staked, operator.Stake)
	if !ok {
		return codec.Malformed("stake")
	}
	stake := operator.Stake
	account.Staked, operator.Stake, operator.Status = rest, 0, protocol.OperatorLeft
	return credit(account, stake)
}
