// SPDX-License-Identifier: MIT
// The layer 2 as this wallet sees it: the head, the last batches, and any account by key or address; every value with
// its verdict and the proof behind it.
#pragma once

#include "ui/design/fields.h"
#include "ui/flows/verdict_view.h"
#include "ui/models/badge_delegate.h"
#include "ui/models/models.h"
#include "ui/pages/page.h"

namespace bowline::ui {

class LayerTwoPage final : public Page {
    Q_OBJECT

public:
    explicit LayerTwoPage(Session& session, QWidget* parent = nullptr);

protected:
    void refresh() override;

private:
    void addHead();
    void addAccount();
    void addBatches();
    void selectBatch(const QString& hash);
    void showBatch();
    void ask();
    void takeAccount(const base::Result<services::ProvenValue>& result);

    Card* m_head;
    VerdictBadge* m_headVerdict;
    QLabel* m_headNumber;
    QLabel* m_headText;
    QLabel* m_provenText;
    ProofPanel* m_headProof;
    QLineEdit* m_key;
    FieldBox* m_keyBox;
    QPushButton* m_ask;
    Banner* m_banner;
    QWidget* m_answer;
    VerdictBadge* m_verdict;
    Facts* m_fields;
    ProofPanel* m_proof;
    BatchesModel* m_model;
    RowsTable* m_table;
    EmptyState* m_empty;
    std::optional<services::BatchView> m_shownHead;
    QWidget* m_batch;
    QLabel* m_batchTitle;
    VerdictBadge* m_batchVerdict;
    ProofPanel* m_batchProof;
    std::string m_selected; // hash
    std::optional<services::BatchView> m_shownBatch;
};

} // namespace bowline::ui
