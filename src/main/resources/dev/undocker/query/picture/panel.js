/** Longer lists end in a line that says how much is left. */
const LISTED = 100;

/**
 * The lists beside the map: the layers, and names. They say which layer is highlighted
 * (`events.layer(number)`; 0 for none) and which row to go to (`events.open(row)`).
 */
class Panel {
  #layers;
  #palette;
  #events;
  #highlighted = 0;

  constructor(layers, palette, events) {
    this.#layers = layers;
    this.#palette = palette;
    this.#events = events;
  }

  /** The layers, with what is theirs in a tree. */
  listLayers(title, tree) {
    const sums = new Map(tree.byLayer([0]));
    const most = Math.max(1, ...sums.values());
    element("layers-heading").textContent = title;
    element("layers").replaceChildren(
      ...this.#layers.map((layer, index) => {
        const number = index + 1;
        return listed(this.#layerEntry(layer, number, sums.get(number) ?? 0, most));
      }),
    );
    this.#press();
  }

  #layerEntry(layer, number, bytes, most) {
    const entry = button(
      () => this.#highlight(number),
      this.#palette.chip([[number, 1]]),
      unseen(`Layer ${number}: `),
      make("span", layer.step ?? "build step not stated", "text"),
      make("span", formatBytes(bytes), "size"),
      bar(bytes / most),
      make("span", `${layer.digest}, ${formatBytes(layer.stored)} stored`, "where"),
    );
    entry.dataset.layer = number;
    return entry;
  }

  #highlight(number) {
    this.#highlighted = this.#highlighted === number ? 0 : number;
    this.#press();
    this.#events.layer(this.#highlighted);
  }

  #press() {
    for (const entry of element("layers").querySelectorAll("button")) {
      const pressed = Number(entry.dataset.layer) === this.#highlighted;
      entry.setAttribute("aria-pressed", pressed);
      if (pressed) {
        entry.scrollIntoView({ block: "nearest" });
      }
    }
  }

  /**
   * @param rows the largest first
   * @param apart true when they are not all in one directory
   */
  listNames(title, tree, rows, apart) {
    const most = Math.max(1, tree.bytes[rows[0] ?? 0]);
    const shown = Array.from(rows.slice(0, LISTED));
    element("list-heading").textContent = title;
    element("list").replaceChildren(
      ...shown.map((row) => listed(this.#nameEntry(tree, row, most, apart))),
    );
    const left = rows.length - shown.length;
    element("more").textContent = left > 0 ? `and ${left.toLocaleString("en")} more` : "";
  }

  #nameEntry(tree, row, most, apart) {
    const directory = tree.hasChildren(row);
    const entry = button(
      () => this.#events.open(row),
      this.#palette.chip(directory ? tree.byLayer([row]) : [[tree.layer[row], 1]]),
      make("span", tree.name[row] + (directory ? "/" : ""), "text"),
      make("span", formatBytes(tree.bytes[row]), "size"),
      bar(tree.bytes[row] / most),
    );
    if (apart) {
      entry.append(make("span", tree.path(tree.parent[row]), "where"));
    }
    if (!directory) {
      entry.append(unseen(`, layer ${tree.layer[row]}`));
    }
    return entry;
  }
}
