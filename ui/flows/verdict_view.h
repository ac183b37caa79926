// SPDX-License-Identifier: MIT
// How far an answer of the layer 2 can be trusted, as a badge, and everything behind it in a panel below: the checks
// that were made, the root, what the root rests on, and the bytes to repeat the checks elsewhere.
#pragma once

#include "ui/design/address_view.h"

namespace bowline::ui {

[[nodiscard]] QString verdictText(const services::Verdict& verdict);
/// For tables, where the level of finality has a column of its own.
[[nodiscard]] QString verdictWord(const services::Verdict& verdict);
[[nodiscard]] Tone verdictTone(const services::Verdict& verdict);

class VerdictBadge final : public QWidget {
    Q_OBJECT

public:
    explicit VerdictBadge(QWidget* parent = nullptr);
    void setVerdict(const services::Verdict& verdict);
    /// Without proof there is no button.
    void setProofAvailable(bool available);
    void closeProof() { m_proof->setChecked(false); }

signals:
    void proofToggled(bool shown);

private:
    Badge* m_badge;
    QPushButton* m_proof;
};

class ProofPanel final : public QFrame {
    Q_OBJECT

public:
    explicit ProofPanel(QWidget* parent = nullptr);
    void setValue(const services::ProvenValue& value);
    void setBatch(const services::BatchView& batch);

private:
    void setVerdict(const services::Verdict& verdict, const std::vector<std::string>& checks);
    void addProvider(const services::Verdict& verdict);
    void addBytes(const QString& name, const QString& copyName, const std::string& hex);
    QVBoxLayout* m_rows;
};

} // namespace bowline::ui
