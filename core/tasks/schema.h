// SPDX-License-Identifier: MIT
// The one schema of both stores. Words with @ differ between the dialects (schemaOf).
#pragma once

#include <string>
#include <string_view>

namespace bowline::tasks {

/// task.state: 0 open (waiting or ready), 1 leased, 2 done, 3 failed. task.kind_bit: 1 << kind. attempt.outcome: Outcome.
inline constexpr std::string_view kSchema = R"(
CREATE TABLE network (
    one @INT NOT NULL PRIMARY KEY CHECK (one = 1),
    genesis @BYTES NOT NULL
) @STRICT;
CREATE TABLE batch (
    hash @BYTES NOT NULL PRIMARY KEY,
    number @INT NOT NULL,
    parent @BYTES NOT NULL,
    input @BYTES NOT NULL,
    dropped @INT NOT NULL
) @STRICT;
CREATE INDEX batch_number ON batch(number);
CREATE TABLE task (
    id @BYTES NOT NULL PRIMARY KEY,
    batch @BYTES NOT NULL REFERENCES batch(hash) ON DELETE CASCADE,
    number @INT NOT NULL,
    kind @INT NOT NULL,
    kind_bit @INT NOT NULL,
    place @INT NOT NULL,
    memory @INT NOT NULL,
    state @INT NOT NULL,
    tries @INT NOT NULL,
    lease @BYTES,
    deadline @INT,
    result @BYTES,
    reason TEXT NOT NULL
) @STRICT;
CREATE INDEX task_order ON task(state, number, kind, place);
CREATE INDEX task_batch ON task(batch);
CREATE INDEX task_lease ON task(lease);
CREATE TABLE need (
    task @BYTES NOT NULL REFERENCES task(id) ON DELETE CASCADE,
    position @INT NOT NULL,
    need @BYTES NOT NULL,
    PRIMARY KEY (task, position)
) @STRICT;
CREATE TABLE attempt (
    token @BYTES NOT NULL PRIMARY KEY,
    task @BYTES NOT NULL,
    batch @BYTES NOT NULL,
    prover TEXT NOT NULL,
    began @INT NOT NULL,
    ended @INT,
    outcome @INT NOT NULL,
    reason TEXT NOT NULL
) @STRICT;
CREATE INDEX attempt_prover ON attempt(prover, outcome);
CREATE INDEX attempt_task ON attempt(task);
CREATE TABLE prover (
    name TEXT NOT NULL PRIMARY KEY,
    seen @INT NOT NULL
) @STRICT;
CREATE TABLE blob (
    batch @BYTES NOT NULL REFERENCES batch(hash) ON DELETE CASCADE,
    digest @BYTES NOT NULL,
    bytes @BYTES NOT NULL,
    PRIMARY KEY (batch, digest)
) @STRICT;
CREATE INDEX blob_digest ON blob(digest);
)";

[[nodiscard]] inline std::string schemaOf(std::string_view bytes, std::string_view integer,
                                          std::string_view strict)
{
    std::string out(kSchema);
    const auto replace = [&out](std::string_view word, std::string_view by) {
        for (std::size_t at = out.find(word); at != std::string::npos; at = out.find(word, at))
            out.replace(at, word.size(), by);
    };
    replace("@BYTES", bytes);
    replace("@INT", integer);
    replace("@STRICT", strict);
    return out;
}

} // namespace bowline::tasks
