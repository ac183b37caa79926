// SPDX-License-Identifier: MIT
// The tables of the window: activity, bridge, peers, batches, the prover's log.
#pragma once

#include "app/services/interfaces/prover.h"
#include "ui/models/rows_model.h"

#include <QPointer>

namespace bowline::ui {

struct ActivityTraits {
    static constexpr int kColumns = 4;
    static std::string keyOf(const services::ActivityView& row) { return row.kind + row.id; }
    static bool same(const services::ActivityView& a, const services::ActivityView& b);
};
class ActivityModel final : public RowsModel<services::ActivityView, ActivityTraits> {
    Q_OBJECT

public:
    enum Column { Kind, State, Time, Delta };
    explicit ActivityModel(QObject* parent = nullptr);
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

struct BridgeTraits {
    static constexpr int kColumns = 4;
    static std::string keyOf(const services::BridgeItem& row) { return row.id; }
    static bool same(const services::BridgeItem& a, const services::BridgeItem& b);
};
class BridgeModel final : public RowsModel<services::BridgeItem, BridgeTraits> {
    Q_OBJECT

public:
    enum Column { Kind, State, Created, Money };
    explicit BridgeModel(QObject* parent = nullptr);
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

struct PeerTraits {
    static constexpr int kColumns = 5;
    static std::string keyOf(const services::PeerView& row) { return row.address; }
    static bool same(const services::PeerView& a, const services::PeerView& b);
};
class PeersModel final : public RowsModel<services::PeerView, PeerTraits> {
    Q_OBJECT

public:
    enum Column { Address, State, HeightColumn, Ping, Remarks };
    using RowsModel::RowsModel;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

struct BatchTraits {
    static constexpr int kColumns = 7;
    static std::string keyOf(const services::BatchView& row) { return row.hash; }
    static bool same(const services::BatchView& a, const services::BatchView& b);
};
class BatchesModel final : public RowsModel<services::BatchView, BatchTraits> {
    Q_OBJECT

public:
    enum Column { Number, Trust, Finality, Transactions, Time, Block, Hash };
    using RowsModel::RowsModel;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

struct ProverEventTraits {
    static constexpr int kColumns = 4;
    static std::string keyOf(const services::ProverEvent& row);
    static bool same(const services::ProverEvent& a, const services::ProverEvent& b);
};
class ProverEventsModel final : public RowsModel<services::ProverEvent, ProverEventTraits> {
    Q_OBJECT

public:
    enum Column { Time, Event, What, Remarks };
    using RowsModel::RowsModel;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

} // namespace bowline::ui
