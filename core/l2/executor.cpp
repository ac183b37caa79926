// SPDX-License-Identifier: MIT
#include "core/l2/executor.h"

#include <algorithm>

namespace bowline::l2 {

namespace {
enum class Mode : std::uint8_t { Strict = 0, Propose = 1, Genesis = 2 };
constexpr int kDone = 0;
constexpr int kInvalid = 1;
constexpr int kMissing = 3;
constexpr std::uint32_t kNoTransaction = 0xffffffff;
constexpr std::size_t kMaxReason = 255;
// More rounds of "missing" than any batch needs: touchedKeys() finds nearly everything.
constexpr unsigned kMaxRuns = 64;

base::Error unsound(std::string detail) { return base::makeError(kStfUnsound, std::move(detail)); }

void writeSized(base::Writer& writer, ByteView bytes)
{
    writer.u32le(static_cast<std::uint32_t>(bytes.size()));
    writer.bytes(bytes);
}

Bytes readSized(base::Reader& reader) { return base::toBytes(reader.bytes(reader.u32le())); }

Bytes readShort(base::Reader& reader) { return base::toBytes(reader.bytes(reader.u8())); }

std::string readReason(base::Reader& reader)
{
    const Bytes bytes = readShort(reader);
    return {bytes.begin(), bytes.end()};
}

StateObject readChange(base::Reader& reader)
{
    const auto key = reader.hash<StateKey>();
    StateObject out;
    const std::uint8_t kind = reader.u8();
    if (kind == 0 || kind > static_cast<std::uint8_t>(ObjectKind::Batch)) reader.fail(kBadField, "kind");
    out.id = {static_cast<ObjectKind>(kind), readShort(reader)};
    out.value = readSized(reader);
    if (out.id.key() != key) reader.fail(kBadField, "key of a changed object");
    return out;
}

// What the program reports when it is done; state, body and statement are filled in by the caller.
Result<Execution> readOutcome(ByteView bytes)
{
    base::Reader reader(bytes);
    if (reader.u8() != kDone) return unsound("result of another kind");
    Execution out;
    const auto header = parseBatchHeader(reader.bytes(BatchHeader::kSize));
    if (!header) return unsound("header");
    out.header = *header;
    for (std::uint32_t i = reader.u32le(); i > 0 && !reader.failed(); --i) {
        out.receipts.push_back(readReceipt(reader));
    }
    for (std::uint32_t i = reader.u32le(); i > 0 && !reader.failed(); --i) {
        out.changes.push_back(readChange(reader));
    }
    for (std::uint32_t i = reader.u32le(); i > 0 && !reader.failed(); --i) {
        RejectedTransaction rejected;
        rejected.index = reader.u32le();
        rejected.reason = readReason(reader);
        out.rejected.push_back(std::move(rejected));
    }
    const Status status = reader.finish();
    if (!status) return unsound(status.error().detail);
    return out;
}

Result<InvalidBatch> readInvalid(ByteView bytes)
{
    base::Reader reader(bytes);
    if (reader.u8() != kInvalid) return unsound("result of another kind");
    InvalidBatch out;
    const std::uint32_t index = reader.u32le();
    if (index != kNoTransaction) out.transaction = index;
    out.reason = readReason(reader);
    const Status status = reader.finish();
    if (!status) return unsound(status.error().detail);
    return out;
}

Result<StateKey> readMissing(ByteView bytes)
{
    base::Reader reader(bytes);
    if (reader.u8() != kMissing) return unsound("result of another kind");
    const auto key = reader.hash<StateKey>();
    const Status status = reader.finish();
    if (!status || !field::isCanonical(key.view())) return unsound("missing key");
    return key;
}

// Takes the rejected transactions out of a proposal and gives them their hashes.
Result<BatchBody> withoutRejected(const BatchBody& candidate, std::vector<RejectedTransaction>& rejected)
{
    BatchBody out;
    out.l1 = candidate.l1;
    auto next = rejected.begin();
    for (std::uint32_t i = 0; i < candidate.transactions.size(); ++i) {
        if (next != rejected.end() && next->index == i) {
            next->hash = hashOfEncoded(candidate.transactions[i]);
            ++next;
        } else {
            out.transactions.push_back(candidate.transactions[i]);
        }
    }
    if (next != rejected.end()) return unsound("rejected transactions");
    return out;
}

// Everything in the header that can be computed without executing.
Status checkOutcome(const Execution& out, const BatchHeader& parent, const StateRoot& before)
{
    const BatchHeader& h = out.header;
    if (h.daHash != daHashOf(out.body.encode()) || h.txsRoot != txsRootOf(out.body))
        return unsound("body roots");
    if (h.receiptsRoot != receiptsRootOf(out.receipts)) return unsound("receipts_root");
    if (h.stateRoot != out.state.root()) return unsound("state_root");
    const Statement& s = out.statement;
    if (s.lastHash != h.hash() || s.prevHash != h.parent || s.state != h.stateRoot || s.prevState != before ||
        s.chainId != h.chainId || s.first != h.height || s.last != h.height) {
        return unsound("public values");
    }
    if (h.height.value == 0) return base::success();
    if (h.parent != parent.hash() || h.height.value != parent.height.value + 1)
        return unsound("place of the header");
    return base::success();
}

// One batch, run again with a larger witness as long as the program asks for more.
class Run {
public:
    Run(const NetworkParams& params, const StfProgram& program, const BatchHeader& parent,
        const StateTree& state)
        : m_params(params), m_program(program), m_parent(parent), m_state(state)
    {
    }

    [[nodiscard]] Result<ExecutionResult> batch(Mode mode, std::uint64_t time, const BatchBody& body)
    {
        std::vector<StateKey> keys = touchedKeys(m_params, m_parent.height, m_state, body);
        for (unsigned runs = 1; runs <= kMaxRuns; ++runs) {
            BOWLINE_TRY(const ProgramOutput output, call(mode, time, body, keys));
            if (output.exitCode == kDone) return finish(output, body, runs);
            if (output.exitCode == kInvalid) {
                BOWLINE_TRY(InvalidBatch invalid, readInvalid(output.result));
                return ExecutionResult{std::move(invalid)};
            }
            if (output.exitCode != kMissing) return failure(output);
            BOWLINE_TRY(const StateKey key, readMissing(output.result));
            if (std::find(keys.begin(), keys.end(), key) != keys.end())
                return unsound("asked for what it had");
            keys.push_back(key);
        }
        return unsound("asked for too much");
    }

    [[nodiscard]] Result<ExecutionResult> genesis()
    {
        BOWLINE_TRY(const ProgramOutput output, call(Mode::Genesis, 0, {}, {}));
        if (output.exitCode != kDone) return failure(output);
        return finish(output, genesisBody(m_params), 1);
    }

private:
    [[nodiscard]] Result<ProgramOutput> call(Mode mode, std::uint64_t time, const BatchBody& body,
                                             const std::vector<StateKey>& keys) const
    {
        base::Writer frame;
        frame.u8(static_cast<std::uint8_t>(mode));
        writeSized(frame, m_params.encode());
        if (mode != Mode::Genesis) {
            frame.bytes(m_parent.encode());
            frame.u64le(time);
            writeSized(frame, body.encode());
            frame.bytes(m_state.witness(keys));
        }
        return m_program.run(frame.data());
    }

    [[nodiscard]] static base::Error failure(const ProgramOutput& output)
    {
        std::string detail = "exit code " + std::to_string(output.exitCode);
        if (output.result.size() > 2 && output.result.size() <= kMaxReason + 2) {
            detail += ": " + std::string(output.result.begin() + 2, output.result.end());
        }
        return base::makeError(kStfFailed, std::move(detail));
    }

    [[nodiscard]] Result<ExecutionResult> finish(const ProgramOutput& output, const BatchBody& body,
                                                 unsigned runs) const
    {
        BOWLINE_TRY(Execution out, readOutcome(output.result));
        const auto statement = parseStatement(output.values);
        if (!statement) return unsound("public values");
        out.statement = *statement;
        BOWLINE_TRY(BatchBody accepted, withoutRejected(body, out.rejected));
        out.body = std::move(accepted);
        out.state = m_state.with(out.changes);
        out.runs = runs;
        BOWLINE_CHECK(checkOutcome(out, m_parent, m_state.root()));
        return ExecutionResult{std::move(out)};
    }

    const NetworkParams& m_params;
    const StfProgram& m_program;
    const BatchHeader& m_parent;
    const StateTree& m_state;
};
} // namespace

StfExecutor::StfExecutor(NetworkParams params, StfProgramPtr program)
    : m_params(std::move(params)), m_program(std::move(program))
{
}

Result<Execution> StfExecutor::genesis() const
{
    const BatchHeader none;
    BOWLINE_TRY(ExecutionResult result, Run(m_params, *m_program, none, {}).genesis());
    auto* execution = std::get_if<Execution>(&result);
    if (execution == nullptr || execution->header != genesisHeader(m_params)) return unsound("genesis");
    return std::move(*execution);
}

Result<ExecutionResult> StfExecutor::propose(const BatchHeader& parent, const StateTree& state,
                                             std::uint64_t time, const BatchBody& candidate) const
{
    return Run(m_params, *m_program, parent, state).batch(Mode::Propose, time, candidate);
}

Result<ExecutionResult> StfExecutor::apply(const BatchHeader& parent, const StateTree& state,
                                           const BatchHeader& header, const BatchBody& body) const
{
    BOWLINE_TRY(ExecutionResult result,
                Run(m_params, *m_program, parent, state).batch(Mode::Strict, header.time, body));
    const auto* execution = std::get_if<Execution>(&result);
    if (execution != nullptr && execution->header != header) {
        return ExecutionResult{InvalidBatch{std::nullopt, "header-mismatch"}};
    }
    return result;
}

} // namespace bowline::l2
