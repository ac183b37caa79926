// SPDX-License-Identifier: MIT
// The JSON-RPC methods of proving. Those of provers need the node's access token; anybody may ask for a batch's status and
// for its proof.
//
//   proving_take {prover, kinds, memory_mib, started}  {task: {...}}, or {} when there is none. `network` in it is
//                                                       prover::ProofNetwork, in hex
//   proving_heartbeat {lease}                           {deadline}
//   proving_blob {digest, offset}                       {size, hex}: at most kPiece bytes
//   proving_upload {lease, offset, hex}                 {size}: pieces of a result, in order; 0 begins anew
//   proving_result {lease, digest}                      {accepted: true}, after the check
//   proving_fail {lease, reason}                        {}
//   proving_status {}                                   {queue, provers, batches, proven}; `proven`: {batch, digest} of the
//                                                       newest wrapped proof, or null
//   proving_reopen {n}                                  {}: failed tasks of a batch get their tries again
//   proof_status {n}                                    {batch, hash, stage, failed, tasks}
//   proof_get {n, offset}                               {size, hex}: the proof of the batch's execution (docs/proofs.md)
#pragma once

#include "core/net/dispatcher.h"
#include "core/tasks/service.h"

#include <functional>
#include <map>
#include <set>

namespace bowline::daemon {

namespace asio = boost::asio;

/// Pieces of results that do not follow each other, or more of them than a result may have.
inline constexpr base::ErrorCode kBadUpload{"proving.bad-upload"};
/// The batch is not proven as far as that.
inline constexpr base::ErrorCode kNotProven{"proving.not-proven"};

/// On one thread, that of `executor`.
class ProvingApi {
public:
    static constexpr std::size_t kPiece = 1U << 20U;
    /// Of all results that are being uploaded.
    static constexpr std::size_t kMaxUploads = std::size_t{256} << 20U;

    /// `network`: what provers are told of it, encoded. `onDone` is called after each result that was taken.
    ProvingApi(tasks::TaskService& service, base::Digest image, base::Bytes network,
               std::int64_t leaseSeconds, std::function<void()> onDone)
        : m_service(service), m_image(image), m_network(std::move(network)), m_leaseSeconds(leaseSeconds),
          m_onDone(std::move(onDone))
    {
    }
    void addMethods(net::Dispatcher& dispatcher, const asio::any_io_executor& executor);

private:
    using Answer = base::Result<net::json::value>;
    [[nodiscard]] Answer take(const net::json::object& params);
    [[nodiscard]] Answer heartbeat(const net::json::object& params);
    [[nodiscard]] Answer blob(const net::json::object& params);
    [[nodiscard]] Answer upload(const net::json::object& params);
    [[nodiscard]] Answer result(const net::json::object& params);
    [[nodiscard]] Answer fail(const net::json::object& params);
    [[nodiscard]] Answer status(const net::json::object& params);
    [[nodiscard]] Answer reopen(const net::json::object& params);
    [[nodiscard]] Answer proofStatus(const net::json::object& params);
    [[nodiscard]] Answer proofGet(const net::json::object& params);
    [[nodiscard]] base::Result<tasks::BatchRow> batchIn(const net::json::object& params);
    /// The highest batch that a wrapped proof speaks of; 0: none.
    [[nodiscard]] base::Result<std::uint64_t> provenThrough();
    [[nodiscard]] base::Result<base::Bytes> proofOf(const base::Digest& batch);

    tasks::TaskService& m_service;
    base::Digest m_image;
    base::Bytes m_network;
    std::int64_t m_leaseSeconds;
    std::function<void()> m_onDone;
    std::map<tasks::LeaseToken, base::Bytes> m_uploads;
    std::size_t m_uploaded = 0;
    std::optional<std::pair<base::Digest, base::Bytes>> m_proof; // the last one that was asked for
};

} // namespace bowline::daemon
