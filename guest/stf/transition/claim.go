// SPDX-License-Identifier: MIT

package transition

import (
	"bowline/stf/bitcoin"
	"bowline/stf/codec"
	"bowline/stf/protocol"
)

// vault opens a vault; nil when nothing was minted for it.
func (s *scope) vault(outpoint bitcoin.OutPoint) (*protocol.Vault, error) {
	e, err := s.open(protocol.KindVault, outpoint[:], &protocol.Vault{})
	if err != nil || e.object == nil {
		return nil, err
	}
	return e.object.(*protocol.Vault), nil
}

// claim burns the value of a live vault for an operator that the vault's graph names (rule A12).
func (s *scope) claim(tx *protocol.Transaction, payload *protocol.ClaimTx) (uint64, error) {
	if _, err := s.activeOperator(tx.Sender); err != nil {
		return 0, err
	}
	vault, err := s.vault(payload.Vault)
	if err != nil {
		return 0, err
	}
	if vault == nil || vault.Status != protocol.VaultLive {
		return 0, Reason("claim-vault-not-live")
	}
	leaf := protocol.GraphLeaf(tx.Sender, payload)
	if payload.GraphLeaves[payload.OwnIndex] != leaf || protocol.GraphRoot(payload) != vault.GraphRoot {
		return 0, Reason("claim-wrong-graph")
	}
	account, err := s.account(tx.Sender)
	if err != nil {
		return 0, err
	}
	if err := debit(account, vault.Value); err != nil {
		return 0, err
	}
	counters, err := s.counters()
	if err != nil {
		return 0, err
	}
	if err := increase(&counters.Burned, vault.Value); err != nil {
		return 0, err
	}
	index := counters.Claims.Count
	id := protocol.ClaimID(tx.Hash, payload.DepositID, tx.Sender, leaf)
	if !counters.Claims.Append(id, protocol.ClaimsTree) {
		return 0, Reason("overflow")
	}
	if err := emit(counters, protocol.OutboxClaim, index, tx.Hash); err != nil {
		return 0, err
	}
	e, err := s.open(protocol.KindClaim, protocol.NumberID(index), &protocol.Claim{})
	if err != nil {
		return 0, err
	}
	e.object = &protocol.Claim{
		Operator: tx.Sender, Vault: payload.Vault, Funding: payload.Funding, Kickoff: payload.Kickoff,
		Take: payload.Take, Burn: tx.Hash, Status: protocol.ClaimLive,
	}
	vault.Status, vault.ClaimIndex = protocol.VaultClaimed, index
	return index, nil
}

// liveClaim opens a claim that still stands, and its vault.
func (s *scope) liveClaim(index uint64) (*protocol.Claim, *protocol.Vault, error) {
	e, err := s.open(protocol.KindClaim, protocol.NumberID(index), &protocol.Claim{})
	if err != nil {
		return nil, nil, err
	}
	if e.object == nil {
		return nil, nil, Reason("claim-unknown")
	}
	claim := e.object.(*protocol.Claim)
	if claim.Status != protocol.ClaimLive {
		return nil, nil, Reason("claim-not-live")
	}
	vault, err := s.vault(claim.Vault)
	if err != nil {
		return nil, nil, err
	}
	if vault == nil {
		return nil, nil, codec.Malformed("claimed vault")
	}
	_, err = s.touch(claim.Operator)
	return claim, vault, err
}

// claimVoid frees a vault whose claim can no longer be taken, and gives the burn back (rule A12).
func (s *scope) claimVoid(payload *protocol.VoidTx) error {
	claim, vault, err := s.liveClaim(payload.Claim)
	if err != nil {
		return err
	}
	tx, err := s.proven(&payload.Spend)
	if err != nil {
		return err
	}
	elsewhere := tx.Spends(claim.Funding) && tx.Txid != claim.Kickoff
	for index := uint32(0); index < 2; index++ {
		if tx.Spends(bitcoin.MakeOutPoint(claim.Kickoff, index)) && tx.Txid != claim.Take {
			elsewhere = true
		}
	}
	if !elsewhere {
		return Reason("claim-still-possible")
	}
	counters, err := s.counters()
	if err != nil {
		return err
	}
	burned, ok := codec.Sub(counters.Burned, vault.Value)
	if !ok {
		return codec.Malformed("burned")
	}
	operator, err := s.account(claim.Operator)
	if err != nil {
		return err
	}
	counters.Burned = burned
	claim.Status, vault.Status, vault.ClaimIndex = protocol.ClaimVoid, protocol.VaultLive, 0
	return credit(operator, vault.Value)
}

// claimSettle ends a claim whose take is confirmed.
func (s *scope) claimSettle(payload *protocol.SettleTx) error {
	claim, vault, err := s.liveClaim(payload.Claim)
	if err != nil {
		return err
	}
	tx, err := s.proven(&payload.Take)
	if err != nil {
		return err
	}
	if tx.Txid != claim.Take {
		return Reason("claim-not-the-take")
	}
	claim.Status, vault.Status = protocol.ClaimTaken, protocol.VaultTaken
	return nil
}
