/* SPDX-License-Identifier: MIT */
/*
 * The precompiled functions in plain C, with the results that the machine gives, for where it is not: included by
 * bowline.h. Operands that the machine refuses (it faults, and there is no proof) end the program with exit code 2.
 */
#pragma once

static inline void __attribute__((noreturn)) bowline_plain_refuse(const char* why)
{
    bowline_print("bowline: an operand that the machine refuses: ");
    bowline_print(why);
    bowline_print("\n");
    bowline_exit(2);
}

/* --- Poseidon2 over KoalaBear: 4 full rounds, 20 partial ones, 4 full ones --- */

#define BOWLINE_FIELD_MODULUS 0x7f000001u

static const uint32_t bowline_poseidon2_full[8][16] = {
    {
        0x7ee56a48,
        0x11367045,
        0x12e41941,
        0x7ebbc12b,
        0x1970b7d5,
        0x662b60e8,
        0x3e4990c6,
        0x679f91f5,
        0x350813bb,
        0x00874ad4,
        0x28a0081a,
        0x18fa5872,
        0x5f25b071,
        0x5e5d5998,
        0x5e6fd3e7,
        0x5b2e2660,
    },
    {
        0x6f1837bf,
        0x3fe6182b,
        0x1edd7ac5,
        0x57470d00,
        0x43d486d5,
        0x1982c70f,
        0x0ea53af9,
        0x61d6165b,
        0x51639c00,
        0x2dec352c,
        0x2950e531,
        0x2d2cb947,
        0x08256cef,
        0x1a0109f6,
        0x1f51faf3,
        0x5cef1c62,
    },
    {
        0x3d65e50e,
        0x33d91626,
        0x133d5a1e,
        0x0ff49b0d,
        0x38900cd1,
        0x2c22cc3f,
        0x28852bb2,
        0x06c65a02,
        0x7b2cf7bc,
        0x68016e1a,
        0x15e16bc0,
        0x5248149a,
        0x6dd212a0,
        0x18d6830a,
        0x5001be82,
        0x64dac34e,
    },
    {
        0x5902b287,
        0x426583a0,
        0x0c921632,
        0x3fe028a5,
        0x245f8e49,
        0x43bb297e,
        0x7873dbd9,
        0x3cc987df,
        0x286bb4ce,
        0x640a8dcd,
        0x512a8e36,
        0x03a4cf55,
        0x481837a2,
        0x03d6da84,
        0x73726ac7,
        0x760e7fdf,
    },
    {
        0x43e7dc24,
        0x259a5d61,
        0x27e85a3b,
        0x1b9133fa,
        0x343e5628,
        0x485cd4c2,
        0x16e269f5,
        0x165b60c6,
        0x25f683d9,
        0x124f81f9,
        0x174331f9,
        0x77344dc5,
        0x5a821dba,
        0x5fc4177f,
        0x54153bf5,
        0x5e3f1194,
    },
    {
        0x3bdbf191,
        0x088c84a3,
        0x68256c9b,
        0x3c90bbc6,
        0x6846166a,
        0x03f4238d,
        0x463335fb,
        0x5e3d3551,
        0x6e59ae6f,
        0x32d06cc0,
        0x596293f3,
        0x6c87edb2,
        0x08fc60b5,
        0x34bcca80,
        0x24f007f3,
        0x62731c6f,
    },
    {
        0x1e1db6c6,
        0x0ca409bb,
        0x585c1e78,
        0x56e94edc,
        0x16d22734,
        0x18e11467,
        0x7b2c3730,
        0x770075e4,
        0x35d1b18c,
        0x22be3db5,
        0x4fb1fbb7,
        0x477cb3ed,
        0x7d5311c6,
        0x5b62ae7d,
        0x559c5fa8,
        0x77f15048,
    },
    {
        0x3211570b,
        0x490fef6a,
        0x77ec311f,
        0x2247171b,
        0x4e0ac711,
        0x2edf69c9,
        0x3b5a8850,
        0x65809421,
        0x5619b4aa,
        0x362019a7,
        0x6bf9d4ed,
        0x5b413dff,
        0x617e181e,
        0x5e7ab57b,
        0x33ad7833,
        0x3466c7ca,
    },
};
static const uint32_t bowline_poseidon2_partial[20] = {
    0x54dfeb5d, 0x7d40afd6, 0x722cb316, 0x106a4573, 0x45a7ccdb, 0x44061375, 0x154077a5,
    0x45744faa, 0x4eb5e5ee, 0x3794e83f, 0x47c7093c, 0x5694903c, 0x69cb6299, 0x373df84c,
    0x46a0df58, 0x46b8758a, 0x3241ebcb, 0x0b09d233, 0x1af42357, 0x1e66cec2,
};
/* -2, 1, 2, 1/2, 3, 4, -1/2, -3, -4, 1/2^8, 1/8, 1/2^24, -1/2^8, -1/8, -1/16, -1/2^24 */
static const uint32_t bowline_poseidon2_diagonal[16] = {
    0x7effffff, 0x00000001, 0x00000002, 0x3f800001, 0x00000003, 0x00000004, 0x3f800000, 0x7efffffe,
    0x7efffffd, 0x7e810001, 0x6f200001, 0x7effff82, 0x007f0000, 0x0fe00000, 0x07f00000, 0x0000007f,
};

static inline uint32_t bowline_field_add(uint32_t a, uint32_t b)
{
    const uint32_t sum = a + b;
    return sum >= BOWLINE_FIELD_MODULUS ? sum - BOWLINE_FIELD_MODULUS : sum;
}
/* p = 2^31 - 2^24 + 1: what lies above bit 31 counts 2^24 - 1 times. */
static inline uint32_t bowline_field_mul(uint32_t a, uint32_t b)
{
    uint64_t product = (uint64_t)a * b;
    while (product >> 31 != 0) product = (product >> 31) * 0xffffffu + (uint32_t)(product & 0x7fffffffu);
    return (uint32_t)product >= BOWLINE_FIELD_MODULUS ? (uint32_t)product - BOWLINE_FIELD_MODULUS
                                                      : (uint32_t)product;
}
static inline uint32_t bowline_field_cube(uint32_t a)
{
    return bowline_field_mul(bowline_field_mul(a, a), a);
}

/* Each group of four times circ(2, 3, 1, 1), then to each the sum of its class modulo 4. */
static inline void bowline_poseidon2_external(uint32_t s[16])
{
    uint32_t sums[4] = {0, 0, 0, 0};
    for (int g = 0; g < 16; g += 4) {
        const uint32_t v[4] = {s[g], s[g + 1], s[g + 2], s[g + 3]};
        const uint32_t all = bowline_field_add(bowline_field_add(v[0], v[1]), bowline_field_add(v[2], v[3]));
        for (int i = 0; i < 4; ++i) {
            const uint32_t next = v[(i + 1) % 4];
            s[g + i] = bowline_field_add(all, bowline_field_add(v[i], bowline_field_add(next, next)));
            sums[i] = bowline_field_add(sums[i], s[g + i]);
        }
    }
    for (int i = 0; i < 16; ++i) s[i] = bowline_field_add(s[i], sums[i % 4]);
}
static inline void bowline_poseidon2_full_round(uint32_t s[16], const uint32_t constants[16])
{
    for (int i = 0; i < 16; ++i) s[i] = bowline_field_cube(bowline_field_add(s[i], constants[i]));
    bowline_poseidon2_external(s);
}

static inline void bowline_poseidon2(uint32_t state[16])
{
    for (int i = 0; i < 16; ++i)
        if (state[i] >= BOWLINE_FIELD_MODULUS) bowline_plain_refuse("a word is not below 0x7f000001");
    bowline_poseidon2_external(state);
    for (int round = 0; round < 4; ++round)
        bowline_poseidon2_full_round(state, bowline_poseidon2_full[round]);
    for (int round = 0; round < 20; ++round) {
        uint32_t sum = 0;
        state[0] = bowline_field_cube(bowline_field_add(state[0], bowline_poseidon2_partial[round]));
        for (int i = 0; i < 16; ++i) sum = bowline_field_add(sum, state[i]);
        for (int i = 0; i < 16; ++i)
            state[i] = bowline_field_add(sum, bowline_field_mul(state[i], bowline_poseidon2_diagonal[i]));
    }
    for (int round = 4; round < 8; ++round)
        bowline_poseidon2_full_round(state, bowline_poseidon2_full[round]);
}

/* --- SHA-256 (FIPS 180-4, section 6.2.2) --- */

static const uint32_t bowline_sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint32_t bowline_rotate_right(uint32_t x, int by) { return x >> by | x << (32 - by); }

static inline void bowline_sha256_compress(uint32_t state[8], const uint32_t block[16])
{
    uint32_t w[64];
    uint32_t v[8];
    for (int i = 0; i < 16; ++i) w[i] = block[i];
    for (int i = 16; i < 64; ++i) {
        const uint32_t a = w[i - 15];
        const uint32_t b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (bowline_rotate_right(a, 7) ^ bowline_rotate_right(a, 18) ^ a >> 3) +
               (bowline_rotate_right(b, 17) ^ bowline_rotate_right(b, 19) ^ b >> 10);
    }
    for (int i = 0; i < 8; ++i) v[i] = state[i];
    for (int i = 0; i < 64; ++i) {
        const uint32_t s1 =
            bowline_rotate_right(v[4], 6) ^ bowline_rotate_right(v[4], 11) ^ bowline_rotate_right(v[4], 25);
        const uint32_t s0 =
            bowline_rotate_right(v[0], 2) ^ bowline_rotate_right(v[0], 13) ^ bowline_rotate_right(v[0], 22);
        const uint32_t t1 = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + bowline_sha256_constants[i] + w[i];
        const uint32_t t2 = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        for (int j = 7; j > 0; --j) v[j] = v[j - 1];
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (int i = 0; i < 8; ++i) state[i] += v[i];
}

/* --- 256 bits, little-endian words --- */

/* -1, 0 or 1 as a is below, equal to or above b. */
static inline int bowline_compare256(const uint32_t a[8], const uint32_t b[8])
{
    for (int i = 7; i >= 0; --i)
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    return 0;
}
static inline int bowline_is_zero256(const uint32_t a[8])
{
    uint32_t any = 0;
    for (int i = 0; i < 8; ++i) any |= a[i];
    return any == 0;
}
/* a -= b; what is borrowed is left out. */
static inline void bowline_subtract256(uint32_t a[8], const uint32_t b[8])
{
    uint32_t borrow = 0;
    for (int i = 0; i < 8; ++i) {
        const uint64_t difference = (uint64_t)a[i] - b[i] - borrow;
        a[i] = (uint32_t)difference;
        borrow = (uint32_t)(difference >> 32) & 1;
    }
}
static inline void bowline_multiply256(uint32_t out[16], const uint32_t x[8], const uint32_t y[8])
{
    for (int i = 0; i < 16; ++i) out[i] = 0;
    for (int i = 0; i < 8; ++i) {
        uint64_t carry = 0;
        for (int j = 0; j < 8; ++j) {
            carry += (uint64_t)x[i] * y[j] + out[i + j];
            out[i + j] = (uint32_t)carry;
            carry >>= 32;
        }
        out[i + 8] = (uint32_t)carry;
    }
}

/* By long division, a bit at a time. */
static inline void bowline_mulmod256(uint32_t x[8], const uint32_t y[8], const uint32_t m[8])
{
    uint32_t product[16];
    uint32_t rest[8] = {0, 0, 0, 0, 0, 0, 0, 0};
    if (bowline_is_zero256(m)) bowline_plain_refuse("the modulus is 0");
    bowline_multiply256(product, x, y);
    for (int bit = 511; bit >= 0; --bit) {
        const uint32_t above = rest[7] >> 31;
        for (int i = 7; i > 0; --i) rest[i] = rest[i] << 1 | rest[i - 1] >> 31;
        rest[0] = rest[0] << 1 | (product[bit / 32] >> bit % 32 & 1);
        if (above != 0 || bowline_compare256(rest, m) >= 0) bowline_subtract256(rest, m);
    }
    for (int i = 0; i < 8; ++i) x[i] = rest[i];
}

/* --- secp256k1: y^2 = x^3 + 7 modulo p = 2^256 - 2^32 - 977 --- */

static const uint32_t bowline_secp256k1_prime[8] = {
    0xfffffc2f, 0xfffffffe, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
};

/* out := x * y mod p. What lies above 2^256 counts 2^32 + 977 times. */
static inline void bowline_secp256k1_mul(uint32_t out[8], const uint32_t x[8], const uint32_t y[8])
{
    uint32_t product[16];
    uint64_t above = 0;
    bowline_multiply256(product, x, y);
    for (int i = 0; i < 8; ++i) {
        above += (uint64_t)product[i + 8] * 977 + product[i] + (i > 0 ? product[i + 7] : 0);
        out[i] = (uint32_t)above;
        above >>= 32;
    }
    above += product[15];
    while (above != 0) {
        uint64_t carry = (uint64_t)out[0] + (above & 0xffffffffu) * 977;
        out[0] = (uint32_t)carry;
        carry = (carry >> 32) + out[1] + (above >> 32) * 977 + (above & 0xffffffffu);
        out[1] = (uint32_t)carry;
        carry = (carry >> 32) + (above >> 32);
        for (int i = 2; i < 8; ++i) {
            carry += out[i];
            out[i] = (uint32_t)carry;
            carry >>= 32;
        }
        above = carry;
    }
    if (bowline_compare256(out, bowline_secp256k1_prime) >= 0)
        bowline_subtract256(out, bowline_secp256k1_prime);
}
/* a := a - b mod p, both below p */
static inline void bowline_secp256k1_sub(uint32_t a[8], const uint32_t b[8])
{
    const int below = bowline_compare256(a, b) < 0;
    bowline_subtract256(a, b);
    if (!below) return;
    uint64_t carry = 0;
    for (int i = 0; i < 8; ++i) {
        carry += (uint64_t)a[i] + bowline_secp256k1_prime[i];
        a[i] = (uint32_t)carry;
        carry >>= 32;
    }
}
/* a := 1 / a mod p, which is a^(p - 2) */
static inline void bowline_secp256k1_invert(uint32_t a[8])
{
    uint32_t power[8] = {1, 0, 0, 0, 0, 0, 0, 0};
    for (int bit = 255; bit >= 0; --bit) {
        const uint32_t word = bowline_secp256k1_prime[bit / 32] - (bit < 32 ? 2 : 0);
        bowline_secp256k1_mul(power, power, power);
        if ((word >> bit % 32 & 1) != 0) bowline_secp256k1_mul(power, power, a);
    }
    for (int i = 0; i < 8; ++i) a[i] = power[i];
}
static inline void bowline_secp256k1_check(const uint32_t p[16])
{
    if (bowline_compare256(p, bowline_secp256k1_prime) >= 0 ||
        bowline_compare256(p + 8, bowline_secp256k1_prime) >= 0)
        bowline_plain_refuse("a coordinate is not below the field's prime");
}
/* p := the mirrored third point on the line of that slope through p and a point whose x is other_x. */
static inline void bowline_secp256k1_along(uint32_t p[16], const uint32_t slope[8], const uint32_t other_x[8])
{
    uint32_t x[8];
    uint32_t y[8];
    bowline_secp256k1_mul(x, slope, slope);
    bowline_secp256k1_sub(x, p);
    bowline_secp256k1_sub(x, other_x);
    for (int i = 0; i < 8; ++i) y[i] = p[i];
    bowline_secp256k1_sub(y, x);
    bowline_secp256k1_mul(y, y, slope);
    bowline_secp256k1_sub(y, p + 8);
    for (int i = 0; i < 8; ++i) p[i] = x[i], p[i + 8] = y[i];
}

static inline void bowline_secp256k1_add(uint32_t p[16], const uint32_t q[16])
{
    uint32_t rise[8];
    uint32_t run[8];
    uint32_t other_x[8];
    bowline_secp256k1_check(p);
    bowline_secp256k1_check(q);
    if (bowline_compare256(p, q) == 0) bowline_plain_refuse("the points have the same x");
    for (int i = 0; i < 8; ++i) run[i] = other_x[i] = q[i], rise[i] = q[i + 8];
    bowline_secp256k1_sub(run, p);
    bowline_secp256k1_sub(rise, p + 8);
    bowline_secp256k1_invert(run);
    bowline_secp256k1_mul(rise, rise, run);
    bowline_secp256k1_along(p, rise, other_x);
}

static inline void bowline_secp256k1_double(uint32_t p[16])
{
    static const uint32_t two[8] = {2, 0, 0, 0, 0, 0, 0, 0};
    static const uint32_t three[8] = {3, 0, 0, 0, 0, 0, 0, 0};
    uint32_t slope[8];
    uint32_t run[8];
    uint32_t x[8];
    bowline_secp256k1_check(p);
    if (bowline_is_zero256(p + 8)) bowline_plain_refuse("y is 0");
    for (int i = 0; i < 8; ++i) x[i] = p[i];
    bowline_secp256k1_mul(run, p + 8, two);
    bowline_secp256k1_invert(run);
    bowline_secp256k1_mul(slope, x, x);
    bowline_secp256k1_mul(slope, slope, three);
    bowline_secp256k1_mul(slope, slope, run);
    bowline_secp256k1_along(p, slope, x);
}

/* --- Keccak-f[1600] (FIPS 202, section 3) --- */

static inline uint64_t bowline_rotate_left64(uint64_t x, int by)
{
    return by == 0 ? x : x << by | x >> (64 - by);
}

static inline void bowline_keccak_f(uint64_t a[25])
{
    uint32_t lfsr = 1;
    for (int round = 0; round < 24; ++round) {
        uint64_t column[5] = {0, 0, 0, 0, 0};
        uint64_t b[25];
        int x = 1;
        int y = 0;
        for (int i = 0; i < 25; ++i) column[i % 5] ^= a[i];
        for (int i = 0; i < 25; ++i)
            a[i] ^= column[(i + 4) % 5] ^ bowline_rotate_left64(column[(i + 1) % 5], 1);
        b[0] = a[0];
        for (int t = 0; t < 24; ++t) {
            const int next = (2 * x + 3 * y) % 5;
            b[y + 5 * next] = bowline_rotate_left64(a[x + 5 * y], (t + 1) * (t + 2) / 2 % 64);
            x = y;
            y = next;
        }
        for (int i = 0; i < 25; ++i) {
            const int row = i / 5 * 5;
            a[i] = b[i] ^ (~b[row + (i + 1) % 5] & b[row + (i + 2) % 5]);
        }
        for (int j = 0; j < 7; ++j) {
            if ((lfsr & 1) != 0) a[0] ^= 1ull << ((1 << j) - 1);
            lfsr = (lfsr << 1 & 0xff) ^ (lfsr >> 7) * 0x71;
        }
    }
}
