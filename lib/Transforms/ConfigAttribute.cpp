//===- ConfigAttribute.cpp - Configurations as attributes -----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Transforms/ConfigAttribute.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace chameleon;

KnobValues chameleon::toKnobValues(ConfigAttr config) {
  KnobValues values;
  for (NamedAttribute entry : config.getValues()) {
    auto integer = dyn_cast<IntegerAttr>(entry.getValue());
    values.emplace_back(entry.getName().getValue().str(),
                        integer ? std::to_string(integer.getInt())
                                : cast<StringAttr>(entry.getValue()).getValue().str());
  }
  return values;
}

ConfigAttr chameleon::toConfigAttr(MLIRContext *context, const Space &space,
                                   const Configuration &configuration) {
  Builder builder(context);
  SmallVector<NamedAttribute> entries;
  std::vector<int64_t> values = space.values(configuration);
  for (size_t i : space.activeKnobs(configuration)) {
    const Knob &knob = space.knobs()[i];
    Attribute value = knob.ordered() ? Attribute(builder.getI64IntegerAttr(values[i]))
                                     : builder.getStringAttr(knob.labels[configuration.indices[i]]);
    entries.push_back(builder.getNamedAttr(knob.name, value));
  }
  return ConfigAttr::get(context, FlatSymbolRefAttr::get(context, space.schedule()),
                         builder.getDictionaryAttr(entries));
}
