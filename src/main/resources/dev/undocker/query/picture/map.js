const FONT = getComputedStyle(document.documentElement).fontFamily || "sans-serif";
const ZOOM_MILLISECONDS = 240;
const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * The treemap on its canvas: one directory with all that it holds. It says what was chosen
 * (`events.chosen(cell)`), wants to show another directory (`events.zoom(row)`) and asks for
 * elements that say what a cell is (`events.words(cell)`).
 */
class TreeMap {
  #canvas;
  #pen;
  #tip;
  #palette;
  #events;
  #tree;
  #directory = 0;
  #cells = [];
  #chosen;
  #hovered;
  #touched;
  #layer = 0;
  #picture = new OffscreenCanvas(1, 1);
  #width = 0;
  #height = 0;
  #scale = 1;
  #animation = 0;

  constructor(canvas, tip, palette, events) {
    this.#canvas = canvas;
    this.#pen = canvas.getContext("2d");
    this.#tip = tip;
    this.#palette = palette;
    this.#events = events;
    new ResizeObserver(() => this.#resize()).observe(canvas);
    canvas.addEventListener("pointermove", (event) => this.#hover(event));
    canvas.addEventListener("pointerleave", () => this.#leave());
    canvas.addEventListener("click", (event) => this.#click(event));
    canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Shows a directory of a tree; within one tree, by zooming there. */
  show(tree, directory) {
    const before =
      tree === this.#tree && directory !== this.#directory
        ? { directory: this.#directory, cells: this.#cells, picture: this.#snapshot() }
        : null;
    this.#tree = tree;
    this.#directory = directory;
    this.#leave();
    this.#chosen = undefined;
    this.#arrange();
    if (before) {
      this.#zoom(before);
    }
  }

  /** Chooses a row, whether or not it is large enough to be seen; without one the largest thing. */
  choose(row) {
    this.#take(row === undefined ? this.#cells[0] : this.#cellFor(row));
  }

  #take(cell) {
    this.#chosen = cell;
    this.#events.chosen(cell);
    this.#draw();
  }

  /** The cell of a row, or one for it in the place of what it is drawn together with. */
  #cellFor(row) {
    const place = placeOf(this.#tree, this.#cells, row);
    const own = place?.rest === 0 && place.row === row;
    return own ? place : { x: 0, y: 0, width: 0, height: 0, ...place, row, rest: 0, open: false };
  }

  get chosen() {
    return this.#chosen;
  }

  /** Dims all but a layer; 0 for none. */
  highlight(layer) {
    this.#layer = layer;
    this.repaint();
  }

  /** Dims all rows that are not marked; undefined for none. */
  mark(touched) {
    this.#touched = touched;
    this.repaint();
  }

  #resize() {
    const { clientWidth, clientHeight } = this.#canvas;
    const scale = window.devicePixelRatio || 1;
    if (clientWidth === this.#width && clientHeight === this.#height && scale === this.#scale) {
      return;
    }
    this.#width = clientWidth;
    this.#height = clientHeight;
    this.#scale = scale;
    this.#canvas.width = this.#picture.width = Math.max(1, Math.round(clientWidth * scale));
    this.#canvas.height = this.#picture.height = Math.max(1, Math.round(clientHeight * scale));
    this.#arrange();
    this.choose(this.#chosen?.rest === 0 ? this.#chosen.row : undefined);
  }

  #arrange() {
    const box = { x: 2, y: 2, width: this.#width - 4, height: this.#height - 4 };
    const seen = box.width > 0 && box.height > 0 && this.#tree.bytes[this.#directory] > 0;
    this.#cells = seen ? layout(this.#tree, this.#directory, box) : [];
    this.repaint();
  }

  /** Draws everything anew, as when colours have changed. */
  repaint() {
    const pen = this.#picture.getContext("2d");
    const painter = new Painter(pen, this.#scale, this.#palette, this.#tree);
    painter.paint(this.#cells, (cell) => this.#dim(cell), this.#layer);
    this.#draw();
  }

  #dim(cell) {
    return this.#touched !== undefined && !this.#touched[cell.row];
  }

  /** The picture and, above it, what is chosen and what the pointer is on. */
  #draw() {
    if (this.#animation) {
      return;
    }
    const pen = this.#pen;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    pen.drawImage(this.#picture, 0, 0);
    pen.scale(this.#scale, this.#scale);
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--ink");
    const page = style.getPropertyValue("--surface");
    if (this.#hovered) {
      this.#outline(this.#hovered, 3, page);
      this.#outline(this.#hovered, 1.5, ink);
    }
    if (this.#chosen?.width > 0) {
      this.#outline(this.#chosen, 5.5, page);
      this.#outline(this.#chosen, 2.5, ink);
    }
  }

  #outline(cell, width, colour) {
    const pen = this.#pen;
    const inside = (extent) => Math.max(1, extent - 1);
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.beginPath();
    pen.roundRect(cell.x + 0.5, cell.y + 0.5, inside(cell.width), inside(cell.height), 3);
    pen.stroke();
  }

  #snapshot() {
    const copy = new OffscreenCanvas(this.#picture.width, this.#picture.height);
    copy.getContext("2d").drawImage(this.#picture, 0, 0);
    return copy;
  }

  /** Flies between two pictures: each frame is two images, however much is on them. */
  #zoom(before) {
    cancelAnimationFrame(this.#animation);
    this.#animation = 0;
    const inward = this.#tree.contains(before.directory, this.#directory);
    const outward = this.#tree.contains(this.#directory, before.directory);
    const outer = inward ? before.cells : this.#cells;
    const at = inward ? this.#directory : before.directory;
    const hole = placeOf(this.#tree, outer, at);
    if (!(inward || outward) || !hole || matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.#draw();
      return;
    }
    const outerPicture = inward ? before.picture : this.#snapshot();
    const innerPicture = inward ? this.#snapshot() : before.picture;
    let start;
    const frame = (now) => {
      start ??= now;
      const passed = Math.min(1, (now - start) / ZOOM_MILLISECONDS);
      const eased = 1 - (1 - passed) ** 3;
      this.#fly(outerPicture, innerPicture, hole, inward ? eased : 1 - eased);
      if (passed < 1) {
        this.#animation = requestAnimationFrame(frame);
      } else {
        this.#animation = 0;
        this.#draw();
      }
    };
    this.#animation = requestAnimationFrame(frame);
  }

  /** @param share 0 shows the outer picture, 1 the inner one, which fills the hole in it */
  #fly(outer, inner, hole, share) {
    const pen = this.#pen;
    const mix = (from, to) => from + (to - from) * share;
    const x = mix(0, hole.x);
    const y = mix(0, hole.y);
    const zoomX = this.#width / mix(this.#width, hole.width);
    const zoomY = this.#height / mix(this.#height, hole.height);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    pen.scale(this.#scale * zoomX, this.#scale * zoomY);
    pen.translate(-x, -y);
    pen.drawImage(outer, 0, 0, this.#width, this.#height);
    pen.globalAlpha = share;
    pen.drawImage(inner, hole.x, hole.y, hole.width, hole.height);
    pen.globalAlpha = 1;
  }

  #hover(event) {
    const cell = event.pointerType === "touch" ? undefined : this.#cellOf(event);
    if (cell !== this.#hovered) {
      this.#hovered = cell;
      this.#tip.hidden = !cell;
      if (cell) {
        this.#tip.replaceChildren(...this.#events.words(cell));
      }
      this.#draw();
    }
    if (cell) {
      this.#placeTip(event.offsetX, event.offsetY);
    }
  }

  #placeTip(x, y) {
    const { offsetWidth, offsetHeight } = this.#tip;
    const left = Math.max(4, Math.min(x + 14, this.#width - offsetWidth - 4));
    const below = y + 18 + offsetHeight < this.#height;
    const top = below ? y + 18 : Math.max(4, y - offsetHeight - 12);
    this.#tip.style.transform = `translate(${left}px, ${top}px)`;
  }

  #leave() {
    this.#hovered = undefined;
    this.#tip.hidden = true;
    this.#draw();
  }

  #cellOf(event) {
    return cellAt(this.#cells, event.offsetX, event.offsetY);
  }

  #click(event) {
    const cell = this.#cellOf(event);
    if (!cell) {
      return;
    }
    if (cell === this.#chosen) {
      this.#events.zoom(this.inward(cell));
    } else {
      this.#take(cell);
    }
  }

  /** The directory to show for a closer look at a cell. */
  inward(cell) {
    return this.#tree.hasChildren(cell.row) ? cell.row : this.#tree.parent[cell.row];
  }

  #move(x, y) {
    const next = this.#chosen && neighbour(this.#tree, this.#cells, this.#chosen, x, y);
    if (next) {
      this.#leave();
      this.#take(next);
    }
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    if (event.key in ARROWS) {
      this.#move(...ARROWS[event.key]);
    } else if (event.key === "Enter" || event.key === " ") {
      if (this.#chosen) {
        this.#events.zoom(this.inward(this.#chosen));
      }
    } else if (event.key === "Escape" || event.key === "Backspace") {
      this.#events.zoom(this.#tree.parent[this.#directory]);
    } else if (event.key === "Home") {
      this.#events.zoom(0);
    } else {
      return;
    }
    event.preventDefault();
  }
}
