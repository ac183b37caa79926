// SPDX-License-Identifier: MIT
// Receiving: a fresh Bitcoin address with its QR code and link, or the address of the layer-2 account.
#pragma once

#include "ui/design/address_view.h"
#include "ui/pages/page.h"

#include <QRadioButton>
#include <QStackedWidget>

class QLineEdit;

namespace bowline::ui {

class ReceivePage final : public Page {
    Q_OBJECT

public:
    explicit ReceivePage(Session& session, QWidget* parent = nullptr);
    [[nodiscard]] QString address() const { return fromStd(m_current.address); }

protected:
    void refresh() override;

private:
    QWidget* makeBitcoin();
    QWidget* makeLayerTwo();
    QWidget* makeChoices(QWidget* parent);
    void askAddress();
    void show(const services::AddressView& address);
    void checkUsed();

    TabRow* m_tabs;
    QStackedWidget* m_sides;
    Banner* m_banner;
    QRadioButton* m_taproot;
    QRadioButton* m_segwit;
    QLineEdit* m_label;
    QPushButton* m_new;
    QrView* m_qr;
    AddressRow* m_address;
    Badge* m_state;
    CopyButton* m_link;
    QrView* m_layerTwoQr;
    AddressRow* m_layerTwoAddress;
    services::AddressView m_current;
    bool m_asked = false;
};

} // namespace bowline::ui
