//===- PackedMatmul.cpp - A matrix product from packed panels -------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   C[M][N] = sum over k of A[M][K] B[K][N], where A and B may be transposed
//
//   W[N/nr][K][nr]   B in panels of nr columns; of a constant, computed once, outside of the task
//   X                A in the type of the sums, where its elements are narrower
//   P[N/nr][M][nr]   sums so far, where chunks of K come one after the other
//
// Where p products are added at once (DotProduct.h), W[N/nr][K/p][nr*p] has p rows interleaved, in
// the type of B, and X is what the instruction takes, or A itself. If sums have too much then,
//
//   E[N/nr][nr]      says how much, where more than one block of rows meets a panel
//
// A block of rows by nr columns stays in registers while k passes: each element of A is multiplied
// with nr elements of W.
//
//===----------------------------------------------------------------------===//

#include "PackedMatmul.h"
#include "ProductOperands.h"
#include "RegisterBlock.h"
#include "VectorEpilogue.h"
#include "chameleon/Support/EvenBlock.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace chameleon {

namespace {

/// Where the loops of a matrix product are in an operand of it.
struct MatrixLayout {
  unsigned row, column; // of the matrix as in C = A B
  std::optional<unsigned> batch;

  unsigned rank() const { return batch ? 3 : 2; }
  bool rowsContiguous() const { return column + 1 == rank(); }
};

struct MatmulLayout {
  MatrixLayout a, b, c;
};

/// A constant matrix, or columns of it.
struct ConstantMatrix {
  BlockArgument argument;
  OpFoldResult firstColumn;
};

} // namespace

/// Where `rowLoop`, `columnLoop` and perhaps `batchLoop` are in the results of `map`; nothing if it
/// has others.
static std::optional<MatrixLayout> matrixLayoutOf(AffineMap map, unsigned rowLoop,
                                                  unsigned columnLoop,
                                                  std::optional<unsigned> batchLoop) {
  auto find = [&](unsigned loop) -> std::optional<unsigned> {
    return map.getResultPosition(getAffineDimExpr(loop, map.getContext()));
  };
  std::optional<unsigned> row = find(rowLoop);
  std::optional<unsigned> column = find(columnLoop);
  std::optional<unsigned> batch = batchLoop ? find(*batchLoop) : std::nullopt;
  // Rows or columns are contiguous: a batch does not come last.
  bool all = row && column && map.getNumResults() == (batch ? 3U : 2U) &&
             (!batch || *batch + 1 != map.getNumResults());
  return all ? std::optional<MatrixLayout>({*row, *column, batch}) : std::nullopt;
}

/// That of a product of two matrices, or of a batch of them; nothing for other ops.
static std::optional<MatmulLayout> matmulLayoutOf(linalg::LinalgOp op) {
  FailureOr<linalg::ContractionDimensions> dims = linalg::inferContractionDims(op);
  if (failed(dims) || !linalg::isaContractionOpInterface(op) || dims->m.size() != 1 ||
      dims->n.size() != 1 || dims->k.size() != 1 || dims->batch.size() > 1) {
    return std::nullopt;
  }
  std::optional<unsigned> batch;
  if (!dims->batch.empty()) {
    batch = dims->batch.front();
  }
  unsigned m = dims->m.front();
  unsigned n = dims->n.front();
  unsigned k = dims->k.front();
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  std::optional<MatrixLayout> a = matrixLayoutOf(maps[0], m, k, batch);
  std::optional<MatrixLayout> b = matrixLayoutOf(maps[1], k, n, batch);
  std::optional<MatrixLayout> c = matrixLayoutOf(maps[2], m, n, batch);
  return a && b && c ? std::optional<MatmulLayout>({*a, *b, *c}) : std::nullopt;
}

/// Whether the first column of `slice` is known to be a multiple of `panel`. Where it is computed,
/// slices are taken to follow each other.
static bool startsAtPanel(tensor::ExtractSliceOp slice, unsigned column, int64_t panel) {
  int64_t step = getConstantIntValue(slice.getMixedOffsets()[column])
                     .value_or(slice.getType().getDimSize(column));
  return step % panel == 0;
}

/// The constant argument that `value` is, or is columns of from a multiple of `panel` on; nothing
/// if it is none.
static std::optional<ConstantMatrix> findConstant(Value value, const MatrixLayout &layout,
                                                  int64_t panel) {
  OpFoldResult first = OpBuilder(value.getContext()).getIndexAttr(0);
  if (auto slice = value.getDefiningOp<tensor::ExtractSliceOp>()) {
    bool columns =
        slice.hasUnitStride() && slice.getSourceType().getRank() == 2 &&
        slice.getType().getRank() == 2 &&
        isConstantIntValue(slice.getMixedOffsets()[layout.row], 0) &&
        slice.getType().getDimSize(layout.row) == slice.getSourceType().getDimSize(layout.row) &&
        startsAtPanel(slice, layout.column, panel);
    if (columns) {
      first = slice.getMixedOffsets()[layout.column];
      value = slice.getSource();
    }
  }
  BlockArgument argument = argumentOf(value);
  bool constant = argument && !layout.batch && isConstantArgument(argument);
  return constant ? std::optional<ConstantMatrix>({argument, first}) : std::nullopt;
}

static std::string whyNotOptions(const MatmulOptions &options) {
  if (options.rows < 1 || options.steps < 1 || options.panels < 1 || options.chunk < 0) {
    return "expected rows, panels and steps of at least 1, and a chunk of at least 0";
  }
  std::string reason = whyNotDotProduct(options.dot);
  return reason.empty() ? whyNotColumns(options.columns, options.lanes) : reason;
}

std::string whyNotMatmul(linalg::LinalgOp op, const MatmulOptions &options) {
  std::optional<MatmulLayout> layout = matmulLayoutOf(op);
  if (!layout || !layout->c.rowsContiguous()) {
    return "expected a product of two matrices, or of a batch of them, with a result of contiguous "
           "rows";
  }
  std::string reason = whyNotProducts(op);
  if (reason.empty()) {
    reason = whyNotOptions(options);
  }
  if (!reason.empty()) {
    return reason;
  }
  if (layout->c.batch &&
      cast<RankedTensorType>(op->getResult(0).getType()).getDimSize(*layout->c.batch) != 1) {
    return "expected a batch of one; tile it by 1 before";
  }
  bool constant =
      findConstant(op.getDpsInputOperand(1)->get(), layout->b, options.columns).has_value();
  if (!options.pack && (constant || !layout->b.rowsContiguous())) {
    return "expected a B of contiguous rows that is not constant, if it is not to be packed";
  }
  return zeroFillOf(op.getDpsInits()[0]) ? "" : "expected a sum that starts from zeros";
}

namespace {

class MatmulRewrite {
public:
  MatmulRewrite(RewriterBase &rewriter, linalg::LinalgOp op, const MatmulOptions &options)
      : rewriter(rewriter), op(op), layout(*matmulLayoutOf(op)),
        epilogue(findVectorEpilogue(op->getOpResult(0))), options(options),
        builder(op.getLoc(), rewriter),
        emit(builder, getElementTypeOrSelf(op->getResult(0).getType()), options.lanes),
        dot(chooseDot()) {
    auto c = cast<RankedTensorType>(op->getResult(0).getType());
    numRows = c.getDimSize(layout.c.row);
    numColumns = c.getDimSize(layout.c.column);
    length = products() / dot.perLane();
    chunk = productsOfChunk() / dot.perLane();
  }

  void run();

private:
  /// Columns of B in vectors.
  struct Panels {
    Value tensor;
    bool packed;       // else B itself
    Value firstPanel;  // of W, for the first column
    Value buffer = {}; // W, where it comes from memory panel by panel; else null
    int64_t panels = 0;
    Value excess = {}; // E, or null where blocks find it themselves
  };
  /// What a block of sums is of, and where it goes.
  struct Block {
    Value panel, row, k;           // the first of each
    int64_t rows, columns, length; // columns: at most a panel, or all of several
    bool first, last;              // chunk of K
  };

  /// Of a sum.
  int64_t products() {
    return cast<RankedTensorType>(op->getOperand(0).getType()).getDimSize(layout.a.column);
  }
  int64_t productsOfChunk() {
    return options.chunk == 0 ? products() : std::min(options.chunk, products());
  }
  DotProduct chooseDot() {
    int64_t wanted = layout.a.rowsContiguous() && options.pack ? options.dot : 1;
    return {emit,
            getElementTypeOrSelf(op->getOperand(0).getType()),
            wanted,
            {products(), productsOfChunk()}};
  }
  Panels packConstant(const ConstantMatrix &matrix);
  Panels packNow();
  Value packPanel(Value packed, Value panel, int64_t columns);
  Value packTransposed(Value packed, Value panel, Value k, int64_t rows, int64_t columns);
  Value packVectors(Value packed, Value panel, Value k, Value column, int64_t lane, bool inBounds);
  Value convert(Value a);
  Value vectorOf(const Panels &b, Value panel, Value k, int64_t vector);
  Value sumExcess(const Panels &b);

  Value multiplyAll(Value a, const Panels &b, Value destination);
  SmallVector<Value> multiplyChunk(Value a, const Panels &b, ValueRange carried, Value k,
                                   int64_t count, bool first, bool last);
  SmallVector<Value> multiplyBlock(Value a, const Panels &b, ValueRange carried,
                                   const Block &block);
  Value storeBlock(ArrayRef<Value> sums, Value destination, const Block &block);

  static SmallVector<Value> at(const MatrixLayout &matrix, Value batch, Value row, Value column) {
    SmallVector<Value> indices(matrix.rank(), batch);
    indices[matrix.row] = row;
    indices[matrix.column] = column;
    return indices;
  }
  SmallVector<Value> at(const MatrixLayout &matrix, Value row, Value column) {
    return at(matrix, emit.index(0), row, column);
  }
  int64_t vectorsOf(int64_t columns) const { return llvm::divideCeil(columns, options.lanes); }
  int64_t vectorsOfPanel() const { return std::max<int64_t>(vectorsOf(options.columns), 1); }

  RewriterBase &rewriter;
  linalg::LinalgOp op;
  MatmulLayout layout;
  linalg::GenericOp epilogue; // may be null
  const MatmulOptions &options;
  ImplicitLocOpBuilder builder;
  VectorEmitter emit;
  DotProduct dot; // of a step over K
  int64_t numRows, numColumns;
  int64_t length, chunk; // steps: all of them, and those before the next sums
};

void MatmulRewrite::run() {
  std::optional<ConstantMatrix> constant =
      findConstant(op.getDpsInputOperand(1)->get(), layout.b, options.columns);
  std::optional<Panels> panels;
  if (constant) {
    panels = packConstant(*constant);
  }
  linalg::LinalgOp last = epilogue ? linalg::LinalgOp(epilogue) : op;
  builder.setInsertionPoint(last);
  if (constant) {
    Value first = getValueOrCreateConstantIndexOp(builder, builder.getLoc(), constant->firstColumn);
    panels->firstPanel = emit.floorDiv(first, options.columns);
    // A single block of rows leaves no time for it.
    if (options.rowsInside && numRows > options.rows) {
      panels->buffer =
          emit.bufferToPrefetch(panels->tensor, chunk * options.columns * dot.perLane());
      panels->panels = cast<RankedTensorType>(panels->tensor.getType()).getDimSize(0);
    }
  } else {
    panels = packNow();
  }
  // Every element is written: nobody has to fill the destination before.
  Value destination =
      epilogue ? epilogue.getDpsInits()[0] : zeroFillOf(op.getDpsInits()[0]).getOutputs().front();
  Value a = convert(op.getDpsInputOperand(0)->get());
  if (dot.hasOffset() && numRows > options.rows) {
    panels->excess = sumExcess(*panels);
  }
  rewriter.replaceOp(last, multiplyAll(a, *panels, destination));
  if (epilogue) {
    rewriter.eraseOp(op);
  }
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

/// W of all columns of a constant. Columns of the last panel beyond the matrix are others once
/// more; what they give is not stored.
MatmulRewrite::Panels MatmulRewrite::packConstant(const ConstantMatrix &matrix) {
  int64_t columns = cast<RankedTensorType>(matrix.argument.getType()).getDimSize(layout.b.column);
  int64_t panels = llvm::divideCeil(columns, options.columns);
  AffineExpr panel, k, lane;
  bindDims(builder.getContext(), panel, k, lane);
  SmallVector<AffineExpr> from(2);
  from[layout.b.row] = dot.productOf(k, lane);
  from[layout.b.column] = (panel * options.columns + dot.laneOf(lane)) % columns;
  Value packed = createConstantPack(builder, matrix.argument,
                                    {panels, length, options.columns * dot.perLane()}, from);
  return {packed, /*packed=*/true, Value()};
}

MatmulRewrite::Panels MatmulRewrite::packNow() {
  Value b = op.getDpsInputOperand(1)->get();
  if (!options.pack) {
    return {b, /*packed=*/false, emit.index(0)};
  }
  int64_t panels = llvm::divideCeil(numColumns, options.columns);
  int64_t whole = numColumns / options.columns;
  Type type = dot.perLane() == 1 ? emit.elementType() : getElementTypeOrSelf(b.getType());
  Value packed = tensor::EmptyOp::create(
      builder, ArrayRef<int64_t>{panels, length, options.columns * dot.perLane()}, type);
  packed = emit.loop(whole, 1, packed, [&](Value panel, ValueRange carried) -> SmallVector<Value> {
    return {packPanel(carried[0], panel, options.columns)};
  })[0];
  if (whole != panels) {
    packed = packPanel(packed, emit.index(whole), numColumns - whole * options.columns);
  }
  return {packed, /*packed=*/true, emit.index(0)};
}

/// W of one panel that has `columns` columns.
Value MatmulRewrite::packPanel(Value packed, Value panel, int64_t columns) {
  Value first = emit.mul(panel, options.columns);
  if (layout.b.rowsContiguous()) {
    return emit.loop(length, 1, packed, [&](Value k, ValueRange carried) -> SmallVector<Value> {
      Value into = carried[0];
      for (int64_t lane = 0; lane < columns; lane += emit.lanes()) {
        bool inBounds = lane + emit.lanes() <= columns;
        into = packVectors(into, panel, k, emit.add(first, lane), lane, inBounds);
      }
      return {into};
    })[0];
  }
  int64_t whole = length / emit.lanes() * emit.lanes();
  packed = emit.loop(whole, emit.lanes(), packed,
                     [&](Value k, ValueRange carried) -> SmallVector<Value> {
                       return {packTransposed(carried[0], panel, k, emit.lanes(), columns)};
                     })[0];
  return whole == length
             ? packed
             : packTransposed(packed, panel, emit.index(whole), length - whole, columns);
}

/// W of step `k` and a vector of columns from `column` on, which are those from `lane` on in the
/// panel, of a B with contiguous rows.
Value MatmulRewrite::packVectors(Value packed, Value panel, Value k, Value column, int64_t lane,
                                 bool inBounds) {
  Value b = op.getDpsInputOperand(1)->get();
  Value first = emit.mul(k, dot.perLane());
  SmallVector<Value> rows;
  for (int64_t i = 0; i < dot.perLane(); ++i) {
    rows.push_back(emit.read(b, at(layout.b, emit.add(first, i), column), inBounds));
  }
  Value vector = dot.perLane() == 1 ? emit.extend(rows[0]) : dot.interleave(rows);
  return emit.write(vector, packed, {panel, k, emit.index(lane * dot.perLane())});
}

/// W of one panel that has `columns` columns: `rows` steps from `k` on, at most the lanes, of a B
/// with contiguous columns.
Value MatmulRewrite::packTransposed(Value packed, Value panel, Value k, int64_t rows,
                                    int64_t columns) {
  Value b = op.getDpsInputOperand(1)->get();
  Type type = getElementTypeOrSelf(b.getType());
  Value first = emit.mul(panel, options.columns);
  // What belongs to one lane counts as one number of more bits.
  int64_t perLane = dot.perLane();
  VectorEmitter ofSteps(builder, emit.elementType(), emit.lanes() * perLane);
  VectorType elements = VectorType::get({emit.lanes() * perLane}, type);
  Type number = perLane == 1 ? emit.elementType()
                             : builder.getIntegerType(perLane * type.getIntOrFloatBitWidth());
  for (int64_t lane = 0; lane < columns; lane += emit.lanes()) {
    int64_t count = std::min(columns - lane, emit.lanes());
    SmallVector<Value> vectors =
        ofSteps.readBox(b, at(layout.b, emit.mul(k, perLane), emit.add(first, lane)),
                        {{layout.b.column}, {count}}, /*inBounds=*/rows == emit.lanes());
    for (Value &vector : vectors) {
      vector = perLane == 1 ? emit.extend(vector)
                            : vector::BitCastOp::create(builder, emit.vectorType(number), vector);
    }
    vectors.append(emit.lanes() - count, emit.splat(number, 0));
    emit.transpose(vectors);
    if (perLane != 1) {
      for (Value &vector : vectors) {
        vector = vector::BitCastOp::create(builder, elements, vector);
      }
    }
    packed = ofSteps.writeBox(ArrayRef(vectors).take_front(rows), packed,
                              {panel, k, emit.index(lane * perLane)}, {{1}, {rows}});
  }
  return packed;
}

/// A as numbers, as it lies.
Value MatmulRewrite::convert(Value a) {
  auto type = cast<RankedTensorType>(a.getType());
  if (dot.takesAsIs()) {
    return a;
  }
  bool contiguous = layout.a.rowsContiguous();
  int64_t outer = type.getDimSize(contiguous ? layout.a.row : layout.a.column);
  int64_t inner = type.getDimSize(contiguous ? layout.a.column : layout.a.row);
  auto copy = [&](Value into, Value i, Value j, int64_t count) {
    SmallVector<Value> from = contiguous ? at(layout.a, i, j) : at(layout.a, j, i);
    Value elements = emit.read(a, from, /*inBounds=*/count == emit.lanes());
    return emit.writeFirst(dot.toNumbers(elements), count, into, from);
  };
  Value converted = tensor::EmptyOp::create(builder, type.getShape(), dot.numberType());
  return emit.loop(outer, 1, converted, [&](Value i, ValueRange rows) -> SmallVector<Value> {
    int64_t whole = inner / emit.lanes() * emit.lanes();
    Value row = emit.loop(whole, emit.lanes(), rows,
                          [&](Value j, ValueRange carried) -> SmallVector<Value> {
                            return {copy(carried[0], i, j, emit.lanes())};
                          })[0];
    return {whole == inner ? row : copy(row, i, emit.index(whole), inner - whole)};
  })[0];
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// Vector `vector` of those that lie side by side from `panel` of W on, for step `k`.
Value MatmulRewrite::vectorOf(const Panels &b, Value panel, Value k, int64_t vector) {
  int64_t ofPanel = vectorsOfPanel();
  Value lane = emit.index(vector % ofPanel * emit.lanes() * dot.perLane());
  SmallVector<Value> from{emit.add(panel, vector / ofPanel), k, lane};
  return dot.readVector(b.tensor, from);
}

/// E: what the sums of each column have too much after all steps.
Value MatmulRewrite::sumExcess(const Panels &b) {
  int64_t panels = llvm::divideCeil(numColumns, options.columns);
  RegisterBlock registers{1, vectorsOfPanel(), options.steps};
  SmallVector<Value> zeros(registers.vectors, emit.zero());
  Value excess = emit.empty({panels, options.columns});
  return emit.loop(panels, 1, excess, [&](Value panel, ValueRange carried) -> SmallVector<Value> {
    SmallVector<Value> sums = registers.addExcess(dot, zeros, length, [&](Value k, int64_t j) {
      return vectorOf(b, emit.add(b.firstPanel, panel), k, j);
    });
    Value into = carried[0];
    for (auto [j, sum] : llvm::enumerate(sums)) {
      Value lane = emit.index(static_cast<int64_t>(j) * emit.lanes());
      into = emit.write(sum, into, {panel, lane});
    }
    return {into};
  })[0];
}

Value MatmulRewrite::multiplyAll(Value a, const Panels &b, Value destination) {
  int64_t before = (llvm::divideCeil(length, chunk) - 1) * chunk; // what the last chunk follows
  if (before == 0) {
    return multiplyChunk(a, b, {destination}, emit.index(0), length, /*first=*/true,
                         /*last=*/true)[0];
  }
  int64_t panels = llvm::divideCeil(numColumns, options.columns);
  Value sums = emit.empty({panels, numRows, options.columns});
  sums = multiplyChunk(a, b, {sums}, emit.index(0), chunk, /*first=*/true, /*last=*/false)[0];
  sums = emit.loop(emit.index(chunk), emit.index(before), chunk, sums,
                   [&](Value k, ValueRange carried) {
                     return multiplyChunk(a, b, carried, k, chunk, /*first=*/false,
                                          /*last=*/false);
                   })[0];
  return multiplyChunk(a, b, {destination, sums}, emit.index(before), length - before,
                       /*first=*/false, /*last=*/true)[0];
}

/// `count` products more from `k` on for all sums. Carried are the sums, or, at the last chunk, the
/// destination and the sums so far if there are any.
SmallVector<Value> MatmulRewrite::multiplyChunk(Value a, const Panels &b, ValueRange carried,
                                                Value k, int64_t count, bool first, bool last) {
  int64_t rows = evenBlock(numRows, options.rows);
  int64_t wholeRows = numRows / rows * rows;
  int64_t wholePanels = numColumns / options.columns;
  int64_t restColumns = numColumns - wholePanels * options.columns;
  int64_t grouped = wholePanels / options.panels * options.panels;
  auto block = [&](Value panel, Value row, ValueRange in, int64_t blockRows, int64_t columns) {
    return multiplyBlock(a, b, in, {panel, row, k, blockRows, columns, count, first, last});
  };
  auto allRows = [&](Value panel, ValueRange in, int64_t columns) {
    SmallVector<Value> done = emit.loop(wholeRows, rows, in, [&](Value row, ValueRange inner) {
      return block(panel, row, inner, rows, columns);
    });
    return wholeRows == numRows
               ? done
               : block(panel, emit.index(wholeRows), done, numRows - wholeRows, columns);
  };
  // Panels side by side, then those that are left, then what is left of a panel.
  auto forPanels =
      [&](ValueRange in,
          function_ref<SmallVector<Value>(Value panel, ValueRange inner, int64_t columns)> body) {
        SmallVector<Value> done =
            emit.loop(grouped, options.panels, in, [&](Value panel, ValueRange inner) {
              return body(panel, inner, options.panels * options.columns);
            });
        done = emit.loop(
            emit.index(grouped), emit.index(wholePanels), 1, done,
            [&](Value panel, ValueRange inner) { return body(panel, inner, options.columns); });
        return restColumns == 0 ? done : body(emit.index(wholePanels), done, restColumns);
      };
  auto allPanels = [&](Value row, ValueRange in, int64_t blockRows) {
    return forPanels(in, [&](Value panel, ValueRange inner, int64_t columns) {
      return block(panel, row, inner, blockRows, columns);
    });
  };
  if (options.rowsInside) {
    return forPanels(carried, allRows);
  }
  SmallVector<Value> done = emit.loop(
      wholeRows, rows, carried, [&](Value row, ValueRange in) { return allPanels(row, in, rows); });
  return wholeRows == numRows ? done : allPanels(emit.index(wholeRows), done, numRows - wholeRows);
}

SmallVector<Value> MatmulRewrite::multiplyBlock(Value a, const Panels &b, ValueRange carried,
                                                const Block &block) {
  int64_t vectors = vectorsOf(block.columns);
  int64_t ofPanel = vectorsOfPanel();
  Value panel = emit.add(b.firstPanel, block.panel);
  Value firstColumn = emit.mul(block.panel, options.columns);
  auto vectorAt = [&](Value step, int64_t j) {
    Value k = emit.add(block.k, step);
    if (b.packed) {
      return vectorOf(b, panel, k, j);
    }
    bool inBounds = (j + 1) * emit.lanes() <= block.columns;
    Value column = emit.add(firstColumn, j * emit.lanes());
    return emit.extend(emit.read(b.tensor, at(layout.b, k, column), inBounds));
  };
  auto numberAt = [&](Value step, int64_t i) {
    Value k = emit.mul(emit.add(block.k, step), dot.perLane());
    SmallVector<Value> from = at(layout.a, emit.add(block.row, i), k);
    return dot.readNumbers(a, from);
  };
  // Sums so far: the last of what is carried.
  SmallVector<Value> sums(block.rows * vectors, emit.zero());
  auto sumAt = [&](int64_t i, int64_t j) {
    return SmallVector<Value>{emit.add(block.panel, j / ofPanel), emit.add(block.row, i),
                              emit.index(j % ofPanel * emit.lanes())};
  };
  for (int64_t i = 0; i < block.rows; ++i) {
    for (int64_t j = 0; j < vectors; ++j) {
      if (!block.first) {
        sums[i * vectors + j] = emit.read(carried.back(), sumAt(i, j));
      } else if (b.excess) {
        SmallVector<Value> at = sumAt(i, j);
        sums[i * vectors + j] = emit.sub(emit.zero(), emit.read(b.excess, {at[0], at[2]}));
      }
    }
  }
  RegisterBlock registers{block.rows, vectors, options.steps};
  auto prefetch = [&](Value step) {
    if (b.buffer) {
      // Of the next panel, or once more of the last one.
      int64_t rows = evenBlock(numRows, options.rows);
      Value part = block.rows == rows ? emit.floorDiv(block.row, rows) : emit.index(numRows / rows);
      Value next = emit.add(panel, llvm::divideCeil(block.columns, options.columns));
      next = emit.min(next, emit.index(b.panels - 1));
      emit.prefetchPart(b.buffer, {next, emit.add(block.k, step)}, part,
                        llvm::divideCeil(numRows, rows));
    }
  };
  sums = b.excess ? registers.addNumbers(dot, sums, block.length, vectorAt, numberAt, prefetch)
                  : registers.addProducts(dot, sums, block.length, vectorAt, numberAt, prefetch);
  SmallVector<Value> results(carried);
  if (block.last) {
    results.front() = storeBlock(sums, carried.front(), block);
    return results;
  }
  for (int64_t i = 0; i < block.rows; ++i) {
    for (int64_t j = 0; j < vectors; ++j) {
      results.front() = emit.write(sums[i * vectors + j], results.front(), sumAt(i, j));
    }
  }
  return results;
}

/// The result of a block, through the epilogue if there is one.
Value MatmulRewrite::storeBlock(ArrayRef<Value> sums, Value destination, const Block &block) {
  int64_t vectors = vectorsOf(block.columns);
  Value firstColumn = emit.mul(block.panel, options.columns);
  for (int64_t i = 0; i < block.rows; ++i) {
    for (int64_t j = 0; j < vectors; ++j) {
      int64_t count = std::min(emit.lanes(), block.columns - j * emit.lanes());
      SmallVector<Value> to =
          at(layout.c, emit.add(block.row, i), emit.add(firstColumn, j * emit.lanes()));
      Value value = sums[i * vectors + j];
      if (epilogue) {
        value = emitEpilogue(emit, epilogue, op->getResult(0), value, to,
                             /*inBounds=*/count == emit.lanes());
      }
      destination = emit.writeFirst(value, count, destination, to);
    }
  }
  return destination;
}

} // namespace

void rewriteAsPackedMatmul(RewriterBase &rewriter, linalg::LinalgOp op,
                           const MatmulOptions &options) {
  MatmulRewrite(rewriter, op, options).run();
}

} // namespace chameleon
