/** What a name is, by the number in the data. */
const KINDS = [
  "directory",
  "file",
  "further name of a file",
  "symbolic link",
  "character device",
  "block device",
  "FIFO",
];

/** Decimal units, three digits. */
function formatBytes(bytes) {
  if (bytes < 1000) {
    return bytes + " B";
  }
  let value = bytes;
  let unit = -1;
  while (value >= 999.5 && unit < 3) {
    value /= 1000;
    unit++;
  }
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0) + " " + "kMGT"[unit] + "B";
}

function counted(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** Says in words what the map shows. */
class Wording {
  #layers;

  constructor(layers) {
    this.#layers = layers;
  }

  /** What a cell is: its path and what there is to say of it, as two elements. */
  ofCell(view, cell) {
    const { tree } = view;
    const { row } = cell;
    if (cell.rest > 0) {
      const title = `${counted(cell.rest, "smaller thing")} in ${tree.path(row)}`;
      const rows = tree.children(row).subarray(cell.from);
      const bytes = rows.reduce((sum, child) => sum + tree.bytes[child], 0);
      return [make("b", title), make("span", this.#share(tree, bytes))];
    }
    const share = this.#share(tree, tree.bytes[row]);
    const layer = this.#layer(tree.layer[row]);
    const facts = tree.hasChildren(row)
      ? [counted(tree.below[row], "path") + " below", share]
      : view.wasted
        ? [share, `from ${layer}`, `hidden by ${this.#layer(tree.mark[row])}`]
        : [KINDS[tree.mark[row]], share, layer];
    return [make("b", tree.path(row)), make("span", facts.join(" · "))];
  }

  #share(tree, bytes) {
    const share = (100 * bytes) / tree.bytes[0];
    const rounded = bytes > 0 && share < 0.1 ? "< 0.1" : share.toFixed(1);
    return tree.bytes[0] > 0 ? `${formatBytes(bytes)}, ${rounded} %` : formatBytes(bytes);
  }

  #layer(number) {
    const step = this.#layers[number - 1]?.step;
    return step ? `layer ${number}: ${step}` : `layer ${number}`;
  }
}
