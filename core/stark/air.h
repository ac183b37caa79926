// SPDX-License-Identifier: MIT
// How a table of a proof (a chip) says what its rows must satisfy.
//
// An Air writes its constraints and bus messages once, in eval, over expressions. record() keeps them as
// a list of nodes; the prover's vector interpreter, the verifier, the degree check, the row checker of the tests
// and the text that is hashed into the verifying key all read that one list (decision 45).
#pragma once

#include "core/base/result.h"
#include "core/base/types.h"
#include "core/field/cells.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace bowline::stark {

using field::Element;

/// An AIR breaks a rule of record(): its author's mistake.
inline constexpr base::ErrorCode kBadAir{"stark.bad-air"};

/// Constraints and their products may have this degree in the columns, LogUp's own included.
inline constexpr unsigned kMaxDegree = 3;

/// Columns of 2^log rows, one behind the other.
struct Matrix {
    std::size_t width = 0;
    unsigned log = 0;
    field::Cells data;

    Matrix() = default;
    Matrix(std::size_t columns, unsigned logRows) : width(columns), log(logRows), data(columns << logRows) {}
    /// For who writes every cell before it is read.
    [[nodiscard]] static Matrix unset(std::size_t columns, unsigned logRows)
    {
        Matrix out;
        out.width = columns;
        out.log = logRows;
        out.data = field::Cells::unset(columns << logRows);
        return out;
    }
    [[nodiscard]] std::size_t rows() const { return std::size_t{1} << log; }
    [[nodiscard]] Element& at(std::size_t row, std::size_t column) { return data[(column << log) + row]; }
    [[nodiscard]] Element at(std::size_t row, std::size_t column) const
    {
        return data[(column << log) + row];
    }
    [[nodiscard]] const Element* column(std::size_t c) const { return data.data() + (c << log); }
    [[nodiscard]] Element* column(std::size_t c) { return data.data() + (c << log); }
};

enum class NodeKind : std::uint8_t {
    Constant,     // value: the number
    Public,       // a: which public value
    Main,         // a: column, b: 0 this row, 1 the next one (after the last row comes the first)
    Preprocessed, // as Main
    FirstRow,     // not zero in the first row alone
    LastRow,      // not zero in the last row alone
    Transition,   // zero in the last row alone
    Add,          // a, b: nodes
    Subtract,
    Multiply,
};

struct Node {
    NodeKind kind;
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    friend auto operator<=>(const Node&, const Node&) = default;
};

/// A message on a bus. Over all chips the sums of the multiplicities of every message, sends less receives, are
/// zero. The bus is part of the message.
struct Interaction {
    std::uint32_t bus = 0;
    bool send = false;
    std::uint32_t multiplicity = 0; // node
    std::vector<std::uint32_t> fields;
    std::string name;
};

struct Assertion {
    std::uint32_t node = 0; // zero in every row
    std::string name;
};

/// Degree in the columns; transition factors are counted apart, as each adds one to the degree, not a column's.
struct Degree {
    unsigned columns = 0;
    unsigned transitions = 0;
};

/// What eval said. Plain data: tests remove a constraint to see that another then fails to hold.
struct Constraints {
    std::size_t width = 0;
    std::size_t preprocessedWidth = 0;
    std::size_t publicValues = 0;
    std::vector<Node> nodes; // operands stand before their use
    std::vector<Assertion> assertions;
    std::vector<Interaction> interactions;

    /// Whether a node reads the next row.
    [[nodiscard]] bool readsNext(NodeKind kind) const;
    [[nodiscard]] std::vector<Degree> degrees() const;
    /// Interactions grouped in order, one or two to a column, so that no LogUp constraint passes kMaxDegree.
    [[nodiscard]] std::vector<std::vector<std::size_t>> batches() const;
    /// Columns of base elements that LogUp adds: 4 a batch.
    [[nodiscard]] std::size_t logUpWidth() const { return 4 * batches().size(); }
    /// Every node, assertion and interaction, one a line: equal text, equal constraints.
    [[nodiscard]] std::string text() const;
    /// The rules an AIR must keep: degrees, indices, multiplicities.
    [[nodiscard]] base::Status check() const;
};

class AirBuilder;

/// A value in a row; made by an AirBuilder and combined by + - *.
class Expr {
public:
    friend Expr operator+(Expr a, Expr b);
    friend Expr operator-(Expr a, Expr b);
    friend Expr operator*(Expr a, Expr b);
    friend Expr operator-(Expr a);
    friend Expr operator+(Expr a, std::uint32_t b);
    friend Expr operator-(Expr a, std::uint32_t b);
    friend Expr operator-(std::uint32_t a, Expr b);
    friend Expr operator*(Expr a, std::uint32_t b);
    friend Expr operator*(std::uint32_t a, Expr b) { return b * a; }
    Expr& operator+=(Expr b) { return *this = *this + b; }

    [[nodiscard]] std::uint32_t node() const { return m_node; }

private:
    friend class AirBuilder;
    Expr(AirBuilder* builder, std::uint32_t node) : m_builder(builder), m_node(node) {}
    AirBuilder* m_builder;
    std::uint32_t m_node;
};

/// Records. Equal expressions become one node.
class AirBuilder {
public:
    AirBuilder(std::size_t width, std::size_t preprocessedWidth, std::size_t publicValues);

    [[nodiscard]] Expr main(std::size_t column) { return cell(NodeKind::Main, column, 0); }
    [[nodiscard]] Expr next(std::size_t column) { return cell(NodeKind::Main, column, 1); }
    [[nodiscard]] Expr preprocessed(std::size_t column) { return cell(NodeKind::Preprocessed, column, 0); }
    [[nodiscard]] Expr preprocessedNext(std::size_t column)
    {
        return cell(NodeKind::Preprocessed, column, 1);
    }
    [[nodiscard]] Expr publicValue(std::size_t index);
    /// Any 32-bit number, modulo p.
    [[nodiscard]] Expr constant(std::uint32_t value);
    [[nodiscard]] Expr constant(Element value) { return constant(value.value()); }
    [[nodiscard]] Expr firstRow() { return add({NodeKind::FirstRow}); }
    [[nodiscard]] Expr lastRow() { return add({NodeKind::LastRow}); }
    /// Factor of a constraint between a row and the next one that is not to hold from the last to the first.
    [[nodiscard]] Expr transition() { return add({NodeKind::Transition}); }

    void assertZero(Expr value, std::string name);
    void assertEqual(Expr a, Expr b, std::string name) { assertZero(a - b, std::move(name)); }
    void assertBoolean(Expr value, std::string name) { assertZero(value * (value - 1), std::move(name)); }
    void send(std::uint32_t bus, Expr multiplicity, const std::vector<Expr>& fields, std::string name);
    void receive(std::uint32_t bus, Expr multiplicity, const std::vector<Expr>& fields, std::string name);

    [[nodiscard]] Constraints take() { return std::move(m_out); }

private:
    friend Expr operator+(Expr a, Expr b);
    friend Expr operator-(Expr a, Expr b);
    friend Expr operator*(Expr a, Expr b);
    friend Expr operator-(Expr a);
    friend Expr operator+(Expr a, std::uint32_t b);
    friend Expr operator-(Expr a, std::uint32_t b);
    friend Expr operator-(std::uint32_t a, Expr b);
    friend Expr operator*(Expr a, std::uint32_t b);

    [[nodiscard]] Expr add(Node node);
    [[nodiscard]] Expr cell(NodeKind kind, std::size_t column, std::uint32_t row);
    void interact(std::uint32_t bus, bool send, Expr multiplicity, const std::vector<Expr>& fields,
                  std::string name);
    [[nodiscard]] bool isConstant(Expr e, std::uint32_t value) const;

    Constraints m_out;
    std::map<Node, std::uint32_t> m_known;
};

/// A chip. Its id in a proof is its place in the list that the key is made of.
class Air {
public:
    virtual ~Air() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    [[nodiscard]] virtual std::size_t width() const = 0;
    /// Columns that are part of the verifying key; none by default. They fix the number of rows.
    [[nodiscard]] virtual Matrix preprocessed() const { return {}; }
    /// Whether a proof may leave the chip out altogether, its interactions and constraints with it.
    [[nodiscard]] virtual bool optional() const { return false; }
    virtual void eval(AirBuilder& builder) const = 0;
};

[[nodiscard]] base::Result<Constraints> record(const Air& air, std::size_t publicValues);

} // namespace bowline::stark
