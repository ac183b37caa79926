// SPDX-License-Identifier: MIT

//go:build !plain

#include "textflag.h"

// SYSCALL with a code is a primitive of the machine (core/zkvm/abi.h): arguments in R4 to R6.

// func poseidon2(state *[16]uint32)
TEXT ·poseidon2(SB), NOSPLIT, $0-4
	MOVW state+0(FP), R4
	WORD $0x0000040c // SYSCALL 16
	RET

// func sha256Compress(state *[8]uint32, block *[16]uint32)
TEXT ·sha256Compress(SB), NOSPLIT, $0-8
	MOVW state+0(FP), R4
	MOVW block+4(FP), R5
	WORD $0x0000044c // SYSCALL 17
	RET

// One word of a block, whose bytes stand the other way round, from wherever it lies to the frame. The two numbers are
// WSBH R9, R9 and ROTR R9, R9, 16.
#define WORD_TO_FRAME(at) \
	MOVWR at(R8), R9 \
	MOVWL (at+3)(R8), R9 \
	WORD $0x7c0948a0 \
	WORD $0x00294c02 \
	MOVW R9, (at+4)(R29)

// func sha256Block(state *[8]uint32, block *[64]byte)
TEXT ·sha256Block(SB), NOSPLIT, $64-8
	MOVW state+0(FP), R4
	MOVW block+4(FP), R8
	WORD_TO_FRAME(0)
	WORD_TO_FRAME(4)
	WORD_TO_FRAME(8)
	WORD_TO_FRAME(12)
	WORD_TO_FRAME(16)
	WORD_TO_FRAME(20)
	WORD_TO_FRAME(24)
	WORD_TO_FRAME(28)
	WORD_TO_FRAME(32)
	WORD_TO_FRAME(36)
	WORD_TO_FRAME(40)
	WORD_TO_FRAME(44)
	WORD_TO_FRAME(48)
	WORD_TO_FRAME(52)
	WORD_TO_FRAME(56)
	WORD_TO_FRAME(60)
	ADDU $4, R29, R5
	WORD $0x0000044c // SYSCALL 17
	RET

// func mulMod256(x, y, m *[8]uint32)
TEXT ·mulMod256(SB), NOSPLIT, $0-12
	MOVW x+0(FP), R4
	MOVW y+4(FP), R5
	MOVW m+8(FP), R6
	WORD $0x0000048c // SYSCALL 18
	RET

// func secp256k1Add(p, q *[16]uint32)
TEXT ·secp256k1Add(SB), NOSPLIT, $0-8
	MOVW p+0(FP), R4
	MOVW q+4(FP), R5
	WORD $0x000004cc // SYSCALL 19
	RET

// func secp256k1Double(p *[16]uint32)
TEXT ·secp256k1Double(SB), NOSPLIT, $0-4
	MOVW p+0(FP), R4
	WORD $0x0000050c // SYSCALL 20
	RET

// func keccakF(state *[25]uint64)
TEXT ·keccakF(SB), NOSPLIT, $0-4
	MOVW state+0(FP), R4
	WORD $0x0000054c // SYSCALL 21
	RET
