/** Longer lists end in a line that says how much is left. */
const LISTED = 100;

const KINDS = [
  "directory",
  "file",
  "further name of a file",
  "symbolic link",
  "character device",
  "block device",
  "FIFO",
];

const element = (id) => document.getElementById(id);
const counted = (number, noun) =>
  `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

/** The page around the map. */
class Page {
  #image;
  #palette = new Palette();
  #kept;
  #wasted;
  #tree;
  #directory = 0;
  #layer = 0;
  #map;

  constructor(image) {
    this.#image = image;
    this.#kept = new Tree(image.kept);
    this.#wasted = new Tree(image.wasted);
    this.#map = new TreeMap(element("map"), element("tip"), this.#palette, {
      chosen: (cell) => this.#chosen(cell),
      zoom: (row) => this.#zoom(row),
      words: (cell) => this.#words(cell),
    });
    this.#describe();
    element("kept").addEventListener("click", () => this.#view(this.#kept));
    element("wasted").addEventListener("click", () => this.#view(this.#wasted));
    element("in").addEventListener("click", () => this.#zoom(this.#map.inward(this.#map.chosen)));
    element("out").addEventListener("click", () => this.#zoom(this.#tree.parent[this.#directory]));
    element("search").addEventListener("input", () => this.#search());
    element("search").addEventListener("keydown", (event) => this.#searchKey(event));
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => this.#recolour(dark.matches));
    this.#palette.dark = dark.matches;
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && !event.ctrlKey && !event.metaKey && event.target.tagName !== "INPUT") {
        event.preventDefault();
        element("search").select();
        element("search").focus();
      }
    });
    this.#view(this.#kept);
  }

  #describe() {
    const image = this.#image;
    const bytes = this.#kept.bytes[0];
    const wasted = this.#wasted.bytes[0];
    document.title = `${image.name} – undocker`;
    element("name").textContent = image.name;
    element("summary").textContent = [
      formatBytes(bytes),
      counted(this.#kept.count - 1, "path"),
      counted(image.layers.length, "layer"),
      wasted > 0 ? `${formatBytes(wasted)} wasted` : "nothing wasted",
    ].join(" · ");
    for (const [name, value] of image.facts) {
      element("facts").append(make("dt", name), make("dd", value));
    }
  }

  #view(tree) {
    this.#tree = tree;
    this.#directory = 0;
    element("kept").setAttribute("aria-pressed", tree === this.#kept);
    element("wasted").setAttribute("aria-pressed", tree === this.#wasted);
    const empty = tree.bytes[0] === 0;
    element("nothing").hidden = !empty;
    element("nothing").textContent =
      tree === this.#wasted
        ? "Nothing is wasted: no layer replaces or removes what another one brought."
        : "There is no content: all files are empty.";
    const caption =
      tree === this.#wasted
        ? "What higher layers hide, yet the image carries"
        : "Files of the image, by layer";
    element("caption").textContent = caption;
    element("map").setAttribute("aria-label", caption);
    element("layers-heading").textContent =
      tree === this.#wasted ? "Layers, by bytes wasted" : "Layers, by bytes in use";
    this.#map.show(tree, 0);
    this.#listLayers();
    this.#search();
    this.#arrived();
  }

  #recolour(dark) {
    this.#palette.dark = dark;
    this.#map.repaint();
    this.#listLayers();
    this.#search();
  }

  #zoom(row) {
    if (row === this.#directory) {
      return;
    }
    const before = this.#directory;
    this.#directory = row;
    const chosen = this.#map.chosen;
    this.#map.show(this.#tree, row);
    const outward = this.#tree.contains(row, before);
    const kept = outward ? before : chosen?.rest === 0 ? chosen.row : row;
    this.#arrived(this.#tree.way(kept).find((at) => this.#tree.parent[at] === row));
    if (element("search").value === "") {
      this.#list();
    }
  }

  #arrived(row) {
    this.#map.choose(row);
    const way = [0, ...this.#tree.way(this.#directory)];
    element("way").replaceChildren(
      ...way.map((at) => {
        const item = document.createElement("li");
        const name = at === 0 ? "/" : this.#tree.name[at];
        if (at === this.#directory) {
          const here = make("span", name);
          here.setAttribute("aria-current", "location");
          item.append(here);
        } else {
          item.append(button(() => this.#zoom(at), name));
        }
        return item;
      }),
    );
    element("out").disabled = this.#directory === 0;
    this.#allowIn();
  }

  #chosen(cell) {
    element("chosen").replaceChildren(...(cell ? this.#words(cell) : []));
    this.#allowIn();
  }

  #allowIn() {
    const cell = this.#map.chosen;
    element("in").disabled = !cell || this.#map.inward(cell) === this.#directory;
  }

  /** What a cell is, as elements. */
  #words(cell) {
    const tree = this.#tree;
    const row = cell.row;
    if (cell.rest > 0) {
      let bytes = 0;
      for (const child of tree.children(row).subarray(cell.from)) {
        bytes += tree.bytes[child];
      }
      return [
        make("b", `${counted(cell.rest, "smaller thing")} in ${tree.path(row)}`),
        make("span", this.#share(bytes)),
      ];
    }
    const text = [];
    if (tree.hasChildren(row)) {
      text.push(counted(tree.below[row], "path") + " below");
    } else if (tree === this.#kept) {
      text.push(KINDS[tree.mark[row]]);
    }
    text.push(this.#share(tree.bytes[row]));
    if (!tree.hasChildren(row)) {
      text.push(this.#origin(row));
    }
    return [make("b", tree.path(row)), make("span", text.join(" · "))];
  }

  #share(bytes) {
    const share = (100 * bytes) / this.#tree.bytes[0];
    const rounded = share < 0.1 ? "< 0.1" : share.toFixed(1);
    return `${formatBytes(bytes)}, ${rounded} %`;
  }

  #origin(row) {
    const layer = this.#named(this.#tree.layer[row]);
    return this.#tree === this.#kept
      ? layer
      : `from ${layer} · hidden by ${this.#named(this.#tree.mark[row])}`;
  }

  #named(number) {
    const step = this.#image.layers[number - 1]?.step;
    return step ? `layer ${number}: ${step}` : `layer ${number}`;
  }

  #listLayers() {
    const sums = new Map(this.#tree.byLayer([0]));
    const most = Math.max(1, ...sums.values());
    element("layers").replaceChildren(
      ...this.#image.layers.map((layer, index) => {
        const number = index + 1;
        const bytes = sums.get(number) ?? 0;
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
        entry.setAttribute("aria-pressed", number === this.#layer);
        return listed(entry);
      }),
    );
  }

  #highlight(number) {
    this.#layer = this.#layer === number ? 0 : number;
    for (const entry of element("layers").querySelectorAll("button")) {
      entry.setAttribute("aria-pressed", Number(entry.dataset.layer) === this.#layer);
    }
    element("layers").querySelector("[aria-pressed=true]")?.scrollIntoView({ block: "nearest" });
    this.#map.highlight(this.#layer);
  }

  #search() {
    const text = element("search").value;
    if (text === "") {
      this.#map.mark(undefined);
      this.#list();
    } else {
      const { found, touched } = this.#tree.search(text);
      this.#map.mark(touched);
      this.#listRows(`${counted(found.length, "path")} found`, found, text);
    }
  }

  #searchKey(event) {
    if (event.key === "Escape") {
      element("search").value = "";
      this.#search();
      element("map").focus();
    } else if (event.key === "Enter" || event.key === "ArrowDown") {
      element("list").querySelector("button")?.focus();
    } else {
      return;
    }
    event.preventDefault();
  }

  /** The directory that is shown, as a list. */
  #list() {
    const children = this.#tree.children(this.#directory);
    this.#listRows(`In ${this.#tree.path(this.#directory)}`, children);
  }

  #listRows(title, rows, text) {
    element("list-heading").textContent = title;
    const most = Math.max(1, this.#tree.bytes[rows[0] ?? 0]);
    const shown = Array.from(rows.slice(0, LISTED));
    element("list").replaceChildren(...shown.map((row) => listed(this.#entry(row, most, text))));
    const left = rows.length - shown.length;
    element("more").textContent = left > 0 ? `and ${left.toLocaleString("en")} more` : "";
  }

  #entry(row, most, text) {
    const tree = this.#tree;
    const directory = tree.hasChildren(row);
    const name = tree.name[row] + (directory ? "/" : "");
    const parts = [
      this.#palette.chip(directory ? tree.byLayer([row]) : [[tree.layer[row], 1]]),
      make("span", name, "text"),
      make("span", formatBytes(tree.bytes[row]), "size"),
      bar(tree.bytes[row] / most),
    ];
    if (text !== undefined) {
      parts.push(make("span", tree.path(tree.parent[row]), "where"));
    }
    if (!directory) {
      parts.push(unseen(`, layer ${tree.layer[row]}`));
    }
    return button(() => this.#open(row), ...parts);
  }

  /** Goes where a row is: into a directory, to anything else. */
  #open(row) {
    this.#zoom(this.#tree.hasChildren(row) ? row : this.#tree.parent[row]);
    this.#map.choose(row);
  }
}

function make(tag, text, name) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) {
    made.className = name;
  }
  return made;
}

function unseen(text) {
  return make("span", text, "unseen");
}

function button(pressed, ...content) {
  const made = document.createElement("button");
  made.type = "button";
  made.append(...content);
  made.addEventListener("click", pressed);
  return made;
}

function listed(content) {
  const item = document.createElement("li");
  item.append(content);
  return item;
}

function bar(share) {
  const made = make("span", "", "bar");
  const fill = document.createElement("i");
  fill.style.transform = `scaleX(${share})`;
  made.append(fill);
  return made;
}

new Page(JSON.parse(element("data").textContent));
