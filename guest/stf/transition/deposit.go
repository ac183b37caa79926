// SPDX-License-Identifier: MIT

package transition

import (
	"bowline/stf/bitcoin"
	"bowline/stf/protocol"
	"bowline/stf/secp256k1"
)

// mint credits the value of a confirmed vault, once, to whom the whole committee named (rules A3, A4, A16).
func (s *scope) mint(payload *protocol.MintTx) error {
	tx, err := s.proven(&payload.Deposit)
	if err != nil {
		return err
	}
	outpoint, value := bitcoin.MakeOutPoint(tx.Txid, 0), tx.Outputs[0].Value
	if !s.params.IsDenomination(value) {
		return Reason("mint-not-a-denomination")
	}
	e, err := s.open(protocol.KindVault, outpoint[:], &protocol.Vault{})
	if err != nil {
		return err
	}
	if e.object != nil {
		return Reason("mint-twice")
	}
	message := protocol.MintMessage(s.params.ChainID, outpoint, value, payload)
	if !secp256k1.Verify(&s.params.CommitteeKey, message[:], &payload.CommitteeSignature) {
		return Reason("mint-bad-committee-signature")
	}
	e.object = &protocol.Vault{
		Value: value, Recipient: payload.Recipient, GraphRoot: payload.GraphRoot, Status: protocol.VaultLive,
	}
	counters, err := s.counters()
	if err != nil {
		return err
	}
	if err := increase(&counters.Minted, value); err != nil {
		return err
	}
	counters.InboxAcc = protocol.InboxStep(counters.InboxAcc, outpoint, value, payload.Recipient)
	counters.InboxCount++ // at most one per satoshi of all money
	recipient, err := s.touch(payload.Recipient)
	if err != nil {
		return err
	}
	return credit(recipient, value)
}
