// SPDX-License-Identifier: MIT

// Package transition is the state transition: it applies batches to the state. A transaction works on a scope
// of its own that is written back as a whole or not at all.
package transition

import (
	"bytes"

	"bowline/stf/bitcoin"
	"bowline/stf/codec"
	"bowline/stf/poseidon2"
	"bowline/stf/protocol"
	"bowline/stf/smt"
)

// Reason is a stable code that says why a transaction or a batch is refused.
type Reason string

func (r Reason) Error() string { return string(r) }

// Change is an object as it stands after the batch.
type Change struct {
	Key   poseidon2.Digest
	Kind  uint8
	ID    []byte
	Value []byte
}

// machine is one run.
type machine struct {
	params   *protocol.Params
	tree     *smt.Tree
	view     *protocol.L1View
	batch    uint64
	changes  []Change
	position map[poseidon2.Digest]int // in changes
}

// entry is an object that a scope has opened.
type entry struct {
	key    poseidon2.Digest
	kind   uint8
	id     []byte
	old    []byte // nil when the tree holds none
	object protocol.Object
	held   uint64
}

// scope is what one transaction reads and writes.
type scope struct {
	*machine
	entries []*entry
	touched [][32]byte // accounts whose history takes the transaction in
}

// open finds an object in the scope or takes it from the tree. blank is what the value is decoded into; it
// stands for an absent object until it is used.
func (s *scope) open(kind uint8, id []byte, blank protocol.Object) (e *entry, err error) {
	for _, known := range s.entries {
		if known.kind == kind && bytes.Equal(known.id, id) {
			return known, nil
		}
	}
	e = &entry{key: protocol.StateKey(kind, id), kind: kind, id: id}
	value, found, err := s.tree.Get(e.key)
	if err != nil {
		return nil, err
	}
	if found {
		if err := protocol.DecodeObject(value, blank); err != nil {
			return nil, err
		}
		e.old, e.object, e.held = value, blank, blank.Holds()
	}
	s.entries = append(s.entries, e)
	return e, nil
}

// account opens an account; one that does not exist yet is empty.
func (s *scope) account(key [32]byte) (*protocol.Account, error) {
	e, err := s.open(protocol.KindAccount, key[:], &protocol.Account{})
	if err != nil {
		return nil, err
	}
	if e.object == nil {
		e.object = &protocol.Account{}
	}
	return e.object.(*protocol.Account), nil
}

// touch opens an account and notes that the transaction belongs into its history.
func (s *scope) touch(key [32]byte) (*protocol.Account, error) {
	account, err := s.account(key)
	if err != nil {
		return nil, err
	}
	for _, known := range s.touched {
		if known == key {
			return account, nil
		}
	}
	s.touched = append(s.touched, key)
	return account, nil
}

func (s *scope) counters() (*protocol.Counters, error) {
	e, err := s.open(protocol.KindCounters, nil, &protocol.Counters{})
	if err != nil {
		return nil, err
	}
	if e.object == nil {
		return nil, codec.Malformed("counters")
	}
	return e.object.(*protocol.Counters), nil
}

// commit writes everything back, after asserting that no money came from nowhere: what the objects hold
// changed by exactly what was minted less what was burned.
func (s *scope) commit() error {
	var before, after uint64 // modulo 2^64, which keeps equal sums equal
	for _, e := range s.entries {
		if e.object == nil {
			continue
		}
		before += e.held
		after += e.object.Holds()
		if e.kind == protocol.KindCounters {
			old := &protocol.Counters{}
			if err := protocol.DecodeObject(e.old, old); err != nil {
				return err
			}
			now := e.object.(*protocol.Counters)
			before += now.Minted + old.Burned
			after += old.Minted + now.Burned
		}
	}
	if before != after {
		return Reason("not-conserved")
	}
	for _, e := range s.entries {
		if e.object == nil {
			continue
		}
		if value := protocol.EncodeObject(e.object); e.old == nil || !bytes.Equal(value, e.old) {
			if err := s.put(Change{e.key, e.kind, e.id, value}); err != nil {
				return err
			}
		}
	}
	return nil
}

// put writes an object into the tree and remembers the change, in the order of first changes.
func (m *machine) put(change Change) error {
	if err := m.tree.Put(change.Key, change.Value); err != nil {
		return err
	}
	if i, known := m.position[change.Key]; known {
		m.changes[i] = change
		return nil
	}
	m.position[change.Key] = len(m.changes)
	m.changes = append(m.changes, change)
	return nil
}

// proven checks that a Bitcoin transaction is in a confirmed block of the view (rules A3, A16).
func (s *scope) proven(proof *protocol.TxProof) (*bitcoin.Transaction, error) {
	e, err := s.open(protocol.KindL1Block, protocol.HeightID(proof.Height), &protocol.L1Block{})
	if err != nil {
		return nil, err
	}
	if e.object == nil {
		return nil, Reason("proof-not-confirmed")
	}
	header := bitcoin.ParseHeader(proof.Header)
	if header.Hash != e.object.(*protocol.L1Block).Hash {
		return nil, Reason("proof-other-block")
	}
	if len(proof.Path) != len(proof.CoinbasePath) {
		return nil, Reason("proof-path-length")
	}
	coinbase, ok := bitcoin.ParseTransaction(proof.Coinbase)
	if !ok || !coinbase.IsCoinbase() {
		return nil, Reason("proof-bad-coinbase")
	}
	if root, ok := bitcoin.RootOfPath(coinbase.Txid, 0, proof.CoinbasePath); !ok || root != header.MerkleRoot {
		return nil, Reason("proof-bad-coinbase")
	}
	tx, ok := bitcoin.ParseTransaction(proof.Raw)
	if !ok {
		return nil, Reason("proof-bad-transaction")
	}
	if root, ok := bitcoin.RootOfPath(tx.Txid, proof.Index, proof.Path); !ok || root != header.MerkleRoot {
		return nil, Reason("proof-wrong-root")
	}
	return &tx, nil
}

// credit adds to an account.
func credit(account *protocol.Account, amount uint64) error {
	sum, ok := codec.Add(account.Btc, amount)
	if !ok || sum > codec.MaxMoney {
		return Reason("overflow")
	}
	account.Btc = sum
	return nil
}

// debit takes from an account.
func debit(account *protocol.Account, amount uint64) error {
	rest, ok := codec.Sub(account.Btc, amount)
	if !ok {
		return Reason("balance-low")
	}
	account.Btc = rest
	return nil
}

// increase adds to a running number.
func increase(counter *uint64, amount uint64) error {
	sum, ok := codec.Add(*counter, amount)
	if !ok {
		return Reason("overflow")
	}
	*counter = sum
	return nil
}
