// SPDX-License-Identifier: MIT
// What the wallet's tests share: a wallet on a temporary file, blocks made up for it, and expectations that
// print what went wrong. Proof of work and signatures of foreign transactions are not the wallet's business.
#pragma once

#include "core/wallet/spend.h"

#include <QTemporaryDir>
#include <QTest>

#include <string>

/// Fails the test with the error's code and detail.
#define VERIFY_OK(result)                                                                                    \
    do {                                                                                                     \
        const auto& verified = (result);                                                                     \
        QVERIFY2(verified.ok(), verified.ok() ? "" : bowline::test::describe(verified.error()).c_str());     \
    } while (false)
#define COMPARE_ERROR(result, expected)                                                                      \
    do {                                                                                                     \
        const auto& compared = (result);                                                                     \
        QVERIFY2(!compared.ok(), "succeeded");                                                               \
        QCOMPARE(std::string(compared.error().code.name()), std::string((expected).name()));                 \
    } while (false)

namespace bowline::test {

inline constexpr const char* kAbandonWords =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
inline constexpr const char* kPassword = "correct horse";
inline constexpr base::UnixTime kNow = 1'700'000'000;

inline std::string describe(const base::Error& error)
{
    return std::string(error.code.name()) + ": " + error.detail;
}

inline base::SecureBytes secure(std::string_view text) { return base::toSecure(base::viewOf(text)); }

inline base::Amount sat(std::int64_t amount) { return base::Amount::fromSat(amount); }

/// The least cost that a secret box accepts.
inline crypto::ScryptParameters cheapScrypt() { return {crypto::kScryptMinN, 8, 1}; }

inline wallet::NewWallet newWallet(bitcoin::Network network = bitcoin::Network::Regtest)
{
    wallet::NewWallet out;
    out.words = secure(kAbandonWords);
    out.password = secure(kPassword);
    out.network = network;
    out.birthday.height = base::Height{1};
    out.scrypt = cheapScrypt();
    return out;
}

/// A chain of made-up blocks. The same salt gives the same hashes.
class MadeUpChain {
public:
    static wallet::BlockRef ref(std::uint32_t height, std::uint32_t salt = 0)
    {
        wallet::BlockRef out{{height}, {}};
        std::memcpy(out.hash.bytes.data(), &height, sizeof height);
        std::memcpy(out.hash.bytes.data() + 4, &salt, sizeof salt);
        out.hash.bytes[31] = 1;
        return out;
    }
    static bitcoin::Block block(std::vector<bitcoin::Transaction> transactions)
    {
        bitcoin::Block out;
        out.transactions = std::move(transactions);
        return out;
    }
    /// From nowhere in particular; `salt` makes it another transaction.
    static bitcoin::Transaction payment(const bitcoin::Script& script, base::Amount amount,
                                        std::uint32_t salt)
    {
        bitcoin::Transaction out;
        bitcoin::TxIn input;
        input.prevout.txid.bytes[0] = 0xee;
        std::memcpy(input.prevout.txid.bytes.data() + 1, &salt, sizeof salt);
        out.inputs.push_back(input);
        out.outputs.push_back({amount, script});
        return out;
    }
    static bitcoin::Transaction coinbase(const bitcoin::Script& script, base::Amount amount,
                                         std::uint32_t height)
    {
        bitcoin::Transaction out;
        bitcoin::TxIn input;
        input.prevout.index = 0xffffffff;
        input.scriptSig = bitcoin::ScriptBuilder().number(height).number(0).take();
        out.inputs.push_back(input);
        out.outputs.push_back({amount, script});
        return out;
    }
    /// Somebody else's address.
    static bitcoin::Script foreignScript(std::uint8_t salt = 7)
    {
        base::ByteArray<20> hash{};
        hash[0] = salt;
        return bitcoin::payToWitnessPublicKeyHash(hash);
    }
};

/// A new unlocked wallet in a folder of its own.
struct WalletFixture {
    explicit WalletFixture(const wallet::NewWallet& options = newWallet())
        : clock(kNow), path(folder.filePath("w.wallet").toStdString())
    {
        auto created = wallet::Wallet::create(path, options, clock);
        if (!created.ok()) qFatal("%s", describe(created.error()).c_str());
        wallet = std::move(created).value();
    }
    /// Closes the file and opens it again, locked.
    void reopen()
    {
        wallet.reset();
        auto opened = wallet::Wallet::open(path, clock);
        if (!opened.ok()) qFatal("%s", describe(opened.error()).c_str());
        wallet = std::move(opened).value();
    }
    void unlock()
    {
        if (!wallet->unlock(base::viewOf(std::string_view(kPassword))).ok()) qFatal("cannot unlock");
    }
    /// The next block, with these transactions.
    void mine(std::vector<bitcoin::Transaction> transactions, std::uint32_t salt = 0)
    {
        const auto tip = wallet->scannedTo();
        const wallet::BlockRef at = MadeUpChain::ref(tip ? tip->height.value + 1 : 1, salt);
        const bitcoin::Block block = MadeUpChain::block(std::move(transactions));
        const auto found = wallet->connectBlock(at, &block);
        if (!found.ok()) qFatal("%s", describe(found.error()).c_str());
    }
    void mineEmpty(std::uint32_t count)
    {
        for (std::uint32_t i = 0; i < count; ++i) mine({});
    }
    /// Pays the wallet's next address of the type, in a block of its own.
    bitcoin::OutPoint receive(base::Amount amount, wallet::AddressType type = wallet::AddressType::Taproot)
    {
        const auto address = wallet->nextAddress(type, {});
        if (!address.ok()) qFatal("%s", describe(address.error()).c_str());
        const bitcoin::Transaction payment = MadeUpChain::payment(address->script, amount, ++payments);
        mine({payment});
        return {payment.txid(), 0};
    }
    [[nodiscard]] wallet::Balance balance() const
    {
        auto out = wallet->balance();
        if (!out.ok()) qFatal("%s", describe(out.error()).c_str());
        return *out;
    }

    QTemporaryDir folder;
    base::ManualClock clock;
    std::string path;
    std::unique_ptr<wallet::Wallet> wallet;
    std::uint32_t payments = 0;
};

} // namespace bowline::test
