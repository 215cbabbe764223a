const element = (id) => document.getElementById(id);

/** A new element with this text, which is never markup. */
function make(tag, text, className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

/** Text for those who hear the page. */
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
