// SPDX-License-Identifier: MIT

package transition

import (
	"fmt"

	"bowline/stf/bitcoin"
	"bowline/stf/codec"
	"bowline/stf/protocol"
)

// world is Bitcoin, the layer 2, and what was undone and waits to be replayed; never changed once it stands.
type world struct {
	*universe
	tip    *block
	l2     *ledger
	queue  []applied
	until  uint32 // a mint in the queue holds up what follows it until then
	reorgs int
	deeps  int

	facts   *chainFacts
	parent  *world // the path, for whoever must read it
	step    string
	stepped int
}

func (w *world) next(step string) *world {
	out := *w
	out.facts, out.parent, out.step, out.stepped = nil, w, step, w.stepped+1
	return &out
}

func (w *world) chain() *chainFacts {
	if w.facts == nil {
		w.facts = w.tip.facts()
	}
	return w.facts
}

func (w *world) now() *contents { return w.l2.contents(w.universe) }

func (w *world) path() (out string) {
	if w.parent != nil {
		out = w.parent.path()
	}
	return out + "\n    " + w.step
}

// genesis is a layer 2 whose parties have money and whose operators are registered, all of it backed by one vault.
func (u *universe) genesis() *world {
	checkpoint := mineOn(nil, 0, nil)
	out, err := Genesis(u.params)
	if err != nil {
		fail("program", "%v", err)
	}
	l := &ledger{view: checkpoint, confirmed: checkpoint}
	for _, change := range out.Changes {
		l.objects = append(l.objects, &object{change})
	}
	first := mineOn(checkpoint, 0, []*coin{u.bank})
	w := &world{universe: u, tip: mineOn(first, 0, nil), l2: l, step: "genesis"}
	w = w.sync()
	w = w.must(call{kind: protocol.TypeMint, index: -1, proof: u.bank})
	for to, value := range []uint64{user: 300_000, firstOp: 250_000, secondOp: 250_000} {
		transfer := u.encode(w, courier, protocol.TypeTransfer, func(p *codec.Writer) {
			p.Bytes(u.party[to].key[:])
			p.U64(value)
		})
		w = w.submit(call{kind: protocol.TypeTransfer, sender: courier}, transfer)
	}
	w = w.must(call{kind: protocol.TypeOperatorRegister, sender: firstOp})
	w = w.must(call{kind: protocol.TypeOperatorRegister, sender: secondOp})
	w.l2.parent = nil
	for _, coins := range [][]*coin{u.requests, nil, nil} { // deeper than any reorg of the model
		w.tip = mineOn(w.tip, 0, coins)
		w = w.sync()
	}
	w.parent, w.stepped = nil, 0
	for i := range u.initial {
		u.initial[i] = w.net(i)
	}
	return w
}

// net is what the party has on the layer 2, and has spent on fees: one per transaction.
func (w *world) net(i int) int64 {
	a := w.now().accounts[i]
	return int64(a.Btc+a.Staked) + int64(a.Nonce)*fee
}

// sync brings the program's view of Bitcoin to the tip as the sequencer does, undoes first what a reorg deeper than
// the depth took the ground from, and replays it.
func (w *world) sync() *world {
	out := w.next("the view follows")
	var dropped []applied
	for !out.tip.has(out.l2.confirmed) {
		dropped = append(append([]applied(nil), out.l2.batch...), dropped...)
		out.l2 = out.l2.parent
		if out.l2 == nil {
			fail("model", "rolled back beyond the beginning")
		}
	}
	if len(dropped) > 0 {
		out.queue = append(dropped, out.queue...)
		out.until = out.tip.height() + margin - 1 // min(2k + 6, reclaim_margin - 1)
	}
	if out.l2.view != out.tip {
		out.l2 = out.followed()
	}
	return out.replay()
}

// followed is the ledger after a batch with nothing but headers.
func (w *world) followed() *ledger {
	keep := w.l2.view
	for !w.tip.has(keep) {
		keep = keep.parent
	}
	var headers [][80]byte
	for b := w.tip; b != keep; b = b.parent {
		headers = append([][80]byte{b.header}, headers...)
	}
	m := w.l2.machine(w.universe)
	if err := m.follow(keep.height(), headers); err != nil {
		fail("view", "cannot follow: %v", err)
	}
	next := w.l2.after(m)
	next.view, next.confirmed = w.tip, w.tip.ancestor(m.view.Confirmed.Height)
	if next.confirmed.height()+depth > w.tip.height() {
		fail("view", "confirmed is %d, the tip %d", next.confirmed.height(), w.tip.height())
	}
	return next
}

// replay puts back what was undone, in order. What became invalid falls away; a mint whose block is gone waits.
func (w *world) replay() *world {
	for len(w.queue) > 0 {
		c := w.queue[0]
		encoding := c.encoding
		if c.kind == protocol.TypeMint {
			at := w.chain().blocks[c.proof.txid]
			if provable := at != nil && at.height() <= w.l2.confirmed.height(); !provable && w.tip.height() < w.until {
				return w
			}
			encoding = w.build(c.call) // the members prove it anew
		}
		if done, _ := w.apply(c.call, encoding); done != nil {
			w = done
		} else {
			w = w.next("falls: " + c.String())
		}
		w.queue = append([]applied(nil), w.queue[1:]...)
	}
	return w
}

func (w *world) must(c call) *world { return w.submit(c, w.build(c)) }

func (w *world) submit(c call, encoding []byte) *world {
	next, reason := w.apply(c, encoding)
	if next == nil {
		fail("model", "%v was refused: %s", c, reason)
	}
	return next
}

// apply makes a batch of one transaction, or says why the program refuses it. The effect is asked for first because
// most of what is tried is refused, and signatures take the most time.
func (w *world) apply(c call, encoding []byte) (*world, string) {
	if encoding == nil {
		return nil, "no proof"
	}
	tx, ok := protocol.ParseTransaction(encoding)
	if !ok {
		fail("model", "malformed %v", c)
	}
	m := w.l2.machine(w.universe)
	if _, err := (&scope{machine: m}).effect(tx); err != nil {
		return nil, refusal(err)
	}
	if _, err := m.apply(encoding, 0); err != nil {
		return nil, refusal(err)
	}
	return w.with(c, encoding, tx, m), ""
}

func refusal(err error) string {
	reason, ok := err.(Reason)
	if !ok {
		fail("program", "%v", err)
	}
	return string(reason)
}

// with is the world after the machine applied the transaction.
func (w *world) with(c call, encoding []byte, tx *protocol.Transaction, m *machine) *world {
	next := w.next(c.String())
	l := w.l2.after(m)
	l.batch = []applied{{c, encoding}}
	switch c.kind {
	case protocol.TypeWithdrawRequest:
		l.ids = append(append([]uint64(nil), l.ids...), protocol.WithdrawalID(tx.Hash))
		l.accepts = append(append([][]accepted(nil), l.accepts...), nil)
	case protocol.TypeWithdrawAccept:
		l.accepts = append([][]accepted(nil), l.accepts...)
		withdrawal := &protocol.Withdrawal{}
		l.read(protocol.KindWithdrawal, protocol.NumberID(l.ids[c.index]), withdrawal)
		l.accepts[c.index] = append(append([]accepted(nil), l.accepts[c.index]...),
			accepted{c.sender, withdrawal.PayHeight, w.tip.height()})
	}
	next.l2 = l
	return next
}

// build puts a call into bytes; nil when the chain does not hold what it would have to prove.
func (w *world) build(c call) []byte {
	var proof protocol.TxProof
	if c.proof != nil {
		at := w.chain().blocks[c.proof.txid]
		if at == nil {
			return nil
		}
		for i := range at.coins {
			if at.coins[i] == c.proof {
				proof = at.proof(i)
			}
		}
	}
	if c.kind == protocol.TypeMint {
		return w.mint(c, &proof)
	}
	return w.encode(w, c.sender, c.kind, func(p *codec.Writer) { w.payload(p, c, &proof) })
}

// encode signs a transaction of the sender with its next nonce.
func (u *universe) encode(w *world, sender int, kind uint8, payload func(*codec.Writer)) []byte {
	var p codec.Writer
	p.U8(1)
	p.U8(kind)
	p.Bytes(u.party[sender].key[:])
	p.U64(w.now().accounts[sender].Nonce)
	p.U64(fee)
	payload(&p)
	unsigned := protocol.Transaction{Body: p.Out}
	signature := u.party[sender].sign(unsigned.SigningMessage(u.params.ChainID))
	return append(p.Out, signature[:]...)
}

func (w *world) payload(p *codec.Writer, c call, proof *protocol.TxProof) {
	switch c.kind {
	case protocol.TypeWithdrawRequest:
		p.U64(amount)
		p.U64(operatorFee)
		p.Short(taproot("user", 0, 0))
	case protocol.TypeWithdrawAccept:
		p.U64(w.l2.ids[c.index])
		p.U32(w.tip.height() + payWindow) // an operator that agrees to nothing less
	case protocol.TypeWithdrawProve:
		p.U64(w.l2.ids[c.index])
		writeProof(p, proof)
	case protocol.TypeWithdrawReclaim:
		p.U64(w.l2.ids[c.index])
	case protocol.TypeOperatorRegister:
		p.U64(w.params.OperatorStake)
	case protocol.TypeClaim:
		claim := w.claimOf(c)
		p.Bytes(claim.Vault[:])
		p.Bytes(claim.DepositID[:])
		p.Bytes(claim.Funding[:])
		p.Bytes(claim.Kickoff[:])
		p.Bytes(claim.Take[:])
		p.Short(claim.Payout)
		p.U8(uint8(len(claim.GraphLeaves)))
		for i := range claim.GraphLeaves {
			p.Bytes(claim.GraphLeaves[i][:])
		}
		p.U8(claim.OwnIndex)
	case protocol.TypeClaimVoid, protocol.TypeClaimSettle:
		p.U64(uint64(c.index))
		writeProof(p, proof)
	}
}

// inventedGraph stands where a claim names the operator of a graph: one that nobody signed.
const inventedGraph = 0

func (w *world) claimOf(c call) *protocol.ClaimTx {
	if c.operator != inventedGraph {
		return w.graphs[c.index][c.operator-1]
	}
	claim := *w.graphs[c.index][0]
	claim.Funding, claim.OwnIndex = external("invented", c.index, c.sender), 0
	claim.GraphLeaves = [][32]byte{protocol.GraphLeaf(w.party[c.sender].key, &claim)}
	return &claim
}

func writeProof(p *codec.Writer, proof *protocol.TxProof) {
	path := func(siblings [][32]byte) {
		p.U8(uint8(len(siblings)))
		for i := range siblings {
			p.Bytes(siblings[i][:])
		}
	}
	p.U32(proof.Height)
	p.Bytes(proof.Header[:])
	p.U32(proof.Index)
	path(proof.Path)
	p.Sized(proof.Raw)
	path(proof.CoinbasePath)
	p.Sized(proof.Coinbase)
}

// mint carries what the committee signed for the deposit before T1 could exist (rule A3).
func (w *world) mint(c call, proof *protocol.TxProof) []byte {
	tx := &protocol.MintTx{Recipient: w.party[courier].key, DepositID: [32]byte{6}}
	value, vault := uint64(bankValue), bitcoin.MakeOutPoint(w.bank.txid, 0)
	if c.index >= 0 {
		claim := w.graphs[c.index][0]
		tx.Recipient, tx.DepositID, tx.GraphRoot = w.party[user].key, claim.DepositID, protocol.GraphRoot(claim)
		value, vault = vaultValue, claim.Vault
	}
	signature := w.committee.sign(protocol.MintMessage(w.params.ChainID, vault, value, tx))
	var p codec.Writer
	p.U8(1)
	p.U8(protocol.TypeMint)
	p.Bytes(make([]byte, 48))
	p.Bytes(tx.Recipient[:])
	p.Bytes(tx.GraphRoot[:])
	p.Bytes(tx.DepositID[:])
	p.Bytes(signature[:])
	writeProof(&p, proof)
	return append(p.Out, make([]byte, 64)...)
}

// calls is everything that anybody might ask of the layer 2 now, allowed or not.
func (w *world) calls() (out []call) {
	if len(w.queue) > 0 {
		return nil // new transactions wait as well
	}
	now, mined := w.now(), w.chain().mined
	for i := 0; i < w.deposits; i++ {
		for _, c := range mined {
			if c.role == roleConfirm || c.role == roleRequest {
				out = append(out, call{kind: protocol.TypeMint, index: i, proof: c})
			}
		}
	}
	if len(w.l2.ids) < w.withdrawals {
		out = append(out, call{kind: protocol.TypeWithdrawRequest, sender: user})
	}
	for i, withdrawal := range now.withdrawals {
		if withdrawal.Acceptance < w.acceptances {
			for _, sender := range []int{firstOp, secondOp, courier} {
				out = append(out, call{kind: protocol.TypeWithdrawAccept, sender: sender, index: i})
			}
		}
		for _, sender := range []int{user, firstOp} {
			out = append(out, call{kind: protocol.TypeWithdrawReclaim, sender: sender, index: i})
		}
		for _, c := range mined {
			if c.role == rolePayment || c.role == roleConfirm {
				out = append(out, call{kind: protocol.TypeWithdrawProve, sender: courier, index: i, proof: c})
			}
		}
	}
	if w.leave {
		for j := firstOp; j <= secondOp; j++ {
			out = append(out, call{kind: protocol.TypeOperatorLeave, sender: j}, call{kind: protocol.TypeOperatorRegister, sender: j})
		}
	}
	return append(out, w.claimCalls()...)
}

func (w *world) claimCalls() (out []call) {
	now := w.now()
	for i := 0; i < w.deposits && len(now.claims) < w.claims; i++ {
		for _, sender := range []int{firstOp, secondOp, courier} {
			for graph := inventedGraph; graph <= secondOp; graph++ {
				out = append(out, call{kind: protocol.TypeClaim, sender: sender, index: i, operator: graph})
			}
		}
	}
	for i := range now.claims {
		for _, c := range w.chain().mined {
			if c.role >= roleConfirm && c.role <= roleTake {
				out = append(out, call{kind: protocol.TypeClaimVoid, sender: courier, index: i, proof: c},
					call{kind: protocol.TypeClaimSettle, sender: courier, index: i, proof: c})
			}
		}
	}
	return out
}

// pool is everything that could be mined next by itself. Payments are there from their acceptance on, late or not.
func (w *world) pool(tip *block) (out []*coin) {
	facts := w.chain()
	if tip != w.tip {
		facts = tip.facts()
	}
	for _, c := range w.static {
		if facts.fits(c, tip, w.known) {
			out = append(out, c)
		}
	}
	for i, list := range w.l2.accepts {
		for number, a := range list {
			c := w.payment(i, w.l2.ids[i], a.operator, uint32(number+1))
			if facts.fits(c, tip, w.known) {
				out = append(out, c)
			}
		}
	}
	return out
}

// dueVetoes are those that an honest member has sent and that the next block after tip holds at the latest
// (core/bridge/ceremony.cpp, vetoIsDue): the last one before Take1 is possible.
func (w *world) dueVetoes(tip *block) (out []*coin) {
	if w.noVeto {
		return nil
	}
	facts := tip.facts()
	for i := 0; i < w.deposits; i++ {
		for j := firstOp; j <= secondOp; j++ {
			kickoff, veto := w.graph(i, j, roleKickoff), w.graph(i, j, roleVeto)
			at := facts.blocks[kickoff.txid]
			if at == nil || tip.height()+1 < at.height()+takeBlocks-1 || !facts.fits(veto, tip, w.known) {
				continue
			}
			claimed := false
			for _, claim := range w.now().claims {
				claimed = claimed || claim.Kickoff == kickoff.txid && claim.Status != protocol.ClaimVoid
			}
			if !claimed {
				out = append(out, veto)
			}
		}
	}
	return out
}

// mine adds a block with these coins, as far as they fit, and the vetoes that are due.
func (w *world) mine(tip *block, salt int, coins []*coin) *block {
	content := w.dueVetoes(tip)
	for _, c := range coins {
		soFar := &block{parent: tip, coins: content}
		soFar.state.Height = tip.height() + 1
		if soFar.facts().fits(c, tip, w.known) {
			content = append(content, c)
		}
	}
	return mineOn(tip, uint32(salt), content)
}

func (w *world) mined(tip *block, step string) *world {
	next := w.next(step)
	next.tip = tip
	if w.lag == 0 {
		synced := next.sync()
		synced.parent, synced.step, synced.stepped = w, step, w.stepped+1
		return synced
	}
	return next
}

// bitcoinSteps are all that Bitcoin may do next: a block with nothing or one transaction, or a longer branch that
// leaves out, keeps or contradicts what it replaces.
func (w *world) bitcoinSteps() (out []*world) {
	if behind := w.tip.height() - w.l2.view.height(); behind < w.lag || w.lag == 0 {
		out = append(out, w.mined(w.mine(w.tip, w.reorgs, nil), "an empty block"))
		for _, c := range w.pool(w.tip) {
			out = append(out, w.mined(w.mine(w.tip, w.reorgs, []*coin{c}), "mined: "+c.String()))
		}
	}
	if w.lag > 0 && w.l2.view != w.tip {
		out = append(out, w.sync())
	}
	if w.reorgs < w.universe.reorgs {
		for d := uint32(1); d <= depth; d++ {
			out = append(out, w.branches(d, func(next *world) { next.reorgs++ })...)
		}
	}
	if w.deeps < w.universe.deeps && w.lag == 0 {
		out = append(out, w.branches(depth+1, func(next *world) { next.deeps++ })...)
	}
	return out
}

// branches are the reorgs of that depth.
func (w *world) branches(deep uint32, count func(*world)) (out []*world) {
	fork := w.tip.ancestor(w.tip.height() - deep)
	var gone [][]*coin
	for b := w.tip; b != fork; b = b.parent {
		gone = append([][]*coin{b.coins}, gone...)
	}
	branch := func(name string, contents [][]*coin) {
		from := *w
		count(&from)
		tip := fork
		for i := uint32(0); i <= deep; i++ {
			var coins []*coin
			if int(i) < len(contents) {
				coins = contents[i]
			}
			tip = w.mine(tip, from.reorgs+100*from.deeps, coins)
		}
		next := from.mined(tip, fmt.Sprintf("a reorg of %d: %s", deep, name))
		next.parent, next.stepped = w, w.stepped+1
		out = append(out, next)
	}
	branch("without", nil)
	branch("with", gone)
	for _, c := range w.pool(fork) {
		branch("with "+c.String(), [][]*coin{{c}})
	}
	return out
}
