/* SPDX-License-Identifier: MIT */
/*
 * The way into the kernel and out of it. The machine arrives at the first word of this section when SYSCALL 0 is
 * executed, with the address to return to in $27; $26 belongs to the kernel, as in every MIPS system.
 */
#include "core/zkvm/abi.h"

    .set noreorder
    .set noat

    .section .vector, "ax"
    .globl kernel_vector
kernel_vector:
    lui     $26, %hi(current)
    lw      $26, %lo(current)($26)
    sw      $1, 4($26)
    sw      $2, 8($26)
    sw      $3, 12($26)
    sw      $4, 16($26)
    sw      $5, 20($26)
    sw      $6, 24($26)
    sw      $7, 28($26)
    sw      $8, 32($26)
    sw      $9, 36($26)
    sw      $10, 40($26)
    sw      $11, 44($26)
    sw      $12, 48($26)
    sw      $13, 52($26)
    sw      $14, 56($26)
    sw      $15, 60($26)
    sw      $16, 64($26)
    sw      $17, 68($26)
    sw      $18, 72($26)
    sw      $19, 76($26)
    sw      $20, 80($26)
    sw      $21, 84($26)
    sw      $22, 88($26)
    sw      $23, 92($26)
    sw      $24, 96($26)
    sw      $25, 100($26)
    sw      $28, 112($26)
    sw      $29, 116($26)
    sw      $30, 120($26)
    sw      $31, 124($26)
    mfhi    $8
    mflo    $9
    sw      $8, 128($26)
    sw      $9, 132($26)
    sw      $27, 136($26)
    lui     $29, %hi(kernel_stack_top)
    jal     kernel_trap
    addiu   $29, $29, %lo(kernel_stack_top)

    /* Continues the current thread, which may be another one now. */
resume:
    lui     $26, %hi(current)
    lw      $26, %lo(current)($26)
    lw      $8, 128($26)
    lw      $9, 132($26)
    mthi    $8
    mtlo    $9
    lw      $1, 4($26)
    lw      $2, 8($26)
    lw      $3, 12($26)
    lw      $4, 16($26)
    lw      $5, 20($26)
    lw      $6, 24($26)
    lw      $7, 28($26)
    lw      $8, 32($26)
    lw      $9, 36($26)
    lw      $10, 40($26)
    lw      $11, 44($26)
    lw      $12, 48($26)
    lw      $13, 52($26)
    lw      $14, 56($26)
    lw      $15, 60($26)
    lw      $16, 64($26)
    lw      $17, 68($26)
    lw      $18, 72($26)
    lw      $19, 76($26)
    lw      $20, 80($26)
    lw      $21, 84($26)
    lw      $22, 88($26)
    lw      $23, 92($26)
    lw      $24, 96($26)
    lw      $25, 100($26)
    lw      $28, 112($26)
    lw      $29, 116($26)
    lw      $30, 120($26)
    lw      $31, 124($26)
    lw      $27, 136($26)
    jr      $27
    nop

    .globl kernel_start
kernel_start:
    lui     $29, %hi(kernel_stack_top)
    jal     kernel_boot
    addiu   $29, $29, %lo(kernel_stack_top)
    b       resume
    nop

    .section .bss
    .balign 8
    .space  16384
    .globl kernel_stack_top
kernel_stack_top:
    .space  16
