// SPDX-License-Identifier: MIT
#include "core/crypto/aead.h"

#include "core/crypto/random.h"

#include <openssl/evp.h>

#include <memory>

namespace bowline::crypto {

namespace {

using base::Bytes;
using base::ByteView;

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kHeaderSize = 1 + kNonceSize;

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

enum class Direction { Open = 0, Seal = 1 };

// EVP counts in int; kBoxMaxPlaintext keeps every size within it.
int asInt(std::size_t size) { return static_cast<int>(size); }

/// Runs the cipher over version || associated (authenticated) and `in` (en- or decrypted into `out`).
bool runCipher(EVP_CIPHER_CTX* context, Direction direction, const AeadKey& key, ByteView nonce,
               ByteView associated, ByteView in, std::uint8_t* out)
{
    const auto way = static_cast<int>(direction);
    int written = 0;
    if (EVP_CipherInit_ex(context, EVP_chacha20_poly1305(), nullptr, key.data(), nonce.data(), way) != 1)
        return false;
    if (EVP_CipherUpdate(context, nullptr, &written, &kVersion, 1) != 1) return false;
    if (!associated.empty() &&
        EVP_CipherUpdate(context, nullptr, &written, associated.data(), asInt(associated.size())) != 1) {
        return false;
    }
    return in.empty() || EVP_CipherUpdate(context, out, &written, in.data(), asInt(in.size())) == 1;
}

/// After the tag is set (opening) or before it is read (sealing). A stream cipher writes nothing here.
bool finishCipher(EVP_CIPHER_CTX* context)
{
    std::uint8_t none[kTagSize];
    int written = 0;
    return EVP_CipherFinal_ex(context, none, &written) == 1;
}

} // namespace

base::Result<Bytes> sealBox(const AeadKey& key, ByteView plaintext, ByteView associated)
{
    if (plaintext.size() > kBoxMaxPlaintext || associated.size() > kBoxMaxPlaintext) {
        return base::makeError(kBoxTooLong);
    }
    Bytes box(plaintext.size() + kBoxOverhead);
    box[0] = kVersion;
    const std::span<std::uint8_t> nonce(box.data() + 1, kNonceSize);
    BOWLINE_CHECK(randomBytes(nonce));
    const Context context(EVP_CIPHER_CTX_new());
    std::uint8_t* const tag = box.data() + kHeaderSize + plaintext.size();
    if (!context ||
        !runCipher(context.get(), Direction::Seal, key, nonce, associated, plaintext,
                   box.data() + kHeaderSize) ||
        !finishCipher(context.get()) ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, asInt(kTagSize), tag) != 1) {
        std::abort(); // out of memory, or an OpenSSL without ChaCha20-Poly1305: never an input's fault
    }
    return box;
}

base::Result<base::SecureBytes> openBox(const AeadKey& key, ByteView box, ByteView associated)
{
    if (box.size() < kBoxOverhead) return base::makeError(kBoxTooShort);
    if (box[0] != kVersion) return base::makeError(kBoxVersion, "version " + std::to_string(box[0]));
    if (box.size() - kBoxOverhead > kBoxMaxPlaintext || associated.size() > kBoxMaxPlaintext) {
        return base::makeError(kBoxTooLong);
    }
    const ByteView nonce = box.subspan(1, kNonceSize);
    const ByteView sealed = box.subspan(kHeaderSize, box.size() - kBoxOverhead);
    base::ByteArray<kTagSize> tag{};
    std::copy(box.end() - kTagSize, box.end(), tag.begin());
    base::SecureBytes plaintext(sealed.size());
    const Context context(EVP_CIPHER_CTX_new());
    if (!context) std::abort();
    if (!runCipher(context.get(), Direction::Open, key, nonce, associated, sealed, plaintext.data()) ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, asInt(kTagSize), tag.data()) != 1 ||
        !finishCipher(context.get())) {
        return base::makeError(kBoxNotAuthentic);
    }
    return plaintext;
}

} // namespace bowline::crypto
