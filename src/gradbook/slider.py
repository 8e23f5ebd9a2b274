"""A slider that is the browser's own, so that it is named, moved and read out as any other.

The handle of the sliders of ipywidgets has no name for who does not see it: noUiSlider, of which
they are made, gives it none (axe-core: aria-input-field-name). It needs the extra `notebooks`.
"""

from __future__ import annotations

import anywidget
import traitlets

# In the classes of ipywidgets, so that it stands below its other controls.
_IN_THE_BROWSER = """
export default {
  render({ model, el }) {
    const label = document.createElement("label");
    const name = document.createElement("span");
    const range = document.createElement("input");
    const number = document.createElement("output");
    el.classList.add("widget-inline-hbox");
    label.style = "display: flex; flex: 1; min-width: 0";
    name.className = "widget-label";
    number.className = "widget-readout";
    range.type = "range";
    range.dataset.lmSuppressShortcuts = "";  // the arrow keys are its own, not JupyterLab's
    range.style = "flex: 1; min-width: 0";
    label.append(name, range);
    el.append(label, number);
    const show = () => {
      for (const each of ["min", "max", "step", "value"]) range[each] = model.get(each);
      name.textContent = model.get("description");
      number.textContent = model.get("value").toFixed(2);
    };
    range.addEventListener("input", () => {
      model.set("value", range.valueAsNumber);
      model.save_changes();
    });
    model.on("change", show);
    show();
  },
};
"""


class Slider(anywidget.AnyWidget):
    """A number between two others, moved by the mouse or the arrow keys.

    description: what stands before it, and is its name; value, min, max, step: as in ipywidgets.
    """

    _esm = _IN_THE_BROWSER
    description = traitlets.Unicode().tag(sync=True)
    value = traitlets.Float().tag(sync=True)
    min = traitlets.Float(0.0).tag(sync=True)
    max = traitlets.Float(1.0).tag(sync=True)
    step = traitlets.Float(0.1).tag(sync=True)
