// SPDX-License-Identifier: MIT

package transition

import (
	"bowline/stf/protocol"
)

// "way-back": from every state each honest party's money comes back by what that party can do itself, while Bitcoin
// mines and the sequencer follows and takes transactions in. Nobody helps: the committee signs nothing more, operators
// accept and pay nothing more. The names of what was needed are counted; a state from which none of them leads out
// is the deadlock without a named recovery that must not be.

// patience is more blocks than any lock of the model.
const patience = refundBlocks + payWindow + margin + 2*depth + takeBlocks + 3

// wayBack walks on from the state and names the recoveries.
func (w *world) wayBack(used map[string]int) {
	names := make(map[string]bool)
	at := w
	if w.l2.view != w.tip {
		at = w.sync()
	}
	for blocks := 0; ; blocks++ {
		at = at.actForThemselves(names)
		if at.isResolved() {
			break
		}
		if blocks == patience {
			fail("way-back", "no way out: %s", at.unresolved())
		}
		at = at.mineForThemselves(names)
	}
	at.check()
	for i, v := range at.now().vaults {
		if v != nil && v.Status == protocol.VaultLive && !at.isClaimable(i) {
			names["re-sign by all members"] = true
		}
	}
	for _, claim := range at.now().claims {
		// Its burn came back, but k0 lies under the key of the whole committee.
		if claim.Status == protocol.ClaimVoid && at.chain().blocks[claim.Kickoff] != nil {
			names["stake of a vetoed Kickoff by all members"] = true
		}
	}
	for name := range names {
		used[name]++
	}
}

// actForThemselves sends what a party can send for its own money.
func (w *world) actForThemselves(names map[string]bool) *world {
	for _, c := range w.ownCalls() {
		tx := w.unsigned(c)
		if tx == nil {
			continue
		}
		m := w.l2.machine(w.universe)
		s := &scope{machine: m}
		if _, err := s.effect(tx); err != nil {
			refusal(err)
			continue
		}
		if err := s.commit(); err != nil {
			refusal(err)
			continue
		}
		if c.kind == protocol.TypeWithdrawReclaim {
			w.checkNobodyPaid(c.index)
		}
		names[w.recovery(c)] = true
		return w.with(c, nil, tx, m).actForThemselves(names)
	}
	return w
}

// checkNobodyPaid: an operator that paid in time has had its proof taken in before the escrow can be reclaimed.
func (w *world) checkNobodyPaid(index int) {
	withdrawal := w.now().withdrawals[index]
	if withdrawal.Status != protocol.WithdrawalAccepted {
		return
	}
	operator := w.partyOf(withdrawal.Operator)
	payment := w.payment(index, w.l2.ids[index], operator, withdrawal.Acceptance)
	if at := w.chain().blocks[payment.txid]; at != nil && at.height() <= withdrawal.PayHeight {
		fail("way-back", "operator %d paid withdrawal %d in time and cannot prove it", operator, index)
	}
}

// unsigned is the call as a transaction; nobody looks at its signature here.
func (w *world) unsigned(c call) *protocol.Transaction {
	encoding := w.build(c)
	if encoding == nil {
		return nil
	}
	tx, ok := protocol.ParseTransaction(encoding)
	if !ok {
		fail("model", "malformed %v", c)
	}
	return tx
}

func (w *world) recovery(c call) string {
	switch c.kind {
	case protocol.TypeMint:
		return "mint"
	case protocol.TypeWithdrawProve:
		return "prove"
	case protocol.TypeClaimVoid:
		return "void"
	case protocol.TypeClaimSettle:
		return "settle"
	}
	if w.now().withdrawals[c.index].Status == protocol.WithdrawalRequested {
		return "cancel"
	}
	return "reclaim"
}

func (w *world) ownCalls() (out []call) {
	if len(w.queue) > 0 {
		return nil
	}
	now, facts := w.now(), w.chain()
	for i, v := range now.vaults {
		if v == nil {
			out = append(out, call{kind: protocol.TypeMint, index: i, proof: w.confirm(i)})
		}
	}
	for i, withdrawal := range now.withdrawals {
		if withdrawal.Status == protocol.WithdrawalAccepted {
			operator := w.partyOf(withdrawal.Operator)
			payment := w.payment(i, w.l2.ids[i], operator, withdrawal.Acceptance)
			out = append(out, call{kind: protocol.TypeWithdrawProve, sender: operator, index: i, proof: payment})
		}
	}
	for i, withdrawal := range now.withdrawals {
		if withdrawal.IsOpen() {
			out = append(out, call{kind: protocol.TypeWithdrawReclaim, sender: user, index: i})
		}
	}
	for i, claim := range now.claims {
		if claim.Status != protocol.ClaimLive {
			continue
		}
		operator := w.partyOf(claim.Operator)
		out = append(out, call{kind: protocol.TypeClaimSettle, sender: operator, index: i, proof: w.known[claim.Take]})
		for _, c := range facts.mined {
			if (c.role == roleElsewhere || c.role == roleVeto) && c.operator == operator {
				out = append(out, call{kind: protocol.TypeClaimVoid, sender: operator, index: i, proof: c})
			}
		}
	}
	return out
}

// mineForThemselves adds a block with what a party can send on Bitcoin for its own money.
func (w *world) mineForThemselves(names map[string]bool) *world {
	var coins []*coin
	add := func(c *coin, name string) {
		if w.chain().fits(c, w.tip, w.known) {
			coins = append(coins, c)
			names[name] = true
		}
	}
	for i := range w.requests {
		add(w.refund(i), "refund")
	}
	for _, claim := range w.now().claims {
		if claim.Status == protocol.ClaimLive {
			add(w.known[claim.Kickoff], "kickoff")
			add(w.known[claim.Take], "take")
		}
	}
	next := w.next("on the way back")
	next.tip = w.mine(w.tip, 90, coins)
	return next.sync()
}

func (w *world) isResolved() bool { return w.unresolved() == "" }

// unresolved says whose money is still under way.
func (w *world) unresolved() string {
	if len(w.queue) > 0 {
		return "transactions wait to be replayed"
	}
	for i, v := range w.now().vaults {
		if v == nil && w.chain().blocks[w.refund(i).txid] == nil {
			return "a deposit is neither minted nor refunded"
		}
	}
	for _, withdrawal := range w.now().withdrawals {
		if withdrawal.IsOpen() {
			return "an escrow is open"
		}
	}
	for _, claim := range w.now().claims {
		if claim.Status == protocol.ClaimLive {
			return "a claim is neither taken nor void"
		}
	}
	return ""
}

// isClaimable tells whether an operator's graph of the vault still leads to its Take1.
func (w *world) isClaimable(deposit int) bool {
	facts := w.chain()
	for j := firstOp; j <= secondOp; j++ {
		kickoff := w.graph(deposit, j, roleKickoff)
		if facts.fits(kickoff, w.tip, w.known) {
			return true
		}
		if facts.blocks[kickoff.txid] != nil && facts.fits(w.graph(deposit, j, roleVeto), w.tip, w.known) {
			return true
		}
	}
	return false
}
