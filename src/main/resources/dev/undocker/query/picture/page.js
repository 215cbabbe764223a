/** What can be seen of an image: its files, or what layers carry in vain. */
class View {
  constructor(id, wasted, values, words) {
    this.id = id;
    this.wasted = wasted;
    this.tree = new Tree(values);
    this.words = words;
  }
}

/** Puts the parts of the page together: what happens in one is shown in the others. */
class Page {
  #views;
  #view;
  #directory = 0;
  #palette = new Palette();
  #wording;
  #panel;
  #map;

  constructor(image) {
    this.#views = [
      new View("kept", false, image.kept, {
        caption: "Files of the image, by layer",
        layers: "Layers, by bytes in use",
        nothing: "There is no content: the image has no files, or all are empty.",
      }),
      new View("wasted", true, image.wasted, {
        caption: "What higher layers hide, yet the image carries",
        layers: "Layers, by bytes wasted",
        nothing: "Nothing is wasted: no layer replaces or removes what another one brought.",
      }),
    ];
    this.#wording = new Wording(image.layers);
    this.#panel = new Panel(image.layers, this.#palette, {
      layer: (number) => this.#map.highlight(number),
      open: (row) => this.#open(row),
    });
    this.#map = new TreeMap(element("map"), element("tip"), this.#palette, {
      chosen: (cell) => this.#chosen(cell),
      zoom: (row) => this.#zoom(row),
      words: (cell) => this.#wording.ofCell(this.#view, cell),
    });
    this.#describe(image);
    this.#listen();
    this.#show(this.#views[0]);
  }

  get #tree() {
    return this.#view.tree;
  }

  #describe(image) {
    const [kept, wasted] = this.#views.map((view) => view.tree);
    document.title = `${image.name} – undocker`;
    element("name").textContent = image.name;
    element("summary").textContent = [
      formatBytes(kept.bytes[0]),
      counted(kept.count - 1, "path"),
      counted(image.layers.length, "layer"),
      wasted.bytes[0] > 0 ? `${formatBytes(wasted.bytes[0])} wasted` : "nothing wasted",
    ].join(" · ");
    for (const [name, value] of image.facts) {
      element("facts").append(make("dt", name), make("dd", value));
    }
  }

  #listen() {
    for (const view of this.#views) {
      element(view.id).addEventListener("click", () => this.#show(view));
    }
    element("in").addEventListener("click", () => this.#zoom(this.#map.inward(this.#map.chosen)));
    element("out").addEventListener("click", () => this.#zoom(this.#tree.parent[this.#directory]));
    const search = element("search");
    search.addEventListener("input", () => this.#search());
    search.addEventListener("keydown", (event) => this.#searchKey(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === "/" && event.target !== search && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    });
    const dark = matchMedia("(prefers-color-scheme: dark)");
    this.#palette.dark = dark.matches;
    dark.addEventListener("change", () => {
      this.#palette.dark = dark.matches;
      this.#map.repaint();
      this.#list();
    });
  }

  #show(view) {
    this.#view = view;
    this.#directory = 0;
    for (const other of this.#views) {
      element(other.id).setAttribute("aria-pressed", other === view);
    }
    element("nothing").hidden = view.tree.bytes[0] > 0;
    element("nothing").textContent = view.words.nothing;
    element("caption").textContent = view.words.caption;
    element("map").setAttribute("aria-label", view.words.caption);
    this.#map.show(view.tree, 0);
    this.#list();
    this.#arrive();
  }

  #zoom(row) {
    if (row === this.#directory) {
      return;
    }
    const before = this.#directory;
    const chosen = this.#map.chosen;
    this.#directory = row;
    this.#map.show(this.#tree, row);
    if (element("search").value === "") {
      this.#listNames();
    }
    const kept = this.#tree.contains(row, before) ? before : chosen?.rest === 0 ? chosen.row : row;
    this.#arrive(this.#tree.way(kept).find((at) => this.#tree.parent[at] === row));
  }

  /** Goes where a row is: into a directory, to anything else. */
  #open(row) {
    this.#zoom(this.#tree.hasChildren(row) ? row : this.#tree.parent[row]);
    if (!this.#tree.hasChildren(row)) {
      this.#map.choose(row);
    }
  }

  #arrive(row) {
    this.#map.choose(row);
    element("out").disabled = this.#directory === 0;
    element("way").replaceChildren(
      ...[0, ...this.#tree.way(this.#directory)].map((at) => listed(this.#step(at))),
    );
  }

  #step(row) {
    const name = row === 0 ? "/" : this.#tree.name[row];
    if (row !== this.#directory) {
      return button(() => this.#zoom(row), name);
    }
    const here = make("span", name);
    here.setAttribute("aria-current", "location");
    return here;
  }

  #chosen(cell) {
    element("chosen").replaceChildren(...(cell ? this.#wording.ofCell(this.#view, cell) : []));
    element("in").disabled = !cell || this.#map.inward(cell) === this.#directory;
  }

  #list() {
    this.#panel.listLayers(this.#view.words.layers, this.#tree);
    this.#search();
  }

  #listNames() {
    const title = `In ${this.#tree.path(this.#directory)}`;
    this.#panel.listNames(title, this.#tree, this.#tree.children(this.#directory), false);
  }

  #search() {
    const text = element("search").value;
    if (text === "") {
      this.#map.mark(undefined);
      this.#listNames();
    } else {
      const { found, touched } = this.#tree.search(text);
      this.#map.mark(touched);
      this.#panel.listNames(`${counted(found.length, "path")} found`, this.#tree, found, true);
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
}

new Page(JSON.parse(element("data").textContent));
