// SPDX-License-Identifier: MIT
// The values that services hand out: plain, immutable, free of secrets and of any thread. Times are seconds
// since 1970 UTC, amounts satoshi in base::Amount, ids in the form a person would paste.
#pragma once

#include "core/base/clock.h"
#include "core/base/types.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bowline::services {

using base::Amount;
using base::UnixTime;

enum class NetworkKind { Main, Testnet4, Signet, Regtest };

/// Balance of the Bitcoin side. `partial` while the scan from the birthday is not finished.
struct BitcoinBalance {
    Amount confirmed;
    Amount pendingIncoming;
    Amount pendingOutgoing;
    Amount immature;
    Amount lockedInBridge;
    bool partial = true;
};

/// How far an answer of the layer 2 can be trusted (network.md 6, wallet.md 2.4 rule 13).
struct Verdict {
    enum class Kind { Verified, Unverified, Invalid };
    Kind kind = Kind::Unverified;
    std::string reason; // for Unverified and Invalid: a stable code; the window has its text
    std::string root;   // state root the value was checked against, hex
    std::uint64_t batch = 0;
    /// What the root itself rests on: "root-proven" by the chain's proof, or "root-not-proven".
    std::string finality;
    std::string provider; // the node that answered
};

/// The own account at the newest proven batch: checked down to the genesis, without trust in anybody.
struct ProvenBalance {
    Amount available;
    Amount staked;
    std::uint64_t nonce = 0;
    std::uint64_t batch = 0;
};

struct LayerTwoBalance {
    Amount available;
    Amount staked;
    Amount inEscrow; // withdrawals that are not finished
    std::uint64_t nonce = 0;
    Verdict verdict;
    std::optional<ProvenBalance> proven; // none: no proof was seen yet
};

/// The newest batch that is proven; the proof was checked on this machine.
struct ProvenView {
    std::uint64_t batch = 0;
    std::string hash;
    std::string stateRoot;
    std::string program; // id of the state transition, hex
    std::uint32_t bitcoinHeight = 0;
    std::string bitcoinHash; // in the own best header chain
    std::uint64_t proofBytes = 0;
    std::uint64_t checkMicroseconds = 0;
};

/// One of the four honest progress lines (wallet.md 2.4 rule 1).
struct ProgressLine {
    enum class Kind { Peers, Headers, FilterHeaders, Filters };
    Kind kind = Kind::Peers;
    std::uint64_t done = 0;
    std::uint64_t total = 0; // 0: unknown yet
    std::uint64_t perSecond = 0;
    std::optional<std::uint64_t> secondsLeft; // only after 20 s of a steady rate
    UnixTime lastAdvance = 0;
};

/// The program that is to take over the layer 2.
struct ProgramChangeView {
    std::string program; // its id, hex
    std::optional<std::uint32_t>
        height;              // the Bitcoin block of which on it is due; none until it is sealed on Bitcoin
    std::uint32_t delay = 0; // blocks, from there
    friend bool operator==(const ProgramChangeView&, const ProgramChangeView&) = default;
};

struct SyncView {
    std::vector<ProgressLine> lines;
    bool synced = false; // only when every line is done
    bool filterHeadersFromOnePeer = false;
    bool clockSuspect = false; // a peer's headers are of the future by this machine's clock
    std::uint32_t tipHeight = 0;
    std::string tipHash;
    UnixTime tipTime = 0;
    std::uint64_t layerTwoHead = 0; // last batch that was verified
    bool layerTwoReachable = false;
    std::string layerTwoProblem;                 // what was wrong with the node's last answer: an error code
    std::string layerTwoInvalid;                 // the reason code, when the answer was shown to be wrong
    std::size_t layerTwoEquivocations = 0;       // pairs of batches of one number that the sequencer signed
    std::optional<std::uint64_t> layerTwoSealed; // the newest batch that Bitcoin has sealed
    bool layerTwoSealConflict = false;           // Bitcoin has sealed another history than the node shows
    bool layerTwoSealDoubt = false; // the layer 2 takes for sealed what our Bitcoin blocks do not show
    std::optional<ProgramChangeView> layerTwoProgramChange; // announced by the committee (rule B13)
    std::optional<ProvenView> layerTwoProven; // none: no proof was seen yet, or its Bitcoin block has left
};

struct PeerView {
    std::string address;
    std::string userAgent;
    std::uint32_t height = 0;
    bool connected = false;
    std::string verdict; // "", "invalid", "unresponsive", "offline", "limited"
    std::string reason;
    std::optional<std::uint32_t> pingMilliseconds;
};

struct WalletInfo {
    std::string name;
    std::string path;
    NetworkKind network = NetworkKind::Regtest;
    bool locked = true;
    bool backupConfirmed = false;
    std::string layerTwoAddress; // empty while locked for the first time
};

struct TransactionView {
    std::string txid;
    Amount delta;                        // effect on the wallet, fee included
    std::optional<Amount> fee;           // when all inputs are ours
    std::optional<std::uint32_t> height; // confirmed in
    std::uint32_t confirmations = 0;
    UnixTime time = 0;
    std::string label;
    bool canBump = false;
    bool canAccelerateByChild = false;
    std::vector<std::string> addresses; // receiving side
    std::string broadcastState;         // "", "sent", "requested", "seen"
};

struct AddressView {
    std::string address;
    std::string uri; // BIP21
    std::uint32_t index = 0;
    bool used = false;
    std::string label;
};

enum class AddressType { Taproot, SegwitV0 };

struct Recipient {
    std::string address; // or a BIP21 URI
    Amount amount;
    std::string label;
    bool sendAll = false;
};

/// A transaction to be reviewed before anything is signed.
struct SpendReview {
    std::string draftId; // hand it back to confirm; valid until lock or ten minutes
    std::vector<Recipient> recipients;
    std::size_t inputCount = 0;
    Amount inputTotal;
    Amount change;
    Amount fee;
    std::int64_t feeSatPerKvb = 0;
    std::int64_t virtualBytes = 0;
    Amount total;                      // leaves the wallet: recipients and fee
    std::vector<std::string> warnings; // stable codes: "high-fee", "dust-change-dropped", ...
};

/// A layer-2 payment to be reviewed.
struct LayerTwoReview {
    std::string draftId;
    std::string recipient;
    Amount amount;
    Amount fee;
    Amount total;
};

struct ActivityView {
    std::string id;   // txid, layer-2 hash or bridge id
    std::string kind; // "received", "sent", "deposit", "withdrawal", "layer2-received", "layer2-sent"
    Amount delta;
    UnixTime time = 0;
    std::string state;     // stable code, such as "confirmed", "pending", "refused"
    std::string note = {}; // why it was refused: the layer 2's own code
};

/// Something that waits for the person in front of the window.
struct NeedsYou {
    std::string
        kind; // "backup", "refund-available", "deposit-stalled", "reclaim-available", "layer2-gap", ...
    std::string referenceId;
};

enum class StepState { Done, Current, Future, Failed, Skipped };

/// Counts blocks, the only honest clock. Present only once it runs.
struct BlockClock {
    std::uint32_t startHeight = 0;
    std::uint32_t lengthBlocks = 0;
    std::uint32_t passedBlocks = 0;
};

struct TimelineStep {
    std::string id; // stable code, such as "deposit.request-confirmed"
    StepState state = StepState::Future;
    std::string actor; // "you", "committee", "operator", "bitcoin", "sequencer", "anyone"
    std::string txid;  // or a layer-2 hash with prefix "l2:"; empty when none yet
    std::optional<std::uint32_t> height;
    std::optional<BlockClock> clock;
    std::string note; // stable code that explains a failure or a wait
};

/// One deposit, withdrawal or vault claim, told as steps.
struct BridgeItem {
    enum class Kind { Deposit, Withdrawal, VaultClaim };
    std::string id;
    Kind kind = Kind::Deposit;
    Amount amount;
    std::string state; // stable code of the current state
    bool finished = false;
    bool failed = false;
    UnixTime created = 0;
    std::vector<TimelineStep> steps;
    std::string nextAction; // the single thing the user can do now: "", "refund", "reclaim", "cancel", "wait"
    std::string destination; // withdrawals: the Bitcoin address
    std::optional<std::uint32_t>
        refundHeight; // deposits: the refund is possible in the block after this height
    std::optional<std::int64_t>
        refundVirtualBytes; // deposits whose refund is possible: its size, for the fee
    Amount refundValue;     // and what is taken back before the fee
    std::string depositId;  // vault claims: the deposit that made the vault
};

struct DepositQuote {
    Amount asked;
    std::vector<Amount> vaults; // the split in denominations
    Amount remainder;           // what no denomination fits; it stays in the wallet
    Amount requestFees;
    Amount bitcoinFee;
    std::uint32_t refundBlocks = 0;
    std::uint32_t depth = 0;
    std::size_t committeeSize = 0;
    std::string draftId;
};

struct WithdrawQuote {
    Amount amount;
    std::string address;
    Amount operatorFee;
    Amount layerTwoFee;
    Amount total; // leaves the layer-2 account
    std::uint32_t payWindowBlocks = 0;
    std::uint32_t worstCaseBlocks = 0; // until the money can be reclaimed if nobody pays
    std::string draftId;
};

/// How Bitcoin's own blocks say that a batch counts (rule A2).
struct SealView {
    /// "sequenced": not yet; "sealed"; "conflict": another history is; "unknown": the blocks were not all looked at.
    std::string state = "unknown";
    std::uint32_t confirmations = 0; // of the block that says so, 1 = the tip; 0 when none does
    std::uint32_t height = 0;        // of that block
    std::string anchor;              // txid in it
};

struct BatchView {
    std::uint64_t number = 0;
    std::string hash;
    UnixTime time = 0;
    std::uint32_t transactions = 0;
    std::uint32_t bitcoinHeight = 0; // confirmed block of the program's view
    std::string stateRoot;
    Verdict verdict;
    SealView seal;
    /// "sequenced", "sealed", "proven" (the chain's proof covers it), "withdrawable" (proven, and sealed k deep).
    std::string finality = "sequenced";
    // Everything needed to check it again elsewhere.
    std::string parentHash;
    std::string bitcoinHash; // of the block at bitcoinHeight
    std::string headerHex;
    std::string signatureHex;
    std::vector<std::string> checks; // stable codes of the checks that it passed, in order
};

/// A value of the layer 2 with everything needed to check it again elsewhere.
struct ProvenValue {
    std::string title;                                       // what was asked for, such as "account"
    std::vector<std::pair<std::string, std::string>> fields; // name code, value
    Verdict verdict;
    std::string headerHex;
    std::string signatureHex;
    std::string proofHex;
    std::vector<std::string> checks; // stable codes of the checks that were made, in order
};

} // namespace bowline::services
