// SPDX-License-Identifier: MIT
// What a read or a write of a stream is given, as plain types: where the bytes go, and what follows. Private to the
// library.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <memory>
#include <utility>

namespace bowline::net {

/// The first buffers of a sequence that hold anything. A stream may transfer less than it is asked to, so the rest
/// of a longer sequence comes with the next call.
template <typename Buffer>
class BufferList {
public:
    using value_type = Buffer;
    using const_iterator = const Buffer*;

    template <typename Buffers>
    explicit BufferList(const Buffers& buffers)
    {
        const auto end = boost::asio::buffer_sequence_end(buffers);
        for (auto at = boost::asio::buffer_sequence_begin(buffers); at != end && m_size < kMost; ++at) {
            const Buffer buffer(*at);
            if (buffer.size() > 0) m_buffers.at(m_size++) = buffer;
        }
    }
    [[nodiscard]] const_iterator begin() const { return m_buffers.data(); }
    [[nodiscard]] const_iterator end() const { return m_buffers.data() + m_size; }

private:
    static constexpr std::size_t kMost = 16;
    std::array<Buffer, kMost> m_buffers;
    std::size_t m_size = 0;
};

/// What follows a transfer, of whatever type it is: called once, on its own executor, or destroyed uncalled.
class TransferHandler {
public:
    using executor_type = boost::asio::any_io_executor;
    using cancellation_slot_type = boost::asio::cancellation_slot;

    /// `executor` is for handlers that name none.
    template <typename Handler>
    TransferHandler(Handler handler, const executor_type& executor)
        : m_executor(boost::asio::get_associated_executor(handler, executor)),
          m_slot(boost::asio::get_associated_cancellation_slot(handler)),
          m_next(std::make_unique<Next<Handler>>(std::move(handler)))
    {
    }

    void operator()(const boost::system::error_code& failure, std::size_t count)
    {
        const std::unique_ptr<AnyNext> next = std::move(m_next);
        next->call(failure, count);
    }
    [[nodiscard]] executor_type get_executor() const noexcept { return m_executor; }
    [[nodiscard]] cancellation_slot_type get_cancellation_slot() const noexcept { return m_slot; }

private:
    struct AnyNext {
        AnyNext() = default;
        AnyNext(const AnyNext&) = delete;
        AnyNext& operator=(const AnyNext&) = delete;
        virtual ~AnyNext() = default;
        virtual void call(const boost::system::error_code& failure, std::size_t count) = 0;
    };
    template <typename Handler>
    struct Next final : AnyNext {
        explicit Next(Handler&& given) : handler(std::move(given)) {}
        void call(const boost::system::error_code& failure, std::size_t count) override
        {
            handler(failure, count);
        }
        Handler handler;
    };

    executor_type m_executor;
    cancellation_slot_type m_slot;
    std::unique_ptr<AnyNext> m_next;
};

} // namespace bowline::net
