// SPDX-License-Identifier: MIT

package transition

import (
	"bowline/stf/bitcoin"
	"bowline/stf/codec"
	"bowline/stf/hash"
	"bowline/stf/protocol"
)

// The Bitcoin of the model (docs/model.md): real headers with regtest's proof of work and real Merkle paths, for
// the program checks both, and the two rules of spending that the bridge leans on: an output is spent once, and
// a relative lock holds. Signatures and scripts of Bitcoin are not there; tests with bitcoind have them.

const (
	easiest   = 0x207fffff
	firstTime = 1_700_000_000
)

// A role is what a transaction does.
type role uint8

const (
	roleOther role = iota
	roleRequest
	roleConfirm
	roleRefund
	roleKickoff
	roleElsewhere // the operator spends its Kickoff funding outside the graph
	roleVeto
	roleTake
	rolePayment
)

var roleNames = [...]string{"other", "request", "confirm", "refund", "kickoff", "elsewhere", "veto", "take", "payment"}

// coin is a Bitcoin transaction that the model knows.
type coin struct {
	role       role
	vault      int // of the deposit; or of the withdrawal that a payment is for
	operator   int
	acceptance uint32 // of a payment
	raw        []byte
	txid       [32]byte
	inputs     []bitcoin.OutPoint
	lockedBy   [32]byte // not in a block less than lock blocks above this transaction's
	lock       uint32
}

func spendOf(inputs []bitcoin.OutPoint, outputs ...bitcoin.Output) *coin {
	var w codec.Writer
	w.U32(3)
	w.U8(uint8(len(inputs)))
	for _, input := range inputs {
		w.Bytes(input[:])
		w.U8(0)
		w.U32(0xfffffffd)
	}
	w.U8(uint8(len(outputs)))
	for _, output := range outputs {
		w.U64(output.Value)
		w.Short(output.Script)
	}
	w.U32(0)
	return &coin{raw: w.Out, txid: hash.Double(w.Out), inputs: inputs}
}

// external is an outpoint whose transaction the model does not know: it was always there.
func external(name string, i, j int) bitcoin.OutPoint {
	return bitcoin.MakeOutPoint(hash.Sum([]byte(name), []byte{byte(i), byte(j)}), 0)
}

func taproot(name string, i, j int) []byte {
	key := hash.Sum([]byte(name), []byte{byte(i), byte(j)})
	return append([]byte{0x51, 0x20}, key[:]...)
}

// block of the made-up chain; never changed once it stands.
type block struct {
	parent   *block
	state    bitcoin.ChainState
	header   [80]byte
	coinbase []byte
	coins    []*coin
}

func (b *block) height() uint32 { return b.state.Height }

// mineOn makes the block that follows; salt makes it another than a block of the same content.
func mineOn(parent *block, salt uint32, coins []*coin) *block {
	b := &block{parent: parent, coins: coins}
	var height uint32
	var previous [32]byte
	if parent != nil {
		height, previous = parent.height()+1, parent.state.Hash
	}
	var w codec.Writer
	w.U32(2)
	w.U8(1)
	null := bitcoin.MakeOutPoint([32]byte{}, 0xffffffff)
	w.Bytes(null[:])
	w.Short([]byte{4, byte(height), byte(height >> 8), byte(salt), byte(salt >> 8)})
	w.U32(0xffffffff)
	w.U8(1)
	w.U64(5_000_000_000)
	w.Short(taproot("miner", 0, 0))
	w.U32(0)
	b.coinbase = w.Out
	root := b.levels()[len(b.levels())-1][0]
	for nonce := uint32(0); ; nonce++ {
		var h codec.Writer
		h.U32(4)
		h.Bytes(previous[:])
		h.Bytes(root[:])
		h.U32(firstTime + height*600)
		h.U32(easiest)
		h.U32(nonce)
		copy(b.header[:], h.Out)
		parsed := bitcoin.ParseHeader(b.header)
		if parsed.Hash[31] >= 0x7f {
			continue
		}
		if parent == nil {
			b.state = bitcoin.ChainState{Hash: parsed.Hash, Bits: easiest, EpochStart: parsed.Time}
			b.state.Work[0] = 2
			b.state.Times[0] = parsed.Time
		} else {
			b.state = parent.state.Next(parsed)
		}
		return b
	}
}

// levels of the Merkle tree, from the leaves up.
func (b *block) levels() [][][32]byte {
	leaves := [][32]byte{hash.Double(b.coinbase)}
	for _, c := range b.coins {
		leaves = append(leaves, c.txid)
	}
	out := [][][32]byte{leaves}
	for len(leaves) > 1 {
		if len(leaves)%2 == 1 {
			leaves = append(leaves, leaves[len(leaves)-1])
			out[len(out)-1] = leaves
		}
		var next [][32]byte
		for i := 0; i < len(leaves); i += 2 {
			next = append(next, hash.Double(append(append([]byte(nil), leaves[i][:]...), leaves[i+1][:]...)))
		}
		leaves = next
		out = append(out, leaves)
	}
	return out
}

// proof leads from the block's transaction of that index (after the coinbase) to its header.
func (b *block) proof(index int) protocol.TxProof {
	levels := b.levels()
	path := func(at int) (siblings [][32]byte) {
		for _, level := range levels[:len(levels)-1] {
			siblings = append(siblings, level[at^1])
			at >>= 1
		}
		return siblings
	}
	return protocol.TxProof{
		Height: b.height(), Header: b.header, Index: uint32(index + 1), Path: path(index + 1),
		Raw: b.coins[index].raw, CoinbasePath: path(0), Coinbase: b.coinbase,
	}
}

// ancestor is the block at that height on the chain that ends here.
func (b *block) ancestor(height uint32) *block {
	for b.height() > height {
		b = b.parent
	}
	return b
}

func (b *block) has(other *block) bool {
	return other.height() <= b.height() && b.ancestor(other.height()) == other
}

// chainFacts is what the chain that ends in a block says about the transactions of the model.
type chainFacts struct {
	blocks map[[32]byte]*block // by transaction
	spent  map[bitcoin.OutPoint]*coin
	mined  []*coin // newest first
}

func (b *block) facts() *chainFacts {
	f := &chainFacts{make(map[[32]byte]*block), make(map[bitcoin.OutPoint]*coin), nil}
	for ; b != nil; b = b.parent {
		for _, c := range b.coins {
			f.blocks[c.txid] = b
			f.mined = append(f.mined, c)
			for _, input := range c.inputs {
				f.spent[input] = c
			}
		}
	}
	return f
}

// fits tells whether the next block after tip may hold the transaction. known: who makes which txid.
func (f *chainFacts) fits(c *coin, tip *block, known map[[32]byte]*coin) bool {
	if f.blocks[c.txid] != nil {
		return false
	}
	for _, input := range c.inputs {
		if f.spent[input] != nil {
			return false
		}
		var txid [32]byte
		copy(txid[:], input[:32])
		if known[txid] != nil && f.blocks[txid] == nil {
			return false
		}
	}
	if c.lock == 0 {
		return true
	}
	at := f.blocks[c.lockedBy]
	return at != nil && tip.height()+1 >= at.height()+c.lock
}
