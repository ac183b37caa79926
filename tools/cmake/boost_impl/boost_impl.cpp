// SPDX-License-Identifier: MIT
// The one translation unit that holds the bodies of Boost Asio and Beast. Every other file sees
// declarations only (BOOST_ASIO_SEPARATE_COMPILATION), which keeps their compile times small.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
