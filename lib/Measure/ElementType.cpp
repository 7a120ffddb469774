//===- ElementType.cpp ---------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/ElementType.h"
#include "absl/strings/str_cat.h"
#include <cmath>
#include <cstring>

namespace chameleon {
namespace {

template <typename To, typename From> To bitCast(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof(to));
  return to;
}

//===----------------------------------------------------------------------===//
// The 16-bit floating-point formats, stored as their bits
//===----------------------------------------------------------------------===//

struct Half {
  uint16_t bits;

  explicit operator double() const {
    const int exponent = (bits >> 10) & 31;
    const int mantissa = bits & 1023;
    double magnitude = 0;
    if (exponent == 31)
      magnitude = mantissa ? NAN : INFINITY;
    else if (exponent == 0)
      magnitude = std::ldexp(mantissa, -24);
    else
      magnitude = std::ldexp(mantissa + 1024, exponent - 25);
    return bits >> 15 ? -magnitude : magnitude;
  }

  static Half fromDouble(double value) {
    const uint16_t sign = std::signbit(value) ? 0x8000 : 0;
    const double magnitude = std::fabs(value);
    if (std::isnan(value))
      return {0x7e00};
    if (magnitude >= 65520.0) // halfway between the largest half and the next power of two
      return {static_cast<uint16_t>(sign | 0x7c00)};
    int exponent = 0;
    std::frexp(magnitude, &exponent);
    // Units in the last place of the result: 2^-24 for subnormals, else 2^(exponent - 11).
    const int unit = magnitude < 0x1p-14 ? -24 : exponent - 11;
    const auto steps = static_cast<uint32_t>(std::nearbyint(std::ldexp(magnitude, -unit)));
    // For normals, `steps` holds the implicit bit: it carries into the exponent field by addition.
    const uint32_t field = magnitude < 0x1p-14 ? 0 : static_cast<uint32_t>(unit + 24);
    return {static_cast<uint16_t>(sign | ((field << 10) + steps))};
  }
};

struct BFloat {
  uint16_t bits;

  explicit operator double() const { return bitCast<float>(uint32_t(bits) << 16); }

  static BFloat fromDouble(double value) {
    if (std::isnan(value))
      return {0x7fc0};
    // Rounding to odd first makes the second rounding right.
    float narrowed = static_cast<float>(value);
    uint32_t word = bitCast<uint32_t>(narrowed);
    if (static_cast<double>(narrowed) != value && std::isfinite(narrowed)) {
      if (std::fabs(static_cast<double>(narrowed)) > std::fabs(value))
        --word;
      word |= 1;
    }
    word += 0x7fff + ((word >> 16) & 1);
    return {static_cast<uint16_t>(word >> 16)};
  }
};

template <typename T> T narrow(double value) {
  if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat>)
    return T::fromDouble(value);
  else if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<int64_t>(value));
  else
    return static_cast<T>(value);
}

struct Bool {
  uint8_t byte;
  explicit operator double() const { return byte & 1; }
};
template <> Bool narrow<Bool>(double value) {
  return {static_cast<uint8_t>(static_cast<int64_t>(value) & 1)};
}

/// Calls `visit` with a value of the C++ type that `type` is stored as.
template <typename Visitor> void dispatch(ElementType type, Visitor visit) {
  switch (type) {
  case ElementType::F64:
    return visit(double());
  case ElementType::F32:
    return visit(float());
  case ElementType::F16:
    return visit(Half());
  case ElementType::BF16:
    return visit(BFloat());
  case ElementType::I64:
    return visit(int64_t());
  case ElementType::I32:
    return visit(int32_t());
  case ElementType::I16:
    return visit(int16_t());
  case ElementType::I8:
    return visit(int8_t());
  case ElementType::I1:
    return visit(Bool());
  }
}

} // namespace

absl::StatusOr<ElementType> parseElementType(absl::string_view name) {
  static constexpr struct {
    const char *name;
    ElementType type;
  } known[] = {{"f64", ElementType::F64},   {"f32", ElementType::F32},   {"f16", ElementType::F16},
               {"bf16", ElementType::BF16}, {"index", ElementType::I64}, {"i64", ElementType::I64},
               {"i32", ElementType::I32},   {"i16", ElementType::I16},   {"i8", ElementType::I8},
               {"i1", ElementType::I1}};
  absl::string_view signless = name;
  if (signless.size() > 1 && (signless[0] == 'u' || signless[0] == 's') && signless[1] == 'i')
    signless.remove_prefix(1);
  for (const auto &entry : known)
    if (signless == entry.name)
      return entry.type;
  return absl::UnimplementedError(absl::StrCat(
      "expected elements of type f64, f32, f16, bf16, index, i64, i32, i16, i8 or i1, but got ",
      name));
}

size_t elementBytes(ElementType type) {
  size_t bytes = 0;
  dispatch(type, [&](auto example) { bytes = sizeof(example); });
  return bytes;
}

bool isFloat(ElementType type) { return type <= ElementType::BF16; }

double machineEpsilon(ElementType type) {
  switch (type) {
  case ElementType::F64:
    return 0x1p-52;
  case ElementType::F32:
    return 0x1p-23;
  case ElementType::F16:
    return 0x1p-10;
  case ElementType::BF16:
    return 0x1p-7;
  default:
    return 0;
  }
}

void loadElements(ElementType type, const void *data, size_t begin, size_t count, double *values) {
  dispatch(type, [&](auto example) {
    const auto *elements = static_cast<const decltype(example) *>(data) + begin;
    for (size_t i = 0; i < count; ++i)
      values[i] = static_cast<double>(elements[i]);
  });
}

void storeElements(ElementType type, void *data, size_t begin, size_t count, const double *values) {
  dispatch(type, [&](auto example) {
    using Element = decltype(example);
    auto *elements = static_cast<Element *>(data) + begin;
    for (size_t i = 0; i < count; ++i)
      elements[i] = narrow<Element>(values[i]);
  });
}

double roundTo(ElementType type, double value) {
  double rounded = 0;
  dispatch(type,
           [&](auto example) { rounded = static_cast<double>(narrow<decltype(example)>(value)); });
  return rounded;
}

void poison(ElementType type, void *data, size_t bytes) {
  std::memset(data, isFloat(type) ? 0xff : 0xa5, bytes);
}

} // namespace chameleon
