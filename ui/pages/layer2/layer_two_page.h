// SPDX-License-Identifier: MIT
// The state of the layer 2, for people who believe nobody: its batches and how final they are, and any batch, transaction,
// account, deposit or withdrawal by what it is called; every value with its verdict and the checks behind it, to be saved as
// a file that others can check, and files of others to be checked here.
#pragma once

#include "ui/design/fields.h"
#include "ui/flows/file_card.h"
#include "ui/flows/found_card.h"
#include "ui/flows/verdict_view.h"
#include "ui/models/badge_delegate.h"
#include "ui/models/models.h"
#include "ui/pages/page.h"

#include <map>

namespace bowline::ui {

class ListsCard;

class LayerTwoPage final : public Page {
    Q_OBJECT

public:
    explicit LayerTwoPage(Session& session, QWidget* parent = nullptr);
    /// Looks for this.
    void open(const QString& reference) override;

protected:
    void refresh() override;

private:
    void addHead();
    void addSearch();
    void addBatches();
    void refreshHead();
    void refreshBatches();
    void selectBatch(const QString& hash);
    void showBatch();
    void askCounts();
    void turnPage(bool older);
    void takePage(const base::Result<std::vector<services::BatchView>>& page);
    void find();
    void takeFound(const base::Result<services::FoundView>& result);
    void chooseFile();
    void checkFile(const QString& path);

    Card* m_head;
    VerdictBadge* m_headVerdict;
    Badge* m_headFinality;
    QLabel* m_headNumber;
    QLabel* m_headText;
    QLabel* m_provenText;
    ProofPanel* m_headProof;
    QLineEdit* m_query;
    QPushButton* m_find;
    QPushButton* m_openFile;
    Banner* m_banner;
    FoundCard* m_found;
    FileCard* m_file;
    BatchesModel* m_model;
    RowsTable* m_table;
    EmptyState* m_empty;
    QPushButton* m_newer;
    QPushButton* m_older;
    std::optional<services::BatchView> m_shownHead;
    QWidget* m_batch;
    QLabel* m_batchTitle;
    VerdictBadge* m_batchVerdict;
    QPushButton* m_batchOpen;
    ProofPanel* m_batchProof;
    std::string m_selected; // hash
    std::optional<services::BatchView> m_shownBatch;
    /// Batches before the newest ones, when the list was turned to them.
    std::optional<std::vector<services::BatchView>> m_page;
    std::map<std::string, std::uint32_t> m_counts; // transactions by hash of the batch, of the newest ones
    bool m_isCounting = false;
};

} // namespace bowline::ui
