//===- Ranking.cpp - Which record to trust -------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Database/Database.h"

#include "RowCodec.h"
#include <algorithm>
#include <map>
#include <tuple>

namespace chameleon {
namespace {

bool matches(const Record &record, const BestQuery &query) {
  if (!record.measurement.ok() || !(record.measurement.medianNs > 0) ||
      record.role == RecordRole::Naive || record.numerics != query.numerics ||
      record.measureMode != query.measureMode || record.threads != query.threads) {
    return false;
  }
  if (query.schedules.empty()) {
    return true;
  }
  const auto schedule = std::make_pair(record.schedule, record.scheduleHash);
  return std::find(query.schedules.begin(), query.schedules.end(), schedule) !=
         query.schedules.end();
}

int trust(RecordRole role) {
  switch (role) {
  case RecordRole::Chosen:
    return 2;
  case RecordRole::Rerank:
    return 1;
  case RecordRole::Candidate:
  case RecordRole::Default:
  case RecordRole::Naive:
    return 0;
  }
  return 0;
}

/// Whether `a` says more about its configuration than `b` about the same one.
bool moreTrusted(const Record &a, const Record &b) {
  return std::make_tuple(trust(a.role), a.unixSeconds, a.id) >
         std::make_tuple(trust(b.role), b.unixSeconds, b.id);
}

/// The latest chosen record; null if there is none.
const Record *latestChosen(const std::vector<Record> &records) {
  const Record *latest = nullptr;
  for (const Record &record : records) {
    if (record.role == RecordRole::Chosen &&
        (!latest || record.unixSeconds > latest->unixSeconds)) {
      latest = &record;
    }
  }
  return latest;
}

/// Fastest first; but before `chosen` come only those measured faster after it, since the rest was
/// known when it was chosen.
void sortBestFirst(std::vector<Record> &records) {
  const Record *chosen = latestChosen(records);
  const int64_t chosenId = chosen ? chosen->id : -1;
  const double since = chosen ? chosen->unixSeconds : 0;
  const double chosenNs = chosen ? chosen->measurement.medianNs : 0;
  auto rank = [&](const Record &record) {
    const double ns = record.measurement.medianNs;
    const bool overtook = chosen && ns < chosenNs && record.unixSeconds > since;
    return std::make_tuple(overtook ? 0 : record.id == chosenId ? 1 : 2, ns, record.id);
  };
  std::sort(records.begin(), records.end(),
            [&](const Record &a, const Record &b) { return rank(a) < rank(b); });
}

} // namespace

absl::StatusOr<std::vector<Record>> Database::ranked(const BestQuery &query, size_t limit) const {
  absl::StatusOr<std::vector<Record>> all =
      records({query.taskKey, query.targetKey, query.compiler, "", 0});
  if (!all.ok()) {
    return all.status();
  }
  std::map<std::tuple<std::string, std::string, ConfigurationPairs>, Record> byConfiguration;
  for (Record &record : *all) {
    if (!matches(record, query)) {
      continue;
    }
    auto key = std::make_tuple(record.schedule, record.scheduleHash, record.configuration);
    auto [place, added] = byConfiguration.try_emplace(std::move(key), record);
    if (!added && moreTrusted(record, place->second)) {
      place->second = std::move(record);
    }
  }
  std::vector<Record> ranked;
  ranked.reserve(byConfiguration.size());
  for (auto &[key, record] : byConfiguration) {
    ranked.push_back(std::move(record));
  }
  sortBestFirst(ranked);
  if (limit && ranked.size() > limit) {
    ranked.resize(limit);
  }
  return ranked;
}

absl::StatusOr<absl::optional<Record>> Database::best(const BestQuery &query) const {
  absl::StatusOr<std::vector<Record>> first = ranked(query, 1);
  if (!first.ok()) {
    return first.status();
  }
  if (first->empty()) {
    return absl::optional<Record>();
  }
  return absl::make_optional(std::move(first->front()));
}

} // namespace chameleon
