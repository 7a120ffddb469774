//===- Buffers.h - Memory that generated code is called with -------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_MEASURE_BUFFERS_H
#define CHAMELEON_MEASURE_BUFFERS_H

#include "absl/status/statusor.h"
#include "chameleon/Measure/ElementType.h"
#include "chameleon/Measure/Protocol.h"
#include "chameleon/Support/Random.h"
#include <cstddef>
#include <cstdint>
#include <memory>

namespace chameleon {

/// One operand: elements of one type, 64-byte aligned, with guard bytes on either side. Buffers of
/// equal `color` start at the same place in their page, others do not, so that operands do not fall
/// into the same cache sets.
class Buffer {
public:
  /// Fails if the element type is not supported, or memory is exhausted.
  static absl::StatusOr<Buffer> create(const ArgumentInfo &argument, int color);

  void *data() const { return memory.get() + offset; }
  size_t bytes() const { return count * elementBytes(elementType); }
  size_t elements() const { return count; }
  ElementType type() const { return elementType; }

  /// Fills it with poison (ElementType.h) and the guards with their pattern.
  void poisonAll();
  /// False if something was written outside of the elements since `poisonAll`.
  bool guardsIntact() const;
  /// Changes if any element changes (up to collisions of 64 bits).
  uint64_t checksum() const;

private:
  struct Free {
    void operator()(char *memory) const;
  };
  std::unique_ptr<char, Free> memory;
  size_t offset = 0;
  size_t count = 0;
  ElementType elementType = ElementType::F32;
};

/// Integers in [-magnitude, magnitude]; i1 and index elements in {0, 1}.
void fillIntegers(Buffer &buffer, int64_t magnitude, Rng &rng);
/// Approximately standard normal numbers; with `positive`, their absolute value plus 1/2. Integer
/// elements as by `fillIntegers` with a magnitude of 100.
void fillNormal(Buffer &buffer, bool positive, Rng &rng);

/// Writes back and evicts every line of `buffer` from all caches. Does nothing on machines without
/// such an instruction.
void flushFromCaches(const Buffer &buffer);

} // namespace chameleon

#endif // CHAMELEON_MEASURE_BUFFERS_H
