// SPDX-License-Identifier: MIT

package transition

import (
	"bowline/stf/bitcoin"
	"bowline/stf/protocol"
)

// The rules that every state of the model must keep. Each has a name, a mutant of the program that breaks it
// (model_mutants_test.go), and a line in docs/model.md.

// check holds the state against all rules but the one about ways back, and names all that are broken.
func (w *world) check() {
	var broken []violation
	for _, rule := range []func(){
		w.checkConserved, w.checkBacked, w.checkAccounts, w.checkMints, w.checkWithdrawals, w.checkClaims,
	} {
		func() {
			defer func() {
				if cause := recover(); cause != nil {
					v, ok := cause.(violation)
					if !ok {
						panic(cause)
					}
					broken = append(broken, v)
				}
			}()
			rule()
		}()
	}
	if len(broken) == 0 {
		return
	}
	all := broken[0]
	for _, v := range broken[1:] {
		all.rule += ", " + v.rule
		all.detail += "; " + v.detail
	}
	panic(all)
}

// "conserved": what is on the layer 2 is what was minted less what was burned.
func (w *world) checkConserved() {
	c := w.now().counters
	if c.Minted-c.Burned != w.now().holds {
		fail("conserved", "minted %d, burned %d, held %d", c.Minted, c.Burned, w.now().holds)
	}
}

// "backed": what is on the layer 2 lies in vaults that nobody claimed and nobody has spent on Bitcoin.
func (w *world) checkBacked() {
	var sum uint64
	count := func(v *protocol.Vault, c *coin) {
		if v == nil || v.Status != protocol.VaultLive {
			return
		}
		sum += v.Value
		if spender := w.chain().spent[bitcoin.MakeOutPoint(c.txid, 0)]; spender != nil {
			fail("backed", "a live vault is spent by %v", spender)
		}
	}
	count(w.now().bank, w.bank)
	for i, v := range w.now().vaults {
		count(v, w.confirm(i))
	}
	if sum != w.now().holds {
		fail("backed", "vaults hold %d, the layer 2 %d", sum, w.now().holds)
	}
}

// "accounts": each party has exactly what the life of withdrawals, vaults and claims says.
func (w *world) checkAccounts() {
	now := w.now()
	want := w.initial
	bond := int64(w.params.Bond(amount))
	for _, v := range now.vaults {
		if v != nil {
			want[user] += vaultValue
		}
	}
	for i, withdrawal := range now.withdrawals {
		list := w.l2.accepts[i]
		released := len(list)
		standing := withdrawal.Status == protocol.WithdrawalAccepted || withdrawal.Status == protocol.WithdrawalPaid
		if standing {
			released--
			last := list[released].operator
			if withdrawal.Status == protocol.WithdrawalPaid {
				want[last] += amount + operatorFee
			} else {
				want[last] -= bond
			}
		}
		for _, a := range list[:released] {
			want[a.operator] -= bond
			want[user] += bond
		}
		if withdrawal.Status != protocol.WithdrawalCancelled {
			want[user] -= amount + operatorFee
		}
	}
	for _, claim := range now.claims {
		if claim.Status != protocol.ClaimVoid {
			want[w.partyOf(claim.Operator)] -= vaultValue
		}
	}
	for i := range want {
		if got := w.net(i); got != want[i] {
			fail("accounts", "party %d has %d, should have %d", i, got, want[i])
		}
	}
	if now.sequencer.Btc != now.counters.Fees {
		fail("accounts", "the sequencer has %d of %d in fees", now.sequencer.Btc, now.counters.Fees)
	}
}

// "minted-once": one mint for each vault, which is a confirmed T1.
func (w *world) checkMints() {
	var sum uint64
	count := func(v *protocol.Vault, c *coin) {
		if v == nil {
			return
		}
		sum += v.Value
		if at := w.chain().blocks[c.txid]; at == nil || at.height() > w.l2.confirmed.height() {
			fail("minted-once", "a vault that is not confirmed")
		}
	}
	count(w.now().bank, w.bank)
	for i, v := range w.now().vaults {
		count(v, w.confirm(i))
	}
	if sum != w.now().counters.Minted {
		fail("minted-once", "minted %d for vaults of %d", w.now().counters.Minted, sum)
	}
}

// "paid-by-payment", "acceptances", "pay-height": an escrow that went to an operator answers to a payment of this very
// acceptance, in time and confirmed, used once; an operator answers for as many acceptances as stand, and for no
// earlier height than it agreed to.
func (w *world) checkWithdrawals() {
	now := w.now()
	open := [parties]uint32{}
	paid := 0
	for i, withdrawal := range now.withdrawals {
		for _, a := range w.l2.accepts[i] {
			if a.payHeight < a.tip+payWindow {
				fail("pay-height", "to be paid by %d, accepted at %d", a.payHeight, a.tip)
			}
		}
		switch withdrawal.Status {
		case protocol.WithdrawalAccepted:
			open[w.partyOf(withdrawal.Operator)]++
		case protocol.WithdrawalPaid:
			paid++
			c := w.payment(i, w.l2.ids[i], w.partyOf(withdrawal.Operator), withdrawal.Acceptance)
			at := w.chain().blocks[c.txid]
			if at == nil || at.height() > w.l2.confirmed.height() || at.height() > withdrawal.PayHeight {
				fail("paid-by-payment", "withdrawal %d has no payment of its own in time", i)
			}
			if now.payments[c.txid] != w.l2.ids[i] {
				fail("paid-by-payment", "the payment of withdrawal %d is not marked as used", i)
			}
		}
	}
	if paid != len(now.payments) {
		fail("paid-by-payment", "%d payments used for %d withdrawals", len(now.payments), paid)
	}
	for j, o := range now.operators {
		if o != nil && o.OpenAcceptances != open[j] {
			fail("acceptances", "operator %d has %d open, counted %d", j, open[j], o.OpenAcceptances)
		}
	}
}

// "one-claim", "taken": a vault is claimed by one live claim or none, of an operator's own graph, and what takes it on
// Bitcoin is that claim's.
func (w *world) checkClaims() {
	live := make([]int, w.deposits)
	for number, claim := range w.now().claims {
		for i := range live {
			if claim.Vault != w.graphs[i][0].Vault {
				continue
			}
			graph := w.graphs[i][w.partyOf(claim.Operator)-1]
			if graph.Kickoff != claim.Kickoff || graph.Take != claim.Take || graph.Funding != claim.Funding {
				fail("one-claim", "a claim with another's graph")
			}
			w.checkClaim(i, number, claim)
			if claim.Status != protocol.ClaimVoid {
				live[i]++
			}
		}
	}
	for i, v := range w.now().vaults {
		want := 0
		if v != nil && v.Status != protocol.VaultLive {
			want = 1
		}
		if live[i] != want {
			fail("one-claim", "vault %d: %d claims stand, should be %d", i, live[i], want)
		}
	}
}

func (w *world) checkClaim(deposit, number int, claim *protocol.Claim) {
	v := w.now().vaults[deposit]
	take := w.known[claim.Take]
	at := w.chain().blocks[claim.Take]
	switch claim.Status {
	case protocol.ClaimLive:
		if v == nil || v.Status != protocol.VaultClaimed || v.ClaimIndex != uint64(number) {
			fail("one-claim", "the vault of claim %d does not say so", number)
		}
		if spender := w.chain().spent[claim.Vault]; spender != nil && spender != take {
			fail("taken", "the vault of claim %d is spent by %v", number, spender)
		}
	case protocol.ClaimTaken:
		if v.Status != protocol.VaultTaken || at == nil || at.height() > w.l2.confirmed.height() {
			fail("taken", "claim %d was settled without its take", number)
		}
	case protocol.ClaimVoid:
		if at != nil {
			fail("taken", "claim %d was voided and taken", number)
		}
	}
}

// checkStep holds a step against what an operator that paid in time was promised (rule A9): "time-to-prove". When its
// acceptance ends otherwise than by its proof, the payment was provable for as many blocks as the margin.
func (w *world) checkStep(next *world) {
	for i, withdrawal := range w.now().withdrawals {
		if i >= len(next.l2.ids) || next.l2.ids[i] != w.l2.ids[i] || next.deeps != w.deeps {
			return
		}
		after := next.now().withdrawals[i]
		ended := after.Status == protocol.WithdrawalCancelled || after.Acceptance != withdrawal.Acceptance
		if withdrawal.Status != protocol.WithdrawalAccepted || !ended {
			continue
		}
		c := w.payment(i, w.l2.ids[i], w.partyOf(withdrawal.Operator), withdrawal.Acceptance)
		at := w.chain().blocks[c.txid]
		if at != nil && at.height() <= withdrawal.PayHeight && w.l2.view.height() < at.height()+depth+margin {
			fail("time-to-prove", "withdrawal %d was taken away from who paid", i)
		}
	}
}
