"use strict";

/** Five values a name: the row of its directory, the name, its bytes, its layer, and one more. */
const COLUMNS = 5;

/**
 * Names in rows, a directory before what it holds; row 0 is the root. A row's mark is 0 for a
 * directory, and else the business of who draws it.
 */
class Tree {
  constructor(values) {
    const count = values.length / COLUMNS;
    this.count = count;
    this.parent = new Int32Array(count);
    this.name = new Array(count);
    this.bytes = new Float64Array(count);
    this.layer = new Uint16Array(count);
    this.mark = new Array(count);
    this.below = new Int32Array(count);
    this.first = new Int32Array(count + 1);
    for (let row = 0, at = 0; row < count; row++) {
      this.parent[row] = values[at++];
      this.name[row] = values[at++];
      this.bytes[row] = values[at++];
      this.layer[row] = values[at++];
      this.mark[row] = values[at++];
      if (row > 0) {
        this.first[this.parent[row] + 1]++;
      }
    }
    this.#sumUp();
    this.#order();
  }

  #sumUp() {
    for (let row = this.count - 1; row > 0; row--) {
      this.bytes[this.parent[row]] += this.bytes[row];
      this.below[this.parent[row]] += this.below[row] + 1;
    }
  }

  /** The rows of each directory side by side, the largest first. */
  #order() {
    for (let row = 0; row < this.count; row++) {
      this.first[row + 1] += this.first[row];
    }
    this.rows = new Int32Array(Math.max(0, this.count - 1));
    const next = this.first.slice();
    for (let row = 1; row < this.count; row++) {
      this.rows[next[this.parent[row]]++] = row;
    }
    for (let row = 0; row < this.count; row++) {
      if (this.hasChildren(row)) {
        this.children(row).sort((a, b) => this.bytes[b] - this.bytes[a] || a - b);
      }
    }
  }

  /** What a directory holds, the largest first. */
  children(row) {
    return this.rows.subarray(this.first[row], this.first[row + 1]);
  }

  hasChildren(row) {
    return this.first[row + 1] > this.first[row];
  }

  /** The rows from below the root down to `row`. */
  way(row) {
    const way = [];
    for (let at = row; at > 0; at = this.parent[at]) {
      way.unshift(at);
    }
    return way;
  }

  path(row) {
    return "/" + this.way(row).map((at) => this.name[at]).join("/");
  }

  contains(directory, row) {
    let at = row;
    while (at > directory) {
      at = this.parent[at];
    }
    return at === directory;
  }

  /** Bytes by layer of these rows and all below them. */
  byLayer(rows) {
    const sums = new Map();
    const waiting = Array.from(rows);
    while (waiting.length > 0) {
      const row = waiting.pop();
      if (this.hasChildren(row)) {
        for (const child of this.children(row)) {
          waiting.push(child);
        }
      } else if (this.bytes[row] > 0) {
        sums.set(this.layer[row], (sums.get(this.layer[row]) ?? 0) + this.bytes[row]);
      }
    }
    return [...sums].sort((a, b) => a[0] - b[0]);
  }

  /**
   * The rows whose path has `text` in it, whatever the case, so that it reaches into the last name;
   * and for every row whether one of them is at or below it.
   */
  search(text) {
    this.folded ??= this.#fold();
    const wanted = text.toLowerCase();
    const found = [];
    const touched = new Uint8Array(this.count);
    for (let row = this.count - 1; row > 0; row--) {
      const at = this.folded[row].lastIndexOf(wanted);
      if (at >= 0 && at + wanted.length > this.folded[this.parent[row]].length + 1) {
        found.push(row);
        touched[row] = 1;
      }
      if (touched[row]) {
        touched[this.parent[row]] = 1;
      }
    }
    found.sort((a, b) => this.bytes[b] - this.bytes[a] || a - b);
    return { found, touched };
  }

  #fold() {
    const folded = new Array(this.count);
    folded[0] = "";
    for (let row = 1; row < this.count; row++) {
      folded[row] = folded[this.parent[row]] + "/" + this.name[row].toLowerCase();
    }
    return folded;
  }
}
