/** Smaller areas, in square pixels, are drawn together. */
const SMALLEST = 20;

/** A directory that is smaller, in pixels, is drawn without what it holds. */
const NARROWEST = 28;

/** A directory that is smaller is drawn without its name. */
const WITH_HEADER = 46;

const HEADER = 19;
const PADDING = 3;
const THIN_PADDING = 2;

/**
 * Divides a box among `sizes`, which fall, into rectangles that are as square as they can be and as
 * large as their sizes are (Bruls, Huizing, van Wijk: Squarified Treemaps, 2000).
 */
function squarify(sizes, box, place) {
  let { x, y, width, height } = box;
  let rest = sizes.reduce((sum, size) => sum + size, 0);
  for (let from = 0; from < sizes.length; ) {
    const side = Math.min(width, height);
    const scale = (width * height) / rest;
    let end = from;
    let sum = 0;
    for (let worst = Infinity; end < sizes.length; end++) {
      const longer = sum + sizes[end];
      const square = (longer * scale * longer) / (side * side);
      const next = Math.max(sizes[from] / square, square / sizes[end]);
      if (next > worst) {
        break;
      }
      worst = next;
      sum = longer;
    }
    const thickness = (sum * scale) / side;
    let along = 0;
    for (let at = from; at < end; at++) {
      const length = (sizes[at] / sum) * side;
      if (width >= height) {
        place(at, { x, y: y + along, width: thickness, height: length });
      } else {
        place(at, { x: x + along, y, width: length, height: thickness });
      }
      along += length;
    }
    if (width >= height) {
      x += thickness;
      width -= thickness;
    } else {
      y += thickness;
      height -= thickness;
    }
    rest -= sum;
    from = end;
  }
}

/**
 * What is drawn for a directory: cells, those of a directory after its own. A cell stands for a
 * name, with the names below it inside (`open`) or not, or (`rest` > 0) for so many small names in
 * the directory `row`, its children from `from` on. Where there is no room for a name, a directory
 * that is alone in another one stands for both.
 */
function layout(tree, directory, box) {
  const cells = [];
  fill(directory, box, 0);
  return cells;

  function fill(row, inside, depth) {
    const children = tree.children(row);
    const least = (SMALLEST * tree.bytes[row]) / (inside.width * inside.height);
    const sizes = [];
    let from = 0;
    let rest = 0;
    let small = 0;
    for (const child of children) {
      const bytes = tree.bytes[child];
      if (bytes >= least) {
        sizes.push(bytes);
        from++;
      } else if (bytes > 0) {
        rest++;
        small += bytes;
      }
    }
    if (rest > 0) {
      sizes.push(small);
    }
    squarify(sizes, inside, (at, place) => {
      if (at === from) {
        cells.push({ row, rest, from, depth, open: false, header: 0, ...place });
      } else {
        addName(children[at], place, depth);
      }
    });
  }

  function addName(row, place, depth) {
    const { width, height } = place;
    const open = tree.hasChildren(row) && width >= NARROWEST && height >= NARROWEST;
    const header = open && width >= WITH_HEADER && height >= WITH_HEADER ? HEADER : 0;
    const [child, next] = tree.children(row);
    if (open && !header && tree.hasChildren(child) && !(tree.bytes[next] > 0)) {
      addName(child, place, depth);
      return;
    }
    cells.push({ row, rest: 0, from: 0, depth, open, header, ...place });
    if (open) {
      const padding = header ? PADDING : THIN_PADDING;
      const inside = {
        x: place.x + padding,
        y: place.y + (header || padding),
        width: width - 2 * padding,
        height: height - padding - (header || padding),
      };
      fill(row, inside, depth + 1);
    }
  }
}

/** The last cell that holds the point: the innermost one. */
function cellAt(cells, x, y) {
  return cells.findLast(
    (cell) => x >= cell.x && x < cell.x + cell.width && y >= cell.y && y < cell.y + cell.height,
  );
}

/** The innermost cell that a row is drawn in. */
function placeOf(tree, cells, row) {
  return cells.findLast((cell) =>
    cell.rest > 0
      ? cell.row === tree.parent[row] && !cells.some((own) => own.rest === 0 && own.row === row)
      : tree.contains(cell.row, row),
  );
}

/**
 * The nearest cell in a direction among those beside `cell` in its directory, or beside one of the
 * directories that it is in.
 */
function neighbour(tree, cells, cell, dx, dy) {
  const [along, extent, across, breadth] =
    dx === 0 ? ["y", "height", "x", "width"] : ["x", "width", "y", "height"];
  const around = new Set([0, ...tree.way(homeOf(tree, cell))]);
  let best;
  let shortest = Infinity;
  for (const other of cells) {
    const beside = around.has(homeOf(tree, other)) && (other.rest > 0 || !around.has(other.row));
    const ahead = gap(cell, other, along, extent, dx + dy);
    if (other === cell || !beside || ahead < -1) {
      continue;
    }
    const length = ahead + 2 * distance(cell, other, across, breadth) - 0.001 * other.depth;
    if (length < shortest) {
      shortest = length;
      best = other;
    }
  }
  return best;
}

/** The directory that a cell's names stand in. */
function homeOf(tree, cell) {
  return cell.rest > 0 ? cell.row : tree.parent[cell.row];
}

/** How far `other` begins behind the end of `cell` in a direction; negative when it does not. */
function gap(cell, other, start, extent, direction) {
  return direction > 0
    ? other[start] - (cell[start] + cell[extent])
    : cell[start] - (other[start] + other[extent]);
}

/** How far the middle of `cell` lies outside of `other`, across the direction. */
function distance(cell, other, start, extent) {
  const middle = cell[start] + cell[extent] / 2;
  return Math.max(0, other[start] - middle, middle - other[start] - other[extent]);
}
