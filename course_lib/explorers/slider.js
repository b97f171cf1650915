// A slider over a short list of labels: the browser's own, so that it is reached by Tab, moved
// by the arrow keys, and read out with its name and the label it stands at.
function render({ model, el }) {
  const label = document.createElement("label");
  const input = document.createElement("input");
  const name = document.createElement("span");
  const place = document.createElement("span");
  input.type = "range";
  input.min = 0;
  input.max = model.get("labels").length - 1;
  name.textContent = model.get("description");
  name.style.width = `${model.get("label_width")}px`;
  place.className = "explorer-place";
  place.ariaHidden = "true"; // the slider itself says where it stands
  el.classList.add("explorer-slider");

  const tell = () => {
    place.textContent = input.ariaValueText = model.get("labels")[input.value];
  };
  const show = () => {
    input.value = model.get("index");
    tell();
  };
  input.addEventListener("input", tell); // while it moves
  input.addEventListener("change", () => {
    model.set("index", Number(input.value)); // when it is released
    model.save_changes();
  });
  model.on("change:index", show);
  label.append(name, input);
  el.append(label, place);
  show();
  return () => model.off("change:index", show);
}

export default { render };
