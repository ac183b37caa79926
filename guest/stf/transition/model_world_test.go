// SPDX-License-Identifier: MIT

package transition

import (
	"bytes"
	"fmt"
	"sort"

	"bowline/stf/bitcoin"
	"bowline/stf/codec"
	"bowline/stf/poseidon2"
	"bowline/stf/protocol"
	"bowline/stf/smt"
)

// The parties of the model.
const (
	user     = 0
	firstOp  = 1
	secondOp = 2
	courier  = 3 // a stranger: sends proofs for others, tries what it may not
	parties  = 4
)

// The times of the model: as short as the rules of a network allow (core/bridge/graph.h, checkRules).
const (
	depth        = 1
	payWindow    = 2
	margin       = 2
	takeBlocks   = 4
	refundBlocks = 5
	fee          = 1
	vaultValue   = 100_000
	bankValue    = 1_000_000
	amount       = 20_000
	operatorFee  = 500
)

// scene bounds an exploration.
type scene struct {
	name        string
	deposits    int
	withdrawals int
	acceptances uint32 // of one withdrawal
	claims      int    // of all vaults together
	lag         uint32 // blocks that the sequencer may hold its view of Bitcoin back
	reorgs      int    // of up to depth blocks: within the ring
	deeps       int    // of depth + 1 blocks: rollback and replay
	leave       bool   // operators may leave and come back
	noVeto      bool   // no member is honest
	steps       int    // length of the paths; 0: until nothing new is found
}

// universe is what never changes in an exploration.
type universe struct {
	scene
	params    *protocol.Params
	party     [parties]party
	committee party
	bank      *coin
	requests  []*coin
	static    []*coin // all but bank, requests and payments
	known     map[[32]byte]*coin
	graphs    [][]*protocol.ClaimTx // by deposit and operator - 1
	initial   [parties]int64
	payments  map[string]*coin
	runs      int // of the whole program, beside
}

// violation is a rule of the model that does not hold.
type violation struct{ rule, detail string }

func fail(rule, format string, arguments ...interface{}) {
	panic(violation{rule, fmt.Sprintf(format, arguments...)})
}

func newUniverse(s scene) *universe {
	u := &universe{scene: s, known: make(map[[32]byte]*coin), payments: make(map[string]*coin)}
	for i := range u.party {
		u.party[i] = newParty(int64(11 + i))
	}
	u.committee = newParty(20)
	checkpoint := mineOn(nil, 0, nil)
	u.params = &protocol.Params{
		CommitteeKey: u.committee.key, SequencerKey: [32]byte{9}, Depth: depth, PayWindow: payWindow,
		ReclaimMargin: margin, Denominations: []uint64{vaultValue, bankValue}, MinWithdrawal: 1_000,
		OperatorStake: 5_000, BondBps: 500, MinFee: fee, CheckpointHeader: checkpoint.header,
		CheckpointWork: checkpoint.state.Work, EpochStartTime: firstTime,
		LastTimes: checkpoint.state.Times, GenesisTime: firstTime, ChainID: [32]byte{1},
	}
	u.bank = spendOf([]bitcoin.OutPoint{external("bank", 0, 0)}, bitcoin.Output{Value: bankValue, Script: taproot("bank", 0, 0)})
	u.bank.role, u.bank.vault = roleConfirm, -1
	u.known[u.bank.txid] = u.bank
	for i := 0; i < s.deposits; i++ {
		u.addDeposit(i)
	}
	return u
}

// addDeposit makes request, T1, refund and each operator's graph.
func (u *universe) addDeposit(i int) {
	add := func(r role, operator int, c *coin) *coin {
		c.role, c.vault, c.operator = r, i, operator
		u.known[c.txid] = c
		return c
	}
	out := func(value uint64, name string, j int) bitcoin.Output {
		return bitcoin.Output{Value: value, Script: taproot(name, i, j)}
	}
	request := add(roleRequest, 0, spendOf([]bitcoin.OutPoint{external("wallet", i, 0)}, out(vaultValue+1_000, "request", 0)))
	from := []bitcoin.OutPoint{bitcoin.MakeOutPoint(request.txid, 0)}
	confirm := add(roleConfirm, 0, spendOf(from, out(vaultValue, "vault", 0)))
	refund := add(roleRefund, 0, spendOf(from, out(vaultValue, "refund", 0)))
	refund.lockedBy, refund.lock = request.txid, refundBlocks
	u.requests = append(u.requests, request)
	u.static = append(u.static, confirm, refund)
	vault := bitcoin.MakeOutPoint(confirm.txid, 0)
	var claims []*protocol.ClaimTx
	for j := firstOp; j <= secondOp; j++ {
		funding := external("funding", i, j)
		kickoff := add(roleKickoff, j, spendOf([]bitcoin.OutPoint{funding}, out(2_000, "stake", j), out(1_000, "connector", j)))
		elsewhere := add(roleElsewhere, j, spendOf([]bitcoin.OutPoint{funding}, out(3_000, "elsewhere", j)))
		stake, connector := bitcoin.MakeOutPoint(kickoff.txid, 0), bitcoin.MakeOutPoint(kickoff.txid, 1)
		veto := add(roleVeto, j, spendOf([]bitcoin.OutPoint{connector}, out(0, "veto", j)))
		take := add(roleTake, j, spendOf([]bitcoin.OutPoint{vault, stake, connector}, out(vaultValue, "take", j)))
		take.lockedBy, take.lock = kickoff.txid, takeBlocks
		u.static = append(u.static, kickoff, elsewhere, veto, take)
		claims = append(claims, &protocol.ClaimTx{
			Vault: vault, DepositID: [32]byte{7, byte(i)}, Funding: funding, Kickoff: kickoff.txid, Take: take.txid,
			Payout: taproot("take", i, j),
		})
	}
	u.listGraphs(claims)
	u.graphs = append(u.graphs, claims)
}

// listGraphs puts every operator's graph leaf into each claim, ascending by operator key.
func (u *universe) listGraphs(claims []*protocol.ClaimTx) {
	order := []int{firstOp, secondOp}
	sort.Slice(order, func(a, b int) bool { return bytes.Compare(u.party[order[a]].key[:], u.party[order[b]].key[:]) < 0 })
	var leaves [][32]byte
	for _, j := range order {
		leaves = append(leaves, protocol.GraphLeaf(u.party[j].key, claims[j-1]))
	}
	for at, j := range order {
		claims[j-1].GraphLeaves, claims[j-1].OwnIndex = leaves, uint8(at)
	}
}

// payment is the operator's transaction for an acceptance of the withdrawal of that id.
func (u *universe) payment(index int, id uint64, operator int, acceptance uint32) *coin {
	name := fmt.Sprint(index, id, operator, acceptance)
	if known := u.payments[name]; known != nil {
		return known
	}
	tag := protocol.PaymentTag(u.params.ChainID, id, u.party[operator].key, acceptance)
	c := spendOf([]bitcoin.OutPoint{external("purse"+name, index, operator)},
		bitcoin.Output{Value: amount, Script: taproot("user", 0, 0)},
		bitcoin.Output{Script: append([]byte{0x6a, 0x20}, tag[:]...)})
	c.role, c.vault, c.operator, c.acceptance = rolePayment, index, operator, acceptance
	u.payments[name], u.known[c.txid] = c, c
	return c
}

// call is a transaction of the layer 2 before it is put into bytes.
type call struct {
	kind     uint8
	sender   int
	index    int // deposit, withdrawal, or claim number
	operator int // whose graph a claim names
	proof    *coin
}

func (c call) String() string {
	names := [...]string{"", "transfer", "mint", "request", "accept", "prove", "reclaim", "register", "leave", "claim", "void", "settle"}
	text := fmt.Sprintf("%s %d by %d", names[c.kind], c.index, c.sender)
	if c.kind == protocol.TypeClaim {
		text += fmt.Sprintf(" with the graph of %d", c.operator)
	}
	if c.proof != nil {
		text += " with " + c.proof.String()
	}
	return text
}

func (c *coin) String() string {
	return fmt.Sprintf("%s(%d by %d, %d)", roleNames[c.role], c.vault, c.operator, c.acceptance)
}

// applied is a transaction of a batch.
type applied struct {
	call
	encoding []byte
}

// object is a value of the state tree.
type object struct {
	Change
}

// accepted remembers an acceptance: the state keeps the latest alone.
type accepted struct {
	operator  int
	payHeight uint32
	tip       uint32 // of Bitcoin, as its operator saw it
}

// ledger is a state of the layer 2 after a batch; never changed once it stands.
type ledger struct {
	parent    *ledger
	number    uint64
	objects   []*object
	view      *block // the tip of the program's view
	confirmed *block
	batch     []applied // that led here
	ids       []uint64  // of the withdrawals, in the order of requests
	accepts   [][]accepted
	decoded   *contents
}

// contents is the ledger's objects, decoded.
type contents struct {
	accounts    [parties]protocol.Account
	sequencer   protocol.Account
	bank        *protocol.Vault
	vaults      []*protocol.Vault
	withdrawals []*protocol.Withdrawal
	operators   [parties]*protocol.Operator
	claims      []*protocol.Claim
	counters    protocol.Counters
	payments    map[[32]byte]uint64
	holds       uint64
}

func (l *ledger) machine(u *universe) *machine {
	m := &machine{params: u.params, tree: &smt.Tree{}, batch: l.number + 1, position: make(map[poseidon2.Digest]int)}
	for _, o := range l.objects {
		if err := m.tree.Put(o.Key, o.Value); err != nil {
			fail("program", "%v", err)
		}
	}
	if err := m.loadView(); err != nil {
		fail("program", "%v", err)
	}
	return m
}

// after is the ledger that the machine's changes lead to.
func (l *ledger) after(m *machine) *ledger {
	next := &ledger{parent: l, number: l.number + 1, view: l.view, confirmed: l.confirmed, ids: l.ids, accepts: l.accepts}
	next.objects = append([]*object(nil), l.objects...)
	for _, change := range m.changes {
		at := 0
		for at < len(next.objects) && next.objects[at].Key != change.Key {
			at++
		}
		if at == len(next.objects) {
			next.objects = append(next.objects, nil)
		}
		next.objects[at] = &object{change}
	}
	return next
}

func (l *ledger) find(kind uint8, id []byte) []byte {
	for _, o := range l.objects {
		if o.Kind == kind && bytes.Equal(o.ID, id) {
			return o.Value
		}
	}
	return nil
}

// read decodes an object; false when there is none.
func (l *ledger) read(kind uint8, id []byte, into protocol.Object) bool {
	value := l.find(kind, id)
	if value == nil {
		return false
	}
	if err := protocol.DecodeObject(value, into); err != nil {
		fail("program", "%v", err)
	}
	return true
}

func (l *ledger) contents(u *universe) *contents {
	if l.decoded != nil {
		return l.decoded
	}
	c := &contents{payments: make(map[[32]byte]uint64)}
	for i := range c.accounts {
		l.read(protocol.KindAccount, u.party[i].key[:], &c.accounts[i])
		o := &protocol.Operator{}
		if l.read(protocol.KindOperator, u.party[i].key[:], o) {
			c.operators[i] = o
		}
	}
	l.read(protocol.KindAccount, u.params.SequencerKey[:], &c.sequencer)
	l.read(protocol.KindCounters, nil, &c.counters)
	c.bank = l.vault(u.bank.txid)
	for i := range u.requests {
		c.vaults = append(c.vaults, l.vault(u.confirm(i).txid))
	}
	for _, id := range l.ids {
		w := &protocol.Withdrawal{}
		if !l.read(protocol.KindWithdrawal, protocol.NumberID(id), w) {
			fail("program", "a withdrawal is gone")
		}
		c.withdrawals = append(c.withdrawals, w)
	}
	for i := uint64(0); i < c.counters.Claims.Count; i++ {
		claim := &protocol.Claim{}
		if !l.read(protocol.KindClaim, protocol.NumberID(i), claim) {
			fail("program", "a claim is gone")
		}
		c.claims = append(c.claims, claim)
	}
	for _, o := range l.objects {
		c.holds += l.holds(o)
		if o.Kind == protocol.KindPayment {
			var txid [32]byte
			copy(txid[:], o.ID)
			c.payments[txid] = codec.NewReader(o.Value).U64()
		}
	}
	l.decoded = c
	return c
}

func (l *ledger) vault(txid [32]byte) *protocol.Vault {
	outpoint, v := bitcoin.MakeOutPoint(txid, 0), &protocol.Vault{}
	if !l.read(protocol.KindVault, outpoint[:], v) {
		return nil
	}
	return v
}

// holds counts the money in an object without asking the program's own Holds.
func (l *ledger) holds(o *object) uint64 {
	switch o.Kind {
	case protocol.KindAccount:
		a := protocol.Account{}
		l.read(o.Kind, o.ID, &a)
		return a.Btc + a.Staked
	case protocol.KindWithdrawal:
		w := protocol.Withdrawal{}
		l.read(o.Kind, o.ID, &w)
		if w.Status == protocol.WithdrawalRequested || w.Status == protocol.WithdrawalAccepted {
			return w.Amount + w.OperatorFee + w.Bond
		}
	}
	return 0
}

func (u *universe) confirm(deposit int) *coin { return u.static[deposit*10] }
func (u *universe) refund(deposit int) *coin  { return u.static[deposit*10+1] }

// graph is the operator's transaction of that role.
func (u *universe) graph(deposit, operator int, r role) *coin {
	return u.static[deposit*10+2+(operator-1)*4+int(r-roleKickoff)]
}

// partyOf is whose key it is.
func (u *universe) partyOf(key [32]byte) int {
	for i := range u.party {
		if u.party[i].key == key {
			return i
		}
	}
	return -1
}
