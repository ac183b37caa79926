// SPDX-License-Identifier: MIT
// Nothing: a target needs a source to own the precompiled header that all tests share.
