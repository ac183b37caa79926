// SPDX-License-Identifier: MIT
#include "core/l2/hashes.h"

#include "core/crypto/hash.h"

namespace bowline::l2 {

Digest domainHash(Domain domain, std::initializer_list<ByteView> parts)
{
    crypto::Sha256 sha;
    const auto first = static_cast<std::uint8_t>(domain);
    sha.update({&first, 1});
    for (const ByteView part : parts) sha.update(part);
    return sha.finish();
}

Digest bowlineHash(std::string_view tag, std::initializer_list<ByteView> parts)
{
    return crypto::taggedHash("Bowline/" + std::string(tag), parts);
}

Digest listRoot(std::span<const Digest> hashes)
{
    std::vector<Digest> level(hashes.begin(), hashes.end());
    while (level.size() > 1) {
        const std::size_t pairs = level.size() / 2;
        const bool odd = level.size() % 2 != 0;
        for (std::size_t i = 0; i < pairs; ++i) {
            level[i] = domainHash(Domain::ListNode, {level[2 * i].view(), level[2 * i + 1].view()});
        }
        if (odd) level[pairs] = level.back();
        level.resize(pairs + (odd ? 1 : 0));
    }
    base::Writer count;
    count.u64le(hashes.size());
    const Digest top = level.empty() ? Digest{} : level.front();
    return domainHash(Domain::ListNode, {count.data(), top.view()});
}

} // namespace bowline::l2
