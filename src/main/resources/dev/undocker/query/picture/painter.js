const FAINT = 0.16;

/** Draws cells. */
class Painter {
  #pen;
  #scale;
  #palette;
  #tree;

  constructor(pen, scale, palette, tree) {
    this.#pen = pen;
    this.#scale = scale;
    this.#palette = palette;
    this.#tree = tree;
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name);
    this.grounds = [colour("--directory"), colour("--directory-odd")];
    this.gap = colour("--gap");
    this.ink = colour("--ink");
    this.quiet = colour("--quiet");
  }

  /**
   * @param dim says of a cell whether it is only hinted at
   * @param layer all others are only hinted at; 0 for none
   */
  paint(cells, dim, layer) {
    const pen = this.#pen;
    pen.setTransform(this.#scale, 0, 0, this.#scale, 0, 0);
    pen.globalAlpha = 1;
    pen.fillStyle = this.grounds[0];
    pen.fillRect(0, 0, pen.canvas.width, pen.canvas.height);
    pen.textBaseline = "middle";
    for (const cell of cells) {
      if (cell.open) {
        this.#directory(cell, dim(cell));
      } else {
        this.#content(cell, dim(cell), layer);
      }
    }
    pen.globalAlpha = 1;
  }

  #directory(cell, dim) {
    const pen = this.#pen;
    const { x, y, width, height } = cell;
    pen.fillStyle = this.grounds[(cell.depth + 1) % 2];
    pen.strokeStyle = this.gap;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.roundRect(x + 1, y + 1, width - 2, height - 2, Math.min(5, width / 6));
    pen.fill();
    pen.stroke();
    if (cell.header) {
      pen.globalAlpha = dim ? 0.5 : 1;
      const size = formatBytes(this.#tree.bytes[cell.row]);
      const room = width - 14;
      const sizeWidth = this.#measure(size, 11, 400);
      const withSize = room > sizeWidth + 60;
      pen.fillStyle = this.quiet;
      if (withSize) {
        this.#text(size, x + width - 7 - sizeWidth, y + 11, sizeWidth + 2, 11, 400);
      }
      pen.fillStyle = this.ink;
      const left = withSize ? room - sizeWidth - 8 : room;
      this.#text(this.#tree.name[cell.row], x + 7, y + 11, left, 12, 600);
      pen.globalAlpha = 1;
    }
  }

  #content(cell, dim, layer) {
    const pen = this.#pen;
    const seam = cell.width > 7 && cell.height > 7 ? 1 : 0.5;
    const x = cell.x + seam / 2;
    const y = cell.y + seam / 2;
    const width = Math.max(0.5, cell.width - seam);
    const height = Math.max(0.5, cell.height - seam);
    const shares = this.#shares(cell).map(([number, bytes]) => {
      const faint = dim || (layer !== 0 && layer !== number);
      return [number, bytes, faint ? FAINT : 1];
    });
    this.#palette.fillShares(pen, shares, this.#scale, x, y, width, height);
    if (shares.length === 1 && width > 34 && height > 14) {
      this.#label(cell, shares[0][0], shares[0][2] < 1, x, y, width, height);
    }
  }

  #shares(cell) {
    const tree = this.#tree;
    if (cell.rest > 0) {
      return tree.byLayer(tree.children(cell.row).subarray(cell.from));
    }
    return tree.hasChildren(cell.row) ? tree.byLayer([cell.row]) : [[tree.layer[cell.row], 1]];
  }

  #label(cell, layer, faint, x, y, width, height) {
    const pen = this.#pen;
    const margin = width < 64 ? 3 : 6;
    const room = width - 2 * margin + 1;
    const name =
      cell.rest > 0 ? `${cell.rest.toLocaleString("en")} smaller` : this.#tree.name[cell.row];
    pen.fillStyle = faint ? this.quiet : LABEL_INK;
    const halo = faint ? null : this.#palette.colour(layer);
    this.#text(name, x + margin, y + (height < 20 ? height / 2 : 11), room, 12, 500, halo);
    const size = cell.rest > 0 ? "" : formatBytes(this.#tree.bytes[cell.row]);
    const number = "layer " + layer;
    const both = [size, number].filter((part) => part !== "").join(" · ");
    const fits = (line) => line !== "" && this.#measure(line, 11, 400) <= room;
    const lines = fits(both) ? [both] : [size, number].filter(fits);
    lines.forEach((line, at) => {
      if (height > 33 + 14 * at) {
        this.#text(line, x + margin, y + 26 + 14 * at, room, 11, 400, halo);
      }
    });
  }

  /** Text that ends in … where there is no room. A halo keeps a pattern off the letters. */
  #text(text, x, y, room, size, weight, halo) {
    const pen = this.#pen;
    pen.font = `${weight} ${size}px ${FONT}`;
    let shown = text;
    if (this.#measure(text, size, weight) > room) {
      let low = 0;
      let high = Math.min(text.length, Math.ceil(room / 2));
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (pen.measureText(text.slice(0, middle) + "…").width <= room) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      if (low < 2) {
        return;
      }
      shown = text.slice(0, low) + "…";
    }
    if (halo) {
      pen.lineWidth = 3;
      pen.lineJoin = "round";
      pen.strokeStyle = halo;
      pen.strokeText(shown, x, y);
    }
    pen.fillText(shown, x, y);
  }

  #measure(text, size, weight) {
    this.#pen.font = `${weight} ${size}px ${FONT}`;
    return this.#pen.measureText(text).width;
  }
}
