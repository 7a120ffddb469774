//===- FmaPeak.h - What one core can do at most --------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_MEASURE_FMAPEAK_H
#define CHAMELEON_MEASURE_FMAPEAK_H

#include "chameleon/Measure/ElementType.h"

namespace chameleon {

/// Measures the fastest rate of f32 fused multiply-adds on registers of the calling core, in flops
/// per second (two per multiply-add and lane), with the widest vectors the machine has. Takes about
/// 20 ms.
double measureFmaPeak();

/// How many times the f32 rate a machine may reach with elements of `type` at most: dot product
/// instructions included, so an upper bound for all machines.
double peakFactor(ElementType type);

} // namespace chameleon

#endif // CHAMELEON_MEASURE_FMAPEAK_H
