// SPDX-License-Identifier: MIT
// A deposit: amount, the quote with everything it will cost and how the refund works, then the timeline.
#pragma once

#include "ui/design/fields.h"
#include "ui/flows/bridge_item_view.h"
#include "ui/flows/fee_choice.h"
#include "ui/pages/page.h"

#include <QStackedWidget>

class QTimer;

namespace bowline::ui {

class DepositPage final : public Page {
    Q_OBJECT

public:
    explicit DepositPage(Session& session, QWidget* parent = nullptr);
    bool goBack() override;

protected:
    void refresh() override;

private:
    QWidget* makeForm();
    QWidget* makeReview();
    QWidget* makeFollow();
    void showStep(int step);
    void quote();
    void takeQuote(const base::Result<services::DepositQuote>& result);
    void showQuote(const services::DepositQuote& quote);
    void start();
    void takeStarted(const base::Result<std::vector<std::string>>& result);
    void startAgain();
    void refreshNextView();

    FlowHeader* m_header;
    Banner* m_banner;
    QStackedWidget* m_steps;
    AmountField* m_amount;
    FieldBox* m_amountBox;
    FeeChoice* m_fee;
    QLabel* m_available;
    QPushButton* m_quote;
    Facts* m_facts;
    QPushButton* m_back;
    QPushButton* m_start;
    QVBoxLayout* m_items;
    std::vector<BridgeItemView*> m_views;
    std::size_t m_nextView = 0;
    QTimer* m_viewTurn;
    std::vector<std::string> m_following;
    std::string m_draftId;
};

} // namespace bowline::ui
