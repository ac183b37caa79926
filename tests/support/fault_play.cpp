// SPDX-License-Identifier: MIT
#include "tests/support/fault_play.h"

#include <sqlite3.h>

#include <algorithm>

namespace bowline::test {

namespace {

/// Rows as lines, columns as SQL literals; what went wrong stands in the text, and makes it another one.
std::string rows(sqlite3* db, const std::string& sql)
{
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
        return "cannot read: " + std::string(sqlite3_errmsg(db)) + "\n";
    }
    std::string out;
    int result = SQLITE_ROW;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int column = 0; column < sqlite3_column_count(statement); ++column) {
            const auto* text = sqlite3_column_text(statement, column);
            out +=
                text == nullptr ? "NULL" : reinterpret_cast<const char*>(text); // NOLINT(*-reinterpret-cast)
            out += ' ';
        }
        out += '\n';
    }
    sqlite3_finalize(statement);
    if (result != SQLITE_DONE) out += "cannot read: " + std::string(sqlite3_errmsg(db)) + "\n";
    return out;
}

std::vector<std::string> lines(const std::string& text)
{
    std::vector<std::string> out;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = text.find('\n', from);
        out.push_back(text.substr(from, end - from - 1)); // without the space
        from = end + 1;
    }
    return out;
}

} // namespace

std::string databaseText(const std::string& path, const std::vector<std::string>& without)
{
    sqlite3* db = nullptr;
    if (sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) {
        sqlite3_close(db);
        return "cannot be opened\n";
    }
    std::string out = rows(db, "PRAGMA integrity_check") + rows(db, "PRAGMA foreign_key_check") +
                      rows(db, "PRAGMA user_version");
    const auto tables = lines(rows(
        db,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"));
    for (const std::string& table : tables) {
        if (std::find(without.begin(), without.end(), table) != without.end()) continue;
        std::string columns;
        for (const std::string& column :
             lines(rows(db, "SELECT name FROM pragma_table_info('" + table + "')"))) {
            columns += (columns.empty() ? "quote(" : ", quote(") + column + ")";
        }
        out += table + "\n" + rows(db, "SELECT " + columns + " FROM " + table + " ORDER BY " + columns);
    }
    sqlite3_close(db);
    return out;
}

} // namespace bowline::test
