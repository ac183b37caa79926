// SPDX-License-Identifier: MIT
// A withdrawal: amount and address, the quote with fees, window and worst case, then the timeline. The user is done
// when the operator's payment is confirmed; what the operator does afterwards is shown apart.
#pragma once

#include "ui/design/fields.h"
#include "ui/flows/bridge_item_view.h"
#include "ui/pages/page.h"

#include <QStackedWidget>

namespace bowline::ui {

class WithdrawPage final : public Page {
    Q_OBJECT

public:
    explicit WithdrawPage(Session& session, QWidget* parent = nullptr);
    bool goBack() override;

protected:
    void refresh() override;

private:
    QWidget* makeForm();
    QWidget* makeReview();
    QWidget* makeFollow();
    void showStep(int step);
    void useOwnAddress();
    void quote();
    void takeQuote(const base::Result<services::WithdrawQuote>& result);
    void showQuote(const services::WithdrawQuote& quote);
    void start();
    void takeStarted(const base::Result<std::string>& result);
    void startAgain();

    FlowHeader* m_header;
    Banner* m_banner;
    QStackedWidget* m_steps;
    AmountField* m_amount;
    FieldBox* m_amountBox;
    QLineEdit* m_address;
    FieldBox* m_addressBox;
    QLabel* m_available;
    QPushButton* m_quote;
    Facts* m_facts;
    QPushButton* m_back;
    QPushButton* m_start;
    BridgeItemView* m_view;
    std::string m_following;
    std::string m_draftId;
};

} // namespace bowline::ui
