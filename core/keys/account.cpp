// SPDX-License-Identifier: MIT
#include "core/keys/account.h"

namespace bowline::keys {

using base::makeError;

Result<DerivationPath> accountPath(AccountKind kind, bitcoin::Network network, std::uint32_t account)
{
    if (account >= kHardened) return makeError(kBadAccount);
    const std::uint32_t purpose = kind == AccountKind::Bip84 ? 84 : 86;
    return DerivationPath{purpose | kHardened, bitcoin::chainParams(network).coinType | kHardened,
                          account | kHardened};
}

Result<AccountDescriptors> accountDescriptors(const ExtendedPrivateKey& master, AccountKind kind,
                                              bitcoin::Network network, std::uint32_t account)
{
    BOWLINE_TRY(const DerivationPath path, accountPath(kind, network, account));
    BOWLINE_TRY(const ExtendedPrivateKey accountKey, master.derive(path));
    const std::string key = "[" + base::toHex(master.fingerprint()) + formatSteps(path) + "]" +
                            accountKey.extendedPublicKey().toString(network);
    const std::string_view function = kind == AccountKind::Bip84 ? "wpkh(" : "tr(";
    const auto describe = [&](std::string_view branch) {
        return Descriptor::parse(std::string(function) + key + std::string(branch) + "/*)", network);
    };
    BOWLINE_TRY(Descriptor receive, describe("/0"));
    BOWLINE_TRY(Descriptor change, describe("/1"));
    return AccountDescriptors{std::move(receive), std::move(change)};
}

} // namespace bowline::keys
