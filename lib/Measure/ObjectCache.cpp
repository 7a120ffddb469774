//===- ObjectCache.cpp ---------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ObjectCache.h"
#include "absl/strings/str_cat.h"

namespace chameleon {

BuildReply *ObjectCache::find(const std::string &key) {
  auto found = byKey.find(key);
  if (found == byKey.end())
    return nullptr;
  entries.splice(entries.begin(), entries, found->second);
  return &entries.front().second;
}

void ObjectCache::insert(const std::string &key, const BuildReply &reply) {
  if (find(key))
    return;
  entries.emplace_front(key, reply);
  byKey[key] = entries.begin();
  bytes += reply.object.size();
  while (bytes > maxBytes && entries.size() > 1) {
    bytes -= entries.back().second.object.size();
    byKey.erase(entries.back().first);
    entries.pop_back();
  }
}

std::string cacheKey(const std::string &taskKey, const CandidateSpec &candidate) {
  std::string key = absl::StrCat(taskKey, "\n", candidate.schedule);
  for (const auto &[name, value] : candidate.knobs)
    absl::StrAppend(&key, "\n", name, "=", value);
  return key;
}

} // namespace chameleon
