//===- ChameleonTransformOps.h - Transform ops of our own -----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_DIALECT_CHAMELEONTRANSFORMOPS_H
#define CHAMELEON_DIALECT_CHAMELEONTRANSFORMOPS_H

#include "mlir/Dialect/Transform/IR/TransformDialect.h"
#include "mlir/Dialect/Transform/IR/TransformTypes.h"
#include "mlir/Dialect/Transform/Interfaces/TransformInterfaces.h"
#include "mlir/IR/IntegerSet.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#define GET_OP_CLASSES
#include "chameleon/Dialect/ChameleonTransformOps.h.inc"

#endif // CHAMELEON_DIALECT_CHAMELEONTRANSFORMOPS_H
