// SPDX-License-Identifier: MIT
// What is about to be signed, whole and unhidden, and the button that signs it.
#pragma once

#include "ui/design/address_view.h"

class QTimer;

namespace bowline::ui {

class ReviewCard final : public QWidget {
    Q_OBJECT

public:
    explicit ReviewCard(QWidget* parent = nullptr);
    void setReview(const services::SpendReview& review);
    void setReview(const services::LayerTwoReview& review);
    void setBusy(bool busy);
    void focusConfirm();

signals:
    void confirmed();
    void cancelled();

private:
    void addRecipient(const QString& address, base::Amount amount);
    void setWarnings(const std::vector<std::string>& warnings);
    void tick();

    Card* m_card;
    Facts* m_facts;
    QVBoxLayout* m_warnings;
    QPushButton* m_back;
    QPushButton* m_confirm;
    QString m_verb;
    QTimer* m_delay;
    int m_secondsLeft = 0;
    bool m_busy = false;
};

} // namespace bowline::ui
