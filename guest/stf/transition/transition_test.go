// SPDX-License-Identifier: MIT

package transition

import (
	"bytes"
	"encoding/hex"
	"math/big"
	"testing"

	"bowline/stf/codec"
	"bowline/stf/hash"
	"bowline/stf/protocol"
	"bowline/stf/smt"
)

// The program's whole behaviour is tested from C++ (tests/unit/l2/tst_stf_*), over the frames that the nodes send
// it, and its hashes and encodings by known answers. This is the shortest way in: a batch of one transfer.

var (
	generatorX, _ = hex.DecodeString("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")
	order, _      = new(big.Int).SetString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16)
)

// alice's secret key is 1, and so is the nonce of her signatures: her key and R are the generator itself, and
// signing is s = 1 + e.
func alice() (key [32]byte) {
	copy(key[:], generatorX)
	return key
}

func sign(params *protocol.Params, body []byte) []byte {
	message := hash.Tagged("Bowline/tx", params.ChainID[:], body)
	e := hash.Tagged("BIP0340/challenge", generatorX, generatorX, message[:])
	s := new(big.Int).SetBytes(e[:])
	s.Add(s, big.NewInt(1)).Mod(s, order)
	signature := make([]byte, 64)
	copy(signature, generatorX)
	copy(signature[64-len(s.Bytes()):], s.Bytes())
	return append(body, signature...)
}

// transfer is alice's, to the account whose key is all sevens.
func transfer(params *protocol.Params, nonce, fee, amount uint64) []byte {
	var w codec.Writer
	w.U8(1)
	w.U8(protocol.TypeTransfer)
	w.Bytes(generatorX)
	w.U64(nonce)
	w.U64(fee)
	w.Bytes(bytes.Repeat([]byte{7}, 32))
	w.U64(amount)
	return sign(params, w.Out)
}

// state is that of genesis, with 1,000 sat for alice.
func state(t *testing.T, params *protocol.Params) (*protocol.Header, *smt.Tree) {
	genesis, err := Genesis(params)
	if err != nil {
		t.Fatal(err)
	}
	tree := &smt.Tree{}
	key := alice()
	account := protocol.EncodeObject(&protocol.Account{Btc: 1_000})
	changes := append(genesis.Changes, Change{protocol.StateKey(protocol.KindAccount, key[:]), 0, nil, account})
	for _, change := range changes {
		if err := tree.Put(change.Key, change.Value); err != nil {
			t.Fatal(err)
		}
	}
	genesis.Header.StateRoot = tree.Root().Encode()
	return &genesis.Header, tree
}

func balance(t *testing.T, tree *smt.Tree, key [32]byte) uint64 {
	account := &protocol.Account{}
	value, found, err := tree.Get(protocol.StateKey(protocol.KindAccount, key[:]))
	if err != nil {
		t.Fatal(err)
	}
	if found {
		if err := protocol.DecodeObject(value, account); err != nil {
			t.Fatal(err)
		}
	}
	return account.Btc
}

func TestATransferMovesMoneyAndARefusedOneChangesNothing(t *testing.T) {
	params := &protocol.Params{MinFee: 10, SequencerKey: [32]byte{9}, ChainID: [32]byte{1}}
	forged := transfer(params, 0, 10, 300)
	forged[len(forged)-1] ^= 1
	for _, test := range []struct {
		name        string
		transaction []byte
		reason      string // "" when it is applied
	}{
		{"a transfer", transfer(params, 0, 10, 300), ""},
		{"all but the fee", transfer(params, 0, 10, 990), ""},
		{"one more", transfer(params, 0, 10, 991), "balance-low"},
		{"nothing", transfer(params, 0, 10, 0), "amount-zero"},
		{"too small a fee", transfer(params, 0, 9, 300), "fee-low"},
		{"a nonce too early", transfer(params, 1, 10, 300), "nonce-high"},
		{"another signature", forged, "bad-signature"},
		{"no transaction", []byte{1, 2, 3}, "malformed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			header, tree := state(t, params)
			body := &protocol.Body{Transactions: [][]byte{test.transaction}}
			out, err := Run(&Input{params, header, header.Time + 1, body, tree, true})
			if err != nil {
				t.Fatal(err)
			}
			if test.reason != "" {
				if len(out.Rejected) != 1 || out.Rejected[0].Reason != test.reason {
					t.Errorf("got %v, want %s", out.Rejected, test.reason)
				}
				header, tree = state(t, params)
				empty, _ := Run(&Input{params, header, header.Time + 1, &protocol.Body{}, tree, true})
				if len(out.Changes) != 1 || out.Header.StateRoot != empty.Header.StateRoot {
					t.Error("a refused transaction has changed more than a batch does")
				}
				header, tree = state(t, params)
				_, err := Run(&Input{params, header, header.Time + 1, body, tree, false})
				if bad, ok := err.(BadTransaction); !ok || bad.Reason != test.reason {
					t.Errorf("a batch that holds it: got %v, want %s", err, test.reason)
				}
				return
			}
			if len(out.Rejected) != 0 || len(out.Receipts) != 1 {
				t.Fatalf("refused: %v", out.Rejected)
			}
			parsed, _ := protocol.ParseTransaction(test.transaction)
			amount := parsed.Payload.(*protocol.TransferTx).Amount
			to := parsed.Payload.(*protocol.TransferTx).To
			for key, want := range map[[32]byte]uint64{alice(): 990 - amount, to: amount, params.SequencerKey: 10} {
				if got := balance(t, tree, key); got != want {
					t.Errorf("account %x has %d, want %d", key[:4], got, want)
				}
			}
		})
	}
}
