// SPDX-License-Identifier: MIT
// What the explorer hands out: objects and transactions of the layer 2 field by field, each check behind them with the hashes
// that it compared, reports about proof files, and what two nodes say about one thing.
#pragma once

#include "app/services/interfaces/views.h"

namespace bowline::services {

struct FactView {
    enum class Kind {
        Number, // decimal
        Amount, // satoshi, decimal
        Hash,   // hexadecimal
        Code,   // a stable word; the window has its text
        Text,   // an address
        Time,   // seconds since 1970
    };
    std::string name; // a stable code
    std::string value;
    Kind kind = Kind::Hash;
};

struct CheckView {
    enum class Outcome { Passed, Failed, NotMade };
    std::string name; // a stable code
    Outcome outcome = Outcome::Passed;
    std::string reason; // unless it passed: a stable code
    std::vector<FactView> facts;
};

/// A row that leads somewhere: a transaction of a batch or of a history, a deposit, a withdrawal.
struct EntryView {
    std::string query; // what finds it: for ExplorerService::find()
    std::string kind; // a stable code, such as "transfer", "vault"; empty when it is not known without asking
    std::string status;
    std::optional<Amount> amount;
    std::uint64_t batch = 0;
    std::uint32_t place = 0; // in its batch, from 1; 0: none
    Verdict verdict;
};

/// What a query found, checked.
struct FoundView {
    std::string
        kind; // "batch", "account", "transaction", "vault", "withdrawal", "operator", "payment", "claim", ...
    std::string query; // what finds it again
    std::vector<FactView> facts;
    Verdict verdict;
    BatchView batch;               // that it was proven against; of a transaction, the one that holds it
    std::vector<CheckView> checks; // in the order in which they are made
    std::vector<EntryView> entries;
    std::uint64_t entryCount = 0; // of all; `entries` has the newest, or the first, kMostEntries of them
    /// What was answered is kept for a while under this number: for saveProof() and compare().
    std::uint64_t evidence = 0;

    static constexpr std::size_t kMostEntries = 200;
};

/// A page of objects of one kind, each checked; that none was left out is not proven.
struct ListView {
    std::vector<EntryView> entries;
    std::string next; // for the page after this; empty: there is none
};

/// What checking a proof file came to.
struct FileReport {
    bool valid = false;
    std::string subject; // as FoundView::kind
    std::vector<FactView> facts;
    std::uint64_t batch = 0;
    UnixTime batchTime = 0;
    std::string finality; // as BatchView::finality; empty unless valid
    std::vector<CheckView> checks;
    std::vector<std::string> open; // what the file does not show: stable codes
    std::uint32_t tipHeight = 0;   // of the Bitcoin headers in it
    std::string tipHash;
};

/// One question to two nodes.
struct ComparisonView {
    /// "agree"; "behind": the second has not come to that batch; "differ": it shows something else, which was not signed or
    /// does not fit its proof; "both-signed": the sequencer signed two batches of one number; "unreachable"; "no-answer".
    std::string outcome;
    std::string reason; // a stable code, unless they agree
    std::string first;  // nodes
    std::string second;
    std::uint64_t batch = 0;
    struct Row {
        std::string name; // a stable code
        std::string first;
        std::string second;
    };
    std::vector<Row> rows;
    bool evidenceKept = false; // two signed batches of one number are on this machine's disk
};

/// Something that convicts whoever showed it, on this machine's disk.
struct EvidenceView {
    /// "both-signed": two batches of one number that the sequencer signed; "sealed-otherwise": a batch that it signed, and an
    /// anchor on Bitcoin by which it sealed another one of that number; "proven-otherwise": a node showed that batch, and a good
    /// proof of another one, which nobody showed to be signed.
    std::string kind;
    std::uint64_t batch = 0;
    std::vector<FactView> facts; // the signed headers, and what contradicts them
};

} // namespace bowline::services
