// SPDX-License-Identifier: MIT

package transition

import (
	"crypto/sha256"
	"fmt"
	"os"
	"runtime/debug"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"bowline/stf/protocol"
)

// explorer visits every state of a scene once.
type explorer struct {
	*universe
	seen        map[[16]byte]bool
	transitions int
	refused     map[string]int // what the program said to attempts
	ways        map[string]int // recoveries by the number of states that need them
	deepest     int
	complete    bool
}

// key is what the future of a state depends on. Heights count from the tip, and no further back than anything can
// matter; names of blocks, nonces, histories and fees stay out.
func (w *world) key(k []byte) []byte {
	k = append(k, byte(w.reorgs), byte(w.deeps), byte(len(w.queue)))
	for _, c := range w.queue {
		k = append(k, c.String()...)
	}
	if len(w.queue) > 0 {
		k = append(k, byte(w.until-w.tip.height()))
	}
	orphaned := 0
	for b := w.l2.view; !w.tip.has(b); b = b.parent {
		orphaned++
	}
	k = append(k, byte(w.tip.height()-w.l2.view.height()), byte(w.tip.height()-w.l2.confirmed.height()), byte(orphaned))
	for _, c := range append(w.requests, w.static...) {
		k = append(k, w.age(c))
	}
	k = w.ledgerKey(k, w.l2)
	if w.deeps < w.universe.deeps {
		k = w.historyKey(k)
	}
	return k
}

// age is how deep the transaction is, as far as it matters.
func (w *world) age(c *coin) byte {
	at := w.chain().blocks[c.txid]
	if at == nil {
		return 0
	}
	most := uint32(depth + 2 + w.lag)
	if w.universe.deeps > 0 {
		most++
	}
	switch {
	case c.role == roleRequest && w.chain().spent[w.refund(c.vault).inputs[0]] == nil && refundBlocks+1 > most:
		most = refundBlocks + 1
	case c.role == roleKickoff && takeBlocks+1 > most:
		most = takeBlocks + 1
	}
	age := w.tip.height() - at.height() + 1
	if age > most {
		age = most
	}
	return byte(age)
}

func (w *world) ledgerKey(k []byte, l *ledger) []byte {
	now := l.contents(w.universe)
	for _, v := range now.vaults {
		if v == nil {
			k = append(k, 0)
		} else {
			k = append(k, v.Status)
		}
	}
	k = append(k, byte(len(now.withdrawals)))
	for i, withdrawal := range now.withdrawals {
		k = append(k, withdrawal.Status, byte(len(l.accepts[i])))
		if withdrawal.Status == protocol.WithdrawalAccepted {
			k = append(k, clipped(int(withdrawal.PayHeight)-int(w.tip.height())))
		}
		for number, a := range l.accepts[i] {
			c := w.payment(i, l.ids[i], a.operator, uint32(number+1))
			at, inTime := w.chain().blocks[c.txid], byte(0)
			if at != nil && at.height() <= a.payHeight {
				inTime = 1
			}
			k = append(k, byte(a.operator), w.age(c), inTime)
		}
	}
	k = append(k, byte(len(now.claims)))
	for _, claim := range now.claims {
		k = append(k, claim.Status, byte(w.partyOf(claim.Operator)), claim.Vault[0])
	}
	// Money follows from the rest when the program is right. A path on which it does not is another state.
	for i, o := range now.operators {
		if o != nil {
			k = append(k, o.Status, byte(o.OpenAcceptances))
		}
		k = append(k, protocol.NumberID(now.accounts[i].Btc+now.accounts[i].Staked+now.accounts[i].Nonce*fee)...)
	}
	return append(k, protocol.NumberID(now.counters.Minted-now.counters.Burned)...)
}

func clipped(blocks int) byte {
	if least := -(depth + margin + 3); blocks < least {
		blocks = least
	}
	return byte(blocks + 50)
}

// historyKey is what a rollback of depth + 1 blocks would come back to and replay.
func (w *world) historyKey(k []byte) []byte {
	fork := w.tip.ancestor(w.tip.height() - depth - 1)
	l := w.l2
	for !fork.has(l.confirmed) {
		for _, c := range l.batch {
			k = append(k, c.String()...)
		}
		l = l.parent
	}
	return w.ledgerKey(append(k, 255), l)
}

// found takes a state in; false when it is known.
func (x *explorer) found(w *world) bool {
	digest := sha256.Sum256(w.key(nil))
	var short [16]byte
	copy(short[:], digest[:])
	if x.seen[short] {
		return false
	}
	x.seen[short] = true
	w.check()
	w.wayBack(x.ways)
	if len(x.seen)%32 == 0 {
		w.runWhole()
	}
	return true
}

// runWhole asks the whole program for the batch that led here: roots, statement and all.
func (w *world) runWhole() {
	l := w.l2
	if len(l.batch) != 1 || l.parent == nil {
		return
	}
	m := l.parent.machine(w.universe)
	// What a batch does beside its transactions: it keeps its parent's name. The model has no use for it.
	expected := l.machine(w.universe)
	header := &protocol.Header{ChainID: w.params.ChainID, Height: l.parent.number, StateRoot: m.tree.Root().Encode()}
	body := &protocol.Body{Keep: m.view.TipHeight, Transactions: [][]byte{l.batch[0].encoding}}
	out, err := Run(&Input{Params: w.params, Previous: header, Time: 1, Body: body, Tree: m.tree})
	if err != nil {
		fail("program", "the whole program refuses %v: %v", l.batch[0], err)
	}
	if err := expected.recordParent(header, header.Hash()); err != nil {
		fail("program", "%v", err)
	}
	if out.Header.StateRoot != expected.tree.Root().Encode() {
		fail("program", "the whole program comes to another state")
	}
	w.runs++
}

// successors are all states one step away.
func (x *explorer) successors(w *world) []*world {
	out := w.bitcoinSteps()
	for _, c := range w.calls() {
		next, reason := w.apply(c, w.build(c))
		if next == nil {
			x.refused[reason]++
			continue
		}
		out = append(out, next)
	}
	x.transitions += len(out)
	return out
}

// explore visits everything within the bounds, shortest paths first. The violation is nil when all rules hold.
func explore(s scene) (x *explorer, found *violation, path string) {
	var current *world
	defer func() {
		if cause := recover(); cause != nil {
			v, ok := cause.(violation)
			if !ok {
				panic(cause)
			}
			found = &v
			if current != nil {
				path = current.path()
			}
		}
	}()
	x = &explorer{universe: newUniverse(s), seen: make(map[[16]byte]bool), refused: make(map[string]int), ways: make(map[string]int)}
	start := x.genesis()
	x.found(start)
	layer := []*world{start}
	for len(layer) > 0 && (s.steps == 0 || x.deepest < s.steps) {
		var following []*world
		for _, w := range layer {
			current = w
			for _, next := range x.successors(w) {
				current = next
				w.checkStep(next)
				if x.found(next) {
					following = append(following, next)
				}
			}
			w.facts = nil
		}
		layer = following
		if len(layer) > 0 {
			x.deepest++
		}
	}
	x.complete = len(layer) == 0
	return x, nil, ""
}

func counts(of map[string]int) string {
	var lines []string
	for name, count := range of {
		lines = append(lines, fmt.Sprintf("%s %d", name, count))
	}
	sort.Strings(lines)
	return strings.Join(lines, ", ")
}

// Bounds that take about half a minute of one core together, and those of the nightly run. Without steps an
// exploration ends when nothing new is found.
var quick = []scene{
	{name: "one withdrawal, taken over once, the view held back", withdrawals: 1, acceptances: 2, lag: 1, reorgs: 1},
	{name: "two withdrawals of one amount to one script", withdrawals: 2, acceptances: 1},
	{name: "deposit and two claims of its vault", deposits: 1, claims: 2, reorgs: 1},
	{name: "a withdrawal under rollback and replay", withdrawals: 1, acceptances: 2, reorgs: 1, deeps: 1},
	{name: "operators that leave", withdrawals: 1, acceptances: 2, leave: true},
	{name: "all together under rollback and replay", deposits: 1, withdrawals: 1, acceptances: 1, claims: 1, deeps: 1, steps: 4},
}

var thorough = []scene{
	{name: "one withdrawal, the view held back by two blocks", withdrawals: 1, acceptances: 1, lag: 2, reorgs: 2},
	{name: "all together under rollback and replay", deposits: 1, withdrawals: 1, acceptances: 1, claims: 1, deeps: 1, steps: 6},
	{name: "deposit and three claims of its vault", deposits: 1, claims: 3, reorgs: 2},
	{name: "two deposits and their claims", deposits: 2, claims: 2, steps: 5},
	{name: "two withdrawals taken over", withdrawals: 2, acceptances: 2, steps: 11},
	{name: "two withdrawals under reorgs", withdrawals: 2, acceptances: 1, reorgs: 2},
	{name: "one withdrawal, taken over twice, the view held back", withdrawals: 1, acceptances: 3, lag: 1, reorgs: 1},
	{name: "deposit and claims under rollback and replay", deposits: 1, claims: 2, reorgs: 1, deeps: 1, steps: 6},
}

func TestModel(t *testing.T) {
	if testing.Short() {
		t.Skip("a test of its own (docs/model.md)")
	}
	debug.SetGCPercent(400) // states live long, and are small
	scenes := quick
	if os.Getenv("BOWLINE_MODEL") == "deep" {
		scenes = thorough
	}
	if only := os.Getenv("BOWLINE_MODEL_SCENE"); only != "" {
		index, err := strconv.Atoi(only)
		if err != nil {
			t.Fatal(err)
		}
		scenes = scenes[index : index+1]
	}
	for _, s := range scenes {
		began := time.Now()
		x, found, path := explore(s)
		if found != nil {
			t.Fatalf("%s: %s: %s%s", s.name, found.rule, found.detail, path)
		}
		bound := fmt.Sprintf("paths of %d steps", x.deepest)
		if x.complete {
			bound = "complete, " + bound
		}
		t.Logf("%s: %d states, %d transitions (%s), %d attempts refused, %d batches by the whole program, %.1f s",
			s.name, len(x.seen), x.transitions, bound, sum(x.refused), x.runs, time.Since(began).Seconds())
		t.Logf("    refused as: %s", counts(x.refused))
		t.Logf("    ways back: %s", counts(x.ways))
	}
}

func sum(of map[string]int) (out int) {
	for _, count := range of {
		out += count
	}
	return out
}
