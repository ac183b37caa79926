// SPDX-License-Identifier: MIT
#include "app/daemon/node/keys.h"

#include "core/base/descriptor.h"
#include "core/base/private_file.h"
#include "core/l2/params.h"

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace bowline::daemon {

using base::makeError;
using base::Result;
using base::SecureBytes;
using base::Status;
using base::success;

namespace {

constexpr std::string_view kFirstLine = "bowline-node-keys 1\n";
constexpr std::size_t kMaxFile = 4096;

std::vector<std::string_view> keyNames(NodeRole role)
{
    switch (role) {
    case NodeRole::Sequencer: return {"sequencer"};
    case NodeRole::Signer: return {"vault", "message"};
    case NodeRole::Operator: return {"operator", "wallet"};
    }
    return {};
}

std::string pathIn(const std::string& datadir) { return datadir + "/keys"; }

Status checkOwner(const base::Descriptor& file, const std::string& path)
{
    struct stat info = {};
    if (::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return makeError(kBadKeyFile, path);
    const bool exposed = (info.st_mode & (S_IRWXG | S_IRWXO)) != 0 || info.st_uid != ::geteuid();
    return exposed ? Status(makeError(kKeyFileExposed, path + " must be its owner's alone (mode 0600)"))
                   : success();
}

Result<SecureBytes> readSecret(const std::string& path)
{
    const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.isOpen()) return makeError(kNoKeyFile, path);
    BOWLINE_CHECK(checkOwner(file, path));
    SecureBytes out(kMaxFile);
    const auto size = base::readFully(file, out);
    if (!size) return makeError(kBadKeyFile, path);
    out.resize(*size);
    return out;
}

/// The folder and those above it that are missing; 0700.
Status makeFolder(const std::string& path)
{
    for (std::size_t i = 1; i <= path.size(); ++i) {
        if (i < path.size() && path[i] != '/') continue;
        if (::mkdir(path.substr(0, i).c_str(), 0700) != 0 && errno != EEXIST)
            return makeError(kBadKeyFile, path);
    }
    return success();
}

int digitOf(std::uint8_t c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

/// 64 hex digits into locked memory, without a copy elsewhere.
Result<crypto::PrivateKey> keyFromHex(base::ByteView digits)
{
    base::SecureArray<32> secret;
    for (std::size_t i = 0; i < 32; ++i) {
        const int high = digitOf(digits[2 * i]);
        const int low = digitOf(digits[2 * i + 1]);
        if (high < 0 || low < 0) return makeError(kBadKeyFile);
        secret.data()[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return crypto::PrivateKey::fromBytes(secret.view());
}

void appendLine(SecureBytes& out, std::string_view name, const crypto::PrivateKey& key)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    out.insert(out.end(), name.begin(), name.end());
    out.push_back(' ');
    for (const std::uint8_t byte : key.secret()) {
        out.push_back(static_cast<std::uint8_t>(kDigits[byte >> 4U]));
        out.push_back(static_cast<std::uint8_t>(kDigits[byte & 15U]));
    }
    out.push_back('\n');
}

/// Takes `expected` from the front.
bool take(base::ByteView& rest, std::string_view expected)
{
    const base::ByteView wanted = base::viewOf(expected);
    if (rest.size() < wanted.size() || !std::equal(wanted.begin(), wanted.end(), rest.begin())) return false;
    rest = rest.subspan(wanted.size());
    return true;
}

} // namespace

Result<NodeKeys> NodeKeys::load(const std::string& datadir, NodeRole role)
{
    const std::string path = pathIn(datadir);
    BOWLINE_TRY(const SecureBytes text, readSecret(path));
    base::ByteView rest = base::viewOf(text);
    NodeKeys out(role);
    if (!take(rest, kFirstLine)) return makeError(kBadKeyFile, path);
    for (const std::string_view name : keyNames(role)) {
        if (!take(rest, name) || !take(rest, " ") || rest.size() < 64) {
            return makeError(kBadKeyFile, path + " holds no key named " + std::string(name));
        }
        BOWLINE_TRY(crypto::PrivateKey key, keyFromHex(rest.first(64)));
        rest = rest.subspan(64);
        out.m_keys.emplace(name, std::move(key));
        if (!take(rest, "\n")) return makeError(kBadKeyFile, path);
    }
    if (!rest.empty()) return makeError(kBadKeyFile, path);
    return out;
}

Result<NodeKeys> NodeKeys::create(const std::string& datadir, NodeRole role)
{
    BOWLINE_CHECK(makeFolder(datadir));
    NodeKeys out(role);
    SecureBytes text;
    text.reserve(kMaxFile); // growing would leave copies in freed pages; those are zeroed, but why make them
    const base::ByteView first = base::viewOf(kFirstLine);
    text.insert(text.end(), first.begin(), first.end());
    for (const std::string_view name : keyNames(role)) {
        BOWLINE_TRY(crypto::PrivateKey key, crypto::PrivateKey::generate());
        appendLine(text, name, key);
        out.m_keys.emplace(name, std::move(key));
    }
    BOWLINE_CHECK(base::createPrivateFile(pathIn(datadir), text, kBadKeyFile, kKeyFileExists));
    return out;
}

const crypto::PrivateKey& NodeKeys::key(std::string_view name) const
{
    const auto found = m_keys.find(name);
    if (found == m_keys.end()) std::abort();
    return found->second;
}

Result<net::json::object> NodeKeys::publicKeys() const
{
    net::json::object out{{"role", roleName(m_role)}};
    if (m_role == NodeRole::Sequencer) out["sequencer_key"] = key("sequencer").xOnlyPublicKey().hex();
    if (m_role == NodeRole::Operator) out["operator_key"] = key("operator").xOnlyPublicKey().hex();
    if (m_role == NodeRole::Signer) {
        const crypto::PublicKey vault = key("vault").publicKey();
        const base::XOnlyPublicKey message = key("message").xOnlyPublicKey();
        BOWLINE_TRY(const auto possession,
                    crypto::signSchnorr(key("vault"), l2::possessionMessage(vault, message).view()));
        out["vault_key"] = base::toHex(vault.view());
        out["message_key"] = message.hex();
        out["possession"] = base::toHex(possession);
    }
    return out;
}

} // namespace bowline::daemon
