// SPDX-License-Identifier: MIT

package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"bowline/stf/blake3"
	"bowline/stf/codec"
	"bowline/stf/hash"
	"bowline/stf/poseidon2"
	"bowline/stf/protocol"
	"bowline/stf/smt"
	"bowline/stf/transition"
)

// The file that fixes every hash and encoding for Go and C++ alike, computed by a third implementation.
const knownAnswers = "../../tests/unit/l2/data/known_answers.json"

type text []byte

func (t *text) UnmarshalJSON(raw []byte) error {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	decoded, err := hex.DecodeString(s)
	*t = decoded
	return err
}

type answers struct {
	Sponge []struct {
		Tag      uint32
		Elements []uint32
		Digest   text
	}
	SpongeBytes []struct {
		Tag    uint32
		Fill   [2]int
		Digest text
	} `json:"sponge_bytes"`
	History struct {
		Previous, Transaction text
		Batch                 uint64
		Index                 uint32
		Digest                text
	}
	Blake3 []struct {
		Length int
		Digest text
	}
	Blake3Abc text `json:"blake3_abc"`
	Chains    struct {
		Sponge, Blake3 text
		Rounds         struct{ Sponge, Blake3 [2]int }
	}
	ListRoot []struct {
		Count int
		Root  text
	} `json:"list_root"`
	Append []struct {
		Count          int
		Outbox, Claims text
	}
	StateTree struct {
		Keys, Values []text
		Size         int
		Roots        []struct {
			Count int
			Root  text
		}
		WitnessKeys []int `json:"witness_keys"`
		Witness     text
	} `json:"state_tree"`
	Params struct {
		Encoding text
		ChainID  text `json:"chain_id"`
	}
	Header       struct{ Encoding, Hash text }
	Transactions []struct {
		Type                    uint8
		Encoding, Hash, Message text
	}
	Objects []struct {
		Kind           uint8
		ID, Value, Key text
	}
	Hashes  map[string]text
	Genesis struct{ Header, Hash, State, Statement text }
}

func load(t *testing.T) *answers {
	raw, err := os.ReadFile(knownAnswers)
	if err != nil {
		t.Fatal(err)
	}
	out := &answers{}
	if err := json.Unmarshal(raw, out); err != nil {
		t.Fatal(err)
	}
	return out
}

func fill(start, size int) []byte {
	out := make([]byte, size)
	for i := range out {
		out[i] = byte((start + 7*i) % 251)
	}
	return out
}

func fill32(start int) (out [32]byte) {
	copy(out[:], fill(start, 32))
	return out
}

func check(t *testing.T, what string, got [32]byte, want text) {
	t.Helper()
	if !bytes.Equal(got[:], want) {
		t.Errorf("%s: got %x, want %x", what, got, []byte(want))
	}
}

func chain(function func([]byte) [32]byte, rounds [2]int) (x [32]byte) {
	length := 0
	for i := 0; i < rounds[0]; i++ {
		length = (length + rounds[1]) % 1500
		x = function(bytes.Repeat(x[:], 47)[:length])
	}
	return x
}

func value(data []byte) [32]byte { return poseidon2.Bytes(poseidon2.TagValue, data).Encode() }

func TestHashes(t *testing.T) {
	k := load(t)
	for _, c := range k.Sponge {
		check(t, "sponge", poseidon2.Sponge(c.Tag, c.Elements).Encode(), c.Digest)
	}
	for _, c := range k.SpongeBytes {
		check(t, "sponge bytes", poseidon2.Bytes(c.Tag, fill(c.Fill[0], c.Fill[1])).Encode(), c.Digest)
	}
	account := protocol.Account{}
	account.History, _ = poseidon2.Decode(array(k.History.Previous))
	account.Fold(array(k.History.Transaction), k.History.Batch, k.History.Index)
	check(t, "history", account.History.Encode(), k.History.Digest)
	for _, c := range k.Blake3 {
		data := make([]byte, c.Length)
		for i := range data {
			data[i] = byte(i % 251)
		}
		check(t, "blake3", blake3.Sum256(data), c.Digest)
	}
	check(t, "blake3 abc", blake3.Sum256([]byte("abc")), k.Blake3Abc)
	check(t, "chain of sponges", chain(value, k.Chains.Rounds.Sponge), k.Chains.Sponge)
	check(t, "chain of blake3", chain(blake3.Sum256, k.Chains.Rounds.Blake3), k.Chains.Blake3)
}

func array(data []byte) (out [32]byte) {
	copy(out[:], data)
	return out
}

func leafList() (out [][32]byte) {
	for i := 0; i < 9; i++ {
		out = append(out, hash.Sum([]byte("leaf"), protocol.HeightID(uint32(i))))
	}
	return out
}

func TestTreesOfLists(t *testing.T) {
	k := load(t)
	leaves := leafList()
	for _, c := range k.ListRoot {
		check(t, "list root", hash.ListRoot(leaves[:c.Count]), c.Root)
	}
	for _, c := range k.Append {
		var outbox, claims protocol.Frontier
		for _, leaf := range leaves[:c.Count] {
			if !outbox.Append(leaf, protocol.OutboxTree) || !claims.Append(leaf, protocol.ClaimsTree) {
				t.Fatal("a tree of few leaves is full")
			}
		}
		check(t, "outbox", outbox.Root(protocol.OutboxTree), c.Outbox)
		check(t, "claims", claims.Root(protocol.ClaimsTree), c.Claims)
	}
}

func key(t *testing.T, raw text) poseidon2.Digest {
	out, ok := poseidon2.Decode(array(raw))
	if !ok {
		t.Fatal("a key is no digest")
	}
	return out
}

func TestStateTree(t *testing.T) {
	k := load(t).StateTree
	for _, c := range k.Roots {
		var tree smt.Tree
		for i := c.Count - 1; i >= 0; i-- {
			if err := tree.Put(key(t, k.Keys[i]), k.Values[i]); err != nil {
				t.Fatal(err)
			}
		}
		check(t, "root", tree.Root().Encode(), c.Root)
	}
}

func TestWitnessOfTheStateTree(t *testing.T) {
	k := load(t).StateTree
	tree, err := smt.ReadWitness(codec.NewReader(k.Witness))
	if err != nil {
		t.Fatal(err)
	}
	check(t, "root", tree.Root().Encode(), k.Roots[len(k.Roots)-1].Root)
	for _, i := range k.WitnessKeys {
		got, found, err := tree.Get(key(t, k.Keys[i]))
		if err != nil || found != (i < k.Size) || (found && !bytes.Equal(got, k.Values[i])) {
			t.Errorf("key %d: %x %v %v", i, got, found, err)
		}
	}
	missing := 0
	for i := range k.Keys {
		if _, _, err := tree.Get(key(t, k.Keys[i])); err != nil {
			if err != (smt.Missing{Key: key(t, k.Keys[i])}) {
				t.Error(err)
			}
			missing++
		}
	}
	if missing < 30 {
		t.Errorf("a witness of 5 keys shows all but %d of %d", missing, len(k.Keys))
	}
}

func TestEncodings(t *testing.T) {
	k := load(t)
	params, err := protocol.ParseParams(k.Params.Encoding)
	if err != nil {
		t.Fatal(err)
	}
	check(t, "chain id", params.ChainID, k.Params.ChainID)
	reader := codec.NewReader(k.Header.Encoding)
	header := protocol.ReadHeader(reader)
	if !reader.Done() || !bytes.Equal(header.Encode(), k.Header.Encoding) {
		t.Error("header does not survive")
	}
	check(t, "header", header.Hash(), k.Header.Hash)
	for _, c := range k.Transactions {
		tx, ok := protocol.ParseTransaction(c.Encoding)
		if !ok || tx.Type != c.Type {
			t.Fatalf("transaction of type %d was refused", c.Type)
		}
		check(t, "transaction", tx.Hash, c.Hash)
		check(t, "message", tx.SigningMessage(params.ChainID), c.Message)
		for cut := 0; cut < len(c.Encoding); cut += 1 + len(c.Encoding)/97 {
			if _, ok := protocol.ParseTransaction(c.Encoding[:cut]); ok {
				t.Errorf("type %d cut to %d bytes was taken", c.Type, cut)
			}
		}
	}
	objects := map[uint8]protocol.Object{
		1: &protocol.Account{}, 2: &protocol.L1View{}, 3: &protocol.L1Block{}, 4: &protocol.Vault{},
		5: &protocol.Withdrawal{}, 6: &protocol.Operator{}, 7: &protocol.Payment{}, 8: &protocol.Counters{},
		9: &protocol.Claim{}, 10: &protocol.Chain{}, 11: &protocol.Batch{},
	}
	for _, c := range k.Objects {
		if err := protocol.DecodeObject(c.Value, objects[c.Kind]); err != nil {
			t.Fatalf("object of kind %d was refused", c.Kind)
		}
		if !bytes.Equal(protocol.EncodeObject(objects[c.Kind]), c.Value) {
			t.Errorf("object of kind %d does not survive", c.Kind)
		}
		check(t, "state key", protocol.StateKey(c.Kind, c.ID).Encode(), c.Key)
	}
}

func TestHashesOfTheProtocol(t *testing.T) {
	k := load(t)
	params, err := protocol.ParseParams(k.Params.Encoding)
	if err != nil {
		t.Fatal(err)
	}
	parsed, _ := protocol.ParseTransaction(k.Transactions[8].Encoding)
	claim := parsed.Payload.(*protocol.ClaimTx)
	leaf := protocol.GraphLeaf(fill32(50), claim)
	mint := &protocol.MintTx{Recipient: fill32(31), GraphRoot: fill32(32), DepositID: fill32(33)}
	receipt := protocol.Receipt{Transaction: fill32(55), Kind: 9, Fee: 100, Reference: 6}
	proposer := params.Proposer()
	message := protocol.MintMessage(params.ChainID, claim.Vault, 1_000_000, mint)
	check(t, "mint", message, k.Hashes["mint_message"])
	program := &protocol.ProgramTx{Number: 3, Program: fill32(56), Delay: 900}
	check(t, "program", protocol.ProgramMessage(params.ChainID, program), k.Hashes["program_message"])
	check(t, "payment", protocol.PaymentTag(params.ChainID, 7, fill32(50), 2), k.Hashes["payment_tag"])
	check(t, "leaf", leaf, k.Hashes["graph_leaf"])
	check(t, "graph root", protocol.GraphRoot(claim), k.Hashes["graph_root"])
	check(t, "claim id", protocol.ClaimID(fill32(55), claim.DepositID, fill32(50), leaf), k.Hashes["claim_id"])
	check(t, "outbox", protocol.OutboxLeaf(2, 6, fill32(55)), k.Hashes["outbox_leaf"])
	check(t, "inbox", protocol.InboxStep(fill32(56), claim.Vault, 1_000_000, fill32(31)), k.Hashes["inbox_step"])
	check(t, "receipt", receipt.Hash(), k.Hashes["receipt"])
	check(t, "sequencer set", params.SequencerSet(), k.Hashes["sequencer_set"])
	if !bytes.Equal(proposer[:], k.Hashes["proposer"]) {
		t.Errorf("proposer: %x", proposer)
	}
}

func TestGenesis(t *testing.T) {
	k := load(t)
	var w codec.Writer
	w.U8(modeGenesis)
	w.Sized(k.Params.Encoding)
	result, public, code := run(w.Out)
	if code != exitDone || !bytes.Equal(result[1:1+protocol.HeaderSize], k.Genesis.Header) {
		t.Errorf("code %d, header %x", code, result)
	}
	if !bytes.Equal(public, k.Genesis.Statement) {
		t.Errorf("statement %x", public)
	}
	params, _ := protocol.ParseParams(k.Params.Encoding)
	outcome, err := transition.Genesis(params)
	if err != nil {
		t.Fatal(err)
	}
	check(t, "hash", outcome.Header.Hash(), k.Genesis.Hash)
	check(t, "state", outcome.Header.StateRoot, k.Genesis.State)
}

func TestHostileFramesNeverPanic(t *testing.T) {
	k := load(t)
	var w codec.Writer
	w.U8(modeStrict)
	w.Sized(k.Params.Encoding)
	w.Bytes(k.Genesis.Header)
	w.U64(1_800_000_000)
	w.Sized((&protocol.Body{Keep: 101, Transactions: [][]byte{k.Transactions[0].Encoding}}).Encode())
	w.Bytes(k.StateTree.Witness)
	seed := uint32(1)
	for i := 0; i < 3000; i++ {
		frame := append([]byte(nil), w.Out...)
		for j := 0; j < 3; j++ {
			seed = seed*1664525 + 1013904223
			frame[int(seed>>8)%len(frame)] = byte(seed >> 3)
		}
		if i%3 == 0 {
			frame = frame[:int(seed>>8)%len(frame)]
		}
		if _, _, code := run(frame); code == exitDone {
			t.Fatalf("frame %d was executed", i)
		}
	}
}
