//===- SharedNumber.h - A number that outlives the child that set it -----===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_MEASURE_SHAREDNUMBER_H
#define CHAMELEON_MEASURE_SHAREDNUMBER_H

#include <cstdint>
#include <sys/mman.h>

namespace chameleon {

/// Set by a forked child, read by its parent, also after the child's death: where it was when it
/// died.
class SharedNumber {
public:
  explicit SharedNumber(int64_t initial) : local(initial) {
    void *page =
        mmap(nullptr, sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    shared = page == MAP_FAILED ? nullptr : static_cast<volatile int64_t *>(page);
    value() = initial;
  }
  ~SharedNumber() {
    if (shared)
      munmap(const_cast<int64_t *>(shared), sizeof(int64_t));
  }
  SharedNumber(const SharedNumber &) = delete;
  SharedNumber &operator=(const SharedNumber &) = delete;

  volatile int64_t &value() { return shared ? *shared : local; }

private:
  volatile int64_t *shared = nullptr;
  volatile int64_t local;
};

} // namespace chameleon

#endif // CHAMELEON_MEASURE_SHAREDNUMBER_H
