// SPDX-License-Identifier: MIT
// Sending, on Bitcoin or on the layer 2: a form, a review of exactly what will be signed, the result. The review is a
// page, not a dialog; its button waits two seconds only when there is a serious warning.
#pragma once

#include "ui/design/address_view.h"
#include "ui/design/fields.h"
#include "ui/flows/fee_choice.h"
#include "ui/flows/timeline_view.h"
#include "ui/pages/page.h"
#include "ui/pages/send/review_card.h"

#include <QCheckBox>
#include <QStackedWidget>

namespace bowline::ui {

class SendPage final : public Page {
    Q_OBJECT

public:
    explicit SendPage(Session& session, QWidget* parent = nullptr);
    bool goBack() override;

protected:
    void refresh() override;

private:
    QWidget* makeForm();
    QWidget* makeResult();
    void showStep(int step);
    void sideChanged();
    void recipientEdited();
    [[nodiscard]] bool checkForm();
    void review();
    void takeReview(const base::Result<services::SpendReview>& result);
    void takeLayerTwoReview(const base::Result<services::LayerTwoReview>& result);
    void confirm();
    void takeSent(const base::Result<std::string>& result);
    void startAgain();
    [[nodiscard]] bool isLayerTwo() const { return m_tabs->current() == 1; }

    TabRow* m_tabs;
    FlowHeader* m_header;
    Banner* m_banner;
    QStackedWidget* m_steps;
    QLineEdit* m_recipient;
    FieldBox* m_recipientBox;
    AmountField* m_amount;
    FieldBox* m_amountBox;
    QCheckBox* m_everything;
    QLabel* m_available;
    FeeChoice* m_fee;
    QPushButton* m_review;
    ReviewCard* m_reviewCard;
    QLabel* m_sentText;
    IdLabel* m_sentId;
    std::string m_draftId;
};

} // namespace bowline::ui
