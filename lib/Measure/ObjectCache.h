//===- ObjectCache.h - Objects of recent candidates ----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_LIB_MEASURE_OBJECTCACHE_H
#define CHAMELEON_LIB_MEASURE_OBJECTCACHE_H

#include "chameleon/Measure/Pool.h"
#include <list>
#include <string>
#include <unordered_map>
#include <utility>

namespace chameleon {

/// Successful builds, the longest unused ones dropped when they exceed `maxBytes`.
class ObjectCache {
public:
  explicit ObjectCache(size_t maxBytes = size_t{64} << 20) : maxBytes(maxBytes) {}

  /// Null if it is not there. Valid until the next `insert`. `seconds` is what no measurement has
  /// accounted for yet.
  BuildReply *find(const std::string &key);
  void insert(const std::string &key, const BuildReply &reply);

private:
  using Entries = std::list<std::pair<std::string, BuildReply>>; // most recently used first
  Entries entries;
  std::unordered_map<std::string, Entries::iterator> byKey;
  size_t bytes = 0;
  size_t maxBytes;
};

/// What names a candidate in the cache.
std::string cacheKey(const std::string &taskKey, const CandidateSpec &candidate);

} // namespace chameleon

#endif // CHAMELEON_LIB_MEASURE_OBJECTCACHE_H
