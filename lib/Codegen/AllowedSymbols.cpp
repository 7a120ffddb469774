//===- AllowedSymbols.cpp - What loaded code may call ------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "AllowedSymbols.h"
#include "absl/strings/match.h"
#include "chameleon/Codegen/Loader.h"
#include "llvm/ADT/StringSet.h"
#include <bit>
#include <cmath>
#include <dlfcn.h>

#if defined(__x86_64__) || defined(__aarch64__)
// NOLINTBEGIN(bugprone-reserved-identifier): names of the compiler's runtime library.
extern "C" {
float __extendhfsf2(_Float16 value);
_Float16 __truncsfhf2(float value);
_Float16 __truncdfhf2(double value);
}
// NOLINTEND(bugprone-reserved-identifier)
#endif

namespace chameleon {

namespace {

/// Functions of libm, each with its float form, that linalg bodies lower to.
constexpr const char *kMathFunctions[] = {
    "acos",     "acosh",     "asin",  "asinh",     "atan",     "atan2",    "atanh", "cbrt",  "ceil",
    "copysign", "cos",       "cosh",  "erf",       "erfc",     "exp",      "exp2",  "expm1", "fabs",
    "floor",    "fma",       "fmax",  "fmin",      "fmod",     "log",      "log10", "log1p", "log2",
    "pow",      "rint",      "round", "roundeven", "sin",      "sinh",     "sqrt",  "tan",   "tanh",
    "trunc",    "nearbyint", "ldexp", "sincos",    "fmaximum", "fminimum", "exp10"};
/// The last two are what a cf.assert that fails calls: exporters guard table lookups with it.
constexpr const char *kOtherFunctions[] = {"memcpy", "memmove", "memset", "malloc",
                                           "free",   "puts",    "abort"};

const llvm::StringSet<> &libcSymbols() {
  static const llvm::StringSet<> symbols = [] {
    llvm::StringSet<> set;
    for (const char *name : kMathFunctions) {
      set.insert(name);
      set.insert(std::string(name) + "f");
    }
    for (const char *name : kOtherFunctions)
      set.insert(name);
    return set;
  }();
  return symbols;
}

bool isOpenMP(absl::string_view symbol) {
  return absl::StartsWith(symbol, "__kmpc_") || symbol == "omp_get_thread_num";
}

/// To the nearest bfloat16, ties to even, in the low half of a vector register as the callers
/// expect it.
float truncateToBf16(float value) {
  auto bits = std::bit_cast<uint32_t>(value);
  uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  if (std::isnan(value))
    rounded = (bits >> 16) | 0x40;
  return std::bit_cast<float>(rounded);
}

float truncateDoubleToBf16(double value) {
  // Through f32 rounded to odd, so that the second rounding sees what the first one lost.
  auto narrow = static_cast<float>(value);
  if (std::isfinite(narrow) && static_cast<double>(narrow) != value) {
    auto bits = std::bit_cast<uint32_t>(narrow);
    bool away = std::fabs(static_cast<double>(narrow)) > std::fabs(value);
    bits = (away ? bits - 1 : bits) | 1;
    narrow = std::bit_cast<float>(bits);
  }
  return truncateToBf16(narrow);
}

void *conversion(absl::string_view symbol) {
  if (symbol == "__truncsfbf2")
    return reinterpret_cast<void *>(&truncateToBf16);
  if (symbol == "__truncdfbf2")
    return reinterpret_cast<void *>(&truncateDoubleToBf16);
#if defined(__x86_64__) || defined(__aarch64__)
  if (symbol == "__extendhfsf2")
    return reinterpret_cast<void *>(&__extendhfsf2);
  if (symbol == "__truncsfhf2")
    return reinterpret_cast<void *>(&__truncsfhf2);
  if (symbol == "__truncdfhf2")
    return reinterpret_cast<void *>(&__truncdfhf2);
#endif
  return nullptr;
}

void *openMPSymbol(const std::string &symbol) {
  static void *library = [] {
    for (const char *name : {"libomp.so.5", "/usr/lib/llvm-22/lib/libomp.so.5", "libomp.so"})
      if (void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL))
        return handle;
    return static_cast<void *>(nullptr);
  }();
  return library ? dlsym(library, symbol.c_str()) : nullptr;
}

} // namespace

bool isAllowedSymbol(absl::string_view symbol) {
  return conversion(symbol) || isOpenMP(symbol) ||
         libcSymbols().contains(llvm::StringRef(symbol.data(), symbol.size()));
}

void *findAllowedSymbol(const std::string &symbol) {
  if (void *address = conversion(symbol))
    return address;
  if (isOpenMP(symbol))
    return openMPSymbol(symbol);
  return libcSymbols().contains(symbol) ? dlsym(RTLD_DEFAULT, symbol.c_str()) : nullptr;
}

} // namespace chameleon
