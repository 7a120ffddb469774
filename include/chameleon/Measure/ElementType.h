//===- ElementType.h - Numbers as generated code stores them -------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_MEASURE_ELEMENTTYPE_H
#define CHAMELEON_MEASURE_ELEMENTTYPE_H

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <cstddef>
#include <cstdint>

namespace chameleon {

enum class ElementType { F64, F32, F16, BF16, I64, I32, I16, I8, I1 };

/// From MLIR's name ("f32", "i8", "index"; ui8 and si8 are i8). Fails for a type that the runner
/// cannot fill and compare, such as complex numbers or four-bit integers.
absl::StatusOr<ElementType> parseElementType(absl::string_view name);

/// Bytes in memory; an i1 takes one.
size_t elementBytes(ElementType type);
bool isFloat(ElementType type);
/// Distance between 1 and the next number, 0 for integers.
double machineEpsilon(ElementType type);

/// Elements [begin, begin + count) of `data` as doubles. i64 beyond 2^53 are rounded.
void loadElements(ElementType type, const void *data, size_t begin, size_t count, double *values);
/// Stores `values` from element `begin` on, rounded to nearest even; out of range integers wrap.
void storeElements(ElementType type, void *data, size_t begin, size_t count, const double *values);

/// `value` after a store and a load.
double roundTo(ElementType type, double value);

/// Fills `bytes` with what no right result has: NaN for floats, 0xA5 otherwise.
void poison(ElementType type, void *data, size_t bytes);

} // namespace chameleon

#endif // CHAMELEON_MEASURE_ELEMENTTYPE_H
