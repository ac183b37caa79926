// SPDX-License-Identifier: MIT
//! The example precompiles of Go, in Rust: calls every precompiled function on numbers that follow from its input, and
//! makes public what became of them. The public values are the same.
#![no_std]
#![no_main]

const ROUNDS: usize = 20;

/// The generator of secp256k1, x and then y.
const GENERATOR: [u32; 16] = [
    0x16f81798, 0x59f2815b, 0x2dce28d9, 0x029bfcdb, 0xce870b07, 0x55a06295, 0xf9dcbbac, 0x79be667e,
    0xfb10d4b8, 0x9c47d08f, 0xa6855419, 0xfd17b448, 0x0e1108a8, 0x5da4fbfc, 0x26a3c465, 0x483ada77,
];

fn commit_words(words: &[u32]) {
    for word in words {
        bowline::commit(&word.to_le_bytes());
    }
}

#[no_mangle]
pub extern "C" fn main() -> i32 {
    let (mut field, mut hash, mut block) = ([0u32; 16], [0u32; 8], [0u32; 16]);
    let (mut x, mut m) = ([3u32, 0, 0, 0, 0, 0, 0, 0], [0xffffffffu32, 5, 0, 7, 0, 0, 0, 0]);
    let mut lanes = [0u64; 25];
    let mut point = GENERATOR;
    let mut byte = [0u8];
    let mut at = 0;
    while bowline::read(&mut byte) == 1 {
        let value = byte[0] as u32;
        block[at % 16] = block[at % 16] << 8 ^ value;
        x[at % 8] = x[at % 8] << 8 ^ value;
        field[at % 16] = value;
        at += 1;
    }
    for i in 0..ROUNDS {
        bowline::poseidon2(&mut field);
        bowline::sha256_compress(&mut hash, &block);
        let y = x;
        bowline::mulmod256(&mut x, &y, &m);
        m[i % 8] ^= x[0] | 1;
        bowline::secp256k1_double(&mut point);
        bowline::secp256k1_add(&mut point, &GENERATOR);
        lanes[i] ^= hash[0] as u64;
        bowline::keccak_f(&mut lanes);
        block[..8].copy_from_slice(&hash);
    }
    for words in [&field[..], &hash[..], &x[..], &point[..]] {
        commit_words(words);
    }
    for lane in lanes {
        bowline::commit(&lane.to_le_bytes());
    }
    0
}
