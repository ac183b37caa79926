// SPDX-License-Identifier: MIT
//! Every crate without a standard library asks for one of this name. What belongs in it is in guest/c/runtime.c.
#![feature(compiler_builtins)]
#![compiler_builtins]
#![no_std]
