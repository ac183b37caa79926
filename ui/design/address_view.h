// SPDX-License-Identifier: MIT
// Addresses and ids. An address is shown whole, in fours of alternating weight, all of them alike: who highlights
// only the ends teaches people to compare only the ends. Copying gives the text without spaces.
#pragma once

#include "ui/design/feedback.h"

namespace bowline::ui {

class AddressView final : public QWidget {
    Q_OBJECT

public:
    explicit AddressView(QWidget* parent = nullptr);
    void setAddress(const QString& address);
    [[nodiscard]] QString address() const { return m_address; }
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] int perLine(int width) const;
    [[nodiscard]] int chunkWidth() const;
    QString m_address;
    QStringList m_chunks;
};

/// An address with its copy button.
class AddressRow final : public QWidget {
    Q_OBJECT

public:
    explicit AddressRow(const QString& copyName, QWidget* parent = nullptr);
    void setAddress(const QString& address);
    [[nodiscard]] QString address() const { return m_view->address(); }

private:
    AddressView* m_view;
    CopyButton* m_copy;
};

/// A transaction id or hash: shortened, the whole of it by copy.
class IdLabel final : public QWidget {
    Q_OBJECT

public:
    explicit IdLabel(const QString& copyName, QWidget* parent = nullptr);
    void setId(const QString& id);
    [[nodiscard]] QString id() const { return m_id; }

private:
    QString m_id;
    QLabel* m_label;
    CopyButton* m_copy;
};

/// A QR code; focusable, so that its description can be heard.
class QrView final : public QWidget {
    Q_OBJECT

public:
    explicit QrView(QWidget* parent = nullptr);
    void setContent(const QString& content, const QString& description);
    [[nodiscard]] QString content() const { return m_content; }
    QSize sizeHint() const override { return {220, 220}; }
    QSize minimumSizeHint() const override { return {180, 180}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_content;
    QList<bool> m_modules;
    int m_side = 0;
};

} // namespace bowline::ui
