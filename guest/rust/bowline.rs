// SPDX-License-Identifier: MIT
//! For guests written in Rust without a standard library: private input, public values, and the machine's precompiled
//! functions. A guest defines `#[no_mangle] pub extern "C" fn main() -> i32`; what it returns is the exit code. A panic
//! ends it with 101. docs/zkvm.md says how to compile and link.
#![no_std]
#![feature(asm_experimental_arch)]

use core::arch::{asm, global_asm};
use core::fmt::Write;

extern "C" {
    fn main() -> i32;
}

// The kernel enters here with a stack of 16-byte alignment; what is called gets its own frame.
global_asm!(
    ".globl _start",
    ".ent _start",
    "_start:",
    ".set push",
    ".set noreorder",
    "jal bowline_start_rust",
    "addiu $29, $29, -32",
    ".set pop",
    ".end _start",
);

#[no_mangle]
extern "C" fn bowline_start_rust() -> ! {
    exit(unsafe { main() })
}

/// A system call of Linux's, as the guest kernel answers it.
fn syscall(number: u32, a: u32, b: u32, c: u32) -> u32 {
    let result;
    unsafe {
        asm!(
            "syscall",
            inout("$2") number => result, in("$4") a, in("$5") b, in("$6") c, inout("$7") 0 => _,
            lateout("$3") _, lateout("$8") _, lateout("$9") _, lateout("$10") _, lateout("$11") _,
            lateout("$12") _, lateout("$13") _, lateout("$14") _, lateout("$15") _, lateout("$24") _, lateout("$25") _,
        );
    }
    result
}

/// Fills `to` from the private input, as far as that goes, and returns how many bytes it was: 0 at its end. A proof says
/// nothing about them.
pub fn read(to: &mut [u8]) -> usize {
    syscall(4003, 0, to.as_mut_ptr() as u32, to.len() as u32) as usize
}

/// Appends to the public values.
pub fn commit(values: &[u8]) {
    syscall(4004, 3, values.as_ptr() as u32, values.len() as u32);
}

/// Ends the execution.
pub fn exit(code: i32) -> ! {
    syscall(4246, code as u32, 0, 0);
    unreachable!()
}

/// What is written to 1 and 2 is for people and never proven: `writeln!(Shown(1), ...)`.
pub struct Shown(pub u32);

impl Write for Shown {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        syscall(4004, self.0, text.as_ptr() as u32, text.len() as u32);
        Ok(())
    }
}

#[panic_handler]
fn panicked(info: &core::panic::PanicInfo) -> ! {
    let _ = writeln!(Shown(2), "{}", info);
    exit(101)
}

// --- precompiles: all operands are words in memory, read before anything is written ---

/// Permutes 16 words, each below 0x7f000001: another one cannot be proven.
pub fn poseidon2(state: &mut [u32; 16]) {
    unsafe { asm!("syscall 16", in("$4") state.as_mut_ptr()) }
}

/// One compression; the words are numbers: a block of bytes is read big-endian.
pub fn sha256_compress(state: &mut [u32; 8], block: &[u32; 16]) {
    unsafe { asm!("syscall 17", in("$4") state.as_mut_ptr(), in("$5") block.as_ptr()) }
}

/// `x := x * y mod m`, little-endian words; m = 0 cannot be proven.
pub fn mulmod256(x: &mut [u32; 8], y: &[u32; 8], m: &[u32; 8]) {
    unsafe { asm!("syscall 18", in("$4") x.as_mut_ptr(), in("$5") y.as_ptr(), in("$6") m.as_ptr()) }
}

/// `p := p + q` on secp256k1, affine (x, y) of 8 little-endian words each. Equal x cannot be proven.
pub fn secp256k1_add(p: &mut [u32; 16], q: &[u32; 16]) {
    unsafe { asm!("syscall 19", in("$4") p.as_mut_ptr(), in("$5") q.as_ptr()) }
}

/// `p := 2 p`; y = 0 cannot be proven.
pub fn secp256k1_double(p: &mut [u32; 16]) {
    unsafe { asm!("syscall 20", in("$4") p.as_mut_ptr()) }
}

/// 25 lanes of 64 bits.
pub fn keccak_f(state: &mut [u64; 25]) {
    unsafe { asm!("syscall 21", in("$4") state.as_mut_ptr()) }
}
