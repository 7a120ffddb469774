//===- Buffers.cpp -------------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/Buffers.h"
#include "absl/strings/str_cat.h"
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <vector>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace chameleon {
namespace {

constexpr size_t kPageBytes = 4096;
constexpr size_t kGuardBytes = 256;
constexpr size_t kColorBytes = 320; // a multiple of the alignment that is no power of two
constexpr unsigned char kGuardPattern = 0x5c;
constexpr size_t kChunk = 4096; // elements converted at a time

/// Calls `next` for every element and stores what it returns.
template <typename Next> void fill(Buffer &buffer, Next next) {
  std::vector<double> values(kChunk);
  for (size_t begin = 0; begin < buffer.elements(); begin += kChunk) {
    const size_t count = std::min(kChunk, buffer.elements() - begin);
    std::generate_n(values.begin(), count, next);
    storeElements(buffer.type(), buffer.data(), begin, count, values.data());
  }
}

bool allEqual(const char *bytes, size_t count, unsigned char pattern) {
  return std::all_of(bytes, bytes + count,
                     [&](char byte) { return static_cast<unsigned char>(byte) == pattern; });
}

} // namespace

void Buffer::Free::operator()(char *memory) const { std::free(memory); }

absl::StatusOr<Buffer> Buffer::create(const ArgumentInfo &argument, int color) {
  absl::StatusOr<ElementType> type = parseElementType(argument.elementType);
  if (!type.ok())
    return type.status();
  Buffer buffer;
  buffer.elementType = *type;
  buffer.count = static_cast<size_t>(argument.elements());
  buffer.offset = kGuardBytes + static_cast<size_t>(color % 10) * kColorBytes;
  const size_t size = buffer.offset + buffer.bytes() + kGuardBytes;
  const size_t rounded = (size + kPageBytes - 1) / kPageBytes * kPageBytes;
  buffer.memory.reset(static_cast<char *>(std::aligned_alloc(kPageBytes, rounded)));
  if (!buffer.memory)
    return absl::ResourceExhaustedError(
        absl::StrCat("expected ", rounded, " bytes of memory for an operand, but there are not"));
  return buffer;
}

void Buffer::poisonAll() {
  std::memset(memory.get() + offset - kGuardBytes, kGuardPattern, kGuardBytes);
  poison(elementType, data(), bytes());
  std::memset(memory.get() + offset + bytes(), kGuardPattern, kGuardBytes);
}

bool Buffer::guardsIntact() const {
  return allEqual(memory.get() + offset - kGuardBytes, kGuardBytes, kGuardPattern) &&
         allEqual(memory.get() + offset + bytes(), kGuardBytes, kGuardPattern);
}

uint64_t Buffer::checksum() const {
  // Four chains, so that the multiplications overlap.
  uint64_t sums[4] = {1, 2, 3, 4};
  const char *from = static_cast<const char *>(data());
  const size_t size = bytes();
  size_t at = 0;
  for (; at + 32 <= size; at += 32)
    for (size_t lane = 0; lane < 4; ++lane) {
      uint64_t word = 0;
      std::memcpy(&word, from + at + 8 * lane, 8);
      sums[lane] = (sums[lane] ^ word) * 0x9e3779b97f4a7c15u;
    }
  for (; at < size; ++at)
    sums[0] = (sums[0] ^ static_cast<unsigned char>(from[at])) * 0x9e3779b97f4a7c15u;
  return sums[0] ^ (sums[1] << 1) ^ (sums[2] << 2) ^ (sums[3] << 3);
}

void fillIntegers(Buffer &buffer, int64_t magnitude, Rng &rng) {
  if (buffer.type() == ElementType::I1 || buffer.type() == ElementType::I64)
    return fill(buffer, [&] { return static_cast<double>(rng.next() >> 63); });
  const auto values = static_cast<uint64_t>(2 * magnitude + 1);
  fill(buffer, [&] {
    // The top 32 bits times the number of values: a bias of 1e-8 does no harm here, a division
    // would.
    return static_cast<double>(((rng.next() >> 32) * values) >> 32) -
           static_cast<double>(magnitude);
  });
}

void fillNormal(Buffer &buffer, bool positive, Rng &rng) {
  if (!isFloat(buffer.type()))
    return fillIntegers(buffer, 100, rng);
  fill(buffer, [&] {
    // The sum of four uniforms of variance 1/12, scaled; enough of a bell for rounding errors.
    const uint64_t bits = rng.next();
    double sum = 0;
    for (int part = 0; part < 4; ++part)
      sum += static_cast<double>((bits >> (16 * part)) & 0xffff) / 65536.0 - 0.5;
    const double value = sum * 1.7320508075688772;
    return positive ? std::fabs(value) + 0.5 : value;
  });
}

#if defined(__x86_64__)
void flushFromCaches(const Buffer &buffer) {
  const char *from = static_cast<const char *>(buffer.data());
  for (size_t at = 0; at < buffer.bytes(); at += 64)
    _mm_clflush(from + at);
  _mm_mfence();
}
#elif defined(__aarch64__)
void flushFromCaches(const Buffer &buffer) {
  const char *from = static_cast<const char *>(buffer.data());
  for (size_t at = 0; at < buffer.bytes(); at += 64)
    asm volatile("dc civac, %0" ::"r"(from + at) : "memory");
  asm volatile("dsb ish" ::: "memory");
}
#else
void flushFromCaches(const Buffer &) {}
#endif

} // namespace chameleon
