// What an explorer shows: the result in words, the picture, and the setting as a line of code.
function render({ model, el }) {
  const text = document.createElement("p");
  text.className = "explorer-text";
  text.setAttribute("role", "status"); // read out whenever it changes
  const before = document.createElement("div");
  before.className = "explorer-before";
  const beforeText = document.createElement("p");
  const beforePicture = document.createElement("img");
  before.append(beforePicture, beforeText);
  const picture = document.createElement("img");
  picture.className = "explorer-picture";

  const line = document.createElement("div");
  line.className = "explorer-code";
  const label = document.createElement("label");
  label.textContent = "This setting in code ";
  const code = document.createElement("textarea");
  code.readOnly = true;
  code.rows = 3;
  code.addEventListener("focus", () => code.select());
  label.append(code);
  const copy = document.createElement("button");
  copy.textContent = "Copy";
  copy.addEventListener("click", () => {
    code.select();
    document.execCommand("copy"); // works without https as well
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy"), 1500);
  });
  line.append(label, copy);
  el.classList.add("explorer-result");
  keepKeys();
  el.append(text, before, picture, line);

  const put = (image, name) => {
    URL.revokeObjectURL(image.src);
    image.src = URL.createObjectURL(new Blob([model.get(name)], { type: "image/png" }));
    image.alt = model.get(`${name}_alt`);
  };
  const show = () => {
    text.textContent = model.get("text");
    [picture.width, picture.height] = model.get("size");
    put(picture, "picture");
    before.hidden = !model.get("before_text");
    beforeText.textContent = model.get("before_text");
    put(beforePicture, "before");
    code.value = model.get("code");
  };
  model.on("change:drawn", show); // counts up when all the others are set
  show();
  return () => model.off("change:drawn", show);
}

// Answer `ask_for_moves` of elements.py: by now the page has sent the moves it had held back.
function initialize({ model }) {
  model.on("msg:custom", (question) => model.send(question));
}

// Keys pressed in a control of an explorer belong to it: without this, JupyterLab would take an
// arrow key for a move to another cell. Shift+Enter, Escape and shortcuts with Ctrl stay with
// JupyterLab, except for those that select and copy the line of code.
function keepKeys() {
  if (window.explorersKeepKeys) return; // once a page
  window.explorersKeepKeys = true;
  const keep = (event) => {
    const { target, key } = event;
    if (!target.closest?.(".explorer")) return;
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    const own = modified
      ? target.readOnly && (key === "a" || key === "c")
      : key !== "Escape" && !(key === "Enter" && event.shiftKey);
    target.toggleAttribute("data-lm-suppress-shortcuts", own);
  };
  window.addEventListener("keydown", keep, true); // before JupyterLab sees it
}

export default { initialize, render };
