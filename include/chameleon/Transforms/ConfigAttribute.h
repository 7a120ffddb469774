//===- ConfigAttribute.h - Configurations as attributes -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_TRANSFORMS_CONFIGATTRIBUTE_H
#define CHAMELEON_TRANSFORMS_CONFIGATTRIBUTE_H

#include "chameleon/Dialect/ChameleonDialect.h"
#include "chameleon/Schedule/Apply.h"
#include "chameleon/Search/Space.h"

namespace chameleon {

/// The knobs of `config` as text, in the dictionary's order.
KnobValues toKnobValues(ConfigAttr config);

/// `configuration` of `space` as an attribute: integers for ordered knobs, labels for choices.
ConfigAttr toConfigAttr(mlir::MLIRContext *context, const Space &space,
                        const Configuration &configuration);

} // namespace chameleon

#endif // CHAMELEON_TRANSFORMS_CONFIGATTRIBUTE_H
