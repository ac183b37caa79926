// SPDX-License-Identifier: MIT
//! A guest in Rust: reads a number as text, follows it down to 1 (halve what is even, else triple and add one), and makes
//! public the number and how many steps that took, 8 bytes each, little-endian. Exits with 1 if the input is no number
//! from 1 on; a number that grows beyond 64 bits is a panic.
#![no_std]
#![no_main]

use bowline::{commit, read, Shown};
use core::fmt::Write;

fn number() -> Option<u64> {
    let mut text = [0; 32];
    let mut length = 0;
    while length < text.len() {
        match read(&mut text[length..]) {
            0 => break,
            count => length += count,
        }
    }
    core::str::from_utf8(&text[..length]).ok()?.trim().parse().ok().filter(|n| *n > 0)
}

#[no_mangle]
pub extern "C" fn main() -> i32 {
    let start = match number() {
        Some(start) => start,
        None => {
            let _ = writeln!(Shown(2), "the input is not a number from 1 on");
            return 1;
        }
    };
    let (mut value, mut steps) = (start, 0u64);
    while value != 1 {
        value = if value % 2 == 0 { value / 2 } else { value.checked_mul(3).and_then(|x| x.checked_add(1)).unwrap() };
        steps += 1;
    }
    let _ = writeln!(Shown(1), "{} takes {} steps", start, steps);
    commit(&start.to_le_bytes());
    commit(&steps.to_le_bytes());
    0
}
