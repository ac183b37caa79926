// SPDX-License-Identifier: MIT
// The network as this wallet sees it: the four progress lines, the tip and its age, the peers and what is held against
// them.
#pragma once

#include "ui/design/address_view.h"
#include "ui/models/badge_delegate.h"
#include "ui/models/models.h"
#include "ui/pages/page.h"

namespace bowline::ui {

class ProgressLines;

class NetworkPage final : public Page {
    Q_OBJECT

public:
    explicit NetworkPage(Session& session, QWidget* parent = nullptr);

protected:
    void refresh() override;

private:
    void addTip();
    void showTip();
    void showLayerTwo();

    Banner* m_stale;
    bool m_isStale = false;
    Badge* m_synced;
    ProgressLines* m_progress;
    QLabel* m_height;
    QLabel* m_age;
    IdLabel* m_hash;
    Badge* m_layerTwo;
    QLabel* m_layerTwoNote;
    PeersModel* m_model;
    RowsTable* m_table;
    EmptyState* m_empty;
};

} // namespace bowline::ui
