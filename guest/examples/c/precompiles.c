/* SPDX-License-Identifier: MIT */
/*
 * The example precompiles of Go, in C: calls every precompiled function on numbers that follow from its input, and makes
 * public what became of them. The public values are the same.
 */
#include <bowline.h>

enum { ROUNDS = 20 };

/* The generator of secp256k1, x and then y. */
static const uint32_t generator[16] = {
    0x16f81798, 0x59f2815b, 0x2dce28d9, 0x029bfcdb, 0xce870b07, 0x55a06295, 0xf9dcbbac, 0x79be667e,
    0xfb10d4b8, 0x9c47d08f, 0xa6855419, 0xfd17b448, 0x0e1108a8, 0x5da4fbfc, 0x26a3c465, 0x483ada77,
};

int main(void)
{
    uint32_t field[16] = {0};
    uint32_t hash[8] = {0};
    uint32_t block[16] = {0};
    uint32_t x[8] = {3};
    uint32_t m[8] = {0xffffffff, 5, 0, 7};
    uint64_t lanes[25] = {0};
    uint32_t point[16];
    uint32_t at = 0;
    uint8_t byte;
    for (int i = 0; i < 16; ++i) point[i] = generator[i];
    for (; bowline_read(&byte, 1) == 1; ++at) {
        block[at % 16] = block[at % 16] << 8 ^ byte;
        x[at % 8] = x[at % 8] << 8 ^ byte;
        field[at % 16] = byte;
    }
    for (int i = 0; i < ROUNDS; ++i) {
        bowline_poseidon2(field);
        bowline_sha256_compress(hash, block);
        bowline_mulmod256(x, x, m);
        m[i % 8] ^= x[0] | 1;
        bowline_secp256k1_double(point);
        bowline_secp256k1_add(point, generator);
        lanes[i] ^= hash[0];
        bowline_keccak_f(lanes);
        for (int j = 0; j < 8; ++j) block[j] = hash[j];
    }
    bowline_commit(field, sizeof field);
    bowline_commit(hash, sizeof hash);
    bowline_commit(x, sizeof x);
    bowline_commit(point, sizeof point);
    bowline_commit(lanes, sizeof lanes);
    bowline_print("done\n");
    return 0;
}
