// SPDX-License-Identifier: MIT

package protocol

import (
	"bowline/stf/bitcoin"
	"bowline/stf/blake3"
	"bowline/stf/codec"
	"bowline/stf/hash"
)

// Types of transactions.
const (
	TypeTransfer         = 1
	TypeMint             = 2
	TypeWithdrawRequest  = 3
	TypeWithdrawAccept   = 4
	TypeWithdrawProve    = 5
	TypeWithdrawReclaim  = 6
	TypeOperatorRegister = 7
	TypeOperatorLeave    = 8
	TypeClaim            = 9
	TypeClaimVoid        = 10
	TypeClaimSettle      = 11
	TypeSeal             = 12
	TypeProgram          = 13
)

const signatureSize = 64

// Made when the program starts: a snapshot of the proven machine holds them.
var (
	tagTransaction = hash.BowlineTag("tx")
	tagMint        = hash.BowlineTag("mint")
	tagPayment     = hash.BowlineTag("payment")
	tagGraph       = hash.BowlineTag("graph")
	tagGraphRoot   = hash.BowlineTag("graph-root")
)

// Transaction is what all types share, and the payload: a pointer to one of the types below.
type Transaction struct {
	Type      uint8
	Sender    [32]byte
	Nonce     uint64
	Fee       uint64
	Payload   interface{}
	Signature [64]byte

	Body []byte
	Hash [32]byte
}

// TxProof is a Bitcoin transaction with the way to its block (rule A16).
type TxProof struct {
	Height       uint32
	Header       [80]byte
	Index        uint32
	Path         [][32]byte
	Raw          []byte
	CoinbasePath [][32]byte
	Coinbase     []byte
}

// TransferTx moves bitcoin to another account.
type TransferTx struct {
	To     [32]byte
	Amount uint64
}

// MintTx credits the depositor of a vault.
type MintTx struct {
	Recipient          [32]byte
	GraphRoot          [32]byte
	DepositID          [32]byte
	CommitteeSignature [64]byte
	Deposit            TxProof
}

// RequestTx escrows an amount for a payment on Bitcoin.
type RequestTx struct {
	Amount      uint64
	OperatorFee uint64
	Script      []byte
}

// AcceptTx is an operator's promise to pay, unless it would have to pay before LeastPayHeight.
type AcceptTx struct {
	ID             uint64
	LeastPayHeight uint32
}

// ProveTx shows the payment.
type ProveTx struct {
	ID      uint64
	Payment TxProof
}

// ReclaimTx takes the escrow back.
type ReclaimTx struct{ ID uint64 }

// RegisterTx makes the sender an operator.
type RegisterTx struct{ Stake uint64 }

// LeaveTx gives the stake back.
type LeaveTx struct{}

// ClaimTx burns for a vault.
type ClaimTx struct {
	Vault       bitcoin.OutPoint
	DepositID   [32]byte
	Funding     bitcoin.OutPoint
	Kickoff     [32]byte
	Take        [32]byte
	Payout      []byte
	GraphLeaves [][32]byte
	OwnIndex    uint8
}

// VoidTx shows that a claim can no longer be taken.
type VoidTx struct {
	Claim uint64
	Spend TxProof
}

// SettleTx shows that the vault was taken.
type SettleTx struct {
	Claim uint64
	Take  TxProof
}

// SealTx shows how the open seal was spent.
type SealTx struct{ Anchor TxProof }

// ProgramTx announces the program that takes over, or nothing any more: Program is then zero.
type ProgramTx struct {
	Number             uint32 // of the announcement
	Program            [32]byte
	Delay              uint32
	CommitteeSignature [64]byte
}

// HasOwnAuthority tells whether a transaction of this type has no sender: what it shows says enough, and anybody may
// bring it. It then has no nonce, fee and signature either.
func HasOwnAuthority(kind uint8) bool {
	return kind == TypeMint || kind == TypeSeal || kind == TypeProgram
}

// ParseTransaction reads an encoded transaction; ok is false when it is none.
func ParseTransaction(encoding []byte) (tx *Transaction, ok bool) {
	if len(encoding) > MaxTransactionBytes || len(encoding) < signatureSize {
		return nil, false
	}
	body := encoding[:len(encoding)-signatureSize]
	tx = &Transaction{Body: body, Hash: hash.Domain(hash.DomainTransaction, body)}
	copy(tx.Signature[:], encoding[len(body):])
	r := codec.NewReader(body)
	if r.U8() != 1 {
		return nil, false
	}
	tx.Type, tx.Sender, tx.Nonce, tx.Fee = r.U8(), r.Array32(), r.U64(), r.Amount()
	tx.Payload = readPayload(r, tx.Type)
	return tx, tx.Payload != nil && r.Done()
}

func readPayload(r *codec.Reader, kind uint8) interface{} {
	switch kind {
	case TypeTransfer:
		return &TransferTx{r.Array32(), r.Amount()}
	case TypeMint:
		return &MintTx{r.Array32(), r.Array32(), r.Array32(), r.Array64(), readProof(r)}
	case TypeWithdrawRequest:
		return &RequestTx{r.Amount(), r.Amount(), r.Short(MaxScript)}
	case TypeWithdrawAccept:
		return &AcceptTx{r.U64(), r.U32()}
	case TypeWithdrawProve:
		return &ProveTx{r.U64(), readProof(r)}
	case TypeWithdrawReclaim:
		return &ReclaimTx{r.U64()}
	case TypeOperatorRegister:
		return &RegisterTx{r.Amount()}
	case TypeOperatorLeave:
		return &LeaveTx{}
	case TypeClaim:
		return readClaim(r)
	case TypeClaimVoid:
		return &VoidTx{r.U64(), readProof(r)}
	case TypeClaimSettle:
		return &SettleTx{r.U64(), readProof(r)}
	case TypeSeal:
		return &SealTx{readProof(r)}
	case TypeProgram:
		return &ProgramTx{r.U32(), r.Array32(), r.U32(), r.Array64()}
	}
	return nil
}

func readClaim(r *codec.Reader) *ClaimTx {
	c := &ClaimTx{}
	copy(c.Vault[:], r.Bytes(36))
	c.DepositID = r.Array32()
	copy(c.Funding[:], r.Bytes(36))
	c.Kickoff, c.Take, c.Payout = r.Array32(), r.Array32(), r.Short(MaxScript)
	for count := r.U8(); count > 0 && !r.Failed(); count-- {
		c.GraphLeaves = append(c.GraphLeaves, r.Array32())
	}
	c.OwnIndex = r.U8()
	if int(c.OwnIndex) >= len(c.GraphLeaves) {
		r.Fail()
	}
	return c
}

func readProof(r *codec.Reader) (p TxProof) {
	p.Height, p.Header, p.Index = r.U32(), r.Array80(), r.U32()
	p.Path = readPath(r)
	p.Raw = r.Sized(MaxTransactionBytes)
	p.CoinbasePath = readPath(r)
	p.Coinbase = r.Sized(MaxTransactionBytes)
	return p
}

func readPath(r *codec.Reader) (path [][32]byte) {
	count := r.U8()
	if count > bitcoin.MaxMerkleDepth {
		r.Fail()
	}
	for ; count > 0 && !r.Failed(); count-- {
		path = append(path, r.Array32())
	}
	return path
}

// SigningMessage is what the sender signs.
func (t *Transaction) SigningMessage(chainID [32]byte) [32]byte {
	return tagTransaction.Sum(chainID[:], t.Body)
}

// MintMessage is what the committee signs to authorise a mint (rule A3).
func MintMessage(chainID [32]byte, vault bitcoin.OutPoint, value uint64, mint *MintTx) [32]byte {
	return tagMint.Sum(chainID[:], vault[:], NumberID(value), mint.Recipient[:], mint.GraphRoot[:],
		mint.DepositID[:])
}

// PaymentTag is what output 1 of an operator's payment carries (rule A10).
func PaymentTag(chainID [32]byte, id uint64, operator [32]byte, acceptance uint32) [32]byte {
	return tagPayment.Sum(chainID[:], NumberID(id), operator[:], HeightID(acceptance))
}

// GraphLeaf is one operator's leaf in a vault's graph list.
func GraphLeaf(operator [32]byte, claim *ClaimTx) [32]byte {
	payout := hash.Sum(claim.Payout)
	return tagGraph.Sum(operator[:], claim.Funding[:], claim.Kickoff[:], claim.Take[:], payout[:])
}

// GraphRoot commits to the graph list of a vault.
func GraphRoot(claim *ClaimTx) [32]byte {
	var w codec.Writer
	for i := range claim.GraphLeaves {
		w.Bytes(claim.GraphLeaves[i][:])
	}
	return tagGraphRoot.Sum(claim.DepositID[:], claim.Vault[:], w.Out)
}

// ClaimID is the leaf of the claims tree.
func ClaimID(burn, depositID, operator, leaf [32]byte) [32]byte {
	var w codec.Writer
	for _, part := range [][32]byte{burn, depositID, operator, leaf} {
		w.Bytes(part[:])
	}
	return blake3.Sum256(w.Out)
}
