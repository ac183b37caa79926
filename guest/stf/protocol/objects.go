// SPDX-License-Identifier: MIT

package protocol

import (
	"bowline/stf/bitcoin"
	"bowline/stf/codec"
	"bowline/stf/poseidon2"
)

// Kinds of objects.
const (
	KindAccount    = 1
	KindL1View     = 2
	KindL1Block    = 3
	KindVault      = 4
	KindWithdrawal = 5
	KindOperator   = 6
	KindPayment    = 7
	KindCounters   = 8
	KindClaim      = 9
	KindChain      = 10
	KindBatch      = 11
)

// Object is a value of the state tree.
type Object interface {
	write(w *codec.Writer)
	read(r *codec.Reader)
	// Holds is how much of the minted money this object stands for.
	Holds() uint64
}

// usualObject is as long as most objects are at most.
const usualObject = 160

// EncodeObject is the value in the tree.
func EncodeObject(object Object) []byte {
	w := codec.NewWriter(usualObject)
	object.write(&w)
	return w.Out
}

// DecodeObject reads a value into object.
func DecodeObject(value []byte, object Object) error {
	r := codec.NewReader(value)
	object.read(r)
	if !r.Done() {
		return codec.Malformed("object")
	}
	return nil
}

// keysAlone are the places of objects that are the only ones of their kind, made when the program starts.
var keysAlone = [...]poseidon2.Digest{
	KindL1View: stateKey(KindL1View, nil), KindCounters: stateKey(KindCounters, nil), KindChain: stateKey(KindChain, nil),
}

// StateKey is the place of an object in the tree.
func StateKey(kind uint8, id []byte) poseidon2.Digest {
	if len(id) == 0 && int(kind) < len(keysAlone) && keysAlone[kind] != (poseidon2.Digest{}) {
		return keysAlone[kind]
	}
	return stateKey(kind, id)
}

func stateKey(kind uint8, id []byte) poseidon2.Digest {
	var room [40]byte // more than any id has
	return poseidon2.Bytes(poseidon2.TagKey, append(append(room[:0], kind), id...))
}

// WithdrawalID is the number of a withdrawal: the first eight bytes of its request's hash, little-endian, the
// highest bit cleared. A number that counted would name another withdrawal once a request before it fell out of a
// replay, and a payment on Bitcoin cannot be renamed.
func WithdrawalID(request [32]byte) uint64 {
	return codec.NewReader(request[:8]).U64() &^ (1 << 63)
}

// NumberID is the id of objects that are named by a number.
func NumberID(number uint64) []byte {
	var w codec.Writer
	w.U64(number)
	return w.Out
}

// HeightID is the id of a Bitcoin block.
func HeightID(height uint32) []byte {
	var w codec.Writer
	w.U32(height)
	return w.Out
}

// Account of the layer 2.
type Account struct {
	Nonce   uint64
	Btc     uint64
	Token   uint64 // of a later stage
	Staked  uint64
	Code    uint16   // of a later stage
	Storage [32]byte // of a later stage
	History poseidon2.Digest
}

func (a *Account) write(w *codec.Writer) {
	w.U64(a.Nonce)
	w.U64(a.Btc)
	w.U64(a.Token)
	w.U64(a.Staked)
	w.U16(a.Code)
	w.Bytes(a.Storage[:])
	history := a.History.Encode()
	w.Bytes(history[:])
}

func (a *Account) read(r *codec.Reader) {
	a.Nonce, a.Btc, a.Token, a.Staked = r.U64(), r.Amount(), r.U64(), r.Amount()
	a.Code, a.Storage = r.U16(), r.Array32()
	history, ok := poseidon2.Decode(r.Array32())
	if !ok {
		r.Fail()
	}
	a.History = history
}

// Holds is all that the account owns.
func (a *Account) Holds() uint64 { return a.Btc + a.Staked }

// Fold appends a transaction to the history.
func (a *Account) Fold(transaction [32]byte, batch uint64, index uint32) {
	var room [44]byte
	w := codec.Writer{Out: room[:0]}
	w.Bytes(transaction[:])
	w.U64(batch)
	w.U32(index)
	a.History = poseidon2.DigestAndBytes(poseidon2.TagHistory, &a.History, w.Out)
}

// L1View is the program's own view of Bitcoin.
type L1View struct {
	TipHeight uint32
	TipHash   [32]byte
	Confirmed bitcoin.ChainState
	Ring      [][80]byte // after the confirmed block, oldest first
}

func (v *L1View) write(w *codec.Writer) {
	w.U32(v.TipHeight)
	w.Bytes(v.TipHash[:])
	w.U32(v.Confirmed.Height)
	w.Bytes(v.Confirmed.Hash[:])
	work := v.Confirmed.Work.Bytes()
	w.Bytes(work[:])
	w.U32(v.Confirmed.Times[0])
	w.U32(v.Confirmed.Bits)
	w.U32(v.Confirmed.EpochStart)
	for _, time := range v.Confirmed.Times {
		w.U32(time)
	}
	w.U8(uint8(len(v.Ring)))
	for i := range v.Ring {
		w.Bytes(v.Ring[i][:])
	}
}

func (v *L1View) read(r *codec.Reader) {
	v.TipHeight, v.TipHash = r.U32(), r.Array32()
	v.Confirmed.Height, v.Confirmed.Hash = r.U32(), r.Array32()
	v.Confirmed.Work = bitcoin.Uint256FromBytes(r.Array32())
	time := r.U32()
	v.Confirmed.Bits, v.Confirmed.EpochStart = r.U32(), r.U32()
	for i := range v.Confirmed.Times {
		v.Confirmed.Times[i] = r.U32()
	}
	if time != v.Confirmed.Times[0] {
		r.Fail()
	}
	for count := r.U8(); count > 0 && !r.Failed(); count-- {
		v.Ring = append(v.Ring, r.Array80())
	}
}

// Holds nothing.
func (*L1View) Holds() uint64 { return 0 }

// L1Block is the hash of a confirmed Bitcoin block.
type L1Block struct{ Hash [32]byte }

func (b *L1Block) write(w *codec.Writer) { w.Bytes(b.Hash[:]) }
func (b *L1Block) read(r *codec.Reader)  { b.Hash = r.Array32() }

// Holds nothing.
func (*L1Block) Holds() uint64 { return 0 }

// Statuses of a vault.
const (
	VaultLive    = 1
	VaultClaimed = 2
	VaultTaken   = 3
)

// Vault is an output of the committee that was minted for.
type Vault struct {
	Value      uint64
	Recipient  [32]byte
	GraphRoot  [32]byte
	Status     uint8
	ClaimIndex uint64
}

func (v *Vault) write(w *codec.Writer) {
	w.U64(v.Value)
	w.Bytes(v.Recipient[:])
	w.Bytes(v.GraphRoot[:])
	w.U8(v.Status)
	w.U64(v.ClaimIndex)
}

func (v *Vault) read(r *codec.Reader) {
	v.Value, v.Recipient, v.GraphRoot = r.Amount(), r.Array32(), r.Array32()
	v.Status, v.ClaimIndex = readStatus(r, VaultTaken), r.U64()
}

// Holds nothing: the money on the layer 2 is in accounts and escrows.
func (*Vault) Holds() uint64 { return 0 }

// readStatus reads a status from 1 to last.
func readStatus(r *codec.Reader, last uint8) uint8 {
	status := r.U8()
	if status == 0 || status > last {
		r.Fail()
	}
	return status
}

// Statuses of a withdrawal.
const (
	WithdrawalRequested = 1
	WithdrawalAccepted  = 2
	WithdrawalPaid      = 3
	WithdrawalCancelled = 4
)

// Withdrawal is an escrow for a payment on Bitcoin.
type Withdrawal struct {
	Owner       [32]byte
	Amount      uint64
	OperatorFee uint64
	Script      []byte
	Status      uint8
	Operator    [32]byte // of the latest acceptance
	Acceptance  uint32
	PayHeight   uint32
	Bond        uint64 // locked now
}

func (o *Withdrawal) write(w *codec.Writer) {
	w.Bytes(o.Owner[:])
	w.U64(o.Amount)
	w.U64(o.OperatorFee)
	w.Short(o.Script)
	w.U8(o.Status)
	w.Bytes(o.Operator[:])
	w.U32(o.Acceptance)
	w.U32(o.PayHeight)
	w.U64(o.Bond)
}

func (o *Withdrawal) read(r *codec.Reader) {
	o.Owner, o.Amount, o.OperatorFee = r.Array32(), r.Amount(), r.Amount()
	o.Script, o.Status = r.Short(MaxScript), readStatus(r, WithdrawalCancelled)
	o.Operator, o.Acceptance, o.PayHeight, o.Bond = r.Array32(), r.U32(), r.U32(), r.Amount()
}

// IsOpen tells whether the escrow is still locked.
func (o *Withdrawal) IsOpen() bool {
	return o.Status == WithdrawalRequested || o.Status == WithdrawalAccepted
}

// Holds is the escrow and the bond while they are locked.
func (o *Withdrawal) Holds() uint64 {
	if !o.IsOpen() {
		return 0
	}
	return o.Amount + o.OperatorFee + o.Bond
}

// Statuses of an operator.
const (
	OperatorActive = 1
	OperatorLeft   = 2
)

// Operator is a registered operator; its stake is counted in its account.
type Operator struct {
	Stake           uint64
	OpenAcceptances uint32
	Status          uint8
}

func (o *Operator) write(w *codec.Writer) {
	w.U64(o.Stake)
	w.U32(o.OpenAcceptances)
	w.U8(o.Status)
}

func (o *Operator) read(r *codec.Reader) {
	o.Stake, o.OpenAcceptances, o.Status = r.Amount(), r.U32(), readStatus(r, OperatorLeft)
}

// Holds nothing of its own.
func (*Operator) Holds() uint64 { return 0 }

// Payment marks a Bitcoin transaction that was used for a withdrawal.
type Payment struct{ Withdrawal uint64 }

func (p *Payment) write(w *codec.Writer) { w.U64(p.Withdrawal) }
func (p *Payment) read(r *codec.Reader)  { p.Withdrawal = r.U64() }

// Holds nothing.
func (*Payment) Holds() uint64 { return 0 }

// Counters are the running numbers of the whole layer 2. Sums are of all time: the same money may come and go
// many times.
type Counters struct {
	Minted     uint64
	Burned     uint64
	Fees       uint64
	InboxAcc   [32]byte
	InboxCount uint64
	Outbox     Frontier
	Claims     Frontier
}

func (c *Counters) write(w *codec.Writer) {
	w.U64(c.Minted)
	w.U64(c.Burned)
	w.U64(c.Fees)
	w.Bytes(c.InboxAcc[:])
	w.U64(c.InboxCount)
	c.Outbox.write(w)
	c.Claims.write(w)
}

func (c *Counters) read(r *codec.Reader) {
	c.Minted, c.Burned, c.Fees = r.U64(), r.U64(), r.U64()
	c.InboxAcc, c.InboxCount = r.Array32(), r.U64()
	c.Outbox, c.Claims = readFrontier(r), readFrontier(r)
}

// Holds nothing.
func (*Counters) Holds() uint64 { return 0 }

// Statuses of a claim.
const (
	ClaimLive  = 1
	ClaimVoid  = 2
	ClaimTaken = 3
)

// Claim is a burn for a vault.
type Claim struct {
	Operator [32]byte
	Vault    bitcoin.OutPoint
	Funding  bitcoin.OutPoint
	Kickoff  [32]byte
	Take     [32]byte
	Burn     [32]byte
	Status   uint8
}

func (c *Claim) write(w *codec.Writer) {
	w.Bytes(c.Operator[:])
	w.Bytes(c.Vault[:])
	w.Bytes(c.Funding[:])
	w.Bytes(c.Kickoff[:])
	w.Bytes(c.Take[:])
	w.Bytes(c.Burn[:])
	w.U8(c.Status)
}

func (c *Claim) read(r *codec.Reader) {
	c.Operator = r.Array32()
	copy(c.Vault[:], r.Bytes(36))
	copy(c.Funding[:], r.Bytes(36))
	c.Kickoff, c.Take, c.Burn = r.Array32(), r.Array32(), r.Array32()
	c.Status = readStatus(r, ClaimTaken)
}

// Holds nothing: what was burned is gone.
func (*Claim) Holds() uint64 { return 0 }
