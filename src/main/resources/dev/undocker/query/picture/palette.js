/**
 * Paul Tol's "light" colours, which people of any colour vision tell apart and dark text is
 * readable on (https://sronpersonalpages.nl/~pault/), in an order that keeps neighbours far apart.
 */
const COLOURS = {
  light: ["#77aadd", "#ee8866", "#44bb99", "#eedd88", "#ffaabb", "#99ddff", "#bbcc33", "#dddddd"],
  dark: ["#6397cc", "#d8734f", "#35a383", "#d4bf62", "#e2899c", "#7cc4e8", "#a5b32a", "#b9b9b9"],
};

/** Lines in a square of 8 pixels; each layer has a colour and a pattern, 56 layers another pair. */
const PATTERNS = [
  "",
  "M-2 2 2-2M-2 10 10-2M6 10 10 6",
  "M2 1.5v1M6 5.5v1",
  "M0 4h8",
  "M-2 6 2 10M-2-2 10 10M6-2 10 2",
  "M4 0v8",
  "M0 0 8 8M8 0 0 8",
];

const PATTERN_INK = "rgb(20 20 20 / .26)";
const LABEL_INK = "#151412";

/** How layers look. Layer 1 is the base. */
class Palette {
  dark = false;
  #patterns = new Map();

  colour(layer) {
    const colours = this.dark ? COLOURS.dark : COLOURS.light;
    return colours[(layer - 1) % colours.length];
  }

  /** A pattern to fill with, or null for a layer without. */
  pattern(layer, context, scale) {
    const index = (layer - 1) % PATTERNS.length;
    const key = index + "@" + scale;
    if (PATTERNS[index] !== "" && !this.#patterns.has(key)) {
      const size = Math.round(8 * scale);
      const tile = new OffscreenCanvas(size, size);
      const pen = tile.getContext("2d");
      pen.scale(size / 8, size / 8);
      pen.strokeStyle = PATTERN_INK;
      pen.lineWidth = index === 2 ? 1.6 : 1;
      pen.lineCap = index === 2 ? "round" : "butt";
      pen.stroke(new Path2D(PATTERNS[index]));
      const pattern = context.createPattern(tile, "repeat");
      pattern.setTransform(new DOMMatrix().scale(8 / size));
      this.#patterns.set(key, pattern);
    }
    return this.#patterns.get(key) ?? null;
  }

  /** Fills a rectangle as the layer looks. */
  fill(context, layer, scale, x, y, width, height) {
    context.fillStyle = this.colour(layer);
    context.fillRect(x, y, width, height);
    const pattern = this.pattern(layer, context, scale);
    if (pattern) {
      context.fillStyle = pattern;
      context.fillRect(x, y, width, height);
    }
  }

  /**
   * Fills a rectangle with the layers' shares of it along its longer side: `[layer, bytes]` each,
   * or with an opacity as the third.
   */
  fillShares(context, shares, scale, x, y, width, height) {
    let total = 0;
    for (const [, bytes] of shares) {
      total += bytes;
    }
    let before = 0;
    for (const [layer, bytes, alpha = 1] of shares) {
      context.globalAlpha = alpha;
      const share = bytes / total;
      if (width >= height) {
        this.fill(context, layer, scale, x + before * width, y, share * width, height);
      } else {
        this.fill(context, layer, scale, x, y + before * height, width, share * height);
      }
      before += share;
    }
    context.globalAlpha = 1;
  }

  /** A small piece of what layers look like; of a single one with its number on it. */
  chip(shares) {
    const scale = window.devicePixelRatio || 1;
    const canvas = document.createElement("canvas");
    canvas.className = "chip";
    canvas.width = 30 * scale;
    canvas.height = 20 * scale;
    canvas.setAttribute("aria-hidden", "true");
    const context = canvas.getContext("2d");
    context.scale(scale, scale);
    this.fillShares(context, shares, scale, 0, 0, 30, 20);
    if (shares.length === 1) {
      this.#number(context, shares[0][0]);
    }
    return canvas;
  }

  #number(context, layer) {
    context.font = "600 12px " + FONT;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.strokeStyle = this.colour(layer);
    context.strokeText(layer, 15, 10.5);
    context.fillStyle = LABEL_INK;
    context.fillText(layer, 15, 10.5);
  }
}
